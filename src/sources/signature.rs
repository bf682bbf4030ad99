//! Whether a delivery comes from who it says: signatures over the raw body, as data.
//!
//! A [`Scheme`] is configuration and holds no secret; a [`Key`] is a secret made ready for one scheme, and several
//! keys may be good at once while a secret is changed. [`verify`] compares in constant time, never panics, and names
//! precisely what was wrong, for whoever sets it up on either side: no reason says anything of a secret. [`sign`] is the
//! other side, for `toban send` and tests.
//!
//! Choices: hex signatures are lower-case; at most [`SIGNATURES_CAP`] signatures of a header are looked at; only
//! whole signatures count, never truncated ones. SHA-1 and asymmetric schemes are left out.

mod scheme;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq};

pub use scheme::{Algorithm, Encoding, HeaderName, HmacHeader, Scheme, SignedText, TimestampRule};

/// Signatures of one header that are looked at; a sender that changes its secret sends two or three.
pub const SIGNATURES_CAP: usize = 10;

/// Seconds that a Standard Webhooks delivery may be old or early, from that specification.
const STANDARD_WINDOW_S: u32 = 300;

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// Base64 with or without its padding: senders and dashboards differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, PADDED_OR_NOT);
/// Secrets are often cut to length by hand, so bits left over at their end are ignored as in other libraries.
const BASE64_SECRET: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    PADDED_OR_NOT.with_decode_allow_trailing_bits(true),
);
const PADDED_OR_NOT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// A secret made ready for one scheme.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Why a secret cannot be used; configuration that holds one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// There is nothing in it.
    #[error("the secret is blank")]
    Blank,
    /// A Standard Webhooks secret that is not base64.
    #[error("the secret is not base64 after an optional `whsec_`")]
    NotBase64,
}

impl Scheme {
    /// Makes a secret ready, or says why it cannot be one.
    pub fn key(&self, secret: &str) -> Result<Key, BadSecret> {
        if secret.trim().is_empty() {
            return Err(BadSecret::Blank);
        }
        let key = match self {
            Scheme::StandardWebhooks => {
                let encoded = secret.trim();
                let encoded = encoded.strip_prefix("whsec_").unwrap_or(encoded);
                BASE64_SECRET
                    .decode(encoded)
                    .map_err(|_| BadSecret::NotBase64)?
            }
            Scheme::HmacHeader(_) | Scheme::Bearer { .. } | Scheme::QueryParameter { .. } => {
                secret.as_bytes().to_vec()
            }
        };
        if key.is_empty() {
            Err(BadSecret::Blank)
        } else {
            Ok(Key(key))
        }
    }
}

/// A delivery whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The sender's name for this delivery, if it gave one.
    pub delivery_id: Option<String>,
}

/// Why a delivery is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A header that the scheme needs is not there.
    #[error("header {header} is missing")]
    MissingHeader {
        /// Its name.
        header: String,
    },
    /// A header is there and cannot be read.
    #[error("header {header} is malformed: {why}")]
    Malformed {
        /// Its name.
        header: String,
        /// What does not fit.
        why: &'static str,
    },
    /// The delivery is older than the window.
    #[error("the delivery is {by_s} s old")]
    Stale {
        /// Its age in seconds.
        by_s: u64,
    },
    /// The delivery is dated further ahead than the window.
    #[error("the delivery is dated {by_s} s ahead of our clock")]
    Future {
        /// How far ahead in seconds.
        by_s: u64,
    },
    /// No key makes this signature.
    #[error("the signature matches none of our secrets")]
    Mismatch,
    /// There is no secret to compare with.
    #[error("no secret is configured")]
    NoKey,
}

/// Looks a header up by its lower-case name, or a parameter of the address by `?` and its name.
pub type Headers<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Checks a delivery against the keys of its source.
pub fn verify(
    scheme: &Scheme,
    keys: &[Key],
    headers: Headers<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified, Refused> {
    if keys.is_empty() {
        return Err(Refused::NoKey);
    }
    match scheme {
        Scheme::StandardWebhooks => standard(keys, headers, body, now),
        Scheme::HmacHeader(rule) => hmac_header(rule, keys, headers, body, now),
        Scheme::Bearer { header } => bearer(header, keys, headers),
        Scheme::QueryParameter { name } => {
            is_one_of(keys, &required(headers, &format!("?{name}"))?)?;
            Ok(Verified { delivery_id: None })
        }
    }
}

/// Makes the headers that [`verify`] accepts.
pub fn sign(
    scheme: &Scheme,
    key: &Key,
    delivery_id: &str,
    body: &[u8],
    now: Timestamp,
) -> Vec<(String, String)> {
    let at = now.as_second().to_string();
    match scheme {
        Scheme::StandardWebhooks => {
            let tag = tag(
                Algorithm::Sha256,
                key,
                &[delivery_id.as_bytes(), b".", at.as_bytes(), b".", body],
            );
            let signature = format!("v1,{}", BASE64.encode(tag));
            [
                (ID, delivery_id.to_owned()),
                (TIMESTAMP, at),
                (SIGNATURE, signature),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
        }
        Scheme::HmacHeader(rule) => {
            let tag = match &rule.timestamp {
                Some(stamp) => tag(rule.algorithm, key, &stamp.signed.parts(&at, body)),
                None => tag(rule.algorithm, key, &[body]),
            };
            let signature = format!("{}{}", rule.prefix, rule.encoding.encode(&tag));
            let mut made = vec![(rule.header.to_string(), signature)];
            made.extend(
                rule.timestamp
                    .iter()
                    .map(|stamp| (stamp.header.to_string(), at.clone())),
            );
            made.extend(
                rule.delivery_header
                    .iter()
                    .map(|name| (name.to_string(), delivery_id.to_owned())),
            );
            made
        }
        Scheme::Bearer { header } => {
            let token = String::from_utf8_lossy(&key.0);
            let value = if header.is_authorization() {
                format!("Bearer {token}")
            } else {
                token.into_owned()
            };
            vec![(header.to_string(), value)]
        }
        Scheme::QueryParameter { name } => {
            let token = String::from_utf8_lossy(&key.0).into_owned();
            vec![(format!("?{name}"), token)]
        }
    }
}

fn standard(
    keys: &[Key],
    headers: Headers<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified, Refused> {
    let id = required(headers, ID)?;
    let at = required(headers, TIMESTAMP)?;
    let signatures = required(headers, SIGNATURE)?;
    if signatures.split(' ').count() > SIGNATURES_CAP {
        return Err(malformed(SIGNATURE, "too many signatures"));
    }
    within(TIMESTAMP, &at, STANDARD_WINDOW_S, now)?;
    let given: Vec<Vec<u8>> = signatures
        .split(' ')
        .filter_map(|s| s.strip_prefix("v1,"))
        .filter_map(|s| BASE64.decode(s).ok())
        .collect();
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", at.as_bytes(), b".", body];
    matches_any(Algorithm::Sha256, keys, &parts, &given)?;
    Ok(Verified {
        delivery_id: Some(id),
    })
}

fn hmac_header(
    rule: &HmacHeader,
    keys: &[Key],
    headers: Headers<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified, Refused> {
    let signature = required(headers, rule.header.as_str())?;
    let encoded = signature
        .strip_prefix(rule.prefix.as_str())
        .ok_or_else(|| malformed(rule.header.as_str(), "the prefix is another one"))?;
    let given = rule.encoding.decode(encoded).ok_or_else(|| {
        malformed(
            rule.header.as_str(),
            "the signature is not in the configured encoding",
        )
    })?;
    let given = std::slice::from_ref(&given);
    match &rule.timestamp {
        Some(stamp) => {
            let at = required(headers, stamp.header.as_str())?;
            within(stamp.header.as_str(), &at, stamp.window_s, now)?;
            matches_any(rule.algorithm, keys, &stamp.signed.parts(&at, body), given)?;
        }
        None => matches_any(rule.algorithm, keys, &[body], given)?,
    }
    let delivery_id = rule
        .delivery_header
        .as_ref()
        .and_then(|name| headers(name.as_str()))
        .filter(|id| !id.is_empty());
    Ok(Verified { delivery_id })
}

fn bearer(header: &HeaderName, keys: &[Key], headers: Headers<'_>) -> Result<Verified, Refused> {
    let value = required(headers, header.as_str())?;
    let token = if header.is_authorization() {
        match value.split_once(' ') {
            Some((kind, token)) if kind.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => {
                return Err(malformed(
                    header.as_str(),
                    "it does not start with `Bearer `",
                ));
            }
        }
    } else {
        value.as_str()
    };
    is_one_of(keys, token)?;
    Ok(Verified { delivery_id: None })
}

/// Compares a token with every key; hashed first, so that the comparison does not tell the length of a secret.
fn is_one_of(keys: &[Key], token: &str) -> Result<(), Refused> {
    let hash = |bytes: &[u8]| <Sha256 as sha2::Digest>::digest(bytes);
    let given = hash(token.as_bytes());
    let hit = keys.iter().fold(Choice::from(0), |hit, key| {
        hit | hash(&key.0).as_slice().ct_eq(given.as_slice())
    });
    match bool::from(hit) {
        true => Ok(()),
        false => Err(Refused::Mismatch),
    }
}

fn required(headers: Headers<'_>, name: &str) -> Result<String, Refused> {
    headers(name)
        .filter(|v| !v.is_empty())
        .ok_or_else(|| Refused::MissingHeader {
            header: name.to_owned(),
        })
}

fn malformed(header: &str, why: &'static str) -> Refused {
    Refused::Malformed {
        header: header.to_owned(),
        why,
    }
}

/// Refuses what is dated further from `now` than the window; exactly the window is still good.
fn within(header: &str, written: &str, window_s: u32, now: Timestamp) -> Result<(), Refused> {
    let at = read_timestamp(written).ok_or_else(|| malformed(header, "it is no time"))?;
    let age_s = i128::from(now.as_second()) - i128::from(at);
    let by_s = u64::try_from(age_s.unsigned_abs()).unwrap_or(u64::MAX);
    match (by_s > u64::from(window_s), age_s > 0) {
        (false, _) => Ok(()),
        (true, true) => Err(Refused::Stale { by_s }),
        (true, false) => Err(Refused::Future { by_s }),
    }
}

/// The digits of a time in milliseconds: from 2001 until 2286.
const MS_DIGITS: usize = 13;

/// Reads seconds or milliseconds since 1970, or RFC 3339. No sign, no fraction: what is signed is the text, so only one
/// form counts.
fn read_timestamp(text: &str) -> Option<i64> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let given: i64 = text.parse().ok()?;
        return Some(if text.len() == MS_DIGITS {
            given / 1000
        } else {
            given
        });
    }
    (text.len() <= 40)
        .then(|| text.parse::<Timestamp>().ok())
        .flatten()
        .map(|t| t.as_second())
}

/// Compares every key with every signature, without stopping at the first hit.
fn matches_any(
    algorithm: Algorithm,
    keys: &[Key],
    parts: &[&[u8]],
    given: &[Vec<u8>],
) -> Result<(), Refused> {
    let mut hit = Choice::from(0);
    for key in keys {
        let expected = tag(algorithm, key, parts);
        for signature in given {
            hit |= expected.as_slice().ct_eq(signature.as_slice());
        }
    }
    if bool::from(hit) {
        Ok(())
    } else {
        Err(Refused::Mismatch)
    }
}

fn tag(algorithm: Algorithm, key: &Key, parts: &[&[u8]]) -> Vec<u8> {
    fn run<M: Mac + KeyInit>(key: &Key, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac =
            <M as KeyInit>::new_from_slice(&key.0).expect("HMAC takes keys of any length");
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        Algorithm::Sha256 => run::<Hmac<Sha256>>(key, parts),
        Algorithm::Sha512 => run::<Hmac<Sha512>>(key, parts),
    }
}
