//! The dead-man heartbeat: a sign of life that goes outward as long as all is well, so that silence is an alarm.
//!
//! Promises: nothing is sent unless the auditor's last verdict is fresh and clean and every loop has come round of
//! late; a beat that fails is said once per change and made good by the next; no other loop ever waits for one. Of
//! several processes those beat whose turn it was to audit of late.
//! Leaves out telling the other side that something is wrong: its alarm is that nobody called.

use super::Engine;
use crate::app::health::Unwell;
use crate::app::secret::Secret;
use crate::clock::{self, Instant};
use crate::net::{Client, Request};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Where the sign of life goes, and how often.
#[derive(Clone)]
pub struct Heartbeat {
    pub pulse: Arc<dyn Pulse>,
    pub every: Duration,
}

/// Sends one sign of life.
#[async_trait]
pub trait Pulse: Send + Sync {
    /// Sends it.
    ///
    /// # Errors
    /// In words that do not name the address: whoever knows it can keep the alarm quiet.
    async fn beat(&self) -> Result<(), String>;
}

/// How long after the start the first beat is tried: by then the auditor has looked.
const FIRST: Duration = Duration::from_secs(5);

/// How long one beat may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of a beat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beat {
    Sent,
    Failed(String),
    HeldBack(Unwell),
}

impl Engine {
    /// Sends one sign of life, if all is well.
    pub async fn beat(&self, pulse: &dyn Pulse) -> Beat {
        match self.health.is_well(clock::monotonic()) {
            Err(unwell) => Beat::HeldBack(unwell),
            Ok(()) => match pulse.beat().await {
                Ok(()) => Beat::Sent,
                Err(why) => Beat::Failed(why),
            },
        }
    }

    /// Beats until the shutdown.
    pub(super) async fn keep_beating(self, heartbeat: Heartbeat, shutdown: CancellationToken) {
        let mut before = None;
        let mut next = plus(clock::monotonic(), FIRST.min(heartbeat.every));
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = clock::sleep_until(next) => {}
            }
            let beat = tokio::select! {
                () = shutdown.cancelled() => return,
                beat = self.beat(heartbeat.pulse.as_ref()) => beat,
            };
            if let Some(news) = news(before.as_ref(), &beat) {
                tracing::warn!("{news}");
            }
            before = Some(beat);
            // A machine that slept does not make up for what it missed.
            next = plus(next, heartbeat.every).max(clock::monotonic());
        }
    }
}

fn plus(at: Instant, wait: Duration) -> Instant {
    at.checked_add(wait).unwrap_or(at)
}

/// What is worth saying of a beat after the one before; the same again is not.
fn news(before: Option<&Beat>, beat: &Beat) -> Option<String> {
    match (before, beat) {
        (None | Some(Beat::Sent), Beat::Sent) => None,
        (Some(_), Beat::Sent) => Some("the heartbeat goes out again".to_owned()),
        (Some(Beat::Failed(_)), Beat::Failed(_)) => None,
        (_, Beat::Failed(why)) => Some(format!("the heartbeat did not go out: {why}")),
        (Some(Beat::HeldBack(was)), Beat::HeldBack(unwell)) if was == unwell => None,
        (_, Beat::HeldBack(unwell)) => Some(format!("the heartbeat is held back: {unwell}")),
    }
}

/// The sign of life that dead-man services take: a plain GET.
pub struct HttpPulse {
    client: Client,
    url: Url,
}

impl HttpPulse {
    /// A pulse that asks for an address.
    ///
    /// # Errors
    /// When it is none; the address is not told.
    pub fn new(client: Client, url: &Secret) -> Result<Self, url::ParseError> {
        let url = url.expose().trim().parse()?;
        Ok(HttpPulse { client, url })
    }
}

#[async_trait]
impl Pulse for HttpPulse {
    async fn beat(&self) -> Result<(), String> {
        let request = Request::get(self.url.clone())
            .total(PATIENCE)
            .answer_cap(64 * 1024);
        match self.client.send(request).await {
            Ok(answer) if answer.status.is_success() => Ok(()),
            Ok(answer) => Err(format!("it was answered {}", answer.status.as_u16())),
            Err(failure) => Err(failure.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
