#![allow(clippy::unwrap_used)]

mod api;
mod contracts;
mod desk;
mod feeds;
mod hooks;
mod layers;
mod login;
mod portal;
mod serve;

use super::{Portal, WebOptions, WebParts, router};
use crate::app::ports::{
    Delivered, HookError, Hooks, Mapped, RawDelivery, Store, Unfit, Unreadable,
};
use crate::app::secret::Secret;
use crate::domain::ids::SourceId;
use crate::testkit::world::{STORY, World, usual};
use crate::time::Timestamp;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Where the tests' server seems to listen, and whence its callers come.
const HOST: &str = "127.0.0.1:8080";

/// A whole web over a real desk, called without a socket.
struct Site {
    world: World,
    routes: Router,
    shutdown: CancellationToken,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a problem document of a kind, and returns it.
    fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["type"], format!("urn:toban:problem:{kind}"));
        assert_eq!(body["status"], status);
        assert!(body["title"].is_string() && body["detail"].is_string());
        body
    }

    /// The value of a cookie that is set.
    fn cookie(&self, name: &str) -> Option<(String, String)> {
        let all = self.headers.get_all(header::SET_COOKIE);
        all.iter().find_map(|line| {
            let line = line.to_str().unwrap();
            let rest = line.strip_prefix(name)?.strip_prefix('=')?;
            let (value, attributes) = rest.split_once(';')?;
            Some((value.to_owned(), attributes.to_owned()))
        })
    }
}

impl Site {
    async fn new() -> Site {
        Site::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut WebOptions)) -> Site {
        Site::of(STORY, change).await
    }

    /// The site of another desk than the stories'.
    async fn of(story: &str, change: impl FnOnce(&mut WebOptions)) -> Site {
        let config = format!("{story}\n[portal]\nenabled = true\nkey_env = \"PORTAL\"\n");
        let world = World::with(&config, "2026-11-24 10:00").await;
        let mut options = WebOptions::new();
        options.local_key = Some(Secret::new("local-key"));
        options.portal = Some(Portal {
            source: SourceId::from("portal"),
            key: Secret::new("sesame"),
        });
        change(&mut options);
        let parts = WebParts {
            app: world.app.clone(),
            hooks: Arc::new(Readers),
            options,
            health: world.engine.health.clone(),
            metrics: Some(Arc::new(|| "toban_up 1\n".to_owned())),
        };
        let shutdown = CancellationToken::new();
        let routes = router(parts, HOST.parse().unwrap(), shutdown.clone());
        Site {
            world,
            routes,
            shutdown,
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Answer {
            status,
            headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Sends without waiting for the whole body.
    async fn open(&self, mut request: Request<Body>) -> axum::response::Response {
        let peer: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        if request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .is_none()
        {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        self.routes.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, "")).await
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(request(Method::POST, path, headers, body)).await
    }

    /// The cookie header of a member who is signed in.
    async fn signed(&self, member: &str) -> String {
        let session = self.world.app.open_session(&member.into()).await.unwrap();
        format!("toban_session={session}")
    }

    /// The authorization header of a member's token.
    async fn token(&self, member: &str) -> String {
        let token = self
            .world
            .app
            .make_token("script", Some(member))
            .await
            .unwrap();
        format!("Bearer {token}")
    }

    fn store(&self) -> &Arc<dyn Store> {
        &self.world.app.store
    }

    async fn unreadables(&self) -> Vec<Unreadable> {
        self.store().unreadables(10).await.unwrap()
    }
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    request = request.header(header::HOST, HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// Stands in for the sources: a document says by itself what is wrong with it.
struct Readers;

impl Hooks for Readers {
    fn read(
        &self,
        source: &SourceId,
        delivery: &RawDelivery<'_>,
        now: Timestamp,
    ) -> Result<Delivered, HookError> {
        if source.as_str() != "crm" {
            return Err(HookError::UnknownSource);
        }
        match delivery.headers.get("x-signature").map(String::as_str) {
            Some("good") => {
                let mapped = self.map(source, delivery.body, now)?;
                Ok(mapped.map_or(Delivered::Nothing, |mapped| {
                    Delivered::Item(Box::new(mapped))
                }))
            }
            Some("nudge") => Ok(Delivered::Nudge),
            Some("old") => Err(HookError::Unauthorized(
                "the timestamp is 6 min old".to_owned(),
            )),
            Some(_) => Err(HookError::Unauthorized("wrong signature".to_owned())),
            None => Err(HookError::Unauthorized(
                "header \"x-signature\" is missing".to_owned(),
            )),
        }
    }

    fn masked(&self, _: &SourceId, body: &str) -> String {
        body.replace("s3cret", "…")
    }

    fn map(&self, _: &SourceId, body: &[u8], _: Timestamp) -> Result<Option<Mapped>, HookError> {
        let text =
            std::str::from_utf8(body).map_err(|_| HookError::Malformed("not UTF-8".to_owned()))?;
        let document: Value =
            serde_json::from_str(text).map_err(|error| HookError::Malformed(error.to_string()))?;
        let missing = |field: &str| HookError::Unmappable {
            field: field.to_owned(),
            why: Unfit::Blank,
        };
        let id = document["id"].as_str().ok_or_else(|| missing("id"))?;
        let mut mapped = usual(id);
        mapped.title = document["title"]
            .as_str()
            .ok_or_else(|| missing("title"))?
            .to_owned();
        if let Some(at) = document["changed_at"].as_str() {
            mapped.changed_at = at.parse().ok();
        }
        if let Some(url) = document["url"].as_str() {
            mapped.url = Some(url.to_owned());
        }
        Ok(Some(mapped))
    }
}
