//! Overflow: when a queue's duty holds more than one person can, the next on the rota joins until it has eased.
//!
//! Promises: whoever joins is told by name once, in working time, whatever restarts and however many processes look;
//! with the handoff they go. What is open is looked at again every working minute, so that no way by which work comes
//! or goes can be forgotten. Leaves out when it is too much (`domain/rota/overflow.rs`).

use super::desk::{ActError, App};
use super::ports::*;
use super::setup::Queue;
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace};
use crate::domain::rota::overflow::{Overflow, weigh};
use crate::domain::sla::Audience;
use crate::time::{SignedDuration, Timestamp, plus};

/// How often it is looked: soon enough for whoever is swamped, and too seldom to cost anything.
const LOOK: SignedDuration = SignedDuration::from_mins(1);

/// Who has joined the duty of a queue.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Second {
    pub queue: QueueId,
    pub member: MemberId,
    pub since: Timestamp,
}

impl App {
    /// Who has joined the duty of a queue in this turn.
    pub(super) async fn second(
        &self,
        queue: &Queue,
        now: Timestamp,
    ) -> Result<Option<Second>, StoreError> {
        if queue.overflow == 0 {
            return Ok(None);
        }
        let last = self.store.second_duty(&queue.id).await?;
        Ok(self.second_by(queue, last.as_ref(), now))
    }

    /// Who has joined by the last change, if it is of this turn.
    fn second_by(
        &self,
        queue: &Queue,
        last: Option<&SecondDuty>,
        now: Timestamp,
    ) -> Option<Second> {
        let turn_at = self.setup.rota_at(queue, now).planned(now).starts_at;
        let last = last.filter(|last| last.turn_at == turn_at)?;
        let second = Second {
            queue: queue.id.clone(),
            member: last.member.clone()?,
            since: last.at,
        };
        Some(second).filter(|second| self.setup.members.contains_key(&second.member))
    }

    /// Everybody who has joined the duty of a rota's queues.
    pub(super) async fn seconds_of(
        &self,
        rota: &str,
        now: Timestamp,
    ) -> Result<Vec<Second>, StoreError> {
        let mut seconds = Vec::new();
        for queue in self.setup.queues.values() {
            if queue.coverage.has_duty(rota, now) {
                seconds.extend(self.second(queue, now).await?);
            }
        }
        Ok(seconds)
    }

    /// With the duty, a new card calls whoever has joined.
    pub(super) async fn with_second(
        &self,
        notice: &Notice,
        queue: &Queue,
        mut called: Vec<MemberId>,
        now: Timestamp,
    ) -> Result<Vec<MemberId>, StoreError> {
        let calls_duty = notice.audience.contains(&Audience::Duty);
        if notice.place == NoticePlace::Card
            && calls_duty
            && let Some(second) = self.second(queue, now).await?
            && !called.contains(&second.member)
        {
            called.push(second.member);
        }
        Ok(called)
    }

    /// Looks whether a queue's duty holds too much; answers when to look again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn overflow(&self, queue: &QueueId) -> Result<Option<Timestamp>, ActError> {
        let Some(queue) = self
            .setup
            .queues
            .get(queue)
            .filter(|queue| queue.overflow > 0)
        else {
            return Ok(None);
        };
        let now = self.clock.now();
        self.weigh_duty(queue, now).await?;
        let policy = self.policy(&queue.policy).await?;
        Ok(Some(policy.awake_from(plus(now, LOOK))))
    }

    /// Has the next on the rota join, or go, if it is time for that. Outside working time nobody is called.
    pub(super) async fn weigh_duty(&self, queue: &Queue, now: Timestamp) -> Result<(), StoreError> {
        let policy = self.policy(&queue.policy).await?;
        if queue.overflow == 0 || !policy.working().is_open(now) {
            return Ok(());
        }
        let last = self.store.second_duty(&queue.id).await?;
        self.weigh_after(queue, last, now).await
    }

    /// Decides on the change that was read as the last one. It is read once: whoever made another meanwhile has its
    /// number, and this one is none.
    async fn weigh_after(
        &self,
        queue: &Queue,
        last: Option<SecondDuty>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let rota = self.setup.rota_at(queue, now);
        let overrides = self.overrides_of(rota.name(), now).await?;
        let duty = rota.on_duty(now, &overrides).shift.member;
        let second = self.second_by(queue, last.as_ref(), now);
        let mut open = self.open_of(queue, None).await? + self.open_of(queue, Some(&duty)).await?;
        if let Some(second) = second.as_ref().filter(|second| second.member != duty) {
            open += self.open_of(queue, Some(&second.member)).await?;
        }
        let change = weigh(queue.overflow, open, second.is_some());
        let (member, message) = match (change, &second) {
            (None, _) | (Some(Overflow::Leaves), None) => return Ok(()),
            (Some(Overflow::Joins), _) => {
                let Some(member) = self.next_member(rota, &duty, now).await? else {
                    return Ok(());
                };
                let message = Message::new("notice-overflow")
                    .with("member", Arg::Member(member.clone()))
                    .with("duty", Arg::Member(duty))
                    .with("limit", Arg::Number(i64::from(queue.overflow)));
                (Some(member), message)
            }
            (Some(Overflow::Leaves), Some(second)) => (
                None,
                Message::new("notice-overflow-eased")
                    .with("member", Arg::Member(second.member.clone())),
            ),
        };
        let message = message.with("queue", Arg::Queue(queue.id.clone())).with(
            "count",
            Arg::Number(i64::try_from(open).unwrap_or(i64::MAX)),
        );
        let change = SecondDuty {
            queue: queue.id.clone(),
            number: last.map_or(1, |last| last.number.saturating_add(1)),
            member,
            turn_at: rota.planned(now).starts_at,
            at: now,
        };
        let called: Vec<MemberId> = change.member.iter().cloned().collect();
        let key = format!("overflow·{}·{}", queue.id, change.number);
        let said = queue
            .places
            .iter()
            .map(|place| self.channel_row(place, message.clone(), called.clone(), &key, now))
            .collect();
        // Whoever comes second finds the change made, and what it says said.
        if self.store.add_second_duty(&change, said).await? {
            self.wake.wake(Stirred::Outbox);
        }
        Ok(())
    }

    /// How many open inquiries of a queue somebody holds, or nobody.
    async fn open_of(&self, queue: &Queue, holder: Option<&MemberId>) -> Result<u64, StoreError> {
        self.store
            .count(&ListFilter {
                queue: Some(queue.id.to_string()),
                is_open: Some(true),
                owner: holder.cloned(),
                is_unclaimed: holder.is_none().then_some(true),
                ..ListFilter::default()
            })
            .await
    }

    /// One timer for each queue that has a limit; those of others are removed.
    pub(super) async fn set_overflow_timers(&self, now: Timestamp) -> Result<(), StoreError> {
        let kind = TimerKind::Overflow;
        let has_limit = |id: &str| {
            let queue = self.setup.queues.get(&QueueId::from(id));
            queue.is_some_and(|queue| queue.overflow > 0)
        };
        for queue in self.setup.queues.values() {
            if has_limit(queue.id.as_str()) {
                self.store
                    .ensure_timer(kind, queue.id.as_str(), now)
                    .await?;
            }
        }
        for (subject, _) in self.store.timers(kind).await? {
            if !has_limit(&subject) {
                self.store.remove_timer(kind, &subject).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
