//! The inquiries that stand for one item, one after another: its own, and those that followed long after the end.
//!
//! Promises: a document or message of the item acts on the last of them; the first goes on keeping account of how the item
//! stands, so that a change is a change. What opens again late is an inquiry of its own, which keeps the words that it
//! began with, and no moment by which the one before was needed. A follower bears the id of the item with a number (`A-1~2`) and is found by it. Leaves out words that come
//! late, which open one too (`conversation`).

use super::conversation::message_key;
use super::desk::{ActError, App};
use super::known::Delivery;
use super::ports::{Mapped, Side, StoreError, Stored};
use super::receive::{ReceiveError, Received, end_of};
use super::seen::Seen;
use crate::domain::inquiry::{Command, Inquiry, Stage, There};
use crate::time::Timestamp;

/// Who has stood for an item, oldest first.
pub(super) struct Succession {
    first: Stored,
    later: Vec<Stored>,
}

impl Succession {
    /// An inquiry that nobody follows.
    pub fn alone(first: Stored) -> Succession {
        Succession {
            first,
            later: Vec::new(),
        }
    }

    /// Whether nobody follows.
    pub fn is_alone(&self) -> bool {
        self.later.is_empty()
    }

    /// Who stands for the item now.
    pub fn last(&self) -> &Stored {
        self.later.last().unwrap_or(&self.first)
    }

    /// The inquiry that heard of it first, and keeps account of the item.
    pub fn first(&self) -> &Stored {
        &self.first
    }

    pub fn all(&self) -> impl Iterator<Item = &Stored> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// Who stood for the item at a moment: what was said then was said of that one.
    pub fn at(&self, moment: Timestamp) -> &Stored {
        let mut newest_first = self.later.iter().rev();
        let had_begun = |one: &&Stored| one.inquiry.began_at() <= end_of(moment);
        newest_first.find(had_begun).unwrap_or(&self.first)
    }

    /// Since when words are for the one that stands for the item now: those of before were its predecessor's.
    pub fn heard_since(&self) -> Timestamp {
        let before = match self.later.as_slice() {
            [] => return self.first.inquiry.received_at,
            [_] => &self.first,
            [.., before, _] => before,
        };
        match &before.inquiry.stage {
            Stage::Closed { at, .. } => *at,
            Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. } => {
                self.last().inquiry.received_at
            }
        }
    }

    /// The id of whoever follows next.
    pub fn next_id(&self) -> String {
        numbered(&self.first, self.later.len())
    }
}

/// The id of the follower before which so many others came.
fn numbered(first: &Stored, before: usize) -> String {
    format!("{}~{}", first.inquiry.origin.external_id, before + 2)
}

impl App {
    /// Reads who followed the inquiry of an item.
    pub(super) async fn succession(&self, first: &Stored) -> Result<Succession, StoreError> {
        let source = &first.inquiry.origin.source;
        let mut later = Vec::new();
        let next = |before| numbered(first, before);
        while let Some(next) = self.store.by_external(source, &next(later.len())).await? {
            later.push(next);
        }
        Ok(Succession {
            first: first.clone(),
            later,
        })
    }

    /// What a document means for the inquiry that stands for an item whose own was closed long ago: one is opened when the
    /// item opens again. `None` where none stands for it.
    pub(super) async fn stand_in(
        &self,
        (old, before): (&Stored, &Seen),
        delivery: &Delivery<'_>,
        there: Option<There>,
    ) -> Result<Option<Received>, ReceiveError> {
        let mapped = delivery.mapped;
        let line = self.succession(old).await?;
        if let Some(last) = line.later.last() {
            let policy = self.policy(&last.inquiry.policy).await?;
            let is_over = last
                .inquiry
                .is_long_closed(policy.reopen_days, self.clock.now());
            if !(is_over && there == Some(There::Open)) {
                return Ok(Some(self.hand_on((last, before), delivery, there).await?));
            }
        }
        if there != Some(There::Open) {
            return Ok(None);
        }
        let (mut receive, words) = self
            .new_receipt(mapped, delivery.source, line.next_id(), false)
            .await?;
        receive.follows = Some(line.last().inquiry.id.clone());
        // When the item itself was escalated is of the first one, long ago.
        receive.escalated_at = self.first_unheard(mapped, &line.last().inquiry).await?;
        // So is a moment by which it was needed and that is over.
        let now = self.clock.now();
        receive.facts.needed_by = receive.facts.needed_by.filter(|by| *by > now);
        let order = self.order_of(delivery, false, words);
        let done = self.open(receive, order, (None, None)).await?;
        let done = done.ok_or(ActError::Contended)?;
        Ok(Some(Received {
            reference: Some(done.stored.reference),
            inquiry: Some(done.stored.inquiry.id),
            is_new: true,
            is_changed: true,
            is_skipped: false,
        }))
    }

    /// When the requester first wrote after the end of an inquiry what that one has not heard: what opens the item again.
    async fn first_unheard(
        &self,
        mapped: &Mapped,
        before: &Inquiry,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Stage::Closed { at: ended, .. } = &before.stage else {
            return Ok(None);
        };
        let mut first: Option<Timestamp> = None;
        for message in &mapped.messages {
            let is_later = message.by == Side::Requester && message.at > *ended;
            let key = message_key(mapped, message);
            if is_later && self.store.by_command_key(&key).await?.is_none() {
                first = Some(first.map_or(message.at, |first| first.min(message.at)));
            }
        }
        Ok(first)
    }

    /// Hands a document on to the inquiry that stands for the item. The words that it began with stay its body.
    async fn hand_on(
        &self,
        (standing, before): (&Stored, &Seen),
        delivery: &Delivery<'_>,
        there: Option<There>,
    ) -> Result<Received, ReceiveError> {
        let mut update = self
            .update_of((standing, before), delivery, there, None)
            .await?;
        if let Command::Update {
            revision,
            facts,
            body,
            ..
        } = &mut update.command
        {
            let inquiry = &standing.inquiry;
            facts.body.clone_from(&inquiry.facts.body);
            facts.needed_by = facts.needed_by.filter(|by| *by > inquiry.received_at);
            (*revision, *body) = (None, None);
        }
        let order = self.order_of(delivery, false, std::mem::take(&mut update.words));
        let id = &standing.inquiry.id;
        let done = self.decide_and_commit(id, order, update.decision()).await?;
        Ok(Received {
            reference: Some(done.stored.reference),
            inquiry: Some(done.stored.inquiry.id),
            is_new: false,
            is_changed: !done.events.is_empty(),
            is_skipped: false,
        })
    }
}
