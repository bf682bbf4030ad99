//! Refusals of the duty book as messages: each names what the person needs to know.

use super::requests::plain;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::book::DutyRefusal;

/// Puts a refusal into a message.
pub(super) fn duty_refusal(refusal: &DutyRefusal) -> Message {
    let number = |id: &'static str, number: u64| {
        Message::new(id).with(
            "number",
            Arg::Number(i64::try_from(number).unwrap_or(i64::MAX)),
        )
    };
    match refusal {
        DutyRefusal::MembersOnly => Message::new("refused-members-only"),
        DutyRefusal::NoRota { rota } => Message::new("refused-no-rota")
            .with("given", plain(rota))
            .with("known", plain("–")),
        DutyRefusal::EmptySpan { span } => Message::new("refused-empty-span")
            .with("from", Arg::Instant(span.starts_at))
            .with("until", Arg::Instant(span.ends_at)),
        DutyRefusal::PastDays => Message::new("refused-past-days"),
        DutyRefusal::AbsentThen { member, starts_at } => Message::new("refused-absent-then")
            .with("member", Arg::Member(member.clone()))
            .with("at", Arg::Instant(*starts_at)),
        DutyRefusal::TheirsAnyway { member, starts_at } => Message::new("refused-theirs-anyway")
            .with("member", Arg::Member(member.clone()))
            .with("at", Arg::Instant(*starts_at)),
        DutyRefusal::SwapWithSelf => Message::new("refused-swap-with-self"),
        DutyRefusal::LeadsOnly => Message::new("refused-leads-only"),
        DutyRefusal::NotTheirShift {
            member,
            whose,
            starts_at,
        } => Message::new("refused-not-their-shift")
            .with("member", Arg::Member(member.clone()))
            .with("whose", Arg::Member(whose.clone()))
            .with("at", Arg::Instant(*starts_at)),
        DutyRefusal::ShiftHasBegun { starts_at } => {
            Message::new("refused-shift-has-begun").with("at", Arg::Instant(*starts_at))
        }
        DutyRefusal::AlreadySwapped {
            number: swap,
            starts_at,
        } => number("refused-already-swapped", *swap).with("at", Arg::Instant(*starts_at)),
        DutyRefusal::NoSuchNumber { number: given } => number("refused-no-such-number", *given),
        DutyRefusal::NotAsked { number: swap, who } => {
            number("refused-not-asked", *swap).with("member", Arg::Member(who.clone()))
        }
        DutyRefusal::SwapAgreed { number: swap, at } => {
            number("refused-swap-agreed", *swap).with("at", Arg::Instant(*at))
        }
        DutyRefusal::SwapDeclined { number: swap, at } => {
            number("refused-swap-declined", *swap).with("at", Arg::Instant(*at))
        }
        DutyRefusal::SwapIsOff { number: swap, at } => {
            number("refused-swap-is-off", *swap).with("at", Arg::Instant(*at))
        }
        DutyRefusal::NotYours { number: given, who } => {
            number("refused-not-yours", *given).with("member", Arg::Member(who.clone()))
        }
        DutyRefusal::AlreadyAbsent {
            member,
            number: absence,
        } => number("refused-already-absent", *absence).with("member", Arg::Member(member.clone())),
        DutyRefusal::NotAbsent { member } => {
            Message::new("refused-not-absent").with("member", Arg::Member(member.clone()))
        }
        DutyRefusal::WhichAbsence { member, numbers } => {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            Message::new("refused-which-absence")
                .with("member", Arg::Member(member.clone()))
                .with("numbers", plain(&numbers.join(", ")))
        }
        DutyRefusal::NoGuide => Message::new("refused-no-guide"),
    }
}
