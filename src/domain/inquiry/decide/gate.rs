//! The gate: sent back to the requester for more, taken up again, or out of scope and handed on.

use super::Draft;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{CloseReason, Event, Facts, ReferredTo, Refusal, Stage, WaitingOn};
use crate::domain::sla::Policy;

/// Sends it back: a question that the requester hears of, and a wait for them, in one act. Only people do that.
pub(super) fn bounce(
    draft: &mut Draft,
    policy: &Policy,
    reason: TextId,
    has_way_back: bool,
    is_elsewhere: bool,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    draft.must_be_member()?;
    if !has_way_back && !is_elsewhere {
        return Err(Refusal::NoWayToBounce {
            url: draft.inquiry.origin.url.clone(),
        });
    }
    draft.accept_by_acting();
    draft.push(Event::Bounced {
        reason,
        missing: draft.inquiry.gaps(policy),
        chase_at: draft.chase_of(policy, WaitingOn::Requester),
        pauses: policy.resolution_pauses.contains(&WaitingOn::Requester),
        is_elsewhere,
    });
    Ok(())
}

/// What was sent back comes back by itself when the source adds to it and nothing is missing any more. While something is,
/// it stays with the requester, who may be at it field by field.
pub(super) fn come_back_if_filled(draft: &mut Draft, policy: &Policy, before: &Facts) {
    if !draft.inquiry.is_sent_back() {
        return;
    }
    let facts = &draft.inquiry.facts;
    let is_filled = draft.inquiry.gaps(policy).is_empty();
    let is_added_to = facts.body != before.body
        || facts.customer != before.customer
        || facts.intake != before.intake;
    if is_added_to && is_filled {
        draft.push(Event::Resumed { answer: None });
    }
}

/// Hands it on to whoever looks after such things, and ends it here. What the requester is told is a reply like any other.
pub(super) fn refer(
    draft: &mut Draft,
    to: ReferredTo,
    note: Option<TextId>,
    reply: Option<TextId>,
    has_way_back: bool,
) -> Result<(), Refusal> {
    match &draft.inquiry.stage {
        Stage::Closed { by, at, .. } => {
            return Err(Refusal::Closed {
                by: by.clone(),
                at: *at,
            });
        }
        Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. } => {}
    }
    draft.must_be_member()?;
    if let Some(text) = reply {
        super::answer::reply(draft, text, false, has_way_back)?;
    }
    draft.push(Event::Referred { to, note });
    draft.close(CloseReason::OutOfScope, None);
    Ok(())
}
