//! Servers that take or hold mail, as plain data: written by the configuration, read by `mail` and `sources`.

use super::secret::Secret;

/// Where mail is handed over, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailConfig {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub from: String,
    /// The certificates of an authority of your own that the server's may come from, beside the public ones: PEM.
    pub authority: Option<String>,
    /// Nobody signs in where there is none.
    pub sign_in: Option<MailSignIn>,
}

/// A name and its password at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSignIn {
    pub username: String,
    pub password: Secret,
}

/// How the way to the server is kept from others' eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// Plain at first, encrypted before anything is said; refused where the server cannot.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: for a server on this machine.
    None,
}
