//! Discord: cards with threads, slash commands, buttons and forms, over serenity.
//!
//! Promises: nothing is posted twice or lost on the way (nonce inside Discord's window, read-back after it);
//! nobody is mentioned but those named; every interaction is answered or announced within Discord's three
//! seconds; no type of Discord leaves this folder; all state is in ids that Discord gives back.
//! Leaves out: who may do what (the inbox decides), retries (the outbox), and the words (`app::wording`).

#[cfg(feature = "gateway")]
mod commands;
mod config;
mod delivery;
#[cfg(feature = "gateway")]
mod forms;
#[cfg(feature = "gateway")]
mod gateway;
#[cfg(feature = "gateway")]
mod inbound;
#[cfg_attr(not(feature = "gateway"), allow(dead_code))]
mod press;
#[cfg(feature = "gateway")]
mod read;
#[cfg_attr(not(feature = "gateway"), allow(dead_code))]
mod render;
mod rest;
mod text;

pub use config::{DiscordConfig, GatewayConfig, Vocabulary};

use crate::app::ports::{
    CannotRun, Capabilities, Clock, DeliveryError, Inbox, People, Place, Platform, Post, Receipt,
};
use crate::time::{TimeZone, Timestamp};
use async_trait::async_trait;
use delivery::{Delivery, NONCE_WINDOW};
use rest::Rest;
use std::sync::Arc;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

/// One Discord server.
#[cfg_attr(not(feature = "gateway"), allow(dead_code))]
pub struct Discord {
    config: Arc<DiscordConfig>,
    rest: Arc<Rest>,
    delivery: Arc<Delivery>,
    people: Arc<People>,
    zone: TimeZone,
    clock: Arc<dyn Clock>,
}

/// Why the platform cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client for Discord can be made")]
pub struct DiscordError(#[from] reqwest::Error);

impl Discord {
    /// Sets the platform up; nothing is sent yet. Answers to people give times in the zone.
    ///
    /// # Errors
    /// If this machine's TLS cannot be used.
    pub fn new(
        config: DiscordConfig,
        people: Arc<People>,
        zone: TimeZone,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DiscordError> {
        let base = config
            .api_base
            .as_ref()
            .map(|base| base.as_str().trim_end_matches('/').to_owned());
        let rest = Arc::new(Rest::new(
            &config.token,
            base,
            config.timeout,
            Arc::clone(&clock),
        )?);
        let config = Arc::new(config);
        let delivery = Arc::new(Delivery {
            config: Arc::clone(&config),
            rest: Arc::clone(&rest),
            me: OnceCell::new(),
        });
        Ok(Discord {
            config,
            rest,
            delivery,
            people,
            zone,
            clock,
        })
    }
}

#[async_trait]
impl Platform for Discord {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            edits: true,
            threads: true,
            buttons: true,
            idempotency_window: Some(NONCE_WINDOW),
            finds: true,
        }
    }

    async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError> {
        self.delivery.deliver(place, post, key).await
    }

    async fn revise(
        &self,
        place: &Place,
        receipt: &Receipt,
        post: &Post,
    ) -> Result<(), DeliveryError> {
        self.delivery.revise(place, receipt, post).await
    }

    async fn find(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        self.delivery.find(place, post, key, since).await
    }

    #[cfg(feature = "gateway")]
    async fn run(
        &self,
        inbox: Arc<dyn Inbox>,
        shutdown: CancellationToken,
    ) -> Result<(), CannotRun> {
        let reception = inbound::Reception {
            config: Arc::clone(&self.config),
            rest: Arc::clone(&self.rest),
            inbox,
            people: Arc::clone(&self.people),
            zone: self.zone.clone(),
            clock: Arc::clone(&self.clock),
        };
        gateway::run(Arc::new(reception), Arc::clone(&self.delivery), shutdown).await
    }

    #[cfg(not(feature = "gateway"))]
    async fn run(&self, _: Arc<dyn Inbox>, _: CancellationToken) -> Result<(), CannotRun> {
        Err(CannotRun("this build has no gateway, so Discord's buttons and commands do not work: build it with the feature `gateway`".to_owned()))
    }

    async fn check(&self, places: &[Place]) -> Vec<String> {
        self.delivery.check(places, &self.people.groups).await
    }
}
