//! Letters that came back: an answer by mail is out of our hands once a server took it, and may fail later all the same.
//!
//! Promises: an answer that does not reach whoever asked counts as one that died: its clock runs again from its original
//! start, and whoever has the inquiry is told, once, however often it is reported. A copy that did not arrive, and a letter
//! that is still being tried, are told and change nothing. What is reported of a letter that nobody sent changes nothing.
//! Leaves out reading the reports.

use super::changes::{back_key, write_back};
use super::dead::{arrival, is_said};
use super::desk::{ActError, App};
use super::ports::*;
use super::snapshot::hash;
use crate::domain::ids::{InquiryId, SourceId};
use crate::domain::inquiry::{Command, evolve};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace};
use crate::domain::sla::Audience;

/// A letter of ours: of which inquiry it is, and which line of its ledger it says.
struct Ours {
    stored: Stored,
    seq: u64,
    act: WriteBack,
    /// The line by which it counts: its own, or that of its arrival if it had been dead before.
    counted_by: u64,
}

impl App {
    /// Takes note of a letter that did not arrive.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn letter_returned(
        &self,
        source: &SourceId,
        returned: &Returned,
    ) -> Result<(), ActError> {
        let Some(ours) = self.letter_of(source, returned).await? else {
            tracing::warn!(source = %source, "what came back to {source} belongs to no inquiry");
            return Ok(());
        };
        let (key, why) = (&returned.key, &returned.why);
        match returned.fate {
            Fate::Failed if is_said(&ours.act) => {
                let order = self.by_time(Some(format!("returned:{key}")));
                let command = Command::ReplyFailed {
                    of: ours.counted_by,
                    why: why.clone(),
                };
                self.act(&ours.stored.inquiry.id, order, command).await?;
                Ok(())
            }
            Fate::Failed => {
                let tail = format!("returned·{}", ours.seq);
                self.tell_of_lost_act(&ours.stored.inquiry.id, &ours.act, why, tail)
                    .await?;
                Ok(())
            }
            Fate::CopyFailed => {
                // Each of those it was copied to may be reported on its own.
                let tail = format!("returned·{}·{}", ours.seq, hash(why));
                let message =
                    Message::new("notice-mail-copy-lost").with("who", Arg::Plain(why.clone()));
                Ok(self.tell_in_thread(&ours.stored, message, tail).await?)
            }
            Fate::Delayed => {
                let tail = format!("delayed·{}", ours.seq);
                let message =
                    Message::new("notice-mail-delayed").with("why", Arg::Plain(why.clone()));
                Ok(self.tell_in_thread(&ours.stored, message, tail).await?)
            }
        }
    }

    /// The inquiry that a letter was written for: the conversation's, one that follows it, or one that was split off.
    async fn letter_of(
        &self,
        source: &SourceId,
        returned: &Returned,
    ) -> Result<Option<Ours>, StoreError> {
        // The key of the letter names its inquiry.
        let Some((id, _)) = returned.key.split_once('·') else {
            return Ok(None);
        };
        let Some(stored) = self.store.inquiry(&InquiryId::from(id)).await? else {
            return Ok(None);
        };
        let item = stored.inquiry.item();
        if item.source != *source || item.external_id != returned.thread {
            return Ok(None);
        }
        let id = &stored.inquiry.id;
        let mut state = None;
        let ledger = self.store.ledger(id).await?;
        for entry in &ledger {
            let after = evolve(state, entry);
            if back_key(id, entry.seq) == returned.key {
                let act = write_back(entry, &after);
                let counted_by = arrival(&ledger, entry).unwrap_or(entry).seq;
                return Ok(act.map(|act| Ours {
                    stored,
                    seq: entry.seq,
                    act,
                    counted_by,
                }));
            }
            state = Some(after);
        }
        Ok(None)
    }

    /// Tells who was refused when an answer went to the others.
    pub(super) async fn tell_of_refused(
        &self,
        row: &OutboxRow,
        stored: &Stored,
        refused: &[Refused],
    ) -> Result<(), StoreError> {
        let who = refused
            .iter()
            .map(|one| match one.why.contains(&one.address) {
                true => one.why.clone(),
                false => format!("{}: {}", one.address, one.why),
            });
        let who = who.collect::<Vec<_>>().join("; ");
        let message = Message::new("notice-mail-copy-lost").with("who", Arg::Plain(who));
        let tail = format!("refused·{}·{}", row.id, row.epoch);
        self.tell_in_thread(stored, message, tail).await
    }

    /// Says something to whoever has an inquiry, in its thread.
    pub(super) async fn tell_in_thread(
        &self,
        stored: &Stored,
        message: Message,
        tail: String,
    ) -> Result<(), StoreError> {
        let notice = Notice {
            place: NoticePlace::Thread,
            audience: vec![Audience::Owner],
            message,
            is_urgent: false,
            is_mergeable: false,
            offers: Vec::new(),
        };
        let now = self.clock.now();
        let (inquiry, actor) = (&stored.inquiry, self.by_time(None).actor);
        let queue = self.setup.queue(&inquiry.queue);
        let mentions = self
            .people_meant(&notice.audience, Some(inquiry), queue, &actor, now)
            .await?;
        let rows = queue.places.iter().map(|place| {
            let what = Delivery::Notice {
                notice: notice.clone(),
                mentions: mentions.clone(),
            };
            self.row(inquiry, place, what, tail.clone(), now)
        });
        self.store.enqueue(rows.collect()).await?;
        self.wake.wake(Stirred::Outbox);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
