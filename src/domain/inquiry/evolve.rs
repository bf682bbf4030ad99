//! Folds events into the state. It never refuses and never looks at a policy: what a policy decided is in the event.

mod ends;
mod gate;
mod runs;
mod source;

use super::contract;
use super::{
    Clock, Ending, Entry, Event, Inquiry, Mute, Ownership, Proposal, Snooze, Stage, StepSaid,
    Urgency,
};
pub(super) use runs::start;
use runs::{
    activate, answered, answered_before_close, end, end_all, end_internal, give_back,
    pause_resolution, requester_spoke, run_again, runs_from, still_known,
};

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
    super::answers::note(&mut inquiry, entry);
    let is_act = counts_as_act(&entry.event);
    super::handoff::settle(&mut inquiry, entry, is_act);
    if is_act {
        inquiry.last_act_at = inquiry.last_act_at.max(entry.at);
        inquiry.nudged_at = None;
        inquiry.quiet_asked = 0;
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
        link,
        is_backlog,
        routed: _,
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
        is_severity_ours: false,
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
        proposal: None,
        quiet_asked: 0,
        nudged_at: None,
        follows: follows.clone(),
        link: *link,
        split_off: Vec::new(),
        handoff: None,
        answers: Vec::new(),
        next: None,
        found: None,
        cut_short: None,
        contract: None,
        bounce: None,
        referral: None,
        tracked: Vec::new(),
        filings: Vec::new(),
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
        | Event::HandedToDuty { .. }
        | Event::HandoffAsked { .. }
        | Event::HandoffKept { is_silent: true }
        | Event::Muted { .. }
        | Event::Unmuted {}
        | Event::IdReused { .. }
        | Event::IssueFailed { .. }
        | Event::IssueChanged { .. }
        | Event::ReplyFailed { .. } => false,
        Event::Received { .. }
        | Event::Updated { .. }
        | Event::FoundThere { .. }
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
        | Event::Resumed { .. }
        | Event::SeveritySet { .. }
        | Event::SeverityProposed { .. }
        | Event::SeverityAgreed { .. }
        | Event::SeverityDeclined { .. }
        | Event::Unsnoozed {}
        | Event::NotUrgent { .. }
        | Event::Transferred { .. }
        | Event::Snoozed { .. }
        | Event::Resolved { .. }
        | Event::Closed { .. }
        | Event::HandoffKept { is_silent: false }
        | Event::NextSet { .. }
        | Event::ContractChecked { .. }
        | Event::ContractExcepted { .. }
        | Event::Bounced { .. }
        | Event::Referred { .. }
        | Event::IssueAsked { .. }
        | Event::IssueLinked { .. }
        | Event::IssueUnlinked { .. }
        | Event::SplitOff { .. }
        | Event::Reopened { .. } => true,
    }
}

fn apply(inquiry: &mut Inquiry, entry: &Entry) {
    let (seq, at) = (entry.seq, entry.at);
    match &entry.event {
        Event::Received { .. } => unreachable!("an inquiry is received once"),
        Event::Updated {
            revision, facts, ..
        } => source::updated(inquiry, entry, revision, facts),
        Event::FoundThere { there, is_late } => {
            source::found_there(inquiry, (*there, *is_late), entry)
        }
        Event::IdReused { .. } => {}
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
        // `handoff::settle` does.
        Event::HandoffAsked { .. } | Event::HandoffKept { .. } | Event::NextSet { .. } => {}
        Event::Replied { is_question, .. } => {
            inquiry.asked = *is_question;
            answered(inquiry, seq, at, false);
        }
        Event::RepliedElsewhere {
            at: replied_at,
            before_close,
            spares_later,
            ..
        } => {
            answered(inquiry, seq, *replied_at, *spares_later);
            if *before_close {
                answered_before_close(inquiry, seq, *replied_at);
            }
        }
        Event::ReplyRetracted {
            of,
            settled,
            one_owed,
        }
        | Event::ReplyFailed {
            of,
            settled,
            one_owed,
            ..
        } => {
            run_again(inquiry, (*of, settled), *one_owed, seq, at);
            gate::never_heard(inquiry, *of, seq, at);
        }
        // Whoever answered has read it.
        Event::Heard {
            is_answered: true, ..
        }
        | Event::RequesterReplied {
            is_answered: true, ..
        } => {}
        Event::Heard {
            at: said_at,
            is_oldest,
            ..
        }
        | Event::RequesterReplied {
            at: said_at,
            is_oldest,
            ..
        } => {
            requester_spoke(inquiry, seq, *said_at, at);
            if *is_oldest {
                runs_from(inquiry, seq, *said_at);
            }
            gate::come_back(inquiry, seq, at);
        }
        Event::NoAnswerNeeded {} => {
            inquiry.unanswered.clear();
            inquiry.cut_short = None;
            end(inquiry, Clock::FirstResponse, seq, at, Ending::Cancelled);
            end(inquiry, Clock::NextResponse, seq, at, Ending::Cancelled);
        }
        Event::WaitStarted {
            on,
            chase_at,
            pauses,
            asked,
            case,
            is_timed,
        } => {
            let (asked, case) = still_known(&inquiry.stage, *on, asked, case);
            let timed = Clock::of_wait(*on).filter(|_| *is_timed);
            end_internal(inquiry, timed, seq, at);
            if let Some(clock) = timed {
                start(inquiry, clock, seq, at);
            }
            inquiry.stage = Stage::Waiting {
                on: *on,
                since: at,
                chase_at: *chase_at,
                asked,
                case,
            };
            pause_resolution(inquiry, at, *pauses);
        }
        Event::Resumed { .. } => {
            activate(inquiry, seq, at);
            gate::come_back(inquiry, seq, at);
        }
        Event::Bounced {
            reason,
            chase_at,
            pauses,
            ..
        } => gate::sent_back(inquiry, entry, reason, (*chase_at, *pauses)),
        Event::Referred { to, note } => gate::referred(inquiry, entry, to, note),
        Event::SeveritySet { to, is_ours, .. } => {
            inquiry.severity = *to;
            inquiry.severity_set_by = entry.actor.member().cloned();
            inquiry.is_severity_ours = *is_ours;
            inquiry.proposal = None;
        }
        Event::SeverityProposed { to, reason, .. } => {
            inquiry.proposal = Some(Proposal {
                to: *to,
                by: entry.actor.clone(),
                reason: reason.clone(),
                at,
            });
        }
        Event::SeverityAgreed {
            to,
            proposed_by,
            is_ours,
            ..
        } => {
            inquiry.severity = *to;
            inquiry.is_severity_ours = *is_ours;
            let by = entry.actor.member().or(proposed_by.member());
            inquiry.severity_set_by = by.cloned();
            inquiry.proposal = None;
        }
        Event::SeverityDeclined { .. } => inquiry.proposal = None,
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
        Event::Snoozed { until, until_reply } => {
            if let Some(by) = entry.actor.member() {
                inquiry.snooze = Some(Snooze {
                    by: by.clone(),
                    until: *until,
                    until_reply: *until_reply,
                });
            }
        }
        Event::Unsnoozed {} => inquiry.snooze = None,
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
            inquiry.proposal = None;
            end_all(inquiry, seq, at, Ending::Met);
        }
        Event::Closed {
            reason,
            is_unanswered,
            ..
        } => ends::closed(inquiry, entry, *reason, *is_unanswered),
        Event::Reopened { one_owed, .. } => ends::reopened(inquiry, *one_owed, seq, at),
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
            rung,
            ..
        } => {
            let said = StepSaid {
                step: *step,
                repeat: *repeat,
                at: *reached_at,
                rung: *rung,
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
        Event::QuietReached { asked, .. } => {
            inquiry.nudged_at = Some(at);
            inquiry.quiet_asked = *asked;
        }
        Event::HandedToDuty { to, .. } => {
            give_back(inquiry, seq, at);
            inquiry.ownership = Ownership::Assigned {
                to: to.clone(),
                by: super::Actor::System,
                since: at,
            };
            inquiry.nudged_at = Some(at);
            inquiry.quiet_asked = 0;
        }
        Event::ChaseReached { next_at, .. } => {
            if let Stage::Waiting { chase_at, .. } = &mut inquiry.stage {
                *chase_at = *next_at;
            }
        }
        Event::PolicyChanged { to, .. } => inquiry.policy = to.clone(),
        Event::ContractChecked {
            finding,
            is_required,
            effect,
            at_receipt: _,
            done,
        } => contract::checked(inquiry, entry, finding, *is_required, *effect, done),
        Event::ContractExcepted {
            reason,
            is_paused,
            done,
        } => contract::excepted(inquiry, entry, reason, *is_paused, done),
        Event::IssueAsked { .. }
        | Event::IssueLinked { .. }
        | Event::IssueFailed { .. }
        | Event::IssueChanged { .. }
        | Event::IssueUnlinked { .. } => super::tracking::apply(inquiry, entry),
        Event::SplitOff { child, .. } => inquiry.split_off.push(child.clone()),
    }
}

fn missed_clock(event: &Event) -> Clock {
    match event {
        Event::Missed { clock, .. } => *clock,
        _ => unreachable!("asked only of a missed promise"),
    }
}
