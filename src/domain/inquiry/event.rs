//! What happened: the ledger, kept for ever.
//!
//! Kinds and fields are never renamed. How an event is stored, and how an older one is lifted, is in
//! [`crate::app::ledger`].

use super::{
    Actor, CheckEffect, Clock, CloseReason, Facts, LinesChanged, LinkKind, Meanwhile, Moving,
    NextBy, Origin, Otherwise, Outcome, PolicyHash, ReferredTo, Revision, Routed, Settled,
    Severity, There, WaitingOn,
};
use crate::domain::contract::Finding;
use crate::domain::gate::Need;
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId, TrackerId};
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
        /// The inquiry that it came out of.
        follows: Option<InquiryId>,
        /// How it came out of that.
        #[serde(default, skip_serializing_if = "LinkKind::is_follows")]
        link: LinkKind,
        is_backlog: bool,
        /// How it found its queue; receipts recorded before that was kept do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        routed: Option<Box<Routed>>,
    },
    Updated {
        revision: Option<Revision>,
        facts: Facts,
        /// How much of the body changed, where both were known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<LinesChanged>,
    },
    /// The item at the source stands otherwise than it was last seen; what follows from that follows it in the ledger.
    FoundThere {
        there: There,
        /// Too long after the end to touch it: what follows, if anything, is an inquiry of its own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_late: bool,
    },
    /// The source uses the id for another item: these are its words. Nothing of it was taken over.
    IdReused {
        title: TextId,
        requester: Option<TextId>,
        customer: Option<TextId>,
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
        /// It answers what the close cut short which came before word of it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        before_close: bool,
        /// What began to be owed after it is owed still. Recorded before that was so, it had ended that too.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spares_later: bool,
        /// It was written here and arrived late: nobody had read what was said there meanwhile.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        was_sent: bool,
    },
    ReplyRetracted {
        of: u64,
        /// What another answer has kept, so that no clock runs again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settled: Vec<Settled>,
        /// Of several promises that it had ended the oldest is owed again. Recorded before that was so, all were.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        one_owed: bool,
    },
    ReplyFailed {
        of: u64,
        why: String,
        /// As above.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settled: Vec<Settled>,
        /// As above.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        one_owed: bool,
    },
    Heard {
        text: TextId,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        /// It was said before an answer that was given where it stands.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_answered: bool,
        /// It is older than the words that the next response runs from.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_oldest: bool,
    },
    RequesterReplied {
        text: TextId,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        /// As above.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_answered: bool,
        /// As above.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_oldest: bool,
    },
    NoAnswerNeeded {},
    WaitStarted {
        on: WaitingOn,
        #[serde(with = "crate::time::serde_ms")]
        chase_at: Timestamp,
        /// Whether the resolution clock stands still meanwhile.
        pauses: bool,
        /// What was asked of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<TextId>,
        /// The number under which they know the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<TextId>,
        /// Whether the other team's work is timed; waits recorded before there was such a clock were not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_timed: bool,
    },
    Resumed {
        /// What those we waited for have said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<TextId>,
    },
    SeveritySet {
        from: Severity,
        to: Severity,
        reason: Option<TextId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<Moved>,
        /// It stays whatever the source says, though no member has set it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_ours: bool,
    },
    /// Somebody proposes another severity: no clock changes; `moved` is what would.
    SeverityProposed {
        from: Severity,
        to: Severity,
        reason: TextId,
        moved: Vec<Moved>,
    },
    /// The proposal holds: who recorded it is the actor, who agreed stands in `note`.
    SeverityAgreed {
        from: Severity,
        to: Severity,
        proposed_by: Actor,
        reason: TextId,
        note: Option<TextId>,
        moved: Vec<Moved>,
        /// As above.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_ours: bool,
    },
    SeverityDeclined {
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
        /// Whether it was in the wrong queue, or its work moved on.
        #[serde(default, skip_serializing_if = "Moving::is_misrouted")]
        moving: Moving,
    },
    Snoozed {
        #[serde(with = "crate::time::serde_ms")]
        until: Timestamp,
        /// Until the requester replies; `until` is when it ends without a reply.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        until_reply: bool,
    },
    Unsnoozed {},
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
        /// An answer was still owed: it is owed again if this is taken back. Not kept before that was so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_unanswered: bool,
    },
    Reopened {
        reason: Option<TextId>,
        /// Of several promises that the end had cut short the oldest is owed again. Recorded before that was so, all were.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        one_owed: bool,
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
        /// What the rung is, whatever ladder holds later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rung: Option<crate::domain::sla::StepAt>,
    },
    /// Nobody spoke for the policy's quiet time.
    QuietReached {
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        /// How often it has been asked since the last act, this time included.
        #[serde(default, skip_serializing_if = "is_zero")]
        asked: u32,
    },
    /// The desk took it from an owner of whom nothing was heard, and gave it to the duty by name.
    HandedToDuty {
        from: MemberId,
        to: MemberId,
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
    /// The duty turned over: the outgoing one is asked what becomes of it.
    HandoffAsked {
        from: MemberId,
        to: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        answer_by: Timestamp,
        /// What holds if nobody answers until then.
        otherwise: Otherwise,
    },
    /// Whoever was asked at the handoff goes on with it.
    HandoffKept {
        /// Nobody answered in time.
        #[serde(default)]
        is_silent: bool,
    },
    /// What is to be done next, and by whom.
    NextSet {
        text: TextId,
        #[serde(default)]
        who: NextBy,
        #[serde(default, with = "crate::time::serde_ms::option")]
        until: Option<Timestamp>,
    },
    /// The contract register was asked: at the receipt, at news of the source, or because somebody asked for it.
    ContractChecked {
        finding: Finding,
        /// Whether the queue asks for a contract.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_required: bool,
        /// What followed; promises are neither made nor held back by any other.
        #[serde(default, skip_serializing_if = "CheckEffect::is_shown")]
        effect: CheckEffect,
        /// It is part of the receipt. Checks of receipts recorded before that was kept do not say so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_receipt: bool,
        /// What was done while it was held.
        #[serde(default, skip_serializing_if = "Meanwhile::is_nothing")]
        done: Meanwhile,
    },
    /// It is taken without a contract: what was held is promised, from the receipt.
    ContractExcepted {
        reason: TextId,
        /// Whether the resolution stands still because of whom we wait for.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_paused: bool,
        /// What was done while it was held.
        #[serde(default, skip_serializing_if = "Meanwhile::is_nothing")]
        done: Meanwhile,
    },
    /// It was sent back to the requester, who is to add something.
    Bounced {
        reason: TextId,
        /// What the gate of its queue found missing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<Need>,
        #[serde(with = "crate::time::serde_ms")]
        chase_at: Timestamp,
        /// Whether the resolution clock stands still meanwhile.
        pauses: bool,
        /// A person has told the requester in the source: nothing goes back from here.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_elsewhere: bool,
    },
    /// It is out of scope, and others look after it from here.
    Referred {
        to: ReferredTo,
        note: Option<TextId>,
    },
    PolicyChanged {
        from: PolicyHash,
        to: PolicyHash,
        moved: Vec<Moved>,
    },
    /// An issue is to be filed in a tracker, in these words.
    IssueAsked {
        tracker: TrackerId,
        title: TextId,
        text: TextId,
    },
    /// The inquiry is linked to an issue of a tracker.
    IssueLinked {
        tracker: TrackerId,
        /// What the tracker calls it: `123`, `PROJ-12`.
        issue: String,
        url: Option<String>,
        /// The event that had asked for it, where toban has filed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<u64>,
        /// How to avoid the trouble, as it was known of the issue then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workaround: Option<TextId>,
    },
    /// What was to be filed was not, or nobody knows.
    IssueFailed {
        of: u64,
        why: String,
        /// The request left and no answer came: it may stand there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_unknown: bool,
        /// It stands there as this, and only linking it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issue: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// The issue stands otherwise over there.
    IssueChanged {
        tracker: TrackerId,
        issue: String,
        /// In the tracker's own words.
        state: String,
        is_done: bool,
        /// The version that has the correction.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fixed_in: Option<String>,
        /// Nobody is called: the duty has been called for another inquiry of the issue.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_quiet: bool,
    },
    IssueUnlinked {
        tracker: TrackerId,
        issue: String,
    },
    /// Another problem was in it, which has an inquiry of its own from here.
    SplitOff {
        child: InquiryId,
        title: TextId,
    },
}

impl Event {
    /// The name of its kind, under which the ledger stores it (a test compares the two).
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Received { .. } => "received",
            Event::Updated { .. } => "updated",
            Event::FoundThere { .. } => "found_there",
            Event::IdReused { .. } => "id_reused",
            Event::Claimed { .. } => "claimed",
            Event::Assigned { .. } => "assigned",
            Event::Accepted { .. } => "accepted",
            Event::Released { .. } => "released",
            Event::TakenOver { .. } => "taken_over",
            Event::Noted { .. } => "noted",
            Event::Replied { .. } => "replied",
            Event::RepliedElsewhere { .. } => "replied_elsewhere",
            Event::ReplyRetracted { .. } => "reply_retracted",
            Event::ReplyFailed { .. } => "reply_failed",
            Event::Heard { .. } => "heard",
            Event::RequesterReplied { .. } => "requester_replied",
            Event::NoAnswerNeeded {} => "no_answer_needed",
            Event::WaitStarted { .. } => "wait_started",
            Event::Resumed { .. } => "resumed",
            Event::SeveritySet { .. } => "severity_set",
            Event::SeverityProposed { .. } => "severity_proposed",
            Event::SeverityAgreed { .. } => "severity_agreed",
            Event::SeverityDeclined { .. } => "severity_declined",
            Event::UrgencyRaised { .. } => "urgency_raised",
            Event::UrgencyEnded {} => "urgency_ended",
            Event::NotUrgent { .. } => "not_urgent",
            Event::Transferred { .. } => "transferred",
            Event::Snoozed { .. } => "snoozed",
            Event::Unsnoozed {} => "unsnoozed",
            Event::Muted { .. } => "muted",
            Event::Unmuted {} => "unmuted",
            Event::HandedToDuty { .. } => "handed_to_duty",
            Event::HandoffAsked { .. } => "handoff_asked",
            Event::HandoffKept { .. } => "handoff_kept",
            Event::NextSet { .. } => "next_set",
            Event::Resolved { .. } => "resolved",
            Event::Closed { .. } => "closed",
            Event::Reopened { .. } => "reopened",
            Event::Missed { .. } => "missed",
            Event::StepReached { .. } => "step_reached",
            Event::QuietReached { .. } => "quiet_reached",
            Event::ChaseReached { .. } => "chase_reached",
            Event::ContractChecked { .. } => "contract_checked",
            Event::ContractExcepted { .. } => "contract_excepted",
            Event::Bounced { .. } => "bounced",
            Event::Referred { .. } => "referred",
            Event::PolicyChanged { .. } => "policy_changed",
            Event::IssueAsked { .. } => "issue_asked",
            Event::IssueLinked { .. } => "issue_linked",
            Event::IssueFailed { .. } => "issue_failed",
            Event::IssueChanged { .. } => "issue_changed",
            Event::IssueUnlinked { .. } => "issue_unlinked",
            Event::SplitOff { .. } => "split_off",
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
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
