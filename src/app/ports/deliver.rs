//! Platforms: what they can do, and how something is delivered to them or comes from them.

use super::rows::{Place, Receipt, Reference};
use crate::domain::card::Card;
use crate::domain::ids::{InquiryId, MemberId, TextId};
use crate::domain::notice::{Message, Notice};
use crate::i18n::Lang;
use crate::time::{TimeZone, Timestamp};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::Arc;

/// What a platform can do. Nobody asks it for its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Posts can be edited in place.
    pub edits: bool,
    /// There is a thread under a card; without one, notices name the inquiry.
    pub threads: bool,
    pub buttons: bool,
    /// How long the platform itself refuses a second post with the same key.
    pub idempotency_window: Option<std::time::Duration>,
    /// Whether `find` can look for a key that was posted.
    pub finds: bool,
}

/// A chat platform.
#[async_trait]
pub trait Platform: Send + Sync {
    fn capabilities(&self) -> Capabilities;
    /// Posts, once. The key goes out as the platform's idempotency key and in something that can be read back.
    async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError>;
    /// Edits a card in place.
    async fn revise(
        &self,
        place: &Place,
        receipt: &Receipt,
        post: &Post,
    ) -> Result<(), DeliveryError>;
    /// Looks for a post of the key, made since then.
    async fn find(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError>;
    /// Listens to people until the shutdown; returns an error only if it can never work (a wrong token).
    async fn run(
        &self,
        inbox: Arc<dyn Inbox>,
        shutdown: tokio_util::sync::CancellationToken,
    ) -> Result<(), CannotRun>;
    /// Tries to sign in and see its channels, for `toban check --connect`: problems in words.
    async fn check(&self, places: &[Place]) -> Vec<String>;
}

/// A platform that can never work as it is configured, in a sentence for the operator.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct CannotRun(pub String);

/// What is posted, with all it takes to put it into words.
#[derive(Clone, Debug)]
pub struct Post {
    pub what: PostKind,
    pub context: PostContext,
}

/// A card, a notice or a board.
#[derive(Clone, Debug)]
pub enum PostKind {
    Card {
        card: Box<Card>,
        mentions: Vec<MemberId>,
        is_urgent: bool,
    },
    Notice {
        notice: Notice,
        mentions: Vec<MemberId>,
    },
    Board {
        board: Box<crate::domain::board::Board>,
    },
}

/// What the words of a post are made with.
#[derive(Clone, Debug)]
pub struct PostContext {
    pub inquiry: Option<InquiryId>,
    pub reference: Option<Reference>,
    /// Where the inquiry's card is at this place, for its thread.
    pub card: Option<Receipt>,
    pub lang: Lang,
    /// The zone in which absolute times are given.
    pub zone: TimeZone,
    pub now: Timestamp,
    /// The words behind text ids.
    pub texts: HashMap<TextId, String>,
    pub people: Arc<People>,
    /// Who has the duty at this moment, for the card.
    pub on_duty: Option<MemberId>,
    /// How much of the body is shown.
    pub body: BodyInChat,
    /// Where the desk can be opened, if it is known: `https://desk.example.com`.
    pub desk_url: Option<String>,
}

/// How much of an inquiry's body leaves for a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyInChat {
    Full,
    #[default]
    Excerpt,
    None,
}

/// The people and queues that words name.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub members: HashMap<MemberId, Person>,
    /// Queue id → the name shown.
    pub queues: HashMap<String, String>,
    /// The groups of members that a platform can call as one, by name.
    pub groups: HashMap<String, Group>,
}

/// A named group of members that has roles of its own on a platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub members: Vec<MemberId>,
    /// Platform key → the roles' ids there.
    pub chat_roles: HashMap<String, Vec<String>>,
}

/// A member as words need them.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub name: String,
    /// Platform key → the person's id there.
    pub chat_ids: HashMap<String, String>,
    pub lang: Option<Lang>,
}

impl People {
    /// The name of a member; an unknown one is shown by its id.
    pub fn name(&self, id: &MemberId) -> String {
        self.members
            .get(id)
            .map_or_else(|| id.to_string(), |person| person.name.clone())
    }

    /// The member behind a platform's id.
    pub fn by_chat_id(&self, platform: &str, chat_id: &str) -> Option<&MemberId> {
        self.members
            .iter()
            .find(|(_, person)| {
                person
                    .chat_ids
                    .get(platform)
                    .is_some_and(|id| id == chat_id)
            })
            .map(|(id, _)| id)
    }
}

/// Why a delivery did not succeed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DeliveryError {
    /// Nothing was posted; try again.
    #[error("try again{}: {why}", after.map(|after| format!(" in {after:?}")).unwrap_or_default())]
    Retry {
        after: Option<std::time::Duration>,
        why: String,
    },
    /// It may have been posted: the request left and no answer came.
    #[error("no answer came: {why}")]
    Unknown { why: String },
    /// It will never be accepted like this.
    #[error("refused: {why}")]
    Rejected { why: String },
    /// The place or message does not exist (any more).
    #[error("gone: {why}")]
    Gone { why: String },
}

/// Where a platform brings what people ask: implemented by the use cases.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Does what a person asks and answers what they should read.
    async fn perform(&self, ask: Ask) -> Told;
    /// Open inquiries whose reference or title starts so, for completion: reference and a line.
    async fn complete(
        &self,
        who: &AskedBy,
        beginning: &str,
        limit: usize,
    ) -> Vec<(Reference, String)>;
    /// The inquiry of a card's message or thread.
    async fn inquiry_at(
        &self,
        platform: &str,
        message_or_thread: &str,
    ) -> Option<(InquiryId, Reference)>;
    /// What a verb's form says before anybody has typed: about the inquiry that the request names or the place implies, with
    /// the choices that the request holds so far.
    async fn draft(
        &self,
        _request: &crate::app::verbs::Request,
        _here: Option<&InquiryId>,
    ) -> Draft {
        Draft::default()
    }
    /// What the resolve dialogue must ask for.
    async fn resolve_form(&self, inquiry: &InquiryId) -> Option<ResolveForm>;
}

/// What a form says before anybody has typed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Draft {
    pub reference: Option<Reference>,
    /// What stands in the fields, by parameter.
    pub given: std::collections::BTreeMap<String, String>,
    /// What there is to choose from where only the desk knows it, by parameter: each with its name.
    pub choices: std::collections::BTreeMap<String, Vec<(String, String)>>,
}

impl Draft {
    /// One of a single field; empty without its words.
    pub fn of(param: &str, words: Option<String>) -> Self {
        let given = words.map(|words| (param.to_owned(), words));
        Draft {
            given: given.into_iter().collect(),
            ..Draft::default()
        }
    }

    /// What there is to choose from for a parameter.
    pub fn choices(&self, param: &str) -> &[(String, String)] {
        self.choices.get(param).map_or(&[], Vec::as_slice)
    }
}

/// What a resolve dialogue asks: by kind, with the categories to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolveForm {
    pub reference: Reference,
    pub kind: crate::domain::inquiry::Kind,
    pub categories: Vec<String>,
}

/// Who asks, as the platform knows them.
#[derive(Clone, Debug, PartialEq)]
pub enum AskedBy {
    /// A person of a chat platform: mapped to a member by the configuration.
    Chat {
        platform: String,
        id: String,
        roles: Vec<String>,
        locale: Option<String>,
    },
    /// A member who is signed in.
    Member(MemberId),
    /// A script with a token of its own.
    Token(String),
}

/// One thing asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub by: AskedBy,
    /// The way it came, for the ledger: the platform's key, `api`, `desk`, `cli`.
    pub via: String,
    /// Makes a repeat harmless (interaction id, idempotency key).
    pub command_key: Option<String>,
    pub verb: crate::app::verbs::Request,
    /// The inquiry that the place implies, where the words name none.
    pub here: Option<InquiryId>,
}

/// What the person reads, privately, and which inquiry it was about.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub is_refused: bool,
    pub message: Message,
    pub lang: Lang,
    pub reference: Option<Reference>,
    pub inquiry: Option<InquiryId>,
    /// The words behind the message's text ids.
    pub texts: HashMap<TextId, String>,
    /// For machines: the refusal or result as data.
    pub data: serde_json::Value,
}
