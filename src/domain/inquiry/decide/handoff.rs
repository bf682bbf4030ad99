//! What the outgoing duty is asked at the handoff, and what they answer; and the next step.

use super::Draft;
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{Event, NextBy, Otherwise, Ownership, Refusal};
use crate::time::Timestamp;

/// Asks whoever holds it. For an inquiry that has moved on there is nothing to ask.
pub(super) fn ask(
    draft: &mut Draft,
    from: MemberId,
    to: MemberId,
    answer_by: Timestamp,
    otherwise: Otherwise,
) {
    let is_theirs = draft.inquiry.is_open() && draft.inquiry.holder() == Some(&from);
    if is_theirs && from != to && answer_by > draft.now {
        draft.push(Event::HandoffAsked {
            from,
            to,
            answer_by,
            otherwise,
        });
    }
}

/// Whoever is asked goes on with it.
pub(super) fn keep(draft: &mut Draft) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    let asked = draft.inquiry.asked_at_handoff();
    if asked.is_none_or(|asked| asked.from != by) {
        return Err(Refusal::NotAsked);
    }
    // Kept first: the acceptance alone would be an answer already.
    draft.push(Event::HandoffKept { is_silent: false });
    draft.accept_by_acting();
    Ok(())
}

/// Whoever holds it gives it to the duty, who must accept; while they are asked, to the duty they are asked about.
pub(super) fn hand_over(draft: &mut Draft, duty: Option<MemberId>) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    match &draft.inquiry.ownership {
        Ownership::Unclaimed { .. } => return Err(Refusal::Unclaimed),
        Ownership::Owned { by: owner, since } if *owner != by => {
            return Err(Refusal::AlreadyOwned {
                by: owner.clone(),
                since: *since,
            });
        }
        Ownership::Assigned { to, since, .. } if *to != by => {
            return Err(Refusal::AlreadyAssigned {
                to: to.clone(),
                since: *since,
            });
        }
        Ownership::Owned { .. } | Ownership::Assigned { .. } => {}
    }
    let asked = draft.inquiry.asked_at_handoff();
    let to = match asked.filter(|asked| asked.from == by) {
        Some(asked) => Some(asked.to.clone()),
        None => duty,
    };
    let to = to.filter(|to| *to != by).ok_or(Refusal::NobodyElse)?;
    draft.push(Event::Assigned { to, by_desk: false });
    Ok(())
}

/// Nobody answered in time: what the queue says about that is done.
pub(super) fn unanswered(draft: &mut Draft) {
    let Some(asked) = draft.inquiry.asked_at_handoff().cloned() else {
        return;
    };
    draft.push(match asked.otherwise {
        Otherwise::Keep => Event::HandoffKept { is_silent: true },
        Otherwise::HandOver => Event::Assigned {
            to: asked.to,
            by_desk: true,
        },
        Otherwise::Release => Event::Released { reason: None },
    });
}

/// Says what is to be done next.
pub(super) fn next(
    draft: &mut Draft,
    text: TextId,
    who: NextBy,
    until: Option<Timestamp>,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if let Some(at) = until.filter(|until| *until <= draft.now) {
        return Err(Refusal::NotInTheFuture { at });
    }
    draft.accept_by_acting();
    draft.push(Event::NextSet { text, who, until });
    Ok(())
}
