//! Rows of mentions: whom notices called, and whom they did not.

use crate::domain::ids::{InquiryId, MemberId, QueueId};
use crate::domain::notice::Message;
use crate::time::Timestamp;

/// A mention of a member by a notice, counted against their allowance.
#[derive(Clone, Debug, PartialEq)]
pub struct Ping {
    /// The notice: `{inquiry}·{seq}·{n}`, the same at every place where it is said.
    pub key: String,
    pub member: MemberId,
    pub queue: QueueId,
    pub inquiry: InquiryId,
    pub at: Timestamp,
    /// What the notice says, if the mention was left out of it.
    pub held: Option<Held>,
}

/// A mention that was left out, and when its member hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub message: Message,
    pub tell_at: Timestamp,
}

/// A mention that was left out, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldPing {
    pub key: String,
    pub member: MemberId,
    pub queue: QueueId,
    pub inquiry: InquiryId,
    pub at: Timestamp,
    pub message: Message,
    pub told_at: Option<Timestamp>,
}
