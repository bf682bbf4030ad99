//! Another problem leaves the inquiry for one of its own.

use super::Draft;
use super::answer::is_late;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{Event, Refusal, Stage};
use crate::domain::sla::Policy;

/// Splits a problem off. What has ended can still hold another problem; what ended long ago is not touched any more.
pub(super) fn off(
    draft: &mut Draft,
    policy: &Policy,
    child: InquiryId,
    title: TextId,
) -> Result<(), Refusal> {
    if let Stage::Closed { at, .. } = &draft.inquiry.stage
        && is_late(draft, policy)
    {
        return Err(Refusal::LongClosed {
            at: *at,
            days: policy.reopen_days,
        });
    }
    draft.accept_by_acting();
    draft.push(Event::SplitOff { child, title });
    Ok(())
}
