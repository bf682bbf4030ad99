//! Folds events into the state. It never refuses and never looks at a policy: what a policy decided is in the event.

use super::{
    Clock, EndedRun, Ending, Entry, Event, Inquiry, Mute, Ownership, Pause, Run, Snooze, Stage,
    StepSaid, Unanswered, Urgency,
};
use crate::time::Timestamp;

/// Applies one ledger line. An entry that was applied already (by its sequence number) changes nothing.
///
/// # Panics
/// When the first entry is not a receipt: such a ledger cannot be written.
pub fn evolve(state: Option<Inquiry>, entry: &Entry) -> Inquiry {
    let Some(mut inquiry) = state else {
        return received(entry);
    };
    if entry.seq <= inquiry.seq {
        return inquiry;
    }
    inquiry.seq = entry.seq;
    apply(&mut inquiry, entry);
    if counts_as_act(&entry.event) {
        inquiry.last_act_at = inquiry.last_act_at.max(entry.at);
        inquiry.nudged_at = None;
    }
    inquiry
}

/// Folds a whole ledger; `None` for an empty one.
pub fn refold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<Inquiry> {
    entries
        .into_iter()
        .fold(None, |state, entry| Some(evolve(state, entry)))
}

fn received(entry: &Entry) -> Inquiry {
    let Event::Received {
        origin,
        facts,
        queue,
        policy,
        escalated_at,
        follows,
        is_backlog,
    } = &entry.event
    else {
        unreachable!("a ledger starts with a receipt")
    };
    let at = entry.at;
    let mut inquiry = Inquiry {
        id: entry.inquiry.clone(),
        origin: origin.clone(),
        severity: facts.severity,
        facts: facts.clone(),
        queue: queue.clone(),
        policy: policy.clone(),
        severity_set_by: None,
        ownership: Ownership::Unclaimed { since: at },
        stage: Stage::Active { since: at },
        runs: Vec::new(),
        ended: Vec::new(),
        unanswered: Vec::new(),
        urgency: Urgency::Calm,
        snooze: None,
        mutes: Vec::new(),
        round_trips: 0,
        asked: false,
        received_at: at,
        last_act_at: at,
        nudged_at: None,
        follows: follows.clone(),
        seq: entry.seq,
    };
    if !is_backlog {
        let response_from = escalated_at.map_or(at, |escalated| escalated.min(at));
        start(&mut inquiry, Clock::FirstResponse, entry.seq, response_from);
        start(&mut inquiry, Clock::Claim, entry.seq, at);
        start(&mut inquiry, Clock::Resolution, entry.seq, at);
        if inquiry.facts.needed_by.is_some() {
            start(&mut inquiry, Clock::NeededBy, entry.seq, at);
        }
    }
    inquiry
}

/// The acts of people and sources restart the quiet timer; what time brings does not.
fn counts_as_act(event: &Event) -> bool {
    match event {
        Event::Missed { .. }
        | Event::StepReached { .. }
        | Event::QuietReached { .. }
        | Event::ChaseReached { .. }
        | Event::UrgencyRaised { .. }
        | Event::UrgencyEnded {}
        | Event::PolicyChanged { .. }
        | Event::Muted { .. }
        | Event::Unmuted {}
        | Event::ReplyFailed { .. } => false,
        Event::Received { .. }
        | Event::Updated { .. }
        | Event::Claimed { .. }
        | Event::Assigned { .. }
        | Event::Accepted { .. }
        | Event::Released { .. }
        | Event::TakenOver { .. }
        | Event::Noted { .. }
        | Event::Replied { .. }
        | Event::RepliedElsewhere { .. }
        | Event::ReplyRetracted { .. }
        | Event::Heard { .. }
        | Event::RequesterReplied { .. }
        | Event::NoAnswerNeeded {}
        | Event::WaitStarted { .. }
        | Event::Resumed {}
        | Event::SeveritySet { .. }
        | Event::NotUrgent { .. }
        | Event::Transferred { .. }
        | Event::Snoozed { .. }
        | Event::Resolved { .. }
        | Event::Closed { .. }
        | Event::Reopened { .. } => true,
    }
}

fn apply(inquiry: &mut Inquiry, entry: &Entry) {
    let (seq, at) = (entry.seq, entry.at);
    match &entry.event {
        Event::Received { .. } => unreachable!("an inquiry is received once"),
        Event::Updated { revision, facts } => updated(inquiry, entry, revision, facts),
        Event::Claimed { by } | Event::Accepted { by } | Event::TakenOver { by, .. } => {
            inquiry.ownership = Ownership::Owned {
                by: by.clone(),
                since: at,
            };
            inquiry.snooze = None;
            end(inquiry, Clock::Claim, seq, at, Ending::Met);
            end(inquiry, Clock::Urgent, seq, at, Ending::Met);
        }
        Event::Assigned { to, by_desk } => {
            let by = if *by_desk {
                super::Actor::System
            } else {
                entry.actor.clone()
            };
            inquiry.ownership = Ownership::Assigned {
                to: to.clone(),
                by,
                since: at,
            };
            inquiry.snooze = None;
            start(inquiry, Clock::Claim, seq, at);
        }
        Event::Released { .. } => give_back(inquiry, seq, at),
        Event::Transferred { to, policy, .. } => {
            inquiry.queue = to.clone();
            inquiry.policy = policy.clone();
            give_back(inquiry, seq, at);
        }
        Event::Noted { .. } => {}
        Event::Replied { is_question, .. } => {
            inquiry.asked = *is_question;
            answered(inquiry, seq, at);
        }
        Event::RepliedElsewhere { at: replied_at, .. } => answered(inquiry, seq, *replied_at),
        Event::ReplyRetracted { of } | Event::ReplyFailed { of, .. } => {
            run_again(inquiry, *of, seq, at)
        }
        Event::Heard { at: said_at, .. } | Event::RequesterReplied { at: said_at, .. } => {
            requester_spoke(inquiry, seq, *said_at, at);
        }
        Event::NoAnswerNeeded {} => {
            inquiry.unanswered.clear();
            end(inquiry, Clock::FirstResponse, seq, at, Ending::Cancelled);
            end(inquiry, Clock::NextResponse, seq, at, Ending::Cancelled);
        }
        Event::WaitStarted {
            on,
            chase_at,
            pauses,
        } => {
            inquiry.stage = Stage::Waiting {
                on: *on,
                since: at,
                chase_at: *chase_at,
            };
            pause_resolution(inquiry, at, *pauses);
        }
        Event::Resumed {} => activate(inquiry, at),
        Event::SeveritySet { to, .. } => {
            inquiry.severity = *to;
            inquiry.severity_set_by = entry.actor.member().cloned();
        }
        Event::UrgencyRaised { since } => {
            inquiry.urgency = Urgency::Urgent { since: *since };
            inquiry.snooze = None;
            if !matches!(inquiry.ownership, Ownership::Owned { .. }) {
                start(inquiry, Clock::Urgent, seq, at);
            }
        }
        Event::UrgencyEnded {} => {
            inquiry.urgency = Urgency::Calm;
            end(inquiry, Clock::Urgent, seq, at, Ending::Cancelled);
        }
        Event::NotUrgent { .. } => {
            if let Some(by) = entry.actor.member() {
                inquiry.urgency = Urgency::Denied {
                    by: by.clone(),
                    at,
                    severity: inquiry.severity,
                    needed_by: inquiry.facts.needed_by,
                };
            }
            end(inquiry, Clock::Urgent, seq, at, Ending::Cancelled);
        }
        Event::Snoozed { until } => {
            if let Some(by) = entry.actor.member() {
                inquiry.snooze = Some(Snooze {
                    by: by.clone(),
                    until: *until,
                });
            }
        }
        Event::Muted { until } => {
            if let Some(by) = entry.actor.member() {
                inquiry.mutes.retain(|mute| mute.by != *by);
                inquiry.mutes.push(Mute {
                    by: by.clone(),
                    until: *until,
                });
            }
        }
        Event::Unmuted {} => {
            let by = entry.actor.member();
            inquiry.mutes.retain(|mute| Some(&mute.by) != by);
        }
        Event::Resolved { outcome } => {
            inquiry.stage = Stage::Resolved {
                outcome: outcome.clone(),
                by: entry.actor.clone(),
                at,
            };
            inquiry.unanswered.clear();
            inquiry.asked = false;
            end_all(inquiry, seq, at, Ending::Met);
        }
        Event::Closed { reason, .. } => {
            let outcome = match &inquiry.stage {
                Stage::Resolved { outcome, .. } => Some(outcome.clone()),
                Stage::Active { .. } | Stage::Waiting { .. } | Stage::Closed { .. } => None,
            };
            inquiry.stage = Stage::Closed {
                reason: *reason,
                by: entry.actor.clone(),
                at,
                outcome,
            };
            inquiry.unanswered.clear();
            end_all(inquiry, seq, at, Ending::Cancelled);
        }
        Event::Reopened { .. } => {
            activate(inquiry, at);
            start(inquiry, Clock::Resolution, seq, at);
            if !matches!(inquiry.ownership, Ownership::Owned { .. }) {
                start(inquiry, Clock::Claim, seq, at);
            }
            if inquiry
                .facts
                .needed_by
                .is_some_and(|needed_by| needed_by > at)
            {
                start(inquiry, Clock::NeededBy, seq, at);
            }
        }
        Event::Missed {
            run, at: missed_at, ..
        } => {
            if let Some(found) = inquiry
                .runs
                .iter_mut()
                .find(|found| found.run == *run && found.clock == missed_clock(&entry.event))
            {
                found.missed_at = Some(*missed_at);
            }
            inquiry.snooze = None;
        }
        Event::StepReached {
            clock,
            run,
            step,
            repeat,
            at: reached_at,
            ..
        } => {
            let said = StepSaid {
                step: *step,
                repeat: *repeat,
                at: *reached_at,
            };
            if let Some(found) = inquiry
                .runs
                .iter_mut()
                .find(|found| found.run == *run && found.clock == *clock)
            {
                found.said.push(said);
            }
            // The quiet timer takes over from where the ladder ended.
            if clock.is_response() {
                inquiry.nudged_at = Some(at);
            }
        }
        Event::QuietReached { .. } => inquiry.nudged_at = Some(at),
        Event::ChaseReached { next_at, .. } => {
            if let Stage::Waiting { chase_at, .. } = &mut inquiry.stage {
                *chase_at = *next_at;
            }
        }
        Event::PolicyChanged { to, .. } => inquiry.policy = to.clone(),
    }
}

fn missed_clock(event: &Event) -> Clock {
    match event {
        Event::Missed { clock, .. } => *clock,
        _ => unreachable!("asked only of a missed promise"),
    }
}

fn updated(
    inquiry: &mut Inquiry,
    entry: &Entry,
    revision: &Option<super::Revision>,
    facts: &super::Facts,
) {
    if revision.is_some() {
        inquiry.origin.revision = revision.clone();
    }
    let needed_by_before = inquiry.facts.needed_by;
    inquiry.facts = facts.clone();
    if inquiry.severity_set_by.is_none() {
        inquiry.severity = facts.severity;
    }
    if facts.needed_by != needed_by_before {
        match facts.needed_by {
            None => end(
                inquiry,
                Clock::NeededBy,
                entry.seq,
                entry.at,
                Ending::Cancelled,
            ),
            Some(_) if inquiry.is_open() && inquiry.run(Clock::NeededBy).is_none() => {
                start(inquiry, Clock::NeededBy, entry.seq, entry.at);
            }
            Some(_) => {}
        }
    }
}

/// Nobody has it any more: the claim promise restarts in full, and so does the alarm if it is urgent.
fn give_back(inquiry: &mut Inquiry, seq: u64, at: Timestamp) {
    inquiry.ownership = Ownership::Unclaimed { since: at };
    inquiry.snooze = None;
    end(inquiry, Clock::Claim, seq, at, Ending::Cancelled);
    if inquiry.is_open() {
        start(inquiry, Clock::Claim, seq, at);
        if matches!(inquiry.urgency, Urgency::Urgent { .. }) {
            start(inquiry, Clock::Urgent, seq, at);
        }
    }
}

/// A reply at an instant answers every message up to it; a later message is still owed one.
fn answered(inquiry: &mut Inquiry, seq: u64, replied_at: Timestamp) {
    inquiry.unanswered.retain(|message| message.at > replied_at);
    end(inquiry, Clock::FirstResponse, seq, replied_at, Ending::Met);
    end(inquiry, Clock::NextResponse, seq, replied_at, Ending::Met);
    if let Some(oldest) = inquiry.unanswered.first().cloned() {
        start(inquiry, Clock::NextResponse, oldest.seq, oldest.at);
    }
}

/// What had been taken for a reply was none: the clocks that it stopped run again from their original start.
fn run_again(inquiry: &mut Inquiry, of: u64, seq: u64, at: Timestamp) {
    let (mut again, ended) = std::mem::take(&mut inquiry.ended)
        .into_iter()
        .partition::<Vec<_>, _>(|ended| ended.ended_by == of && ended.run.clock.is_response());
    inquiry.ended = ended;
    again.sort_by_key(|ended| ended.run.clock);
    for EndedRun { run, .. } in again {
        // A message that came meanwhile is younger than the one this run answers.
        end(inquiry, run.clock, seq, at, Ending::Cancelled);
        if run.clock == Clock::NextResponse {
            inquiry.unanswered.insert(
                0,
                Unanswered {
                    seq: run.run,
                    at: run.started_at,
                },
            );
        } else {
            end(inquiry, Clock::NextResponse, seq, at, Ending::Cancelled);
        }
        inquiry.runs.push(run);
    }
    inquiry.asked = false;
}

fn requester_spoke(inquiry: &mut Inquiry, seq: u64, said_at: Timestamp, recorded_at: Timestamp) {
    let said_at = said_at.min(recorded_at);
    if inquiry.asked {
        inquiry.asked = false;
        inquiry.round_trips += 1;
    }
    inquiry.snooze = None;
    let place = inquiry
        .unanswered
        .partition_point(|message| message.at <= said_at);
    inquiry
        .unanswered
        .insert(place, Unanswered { seq, at: said_at });
    if matches!(
        inquiry.stage,
        Stage::Waiting {
            on: super::WaitingOn::Requester,
            ..
        }
    ) {
        activate(inquiry, recorded_at);
    }
    if inquiry.run(Clock::FirstResponse).is_none() && inquiry.run(Clock::NextResponse).is_none() {
        start(inquiry, Clock::NextResponse, seq, said_at);
    }
}

fn activate(inquiry: &mut Inquiry, at: Timestamp) {
    inquiry.stage = Stage::Active { since: at };
    for run in &mut inquiry.runs {
        close_pause(run, at);
    }
}

fn pause_resolution(inquiry: &mut Inquiry, at: Timestamp, pauses: bool) {
    if let Some(run) = inquiry
        .runs
        .iter_mut()
        .find(|run| run.clock == Clock::Resolution)
    {
        close_pause(run, at);
        if pauses {
            run.pauses.push(Pause {
                from: at,
                until: None,
            });
        }
    }
}

fn close_pause(run: &mut Run, at: Timestamp) {
    if let Some(pause) = run.pauses.last_mut().filter(|pause| pause.until.is_none()) {
        pause.until = Some(at);
    }
}

/// Starts a clock unless it runs already.
fn start(inquiry: &mut Inquiry, clock: Clock, run: u64, at: Timestamp) {
    if inquiry.run(clock).is_none() {
        inquiry.runs.push(Run {
            clock,
            run,
            started_at: at,
            pauses: Vec::new(),
            said: Vec::new(),
            missed_at: None,
        });
    }
}

/// Ends a clock if it runs. A promise that was missed before the act stays missed, whatever ends it.
fn end(inquiry: &mut Inquiry, clock: Clock, ended_by: u64, at: Timestamp, how: Ending) {
    let Some(place) = inquiry.runs.iter().position(|run| run.clock == clock) else {
        return;
    };
    let mut run = inquiry.runs.remove(place);
    close_pause(&mut run, at);
    let how = match run.missed_at {
        Some(missed_at) if at > missed_at => Ending::Missed,
        Some(_) | None => how,
    };
    inquiry.ended.push(EndedRun {
        run,
        ended_by,
        ended_at: at,
        how,
    });
}

fn end_all(inquiry: &mut Inquiry, seq: u64, at: Timestamp, how: Ending) {
    let clocks: Vec<Clock> = inquiry.runs.iter().map(|run| run.clock).collect();
    for clock in clocks {
        end(inquiry, clock, seq, at, how);
    }
}
