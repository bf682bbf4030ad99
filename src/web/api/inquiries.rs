//! Lists of inquiries, and one with its card, clocks and timeline.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::{reference, shape};
use crate::app::ports::ListFilter;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

/// How many a page holds when nobody says.
const PAGE: u32 = 50;
/// How many it holds at most (the store's limit).
const MOST: u32 = 500;

pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let filter = filter(&query, &caller, &web)?;
    let total = web.app().store.count(&filter).await?;
    let views = web.app().views(&filter, caller.lang).await?;
    let inquiries: Vec<Value> = views.iter().map(shape::inquiry).collect();
    let until = u64::from(filter.offset) + inquiries.len() as u64;
    Ok(Json(json!({
        "inquiries": inquiries,
        "total": total,
        "limit": filter.limit,
        "offset": filter.offset,
        "next_offset": (until < total && !inquiries.is_empty()).then_some(until),
    })))
}

pub(super) async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let reference = reference(&name)?;
    let view = web
        .app()
        .view(reference, caller.lang)
        .await?
        .ok_or_else(|| Problem::not_found(format!("there is no inquiry {reference}")))?;
    let mut body = shape::inquiry(&view);
    body["timeline"] = shape::timeline(&view);
    Ok(Json(body))
}

/// `GET /issues`: the issues of development that inquiries are linked to.
pub(super) async fn issues(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let issues = web.app().known_issues().await?;
    Ok(Json(json!({ "issues": issues })))
}

/// What the query asks for; a name that we do not know is an error, not everything.
fn filter(query: &[(String, String)], caller: &Caller, web: &Web) -> Result<ListFilter, Problem> {
    let mut filter = ListFilter {
        limit: PAGE,
        ..ListFilter::default()
    };
    for (name, value) in query {
        match name.as_str() {
            "queue" => {
                let queue = web.app().setup.find_queue(value);
                let queue = queue.ok_or_else(|| Problem::bad_field(name, "no such queue"))?;
                filter.queue = Some(queue.id.to_string());
            }
            "owner" => {
                let member = match value.as_str() {
                    "me" => caller.member().cloned(),
                    word => web
                        .app()
                        .setup
                        .find_member(word)
                        .map(|found| found.id.clone()),
                };
                let member = member.ok_or_else(|| Problem::bad_field(name, "no such member"))?;
                filter.owner = Some(member);
            }
            "open" => filter.is_open = Some(yes(name, value)?),
            "unclaimed" => filter.is_unclaimed = Some(yes(name, value)?),
            "contract" => filter.contract = Some(standing(name, value)?),
            "text" => filter.text = Some(words(name, value)?),
            "received_from" => filter.received_from = Some(instant(name, value)?),
            "received_until" => filter.received_until = Some(instant(name, value)?),
            "limit" => {
                filter.limit = number(name, value)?;
                if !(1..=MOST).contains(&filter.limit) {
                    return Err(Problem::bad_field(name, "not between 1 and 500"));
                }
            }
            "offset" => filter.offset = number(name, value)?,
            _ => {
                return Err(Problem::bad_field(
                    name,
                    "unknown: use queue, owner, open, unclaimed, contract, text, received_from, received_until, limit or offset",
                ));
            }
        }
    }
    Ok(filter)
}

/// How inquiries may stand with their contracts, as the store keeps it.
const STANDINGS: [&str; 8] = [
    "held",
    "excepted",
    "covered",
    "ended",
    "not_yet",
    "product_not_covered",
    "none",
    "unknown",
];

fn standing(name: &str, value: &str) -> Result<String, Problem> {
    match STANDINGS.contains(&value) {
        true => Ok(value.to_owned()),
        false => {
            let why = format!("none of {}", STANDINGS.join(", "));
            Err(Problem::bad_field(name, &why))
        }
    }
}

/// Words to look for: one letter would find everything.
fn words(name: &str, value: &str) -> Result<String, Problem> {
    match value.trim() {
        "" => Err(Problem::bad_field(
            name,
            "blank: say which words to look for",
        )),
        words => Ok(words.to_owned()),
    }
}

fn yes(name: &str, value: &str) -> Result<bool, Problem> {
    value
        .parse()
        .map_err(|_| Problem::bad_field(name, "neither true nor false"))
}

fn number(name: &str, value: &str) -> Result<u32, Problem> {
    value
        .parse()
        .map_err(|_| Problem::bad_field(name, "not a number"))
}

fn instant(name: &str, value: &str) -> Result<Timestamp, Problem> {
    value
        .parse()
        .map_err(|_| Problem::bad_field(name, "not an instant like 2026-11-24T09:00:00+09:00"))
}
