//! The rows that the ports of the store speak of, a file for each port; here what all of them name.

mod access;
mod audit;
mod cards;
mod desk_posts;
mod inquiries;
mod keeping;
mod outbox;
mod pings;
mod timers;

pub use access::*;
pub use audit::*;
pub use cards::*;
pub use desk_posts::*;
pub use inquiries::*;
pub use keeping::*;
pub use outbox::*;
pub use pings::*;
pub use timers::*;

use serde::{Deserialize, Serialize};
use std::fmt;

/// The name that people say: `Q-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(pub i64);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q-{}", self.0)
    }
}

impl std::str::FromStr for Reference {
    type Err = ();
    /// Reads `Q-1042`, `q1042`, `1042`, full-width too.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain: String = text
            .trim()
            .chars()
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                other => other,
            })
            .collect();
        let digits = plain.trim_start_matches(['Q', 'q']).trim_start_matches('-');
        match digits.parse::<i64>() {
            Ok(n) if n > 0 => Ok(Reference(n)),
            Ok(_) | Err(_) => Err(()),
        }
    }
}

/// A place where cards and notices appear: a channel of a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The key of the platform in the configuration: `desk`, `discord`.
    pub platform: String,
    /// The platform's own name of the channel.
    pub channel: String,
}

/// The store could not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or answered an error.
    #[error("the database did not answer: {0}")]
    Unavailable(String),
    /// The answer of a COMMIT was lost: it may or may not have happened. Re-read, never re-run.
    #[error("the answer of a commit was lost: {0}")]
    Unknown(String),
    /// What was asked cannot be done, in a sentence of its own.
    #[error("{0}")]
    Refused(String),
    /// What was read cannot be understood (a newer version's event, a damaged row).
    #[error("the database holds what this build cannot read: {0}")]
    Unreadable(String),
}
