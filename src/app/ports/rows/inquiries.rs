//! Rows of inquiries: what a command changes, and what a list asks for.

use super::outbox::NewOutbox;
use super::pings::Ping;
use super::{Place, Reference, StoreError};
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId};
use crate::domain::inquiry::{Entry, Inquiry};
use crate::time::Timestamp;

/// An inquiry as the store holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub reference: Reference,
    pub inquiry: Inquiry,
    /// The instant its timer row is set to.
    pub deadline: Option<Timestamp>,
}

/// Everything that one command changes, committed together or not at all.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The state after the events.
    pub inquiry: Inquiry,
    /// The version (`seq`) the decision was made on; 0 for a new inquiry.
    pub expected: u64,
    /// The new ledger lines, numbered from `expected + 1`.
    pub entries: Vec<Entry>,
    /// Outside words that the new lines name.
    pub texts: Vec<(TextId, String)>,
    /// The next instant anything is due: upserts or (on `None`) removes the inquiry's timer row.
    pub deadline: Option<Timestamp>,
    /// What is to be delivered, in order.
    pub outbox: Vec<NewOutbox>,
    /// The places that show this inquiry's card: inserted if missing, `wanted` set to the new seq.
    pub cards: Vec<Place>,
    /// The boards that say something else now: inserted if missing; `wanted` is counted up wherever the queue has one.
    pub boards: Vec<(QueueId, Place)>,
    /// Whom its notices call, and whom they would have called but for their allowance.
    pub pings: Vec<Ping>,
    /// Makes a repeat harmless: unique for ever; a repeat answers what the first one did.
    pub command_key: Option<String>,
    /// The hash of the portal's status link, for an inquiry filed there.
    pub portal_key: Option<String>,
    /// What the source's item was when this was decided, where the source brought it about. Without it the mark goes:
    /// whatever happens here may make the same document news.
    pub seen: Option<SeenWrite>,
    /// Inquiries whose cards say something of this one that is no longer so: their cards are edited anew.
    pub shown_by: Vec<InquiryId>,
}

/// What intake keeps of a source's item beside its inquiry. No state follows from it, so the ledger does without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeenWrite {
    /// What was kept when it was decided; if that is another by now, the commit is a conflict. `None` for nothing.
    pub expected: Option<String>,
    /// What is kept from now on: the newest revision, and the contents seen under it. `None` keeps what is there.
    pub seen: Option<String>,
    /// The hash of a document that changes nothing any more, as long as nothing else happens.
    pub mark: Option<String>,
}

/// The same for an inquiry that does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenMark {
    pub inquiry: InquiryId,
    /// The version on which it was found that nothing changes.
    pub version: u64,
    pub write: SeenWrite,
}

/// An item that is known, and what is kept of it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownItem {
    pub stored: Stored,
    pub seen: Option<String>,
}

/// An item that whole looks at its source did not find.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    pub external_id: String,
    /// How many looks in a row.
    pub looks: u32,
    /// The first of them.
    pub since: Timestamp,
}

/// What a commit answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    pub reference: Reference,
    /// The version that now stands.
    pub seq: u64,
}

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else committed first (or the external id is known already): load and decide again.
    #[error("the inquiry has moved on")]
    Conflict,
    /// The command key was used before; the first outcome stands.
    #[error("the command was committed before, for {reference}")]
    Repeated {
        inquiry: InquiryId,
        reference: Reference,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a list asks for; empty fields ask for everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListFilter {
    pub queue: Option<String>,
    pub owner: Option<MemberId>,
    pub is_open: Option<bool>,
    pub is_unclaimed: Option<bool>,
    /// Whether anything is due of it at all; what has ended and owes nothing has no deadline.
    pub has_deadline: Option<bool>,
    /// How it stands with its contract: `held`, `excepted`, else the word of the finding.
    pub contract: Option<String>,
    /// Received at or after.
    pub received_from: Option<Timestamp>,
    /// Received before.
    pub received_until: Option<Timestamp>,
    /// Words in anything that was said of it: title, body, error text, messages, answers. ASCII letters are alike, great
    /// or small. What is found by words comes newest first.
    pub text: Option<String>,
    /// At most this many (1 to 500), ordered by deadline (none last), then by reference.
    pub limit: u32,
    /// Skips this many.
    pub offset: u32,
}
