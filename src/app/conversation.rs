//! What is said in a source: requesters' messages, replies that the team writes there, and our own words coming home.
//!
//! Promises: a message counts once, at its own time; one that is edited later changes nothing. What toban wrote back
//! itself is known again by its words and is no second reply. A write-back that counted as lost and is found in the
//! source after all stops the clock at the time at which it stands there. Where one inquiry has followed another, the last
//! hears it.
//!
//! What was written under toban's own account is an echo when its words are those of a write-back of this inquiry that
//! has not failed. Sources give no id for what is written to them (Redmine answers 204), and a mark in the text would be
//! read by requesters; so words are compared, but only those of that account. The price: a person who writes under
//! toban's account, word for word what toban had written before, is not heard.

use super::changes::{back_key, write_back};
use super::contracts::checked_at_receipt;
use super::desk::{ActError, App, Order};
use super::outgoing::texts_of_act;
use super::ports::{Mapped, MappedMessage, Side, StoreError, Stored, Writing};
use super::receive::{ReceiveError, TRIES, end_of};
use super::setup::ContractRule;
use super::successor::Succession;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Actor, Command, Event, Inquiry, Receive, Refusal, There, evolve};
use crate::time::Timestamp;
use std::collections::{BTreeSet, HashSet};

impl App {
    /// Takes in the messages of a document; answers whether any was news.
    pub(super) async fn receive_messages(
        &self,
        first: &Stored,
        mapped: &Mapped,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let mut is_changed = false;
        let mut echoes = None;
        for message in &mapped.messages {
            // On the heap: what may follow from a message is much, and most documents have none.
            let taken = self.take_message(first, mapped, message, &mut echoes, via);
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
        Box::pin(self.take_message(first, mapped, message, &mut None, via)).await
    }

    /// A message of the conversation of an item, once; whoever stands for the item hears it.
    async fn take_message(
        &self,
        first: &Stored,
        mapped: &Mapped,
        message: &MappedMessage,
        echoes: &mut Option<HashSet<String>>,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let key = message_key(mapped, message);
        if self.store.by_command_key(&key).await?.is_some() {
            return Ok(false);
        }
        let line = self.succession(first).await?;
        if self.is_echo(&line, message, echoes).await? {
            return Ok(false);
        }
        self.receive_message(line, mapped, message, key, via).await
    }

    /// Whether a message is what toban itself wrote back; the words are looked up once.
    async fn is_echo(
        &self,
        line: &Succession,
        message: &MappedMessage,
        echoes: &mut Option<HashSet<String>>,
    ) -> Result<bool, StoreError> {
        if message.by != Side::Own {
            return Ok(false);
        }
        if echoes.is_none() {
            let mut words = HashSet::new();
            for stored in line.all() {
                words.extend(self.echoes(stored).await?);
            }
            *echoes = Some(words);
        }
        let mut echoes = echoes.iter().flatten();
        Ok(echoes.any(|echo| *echo == plain(&message.text)))
    }

    /// The words that went back to the source of an inquiry, those aside of which it is known that they failed.
    async fn echoes(&self, stored: &Stored) -> Result<HashSet<String>, StoreError> {
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
        let origin = &stored.inquiry.item();
        acts.retain(|(entry, act)| {
            !failed.contains(&entry.seq) && self.way_back.takes(&origin.source, act)
        });
        let ids: Vec<TextId> = acts.iter().flat_map(|(_, act)| texts_of_act(act)).collect();
        let texts = self.store.texts(&ids).await?;
        let words = acts.iter().flat_map(|(entry, act)| {
            self.way_back.echoes(&Writing {
                origin,
                reference: stored.reference,
                act,
                by: entry.actor.member(),
                texts: &texts,
                key: &back_key(id, entry.seq),
            })
        });
        Ok(words.map(|words| plain(&words)).collect())
    }

    /// A message is heard by whoever stands for the item; the team's by whoever did when it was written, for that is what it
    /// answers. What was said before the receipt belongs to the inquiry itself.
    async fn receive_message(
        &self,
        line: Succession,
        mapped: &Mapped,
        message: &MappedMessage,
        key: String,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let is_whole = mapped.heard.is_some();
        let by = match message.by {
            Side::Requester if !is_whole && message.at <= line.heard_since() => return Ok(false),
            Side::Requester => line.last(),
            Side::Team | Side::Own => line.at(message.at),
        };
        let Some(by) = self.store.inquiry(&by.inquiry.id).await? else {
            return Ok(false);
        };
        let text: TextId = self.ids.id().into();
        let at = heard_at(message, is_whole, &by.inquiry).min(self.clock.now());
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
        receive.escalated_at = Some(message.at);
        // What they write is to be answered, however the item stands there.
        receive.there = There::Open;
        Ok(receive)
    }
}

/// When a message counts as heard. Where a document is one message, what was written while the first waited to be fetched
/// stands in no document that the inquiry was opened with: it counts as of the beginning. A time in whole seconds that may
/// be after the beginning is not before it.
fn heard_at(message: &MappedMessage, is_whole: bool, by: &Inquiry) -> Timestamp {
    match message.by {
        Side::Requester if is_whole => message.at.max(by.began_at()),
        Side::Requester => message.at,
        Side::Team | Side::Own if is_whole || end_of(message.at) >= by.began_at() => {
            message.at.max(by.answerable_from())
        }
        Side::Team | Side::Own => message.at,
    }
}

pub(super) fn message_key(mapped: &Mapped, message: &MappedMessage) -> String {
    format!("{}:{}:m:{}", mapped.source, mapped.external_id, message.id)
}

/// Words without what editors change about them.
fn plain(words: &str) -> String {
    words.trim().replace("\r\n", "\n")
}

#[cfg(test)]
mod tests;
