//! What every answer gets: an id, headers that keep browsers careful, and a problem document instead of a panic.

use super::guard::Reader;
use super::page;
use super::parts::Web;
use super::problem::Problem;
use crate::clock;
use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream::{StreamExt as _, unfold};
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

/// Only what we ship is loaded, nothing is framed, forms stay here.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A body that took longer than it may.
#[derive(Debug, thiserror::Error)]
#[error("the body was not complete in time")]
struct TooSlow;

/// Whether reading a body failed for that.
pub(super) fn is_too_slow(error: &axum::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Gives up on a body that does not end: drop by drop it could hold its connection and its memory for days.
pub(super) async fn in_time(
    axum::extract::State(web): axum::extract::State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let late = Box::pin(clock::sleep(web.options().body_patience));
    let reading = Some((body.into_data_stream(), late));
    let pieces = unfold(reading, |reading| async {
        let (mut data, mut late) = reading?;
        tokio::select! {
            biased;
            piece = data.next() => Some((piece?, Some((data, late)))),
            () = &mut late => Some((Err(axum::Error::new(TooSlow)), None)),
        }
    });
    let body = Body::from_stream(pieces);
    next.run(Request::from_parts(parts, body)).await
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Lays the layers over all routes, outermost last.
pub(super) fn dress(router: Router<Web>, web: &Web) -> Router<Web> {
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(web.clone(), speak))
        .layer(from_fn_with_state(web.clone(), careful))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, Named(web.clone())))
}

/// Names requests by our own ids; a name that came with a request is kept, for a proxy's log.
#[derive(Clone)]
struct Named(Web);

impl MakeRequestId for Named {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = self.0.app().ids.id();
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no words");
    tracing::error!("a handler panicked: {words}");
    Problem::internal().into_response()
}

/// The longest plain-text refusal that becomes a problem's detail.
const DETAIL: usize = 4096;

/// Makes every error a problem document, and a page where a person looks.
async fn speak(
    reader: Reader,
    axum::extract::State(_): axum::extract::State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let is_page =
        page::wants_page(&headers) && !["/api/", "/hooks/"].iter().any(|of| path.starts_with(of));
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/html") {
        return response;
    }
    if is_page && status == StatusCode::UNAUTHORIZED {
        return Redirect::to("/login").into_response();
    }
    if is_page {
        let mut page = page::error(status, reader);
        if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
            page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
        }
        return page;
    }
    if !kind.starts_with("text/plain") {
        return response;
    }
    // What the framework's own extractors say.
    let body = axum::body::to_bytes(response.into_body(), DETAIL).await;
    let detail = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    Problem::new(status, "bad-request", "The request cannot be read", detail).into_response()
}

async fn careful(
    axum::extract::State(web): axum::extract::State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Not `no-referrer`: with it browsers would send our own forms with an origin of "null".
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    );
    set(HeaderName::from_static("x-robots-tag"), "noindex");
    if web.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
