//! The duty book: what people arrange about the duty, as a ledger of its own.
//!
//! The rota says whose turn it is; the book says who took whose shift and why: overrides, swaps, absences and the
//! cover found for them, and who has read the guide before a first duty. It is decided and folded as an inquiry is
//! (`decide`, `evolve`), and answers the one question that the rota asks: which overrides lie over the turns. Whoever
//! and whatever has a number has the number of its ledger line.
//!
//! Promises: nobody who is absent has a shift as long as somebody else could have it; there is always somebody on
//! duty; a line applied twice changes nothing. A day of absence takes the duty from that day's handoff to the next
//! one; of a worked day, to the next worked one, so that who is away on a Friday has no weekend left over.
//! Leaves out: absences of less than a day, and reading the calendars that members keep (`app/absences.rs`).

mod command;
mod covering;
mod decide;
mod event;
mod evolve;
mod following;
mod loose;
mod objection;
mod passing;
mod said;
mod swapping;

pub use command::{DutyCommand, DutyRefusal};
pub use covering::day_before;
pub(super) use covering::{handoff_on, local_date};
pub use decide::{Team, decide, shift_on};
pub use event::{DutyEntry, DutyEvent};
pub use evolve::evolve;
pub use loose::{Loose, loose, undone};
pub use objection::{Objection, objection};
pub use passing::{asks_again_at, next_at};
pub use said::{Said, announce, days_said};

use super::duty::Override;
use super::{Rota, Shift};
use crate::domain::ids::MemberId;
use crate::time::{Date, Timestamp, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A stretch of time, `[starts_at, ends_at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    #[serde(with = "crate::time::serde_ms")]
    pub starts_at: Timestamp,
    #[serde(with = "crate::time::serde_ms")]
    pub ends_at: Timestamp,
}

impl Span {
    /// Tells whether two stretches share an instant.
    pub fn meets(&self, other: &Span) -> bool {
        self.starts_at.max(other.starts_at) < self.ends_at.min(other.ends_at)
    }

    /// Tells whether an instant lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.ends_at
    }
}

impl From<&Shift> for Span {
    fn from(shift: &Shift) -> Self {
        Span {
            starts_at: shift.starts_at,
            ends_at: shift.ends_at,
        }
    }
}

/// Everything that is arranged: the fold of the book.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// How many lines the book holds.
    pub seq: u64,
    /// What lies over the turns, in the order in which it was laid: the later holds.
    pub laid: Vec<Laid>,
    /// Swaps by their number.
    pub swaps: BTreeMap<u64, Swap>,
    /// Absences by their number; those that were cancelled before they began are gone.
    pub absences: BTreeMap<u64, Absence>,
    /// Days of a member's calendar that somebody ended here: the calendar does not bring them back.
    pub waived: Vec<(MemberId, Days)>,
    /// Who declined to cover what.
    pub declined: Vec<Uncovered>,
    /// Shifts of absent members for whom nobody was found.
    pub missing: Vec<Uncovered>,
    /// What is known of each member's first duty.
    pub guides: BTreeMap<MemberId, Guide>,
}

/// One thing that lies over the turns of a rota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Laid {
    pub number: u64,
    pub rota: String,
    pub member: MemberId,
    #[serde(flatten)]
    pub span: Span,
    pub why: Why,
}

/// Why somebody has a shift that is not their turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// Somebody said so, for once.
    Override,
    /// It was exchanged for another shift.
    Swap { with: MemberId },
    /// In place of a member: who is absent, if the absence is known, or whom somebody relieved.
    Cover { of: MemberId, absence: Option<u64> },
}

/// Two shifts that are to change hands, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub rota: String,
    pub from: MemberId,
    pub with: MemberId,
    /// The shift of who offers.
    pub mine: Span,
    /// The shift of who is asked.
    pub theirs: Span,
    pub offered_at: Timestamp,
    pub is_reminded: bool,
    pub state: SwapState,
    /// The shifts that both were reminded of, by their start.
    pub foretold: Vec<Timestamp>,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapState {
    Offered,
    Agreed { at: Timestamp },
    Declined { at: Timestamp },
    Withdrawn { at: Timestamp },
    CalledOff { at: Timestamp },
    Lapsed { at: Timestamp },
}

impl Swap {
    /// When the first of the two shifts begins: until then it can be answered.
    pub fn lapses_at(&self) -> Timestamp {
        self.mine.starts_at.min(self.theirs.starts_at)
    }

    /// Whether the other has yet to answer.
    pub fn is_open(&self) -> bool {
        self.state == SwapState::Offered
    }
}

/// The days on which a member is off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub member: MemberId,
    pub days: Days,
    pub source: Source,
}

/// Which days: all of a stretch, or one weekday of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    pub starts: Date,
    /// The first day that is not off any more; without one it goes on until it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// Only on this weekday.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "weekday")]
    pub every: Option<Weekday>,
}

impl Days {
    /// Whether a day is among them.
    pub fn include(&self, day: Date) -> bool {
        self.starts <= day
            && self.ends.is_none_or(|ends| day < ends)
            && self.every.is_none_or(|weekday| day.weekday() == weekday)
    }

    /// Whether any of them may lie on a day or after it.
    fn end_after(&self, day: Date) -> bool {
        self.ends.is_none_or(|ends| day < ends)
    }

    /// The last day, where there is one.
    pub fn last(&self) -> Option<Date> {
        self.ends.and_then(|ends| ends.yesterday().ok())
    }
}

/// Where an absence comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Source {
    /// Somebody said so to the desk.
    #[default]
    Said,
    /// The calendar that the member keeps says so.
    Calendar,
}

/// A stretch of a rota and a member: who declined it, or for whom nobody was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    pub rota: String,
    pub member: MemberId,
    pub span: Span,
}

/// How far a member is with the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guide {
    pub sent_at: Timestamp,
    /// When the first duty begins.
    pub starts_at: Timestamp,
    pub is_asked_again: bool,
    pub read_at: Option<Timestamp>,
}

/// What a member is to read before their first duty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guidance {
    /// Where it stands.
    pub url: Option<String>,
    /// What to have ready or to know, a line each.
    pub checklist: Vec<String>,
}

impl Book {
    /// What lies over a rota, in the order in which it was laid.
    pub fn laid_over<'a>(&'a self, rota: &'a str) -> impl Iterator<Item = &'a Laid> {
        self.laid.iter().filter(move |laid| laid.rota == rota)
    }

    /// Why a shift is whose it is; nothing if it is their turn.
    pub fn why(&self, rota: &str, shift: &Shift) -> Option<&Laid> {
        let covers = |laid: &&Laid| laid.rota == rota && laid.span.holds(shift.starts_at);
        let last = self.laid.iter().rev().find(covers)?;
        (shift.by_override && last.member == shift.member).then_some(last)
    }

    /// The absence by which a member is off on a day.
    pub fn absence_on(&self, member: &MemberId, day: Date) -> Option<(u64, &Absence)> {
        let is_off = |absence: &Absence| absence.member == *member && absence.days.include(day);
        let mut all = self.absences.iter();
        let found = all.find(|(_, absence)| is_off(absence));
        found.map(|(number, absence)| (*number, absence))
    }

    /// Whether a member is off at an instant: on their whole days, by the wall clock of the rota.
    pub fn is_off(&self, member: &MemberId, rota: &Rota, at: Timestamp) -> bool {
        let day = covering::local_date(rota, at);
        self.absence_on(member, day).is_some()
    }

    /// The swaps that wait for an answer.
    pub fn open_swaps(&self) -> impl Iterator<Item = (u64, &Swap)> {
        let all = self.swaps.iter().filter(|(_, swap)| swap.is_open());
        all.map(|(number, swap)| (*number, swap))
    }
}

/// What lies over the turns of a rota, as the rota takes it.
pub fn overrides(book: &Book, rota: &str) -> Vec<Override> {
    let over = |laid: &Laid| Override {
        member: laid.member.clone(),
        starts_at: laid.span.starts_at,
        ends_at: laid.span.ends_at,
    };
    book.laid_over(rota).map(over).collect()
}

/// Weekdays as three letters: `fri`.
mod weekday {
    use super::Weekday;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub const WORDS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];

    pub fn serialize<S: Serializer>(day: &Option<Weekday>, out: S) -> Result<S::Ok, S::Error> {
        let word = |day: &Weekday| WORDS.iter().find(|(_, it)| it == day).map(|(word, _)| word);
        day.as_ref().and_then(word).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Weekday>, D::Error> {
        let Some(word) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let found = WORDS.iter().find(|(it, _)| *it == word);
        let found =
            found.ok_or_else(|| D::Error::custom(format_args!("{word:?} is no weekday")))?;
        Ok(Some(found.1))
    }
}

#[cfg(test)]
pub(in crate::domain) mod tests;
