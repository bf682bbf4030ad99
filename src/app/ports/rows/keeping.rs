//! What is kept beside inquiries: unreadable documents, what a poller knows, snapshots.

use crate::app::ports::HookError;
use crate::domain::breaker::Breaker;
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use serde::Serialize;

/// A document that could not be read as an inquiry, kept so that it can be replayed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unreadable {
    pub id: String,
    pub source: SourceId,
    pub at: Timestamp,
    /// In English, for logs and scripts.
    pub why: String,
    /// The same for whoever says it in another language; none of what was kept before this was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HookError>,
    pub body: String,
    pub replayed_at: Option<Timestamp>,
}

/// A policy, calendar, rota or routing set as it once was.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub hash: String,
    /// `policy`, `calendar`, `rota`, `routing`.
    pub kind: String,
    pub name: String,
    /// Canonical JSON.
    pub body: String,
    pub first_seen_at: Timestamp,
}

/// What a poller knows of its source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceState {
    /// When the source was first enabled: older items are not news.
    pub since: Option<Timestamp>,
    pub cursor: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// What was asked when these came, as a hash: they are a condition for that question only.
    pub asked: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    pub last_error: Option<String>,
    pub last_ok_at: Option<Timestamp>,
    /// When it was last asked, whatever came of it.
    pub polled_at: Option<Timestamp>,
    /// When the first of the failures in a row was.
    pub failing_since: Option<Timestamp>,
    /// When it was found to be out and the operators were told; none while it is asked as usual.
    pub opened_at: Option<Timestamp>,
    /// Until when it asked to be left alone.
    pub rest_until: Option<Timestamp>,
    /// When it last brought something new or changed.
    pub last_item_at: Option<Timestamp>,
    /// How many milliseconds its clock was last ahead of ours; negative when behind.
    pub skew_ms: Option<i64>,
    /// Since when that is too much.
    pub skewed_since: Option<Timestamp>,
    /// Polls in a row that were answered and did not get on, counted as failures are.
    pub held: Breaker,
    /// Under which configuration the desk reads what comes, as a hash. Not kept.
    pub ground: String,
    /// Whether this asks for a further page of one poll. Not kept.
    pub is_further_page: bool,
}

impl SourceState {
    /// What is known of how it failed.
    #[must_use]
    pub fn breaker(&self) -> Breaker {
        Breaker {
            failures: self.failures,
            failing_since: self.failing_since,
            opened_at: self.opened_at,
        }
    }

    /// Takes over what is known of how it failed.
    pub fn set_breaker(&mut self, breaker: Breaker) {
        self.failures = breaker.failures;
        self.failing_since = breaker.failing_since;
        self.opened_at = breaker.opened_at;
    }
}

/// A source as the database knows it, for whoever looks.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRow {
    pub source: SourceId,
    pub state: SourceState,
    /// When a delivery of it last came; exact to the minute, so that a flood is not a flood of writes.
    pub delivered_at: Option<Timestamp>,
    /// When a delivery was last refused, and why; exact to the minute too.
    pub refused_at: Option<Timestamp>,
    pub refusal: Option<String>,
}

/// What came of a source, counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceTally {
    /// Inquiries received since the instant that was asked for.
    pub received: u64,
    /// When the last of them was.
    pub last_received_at: Option<Timestamp>,
    /// Documents that nobody could read, not replayed yet.
    pub unreadable: u64,
}
