//! How sources are read, as plain data: written by the configuration, read by `sources`.
//!
//! Templates and expressions are texts of the one language (`crate::expr`); they were compiled once when the
//! configuration was loaded, so compiling them again cannot surprise. Leaves out what the desk itself needs to know
//! of a source (defaults, known values, owners): that is [`SourceSetup`](crate::app::setup::SourceSetup).

use crate::app::secret::Secret;
use crate::domain::ids::SourceId;
use crate::time::SignedDuration;
use crate::time::cron::Cron;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Every enabled source, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourcesConfig {
    pub sources: BTreeMap<SourceId, SourceConfig>,
}

/// One enabled source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceConfig {
    pub id: SourceId,
    /// The name that people see.
    pub name: String,
    pub kind: SourceKind,
    /// Given to every template as `base_url`, without a slash at its end; empty if not configured.
    pub base_url: String,
    /// The secrets that are good now: the first signs and is given to templates as `secret`, all verify.
    pub secrets: Vec<Secret>,
    /// What the system's owner chose there (numbers of lists and fields); given to every text as `setting.NAME`.
    pub settings: BTreeMap<String, String>,
    pub mapping: Mapping,
    /// The acts that go back, and how; empty if nothing does.
    pub way_back: BTreeMap<Act, RequestConfig>,
}

impl SourceConfig {
    /// How it is polled, if it is.
    pub fn poll(&self) -> Option<&PollConfig> {
        match &self.kind {
            SourceKind::Poll(poll) => Some(poll),
            SourceKind::Webhook { poll, .. } => poll.as_deref(),
            SourceKind::Portal => None,
        }
    }
}

/// How inquiries come.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// Delivered to `POST /hooks/{id}`, and fetched besides where there is a poll: what a delivery missed is found by it.
    Webhook {
        auth: Auth,
        brings: Delivery,
        poll: Option<Box<PollConfig>>,
    },
    /// Fetched.
    Poll(Box<PollConfig>),
    /// Filed in the portal's form; the mapping is not used.
    Portal,
}

/// What a delivery is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// The document of an item.
    #[default]
    Document,
    /// A word that something changed: the source is polled at once and nothing of the delivery itself is used. For
    /// systems whose deliveries say little, or are signed by nothing.
    Nudge,
}

/// How a delivery proves where it comes from. Serialises as the signature verifier reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Auth {
    /// A scheme by its name, one of [`Auth::PRESETS`].
    Preset(String),
    /// A scheme written out.
    Scheme(AuthScheme),
}

impl Auth {
    /// The schemes that have a name.
    pub const PRESETS: [&'static str; 5] =
        ["standard-webhooks", "github", "slack", "gitlab", "bearer"];
}

/// A scheme written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AuthScheme {
    /// An HMAC of the body, or of a text made of time and body.
    HmacHeader {
        header: String,
        /// What stands before the signature: `sha256=`.
        prefix: String,
        /// `sha256` or `sha512`.
        algorithm: String,
        /// `hex` or `base64`.
        encoding: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        timestamp: Option<AuthTimestamp>,
        #[serde(skip_serializing_if = "Option::is_none")]
        delivery_header: Option<String>,
    },
    /// A fixed token.
    Bearer { header: String },
}

/// The time that is signed together with the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthTimestamp {
    pub header: String,
    /// Seconds that a delivery may be old or early.
    pub window_s: u32,
    /// The text that is signed: `v0:{timestamp}:{body}`.
    pub signed: String,
}

/// How a document becomes an inquiry: a text for each field that the source has.
///
/// Evaluated over the delivered document (webhook) or over one item (poll). [`MapField::ExternalId`] and
/// [`MapField::Title`] are always there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    pub fields: BTreeMap<MapField, String>,
    /// How an item of [`MapField::Messages`] is read; without it an item says `id`, `by`, `at` and `text` itself.
    pub message: Option<MessageMapping>,
}

/// How a message of the source's conversation is read: templates over the document, in which the item is `message`, and
/// `owners` the list of the source's own names of our members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMapping {
    pub id: String,
    /// `requester`, `team`, or `own` for what was written under the account that toban itself uses there; an empty
    /// outcome is no message.
    pub by: String,
    pub at: String,
    pub text: String,
}

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
    pub const ALL: [MapField; 27] = [
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
            MapField::BusinessStopped | MapField::IsClosed | MapField::Take => TextForm::Truth,
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

/// What a fetched answer is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Json,
    /// A table whose first row names the columns; the answer is then `headings` and `rows`.
    Csv(Table),
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    pub encoding: Encoding,
    /// What parts the columns, one byte of ASCII.
    pub delimiter: u8,
}

/// The characters of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 if it is good UTF-8, else CP932.
    #[default]
    Auto,
    Utf8,
    /// Shift_JIS as Windows writes it, with its circled numbers and company signs.
    Cp932,
    EucJp,
}

impl Encoding {
    /// All encodings, with their names in the configuration.
    pub const NAMES: [(&'static str, Encoding); 4] = [
        ("auto", Encoding::Auto),
        ("utf-8", Encoding::Utf8),
        ("cp932", Encoding::Cp932),
        ("euc-jp", Encoding::EucJp),
    ];
}

/// How a source is polled.
#[derive(Clone, Debug, PartialEq)]
pub struct PollConfig {
    pub schedule: Schedule,
    pub format: Format,
    /// How a fetched item is read, where that differs from a delivered document.
    pub mapping: Option<Mapping>,
    /// Its texts see `cursor`, `since` (RFC 3339), `base_url` and `secret`; all are texts, empty if there is none yet.
    pub request: RequestConfig,
    /// Asked before every fetch, with the same texts; unless it answers 2xx, nothing is fetched. For systems that answer
    /// a wrong key with what strangers may see. Its answer is the field `check` of every item when it is mapped.
    pub check: Option<RequestConfig>,
    /// Asked for each item that is taken, with the same texts and `item`. Its answer is the field `detail` of the item
    /// when it is mapped. For systems whose lists leave out what matters, such as the conversation.
    pub detail: Option<RequestConfig>,
    /// An expression over the answer that yields the list of items: `issues`.
    pub items: String,
    /// A template that yields the next cursor; sees the answer's fields, and `items`, `last` (the last item) and
    /// `cursor` (the present one). Without it nothing is remembered between polls.
    pub cursor: Option<String>,
    /// An expression over the same that says whether another page waits.
    pub has_more: Option<String>,
}

/// When a source is polled.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each polled source"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// So long after the last poll ended.
    Every(SignedDuration),
    /// At these wall times in a named zone.
    Cron { cron: Cron, zone: String },
}

/// A request; url, header values and body are templates.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestConfig {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    pub url: String,
    /// Names are lower-case.
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    /// An expression over the answer, which must then be JSON, that tells whether it is a good one: for systems that
    /// answer 200 whatever happened.
    pub good_when: Option<String>,
}

/// An act that goes back to the source. Its texts see `external_id`, `item_url`, `reference` (`Q-1042`), `text` (the
/// reply, or the whole answer), `cause`, `workaround`, `no_workaround`, `answer`, `category`, `owner` (their name, or
/// the source's own name for them, empty when released), `owner_id` (only the source's own name for them), `key` (unique for this act), `base_url` and `secret`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A reply to the requester.
    Reply,
    /// It was sent back to the requester; goes as a reply where nothing of its own is said.
    Bounce,
    /// The answer of a resolution.
    Answer,
    /// Who has it: claimed, assigned, released.
    Owner,
    /// It was closed.
    Close,
}

impl Act {
    /// All acts.
    pub const ALL: [Act; 5] = [Act::Reply, Act::Bounce, Act::Answer, Act::Owner, Act::Close];

    /// The key in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            Act::Reply => "reply",
            Act::Bounce => "bounce",
            Act::Answer => "answer",
            Act::Owner => "owner",
            Act::Close => "close",
        }
    }

    /// What goes back unless the configuration says otherwise (DESIGN §8).
    pub fn default_set() -> BTreeSet<Act> {
        [Act::Reply, Act::Answer, Act::Owner].into()
    }
}

/// What a routing rule sees of an inquiry: texts, null where the source said nothing; `business_stopped` is true or false.
pub const ROUTE_FIELDS: [&str; 17] = [
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
    "channel",
    "tried",
    "settings_checked",
    "environment",
    "error_text",
];
