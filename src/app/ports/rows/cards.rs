//! Rows of cards and boards: where they are and how much they show.

use super::Place;
use super::outbox::Receipt;
use crate::domain::ids::{InquiryId, MemberId, QueueId};
use crate::time::Timestamp;

/// A card at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct CardRow {
    pub inquiry: InquiryId,
    pub place: Place,
    /// `None` until the first post is delivered.
    pub receipt: Option<Receipt>,
    /// Whom its first post called.
    pub called: Vec<MemberId>,
    pub shown: u64,
    pub wanted: u64,
    pub attempt: u32,
    pub epoch: i64,
}

/// A board at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    pub queue: QueueId,
    pub place: Place,
    /// `None` until the first post is delivered, and again once it is gone.
    pub receipt: Option<Receipt>,
    pub shown: u64,
    /// Counted up by every commit that changes what the board says.
    pub wanted: u64,
    pub attempt: u32,
    pub epoch: i64,
}

/// How an edit of a card or board ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Revision {
    Shown {
        seq: u64,
    },
    Retry {
        at: Timestamp,
    },
    /// The message is gone for good; the card is not edited any more.
    Gone {
        why: String,
    },
}

impl Revision {
    /// Why what stands on a platform that is left out is gone: until it is configured again.
    pub const NO_PLATFORM: &str = "its platform is not configured any more";
}
