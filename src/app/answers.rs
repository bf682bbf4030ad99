//! What a person is answered after an act that has more to say than that it was done: what a severity means and which
//! deadlines move, who is waited for until when, how long reminders are held back, whose region it is.

use super::ports::Reference;
use super::verbs::Verb;
use crate::domain::announce::{definitions, moved_lines, with_lines};
use crate::domain::inquiry::{Event, WaitingOn};
use crate::domain::notice::{Arg, Message};
use crate::domain::sla::Policy;
use crate::msg;

/// The answer to an act, if it has one of its own.
pub(super) fn answer(
    verb: Verb,
    reference: Reference,
    events: &[Event],
    policy: &Policy,
) -> Option<Message> {
    let is_asked = matches!(
        verb,
        Verb::Severity
            | Verb::ProposeSeverity
            | Verb::AgreeSeverity
            | Verb::DeclineSeverity
            | Verb::Wait
            | Verb::Snooze
            | Verb::Unsnooze
    );
    events
        .iter()
        .filter(|_| is_asked)
        .find_map(|event| said(event, reference, policy))
}

/// The same answer, and whose region it is.
pub(super) fn and_whose(answer: Message, region: &str, rota: &str) -> Message {
    let whose = Message::new("done-region-elsewhere")
        .with("region", Arg::Plain(region.to_owned()))
        .with("rota", Arg::Plain(rota.to_owned()));
    with_lines(answer, vec![whose])
}

fn said(event: &Event, reference: Reference, policy: &Policy) -> Option<Message> {
    let done = |id| Message::new(id).with("reference", Arg::Reference(reference.0));
    match event {
        Event::SeveritySet { to, moved, .. } => {
            let mut lines = definitions(policy, &[*to]);
            lines.extend(moved_lines(moved));
            let message = done(msg!("done-severity")).with("to", Arg::Severity(*to));
            Some(with_lines(message, lines))
        }
        Event::SeverityProposed {
            from, to, moved, ..
        } => {
            let mut lines = definitions(policy, &[*from, *to]);
            lines.push(match moved.is_empty() {
                true => Message::new("severity-would-move-nothing"),
                false => Message::new("severity-would-move"),
            });
            lines.extend(moved_lines(moved));
            let message = done(msg!("done-propose-severity")).with("to", Arg::Severity(*to));
            Some(with_lines(message, lines))
        }
        Event::SeverityAgreed { to, moved, .. } => {
            let mut lines = definitions(policy, &[*to]);
            lines.extend(moved_lines(moved));
            let message = done(msg!("done-agree-severity")).with("to", Arg::Severity(*to));
            Some(with_lines(message, lines))
        }
        Event::SeverityDeclined { to, .. } => {
            Some(done(msg!("done-decline-severity")).with("to", Arg::Severity(*to)))
        }
        Event::WaitStarted { on, chase_at, .. } => {
            let on = match on {
                WaitingOn::Requester => "waiting-requester",
                WaitingOn::Vendor => "waiting-vendor",
                WaitingOn::Development => "waiting-development",
                WaitingOn::NextTier => "waiting-next-tier",
            };
            Some(
                done(msg!("done-wait"))
                    .with("on", Arg::Word(on.to_owned()))
                    .with("chase", Arg::Instant(*chase_at)),
            )
        }
        Event::Snoozed { until, until_reply } => {
            let message = match until_reply {
                true => done(msg!("done-snooze-until-reply")),
                false => done(msg!("done-snooze")),
            };
            Some(message.with("until", Arg::Instant(*until)))
        }
        Event::Unsnoozed {} => Some(done(msg!("done-unsnooze"))),
        _ => None,
    }
}
