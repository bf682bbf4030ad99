//! When a promise breaks, and when the rungs of its ladder fall due.

use super::policy::{Amount, Policy, Step, StepAt};
use crate::domain::calendar::Calendar;
use crate::domain::inquiry::{Clock, EndedRun, Ending, Inquiry, Run};
use crate::time::{SignedDuration, Timestamp};

/// The instant a run's promise breaks; `None` while it stands still or where nothing is promised.
///
/// A promise that was missed keeps the instant at which it was, whatever policy or severity say later.
pub fn due_at(inquiry: &Inquiry, run: &Run, policy: &Policy) -> Option<Timestamp> {
    if run.missed_at.is_some() {
        return run.missed_at;
    }
    match run.clock {
        Clock::NeededBy => inquiry.facts.needed_by,
        Clock::Urgent => None,
        Clock::FirstResponse | Clock::NextResponse | Clock::Claim | Clock::Resolution => {
            let amount = amount(inquiry, run.clock, policy)?;
            counted(
                run,
                SignedDuration::from_millis(amount.ms),
                policy.calendar(&amount.calendar),
            )
        }
    }
}

/// What the policy promises for a clock of this inquiry, and in which calendar.
///
/// Calendar precedence (DESIGN §5): what the row of the contract's plan names, the customer's, the queue's. A contract of
/// its own will come before all of them.
pub fn amount(inquiry: &Inquiry, clock: Clock, policy: &Policy) -> Option<Amount> {
    let row = policy.row(inquiry.severity, &inquiry.facts)?;
    let mut amount = row.amount(clock)?.clone();
    let customers = inquiry.facts.calendar.as_ref();
    // A snapshot from before the customer had a calendar does not hold it.
    let held = customers.filter(|key| policy.calendars.contains_key(*key));
    if let Some(key) = held.filter(|_| row.yields) {
        amount.calendar.clone_from(key);
    }
    Some(amount)
}

/// Counts an amount from the run's start, leaving its pauses out; `None` while a pause is open.
fn counted(run: &Run, amount: SignedDuration, calendar: &Calendar) -> Option<Timestamp> {
    let (mut from, mut left) = (run.started_at, amount);
    for pause in &run.pauses {
        let before = calendar.worked_between(from, pause.from);
        if before >= left {
            break;
        }
        left -= before;
        from = pause.until?;
    }
    Some(calendar.due_after(from, left))
}

/// The own instant of one rung in one repeat; `None` where it has none (before the start, or nothing promised).
pub fn step_at(
    inquiry: &Inquiry,
    run: &Run,
    policy: &Policy,
    step: &Step,
    repeat: u32,
) -> Option<Timestamp> {
    let repeats = step
        .repeat
        .map_or(0, |repeat| repeat.every_ms)
        .saturating_mul(i64::from(repeat));
    if run.clock == Clock::Urgent {
        return match step.at {
            StepAt::After(ms) => run
                .started_at
                .checked_add(SignedDuration::from_millis(ms.saturating_add(repeats)))
                .ok(),
            StepAt::Percent(_) | StepAt::Before(_) | StepAt::Breach => None,
        };
    }
    let due = due_at(inquiry, run, policy)?;
    let calendar =
        amount(inquiry, run.clock, policy).map(|amount| policy.calendar(&amount.calendar));
    let later = |ms: i64| match calendar {
        Some(calendar) => Some(calendar.due_after(due, SignedDuration::from_millis(ms))),
        None => due.checked_add(SignedDuration::from_millis(ms)).ok(),
    };
    let at = match step.at {
        StepAt::Breach => later(repeats).filter(|_| repeats > 0).or(Some(due)),
        StepAt::After(ms) => later(ms.saturating_add(repeats)),
        StepAt::Before(ms) => match calendar {
            Some(calendar) => Some(calendar.before(due, SignedDuration::from_millis(ms))),
            None => due.checked_sub(SignedDuration::from_millis(ms)).ok(),
        },
        StepAt::Percent(share) => match amount(inquiry, run.clock, policy) {
            Some(amount) => {
                let part = SignedDuration::from_millis(amount.ms / 100 * i64::from(share));
                counted(run, part, policy.calendar(&amount.calendar))
            }
            None => {
                let span = due.duration_since(run.started_at);
                run.started_at
                    .checked_add(span / 100 * i32::from(share))
                    .ok()
            }
        },
    }?;
    // A step that would fall on the start or before it says nothing that the receipt does not.
    (at > run.started_at || matches!(step.at, StepAt::Breach | StepAt::After(_))).then_some(at)
}

/// How a promise stands or ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub clock: Clock,
    pub run: u64,
    pub started_at: Timestamp,
    pub due_at: Option<Timestamp>,
    /// `None` while it runs.
    pub ended: Option<(Timestamp, Ending)>,
    /// Whether it was or is late.
    pub is_missed: bool,
}

/// Tells of every promise of the inquiry how it stands at an instant, in the order they started.
pub fn verdicts(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Vec<Verdict> {
    let running = inquiry.runs.iter().map(|run| {
        let due = due_at(inquiry, run, policy);
        (run, None, due.is_some_and(|due| now > due))
    });
    let ended = inquiry.ended.iter().map(
        |EndedRun {
             run, ended_at, how, ..
         }| { (run, Some((*ended_at, *how)), *how == Ending::Missed) },
    );
    let mut all: Vec<Verdict> = ended
        .chain(running)
        .filter(|(run, ..)| run.clock != Clock::Urgent)
        .map(|(run, ended, is_missed)| Verdict {
            clock: run.clock,
            run: run.run,
            started_at: run.started_at,
            due_at: due_at(inquiry, run, policy),
            ended,
            is_missed,
        })
        .collect();
    all.sort_by_key(|verdict| (verdict.run, verdict.clock));
    all
}

/// The promise that rules: of those that run, the one that breaks first.
pub fn next_promise<'a>(inquiry: &'a Inquiry, policy: &Policy) -> Option<(&'a Run, Timestamp)> {
    inquiry
        .runs
        .iter()
        .filter_map(|run| due_at(inquiry, run, policy).map(|due| (run, due)))
        .min_by_key(|(run, due)| (*due, run.clock))
}
