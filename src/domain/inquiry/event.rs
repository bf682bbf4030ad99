//! What happened: the ledger, kept for ever.
//!
//! Kinds and fields are never renamed. How an event is stored, and how an older one is lifted, is in
//! [`crate::app::ledger`].

use super::{
    Actor, Clock, CloseReason, Facts, Origin, Outcome, PolicyHash, Revision, Severity, WaitingOn,
};
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub inquiry: InquiryId,
    /// 1, 2, 3 … within the inquiry, without gaps.
    pub seq: u64,
    /// When it was recorded; an event that happened at another time says so itself.
    pub at: Timestamp,
    pub actor: Actor,
    /// The way it came: a platform's name, `api`, `hook`, `poll`, `portal`, `timer`, `cli`.
    pub via: String,
    pub event: Event,
}

/// What happened to an inquiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Received {
        origin: Origin,
        facts: Facts,
        queue: QueueId,
        policy: PolicyHash,
        #[serde(default, with = "crate::time::serde_ms::option")]
        escalated_at: Option<Timestamp>,
        follows: Option<InquiryId>,
        is_backlog: bool,
    },
    Updated {
        revision: Option<Revision>,
        facts: Facts,
    },
    Claimed {
        by: MemberId,
    },
    Assigned {
        to: MemberId,
        /// Given by the desk itself to whoever has the duty; it follows the duty until accepted.
        #[serde(default)]
        by_desk: bool,
    },
    Accepted {
        by: MemberId,
    },
    Released {
        reason: Option<TextId>,
    },
    TakenOver {
        by: MemberId,
        from: Option<MemberId>,
        reason: TextId,
    },
    Noted {
        text: TextId,
    },
    Replied {
        text: TextId,
        is_question: bool,
    },
    RepliedElsewhere {
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        text: Option<TextId>,
    },
    ReplyRetracted {
        of: u64,
    },
    ReplyFailed {
        of: u64,
        why: String,
    },
    Heard {
        text: TextId,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    RequesterReplied {
        text: TextId,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    NoAnswerNeeded {},
    WaitStarted {
        on: WaitingOn,
        #[serde(with = "crate::time::serde_ms")]
        chase_at: Timestamp,
        /// Whether the resolution clock stands still meanwhile.
        pauses: bool,
    },
    Resumed {},
    SeveritySet {
        from: Severity,
        to: Severity,
        reason: Option<TextId>,
    },
    UrgencyRaised {
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
    UrgencyEnded {},
    NotUrgent {
        reason: TextId,
    },
    Transferred {
        from: QueueId,
        to: QueueId,
        policy: PolicyHash,
        reason: TextId,
    },
    Snoozed {
        #[serde(with = "crate::time::serde_ms")]
        until: Timestamp,
    },
    /// The actor is not mentioned about it any more, until then or until they unmute it.
    Muted {
        #[serde(default, with = "crate::time::serde_ms::option")]
        until: Option<Timestamp>,
    },
    Unmuted {},
    Resolved {
        outcome: Outcome,
    },
    Closed {
        reason: CloseReason,
        note: Option<TextId>,
    },
    Reopened {
        reason: Option<TextId>,
    },
    /// A promise broke, at its own instant however late anyone looked.
    Missed {
        clock: Clock,
        run: u64,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    /// A rung of a ladder was reached, at its own instant; superseded when a higher one is said instead.
    StepReached {
        clock: Clock,
        run: u64,
        step: u32,
        repeat: u32,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        is_superseded: bool,
    },
    /// Nobody spoke for the policy's quiet time.
    QuietReached {
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    /// The date to chase whoever we wait on has come.
    ChaseReached {
        on: WaitingOn,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        #[serde(with = "crate::time::serde_ms")]
        next_at: Timestamp,
    },
    PolicyChanged {
        from: PolicyHash,
        to: PolicyHash,
        moved: Vec<Moved>,
    },
}

/// A deadline that moved, old and new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub clock: Clock,
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub old_due: Option<Timestamp>,
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub new_due: Option<Timestamp>,
}
