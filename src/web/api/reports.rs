//! Reports over what was: figures with sentences, for pages and scripts.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use crate::app::wording::{PlainText, Words, sentence};
use crate::time::{Date, SignedDuration, Time, Timestamp, plus, resolve};
use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};
use std::collections::HashMap;

/// How far back a report looks when nobody says, in days.
const DAYS: i64 = 30;

/// `GET /reports/routing?from=2026-11-01&to=2026-11-30`: both days belong to it, in the desk's zone.
pub(super) async fn routing(
    State(web): State<Web>,
    caller: Caller,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let (from, until) = window(&web, &query)?;
    let report = web.app().routing_report(from, until).await?;
    let texts = HashMap::new();
    let words = Words {
        lang: caller.lang,
        zone: &web.app().setup.zone,
        now: web.now(),
        texts: &texts,
        people: &web.app().setup.people,
    };
    let lines = report.lines();
    let said = lines.iter().map(|line| sentence(line, &words, &PlainText));
    let said: Vec<String> = said.collect();
    let mut body = json!(report);
    body["said"] = json!(said);
    Ok(Json(body))
}

fn window(web: &Web, query: &[(String, String)]) -> Result<(Timestamp, Timestamp), Problem> {
    let zone = &web.app().setup.zone;
    let midnight = |date: Date| resolve(date.to_datetime(Time::midnight()), zone);
    let (mut from, mut until) = (None, None);
    for (name, value) in query {
        let day = || -> Result<Date, Problem> {
            let day = value.parse();
            day.map_err(|_| Problem::bad_field(name, "not a date like 2026-11-21"))
        };
        match name.as_str() {
            "from" => from = Some(midnight(day()?)),
            "to" => {
                let end = day()?.tomorrow();
                let end = end.map_err(|_| Problem::bad_field(name, "the last day there is"))?;
                until = Some(midnight(end));
            }
            _ => return Err(Problem::bad_field(name, "unknown: use from or to")),
        }
    }
    let until = until.unwrap_or_else(|| plus(web.now(), SignedDuration::from_millis(1)));
    let days = SignedDuration::from_hours(24 * DAYS);
    let from = from.unwrap_or_else(|| plus(until, -days));
    if from >= until {
        return Err(Problem::bad_field("from", "not before to"));
    }
    Ok((from, until))
}
