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
use crate::domain::inquiry::{
    Clock, Inquiry, Ownership, Run, Stage, StepSaid, Urgency, WaitingOn, urgent_since,
};
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
    /// The policy lets the desk give what its owner has left lying to the duty.
    HandToDuty,
    /// Nobody answered what was asked at the handoff.
    Handoff,
}

impl Item {
    /// Tells whether it is to be done at a moment.
    pub fn is_due(&self, inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> bool {
        // As `next_after` sees it, or what waits under a floor that never ends would be due and never done.
        self.at <= now && (!self.waits || policy.awake_for(Case::of(inquiry), now) <= now)
    }
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
    agenda(inquiry, policy)
        .into_iter()
        .filter(|item| item.is_due(inquiry, policy, now))
        .collect()
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
    items.extend(inquiry.asked_at_handoff().map(|asked| {
        let what = What::Handoff;
        told(inquiry, policy, asked.answer_by, what, false)
    }));
    match &inquiry.stage {
        Stage::Active { .. } if owes_response => {}
        Stage::Active { .. } => {
            items.extend(quiet(inquiry, policy));
            items.extend(hand_to_duty_at(inquiry, policy));
        }
        Stage::Waiting { on, chase_at, .. } => {
            items.push(told(
                inquiry,
                policy,
                *chase_at,
                What::Chase { on: *on },
                true,
            ));
        }
        Stage::Resolved { .. } if inquiry.awaits_word() => {
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
        Stage::Closed { .. } if inquiry.awaits_word() => {
            items.extend(quiet(inquiry, policy).filter(|_| !owes_response));
        }
        Stage::Closed { .. } => {}
    }
    items
}

fn steps(inquiry: &Inquiry, run: &Run, policy: &Policy, items: &mut Vec<Item>) {
    let ladder = policy.ladder_for(inquiry.severity, run.clock);
    for (index, step) in (0u32..).zip(ladder) {
        let Some(repeat) = next_repeat(run, index, step, ladder) else {
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
fn next_repeat(run: &Run, index: u32, step: &Step, ladder: &[Step]) -> Option<u32> {
    let next = run
        .said
        .iter()
        .filter(|said| place(said, ladder) == Some(index))
        .map(|said| said.repeat + 1)
        .max();
    let next = next.unwrap_or(0);
    let times = match step.repeat {
        None => Some(1),
        Some(repeat) => repeat.times,
    };
    times.is_none_or(|times| next < times).then_some(next)
}

/// Where a rung that was said stands on the ladder that holds now; `None` when that has no such rung. What was said
/// on another ladder is known again by what it was, not by its number.
pub fn place(said: &StepSaid, ladder: &[Step]) -> Option<u32> {
    let Some(rung) = said.rung else {
        return Some(said.step);
    };
    let is_same = ladder.get(said.step as usize).map(|step| step.at) == Some(rung);
    if is_same {
        return Some(said.step);
    }
    let place = ladder.iter().position(|step| step.at == rung)?;
    u32::try_from(place).ok()
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
    // The second time the duty is asked too, and that is no mere reminder of the owner.
    let is_reminder = inquiry.quiet_asked == 0;
    Some(told(inquiry, policy, instant, What::Quiet, is_reminder))
}

/// When what its owner has left lying goes to the duty; `None` unless the policy says so, and not before both the owner
/// and the duty have been asked.
pub fn hand_to_duty_at(inquiry: &Inquiry, policy: &Policy) -> Option<Item> {
    let after = policy.release_after_ms?;
    let is_left_lying = matches!(inquiry.stage, Stage::Active { .. })
        && matches!(inquiry.ownership, Ownership::Owned { .. })
        && inquiry.quiet_asked >= 2;
    is_left_lying.then(|| {
        let instant = policy
            .working()
            .due_after(inquiry.last_act_at, SignedDuration::from_millis(after));
        told(inquiry, policy, instant, What::HandToDuty, false)
    })
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
