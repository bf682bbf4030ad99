//! What time brings to inquiries, and what the desk sets itself for later: the tick of a deadline, the policies
//! of a new configuration, and the standing timers of handoffs and openings.
//!
//! Promises: a timer that fires late, twice or for a state that moved on records nothing. Leaves out what is said
//! when the duty turns or a queue opens (`turning.rs`).

use super::desk::{ActError, App, Order};
use super::ports::*;
use super::setup::Queue;
use crate::domain::ids::{InquiryId, QueueId};
use crate::domain::inquiry::{Actor, Command, Inquiry, adopt};
use crate::domain::sla::{Case, Policy, What, due_now, next_after};
use crate::time::Timestamp;

/// The way that what nobody asked for came, in the ledger.
pub(super) const BY_TIME: &str = "timer";

impl App {
    /// Records what is due on an inquiry. Late, twice or for a state that moved on, it records nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tick(&self, id: &InquiryId) -> Result<Option<Timestamp>, ActError> {
        match self.act(id, self.by_time(None), Command::Tick).await {
            Ok(done) => {
                let policy = self.policy(&done.stored.inquiry.policy).await?;
                let inquiry = self.hand_to_duty(done.stored.inquiry, &policy).await?;
                Ok(next_after(&inquiry, &policy, self.clock.now()))
            }
            Err(ActError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives what its owner has left lying to the duty, where the policy says so and it is time. Who has the duty is
    /// known here only; a crash before it is done leaves it due.
    async fn hand_to_duty(&self, inquiry: Inquiry, policy: &Policy) -> Result<Inquiry, ActError> {
        let now = self.clock.now();
        let due = due_now(&inquiry, policy, now);
        if !due.iter().any(|item| item.what == What::HandToDuty) {
            return Ok(inquiry);
        }
        let queue = self.setup.queue(&inquiry.queue);
        let to = self
            .called(
                self.setup
                    .rota_for(queue, inquiry.facts.region.as_deref(), now),
                now,
            )
            .await?;
        let command = Command::HandToDuty { to };
        self.act(&inquiry.id, self.by_time(None), command).await?;
        // What is urgent calls whoever has it now at once.
        let done = self.act(&inquiry.id, self.by_time(None), Command::Tick);
        Ok(done.await?.stored.inquiry)
    }

    pub(super) fn by_time(&self, command_key: Option<String>) -> Order {
        Order {
            actor: Actor::System,
            via: BY_TIME.to_owned(),
            command_key,
            texts: Vec::new(),
        }
    }

    /// Keeps the snapshots of this configuration, and moves open inquiries to the policies it has now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(&self) -> Result<(), ActError> {
        let now = self.clock.now();
        for (kind, name, body) in &self.setup.snapshots {
            let hash = super::snapshot::hash(body);
            let (kind, name, body) = (kind.clone(), name.clone(), body.clone());
            self.store
                .keep_snapshot(Snapshot {
                    hash,
                    kind,
                    name,
                    body,
                    first_seen_at: now,
                })
                .await?;
        }
        for source in self.setup.sources.keys() {
            self.store.source_state(source, now).await?;
        }
        self.adopt_policies().await?;
        self.set_standing_timers(now).await?;
        // Language, channels and policies may be others now.
        self.store.want_boards().await?;
        // A platform that was left out may be here again.
        self.store.revive_cards(Revision::NO_PLATFORM).await?;
        self.forget_old_pings(now).await?;
        Ok(())
    }

    /// Open inquiries follow the policy that their queue has now; only those of another one are read.
    async fn adopt_policies(&self) -> Result<(), ActError> {
        for (queue, from) in self.store.policies_in_use().await? {
            let to = self.setup.queue(&queue).policy.clone();
            if from == to {
                continue;
            }
            let policy = self.policy(&to).await?;
            let mut after = None;
            loop {
                let page = self
                    .store
                    .open_under(&queue, &from, after.as_ref(), 500)
                    .await?;
                let Some(last) = page.last() else { break };
                after = Some(last.clone());
                for id in &page {
                    self.decide_and_commit(id, self.by_time(None), |inquiry, from, by, now| {
                        Ok(if inquiry.policy == to {
                            Vec::new()
                        } else {
                            adopt(inquiry, from, (&to, &policy), by, now)
                        })
                    })
                    .await?;
                }
            }
        }
        Ok(())
    }

    /// One handoff timer for each rota, one opening timer for each queue, one for the next change of its rota; those of what is gone are removed.
    async fn set_standing_timers(&self, now: Timestamp) -> Result<(), StoreError> {
        self.set_handoff_timers(now).await?;
        self.set_overflow_timers(now).await?;
        self.set_book_timer(now).await?;
        self.set_turnover_timers(now).await?;
        for queue in self.setup.queues.values() {
            if let Some(at) = self.next_opening(queue, now).await? {
                self.store
                    .ensure_timer(TimerKind::Opening, queue.id.as_str(), at)
                    .await?;
            }
        }
        for (subject, _) in self.store.timers(TimerKind::Opening).await? {
            if !self
                .setup
                .queues
                .contains_key(&QueueId::from(subject.as_str()))
            {
                self.store
                    .remove_timer(TimerKind::Opening, &subject)
                    .await?;
            }
        }
        Ok(())
    }

    /// The first opening of a working day after an instant: an opening after lunch is none.
    pub(super) async fn next_opening(
        &self,
        queue: &Queue,
        after: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let policy = self.policy(&queue.policy).await?;
        let calendar = policy.working();
        let mut at = after;
        // A line with a floor holds for days at most; the bound only guards against a calendar of many.
        for _ in 0..64 {
            let Some(opens_at) = calendar.next_day_opening(at) else {
                return Ok(None);
            };
            // Where a line with a floor still holds, what lies below it waits until that is over.
            let opening = policy.awake_for(Case::least(), opens_at);
            if opening > after {
                return Ok(Some(opening));
            }
            at = opens_at;
        }
        Ok(None)
    }
}
