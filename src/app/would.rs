//! What the desk would make of a mapped document: for whoever tries a source out before anything is taken in.
//!
//! Promises: it asks the same functions that take documents in, and keeps nothing.

use super::desk::App;
use super::facts::{NewWords, facts};
use super::ports::Mapped;
use super::routing::route;
use super::source_config::MapField;
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::Kind;
use std::collections::BTreeMap;

/// What would become of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Would {
    pub queue: QueueId,
    /// The fields of which the desk makes something of its own.
    pub made: BTreeMap<MapField, Made>,
}

/// A field as the desk would have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub value: String,
    pub why: MadeOf,
}

/// Why it would have it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeOf {
    Given,
    /// Nothing is given: the source's default.
    Default,
    /// Nothing is given: what is known of the customer.
    Customer,
    /// This is given and unknown here, or no such value at all: the default, and the card shows what was given.
    Unknown(String),
    /// A name that the source calls one of our members by.
    Member(MemberId),
    /// A name of nobody here.
    Stranger,
}

impl App {
    /// What would become of a document; `None` if its source is not configured. The contract register is not asked.
    pub fn would(&self, mapped: &Mapped) -> Option<Would> {
        let source = self.setup.sources.get(&mapped.source)?;
        let mut words = NewWords::new(self);
        let facts = facts(mapped, source, &self.setup.customers, None, &mut words);
        let flagged = |field: MapField| {
            let flag = facts.flags.iter().find(|flag| flag.field == field.key())?;
            let made = words.made.iter().find(|(id, _)| *id == flag.given);
            made.map(|(_, given)| given.clone())
        };
        let known = [
            (
                MapField::Severity,
                facts.severity.to_string(),
                mapped.severity.is_some(),
            ),
            (
                MapField::Kind,
                kind(facts.kind).to_owned(),
                mapped.kind.is_some(),
            ),
            (
                MapField::Language,
                facts.language.clone(),
                mapped.language.is_some(),
            ),
            (MapField::Plan, facts.plan.clone(), mapped.plan.is_some()),
            (
                MapField::Product,
                facts.product.clone(),
                mapped.product.is_some(),
            ),
            (
                MapField::Region,
                facts.region.clone().unwrap_or_default(),
                mapped.region.is_some(),
            ),
        ];
        let is_of_customer = facts.plan != source.defaults.plan;
        let mut made = BTreeMap::new();
        for (field, value, is_given) in known {
            let why = match flagged(field) {
                Some(given) => MadeOf::Unknown(given),
                None if is_given => MadeOf::Given,
                None if field == MapField::Plan && is_of_customer => MadeOf::Customer,
                None => MadeOf::Default,
            };
            made.insert(field, Made { value, why });
        }
        if let Some(name) = &mapped.owner {
            let why = match self.owner_of(&mapped.source, name) {
                Some(member) => MadeOf::Member(member),
                None => MadeOf::Stranger,
            };
            let value = name.clone();
            made.insert(MapField::Owner, Made { value, why });
        }
        Some(Would {
            queue: route(&self.setup, mapped, source, None).queue,
            made,
        })
    }
}

/// The word that a mapping may give for it.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Investigation => "investigation",
        Kind::Specification => "specification",
    }
}

#[cfg(test)]
mod tests;
