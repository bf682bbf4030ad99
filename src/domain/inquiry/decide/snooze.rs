//! Reminders held back for a while: the owner's only; no deadline moves (`sla/agenda.rs` keeps that).

use super::Draft;
use crate::domain::inquiry::{Event, Refusal};
use crate::domain::sla::Policy;
use crate::time::Timestamp;

pub(super) fn until(draft: &mut Draft, until: Timestamp) -> Result<(), Refusal> {
    draft.must_be_open()?;
    draft.must_be_member()?;
    if until <= draft.now {
        return Err(Refusal::NotInTheFuture { at: until });
    }
    draft.push(Event::Snoozed {
        until,
        until_reply: false,
    });
    Ok(())
}

/// Until the requester replies; but an inquiry must not fall silent for ever, so at the latest after the working
/// days of silence after which a resolved one would close.
pub(super) fn until_reply(draft: &mut Draft, policy: &Policy) -> Result<(), Refusal> {
    draft.must_be_open()?;
    draft.must_be_member()?;
    let until = policy
        .working()
        .add_working_days(draft.now, policy.close_days);
    draft.push(Event::Snoozed {
        until,
        until_reply: true,
    });
    Ok(())
}

/// Ends a snooze before its time; one that is over by itself is none.
pub(super) fn end(draft: &mut Draft) -> Result<(), Refusal> {
    draft.must_be_open()?;
    draft.must_be_member()?;
    let now = draft.now;
    let holds = |snooze: &crate::domain::inquiry::Snooze| snooze.until > now;
    if !draft.inquiry.snooze.as_ref().is_some_and(holds) {
        return Err(Refusal::NotSnoozed);
    }
    draft.push(Event::Unsnoozed {});
    Ok(())
}
