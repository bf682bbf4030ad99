//! Sources: how a raw delivery is checked and read, how a source is polled, how an answer goes back.

use super::rows::{Reference, SourceState, WriteBack};
use crate::domain::ids::{MemberId, SourceId, TextId};
use crate::domain::inquiry::Origin;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Verifies and maps raw deliveries: implemented by `sources`, called by `web`.
pub trait Hooks: Send + Sync {
    /// Checks who sent it and reads it.
    ///
    /// # Errors
    /// [`HookError`], by what the sender should hear.
    fn read(
        &self,
        source: &SourceId,
        delivery: &RawDelivery<'_>,
        now: Timestamp,
    ) -> Result<Delivered, HookError>;
    /// A document as it may be kept and shown: without the secrets of its source.
    fn masked(&self, source: &SourceId, body: &str) -> String;
    /// Reads a document that was kept as unreadable, signature aside; `None` if the source's `take` lets it pass.
    ///
    /// # Errors
    /// [`HookError`], as for a delivery.
    fn map(
        &self,
        source: &SourceId,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Option<Mapped>, HookError>;
}

/// What a verified delivery is.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivered {
    /// An item, to be taken in.
    Item(Box<Mapped>),
    /// A document that the source's `take` lets pass: it is accepted and there is nothing to do.
    Nothing,
    /// A word that something changed: the source is to be polled.
    Nudge,
}

impl Delivered {
    /// The item, if it is one.
    pub fn item(self) -> Option<Mapped> {
        match self {
            Delivered::Item(mapped) => Some(*mapped),
            Delivered::Nothing | Delivered::Nudge => None,
        }
    }
}

/// What came over HTTP. Header names are lower-case; the parameters of the address stand among them as `?name`, which no
/// header can be called.
#[derive(Clone, Debug)]
pub struct RawDelivery<'a> {
    pub headers: &'a HashMap<String, String>,
    pub body: &'a [u8],
}

/// Why a delivery is not taken. What is kept as unreadable keeps it as JSON.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum HookError {
    #[error("there is no source of this name that takes deliveries")]
    UnknownSource,
    #[error("the signature does not match: {0}")]
    Unauthorized(String),
    #[error("the body is not a document: {0}")]
    Malformed(String),
    #[error("it could not be fetched and was passed: {0}")]
    Unfetched(String),
    #[error("the document is larger than {limit} bytes")]
    TooLarge { limit: usize },
    /// The document is good JSON but no inquiry: it is kept as unreadable.
    #[error("field \"{field}\": {why}")]
    Unmappable { field: String, why: Unfit },
}

/// Why a field that must be there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Unfit {
    #[error("it is blank")]
    Blank,
    #[error("the mapping does not say where it is")]
    NotMapped,
    #[error("it is longer than {0} characters")]
    TooLong(usize),
    /// The document has no such field; named as the mapping calls it.
    #[error("the document has no {0}")]
    Lacking(String),
    /// What the mapping looks up is not there.
    #[error("{0}")]
    NotFound(NotFound),
    #[error("it holds a control character, such as a line end")]
    Control,
    /// What the text of the mapping said instead of a value.
    #[error("{0}")]
    Failed(String),
}

/// Something that a mapping looks up and does not find: a column that a setting names, an entry of a table of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotFound {
    /// What the mapping says, such as `row[setting.title_column]`.
    pub text: String,
    /// What was looked for, where it is known: `件名`.
    pub name: Option<String>,
    /// What there is instead, by its name.
    #[serde(default)]
    pub there: Vec<String>,
}

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let NotFound { text, name, there } = self;
        match name {
            Some(name) => write!(f, "{text} finds no \"{name}\"")?,
            None => write!(f, "{text} gives nothing")?,
        }
        match there.is_empty() {
            true => Ok(()),
            false => write!(f, "; there is {}", there.join(", ")),
        }
    }
}

/// A document as an inquiry would have it, in words still.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    pub source: SourceId,
    pub external_id: String,
    pub url: Option<String>,
    /// An orderable revision, where the mapping yields one.
    pub revision: Option<String>,
    /// The delivery's own id, where the scheme has one: makes a redelivery harmless.
    pub delivery_id: Option<String>,
    pub title: String,
    pub body: Option<String>,
    pub requester: Option<String>,
    pub customer: Option<String>,
    pub plan: Option<String>,
    pub product: Option<String>,
    pub region: Option<String>,
    pub language: Option<String>,
    pub kind: Option<String>,
    pub severity: Option<String>,
    pub business_stopped: bool,
    pub needed_by: Option<Timestamp>,
    pub escalated_at: Option<Timestamp>,
    pub is_closed: bool,
    /// Our own answer, or our own close, ended it there: that ends nothing here.
    pub is_answered: bool,
    /// The item is gone there; then nothing but its id need be known, and the title may be empty.
    pub is_deleted: bool,
    /// The source's assignee, by the name or id that the mapping yields.
    pub owner: Option<String>,
    pub messages: Vec<MappedMessage>,
    /// Set where the document is one message of a conversation (a mail) instead of the state of an item. An item that is
    /// not known is opened by it; one that is known only hears it, whatever else the document says.
    pub heard: Option<MappedMessage>,
    /// When the item was made or last changed there: older than the source's `since` is backlog.
    pub changed_at: Option<Timestamp>,
    /// What belongs to it could not be fetched this time: a field that is absent says nothing.
    pub is_partial: bool,
    /// What support gathered before it escalated.
    pub intake: MappedIntake,
    /// Optional fields whose expression gave nonsense, with what it gave: they take their default, flagged.
    pub odd: Vec<(String, String)>,
}

/// What support gathered, in words still.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappedIntake {
    pub channel: Option<String>,
    pub tried: Option<String>,
    /// Whether wrong settings were ruled out: a word for yes or no.
    pub settings_checked: Option<String>,
    pub environment: Option<String>,
    pub error_text: Option<String>,
}

/// A message of the source's own conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct MappedMessage {
    pub id: String,
    pub by: Side,
    pub at: Timestamp,
    pub text: String,
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Requester,
    Team,
    /// Written under the account that toban itself uses there: the echo of a write-back, unless nothing of the kind was
    /// sent; then somebody of the team writes under that account too.
    Own,
}

/// Fetches one page of a polled source: implemented by `sources`, called by `engine`.
#[async_trait]
pub trait Poller: Send + Sync {
    /// The sources that are polled.
    fn polled(&self) -> Vec<SourceId>;
    /// The next instant at which a source is to be polled, after `now`.
    fn next_poll(&self, source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp;
    /// After how many failures in a row the source is out.
    fn breaker(&self, _source: &SourceId) -> u32 {
        crate::app::source_config::BREAKER
    }
    /// Fetches and maps what is new.
    async fn poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Page, PollError>;
}

/// One page of a poll.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub items: Vec<Result<Mapped, (String, HookError)>>,
    /// The state to keep together with the items.
    pub state: SourceState,
    /// Whether another page waits.
    pub has_more: bool,
    /// Whether the page is a whole part of a list that holds everything open, and after how many looks what is missing in
    /// it counts as gone.
    pub complete: Option<u32>,
    /// The ids of what is in the list and not to be taken.
    pub passed: Vec<String>,
    /// What it tells of letters of ours that did not arrive.
    pub returned: Vec<super::Returned>,
}

/// A poll that brought nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PollError {
    #[error("source \"{source_name}\" did not answer: {why}")]
    Unavailable {
        source_name: String,
        why: String,
        retry_after: Option<std::time::Duration>,
    },
    #[error("source \"{source_name}\" cannot be read: {why}")]
    Unexpected { source_name: String, why: String },
    /// It was broken off because the desk stops, and says nothing of the source.
    #[error("the desk stops")]
    Stopped,
}

/// An act that goes back, with all that its words are made of.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    pub origin: &'a Origin,
    pub reference: Reference,
    pub act: &'a WriteBack,
    /// Who wrote what is said to the requester.
    pub by: Option<&'a MemberId>,
    pub texts: &'a HashMap<TextId, String>,
    /// Unique for the act, and the same however often it is sent.
    pub key: &'a str,
}

/// Takes answers back to sources: implemented by `sources`, called by the outbox.
#[async_trait]
pub trait WayBack: Send + Sync {
    /// Whether replies can go back to the source at all.
    fn takes_replies(&self, source: &SourceId) -> bool;
    /// Whether the source wants to hear of this act.
    fn takes(&self, source: &SourceId, act: &WriteBack) -> bool;
    /// Which request of an act is the last that brings its words: once it has arrived, they are there. `u32::MAX` where no
    /// request brings any.
    fn words_leave_at(&self, writing: &Writing<'_>) -> u32;
    /// The texts that an act puts into the source, as a poll would bring them back; none where it puts none.
    fn echoes(&self, writing: &Writing<'_>) -> Vec<String>;
    /// Sends the request of an act whose turn it is, and answers which is next, if one is left.
    async fn write_back(
        &self,
        writing: &Writing<'_>,
        step: u32,
    ) -> Result<Option<u32>, super::DeliveryError>;
    /// As [`WayBack::write_back`], and says whom it does not reach although it has gone: for ways that lead to several
    /// people.
    async fn send_back(
        &self,
        writing: &Writing<'_>,
        step: u32,
    ) -> Result<Gone, super::DeliveryError> {
        let next = self.write_back(writing, step).await?;
        Ok(Gone {
            next,
            refused: Vec::new(),
        })
    }
}

/// A request of an act that has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The request whose turn is next, if one is left.
    pub next: Option<u32>,
    /// Who of those it went to was refused.
    pub refused: Vec<super::Refused>,
}
