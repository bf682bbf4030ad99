//! What can be asked of an inquiry.

use super::{
    Checked, CloseReason, Facts, LinesChanged, LinkKind, Moving, NextBy, Origin, Otherwise,
    PolicyHash, ReferredTo, Revision, Routed, Severity, There, WaitingOn,
};
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId, TrackerId};
use crate::domain::sla::Policy;
use crate::time::Timestamp;
use std::sync::Arc;

/// The first delivery of an inquiry, mapped and routed.
#[derive(Clone, Debug, PartialEq)]
pub struct Receive {
    pub id: InquiryId,
    pub origin: Origin,
    pub facts: Facts,
    pub queue: QueueId,
    pub policy: PolicyHash,
    /// When the source says it was escalated; never counted as later than the receipt.
    pub escalated_at: Option<Timestamp>,
    /// The duty, where the queue gives inquiries out on receipt.
    pub assign_to: Option<MemberId>,
    /// The source's assignee, where that is a member of ours: they own it from the start.
    pub owner: Option<MemberId>,
    /// The inquiry that it comes out of, and how.
    pub follows: Option<InquiryId>,
    pub link: LinkKind,
    /// An item of the backlog at first contact: no promise runs and nobody is told.
    pub is_backlog: bool,
    /// How the item stands there when it is first met: what is closed already ends at once, and nobody is called.
    pub there: There,
    /// What the contract register says, where it is asked; never of a backlog.
    pub contract: Option<Checked>,
    /// How it found its queue.
    pub routed: Option<Routed>,
}

/// What somebody, or the passing of time, asks of an inquiry.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The source changed its item. Facts whose words did not change keep their text ids.
    Update {
        revision: Option<Revision>,
        facts: Box<Facts>,
        /// How much of the body changed, where whoever asks compared the words.
        body: Option<LinesChanged>,
        /// How the item stands there, where that is news.
        there: Option<There>,
        /// The source's assignee, where that is a member of ours.
        owner: Option<MemberId>,
    },
    /// The item at the source stands so, and nothing else is known of it: it is gone.
    Find {
        there: There,
    },
    /// The source uses the id for another item, whose words these are.
    FlagReused {
        title: TextId,
        requester: Option<TextId>,
        customer: Option<TextId>,
    },
    Claim,
    Release {
        reason: Option<TextId>,
    },
    Assign {
        to: MemberId,
    },
    Accept,
    TakeOver {
        reason: TextId,
    },
    Note {
        text: TextId,
    },
    /// A reply that goes the source's way back.
    Reply {
        text: TextId,
        is_question: bool,
        has_way_back: bool,
    },
    /// "I answered there", at an earlier time if one is given.
    Replied {
        at: Option<Timestamp>,
        text: Option<TextId>,
        /// It was written here, and arrived only now.
        was_sent: bool,
    },
    /// The last reply was not one after all.
    RetractReply,
    /// The delivery of a reply is dead; `of` is the event that had been taken for it.
    ReplyFailed {
        of: u64,
        why: String,
    },
    /// The requester said so by phone or chat.
    Heard {
        text: TextId,
        at: Option<Timestamp>,
    },
    /// The requester wrote, in the source.
    RequesterReplied {
        text: TextId,
        at: Timestamp,
    },
    NoAnswerNeeded,
    Wait {
        on: WaitingOn,
        chase_at: Option<Timestamp>,
        /// What was asked of them.
        asked: Option<TextId>,
        /// The number under which they know the case.
        case: Option<TextId>,
    },
    Resume {
        /// What those we waited for have said.
        answer: Option<TextId>,
    },
    SetSeverity {
        to: Severity,
        reason: Option<TextId>,
    },
    /// Proposes another severity; no clock changes until it is agreed.
    ProposeSeverity {
        to: Severity,
        reason: TextId,
    },
    AgreeSeverity {
        /// Which proposal is meant, where whoever asks knows: another one has not been seen.
        to: Option<Severity>,
        /// Who agreed, and how.
        note: Option<TextId>,
    },
    DeclineSeverity {
        /// Which proposal is meant, as above.
        to: Option<Severity>,
        reason: Option<TextId>,
    },
    NotUrgent {
        reason: TextId,
    },
    Transfer {
        to: QueueId,
        policy: PolicyHash,
        /// What that policy says, where whoever asks knows: whether it is urgent there.
        rules: Option<Arc<Policy>>,
        reason: TextId,
        moving: Moving,
    },
    Snooze {
        until: Timestamp,
    },
    /// No reminders until the requester replies.
    SnoozeUntilReply,
    Unsnooze,
    /// The desk gives what its owner has left lying to the duty, who must accept.
    HandToDuty {
        to: MemberId,
    },
    Mute {
        until: Option<Timestamp>,
    },
    Unmute,
    Resolve(Resolution),
    Close {
        reason: CloseReason,
        note: Option<TextId>,
    },
    Reopen {
        reason: Option<TextId>,
    },
    /// The duty turns over: its outgoing holder is asked.
    AskAtHandoff {
        from: MemberId,
        to: MemberId,
        answer_by: Timestamp,
        otherwise: Otherwise,
    },
    /// The answer to that: they go on with it.
    Keep,
    /// The duty gets it and must accept; `duty` is who that is now.
    HandOver {
        duty: Option<MemberId>,
    },
    /// Sends it back to the requester, who is to add something.
    Bounce {
        reason: TextId,
        has_way_back: bool,
        /// The requester has been told in the source.
        is_elsewhere: bool,
    },
    /// It is out of scope: the requester is told if there is something to tell, others look after it, and it ends here.
    Refer {
        to: ReferredTo,
        note: Option<TextId>,
        reply: Option<TextId>,
        has_way_back: bool,
    },
    /// What is to be done next.
    SetNext {
        text: TextId,
        who: NextBy,
        until: Option<Timestamp>,
    },
    /// The register was asked again.
    CheckContract(Checked),
    /// The canned refusal, as somebody has confirmed it.
    Refuse {
        text: TextId,
        has_way_back: bool,
    },
    /// Take it without a contract.
    ExceptContract {
        reason: TextId,
    },
    /// An issue is to be filed in a tracker, in these words.
    FileIssue {
        tracker: TrackerId,
        title: TextId,
        text: TextId,
    },
    /// It belongs to an issue of a tracker; `of` is the event that had asked for it, where toban has filed it.
    LinkIssue {
        tracker: TrackerId,
        issue: String,
        url: Option<String>,
        of: Option<u64>,
        /// How to avoid the trouble, as it is known of the issue.
        workaround: Option<TextId>,
    },
    /// Filing is dead; `of` is the event that had asked for it.
    IssueFailed {
        of: u64,
        why: String,
        is_unknown: bool,
        /// What it is called over there and where it stands, if that much is known.
        issue: Option<String>,
        url: Option<String>,
    },
    /// How an issue stands over there, seen now.
    IssueSeen {
        tracker: TrackerId,
        issue: String,
        state: String,
        is_done: bool,
        fixed_in: Option<String>,
        /// Nobody is to be called.
        is_quiet: bool,
    },
    UnlinkIssue {
        tracker: TrackerId,
        issue: String,
    },
    /// Another problem is in it: that gets an inquiry of its own, whose receipt is committed together with this.
    SplitOff {
        child: InquiryId,
        title: TextId,
    },
    /// Time has passed: whatever is due is recorded.
    Tick,
}

/// What a resolution says, before it is checked against the kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    pub category: Option<String>,
    pub cause: Option<TextId>,
    pub workaround: Option<TextId>,
    /// Why there is no workaround (回避策なし).
    pub no_workaround: Option<TextId>,
    pub answer: Option<TextId>,
}

impl Resolution {
    /// A resolution that says nothing yet.
    pub fn empty() -> Self {
        Resolution {
            category: None,
            cause: None,
            workaround: None,
            no_workaround: None,
            answer: None,
        }
    }
}
