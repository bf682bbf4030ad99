//! The timers loop: leases what is due and does it.

use super::{Engine, LEASE};
use crate::app::desk::ActError;
use crate::app::ports::{StoreError, TimerKind, TimerLease};
use crate::domain::ids::{InquiryId, QueueId, SourceId, TrackerId};
use crate::time::{SignedDuration, Timestamp, plus};
use futures_util::{StreamExt, stream};

/// How many timers one pass leases.
const BATCH: u32 = 256;

/// How many timers are under way at once where more than one is: almost all speak with the database only, and on SQLite as
/// many as these share one wait for the disk (`store/group.rs`). Those that ask others (polls, feeds, absences) are few:
/// one for each source and calendar.
const TOGETHER: usize = 64;

/// When a timer that could not be done is tried again.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

impl Engine {
    /// Does what is due of the kinds; answers how many timers were done.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn timers_pass(&self, kinds: &[TimerKind]) -> Result<usize, StoreError> {
        let now = self.app.clock.now();
        let due = self
            .app
            .store
            .lease_timers(kinds, now, &self.holder, LEASE, batch(kinds))
            .await?;
        let count = due.len();
        let together = match self.at_once {
            1 => 1,
            more => more.max(TOGETHER),
        };
        let outcomes: Vec<Result<(), StoreError>> = stream::iter(due)
            .map(|lease| self.fire(lease))
            .buffer_unordered(together)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), StoreError>>()?;
        Ok(count)
    }

    pub(super) async fn fire(&self, lease: TimerLease) -> Result<(), StoreError> {
        let next = match self.done(&lease).await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(kind = lease.kind.as_str(), subject = %lease.subject,
                    "timer {} of {} was not done: {error}", lease.kind.as_str(), lease.subject);
                if is_its_instant(lease.kind) {
                    // Tried again when the lease ends, for the same instant.
                    return Ok(());
                }
                Some(plus(self.app.clock.now(), AGAIN))
            }
        };
        self.app.store.finish_timer(&lease, next).await?;
        Ok(())
    }

    /// Does one timer and answers when it is due next.
    async fn done(&self, lease: &TimerLease) -> Result<Option<Timestamp>, ActError> {
        let subject = lease.subject.as_str();
        match lease.kind {
            TimerKind::Inquiry => {
                let next = self.app.tick(&InquiryId::from(subject)).await?;
                // A deadline that stays due after its tick would spin: it is a mistake, and is said to be one.
                let now = self.app.clock.now();
                Ok(next.map(|next| {
                    if next <= now {
                        tracing::error!(
                            inquiry.id = subject,
                            "inquiry {subject} is still due after its tick"
                        );
                        plus(now, AGAIN)
                    } else {
                        next
                    }
                }))
            }
            TimerKind::Handoff => self.app.handoff(subject, lease.due_at).await,
            TimerKind::Book => self.app.look_at_book().await,
            TimerKind::Opening => {
                self.app
                    .opening(&QueueId::from(subject), lease.due_at)
                    .await
            }
            TimerKind::Overflow => self.app.overflow(&QueueId::from(subject)).await,
            TimerKind::Turnover => {
                self.app
                    .turnover(&QueueId::from(subject), lease.due_at)
                    .await
            }
            TimerKind::Held => Ok(self.app.tell_held(subject).await?),
            TimerKind::Poll => {
                let source = SourceId::from(subject);
                if !self.poller.polled().contains(&source) {
                    return Ok(None);
                }
                let state = match self.app.poll(self.poller.as_ref(), &source).await {
                    Ok(state) => state,
                    Err(crate::app::receive::ReceiveError::Act(error)) => return Err(error),
                    Err(crate::app::receive::ReceiveError::UnknownSource(_)) => return Ok(None),
                };
                let now = self.app.clock.now();
                Ok(Some(self.poller.next_poll(&source, &state, now)))
            }
            TimerKind::Absences => {
                let fetch = self.fetch.as_deref();
                self.app.look_at_absences(fetch, &subject.into()).await
            }
            TimerKind::Tracker => Ok(self.app.look_at_tracker(&TrackerId::from(subject)).await?),
            TimerKind::Feed => match &self.fetch {
                Some(fetch) => Ok(self.app.look_at_feed(fetch.as_ref(), subject).await?),
                None => Ok(None),
            },
        }
    }
}

/// How many timers of these kinds one pass leases: of those that wait for others no more than are begun at once, so that
/// none waits for its turn while its lease runs out.
fn batch(kinds: &[TimerKind]) -> u32 {
    let asks_others = |kind: &TimerKind| match kind {
        TimerKind::Poll | TimerKind::Absences | TimerKind::Feed | TimerKind::Tracker => true,
        TimerKind::Inquiry
        | TimerKind::Handoff
        | TimerKind::Opening
        | TimerKind::Overflow
        | TimerKind::Book
        | TimerKind::Turnover
        | TimerKind::Held => false,
    };
    match kinds.iter().any(asks_others) {
        true => BATCH.min(u32::try_from(TOGETHER).unwrap_or(BATCH)),
        false => BATCH,
    }
}

/// Tells whether what a timer does is about the very instant at which it was due, so that it must not be moved.
fn is_its_instant(kind: TimerKind) -> bool {
    match kind {
        TimerKind::Handoff | TimerKind::Opening | TimerKind::Turnover => true,
        TimerKind::Inquiry
        | TimerKind::Book
        | TimerKind::Overflow
        | TimerKind::Held
        | TimerKind::Poll
        | TimerKind::Absences
        | TimerKind::Tracker
        | TimerKind::Feed => false,
    }
}
