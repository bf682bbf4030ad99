//! An item that opens again long after its end: an inquiry of its own, which from then on stands for the item.
//!
//! Promises: the old inquiry goes on keeping account of how the item stands, so that a change is a change; the new one keeps
//! the words that it began with. It bears the id of the item with a number, as the follow-ups of `conversation` do, and
//! is found by it.

use super::desk::{ActError, App};
use super::known::Delivery;
use super::ports::Stored;
use super::receive::{ReceiveError, Received};
use crate::domain::inquiry::{Command, There};

impl App {
    /// What a document means for the inquiry that stands for an item whose own was closed long ago: one is opened when the
    /// item opens again. `None` where none stands for it.
    pub(super) async fn stand_in(
        &self,
        old: &Stored,
        delivery: &Delivery<'_>,
        there: Option<There>,
    ) -> Result<Option<Received>, ReceiveError> {
        let mapped = delivery.mapped;
        let mut last: Option<Stored> = None;
        let mut n = 2u32;
        let id = |n: u32| format!("{}~{n}", old.inquiry.origin.external_id);
        while let Some(next) = self.store.by_external(&mapped.source, &id(n)).await? {
            last = Some(next);
            n += 1;
        }
        if let Some(last) = last {
            let policy = self.policy(&last.inquiry.policy).await?;
            let is_over = last
                .inquiry
                .is_long_closed(policy.reopen_days, self.clock.now());
            if !(is_over && there == Some(There::Open)) {
                return Ok(Some(self.hand_on(&last, delivery, there).await?));
            }
        }
        if there != Some(There::Open) {
            return Ok(None);
        }
        let (mut receive, words) = self
            .new_receipt(mapped, delivery.source, id(n), false)
            .await?;
        receive.follows = Some(old.inquiry.id.clone());
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

    /// Hands a document on to the inquiry that stands for the item. The words that it began with stay its body.
    async fn hand_on(
        &self,
        standing: &Stored,
        delivery: &Delivery<'_>,
        there: Option<There>,
    ) -> Result<Received, ReceiveError> {
        let mut update = self.update_of(standing, delivery, there, None).await?;
        if let Command::Update {
            revision,
            facts,
            body,
            ..
        } = &mut update.command
        {
            facts.body.clone_from(&standing.inquiry.facts.body);
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
