//! Deliveries that died: who is told, and how one comes back to life.
//!
//! Promises: a reply that did not arrive does not count, and counts again only once it has arrived; each death is
//! told, a second one of the same row too; what went before the request that failed has gone, and counts. Whoever finds a
//! death out may be gone before it is told: then the auditor tells it, and both say the same once. Leaves out when a
//! delivery is dead, which the engine says.

use super::desk::{ActError, App, Order};
use super::outgoing::texts_of_act;
use super::passing::BY_TIME;
use super::ports::*;
use crate::domain::announce::MAY_BE_THERE;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{Command, Entry, Event};
use crate::domain::notice::{Arg, Message};
use crate::msg;
use crate::time::{SignedDuration, Timestamp, plus};

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

/// How long words may be on their way before whoever has the inquiry hears of it: people look at a thread more often than
/// a source is away for.
const LATE: SignedDuration = SignedDuration::from_mins(15);

/// How many deaths one look of the auditor tells.
const AT_ONCE: u32 = 100;

/// How often the words of a line were given up, and when for the last time.
fn failures(ledger: &[Entry], seq: u64) -> impl DoubleEndedIterator<Item = &Entry> {
    let is =
        move |entry: &&Entry| matches!(entry.event, Event::ReplyFailed { of, .. } if of == seq);
    ledger.iter().filter(is)
}

/// The arrival of words that had been given up before, if they have arrived since: as whoever wrote them, and by nobody's
/// asking.
pub(super) fn arrival<'a>(ledger: &'a [Entry], written: &Entry) -> Option<&'a Entry> {
    let failed = failures(ledger, written.seq).next_back()?;
    let mut since = ledger.iter().skip_while(|entry| entry.seq <= failed.seq);
    since.find(|entry| {
        matches!(entry.event, Event::RepliedElsewhere { .. })
            && entry.via == BY_TIME
            && entry.actor == written.actor
    })
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
        if let (Delivery::WriteBack { seq, act, step, .. }, Some(id)) = (&row.what, &row.inquiry) {
            if !is_said(act) || self.have_words_left(row, *step).await? {
                // What went before may have been dead, too.
                self.delivery_arrived(row, Some(*step), now).await?;
                let tail = format!("dead·{}·{}", row.id, row.epoch);
                self.tell_of_lost_act(id, act, why, tail).await?;
                return self.tell_of_death(row, why, now).await;
            }
            // Only the answer was lost: a look at the source has found the words there.
            if self.words_leave_at(row).await? == 0 && self.stands_there(id, *seq).await? {
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
        let unknown = why.strip_prefix(MAY_BE_THERE);
        let message = match unknown {
            None => Message::new("notice-back-lost"),
            Some(_) => Message::new("notice-back-unknown"),
        };
        let message = message
            .with("what", Arg::Word(what.to_owned()))
            .with("why", Arg::Plain(unknown.unwrap_or(why).to_owned()));
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

    /// A delivery arrived (`next` is none), or its requests before `next` did. If with it the words of a reply that had been
    /// dead before, the clock that runs again since stops, by whoever had written it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delivery_arrived(
        &self,
        row: &OutboxRow,
        next: Option<u32>,
        at: Timestamp,
    ) -> Result<(), ActError> {
        let (Delivery::WriteBack { seq, act, .. }, Some(id)) = (&row.what, &row.inquiry) else {
            return Ok(());
        };
        if !is_said(act) {
            return Ok(());
        }
        let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
        let mut runs = stored.inquiry.runs.iter();
        if !runs.any(|run| run.clock.is_response()) {
            // Somebody has answered on another way meanwhile: nothing runs that could stop.
            return Ok(());
        }
        let ledger = self.store.ledger(id).await?;
        let written = ledger.iter().find(|entry| entry.seq == *seq);
        let failed = failures(&ledger, *seq).next_back();
        let (Some(written), Some(failed)) = (written, failed.filter(|failed| failed.at <= at))
        else {
            return Ok(());
        };
        if let Some(next) = next
            && !self.have_words_left(row, next).await?
        {
            return Ok(());
        }
        let order = Order {
            actor: written.actor.clone(),
            ..self.by_time(Some(format!("arrived:{}·{}", row.key, failed.seq)))
        };
        let command = Command::Replied {
            at: Some(at),
            text: None,
            was_sent: true,
        };
        self.act(id, order, command).await?;
        Ok(())
    }

    /// Whether the words of a write-back have left once its requests before `next` have arrived.
    async fn have_words_left(&self, row: &OutboxRow, next: u32) -> Result<bool, ActError> {
        Ok(next > self.words_leave_at(row).await?)
    }

    /// Which request of a write-back is the last that brings its words.
    async fn words_leave_at(&self, row: &OutboxRow) -> Result<u32, ActError> {
        let (Delivery::WriteBack { seq, act, .. }, Some(id)) = (&row.what, &row.inquiry) else {
            return Ok(u32::MAX);
        };
        let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
        let texts = self.store.texts(&texts_of_act(act)).await?;
        let ledger = self.store.ledger(id).await?;
        let written = ledger.iter().find(|entry| entry.seq == *seq);
        Ok(self.way_back.words_leave_at(&Writing {
            origin: &stored.inquiry.item(),
            reference: stored.reference,
            act,
            by: written.and_then(|entry| entry.actor.member()),
            texts: &texts,
            key: &row.key,
        }))
    }

    /// Tells what became of deliveries whose end nobody has told: the process that found it out was gone, or the store was,
    /// before it could. What was told all the same is not said again. Answers how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn settle_untold(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        for untold in self.store.untold_outbox(AT_ONCE).await? {
            let Untold {
                row,
                state,
                why,
                at,
            } = untold;
            let next = match (&row.what, state.as_str()) {
                (_, "sent") => None,
                (Delivery::WriteBack { step, .. }, _) => Some(*step),
                _ => None,
            };
            let told = match state.as_str() {
                "dead" => self.delivery_died(&row, &why.unwrap_or_default()).await,
                _ => self.delivery_arrived(&row, next, at).await,
            };
            match told {
                Ok(()) => {}
                // Nobody will ever be able to.
                Err(error @ (ActError::Refused(_) | ActError::NotFound)) => {
                    tracing::warn!(outbox.key = %row.key, "the end of {} is not told: {error}", row.key);
                }
                Err(error @ (ActError::Contended | ActError::Store(_))) => {
                    tracing::error!(outbox.key = %row.key, "the end of {} is not told yet: {error}", row.key);
                    continue;
                }
            }
            self.store.told_outbox(&row).await?;
            settled += 1;
        }
        Ok(settled)
    }

    /// A write-back is still being tried. When that has taken long, whoever has the inquiry is told of the words that wait
    /// with it, once: to them they count as said.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn delivery_waits(&self, row: &OutboxRow, why: &str) -> Result<(), ActError> {
        let (Delivery::WriteBack { .. }, Some(id), Some(first)) =
            (&row.what, &row.inquiry, row.first_sent_at)
        else {
            return Ok(());
        };
        if self.clock.now() < plus(first, LATE) {
            return Ok(());
        }
        let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
        let ledger = self.store.ledger(id).await?;
        for line in self.store.undone_write_backs().await? {
            let Delivery::WriteBack { seq, act, step, .. } = &line.what else {
                continue;
            };
            let is_of_lane = line.inquiry.as_ref() == Some(id) && line.place == row.place;
            if !is_of_lane || line.state == "dead" || !is_said(act) {
                continue;
            }
            let same = OutboxRow {
                id: line.id.clone(),
                what: line.what.clone(),
                key: line.key.clone(),
                ..row.clone()
            };
            if self.have_words_left(&same, *step).await? {
                continue;
            }
            let what = match act {
                WriteBack::Resolved { .. } => msg!("back-late-answer"),
                _ => msg!("back-late-reply"),
            };
            let message = Message::new("notice-back-late")
                .with("what", Arg::Word(what.to_owned()))
                .with("why", Arg::Plain(why.to_owned()));
            // Whatever died and was brought back to life is another wait.
            let tail = format!("late·{}·{}", line.id, failures(&ledger, *seq).count());
            self.tell_in_thread(&stored, message, tail).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
