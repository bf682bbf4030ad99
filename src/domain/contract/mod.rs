//! The contract register: who has bought what until when, and what that says about an inquiry.
//!
//! [`find`] is the contract check at intake (契約の確認): of a customer's contracts the best one, or why none covers the
//! inquiry. It is pure; the days on which contracts are looked at are arguments. How names are compared is in `name.rs`.
//! Leaves out what follows from a finding: that is the inquiry's ([`crate::domain::inquiry::Checked`]).

mod name;

pub use name::{name_key, product_key, without_honorific};

use crate::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One contract of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its number, as people file it (契約番号).
    pub id: String,
    /// The customer as it is written down.
    pub customer: String,
    /// Other names of the same customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The plan that it buys; without one the inquiry's own holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What it covers; empty covers everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// The name of the calendar in which its promises pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The first covered day; `None` has always begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// The last covered day; `None` never ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// For us; no ledger holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Contract {
    /// The keys by which its customer is found, each once, that of the customer's own name first.
    pub fn keys(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let names = std::iter::once(&self.customer).chain(&self.aliases);
        let keys = names
            .map(String::as_str)
            .map(name_key)
            .filter(|key| !key.is_empty());
        keys.filter(|key| known.insert(key.clone())).collect()
    }

    /// Tells whether it covers a product.
    pub fn covers(&self, product: &str) -> bool {
        let product = product_key(product);
        self.products.is_empty() || self.products.iter().any(|own| product_key(own) == product)
    }

    /// How it stands on a day: both its first and its last day are covered.
    pub fn standing_on(&self, day: Date) -> Standing {
        match (self.starts_on, self.ends_on) {
            (_, Some(on)) if on < day => Standing::Ended { on },
            (Some(from), _) if day < from => Standing::NotYet { from },
            _ => Standing::Runs,
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            contract: self.id.clone(),
            plan: self.plan.clone(),
            calendar: self.calendar.clone(),
            region: self.region.clone(),
            language: self.language.clone(),
            products: self.products.clone(),
            ends_on: self.ends_on,
        }
    }
}

/// How a contract stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    NotYet { from: Date },
    Runs,
    Ended { on: Date },
}

/// What a ledger keeps of a contract that covers its inquiry: all that clocks and cards go by, and no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub contract: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

/// What the register says about an inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Finding {
    Covered(Terms),
    /// `on` was its last day.
    Ended {
        contract: String,
        on: Date,
    },
    /// `from` is its first day.
    NotYet {
        contract: String,
        from: Date,
    },
    /// It runs, for other products.
    ProductNotCovered {
        contract: String,
        products: Vec<String>,
    },
    /// The register does not know the customer.
    None,
    /// Nobody said who the customer is.
    Unknown,
}

impl Finding {
    /// Tells whether a contract covers the inquiry.
    pub fn is_covered(&self) -> bool {
        self.terms().is_some()
    }

    /// What the contract that covers it says.
    pub fn terms(&self) -> Option<&Terms> {
        match self {
            Finding::Covered(terms) => Some(terms),
            Finding::Ended { .. }
            | Finding::NotYet { .. }
            | Finding::ProductNotCovered { .. }
            | Finding::None
            | Finding::Unknown => None,
        }
    }

    /// The name of its kind, for lists, rules and programs.
    pub fn word(&self) -> &'static str {
        match self {
            Finding::Covered(_) => "covered",
            Finding::Ended { .. } => "ended",
            Finding::NotYet { .. } => "not_yet",
            Finding::ProductNotCovered { .. } => "product_not_covered",
            Finding::None => "none",
            Finding::Unknown => "unknown",
        }
    }
}

/// Finds what the contracts of one customer, each with the day that it is there, say about a product.
///
/// A contract that covers the product and runs comes first; of several the one that ends last, then the one whose
/// number comes first. If none does, what is nearest to it is told: one that begins later (the earliest), one that has
/// ended (the latest), one for other products.
pub fn find(contracts: &[(Contract, Date)], product: &str) -> Finding {
    let mut best: Option<(Rank<'_>, Finding)> = None;
    for (contract, day) in contracts {
        let (rank, finding) = judged(contract, *day, product);
        if best.as_ref().is_none_or(|(other, _)| rank < *other) {
            best = Some((rank, finding));
        }
    }
    best.map_or(Finding::None, |(_, finding)| finding)
}

/// The lesser the better: what kind of finding, how far away, its number.
type Rank<'a> = (u8, i64, &'a str);

fn judged<'a>(contract: &'a Contract, day: Date, product: &str) -> (Rank<'a>, Finding) {
    let number = contract.id.clone();
    let (kind, far, finding) = match (contract.standing_on(day), contract.covers(product)) {
        (Standing::Runs, true) => {
            let left = contract.ends_on.map_or(i64::MAX, |on| days(day, on));
            (0, left.saturating_neg(), Finding::Covered(contract.terms()))
        }
        (Standing::NotYet { from }, true) => {
            let contract = number;
            (1, days(day, from), Finding::NotYet { contract, from })
        }
        (Standing::Ended { on }, true) => {
            let contract = number;
            (2, days(on, day), Finding::Ended { contract, on })
        }
        (Standing::Runs, false) => {
            let products = contract.products.clone();
            let contract = number;
            (3, 0, Finding::ProductNotCovered { contract, products })
        }
        (Standing::NotYet { from }, false) => {
            let contract = number;
            (4, days(day, from), Finding::NotYet { contract, from })
        }
        (Standing::Ended { on }, false) => {
            let contract = number;
            (5, days(on, day), Finding::Ended { contract, on })
        }
    };
    ((kind, far, contract.id.as_str()), finding)
}

/// How many days lie between two dates.
pub fn days(from: Date, until: Date) -> i64 {
    i64::from(from.until(until).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests;
