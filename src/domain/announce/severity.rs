//! What is said of a severity that is set, proposed, agreed or declined: what it means, and which deadlines move.

use super::{Notice, thread, told};
use crate::domain::inquiry::{Event, Moved, Severity};
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::{Audience, Policy};

/// The notice of an event about the severity; of any other there is none.
pub(super) fn notices(by: Arg, event: &Event, policy: &Policy) -> Vec<Notice> {
    let change = |message: Message, from: &Severity, to: &Severity| {
        message
            .with("by", by.clone())
            .with("from", Arg::Severity(*from))
            .with("to", Arg::Severity(*to))
    };
    match event {
        Event::SeveritySet {
            from,
            to,
            reason,
            moved,
            is_ours: _,
        } => {
            let message = match reason {
                Some(reason) => Message::new("notice-severity-because")
                    .with("reason", Arg::Text(reason.clone())),
                None => Message::new("notice-severity"),
            };
            vec![thread(with_lines(
                change(message, from, to),
                moved_lines(moved),
            ))]
        }
        Event::SeverityProposed {
            from,
            to,
            reason,
            moved,
        } => {
            let message =
                Message::new("notice-severity-proposed").with("reason", Arg::Text(reason.clone()));
            let mut lines = definitions(policy, &[*from, *to]);
            lines.push(if moved.is_empty() {
                Message::new("severity-would-move-nothing")
            } else {
                Message::new("severity-would-move")
            });
            lines.extend(moved_lines(moved));
            // The card has the buttons: they go with the answer, and what is said stays.
            lines.push(Message::new("severity-answer"));
            let message = with_lines(change(message, from, to), lines);
            vec![told(&[Audience::Owner], message)]
        }
        Event::SeverityAgreed {
            from,
            to,
            proposed_by,
            reason,
            note,
            moved,
            is_ours: _,
        } => {
            let message = match note {
                Some(note) => Message::new("notice-severity-agreed-note")
                    .with("note", Arg::Text(note.clone())),
                None => Message::new("notice-severity-agreed"),
            };
            let message = message
                .with("proposer", Arg::Actor(proposed_by.clone()))
                .with("reason", Arg::Text(reason.clone()));
            let message = with_lines(change(message, from, to), moved_lines(moved));
            vec![told(&[Audience::Owner], message)]
        }
        Event::SeverityDeclined { to, reason } => {
            let message = match reason {
                Some(reason) => Message::new("notice-severity-declined-because")
                    .with("reason", Arg::Text(reason.clone())),
                None => Message::new("notice-severity-declined"),
            };
            vec![thread(
                message.with("by", by).with("to", Arg::Severity(*to)),
            )]
        }
        _ => Vec::new(),
    }
}

/// What severities mean here, a line each; nothing for those without words.
pub fn definitions(policy: &Policy, severities: &[Severity]) -> Vec<Message> {
    let line = |severity: &Severity| {
        let means = policy.definition(*severity)?;
        let words = Arg::InLanguage {
            ja: means.ja.clone(),
            en: means.en.clone(),
        };
        Some(
            Message::new("severity-means")
                .with("severity", Arg::Severity(*severity))
                .with("means", words),
        )
    };
    severities.iter().filter_map(line).collect()
}

/// The deadlines that moved, a line each.
pub fn moved_lines(moved: &[Moved]) -> Vec<Message> {
    moved.iter().map(moved_line).collect()
}

/// A sentence with further lines below it.
pub fn with_lines(message: Message, lines: Vec<Message>) -> Message {
    if lines.is_empty() {
        return message;
    }
    let mut all = vec![message];
    all.extend(lines);
    Message::new("lines").with("lines", Arg::Lines(all))
}

/// A deadline that moved: old → new.
pub(super) fn moved_line(moved: &Moved) -> Message {
    let clock = Arg::Clock(moved.clock);
    match (moved.old_due, moved.new_due) {
        (Some(old), Some(new)) => Message::new("moved-from-to")
            .with("clock", clock)
            .with("old", Arg::Instant(old))
            .with("new", Arg::Instant(new)),
        (None, Some(new)) => Message::new("moved-to")
            .with("clock", clock)
            .with("new", Arg::Instant(new)),
        (_, None) => Message::new("moved-away").with("clock", clock),
    }
}
