//! Which outside words a post names.

use crate::app::ports::DeskBody;
use crate::domain::card::Card;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Answer, Workaround};
use crate::domain::notice::{Arg, Message};

/// The text ids of a post.
pub(in crate::web) fn of(body: &DeskBody) -> Vec<TextId> {
    let mut ids = Vec::new();
    match body {
        DeskBody::Card { card, .. } => of_card(card, &mut ids),
        DeskBody::Notice { message, .. } => of_message(message, &mut ids),
    }
    ids
}

fn of_card(card: &Card, ids: &mut Vec<TextId>) {
    let facts = &card.facts;
    ids.push(facts.title.clone());
    for id in [&facts.body, &facts.requester, &facts.customer] {
        ids.extend(id.clone());
    }
    ids.extend(facts.flags.iter().map(|flag| flag.given.clone()));
    match card.outcome.as_ref().map(|outcome| &outcome.answer) {
        Some(Answer::Investigation { cause, workaround }) => {
            ids.push(cause.clone());
            ids.push(match workaround {
                Workaround::Given { text } => text.clone(),
                Workaround::None { reason } => reason.clone(),
            });
        }
        Some(Answer::Specification { answer }) => ids.push(answer.clone()),
        Some(Answer::AtSource) | None => {}
    }
}

fn of_message(message: &Message, ids: &mut Vec<TextId>) {
    for arg in message.args.values() {
        match arg {
            Arg::Text(id) => ids.push(id.clone()),
            Arg::Lines(lines) => lines.iter().for_each(|line| of_message(line, ids)),
            Arg::Plain(_)
            | Arg::Number(_)
            | Arg::Member(_)
            | Arg::Mention(_)
            | Arg::Members(_)
            | Arg::Actor(_)
            | Arg::Queue(_)
            | Arg::Severity(_)
            | Arg::Clock(_)
            | Arg::Word(_)
            | Arg::Instant(_)
            | Arg::Span(_)
            | Arg::Reference(_) => {}
        }
    }
}
