//! Rows of timers: what they are for, and who holds one.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A due row of the timers table, leased.
#[derive(Clone, Debug, PartialEq)]
pub struct TimerLease {
    pub kind: TimerKind,
    pub subject: String,
    pub due_at: Timestamp,
    pub epoch: i64,
}

/// What a timer row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// An inquiry's next deadline; the subject is its id.
    Inquiry,
    /// A rota turns; the subject is the rota's name.
    Handoff,
    /// A queue's working time opens; the subject is the queue's id.
    Opening,
    /// A source is polled; the subject is its name.
    Poll,
    /// It is looked whether a queue's duty holds too much; the subject is the queue's id.
    Overflow,
    /// A calendar of others is looked at again; the subject is its key.
    Feed,
    /// The duty book is looked at; there is one row.
    Book,
    /// The duty of a queue passes from rota to rota; the subject is the queue's id.
    Turnover,
    /// A member hears what was held back; the subject is `{member}|{queue}`.
    Held,
    /// The calendar of a member's absences is looked at; the subject is the member's id.
    Absences,
    /// The issues of a tracker are looked at; the subject is its id.
    Tracker,
}

impl TimerKind {
    pub const ALL: [TimerKind; 11] = [
        TimerKind::Inquiry,
        TimerKind::Handoff,
        TimerKind::Opening,
        TimerKind::Poll,
        TimerKind::Overflow,
        TimerKind::Feed,
        TimerKind::Book,
        TimerKind::Turnover,
        TimerKind::Held,
        TimerKind::Absences,
        TimerKind::Tracker,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            TimerKind::Inquiry => "inquiry",
            TimerKind::Handoff => "handoff",
            TimerKind::Opening => "opening",
            TimerKind::Poll => "poll",
            TimerKind::Overflow => "overflow",
            TimerKind::Feed => "feed",
            TimerKind::Book => "book",
            TimerKind::Turnover => "turnover",
            TimerKind::Held => "held",
            TimerKind::Absences => "absences",
            TimerKind::Tracker => "tracker",
        }
    }
}
