//! What events do to the clocks: starting, pausing, ending, running again.
//!
//! Leaves out which event does which (`evolve.rs`).

use super::super::answers::answered_by;
use super::super::contract;
use super::super::{
    Clock, EndedRun, Ending, Inquiry, Ownership, Pause, Run, Settled, Stage, Unanswered, Urgency,
    WaitingOn,
};
use crate::domain::ids::TextId;
use crate::time::Timestamp;

/// Nobody has it any more: the claim promise restarts in full, and so does the alarm if it is urgent.
pub(super) fn give_back(inquiry: &mut Inquiry, seq: u64, at: Timestamp) {
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

/// A reply at an instant answers every message up to it; a later message is still owed one. Where it spares what is later,
/// an answer that began to be owed after it runs on as it is.
pub(super) fn answered(inquiry: &mut Inquiry, seq: u64, replied_at: Timestamp, spares_later: bool) {
    contract::heard_from_us(inquiry, seq);
    let mut ended = inquiry.ended.iter();
    if let Some(cut) = &mut inquiry.cut_short
        && ended.any(|it| is_owed(it, cut.by) && it.run.started_at <= replied_at)
    {
        cut.answered_by.push(seq);
    }
    inquiry.unanswered.retain(|message| message.at > replied_at);
    for clock in [Clock::FirstResponse, Clock::NextResponse] {
        let run = inquiry.run(clock);
        let is_later = run.is_some_and(|run| run.started_at > replied_at);
        if !(spares_later && is_later) {
            end(inquiry, clock, seq, replied_at, Ending::Met);
        }
    }
    if let Some(oldest) = inquiry.unanswered.first().cloned()
        && inquiry.run(Clock::FirstResponse).is_none()
    {
        start(inquiry, Clock::NextResponse, oldest.seq, oldest.at);
    }
}

/// A reply of before the close that cut short what it answers: it was given, and when.
pub(super) fn answered_before_close(inquiry: &mut Inquiry, seq: u64, replied_at: Timestamp) {
    let Some(by) = inquiry.cut_short.as_ref().map(|cut| cut.by) else {
        return;
    };
    let cut_short = inquiry.ended.iter_mut().filter(|it| is_owed(it, by));
    for it in cut_short.filter(|it| it.run.started_at <= replied_at) {
        answered_by(it, seq, replied_at);
    }
}

/// What had been taken for a reply was none: the clocks that it stopped run again from their original start.
/// What another answer has settled stays so.
pub(super) fn run_again(
    inquiry: &mut Inquiry,
    (of, settled): (u64, &[Settled]),
    one_owed: bool,
    seq: u64,
    at: Timestamp,
) {
    contract::not_heard_after_all(inquiry, of);
    for it in inquiry.ended.iter_mut().filter(|it| is_owed(it, of)) {
        let is_it = |settled: &&Settled| (settled.clock, settled.run) == (it.run.clock, it.run.run);
        if let Some(settled) = settled.iter().find(is_it) {
            it.run.missed_at = it.run.missed_at.or(settled.missed_at);
            answered_by(it, settled.by, settled.at);
        }
    }
    owed_again(inquiry, of, one_owed, seq, at);
    if let Some(cut) = &mut inquiry.cut_short
        && cut.answered_by.contains(&of)
    {
        cut.answered_by.retain(|answer| *answer != of);
        if inquiry.is_open() {
            super::ends::close_taken_back(inquiry, one_owed, seq, at);
        }
    }
    inquiry.asked = false;
}

/// Whether it is an answer that was owed until then.
pub(super) fn is_owed(ended: &EndedRun, ended_by: u64) -> bool {
    ended.ended_by == ended_by && ended.run.clock.is_response()
}

/// The responses that an event ended run again from their original start; what was missed stays so, and what was said of
/// it is not said again.
pub(super) fn owed_again(
    inquiry: &mut Inquiry,
    ended_by: u64,
    one_owed: bool,
    seq: u64,
    at: Timestamp,
) {
    let (mut again, ended) = std::mem::take(&mut inquiry.ended)
        .into_iter()
        .partition::<Vec<_>, _>(|ended| is_owed(ended, ended_by));
    inquiry.ended = ended;
    again.sort_by_key(|ended| ended.run.clock);
    if one_owed {
        // One event may have answered several: the oldest comes last, and stays.
        again.sort_by_key(|ended| std::cmp::Reverse((ended.run.clock, ended.run.started_at)));
    }
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
}

pub(super) fn requester_spoke(
    inquiry: &mut Inquiry,
    seq: u64,
    said_at: Timestamp,
    recorded_at: Timestamp,
) {
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
            on: WaitingOn::Requester,
            ..
        }
    ) {
        activate(inquiry, seq, recorded_at);
    }
    if inquiry.run(Clock::FirstResponse).is_none() && inquiry.run(Clock::NextResponse).is_none() {
        start(inquiry, Clock::NextResponse, seq, said_at);
    }
}

/// The next response runs from older words than were known when it began.
pub(super) fn runs_from(inquiry: &mut Inquiry, seq: u64, said_at: Timestamp) {
    let mut runs = inquiry.runs.iter_mut();
    if let Some(run) = runs.find(|run| run.clock == Clock::NextResponse) {
        // It is named after the message that it answers, so that the younger one may have a run of its own.
        run.run = seq;
        run.started_at = said_at;
    }
}

/// A wait for the same team that goes on keeps what it knew; a date of its own is no new wait.
pub(super) fn still_known(
    stage: &Stage,
    on: WaitingOn,
    asked: &Option<TextId>,
    case: &Option<TextId>,
) -> (Option<TextId>, Option<TextId>) {
    match stage {
        Stage::Waiting {
            on: before,
            asked: asked_before,
            case: case_before,
            ..
        } if *before == on => (
            asked.clone().or(asked_before.clone()),
            case.clone().or(case_before.clone()),
        ),
        Stage::Waiting { .. }
        | Stage::Active { .. }
        | Stage::Resolved { .. }
        | Stage::Closed { .. } => (asked.clone(), case.clone()),
    }
}

/// Whoever we waited for is waited for no more: their clock ends. One that goes on is kept.
pub(super) fn end_internal(inquiry: &mut Inquiry, kept: Option<Clock>, seq: u64, at: Timestamp) {
    for clock in Clock::ALL {
        if clock.is_internal() && Some(clock) != kept {
            end(inquiry, clock, seq, at, Ending::Met);
        }
    }
}

pub(super) fn activate(inquiry: &mut Inquiry, seq: u64, at: Timestamp) {
    end_internal(inquiry, None, seq, at);
    inquiry.stage = Stage::Active { since: at };
    for run in &mut inquiry.runs {
        close_pause(run, at);
    }
}

pub(super) fn pause_resolution(inquiry: &mut Inquiry, at: Timestamp, pauses: bool) {
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

pub(super) fn close_pause(run: &mut Run, at: Timestamp) {
    if let Some(pause) = run.pauses.last_mut().filter(|pause| pause.until.is_none()) {
        pause.until = Some(at);
    }
}

/// Starts a clock unless it runs already; while nothing is promised for want of a contract, only those of other teams.
pub(in super::super) fn start(inquiry: &mut Inquiry, clock: Clock, run: u64, at: Timestamp) {
    let is_owed = clock.is_internal() || !inquiry.is_held();
    if is_owed && inquiry.run(clock).is_none() {
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
pub(super) fn end(inquiry: &mut Inquiry, clock: Clock, ended_by: u64, at: Timestamp, how: Ending) {
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

pub(super) fn end_all(inquiry: &mut Inquiry, seq: u64, at: Timestamp, how: Ending) {
    let clocks: Vec<Clock> = inquiry.runs.iter().map(|run| run.clock).collect();
    for clock in clocks {
        end(inquiry, clock, seq, at, how);
    }
}
