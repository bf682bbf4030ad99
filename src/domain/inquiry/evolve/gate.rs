//! What it does to an inquiry to be sent back, to come back, and to be handed on.

use super::super::{
    Bounce, Clock, Ending, Entry, Inquiry, Ownership, Referral, ReferredTo, Stage, Urgency,
    WaitingOn,
};
use super::runs::{activate, answered, end, end_internal, pause_resolution, start};
use crate::domain::ids::TextId;
use crate::time::Timestamp;

/// The requester is asked and waited for. Whoever sent it back has acted: nobody is called to take what lies with them.
pub(super) fn sent_back(
    inquiry: &mut Inquiry,
    entry: &Entry,
    reason: &TextId,
    (chase_at, pauses): (Timestamp, bool),
) {
    let (seq, at) = (entry.seq, entry.at);
    inquiry.asked = true;
    answered(inquiry, seq, at, false);
    end_internal(inquiry, None, seq, at);
    inquiry.stage = Stage::Waiting {
        on: WaitingOn::Requester,
        since: at,
        chase_at,
        asked: Some(reason.clone()),
        case: None,
    };
    pause_resolution(inquiry, at, pauses);
    end(inquiry, Clock::Claim, seq, at, Ending::Cancelled);
    end(inquiry, Clock::Urgent, seq, at, Ending::Cancelled);
    inquiry.bounce = Some(Bounce {
        seq,
        count: 1 + inquiry.bounce.as_ref().map_or(0, |bounce| bounce.count),
        reason: reason.clone(),
        by: entry.actor.clone(),
        at,
        is_answered: false,
    });
}

/// What was sent back is ours again: whoever is to take it is asked anew, from now.
pub(super) fn come_back(inquiry: &mut Inquiry, seq: u64, at: Timestamp) {
    let Some(bounce) = inquiry.bounce.as_mut().filter(|bounce| !bounce.is_answered) else {
        return;
    };
    bounce.is_answered = true;
    if inquiry.is_open() && !matches!(inquiry.ownership, Ownership::Owned { .. }) {
        start(inquiry, Clock::Claim, seq, at);
        if matches!(inquiry.urgency, Urgency::Urgent { .. }) {
            start(inquiry, Clock::Urgent, seq, at);
        }
    }
}

/// The requester never heard that it was sent back: it lies with us again.
pub(super) fn never_heard(inquiry: &mut Inquiry, of: u64, seq: u64, at: Timestamp) {
    let is_it = |bounce: &Bounce| bounce.seq == of;
    if inquiry.is_sent_back() && inquiry.bounce.as_ref().is_some_and(is_it) {
        activate(inquiry, seq, at);
        come_back(inquiry, seq, at);
    }
}

pub(super) fn referred(
    inquiry: &mut Inquiry,
    entry: &Entry,
    to: &ReferredTo,
    note: &Option<TextId>,
) {
    inquiry.referral = Some(Referral {
        to: to.clone(),
        note: note.clone(),
        by: entry.actor.clone(),
        at: entry.at,
    });
}
