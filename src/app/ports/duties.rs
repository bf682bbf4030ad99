//! What the duty needs kept beside the rota: who joined as second, and how often a shift was changed for those who
//! follow it in a calendar.

use super::rows::{NewOutbox, StoreError};

use crate::domain::ids::{MemberId, QueueId};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::HashMap;

/// A change of a queue's second duty: somebody joins, or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondDuty {
    pub queue: QueueId,
    /// 1, 2, 3 … within the queue.
    pub number: u32,
    /// Who joins; nobody when they go.
    pub member: Option<MemberId>,
    /// When the turn began in which they joined: with it they go.
    pub turn_at: Timestamp,
    pub at: Timestamp,
}

/// A shift as a feed shows it, by what may change of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedShift {
    pub uid: String,
    /// The hash of everything that may change.
    pub hash: String,
    pub ends_at: Timestamp,
}

/// How often what a feed shows of a shift has changed, and when it last did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRevision {
    pub sequence: u32,
    pub modified_at: Timestamp,
}

/// Second duties and the revisions of feeds.
#[async_trait]
pub trait Duties: Send + Sync {
    /// The last change of a queue's second duty.
    async fn second_duty(&self, queue: &QueueId) -> Result<Option<SecondDuty>, StoreError>;
    /// Adds the next change, and with it what is said of it. `false` when somebody else has added that one meanwhile;
    /// then nothing is said either.
    async fn add_second_duty(
        &self,
        change: &SecondDuty,
        said: Vec<NewOutbox>,
    ) -> Result<bool, StoreError>;
    /// Compares shifts with how they were last shown: one that is new begins at 0, one that has changed goes one up.
    /// Whatever ended before `forget` is forgotten.
    async fn revise_feed(
        &self,
        shifts: &[FeedShift],
        now: Timestamp,
        forget: Timestamp,
    ) -> Result<HashMap<String, FeedRevision>, StoreError>;
}
