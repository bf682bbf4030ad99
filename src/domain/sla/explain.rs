//! Why a deadline is what it is, line by line, as data; the words are made by the catalogue.

use super::due::{Left, amount, due_at, hours_bought};
use super::policy::Policy;
use crate::domain::calendar::{Calendar, Part, Piece};
use crate::domain::ids::QueueId;
use crate::domain::inquiry::{Clock, Ending, Inquiry, Pause, Run, Severity};
use crate::time::{Date, SignedDuration, Timestamp};
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
        /// The region that the row is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Why it is this calendar and not the queue's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<Because>,
        /// The contract that the plan or the calendar is of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contract: Option<String>,
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
        /// The offices that were awake, where the calendar is a union.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        offices: Vec<String>,
    },
    /// A holiday by the list, and counted all the same.
    Worked { date: Date, name: String },
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
    /// The close that had cut it short was taken back.
    OwedAgain { at: Timestamp },
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
    /// The contract was looked at again.
    Contract,
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
    /// Every office is closed, each for a reason of its own.
    Offices {
        offices: Vec<Closed>,
    },
    /// The policy pauses the clock in this stage.
    Paused,
}

/// Why one office is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    pub office: String,
    pub why: Skip,
}

/// Why a promise passes in another calendar than the queue's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The row names it.
    Row,
    /// It is the customer's.
    Customer,
    /// It is the contract's.
    Contract,
}

/// Puts a stretch into lines; what counts is cut where the offices that are awake change.
fn lines_of(piece: &Piece, calendar: &Calendar, lines: &mut Vec<Line>) {
    let (from, until) = (piece.starts_at, piece.ends_at);
    match skip(&piece.part) {
        Some(why) => lines.push(Line::Skipped { from, until, why }),
        None if calendar.is_union() => {
            for (segment, offices) in calendar.shared(from, until) {
                let (from, until) = (segment.opens_at, segment.closes_at);
                lines.push(Line::Counted {
                    from,
                    until,
                    ms: until.as_millisecond() - from.as_millisecond(),
                    offices: offices.into_iter().map(str::to_owned).collect(),
                });
            }
        }
        None => lines.push(Line::Counted {
            from,
            until,
            ms: until.as_millisecond() - from.as_millisecond(),
            offices: Vec::new(),
        }),
    }
    if piece.part == Part::Counted && from < until {
        let mut date = calendar.date(from);
        while date <= calendar.date(until) {
            let line = calendar.worked_holiday(date).map(|name| Line::Worked {
                date,
                name: name.to_owned(),
            });
            lines.extend(line.filter(|line| !lines.contains(line)));
            let Ok(tomorrow) = date.tomorrow() else {
                return;
            };
            date = tomorrow;
        }
    }
}

/// Why a stretch does not count; nothing if it does.
fn skip(part: &Part) -> Option<Skip> {
    Some(match part {
        Part::Counted => return None,
        Part::Break => Skip::Break,
        Part::Night => Skip::Night,
        Part::DayOff => Skip::DayOff,
        Part::Closed => Skip::Closed,
        Part::Holiday(name) => Skip::Holiday { name: name.clone() },
        Part::Offices(parts) => Skip::Offices {
            offices: parts
                .iter()
                .filter_map(|(office, part)| {
                    let office = office.clone();
                    skip(part).map(|why| Closed { office, why })
                })
                .collect(),
        },
    })
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
            plan: inquiry.plan().to_owned(),
            amount_ms: amount.ms,
            calendar: amount.calendar.clone(),
            region: policy.row_of(inquiry).and_then(|row| row.region.clone()),
            because: because(inquiry, run.clock, policy, &amount.calendar),
            contract: inquiry.terms().map(|terms| terms.contract.clone()),
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

fn because(inquiry: &Inquiry, clock: Clock, policy: &Policy, calendar: &str) -> Option<Because> {
    if !clock.is_internal() && hours_bought(inquiry, policy) == Some(calendar) {
        return Some(Because::Contract);
    }
    let row = policy.row_of(inquiry)?;
    let is_customers = row.yields && inquiry.facts.calendar.as_deref() == Some(calendar);
    match (is_customers, calendar == policy.working) {
        (true, _) => Some(Because::Customer),
        (false, false) => Some(Because::Row),
        (false, true) => None,
    }
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
        for piece in calendar.pieces(from, before) {
            lines_of(&piece, calendar, lines);
        }
        left -= before;
        let Some(until) = until else { return };
        lines.push(Line::Skipped {
            from: *paused,
            until: *until,
            why: Skip::Paused,
        });
        from = *until;
    }
    for piece in calendar.pieces(from, left) {
        lines_of(&piece, calendar, lines);
    }
}
