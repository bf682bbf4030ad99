//! A contract in words: what the card says of it. The requester's pages never do.

use super::{Markup, Words, sentence};
use crate::domain::announce::finding_line;
use crate::domain::card::Card;
use crate::domain::contract::days;
use crate::domain::notice::{Arg, Message};
use crate::time::Date;

/// From how many days before its end a contract's end is counted down.
const SOON: i64 = 60;

/// The contract of a card: what the register said, and of one that covers it when it ends, for what and in whose hours.
pub(super) fn contract_text(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Option<String> {
    let standing = card.contract.as_ref()?;
    let mut lines = vec![finding_line(&standing.finding)];
    if let Some(terms) = standing.finding.terms() {
        lines.extend(terms.ends_on.and_then(|on| ends_soon(card, on, words)));
        if !terms.products.is_empty() {
            let products = Arg::Plain(terms.products.join(", "));
            lines.push(Message::new("contract-products").with("products", products));
        }
        if let Some(calendar) = &terms.calendar {
            let calendar = Arg::Plain(calendar.clone());
            lines.push(Message::new("contract-hours").with("calendar", calendar));
        }
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|line| sentence(line, words, markup))
        .collect();
    Some(lines.join("\n"))
}

/// Counted from the receipt, so that a card which nobody edits goes on telling the truth.
fn ends_soon(card: &Card, on: Date, words: &Words<'_>) -> Option<Message> {
    let received_on = card.received_at.to_zoned(words.zone.clone()).date();
    let left = days(received_on, on);
    (0..=SOON)
        .contains(&left)
        .then(|| Message::new("contract-ends-soon").with("days", Arg::Number(left)))
}

/// What is to be looked at: that nothing is promised, or that it was taken all the same.
pub(super) fn contract_flags(card: &Card) -> Vec<Message> {
    let Some(standing) = &card.contract else {
        return Vec::new();
    };
    if let Some(exception) = &standing.exception {
        return vec![
            Message::new("flag-contract-excepted")
                .with("by", Arg::Actor(exception.by.clone()))
                .with("reason", Arg::Text(exception.reason.clone())),
        ];
    }
    match standing.hold {
        Some(_) if card.is_open() => vec![Message::new("flag-contract-held")],
        Some(_) => vec![Message::new("flag-contract-apart")],
        None => Vec::new(),
    }
}
