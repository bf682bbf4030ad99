//! What is said when an inquiry is sent back, comes back, is handed on, or turns out to be in the wrong queue.

use super::thread;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Actor, Entry, Inquiry, Intake, Moving, ReferredTo};
use crate::domain::notice::{Arg, Message, Notice};
use crate::time::Timestamp;

/// Sent back, to be chased then; the second time it says so.
pub(super) fn bounced(by: Arg, reason: &TextId, chase_at: Timestamp, after: &Inquiry) -> Notice {
    let count = after.bounce.as_ref().map_or(1, |bounce| bounce.count);
    let message = match count {
        0 | 1 => Message::new("notice-bounced"),
        _ => Message::new("notice-bounced-again").with("count", Arg::Number(i64::from(count))),
    };
    thread(
        message
            .with("by", by)
            .with("text", Arg::Text(reason.clone()))
            .with("chase", Arg::Instant(chase_at)),
    )
}

/// Whether the source itself brought what was missing, so that it came back.
pub(super) fn was_filled(before: Option<&Inquiry>, entry: &Entry) -> bool {
    matches!(entry.actor, Actor::Source(_)) && before.is_some_and(Inquiry::is_sent_back)
}

/// Out of scope, and whose it is now.
pub(super) fn referred(by: Arg, to: &ReferredTo, note: &Option<TextId>) -> Notice {
    let with = |message: Message| {
        let message = message.with("to", referred_to(to));
        match note {
            Some(note) => message.with("note", Arg::Text(note.clone())),
            None => message,
        }
    };
    thread(with(
        Message::new(match note {
            Some(_) => "notice-referred-note",
            None => "notice-referred",
        })
        .with("by", by),
    ))
}

/// Whoever looks after what is out of scope, in a word or in the words of whoever handed it on.
pub fn referred_to(to: &ReferredTo) -> Arg {
    match to {
        ReferredTo::Sales => Arg::Word("referred-sales".to_owned()),
        ReferredTo::ProfessionalServices => Arg::Word("referred-professional-services".to_owned()),
        ReferredTo::Other { who } => Arg::Title(who.clone()),
    }
}

pub(super) fn transferred(moving: Moving) -> &'static str {
    match moving {
        Moving::Misrouted => "notice-transferred",
        Moving::HandedOn => "notice-handed-on",
    }
}

/// What of an intake changed.
pub(super) fn changes(old: &Intake, new: &Intake) -> [(&'static str, bool); 5] {
    [
        ("change-channel", old.channel != new.channel),
        ("change-tried", old.tried != new.tried),
        (
            "change-settings-checked",
            old.settings_checked != new.settings_checked,
        ),
        ("change-environment", old.environment != new.environment),
        ("change-error-text", old.error_text != new.error_text),
    ]
}
