//! What a source says of an item that is known: its newer word, that it stands otherwise there, or that it is gone.
//!
//! Promises: whatever order documents come in, the newest word stands; one that changes nothing makes no event. What is
//! decided was compared with what is kept of the item, and both are written together, so that two documents at once
//! cannot pass each other. Leaves out what is new (`receive`), what was said there (`conversation`), items that open again
//! long after their end (`successor`), and ids that are used again (`reused`).

mod owners;

use super::desk::{ActError, App, Compared, Order};
use super::facts::{NewWords, filled, revision, text_ids};
use super::ports::{KnownItem, Mapped, SeenMark, SeenWrite, StoreError, Stored};
use super::receive::{ReceiveError, Received, end_of, is_later};
use super::seen::{News, Seen};
use super::setup::SourceSetup;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{
    Actor, Checked, Command, Event, Facts, Inquiry, LinesChanged, Refusal, Revision, There, decide,
    is_ahead, update_and_check,
};
use crate::domain::sla::Policy;
use crate::time::Timestamp;
use std::collections::HashMap;

/// How a document came, and what is known beside it.
pub(super) struct Delivery<'a> {
    pub mapped: &'a Mapped,
    pub source: &'a SourceSetup,
    /// The document's hash.
    pub mark: &'a str,
    pub via: &'a str,
    /// Whether it was fetched: then it is what is there now.
    pub is_fetched: bool,
}

/// What became of a document of a known item.
pub(super) enum Taken {
    Changed(Received),
    /// What is kept of the item is still to be written; often nothing else changed.
    Unchanged(Received, SeenMark),
    /// Nothing at all.
    Nothing(Received),
    /// The inquiry moved on meanwhile: to be read and decided again.
    Moved,
}

impl App {
    /// Takes in a document of an item that is known, with what was said there.
    ///
    /// `texts` are the words of the inquiry's facts, where whoever asks has read them.
    pub(super) async fn take_known(
        &self,
        known: &KnownItem,
        delivery: &Delivery<'_>,
        texts: Option<&HashMap<TextId, String>>,
    ) -> Result<Taken, ReceiveError> {
        let Delivery {
            mapped, mark, via, ..
        } = delivery;
        if let Some(message) = &mapped.heard {
            // A mail of before the first contact promises nothing, whether it began a conversation or went on with one.
            let is_changed = !self.is_backlog(mapped, delivery.source).await?
                && self.hear(&known.stored, mapped, message, via).await?;
            return Ok(Taken::Nothing(Received {
                reference: Some(known.stored.reference),
                inquiry: Some(known.stored.inquiry.id.clone()),
                is_new: false,
                is_changed,
                is_skipped: false,
            }));
        }
        let before = seen_of(known, self.clock.now());
        let given = mapped.revision.as_deref();
        let news = before.judge(given, mark, delivery.is_fetched);
        let mut received = Received {
            reference: Some(known.stored.reference),
            inquiry: Some(known.stored.inquiry.id.clone()),
            is_new: false,
            is_changed: false,
            is_skipped: false,
        };
        if mapped.is_deleted {
            if news != News::Older && self.is_gone(&known.stored, mapped, via).await? {
                received.is_changed = true;
                return Ok(Taken::Changed(received));
            }
            return Ok(Taken::Nothing(received));
        }
        let after = before.after(given, mark);
        let after = after.changed(mapped.changed_at, self.clock.now());
        // What is as it was, or older, says nothing anew, and what lacks its detail nothing by naming nobody. A name that looks
        // older than what was done here is looked at again with the next change.
        let is_silent = news == News::Again
            || before.is_outdated(given, mapped.changed_at)
            || (mapped.is_partial && mapped.owner.is_none())
            || self
                .is_passed_over((&known.stored, &before), delivery)
                .await?;
        let mut after = match is_silent {
            true => after,
            false => after.naming(
                mapped.owner.as_deref(),
                delivery.is_fetched,
                self.clock.now(),
            ),
        };
        // Words of ours that are new are noted below; until then the document is not done with.
        let is_heard = before.knows_own(&mapped.messages);
        let mut write = SeenWrite {
            expected: known.seen.clone(),
            seen: Some(after.write()),
            mark: is_heard.then(|| (*mark).to_owned()),
        };
        let there = self
            .there_news(&known.stored, &before, delivery, news)
            .await?;
        // Whether a change was written together with what is kept of the item.
        let mut is_kept = news == News::Again;
        match news {
            News::Older => {
                tracing::debug!(source = %mapped.source, "an older revision of {} came after a newer one", mapped.external_id);
                received.is_changed = self.flag_reused(&known.stored, mapped, via).await?;
                received.is_changed |= self
                    .receive_messages(&known.stored, &mut after, mapped, via)
                    .await?;
                return Ok(Taken::Nothing(received));
            }
            News::Again if there.is_none() => {}
            News::New | News::SameRevision | News::Again => {
                let updated = self
                    .update((known, &before), delivery, there, &write, texts)
                    .await?;
                match updated {
                    Updated::Moved => return Ok(Taken::Moved),
                    Updated::Nothing => {}
                    // Its delivery was taken in before, and something newer may have come since.
                    Updated::Repeated => {
                        received.is_changed = self
                            .receive_messages(&known.stored, &mut after, mapped, via)
                            .await?;
                        return Ok(Taken::Nothing(received));
                    }
                    Updated::HandedOn(next) => {
                        received = next;
                    }
                    Updated::Changed(next) => {
                        if news == News::SameRevision {
                            tracing::info!(source = %mapped.source, "{} changed under the revision it had; the later delivery was taken", mapped.external_id);
                        }
                        received = next;
                        is_kept = true;
                    }
                }
            }
        }
        received.is_changed |= self
            .receive_messages(&known.stored, &mut after, mapped, via)
            .await?;
        if received.is_changed && is_kept {
            return Ok(Taken::Changed(received));
        }
        // A redelivery has nothing to keep.
        if news == News::Again && !delivery.is_fetched {
            return Ok(Taken::Nothing(received));
        }
        write.seen = Some(after.write());
        write.mark = Some((*mark).to_owned());
        let mark = SeenMark {
            inquiry: known.stored.inquiry.id.clone(),
            version: known.stored.inquiry.seq,
            write,
        };
        Ok(Taken::Unchanged(received, mark))
    }

    async fn update(
        &self,
        (known, before): (&KnownItem, &Seen),
        delivery: &Delivery<'_>,
        there: Option<There>,
        write: &SeenWrite,
        texts: Option<&HashMap<TextId, String>>,
    ) -> Result<Updated, ReceiveError> {
        let stored = &known.stored;
        let mapped = delivery.mapped;
        let policy = self.policy(&stored.inquiry.policy).await?;
        let now = self.clock.now();
        let mut said = if stored.inquiry.is_long_closed(policy.reopen_days, now) {
            if let Some(standing) = self.stand_in((stored, before), delivery, there).await? {
                // The old one only keeps account of the item.
                if let Some(there) = there {
                    let order = self.order_of(delivery, false, Vec::new());
                    let find = Said {
                        command: Command::Find { there },
                        checked: None,
                        words: Vec::new(),
                    };
                    let done = self.on(stored, order, &find, write).await?;
                    return Ok(match done {
                        Updated::Moved => Updated::Moved,
                        Updated::Nothing
                        | Updated::Repeated
                        | Updated::HandedOn(_)
                        | Updated::Changed(_) => Updated::Changed(standing),
                    });
                }
                return Ok(Updated::HandedOn(standing));
            }
            self.update_of((stored, before), delivery, there, texts)
                .await?
        } else {
            self.update_of((stored, before), delivery, there, texts)
                .await?
        };
        let words = std::mem::take(&mut said.words);
        let order = self.order_of(delivery, mapped.delivery_id.is_some(), words);
        self.on(stored, order, &said, write).await
    }

    /// The update of an inquiry by a document, with the words that it names.
    pub(super) async fn update_of(
        &self,
        (stored, before): (&Stored, &Seen),
        delivery: &Delivery<'_>,
        there: Option<There>,
        texts: Option<&HashMap<TextId, String>>,
    ) -> Result<Said, StoreError> {
        let mapped = delivery.mapped;
        let read;
        let texts = match texts {
            Some(texts) => texts,
            None => {
                read = self.store.texts(&text_ids(&stored.inquiry.facts)).await?;
                &read
            }
        };
        let facts = &stored.inquiry.facts;
        let mapped = &*filled(mapped, delivery.source, facts, texts);
        let mut words = NewWords::new(self);
        words.know(
            text_ids(&stored.inquiry.facts)
                .into_iter()
                .filter_map(|id| Some((texts.get(&id)?, id))),
        );
        let (facts, checked) = self
            .facts_anew(stored, mapped, delivery.source, &mut words)
            .await?;
        let command = Command::Update {
            revision: Some(revision(mapped)),
            body: body_change(&stored.inquiry.facts, texts, mapped.body.as_deref()),
            facts: Box::new(facts),
            there,
            owner: self.owner_news((stored, before), delivery).await?,
        };
        Ok(Said {
            command,
            checked,
            words: words.made,
        })
    }

    async fn on(
        &self,
        stored: &Stored,
        order: Order,
        said: &Said,
        write: &SeenWrite,
    ) -> Result<Updated, ReceiveError> {
        let compared = Compared {
            version: stored.inquiry.seq,
            write: SeenWrite {
                // What was said there is still to be taken in.
                mark: None,
                ..write.clone()
            },
        };
        let done = self
            .decide_and_commit_on(&stored.inquiry.id, order, Some(compared), said.decision())
            .await;
        match done {
            Err(ActError::Contended) => Ok(Updated::Moved),
            Err(error) => Err(error.into()),
            Ok(done) if done.is_repeat => Ok(Updated::Repeated),
            Ok(done) if done.events.is_empty() => Ok(Updated::Nothing),
            Ok(done) => Ok(Updated::Changed(Received {
                reference: Some(done.stored.reference),
                inquiry: Some(done.stored.inquiry.id),
                is_new: false,
                is_changed: true,
                is_skipped: false,
            })),
        }
    }

    pub(super) fn order_of(
        &self,
        delivery: &Delivery<'_>,
        is_keyed: bool,
        texts: Vec<(TextId, String)>,
    ) -> Order {
        let mapped = delivery.mapped;
        let actor = Actor::Source(mapped.source.clone());
        let order = self.order(&actor, delivery.via, mapped, texts);
        Order {
            command_key: order.command_key.filter(|_| is_keyed),
            ..order
        }
    }

    /// How the item stands there now, where that is news.
    async fn there_news(
        &self,
        stored: &Stored,
        before: &Seen,
        delivery: &Delivery<'_>,
        news: News,
    ) -> Result<Option<There>, StoreError> {
        let mapped = delivery.mapped;
        if news == News::Older || (news == News::Again && !delivery.is_fetched) {
            return Ok(None);
        }
        if before.is_outdated(mapped.revision.as_deref(), mapped.changed_at) {
            return Ok(None);
        }
        let found = stored.inquiry.found.as_ref();
        Ok(match (mapped.is_closed, stored.inquiry.there()) {
            // What is open here was not ended by an answer of ours, whatever stands there.
            (false, There::Open | There::Gone)
                if mapped.is_answered && !stored.inquiry.is_open() =>
            {
                Some(There::Answered)
            }
            (false, There::Closed | There::Answered) if mapped.is_answered => None,
            (false, There::Open) => None,
            (false, There::Gone) => Some(There::Open),
            // What is no newer by its revision may be a page that was under way when the item was closed.
            (false, There::Closed | There::Answered) => (before
                .is_newer(mapped.revision.as_deref(), mapped.changed_at)
                || found.is_none_or(|found| is_later(mapped, found.at)))
            .then_some(There::Open),
            // Whoever stands for the item is closed, and may have been reopened here.
            (true, there) => {
                let standing = self.succession(stored).await?;
                let standing = standing.last();
                let is_news = match there {
                    There::Open | There::Gone | There::Answered => true,
                    // It was reopened here, and closed there once more.
                    There::Closed => {
                        let inquiry = &standing.inquiry;
                        let was_ended_there = inquiry.there() == There::Closed;
                        news != News::Again
                            && inquiry.is_open()
                            && was_ended_there
                            && mapped.changed_at.is_some()
                    }
                };
                (is_news && self.is_closing_news(standing, mapped).await?).then_some(There::Closed)
            }
        })
    }

    /// Whether the source closed the item after it was last reopened here.
    async fn is_closing_news(&self, stored: &Stored, mapped: &Mapped) -> Result<bool, StoreError> {
        if !stored.inquiry.is_open() || mapped.changed_at.is_none() {
            return Ok(true);
        }
        let ledger = self.store.ledger(&stored.inquiry.id).await?;
        let mut reopened = ledger.iter().filter(|entry| {
            matches!(entry.event, Event::Reopened { .. })
                && !matches!(entry.actor, Actor::Source(_))
        });
        Ok(reopened.all(|entry| is_later(mapped, entry.at)))
    }

    /// The item is gone: so is what stands for it. Answers whether anything changed.
    async fn is_gone(
        &self,
        stored: &Stored,
        mapped: &Mapped,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let is_stale = stored
            .inquiry
            .found
            .as_ref()
            .is_some_and(|found| mapped.changed_at.is_some_and(|at| end_of(at) < found.at));
        if is_stale {
            return Ok(false);
        }
        let mut is_changed = false;
        for standing in self.succession(stored).await?.all() {
            let id = &standing.inquiry.id;
            is_changed |= self.find_gone(id, &mapped.source, via).await?;
        }
        Ok(is_changed)
    }

    /// Records that the item of an inquiry is gone; answers whether that is news.
    pub(super) async fn find_gone(
        &self,
        id: &InquiryId,
        source: &crate::domain::ids::SourceId,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let order = Order {
            actor: Actor::Source(source.clone()),
            via: via.to_owned(),
            command_key: None,
            texts: Vec::new(),
        };
        let find = Command::Find { there: There::Gone };
        let done = self.act(id, order, find).await?;
        Ok(!done.events.is_empty())
    }
}

/// What a document asks of the inquiry that knows it.
pub(super) struct Said {
    pub command: Command,
    /// What the contract register says, where the document names another customer or product.
    checked: Option<Checked>,
    /// The words that the command names.
    pub words: Vec<(TextId, String)>,
}

impl Said {
    /// How it is decided, as often as that must be.
    pub fn decision(
        &self,
    ) -> impl Fn(&Inquiry, &Policy, &Actor, Timestamp) -> Result<Vec<Event>, Refusal> + Send + Sync
    {
        |inquiry, policy, actor, now| {
            let command = self.command.clone();
            match &self.checked {
                None => decide(inquiry, policy, actor, command, now),
                Some(checked) => {
                    update_and_check(inquiry, policy, actor, (command, checked.clone()), now)
                }
            }
        }
    }
}

enum Updated {
    Changed(Received),
    /// Another inquiry stands for the item, and took it; what is kept of the item is still to be written.
    HandedOn(Received),
    Nothing,
    /// The delivery had been taken in before.
    Repeated,
    Moved,
}

/// What is kept of an item; of one that was taken in before anything was kept, its revision. A revision of a time that is
/// still to come orders nothing.
pub(super) fn seen_of(known: &KnownItem, now: Timestamp) -> Seen {
    let mut seen = Seen::read(known.seen.as_deref());
    if seen.revision.is_none()
        && let Some(Revision::Ordered(revision)) = &known.stored.inquiry.origin.revision
    {
        seen.revision = Some(revision.clone());
    }
    seen.revision = seen.revision.filter(|known| !is_ahead(known, now));
    seen
}

/// How many lines of the body came and went, where both are known and any did.
fn body_change(
    facts: &Facts,
    texts: &HashMap<TextId, String>,
    new: Option<&str>,
) -> Option<LinesChanged> {
    let old = texts.get(facts.body.as_ref()?)?;
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for line in new?.lines() {
        *counts.entry(line).or_default() += 1;
    }
    for line in old.lines() {
        *counts.entry(line).or_default() -= 1;
    }
    let sum = |of: &dyn Fn(i64) -> i64| {
        let all: i64 = counts.values().map(|count| of(*count).max(0)).sum();
        u32::try_from(all).unwrap_or(u32::MAX)
    };
    let (added, removed) = (sum(&|count| count), sum(&|count| -count));
    (added + removed > 0).then_some(LinesChanged { added, removed })
}

#[cfg(test)]
mod tests;
