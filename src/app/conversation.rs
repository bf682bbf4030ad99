//! What is said in a source: requesters' messages, replies that the team writes there, and our own words coming home.
//!
//! Promises: a message counts once, at its own time; one that is edited later changes nothing. What toban wrote back
//! itself is known again by its words and is no second reply. A write-back that counted as lost and is found in the
//! source after all stops the clock at the time at which it stands there.
//!
//! What was written under toban's own account is an echo when its words are those of a write-back that has not failed, of this
//! inquiry or of one that speaks in the same item (what was split off it). Sources give no id for what is written to them (Redmine answers 204), and a mark in the text would be
//! read by requesters; so words are compared, but only those of that account. The price: a person who writes under
//! toban's account, word for word what toban had written before, is not heard.

use super::changes::{back_key, write_back};
use super::contracts::checked_at_receipt;
use super::desk::{ActError, App, Order};
use super::outgoing::texts_of_act;
use super::ports::{Mapped, MappedMessage, Side, StoreError, Stored, Writing};
use super::receive::{ReceiveError, TRIES, end_of};
use super::setup::ContractRule;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{Actor, Command, Event, Refusal, There, evolve};
use std::collections::BTreeSet;

/// How many inquiries of one item are looked at for what they wrote there.
const MOST_OF_AN_ITEM: usize = 50;

/// What went back to the source.
struct Echo {
    inquiry: InquiryId,
    words: String,
    /// It is known not to have arrived; should it stand there all the same, it is a reply.
    has_failed: bool,
}

impl App {
    /// Takes in the messages of a document; answers whether any was news.
    pub(super) async fn receive_messages(
        &self,
        id: &InquiryId,
        mapped: &Mapped,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let mut is_changed = false;
        let mut echoes = None;
        for message in &mapped.messages {
            let key = message_key(mapped, message);
            if self.store.by_command_key(&key).await?.is_some() {
                continue;
            }
            let Some(whose) = self.whose(id, message, &mut echoes).await? else {
                continue;
            };
            is_changed |= self
                .receive_message(&whose, mapped, message, key, via)
                .await?;
        }
        Ok(is_changed)
    }

    /// Takes in a document that is one message, by an inquiry that is known; answers whether it was news.
    pub(super) async fn hear(
        &self,
        stored: &Stored,
        mapped: &Mapped,
        message: &MappedMessage,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let id = &stored.inquiry.id;
        let key = message_key(mapped, message);
        if self.store.by_command_key(&key).await?.is_some() {
            return Ok(false);
        }
        let Some(whose) = self.whose(id, message, &mut None).await? else {
            return Ok(false);
        };
        // What was written while the first message waited to be fetched stands in no document that the inquiry was
        // opened with: it is heard as of the receipt.
        let message = MappedMessage {
            at: message.at.max(stored.inquiry.received_at),
            ..message.clone()
        };
        self.receive_message(&whose, mapped, &message, key, via)
            .await
    }

    /// The inquiry that a message is to be heard by: `None` for what toban itself wrote back. What was written for another
    /// problem in the same item and counted as lost is that one's after all. The words are looked up once.
    async fn whose(
        &self,
        id: &InquiryId,
        message: &MappedMessage,
        echoes: &mut Option<Vec<Echo>>,
    ) -> Result<Option<InquiryId>, StoreError> {
        if message.by != Side::Own {
            return Ok(Some(id.clone()));
        }
        if echoes.is_none() {
            *echoes = Some(self.echoes(id).await?);
        }
        let said = plain(&message.text);
        let same = echoes.iter().flatten().filter(|echo| echo.words == said);
        let same: Vec<&Echo> = same.collect();
        if same.iter().any(|echo| !echo.has_failed) {
            return Ok(None);
        }
        Ok(Some(same.first().map_or(id, |echo| &echo.inquiry).clone()))
    }

    /// The words that went back to the item of an inquiry, from it and from all that shares the item with it.
    async fn echoes(&self, id: &InquiryId) -> Result<Vec<Echo>, StoreError> {
        let mut echoes = Vec::new();
        for stored in self.of_one_item(id).await? {
            echoes.extend(self.echoes_of(&stored).await?);
        }
        Ok(echoes)
    }

    /// The inquiries that speak in one item: itself, what it came out of, and what was split off any of them.
    async fn of_one_item(&self, id: &InquiryId) -> Result<Vec<Stored>, StoreError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(Vec::new());
        };
        let mut all = vec![stored];
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
        let origin = &stored.inquiry.origin;
        acts.retain(|(_, act)| self.way_back.takes(&origin.source, act));
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
                inquiry: id.clone(),
                words: plain(&words),
                has_failed,
            })
        });
        Ok(words.collect())
    }

    /// A message of the source's conversation, once. What was said before the receipt belongs to the inquiry itself.
    async fn receive_message(
        &self,
        id: &InquiryId,
        mapped: &Mapped,
        message: &MappedMessage,
        key: String,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(false);
        };
        let text: TextId = self.ids.id().into();
        let received_at = stored.inquiry.received_at;
        // A time in whole seconds that may be after the receipt is not before it.
        let at = match end_of(message.at) >= received_at {
            true => message.at.max(received_at),
            false => message.at,
        };
        let (actor, command) = match message.by {
            Side::Requester if mapped.heard.is_none() && message.at <= received_at => {
                return Ok(false);
            }
            Side::Requester => (
                Actor::Requester,
                Command::RequesterReplied {
                    text: text.clone(),
                    at: message.at.min(self.clock.now()),
                },
            ),
            Side::Team | Side::Own => (
                Actor::Source(mapped.source.clone()),
                Command::Replied {
                    at: Some(at.min(self.clock.now())),
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
        match self.act(id, order.clone(), command).await {
            Ok(done) => Ok(!done.events.is_empty()),
            // A team's message of before the receipt answers nothing.
            Err(ActError::Refused(Refusal::BeforeReceipt { .. })) => Ok(false),
            Err(ActError::Refused(Refusal::TooLate { .. })) => {
                self.follow_up(&stored, mapped, message, order).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Long after the end a requester's words are an inquiry of their own, linked to the old one.
    async fn follow_up(
        &self,
        old: &Stored,
        mapped: &Mapped,
        message: &MappedMessage,
        order: Order,
    ) -> Result<bool, ReceiveError> {
        let (mut n, mut lost) = (2u32, 0);
        loop {
            let external_id = format!("{}~{n}", old.inquiry.origin.external_id);
            if let Some(next) = self.store.by_external(&mapped.source, &external_id).await? {
                let text = order
                    .texts
                    .first()
                    .map(|(id, _)| id.clone())
                    .unwrap_or_else(|| self.ids.id().into());
                let command = Command::RequesterReplied {
                    text,
                    at: message.at,
                };
                match self.act(&next.inquiry.id, order.clone(), command).await {
                    Ok(done) => return Ok(!done.events.is_empty()),
                    Err(ActError::Refused(Refusal::TooLate { .. })) => {
                        n += 1;
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            let mut facts = old.inquiry.facts.clone();
            facts.body = order.texts.first().map(|(id, _)| id.clone());
            facts.needed_by = None;
            let queue = old.inquiry.queue.clone();
            let mut receive = self
                .new_inquiry(mapped, external_id, facts, queue, false)
                .await?;
            let customer = mapped.customer.as_deref();
            let here = self.setup.queue(&receive.queue);
            if here.contract != ContractRule::Off {
                let finding = self.contract_of(customer, &receive.facts.product).await?;
                receive.contract = checked_at_receipt(finding, here);
            }
            receive.follows = Some(old.inquiry.id.clone());
            receive.escalated_at = Some(message.at);
            // What they write is to be answered, however the item stands there.
            receive.there = There::Open;
            if self
                .open(receive, order.clone(), (None, None))
                .await?
                .is_some()
            {
                return Ok(true);
            }
            // Somebody else opened it, and then it is there; or nobody did, and then it is opened now.
            lost += 1;
            if lost == TRIES {
                return Err(ActError::Contended.into());
            }
        }
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
