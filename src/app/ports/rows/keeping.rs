//! What is kept beside inquiries: unreadable documents, what a poller knows, snapshots.

use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use serde::Serialize;

/// A document that could not be read as an inquiry, kept so that it can be replayed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unreadable {
    pub id: String,
    pub source: SourceId,
    pub at: Timestamp,
    pub why: String,
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
    /// Failures in a row.
    pub failures: u32,
    pub last_error: Option<String>,
    pub last_ok_at: Option<Timestamp>,
}
