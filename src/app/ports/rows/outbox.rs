//! Rows of the outbox: what is to be delivered, and how it went.

use super::Place;
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId, TrackerId};
use crate::domain::notice::Notice;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A new row of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewOutbox {
    pub id: String,
    /// Rows of one lane are delivered one after the other.
    pub lane: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    /// Says the same thing only once: unique for ever (`{inquiry}·{seq}·{n}` and the like).
    pub key: String,
    pub not_before: Timestamp,
}

/// What an outbox row delivers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deliver", rename_all = "snake_case")]
pub enum Delivery {
    /// The first post of a card; later edits are reconciled from the cards table.
    Card {
        mentions: Vec<MemberId>,
        is_urgent: bool,
    },
    /// A notice, its audience resolved to people.
    Notice {
        notice: Notice,
        mentions: Vec<MemberId>,
    },
    /// The first post of a queue's board; later edits are reconciled from the boards table.
    Board { queue: QueueId },
    /// An answer, question or owner that goes back to the source.
    WriteBack {
        source: SourceId,
        seq: u64,
        act: WriteBack,
        /// Which of the requests of the act is next; those before it have arrived.
        #[serde(default)]
        step: u32,
    },
    /// Something for a tracker of development.
    Tracker { tracker: TrackerId, act: TrackerAct },
}

/// What goes to a tracker of development.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum TrackerAct {
    /// An issue, in the words that somebody wrote for it; `seq` is the event that asked for it.
    File {
        seq: u64,
        title: TextId,
        text: TextId,
    },
    /// How many are affected by an issue.
    Note {
        issue: String,
        customers: u32,
        references: Vec<i64>,
    },
}

impl Delivery {
    /// The rest of a write-back whose requests before this one have arrived.
    pub fn from_step(&self, next: u32) -> Delivery {
        let mut rest = self.clone();
        if let Delivery::WriteBack { step, .. } = &mut rest {
            *step = next;
        }
        rest
    }
}

/// What goes back to a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum WriteBack {
    Reply {
        text: TextId,
    },
    /// It was sent back to the requester.
    Bounce {
        text: TextId,
    },
    Resolved {
        outcome: crate::domain::inquiry::Outcome,
    },
    Owner {
        member: Option<MemberId>,
        #[serde(default)]
        how: Handing,
    },
    Closed,
    Reopened,
    Severity {
        severity: crate::domain::inquiry::Severity,
    },
    /// What is said about a problem that was split off, in the item of the inquiry that it was split off: words under the
    /// problem's title, and nothing of how the item stands.
    Aside {
        title: TextId,
        said: Box<WriteBack>,
    },
}

/// How an inquiry came to whoever has it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handing {
    /// Not said: a delivery of before this was asked.
    #[default]
    Unsaid,
    /// They took it: claimed, accepted, taken over.
    Claimed,
    Assigned,
    Released,
}

/// A row of the outbox that was claimed for one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    pub id: String,
    pub lane: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    pub key: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// Whether an earlier attempt may have arrived: it is looked for before it is sent again.
    pub is_unknown: bool,
    /// When the first attempt left, for the platform's idempotency window.
    pub first_sent_at: Option<Timestamp>,
    /// Fences the writes of a holder whose lease was taken over.
    pub epoch: i64,
}

/// By what a delivery leaves. Each has a loop of its own, so that none that hangs holds up another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlet {
    Chat,
    Source,
    Tracker,
    Mail,
}

/// What became of a delivery, which may not be recorded yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Untold {
    /// As it was settled: a write-back with what was left of it then.
    pub row: OutboxRow,
    /// As in [`OutboxLine`].
    pub state: String,
    pub why: Option<String>,
    /// When it was settled.
    pub at: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// Delivered; for a card also where its message and thread are.
    Sent {
        receipt: Receipt,
        shown: Option<u64>,
    },
    /// A part of it is delivered; the rest, which is this, goes next under the same key and in the same place.
    Advanced { what: Delivery },
    /// It was not begun: it is as it was before it was claimed.
    NotBegun,
    /// Try again then.
    Retry { at: Timestamp, why: String },
    /// It may have arrived: look, then.
    Unknown { look_at: Timestamp, why: String },
    /// Never again.
    Dead { why: String },
    /// Said as a line of another row's digest.
    Merged { into: String },
}

/// Where a delivery can be found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub message: String,
    /// The thread under a card.
    pub thread: Option<String>,
}

/// A row of the outbox as people see it: what waits, what is dead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutboxLine {
    pub id: String,
    pub inquiry: Option<InquiryId>,
    pub place: Place,
    pub what: Delivery,
    pub key: String,
    /// `queued`, `sending`, `sent`, `retry`, `unknown`, `dead`, `merged`.
    pub state: String,
    pub attempts: u32,
    pub why: Option<String>,
    pub not_before: Timestamp,
}
