//! Who is on duty, and what people arrange about it.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::verbs::{ask, command_key, request, told};
use super::words;
use crate::app::verbs::Request;
use crate::time::{SignedDuration, plus};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// How far ahead shifts are listed.
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// `GET /duty`: now, and the shifts of a week.
pub(super) async fn show(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let app = web.app();
    let person =
        |id: &crate::domain::ids::MemberId| json!({ "id": id, "name": app.setup.people.name(id) });
    let now: Vec<Value> = app
        .duty(web.now())
        .await?
        .iter()
        .map(|duty| {
            json!({
                "rota": duty.rota,
                "queues": duty.queues,
                "answers": duty.answers,
                "member": person(&duty.shift.member),
                "called": person(&duty.called),
                "starts_at": duty.shift.starts_at,
                "ends_at": duty.shift.ends_at,
                "why": duty.why,
                "next": person(&duty.next),
                "seconds": duty.seconds.iter().map(|second| json!({
                    "queue": second.queue,
                    "member": person(&second.member),
                    "since": second.since,
                })).collect::<Vec<_>>(),
                "next_handoff": duty.next_handoff,
            })
        })
        .collect();
    let mut week: Vec<Value> = Vec::new();
    let until = plus(web.now(), WEEK);
    let kept = app.book(web.now()).await?;
    for rota in app.setup.rotas.values() {
        for shift in app.shifts(rota, web.now(), until).await? {
            week.push(json!({
                "rota": rota.name(),
                "member": person(&shift.member),
                "starts_at": shift.starts_at,
                "ends_at": shift.ends_at,
                "by_override": shift.by_override,
                "why": kept.book.why(rota.name(), &shift),
            }));
        }
    }
    Ok(Json(json!({ "now": now, "week": week })))
}

/// `GET /duty/duty-who?at=…`, `/duty/duty-book`, `/duty/fairness?from=…&until=…`: what only asks.
pub(super) async fn question(
    State(web): State<Web>,
    caller: Caller,
    Path(verb): Path<String>,
    Query(words): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let request = about_duty(&verb, words)?;
    if !request.verb.only_asks() {
        return Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
            format!("\"{verb}\" changes the duty: use POST"),
        ));
    }
    told(&web, ask(&web, &caller, request, None, None).await)
}

/// `POST /duty/{verb}`: swap, cover, absent and the other verbs about the duty, with their words.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Path(verb): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let request = about_duty(&verb, words(&body)?)?;
    let key = command_key(&headers, &caller)?;
    told(&web, ask(&web, &caller, request, key, None).await)
}

fn about_duty(verb: &str, words: Vec<(String, String)>) -> Result<Request, Problem> {
    let request = request(verb, None, words)?;
    if request.verb.is_about_duty() {
        return Ok(request);
    }
    Err(Problem::not_found(format!(
        "\"{verb}\" is not about the duty"
    )))
}

/// `POST /duty/override`: `{member, from, until, rota?}`.
pub(super) async fn cover(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let request = request("duty-override", None, words(&body)?)?;
    let key = command_key(&headers, &caller)?;
    told(&web, ask(&web, &caller, request, key, None).await)
}
