//! How sources are read, as plain data: written by the configuration, read by `sources`.
//!
//! Templates and expressions are texts of the one language (`crate::expr`); they were compiled once when the
//! configuration was loaded, so compiling them again cannot surprise. Leaves out what the desk itself needs to know
//! of a source (defaults, known values, owners): that is [`SourceSetup`](crate::app::setup::SourceSetup), and what the
//! fields and acts are called (`words`).

mod words;

pub use words::{Act, MapField, ROUTE_FIELDS, TextForm};

use crate::app::mail_config::{MailConfig, MailSecurity, MailSignIn};
use crate::app::secret::Secret;
use crate::domain::ids::SourceId;
use crate::time::SignedDuration;
use crate::time::cron::Cron;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// What deliveries are verified with, where that is not what requests carry; empty if it is.
    pub hook_secrets: Vec<Secret>,
    /// What the system's owner chose there (numbers of lists and fields); given to every text as `setting.NAME`.
    pub settings: BTreeMap<String, String>,
    pub mapping: Mapping,
    /// The acts that go back, each by one or several requests in their order; empty if nothing does.
    pub way_back: BTreeMap<Act, Vec<RequestConfig>>,
}

impl SourceConfig {
    /// The secrets that deliveries are verified with.
    pub fn verifying(&self) -> &[Secret] {
        match self.hook_secrets.as_slice() {
            [] => &self.secrets,
            apart => apart,
        }
    }

    /// How it is polled, if it is.
    pub fn poll(&self) -> Option<&PollConfig> {
        match &self.kind {
            SourceKind::Poll(poll) => Some(poll),
            SourceKind::Webhook { poll, .. } => poll.as_deref(),
            SourceKind::Portal | SourceKind::Mail(_) => None,
        }
    }

    /// When it is asked, if it is.
    pub fn schedule(&self) -> Option<&Schedule> {
        match &self.kind {
            SourceKind::Mail(mail) => Some(&mail.imap.schedule),
            SourceKind::Webhook { .. } | SourceKind::Poll(_) | SourceKind::Portal => {
                self.poll().map(|poll| &poll.schedule)
            }
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
    /// Fetched from a mailbox; answers go back as mail.
    Mail(Box<MailSource>),
}

/// How a mailbox is read and answered.
#[derive(Clone, Debug, PartialEq)]
pub struct MailSource {
    pub imap: ImapConfig,
    /// Where answers are handed over, and as whom; nothing goes back where there is none.
    pub smtp: Option<MailConfig>,
    /// What comes from an address of these domains is the team's.
    pub team_domains: Vec<String>,
    /// Whether an answer goes to those too who had a copy of what it answers.
    pub keeps_cc: bool,
    /// The acts that go back, with the text of the mail; it sees what every way back does.
    pub replies: BTreeMap<Act, String>,
}

/// A folder of a mailbox.
#[derive(Clone, Debug, PartialEq)]
pub struct ImapConfig {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// The certificates of an authority of your own, in PEM, beside the public ones.
    pub authority: Option<String>,
    pub sign_in: MailSignIn,
    pub folder: String,
    pub after: After,
    pub schedule: Schedule,
}

/// What becomes of a mail in its folder once it was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// Nothing: not even that it was read can be seen.
    #[default]
    Keep,
    /// It is marked as read.
    Seen,
    /// It goes to another folder.
    Move(String),
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
    /// A fixed token in the address of the delivery, for senders that can do nothing else: it may only nudge.
    QueryParameter { name: String },
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

pub use crate::tabular::Encoding;

/// After so many failures in a row a source is out, unless it is configured otherwise: with the back-off of the schedule,
/// some ten minutes.
pub const BREAKER: u32 = 5;

/// How a source is polled.
#[derive(Clone, Debug, PartialEq)]
pub struct PollConfig {
    pub schedule: Schedule,
    pub format: Format,
    /// How a fetched item is read, where that differs from a delivered document.
    pub mapping: Option<Mapping>,
    /// So many failures in a row, and the source is out: the operators are told.
    pub breaker: u32,
    /// How far the first page of a poll reaches back behind the cursor, for items that show themselves late; see `from`.
    pub overlap: Option<SignedDuration>,
    /// Its texts see `cursor`, `since` (RFC 3339), `from` (`cursor`, or `since` before there is one, less the overlap),
    /// `base_url` and `secret`; all are texts, empty if there is none yet.
    pub request: RequestConfig,
    /// Asked before every fetch, with the same texts; unless it answers 2xx, nothing is fetched. For systems that answer
    /// a wrong key with what strangers may see. Its answer is the field `check` of every item when it is mapped.
    pub check: Option<RequestConfig>,
    /// Asked for each item that is taken, with the same texts and `item`. Its answer is the field `detail` of the item
    /// when it is mapped. For systems whose lists leave out what matters, such as the conversation.
    ///
    /// When there are several, `detail` is the list of their answers.
    pub detail: Vec<RequestConfig>,
    /// An expression over the answer that yields the list of items: `issues`.
    pub items: String,
    /// A template that yields the next cursor; sees the answer's fields, and `items`, `last` (the last item) and
    /// `cursor` (the present one). Without it nothing is remembered between polls.
    pub cursor: Option<String>,
    /// An expression over the same that says whether another page waits.
    pub has_more: Option<String>,
    /// A template that yields, of the cursor alone, the one to begin the round anew with when the page that the cursor
    /// names is gone.
    pub restart: Option<String>,
    /// The list holds everything that is open there; so many looks in a row without an item mean that it is gone.
    pub complete: Option<u32>,
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
