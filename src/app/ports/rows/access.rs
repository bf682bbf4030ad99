//! Who may come in, and what a secret opens.

use crate::domain::ids::MemberId;
use crate::time::Timestamp;

/// A person signed in at the web, or a script with a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The SHA-256 of the secret, hex; the secret itself is never stored.
    pub hash: String,
    pub kind: GrantKind,
    /// The member it speaks for; `None` for a script of its own name.
    pub member: Option<MemberId>,
    /// What it is called in lists.
    pub label: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A one-time link; used up when taken.
    Login,
    /// A browser's session cookie.
    Session,
    /// A bearer token for scripts.
    Token,
    /// The key of a calendar feed, which is part of its address.
    Feed,
}

impl GrantKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            GrantKind::Login => "login",
            GrantKind::Session => "session",
            GrantKind::Token => "token",
            GrantKind::Feed => "feed",
        }
    }
}
