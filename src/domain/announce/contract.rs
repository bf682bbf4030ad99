//! What is said of the contract check: in the thread, when it changes after the receipt; the card shows it from the start.

use super::severity::{moved_line, with_lines};
use super::told;
use crate::domain::contract::Finding;
use crate::domain::inquiry::{CheckEffect, Clock, Entry, Event, Inquiry, is_receipts_check};
use crate::domain::notice::{Arg, Message, Notice};
use crate::domain::sla::{Audience, Policy, moved_between};

/// The notices of a check or of an exception.
pub(super) fn notices(
    by: Arg,
    before: Option<&Inquiry>,
    entry: &Entry,
    after: &Inquiry,
    policy: &Policy,
) -> Vec<Notice> {
    match &entry.event {
        // The check at the receipt: the card says it.
        Event::ContractChecked { .. } if is_receipts_check(entry, after) => Vec::new(),
        Event::ContractChecked {
            finding, effect, ..
        } => {
            let message = Message::new("notice-contract-checked").with("by", by);
            let message = message.with("what", Arg::Lines(vec![finding_line(finding)]));
            match effect {
                CheckEffect::Lifts | CheckEffect::LiftsPaused => {
                    let counts = Message::new("contract-counts-from-receipt")
                        .with("at", Arg::Instant(after.received_at));
                    vec![told(&[Audience::Owner], with_lines(message, vec![counts]))]
                }
                CheckEffect::Shown | CheckEffect::Holds => {
                    let moved = before.map(|before| {
                        let moved = moved_between((before, policy), (after, policy));
                        let counted = moved.iter().filter(|it| it.clock != Clock::NeededBy);
                        counted.map(moved_line).collect::<Vec<Message>>()
                    });
                    vec![told(&[], with_lines(message, moved.unwrap_or_default()))]
                }
            }
        }
        Event::ContractExcepted { reason, .. } => {
            let message = Message::new("notice-contract-excepted")
                .with("by", by)
                .with("reason", Arg::Text(reason.clone()));
            let counts = Message::new("contract-counts-from-receipt")
                .with("at", Arg::Instant(after.received_at));
            vec![told(&[Audience::Owner], with_lines(message, vec![counts]))]
        }
        _ => Vec::new(),
    }
}

/// What the register said, as a sentence.
pub fn finding_line(finding: &Finding) -> Message {
    let contract = |id, number: &str| {
        let number = Arg::Plain(number.to_owned());
        Message::new(id).with("contract", number)
    };
    match finding {
        Finding::Covered(terms) => match terms.ends_on {
            Some(on) => {
                contract("contract-covered-until", &terms.contract).with("on", Arg::Day(on))
            }
            None => contract("contract-covered", &terms.contract),
        },
        Finding::Ended { contract: id, on } => {
            contract("contract-ended", id).with("on", Arg::Day(*on))
        }
        Finding::NotYet { contract: id, from } => {
            contract("contract-not-yet", id).with("from", Arg::Day(*from))
        }
        Finding::ProductNotCovered {
            contract: id,
            products,
        } => contract("contract-other-products", id)
            .with("products", Arg::Plain(products.join(", "))),
        Finding::None => Message::new("contract-none"),
        Finding::Unknown => Message::new("contract-unknown"),
    }
}
