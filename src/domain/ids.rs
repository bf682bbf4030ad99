//! The names by which the desk speaks of things: newtypes, so that a member is never taken for a queue.
//!
//! Ids are opaque text, given by the configuration (members, queues, teams, sources) or by the `Ids`
//! port (inquiries, texts). Nothing is made or checked here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares one id as a newtype over text.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id! {
    /// Names an inquiry inside; people say `Q-1042`, which is a column of the store.
    InquiryId
}
id! {
    /// Names a member of a team.
    MemberId
}
id! {
    /// Names a queue.
    QueueId
}
id! {
    /// Names a team; every queue belongs to one.
    TeamId
}
id! {
    /// Names a source of inquiries.
    SourceId
}
id! {
    /// Names a tracker of development, where issues are filed.
    TrackerId
}
id! {
    /// Names a piece of outside text, kept apart from the ledger so that it can be erased.
    TextId
}

#[cfg(test)]
mod tests;
