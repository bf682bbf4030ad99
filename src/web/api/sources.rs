//! How sources are, and having one polled.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use crate::app::setup::Comes;
use crate::app::standing::SourceView;
use crate::domain::ids::SourceId;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// `GET /sources`.
pub(super) async fn list(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let views = web.app().source_views().await?;
    Ok(Json(json!({ "sources": views })))
}

/// `GET /trackers`: how the trackers of development answer.
pub(super) async fn trackers(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let views = web.app().tracker_views().await?;
    Ok(Json(json!({ "trackers": views })))
}

/// `GET /sources/{id}`.
pub(super) async fn show(
    State(web): State<Web>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<SourceView>, Problem> {
    let views = web.app().source_views().await?.into_iter();
    let found = views.into_iter().find(|view| view.id.as_str() == id);
    found.map(Json).ok_or_else(|| unknown(&id))
}

/// `POST /sources/{id}/poll`: has it polled at once, even while it is out.
pub(super) async fn poll(
    State(web): State<Web>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let app = web.app();
    let source = SourceId::from(id.as_str());
    let setup = app.setup.sources.get(&source).ok_or_else(|| unknown(&id))?;
    match setup.comes {
        Comes::Both | Comes::Fetched | Comes::Mailed => {}
        Comes::Delivered | Comes::Filed => {
            return Err(Problem::bad_field("id", "this source is not polled"));
        }
    }
    app.poll_now(&source).await?;
    Ok((
        StatusCode::ACCEPTED,
        Json(json!({ "id": id, "is_polled": true })),
    ))
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!(
        "there is no source \"{id}\": GET /api/v1/sources lists them"
    ))
}
