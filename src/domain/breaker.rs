//! When a source that does not answer is left alone, and when it is well again.
//!
//! Promises: people hear of an outage once when it is one, and once when it is over, however long it lasts. Leaves out when
//! the next try is (that is the schedule's) and what an answer is worth.

use crate::time::{SignedDuration, Timestamp};

/// What is known of how a source failed of late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: u32,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// When it was found to be out; none while it is asked as usual.
    pub opened_at: Option<Timestamp>,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Once more, and nothing new to say.
    Again(Breaker),
    /// It is out from now on.
    Opened(Breaker),
}

impl Breaker {
    /// Counts a failure; the `limit`th in a row opens it.
    #[must_use]
    pub fn failed(self, limit: u32, now: Timestamp) -> Failed {
        let failures = self.failures.saturating_add(1);
        let counted = Breaker {
            failures,
            failing_since: self.failing_since.or(Some(now)),
            opened_at: self.opened_at,
        };
        match self.opened_at {
            None if failures >= limit => Failed::Opened(Breaker {
                opened_at: Some(now),
                ..counted
            }),
            None | Some(_) => Failed::Again(counted),
        }
    }

    /// How long it has been out, or was: from the first failure on, because nothing came since.
    #[must_use]
    pub fn out_for(self, now: Timestamp) -> Option<SignedDuration> {
        let opened = self.opened_at?;
        let since = self.failing_since.unwrap_or(opened);
        Some(now.duration_since(since))
    }
}

#[cfg(test)]
mod tests;
