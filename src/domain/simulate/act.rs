//! What of a ledger was done by people and sources, and the command by which they would do it again.

use crate::domain::ids::MemberId;
use crate::domain::inquiry::{
    Actor, Answer, CloseReason, Command, Entry, Event, Facts, Outcome, Resolution, Workaround,
};

/// Tells whether the desk itself derived a line: it is dropped, and derived anew.
pub fn by_desk(entry: &Entry) -> bool {
    match &entry.event {
        Event::Missed { .. }
        | Event::StepReached { .. }
        | Event::QuietReached { .. }
        | Event::ChaseReached { .. }
        | Event::UrgencyRaised { .. }
        | Event::UrgencyEnded {}
        | Event::HandedToDuty { .. }
        | Event::HandoffKept { is_silent: true }
        | Event::PolicyChanged { .. } => true,
        Event::Assigned { by_desk, .. } => *by_desk,
        // What nobody answered at a handoff.
        Event::Released { .. } => entry.actor == Actor::System,
        Event::Closed { reason, .. } => {
            *reason == CloseReason::Silence && entry.actor == Actor::System
        }
        Event::Received { .. }
        | Event::Updated { .. }
        | Event::Claimed { .. }
        | Event::Accepted { .. }
        | Event::TakenOver { .. }
        | Event::Noted { .. }
        | Event::Replied { .. }
        | Event::RepliedElsewhere { .. }
        | Event::ReplyRetracted { .. }
        | Event::ReplyFailed { .. }
        | Event::Heard { .. }
        | Event::RequesterReplied { .. }
        | Event::NoAnswerNeeded {}
        | Event::WaitStarted { .. }
        | Event::Resumed { .. }
        | Event::SeveritySet { .. }
        | Event::SeverityProposed { .. }
        | Event::SeverityAgreed { .. }
        | Event::SeverityDeclined { .. }
        | Event::NotUrgent { .. }
        | Event::Transferred { .. }
        | Event::Snoozed { .. }
        | Event::Unsnoozed {}
        | Event::Muted { .. }
        | Event::Unmuted {}
        | Event::HandoffAsked { .. }
        | Event::HandoffKept { is_silent: false }
        | Event::NextSet { .. }
        | Event::Resolved { .. }
        | Event::Reopened { .. } => false,
    }
}

/// An act of somebody, as far as it is the same under every policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The same command again.
    Command(Box<Command>),
    /// Wait; the chase date was the policy's own unless somebody gave one.
    Wait,
    /// Send it to another queue, whose policy the side names.
    Transfer,
    /// The delivery of a reply died, which has another number here.
    ReplyFailed,
}

/// What somebody did by a line, to an inquiry whose facts are these; `None` for a receipt and for what the desk derived.
pub fn deed(entry: &Entry, facts: &Facts) -> Option<Deed> {
    if by_desk(entry) {
        return None;
    }
    let command = match &entry.event {
        Event::Received { .. } => return None,
        Event::WaitStarted { .. } => return Some(Deed::Wait),
        Event::Transferred { .. } => return Some(Deed::Transfer),
        Event::ReplyFailed { .. } => return Some(Deed::ReplyFailed),
        Event::Updated { revision, facts } => Command::Update {
            revision: revision.clone(),
            facts: Box::new(facts.clone()),
            is_closed: false,
            owner: None,
        },
        // Who accepts takes it, whether or not the desk has given it to them here.
        Event::Claimed { by } | Event::Accepted { by } => taken(entry, by, facts),
        Event::Assigned { to, .. } => Command::Assign { to: to.clone() },
        Event::Released { reason } => Command::Release {
            reason: reason.clone(),
        },
        Event::TakenOver { reason, .. } => Command::TakeOver {
            reason: reason.clone(),
        },
        Event::Noted { text } => Command::Note { text: text.clone() },
        Event::Replied { text, is_question } => Command::Reply {
            text: text.clone(),
            is_question: *is_question,
            has_way_back: true,
        },
        Event::RepliedElsewhere { at, text } => Command::Replied {
            at: Some(*at),
            text: text.clone(),
        },
        Event::ReplyRetracted { .. } => Command::RetractReply,
        Event::Heard { text, at } => Command::Heard {
            text: text.clone(),
            at: Some(*at),
        },
        Event::RequesterReplied { text, at } => Command::RequesterReplied {
            text: text.clone(),
            at: *at,
        },
        Event::NoAnswerNeeded {} => Command::NoAnswerNeeded,
        Event::Resumed { answer } => Command::Resume {
            answer: answer.clone(),
        },
        Event::SeveritySet { to, reason, .. } => Command::SetSeverity {
            to: *to,
            reason: reason.clone(),
        },
        Event::NotUrgent { reason } => Command::NotUrgent {
            reason: reason.clone(),
        },
        Event::SeverityProposed { to, reason, .. } => Command::ProposeSeverity {
            to: *to,
            reason: reason.clone(),
        },
        Event::SeverityAgreed { note, .. } => Command::AgreeSeverity {
            to: None,
            note: note.clone(),
        },
        Event::SeverityDeclined { reason, .. } => Command::DeclineSeverity {
            to: None,
            reason: reason.clone(),
        },
        Event::Snoozed {
            until_reply: true, ..
        } => Command::SnoozeUntilReply,
        Event::Snoozed { until, .. } => Command::Snooze { until: *until },
        Event::Unsnoozed {} => Command::Unsnooze,
        Event::Muted { until } => Command::Mute { until: *until },
        Event::Unmuted {} => Command::Unmute,
        Event::HandoffAsked {
            from,
            to,
            answer_by,
            otherwise,
        } => Command::AskAtHandoff {
            from: from.clone(),
            to: to.clone(),
            answer_by: *answer_by,
            otherwise: *otherwise,
        },
        Event::HandoffKept { .. } => Command::Keep,
        Event::NextSet { text, who, until } => Command::SetNext {
            text: text.clone(),
            who: *who,
            until: *until,
        },
        Event::Resolved { outcome } => Command::Resolve(resolution(outcome)),
        Event::Closed { reason, note } => Command::Close {
            reason: *reason,
            note: note.clone(),
        },
        Event::Reopened { reason } => Command::Reopen {
            reason: reason.clone(),
        },
        Event::Missed { .. }
        | Event::StepReached { .. }
        | Event::QuietReached { .. }
        | Event::ChaseReached { .. }
        | Event::UrgencyRaised { .. }
        | Event::UrgencyEnded {}
        | Event::HandedToDuty { .. }
        | Event::PolicyChanged { .. } => return None,
    };
    Some(Deed::Command(Box::new(command)))
}

/// A member takes it by themself; where somebody else says so, it is the source that names its owner.
fn taken(entry: &Entry, by: &MemberId, facts: &Facts) -> Command {
    if entry.actor.member() == Some(by) {
        return Command::Claim;
    }
    Command::Update {
        revision: None,
        facts: Box::new(facts.clone()),
        is_closed: false,
        owner: Some(by.clone()),
    }
}

fn resolution(outcome: &Outcome) -> Resolution {
    let mut said = Resolution {
        category: Some(outcome.category.clone()),
        ..Resolution::empty()
    };
    match &outcome.answer {
        Answer::Investigation { cause, workaround } => {
            said.cause = Some(cause.clone());
            match workaround {
                Workaround::Given { text } => said.workaround = Some(text.clone()),
                Workaround::None { reason } => said.no_workaround = Some(reason.clone()),
            }
        }
        Answer::Specification { answer } => said.answer = Some(answer.clone()),
        Answer::AtSource => {}
    }
    said
}

/// The word of an act in figures: the kind of its event, as the ledger says it.
pub(super) fn word(event: &Event) -> &'static str {
    match event {
        Event::Received { .. } => "received",
        Event::Updated { .. } => "updated",
        Event::Claimed { .. } => "claimed",
        Event::Assigned { .. } => "assigned",
        Event::Accepted { .. } => "accepted",
        Event::Released { .. } => "released",
        Event::TakenOver { .. } => "taken_over",
        Event::Noted { .. } => "noted",
        Event::Replied { .. } => "replied",
        Event::RepliedElsewhere { .. } => "replied_elsewhere",
        Event::ReplyRetracted { .. } => "reply_retracted",
        Event::ReplyFailed { .. } => "reply_failed",
        Event::Heard { .. } => "heard",
        Event::RequesterReplied { .. } => "requester_replied",
        Event::NoAnswerNeeded {} => "no_answer_needed",
        Event::WaitStarted { .. } => "wait_started",
        Event::Resumed { .. } => "resumed",
        Event::SeveritySet { .. } => "severity_set",
        Event::SeverityProposed { .. } => "severity_proposed",
        Event::SeverityAgreed { .. } => "severity_agreed",
        Event::SeverityDeclined { .. } => "severity_declined",
        Event::UrgencyRaised { .. } => "urgency_raised",
        Event::UrgencyEnded {} => "urgency_ended",
        Event::NotUrgent { .. } => "not_urgent",
        Event::Transferred { .. } => "transferred",
        Event::Snoozed { .. } => "snoozed",
        Event::Unsnoozed {} => "unsnoozed",
        Event::Muted { .. } => "muted",
        Event::Unmuted {} => "unmuted",
        Event::HandedToDuty { .. } => "handed_to_duty",
        Event::HandoffAsked { .. } => "handoff_asked",
        Event::HandoffKept { .. } => "handoff_kept",
        Event::NextSet { .. } => "next_set",
        Event::Resolved { .. } => "resolved",
        Event::Closed { .. } => "closed",
        Event::Reopened { .. } => "reopened",
        Event::Missed { .. } => "missed",
        Event::StepReached { .. } => "step_reached",
        Event::QuietReached { .. } => "quiet_reached",
        Event::ChaseReached { .. } => "chase_reached",
        Event::PolicyChanged { .. } => "policy_changed",
    }
}
