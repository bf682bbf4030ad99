//! `POST /hooks/{source}`: the deliveries of sources.
//!
//! The raw bytes go to the `Hooks` port, which checks who sent them and reads them. The sender hears 2xx only
//! after the commit; what is good JSON but no inquiry is kept, so that it can be replayed.

use super::layers;
use super::parts::Web;
use super::problem::Problem;
use crate::app::ports::{Delivered, HookError, RawDelivery};
use crate::app::receive::Received;
use crate::domain::ids::SourceId;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::post};
use serde_json::json;
use std::collections::HashMap;

/// The largest delivery that is read (issue §4).
pub(super) const LIMIT: usize = 256 * 1024;

/// Parameters of an address that are looked at; a sender needs one.
const PARAMETERS: usize = 20;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/hooks/{source}", post(deliver))
}

async fn deliver(
    State(web): State<Web>,
    Path(source): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let source = SourceId::from(source);
    // Before anything of a stranger's is read.
    if !web.app().setup.sources.contains_key(&source) {
        return Err(refusal(&HookError::UnknownSource));
    }
    let body = match bounded(&headers, body).await {
        Ok(body) => body,
        Err(NoBody::TooLarge) => {
            let error = HookError::TooLarge { limit: LIMIT };
            note(&web, &source, Some(&error)).await;
            return Err(refusal(&error));
        }
        Err(NoBody::TooSlow) => return Err(Problem::too_slow(web.options().body_patience)),
        Err(NoBody::BrokenOff) => {
            return Err(Problem::bad_request(
                "the body ended before it was complete",
            ));
        }
    };
    let mut headers = lower_case(&headers);
    headers.extend(parameters(query.as_deref().unwrap_or_default()));
    let delivery = RawDelivery {
        headers: &headers,
        body: &body,
    };
    let read = web.parts.hooks.read(&source, &delivery, web.now());
    note(&web, &source, read.as_ref().err()).await;
    match read {
        Ok(Delivered::Item(mapped)) => {
            // What is gone and was never known is skipped for another reason.
            let is_gone = mapped.is_deleted;
            let received = web.app().receive(*mapped, "hook").await?;
            match received.is_skipped && !is_gone {
                true => before_since(&web, &source).await,
                false => Ok(answer(&received)),
            }
        }
        Ok(Delivered::Nothing) => Ok(answer(&Received::nothing())),
        Ok(Delivered::Nudge) => {
            web.app().poll_soon(&source).await?;
            Ok((StatusCode::ACCEPTED, Json(json!({ "is_polled": true }))).into_response())
        }
        Err(error @ HookError::Unmappable { .. }) => {
            let kept = String::from_utf8_lossy(&body);
            let kept = web.parts.hooks.masked(&source, &kept);
            let id = web
                .app()
                .keep_unreadable(&source, &error, kept.as_bytes())
                .await?;
            Err(refusal(&error).with("unreadable", id))
        }
        Err(error) => Err(refusal(&error)),
    }
}

/// Notes that something came, for whoever asks how the source is. It is no reason to refuse a delivery.
async fn note(web: &Web, source: &SourceId, error: Option<&HookError>) {
    let refusal = match error {
        // A stranger's word must not make a row.
        Some(HookError::UnknownSource) => return,
        // It is from whom it says, and kept.
        None | Some(HookError::Unmappable { .. }) => None,
        Some(
            error @ (HookError::Unauthorized(_)
            | HookError::Malformed(_)
            | HookError::Unfetched(_)
            | HookError::TooLarge { .. }),
        ) => Some(error.to_string()),
    };
    if let Err(error) = web.app().note_delivery(source, refusal.as_deref()).await {
        tracing::warn!(source = %source, "a delivery of {source} was not noted: {error}");
    }
}

/// 202 for what is new or changed, 200 for a delivery that changes nothing.
pub(super) fn answer(received: &Received) -> Response {
    let status = if received.is_new || received.is_changed {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    let body = json!({
        "reference": received.reference.map(|reference| reference.to_string()),
        "id": received.inquiry,
        "is_new": received.is_new,
        "is_changed": received.is_changed,
        "is_skipped": received.is_skipped,
    });
    (status, Json(body)).into_response()
}

/// What was last changed before the source is taken from is good, and no inquiry: whoever tries with an old document is told.
async fn before_since(web: &Web, source: &SourceId) -> Result<Response, Problem> {
    let state = web.app().store.source_state(source, web.now()).await?;
    let setup = web.app().setup.sources.get(source);
    let since = setup.and_then(|setup| setup.since).or(state.since);
    tracing::info!(source = %source, "a delivery of {source} was last changed before its `since`, so it becomes no inquiry");
    let body = json!({
        "reference": null,
        "id": null,
        "is_new": false,
        "is_changed": false,
        "is_skipped": true,
        "reason": "before_since",
        "since": since.map(|since| since.to_string()),
    });
    Ok((StatusCode::OK, Json(body)).into_response())
}

/// The sender hears what to mend.
pub(super) fn refusal(error: &HookError) -> Problem {
    let detail = error.to_string();
    match error {
        HookError::UnknownSource => Problem::new(
            StatusCode::NOT_FOUND,
            "unknown-source",
            "No such source",
            detail,
        )
        .with("field", "source"),
        HookError::Unauthorized(why) => Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-verified",
            "The delivery is not verified",
            detail,
        )
        .with("reason", why.as_str())
        .challenge("Signature realm=\"toban\""),
        HookError::Malformed(why) | HookError::Unfetched(why) => Problem::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "The body is not a document",
            detail,
        )
        .with("field", "body")
        .with("reason", why.as_str()),
        HookError::TooLarge { limit } => Problem::too_large(*limit),
        HookError::Unmappable { field, why } => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unmappable",
            "The document is no inquiry",
            detail,
        )
        .with("field", field.as_str())
        .with("reason", why.to_string()),
    }
}

/// Why a body was not read.
enum NoBody {
    TooLarge,
    TooSlow,
    BrokenOff,
}

/// Reads the body, and not a byte more than is allowed.
async fn bounded(headers: &HeaderMap, body: Body) -> Result<axum::body::Bytes, NoBody> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(NoBody::TooLarge);
    }
    to_bytes(body, LIMIT).await.map_err(|error| {
        let is_limit = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("limit"));
        match is_limit {
            true => NoBody::TooLarge,
            false if layers::is_too_slow(&error) => NoBody::TooSlow,
            false => NoBody::BrokenOff,
        }
    })
}

/// The parameters of an address, by names that no header has; of one that is given twice the first counts.
fn parameters(query: &str) -> HashMap<String, String> {
    let mut map = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(PARAMETERS) {
        map.entry(format!("?{name}"))
            .or_insert_with(|| value.into_owned());
    }
    map
}

/// Header names in lower case; a header that was sent twice is joined as HTTP says.
fn lower_case(headers: &HeaderMap) -> HashMap<String, String> {
    let mut map: HashMap<String, String> = HashMap::with_capacity(headers.len());
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        map.entry(name.as_str().to_owned())
            .and_modify(|known| {
                known.push_str(", ");
                known.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    map
}
