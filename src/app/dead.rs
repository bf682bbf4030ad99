//! Deliveries that died: who is told, and how one comes back to life.
//!
//! Promises: a reply that did not arrive does not count, and counts again only once it has arrived; each death is
//! told, a second one of the same row too; what went before the request that failed has gone, and counts. Leaves out when a delivery is dead, which the engine says.

use super::desk::{ActError, App, Order};
use super::ports::*;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{Command, Event};
use crate::domain::notice::{Arg, Message};
use crate::msg;
use crate::time::Timestamp;

/// Whether an act brings the requester words, which stop a clock.
pub(super) fn is_said(act: &WriteBack) -> bool {
    matches!(
        act,
        WriteBack::Reply { .. }
            | WriteBack::Bounce { .. }
            | WriteBack::Resolved { .. }
            | WriteBack::Aside { .. }
    )
}

impl App {
    /// A delivery is dead: a reply's clock runs again and the owner is told, a card goes to the fallback
    /// channel, anything else is reported to the operators.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delivery_died(&self, row: &OutboxRow, why: &str) -> Result<(), ActError> {
        let now = self.clock.now();
        tracing::error!(outbox.key = %row.key, place = ?row.place, "delivery {} is dead: {why}", row.key);
        if let (
            Delivery::WriteBack {
                source,
                seq,
                act,
                step,
            },
            Some(id),
        ) = (&row.what, &row.inquiry)
        {
            if !is_said(act) || *step > self.way_back.words_leave_at(source, act) {
                let tail = format!("dead·{}·{}", row.id, row.epoch);
                self.tell_of_lost_act(id, act, why, tail).await?;
                return self.tell_of_death(row, why, now).await;
            }
            // Only the answer was lost: a look at the source has found the words there.
            if self.way_back.words_leave_at(source, act) == 0 && self.stands_there(id, *seq).await?
            {
                tracing::info!(outbox.key = %row.key, "what {} brings stands there all the same", row.key);
                return Ok(());
            }
            let order = self.by_time(Some(format!("dead:{}·{}", row.key, row.epoch)));
            let command = Command::ReplyFailed {
                of: *seq,
                why: why.to_owned(),
            };
            self.act(id, order, command).await?;
            return Ok(());
        }
        if self.died_at_tracker(row, why).await? {
            return Ok(());
        }
        if matches!(row.what, Delivery::Card { .. } | Delivery::Board { .. })
            && row.place != self.setup.fallback
        {
            let place = self.setup.fallback.clone();
            let lane = match &row.inquiry {
                Some(id) => format!("{}|{}|{id}", place.platform, place.channel),
                None => row.lane.replacen(
                    &format!("{}|{}|", row.place.platform, row.place.channel),
                    &format!("{}|{}|", place.platform, place.channel),
                    1,
                ),
            };
            let elsewhere = NewOutbox {
                id: self.ids.id(),
                lane,
                inquiry: row.inquiry.clone(),
                place,
                what: row.what.clone(),
                key: format!("{}·fallback", row.key),
                not_before: now,
            };
            self.store.enqueue(vec![elsewhere]).await?;
        }
        self.tell_of_death(row, why, now).await
    }

    /// What did not reach the source is told to whoever has the inquiry, who can put it right there.
    pub(super) async fn tell_of_lost_act(
        &self,
        id: &InquiryId,
        act: &WriteBack,
        why: &str,
        tail: String,
    ) -> Result<(), StoreError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(());
        };
        let what = match act {
            WriteBack::Reply { .. } | WriteBack::Bounce { .. } | WriteBack::Aside { .. } => {
                msg!("back-rest-of-reply")
            }
            WriteBack::Resolved { .. } => msg!("back-rest-of-answer"),
            WriteBack::Owner { .. } => msg!("back-owner"),
            WriteBack::Closed => msg!("back-closed"),
            WriteBack::Reopened => msg!("back-reopened"),
            WriteBack::Severity { .. } => msg!("back-severity"),
        };
        let message = Message::new("notice-back-lost")
            .with("what", Arg::Word(what.to_owned()))
            .with("why", Arg::Plain(why.to_owned()));
        self.tell_in_thread(&stored, message, tail).await
    }

    async fn tell_of_death(
        &self,
        row: &OutboxRow,
        why: &str,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let reference = match &row.inquiry {
            Some(id) => self.store.inquiry(id).await?.map(|stored| stored.reference),
            None => None,
        };
        let message = match reference {
            Some(reference) => {
                Message::new("notice-delivery-dead").with("reference", Arg::Reference(reference.0))
            }
            None => Message::new("notice-delivery-dead-general"),
        };
        let message = message
            .with("platform", Arg::Plain(row.place.platform.clone()))
            .with("channel", Arg::Plain(row.place.channel.clone()))
            .with("why", Arg::Plain(why.to_owned()))
            .with("id", Arg::Plain(row.id.clone()));
        // What cannot reach the operators must not be told to the operators without end.
        if row.place != self.setup.operators {
            self.tell_operators(message, format!("dead·{}·{}", row.key, row.epoch), now)
                .await?;
        }
        Ok(())
    }

    /// Puts a dead delivery back into its lane, at its old place: it goes before whatever waits behind it.
    /// `false` when there is no such dead delivery.
    ///
    /// Whoever asks has seen why it died. One whose answer was lost may have arrived, and is said twice then.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn retry_delivery(&self, id: &str, by: &AskedBy) -> Result<bool, StoreError> {
        let is_revived = self.store.revive_outbox(id, self.clock.now()).await?;
        if is_revived {
            tracing::info!(outbox.id = %id, by = ?by, "delivery {id} is tried again");
            self.wake.wake(Stirred::Outbox);
        }
        Ok(is_revived)
    }

    /// A delivery arrived, or one of its requests did. If with it the words of a reply that had been dead before, the clock that runs again since stops now,
    /// by whoever had written it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delivery_arrived(&self, row: &OutboxRow) -> Result<(), ActError> {
        let (
            Delivery::WriteBack {
                source,
                seq,
                act,
                step,
            },
            Some(id),
        ) = (&row.what, &row.inquiry)
        else {
            return Ok(());
        };
        if !is_said(act) || *step != self.way_back.words_leave_at(source, act) {
            return Ok(());
        }
        let ledger = self.store.ledger(id).await?;
        let has_failed = |entry: &crate::domain::inquiry::Entry| matches!(entry.event, Event::ReplyFailed { of, .. } if of == *seq);
        let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
        let mut runs = stored.inquiry.runs.iter();
        if !runs.any(|run| run.clock.is_response()) {
            // Somebody has answered on another way meanwhile: nothing runs that could stop.
            return Ok(());
        }
        let written = ledger.iter().find(|entry| entry.seq == *seq);
        let Some(written) = written.filter(|_| ledger.iter().any(has_failed)) else {
            return Ok(());
        };
        let order = Order {
            actor: written.actor.clone(),
            ..self.by_time(Some(format!("arrived:{}·{}", row.key, row.epoch)))
        };
        let command = Command::Replied {
            at: None,
            text: None,
        };
        self.act(id, order, command).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
