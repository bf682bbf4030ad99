//! Speaking with the mail server, step by step: only so can be told whether a letter may have been taken.

use crate::app::ports::{CannotRun, DeliveryError, Refused};
use crate::app::secret::Secret;
use crate::clock;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use std::error::Error as _;
use std::time::Duration;

/// A mail server, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct Wire {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Authorities of your own that the server's certificate may come from, beside the public ones.
    pub authority: Option<Authority>,
    pub sign_in: Option<SignIn>,
}

/// How the way is kept from others' eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    StartTls,
    Tls,
    None,
}

/// The certificates of an authority.
#[derive(Clone, Debug)]
pub struct Authority(Vec<Certificate>);

impl Authority {
    /// Reads certificates in PEM.
    ///
    /// # Errors
    /// When there is none, or one that cannot be read.
    pub fn read(pem: &str) -> Result<Self, CannotRun> {
        const END: &str = "-----END CERTIFICATE-----";
        let cannot = |why: String| CannotRun(format!("no authority can be read: {why}"));
        let mut all = Vec::new();
        for piece in pem.split_inclusive(END) {
            if !piece.trim_end().ends_with(END) {
                continue;
            }
            let read = Certificate::from_pem(piece.as_bytes()).and_then(|certificate| {
                // A store takes only what is a certificate: so that is said at the start and not at the first letter.
                let parameters = TlsParameters::builder("localhost".to_owned());
                let tried = parameters.add_root_certificate(certificate.clone()).build();
                tried.map(|_| certificate)
            });
            let number = all.len() + 1;
            all.push(
                read.map_err(|error| cannot(format!("certificate {number}: {}", chain(&error))))?,
            );
        }
        match all.is_empty() {
            true => Err(cannot("there is no certificate in PEM".to_owned())),
            false => Ok(Authority(all)),
        }
    }
}

/// Who hands the letters over.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub username: String,
    pub password: Secret,
}

/// How long the way to the server may take, and how long it may think about a letter: together less than a lease.
const BEFORE: Duration = Duration::from_secs(20);
const AFTER: Duration = Duration::from_secs(30);

impl Wire {
    /// Hands a letter over to whomever of these the server takes, one of those it is addressed to among them; answers who
    /// was refused, and why.
    pub(super) async fn send(
        &self,
        from: &Address,
        to: &[Address],
        copies: &[Address],
        letter: &[u8],
    ) -> Result<Vec<Refused>, DeliveryError> {
        let ready = clock::timeout(BEFORE, self.ready(from, to, copies)).await;
        let (mut server, refused) = match ready {
            Ok(ready) => ready.map_err(not_sent)?,
            Err(_) => {
                return Err(DeliveryError::Retry {
                    after: None,
                    why: format!("{}:{} did not answer in time", self.host, self.port),
                });
            }
        };
        match clock::timeout(AFTER, server.message(letter)).await {
            Ok(Ok(_)) => {
                // It has the letter: whatever becomes of the farewell.
                let _ = clock::timeout(Duration::from_secs(2), server.quit()).await;
                Ok(refused)
            }
            Ok(Err(error)) if error.is_transient() || error.is_permanent() => Err(not_sent(error)),
            Ok(Err(error)) => Err(DeliveryError::Unknown {
                why: format!(
                    "the connection ended after the letter was sent: {}",
                    chain(&error)
                ),
            }),
            Err(_) => Err(DeliveryError::Unknown {
                why: "the server did not say whether it took the letter".to_owned(),
            }),
        }
    }

    /// Goes as far as signing in, to see whether it works.
    pub(super) async fn greet(&self, from: &Address) -> Result<(), DeliveryError> {
        match clock::timeout(BEFORE, self.connect(from)).await {
            Ok(Ok(mut server)) => {
                let _ = clock::timeout(Duration::from_secs(2), server.quit()).await;
                Ok(())
            }
            Ok(Err(error)) => Err(not_sent(error)),
            Err(_) => Err(DeliveryError::Retry {
                after: None,
                why: format!("{}:{} did not answer in time", self.host, self.port),
            }),
        }
    }

    /// Everything before the letter itself.
    ///
    /// A refusal of one recipient is of that one; only where nobody is left that the letter is addressed to, nothing goes:
    /// and then it is tried again if any of them may be taken later.
    async fn ready(
        &self,
        from: &Address,
        to: &[Address],
        copies: &[Address],
    ) -> Result<(AsyncSmtpConnection, Vec<Refused>), Error> {
        let mut server = self.connect(from).await?;
        server
            .command(Mail::new(Some(from.clone()), Vec::new()))
            .await?;
        let (mut refused, mut errors) = (Vec::new(), Vec::new());
        for (n, one) in to.iter().chain(copies).enumerate() {
            let Err(error) = server.command(Rcpt::new(one.clone(), Vec::new())).await else {
                continue;
            };
            if !error.is_permanent() && !error.is_transient() {
                return Err(error);
            }
            refused.push(Refused {
                address: one.to_string(),
                why: chain(&error),
            });
            if n < to.len() {
                errors.push(error);
                if errors.len() == to.len() {
                    let later = errors.iter().position(Error::is_transient);
                    return Err(errors.swap_remove(later.unwrap_or(0)));
                }
            }
        }
        server.command(Data).await?;
        Ok((server, refused))
    }

    /// Whom the server must be, by a certificate of a public authority or of one of our own.
    fn tls(&self) -> Result<TlsParameters, Error> {
        let own = self.authority.iter().flat_map(|authority| &authority.0);
        let parameters = TlsParameters::builder(self.host.clone());
        own.fold(parameters, |parameters, certificate| {
            parameters.add_root_certificate(certificate.clone())
        })
        .build()
    }

    async fn connect(&self, from: &Address) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::Domain(from.domain().to_owned());
        let tls = match self.security {
            Security::StartTls | Security::Tls => Some(self.tls()?),
            Security::None => None,
        };
        let at_once = tls.clone().filter(|_| self.security == Security::Tls);
        let server = (self.host.as_str(), self.port);
        let mut server =
            AsyncSmtpConnection::connect_tokio1(server, Some(BEFORE), &hello, at_once, None)
                .await?;
        // A server that cannot is an error: nothing goes in the clear that was to be encrypted.
        if let Some(tls) = tls.filter(|_| self.security == Security::StartTls) {
            server.starttls(tls, &hello).await?;
        }
        if let Some(sign_in) = &self.sign_in {
            let credentials = Credentials::new(
                sign_in.username.clone(),
                sign_in.password.expose().to_owned(),
            );
            server.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(server)
    }
}

/// Nothing was taken: what the server refuses for good is refused, everything else may be better next time.
fn not_sent(error: Error) -> DeliveryError {
    let why = chain(&error);
    if error.is_permanent() || error.is_client() {
        DeliveryError::Rejected { why }
    } else {
        DeliveryError::Retry { after: None, why }
    }
}

fn chain(error: &Error) -> String {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // The outer one often says it already.
        let said = cause.to_string();
        if !why.contains(&said) {
            why = format!("{why}: {said}");
        }
        source = cause.source();
    }
    why
}
