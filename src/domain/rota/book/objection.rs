//! What the rules say against a line that is in the book already.
//!
//! A line stands for ever, so it is not decided again: who was on duty, and who was a member then, may be otherwise
//! now. What is asked here follows from the lines before it alone, so that a sound book never raises an objection,
//! however old it is. Leaves out what has come loose since, which is no fault of any line (`loose.rs`).

use super::event::{DutyEntry, DutyEvent};
use super::{Absence, Book, Laid, Source, Span, Swap, SwapState, Why};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::time::Timestamp;
use serde::Serialize;

/// Who carried the overrides of before over: they were laid by other rules.
const MIGRATED: &str = "migration";

/// Why a line could not have been written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "objection", rename_all = "snake_case")]
pub enum Objection {
    /// There is no offer of this number that waits for an answer.
    NoOpenOffer { number: u64 },
    /// There is no agreed swap of this number.
    NoAgreedSwap { number: u64 },
    /// The swap is somebody else's to answer.
    NotAsked { number: u64, who: MemberId },
    /// It was done already.
    Twice { number: u64 },
    /// The shift had begun.
    HadBegun { starts_at: Timestamp },
    /// The shift had not begun yet.
    NotBegun { starts_at: Timestamp },
    /// The swap has no shift that begins then.
    NotItsShift { number: u64, starts_at: Timestamp },
    /// There is no absence of this number.
    NoAbsence { number: u64 },
    /// The absence is not of a calendar.
    NotOfCalendar { number: u64 },
    /// There is no override of this number.
    NoOverride { number: u64 },
    /// There is no cover of this number.
    NoCover { number: u64 },
    /// Nobody exchanges with themself, or covers for themself.
    WithThemself { member: MemberId },
    /// It lasts no time, or is over when it begins.
    Empty,
    /// Nobody had sent the guide.
    NoGuide { member: MemberId },
}

/// What the rules say against a line that follows on a book; nothing if it is sound.
pub fn objection(book: &Book, entry: &DutyEntry) -> Option<Objection> {
    if entry.via == MIGRATED {
        return None;
    }
    check(book, entry).err()
}

fn check(book: &Book, entry: &DutyEntry) -> Result<(), Objection> {
    let at = entry.at;
    match &entry.event {
        DutyEvent::OverrideLaid { span, .. } => lasts(span, at),
        DutyEvent::OverrideRemoved { number } => {
            let is_override = |laid: &Laid| laid.why == Why::Override;
            match laid(book, *number).filter(|laid| is_override(laid)) {
                Some(_) => Ok(()),
                None => Err(Objection::NoOverride { number: *number }),
            }
        }
        DutyEvent::SwapOffered {
            from,
            with,
            mine,
            theirs,
            ..
        }
        | DutyEvent::SwapArranged {
            from,
            with,
            mine,
            theirs,
            ..
        } => {
            not_the_same(from, with)?;
            for shift in [mine, theirs] {
                lasts(shift, at)?;
                is_ahead(shift.starts_at, at)?;
            }
            Ok(())
        }
        DutyEvent::SwapAccepted { number } => {
            let swap = asked(book, *number, &entry.actor)?;
            is_ahead(swap.lapses_at(), at)
        }
        DutyEvent::SwapDeclined { number } => asked(book, *number, &entry.actor).map(drop),
        DutyEvent::SwapWithdrawn { number } => open(book, *number).map(drop),
        DutyEvent::SwapCalledOff { number } => is_ahead(agreed(book, *number)?.lapses_at(), at),
        DutyEvent::SwapLapsed { number } => {
            let starts_at = open(book, *number)?.lapses_at();
            if at < starts_at {
                return Err(Objection::NotBegun { starts_at });
            }
            Ok(())
        }
        DutyEvent::SwapReminded { number } => once(*number, open(book, *number)?.is_reminded),
        DutyEvent::SwapForetold { number, starts_at } => {
            let (number, starts_at) = (*number, *starts_at);
            let swap = agreed(book, number)?;
            if ![swap.mine.starts_at, swap.theirs.starts_at].contains(&starts_at) {
                return Err(Objection::NotItsShift { number, starts_at });
            }
            is_ahead(starts_at, at)?;
            once(number, swap.foretold.contains(&starts_at))
        }
        DutyEvent::AbsenceEntered { days, .. } => match days.ends {
            Some(ends) if ends <= days.starts => Err(Objection::Empty),
            Some(_) | None => Ok(()),
        },
        DutyEvent::AbsenceEnded { number, .. } => absence(book, *number).map(drop),
        DutyEvent::AbsenceChanged { number, .. } => match absence(book, *number)?.source {
            Source::Calendar => Ok(()),
            Source::Said => Err(Objection::NotOfCalendar { number: *number }),
        },
        DutyEvent::CoverFound {
            by,
            of,
            absence: number,
            span,
            ..
        } => {
            not_the_same(by, of)?;
            absence(book, *number)?;
            lasts(span, at)
        }
        // Whose absence it was may be over: what has begun of a cover goes on.
        DutyEvent::CoverTaken { by, of, span, .. } => {
            not_the_same(by, of)?;
            lasts(span, at)
        }
        DutyEvent::CoverDeclined { number } => is_ahead(cover(book, *number)?.span.starts_at, at),
        DutyEvent::CoverTakenBack { number } => cover(book, *number).map(drop),
        DutyEvent::CoverMissing {
            absence: number,
            span,
            ..
        } => {
            absence(book, *number)?;
            lasts(span, at)
        }
        DutyEvent::GuideSent { .. } | DutyEvent::GuideRead { .. } => Ok(()),
        DutyEvent::GuideAskedAgain { member, .. } => match book.guides.get(member) {
            Some(_) => Ok(()),
            None => Err(Objection::NoGuide {
                member: member.clone(),
            }),
        },
    }
}

fn lasts(span: &Span, at: Timestamp) -> Result<(), Objection> {
    if span.ends_at <= span.starts_at || span.ends_at <= at {
        return Err(Objection::Empty);
    }
    Ok(())
}

fn is_ahead(starts_at: Timestamp, at: Timestamp) -> Result<(), Objection> {
    if starts_at <= at {
        return Err(Objection::HadBegun { starts_at });
    }
    Ok(())
}

fn once(number: u64, is_done: bool) -> Result<(), Objection> {
    if is_done {
        return Err(Objection::Twice { number });
    }
    Ok(())
}

fn not_the_same(one: &MemberId, other: &MemberId) -> Result<(), Objection> {
    if one == other {
        let member = one.clone();
        return Err(Objection::WithThemself { member });
    }
    Ok(())
}

fn open(book: &Book, number: u64) -> Result<&Swap, Objection> {
    let swap = book.swaps.get(&number).filter(|swap| swap.is_open());
    swap.ok_or(Objection::NoOpenOffer { number })
}

fn asked<'a>(book: &'a Book, number: u64, actor: &Actor) -> Result<&'a Swap, Objection> {
    let swap = open(book, number)?;
    if actor.member() != Some(&swap.with) {
        let who = swap.with.clone();
        return Err(Objection::NotAsked { number, who });
    }
    Ok(swap)
}

fn agreed(book: &Book, number: u64) -> Result<&Swap, Objection> {
    let is_agreed = |swap: &&Swap| matches!(swap.state, SwapState::Agreed { .. });
    let swap = book.swaps.get(&number).filter(is_agreed);
    swap.ok_or(Objection::NoAgreedSwap { number })
}

fn absence(book: &Book, number: u64) -> Result<&Absence, Objection> {
    let absence = book.absences.get(&number);
    absence.ok_or(Objection::NoAbsence { number })
}

fn laid(book: &Book, number: u64) -> Option<&Laid> {
    book.laid.iter().find(|laid| laid.number == number)
}

fn cover(book: &Book, number: u64) -> Result<&Laid, Objection> {
    let is_cover = |laid: &&Laid| matches!(laid.why, Why::Cover { .. });
    let found = laid(book, number).filter(is_cover);
    found.ok_or(Objection::NoCover { number })
}
