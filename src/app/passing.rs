//! What time brings: deadlines of inquiries, the turn of the duty, the opening of a queue.

use super::desk::{ActError, App, Order};
use super::ports::*;
use super::setup::{Assignment, Queue};
use crate::domain::ids::{InquiryId, MemberId, QueueId};
use crate::domain::inquiry::{Actor, Command, Event, Ownership, adopt};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace};
use crate::domain::rota::Rota;
use crate::domain::sla::{Audience, next_after, next_promise};
use crate::time::{SignedDuration, Timestamp};

impl App {
    /// Records what is due on an inquiry. Late, twice or for a state that moved on, it records nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tick(&self, id: &InquiryId) -> Result<Option<Timestamp>, ActError> {
        match self.act(id, self.by_time(None), Command::Tick).await {
            Ok(done) => {
                let policy = self.policy(&done.stored.inquiry.policy).await?;
                Ok(next_after(&done.stored.inquiry, &policy, self.clock.now()))
            }
            Err(ActError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn by_time(&self, command_key: Option<String>) -> Order {
        Order {
            actor: Actor::System,
            via: "timer".to_owned(),
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
        Ok(())
    }

    async fn adopt_policies(&self) -> Result<(), ActError> {
        let mut offset = 0;
        loop {
            let filter = ListFilter {
                is_open: Some(true),
                limit: 500,
                offset,
                ..ListFilter::default()
            };
            let page = self.store.list(&filter).await?;
            let last = page.len() < 500;
            for stored in page {
                let to = self.setup.queue(&stored.inquiry.queue).policy.clone();
                if stored.inquiry.policy == to {
                    continue;
                }
                let policy = self.policy(&to).await?;
                self.decide_and_commit(
                    &stored.inquiry.id,
                    self.by_time(None),
                    |inquiry, from, by, now| {
                        Ok(if inquiry.policy == to {
                            Vec::new()
                        } else {
                            adopt(inquiry, from, (&to, &policy), by, now)
                        })
                    },
                )
                .await?;
            }
            if last {
                return Ok(());
            }
            offset += 500;
        }
    }

    /// One handoff timer for each rota, one opening timer for each queue; those of what is gone are removed.
    async fn set_standing_timers(&self, now: Timestamp) -> Result<(), StoreError> {
        self.set_handoff_timers(now).await?;
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
    async fn next_opening(
        &self,
        queue: &Queue,
        after: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let policy = self.policy(&queue.policy).await?;
        let calendar = policy.working();
        if calendar.is_around_the_clock() {
            return Ok(None);
        }
        let mut at = after;
        // A day has few periods; the bound only guards against a calendar of many.
        for _ in 0..64 {
            let Some(span) = calendar.open_span(at).filter(|span| span.opens_at <= at) else {
                break;
            };
            at = span.closes_at;
        }
        for _ in 0..64 {
            let Some(opens_at) = calendar.next_open(at) else {
                return Ok(None);
            };
            let closed_before = calendar.last_close_before(opens_at);
            let is_first =
                closed_before.is_none_or(|closed| calendar.date(closed) != calendar.date(opens_at));
            if is_first && opens_at > after {
                return Ok(Some(opens_at));
            }
            let Some(span) = calendar.open_span(opens_at) else {
                return Ok(None);
            };
            at = span.closes_at;
        }
        Ok(None)
    }

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

    /// Every inquiry of a filter, page by page.
    pub(super) async fn every(&self, filter: ListFilter) -> Result<Vec<Stored>, StoreError> {
        let mut all = Vec::new();
        loop {
            let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let page = self
                .store
                .list(&ListFilter {
                    limit: 500,
                    offset,
                    ..filter.clone()
                })
                .await?;
            let is_last = page.len() < 500;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// One line for each inquiry: reference, severity, title, owner, what is due.
    pub(super) async fn list_lines(
        &self,
        inquiries: &[Stored],
    ) -> Result<Vec<Message>, StoreError> {
        let now = self.clock.now();
        let mut lines = Vec::new();
        for stored in inquiries.iter().take(LINES) {
            let inquiry = &stored.inquiry;
            let policy = self.policy(&inquiry.policy).await?;
            let mut line = match next_promise(inquiry, &policy) {
                Some((run, due)) if run.missed_at.is_some() || due < now => {
                    Message::new("line-late")
                        .with("clock", Arg::Clock(run.clock))
                        .with("due", Arg::Instant(due))
                }
                Some((run, due)) => {
                    let left = policy.working().worked_between(now, due);
                    Message::new("line-due")
                        .with("clock", Arg::Clock(run.clock))
                        .with("due", Arg::Instant(due))
                        .with(
                            "left",
                            Arg::Span(i64::try_from(left.as_millis()).unwrap_or(i64::MAX)),
                        )
                }
                None => Message::new("line-nothing-due"),
            };
            line = match inquiry.holder() {
                Some(holder) => line.with("owner", Arg::Member(holder.clone())),
                None => line.with("owner", Arg::Word("owner-nobody".to_owned())),
            };
            lines.push(
                line.with("reference", Arg::Reference(stored.reference.0))
                    .with("severity", Arg::Plain(inquiry.severity.to_string()))
                    .with("title", Arg::Text(inquiry.facts.title.clone())),
            );
        }
        if inquiries.len() > LINES {
            let more = i64::try_from(inquiries.len() - LINES).unwrap_or(i64::MAX);
            lines.push(Message::new("line-more").with("count", Arg::Number(more)));
        }
        Ok(lines)
    }

    /// Says something in a queue's channel.
    pub(super) async fn tell_queue(
        &self,
        queue: &Queue,
        audience: &[Audience],
        message: Message,
        key: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mentions = self
            .people_meant(audience, None, queue, &Actor::System, now)
            .await?;
        let rows = queue
            .places
            .iter()
            .map(|place| self.channel_row(place, message.clone(), mentions.clone(), &key, now))
            .collect();
        self.store.enqueue(rows).await?;
        self.wake.wake(Stirred::Outbox);
        Ok(())
    }

    /// Says something to the operators.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell_operators(
        &self,
        message: Message,
        key: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = self.channel_row(&self.setup.operators, message, Vec::new(), &key, now);
        self.store.enqueue(vec![row]).await?;
        self.wake.wake(Stirred::Outbox);
        Ok(())
    }

    pub(super) fn channel_row(
        &self,
        place: &Place,
        message: Message,
        mentions: Vec<MemberId>,
        key: &str,
        now: Timestamp,
    ) -> NewOutbox {
        let notice = Notice {
            place: NoticePlace::Channel,
            audience: Vec::new(),
            message,
            is_urgent: false,
            is_mergeable: false,
            offers: Vec::new(),
        };
        NewOutbox {
            id: self.ids.id(),
            lane: format!("{}|{}|", place.platform, place.channel),
            inquiry: None,
            place: place.clone(),
            what: Delivery::Notice { notice, mentions },
            key: format!("{key}·{}·{}", place.platform, place.channel),
            not_before: now,
        }
    }
}

/// How many lines a list in a chat holds.
const LINES: usize = 15;
