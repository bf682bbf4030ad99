//! What the use cases need of the outside, as traits. Adapters implement them; nobody else is known here.

mod contracts;
mod deliver;
mod duties;
mod duty_audit;
mod feeds;
mod intake;
mod kept;
mod mails;
mod rows;
mod store;
mod trackers;

pub use contracts::*;
pub use deliver::*;
pub use duties::*;
pub use duty_audit::*;
pub use feeds::*;
pub use intake::*;
pub use kept::*;
pub use mails::*;
pub use rows::*;
pub use store::*;
pub use trackers::*;

use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// The business clock: whole milliseconds, and possibly faster than the world (the demo) or set by hand (tests).
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
    /// Returns when the instant has come; at once if it has passed.
    async fn until(&self, at: Timestamp);
    /// Waits for an amount of monotonic time: leases, back-off and polls, never anything a person sees.
    async fn pause(&self, wait: Duration);
}

/// Makes names and secrets.
pub trait Ids: Send + Sync {
    /// A new id that sorts by its time of birth (UUIDv7).
    fn id(&self) -> String;
    /// A secret nobody can guess, safe in a URL.
    fn token(&self) -> String;
}

/// Tells loops that there may be work. A hint only: a lost one delays, never loses.
pub trait Wake: Send + Sync {
    /// Something was committed.
    fn wake(&self, what: Stirred);
    /// Follows what stirs from now on.
    fn listen(&self) -> tokio::sync::broadcast::Receiver<Stirred>;
}

/// What may have work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stirred {
    Timers,
    Outbox,
    Cards,
    Desk,
}
