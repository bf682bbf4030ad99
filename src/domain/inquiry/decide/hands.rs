//! Taking and giving: who has it.

use super::Draft;
use crate::domain::ids::{MemberId, QueueId, TextId};
use crate::domain::inquiry::{Event, Moving, Ownership, PolicyHash, Refusal};
use crate::domain::sla::{Policy, What, due_now};

/// Exactly one owns it: an owner keeps it against a second claim, which is told who and since when.
pub(super) fn claim(draft: &mut Draft) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    match &draft.inquiry.ownership {
        Ownership::Owned { by: owner, since } if *owner == by => {
            Err(Refusal::AlreadyYours { since: *since })
        }
        Ownership::Owned { by: owner, since } => Err(Refusal::AlreadyOwned {
            by: owner.clone(),
            since: *since,
        }),
        Ownership::Assigned { to, .. } if *to == by => {
            draft.push(Event::Accepted { by });
            Ok(())
        }
        // Nobody has acted yet: whoever comes first may take it, the assignee is told.
        Ownership::Assigned { .. } | Ownership::Unclaimed { .. } => {
            draft.push(Event::Claimed { by });
            Ok(())
        }
    }
}

pub(super) fn release(draft: &mut Draft, reason: Option<TextId>) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if matches!(draft.inquiry.ownership, Ownership::Unclaimed { .. }) {
        return Err(Refusal::Unclaimed);
    }
    draft.push(Event::Released { reason });
    Ok(())
}

/// Gives it to a member, who has yet to accept. Giving it to oneself is a claim.
pub(super) fn assign(draft: &mut Draft, to: MemberId) -> Result<(), Refusal> {
    draft.must_be_open()?;
    match &draft.inquiry.ownership {
        Ownership::Assigned {
            to: holder, since, ..
        } if *holder == to && draft.by.member() != Some(&to) => {
            Err(Refusal::AlreadyAssigned { to, since: *since })
        }
        Ownership::Owned { by, since } if *by == to => Err(Refusal::AlreadyOwned {
            by: to,
            since: *since,
        }),
        Ownership::Owned { .. } | Ownership::Assigned { .. } | Ownership::Unclaimed { .. }
            if draft.by.member() == Some(&to) =>
        {
            claim(draft)
        }
        Ownership::Owned { by, since } if draft.by.member().is_some_and(|actor| actor != by) => {
            Err(Refusal::AlreadyOwned {
                by: by.clone(),
                since: *since,
            })
        }
        Ownership::Owned { .. } | Ownership::Assigned { .. } | Ownership::Unclaimed { .. } => {
            draft.push(Event::Assigned { to, by_desk: false });
            Ok(())
        }
    }
}

pub(super) fn accept(draft: &mut Draft) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    match &draft.inquiry.ownership {
        Ownership::Assigned { to, .. } if *to == by => {
            draft.push(Event::Accepted { by });
            Ok(())
        }
        Ownership::Assigned { to, .. } => Err(Refusal::AssignedToOther { to: to.clone() }),
        Ownership::Owned { by: owner, since } if *owner == by => {
            Err(Refusal::AlreadyYours { since: *since })
        }
        Ownership::Owned { by: owner, since } => Err(Refusal::AlreadyOwned {
            by: owner.clone(),
            since: *since,
        }),
        Ownership::Unclaimed { .. } => Err(Refusal::NotAssigned),
    }
}

/// Moves it to whoever asks, with a reason; the old owner is told.
pub(super) fn take_over(draft: &mut Draft, reason: TextId) -> Result<(), Refusal> {
    draft.must_be_open()?;
    let by = draft.must_be_member()?;
    match &draft.inquiry.ownership {
        Ownership::Owned { by: owner, since } if *owner == by => {
            Err(Refusal::AlreadyYours { since: *since })
        }
        Ownership::Owned { .. } | Ownership::Assigned { .. } => {
            let from = draft
                .inquiry
                .holder()
                .cloned()
                .filter(|holder| *holder != by);
            draft.push(Event::TakenOver { by, from, reason });
            Ok(())
        }
        Ownership::Unclaimed { .. } => {
            draft.push(Event::Claimed { by });
            Ok(())
        }
    }
}

/// What its owner has left lying goes to the duty by name. Asked for by the desk when the policy says so; late, twice
/// or for what has moved on it decides nothing.
pub(super) fn to_duty(draft: &mut Draft, policy: &Policy, to: MemberId) -> Result<(), Refusal> {
    let Ownership::Owned { by: from, .. } = draft.inquiry.ownership.clone() else {
        return Ok(());
    };
    let due = due_now(&draft.inquiry, policy, draft.now);
    if let Some(item) = due.into_iter().find(|item| item.what == What::HandToDuty) {
        draft.push(Event::HandedToDuty {
            from,
            to,
            at: item.instant,
        });
    }
    Ok(())
}

/// Sends it to another queue, whose policy it takes; there nobody has it yet.
pub(super) fn transfer(
    draft: &mut Draft,
    to: QueueId,
    policy: PolicyHash,
    reason: TextId,
    moving: Moving,
) -> Result<(), Refusal> {
    draft.must_be_open()?;
    if to == draft.inquiry.queue {
        return Err(Refusal::SameQueue { queue: to });
    }
    draft.push(Event::Transferred {
        from: draft.inquiry.queue.clone(),
        to,
        policy,
        reason,
        moving,
    });
    Ok(())
}
