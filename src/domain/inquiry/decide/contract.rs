//! The contract check, the canned refusal that follows it, and the exception from it.

use super::Draft;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{CheckEffect, Checked, CloseReason, Event, Meanwhile, Refusal, Stage};
use crate::domain::sla::Policy;

/// The check at the receipt: where a contract is asked for and none covers it, nothing is promised.
pub(super) fn at_receipt(draft: &mut Draft, checked: Checked) {
    let holds = checked.is_required && !checked.finding.is_covered();
    draft.push(Event::ContractChecked {
        effect: match holds {
            true => CheckEffect::Holds,
            false => CheckEffect::Shown,
        },
        is_required: checked.is_required,
        finding: checked.finding,
        at_receipt: true,
        done: Meanwhile::default(),
    });
}

/// A later look. What says the same as before is no event; what is covered now is no longer held.
pub(super) fn check(draft: &mut Draft, policy: &Policy, checked: Checked) {
    let known = draft.inquiry.contract.as_ref();
    let is_known = known.is_some_and(|known| {
        known.finding == checked.finding && known.is_required == checked.is_required
    });
    let is_owed = checked.finding.is_covered() || !checked.is_required;
    let lifts = draft.inquiry.is_held() && draft.inquiry.is_open() && is_owed;
    // What was said while it had ended lifts nothing then; said again once it is open, it does.
    if is_known && !lifts {
        return;
    }
    draft.push(Event::ContractChecked {
        effect: match lifts {
            true => CheckEffect::lifting(is_paused(draft, policy)),
            false => CheckEffect::Shown,
        },
        is_required: checked.is_required,
        finding: checked.finding,
        at_receipt: false,
        done: match lifts {
            true => Meanwhile::of(&draft.inquiry),
            false => Meanwhile::default(),
        },
    });
}

/// What is open again is held no longer if it was found covered while it had ended.
pub(super) fn opened(draft: &mut Draft, policy: &Policy) {
    let Some(standing) = draft.inquiry.contract.as_ref() else {
        return;
    };
    let said = Checked {
        finding: standing.finding.clone(),
        is_required: standing.is_required,
    };
    check(draft, policy, said);
}

/// The refusal goes to the requester and ends it, in one act.
pub(super) fn refuse(draft: &mut Draft, text: TextId, has_way_back: bool) -> Result<(), Refusal> {
    draft.must_be_open()?;
    match &draft.inquiry.contract {
        None => return Err(Refusal::ContractUnchecked),
        Some(standing) => {
            if let Some(terms) = standing.finding.terms() {
                let contract = terms.contract.clone();
                return Err(Refusal::ContractCovers { contract });
            }
            if let Some(exception) = &standing.exception {
                let (by, at) = (exception.by.clone(), exception.at);
                return Err(Refusal::ContractExcepted { by, at });
            }
        }
    }
    super::answer::reply(draft, text, false, has_way_back)?;
    draft.close(CloseReason::Refused, None);
    Ok(())
}

/// It is taken all the same: everything is promised from the receipt, and the reason is kept.
pub(super) fn except(draft: &mut Draft, policy: &Policy, reason: TextId) -> Result<(), Refusal> {
    draft.must_be_open()?;
    draft.must_be_member()?;
    let exception = draft.inquiry.contract.as_ref();
    if let Some(exception) = exception.and_then(|standing| standing.exception.as_ref()) {
        let (by, at) = (exception.by.clone(), exception.at);
        return Err(Refusal::ContractExcepted { by, at });
    }
    if !draft.inquiry.is_held() {
        return Err(Refusal::NotHeld);
    }
    draft.accept_by_acting();
    let is_paused = is_paused(draft, policy);
    let done = Meanwhile::of(&draft.inquiry);
    draft.push(Event::ContractExcepted {
        reason,
        is_paused,
        done,
    });
    Ok(())
}

/// Whether the resolution clock would stand still in the wait that there is.
fn is_paused(draft: &Draft, policy: &Policy) -> bool {
    match &draft.inquiry.stage {
        Stage::Waiting { on, .. } => policy.resolution_pauses.contains(on),
        Stage::Active { .. } | Stage::Resolved { .. } | Stage::Closed { .. } => false,
    }
}
