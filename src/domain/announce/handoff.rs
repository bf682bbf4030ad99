//! What the handoff of an inquiry and its next step make us say in its thread.

use super::{is_own_act, thread, told};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{Actor, Entry, Event, Inquiry, NextBy, Otherwise};
use crate::domain::notice::{Arg, Message, Notice, Offer};
use crate::domain::sla::Audience;
use crate::time::Timestamp;

/// Whether this answers a question of the handoff; its words say so. A reason that was given is worth more.
pub(super) fn is_answer(before: Option<&Inquiry>, entry: &Entry) -> bool {
    let asked = before.and_then(Inquiry::asked_at_handoff);
    asked.is_some_and(|asked| is_own_act(&entry.actor, &asked.from) || entry.actor == Actor::System)
        && !matches!(entry.event, Event::Released { reason: Some(_) })
}

/// What is said in the thread.
pub(super) fn announce(before: Option<&Inquiry>, entry: &Entry) -> Vec<Notice> {
    match &entry.event {
        Event::HandoffAsked {
            from,
            to,
            answer_by,
            otherwise,
        } => asked(from, to, *answer_by, *otherwise),
        Event::NextSet { text, who, until } => {
            vec![next(Arg::Actor(entry.actor.clone()), text, *who, *until)]
        }
        _ => answered(before, entry),
    }
}

/// The question with its three answers. It mentions nobody: who is asked is called once, in the queue's channel.
fn asked(
    from: &MemberId,
    to: &MemberId,
    answer_by: Timestamp,
    otherwise: Otherwise,
) -> Vec<Notice> {
    let message = Message::new("notice-handoff-asked")
        .with("member", Arg::Member(from.clone()))
        .with("to", Arg::Member(to.clone()))
        .with("until", Arg::Instant(answer_by))
        .with("otherwise", Arg::Word(otherwise_word(otherwise).to_owned()));
    vec![Notice {
        offers: vec![Offer::Keep, Offer::HandOver, Offer::Release],
        ..thread(message)
    }]
}

/// What holds if nobody answers, as the end of a sentence.
pub fn otherwise_word(otherwise: Otherwise) -> &'static str {
    match otherwise {
        Otherwise::Keep => "handoff-otherwise-keep",
        Otherwise::HandOver => "handoff-otherwise-hand-over",
        Otherwise::Release => "handoff-otherwise-release",
    }
}

/// What was answered, or what silence means.
fn answered(before: Option<&Inquiry>, entry: &Entry) -> Vec<Notice> {
    let Some(asked) = before.and_then(Inquiry::asked_at_handoff) else {
        return Vec::new();
    };
    let is_silent = entry.actor.member().is_none();
    let say = |spoken: &'static str, silent: &'static str| {
        Message::new(if is_silent { silent } else { spoken })
            .with("member", Arg::Member(asked.from.clone()))
    };
    match &entry.event {
        Event::HandoffKept { .. } => {
            vec![thread(say(
                "notice-handoff-kept",
                "notice-handoff-kept-silently",
            ))]
        }
        Event::Assigned { to, .. } => vec![Notice {
            is_mergeable: is_silent,
            offers: vec![Offer::Accept],
            ..told(
                &[Audience::Member(to.clone())],
                say("notice-handed-over", "notice-handed-over-silently")
                    .with("to", Arg::Member(to.clone())),
            )
        }],
        Event::Released { .. } => vec![Notice {
            is_mergeable: is_silent,
            offers: vec![Offer::Claim],
            ..told(
                &[Audience::Duty],
                say(
                    "notice-handoff-released",
                    "notice-handoff-released-silently",
                ),
            )
        }],
        _ => Vec::new(),
    }
}

fn next(by: Arg, text: &TextId, who: NextBy, until: Option<Timestamp>) -> Notice {
    let message = Message::new(match until {
        Some(_) => "notice-next-until",
        None => "notice-next",
    });
    let message = message
        .with("by", by)
        .with("text", Arg::Text(text.clone()))
        .with("who", Arg::Word(next_word(who).to_owned()));
    thread(match until {
        Some(until) => message.with("until", Arg::Instant(until)),
        None => message,
    })
}

/// Whose the next step is, in a word.
pub fn next_word(who: NextBy) -> &'static str {
    match who {
        NextBy::Us => "next-us",
        NextBy::Requester => "waiting-requester",
        NextBy::Vendor => "waiting-vendor",
        NextBy::Development => "waiting-development",
    }
}
