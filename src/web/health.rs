//! What operators and their machines look at: alive, ready, figures.

use super::parts::Web;
use super::problem::Problem;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use serde_json::json;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// The process lives, so this is 200: what the auditor found is said, and restarting would not mend it.
async fn alive(State(web): State<Web>) -> Response {
    let verdict = web.parts.health.verdict();
    let sources_out = web.parts.health.out();
    let status = match &verdict {
        None => "not_audited",
        Some((_, findings)) if findings.is_clean() && sources_out.is_empty() => "ok",
        Some((_, findings)) if findings.is_clean() => "degraded",
        Some(_) => "findings",
    };
    let (audited_at, findings) = verdict.unzip();
    let body = json!({
        "status": status,
        "audited_at": audited_at,
        "findings": findings,
        "sources_out": sources_out,
    });
    Json(body).into_response()
}

/// Whether new work should be sent here.
async fn ready(State(web): State<Web>) -> Result<Response, Problem> {
    web.asked_ready();
    if web.shutdown.is_cancelled() || web.parts.health.is_draining() {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "draining",
            "Shutting down",
            "this desk is shutting down and takes no new work",
        ));
    }
    web.app().store.ping().await?;
    Ok(Json(json!({ "status": "ready" })).into_response())
}

async fn metrics(State(web): State<Web>) -> Result<Response, Problem> {
    let render = web
        .parts
        .metrics
        .as_ref()
        .ok_or_else(|| Problem::not_found("figures are not collected"))?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], render()).into_response())
}
