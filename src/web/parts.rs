//! What the web is made of: handed over by whoever builds the process.

use super::guesses::Guesses;
use crate::app::desk::App;
use crate::app::health::Health;
use crate::app::ports::Hooks;
use crate::app::secret::Secret;
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::sync::Arc;
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
}

impl WebOptions {
    /// Settings for a desk that knows nothing but itself.
    pub fn new() -> Self {
        WebOptions {
            desk_platform: "desk".to_owned(),
            ..WebOptions::default()
        }
    }
}

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
}

impl Web {
    pub fn new(parts: WebParts, bound: SocketAddr, shutdown: CancellationToken) -> Self {
        Web(Arc::new(Inner {
            parts,
            bound,
            shutdown,
            guesses: Guesses::default(),
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
