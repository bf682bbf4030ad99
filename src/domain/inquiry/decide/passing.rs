//! What time and the source bring: the tick, and the update.

use super::Draft;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{
    CloseReason, Event, Facts, Inquiry, LinesChanged, Ownership, Revision, There,
};
use crate::domain::sla::{Item, Policy, What, due_now, step_at};
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::BTreeMap;

/// Records everything that is due. Of one clock's rungs only the highest is said: after a night or a
/// down-time the lower ones are recorded as superseded.
pub(super) fn tick(draft: &mut Draft, policy: &Policy) {
    // What one thing brings may be due at once too: urgency its first call, the last rung the quiet timer.
    for _ in 0..ROUNDS {
        let mut due = due_now(&draft.inquiry, policy, draft.now);
        // Who has the duty is not known here: the desk asks for it by a command of its own.
        due.retain(|item| item.what != What::HandToDuty);
        if due.is_empty() {
            return;
        }
        record(draft, policy, due);
    }
}

/// More rounds than things can follow from one another at one moment.
const ROUNDS: u32 = 8;

fn record(draft: &mut Draft, policy: &Policy, due: Vec<Item>) {
    for item in &due {
        if let What::Missed { clock, run } = item.what {
            draft.push(Event::Missed {
                clock,
                run,
                at: item.instant,
            });
        }
    }
    rungs(draft, policy, &due);
    for item in due {
        match item.what {
            What::Missed { .. } | What::Step { .. } | What::HandToDuty => {}
            What::Urgency => draft.push(Event::UrgencyRaised {
                since: item.instant,
            }),
            What::Handoff => super::handoff::unanswered(draft),
            What::Quiet => draft.push(Event::QuietReached {
                at: item.instant,
                asked: draft.inquiry.quiet_asked + 1,
            }),
            What::Chase { on } => {
                let next_at = policy
                    .working()
                    .add_working_days(draft.now, policy.chase_days);
                draft.push(Event::ChaseReached {
                    on,
                    at: item.instant,
                    next_at,
                });
            }
            What::Close => draft.close(CloseReason::Silence, None),
        }
    }
}

/// A rung that is due: its instant, its place on the ladder, which repeat.
type Rung = (Timestamp, u32, u32, bool);

fn rungs(draft: &mut Draft, policy: &Policy, due: &[Item]) {
    let mut by_run = BTreeMap::<_, Vec<Rung>>::new();
    for item in due {
        if let What::Step {
            clock,
            run,
            step,
            repeat,
            is_silent,
        } = item.what
        {
            let (instant, repeat) = latest_repeat(
                &draft.inquiry,
                policy,
                (clock, run, step, repeat),
                item.instant,
                draft.now,
            );
            by_run
                .entry((clock, run))
                .or_default()
                .push((instant, step, repeat, is_silent));
        }
    }
    for ((clock, run), mut rungs) in by_run {
        rungs.sort();
        let ladder = policy.ladder_for(draft.inquiry.severity, clock);
        let highest = rungs.iter().rposition(|(.., is_silent)| !is_silent);
        for (place, (at, step, repeat, _)) in rungs.into_iter().enumerate() {
            let is_superseded = highest.is_some_and(|highest| place != highest);
            draft.push(Event::StepReached {
                clock,
                run,
                step,
                repeat,
                at,
                is_superseded,
                rung: ladder.get(step as usize).map(|rung| rung.at),
            });
        }
    }
}

/// Of a repeating rung only the last repeat that has come is said.
fn latest_repeat(
    inquiry: &Inquiry,
    policy: &Policy,
    (clock, run, step, repeat): (crate::domain::inquiry::Clock, u64, u32, u32),
    instant: Timestamp,
    now: Timestamp,
) -> (Timestamp, u32) {
    let rung = policy
        .ladder_for(inquiry.severity, clock)
        .get(step as usize);
    let running = inquiry
        .runs
        .iter()
        .find(|found| found.clock == clock && found.run == run);
    let (Some(rung), Some(running)) = (rung, running) else {
        return (instant, repeat);
    };
    let Some(every) = rung.repeat else {
        return (instant, repeat);
    };
    // Wall time bounds how many repeats can have come; a calendar only makes them fewer.
    let most = now.duration_since(instant).as_millis() / i128::from(every.every_ms.max(1));
    let most = u32::try_from(most)
        .unwrap_or(u32::MAX)
        .saturating_add(repeat);
    let most = every
        .times
        .map_or(most, |times| most.min(times.saturating_sub(1)));
    let reached = |repeat: u32| {
        step_at(inquiry, running, policy, rung, repeat)
            .filter(|at| *at <= now)
            .map(|at| (at, repeat))
    };
    // The instants grow with the repeat, so the last that has come is found by halving.
    let (mut low, mut high) = (repeat, most.max(repeat));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if reached(middle).is_some() {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    reached(low).unwrap_or((instant, repeat))
}

/// The source's newer word. What changes no mapped field makes no event; an older revision changes nothing.
pub(super) fn update(
    draft: &mut Draft,
    policy: &Policy,
    (revision, facts, body): (Option<Revision>, Facts, Option<LinesChanged>),
    there: Option<There>,
    owner: Option<MemberId>,
) {
    if is_older(&revision, &draft.inquiry.origin.revision, draft.now) {
        return;
    }
    if facts != draft.inquiry.facts {
        let body = body.filter(|_| facts.body != draft.inquiry.facts.body);
        let before = draft.inquiry.facts.clone();
        draft.push(Event::Updated {
            revision,
            facts,
            body,
        });
        if there.is_none_or(|there| there == There::Open) {
            super::gate::come_back_if_filled(draft, policy, &before);
        }
    }
    if let Some(there) = there {
        super::there::find(draft, policy, there);
    }
    let Some(owner) = owner.filter(|_| draft.inquiry.is_open()) else {
        return;
    };
    match &draft.inquiry.ownership {
        Ownership::Owned { by, .. } if *by == owner => {}
        Ownership::Assigned { to, .. } if *to == owner => draft.push(Event::Accepted { by: owner }),
        Ownership::Owned { .. } | Ownership::Assigned { .. } | Ownership::Unclaimed { .. } => {
            draft.push(Event::Claimed { by: owner });
        }
    }
}

fn is_older(given: &Option<Revision>, known: &Option<Revision>, now: Timestamp) -> bool {
    match (given, known) {
        (Some(Revision::Ordered(given)), Some(Revision::Ordered(known))) => {
            !is_ahead(known, now) && compare_revisions(given, known) == std::cmp::Ordering::Less
        }
        (Some(_), Some(_)) | (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

/// A clock that is further ahead than this is none.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Whether a revision is an instant that no clock has reached: it would stand against all that changes until then, so it
/// orders nothing.
pub fn is_ahead(revision: &str, now: Timestamp) -> bool {
    let at = revision.parse::<Timestamp>();
    at.is_ok_and(|at| at > plus(now, AHEAD))
}

/// Compares revisions: whole numbers by value, anything else (ISO dates above all) as text.
pub fn compare_revisions(a: &str, b: &str) -> std::cmp::Ordering {
    match (a.parse::<u128>(), b.parse::<u128>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}
