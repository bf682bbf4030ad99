//! What the web is made of: handed over by whoever builds the process.

use super::guesses::Guesses;
use crate::app::desk::App;
use crate::app::health::Health;
use crate::app::ports::Hooks;
use crate::app::secret::Secret;
use crate::clock::{self, Instant};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Everything the web calls.
#[derive(Clone)]
pub struct WebParts {
    pub app: App,
    pub hooks: Arc<dyn Hooks>,
    pub options: WebOptions,
    pub health: Arc<Health>,
    /// The figures in Prometheus' text format; without it `/metrics` does not exist.
    pub metrics: Option<Arc<dyn Fn() -> String + Send + Sync>>,
}

/// The settings of the web.
#[derive(Clone, Debug, Default)]
pub struct WebOptions {
    /// Where people find us, if it is known: `https://desk.example.com`.
    pub public_url: Option<String>,
    /// Lets anyone on this machine be any member; honoured only on a loopback address.
    pub demo_sign_in: bool,
    /// Where support files escalations; without it there is no portal.
    pub portal: Option<Portal>,
    /// The secret of the key file beside the database, with which our own command line comes.
    pub local_key: Option<Secret>,
    /// The key of the platform whose channels `/desk` shows.
    pub desk_platform: String,
    /// Proxies whose word is taken for who asks (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpNet>,
    /// How long connections are still taken after a stop, where somebody asks for `/readyz`.
    pub linger: Duration,
    /// How long the head of a request may take, counted from the end of the one before.
    pub head_patience: Duration,
    /// How long a whole body may take, however seldom its sender pauses.
    pub body_patience: Duration,
}

impl WebOptions {
    /// Settings for a desk that knows nothing but itself.
    pub fn new() -> Self {
        WebOptions {
            desk_platform: "desk".to_owned(),
            linger: LINGER,
            head_patience: HEAD_PATIENCE,
            body_patience: BODY_PATIENCE,
            ..WebOptions::default()
        }
    }
}

/// Who has not asked for so long does not watch.
const WATCHED: Duration = Duration::from_mins(1);

/// Enough for a balancer that asks every second; one that asks less often is told by the configuration.
const LINGER: Duration = Duration::from_secs(2);

/// Longer than proxies keep a connection without use (a minute): so it is they who end it, never a request on its way.
const HEAD_PATIENCE: Duration = Duration::from_secs(75);

/// Drop by drop a sender could hold a connection and memory for days; this is time enough for the largest delivery on a poor line.
const BODY_PATIENCE: Duration = Duration::from_mins(1);

/// The portal's settings.
#[derive(Clone, Debug)]
pub struct Portal {
    /// The source under which its inquiries are filed.
    pub source: SourceId,
    /// What a browser must show before it may file.
    pub key: Secret,
}

/// The state of every handler.
#[derive(Clone)]
pub(super) struct Web(Arc<Inner>);

pub(super) struct Inner {
    pub parts: WebParts,
    /// Where we listen.
    pub bound: SocketAddr,
    pub shutdown: CancellationToken,
    pub guesses: Guesses,
    /// When `/readyz` was last asked for.
    pub asked_ready: Mutex<Option<Instant>>,
}

impl Web {
    pub fn new(parts: WebParts, bound: SocketAddr, shutdown: CancellationToken) -> Self {
        Web(Arc::new(Inner {
            parts,
            bound,
            shutdown,
            guesses: Guesses::default(),
            asked_ready: Mutex::default(),
        }))
    }

    pub fn app(&self) -> &App {
        &self.0.parts.app
    }

    pub fn options(&self) -> &WebOptions {
        &self.0.parts.options
    }

    pub fn now(&self) -> Timestamp {
        self.app().clock.now()
    }

    /// Somebody wants to know whether new work should be sent here.
    pub fn asked_ready(&self) {
        *self
            .asked_ready
            .lock()
            .expect("nobody panics while holding it") = Some(clock::monotonic());
    }

    /// Whether somebody decides by `/readyz` where new work goes: then it is given time to see it turn.
    pub fn is_watched(&self) -> bool {
        let asked = *self
            .asked_ready
            .lock()
            .expect("nobody panics while holding it");
        asked.is_some_and(|at| at.elapsed() < WATCHED)
    }

    /// Whether browsers reach us over TLS.
    pub fn is_https(&self) -> bool {
        let url = self.options().public_url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }
}

impl std::ops::Deref for Web {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
