//! Why a command was refused: what the person needs to hear, as data. The words are made by the catalogue.

use super::{Actor, Clock, Severity};
use crate::domain::ids::{MemberId, QueueId, TrackerId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A command that cannot be done now, and what the person should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    #[error("owned by {by} since {since}")]
    AlreadyOwned { by: MemberId, since: Timestamp },
    #[error("already yours since {since}")]
    AlreadyYours { since: Timestamp },
    #[error("already assigned to {to} since {since}")]
    AlreadyAssigned { to: MemberId, since: Timestamp },
    #[error("assigned to nobody")]
    NotAssigned,
    #[error("assigned to {to}, who alone can accept")]
    AssignedToOther { to: MemberId },
    #[error("nobody owns it")]
    Unclaimed,
    #[error("resolved at {at}")]
    Resolved { by: Actor, at: Timestamp },
    #[error("closed at {at}")]
    Closed { by: Actor, at: Timestamp },
    #[error("still open")]
    NotEnded,
    #[error("a {clock:?} is owed by {due_at:?}: reply or ask first")]
    ReplyOrAskFirst {
        clock: Clock,
        due_at: Option<Timestamp>,
    },
    #[error("the source has no way back")]
    NoWayBack { url: Option<String> },
    #[error("the source has no way back to send it back by")]
    NoWayToBounce { url: Option<String> },
    #[error("no reply to take back")]
    NothingToRetract,
    #[error("{at} lies in the future")]
    InTheFuture { at: Timestamp },
    #[error("{at} is not after now")]
    NotInTheFuture { at: Timestamp },
    #[error("{at} lies before the receipt at {received_at}")]
    BeforeReceipt {
        at: Timestamp,
        received_at: Timestamp,
    },
    #[error("nothing from the requester waits for an answer")]
    NothingToAnswer,
    #[error("not waiting")]
    NotWaiting,
    #[error("severity is {severity} already")]
    SameSeverity { severity: Severity },
    #[error("not urgent")]
    NotUrgent,
    #[error("in queue {queue} already")]
    SameQueue { queue: QueueId },
    #[error("a category is needed: one of {known:?}")]
    CategoryMissing { known: Vec<String> },
    #[error("unknown category {given:?}: one of {known:?}")]
    CategoryUnknown { given: String, known: Vec<String> },
    #[error("an investigation ends with its cause")]
    CauseMissing,
    #[error("an investigation ends with a workaround, or with the reason why there is none")]
    WorkaroundMissing,
    #[error("a workaround and a reason for none were both given")]
    WorkaroundTwice,
    #[error("a specification inquiry ends with an answer")]
    AnswerMissing,
    #[error("closed at {at}, more than {days} days ago")]
    TooLate { at: Timestamp, days: u32 },
    #[error("closed at {at}, more than {days} days ago: nothing can be split off it")]
    LongClosed { at: Timestamp, days: u32 },
    #[error("only a member can do that")]
    MembersOnly,
    #[error("no severity is proposed")]
    NoProposal,
    #[error("another severity is proposed by now: {to}")]
    OtherProposal { to: Severity },
    #[error("no snooze to end")]
    NotSnoozed,
    #[error("nobody asked at a handoff")]
    NotAsked,
    #[error("there is nobody else to hand it to")]
    NobodyElse,
    #[error("contract {contract:?} covers it")]
    ContractCovers { contract: String },
    #[error("no contract was looked for")]
    ContractUnchecked,
    #[error("taken as an exception at {at}")]
    ContractExcepted { by: Actor, at: Timestamp },
    #[error("nothing is held back for want of a contract")]
    NotHeld,
    #[error("resolve it instead: an open inquiry is not closed as agreed")]
    ResolveFirst,
    #[error("an issue is being filed in {tracker} already")]
    AlreadyFiling { tracker: TrackerId },
    #[error("linked to issue {issue} of {tracker} already")]
    AlreadyTracked { tracker: TrackerId, issue: String },
    #[error("not linked to issue {issue} of {tracker}")]
    NotTracked { tracker: TrackerId, issue: String },
}
