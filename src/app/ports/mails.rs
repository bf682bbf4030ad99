//! Mails: what is kept of those that came or went, and how an answer is handed over.

use super::{DeliveryError, Side, StoreError};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Somebody's address, and the name they gave with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAddress {
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What an answer to a mail is made of.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub from: MailAddress,
    /// Where answers are wanted, if elsewhere.
    #[serde(default)]
    pub reply_to: Vec<MailAddress>,
    #[serde(default)]
    pub to: Vec<MailAddress>,
    #[serde(default)]
    pub cc: Vec<MailAddress>,
    #[serde(default)]
    pub subject: String,
    /// The mails before it, the oldest first, without brackets.
    #[serde(default)]
    pub references: Vec<String>,
    /// The key of the delivery that it is, where it is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl fmt::Debug for Envelope {
    /// Without people and subject: neither is for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("references", &self.references)
            .finish_non_exhaustive()
    }
}

/// What is kept of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    pub source: SourceId,
    /// Without brackets.
    pub message_id: String,
    /// Which conversation it is of: the id of the mail that began it, which is the external id of its inquiry.
    pub thread: String,
    pub at: Timestamp,
    /// [`Side::Own`] for what toban sent.
    pub by: Side,
    pub envelope: Envelope,
}

/// The mails that are known.
#[async_trait]
pub trait Mails: Send + Sync {
    /// Keeps a mail; one that is known stays as it is.
    async fn keep_mail(&self, row: MailRow) -> Result<(), StoreError>;
    /// A mail by its id.
    async fn mail(
        &self,
        source: &SourceId,
        message_id: &str,
    ) -> Result<Option<MailRow>, StoreError>;
    /// The latest mails of a conversation, the newest first.
    async fn mail_thread(
        &self,
        source: &SourceId,
        thread: &str,
        limit: u32,
    ) -> Result<Vec<MailRow>, StoreError>;
}

/// An address that a letter was not taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub address: String,
    pub why: String,
}

/// A mail to be sent. Ids are without brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub message_id: String,
    pub to: Vec<MailAddress>,
    pub cc: Vec<MailAddress>,
    pub subject: String,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    pub text: String,
}

/// What became of a letter of ours after it had been handed over, as a mail server reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The key of the delivery that it was.
    pub key: String,
    /// The conversation it was of.
    pub thread: String,
    pub fate: Fate,
    /// To whom, and what the server said.
    pub why: String,
}

/// How bad it is that a letter did not arrive somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Whoever asked does not get it.
    Failed,
    /// They do; somebody who was to get a copy does not.
    CopyFailed,
    /// It is being tried still.
    Delayed,
}

/// Hands over what people write: implemented by `mail`, used by sources that are mailboxes.
#[async_trait]
pub trait Letterbox: Send + Sync {
    /// The address that letters come from.
    fn from(&self) -> &str;
    /// Hands a letter over, once, to everybody whom the server takes; answers who was refused, and why. Somebody it is
    /// addressed to, and not as a copy, is among those who get it.
    ///
    /// # Errors
    /// [`DeliveryError::Unknown`] when the server was given it and did not say whether it took it.
    async fn hand_over(&self, letter: &Letter) -> Result<Vec<Refused>, DeliveryError>;
}
