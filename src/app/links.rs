//! What is linked, by the references that people know: on a card with how the other one stands, in a sentence as its number.
//!
//! Ledgers name inquiries by their ids, for a reference is given out by the store; here they are looked up when something is
//! said.

use super::desk::App;
use super::ports::StoreError;
use crate::domain::card::Card;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{Inquiry, Link, LinkStanding, Linked, Relation};
use crate::domain::notice::{Arg, Message};
use std::collections::BTreeMap;

impl App {
    /// A card with what its links are called and how they stand. What follows an inquiry is known by its external id alone.
    pub(super) async fn with_links(
        &self,
        mut card: Card,
        inquiry: &Inquiry,
    ) -> Result<Card, StoreError> {
        for link in &mut card.links {
            if let Some(stored) = self.store.inquiry(&link.inquiry).await? {
                link.seen = Some(linked(stored.reference.0, &stored.inquiry));
            }
        }
        // Nothing follows what has not ended. Followers are numbered along the item, each after the one before.
        if !inquiry.is_open() && !inquiry.is_split() {
            let item = inquiry.item();
            let own = inquiry.origin.external_id.strip_prefix(&item.external_id);
            let number = own.and_then(|tail| tail.strip_prefix('~')?.parse::<u32>().ok());
            let next = format!("{}~{}", item.external_id, number.unwrap_or(1) + 1);
            if let Some(next) = self.store.by_external(&item.source, &next).await? {
                card.links.push(Link {
                    relation: Relation::FollowedBy,
                    inquiry: next.inquiry.id.clone(),
                    seen: Some(linked(next.reference.0, &next.inquiry)),
                });
            }
        }
        Ok(card)
    }

    /// A sentence whose inquiries are named by their references.
    pub(super) async fn with_references(&self, message: Message) -> Result<Message, StoreError> {
        let mut named = Vec::new();
        inquiries_of(&message, &mut named);
        let mut references = BTreeMap::new();
        for id in named {
            if let Some(stored) = self.store.inquiry(&id).await? {
                references.insert(id, stored.reference.0);
            }
        }
        Ok(match references.is_empty() {
            true => message,
            false => referenced(message, &references),
        })
    }
}

/// A link in a sentence; nothing until somebody has looked.
pub fn link_line(link: &Link) -> Option<Message> {
    let seen = link.seen.as_ref()?;
    let message = Message::new(match link.relation {
        Relation::Follows => "link-follows",
        Relation::FollowedBy => "link-followed-by",
        Relation::SplitFrom => "link-split-from",
        Relation::SplitInto => "link-split-into",
    });
    let standing = match seen.standing {
        LinkStanding::Unclaimed => "link-unclaimed",
        LinkStanding::Active => "link-active",
        LinkStanding::Waiting => "link-waiting",
        LinkStanding::Resolved => "link-resolved",
        LinkStanding::Closed => "link-closed",
    };
    Some(
        message
            .with("reference", Arg::Reference(seen.reference))
            .with("title", Arg::Title(seen.title.clone()))
            .with("standing", Arg::Word(standing.to_owned())),
    )
}

fn linked(reference: i64, inquiry: &Inquiry) -> Linked {
    Linked {
        reference,
        title: inquiry.facts.title.clone(),
        standing: LinkStanding::of(inquiry),
    }
}

fn inquiries_of(message: &Message, named: &mut Vec<InquiryId>) {
    for arg in message.args.values() {
        match arg {
            Arg::Inquiry(id) => named.push(id.clone()),
            Arg::Lines(lines) | Arg::Parts(lines) => {
                lines.iter().for_each(|line| inquiries_of(line, named));
            }
            _ => {}
        }
    }
}

fn referenced(mut message: Message, references: &BTreeMap<InquiryId, i64>) -> Message {
    for arg in message.args.values_mut() {
        match arg {
            Arg::Inquiry(id) => {
                if let Some(reference) = references.get(id) {
                    *arg = Arg::Reference(*reference);
                }
            }
            Arg::Lines(lines) | Arg::Parts(lines) => {
                for line in lines {
                    *line = referenced(line.clone(), references);
                }
            }
            _ => {}
        }
    }
    message
}
