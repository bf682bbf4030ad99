//! Authorities of one's own: a company's servers show certificates that no public authority has given.
//!
//! Promises: what is given is read at the start, so that it is not the first request that fails. Leaves out taking the
//! public authorities away: toban speaks to servers of both kinds.

use reqwest::Certificate;

/// Certificates of authorities, read; none by default.
#[derive(Clone, Debug, Default)]
pub struct Authorities(pub(super) Vec<Certificate>);

/// What was given is no authority.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAuthority {
    #[error("there is no certificate in it: it begins with -----BEGIN CERTIFICATE-----")]
    Empty,
    #[error("certificate {number} in it cannot be read: {why}")]
    Bad { number: usize, why: String },
}

impl Authorities {
    /// Reads certificates in PEM; text around them is passed over.
    ///
    /// # Errors
    /// When there is none, or one that cannot be read.
    pub fn read(pem: &str) -> Result<Authorities, NoAuthority> {
        const END: &str = "-----END CERTIFICATE-----";
        let mut all = Vec::new();
        for piece in pem
            .split_inclusive(END)
            .filter(|piece| piece.ends_with(END))
        {
            let number = all.len() + 1;
            all.push(certificate(piece).map_err(|error| NoAuthority::Bad {
                number,
                why: super::failure::last_words(&error),
            })?);
        }
        match all.is_empty() {
            true => Err(NoAuthority::Empty),
            false => Ok(Authorities(all)),
        }
    }
}

/// A client takes only what is a certificate: so it is tried with one of its own.
fn certificate(pem: &str) -> Result<Certificate, reqwest::Error> {
    let certificate = Certificate::from_pem(pem.as_bytes())?;
    let builder = reqwest::Client::builder().tls_built_in_root_certs(false);
    builder.add_root_certificate(certificate.clone()).build()?;
    Ok(certificate)
}
