//! The gateway: the connection over which Discord tells what people do.
//!
//! serenity keeps it, resumes it and sends its heartbeats. It does not notice a connection that never comes
//! about or a resume that is never answered, so it is looked at, and begun anew after too many looks without
//! a sign of life.
//! Interactions need no intents, so none are asked for. Events that serenity cannot read are counted.

use super::commands;
use super::delivery::{Delivery, sign_in_problem};
use super::inbound::Reception;
use super::rest::{Call, Failure, client};
use crate::app::ports::{CannotRun, Clock};
use serde_json::Value;
use serenity::async_trait;
use serenity::client::{ClientBuilder, Context, RawEventHandler};
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::http::{HttpBuilder, LightMethod, Route};
use serenity::model::event::Event;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ApplicationId, GuildId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a connection or the answers under way may take to end.
const FAREWELL: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Listens until the shutdown.
///
/// # Errors
/// If the token is wrong: then it can never work.
pub(super) async fn run(
    reception: Arc<Reception>,
    delivery: Arc<Delivery>,
    shutdown: CancellationToken,
) -> Result<(), CannotRun> {
    let gateway = Gateway {
        reception,
        delivery,
        tracker: TaskTracker::new(),
    };
    let ended = gateway.live(&shutdown).await;
    gateway.tracker.close();
    within(gateway.clock(), FAREWELL, gateway.tracker.wait()).await;
    ended
}

struct Gateway {
    reception: Arc<Reception>,
    delivery: Arc<Delivery>,
    /// The answers under way.
    tracker: TaskTracker,
}

/// How a session ended.
enum Ended {
    Shutdown,
    TokenRefused,
    Lost { why: String, was_connected: bool },
}

impl Gateway {
    fn clock(&self) -> &dyn Clock {
        self.reception.clock.as_ref()
    }

    async fn live(&self, shutdown: &CancellationToken) -> Result<(), CannotRun> {
        let Some(begun) = unless(shutdown, self.begin()).await else {
            return Ok(());
        };
        begun?;
        let mut waits = Waits::default();
        loop {
            match self.session(shutdown).await {
                Ended::Shutdown => return Ok(()),
                Ended::TokenRefused => {
                    return Err(CannotRun(sign_in_problem(&Failure::Stopped)));
                }
                Ended::Lost { why, was_connected } => {
                    if was_connected {
                        waits = Waits::default();
                    }
                    tracing::warn!("the connection to Discord was lost: {why}; beginning anew");
                    let pause = self.clock().pause(waits.next());
                    if unless(shutdown, pause).await.is_none() {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Signs in and registers the commands.
    async fn begin(&self) -> Result<(), CannotRun> {
        let me = || async { self.delivery.me().await.map(drop) };
        if let Err(failure) = self.insisting(me).await? {
            tracing::error!("{}", sign_in_problem(&failure));
        }
        if let Err(failure) = self.insisting(|| self.register()).await? {
            tracing::error!(
                "the slash commands cannot be registered: {failure}; invite the bot with the scope applications.commands"
            );
        }
        Ok(())
    }

    /// Repeats what may succeed later; a refusal is handed back, a refused token is the end.
    async fn insisting<F: Future<Output = Result<(), Failure>>>(
        &self,
        act: impl Fn() -> F,
    ) -> Result<Result<(), Failure>, CannotRun> {
        let mut waits = Waits::default();
        loop {
            match act().await {
                Ok(()) => return Ok(Ok(())),
                Err(failure @ (Failure::Stopped | Failure::Refused { status: 401, .. })) => {
                    return Err(CannotRun(sign_in_problem(&failure)));
                }
                Err(failure @ Failure::Refused { .. }) => return Ok(Err(failure)),
                Err(failure) => {
                    tracing::warn!("Discord does not answer: {failure}");
                    let least = if let Failure::Limited { after } = failure {
                        after
                    } else {
                        Duration::ZERO
                    };
                    self.clock().pause(waits.next().max(least)).await;
                }
            }
        }
    }

    /// Writes the commands if Discord has others.
    async fn register(&self) -> Result<(), Failure> {
        let config = &self.reception.config;
        let (application_id, guild_id) = (
            ApplicationId::new(config.application_id),
            GuildId::new(config.guild_id),
        );
        let route = || Route::GuildCommands {
            application_id,
            guild_id,
        };
        let wanted = commands::declarations(&config.vocabulary);
        let list = Call::new(LightMethod::Get, route()).param("with_localizations", true);
        let found = self.reception.rest.send(list).await?;
        if commands::differ(&wanted, &found) {
            let put = Call::new(LightMethod::Put, route()).body(Value::Array(wanted));
            self.reception.rest.send(put).await?;
            tracing::info!("slash commands registered");
        }
        Ok(())
    }

    /// Connects once and watches over it.
    async fn session(&self, shutdown: &CancellationToken) -> Ended {
        let is_current = Arc::new(AtomicBool::new(true));
        let mut client = match unless(shutdown, self.prepare(&is_current)).await {
            None => return Ended::Shutdown,
            Some(Err(ended)) => return ended,
            Some(Ok(client)) => client,
        };
        let shards = Arc::clone(&client.shard_manager);
        let mut running = tokio::spawn(async move { client.start().await });
        let mut watch = Watch::default();
        let patience = self.reception.config.gateway;
        let ended = loop {
            tokio::select! {
                () = shutdown.cancelled() => break Ended::Shutdown,
                result = &mut running => break match result {
                    Ok(Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication))) => Ended::TokenRefused,
                    Ok(Err(error)) => Ended::Lost { why: error.to_string(), was_connected: watch.was_connected },
                    Ok(Ok(())) => Ended::Lost { why: "it ended".to_owned(), was_connected: watch.was_connected },
                    Err(error) => Ended::Lost { why: error.to_string(), was_connected: watch.was_connected },
                },
                () = self.clock().pause(patience.look_every) => {
                    if self.reception.rest.is_stopped() {
                        break Ended::TokenRefused;
                    }
                    if watch.look(pulse(&shards).await) >= patience.looks {
                        let why = format!("no sign of life at {} looks in a row", patience.looks);
                        break Ended::Lost { why, was_connected: watch.was_connected };
                    }
                }
            }
        };
        is_current.store(false, Ordering::Release);
        within(self.clock(), FAREWELL, shards.shutdown_all()).await;
        running.abort();
        ended
    }

    async fn prepare(&self, is_current: &Arc<AtomicBool>) -> Result<serenity::Client, Ended> {
        let lost = |why: String| Ended::Lost {
            why,
            was_connected: false,
        };
        let url = self.address().await.map_err(|failure| match failure {
            Failure::Stopped | Failure::Refused { status: 401, .. } => Ended::TokenRefused,
            other => lost(other.to_string()),
        })?;
        let client = self.client(is_current).await.map_err(lost)?;
        // serenity would fall back to the public gateway in silence.
        *client.ws_url.lock().await = url;
        Ok(client)
    }

    /// Where the gateway is; waits if today's sign-ins are used up.
    async fn address(&self) -> Result<String, Failure> {
        let found = self
            .reception
            .rest
            .send(Call::new(LightMethod::Get, Route::GatewayBot))
            .await?;
        let limit = &found["session_start_limit"];
        if limit["remaining"] == 0 {
            let wait = Duration::from_millis(limit["reset_after"].as_u64().unwrap_or(60_000));
            tracing::error!("Discord allows no more sign-ins today; waiting {wait:?}");
            self.clock().pause(wait).await;
        }
        let url = found["url"].as_str().map(str::to_owned);
        url.ok_or_else(|| Failure::NoAnswer {
            why: "the gateway's address is missing".to_owned(),
        })
    }

    async fn client(&self, is_current: &Arc<AtomicBool>) -> Result<serenity::Client, String> {
        let config = &self.reception.config;
        let http =
            client(config.timeout, config.api_base.is_some()).map_err(|error| error.to_string())?;
        let mut builder = HttpBuilder::new(&config.token)
            .client(http)
            .ratelimiter_disabled(true);
        if let Some(base) = &config.api_base {
            builder = builder.proxy(base.as_str().trim_end_matches('/'));
        }
        let ear = Ear {
            reception: Arc::clone(&self.reception),
            tracker: self.tracker.clone(),
            is_current: Arc::clone(is_current),
        };
        let client = ClientBuilder::new_with_http(builder.build(), GatewayIntents::empty())
            .raw_event_handler(ear);
        client.await.map_err(|error| error.to_string())
    }
}

/// What serenity knows of the connection. Its word alone is not enough: while it waits for a new connection it
/// still says "connected", but then no heartbeat is acknowledged.
async fn pulse(shards: &ShardManager) -> Option<Pulse> {
    let runners = shards.runners.lock().await;
    let runner = runners.values().next()?;
    let is_connected = runner.stage == ConnectionStage::Connected;
    is_connected.then_some(Pulse(runner.latency))
}

/// Does something unless the shutdown comes first.
async fn unless<T>(shutdown: &CancellationToken, act: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = shutdown.cancelled() => None,
        done = act => Some(done),
    }
}

/// Waits for something, but not for ever.
async fn within(clock: &dyn Clock, most: Duration, act: impl Future<Output = ()>) {
    tokio::select! {
        () = act => {}
        () = clock.pause(most) => {}
    }
}

/// A connection, and how long the last heartbeat took to be acknowledged: to the nanosecond, so that another
/// heartbeat shows as another value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pulse(Option<Duration>);

/// What the looks have seen.
#[derive(Default)]
struct Watch {
    was_connected: bool,
    last: Option<Pulse>,
    bad_looks: u32,
}

impl Watch {
    /// Counts the looks in a row that found no connection or no new heartbeat.
    fn look(&mut self, pulse: Option<Pulse>) -> u32 {
        let is_alive = pulse.is_some() && pulse != self.last;
        self.was_connected |= pulse.is_some();
        self.last = pulse.or(self.last);
        self.bad_looks = if is_alive { 0 } else { self.bad_looks + 1 };
        self.bad_looks
    }
}

/// Waits that double up to a minute.
#[derive(Default)]
struct Waits(u32);

impl Waits {
    fn next(&mut self) -> Duration {
        let wait = Duration::from_secs(1 << self.0.min(6)).min(LONGEST_WAIT);
        self.0 += 1;
        wait
    }
}

/// Hears the events of one session.
struct Ear {
    reception: Arc<Reception>,
    tracker: TaskTracker,
    /// A session that was given up may still be heard of.
    is_current: Arc<AtomicBool>,
}

#[async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, _: Context, event: Event) {
        if !self.is_current.load(Ordering::Acquire) {
            return;
        }
        let reception = Arc::clone(&self.reception);
        match event {
            Event::Ready(ready) => {
                tracing::info!("connected to Discord as {}", ready.ready.user.name)
            }
            Event::Resumed(_) => tracing::info!("connected to Discord again"),
            Event::InteractionCreate(heard) => {
                self.tracker
                    .spawn(async move { reception.receive(heard.interaction).await });
            }
            Event::Unknown(unknown) if unknown.kind == "INTERACTION_CREATE" => {
                metrics::counter!("toban_discord_unread_interactions_total").increment(1);
                tracing::error!(kind = %unknown.value["type"], "an interaction of Discord cannot be read");
                self.tracker
                    .spawn(async move { reception.could_not_read(&unknown.value).await });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
