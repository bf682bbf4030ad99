//! Calendars of others: what is kept of them, and how they are fetched.

use super::StoreError;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::fmt;

/// The last good copy of what lies at an address.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Where it lies; many such addresses are secret.
    pub url: String,
    pub body: String,
    /// What the other side called this version.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// When this copy was first had.
    pub fetched_at: Timestamp,
    /// When the other side last answered that this is how it is.
    pub checked_at: Timestamp,
    /// What has been wrong since then, if something is.
    pub problem: Option<String>,
}

impl fmt::Debug for FeedRow {
    /// Without address and body: neither is for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeedRow")
            .field("bytes", &self.body.len())
            .field("fetched_at", &self.fetched_at)
            .field("checked_at", &self.checked_at)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// The copies that are kept.
#[async_trait]
pub trait Feeds: Send + Sync {
    async fn feed(&self, url: &str) -> Result<Option<FeedRow>, StoreError>;
    /// Keeps a copy in place of the one before.
    async fn keep_feed(&self, row: FeedRow) -> Result<(), StoreError>;
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was.
    Unchanged,
    /// A whole text.
    Page {
        body: String,
        etag: Option<String>,
        last_modified: Option<String>,
    },
}

/// Fetches what lies at an address, within bounds of size and time.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Asks; `known` lets the other side say that nothing changed.
    ///
    /// # Errors
    /// In words for people, without the address.
    async fn fetch(&self, url: &str, known: Option<&FeedRow>) -> Result<Fetched, String>;
}
