//! The board of a queue, as data: what is at risk, late or urgent at this moment, in one list.
//!
//! Promises: an inquiry's line is a function of its state and policy alone, so whoever commits a change knows whether
//! the board says something else now; the list is ordered by the time that is left and has an end. Leaves out words
//! and look, and where a board is kept.

use crate::domain::card::is_at_risk;
use crate::domain::ids::{QueueId, TextId};
use crate::domain::inquiry::{Clock, Inquiry, Ownership, Run, Severity, Urgency};
use crate::domain::sla::{Policy, due_at};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a board shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub queue: QueueId,
    /// The most pressing first.
    pub lines: Vec<BoardLine>,
    /// So many more stand below the last line.
    pub more: u32,
    /// Whether the queue still keeps its board here; a place that it left is told so.
    pub is_kept: bool,
}

/// An inquiry on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardLine {
    /// The number people say: `Q-12` is 12.
    pub reference: i64,
    #[serde(flatten)]
    pub what: Pressing,
}

/// Why an inquiry is on a board, with what its line says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pressing {
    pub standing: Standing,
    pub severity: Severity,
    pub title: TextId,
    pub ownership: Ownership,
    /// The promise that breaks first, or broke first.
    pub due: Option<Due>,
}

/// How an inquiry presses, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Urgent,
    Late,
    AtRisk,
}

/// A promise on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub clock: Clock,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// How many lines a board has at most: what fits a chat's message and a glance.
pub const LINES: usize = 15;

/// Says whether an inquiry belongs on its queue's board now, and with what.
pub fn pressing(inquiry: &Inquiry, policy: &Policy) -> Option<Pressing> {
    let is_urgent = inquiry.is_open() && matches!(inquiry.urgency, Urgency::Urgent { .. });
    let first = |runs: &mut dyn Iterator<Item = (&Run, Timestamp)>| {
        runs.min_by_key(|(run, at)| (*at, run.clock))
            .map(|(run, at)| Due {
                clock: run.clock,
                at,
            })
    };
    // What other teams owe us is no promise of ours.
    let promises = || {
        let runs = inquiry.runs.iter();
        runs.filter(|run| run.clock != Clock::Urgent && !run.clock.is_internal())
    };
    let mut late = promises().filter_map(|run| {
        let missed = run.missed_at?;
        // What stands still now was due when it broke.
        Some((run, due_at(inquiry, run, policy).unwrap_or(missed)))
    });
    let mut at_risk = promises()
        .filter(|run| run.missed_at.is_none() && (is_urgent || is_at_risk(inquiry, run, policy)))
        .filter_map(|run| Some((run, due_at(inquiry, run, policy)?)));
    let late = first(&mut late);
    let due = late.or_else(|| first(&mut at_risk));
    let standing = match (is_urgent, late, due) {
        (true, _, _) => Standing::Urgent,
        (false, Some(_), _) => Standing::Late,
        (false, None, Some(_)) => Standing::AtRisk,
        (false, None, None) => return None,
    };
    Some(Pressing {
        standing,
        severity: inquiry.severity,
        title: inquiry.facts.title.clone(),
        ownership: inquiry.ownership.clone(),
        due,
    })
}

/// Puts the lines in order and gives the list an end.
pub fn board(queue: QueueId, mut lines: Vec<BoardLine>) -> Board {
    lines.sort_by_key(|line| {
        let due = line.what.due.map(|due| due.at);
        (due.is_none(), due, line.what.severity, line.reference)
    });
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    Board {
        queue,
        lines,
        more: u32::try_from(more).unwrap_or(u32::MAX),
        is_kept: true,
    }
}

impl Board {
    /// The worst that is on it.
    pub fn worst(&self) -> Option<Standing> {
        self.lines.iter().map(|line| line.what.standing).min()
    }

    /// How many inquiries it is about, those without a line included.
    pub fn count(&self) -> usize {
        self.lines.len() + self.more as usize
    }
}

#[cfg(test)]
mod tests;
