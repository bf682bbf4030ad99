//! A mailbox as a source: each mail is a document, a conversation is an inquiry, and an answer is a mail in it.
//!
//! Promises: a mail is taken in once, by its Message-ID, whatever number it has in the folder; the cursor
//! (`UIDVALIDITY:UID`) moves only past mails that were looked at; what nobody wrote (automatic answers, mails that came
//! back, our own) is counted and left alone; nothing of the mailbox is changed unless that was asked for, and then only
//! once what was read is kept here. Leaves out what a mail means to the desk, and keeping what is attached.
//!
//! A mail is of the conversation of the first mail it names (References, then In-Reply-To) that is known; of the first it
//! names at all if none is; and begins one of its own if it names none.

mod back;
mod document;
mod ignore;
mod letter;
mod quote;
mod session;
mod trial;

pub(super) use back::Replies;

use super::poll::Rhythm;
use super::request::quote as quoted;
use super::{Source, Sources, Way};
use crate::app::mail_config::MailSecurity;
use crate::app::ports::{
    Envelope, HookError, Letterbox, MailRow, Mails, Mapped, Page, PollError, Side, SourceState,
    StoreError,
};
use crate::app::secret::Secret;
use crate::app::source_config::{After, ImapConfig, MailSource, SourceConfig};
use crate::clock;
use crate::domain::ids::SourceId;
use crate::time::{SignedDuration, Timestamp, plus};
use document::Arrived;
use letter::Letter;
use serde_json::Value;
use session::{Head, Mailbox, MailboxError};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::ClientConfig;

/// How many mails one page brings, and how long it may take before what was read is kept.
const PAGE: usize = 50;
const LONG: Duration = Duration::from_secs(30);

/// The largest mail that is read whole, and how much is read of a larger one.
const WHOLE: usize = 25 * 1024 * 1024;
const START: usize = 1024 * 1024;

/// The longest id that is a key as it stands.
const ID: usize = 180;

/// How many mails are filed in one go.
const FILED: usize = 500;

/// How a mailbox is read, made ready.
pub(super) struct Plan {
    pub rhythm: Rhythm,
    imap: ImapConfig,
    trust: Arc<ClientConfig>,
    /// The addresses that are ours.
    own: Vec<String>,
    team_domains: Vec<String>,
    pub replies: Replies,
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
            imap,
        })
    }
}

/// Where a source stands in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    validity: u32,
    uid: u32,
}

impl Cursor {
    fn read(text: &str) -> Option<Cursor> {
        let (validity, uid) = text.split_once(':')?;
        Some(Cursor {
            validity: validity.parse().ok()?,
            uid: uid.parse().ok()?,
        })
    }

    fn written(self) -> String {
        format!("{}:{}", self.validity, self.uid)
    }
}

/// An id that is short enough for a key.
fn short(id: &str) -> String {
    match id.chars().count() > ID {
        true => format!("sha256-{}", hex::encode(Sha256::digest(id))),
        false => id.to_owned(),
    }
}

type Item = Result<Mapped, (String, HookError)>;

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
        let opened = Mailbox::open(&self.client, &plan.imap, &plan.trust).await;
        let mut mailbox = opened.map_err(failed)?;
        let reader = Reader {
            source,
            plan,
            post,
            since: source
                .contact
                .since
                .or(state.since)
                .filter(|_| !source.contact.wants_backlog),
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

/// One page being read.
struct Reader<'a> {
    source: &'a Source,
    plan: &'a Plan,
    post: &'a Post,
    /// What came before is left alone.
    since: Option<Timestamp>,
    now: Timestamp,
}

impl Reader<'_> {
    async fn page(&self, mailbox: &mut Mailbox, state: &SourceState) -> Result<Page, MailboxError> {
        let cursor = state.cursor.as_deref().and_then(Cursor::read);
        let known = cursor.filter(|cursor| cursor.validity == mailbox.validity && cursor.uid > 0);
        // A server that does not file is told of, and read all the same.
        let unfiled = match known {
            Some(cursor) => match self.file(mailbox, cursor).await {
                Err(MailboxError::Unexpected(why)) => {
                    Some(format!("taken mails stay where they are: {why}"))
                }
                done => done.map(|()| None)?,
            },
            None => None,
        };
        let after = known.map_or(0, |cursor| cursor.uid);
        let query = match (known, self.since) {
            (Some(_), _) => format!("UID {}:*", after.saturating_add(1)),
            // The server counts days, in a zone of its own.
            (None, Some(since)) => {
                let before = plus(since, SignedDuration::from_hours(-48));
                format!("SINCE {}", session::day(before))
            }
            (None, None) => "ALL".to_owned(),
        };
        let mut uids = mailbox.search(&query).await?;
        // `n:*` means the last mail too where all are before n.
        uids.retain(|uid| *uid > after);
        let mut has_more = uids.len() > PAGE;
        uids.truncate(PAGE);
        let began = clock::monotonic();
        let heads = mailbox.heads(&uids).await?;
        let mut last = after.max(uids.last().copied().unwrap_or_default());
        let mut items = Vec::new();
        for (n, head) in heads.iter().enumerate() {
            if n > 0 && began.elapsed() > LONG {
                last = heads[n - 1].uid;
                has_more = true;
                break;
            }
            match self.mail(mailbox, *head).await {
                Ok(item) => items.extend(item),
                // One that the server does not give must not hold up the others.
                Err(MailboxError::Unexpected(why)) => {
                    let folder = &self.plan.imap.folder;
                    let what = format!("mail {}:{} of {folder}", mailbox.validity, head.uid);
                    items.push(Err((what, HookError::Malformed(why))));
                }
                Err(error) if n == 0 => return Err(error),
                // What was read is kept; the next poll goes on from here, and says so if it cannot.
                Err(_) => {
                    last = heads[n - 1].uid;
                    has_more = false;
                    break;
                }
            }
        }
        let cursor = Cursor {
            validity: mailbox.validity,
            uid: last,
        };
        Ok(Page {
            items,
            state: SourceState {
                // Before the first mail there is nothing to go on from: what is older is left where it is.
                cursor: (last > 0).then(|| cursor.written()),
                failures: 0,
                last_error: unfiled,
                last_ok_at: Some(self.now),
                rest_until: None,
                ..state.clone()
            },
            has_more,
            complete: None,
            passed: Vec::new(),
        })
    }

    /// Files the mails that were taken in: those up to a cursor that is kept.
    async fn file(&self, mailbox: &mut Mailbox, cursor: Cursor) -> Result<(), MailboxError> {
        let wanted = match &self.plan.imap.after {
            After::Keep => return Ok(()),
            After::Seen => " UNSEEN",
            After::Move(_) => "",
        };
        if cursor.uid == 0 {
            return Ok(());
        }
        let since = self.since.map(|since| {
            let before = plus(since, SignedDuration::from_hours(-48));
            format!(" SINCE {}", session::day(before))
        });
        let query = format!("UID 1:{}{wanted}{}", cursor.uid, since.unwrap_or_default());
        let mut uids = mailbox.search(&query).await?;
        uids.retain(|uid| *uid <= cursor.uid);
        // The newest first: those of before the first contact stay, and would be looked at again for ever.
        let uids = uids.split_off(uids.len().saturating_sub(FILED));
        let mut taken = Vec::new();
        for head in mailbox.heads(&uids).await? {
            // What is older than the first contact was left alone, and is so now.
            let is_ours = match (self.since, head.at) {
                (Some(since), Some(at)) => at >= since,
                (Some(_), None) => false,
                (None, _) => true,
            };
            if is_ours {
                taken.push(head.uid);
            }
        }
        match taken.is_empty() {
            true => Ok(()),
            false => mailbox.file(&taken, &self.plan.imap.after).await,
        }
    }

    /// Reads one mail; nothing where it is none, is nobody's or is gone.
    async fn mail(&self, mailbox: &mut Mailbox, head: Head) -> Result<Option<Item>, MailboxError> {
        let is_cut = head.bytes > WHOLE;
        let start = is_cut.then_some(START);
        let Some(raw) = mailbox.mail(head.uid, start, head.bytes.min(WHOLE)).await? else {
            return Ok(None);
        };
        // Away from the others: a large mail takes a while, and one that breaks the parser breaks nothing else.
        let read = tokio::task::spawn_blocking(move || Letter::read(&raw)).await;
        let Ok(Some(letter)) = read else {
            let why = "it cannot be read as a mail".to_owned();
            let what = format!("mail {} of {}", head.uid, self.plan.imap.folder);
            return Ok(Some(Err((what, HookError::Malformed(why)))));
        };
        let kept = self.arrived(&letter, head.at.unwrap_or(self.now).min(self.now), is_cut);
        kept.await
            .map_err(|error| MailboxError::Unavailable(error.to_string()))
    }

    /// What a mail brings.
    async fn arrived(
        &self,
        letter: &Letter,
        at: Timestamp,
        is_cut: bool,
    ) -> Result<Option<Item>, StoreError> {
        let id = &self.source.id;
        let before = self.post.kept.mail(id, &letter.message_id).await?;
        if before.as_ref().is_some_and(|row| row.by == Side::Own) {
            self.leave(letter, ignore::Reason::Own);
            return Ok(None);
        }
        if let Some(reason) = ignore::reason(letter) {
            self.leave(letter, reason);
            return Ok(None);
        }
        let (thread, is_known) = match before {
            Some(row) => (row.thread, true),
            None => self.thread(letter).await?,
        };
        let team = &self.source.contact.owners;
        let by = document::side(
            &letter.from.address,
            &self.plan.own,
            team,
            &self.plan.team_domains,
        );
        if let Some(reason) = document::opens_nothing(by, is_known) {
            self.leave(letter, reason);
            return Ok(None);
        }
        let arrived = Arrived {
            letter,
            thread: &thread,
            by,
            at,
            is_cut,
        };
        let document = arrived.document(self.source.contact.lang);
        let mapped = match self.source.reread_mail(&document) {
            Ok(Some(mapped)) => Ok(mapped),
            // It is somebody else's: then it is of no conversation either.
            Ok(None) => return Ok(None),
            Err(why) => Err((document.to_string(), why)),
        };
        // Kept before the inquiry is: until the cursor passes it, it is read again and is the same.
        let row = MailRow {
            source: id.clone(),
            message_id: letter.message_id.clone(),
            thread,
            at,
            by,
            envelope: envelope(letter),
        };
        self.post.kept.keep_mail(row).await?;
        Ok(Some(mapped))
    }

    /// Of which conversation a mail is, and whether that is known.
    async fn thread(&self, letter: &Letter) -> Result<(String, bool), StoreError> {
        let named = || letter.references.iter().chain(&letter.in_reply_to);
        for earlier in named() {
            if let Some(row) = self.post.kept.mail(&self.source.id, earlier).await? {
                return Ok((row.thread, true));
            }
        }
        let first = named().next().unwrap_or(&letter.message_id);
        let thread = short(first);
        let kept = self
            .post
            .kept
            .mail_thread(&self.source.id, &thread, 1)
            .await?;
        Ok((thread, !kept.is_empty()))
    }

    fn leave(&self, letter: &Letter, reason: ignore::Reason) {
        let source = self.source.id.to_string();
        let why = reason.word();
        metrics::counter!("toban_mails_ignored_total", "source" => source, "why" => why)
            .increment(1);
        tracing::info!(source = %self.source.id, why, mail = %letter.message_id, "a mail of {} was left alone: {why}", self.source.id);
    }
}

fn envelope(letter: &Letter) -> Envelope {
    Envelope {
        from: letter.from.clone(),
        reply_to: letter.reply_to.clone(),
        to: letter.to.clone(),
        cc: letter.cc.clone(),
        subject: letter.subject.clone(),
        references: letter
            .references
            .iter()
            .chain(
                // Some programs name only the mail that they answer.
                letter
                    .in_reply_to
                    .iter()
                    .filter(|id| !letter.references.contains(id)),
            )
            .cloned()
            .collect(),
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
