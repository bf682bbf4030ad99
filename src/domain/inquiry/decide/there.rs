//! What follows when the item stands otherwise at its source: closed, gone, or open once more.
//!
//! Promises: only a change counts, so that a source which is not told of our own end changes nothing, however often it
//! says that the item is open. No work is lost: what somebody has is never closed because it is gone. Leaves out what is
//! news (an older state, a second delivery) and the new inquiry of an item that opens long after its end: both are
//! known where documents are received. What our own answer ended there ends nothing here: it is recorded, so that its opening is
//! seen.

use super::Draft;
use crate::domain::inquiry::{CloseReason, Event, Inquiry, Ownership, Stage, There};
use crate::domain::sla::Policy;

/// Records how the item stands, and does what follows.
pub(super) fn find(draft: &mut Draft, policy: &Policy, there: There) {
    if super::answer::is_late(draft, policy) {
        if draft.inquiry.there() != there {
            draft.push(Event::FoundThere {
                there,
                is_late: true,
            });
        }
        return;
    }
    let was_ended_there = draft.inquiry.is_ended_there();
    let is_change = draft.inquiry.there() != there;
    if is_change {
        draft.push(Event::FoundThere {
            there,
            is_late: false,
        });
    }
    match there {
        There::Closed => {
            if !matches!(draft.inquiry.stage, Stage::Closed { .. }) {
                draft.close(CloseReason::AtSource, None);
            }
        }
        There::Answered => {}
        There::Gone => {
            if is_change && is_untouched(&draft.inquiry) {
                draft.close(CloseReason::Gone, None);
            }
        }
        // What a person ended stays ended until a person says otherwise: the ledger line alone asks them.
        There::Open => {
            if is_change && was_ended_there {
                let one_owed = super::answer::owes_several(&draft.inquiry, None);
                draft.push(Event::Reopened {
                    reason: None,
                    one_owed,
                });
                super::contract::opened(draft, policy);
            }
        }
    }
}

/// Whether nobody has begun: open, nobody has accepted it, and nobody is waited for.
fn is_untouched(inquiry: &Inquiry) -> bool {
    let is_active = matches!(inquiry.stage, Stage::Active { .. });
    match &inquiry.ownership {
        Ownership::Unclaimed { .. } | Ownership::Assigned { .. } => is_active,
        Ownership::Owned { .. } => false,
    }
}
