//! What one can do at the desk: the verbs about one inquiry, in its column, and all the others, in the header.
//!
//! Promises: every verb is in one of the two, but those whose answer stands on the page anyway. Leaves out what each
//! takes (`form.rs`).

use super::super::words;
use super::verb_name;
use crate::app::verbs::Verb;
use crate::domain::card::Card;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{ContractStanding, Inquiry, Ownership, Stage};
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::time::Timestamp;
use minijinja::{Value, context};

/// The verbs about an inquiry, in the order of a day's use. Without `show` and `why`: the column is their answer.
const OF_INQUIRY: [Verb; 39] = [
    Verb::Claim,
    Verb::Accept,
    Verb::Note,
    Verb::Next,
    Verb::Reply,
    Verb::Ask,
    Verb::Replied,
    Verb::RetractReply,
    Verb::Heard,
    Verb::NoAnswerNeeded,
    Verb::Wait,
    Verb::Resume,
    Verb::Snooze,
    Verb::Unsnooze,
    Verb::Mute,
    Verb::Unmute,
    Verb::NotUrgent,
    Verb::Severity,
    Verb::ProposeSeverity,
    Verb::AgreeSeverity,
    Verb::DeclineSeverity,
    Verb::Assign,
    Verb::TakeOver,
    Verb::Release,
    Verb::Keep,
    Verb::HandOver,
    Verb::Transfer,
    Verb::Bounce,
    Verb::OutOfScope,
    Verb::Split,
    Verb::File,
    Verb::Link,
    Verb::Unlink,
    Verb::Resolve,
    Verb::Close,
    Verb::Reopen,
    Verb::CheckContract,
    Verb::Refuse,
    Verb::Except,
];

/// The other verbs, in groups.
const OTHERS: [(&str, &[Verb]); 4] = [
    (
        msg!("web-menu-look"),
        &[
            Verb::DutyToday,
            Verb::DutyWeek,
            Verb::DutyWho,
            Verb::DutyBook,
            Verb::Fairness,
        ],
    ),
    (
        msg!("web-menu-arrange"),
        &[
            Verb::Swap,
            Verb::AcceptSwap,
            Verb::DeclineSwap,
            Verb::Cover,
            Verb::DeclineCover,
            Verb::DutyOverride,
            Verb::TakeBack,
        ],
    ),
    (
        msg!("web-menu-away"),
        &[Verb::Absent, Verb::Back, Verb::ReadGuide, Verb::Feed],
    ),
    (
        msg!("web-menu-else"),
        &[
            Verb::List,
            Verb::Known,
            Verb::KnownWorkaround,
            Verb::Held,
            Verb::Language,
            Verb::Help,
        ],
    ),
];

/// The menu of an inquiry: what has something to act on.
pub(super) fn of_inquiry(
    inquiry: &Inquiry,
    card: &Card,
    me: &MemberId,
    now: Timestamp,
    has_trackers: bool,
    lang: Lang,
) -> Vec<Value> {
    OF_INQUIRY
        .into_iter()
        .filter(|verb| has_trackers || !matches!(verb, Verb::File | Verb::Link))
        .filter(|verb| is_possible(*verb, inquiry, card, me, now))
        .map(|verb| item(verb, lang))
        .collect()
}

/// The menu of the header: headings, each with its verbs.
pub(super) fn groups(lang: Lang) -> Vec<Value> {
    OTHERS
        .into_iter()
        .map(|(heading, verbs)| {
            let items: Vec<Value> = verbs.iter().map(|verb| item(*verb, lang)).collect();
            context! { heading => words::say(lang, heading), items }
        })
        .collect()
}

fn item(verb: Verb, lang: Lang) -> Value {
    context! {
        verb => verb.name(),
        has_form => !verb.params().is_empty(),
        label => verb_name(verb, lang),
        about => i18n::say(lang, &verb.description(), &Args::new()),
    }
}

/// Whether a verb has something to act on; what has not would only be refused.
fn is_possible(verb: Verb, inquiry: &Inquiry, card: &Card, me: &MemberId, now: Timestamp) -> bool {
    match verb {
        Verb::Claim => inquiry.is_open() && matches!(card.ownership, Ownership::Unclaimed { .. }),
        Verb::Accept => inquiry.is_open() && matches!(card.ownership, Ownership::Assigned { .. }),
        Verb::Keep => matches!(&card.ownership, Ownership::Owned { by, .. } if by == me),
        Verb::Resume => matches!(card.stage, Stage::Waiting { .. }),
        Verb::NotUrgent => card.is_urgent,
        Verb::Reopen => !inquiry.is_open(),
        Verb::Bounce => inquiry.is_open(),
        Verb::AgreeSeverity | Verb::DeclineSeverity => card.proposal.is_some(),
        Verb::CheckContract => inquiry.contract.is_some() && inquiry.is_open(),
        Verb::Refuse => {
            let standing = inquiry.contract.as_ref();
            let is_free =
                |it: &ContractStanding| !it.finding.is_covered() && it.exception.is_none();
            inquiry.is_open() && standing.is_some_and(is_free)
        }
        Verb::Except => inquiry.is_open() && inquiry.is_held(),
        Verb::Unsnooze => {
            let snooze = card.snooze.as_ref();
            snooze.is_some_and(|snooze| snooze.until > now)
        }
        Verb::Unmute => inquiry.is_muted_by(me, now),
        Verb::Unlink => !card.tracked.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
