//! Why an exchange failed, sorted by whether anything may have left.

use std::error::Error as _;
use std::io;

use reqwest::StatusCode;

use super::guard::Refusal;

/// A failed exchange.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing left; it may be tried again.
    #[error(transparent)]
    NotSent(#[from] NotSent),
    /// The request may have arrived and been acted on; it must not be repeated blindly.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// It was answered, at more length than is read.
    #[error("the answer (status {}) is larger than {cap} bytes", .status.as_u16())]
    TooLarge {
        /// The status of the answer.
        status: StatusCode,
        /// The cap that it went over.
        cap: usize,
    },
}

impl Failure {
    /// Whether bytes of the request may have reached the other side.
    pub fn has_left(&self) -> bool {
        match self {
            Failure::NotSent(_) => false,
            Failure::Unknown(_) | Failure::TooLarge { .. } => true,
        }
    }
}

/// Why nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The request cannot be written.
    #[error("{0}")]
    Invalid(String),
    /// The guard does not let it out.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody listens there, or the name is not known.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// Finding or connecting took too long.
    #[error("connecting took too long")]
    ConnectTimeout,
    /// The other side is not who it says, or does not speak TLS.
    #[error("no secure connection: {0}")]
    Tls(String),
}

/// What happened to a request that may have arrived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No complete answer came in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke before a complete answer.
    #[error("the connection broke off: {0}")]
    BrokenOff(String),
}

/// Sorts an error that came instead of an answer.
pub(super) fn before_answer(error: reqwest::Error) -> Failure {
    if let Some(refusal) = cause::<Refusal>(&error) {
        return NotSent::Refused(refusal.clone()).into();
    }
    if error.is_builder() {
        return NotSent::Invalid(last_words(&error)).into();
    }
    if error.is_connect() {
        return match cause::<io::Error>(&error) {
            _ if error.is_timeout() => NotSent::ConnectTimeout,
            Some(io) if is_handshake(io) => NotSent::Tls(last_words(&error)),
            _ => NotSent::Connect(last_words(&error)),
        }
        .into();
    }
    during_answer(error)
}

/// Sorts an error after the request was handed to a connection.
pub(super) fn during_answer(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        Unknown::TimedOut.into()
    } else {
        Unknown::BrokenOff(last_words(&error)).into()
    }
}

/// Whether connecting failed over what the other side said: only TLS listens before anything is sent.
///
/// The connector wraps the error of the handshake in another of the same type, which its chain of sources skips.
fn is_handshake(error: &io::Error) -> bool {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<io::Error>());
    match inner {
        Some(inner) => is_handshake(inner),
        None => matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        ),
    }
}

/// Finds a cause of one type in the chain.
fn cause<T: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The innermost cause says most, and holds no URL with its query.
pub(super) fn last_words(error: &reqwest::Error) -> String {
    let Some(mut last) = error.source() else {
        return "unknown cause".into();
    };
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
