//! Signature schemes as configuration: a preset by name, or a table.

use std::fmt;

use base64::Engine as _;
use serde::de::{self, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::BASE64;

/// How a source proves who it is. Written in configuration as a preset's name or as a table with `kind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// The [Standard Webhooks](https://www.standardwebhooks.com) specification with symmetric secrets.
    StandardWebhooks,
    /// An HMAC in a header, as GitHub, Slack and most others do.
    HmacHeader(HmacHeader),
    /// A fixed token in a header; in `authorization` it follows `Bearer `.
    Bearer {
        /// Where the token is.
        header: HeaderName,
    },
    /// A fixed token in the address that was asked: `/hooks/ID?token=…`.
    QueryParameter {
        /// The name of the parameter.
        name: String,
    },
}

/// An HMAC over the body, or over a text made of time and body, in a header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HmacHeader {
    /// Where the signature is.
    pub header: HeaderName,
    /// What stands before it, such as `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// The hash.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// How the bytes are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The time that is signed together with the body, if any.
    #[serde(default)]
    pub timestamp: Option<TimestampRule>,
    /// Where the sender names the delivery; not covered by the signature.
    #[serde(default)]
    pub delivery_header: Option<HeaderName>,
}

/// Where the time is and how it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampRule {
    /// Where the time is: seconds or milliseconds since 1970, or RFC 3339.
    pub header: HeaderName,
    /// Seconds that a delivery may be old or early.
    #[serde(default = "five_minutes")]
    pub window_s: u32,
    /// The text that is signed.
    pub signed: SignedText,
}

fn five_minutes() -> u32 {
    300
}

/// The hash of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Lower-case hexadecimal.
    #[default]
    Hex,
    /// Base64, padded or not.
    Base64,
}

impl Encoding {
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Hex => hex::encode(bytes),
            Encoding::Base64 => BASE64.encode(bytes),
        }
    }

    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Encoding::Hex if text.bytes().any(|b| b.is_ascii_uppercase()) => None,
            Encoding::Hex => hex::decode(text).ok(),
            Encoding::Base64 => BASE64.decode(text).ok(),
        }
    }
}

/// The name of a header, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderName(String);

impl HeaderName {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_authorization(&self) -> bool {
        self.0 == "authorization"
    }

    fn known(name: &'static str) -> HeaderName {
        HeaderName(name.to_owned())
    }
}

impl TryFrom<String> for HeaderName {
    type Error = String;

    fn try_from(name: String) -> Result<HeaderName, String> {
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(format!("`{name}` is no header name"));
        }
        Ok(HeaderName(name.to_ascii_lowercase()))
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text that is signed, such as `v0:{timestamp}:{body}`: time first, then body, each once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SignedText {
    before: String,
    between: String,
    after: String,
}

impl SignedText {
    /// The pieces to hash, in order.
    pub(super) fn parts<'a>(&'a self, timestamp: &'a str, body: &'a [u8]) -> [&'a [u8]; 5] {
        [
            self.before.as_bytes(),
            timestamp.as_bytes(),
            self.between.as_bytes(),
            body,
            self.after.as_bytes(),
        ]
    }
}

impl TryFrom<String> for SignedText {
    type Error = String;

    fn try_from(text: String) -> Result<SignedText, String> {
        let split = text.split_once("{timestamp}").and_then(|(before, rest)| {
            let (between, after) = rest.split_once("{body}")?;
            let rest_is_plain = [before, between, after]
                .iter()
                .all(|part| !part.contains(['{', '}']));
            rest_is_plain.then(|| SignedText {
                before: before.into(),
                between: between.into(),
                after: after.into(),
            })
        });
        split.ok_or_else(|| {
            format!("`{text}` must hold `{{timestamp}}` and then `{{body}}`, each once")
        })
    }
}

impl Scheme {
    /// The names of the presets.
    pub const PRESETS: [&str; 5] = ["standard-webhooks", "github", "slack", "gitlab", "bearer"];

    /// Finds a preset by its name.
    pub fn preset(name: &str) -> Option<Scheme> {
        let bare = |header, prefix: &str| HmacHeader {
            header: HeaderName::known(header),
            prefix: prefix.to_owned(),
            algorithm: Algorithm::Sha256,
            encoding: Encoding::Hex,
            timestamp: None,
            delivery_header: None,
        };
        Some(match name {
            "standard-webhooks" => Scheme::StandardWebhooks,
            "github" => Scheme::HmacHeader(HmacHeader {
                delivery_header: Some(HeaderName::known("x-github-delivery")),
                ..bare("x-hub-signature-256", "sha256=")
            }),
            "slack" => Scheme::HmacHeader(HmacHeader {
                timestamp: Some(TimestampRule {
                    header: HeaderName::known("x-slack-request-timestamp"),
                    window_s: five_minutes(),
                    signed: SignedText {
                        before: "v0:".into(),
                        between: ":".into(),
                        after: String::new(),
                    },
                }),
                ..bare("x-slack-signature", "v0=")
            }),
            "gitlab" => Scheme::Bearer {
                header: HeaderName::known("x-gitlab-token"),
            },
            "bearer" => Scheme::Bearer {
                header: HeaderName::known("authorization"),
            },
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Table {
    StandardWebhooks {},
    HmacHeader(HmacHeader),
    Bearer {
        #[serde(default)]
        header: Option<HeaderName>,
    },
    QueryParameter {
        name: String,
    },
}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scheme, D::Error> {
        deserializer.deserialize_any(SchemeVisitor)
    }
}

struct SchemeVisitor;

impl<'de> Visitor<'de> for SchemeVisitor {
    type Value = Scheme;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "one of {} or a table with `kind`",
            Scheme::PRESETS.join(", ")
        )
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Scheme, E> {
        Scheme::preset(name).ok_or_else(|| E::unknown_variant(name, &Scheme::PRESETS))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scheme, A::Error> {
        Ok(match Table::deserialize(MapAccessDeserializer::new(map))? {
            Table::StandardWebhooks {} => Scheme::StandardWebhooks,
            Table::HmacHeader(rule) => Scheme::HmacHeader(rule),
            Table::Bearer { header } => Scheme::Bearer {
                header: header.unwrap_or_else(|| HeaderName::known("authorization")),
            },
            Table::QueryParameter { name } => Scheme::QueryParameter { name },
        })
    }
}
