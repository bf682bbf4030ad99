//! Why a deadline is what it is, line by line, as data; the words are made by the catalogue.

use super::due::{Left, amount, due_at};
use super::policy::Policy;
use crate::domain::calendar::{Part, Piece};
use crate::domain::ids::QueueId;
use crate::domain::inquiry::{Clock, Ending, Inquiry, Pause, Run, Severity};
use crate::time::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// One reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// Which clock the lines that follow are about.
    Clock { clock: Clock },
    /// What is promised, by which row of which policy.
    Promise {
        policy: String,
        severity: Severity,
        plan: String,
        amount_ms: i64,
        calendar: String,
    },
    /// The needed-by that the requester gave: wall clock, no calendar.
    NeededBy,
    /// When the clock started.
    Started { at: Timestamp, run: u64 },
    /// Open time that counts, `[from, until)`.
    Counted {
        from: Timestamp,
        until: Timestamp,
        ms: i64,
    },
    /// Time that does not count, and why.
    Skipped {
        from: Timestamp,
        until: Timestamp,
        why: Skip,
    },
    /// The result; `None` while the clock stands still.
    Due { at: Option<Timestamp> },
    /// It was missed then.
    Missed { at: Timestamp },
    /// Nothing is promised for this clock.
    NoPromise,
    /// What follows is expected of another team; no SLA.
    Internal,
    /// The deadline was another before.
    Moved {
        at: Timestamp,
        cause: Cause,
        old: Option<Timestamp>,
        new: Option<Timestamp>,
    },
    /// What had been taken for a reply was none: it runs again from its start.
    RanAgain { at: Timestamp },
    /// How it ended, and how much time was left or over.
    Ended {
        at: Timestamp,
        how: Ending,
        left: Option<Left>,
    },
}

/// What moved a deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    Severity {
        from: Severity,
        to: Severity,
    },
    Policy {
        name: String,
    },
    Queue {
        to: QueueId,
    },
    /// The source changed severity, plan or needed-by.
    Source,
}

/// Why time does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "skip", rename_all = "snake_case")]
pub enum Skip {
    /// Before the first opening or after the last closing of a worked day.
    Night,
    Break,
    DayOff,
    /// A date that the calendar closes.
    Closed,
    Holiday {
        name: String,
    },
    /// The policy pauses the clock in this stage.
    Paused,
}

fn line(piece: &Piece) -> Line {
    let (from, until) = (piece.starts_at, piece.ends_at);
    let ms = until.as_millisecond() - from.as_millisecond();
    let why = match &piece.part {
        Part::Counted => return Line::Counted { from, until, ms },
        Part::Break => Skip::Break,
        Part::Night => Skip::Night,
        Part::DayOff => Skip::DayOff,
        Part::Closed => Skip::Closed,
        Part::Holiday(name) => Skip::Holiday { name: name.clone() },
    };
    Line::Skipped { from, until, why }
}

/// Explains a run of a clock.
pub fn explain(inquiry: &Inquiry, run: &Run, policy: &Policy) -> Vec<Line> {
    let mut lines = Vec::new();
    match (run.clock, amount(inquiry, run.clock, policy)) {
        (Clock::NeededBy, _) => lines.push(Line::NeededBy),
        (_, None) => return vec![Line::NoPromise],
        (_, Some(amount)) => lines.push(Line::Promise {
            policy: policy.name.clone(),
            severity: inquiry.severity,
            plan: inquiry.facts.plan.clone(),
            amount_ms: amount.ms,
            calendar: amount.calendar.clone(),
        }),
    }
    lines.push(Line::Started {
        at: run.started_at,
        run: run.run,
    });
    if let Some(amount) = amount(inquiry, run.clock, policy) {
        count(
            run,
            SignedDuration::from_millis(amount.ms),
            policy,
            &amount.calendar,
            &mut lines,
        );
    }
    lines.push(match run.missed_at {
        Some(at) => Line::Missed { at },
        None => Line::Due {
            at: due_at(inquiry, run, policy),
        },
    });
    lines
}

fn count(run: &Run, amount: SignedDuration, policy: &Policy, key: &str, lines: &mut Vec<Line>) {
    let calendar = policy.calendar(key);
    let (mut from, mut left) = (run.started_at, amount);
    for Pause {
        from: paused,
        until,
    } in &run.pauses
    {
        let before = calendar.worked_between(from, *paused);
        if before >= left {
            break;
        }
        lines.extend(calendar.pieces(from, before).iter().map(line));
        left -= before;
        let Some(until) = until else { return };
        lines.push(Line::Skipped {
            from: *paused,
            until: *until,
            why: Skip::Paused,
        });
        from = *until;
    }
    lines.extend(calendar.pieces(from, left).iter().map(line));
}
