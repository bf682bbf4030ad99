//! How the routing did: what each rule brought to its queue, and what of that had to be moved on as a mistake.
//!
//! Promises: only the ledgers count, so the figures do not change with the configuration. A rule is the same one as long as its
//! name (without a name its text) is, wherever it stands. What came back to where it was received was no mistake of a rule.

use crate::domain::ids::{QueueId, TextId};
use crate::domain::inquiry::{Entry, Event, Facts, Moving, ReferredTo, Routed};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the latest mistakes of a rule are told one by one.
const RECENT: usize = 5;

/// What makes a rule the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKey {
    /// By its name, or else its text.
    Rule(String),
    Default,
    Triage,
    Split,
    Follows,
    /// Received before it was kept how.
    NotKept,
}

impl RuleKey {
    fn of(routed: Option<&Routed>) -> RuleKey {
        match routed {
            Some(Routed::Rule { name, when, .. }) => {
                RuleKey::Rule(name.as_ref().unwrap_or(when).clone())
            }
            Some(Routed::Default) => RuleKey::Default,
            Some(Routed::Triage) => RuleKey::Triage,
            Some(Routed::Split) => RuleKey::Split,
            Some(Routed::Follows) => RuleKey::Follows,
            None => RuleKey::NotKept,
        }
    }
}

/// What became of what a rule brought to a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The rule as the latest receipt says.
    pub routed: Option<Routed>,
    pub queue: QueueId,
    pub received: u64,
    /// Moved to another queue because they had been in the wrong one.
    pub misrouted: u64,
    /// Where they belonged, and how many.
    pub to: BTreeMap<QueueId, u64>,
    /// Moved on because the work did.
    pub handed_on: u64,
    /// The latest mistakes, newest first.
    pub recent: Vec<Mistake>,
    /// What no rule spoke of: products and regions as the facts have them, and how often.
    pub products: BTreeMap<String, u64>,
    pub regions: BTreeMap<String, u64>,
    /// Products and regions that the desk does not know, in the source's words.
    pub unknown: Vec<(String, TextId)>,
}

/// One inquiry that was in the wrong queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The inquiry, by whatever the caller calls it.
    pub inquiry: i64,
    pub at: Timestamp,
    pub to: QueueId,
    pub reason: TextId,
}

/// The figures of many ledgers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Routes {
    pub received: u64,
    pub rows: BTreeMap<(RuleKey, QueueId), Row>,
    /// Inquiries that were sent back at least once, and how often that was altogether.
    pub sent_back: u64,
    pub bounces: u64,
    pub out_of_scope: OutOfScope,
}

/// Whom out-of-scope inquiries were handed on to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct OutOfScope {
    pub sales: u64,
    pub professional_services: u64,
    pub other: u64,
}

impl Routes {
    /// Adds one ledger.
    pub fn add(&mut self, inquiry: i64, ledger: &[Entry]) {
        let Some(Event::Received {
            facts,
            queue,
            routed,
            is_backlog: false,
            ..
        }) = ledger.first().map(|entry| &entry.event)
        else {
            return;
        };
        self.received += 1;
        self.count_intake(ledger);
        let routed = routed.as_deref();
        let key = (RuleKey::of(routed), queue.clone());
        let row = self.rows.entry(key).or_insert_with(|| Row::of(queue));
        row.routed = routed.cloned();
        row.received += 1;
        if matches!(routed, Some(Routed::Default | Routed::Triage)) {
            row.fell_through(facts);
        }
        row.handed_on += u64::from(ledger.iter().any(is_handed_on));
        if let Some(mistake) = mistake(inquiry, queue, ledger) {
            row.misrouted += 1;
            *row.to.entry(mistake.to.clone()).or_default() += 1;
            let newer = row.recent.partition_point(|known| known.at >= mistake.at);
            row.recent.insert(newer, mistake);
            row.recent.truncate(RECENT);
        }
    }

    fn count_intake(&mut self, ledger: &[Entry]) {
        // What the requester never heard was not sent back.
        let dead = ledger.iter().filter_map(|entry| match &entry.event {
            Event::ReplyFailed { of, .. } | Event::ReplyRetracted { of, .. } => Some(*of),
            _ => None,
        });
        let dead: BTreeSet<u64> = dead.collect();
        let bounces = ledger.iter().filter(|entry| {
            matches!(entry.event, Event::Bounced { .. }) && !dead.contains(&entry.seq)
        });
        let bounces = u64::try_from(bounces.count()).unwrap_or(u64::MAX);
        self.bounces += bounces;
        self.sent_back += u64::from(bounces > 0);
        // Reopened it is ours again; handed on anew, the last one holds.
        let last = ledger.iter().rev().find_map(|entry| match &entry.event {
            Event::Referred { to, .. } => Some(Some(to)),
            Event::Reopened { .. } => Some(None),
            _ => None,
        });
        match last.flatten() {
            Some(ReferredTo::Sales) => self.out_of_scope.sales += 1,
            Some(ReferredTo::ProfessionalServices) => self.out_of_scope.professional_services += 1,
            Some(ReferredTo::Other { .. }) => self.out_of_scope.other += 1,
            None => {}
        }
    }

    /// The rows, what is to be mended first: most mistakes, then the larger share of mistakes, then what fell through most.
    pub fn by_need(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.values().collect();
        rows.sort_by(|a, b| {
            let share = |row: &Row| {
                (row.misrouted * 1000)
                    .checked_div(row.received)
                    .unwrap_or(0)
            };
            (b.misrouted, share(b), b.unknown.len(), b.received).cmp(&(
                a.misrouted,
                share(a),
                a.unknown.len(),
                a.received,
            ))
        });
        rows
    }
}

impl Row {
    fn of(queue: &QueueId) -> Row {
        Row {
            routed: None,
            queue: queue.clone(),
            received: 0,
            misrouted: 0,
            to: BTreeMap::new(),
            handed_on: 0,
            recent: Vec::new(),
            products: BTreeMap::new(),
            regions: BTreeMap::new(),
            unknown: Vec::new(),
        }
    }

    fn fell_through(&mut self, facts: &Facts) {
        let flagged = |field: &str| facts.flags.iter().find(|flag| flag.field == field);
        match flagged("product") {
            Some(flag) => self
                .unknown
                .push(("product".to_owned(), flag.given.clone())),
            None => *self.products.entry(facts.product.clone()).or_default() += 1,
        }
        match (flagged("region"), &facts.region) {
            (Some(flag), _) => self.unknown.push(("region".to_owned(), flag.given.clone())),
            (None, Some(region)) => *self.regions.entry(region.clone()).or_default() += 1,
            (None, None) => {}
        }
    }
}

fn is_handed_on(entry: &Entry) -> bool {
    matches!(
        entry.event,
        Event::Transferred {
            moving: Moving::HandedOn,
            ..
        }
    )
}

/// Where an inquiry belonged, if it was received in the wrong queue: what was moved as a mistake before any work moved on.
fn mistake(inquiry: i64, received_in: &QueueId, ledger: &[Entry]) -> Option<Mistake> {
    let mut mistake = None;
    for entry in ledger {
        let Event::Transferred {
            to, reason, moving, ..
        } = &entry.event
        else {
            continue;
        };
        match moving {
            Moving::HandedOn => break,
            Moving::Misrouted => {
                mistake = Some(Mistake {
                    inquiry,
                    at: entry.at,
                    to: to.clone(),
                    reason: reason.clone(),
                });
            }
        }
    }
    mistake.filter(|mistake| mistake.to != *received_in)
}

#[cfg(test)]
mod tests;
