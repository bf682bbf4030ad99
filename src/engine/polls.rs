//! The polls loop: begins what is due and waits for none of it, so that a source that hangs delays no other.
//!
//! Promises: of a source at most one poll is under way, whatever the number of processes (the lease of its timer); few are
//! at once; asking ends before the lease does. What a poll has fetched is taken in all the same: taking it twice changes
//! nothing, so a lease that ends meanwhile does no harm.

use super::Engine;
use crate::app::ports::{Page, PollError, Poller, SourceState, Stirred, StoreError, TimerKind};
use crate::clock::{self, Instant};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many sources are asked at once: a desk has a handful, and each holds a page in memory.
const AT_ONCE: usize = 16;

/// How long one poll may ask: a hundred items whose details take seconds each.
const ASKING: Duration = Duration::from_mins(2);

/// How long a poll is nobody else's: longer than it may ask, with time to take in what came.
const LEASE: Duration = Duration::from_secs(150);

/// The polls under way in this process.
#[derive(Clone)]
pub(super) struct UnderWay {
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl UnderWay {
    pub fn new(tasks: TaskTracker, stop: CancellationToken) -> Self {
        UnderWay {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            tasks,
            stop,
        }
    }
}

impl Engine {
    /// Begins the polls that are due, as far as there is room; answers how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn polls_pass(&self, under_way: &UnderWay) -> Result<usize, StoreError> {
        let room = u32::try_from(under_way.slots.available_permits()).unwrap_or(u32::MAX);
        if room == 0 {
            return Ok(0);
        }
        let now = self.app.clock.now();
        let kinds = [TimerKind::Poll];
        let store = &self.app.store;
        let due = store
            .lease_timers(&kinds, now, &self.holder, LEASE, room)
            .await?;
        let count = due.len();
        for lease in due {
            let slot = under_way.slots.clone().try_acquire_owned();
            let slot = slot.expect("only this loop takes them, and it counted");
            let engine = Engine {
                poller: Arc::new(Patient {
                    poller: self.poller.clone(),
                    until: clock::monotonic() + ASKING,
                    stop: under_way.stop.clone(),
                }),
                ..self.clone()
            };
            under_way.tasks.spawn(async move {
                let subject = lease.subject.clone();
                if let Err(error) = engine.fire(lease).await {
                    tracing::error!(source = %subject, "the poll of {subject} was not kept: {error}");
                }
                drop(slot);
                // Another may have waited for the room.
                engine.app.wake.wake(Stirred::Timers);
            });
        }
        Ok(count)
    }
}

/// A poller whose patience ends: with its time, or with the desk.
struct Patient {
    poller: Arc<dyn Poller>,
    until: Instant,
    stop: CancellationToken,
}

#[async_trait]
impl Poller for Patient {
    fn polled(&self) -> Vec<SourceId> {
        self.poller.polled()
    }

    fn next_poll(&self, source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp {
        self.poller.next_poll(source, state, now)
    }

    fn breaker(&self, source: &SourceId) -> u32 {
        self.poller.breaker(source)
    }

    async fn poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Page, PollError> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(PollError::Stopped),
            page = self.poller.poll(source, state, now) => page,
            // Earlier pages are in, and the next poll goes on behind them.
            () = clock::sleep_until(self.until), if state.is_further_page => Err(PollError::Stopped),
            () = clock::sleep_until(self.until) => Err(PollError::Unavailable {
                source_name: source.to_string(),
                why: format!("no whole answer within {} seconds", ASKING.as_secs()),
                retry_after: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
