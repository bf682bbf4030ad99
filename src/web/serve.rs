//! The server: all routes, and how it stops.

use super::parts::{Web, WebParts};
use super::problem::Problem;
use super::{api, desk, health, hooks, layers, login, page, portal};
use crate::clock;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::serve::ListenerExt;
use axum::{Router, routing::get};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long requests under way may take to end after the shutdown (DESIGN §6).
const DRAIN: Duration = Duration::from_secs(10);

/// How long a sender may pause within a body.
const BODY_PAUSE: Duration = Duration::from_secs(20);

/// Serves until the shutdown, then lets what is under way end, for ten seconds at most.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    listener: TcpListener,
    parts: WebParts,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let bound = listener.local_addr()?;
    let routes = router(parts, bound, shutdown.clone());
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("a connection keeps its delay: {error}");
        }
    });
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let serving =
        axum::serve(listener, service).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let too_long = async {
        shutdown.cancelled().await;
        clock::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = serving => ended,
        () = too_long => {
            tracing::warn!("requests were still under way after {DRAIN:?}");
            Ok(())
        }
    }
}

/// All routes, for a server that is bound there.
pub fn router(parts: WebParts, bound: SocketAddr, shutdown: CancellationToken) -> Router {
    let web = Web::new(parts, bound, shutdown);
    let people = Router::new()
        .route("/", get(|| async { Redirect::to("/desk") }))
        .merge(api::routes())
        .merge(desk::routes())
        .merge(login::routes())
        .merge(portal::routes())
        .merge(page::routes())
        .layer(DefaultBodyLimit::max(hooks::LIMIT))
        .layer(CompressionLayer::new());
    let all = Router::new()
        .merge(people)
        .merge(hooks::routes())
        .merge(health::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE));
    layers::dress(all, &web).with_state(web)
}

async fn nothing_here(uri: Uri) -> Response {
    Problem::not_found(format!("there is nothing at {}", uri.path())).into_response()
}

async fn other_method(method: Method, uri: Uri) -> Response {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method not allowed",
        format!("{} does not take {method}", uri.path()),
    )
    .into_response()
}
