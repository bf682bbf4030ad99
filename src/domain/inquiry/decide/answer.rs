//! The talk with the requester, and the ends of an inquiry.

use super::Draft;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{
    Answer, Clock, CloseReason, Event, Inquiry, Kind, Outcome, Ownership, Refusal, Resolution,
    Settled, Stage, WaitingOn, Workaround,
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
    was_sent: bool,
) -> Result<(), Refusal> {
    let at = draft.not_in_the_future(at)?;
    if at < draft.inquiry.answerable_from() {
        return Err(Refusal::BeforeReceipt {
            at,
            received_at: draft.inquiry.received_at,
        });
    }
    draft.accept_by_acting();
    let before_close = draft
        .inquiry
        .cut_short_responses()
        .any(|it| it.run.started_at <= at && at <= it.ended_at);
    let spares_later = draft
        .inquiry
        .runs
        .iter()
        .any(|run| run.clock.is_response() && run.started_at > at);
    draft.push(Event::RepliedElsewhere {
        at,
        text,
        before_close,
        spares_later,
        was_sent,
    });
    Ok(())
}

/// The delivery of an answer is dead.
pub(super) fn failed(draft: &mut Draft, policy: &Policy, of: u64, why: String) {
    let settled = settled(&draft.inquiry, policy, of);
    let one_owed = owes_several(&draft.inquiry, Some(of));
    draft.push(Event::ReplyFailed {
        of,
        why,
        settled,
        one_owed,
    });
}

/// Whether several promises may be owed again at once: what an answer had ended, and what the close had cut short.
pub(super) fn owes_several(inquiry: &Inquiry, of: Option<u64>) -> bool {
    let cut = inquiry.cut_short.as_ref().map(|cut| cut.by);
    let ended = inquiry.ended.iter();
    let again =
        ended.filter(|it| it.run.clock.is_response() && [of, cut].contains(&Some(it.ended_by)));
    again.count() > 1
}

/// What an answer had kept, and another has kept that stands: the earliest that was given after it was owed.
fn settled(inquiry: &Inquiry, policy: &Policy, of: u64) -> Vec<Settled> {
    let mut standing = inquiry.standing_answers();
    standing.retain(|answer| answer.seq != of);
    standing.sort_by_key(|answer| (answer.at, answer.seq));
    let kept = inquiry.ended.iter();
    let kept = kept.filter(|it| it.run.clock.is_response() && it.ended_by == of);
    kept.filter_map(|it| {
        let run = &it.run;
        let mut after = standing.iter();
        let answer = after.find(|answer| answer.at >= run.started_at)?;
        let due = due_at(inquiry, run, policy).filter(|_| run.missed_at.is_none());
        Some(Settled {
            clock: run.clock,
            run: run.run,
            by: answer.seq,
            at: answer.at,
            missed_at: due.filter(|due| *due < answer.at),
        })
    })
    .collect()
}

/// Takes back the last answer: what it had kept runs again from its original start, unless another has kept it too.
pub(super) fn retract(draft: &mut Draft, policy: &Policy) -> Result<(), Refusal> {
    if !draft.inquiry.is_open() {
        return Err(Refusal::NothingToRetract);
    }
    let standing = draft.inquiry.standing_answers();
    let of = standing.last().ok_or(Refusal::NothingToRetract)?.seq;
    let settled = settled(&draft.inquiry, policy, of);
    let one_owed = owes_several(&draft.inquiry, Some(of));
    draft.push(Event::ReplyRetracted {
        of,
        settled,
        one_owed,
    });
    Ok(())
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
    let (is_answered, is_oldest) = place(&draft.inquiry, at);
    draft.push(Event::Heard {
        text,
        at,
        is_answered,
        is_oldest,
    });
    Ok(())
}

pub(super) fn requester_replied(
    draft: &mut Draft,
    policy: &Policy,
    text: TextId,
    at: Timestamp,
) -> Result<(), Refusal> {
    still_heard(draft, policy)?;
    let at = at.min(draft.now);
    let (is_answered, is_oldest) = place(&draft.inquiry, at);
    draft.push(Event::RequesterReplied {
        text,
        at,
        is_answered,
        is_oldest,
    });
    Ok(())
}

/// Whether words that may come late were answered before they came, and whether the next response is to run from them.
/// Only an answer that was given at the source was given by somebody who had read them.
fn place(inquiry: &Inquiry, said_at: Timestamp) -> (bool, bool) {
    let is_answered = inquiry.was_answered_there(said_at);
    let run = inquiry.run(Clock::NextResponse);
    let is_older = run.is_some_and(|run| run.missed_at.is_none() && run.started_at > said_at);
    (is_answered, is_older && !is_answered)
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
    if !draft.inquiry.awaits_word() {
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
    let one_owed = owes_several(&draft.inquiry, None);
    draft.push(Event::Reopened { reason, one_owed });
    super::contract::opened(draft, policy);
    Ok(())
}
