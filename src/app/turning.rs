//! The desk's working day: what a queue's opening says of the night, and what a handoff says and passes on.
//!
//! Promises: each is said once for its instant, whoever fires the timer; after a down-time only the last turn is
//! announced; owners keep what they own. Leaves out when these moments come (`passing.rs`).

use super::desk::{ActError, App};
use super::ports::*;
use super::setup::{Assignment, Queue};
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Actor, Event, Ownership};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::sla::{Audience, next_promise};
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
        let closed_at = policy.working().last_close_before(due_at).unwrap_or(due_at);
        let waiting = self
            .every(ListFilter {
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
            .filter(|stored| !stored.inquiry.runs.is_empty())
            .collect();
        if queue.assignment == Assignment::Duty {
            self.give_out(queue, &waiting, now).await?;
        }
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
        let duty = self.called(self.setup.rota(queue), now).await?;
        for stored in waiting {
            let to = duty.clone();
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
        let overrides = self.overrides_of(rota.name(), now).await?;
        let incoming = rota.on_duty(turn.max(now), &overrides).shift.member;
        let outgoing = rota
            .on_duty(
                crate::time::plus(turn, -SignedDuration::from_millis(1)),
                &overrides,
            )
            .shift
            .member;
        for queue in self
            .setup
            .queues
            .values()
            .filter(|queue| queue.rota == rota.name())
        {
            self.pass_on(queue, &incoming, &outgoing).await?;
            self.daily_post(queue, rota, &incoming, &outgoing, turn, now)
                .await?;
        }
        Ok(Some(rota.next_handoff(now)))
    }

    /// What was given to the old duty and not accepted goes to the new one; owners keep what they own.
    async fn pass_on(
        &self,
        queue: &Queue,
        incoming: &MemberId,
        outgoing: &MemberId,
    ) -> Result<(), ActError> {
        if incoming == outgoing {
            return Ok(());
        }
        let held = self
            .every(ListFilter {
                queue: Some(queue.id.to_string()),
                owner: Some(outgoing.clone()),
                is_open: Some(true),
                ..ListFilter::default()
            })
            .await?;
        for stored in held {
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
        outgoing: &MemberId,
        turn: Timestamp,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let open = self
            .every(ListFilter {
                queue: Some(queue.id.to_string()),
                is_open: Some(true),
                ..ListFilter::default()
            })
            .await?;
        let mut by_time_left = Vec::new();
        for stored in open {
            let policy = self.policy(&stored.inquiry.policy).await?;
            let due = next_promise(&stored.inquiry, &policy).map(|(_, due)| due);
            by_time_left.push((due.is_none(), due, stored.reference, stored));
        }
        by_time_left.sort_by_key(|(is_last, due, reference, _)| (*is_last, *due, *reference));
        let open: Vec<Stored> = by_time_left
            .into_iter()
            .map(|(.., stored)| stored)
            .collect();
        let held = open
            .iter()
            .filter(|stored| stored.inquiry.holder() == Some(outgoing))
            .count();
        let next = rota.next_handoff(now);
        let mut lines = vec![
            Message::new("daily-duty")
                .with("member", Arg::Mention(incoming.clone()))
                .with("until", Arg::Instant(next)),
        ];
        if incoming != outgoing && held > 0 {
            lines.push(
                Message::new("daily-held")
                    .with("member", Arg::Member(outgoing.clone()))
                    .with(
                        "count",
                        Arg::Number(i64::try_from(held).unwrap_or(i64::MAX)),
                    ),
            );
        }
        if open.is_empty() {
            lines.push(Message::new("daily-nothing-open"));
        } else {
            lines.push(Message::new("daily-open").with(
                "count",
                Arg::Number(i64::try_from(open.len()).unwrap_or(i64::MAX)),
            ));
            lines.extend(self.list_lines(&open).await?);
        }
        let message = Message::new("daily-post")
            .with("queue", Arg::Queue(queue.id.clone()))
            .with("lines", Arg::Lines(lines));
        let key = format!(
            "handoff·{}·{}·{}",
            rota.name(),
            queue.id,
            turn.as_millisecond()
        );
        self.tell_queue(
            queue,
            &[Audience::Member(incoming.clone())],
            message,
            key,
            now,
        )
        .await?;
        Ok(())
    }
}
