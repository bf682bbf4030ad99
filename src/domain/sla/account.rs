//! The whole account of an inquiry's deadlines: every clock that runs or ran, what moved it, and how it ended.
//!
//! It is worked out from the ledger alone, each stretch by the policy and severity of its time, so that an ended clock is
//! explained as it was judged. What a single sum is made of stands in `explain.rs`.

use super::due::{due_at, left};
use super::explain::{Cause, Line, explain};
use super::policy::Policy;
use crate::domain::inquiry::{
    Clock, EndedRun, Ending, Entry, Event, Inquiry, PolicyHash, Run, evolve, is_receipts_check,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The policies that a ledger names.
pub fn policies_of(ledger: &[Entry]) -> BTreeSet<&PolicyHash> {
    ledger
        .iter()
        .flat_map(|entry| match &entry.event {
            Event::Received { policy, .. } | Event::Transferred { policy, .. } => vec![policy],
            Event::PolicyChanged { from, to, .. } => vec![from, to],
            _ => Vec::new(),
        })
        .collect()
}

/// What is told of one run of a clock.
struct Told {
    clock: Clock,
    run: u64,
    /// What happened to its deadline on the way.
    moves: Vec<Line>,
    /// The sum as it stood at the end, and the end.
    ended: Option<Vec<Line>>,
}

/// Accounts for every deadline that there is or was: those that run first, then those that ended, in the order in which
/// they started. Clocks for which nothing is promised are left out.
pub fn account(
    ledger: &[Entry],
    policies: &BTreeMap<PolicyHash, Arc<Policy>>,
) -> Vec<(Clock, Vec<Line>)> {
    let mut told: Vec<Told> = Vec::new();
    let mut state: Option<Inquiry> = None;
    for entry in ledger {
        let after = evolve(state.clone(), entry);
        if let Some(before) = &state
            && let (Some(old), Some(new)) =
                (policies.get(&before.policy), policies.get(&after.policy))
        {
            follow((before, old), (&after, new), entry, &mut told);
        }
        state = Some(after);
    }
    let Some((state, policy)) = state.and_then(|state| {
        let policy = policies.get(&state.policy)?;
        Some((state, policy))
    }) else {
        return Vec::new();
    };
    let mut running: Vec<(bool, u64, Clock, Vec<Line>)> = state
        .runs
        .iter()
        .filter(|run| run.clock != Clock::Urgent)
        .map(|run| {
            let mut lines = explain(&state, run, policy);
            lines.extend(moves(&told, run.clock, run.run));
            (run.clock.is_internal(), run.run, run.clock, lines)
        })
        .collect();
    running.sort_by_key(|(is_internal, run, clock, _)| (*is_internal, *run, *clock));
    let mut ended: Vec<Told> = told
        .into_iter()
        .filter(|told| told.ended.is_some())
        .collect();
    ended.sort_by_key(|told| (told.clock.is_internal(), told.run, told.clock));
    let ended = ended
        .into_iter()
        .map(|told| (told.clock, told.ended.unwrap_or_default()));
    running
        .into_iter()
        .map(|(.., clock, lines)| (clock, lines))
        .chain(ended)
        .filter(|(_, lines)| !lines.contains(&Line::NoPromise))
        .map(|(clock, lines)| (clock, headed(clock, lines)))
        .collect()
}

/// The clock is named once, at the head of its reasons.
fn headed(clock: Clock, lines: Vec<Line>) -> Vec<Line> {
    let is_internal = clock.is_internal().then_some(Line::Internal);
    [Line::Clock { clock }]
        .into_iter()
        .chain(is_internal)
        .chain(lines)
        .collect()
}

fn moves(told: &[Told], clock: Clock, run: u64) -> Vec<Line> {
    told.iter()
        .find(|told| (told.clock, told.run) == (clock, run))
        .map(|told| told.moves.clone())
        .unwrap_or_default()
}

fn of(told: &mut Vec<Told>, run: &Run) -> usize {
    let found = told
        .iter()
        .position(|told| (told.clock, told.run) == (run.clock, run.run));
    found.unwrap_or_else(|| {
        told.push(Told {
            clock: run.clock,
            run: run.run,
            moves: Vec::new(),
            ended: None,
        });
        told.len() - 1
    })
}

/// Notes what one entry did to the deadlines.
fn follow(
    (before, old): (&Inquiry, &Policy),
    (after, new): (&Inquiry, &Policy),
    entry: &Entry,
    told: &mut Vec<Told>,
) {
    let is = |run: &Run, other: &Run| (run.clock, run.run) == (other.clock, other.run);
    for run in before.runs.iter().filter(|run| run.clock != Clock::Urgent) {
        if let Some(now) = after.runs.iter().find(|other| is(run, other)) {
            let (was, will) = (due_at(before, run, old), due_at(after, now, new));
            if let Some(cause) = cause(entry, after, new).filter(|_| was != will) {
                let place = of(told, run);
                told[place].moves.push(Line::Moved {
                    at: entry.at,
                    cause,
                    old: was,
                    new: will,
                });
            }
        } else if let Some(ended) = after.ended.iter().rev().find(|ended| is(run, &ended.run)) {
            ends((before, run), ended, old, told);
        }
    }
    // Another answer has kept it than the one, or the close, that had ended it.
    for ended in &after.ended {
        let had_ended = before.ended.iter().any(|other| is(&ended.run, &other.run));
        if had_ended && ended.run.clock.is_response() && !before.ended.contains(ended) {
            ends((before, &ended.run), ended, old, told);
        }
    }
    for run in &after.runs {
        let was_ended = before.ended.iter().any(|ended| is(run, &ended.run));
        let is_again = was_ended && !before.runs.iter().any(|other| is(run, other));
        if is_again {
            let place = of(told, run);
            told[place].ended = None;
            told[place].moves.push(match &entry.event {
                Event::Reopened { .. } => Line::OwedAgain { at: entry.at },
                _ => Line::RanAgain { at: entry.at },
            });
        }
    }
}

/// Notes the sum of a run as it stood at its end, and the end.
fn ends((before, run): (&Inquiry, &Run), ended: &EndedRun, policy: &Policy, told: &mut Vec<Told>) {
    let place = of(told, run);
    let mut lines = explain(before, run, policy);
    if ended.how == Ending::Met {
        for line in &mut lines {
            // An act recorded late at its own time was in time after all.
            if let Line::Missed { at } = line {
                *line = Line::Due { at: Some(*at) };
            }
        }
    }
    lines.extend(told[place].moves.clone());
    lines.push(end(before, ended, policy));
    told[place].ended = Some(lines);
}

fn end(before: &Inquiry, ended: &EndedRun, policy: &Policy) -> Line {
    let due = due_at(before, &ended.run, policy);
    Line::Ended {
        at: ended.ended_at,
        how: ended.how,
        left: due.map(|due| left(before, ended.run.clock, due, policy, ended.ended_at)),
    }
}

/// What moved a deadline; `None` for what is told by the sum itself, such as a pause.
fn cause(entry: &Entry, after: &Inquiry, policy: &Policy) -> Option<Cause> {
    match &entry.event {
        Event::SeveritySet { from, to, .. } | Event::SeverityAgreed { from, to, .. } => {
            Some(Cause::Severity {
                from: *from,
                to: *to,
            })
        }
        Event::PolicyChanged { .. } => Some(Cause::Policy {
            name: policy.name.clone(),
        }),
        Event::Transferred { to, .. } => Some(Cause::Queue { to: to.clone() }),
        Event::Updated { .. } => Some(Cause::Source),
        // What the receipt's own check says was so from the start.
        Event::ContractChecked { .. } if !is_receipts_check(entry, after) => Some(Cause::Contract),
        _ => None,
    }
}
