//! The desk's working day: what a queue's opening says of the night, and what a handoff says and passes on.
//!
//! Promises: each is said once for its instant, whoever fires the timer; after a down-time only the last turn is
//! announced; owners keep what they own. Leaves out when these moments come (`passing.rs`).

use super::daily::Handing;
use super::desk::{ActError, App};
use super::handover::{SOON, Turn, earliest};
use super::ports::*;
use super::setup::{Assignment, Queue};
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Actor, Event, Ownership, Severity};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::sla::{Audience, Case};
use crate::time::{SignedDuration, Timestamp};

impl App {
    /// A queue's working time opens: what came in meanwhile is listed in one message, and given out where the
    /// queue gives out. Answers when it opens next.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn opening(
        &self,
        queue: &QueueId,
        due_at: Timestamp,
    ) -> Result<Option<Timestamp>, ActError> {
        let Some(queue) = self.setup.queues.get(queue) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let policy = self.policy(&queue.policy).await?;
        let closed_at = policy.asleep_since(due_at);
        let waiting = self
            .store
            .every(&ListFilter {
                queue: Some(queue.id.to_string()),
                is_open: Some(true),
                is_unclaimed: Some(true),
                received_from: Some(closed_at),
                received_until: Some(now),
                ..ListFilter::default()
            })
            .await?;
        let waiting: Vec<Stored> = waiting
            .into_iter()
            .filter(|stored| stored.inquiry.is_awaited())
            .collect();
        if queue.assignment == Assignment::Duty {
            self.give_out(queue, &waiting, now).await?;
        }
        self.ask_at_opening(queue, due_at, now).await?;
        if !waiting.is_empty() {
            let lines = self.list_lines(&waiting).await?;
            let message = Message::new("notice-opening")
                .with(
                    "count",
                    Arg::Number(i64::try_from(waiting.len()).unwrap_or(i64::MAX)),
                )
                .with("lines", Arg::Lines(lines));
            let key = format!("opening·{}·{}", queue.id, due_at.as_millisecond());
            self.tell_queue(queue, &[Audience::Duty], message, key, now)
                .await?;
        }
        self.forget_old_pings(now).await?;
        Ok(self.next_opening(queue, now).await?)
    }

    /// Gives unclaimed inquiries to the duty, who has yet to accept.
    async fn give_out(
        &self,
        queue: &Queue,
        waiting: &[Stored],
        now: Timestamp,
    ) -> Result<(), ActError> {
        for stored in waiting {
            let region = stored.inquiry.facts.region.as_deref();
            let rota = self.setup.rota_for(queue, region, now);
            let to = self.called(rota, now).await?;
            self.decide_and_commit(
                &stored.inquiry.id,
                self.by_time(None),
                move |inquiry, _, _, _| {
                    Ok(match inquiry.ownership {
                        Ownership::Unclaimed { .. } => vec![Event::Assigned {
                            to: to.clone(),
                            by_desk: true,
                        }],
                        Ownership::Assigned { .. } | Ownership::Owned { .. } => Vec::new(),
                    })
                },
            )
            .await?;
        }
        Ok(())
    }

    /// The duty turns over: the daily post, and what nobody has accepted passes on. Answers the next handoff.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn handoff(
        &self,
        rota: &str,
        due_at: Timestamp,
    ) -> Result<Option<Timestamp>, ActError> {
        let Some(rota) = self.setup.rotas.get(rota) else {
            return Ok(None);
        };
        let now = self.clock.now();
        // After a down-time only the last turn is announced.
        let mut turn = due_at;
        while rota.next_handoff(turn) <= now {
            turn = rota.next_handoff(turn);
        }
        // Between handoffs it only comes to tell what was answered.
        let is_turn = rota.planned(turn).starts_at == turn;
        let mut answers: Option<Timestamp> = None;
        let overrides = self.overrides_of(rota.name(), now).await?;
        let incoming = rota.on_duty(turn.max(now), &overrides).shift.member;
        let outgoing = rota
            .on_duty(
                crate::time::plus(turn, -SignedDuration::from_millis(1)),
                &overrides,
            )
            .shift
            .member;
        for queue in self.setup.served_by(rota.name()) {
            // Where another rota has the duty now, this one's handoff is nobody's news.
            if is_turn && queue.coverage.has_duty(rota.name(), now) {
                let is_own = |stored: &Stored| {
                    let region = stored.inquiry.facts.region.as_deref();
                    queue.coverage.line_for(region, now).rota == rota.name()
                };
                self.pass_on(queue, &incoming, &outgoing, &is_own).await?;
                // Where a line ends at this very turn, its passes too before anybody is asked about it.
                self.pass_lines(queue, turn, now).await?;
                let turned = self.turn(queue, due_at, turn, now).await?;
                self.ask_at_handoff(queue, &turned).await?;
                self.weigh_duty(queue, now).await?;
                // A line that began after this turn announces the same duty.
                if queue.coverage.last_turnover(now) <= Some(turn) {
                    self.daily_post(queue, rota, &incoming, &turned, turn)
                        .await?;
                }
            }
            answers = earliest(answers, self.tell_answers(queue, due_at, now).await?);
        }
        // The timer comes once more to tell what was answered.
        Ok(earliest(Some(rota.next_handoff(now)), answers))
    }

    /// The duty of a queue passes from rota to rota: the new duty is announced with what is open, and what nobody has
    /// accepted passes on. Answers the next such moment, or an earlier one at which there is to tell what was answered.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn turnover(
        &self,
        queue: &QueueId,
        due_at: Timestamp,
    ) -> Result<Option<Timestamp>, ActError> {
        let Some(queue) = self.setup.queues.get(queue) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let coverage = &queue.coverage;
        // After a down-time only the last one is announced.
        let mut at = due_at;
        while let Some(next) = coverage.next_turnover(at).filter(|next| *next <= now) {
            at = next;
        }
        let before = crate::time::plus(at, -SignedDuration::from_millis(1));
        let had = coverage.on_duty(before);
        let has = coverage.on_duty(now);
        // Between the changes it only comes to tell what was answered.
        if had != has {
            self.pass_lines(queue, at, now).await?;
            let turned = self.turn(queue, due_at, at, now).await?;
            self.ask_at_handoff(queue, &turned).await?;
            self.announce_lines(queue, (&had, &has), &turned, at)
                .await?;
        }
        let answers = self.tell_answers(queue, due_at, now).await?;
        Ok(earliest(coverage.next_turnover(now), answers))
    }

    /// What nobody has accepted passes from the lines that had it before an instant to those that have it now.
    async fn pass_lines(
        &self,
        queue: &Queue,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let coverage = &queue.coverage;
        let before = crate::time::plus(at, -SignedDuration::from_millis(1));
        let (had, has) = (coverage.on_duty(before), coverage.on_duty(now));
        for name in has.iter().copied().filter(|name| !had.contains(name)) {
            let overrides = self.overrides_of(name, now).await?;
            let rota = self.setup.named(name);
            let incoming = rota.on_duty(now, &overrides).shift.member;
            for old in &had {
                let overrides = self.overrides_of(old, now).await?;
                let outgoing = self.setup.named(old).on_duty(before, &overrides);
                // Each inquiry follows the line of its own region; what lies below the floor waits where it is.
                let passes = |stored: &Stored| {
                    let region = stored.inquiry.facts.region.as_deref();
                    let line = coverage.line_for(region, now);
                    line.rota == name
                        && !line.rule.is_below(stored.inquiry.severity)
                        && coverage.line_for(region, before).rota == *old
                };
                self.pass_on(queue, &incoming, &outgoing.shift.member, &passes)
                    .await?;
            }
        }
        Ok(())
    }

    /// Says who has the duty of the lines that begin.
    async fn announce_lines(
        &self,
        queue: &Queue,
        (had, has): (&[&str], &[&str]),
        turned: &Turn<'_>,
        at: Timestamp,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        for name in has.iter().copied().filter(|name| !had.contains(name)) {
            let rota = self.setup.named(name);
            // A handoff of its own, now or soon, says it.
            let handoff = match rota.planned(at).starts_at == at {
                true => at,
                false => rota.next_handoff(at),
            };
            if handoff > crate::time::plus(at, SOON) {
                let overrides = self.overrides_of(name, now).await?;
                let incoming = rota.on_duty(now, &overrides).shift.member;
                self.daily_post(queue, rota, &incoming, turned, at).await?;
            }
        }
        Ok(())
    }

    /// What was given to the old duty and not accepted goes to the new one; owners keep what they own.
    async fn pass_on(
        &self,
        queue: &Queue,
        incoming: &MemberId,
        outgoing: &MemberId,
        passes: &(dyn Fn(&Stored) -> bool + Sync),
    ) -> Result<(), ActError> {
        if incoming == outgoing {
            return Ok(());
        }
        let held = self
            .store
            .every(&ListFilter {
                queue: Some(queue.id.to_string()),
                owner: Some(outgoing.clone()),
                is_open: Some(true),
                ..ListFilter::default()
            })
            .await?;
        for stored in held.iter().filter(|stored| passes(stored)) {
            let (to, old) = (incoming.clone(), outgoing.clone());
            self.decide_and_commit(
                &stored.inquiry.id,
                self.by_time(None),
                move |inquiry, _, _, _| {
                    Ok(match &inquiry.ownership {
                        // Only what the desk itself gave to the duty follows the duty.
                        Ownership::Assigned {
                            to: holder,
                            by: Actor::System,
                            ..
                        } if *holder == old => {
                            vec![Event::Assigned {
                                to: to.clone(),
                                by_desk: true,
                            }]
                        }
                        Ownership::Assigned { .. }
                        | Ownership::Owned { .. }
                        | Ownership::Unclaimed { .. } => Vec::new(),
                    })
                },
            )
            .await?;
        }
        Ok(())
    }

    async fn daily_post(
        &self,
        queue: &Queue,
        rota: &Rota,
        incoming: &MemberId,
        turned: &Turn<'_>,
        turn: Timestamp,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        let coverage = &queue.coverage;
        // A line that begins at night or on a day off of its people calls nobody.
        let policy = self.policy(&queue.policy).await?;
        let worst = Case {
            severity: Severity::S1,
            ..Case::least()
        };
        let calls = coverage.lines().len() < 2 || policy.is_awake(worst, now);
        let handing = Handing {
            incoming,
            outgoing: &turned.outgoing(),
            now,
            calls,
        };
        let called = match calls {
            true => vec![Audience::Member(incoming.clone())],
            false => Vec::new(),
        };
        let message = self.daily_message(queue, rota, &handing).await?;
        let key = format!(
            "handoff·{}·{}·{}",
            rota.name(),
            queue.id,
            turn.as_millisecond()
        );
        self.tell_queue(queue, &called, message, key, now).await?;
        Ok(())
    }
}
