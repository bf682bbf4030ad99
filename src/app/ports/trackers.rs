//! Trackers of development: how an issue is filed, looked at and commented on; and what is kept of issues.

use super::rows::{NewOutbox, Reference};
use super::{DeliveryError, StoreError};
use crate::domain::breaker::Breaker;
use crate::domain::ids::{InquiryId, MemberId, TextId, TrackerId};
use crate::time::{SignedDuration, Timestamp};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// Speaks with trackers: implemented by `sources`, called by the outbox and the looks.
#[async_trait]
pub trait Trackers: Send + Sync {
    /// The trackers that are configured, by id.
    fn known(&self) -> Vec<KnownTracker>;
    /// The issue that somebody names by its number or its address; in words why it is none.
    fn named(&self, tracker: &TrackerId, given: &str) -> Result<Named, NoIssue>;
    /// The first words of the form, as the configuration makes them of an inquiry: title and text.
    fn draft(&self, tracker: &TrackerId, fields: &Fields) -> (Option<String>, Option<String>);
    /// Files an issue, once.
    async fn file(&self, tracker: &TrackerId, fields: &Fields) -> Result<Named, DeliveryError>;
    /// Asks how an issue stands.
    async fn look(&self, tracker: &TrackerId, issue: &str) -> Result<Seen, LookError>;
    /// Adds a comment, once.
    async fn note(&self, tracker: &TrackerId, fields: &Fields) -> Result<(), DeliveryError>;
}

/// The texts that a request sees, by name.
pub type Fields = BTreeMap<&'static str, String>;

/// A tracker as the desk knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownTracker {
    pub id: TrackerId,
    pub name: String,
    pub files: bool,
    /// How often its issues are looked at, if they can be.
    pub look_every: Option<SignedDuration>,
    pub takes_notes: bool,
    /// The queues and products whose issues belong there; what names none takes any.
    pub queues: Vec<String>,
    pub products: Vec<String>,
}

/// An issue by the tracker's own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub issue: String,
    pub url: Option<String>,
}

/// Why what somebody gave names no issue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoIssue {
    /// It has no name of an issue in it.
    #[error("no name of an issue")]
    NoName,
    /// It is an address of something else; issues of the tracker look like this.
    #[error("an address of something else than {like}")]
    Elsewhere { like: String },
}

/// How an issue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub state: String,
    pub is_done: bool,
    pub fixed_in: Option<String>,
}

/// Why it is not known how an issue stands.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LookError {
    /// The tracker does not answer now, or lets nobody in: the other issues would fare no better.
    #[error("{why}")]
    Unavailable {
        why: String,
        after: Option<std::time::Duration>,
    },
    /// This issue cannot be seen.
    #[error("{why}")]
    Unseen { why: String },
}

/// Without any tracker.
pub struct NoTrackers;

#[async_trait]
impl Trackers for NoTrackers {
    fn known(&self) -> Vec<KnownTracker> {
        Vec::new()
    }

    fn named(&self, _: &TrackerId, _: &str) -> Result<Named, NoIssue> {
        Err(NoIssue::NoName)
    }

    fn draft(&self, _: &TrackerId, _: &Fields) -> (Option<String>, Option<String>) {
        (None, None)
    }

    async fn file(&self, tracker: &TrackerId, _: &Fields) -> Result<Named, DeliveryError> {
        Err(not_configured(tracker))
    }

    async fn look(&self, tracker: &TrackerId, _: &str) -> Result<Seen, LookError> {
        let why = not_configured(tracker).to_string();
        Err(LookError::Unavailable { why, after: None })
    }

    async fn note(&self, tracker: &TrackerId, _: &Fields) -> Result<(), DeliveryError> {
        Err(not_configured(tracker))
    }
}

fn not_configured(tracker: &TrackerId) -> DeliveryError {
    DeliveryError::Rejected {
        why: format!("tracker \"{tracker}\" is not configured"),
    }
}

/// What is kept of an issue beside the inquiries that are linked to it.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueRow {
    pub tracker: TrackerId,
    pub issue: String,
    pub url: Option<String>,
    pub state: Option<String>,
    pub is_done: bool,
    pub fixed_in: Option<String>,
    /// How to avoid the trouble, with who wrote it and when.
    pub workaround: Option<KnownWorkaround>,
    /// How many customers the tracker was last told of, and when.
    pub noted: u32,
    pub noted_at: Option<Timestamp>,
    /// Not before then it is looked at again.
    pub look_at: Timestamp,
    pub looked_at: Option<Timestamp>,
    /// Looks in a row that saw nothing, and why the last did not.
    pub failures: u32,
    pub problem: Option<String>,
}

/// How to avoid the trouble of an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownWorkaround {
    pub text: String,
    /// Nobody where a token wrote it.
    pub by: Option<MemberId>,
    pub at: Timestamp,
}

/// How a tracker answers, kept so that neither a restart nor another process forgets an outage or tells it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackerState {
    pub breaker: Breaker,
    pub last_error: Option<String>,
    pub last_ok_at: Option<Timestamp>,
}

/// An inquiry that is linked to an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked {
    pub tracker: TrackerId,
    pub issue: String,
    pub inquiry: InquiryId,
    pub reference: Reference,
    /// Whether it has been told that the issue is done.
    pub is_done: bool,
    /// Whether toban filed the issue for it.
    pub is_filed: bool,
    pub customer: Option<TextId>,
}

/// What is kept of issues. The links themselves are written by the commits that change them.
#[async_trait]
pub trait Issues: Send + Sync {
    async fn issue(&self, tracker: &TrackerId, issue: &str)
    -> Result<Option<IssueRow>, StoreError>;
    /// Issues with an inquiry or a workaround: those not done first, then by how many inquiries each has, so many at most.
    async fn issues(&self, limit: u32) -> Result<Vec<IssueRow>, StoreError>;
    /// The inquiries of these issues, in order of issue and reference.
    async fn linked(&self, issues: &[(TrackerId, String)]) -> Result<Vec<Linked>, StoreError>;
    /// Issues of a tracker of which an inquiry does not know yet that they are done, and that may be looked at: those that
    /// wait longest first.
    async fn issues_to_look_at(
        &self,
        tracker: &TrackerId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<IssueRow>, StoreError>;
    /// Records a look: state, counts of failures and when to look again. A workaround and what was noted stay as they are.
    async fn keep_look(&self, row: &IssueRow) -> Result<(), StoreError>;
    /// Sets what is known to avoid the trouble; `None` takes it away. `false` when there is no such issue.
    async fn set_workaround(
        &self,
        tracker: &TrackerId,
        issue: &str,
        workaround: Option<&KnownWorkaround>,
    ) -> Result<bool, StoreError>;
    /// Records that the tracker is told of so many customers, together with the row that tells it. `false` when somebody
    /// else did since `row` was read: then nothing is done.
    async fn keep_note(
        &self,
        row: &IssueRow,
        customers: u32,
        now: Timestamp,
        tells: NewOutbox,
    ) -> Result<bool, StoreError>;
    /// How the trackers answer of which anything is known.
    async fn trackers_known(&self) -> Result<BTreeMap<TrackerId, TrackerState>, StoreError>;
    /// Keeps how a tracker answers.
    async fn keep_tracker(&self, id: &TrackerId, state: &TrackerState) -> Result<(), StoreError>;
}
