//! When a promise breaks, and when the rungs of its ladder fall due.

use super::policy::{Amount, Policy, Step, StepAt};
use crate::domain::calendar::Calendar;
use crate::domain::inquiry::{Clock, EndedRun, Ending, Inquiry, Moved, Run};
use crate::time::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
        Clock::FirstResponse
        | Clock::NextResponse
        | Clock::Claim
        | Clock::Resolution
        | Clock::Vendor
        | Clock::Development
        | Clock::NextTier => {
            let amount = amount(inquiry, run.clock, policy)?;
            counted(
                run,
                SignedDuration::from_millis(amount.ms),
                policy.calendar(&amount.calendar),
            )
        }
    }
}

/// When a clock that started at an instant would break; `None` where nothing is promised.
pub fn due_from(
    inquiry: &Inquiry,
    clock: Clock,
    start: Timestamp,
    policy: &Policy,
) -> Option<Timestamp> {
    let amount = amount(inquiry, clock, policy)?;
    let calendar = policy.calendar(&amount.calendar);
    Some(calendar.due_after(start, SignedDuration::from_millis(amount.ms)))
}

/// The deadlines of the clocks that run which differ between two views of one inquiry: another policy, or another
/// severity. What was missed before keeps its instant in both.
pub fn moved_between(before: (&Inquiry, &Policy), after: (&Inquiry, &Policy)) -> Vec<Moved> {
    let runs = before.0.runs.iter();
    runs.map(|run| Moved {
        clock: run.clock,
        old_due: due_at(before.0, run, before.1),
        new_due: due_at(after.0, run, after.1),
    })
    .filter(|moved| moved.old_due != moved.new_due)
    .collect()
}

/// How much time is left until a deadline, or has passed since, as its own clock counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Milliseconds; negative once it has passed.
    pub ms: i64,
    /// Whether only open hours of a calendar count.
    pub is_business: bool,
}

/// Tells how much time of a clock is left. The clock of a promise counts in its target's calendar; a wish by the wall
/// clock is met by people who work in the queue's hours, so those are counted.
pub fn left(
    inquiry: &Inquiry,
    clock: Clock,
    due: Timestamp,
    policy: &Policy,
    now: Timestamp,
) -> Left {
    let calendar = match amount(inquiry, clock, policy) {
        Some(amount) => policy.calendar(&amount.calendar),
        None => policy.working(),
    };
    let ms = if due >= now {
        calendar.worked_between(now, due).as_millis()
    } else {
        -calendar.worked_between(due, now).as_millis()
    };
    Left {
        ms: i64::try_from(ms).unwrap_or(i64::MAX),
        is_business: !calendar.is_around_the_clock(),
    }
}

/// What the policy promises for a clock of this inquiry, and in which calendar.
///
/// Calendar precedence (DESIGN §5): the contract's, what the row of the contract's plan names, the customer's, the
/// queue's. What we expect of other teams has nothing to do with a contract's hours.
pub fn amount(inquiry: &Inquiry, clock: Clock, policy: &Policy) -> Option<Amount> {
    let row = policy.row_of(inquiry)?;
    let mut amount = row.amount(clock)?.clone();
    if let Some(key) = hours_bought(inquiry, policy).filter(|_| !clock.is_internal()) {
        key.clone_into(&mut amount.calendar);
        return Some(amount);
    }
    let customers = inquiry.facts.calendar.as_ref();
    // A snapshot from before the customer had a calendar does not hold it.
    let held = customers.filter(|key| policy.calendars.contains_key(*key));
    if let Some(key) = held.filter(|_| row.yields) {
        amount.calendar.clone_from(key);
    }
    Some(amount)
}

/// The calendar of the contract, as far as the policy holds it: a snapshot may be from before the contract.
pub(super) fn hours_bought<'a>(inquiry: &'a Inquiry, policy: &Policy) -> Option<&'a str> {
    let key = inquiry.terms()?.calendar.as_deref()?;
    policy.calendars.contains_key(key).then_some(key)
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

/// Tells of every promise of the inquiry how it stands at an instant, in the order they started. What other teams
/// owe us is no promise of ours and is not among them: [`internal_verdicts`] tells of that.
pub fn verdicts(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Vec<Verdict> {
    judged(inquiry, policy, now, |clock| {
        !clock.is_internal() && clock != Clock::Urgent
    })
}

/// Tells of every wait for another team how it stood against what is expected of them.
pub fn internal_verdicts(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Vec<Verdict> {
    judged(inquiry, policy, now, Clock::is_internal)
}

fn judged(
    inquiry: &Inquiry,
    policy: &Policy,
    now: Timestamp,
    wanted: impl Fn(Clock) -> bool,
) -> Vec<Verdict> {
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
        .filter(|(run, ..)| wanted(run.clock))
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

/// The promise that rules: of those that run, the one that breaks first. What we expect of other teams rules nothing.
pub fn next_promise<'a>(inquiry: &'a Inquiry, policy: &Policy) -> Option<(&'a Run, Timestamp)> {
    inquiry
        .runs
        .iter()
        .filter(|run| !run.clock.is_internal())
        .filter_map(|run| due_at(inquiry, run, policy).map(|due| (run, due)))
        .min_by_key(|(run, due)| (*due, run.clock))
}
