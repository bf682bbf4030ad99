//! What we want said, to whom and where, free of any platform: a message id with arguments.
//!
//! Words and look are made at delivery, in the reader's language. An audience is a role; it is resolved to
//! people when the notice is handed over for delivery.

use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId};
use crate::domain::inquiry::{Actor, Clock, Severity};
use crate::domain::sla::Audience;
use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something to be said once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub place: NoticePlace,
    /// Who is mentioned; nobody for a line that only informs.
    pub audience: Vec<Audience>,
    pub message: Message,
    /// Urgent notices are never held back, merged or softened.
    pub is_urgent: bool,
    /// Whether it may become one line of a digest when many fall due at once.
    pub is_mergeable: bool,
    /// The verbs offered as buttons with it.
    pub offers: Vec<Offer>,
}

/// Where a notice is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticePlace {
    /// With the first post of the card.
    Card,
    /// In the thread under the card.
    Thread,
    /// In the queue's channel.
    Channel,
    /// In the operators' channel.
    Operators,
}

/// A button: what it does, on the inquiry of the card or notice that carries it, or on what has the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    Claim,
    Accept,
    Release,
    Replied,
    /// Sends it back to its requester.
    Bounce,
    Resolve,
    Resume,
    Reopen,
    JustThanks,
    Close,
    NotUrgent,
    /// The answers at the handoff; the third is [`Offer::Release`].
    Keep,
    HandOver,
    Open,
    /// Answers to an offered swap, by its number in the duty book.
    AcceptSwap(u64),
    DeclineSwap(u64),
    DeclineCover(u64),
    ReadGuide,
    /// File an issue with development.
    File,
    /// Link it to an issue that stands there.
    Link,
    /// Answers to a proposed severity: to this one, so that a button which is late answers no other.
    AgreeSeverity(Severity),
    DeclineSeverity(Severity),
    /// What can be done without a contract: the canned refusal, an exception, asking the register again.
    Refuse,
    Except,
    CheckContract,
}

/// A sentence of the catalogue with its arguments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Arg>,
}

/// An argument of a sentence, rendered by whoever speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Arg {
    /// Words from outside: escaped, cut, and mentioning nobody.
    Text(TextId),
    /// The same in a list: one line of it, and not a long one.
    Title(TextId),
    /// Words of our own configuration, shown as they are.
    Plain(String),
    Number(i64),
    Member(MemberId),
    /// A member who is mentioned by the sentence.
    Mention(MemberId),
    Members(Vec<MemberId>),
    Actor(Actor),
    Queue(QueueId),
    Severity(Severity),
    Clock(Clock),
    /// A word of the catalogue by its message id.
    Word(String),
    Instant(#[serde(with = "crate::time::serde_ms")] Timestamp),
    /// An amount of time in milliseconds.
    Span(i64),
    Reference(i64),
    /// An inquiry whose reference is looked up when it is said.
    Inquiry(InquiryId),
    /// Words of our own configuration that are written in both languages.
    InLanguage {
        ja: String,
        en: String,
    },
    /// A date with its weekday.
    Day(Date),
    /// Sentences, one a line.
    Lines(Vec<Message>),
    /// Parts of a sentence, side by side.
    Parts(Vec<Message>),
}

impl Message {
    /// A sentence without arguments.
    pub fn new(id: &'static str) -> Self {
        Message {
            id: id.to_owned(),
            args: BTreeMap::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &str, arg: Arg) -> Self {
        self.args.insert(name.to_owned(), arg);
        self
    }
}
