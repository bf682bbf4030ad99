//! What is told of arrangements that have no place in a roster.

use crate::domain::ids::MemberId;
use crate::domain::rota::book::{DutyRefusal, Span};
use crate::time::Date;
use serde::Serialize;

/// An arrangement of the past that has no place in the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotLaid {
    /// The number that it has in the book.
    pub number: u64,
    pub what: Arranged,
    /// Who would have had the duty by it; of a swap, who offered it.
    pub who: MemberId,
    /// With whom a swap was agreed, or whom a cover was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<MemberId>,
    /// The days on which its stretches began, by the wall of its rota.
    pub days: Vec<Date>,
    pub why: WhyNot,
    /// The stretches themselves.
    #[serde(skip)]
    pub spans: Vec<Span>,
}

/// What people can arrange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arranged {
    Override,
    Swap,
    /// Somebody took another's shift of their own accord.
    Cover,
}

/// Why it does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WhyNot {
    /// They have left this roster.
    NotInRoster { member: MemberId },
    /// Whose shift it was has no such turn here.
    OtherTurns,
    /// They are away then.
    Absent { member: MemberId },
    /// The book refuses it for another reason.
    Refused,
}

/// Why the book refuses something, as far as people are told.
pub(super) fn why(refusal: DutyRefusal) -> WhyNot {
    match refusal {
        DutyRefusal::AbsentThen { member, .. } => WhyNot::Absent { member },
        DutyRefusal::NotTheirShift { .. }
        | DutyRefusal::TheirsAnyway { .. }
        | DutyRefusal::AlreadySwapped { .. }
        | DutyRefusal::ShiftHasBegun { .. } => WhyNot::OtherTurns,
        DutyRefusal::MembersOnly
        | DutyRefusal::NoRota { .. }
        | DutyRefusal::EmptySpan { .. }
        | DutyRefusal::PastDays
        | DutyRefusal::SwapWithSelf
        | DutyRefusal::LeadsOnly
        | DutyRefusal::NoSuchNumber { .. }
        | DutyRefusal::NotAsked { .. }
        | DutyRefusal::SwapAgreed { .. }
        | DutyRefusal::SwapDeclined { .. }
        | DutyRefusal::SwapIsOff { .. }
        | DutyRefusal::NotYours { .. }
        | DutyRefusal::AlreadyAbsent { .. }
        | DutyRefusal::NotAbsent { .. }
        | DutyRefusal::WhichAbsence { .. }
        | DutyRefusal::NoGuide => WhyNot::Refused,
    }
}
