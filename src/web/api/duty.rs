//! Who is on duty, and a one-off change of it.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::verbs::{ask, command_key, request, told};
use super::words;
use crate::time::{SignedDuration, plus};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
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
                "next": person(&duty.next),
                "next_handoff": duty.next_handoff,
            })
        })
        .collect();
    let mut week: Vec<Value> = Vec::new();
    let until = plus(web.now(), WEEK);
    for rota in app.setup.rotas.values() {
        for shift in app.shifts(rota, web.now(), until).await? {
            week.push(json!({
                "rota": rota.name(),
                "member": person(&shift.member),
                "starts_at": shift.starts_at,
                "ends_at": shift.ends_at,
                "by_override": shift.by_override,
            }));
        }
    }
    Ok(Json(json!({ "now": now, "week": week })))
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
