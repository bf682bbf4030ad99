//! A desk behind its real HTTP server: real router, real sources, real SQLite, on a port of loopback; the clock is
//! set by hand. Deliveries are signed by a library that nobody here wrote.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::HeaderMap;
use serde_json::Value;
use toban::clock::SystemIds;
use toban::config::Config;
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::store::{self, OpenOptions};
use toban::testkit::world::{STORY, World};
use toban::web::{self, WebOptions, WebParts};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The secret of every source: base64 of bytes that say so.
pub const SECRET: &str = "whsec_bm8gc2VjcmV0IG9mIGFueWJvZHkgYXQgYWxsLCBidXQgbG9uZw==";

/// When a site opens: a Tuesday morning in Tokyo.
pub const OPENING: &str = "2026-11-24 10:00";

/// A desk and its server.
pub struct Site {
    pub world: World,
    pub address: SocketAddr,
    pub client: reqwest::Client,
    token: String,
    deliveries: AtomicU32,
    shutdown: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Site {
    /// The desk of the stories with further sources.
    pub async fn open(further: &str) -> Site {
        let folder = folder();
        let url = format!("sqlite://{}/toban.db", folder.display());
        Site::begin(&url, further, folder).await
    }

    /// The same on a database of the test's own.
    pub async fn open_on(url: &str, further: &str) -> Site {
        Site::begin(url, further, folder()).await
    }

    async fn begin(url: &str, further: &str, folder: PathBuf) -> Site {
        let config = config(further);
        let sources = sources(&config);
        let store = store::open(url, &OpenOptions::default()).await.unwrap();
        let world = World::over(store, config, OPENING, folder).await;
        let token = world.app.make_token("edge", Some("aoki")).await.unwrap();
        let shutdown = CancellationToken::new();
        let (address, serving) = serve(&world, sources, &shutdown).await;
        Site {
            world,
            address,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            token,
            deliveries: AtomicU32::new(0),
            shutdown,
            serving,
        }
    }

    /// Stops the server and starts one with other sources over the same desk, as a restart after a mended
    /// configuration does.
    pub async fn reopen(&mut self, further: &str) {
        self.stop().await;
        self.shutdown = CancellationToken::new();
        let sources = sources(&config(further));
        (self.address, self.serving) = serve(&self.world, sources, &self.shutdown).await;
    }

    /// Delivers a body as a source does, rightly signed.
    pub async fn deliver(&self, source: &str, body: impl Into<Vec<u8>>) -> Answer {
        let n = self.deliveries.fetch_add(1, Ordering::Relaxed);
        self.deliver_as(source, &format!("msg_{n}"), body).await
    }

    /// Delivers a body under a delivery id of the test's own.
    pub async fn deliver_as(&self, source: &str, id: &str, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let at = self.world.app.clock.now().as_second();
        let signature = sign(id, at, &body);
        self.post(source, &headers(id, at, &signature), body).await
    }

    /// Posts to a hook with headers of the test's own.
    pub async fn post(
        &self,
        source: &str,
        headers: &[(String, String)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let url = format!("http://{}/hooks/{source}", self.address);
        let mut request = self.client.post(url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        Answer::of(request).await
    }

    /// Reads from the API as a member.
    pub async fn get(&self, path: &str) -> Answer {
        let url = format!("http://{}/api/v1/{path}", self.address);
        Answer::of(self.client.get(url).bearer_auth(&self.token)).await
    }

    /// Acts through the API as a member.
    pub async fn act(&self, path: &str) -> Answer {
        let url = format!("http://{}/api/v1/{path}", self.address);
        Answer::of(self.client.post(url).bearer_auth(&self.token)).await
    }

    /// Stops the server and asks the auditor.
    pub async fn close(mut self) {
        self.stop().await;
        self.world.end().await;
    }

    async fn stop(&mut self) {
        // Connections that are kept open would hold the drain.
        self.client = reqwest::Client::builder().no_proxy().build().unwrap();
        self.shutdown.cancel();
        (&mut self.serving).await.unwrap().unwrap();
    }
}

impl Answer {
    async fn of(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the server answers");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("the answer is whole"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// A problem document of a status and kind, complete.
    pub fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:toban:problem:{kind}"));
        assert_eq!(problem["status"], status);
        for field in ["title", "detail"] {
            let said = problem[field].as_str().unwrap_or_default();
            assert!(!said.is_empty(), "{field} of {problem}");
        }
        assert!(
            !self.headers["x-request-id"].is_empty(),
            "the log can be searched for it"
        );
        problem
    }
}

/// The headers of a delivery by Standard Webhooks.
pub fn headers(id: &str, at: i64, signature: &str) -> Vec<(String, String)> {
    let pairs = [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature.to_owned()),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

/// The signature of a body. The other library signs only UTF-8, so what is none is signed by ours.
pub fn sign(id: &str, at: i64, body: &[u8]) -> String {
    use toban::sources::signature::{Scheme, sign};
    let theirs = standardwebhooks::Webhook::new(SECRET).unwrap();
    theirs.sign(id, at, body).unwrap_or_else(|_| {
        let scheme = Scheme::preset("standard-webhooks").unwrap();
        let now = toban::time::Timestamp::from_second(at).unwrap();
        let signed = sign(&scheme, &scheme.key(SECRET).unwrap(), id, body, now);
        let found = signed
            .into_iter()
            .find(|(name, _)| name == "webhook-signature");
        found.unwrap().1
    })
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("toban-site-{}", SystemIds.id()))
}

fn config(further: &str) -> Config {
    let text = format!("{STORY}\n{further}");
    Config::read("site.toml", &text, &|_| Some(SECRET.to_owned()))
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

fn sources(config: &Config) -> Sources {
    let client = Client::new(&Settings::default()).unwrap();
    Sources::new(&config.sources, &config.setup, client).unwrap()
}

pub async fn serve(
    world: &World,
    sources: Sources,
    shutdown: &CancellationToken,
) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let parts = WebParts {
        app: world.app.clone(),
        hooks: Arc::new(sources),
        options: WebOptions::new(),
        health: world.engine.health.clone(),
        metrics: None,
    };
    let serving = tokio::spawn(web::serve(listener, parts, shutdown.clone()));
    (address, serving)
}
