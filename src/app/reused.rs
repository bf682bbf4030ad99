//! An id that the source gave to another item.
//!
//! Promises: it is told to the duty once, and overwrites nothing; where others followed the item's inquiry, on the last.
//! Leaves out a newer revision with other words: that is an update, which says so itself.

use super::desk::{App, Order};
use super::facts::NewWords;
use super::ports::{Mapped, Stored};
use super::receive::ReceiveError;
use super::snapshot::hash;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Actor, Command, Event, Facts};
use std::collections::HashSet;

impl App {
    /// Tells the duty when the source seems to have given the id to another item: an older revision, whose title,
    /// requester and customer are all others, and were never those of this one.
    pub(super) async fn flag_reused(
        &self,
        stored: &Stored,
        mapped: &Mapped,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let (Some(requester), Some(customer)) = (&mapped.requester, &mapped.customer) else {
            return Ok(false);
        };
        let theirs = [&mapped.title, requester, customer];
        let line = self.succession(stored).await?;
        let standing = line.last();
        let ids = identity(&standing.inquiry.facts);
        if ids.len() < theirs.len() {
            return Ok(false);
        }
        let ours = self.store.texts(&ids).await?;
        if ours.len() < ids.len()
            || theirs
                .iter()
                .any(|word| ours.values().any(|our| our == *word))
        {
            return Ok(false);
        }
        let words = hash(&serde_json::json!(theirs).to_string());
        let key = format!("{}:reused:{}:{words}", mapped.source, mapped.external_id);
        if self.store.by_command_key(&key).await?.is_some() {
            return Ok(false);
        }
        let mut ledger = Vec::new();
        for stored in line.all() {
            ledger.extend(self.store.ledger(&stored.inquiry.id).await?);
        }
        let former: Vec<TextId> = ledger
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Received { facts, .. } | Event::Updated { facts, .. } => Some(facts),
                _ => None,
            })
            .flat_map(identity)
            .collect();
        let former = self.store.texts(&former).await?;
        let former: HashSet<&str> = former.values().map(String::as_str).collect();
        if theirs.iter().any(|word| former.contains(word.as_str())) {
            return Ok(false);
        }
        let mut made = NewWords::new(self);
        let command = Command::FlagReused {
            title: made.id(&mapped.title),
            requester: Some(made.id(requester)),
            customer: Some(made.id(customer)),
        };
        let order = Order {
            actor: Actor::Source(mapped.source.clone()),
            via: via.to_owned(),
            command_key: Some(key),
            texts: made.made,
        };
        let done = self.act(&standing.inquiry.id, order, command).await?;
        Ok(!done.events.is_empty())
    }
}

/// The words that tell one item from another.
fn identity(facts: &Facts) -> Vec<TextId> {
    let optional = [&facts.requester, &facts.customer];
    std::iter::once(&facts.title)
        .chain(optional.into_iter().flatten())
        .cloned()
        .collect()
}
