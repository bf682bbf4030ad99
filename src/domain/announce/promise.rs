//! What is said when time is short, over, or when nothing happens: always with the local time and the time that is left.

use super::severity::with_lines;
use super::{told, waiting};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{Clock, Inquiry, Ownership, Stage, Urgency, WaitingOn};
use crate::domain::notice::{Arg, Message, Notice, Offer};
use crate::domain::sla::{
    Audience, Left, Policy, Step, StepAt, due_at, hand_to_duty_at, left, next_promise, place,
};
use crate::time::Timestamp;

/// Puts a rung into words. A rung that tells nobody only changes the card.
pub(super) fn step_reached(
    after: &Inquiry,
    policy: &Policy,
    (clock, run, step): (Clock, u64, u32),
    now: Timestamp,
) -> Option<Notice> {
    let ladder = policy.ladder_for(after.severity, clock);
    let rung: &Step = ladder.get(step as usize)?;
    if rung.tell.is_empty() {
        return None;
    }
    if clock == Clock::Urgent {
        let message = if step == 0 {
            "notice-urgent"
        } else {
            "notice-urgent-still"
        };
        return Some(Notice {
            is_urgent: true,
            is_mergeable: false,
            offers: vec![Offer::Claim, Offer::NotUrgent],
            ..told(&rung.tell, Message::new(message))
        });
    }
    let running = after
        .runs
        .iter()
        .find(|found| found.clock == clock && found.run == run)?;
    let due = due_at(after, running, policy)?;
    let is_urgent = matches!(after.urgency, Urgency::Urgent { .. });
    let left = left(after, clock, due, policy, now);
    let message = match Clock::is_internal(clock) {
        true => internal(after, rung.at, clock, left),
        false => promised(rung.at, left).with("clock", Arg::Clock(clock)),
    };
    let message = message
        .with("due", Arg::Instant(due))
        .with("left", time_left(left));
    let offer = match after.ownership {
        _ if clock.is_internal() => vec![Offer::Resume],
        Ownership::Unclaimed { .. } => vec![Offer::Claim],
        Ownership::Assigned { .. } => vec![Offer::Accept],
        Ownership::Owned { .. } => Vec::new(),
    };
    Some(Notice {
        is_urgent,
        is_mergeable: !is_urgent,
        offers: offer,
        ..told(&rung.tell, message)
    })
}

/// The answers that are owed once more, since what had ended is open again.
pub(super) fn owed_again(
    before: Option<&Inquiry>,
    after: &Inquiry,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Message> {
    let ran = |clock: Clock| before.is_some_and(|before| before.run(clock).is_some());
    let runs = after.runs.iter().filter(|run| run.clock.is_response());
    runs.filter(|run| !ran(run.clock))
        .filter_map(|run| {
            let due = due_at(after, run, policy)?;
            let left = left(after, run.clock, due, policy, now);
            Some(
                Message::new("reopened-owed")
                    .with("clock", Arg::Clock(run.clock))
                    .with("due", Arg::Instant(due))
                    .with("left", time_left(left)),
            )
        })
        .collect()
}

/// The sentence for a rung of a promise.
fn promised(at: StepAt, left: Left) -> Message {
    match at {
        // A night may pass before a warning can be said.
        StepAt::Percent(_) | StepAt::Before(_) if left.ms >= 0 => Message::new("notice-at-risk"),
        StepAt::Percent(_) | StepAt::Before(_) => Message::new("notice-still-late"),
        StepAt::Breach if left.ms > -MINUTE => Message::new("notice-breach"),
        StepAt::Breach => Message::new("notice-breach-late"),
        StepAt::After(_) => Message::new("notice-still-late"),
    }
}

/// The sentence for a rung of another team's work, with what was asked of them.
fn internal(after: &Inquiry, at: StepAt, clock: Clock, left: Left) -> Message {
    let is_now = left.ms > -MINUTE;
    let message = match at {
        StepAt::Percent(_) | StepAt::Before(_) if left.ms >= 0 => {
            Message::new("notice-internal-near")
        }
        StepAt::Breach if is_now => Message::new("notice-internal-now"),
        StepAt::Percent(_) | StepAt::Before(_) | StepAt::Breach | StepAt::After(_) => {
            Message::new("notice-internal-over")
        }
    };
    match &after.stage {
        Stage::Waiting { on, .. } if Clock::of_wait(*on) == Some(clock) => {
            message.with("on", waiting(*on))
        }
        Stage::Waiting { .. }
        | Stage::Active { .. }
        | Stage::Resolved { .. }
        | Stage::Closed { .. } => message.with("on", Arg::Clock(clock)),
    }
}

const MINUTE: i64 = 60_000;

/// Time that is left or over, as its clock counts it.
pub fn time_left(left: Left) -> Arg {
    Arg::Lines(vec![time_word(left)])
}

/// The same as a sentence of its own.
pub fn time_word(left: Left) -> Message {
    let message = match (left.ms, left.is_business) {
        (0, true) => return Message::new("left-none"),
        (1.., true) => Message::new("left-business"),
        (0.., false) => Message::new("left-clock"),
        (..=-1, true) => Message::new("over-business"),
        (..=-1, false) => Message::new("over-clock"),
    };
    message.with("amount", Arg::Span(left.ms.abs()))
}

/// A wait began: for whom, what was asked, until when they are expected to answer.
pub(super) fn waiting_started(
    by: Arg,
    on: WaitingOn,
    chase_at: Timestamp,
    (asked, case): (&Option<TextId>, &Option<TextId>),
    (after, policy, now): (&Inquiry, &Policy, Timestamp),
) -> Message {
    let message = Message::new("notice-waiting")
        .with("by", by)
        .with("on", waiting(on))
        .with("chase", Arg::Instant(chase_at));
    let mut lines = asked_lines(asked, case);
    lines.extend(expected(after, policy, on, now));
    with_lines(message, lines)
}

fn asked_lines(asked: &Option<TextId>, case: &Option<TextId>) -> Vec<Message> {
    let asked = asked
        .iter()
        .map(|text| Message::new("wait-asked").with("text", Arg::Text(text.clone())));
    let case = case
        .iter()
        .map(|text| Message::new("wait-case").with("case", Arg::Text(text.clone())));
    asked.chain(case).collect()
}

/// What the other team is expected to keep, if anything.
fn expected(inquiry: &Inquiry, policy: &Policy, on: WaitingOn, now: Timestamp) -> Option<Message> {
    let run = inquiry.run(Clock::of_wait(on)?)?;
    let due = due_at(inquiry, run, policy)?;
    Some(
        Message::new("wait-expected")
            .with("due", Arg::Instant(due))
            .with(
                "left",
                time_left(left(inquiry, run.clock, due, policy, now)),
            ),
    )
}

/// The next promise to the requester, so that nobody asked about a wait forgets it.
fn next(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> Option<Message> {
    let (run, due) = next_promise(inquiry, policy)?;
    Some(
        Message::new("next-promise")
            .with("clock", Arg::Clock(run.clock))
            .with("due", Arg::Instant(due))
            .with(
                "left",
                time_left(left(inquiry, run.clock, due, policy, now)),
            ),
    )
}

/// Nobody did anything: the owner is asked, the second time the duty too.
pub(super) fn quiet(after: &Inquiry, policy: &Policy, asked: u32, now: Timestamp) -> Notice {
    let silent = Arg::Span(silence(after, policy, now));
    let (audience, message): (&[Audience], Message) = match &after.ownership {
        Ownership::Owned { by, .. } if asked >= 2 => (
            &[Audience::Duty, Audience::Owner],
            Message::new("notice-quiet-duty").with("owner", Arg::Member(by.clone())),
        ),
        Ownership::Owned { .. } | Ownership::Assigned { .. } | Ownership::Unclaimed { .. } => {
            (&[Audience::Owner], Message::new("notice-quiet"))
        }
    };
    let message = message
        .with("since", Arg::Instant(after.last_act_at))
        .with("silent", silent);
    let hand_over = hand_to_duty_at(after, policy)
        .map(|item| Message::new("quiet-hand-over").with("at", Arg::Instant(item.at)));
    let lines = hand_over
        .into_iter()
        .chain(next(after, policy, now))
        .collect();
    told(audience, with_lines(message, lines))
}

/// Milliseconds of working time since anybody did anything.
fn silence(inquiry: &Inquiry, policy: &Policy, now: Timestamp) -> i64 {
    let silent = policy.working().worked_between(inquiry.last_act_at, now);
    i64::try_from(silent.as_millis()).unwrap_or(i64::MAX)
}

/// Time to ask those we wait for. Nothing where the end of their time says the same at the same moment.
pub(super) fn chase(
    after: &Inquiry,
    policy: &Policy,
    on: WaitingOn,
    at: Timestamp,
    now: Timestamp,
) -> Option<Notice> {
    let run = Clock::of_wait(on).and_then(|clock| after.run(clock));
    let is_said = run.is_some_and(|run| {
        let ladder = policy.ladder_for(after.severity, run.clock);
        run.said.iter().any(|said| {
            let step = place(said, ladder).and_then(|step| ladder.get(step as usize));
            said.at == at && step.is_some_and(|step| step.tell.contains(&Audience::Owner))
        })
    });
    if is_said {
        return None;
    }
    let message = Message::new("notice-chase").with("on", waiting(on));
    let mut lines = match &after.stage {
        Stage::Waiting { asked, case, .. } => asked_lines(asked, case),
        Stage::Active { .. } | Stage::Resolved { .. } | Stage::Closed { .. } => Vec::new(),
    };
    lines.extend(expected(after, policy, on, now));
    lines.extend(next(after, policy, now));
    Some(told(&[Audience::Owner], with_lines(message, lines)))
}

/// The desk took it from an owner of whom nothing was heard.
pub(super) fn handed_to_duty(
    after: &Inquiry,
    policy: &Policy,
    from: &MemberId,
    to: &MemberId,
    now: Timestamp,
) -> Notice {
    // An owner who has the duty must say that they still have it, and the lead hears of it.
    let is_same = from == to;
    let message = match is_same {
        true => Message::new("notice-handed-to-duty-again"),
        false => Message::new("notice-handed-to-duty"),
    };
    let message = message
        .with("from", Arg::Member(from.clone()))
        .with("to", Arg::Member(to.clone()))
        .with("silent", Arg::Span(silence(after, policy, now)));
    let lines = next(after, policy, now).into_iter().collect();
    let other = match is_same {
        true => Audience::Lead,
        false => Audience::Member(from.clone()),
    };
    let people = [Audience::Member(to.clone()), other];
    Notice {
        offers: vec![Offer::Accept],
        ..told(&people, with_lines(message, lines))
    }
}
