//! `/api/v1`: the same verbs and lists as everywhere, as JSON; what the desk's own pages call too.

mod contracts;
mod duty;
mod inquiries;
mod operate;
mod reports;
mod shape;
mod sources;
mod verbs;

pub(super) use verbs::{ask, said};

use super::parts::Web;
use super::problem::Problem;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde_json::{Map, Value};

pub(super) fn routes() -> Router<Web> {
    let v1 = Router::new()
        .route("/inquiries", get(inquiries::list))
        .route("/inquiries/{reference}", get(inquiries::show))
        .route(
            "/inquiries/{reference}/{verb}",
            post(verbs::act).get(verbs::question),
        )
        .route("/inquiries/{reference}/{verb}/form", get(verbs::draft))
        .route("/reports/routing", get(reports::routing))
        .route("/issues", get(inquiries::issues))
        .route("/issues/workaround", post(verbs::know_workaround))
        .route("/duty", get(duty::show))
        .route("/duty/override", post(duty::cover))
        .route("/duty/{verb}", get(duty::question).post(duty::act))
        .route("/contracts", get(contracts::list))
        .route(
            "/contracts/import",
            post(contracts::import).layer(DefaultBodyLimit::max(contracts::LIMIT)),
        )
        .route(
            "/contracts/{id}",
            get(contracts::show)
                .put(contracts::put)
                .delete(contracts::remove),
        )
        .route("/unreadable", get(operate::unreadable))
        .route("/unreadable/{id}/replay", post(operate::replay))
        .route("/sources", get(sources::list))
        .route("/trackers", get(sources::trackers))
        .route("/sources/{id}", get(sources::show))
        .route("/sources/{id}/poll", post(sources::poll))
        .route("/outbox", get(operate::outbox))
        .route("/outbox/{id}/retry", post(operate::retry))
        .route("/login", post(operate::login))
        .route("/tokens", post(operate::token))
        .route("/feeds", post(operate::feeds));
    Router::new().nest("/api/v1", v1)
}

/// Reads a body as a flat object of words; an empty body is an empty object.
fn words(body: &Bytes) -> Result<Vec<(String, String)>, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    let map: Map<String, Value> = serde_json::from_slice(body)
        .map_err(|error| Problem::bad_field("body", &format!("not a JSON object: {error}")))?;
    map.into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            Value::Number(number) => Ok((name, number.to_string())),
            Value::Bool(yes) => Ok((name, yes.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                Err(Problem::bad_field(&name, "not a text"))
            }
        })
        .collect()
}

/// A reference in a path.
fn reference(text: &str) -> Result<crate::app::ports::Reference, Problem> {
    text.parse()
        .map_err(|()| Problem::not_found(format!("\"{text}\" is no inquiry: write it like Q-12")))
}
