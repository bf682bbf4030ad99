//! The way to a mail server: encrypted, and ended where more comes than was asked for.

use super::MailboxError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

/// What TLS trusts: the public authorities, and one's own.
pub(in crate::sources::mail) fn trust(
    authority: Option<&str>,
) -> Result<Arc<ClientConfig>, String> {
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
pub(super) trait Line: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Line for T {}

/// A line that ends when more comes than was asked for.
#[derive(Debug)]
pub(super) struct Bounded {
    pub line: Box<dyn Line>,
    /// How many bytes more may come.
    pub left: Arc<AtomicUsize>,
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

/// Takes the server's first word.
pub(super) fn greeted<T: fmt::Debug>(answer: io::Result<Option<T>>) -> Result<(), MailboxError> {
    match answer {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(MailboxError::Unavailable(
            "the server closed the connection".to_owned(),
        )),
        Err(error) => Err(MailboxError::Unavailable(format!("no greeting: {error}"))),
    }
}

/// Encrypts a line.
pub(super) async fn encrypted(
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
