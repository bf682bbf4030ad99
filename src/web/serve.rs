//! The server: all routes, and how it stops.

use super::parts::{Web, WebParts};
use super::problem::Problem;
use super::{api, desk, feeds, health, hooks, layers, login, page, portal};
use crate::clock;
use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::serve::{Listener, ListenerExt};
use axum::{Extension, Router, routing::get};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Layer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long requests under way may take to end after the shutdown (DESIGN §6).
const DRAIN: Duration = Duration::from_secs(10);

/// How long a sender may pause within a body.
const BODY_PAUSE: Duration = Duration::from_secs(20);

/// Serves until the shutdown, then lets what is under way end, for ten seconds at most.
///
/// From the shutdown on `/readyz` says no. Where somebody watches it, connections are still taken for a moment, so
/// that they see it; then no more are.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    listener: TcpListener,
    parts: WebParts,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let bound = listener.local_addr()?;
    let web = Web::new(parts, bound, shutdown.clone());
    let closing = CancellationToken::new();
    let close = async {
        shutdown.cancelled().await;
        if web.is_watched() {
            clock::sleep(web.options().linger).await;
        }
        closing.cancel();
        clock::sleep(DRAIN).await;
    };
    let patience = web.options().head_patience;
    tokio::select! {
        () = answer(listener, routes(web.clone()), patience, &closing) => {}
        () = close => tracing::warn!("requests were still under way after {DRAIN:?}"),
    }
    Ok(())
}

/// Takes connections until it is to close, and then waits for those it has.
///
/// It is what `axum::serve` does, and beside that gives up on a client that does not get to the end of a request's
/// head: otherwise a few thousand of them would hold every connection for ever.
async fn answer(
    listener: TcpListener,
    routes: Router,
    patience: Duration,
    closing: &CancellationToken,
) {
    let mut listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("a connection keeps its delay: {error}");
        }
    });
    let mut http = Builder::new(TokioExecutor::new()).http1_only();
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience);
    let connections = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = closing.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let told = Extension(ConnectInfo::<SocketAddr>(peer)).layer(routes.clone());
        let connection =
            http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(told));
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!("a connection broke off: {error}");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// All routes, for a server that is bound there.
pub fn router(parts: WebParts, bound: SocketAddr, shutdown: CancellationToken) -> Router {
    routes(Web::new(parts, bound, shutdown))
}

fn routes(web: Web) -> Router {
    let people = Router::new()
        .route("/", get(|| async { Redirect::to("/desk") }))
        .merge(api::routes())
        .merge(desk::routes())
        .merge(login::routes())
        .merge(portal::routes())
        .merge(feeds::routes())
        .merge(page::routes())
        .layer(DefaultBodyLimit::max(hooks::LIMIT))
        .layer(CompressionLayer::new());
    let all = Router::new()
        .merge(people)
        .merge(hooks::routes())
        .merge(health::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(from_fn_with_state(web.clone(), layers::in_time));
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
