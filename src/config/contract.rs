//! `[contract]`: the canned refusal, and whether any queue looks at contracts.

use super::calendar::Calendars;
use super::queue::said;
use super::section::Section;
use crate::app::contracts::{REFUSAL_EN, REFUSAL_JA, samples};
use crate::app::setup::{ContractRule, ContractRules, Refusals};
use crate::expr::{Engine, Template};

/// What `contract` of a queue may say.
const RULES: [(&str, ContractRule); 3] = [
    ("off", ContractRule::Off),
    ("shown", ContractRule::Shown),
    ("required", ContractRule::Required),
];

/// Reads `[contract]`; what it leaves out is as shipped.
pub(super) fn contracts(root: &Section<'_>, calendars: &Calendars) -> ContractRules {
    let section = root.section("contract");
    let refusal = section.as_ref().and_then(|it| it.section("refusal"));
    let own = |key: &str| refusal.as_ref().and_then(|refusal| text(refusal, key));
    let shipped = |text: &str| {
        let template = Engine::new().compile_template(text);
        template.expect("a test renders what ships")
    };
    ContractRules {
        calendars: calendars
            .iter()
            .map(|(name, calendar)| (name.clone(), calendar.clone()))
            .collect(),
        refusal: Refusals {
            ja: own("ja").unwrap_or_else(|| shipped(REFUSAL_JA)),
            en: own("en").unwrap_or_else(|| shipped(REFUSAL_EN)),
        },
    }
}

/// Compiles a text and tries it on one inquiry of each finding.
fn text(section: &Section<'_>, key: &str) -> Option<Template> {
    let field = section.field(key)?;
    let words = field.text()?;
    let template = match Engine::new().compile_template(words) {
        Ok(template) => template,
        Err(error) => {
            field.wrong(said(&error));
            return None;
        }
    };
    for document in samples() {
        match template.render(&document) {
            Ok(text) if text.trim().is_empty() => {
                let finding = document["finding"].as_str().unwrap_or_default();
                field.wrong_with(
                    format!("this says nothing where the finding is {finding:?}"),
                    "a refusal needs words for every finding",
                );
                return None;
            }
            Ok(_) => {}
            Err(error) => {
                let known: Vec<&str> = document
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str())
                    .collect();
                field.wrong_with(
                    error.message,
                    format!("a refusal may name {}", known.join(", ")),
                );
                return None;
            }
        }
    }
    Some(template)
}

/// What a queue says about contracts; nothing written looks at none.
pub(super) fn rule(section: &Section<'_>) -> ContractRule {
    let field = section.field("contract");
    let rule = field.and_then(|field| field.choice(&RULES));
    rule.unwrap_or_default()
}

/// Whether any queue looks at contracts: then every policy holds every calendar, for a contract may name any.
pub(super) fn is_looked_at(root: &Section<'_>) -> bool {
    let queues = root.sections("queue");
    let mut rules = queues.iter().filter_map(|queue| queue.text("contract"));
    rules.any(|rule| rule != "off")
}
