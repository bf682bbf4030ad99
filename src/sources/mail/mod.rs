//! A mailbox as a source: each mail is a document, a conversation is an inquiry, and an answer is a mail in it.
//!
//! Promises: a mail is taken in once, by its Message-ID, whatever number it has in the folder; the cursor
//! (`UIDVALIDITY:UID`) moves only past mails that were looked at; what nobody wrote (automatic answers, mails that came
//! back, our own) is counted and left alone; nothing of the mailbox is changed unless that was asked for, and then only of
//! mails that were taken, once what was read is kept here; no mail holds up those behind it, however large or broken it is
//! or however slow the line. Leaves out what a mail means to the desk, and keeping what is attached.
//!
//! A mail is of the conversation of the first mail it names (References, then In-Reply-To) that is known; of the first it
//! names at all if none is; and begins one of its own if it names none.

mod back;
mod charset;
mod cursor;
mod document;
mod ignore;
mod letter;
mod quote;
mod reader;
mod report;
mod session;
mod trial;

pub(super) use back::Replies;
pub(super) use document::Cut;

use super::poll::Rhythm;
use super::request::quote as quoted;
use super::{Source, Sources, Way};
use crate::app::mail_config::MailSecurity;
use crate::app::ports::{HookError, Letterbox, Mails, Mapped, Page, PollError, SourceState};
use crate::app::secret::Secret;
use crate::app::source_config::{ImapConfig, MailSource, SourceConfig};
use crate::clock;
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use reader::Reader;
use serde_json::Value;
use session::{Mailbox, MailboxError};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use tokio_rustls::rustls::ClientConfig;

/// The largest mail that is read whole, and how much is read of a larger one.
const WHOLE: usize = 25 * 1024 * 1024;
const START: usize = 1024 * 1024;

/// The longest id that is a key as it stands.
const ID: usize = 180;

/// How a mailbox is read, made ready.
pub(super) struct Plan {
    pub rhythm: Rhythm,
    imap: ImapConfig,
    trust: Arc<ClientConfig>,
    /// The addresses that are ours.
    own: Vec<String>,
    team_domains: Vec<String>,
    pub replies: Replies,
    stuck: reader::Stuck,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("host", &self.imap.host)
            .field("folder", &self.imap.folder)
            .finish_non_exhaustive()
    }
}

/// What sources of mail need of the outside: what is kept of mails, and who hands letters over.
#[derive(Clone)]
pub(super) struct Post {
    pub kept: Arc<dyn Mails>,
    pub boxes: HashMap<SourceId, Arc<dyn Letterbox>>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("boxes", &self.boxes.keys())
            .finish_non_exhaustive()
    }
}

impl Plan {
    pub fn compile(config: &SourceConfig, mail: &MailSource) -> Result<Plan, (String, String)> {
        let imap = mail.imap.clone();
        let authority = imap.authority.as_deref();
        let authority = authority.filter(|_| imap.security != MailSecurity::None);
        let is_address = |text: &&str| text.contains('@');
        let username = Some(imap.sign_in.username.as_str()).filter(is_address);
        let from = mail.smtp.as_ref().map(|smtp| smtp.from.as_str());
        Ok(Plan {
            rhythm: Rhythm::new(&imap.schedule).map_err(|why| ("imap.zone".to_owned(), why))?,
            trust: session::trust(authority).map_err(|why| ("imap.ca_file".to_owned(), why))?,
            own: [username, from]
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect(),
            team_domains: mail.team_domains.clone(),
            replies: Replies::compile(config, mail)?,
            stuck: reader::Stuck::default(),
            imap,
        })
    }
}

/// An id that is short enough for a key.
fn short(id: &str) -> String {
    match id.chars().count() > ID {
        true => format!("sha256-{}", hex::encode(Sha256::digest(id))),
        false => id.to_owned(),
    }
}

impl Sources {
    /// Gives sources of mail what they need: what is kept of mails, and for each source who hands its letters over.
    #[must_use]
    pub fn with_mail(
        mut self,
        kept: Arc<dyn Mails>,
        boxes: HashMap<SourceId, Arc<dyn Letterbox>>,
    ) -> Sources {
        self.post = Some(Post { kept, boxes });
        self
    }

    /// Signs in and opens the folder, and leaves it as it is.
    pub(super) async fn try_mailbox(&self, source: &Source, plan: &Plan) -> Result<(), PollError> {
        let secrets = [plan.imap.sign_in.password.clone()];
        let opened = Mailbox::open(&self.client, &plan.imap, &plan.trust).await;
        let opened = opened.map_err(|error| poll_error(&source.id, error, &secrets))?;
        opened.close().await;
        Ok(())
    }

    /// Reads a page of a mailbox.
    pub(super) async fn read_mail(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Page, PollError> {
        let secrets = [plan.imap.sign_in.password.clone()];
        let failed = |error: MailboxError| poll_error(&source.id, error, &secrets);
        let Some(post) = &self.post else {
            let why = "there is nothing to remember mails by".to_owned();
            return Err(failed(MailboxError::Unexpected(why)));
        };
        let began = clock::monotonic();
        let opened = Mailbox::open(&self.client, &plan.imap, &plan.trust).await;
        let mut mailbox = opened.map_err(failed)?;
        let since = source.contact.since.or(state.since);
        let reader = Reader {
            source,
            plan,
            post,
            since: since.filter(|_| !source.contact.wants_backlog),
            began,
            now,
        };
        let page = reader.page(&mut mailbox, state).await;
        mailbox.close().await;
        page.map_err(failed)
    }
}

impl Source {
    /// Reads a mail again that was kept as a document.
    pub(super) fn reread_mail(&self, document: &Value) -> Result<Option<Mapped>, HookError> {
        let mapped = self.reader().map(&document::seen(document), None)?;
        Ok(mapped.map(|mapped| Mapped {
            heard: document::heard(document, self.contact.lang),
            // A mail never changes.
            revision: Some("1".to_owned()),
            messages: Vec::new(),
            ..mapped
        }))
    }

    pub(super) fn mailbox(&self) -> Option<&Plan> {
        match &self.way {
            Way::Mail(plan) => Some(plan),
            Way::Webhook { .. } | Way::Poll(_) | Way::Portal => None,
        }
    }
}

/// What a mailbox that cannot be read means for the poll; nothing that was said to be let in is quoted back.
fn poll_error(source: &SourceId, error: MailboxError, secrets: &[Secret]) -> PollError {
    let source_name = source.to_string();
    let said = |why: String| quoted(why.as_bytes(), secrets);
    match error {
        MailboxError::Unavailable(why) => PollError::Unavailable {
            source_name,
            why: said(why),
            retry_after: None,
        },
        MailboxError::Unexpected(why) => PollError::Unexpected {
            source_name,
            why: said(why),
        },
    }
}

#[cfg(test)]
mod tests;
