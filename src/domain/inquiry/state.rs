//! What an inquiry is at one moment. Illegal combinations cannot be written down.

use super::clocks::{Clock, EndedRun, Run};
use super::link::{is_split_id, item_of};
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId};
use crate::time::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An escalated inquiry: the projection of its ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inquiry {
    pub id: InquiryId,
    pub origin: Origin,
    pub facts: Facts,
    pub queue: QueueId,
    /// The hash of the policy snapshot that its clocks follow.
    pub policy: PolicyHash,
    pub severity: Severity,
    /// Whether a person of ours has set the severity; from then on the source's value is only shown.
    pub severity_set_by: Option<MemberId>,
    /// It was set by a script with a token that belongs to nobody; the source's value is only shown all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_severity_ours: bool,
    pub ownership: Ownership,
    pub stage: Stage,
    /// The promises and alarms that run now.
    pub runs: Vec<Run>,
    /// The runs that ended, for figures, explanations and for taking an answer back.
    pub ended: Vec<EndedRun>,
    /// Requester messages that no reply has answered yet, oldest first.
    pub unanswered: Vec<Unanswered>,
    pub urgency: Urgency,
    pub snooze: Option<Snooze>,
    /// Who is not mentioned about it, by their own wish.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutes: Vec<Mute>,
    /// Questions that went out and were answered by the requester (duty 0.21).
    pub round_trips: u32,
    /// Whether the last thing we said was a question that waits for its answer.
    pub asked: bool,
    #[serde(with = "crate::time::serde_ms")]
    pub received_at: Timestamp,
    /// The last act of anyone, requester included; the quiet timer counts from it.
    #[serde(with = "crate::time::serde_ms")]
    pub last_act_at: Timestamp,
    /// What somebody proposes as the severity; it changes no clock until it is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// How often the quiet timer has asked since the last act: first the owner, then the duty.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quiet_asked: u32,
    /// When the quiet or chase timer last spoke; it re-arms from here.
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub nudged_at: Option<Timestamp>,
    /// The inquiry that this one came out of.
    pub follows: Option<InquiryId>,
    /// How it came out of that: it follows it, when the requester wrote long after the end, or was split off it.
    #[serde(default, skip_serializing_if = "super::LinkKind::is_follows")]
    pub link: super::LinkKind,
    /// The inquiries that were split off it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split_off: Vec<InquiryId>,
    /// What was asked when the duty last turned over, and its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<super::Handoff>,
    /// The close that cut answers short which were still owed, until they are given or owed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_short: Option<CutShort>,
    /// The answers that stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<super::Given>,
    /// What is to be done next (次の一手).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<super::NextStep>,
    /// What was last found of its item at the source, if that was ever something else than open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// How it stands with its contract, once the register was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<super::ContractStanding>,
    /// That it was sent back to its requester, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounce: Option<super::Bounce>,
    /// Whom it was handed on to as out of scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<super::Referral>,
    /// The issues of development that it is linked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracked: Vec<super::Tracked>,
    /// Issues that were to be filed for it and do not stand anywhere yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filings: Vec<super::Filing>,
    /// How many events the ledger holds: the version that a commit checks.
    pub seq: u64,
}

impl Inquiry {
    /// Tells whether work or an answer is still owed: Active or Waiting.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Active { .. } | Stage::Waiting { .. })
    }

    /// Whether its severity was set here: what the source says is only shown.
    pub fn has_own_severity(&self) -> bool {
        self.severity_set_by.is_some() || self.is_severity_ours
    }

    /// How its item stood at the source when that was last recorded.
    pub fn there(&self) -> There {
        match (&self.found, &self.stage) {
            (Some(found), _) => found.there,
            // Of before it was recorded.
            (
                None,
                Stage::Closed {
                    reason: CloseReason::AtSource,
                    ..
                },
            ) => There::Closed,
            (None, _) => There::Open,
        }
    }

    /// Whether it was closed more than so many days ago.
    pub fn is_long_closed(&self, days: u32, now: Timestamp) -> bool {
        match &self.stage {
            Stage::Closed { at, .. } => {
                now.duration_since(*at) > SignedDuration::from_hours(24 * i64::from(days))
            }
            Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. } => false,
        }
    }

    /// Whether the source ended it: closed its item, or lost it.
    pub fn is_ended_there(&self) -> bool {
        match &self.stage {
            Stage::Closed { reason, .. } => match reason {
                CloseReason::AtSource | CloseReason::Gone => true,
                CloseReason::Agreed
                | CloseReason::Silence
                | CloseReason::Duplicate
                | CloseReason::Refused
                | CloseReason::Spam
                | CloseReason::OutOfScope => false,
            },
            Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. } => false,
        }
    }

    /// From when an answer may count: an earlier one was given to something else.
    pub fn answerable_from(&self) -> Timestamp {
        let owed = self.runs.iter().filter(|run| run.clock.is_response());
        let cut_short = self.cut_short_responses().map(|ended| &ended.run);
        let oldest = owed.chain(cut_short).map(|run| run.started_at).min();
        oldest.map_or(self.received_at, |oldest| oldest.min(self.received_at))
    }

    /// The answers that were owed when it was closed, and that its close cut short.
    pub(super) fn cut_short_responses(&self) -> impl Iterator<Item = &EndedRun> {
        let by = self.cut_short.as_ref().map(|cut| cut.by);
        let ended = self.ended.iter();
        ended.filter(move |it| it.run.clock.is_response() && Some(it.ended_by) == by)
    }

    /// The start of the answer that is owed, where it lies within a stretch: times in whole seconds say no more.
    pub fn owed_within(&self, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        let mut owed = self.runs.iter().filter(|run| run.clock.is_response());
        let within = owed.find(|run| from <= run.started_at && run.started_at <= to);
        within.map(|run| run.started_at)
    }

    /// Since when its requester has waited for the first word: the receipt, or what was before it.
    pub fn began_at(&self) -> Timestamp {
        let ended = self.ended.iter().map(|ended| &ended.run);
        let first = self.runs.iter().chain(ended);
        let first = first.filter(|run| run.clock == Clock::FirstResponse);
        let starts = first.map(|run| run.started_at).chain(self.held_from());
        starts.fold(self.received_at, Timestamp::min)
    }

    /// Where it came from, as its item is called there: one that follows another bears a number besides, and
    /// what was split off a mark.
    pub fn item(&self) -> Origin {
        let mut origin = self.origin.clone();
        if is_split_id(&origin.external_id) {
            origin.external_id = item_of(&origin.external_id).to_owned();
            return origin;
        }
        let is_number = |n: &str| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit());
        if self.follows.is_some()
            && let Some((item, n)) = self.origin.external_id.rsplit_once('~')
            && is_number(n)
        {
            origin.external_id = item.to_owned();
        }
        origin
    }

    /// Finds the run of a clock, if it runs.
    pub fn run(&self, clock: Clock) -> Option<&Run> {
        self.runs.iter().find(|run| run.clock == clock)
    }

    /// Tells whether a member wants no mentions about it at a moment.
    pub fn is_muted_by(&self, member: &MemberId, at: Timestamp) -> bool {
        let mut mutes = self.mutes.iter().filter(|mute| mute.by == *member);
        mutes.any(|mute| mute.until.is_none_or(|until| at < until))
    }

    /// Whether it lies with its requester because it was sent back.
    pub fn is_sent_back(&self) -> bool {
        let lies = matches!(
            self.stage,
            Stage::Waiting {
                on: WaitingOn::Requester,
                ..
            }
        );
        lies && self
            .bounce
            .as_ref()
            .is_some_and(|bounce| !bounce.is_answered)
    }

    /// The member who owns it, or to whom it is assigned.
    pub fn holder(&self) -> Option<&MemberId> {
        match &self.ownership {
            Ownership::Unclaimed { .. } => None,
            Ownership::Assigned { to, .. } => Some(to),
            Ownership::Owned { by, .. } => Some(by),
        }
    }
}

/// A close that came before an answer which was owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CutShort {
    /// The ledger number of the close.
    pub by: u64,
    /// What has answered since, as far as it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered_by: Vec<u64>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A severity that somebody proposes to agree on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub to: Severity,
    pub by: Actor,
    pub reason: TextId,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// The hash of a snapshot's canonical JSON, as lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyHash(pub String);

/// Where an inquiry came from and what identifies it there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub source: SourceId,
    pub external_id: String,
    pub url: Option<String>,
    pub revision: Option<Revision>,
}

/// What tells one state of a source's item from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// A value that grows: compared as text after padding numbers, so that an older one is known.
    Ordered(String),
    /// The hash of the mapped content, when the source gives nothing orderable.
    Content(String),
}

/// How the item stands at its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum There {
    #[default]
    Open,
    Closed,
    /// Ended by our own answer, or by our own close: nobody there has said anything.
    Answered,
    /// Deleted, or missing from a list that holds everything open.
    Gone,
}

/// What was found at the source, and when that was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub there: There,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// How many lines of a text came and went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinesChanged {
    pub added: u32,
    pub removed: u32,
}

/// What the source owns: it may change these, and only it may.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub title: TextId,
    pub body: Option<TextId>,
    pub requester: Option<TextId>,
    pub customer: Option<TextId>,
    pub plan: String,
    pub product: String,
    pub region: Option<String>,
    pub language: String,
    pub kind: Kind,
    /// The severity that the source declares.
    pub severity: Severity,
    pub business_stopped: bool,
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub needed_by: Option<Timestamp>,
    /// Fields whose value was not known and took the default, with the words that were given.
    pub flags: Vec<Flag>,
    /// The calendar of the customer, by its name in the policies: who the customer is stays outside words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// What support gathered before it escalated.
    #[serde(default, skip_serializing_if = "super::Intake::is_empty")]
    pub intake: super::Intake,
}

/// A field that took its default, and what the source had said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    pub field: String,
    pub given: TextId,
}

/// What kind of answer the inquiry asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 調査: ends with a cause and a workaround.
    Investigation,
    /// 仕様確認: ends with an answer.
    Specification,
}

/// How bad it is, S1 the worst. Only severity drives the SLA; urgency is another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    S1,
    S2,
    S3,
    S4,
}

impl Severity {
    pub const ALL: [Severity; 4] = [Severity::S1, Severity::S2, Severity::S3, Severity::S4];

    /// Tells whether this is worse than the other: S1 outranks S2.
    pub fn outranks(self, other: Severity) -> bool {
        self < other
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Severity {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.to_string().eq_ignore_ascii_case(text.trim()))
            .ok_or(())
    }
}

/// Who has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Ownership {
    Unclaimed {
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
    /// Given to somebody who has not accepted yet: nobody has acted, the claim clock runs.
    Assigned {
        to: MemberId,
        by: Actor,
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
    Owned {
        by: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
}

/// Where the work stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Stage {
    Active {
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
    Waiting {
        on: WaitingOn,
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
        #[serde(with = "crate::time::serde_ms")]
        chase_at: Timestamp,
        /// What was asked of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<TextId>,
        /// The number under which they know the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<TextId>,
    },
    Resolved {
        outcome: Outcome,
        by: Actor,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
    },
    Closed {
        reason: CloseReason,
        by: Actor,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        /// What it had been resolved with, if it had.
        outcome: Option<Outcome>,
    },
}

/// Whose turn it is while we wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingOn {
    Requester,
    Vendor,
    Development,
    /// The team that hard ones go on to (backline, third line).
    NextTier,
}

/// What an inquiry was resolved with, as its kind demands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub category: String,
    pub answer: Answer,
}

/// The answer that goes back to the requester.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    Investigation {
        cause: TextId,
        workaround: Workaround,
    },
    Specification {
        answer: TextId,
    },
    /// The source closed it: there is no answer of ours.
    AtSource,
}

/// How to avoid the trouble, or why that cannot be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Workaround {
    Given {
        text: TextId,
    },
    /// 回避策なし, with its reason.
    None {
        reason: TextId,
    },
}

/// Why an inquiry was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The requester agreed with the resolution.
    Agreed,
    /// Nobody spoke for the policy's days after the resolution.
    Silence,
    Duplicate,
    Refused,
    Spam,
    /// Handed to sales, professional services or another desk.
    OutOfScope,
    /// The source closed its item.
    AtSource,
    /// The item is gone at the source, and nobody had begun.
    Gone,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", content = "id", rename_all = "snake_case")]
pub enum Actor {
    Member(MemberId),
    Requester,
    Source(SourceId),
    /// A script that holds a token which belongs to no member.
    Token(String),
    System,
}

impl Actor {
    /// The member behind it, if a member it is.
    pub fn member(&self) -> Option<&MemberId> {
        match self {
            Actor::Member(id) => Some(id),
            Actor::Requester | Actor::Source(_) | Actor::Token(_) | Actor::System => None,
        }
    }
}

/// A requester's message that waits for a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unanswered {
    pub seq: u64,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// Whether it is urgent, as the ledger has recorded it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Urgency {
    Calm,
    Urgent {
        #[serde(with = "crate::time::serde_ms")]
        since: Timestamp,
    },
    /// A member said "not urgent", with the severity and needed-by of that moment: only new urgency raises it again.
    Denied {
        by: MemberId,
        #[serde(with = "crate::time::serde_ms")]
        at: Timestamp,
        severity: Severity,
        #[serde(default, with = "crate::time::serde_ms::option")]
        needed_by: Option<Timestamp>,
    },
}

/// A member's wish to hear nothing until then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snooze {
    pub by: MemberId,
    #[serde(with = "crate::time::serde_ms")]
    pub until: Timestamp,
    /// Asked for until the requester replies; `until` is when it ends without a reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub until_reply: bool,
}

/// A member's wish not to be mentioned about an inquiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mute {
    pub by: MemberId,
    /// `None` lasts until it is taken back.
    #[serde(
        default,
        with = "crate::time::serde_ms::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Timestamp>,
}
