//! Speaking IMAP: signing in, looking into a folder, reading mails of it, and filing those that were taken.
//!
//! Promises: nothing goes in the clear that was to be encrypted; every step ends in time; no more is read than was asked
//! for; with [`After::Keep`] nothing is changed at the server, no mark of a mail being read included. Errors do not hold
//! the password. Leaves out what is in a mail.

mod answer;
#[cfg(test)]
pub(super) mod double;
mod line;
mod words;

pub(super) use line::trust;
pub(super) use words::day;

use crate::app::mail_config::MailSecurity;
use crate::app::source_config::{After, ImapConfig};
use crate::clock::{self, Instant};
use crate::net::{Client, NotSent};
use crate::time::Timestamp;
use answer::{Answer, in_time};
use async_imap::error::Error;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use line::{Bounded, Line, encrypted, greeted};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_rustls::rustls::ClientConfig;
use words::{encoded, moment, numbers};

/// How long signing in may take, how long an answer of a few lines, and how long a piece of a mail.
const SIGN_IN: Duration = Duration::from_secs(20);
const ANSWER: Duration = Duration::from_secs(30);
const PIECE: Duration = Duration::from_secs(30);

/// How many bytes of a mail are asked for at first, and at most: more each time as long as they come fast. A line that
/// brings the first in time (2 KB a second) brings mails in.
pub(super) const SMALL: usize = 64 * 1024;
const LARGE: usize = 1024 * 1024;
const FAST: Duration = Duration::from_secs(2);

/// The most bytes of an answer that is no mail: the numbers of a large folder.
const LISTING: usize = 16 * 1024 * 1024;

/// What else comes with a piece.
const BESIDE: usize = 64 * 1024;

/// Why a mailbox cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum MailboxError {
    /// It may be there later.
    #[error("{0}")]
    Unavailable(String),
    /// It will not be otherwise until somebody changes something.
    #[error("{0}")]
    Unexpected(String),
}

impl From<NotSent> for MailboxError {
    fn from(error: NotSent) -> Self {
        match error {
            NotSent::Refused(_) | NotSent::Invalid(_) => {
                MailboxError::Unexpected(error.to_string())
            }
            NotSent::Connect(_) | NotSent::ConnectTimeout | NotSent::Tls(_) => {
                MailboxError::Unavailable(error.to_string())
            }
        }
    }
}

impl From<Error> for MailboxError {
    fn from(error: Error) -> Self {
        match error {
            Error::No(_) | Error::Bad(_) | Error::Validate(_) => {
                MailboxError::Unexpected(error.to_string())
            }
            _ => MailboxError::Unavailable(error.to_string()),
        }
    }
}

/// A folder that is open.
pub(super) struct Mailbox {
    session: async_imap::Session<Bounded>,
    left: Arc<AtomicUsize>,
    /// Numbers of mails mean something only together with it.
    pub validity: u32,
}

/// What a folder says of a mail before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub uid: u32,
    /// How long it is, where the server tells.
    pub bytes: Option<usize>,
    /// When the server got it.
    pub at: Option<Timestamp>,
}

impl Head {
    /// Reads what is told of a mail; `None` where it is not told of which.
    fn read(told: &[AttributeValue<'_>]) -> Option<Head> {
        let mut head = Head {
            uid: uid_of(told)?,
            bytes: None,
            at: None,
        };
        for of in told {
            match of {
                AttributeValue::Rfc822Size(bytes) => head.bytes = usize::try_from(*bytes).ok(),
                AttributeValue::InternalDate(text) => head.at = moment(text),
                _ => {}
            }
        }
        Some(head)
    }
}

fn uid_of(told: &[AttributeValue<'_>]) -> Option<u32> {
    told.iter().find_map(|of| match of {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// What comes when a piece of a mail is asked for.
enum Piece {
    Bytes(Vec<u8>),
    /// The server has nothing to say.
    Nothing,
    /// It does not give it, and this is why.
    Refused(String),
}

/// What was read of a mail.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub raw: Vec<u8>,
    /// Whether it is all of it.
    pub is_whole: bool,
    /// Why no more came, where something went wrong.
    pub broke: Option<MailboxError>,
}

impl Mailbox {
    /// Signs in and opens the folder: to look at only, unless mails of it are to be filed.
    pub async fn open(
        client: &Client,
        config: &ImapConfig,
        trust: &Arc<ClientConfig>,
    ) -> Result<Mailbox, MailboxError> {
        let left = Arc::new(AtomicUsize::new(LISTING));
        let (host, port) = (config.host.as_str(), config.port);
        let signing_in = async {
            let line = client.line(host, port).await?;
            let line: Box<dyn Line> = match config.security {
                MailSecurity::Tls => encrypted(line, host, trust).await?,
                MailSecurity::None => Box::new(line),
                MailSecurity::StartTls => {
                    let bounded = Bounded {
                        line: Box::new(line),
                        left: left.clone(),
                    };
                    let mut imap = async_imap::Client::new(bounded);
                    greeted(imap.read_response().await)?;
                    let asked = imap.run_command_and_check_ok("STARTTLS", None).await;
                    asked.map_err(|error| {
                        let why = format!("the server does not offer STARTTLS: {error}");
                        MailboxError::Unexpected(why)
                    })?;
                    // What came after the answer was said in the clear, and is forgotten with the buffer.
                    encrypted(imap.into_inner().line, host, trust).await?
                }
            };
            let bounded = Bounded {
                line,
                left: left.clone(),
            };
            let mut imap = async_imap::Client::new(bounded);
            if config.security != MailSecurity::StartTls {
                greeted(imap.read_response().await)?;
            }
            let password = config.sign_in.password.expose();
            let session = imap.login(&config.sign_in.username, password).await;
            session.map_err(|(error, _)| match MailboxError::from(error) {
                MailboxError::Unexpected(why) => {
                    MailboxError::Unexpected(format!("the sign-in was refused: {why}"))
                }
                other @ MailboxError::Unavailable(_) => other,
            })
        };
        let mut session = in_time(SIGN_IN, "signing in", signing_in).await?;
        let folder = encoded(&config.folder);
        let opening = async {
            match config.after {
                After::Keep => session.examine(&folder).await,
                After::Seen | After::Move(_) => session.select(&folder).await,
            }
        };
        let opened = in_time(ANSWER, "opening the folder", opening).await;
        let opened = opened.map_err(|error| match error {
            MailboxError::Unexpected(why) => MailboxError::Unexpected(format!(
                "the folder {:?} cannot be opened: {why}",
                config.folder
            )),
            other @ MailboxError::Unavailable(_) => other,
        })?;
        let validity = opened.uid_validity.ok_or_else(|| {
            MailboxError::Unexpected("the server gives its mails no lasting numbers".to_owned())
        })?;
        Ok(Mailbox {
            session,
            left,
            validity,
        })
    }

    fn allow(&self, bytes: usize) {
        self.left.store(bytes, Ordering::Relaxed);
    }

    /// The numbers of mails that match, in their order.
    pub async fn search(&mut self, query: &str) -> Result<Vec<u32>, MailboxError> {
        self.allow(LISTING);
        let command = format!("UID SEARCH {query}");
        let searching = self.ask((ANSWER, "searching"), &command, |told, found| {
            if let Response::MailboxData(MailboxDatum::Search(numbers)) = told {
                found.extend(numbers);
            }
        });
        let Answer {
            told: mut found,
            refusal,
        } = searching.await?;
        // A search that is refused has not found that there is nothing.
        if let Some(why) = refusal {
            let why = format!("the server does not search: {why}");
            return Err(MailboxError::Unavailable(why));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Which of some mails are still in the folder, for a server that did not tell of them.
    async fn still_there(&mut self, uids: &[u32]) -> Result<Vec<u32>, MailboxError> {
        let mut found = self.search(&format!("UID {}", numbers(uids))).await?;
        found.retain(|uid| uids.contains(uid));
        Ok(found)
    }

    /// What the folder says of some mails; of those that are gone, nothing.
    pub async fn heads(&mut self, uids: &[u32]) -> Result<Vec<Head>, MailboxError> {
        let Answer {
            told: mut heads,
            mut refusal,
        } = self.told_heads(uids).await?;
        let mut untold = uids.to_vec();
        untold.retain(|uid| !heads.iter().any(|head| head.uid == *uid));
        if untold.is_empty() {
            return Ok(heads);
        }
        // One that the server cannot tell of may keep it from telling of the others: each is asked for alone.
        let mut untold = self.still_there(&untold).await?;
        if uids.len() > 1 {
            for uid in std::mem::take(&mut untold) {
                let alone = self.told_heads(&[uid]).await?;
                refusal = refusal.or(alone.refusal);
                match alone.told.first() {
                    Some(head) => heads.push(*head),
                    None => untold.push(uid),
                }
            }
            if let (true, Some(uid)) = (heads.is_empty(), untold.first()) {
                let why = refusal.unwrap_or_else(|| "it tells of none".to_owned());
                let why = format!("the server did not tell of mail {uid}: {why}");
                return Err(MailboxError::Unavailable(why));
            }
        }
        // What it cannot tell of must not hold up the others: its beginning is asked for.
        heads.extend(untold.into_iter().map(|uid| Head {
            uid,
            bytes: None,
            at: None,
        }));
        heads.sort_unstable_by_key(|head| head.uid);
        Ok(heads)
    }

    async fn told_heads(&mut self, uids: &[u32]) -> Result<Answer<Head>, MailboxError> {
        if uids.is_empty() {
            return Ok(Answer {
                told: Vec::new(),
                refusal: None,
            });
        }
        self.allow(LISTING);
        let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", numbers(uids));
        let what = "asking for the sizes of mails";
        let asking = self.ask((ANSWER, what), &command, |told, heads| {
            if let Response::Fetch(_, of) = told {
                heads.extend(Head::read(of).filter(|head| uids.contains(&head.uid)));
            }
        });
        let mut answer = asking.await?;
        answer.told.sort_unstable_by_key(|head| head.uid);
        answer.told.dedup_by_key(|head| head.uid);
        Ok(answer)
    }

    /// A mail, piece by piece, up to a size and until a moment; `None` if it is gone.
    ///
    /// The time is each piece's, not the mail's: what has come when the moment is there is given, and that it is not all.
    pub async fn mail(
        &mut self,
        uid: u32,
        most: usize,
        enough: Instant,
    ) -> Result<Option<Read>, MailboxError> {
        let mut read = Read::default();
        let mut size = SMALL;
        loop {
            let began = clock::monotonic();
            let asked = size.min(most - read.raw.len());
            match self.piece(uid, read.raw.len(), asked).await {
                Ok(Piece::Bytes(piece)) => {
                    read.is_whole = piece.len() < asked;
                    read.raw.extend(piece);
                }
                // Servers have nothing to say behind the end.
                Ok(Piece::Nothing) if !read.raw.is_empty() => return Ok(Some(read)),
                Ok(Piece::Nothing) => {}
                Ok(Piece::Refused(why)) if read.raw.is_empty() => {
                    return self.none_of(uid, why).await;
                }
                Ok(Piece::Refused(why)) => {
                    read.broke = Some(MailboxError::Unexpected(why));
                    return Ok(Some(read));
                }
                Err(error) if read.raw.is_empty() => return Err(error),
                Err(error) => {
                    read.broke = Some(error);
                    return Ok(Some(read));
                }
            }
            if read.raw.is_empty() {
                let why = "the server does not give it".to_owned();
                return self.none_of(uid, why).await;
            }
            if read.is_whole || read.raw.len() >= most || clock::monotonic() >= enough {
                return Ok(Some(read));
            }
            if began.elapsed() < FAST {
                size = (2 * size).min(LARGE);
            }
        }
    }

    /// Whether the server gives anything of a mail just now.
    pub async fn gives(&mut self, uid: u32) -> Result<bool, MailboxError> {
        match self.piece(uid, 0, SMALL).await? {
            Piece::Bytes(piece) => Ok(!piece.is_empty()),
            Piece::Nothing | Piece::Refused(_) => Ok(false),
        }
    }

    /// What it means that there is nothing of a mail: it is gone, or else this is why.
    async fn none_of(&mut self, uid: u32, why: String) -> Result<Option<Read>, MailboxError> {
        match self.still_there(&[uid]).await?.is_empty() {
            true => Ok(None),
            false => Err(MailboxError::Unexpected(why)),
        }
    }

    /// Some bytes of a mail; fewer only at its end.
    async fn piece(&mut self, uid: u32, from: usize, bytes: usize) -> Result<Piece, MailboxError> {
        self.allow(bytes.saturating_add(BESIDE));
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[]<{from}.{bytes}>)");
        let reading = self.ask((PIECE, "reading a mail"), &command, |told, pieces| {
            if let Response::Fetch(_, of) = told
                && uid_of(of) == Some(uid)
            {
                pieces.extend(of.iter().find_map(|of| match of {
                    AttributeValue::BodySection {
                        section: None,
                        data: Some(data),
                        ..
                    } => Some(data.to_vec()),
                    _ => None,
                }));
            }
        });
        let answer = reading.await?;
        match (answer.told.into_iter().next(), answer.refusal) {
            // It took no notice of what was asked for, and where this would stand is unknown.
            (Some(piece), _) if piece.len() > bytes => Ok(Piece::Refused(
                "the server sends more than was asked for".to_owned(),
            )),
            (Some(piece), _) => Ok(Piece::Bytes(piece)),
            (None, Some(why)) => Ok(Piece::Refused(format!(
                "the server does not give it: {why}"
            ))),
            (None, None) => Ok(Piece::Nothing),
        }
    }

    /// Does with mails that were taken what is wanted.
    pub async fn file(&mut self, uids: &[u32], after: &After) -> Result<(), MailboxError> {
        self.allow(LISTING);
        let set = numbers(uids);
        match after {
            After::Keep => Ok(()),
            After::Seen => {
                let command = format!("UID STORE {set} +FLAGS.SILENT (\\Seen)");
                let marking =
                    self.ask::<()>((ANSWER, "marking mails as read"), &command, |_, _| {});
                let refusal = marking.await?.refusal;
                // There are servers that take the command and mark nothing.
                match self.search(&format!("UID {set} UNSEEN")).await?.is_empty() {
                    true => Ok(()),
                    false => {
                        let why = "the server does not mark them as read";
                        Err(MailboxError::Unexpected(match refusal {
                            Some(said) => format!("{why}: {said}"),
                            None => why.to_owned(),
                        }))
                    }
                }
            }
            After::Move(folder) => {
                let able = in_time(ANSWER, "moving mails", self.session.capabilities()).await?;
                if !able.has_str("MOVE") {
                    return Err(MailboxError::Unexpected(
                        "the server cannot move mails (RFC 6851): write after = \"seen\" or \"keep\""
                            .to_owned(),
                    ));
                }
                let folder = encoded(folder);
                let moving = self.session.uid_mv(&set, &folder);
                in_time(ANSWER, "moving mails", moving).await
            }
        }
    }

    /// Says farewell; whatever is answered.
    pub async fn close(mut self) {
        let _ = clock::timeout(Duration::from_secs(2), self.session.logout()).await;
    }
}

#[cfg(test)]
mod tests;
