//! The talk with the requester, and the ends of an inquiry.

use super::Draft;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{
    Answer, CloseReason, Ending, Event, Kind, Outcome, Ownership, Refusal, Resolution, Stage,
    WaitingOn, Workaround,
};
use crate::domain::sla::{Policy, due_at};
use crate::time::Timestamp;

/// A reply may follow the end too: that is how a thank-you is answered.
pub(super) fn reply(
    draft: &mut Draft,
    text: TextId,
    is_question: bool,
    has_way_back: bool,
) -> Result<(), Refusal> {
    if !has_way_back {
        return Err(Refusal::NoWayBack {
            url: draft.inquiry.origin.url.clone(),
        });
    }
    draft.accept_by_acting();
    draft.push(Event::Replied { text, is_question });
    Ok(())
}

/// "I answered there": the clock stops at the person's act, which may lie back but not before the receipt.
pub(super) fn replied(
    draft: &mut Draft,
    at: Option<Timestamp>,
    text: Option<TextId>,
) -> Result<(), Refusal> {
    let at = draft.not_in_the_future(at)?;
    if at < draft.inquiry.answerable_from() {
        return Err(Refusal::BeforeReceipt {
            at,
            received_at: draft.inquiry.received_at,
        });
    }
    draft.accept_by_acting();
    draft.push(Event::RepliedElsewhere { at, text });
    Ok(())
}

/// Takes back the last "I answered there": its clock runs again from its original start.
pub(super) fn retract(draft: &mut Draft) -> Result<(), Refusal> {
    let closed_by = draft.inquiry.cut_short.as_ref().map(|cut| cut.by);
    let last = draft
        .inquiry
        .ended
        .iter()
        .filter(|ended| ended.run.clock.is_response() && ended.how != Ending::Cancelled)
        .map(|ended| ended.ended_by)
        .filter(|by| Some(*by) != closed_by)
        .max()
        .filter(|_| draft.inquiry.is_open());
    match last {
        Some(of) => {
            draft.push(Event::ReplyRetracted { of });
            Ok(())
        }
        None => Err(Refusal::NothingToRetract),
    }
}

pub(super) fn heard(
    draft: &mut Draft,
    policy: &Policy,
    text: TextId,
    at: Option<Timestamp>,
) -> Result<(), Refusal> {
    let at = draft.not_in_the_future(at)?;
    still_heard(draft, policy)?;
    draft.accept_by_acting();
    draft.push(Event::Heard { text, at });
    Ok(())
}

pub(super) fn requester_replied(
    draft: &mut Draft,
    policy: &Policy,
    text: TextId,
    at: Timestamp,
) -> Result<(), Refusal> {
    still_heard(draft, policy)?;
    draft.push(Event::RequesterReplied {
        text,
        at: at.min(draft.now),
    });
    Ok(())
}

/// A closed inquiry hears its requester for the policy's days; later words are an inquiry of their own.
fn still_heard(draft: &Draft, policy: &Policy) -> Result<(), Refusal> {
    match &draft.inquiry.stage {
        Stage::Closed { at, .. } if is_late(draft, policy) => Err(Refusal::TooLate {
            at: *at,
            days: policy.reopen_days,
        }),
        Stage::Closed { .. }
        | Stage::Active { .. }
        | Stage::Waiting { .. }
        | Stage::Resolved { .. } => Ok(()),
    }
}

/// Whether it was closed longer ago than the policy's days.
pub(super) fn is_late(draft: &Draft, policy: &Policy) -> bool {
    draft.inquiry.is_long_closed(policy.reopen_days, draft.now)
}

pub(super) fn no_answer_needed(draft: &mut Draft) -> Result<(), Refusal> {
    if draft.owed_response().is_none() {
        return Err(Refusal::NothingToAnswer);
    }
    draft.accept_by_acting();
    draft.push(Event::NoAnswerNeeded {});
    Ok(())
}

/// Waiting for the requester needs that they have heard from us: reply or ask first.
pub(super) fn wait(
    draft: &mut Draft,
    policy: &Policy,
    on: WaitingOn,
    chase_at: Option<Timestamp>,
    (asked, case): (Option<TextId>, Option<TextId>),
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if on == WaitingOn::Requester
        && let Some((clock, run)) = draft.owed_response()
    {
        let due_at = due_at(&draft.inquiry, run, policy);
        return Err(Refusal::ReplyOrAskFirst { clock, due_at });
    }
    if let Some(at) = chase_at.filter(|at| *at <= draft.now) {
        return Err(Refusal::NotInTheFuture { at });
    }
    draft.accept_by_acting();
    let started = |chase_at| Event::WaitStarted {
        on,
        chase_at,
        pauses: policy.resolution_pauses.contains(&on),
        asked,
        case,
        is_timed: on != WaitingOn::Requester,
    };
    let chase_at = chase_at.unwrap_or_else(|| draft.chase_of(policy, on));
    draft.push(started(chase_at));
    Ok(())
}

/// Resolving is an owner's act: whoever resolves what nobody has acted on has claimed it thereby.
pub(super) fn resolve(
    draft: &mut Draft,
    policy: &Policy,
    resolution: Resolution,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    let outcome = outcome(draft.inquiry.facts.kind, policy, resolution)?;
    draft.accept_by_acting();
    match draft.inquiry.ownership {
        Ownership::Unclaimed { .. } | Ownership::Assigned { .. } => {
            draft.push(Event::Claimed { by })
        }
        Ownership::Owned { .. } => {}
    }
    draft.push(Event::Resolved { outcome });
    Ok(())
}

fn outcome(kind: Kind, policy: &Policy, given: Resolution) -> Result<Outcome, Refusal> {
    let answer = match kind {
        Kind::Investigation => {
            let cause = given.cause.ok_or(Refusal::CauseMissing)?;
            let workaround = match (given.workaround, given.no_workaround) {
                (Some(text), None) => Workaround::Given { text },
                (None, Some(reason)) => Workaround::None { reason },
                (None, None) => return Err(Refusal::WorkaroundMissing),
                (Some(_), Some(_)) => return Err(Refusal::WorkaroundTwice),
            };
            Answer::Investigation { cause, workaround }
        }
        Kind::Specification => Answer::Specification {
            answer: given.answer.ok_or(Refusal::AnswerMissing)?,
        },
    };
    let known = || policy.categories.clone();
    match given.category {
        None => Err(Refusal::CategoryMissing { known: known() }),
        Some(category) if policy.categories.contains(&category) => Ok(Outcome { category, answer }),
        Some(given) => Err(Refusal::CategoryUnknown {
            given,
            known: known(),
        }),
    }
}

pub(super) fn close(
    draft: &mut Draft,
    reason: CloseReason,
    note: Option<TextId>,
) -> Result<(), Refusal> {
    match (&draft.inquiry.stage, reason) {
        (Stage::Closed { by, at, .. }, _) => Err(Refusal::Closed {
            by: by.clone(),
            at: *at,
        }),
        // What ends as agreed or by silence has been answered before.
        (
            Stage::Active { .. } | Stage::Waiting { .. },
            CloseReason::Agreed | CloseReason::Silence,
        ) => Err(Refusal::ResolveFirst),
        (Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. }, _) => {
            draft.close(reason, note);
            Ok(())
        }
    }
}

pub(super) fn reopen(
    draft: &mut Draft,
    policy: &Policy,
    reason: Option<TextId>,
) -> Result<(), Refusal> {
    if draft.inquiry.is_open() {
        return Err(Refusal::NotEnded);
    }
    still_heard(draft, policy)?;
    draft.push(Event::Reopened { reason });
    Ok(())
}
