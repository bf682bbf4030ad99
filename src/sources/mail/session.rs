//! Speaking IMAP: signing in, looking into a folder, reading mails of it, and filing those that were taken.
//!
//! Promises: nothing goes in the clear that was to be encrypted; every step ends in time; no more is read than was asked
//! for; with [`After::Keep`] nothing is changed at the server, no mark of a mail being read included. Errors do not hold
//! the password. Leaves out what is in a mail.

#[cfg(test)]
pub(super) mod double;
mod words;

pub(super) use words::day;

use crate::app::mail_config::MailSecurity;
use crate::app::source_config::{After, ImapConfig};
use crate::clock::{self, Instant};
use crate::net::{Client, NotSent};
use crate::time::{Timestamp, from_ms};
use async_imap::error::Error;
use async_imap::types::Fetch;
use futures_util::TryStreamExt as _;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use words::{encoded, numbers};

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

/// What TLS trusts: the public authorities, and one's own.
pub(super) fn trust(authority: Option<&str>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(pem) = authority {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate =
                certificate.map_err(|error| format!("a certificate cannot be read: {error}"))?;
            roots.add(certificate).map_err(|error| error.to_string())?;
            count += 1;
        }
        if count == 0 {
            return Err("there is no certificate in PEM".to_owned());
        }
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(Arc::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// A way to a server, encrypted or not.
trait Line: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Line for T {}

/// A line that ends when more comes than was asked for.
#[derive(Debug)]
struct Bounded {
    line: Box<dyn Line>,
    left: Arc<AtomicUsize>,
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.line).poll_read(cx, buffer);
        let got = buffer.filled().len() - before;
        let left = self.left.load(Ordering::Relaxed);
        if got > left {
            return Poll::Ready(Err(io::Error::other(
                "the server sends more than was asked for",
            )));
        }
        self.left.store(left - got, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.line).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
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
    pub bytes: usize,
    /// When the server got it.
    pub at: Option<Timestamp>,
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

async fn in_time<T, E>(
    limit: Duration,
    what: &str,
    doing: impl Future<Output = Result<T, E>>,
) -> Result<T, MailboxError>
where
    MailboxError: From<E>,
{
    match clock::timeout(limit, doing).await {
        Ok(done) => Ok(done?),
        Err(late) => Err(MailboxError::Unavailable(format!("{what}: {late}"))),
    }
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
        let found = in_time(ANSWER, "searching", self.session.uid_search(query)).await?;
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        // A search that the server refuses reads like one that finds nothing; a line that is cut does too.
        in_time(ANSWER, "searching", self.session.noop()).await?;
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
        let mut heads = self.told_heads(uids).await?;
        let mut untold = uids.to_vec();
        untold.retain(|uid| !heads.iter().any(|head| head.uid == *uid));
        if untold.is_empty() {
            return Ok(heads);
        }
        // A refused fetch reads like one of mails that are gone.
        for uid in self.still_there(&untold).await? {
            let alone = match untold.len() {
                1 => Vec::new(),
                _ => self.told_heads(&[uid]).await?,
            };
            match alone.into_iter().next() {
                Some(head) => heads.push(head),
                // A server that tells of none has a trouble of its own.
                None if uids.len() > 1 && heads.is_empty() => {
                    let why = format!("the server did not tell of mail {uid}");
                    return Err(MailboxError::Unavailable(why));
                }
                // One that it cannot tell of must not hold up the others: its beginning is asked for.
                None => heads.push(Head {
                    uid,
                    bytes: usize::MAX,
                    at: None,
                }),
            }
        }
        heads.sort_unstable_by_key(|head| head.uid);
        Ok(heads)
    }

    async fn told_heads(&mut self, uids: &[u32]) -> Result<Vec<Head>, MailboxError> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        self.allow(LISTING);
        let fetching = async {
            let fetches = self
                .session
                .uid_fetch(numbers(uids), "(UID RFC822.SIZE INTERNALDATE)")
                .await?;
            fetches.try_collect::<Vec<Fetch>>().await
        };
        let fetches = in_time(ANSWER, "asking for the sizes of mails", fetching).await?;
        let mut heads: Vec<Head> = fetches
            .iter()
            .filter_map(|fetch| {
                Some(Head {
                    uid: fetch.uid.filter(|uid| uids.contains(uid))?,
                    bytes: fetch.size.unwrap_or(u32::MAX) as usize,
                    at: fetch
                        .internal_date()
                        .map(|at| from_ms(at.timestamp_millis())),
                })
            })
            .collect();
        heads.sort_unstable_by_key(|head| head.uid);
        heads.dedup_by_key(|head| head.uid);
        Ok(heads)
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
                Ok(Some(piece)) => {
                    read.is_whole = piece.len() < asked;
                    read.raw.extend(piece);
                }
                Ok(None) if read.raw.is_empty() => return self.none_of(uid).await,
                // Servers have nothing to say behind the end. But a line that broke reads the same, and what is refused.
                Ok(None) => {
                    read.broke = self.search(&format!("UID {uid}")).await.err();
                    return Ok(Some(read));
                }
                Err(error) if read.raw.is_empty() => return Err(error),
                Err(error) => {
                    read.broke = Some(error);
                    return Ok(Some(read));
                }
            }
            if read.raw.is_empty() {
                return self.none_of(uid).await;
            }
            if read.is_whole || read.raw.len() >= most || clock::monotonic() >= enough {
                return Ok(Some(read));
            }
            if began.elapsed() < FAST {
                size = (2 * size).min(LARGE);
            }
        }
    }

    /// What it means that there is nothing of a mail.
    async fn none_of(&mut self, uid: u32) -> Result<Option<Read>, MailboxError> {
        match self.still_there(&[uid]).await?.is_empty() {
            true => Ok(None),
            false => {
                let why = "the server does not give it".to_owned();
                Err(MailboxError::Unexpected(why))
            }
        }
    }

    /// Some bytes of a mail; fewer only at its end, and `None` where the server gives none.
    async fn piece(
        &mut self,
        uid: u32,
        from: usize,
        bytes: usize,
    ) -> Result<Option<Vec<u8>>, MailboxError> {
        self.allow(bytes.saturating_add(BESIDE));
        let fetching = async {
            let what = format!("(UID BODY.PEEK[]<{from}.{bytes}>)");
            let fetches = self.session.uid_fetch(uid.to_string(), what).await?;
            fetches.try_collect::<Vec<Fetch>>().await
        };
        let fetches = in_time(PIECE, "reading a mail", fetching).await?;
        let mut found = fetches.iter().filter(|fetch| fetch.uid == Some(uid));
        let piece = found.find_map(|fetch| fetch.body().map(<[u8]>::to_vec));
        match piece {
            // It took no notice of what was asked for, and where this would stand is unknown.
            Some(piece) if piece.len() > bytes => Err(MailboxError::Unexpected(
                "the server sends more than was asked for".to_owned(),
            )),
            piece => Ok(piece),
        }
    }

    /// Does with mails that were taken what is wanted.
    pub async fn file(&mut self, uids: &[u32], after: &After) -> Result<(), MailboxError> {
        self.allow(LISTING);
        let set = numbers(uids);
        match after {
            After::Keep => Ok(()),
            After::Seen => {
                let marking = async {
                    let marked = self
                        .session
                        .uid_store(&set, "+FLAGS.SILENT (\\Seen)")
                        .await?;
                    marked.try_collect::<Vec<Fetch>>().await.map(drop)
                };
                in_time(ANSWER, "marking mails as read", marking).await?;
                // What is refused reads like what is done.
                match self.search(&format!("UID {set} UNSEEN")).await?.is_empty() {
                    true => Ok(()),
                    false => Err(MailboxError::Unexpected(
                        "the server does not mark them as read".to_owned(),
                    )),
                }
            }
            After::Move(folder) => {
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

fn greeted<T: fmt::Debug>(answer: io::Result<Option<T>>) -> Result<(), MailboxError> {
    match answer {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(MailboxError::Unavailable(
            "the server closed the connection".to_owned(),
        )),
        Err(error) => Err(MailboxError::Unavailable(format!("no greeting: {error}"))),
    }
}

async fn encrypted(
    line: impl Line + 'static,
    host: &str,
    trust: &Arc<ClientConfig>,
) -> Result<Box<dyn Line>, MailboxError> {
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
    let name = name.map_err(|error| MailboxError::Unexpected(format!("{host}: {error}")))?;
    let connecting = TlsConnector::from(trust.clone()).connect(name, line);
    let line = connecting.await;
    let line =
        line.map_err(|error| MailboxError::Unavailable(format!("no secure connection: {error}")))?;
    Ok(Box::new(line))
}

#[cfg(test)]
mod tests;
