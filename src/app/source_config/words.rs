//! What the fields of a source and the acts that go back to it are called, in the configuration and in the texts.
//!
//! Promises: each name stands here once; who reads a configuration and who fills in a request ask the same list. Leaves out
//! what a source is: that is [`SourceConfig`](super::SourceConfig).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A field of an inquiry that a source can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapField {
    ExternalId,
    Title,
    Url,
    Revision,
    DeliveryId,
    Body,
    Requester,
    Customer,
    Plan,
    Product,
    Region,
    Language,
    Kind,
    Severity,
    BusinessStopped,
    NeededBy,
    EscalatedAt,
    ChangedAt,
    IsClosed,
    /// Whether our own answer, or our own close, ended it there.
    IsAnswered,
    /// Whether the item is gone there; such a document needs no title.
    IsDeleted,
    Owner,
    Messages,
    /// The entrance: phone, mail, chat …
    Channel,
    /// What has been tried already.
    Tried,
    /// Whether wrong settings were ruled out: a word for yes or no.
    SettingsChecked,
    Environment,
    /// The error message as it was shown.
    ErrorText,
    /// Whether the document is an inquiry at all; without it every document is.
    Take,
}

/// Which form a text of the language has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// A text with holes: `{{ issue.subject }}`; an empty outcome is no value.
    Template,
    /// A bare expression that must answer true or false.
    Truth,
    /// A bare expression that must answer a list.
    List,
}

impl MapField {
    /// All fields, in the order of the documentation.
    pub const ALL: [MapField; 29] = [
        MapField::ExternalId,
        MapField::Title,
        MapField::Url,
        MapField::Revision,
        MapField::DeliveryId,
        MapField::Body,
        MapField::Requester,
        MapField::Customer,
        MapField::Plan,
        MapField::Product,
        MapField::Region,
        MapField::Language,
        MapField::Kind,
        MapField::Severity,
        MapField::BusinessStopped,
        MapField::NeededBy,
        MapField::EscalatedAt,
        MapField::ChangedAt,
        MapField::IsClosed,
        MapField::IsAnswered,
        MapField::IsDeleted,
        MapField::Owner,
        MapField::Messages,
        MapField::Channel,
        MapField::Tried,
        MapField::SettingsChecked,
        MapField::Environment,
        MapField::ErrorText,
        MapField::Take,
    ];

    /// The key in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            MapField::ExternalId => "external_id",
            MapField::Title => "title",
            MapField::Url => "url",
            MapField::Revision => "revision",
            MapField::DeliveryId => "delivery_id",
            MapField::Body => "body",
            MapField::Requester => "requester",
            MapField::Customer => "customer",
            MapField::Plan => "plan",
            MapField::Product => "product",
            MapField::Region => "region",
            MapField::Language => "language",
            MapField::Kind => "kind",
            MapField::Severity => "severity",
            MapField::BusinessStopped => "business_stopped",
            MapField::NeededBy => "needed_by",
            MapField::EscalatedAt => "escalated_at",
            MapField::ChangedAt => "changed_at",
            MapField::IsClosed => "is_closed",
            MapField::IsAnswered => "is_answered",
            MapField::IsDeleted => "is_deleted",
            MapField::Owner => "owner",
            MapField::Messages => "messages",
            MapField::Channel => "channel",
            MapField::Tried => "tried",
            MapField::SettingsChecked => "settings_checked",
            MapField::Environment => "environment",
            MapField::ErrorText => "error_text",
            MapField::Take => "take",
        }
    }

    /// The form of its text.
    pub fn form(self) -> TextForm {
        match self {
            MapField::BusinessStopped
            | MapField::IsClosed
            | MapField::IsAnswered
            | MapField::IsDeleted
            | MapField::Take => TextForm::Truth,
            MapField::Messages => TextForm::List,
            MapField::Channel
            | MapField::Tried
            | MapField::SettingsChecked
            | MapField::Environment
            | MapField::ErrorText
            | MapField::ExternalId
            | MapField::Title
            | MapField::Url
            | MapField::Revision
            | MapField::DeliveryId
            | MapField::Body
            | MapField::Requester
            | MapField::Customer
            | MapField::Plan
            | MapField::Product
            | MapField::Region
            | MapField::Language
            | MapField::Kind
            | MapField::Severity
            | MapField::NeededBy
            | MapField::EscalatedAt
            | MapField::ChangedAt
            | MapField::Owner => TextForm::Template,
        }
    }
}

/// An act that goes back to the source. Its texts see ([`Act::SEEN`]) `external_id`, `item_url`, `reference` (`Q-1042`), `text` (the
/// reply, or the whole answer), `cause`, `workaround`, `no_workaround`, `answer`, `category`, `owner` (their name, or
/// the source's own name for them, empty when released), `owner_id` (only the source's own name for them), `by` (the name of
/// whoever replied or answered), `severity` (`S1`), `key` (unique for this request, the same however often it is sent),
/// `base_url`, `secret` and `setting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A reply to the requester.
    Reply,
    /// It was sent back to the requester; goes as a reply where nothing of its own is said.
    Bounce,
    /// The answer of a resolution.
    Answer,
    /// Who has it, however they came to it.
    Owner,
    /// It was closed.
    Close,
    /// Somebody took it: claimed, accepted or taken over. Without a request of its own it goes as an owner.
    Claim,
    /// It was given to somebody. Without a request of its own it goes as an owner.
    Assign,
    /// Nobody has it any more. Without a request of its own it goes as an owner.
    Release,
    /// It was opened again here.
    Reopen,
    /// It has another severity.
    Severity,
}

impl Act {
    /// All acts.
    pub const ALL: [Act; 10] = [
        Act::Reply,
        Act::Bounce,
        Act::Answer,
        Act::Owner,
        Act::Close,
        Act::Claim,
        Act::Assign,
        Act::Release,
        Act::Reopen,
        Act::Severity,
    ];

    /// What its words are called; those that it has not are empty.
    pub const WORDS: [&'static str; 10] = [
        "text",
        "cause",
        "workaround",
        "no_workaround",
        "answer",
        "category",
        "owner",
        "owner_id",
        "by",
        "severity",
    ];

    /// Those of its words that the requester is to read.
    pub const SAID: [&'static str; 5] = ["text", "cause", "workaround", "no_workaround", "answer"];

    /// What it is about.
    pub const PLACE: [&'static str; 4] = ["external_id", "item_url", "reference", "key"];

    /// All that its texts see: besides, what every request of a source does.
    pub const SEEN: [&'static str; 17] = all_seen();

    /// The key in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            Act::Reply => "reply",
            Act::Bounce => "bounce",
            Act::Answer => "answer",
            Act::Owner => "owner",
            Act::Close => "close",
            Act::Claim => "claim",
            Act::Assign => "assign",
            Act::Release => "release",
            Act::Reopen => "reopen",
            Act::Severity => "severity",
        }
    }

    /// The act of which this one is a kind: its request is used where this one has none.
    pub fn general(self) -> Option<Act> {
        match self {
            Act::Claim | Act::Assign | Act::Release => Some(Act::Owner),
            Act::Bounce => Some(Act::Reply),
            Act::Reply | Act::Answer | Act::Owner | Act::Close | Act::Reopen | Act::Severity => {
                None
            }
        }
    }

    /// What goes back unless the configuration says otherwise (DESIGN §8).
    pub fn default_set() -> BTreeSet<Act> {
        [Act::Reply, Act::Answer, Act::Owner].into()
    }
}

/// What every request of a source sees.
const COMMON: [&str; 3] = ["base_url", "secret", "setting"];

/// One list of three, so that a name stands in one place.
const fn all_seen() -> [&'static str; 17] {
    let mut all = [""; 17];
    let parts: [&[&'static str]; 3] = [&Act::PLACE, &Act::WORDS, &COMMON];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut n = 0;
        while n < parts[part].len() {
            all[at] = parts[part][n];
            (n, at) = (n + 1, at + 1);
        }
        part += 1;
    }
    assert!(at == all.len(), "as many places as names");
    all
}

/// What a routing rule sees of an inquiry: texts, null where the source said nothing; `business_stopped` is true or false.
pub const ROUTE_FIELDS: [&str; 18] = [
    "source",
    "title",
    "body",
    "requester",
    "customer",
    "plan",
    "product",
    "region",
    "language",
    "kind",
    "severity",
    "business_stopped",
    "contract",
    "channel",
    "tried",
    "settings_checked",
    "environment",
    "error_text",
];
