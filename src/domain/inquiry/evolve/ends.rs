//! What it does to an inquiry to be closed, and to have its close taken back.

use super::super::{Clock, CloseReason, CutShort, Ending, Entry, Inquiry, Ownership, Stage};
use super::runs::{activate, end, end_all, is_owed, owed_again, start};
use crate::time::Timestamp;

pub(super) fn closed(
    inquiry: &mut Inquiry,
    entry: &Entry,
    reason: CloseReason,
    is_unanswered: bool,
) {
    let (seq, at) = (entry.seq, entry.at);
    if is_unanswered {
        inquiry.cut_short = Some(CutShort {
            by: seq,
            answered_by: Vec::new(),
        });
    }
    let outcome = match &inquiry.stage {
        Stage::Resolved { outcome, .. } => Some(outcome.clone()),
        Stage::Active { .. } | Stage::Waiting { .. } | Stage::Closed { .. } => None,
    };
    inquiry.stage = Stage::Closed {
        reason,
        by: entry.actor.clone(),
        at,
        outcome,
    };
    inquiry.unanswered.clear();
    inquiry.proposal = None;
    end_all(inquiry, seq, at, Ending::Cancelled);
}

pub(super) fn reopened(inquiry: &mut Inquiry, one_owed: bool, seq: u64, at: Timestamp) {
    activate(inquiry, seq, at);
    inquiry.referral = None;
    if let Some(bounce) = &mut inquiry.bounce {
        bounce.is_answered = true;
    }
    close_taken_back(inquiry, one_owed, seq, at);
    start(inquiry, Clock::Resolution, seq, at);
    if !matches!(inquiry.ownership, Ownership::Owned { .. }) {
        start(inquiry, Clock::Claim, seq, at);
    }
    let needed_by = inquiry.facts.needed_by;
    if needed_by.is_some_and(|needed_by| needed_by > at) {
        start(inquiry, Clock::NeededBy, seq, at);
    }
}

/// What a close had cut short is owed again from its original start, unless it was answered meanwhile. Whoever came when
/// it had ended already was promised nothing then: they wait from now on.
pub(super) fn close_taken_back(inquiry: &mut Inquiry, one_owed: bool, seq: u64, at: Timestamp) {
    let is_unanswered = |cut: &mut CutShort| cut.answered_by.is_empty();
    let Some(CutShort { by, .. }) = inquiry.cut_short.take_if(is_unanswered) else {
        return;
    };
    let mut ended = inquiry.ended.iter();
    let had_ended = ended.any(|it| is_owed(it, by) && it.ended_at <= inquiry.received_at);
    if !had_ended {
        owed_again(inquiry, by, one_owed, seq, at);
    } else if inquiry.run(Clock::FirstResponse).is_none() {
        let oldest = inquiry.unanswered.first().map(|message| message.at);
        end(inquiry, Clock::NextResponse, seq, at, Ending::Cancelled);
        let from = oldest.map_or(at, |oldest| oldest.min(at));
        start(inquiry, Clock::FirstResponse, seq, from);
    }
}
