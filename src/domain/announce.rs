//! Who is told what when something has happened; never how.
//!
//! This is the only source of notices about inquiries. It sees the state after the whole decision, so that
//! a receipt that was assigned or urgent at once is not announced twice.

mod contract;
mod gate;
mod handoff;
mod promise;
mod severity;
mod source;
mod tracking;

pub use contract::finding_line;
pub use gate::referred_to;
pub use handoff::{next_word, otherwise_word};

use crate::domain::ids::MemberId;
use crate::domain::inquiry::{
    Actor, CloseReason, Entry, Event, Inquiry, Ownership, Stage, Urgency, WaitingOn,
};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace, Offer};
use crate::domain::reach::where_said;
use crate::domain::sla::{Audience, Case, Policy};
pub use promise::{time_left, time_word};
use severity::moved_line;
pub use severity::{definitions, moved_lines, with_lines};

/// What the reason begins with of words that were given up and may have arrived all the same. A notice says it in its own
/// language instead.
pub const MAY_BE_THERE: &str = "it may have arrived: ";

/// Tells what an entry of the ledger makes us say.
///
/// `before` is the state before the entry, `after` the state after the whole decision it belongs to.
pub fn announce(
    before: Option<&Inquiry>,
    entry: &Entry,
    after: &Inquiry,
    policy: &Policy,
) -> Vec<Notice> {
    let by = Arg::Actor(entry.actor.clone());
    match &entry.event {
        Event::Received { is_backlog, .. } => received(entry, after, policy, *is_backlog),
        Event::Updated { facts, body, .. } => before
            .map(|before| source::updated(before, (facts, *body), after, policy))
            .unwrap_or_default(),
        Event::FoundThere { is_late: true, .. } => Vec::new(),
        Event::FoundThere { there, .. } => before
            .and_then(|before| source::found(before, *there, after))
            .into_iter()
            .collect(),
        Event::IdReused {
            title,
            requester,
            customer,
        } => vec![source::reused(after, title, requester, customer)],
        Event::Claimed { by: member } => claimed(before, entry, member),
        Event::Accepted { by: member } => {
            vec![thread(
                Message::new("notice-accepted").with("member", Arg::Member(member.clone())),
            )]
        }
        Event::HandoffAsked { .. } | Event::HandoffKept { .. } | Event::NextSet { .. } => {
            handoff::announce(before, entry)
        }
        Event::Assigned { .. } | Event::Released { .. } if handoff::is_answer(before, entry) => {
            handoff::announce(before, entry)
        }
        Event::Assigned { to, by_desk } => vec![Notice {
            offers: vec![Offer::Accept],
            ..told(
                &[Audience::Member(to.clone())],
                Message::new("notice-assigned")
                    .with(
                        "by",
                        if *by_desk {
                            Arg::Actor(Actor::System)
                        } else {
                            by
                        },
                    )
                    .with("member", Arg::Member(to.clone())),
            )
        }],
        Event::Released { reason } => {
            let message = match reason {
                Some(reason) => Message::new("notice-released-because")
                    .with("reason", Arg::Text(reason.clone())),
                None => Message::new("notice-released"),
            };
            vec![Notice {
                offers: vec![Offer::Claim],
                ..told(&[Audience::Duty], message.with("by", by))
            }]
        }
        Event::TakenOver {
            by: member,
            from,
            reason,
        } => {
            let message = Message::new("notice-taken-over")
                .with("member", Arg::Member(member.clone()))
                .with("reason", Arg::Text(reason.clone()));
            let audience: Vec<Audience> = from.iter().cloned().map(Audience::Member).collect();
            vec![told(&audience, message)]
        }
        Event::Noted { text } => vec![said("notice-noted", by, text)],
        Event::Replied {
            text,
            is_question: false,
        } => vec![said("notice-replied", by, text)],
        Event::Replied {
            text,
            is_question: true,
        } => vec![said("notice-asked", by, text)],
        Event::RepliedElsewhere { at, .. } => vec![thread(
            Message::new("notice-replied-elsewhere")
                .with("by", by)
                .with("at", Arg::Instant(*at)),
        )],
        Event::ReplyRetracted { .. } => {
            let message = Message::new(match runs_again(before, after) {
                true => "notice-reply-retracted",
                false => "notice-reply-retracted-kept",
            });
            vec![thread(message.with("by", by))]
        }
        Event::ReplyFailed { why, .. } => {
            let unknown = why.strip_prefix(MAY_BE_THERE);
            let message = Message::new(match (runs_again(before, after), unknown) {
                (true, None) => "notice-reply-failed",
                (false, None) => "notice-reply-lost",
                (true, Some(_)) => "notice-reply-unknown",
                (false, Some(_)) => "notice-reply-unknown-lost",
            });
            let why = unknown.unwrap_or(why).to_owned();
            vec![told(
                &[Audience::Owner],
                message.with("why", Arg::Plain(why)),
            )]
        }
        Event::Heard { text, .. } => vec![said("notice-heard", by, text)],
        Event::RequesterReplied {
            text,
            is_answered: true,
            ..
        } => {
            vec![thread(
                Message::new("notice-requester-replied").with("text", Arg::Text(text.clone())),
            )]
        }
        Event::RequesterReplied { text, .. } => requester_replied(before, after, text),
        Event::NoAnswerNeeded {} => {
            vec![thread(
                Message::new("notice-no-answer-needed").with("by", by),
            )]
        }
        Event::WaitStarted {
            on,
            chase_at,
            asked,
            case,
            ..
        } => vec![thread(promise::waiting_started(
            by,
            *on,
            *chase_at,
            (asked, case),
            (after, policy, entry.at),
        ))],
        Event::Bounced {
            reason, chase_at, ..
        } => vec![gate::bounced(by, reason, *chase_at, after)],
        Event::Referred { to, note } => vec![gate::referred(by, to, note)],
        Event::Resumed { answer: None } if gate::was_filled(before, entry) => vec![told(
            &[Audience::Owner],
            Message::new("notice-bounce-filled"),
        )],
        Event::Resumed { answer: None } => {
            vec![thread(Message::new("notice-resumed").with("by", by))]
        }
        Event::Resumed {
            answer: Some(answer),
        } => {
            vec![said("notice-resumed-answer", by, answer)]
        }
        Event::SeveritySet { .. }
        | Event::SeverityProposed { .. }
        | Event::SeverityAgreed { .. }
        | Event::SeverityDeclined { .. } => severity::notices(by, &entry.event, policy),
        // The alarm's own rungs call people; an owner who is at work already is told once.
        Event::UrgencyRaised { .. } => match &after.ownership {
            Ownership::Owned { .. } => vec![Notice {
                is_urgent: true,
                is_mergeable: false,
                offers: vec![Offer::NotUrgent],
                ..told(&[Audience::Owner], Message::new("notice-urgent-owned"))
            }],
            Ownership::Unclaimed { .. } | Ownership::Assigned { .. } => Vec::new(),
        },
        Event::UrgencyEnded {} if after.is_open() => {
            vec![thread(Message::new("notice-urgency-ended"))]
        }
        Event::UrgencyEnded {} => Vec::new(),
        Event::NotUrgent { reason } => vec![thread(
            Message::new("notice-not-urgent")
                .with("by", by)
                .with("reason", Arg::Text(reason.clone())),
        )],
        Event::Transferred {
            from,
            to,
            reason,
            moving,
            ..
        } => vec![thread(
            Message::new(gate::transferred(*moving))
                .with("by", by)
                .with("from", Arg::Queue(from.clone()))
                .with("to", Arg::Queue(to.clone()))
                .with("reason", Arg::Text(reason.clone())),
        )],
        Event::Snoozed { until, until_reply } => {
            let message = match until_reply {
                false => Message::new("notice-snoozed"),
                true => Message::new("notice-snoozed-until-reply"),
            };
            vec![thread(
                message.with("by", by).with("until", Arg::Instant(*until)),
            )]
        }
        Event::Unsnoozed {} => vec![thread(Message::new("notice-unsnoozed").with("by", by))],
        Event::Muted { until: Some(until) } => vec![thread(
            Message::new("notice-muted-until")
                .with("by", by)
                .with("until", Arg::Instant(*until)),
        )],
        Event::Muted { until: None } => vec![thread(Message::new("notice-muted").with("by", by))],
        Event::Unmuted {} => vec![thread(Message::new("notice-unmuted").with("by", by))],
        Event::Resolved { outcome } => vec![thread(
            Message::new("notice-resolved")
                .with("by", by)
                .with("category", Arg::Plain(outcome.category.clone())),
        )],
        Event::Closed { reason, note, .. } => vec![closed(by, *reason, note)],
        Event::Reopened { reason, .. } => {
            let message = match reason {
                Some(reason) => Message::new("notice-reopened-because")
                    .with("reason", Arg::Text(reason.clone())),
                None => Message::new("notice-reopened"),
            };
            let owed = promise::owed_again(before, after, policy, entry.at);
            let message = severity::with_lines(message.with("by", by), owed);
            vec![told(&[Audience::Owner], message)]
        }
        // That a promise broke shows on the card at once; the rung of the ladder tells people.
        Event::Missed { .. } => Vec::new(),
        Event::StepReached {
            is_superseded: true,
            ..
        } => Vec::new(),
        Event::StepReached {
            clock, run, step, ..
        } => promise::step_reached(after, policy, (*clock, *run, *step), entry.at)
            .map(|notice| where_said(notice, after))
            .unwrap_or_default(),
        Event::QuietReached { asked, .. } => vec![promise::quiet(after, policy, *asked, entry.at)],
        Event::ChaseReached { on, at, .. } => promise::chase(after, policy, *on, *at, entry.at)
            .into_iter()
            .collect(),
        Event::HandedToDuty { from, to, .. } => {
            vec![promise::handed_to_duty(after, policy, from, to, entry.at)]
        }
        Event::ContractChecked { .. } | Event::ContractExcepted { .. } => {
            contract::notices(by, before, entry, after, policy)
        }
        Event::PolicyChanged { moved, .. } if moved.is_empty() => Vec::new(),
        Event::PolicyChanged { moved, .. } => {
            let lines = moved.iter().map(moved_line).collect();
            vec![thread(
                Message::new("notice-policy-changed").with("lines", Arg::Lines(lines)),
            )]
        }
        Event::IssueAsked { .. }
        | Event::IssueLinked { .. }
        | Event::IssueFailed { .. }
        | Event::IssueChanged { .. }
        | Event::IssueUnlinked { .. } => tracking::announce(before, entry, after),
        Event::SplitOff { child, title } => vec![thread(
            Message::new("notice-split-off")
                .with("by", by)
                .with("child", Arg::Inquiry(child.clone()))
                .with("title", Arg::Title(title.clone())),
        )],
    }
}

/// Whether a response is owed again that had been given.
fn runs_again(before: Option<&Inquiry>, after: &Inquiry) -> bool {
    let owed = |inquiry: &Inquiry| inquiry.runs.iter().any(|run| run.clock.is_response());
    owed(after) && before.is_some_and(|before| !owed(before))
}

fn received(entry: &Entry, after: &Inquiry, policy: &Policy, is_backlog: bool) -> Vec<Notice> {
    let is_calm = !matches!(after.urgency, Urgency::Urgent { .. });
    let wakes = policy.is_awake(Case::of(after), entry.at)
        && after.holder().is_none()
        && after.is_open()
        && !is_backlog
        && is_calm;
    vec![Notice {
        place: NoticePlace::Card,
        audience: if wakes {
            vec![Audience::Duty]
        } else {
            Vec::new()
        },
        message: Message::new("notice-received"),
        is_urgent: false,
        is_mergeable: false,
        offers: Vec::new(),
    }]
}

/// An assignee who was overtaken is told.
fn claimed(before: Option<&Inquiry>, entry: &Entry, member: &MemberId) -> Vec<Notice> {
    let message = Message::new("notice-claimed").with("member", Arg::Member(member.clone()));
    let overtaken = before
        .and_then(Inquiry::holder)
        .filter(|holder| *holder != member);
    let audience: Vec<Audience> = overtaken
        .filter(|holder| entry.actor.member() != Some(holder))
        .map(|holder| Audience::Member(holder.clone()))
        .into_iter()
        .collect();
    vec![told(&audience, message)]
}

fn requester_replied(
    before: Option<&Inquiry>,
    after: &Inquiry,
    text: &crate::domain::ids::TextId,
) -> Vec<Notice> {
    let message = |id| Message::new(id).with("text", Arg::Text(text.clone()));
    match &after.stage {
        Stage::Resolved { .. } | Stage::Closed { .. } => {
            // Told once: while the last message still waits, another is only shown.
            let is_first = before.is_none_or(|before| before.unanswered.is_empty());
            let audience: &[Audience] = if is_first { &[Audience::Owner] } else { &[] };
            vec![Notice {
                offers: vec![Offer::Reopen, Offer::JustThanks],
                ..told(audience, message("notice-requester-after-end"))
            }]
        }
        Stage::Active { .. } | Stage::Waiting { .. } => {
            vec![told(
                &[Audience::Owner],
                message("notice-requester-replied"),
            )]
        }
    }
}

fn closed(by: Arg, reason: CloseReason, note: &Option<crate::domain::ids::TextId>) -> Notice {
    let id = match reason {
        CloseReason::Agreed => "close-agreed",
        CloseReason::Silence => "close-silence",
        CloseReason::Duplicate => "close-duplicate",
        CloseReason::Refused => "close-refused",
        CloseReason::Spam => "close-spam",
        CloseReason::OutOfScope => "close-out-of-scope",
        CloseReason::AtSource => "close-at-source",
        CloseReason::Gone => "close-gone",
    };
    let message = match note {
        Some(note) => Message::new("notice-closed-note").with("note", Arg::Text(note.clone())),
        None => Message::new("notice-closed"),
    };
    thread(
        message
            .with("by", by)
            .with("reason", Arg::Word(id.to_owned())),
    )
}

fn waiting(on: WaitingOn) -> Arg {
    Arg::Word(
        match on {
            WaitingOn::Requester => "waiting-requester",
            WaitingOn::Vendor => "waiting-vendor",
            WaitingOn::Development => "waiting-development",
            WaitingOn::NextTier => "waiting-next-tier",
        }
        .to_owned(),
    )
}

/// A line in the thread that mentions nobody.
fn thread(message: Message) -> Notice {
    told(&[], message)
}

fn said(id: &'static str, by: Arg, text: &crate::domain::ids::TextId) -> Notice {
    thread(
        Message::new(id)
            .with("by", by)
            .with("text", Arg::Text(text.clone())),
    )
}

fn told(audience: &[Audience], message: Message) -> Notice {
    Notice {
        place: NoticePlace::Thread,
        audience: audience.to_vec(),
        message,
        is_urgent: false,
        is_mergeable: false,
        offers: Vec::new(),
    }
}

/// Whoever acts knows already: an actor is not mentioned for an own act.
pub fn is_own_act(actor: &Actor, member: &MemberId) -> bool {
    actor.member() == Some(member)
}
