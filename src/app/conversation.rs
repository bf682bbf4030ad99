//! What is said in a source: requesters' messages, replies that the team writes there, and our own words coming home.
//!
//! Promises: a message counts once, at its own time; one that is edited later changes nothing. What toban wrote back
//! itself is known again by its words and is no second reply. A write-back that counted as lost and is found in the
//! source after all stops the clock at the time at which it stands there; one that was found before it counted as lost never
//! does. Where one inquiry has followed another, the last
//! hears it.
//!
//! What was written under toban's own account is an echo when its words are those of a write-back that has not failed, of this
//! inquiry or of one that speaks in the same item (what was split off it). Sources give no id for what is written to them
//! (Redmine answers 204), and a mark in the text would be read by requesters; so words are compared, but only those of
//! that account. A message that was known again once stays known by its id: names and texts of the configuration change. The price: a person who writes under toban's account, word for word what toban had written before, is not
//! heard.

use super::changes::{back_key, write_back};
use super::contracts::checked_at_receipt;
use super::desk::{ActError, App, Order};
use super::outgoing::texts_of_act;
use super::ports::{Mapped, MappedMessage, Side, StoreError, Stored, Writing};
use super::receive::{ReceiveError, TRIES, end_of};
use super::seen::{Echoed, First, Seen};
use super::setup::ContractRule;
use super::successor::Succession;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{
    Actor, Clock, Command, Event, Inquiry, Receive, Refusal, Routed, There, evolve,
};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// How many inquiries of one item are looked at for what they wrote there.
const MOST_OF_AN_ITEM: usize = 50;

/// Signs as trackers write them in what was plain.
const ENTITIES: [&str; 7] = [
    "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&apos;", "&nbsp;",
];

/// What went back to the source.
struct Echo {
    /// The entry whose words they are: its inquiry and its place in the ledger.
    of: (InquiryId, u64),
    words: String,
    /// It is known not to have arrived; should it stand there all the same, it is a reply.
    has_failed: bool,
}

/// Whom a message is to be heard by.
enum Hearer {
    /// Whoever stands for the item.
    Item,
    /// The same, of words of ours that had counted as lost.
    Lost,
    /// Another problem in the same item, whose words had counted as lost.
    Aside(InquiryId),
}

impl App {
    /// Takes in the messages of a document, and notes in what is kept of the item which are our own; answers whether any was
    /// news.
    pub(super) async fn receive_messages(
        &self,
        first: &Stored,
        seen: &mut Seen,
        mapped: &Mapped,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let mut is_changed = false;
        let mut echoes = None;
        for message in &mapped.messages {
            // On the heap: what may follow from a message is much, and most documents have none.
            let taken = self.take_message((first, seen), mapped, message, &mut echoes, via);
            is_changed |= Box::pin(taken).await?;
        }
        Ok(is_changed)
    }

    /// Takes in a document that is one message, by an inquiry that is known; answers whether it was news.
    pub(super) async fn hear(
        &self,
        first: &Stored,
        mapped: &Mapped,
        message: &MappedMessage,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        // Mails are whole, and nothing is kept of them.
        let (mut seen, mut echoes) = (Seen::default(), None);
        let taken = self.take_message((first, &mut seen), mapped, message, &mut echoes, via);
        Box::pin(taken).await
    }

    /// A message of the conversation of an item, once; whoever stands for the item hears it.
    async fn take_message(
        &self,
        (first, seen): (&Stored, &mut Seen),
        mapped: &Mapped,
        message: &MappedMessage,
        echoes: &mut Option<Vec<Echo>>,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let key = message_key(mapped, message);
        if self.store.by_command_key(&key).await?.is_some() {
            return Ok(false);
        }
        let line = self.succession(first).await?;
        match self.hearer(&line, message, seen, echoes).await? {
            None => Ok(false),
            Some(to @ (Hearer::Item | Hearer::Lost)) => {
                let was_sent = matches!(to, Hearer::Lost);
                let line = (line, seen.first.as_ref(), was_sent);
                self.receive_message(line, mapped, message, key, via).await
            }
            Some(Hearer::Aside(child)) => {
                let Some(child) = self.store.inquiry(&child).await? else {
                    return Ok(false);
                };
                let line = (Succession::alone(child), None, true);
                self.receive_message(line, mapped, message, key, via).await
            }
        }
    }

    /// Whom a message is to be heard by: `None` for what toban itself wrote back. What was written for another problem in
    /// the same item and counted as lost is that one's after all. The words are looked up once.
    async fn hearer(
        &self,
        line: &Succession,
        message: &MappedMessage,
        seen: &mut Seen,
        echoes: &mut Option<Vec<Echo>>,
    ) -> Result<Option<Hearer>, StoreError> {
        if message.by != Side::Own {
            return Ok(Some(Hearer::Item));
        }
        if echoes.is_none() {
            *echoes = Some(self.echoes(line).await?);
        }
        let stands = |id: &InquiryId| line.all().any(|one| one.inquiry.id == *id);
        let lost = |of: &InquiryId| match stands(of) {
            true => Hearer::Lost,
            false => Hearer::Aside(of.clone()),
        };
        if let Some(known) = { seen.echoes.iter() }.find(|known| known.id == message.id) {
            // It stays ours, and stands there: also where its answer came to count as lost since.
            let mut same = echoes.iter().flatten().filter(|echo| echo.of == known.of);
            let has_failed = same.any(|echo| echo.has_failed);
            return Ok(has_failed.then(|| lost(&known.of.0)));
        }
        let said = plain(&message.text);
        let same = echoes.iter().flatten().filter(|echo| echo.words == said);
        let same: Vec<&Echo> = same.collect();
        let arrived = || same.iter().filter(|echo| !echo.has_failed);
        // The same words may have gone more than once: each stands there for itself.
        let unheard = arrived().find(|echo| !seen.has_echo_of(&echo.of));
        if let Some(echo) = unheard.or(arrived().next()) {
            let of = echo.of.clone();
            seen.remember(Echoed {
                id: message.id.clone(),
                of,
            });
            return Ok(None);
        }
        let of = same.first().map(|echo| &echo.of.0);
        Ok(Some(of.map_or(Hearer::Item, lost)))
    }

    /// The words that went back to the item, from whoever stood for it and from all that shares it with them.
    async fn echoes(&self, line: &Succession) -> Result<Vec<Echo>, StoreError> {
        let mut echoes = Vec::new();
        for stored in self.of_one_item(line).await? {
            echoes.extend(self.echoes_of(&stored).await?);
        }
        Ok(echoes)
    }

    /// The inquiries that speak in one item: those that stood for it, what they came out of, and what was split off any of
    /// them.
    async fn of_one_item(&self, line: &Succession) -> Result<Vec<Stored>, StoreError> {
        let mut all: Vec<Stored> = line.all().cloned().collect();
        let mut at = 0;
        while let Some(one) = all.get(at).filter(|_| at < MOST_OF_AN_ITEM) {
            let linked = one.inquiry.links();
            for link in linked {
                if all.iter().all(|known| known.inquiry.id != link.inquiry)
                    && let Some(next) = self.store.inquiry(&link.inquiry).await?
                {
                    all.push(next);
                }
            }
            at += 1;
        }
        Ok(all)
    }

    /// The words that went back to the source from an inquiry, and of which it is known that they failed.
    async fn echoes_of(&self, stored: &Stored) -> Result<Vec<Echo>, StoreError> {
        let id = &stored.inquiry.id;
        let mut acts = Vec::new();
        let mut failed = BTreeSet::new();
        let mut state = None;
        for entry in self.store.ledger(id).await? {
            let after = evolve(state, &entry);
            if let Event::ReplyFailed { of, .. } = &entry.event {
                failed.insert(*of);
            }
            acts.extend(write_back(&entry, &after).map(|act| (entry, act)));
            state = Some(after);
        }
        // One that was sent after all, as somebody asked, is there. What came back as a mail has gone, and is no reply either.
        if !failed.is_empty() {
            let undone = self.store.undone_write_backs().await?;
            failed.retain(|seq| {
                let key = back_key(id, *seq);
                undone.iter().any(|line| line.key == key)
            });
        }
        let origin = &stored.inquiry.item();
        let ids: Vec<TextId> = acts.iter().flat_map(|(_, act)| texts_of_act(act)).collect();
        let texts = self.store.texts(&ids).await?;
        let words = acts.iter().flat_map(|(entry, act)| {
            let words = self.way_back.echoes(&Writing {
                origin,
                reference: stored.reference,
                act,
                by: entry.actor.member(),
                texts: &texts,
                key: &back_key(id, entry.seq),
            });
            let has_failed = failed.contains(&entry.seq);
            words.into_iter().map(move |words| Echo {
                of: (id.clone(), entry.seq),
                words: plain(&words),
                has_failed,
            })
        });
        Ok(words.collect())
    }

    /// Whether the words of an entry were read in the source before it was known that they had gone.
    pub(super) async fn stands_there(&self, id: &InquiryId, seq: u64) -> Result<bool, StoreError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(false);
        };
        let item = stored.inquiry.item();
        let ids = [item.external_id.clone()];
        let known = self.store.known(&item.source, &ids).await?;
        let kept = known.values().next();
        let seen = Seen::read(kept.and_then(|known| known.seen.as_deref()));
        Ok(seen.has_echo_of(&(id.clone(), seq)))
    }

    /// A message is heard by whoever stands for the item; the team's by whoever did when it was written, for that is what it
    /// answers. What was said before the receipt belongs to the inquiry itself: what stood in the document that it came with.
    async fn receive_message(
        &self,
        (line, at_first, was_sent): (Succession, Option<&First>, bool),
        mapped: &Mapped,
        message: &MappedMessage,
        key: String,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let is_whole = mapped.heard.is_some();
        // What the first document did not hold is news, whatever its time says; of a follower only times can tell.
        let at_first = at_first.filter(|_| line.is_alone());
        let was_there = at_first.and_then(|first| first.had(message));
        let is_before = || was_there.unwrap_or_else(|| message.at <= line.heard_since());
        let by = match message.by {
            Side::Requester if !is_whole && is_before() => return Ok(false),
            Side::Requester => line.last(),
            Side::Team | Side::Own => line.at(message.at),
        };
        let Some(by) = self.store.inquiry(&by.inquiry.id).await? else {
            return Ok(false);
        };
        let is_known_new = was_there == Some(false);
        if message.by == Side::Requester
            && !is_whole
            && !is_known_new
            && is_past(message.at, &by.inquiry)
        {
            return Ok(false);
        }
        let text: TextId = self.ids.id().into();
        let at = match message.by {
            // Written after the receipt, whatever their clock says.
            Side::Requester if is_known_new => message.at.max(by.inquiry.received_at),
            Side::Requester | Side::Team | Side::Own => heard_at(message, is_whole, &by.inquiry),
        };
        let at = at.min(self.clock.now());
        let (actor, command) = match message.by {
            Side::Requester => (
                Actor::Requester,
                Command::RequesterReplied {
                    text: text.clone(),
                    at,
                },
            ),
            Side::Team | Side::Own => (
                Actor::Source(mapped.source.clone()),
                Command::Replied {
                    at: Some(at),
                    text: Some(text.clone()),
                    was_sent,
                },
            ),
        };
        let order = Order {
            actor,
            via: via.to_owned(),
            command_key: Some(key),
            texts: vec![(text, message.text.clone())],
        };
        let id = &by.inquiry.id;
        match self.act(id, order.clone(), command.clone()).await {
            Ok(done) => Ok(!done.events.is_empty()),
            // A team's message of before the receipt answers nothing.
            Err(ActError::Refused(Refusal::BeforeReceipt { .. })) => Ok(false),
            Err(ActError::Refused(Refusal::TooLate { .. })) => {
                self.follow_up(line, mapped, message, (order, command))
                    .await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Long after the end a requester's words are an inquiry of their own, linked to the one before.
    async fn follow_up(
        &self,
        mut line: Succession,
        mapped: &Mapped,
        message: &MappedMessage,
        (order, command): (Order, Command),
    ) -> Result<bool, ReceiveError> {
        for _ in 0..TRIES {
            let receive = self.following(&line, mapped, message, &order).await?;
            let done = self.open(receive, order.clone(), (None, None)).await?;
            if done.is_some() {
                return Ok(true);
            }
            // Somebody else opened it, and then it is there; or nobody did, and then it is opened now.
            line = self.succession(line.first()).await?;
            let id = &line.last().inquiry.id;
            match self.act(id, order.clone(), command.clone()).await {
                Ok(done) => return Ok(!done.events.is_empty()),
                Err(ActError::Refused(Refusal::TooLate { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ActError::Contended.into())
    }

    /// The receipt of words that come long after the end: what is known of the case stays known.
    async fn following(
        &self,
        line: &Succession,
        mapped: &Mapped,
        message: &MappedMessage,
        order: &Order,
    ) -> Result<Receive, ReceiveError> {
        let before = &line.last().inquiry;
        let mut facts = before.facts.clone();
        facts.body = order.texts.first().map(|(id, _)| id.clone());
        facts.needed_by = None;
        let mut receive = self
            .new_inquiry(mapped, line.next_id(), facts, before.queue.clone(), false)
            .await?;
        let here = self.setup.queue(&receive.queue);
        if here.contract != ContractRule::Off {
            let customer = self.customer_of(&receive.facts).await?;
            let finding = self
                .contract_of(customer.as_deref(), &receive.facts.product)
                .await?;
            receive.contract = checked_at_receipt(finding, here);
        }
        receive.follows = Some(before.id.clone());
        receive.routed = Some(Routed::Follows);
        receive.escalated_at = Some(message.at);
        // What they write is to be answered, however the item stands there.
        receive.there = There::Open;
        Ok(receive)
    }
}

/// Whether a requester's words are of before the receipt and were settled with it. They count while the first word is owed,
/// and where they follow it; what a build of before this one passed over without a trace is no news years later.
fn is_past(at: Timestamp, by: &Inquiry) -> bool {
    let is_awaited = by.is_open() && (by.run(Clock::FirstResponse).is_some() || by.is_held());
    let responses = by.ended.iter().filter(|it| it.run.clock.is_response());
    let settled_at = responses.map(|response| response.ended_at).max();
    at <= by.received_at && !is_awaited && settled_at.is_none_or(|settled_at| at <= settled_at)
}

/// When a message counts as heard. Where a document is one message, what was written while the first waited to be fetched
/// stands in no document that the inquiry was opened with: it counts as of the beginning. A time in whole seconds that may
/// be as late as an answer has to be is not too early.
fn heard_at(message: &MappedMessage, is_whole: bool, by: &Inquiry) -> Timestamp {
    match message.by {
        Side::Requester if is_whole => message.at.max(by.began_at()),
        Side::Requester => message.at,
        Side::Team | Side::Own => {
            let (at, until) = (message.at, end_of(message.at));
            let from = by.answerable_from();
            let is_after = is_whole || until >= from;
            let owed = by.owed_within(at, until).unwrap_or(at);
            if is_after { owed.max(from) } else { at }
        }
    }
}

pub(super) fn message_key(mapped: &Mapped, message: &MappedMessage) -> String {
    format!("{}:{}:m:{}", mapped.source, mapped.external_id, message.id)
}

/// Words without what editors and trackers change about them: spaces, line ends, marks of markup, signs as entities. What is
/// nothing but such signs stays as it is.
fn plain(words: &str) -> String {
    let mut words = words.trim().replace("\r\n", "\n");
    for entity in ENTITIES {
        words = words.replace(entity, " ");
    }
    let letters: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
    match letters.is_empty() {
        true => words,
        false => letters,
    }
}

#[cfg(test)]
mod tests;
