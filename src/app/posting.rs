//! What is said in a channel rather than in an inquiry's thread: lists of inquiries as lines, and the outbox rows
//! of posts to a queue or to the operators.
//!
//! Promises: a key is said once for ever. Leaves out what there is to say, which is its callers' business.

use super::desk::App;
use super::ports::*;
use super::setup::Queue;
use crate::domain::announce::time_left;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Ownership};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace};
use crate::domain::sla::{Audience, Left, left, next_promise};
use crate::time::Timestamp;

/// How many lines a list in a chat holds.
const LINES: usize = 15;

impl App {
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
                    let left = left(inquiry, run.clock, due, &policy, now);
                    // Late by no minute of working time is late all the same.
                    let over = Left {
                        ms: left.ms.min(-1),
                        ..left
                    };
                    Message::new("line-late")
                        .with("clock", Arg::Clock(run.clock))
                        .with("due", Arg::Instant(due))
                        .with("left", time_left(over))
                }
                Some((run, due)) => {
                    let left = left(inquiry, run.clock, due, &policy, now);
                    Message::new("line-due")
                        .with("clock", Arg::Clock(run.clock))
                        .with("due", Arg::Instant(due))
                        .with("left", time_left(left))
                }
                None if inquiry.is_held() => Message::new("line-no-contract"),
                None => Message::new("line-nothing-due"),
            };
            let owner = match &inquiry.ownership {
                Ownership::Owned { by, .. } => Arg::Member(by.clone()),
                Ownership::Assigned { to, .. } => Arg::Lines(vec![
                    Message::new("owner-assigned").with("member", Arg::Member(to.clone())),
                ]),
                Ownership::Unclaimed { .. } => Arg::Word("owner-nobody".to_owned()),
            };
            line = line.with("owner", owner);
            lines.push(
                line.with("reference", Arg::Reference(stored.reference.0))
                    .with("severity", Arg::Plain(inquiry.severity.to_string()))
                    .with("title", Arg::Title(inquiry.facts.title.clone())),
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
