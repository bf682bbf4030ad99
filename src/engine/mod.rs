//! The loops: timers, pollers, calendars, outbox (one for each outlet), cards, auditor; and the heartbeat that tells the
//! outside that they turn.
//!
//! Every loop is the same: do a pass over what is due, then sleep until the next moment that is known or
//! until something stirs, and a second at most. A lost hint only delays; a crash, a restart and a second
//! replica are one and the same path, for what is due lies in the database.

mod auditor;
mod cards;
mod feeds;
mod heartbeat;
mod outbox;
mod polls;
mod timers;
mod waker;

pub use feeds::HttpFetch;
pub use heartbeat::{Beat, Heartbeat, HttpPulse, Pulse};
pub use waker::Waker;

use crate::app::desk::App;
use crate::app::health::Health;
use crate::app::ports::{
    CannotRun, Fetch, Inbox, Outlet, Platform, Poller, Stirred, StoreError, TimerKind,
};
use crate::clock;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The engine with everything it drives.
#[derive(Clone)]
pub struct Engine {
    pub app: App,
    pub platforms: Arc<HashMap<String, Arc<dyn Platform>>>,
    pub poller: Arc<dyn Poller>,
    pub health: Arc<Health>,
    /// Names this process in leases.
    pub holder: String,
    /// How late work may be before the auditor calls it so, in business time.
    pub grace: Duration,
    /// How many deliveries and edits of one pass are under way at once (timers: at least `timers::TOGETHER`); 1 keeps
    /// their order (tests).
    pub at_once: usize,
    /// The sign of life that goes outward, if one is configured.
    pub heartbeat: Option<Heartbeat>,
    /// How calendars of others are fetched; without it none is looked at.
    pub fetch: Option<Arc<dyn Fetch>>,
}

/// How much a desk does at once when nothing else is said: more than a chat's rate limits let through.
pub const AT_ONCE: usize = 8;

/// How long a lease lasts: longer than any time-out of what is done under it.
pub(crate) const LEASE: Duration = Duration::from_secs(60);

/// How long a loop sleeps at most; hints may be lost.
const LOOK: Duration = Duration::from_secs(1);

/// How long a hint is kept before it is followed, so that a flood of them is one look: too short for people to see.
const GATHER: Duration = Duration::from_millis(5);

/// How long a loop rests after the store did not answer.
const REST: Duration = Duration::from_secs(2);

/// A platform that gives up sooner than this was never right: the start has failed.
const START: Duration = Duration::from_mins(1);

impl Engine {
    /// Runs until the shutdown; returns when every loop has reached a safe point.
    ///
    /// # Errors
    /// When a platform turns out, at the start, to be one that can never work (a wrong token): then the shutdown is
    /// begun. One that breaks off later is said and leaves the rest of the desk running.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), CannotRun> {
        let tasks = TaskTracker::new();
        let (begun, never_worked) = (clock::monotonic(), Arc::new(OnceLock::new()));
        let own = [
            TimerKind::Inquiry,
            TimerKind::Handoff,
            TimerKind::Opening,
            TimerKind::Overflow,
            TimerKind::Book,
            TimerKind::Turnover,
            TimerKind::Held,
        ];
        self.spawn(
            &tasks,
            &shutdown,
            "timers",
            Stirred::Timers,
            move |engine| async move { engine.timers_pass(&own).await },
        );
        let under_way = polls::UnderWay::new(tasks.clone(), shutdown.clone());
        self.spawn(&tasks, &shutdown, "polls", Stirred::Timers, move |engine| {
            let under_way = under_way.clone();
            async move { engine.polls_pass(&under_way).await }
        });
        // A calendar of others that hangs holds up no source.
        self.spawn(
            &tasks,
            &shutdown,
            "calendars",
            Stirred::Timers,
            |engine| async move {
                engine
                    .timers_pass(&[TimerKind::Feed, TimerKind::Absences])
                    .await
            },
        );
        // Neither does a tracker of development.
        self.spawn(
            &tasks,
            &shutdown,
            "trackers",
            Stirred::Timers,
            |engine| async move { engine.timers_pass(&[TimerKind::Tracker]).await },
        );
        self.spawn(
            &tasks,
            &shutdown,
            "outbox",
            Stirred::Outbox,
            |engine| async move { engine.outlet_pass(Outlet::Chat).await },
        );
        for (name, outlet) in [
            ("write-backs", Outlet::Source),
            ("filings", Outlet::Tracker),
            ("letters", Outlet::Mail),
        ] {
            self.spawn(
                &tasks,
                &shutdown,
                name,
                Stirred::Outbox,
                move |engine| async move { engine.outlet_pass(outlet).await },
            );
        }
        self.spawn(
            &tasks,
            &shutdown,
            "cards",
            Stirred::Cards,
            |engine| async move { Ok(engine.cards_pass().await? + engine.boards_pass().await?) },
        );
        self.spawn(
            &tasks,
            &shutdown,
            "auditor",
            Stirred::Timers,
            |engine| async move { engine.audit_pass().await },
        );
        if let Some(heartbeat) = self.heartbeat.clone() {
            tasks.spawn(self.clone().keep_beating(heartbeat, shutdown.clone()));
        }
        for (name, platform) in self.platforms.iter() {
            let (name, platform) = (name.clone(), platform.clone());
            let (inbox, stop) = (
                Arc::new(self.app.clone()) as Arc<dyn Inbox>,
                shutdown.clone(),
            );
            let never_worked = never_worked.clone();
            tasks.spawn(async move {
                if let Err(error) = platform.run(inbox, stop.clone()).await {
                    tracing::error!(platform = %name, "{name} cannot work: {error}");
                    if begun.elapsed() < START {
                        // The first to fail is the one that is told.
                        let _ = never_worked.set(error);
                        stop.cancel();
                    }
                }
            });
        }
        tasks.close();
        tasks.wait().await;
        match never_worked.get() {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// Sets the timers that the engine itself needs.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(&self) -> Result<(), StoreError> {
        self.app.set_feed_timers().await?;
        self.app.set_absence_timers().await?;
        self.app.set_tracker_timers().await?;
        let now = self.app.clock.now();
        let polled = self.poller.polled();
        for source in &polled {
            let state = self.app.store.source_state(source, now).await?;
            let next = self.poller.next_poll(source, &state, now);
            let soon = next.min(crate::time::plus(now, FIRST_POLL));
            let at = state.rest_until.map_or(soon, |until| soon.max(until));
            self.app
                .store
                .set_timer(TimerKind::Poll, source.as_str(), at)
                .await?;
        }
        for (subject, _) in self.app.store.timers(TimerKind::Poll).await? {
            if !polled.iter().any(|source| source.as_str() == subject) {
                self.app
                    .store
                    .remove_timer(TimerKind::Poll, &subject)
                    .await?;
            }
        }
        Ok(())
    }

    fn spawn<F, P>(
        &self,
        tasks: &TaskTracker,
        shutdown: &CancellationToken,
        name: &'static str,
        hint: Stirred,
        pass: F,
    ) where
        F: Fn(Engine) -> P + Send + Sync + 'static,
        P: Future<Output = Result<usize, StoreError>> + Send + 'static,
    {
        let (engine, shutdown) = (self.clone(), shutdown.clone());
        self.health.turned(name, clock::monotonic());
        tasks.spawn(async move {
            let mut hints = engine.app.wake.listen();
            while !shutdown.is_cancelled() {
                engine.health.turned(name, clock::monotonic());
                // A pass runs as a task of its own, so that a panic ends the pass and not the loop.
                let rest = match tokio::spawn(pass(engine.clone())).await {
                    Ok(Ok(0)) => LOOK,
                    Ok(Ok(_)) => continue,
                    Ok(Err(error)) => {
                        tracing::error!(task = name, "{name} rests: {error}");
                        REST
                    }
                    Err(error) => {
                        tracing::error!(task = name, "{name} broke off: {error}");
                        REST
                    }
                };
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = clock::sleep(rest) => {}
                    () = async {
                        heard(&mut hints, hint).await;
                        clock::sleep(GATHER).await;
                    } => {}
                }
            }
        });
    }
}

/// A source is asked soon after the start, whatever its schedule says of later.
const FIRST_POLL: crate::time::SignedDuration = crate::time::SignedDuration::from_secs(1);

/// Returns when something of the kind stirs; lagging behind counts as a stir.
async fn heard(hints: &mut tokio::sync::broadcast::Receiver<Stirred>, wanted: Stirred) {
    loop {
        match hints.recv().await {
            Ok(stirred) if stirred == wanted => return,
            Ok(_) => {}
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
            Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
