//! What an inquiry waits for: every future moment at which something is to be recorded or said.
//!
//! The agenda is derived from state and policy alone. The timer row of an inquiry is its earliest moment;
//! firing late, twice or for a state that moved on finds nothing due and decides nothing.
//!
//! A rung that is told to people waits for working time (the queue's, or that of the line that has the duty: `awake.rs`)
//! unless the inquiry is urgent; that a
//! promise broke is recorded at its own instant, at any hour, because the card must not lie.

use super::awake::Case;
use super::due::{due_at, step_at};
use super::policy::{Audience, Policy, Step};
use crate::domain::inquiry::{Clock, Inquiry, Run, Stage, Urgency, WaitingOn, urgent_since};
use crate::time::{SignedDuration, Timestamp};

/// One moment of the agenda.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// When it is to be done.
    pub at: Timestamp,
    /// Its own instant, which may lie before: a rung of the night is said in the morning.
    pub instant: Timestamp,
    /// Whether it is told to people and so waits for working time, however late anyone looks.
    pub waits: bool,
    pub what: What,
}

/// What is to be recorded or said at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Missed {
        clock: Clock,
        run: u64,
    },
    Step {
        clock: Clock,
        run: u64,
        step: u32,
        repeat: u32,
        is_silent: bool,
    },
    Urgency,
    Quiet,
    Chase {
        on: WaitingOn,
    },
    Close,
}

/// The next instant anything is due; `None` only for an inquiry that has ended.
pub fn deadline(inquiry: &Inquiry, policy: &Policy) -> Option<Timestamp> {
    agenda(inquiry, policy)
        .into_iter()
        .map(|item| item.at)
        .min()
}

/// The next instant at which there is something to do for who looks now: what has passed and waits for
/// working time is due when that opens.
pub fn next_after(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
    let at = |item: Item| {
        if item.waits && item.at < now {
            policy.awake_for(Case::of(inquiry), now)
        } else {
            item.at
        }
    };
    agenda(inquiry, policy).into_iter().map(at).min()
}

/// What is to be done now.
pub fn due_now(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Vec<Item> {
    let is_awake = policy.is_awake(Case::of(inquiry), now);
    let is_due = |item: &Item| item.at <= now && (is_awake || !item.waits);
    agenda(inquiry, policy).into_iter().filter(is_due).collect()
}

/// Everything that is still to come, one item for each rung (its next repeat only), unordered.
pub fn agenda(inquiry: &Inquiry, policy: &Policy) -> Vec<Item> {
    let mut items = Vec::new();
    let mut owes_response = false;
    for run in &inquiry.runs {
        if let Some(due) = due_at(inquiry, run, policy).filter(|_| run.missed_at.is_none()) {
            let what = What::Missed {
                clock: run.clock,
                run: run.run,
            };
            items.push(Item {
                at: due,
                instant: due,
                waits: false,
                what,
            });
        }
        let before = items.len();
        steps(inquiry, run, policy, &mut items);
        owes_response |= run.clock.is_response() && items.len() > before;
    }
    items.extend(urgency(inquiry, policy));
    match &inquiry.stage {
        Stage::Active { .. } => items.extend(quiet(inquiry, policy).filter(|_| !owes_response)),
        Stage::Waiting { on, chase_at, .. } => {
            items.push(told(
                inquiry,
                policy,
                *chase_at,
                What::Chase { on: *on },
                true,
            ));
        }
        Stage::Resolved { .. } if inquiry.runs.iter().any(|run| run.clock.is_response()) => {
            items.extend(quiet(inquiry, policy).filter(|_| !owes_response));
        }
        Stage::Resolved { .. } => {
            let at = policy
                .working()
                .add_working_days(inquiry.last_act_at, policy.close_days);
            items.push(Item {
                at,
                instant: at,
                waits: false,
                what: What::Close,
            });
        }
        // A message on a closed inquiry is owed an answer too.
        Stage::Closed { .. } if inquiry.runs.iter().any(|run| run.clock.is_response()) => {
            items.extend(quiet(inquiry, policy).filter(|_| !owes_response));
        }
        Stage::Closed { .. } => {}
    }
    items
}

fn steps(inquiry: &Inquiry, run: &Run, policy: &Policy, items: &mut Vec<Item>) {
    for (index, step) in (0u32..).zip(policy.ladder(run.clock)) {
        let Some(repeat) = next_repeat(run, index, step) else {
            continue;
        };
        let Some(instant) = step_at(inquiry, run, policy, step, repeat) else {
            continue;
        };
        let is_silent = step.tell.is_empty();
        let what = What::Step {
            clock: run.clock,
            run: run.run,
            step: index,
            repeat,
            is_silent,
        };
        items.push(if is_silent || run.clock == Clock::Urgent {
            Item {
                at: instant,
                instant,
                waits: false,
                what,
            }
        } else {
            told(inquiry, policy, instant, what, is_reminder(step))
        });
    }
}

/// The lowest repeat of a rung above all that were said; `None` when it has been said often enough.
fn next_repeat(run: &Run, index: u32, step: &Step) -> Option<u32> {
    let next = run
        .said
        .iter()
        .filter(|said| said.step == index)
        .map(|said| said.repeat + 1)
        .max();
    let next = next.unwrap_or(0);
    let times = match step.repeat {
        None => Some(1),
        Some(repeat) => repeat.times,
    };
    times.is_none_or(|times| next < times).then_some(next)
}

/// A rung that only its owner hears of: what a snooze silences.
fn is_reminder(step: &Step) -> bool {
    step.tell
        .iter()
        .all(|audience| matches!(audience, Audience::Owner))
}

/// Something said to people: in working time unless urgent, and not before a snooze ends if it is a mere reminder.
fn told(
    inquiry: &Inquiry,
    policy: &Policy,
    instant: Timestamp,
    what: What,
    is_reminder: bool,
) -> Item {
    let awake = match &inquiry.snooze {
        Some(snooze) if is_reminder => instant.max(snooze.until),
        Some(_) | None => instant,
    };
    match inquiry.urgency {
        Urgency::Urgent { .. } => Item {
            at: awake,
            instant,
            waits: false,
            what,
        },
        Urgency::Calm | Urgency::Denied { .. } => Item {
            at: policy.awake_for(Case::of(inquiry), awake),
            instant,
            waits: true,
            what,
        },
    }
}

fn quiet(inquiry: &Inquiry, policy: &Policy) -> Option<Item> {
    let from = inquiry
        .nudged_at
        .map_or(inquiry.last_act_at, |at| at.max(inquiry.last_act_at));
    let instant = policy
        .working()
        .due_after(from, SignedDuration::from_millis(policy.quiet_ms));
    Some(told(inquiry, policy, instant, What::Quiet, true))
}

/// The moment at which needed-by comes near enough to be urgent, or has come already.
fn urgency(inquiry: &Inquiry, policy: &Policy) -> Option<Item> {
    let since = urgent_since(inquiry, policy)?;
    let at = since.max(inquiry.received_at);
    Some(Item {
        at,
        instant: at,
        waits: false,
        what: What::Urgency,
    })
}
