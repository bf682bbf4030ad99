//! What the routing is to learn: per rule how much came, how much of it was in the wrong queue, and where it belonged.
//!
//! Promises: it only reads, beside a running desk too; a ledger that cannot be read is counted and left out. What counts as a
//! mistake is in [`crate::domain::routing`].

use super::desk::App;
use super::ports::StoreError;
use crate::domain::ids::{QueueId, TextId};
use crate::domain::inquiry::Routed;
use crate::domain::notice::{Arg, Message};
use crate::domain::routing::{OutOfScope, Routes, Row};
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// How many ids are read at once.
const PAGE: u32 = 500;

/// The report of a window, what to mend first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoutingReport {
    pub from: Timestamp,
    pub until: Timestamp,
    pub received: u64,
    pub rules: Vec<RuleReport>,
    /// Inquiries that were sent back at least once, and how often that was altogether.
    pub sent_back: u64,
    pub bounces: u64,
    pub out_of_scope: OutOfScope,
    /// Ledgers that could not be read.
    pub left_out: u64,
}

/// What a rule brought to a queue, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleReport {
    /// The rule as it was at the latest receipt; nothing where that was not kept.
    pub routed: Option<Routed>,
    /// Its place in the configuration of now, if it is there.
    pub number_now: Option<u32>,
    pub queue: QueueId,
    pub received: u64,
    pub misrouted: u64,
    /// The share of mistakes, in percent.
    pub percent: u64,
    pub to: BTreeMap<QueueId, u64>,
    pub handed_on: u64,
    pub recent: Vec<RecentMistake>,
    /// What fell through, as the facts have it; of what no rule matched only.
    pub products: BTreeMap<String, u64>,
    pub regions: BTreeMap<String, u64>,
    pub unknown_products: BTreeMap<String, u64>,
    pub unknown_regions: BTreeMap<String, u64>,
}

/// One inquiry that was in the wrong queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecentMistake {
    pub inquiry: String,
    pub at: Timestamp,
    pub to: QueueId,
    /// Why it was moved; nothing if those words were erased.
    pub reason: Option<String>,
}

impl App {
    /// What the routing did with what was received in a window.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn routing_report(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<RoutingReport, StoreError> {
        let mut routes = Routes::default();
        let mut left_out = 0;
        let mut after = None;
        loop {
            let page = self
                .store
                .received_between(from, until, after.as_ref(), PAGE);
            let page = page.await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for (id, reference) in &page {
                match self.store.ledger(id).await {
                    Ok(ledger) => routes.add(reference.0, &ledger),
                    Err(StoreError::Unreadable(_)) => left_out += 1,
                    Err(error) => return Err(error),
                }
            }
        }
        let rows = routes.by_need();
        let texts = self.words_of(&rows).await?;
        Ok(RoutingReport {
            from,
            until,
            received: routes.received,
            rules: rows
                .iter()
                .map(|row| self.rule_report(row, &texts))
                .collect(),
            sent_back: routes.sent_back,
            bounces: routes.bounces,
            out_of_scope: routes.out_of_scope,
            left_out,
        })
    }

    async fn words_of(&self, rows: &[&Row]) -> Result<HashMap<TextId, String>, StoreError> {
        let ids = rows.iter().flat_map(|row| {
            let reasons = row.recent.iter().map(|mistake| &mistake.reason);
            reasons.chain(row.unknown.iter().map(|(_, given)| given))
        });
        let ids: Vec<TextId> = ids.cloned().collect();
        let mut texts = HashMap::new();
        for ids in ids.chunks(PAGE as usize) {
            texts.extend(self.store.texts(ids).await?);
        }
        Ok(texts)
    }

    fn rule_report(&self, row: &Row, texts: &HashMap<TextId, String>) -> RuleReport {
        let unknown = |field: &str| {
            let mut counts = BTreeMap::<String, u64>::new();
            let given = row.unknown.iter().filter(|(of, _)| of == field);
            for words in given.filter_map(|(_, id)| texts.get(id)) {
                *counts.entry(words.clone()).or_default() += 1;
            }
            counts
        };
        RuleReport {
            number_now: row
                .routed
                .as_ref()
                .and_then(|routed| self.number_now(routed)),
            routed: row.routed.clone(),
            queue: row.queue.clone(),
            received: row.received,
            misrouted: row.misrouted,
            percent: (row.misrouted * 100).checked_div(row.received).unwrap_or(0),
            to: row.to.clone(),
            handed_on: row.handed_on,
            recent: row
                .recent
                .iter()
                .map(|mistake| RecentMistake {
                    inquiry: format!("Q-{}", mistake.inquiry),
                    at: mistake.at,
                    to: mistake.to.clone(),
                    reason: texts.get(&mistake.reason).cloned(),
                })
                .collect(),
            products: row.products.clone(),
            regions: row.regions.clone(),
            unknown_products: unknown("product"),
            unknown_regions: unknown("region"),
        }
    }

    /// Where a rule of the past stands now: by its name, or else by its text.
    fn number_now(&self, routed: &Routed) -> Option<u32> {
        let Routed::Rule { name, when, .. } = routed else {
            return None;
        };
        let is_it = |rule: &super::setup::Rule| match (name, &rule.name) {
            (Some(name), Some(now)) => name == now,
            (None, None) => rule.when.text() == when,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let place = self.setup.routing.iter().position(is_it)?;
        u32::try_from(place + 1).ok()
    }
}

impl RoutingReport {
    /// The report as sentences, what to mend first.
    pub fn lines(&self) -> Vec<Message> {
        let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
        let mut lines = vec![
            Message::new("routing-received")
                .with("count", number(self.received))
                .with("from", Arg::Instant(self.from))
                .with("until", Arg::Instant(self.until)),
        ];
        for rule in &self.rules {
            lines.extend(rule.lines());
        }
        if self.bounces > 0 {
            lines.push(
                Message::new("routing-bounces")
                    .with("inquiries", number(self.sent_back))
                    .with("count", number(self.bounces)),
            );
        }
        let out = &self.out_of_scope;
        if *out != OutOfScope::default() {
            lines.push(
                Message::new("routing-out-of-scope")
                    .with("sales", number(out.sales))
                    .with("services", number(out.professional_services))
                    .with("other", number(out.other)),
            );
        }
        if self.left_out > 0 {
            lines.push(Message::new("routing-left-out").with("count", number(self.left_out)));
        }
        lines
    }
}

impl RuleReport {
    /// What it is called, with its place of now.
    fn name(&self) -> Message {
        match (&self.routed, self.number_now) {
            (Some(Routed::Rule { name, when, .. }), now) => {
                let message = Message::new(match now {
                    Some(_) => "routing-rule",
                    None => "routing-rule-gone",
                });
                let called = name
                    .as_ref()
                    .map_or_else(|| when.clone(), |name| format!("{name}: {when}"));
                let message = message.with("rule", Arg::Plain(called));
                match now {
                    Some(now) => message.with("number", Arg::Number(i64::from(now))),
                    None => message,
                }
            }
            (Some(Routed::Default), _) => Message::new("routing-default"),
            (Some(Routed::Triage), _) => Message::new("routing-triage"),
            (Some(Routed::Split), _) => Message::new("routing-split"),
            (Some(Routed::Follows), _) => Message::new("routing-follows"),
            (None, _) => Message::new("routing-not-kept"),
        }
    }

    fn lines(&self) -> Vec<Message> {
        let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
        let mut lines = Vec::new();
        let message = match self.misrouted {
            0 => Message::new("routing-line-right"),
            _ => Message::new("routing-line-wrong")
                .with("moved", number(self.misrouted))
                .with("percent", number(self.percent))
                .with(
                    "to",
                    Arg::Parts(
                        self.to
                            .iter()
                            .map(|(queue, count)| {
                                Message::new("routing-to")
                                    .with("queue", Arg::Queue(queue.clone()))
                                    .with("count", number(*count))
                            })
                            .collect(),
                    ),
                ),
        };
        lines.push(
            message
                .with("rule", Arg::Lines(vec![self.name()]))
                .with("queue", Arg::Queue(self.queue.clone()))
                .with("count", number(self.received)),
        );
        for mistake in &self.recent {
            let message = match &mistake.reason {
                Some(reason) => {
                    Message::new("routing-mistake").with("reason", Arg::Plain(reason.clone()))
                }
                None => Message::new("routing-mistake-erased"),
            };
            lines.push(
                message
                    .with("inquiry", Arg::Plain(mistake.inquiry.clone()))
                    .with("at", Arg::Instant(mistake.at))
                    .with("to", Arg::Queue(mistake.to.clone())),
            );
        }
        let mut counts = |id: &'static str, counts: &BTreeMap<String, u64>| {
            if counts.is_empty() {
                return;
            }
            let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let parts = counts.iter().take(8).map(|(word, count)| {
                Message::new("routing-word")
                    .with("word", Arg::Plain((*word).clone()))
                    .with("count", number(**count))
            });
            lines.push(Message::new(id).with("words", Arg::Parts(parts.collect())));
        };
        counts("routing-unknown-products", &self.unknown_products);
        counts("routing-unknown-regions", &self.unknown_regions);
        counts("routing-products", &self.products);
        counts("routing-regions", &self.regions);
        lines
    }
}
