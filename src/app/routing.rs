//! Where an inquiry goes: the first rule that matches, and what every rule made of it.
//!
//! Promises: a rule that cannot be evaluated does not match, whatever it does to others. Needs no store, so that rules can be
//! tried on documents (`toban route test`). What became of past decisions is in [`super::routing_report`].

use super::facts;
use super::ports::Mapped;
use super::setup::{Rule, Setup, SourceSetup};
use crate::domain::contract::Finding;
use crate::domain::ids::QueueId;
use crate::domain::inquiry::{Facts, Kind, Routed};
use serde_json::{Map, Value, json};

/// What the rules make of an inquiry.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    pub queue: QueueId,
    /// The place of the rule that rules; `None` where none does.
    pub ruled: Option<usize>,
    rules: &'a [Rule],
    /// What the rules saw.
    pub document: Value,
}

/// What one rule made of an inquiry.
#[derive(Clone, Debug)]
pub struct Tried<'a> {
    pub number: usize,
    pub rule: &'a Rule,
    pub outcome: Result<bool, String>,
    /// The values that it looked at.
    pub looked_at: Map<String, Value>,
}

/// Finds the queue of an inquiry. A rule that cannot be evaluated is logged and does not match.
pub fn route<'a>(
    setup: &'a Setup,
    mapped: &Mapped,
    source: &SourceSetup,
    finding: Option<&Finding>,
) -> Look<'a> {
    let document = document(mapped, source, finding);
    let mut ruled = None;
    for (place, rule) in setup.routing.iter().enumerate() {
        match rule.when.test(&document) {
            Ok(true) => {
                ruled = Some(place);
                break;
            }
            Ok(false) => {}
            Err(error) => {
                let number = place + 1;
                tracing::error!(rule = number, source = %mapped.source, "routing rule {number} does not apply: {error}");
            }
        }
    }
    let rule = ruled.and_then(|place| setup.routing.get(place));
    Look {
        queue: rule
            .map_or(&setup.default_queue, |rule| &rule.queue)
            .clone(),
        ruled,
        rules: &setup.routing,
        document,
    }
}

impl Look<'_> {
    /// How it found its queue, for the ledger.
    pub fn routed(&self, facts: &Facts) -> Routed {
        if let Some((place, rule)) = self.ruled.and_then(|n| Some((n, self.rules.get(n)?))) {
            return Routed::Rule {
                name: rule.name.clone(),
                number: u32::try_from(place + 1).unwrap_or(u32::MAX),
                when: rule.when.text().to_owned(),
            };
        }
        let is_unknown = |field: &str| matches!(field, "product" | "region");
        match facts.flags.iter().any(|flag| is_unknown(&flag.field)) {
            true => Routed::Triage,
            false => Routed::Default,
        }
    }

    /// What every rule makes of it, those after the one that rules too.
    pub fn tried(&self) -> Vec<Tried<'_>> {
        let rules = self.rules.iter().zip(1..);
        rules
            .map(|(rule, number)| {
                let paths = rule.when.paths().iter();
                let roots = paths.map(|path| path.split('.').next().unwrap_or(path));
                let looked_at = roots.map(|root| (root.to_owned(), self.document[root].clone()));
                Tried {
                    number,
                    rule,
                    outcome: rule
                        .when
                        .test(&self.document)
                        .map_err(|error| error.to_string()),
                    looked_at: looked_at.collect(),
                }
            })
            .collect()
    }
}

/// What a rule sees of an inquiry.
fn document(mapped: &Mapped, source: &SourceSetup, finding: Option<&Finding>) -> Value {
    let terms = finding.and_then(Finding::terms);
    let bought = terms.and_then(|terms| terms.plan.as_ref());
    let intake = &mapped.intake;
    json!({
        "source": mapped.source.as_str(),
        "title": mapped.title,
        "body": mapped.body,
        "requester": mapped.requester,
        "customer": mapped.customer,
        "plan": bought.or(mapped.plan.as_ref()).unwrap_or(&source.defaults.plan),
        "product": mapped.product.as_ref().unwrap_or(&source.defaults.product),
        "region": mapped.region.as_ref().or(terms.and_then(|it| it.region.as_ref())),
        "language": mapped.language.as_ref().or(terms.and_then(|it| it.language.as_ref())),
        "contract": finding.map(Finding::word),
        "kind": mapped.kind,
        "severity": mapped.severity,
        "business_stopped": mapped.business_stopped,
        "channel": intake.channel,
        "tried": intake.tried,
        "settings_checked": intake.settings_checked.as_deref().and_then(facts::yes_or_no),
        "environment": intake.environment,
        "error_text": intake.error_text,
    })
}

/// The kind that a mapped document would have.
pub(super) fn kind_of(mapped: &Mapped, source: &SourceSetup) -> Kind {
    let said = mapped.kind.as_deref().and_then(facts::kind);
    said.unwrap_or(source.defaults.kind)
}

#[cfg(test)]
mod tests;
