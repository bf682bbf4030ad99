//! What the auditor asks about the duty, and what it can find wrong there.

use super::rows::TimerKind;
use crate::time::Timestamp;
use serde::Serialize;

/// What is kept of the duty, all of one moment, read by statements that share nothing with the duty book.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DutyKept {
    /// The timers of handoffs, of the book and of the calendars of absences: kind, subject and when they are due.
    pub timers: Vec<(TimerKind, String, Timestamp)>,
    /// The swaps that are offered or agreed, in order of their number.
    pub swaps: Vec<KeptSwap>,
    /// Lines about swaps that cannot be read.
    pub unreadable: Vec<i64>,
}

/// A swap by its lines alone.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptSwap {
    pub number: i64,
    pub rota: String,
    /// When the two shifts begin, the earlier first.
    pub begin: [Timestamp; 2],
    pub offered_at: Timestamp,
    /// Nothing while it waits for an answer.
    pub agreed_at: Option<Timestamp>,
    /// Whether the other was asked again.
    pub is_reminded: bool,
    /// The shifts that both were reminded of, by their start.
    pub foretold: Vec<Timestamp>,
}

/// Something wrong with the duty; in English for machines, in a sentence for people (`app/duty_audit.rs`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DutyTrouble {
    #[error("line {missing} of the duty book is missing, {follows} follows")]
    Gap { missing: i64, follows: i64 },
    #[error("line {seq} of the duty book cannot be read")]
    Unreadable { seq: i64 },
    #[error("the duty book cannot be read: {why}")]
    UnreadableBook { why: String },
    #[error("nothing looks at {subject}: there is no {} timer", .kind.as_str())]
    NoTimer { kind: TimerKind, subject: String },
    #[error("{subject} was to be looked at at {due_at} ({} timer)", .kind.as_str())]
    Overdue {
        kind: TimerKind,
        subject: String,
        due_at: Timestamp,
    },
    #[error("{subject} is not looked at before {due_at}, which is too late ({} timer)", .kind.as_str())]
    TooLate {
        kind: TimerKind,
        subject: String,
        due_at: Timestamp,
    },
    #[error("swap {number} was to lapse at {since} and is still open")]
    StillOpen { number: i64, since: Timestamp },
    #[error("swap {number} was to be asked about again at {since} and was not")]
    NotAskedAgain { number: i64, since: Timestamp },
    #[error("swap {number}: nobody was reminded at {since} of the shift of {starts_at}")]
    NotForetold {
        number: i64,
        starts_at: Timestamp,
        since: Timestamp,
    },
}

impl Serialize for DutyTrouble {
    /// A line like every other finding.
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}
