//! What can be asked of the book, and why it may not be done.

use super::{Days, Span};
use crate::domain::ids::MemberId;
use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// What somebody asks, or the passing of time.
#[derive(Clone, Debug, PartialEq)]
pub enum DutyCommand {
    LayOverride {
        rota: String,
        member: MemberId,
        span: Span,
    },
    /// Asks another to exchange shifts; for others it is arranged at once, by a lead.
    Swap {
        rota: String,
        from: MemberId,
        with: MemberId,
        /// A day on which `from` has the duty.
        mine: Date,
        /// A day on which `with` has it.
        theirs: Date,
    },
    AcceptSwap {
        number: u64,
    },
    DeclineSwap {
        number: u64,
    },
    /// Takes somebody's shift of a day.
    Cover {
        rota: String,
        on: Date,
    },
    DeclineCover {
        number: u64,
    },
    EnterAbsence {
        member: MemberId,
        days: Days,
    },
    /// Makes the absences that a member's calendar brought the days that it says now.
    Follow {
        member: MemberId,
        said: Vec<Days>,
    },
    /// Ends an absence: the one named, or the one that runs, or the only one ahead.
    Return {
        member: MemberId,
        number: Option<u64>,
    },
    /// Undoes whatever has the number.
    TakeBack {
        number: u64,
    },
    ReadGuide,
    /// Time passed.
    Tick,
}

/// Why a command cannot be done now, with what the person needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum DutyRefusal {
    #[error("only members have shifts")]
    MembersOnly,
    #[error("there is no rota {rota:?}")]
    NoRota { rota: String },
    #[error("the span is empty or past")]
    EmptySpan { span: Span },
    #[error("the days are over")]
    PastDays,
    #[error("{member} is absent then")]
    AbsentThen {
        member: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    #[error("{member} has the duty then anyway")]
    TheirsAnyway {
        member: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    #[error("a swap takes two")]
    SwapWithSelf,
    #[error("only a lead arranges a swap for others")]
    LeadsOnly,
    #[error("that shift is not {member}'s but {whose}'s")]
    NotTheirShift {
        member: MemberId,
        whose: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    #[error("that shift has begun")]
    ShiftHasBegun {
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    #[error("that shift is in swap {number} already")]
    AlreadySwapped {
        number: u64,
        #[serde(with = "crate::time::serde_ms")]
        starts_at: Timestamp,
    },
    #[error("there is nothing of number {number} in the book")]
    NoSuchNumber { number: u64 },
    #[error("swap {number} is {who}'s to answer")]
    NotAsked { number: u64, who: MemberId },
    #[error("swap {number} was accepted")]
    SwapAgreed {
        number: u64,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    #[error("swap {number} was declined")]
    SwapDeclined {
        number: u64,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    #[error("swap {number} is off")]
    SwapIsOff {
        number: u64,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    #[error("number {number} is {who}'s to undo")]
    NotYours { number: u64, who: MemberId },
    #[error("{member} is absent then already")]
    AlreadyAbsent { member: MemberId, number: u64 },
    #[error("{member} is not absent")]
    NotAbsent { member: MemberId },
    #[error("{member} has several absences")]
    WhichAbsence { member: MemberId, numbers: Vec<u64> },
    #[error("no guide is asked for")]
    NoGuide,
}
