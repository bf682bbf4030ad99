//! What a line of a ledger was: an act of people and sources, with the command by which they would do it again, or
//! something that the desk derived.

use crate::domain::ids::{MemberId, QueueId, TextId};
use crate::domain::inquiry::{
    Actor, Answer, Checked, CloseReason, Command, Entry, Event, Facts, LinesChanged, Outcome,
    PolicyHash, Resolution, Revision, There, WaitingOn, Workaround,
};
use crate::time::Timestamp;

/// What a line of a ledger is to the simulator.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The first line, which a replay begins with.
    Receipt,
    /// The desk itself derived it: it is dropped, and derived anew.
    Derived,
    /// Somebody did it.
    Act(Deed),
}

/// An act of somebody, as far as it is the same under every policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The same command again.
    Command(Box<Command>),
    /// The source said something; without facts those of the moment stay.
    Update {
        revision: Option<Revision>,
        facts: Option<Box<Facts>>,
        body: Option<LinesChanged>,
        there: Option<There>,
        owner: Option<MemberId>,
    },
    /// Wait; the chase date was the policy's own unless somebody gave one.
    Wait {
        on: WaitingOn,
        chase_at: Timestamp,
        asked: Option<TextId>,
        case: Option<TextId>,
    },
    /// Send it to another queue, whose policy the side names.
    Transfer {
        to: QueueId,
        policy: PolicyHash,
        reason: TextId,
    },
    /// The delivery of a reply died, which has another number here.
    ReplyFailed { of: u64, why: String },
}

/// Tells whether the desk itself derived a line.
pub fn by_desk(entry: &Entry) -> bool {
    read(entry) == Line::Derived
}

/// What some lines were if one act brought them all: the act may be the last's, as of an assignee who accepts by acting, or
/// the first's, as of somebody who keeps what they have not accepted yet.
pub(super) fn together(lines: &[Entry]) -> Vec<Deed> {
    let deeds = lines.iter().map(|line| match read(line) {
        Line::Act(deed) => Some(deed),
        Line::Receipt | Line::Derived => None,
    });
    let Some(deeds) = deeds.collect::<Option<Vec<Deed>>>() else {
        return Vec::new();
    };
    let first = deeds.first().cloned();
    let last = deeds
        .into_iter()
        .reduce(|brings, brought| match (brings, brought) {
            // One delivery of the source says what is new, and that it is closed or whose it is.
            (
                Deed::Update {
                    revision,
                    facts,
                    body,
                    ..
                },
                Deed::Update { there, owner, .. },
            ) => Deed::Update {
                revision,
                facts,
                body,
                there,
                owner,
            },
            (_, brought) => brought,
        });
    last.into_iter().chain(first).collect()
}

/// Tells what a line was.
pub fn read(entry: &Entry) -> Line {
    let command = match &entry.event {
        Event::Received { .. } => return Line::Receipt,
        Event::Missed { .. }
        | Event::StepReached { .. }
        | Event::QuietReached { .. }
        | Event::ChaseReached { .. }
        | Event::UrgencyRaised { .. }
        | Event::UrgencyEnded {}
        | Event::HandedToDuty { .. }
        | Event::HandoffKept { is_silent: true }
        | Event::Assigned { by_desk: true, .. }
        | Event::PolicyChanged { .. } => return Line::Derived,
        // What nobody answered at a handoff.
        Event::Released { .. } if entry.actor == Actor::System => return Line::Derived,
        Event::Closed {
            reason: CloseReason::Silence,
            ..
        } if entry.actor == Actor::System => return Line::Derived,
        Event::WaitStarted {
            on,
            chase_at,
            asked,
            case,
            ..
        } => {
            return Line::Act(Deed::Wait {
                on: *on,
                chase_at: *chase_at,
                asked: asked.clone(),
                case: case.clone(),
            });
        }
        Event::Transferred {
            to, policy, reason, ..
        } => {
            return Line::Act(Deed::Transfer {
                to: to.clone(),
                policy: policy.clone(),
                reason: reason.clone(),
            });
        }
        Event::ReplyFailed { of, why, .. } => {
            let (of, why) = (*of, why.clone());
            return Line::Act(Deed::ReplyFailed { of, why });
        }
        Event::Updated {
            revision,
            facts,
            body,
        } => {
            return Line::Act(Deed::Update {
                revision: revision.clone(),
                facts: Some(Box::new(facts.clone())),
                body: *body,
                there: None,
                owner: None,
            });
        }
        Event::FoundThere { there, .. } => return Line::Act(at_source(Some(*there), None)),
        Event::IdReused {
            title,
            requester,
            customer,
        } => Command::FlagReused {
            title: title.clone(),
            requester: requester.clone(),
            customer: customer.clone(),
        },
        // Who accepts takes it, whether or not the desk has given it to them here.
        Event::Claimed { by } | Event::Accepted { by } if entry.actor.member() == Some(by) => {
            Command::Claim
        }
        // Somebody else says so: the source, which names its owner.
        Event::Claimed { by } | Event::Accepted { by } => {
            return Line::Act(at_source(None, Some(by.clone())));
        }
        Event::Closed {
            reason: CloseReason::AtSource,
            note: None,
            ..
        } if entry.actor.member().is_none() => {
            return Line::Act(at_source(Some(There::Closed), None));
        }
        Event::Closed {
            reason: CloseReason::Gone,
            note: None,
            ..
        } if entry.actor.member().is_none() => {
            return Line::Act(at_source(Some(There::Gone), None));
        }
        Event::Reopened { reason: None, .. } if matches!(entry.actor, Actor::Source(_)) => {
            return Line::Act(at_source(Some(There::Open), None));
        }
        Event::Assigned { to, by_desk: false } => Command::Assign { to: to.clone() },
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
        Event::RepliedElsewhere {
            at, text, was_sent, ..
        } => Command::Replied {
            at: Some(*at),
            text: text.clone(),
            was_sent: *was_sent,
        },
        Event::ReplyRetracted { .. } => Command::RetractReply,
        Event::Heard { text, at, .. } => Command::Heard {
            text: text.clone(),
            at: Some(*at),
        },
        Event::RequesterReplied { text, at, .. } => Command::RequesterReplied {
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
        Event::HandoffKept { is_silent: false } => Command::Keep,
        Event::Bounced {
            reason,
            is_elsewhere,
            ..
        } => Command::Bounce {
            reason: reason.clone(),
            has_way_back: true,
            is_elsewhere: *is_elsewhere,
        },
        // What the requester was told is a line of its own.
        Event::Referred { to, note } => Command::Refer {
            to: to.clone(),
            note: note.clone(),
            reply: None,
            has_way_back: true,
        },
        Event::NextSet { text, who, until } => Command::SetNext {
            text: text.clone(),
            who: *who,
            until: *until,
        },
        Event::ContractChecked {
            finding,
            is_required,
            ..
        } => Command::CheckContract(Checked {
            finding: finding.clone(),
            is_required: *is_required,
        }),
        Event::ContractExcepted { reason, .. } => Command::ExceptContract {
            reason: reason.clone(),
        },
        Event::IssueAsked {
            tracker,
            title,
            text,
        } => Command::FileIssue {
            tracker: tracker.clone(),
            title: title.clone(),
            text: text.clone(),
        },
        Event::IssueLinked {
            tracker,
            issue,
            url,
            of,
            workaround,
        } => Command::LinkIssue {
            tracker: tracker.clone(),
            issue: issue.clone(),
            url: url.clone(),
            of: *of,
            workaround: workaround.clone(),
        },
        Event::IssueFailed {
            of,
            why,
            is_unknown,
            issue,
            url,
        } => Command::IssueFailed {
            of: *of,
            why: why.clone(),
            is_unknown: *is_unknown,
            issue: issue.clone(),
            url: url.clone(),
        },
        Event::IssueChanged {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            is_quiet,
        } => Command::IssueSeen {
            tracker: tracker.clone(),
            issue: issue.clone(),
            state: state.clone(),
            is_done: *is_done,
            fixed_in: fixed_in.clone(),
            is_quiet: *is_quiet,
        },
        Event::IssueUnlinked { tracker, issue } => Command::UnlinkIssue {
            tracker: tracker.clone(),
            issue: issue.clone(),
        },
        Event::SplitOff { child, title } => Command::SplitOff {
            child: child.clone(),
            title: title.clone(),
        },
        Event::Resolved { outcome } => Command::Resolve(resolution(outcome)),
        Event::Closed { reason, note, .. } => Command::Close {
            reason: *reason,
            note: note.clone(),
        },
        Event::Reopened { reason, .. } => Command::Reopen {
            reason: reason.clone(),
        },
    };
    Line::Act(Deed::Command(Box::new(command)))
}

/// What the source says of an item without saying anything new of it.
fn at_source(there: Option<There>, owner: Option<MemberId>) -> Deed {
    Deed::Update {
        revision: None,
        facts: None,
        body: None,
        there,
        owner,
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
