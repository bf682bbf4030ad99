//! Posts of the built-in desk.

use crate::domain::ids::{InquiryId, MemberId};
use crate::domain::notice::{Message, Offer};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A post of the desk's channel, neutral: the web renders it in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskPost {
    /// The post's own id, also its receipt.
    pub id: String,
    pub channel: String,
    pub inquiry: Option<InquiryId>,
    /// Whether it is said in the thread of the inquiry rather than in the channel.
    pub in_thread: bool,
    pub body: DeskBody,
    pub key: String,
    pub at: Timestamp,
    /// Grows with every post or revision of any channel; the web asks for what is newer.
    pub stamp: i64,
    /// The stamp that it was posted with: what is greater than a page's is new to that page.
    pub posted: i64,
}

/// What a desk post says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "post", rename_all = "snake_case")]
pub enum DeskBody {
    Board {
        board: crate::domain::board::Board,
    },
    Card {
        card: Box<crate::domain::card::Card>,
        mentions: Vec<MemberId>,
    },
    Notice {
        message: Message,
        mentions: Vec<MemberId>,
        is_urgent: bool,
        offers: Vec<Offer>,
    },
}
