//! The clocks of an inquiry: what is timed, what runs, and how a run ended.

use super::state::WaitingOn;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What is being timed. The first five are promises, then comes the alarm of an urgent inquiry; the last three are
/// what we expect of other teams: internal, never an SLA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    FirstResponse,
    NextResponse,
    Claim,
    Resolution,
    NeededBy,
    Urgent,
    Vendor,
    Development,
    NextTier,
}

impl Clock {
    /// Every clock, in the order in which they are shown.
    pub const ALL: [Clock; 9] = [
        Clock::FirstResponse,
        Clock::NextResponse,
        Clock::Claim,
        Clock::Resolution,
        Clock::NeededBy,
        Clock::Urgent,
        Clock::Vendor,
        Clock::Development,
        Clock::NextTier,
    ];

    /// Tells whether it times another team's work for us. Such a clock is no promise to anybody: reports, lists and
    /// the mood of a card leave it out.
    pub fn is_internal(self) -> bool {
        matches!(self, Clock::Vendor | Clock::Development | Clock::NextTier)
    }

    /// The clock that times a wait; nobody is timed while the requester thinks.
    pub fn of_wait(on: WaitingOn) -> Option<Clock> {
        match on {
            WaitingOn::Requester => None,
            WaitingOn::Vendor => Some(Clock::Vendor),
            WaitingOn::Development => Some(Clock::Development),
            WaitingOn::NextTier => Some(Clock::NextTier),
        }
    }

    /// Tells whether a reply to the requester ends it.
    pub fn is_response(self) -> bool {
        matches!(self, Clock::FirstResponse | Clock::NextResponse)
    }
}

/// A clock that runs. `run` is the ledger sequence number of the event that started it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub clock: Clock,
    pub run: u64,
    #[serde(with = "crate::time::serde_ms")]
    pub started_at: Timestamp,
    /// Times that do not count, for the resolution clock while a named stage waits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The ladder steps already said in this run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<StepSaid>,
    /// Set when the promise was missed, to the instant it was missed; from then on its due time stays.
    #[serde(
        default,
        with = "crate::time::serde_ms::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub missed_at: Option<Timestamp>,
}

/// A time that a clock does not count; open while it lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    #[serde(with = "crate::time::serde_ms")]
    pub from: Timestamp,
    #[serde(
        default,
        with = "crate::time::serde_ms::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Timestamp>,
}

/// One rung of the ladder in one of its repeats: unique within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepSaid {
    pub step: u32,
    pub repeat: u32,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
    /// What the rung was then. A number means another rung once severity or policy bring another ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<crate::domain::sla::StepAt>,
}

/// A run that has ended, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndedRun {
    #[serde(flatten)]
    pub run: Run,
    /// The ledger sequence number of the event that ended it.
    pub ended_by: u64,
    #[serde(with = "crate::time::serde_ms")]
    pub ended_at: Timestamp,
    pub how: Ending,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Met,
    Missed,
    Cancelled,
}
