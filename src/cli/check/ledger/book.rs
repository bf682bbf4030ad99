//! The sentences of `toban check --ledger` about the duty book: which line, what is wrong, and what to do.

use crate::app::refold::{BookFault, BookNote};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::book::{DutyEvent, Loose, Objection};

/// The sentence about a fault.
pub(super) fn fault_said(fault: &BookFault, words: &Words<'_>) -> String {
    sentence(&fault_message(fault), words, &PlainText)
}

/// The sentence about something that has come loose.
pub(super) fn note_said(note: &BookNote, words: &Words<'_>) -> String {
    let message = match note {
        Loose::Member { number, member } => Message::new("check-book-member-gone")
            .with("number", plain(number))
            .with("member", Arg::Plain(member.to_string())),
        Loose::Rota { number, rota } => Message::new("check-book-rota-gone")
            .with("number", plain(number))
            .with("rota", plain(rota)),
        Loose::Cover { number, of } => Message::new("check-book-cover-loose")
            .with("number", plain(number))
            .with("of", Arg::Member(of.clone())),
    };
    sentence(&message, words, &PlainText)
}

fn plain(value: impl ToString) -> Arg {
    Arg::Plain(value.to_string())
}

fn fault_message(fault: &BookFault) -> Message {
    match fault {
        BookFault::Gap { seq, expected } => Message::new("check-book-gap")
            .with("seq", plain(seq))
            .with("expected", plain(expected)),
        BookFault::Unreadable { seq, kind, v, why } => Message::new("check-book-unreadable")
            .with("seq", plain(seq))
            .with("kind", plain(kind))
            .with("v", plain(v))
            .with("why", plain(why)),
        BookFault::Refused { seq, kind, why } => Message::new("check-book-refused")
            .with("seq", plain(seq))
            .with("kind", plain(kind))
            .with("why", Arg::Parts(vec![objection_message(why)])),
        BookFault::Differs { what } => Message::new("check-book-differs").with("what", plain(what)),
        BookFault::NoTimer => Message::new("check-book-no-timer"),
        BookFault::LateTimer { kept, folded } => Message::new("check-book-late-timer")
            .with("kept", Arg::Instant(*kept))
            .with("folded", Arg::Instant(*folded)),
        BookFault::Undone { kind, event } => undone_message(kind, event),
    }
}

fn objection_message(objection: &Objection) -> Message {
    let of = |id: &'static str, number: &u64| Message::new(id).with("number", plain(number));
    match objection {
        Objection::NoOpenOffer { number } => of("check-book-no-offer", number),
        Objection::NoAgreedSwap { number } => of("check-book-no-agreed", number),
        Objection::NotAsked { number, who } => {
            of("check-book-not-asked", number).with("who", Arg::Member(who.clone()))
        }
        Objection::Twice { number } => of("check-book-twice", number),
        Objection::HadBegun { starts_at } => {
            Message::new("check-book-had-begun").with("at", Arg::Instant(*starts_at))
        }
        Objection::NotBegun { starts_at } => {
            Message::new("check-book-not-begun").with("at", Arg::Instant(*starts_at))
        }
        Objection::NotItsShift { number, starts_at } => {
            of("check-book-not-its-shift", number).with("at", Arg::Instant(*starts_at))
        }
        Objection::NoAbsence { number } => of("check-book-no-absence", number),
        Objection::NotOfCalendar { number } => of("check-book-not-of-calendar", number),
        Objection::NoOverride { number } => of("check-book-no-override", number),
        Objection::NoCover { number } => of("check-book-no-cover", number),
        Objection::WithThemself { member } => {
            Message::new("check-book-with-themself").with("member", Arg::Member(member.clone()))
        }
        Objection::Empty => Message::new("check-book-empty"),
        Objection::NoGuide { member } => {
            Message::new("check-book-no-guide").with("member", Arg::Member(member.clone()))
        }
    }
}

fn undone_message(kind: &str, event: &DutyEvent) -> Message {
    match event {
        DutyEvent::SwapLapsed { number }
        | DutyEvent::SwapReminded { number }
        | DutyEvent::SwapForetold { number, .. } => Message::new("check-book-undone-swap")
            .with("number", plain(number))
            .with("kind", plain(kind)),
        DutyEvent::CoverFound {
            of, absence, span, ..
        }
        | DutyEvent::CoverMissing {
            of, absence, span, ..
        } => Message::new("check-book-undone-cover")
            .with("number", plain(absence))
            .with("of", Arg::Member(of.clone()))
            .with("at", Arg::Instant(span.starts_at)),
        DutyEvent::OverrideLaid { .. }
        | DutyEvent::OverrideRemoved { .. }
        | DutyEvent::SwapOffered { .. }
        | DutyEvent::SwapAccepted { .. }
        | DutyEvent::SwapDeclined { .. }
        | DutyEvent::SwapWithdrawn { .. }
        | DutyEvent::SwapCalledOff { .. }
        | DutyEvent::SwapArranged { .. }
        | DutyEvent::AbsenceEntered { .. }
        | DutyEvent::AbsenceEnded { .. }
        | DutyEvent::AbsenceChanged { .. }
        | DutyEvent::CoverTaken { .. }
        | DutyEvent::CoverDeclined { .. }
        | DutyEvent::CoverTakenBack { .. }
        | DutyEvent::GuideSent { .. }
        | DutyEvent::GuideAskedAgain { .. }
        | DutyEvent::GuideRead { .. } => {
            Message::new("check-book-undone").with("kind", plain(kind))
        }
    }
}
