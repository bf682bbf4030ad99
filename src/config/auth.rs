//! `[source] auth`: how a delivery proves where it comes from.

use super::near::instead;
use super::section::{Field, Section};
use crate::app::secret::Secret;
use crate::app::source_config::{Auth, AuthScheme, AuthTimestamp};
use crate::time::parse_span;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const STANDARD_WEBHOOKS: &str = "standard-webhooks";

/// Reads the scheme: a name, or a table that spells it out.
pub(super) fn auth(section: &Section<'_>) -> Option<Auth> {
    let Some(field) = section.field("auth") else {
        return Some(Auth::Preset(STANDARD_WEBHOOKS.to_owned()));
    };
    if !field.value.is_str() {
        let table = section.section("auth")?;
        return scheme(&table).map(Auth::Scheme);
    }
    let name = field.text()?;
    if Auth::PRESETS.contains(&name) {
        return Some(Auth::Preset(name.to_owned()));
    }
    field.wrong_with(
        format!("there is no signature scheme {name:?}"),
        format!(
            "{}; or spell it out in [source.auth]",
            instead(name, Auth::PRESETS)
        ),
    );
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    HmacHeader,
    Bearer,
    QueryParameter,
}

fn scheme(table: &Section<'_>) -> Option<AuthScheme> {
    let kinds = [
        ("hmac-header", Kind::HmacHeader),
        ("bearer", Kind::Bearer),
        ("query-parameter", Kind::QueryParameter),
    ];
    let kind = table
        .need("kind", "\"hmac-header\"")
        .and_then(|field| field.choice(&kinds));
    if kind == Some(Kind::QueryParameter) {
        let name = table.text("name").unwrap_or("token").to_owned();
        return Some(AuthScheme::QueryParameter { name });
    }
    if kind == Some(Kind::Bearer) {
        let header = match table.field("header") {
            Some(field) => header(&field)?,
            None => "authorization".to_owned(),
        };
        return Some(AuthScheme::Bearer { header });
    }
    let name = table
        .need("header", "\"x-signature\"")
        .and_then(|field| header(&field));
    let word = |key: &str, words: [&'static str; 2]| match table.field(key) {
        Some(field) => field.choice(&words.map(|word| (word, word))),
        None => Some(words[0]),
    };
    let algorithm = word("algorithm", ["sha256", "sha512"]);
    let encoding = word("encoding", ["hex", "base64"]);
    let timestamp = match table.section("timestamp") {
        Some(section) => timestamp(&section).map(Some),
        None => Some(None),
    };
    let delivery_header = match table.field("delivery_header") {
        Some(field) => header(&field).map(Some),
        None => Some(None),
    };
    let prefix = table.field("prefix").and_then(|field| field.any_text());
    kind?;
    Some(AuthScheme::HmacHeader {
        header: name?,
        prefix: prefix.unwrap_or_default().to_owned(),
        algorithm: algorithm?.to_owned(),
        encoding: encoding?.to_owned(),
        timestamp: timestamp?,
        delivery_header: delivery_header?,
    })
}

fn timestamp(section: &Section<'_>) -> Option<AuthTimestamp> {
    let name = section
        .need("header", "\"x-timestamp\"")
        .and_then(|field| header(&field));
    let window = match section.field("window") {
        Some(field) => field.span(parse_span).map(|span| span.as_secs()),
        None => Some(300),
    };
    let signed = section
        .need("signed", "\"{timestamp}.{body}\"")
        .and_then(|field| {
            let text = field.text()?;
            let place =
                |hole: &str| Some(text.find(hole)?).filter(|_| text.matches(hole).count() == 1);
            let holes = text.matches('{').count() + text.matches('}').count();
            let is_good = place("{timestamp}")
                .zip(place("{body}"))
                .is_some_and(|(time, body)| time < body && holes == 4);
            if !is_good {
                field.wrong_with(
                    format!("{text:?} does not say what is signed"),
                    "write {timestamp} and then {body}, each once, as in \"v0:{timestamp}:{body}\"",
                );
            }
            is_good.then_some(text)
        });
    Some(AuthTimestamp {
        header: name?,
        window_s: u32::try_from(window?).unwrap_or(u32::MAX),
        signed: signed?.to_owned(),
    })
}

/// Reads the name of a header, in lower case.
pub(super) fn header(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    if is_header_name(name) {
        return Some(name.to_ascii_lowercase());
    }
    field.wrong(format!("{name:?} cannot be the name of a header"));
    None
}

/// A token of RFC 9110.
pub(super) fn is_header_name(name: &str) -> bool {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(is_token)
}

/// Secrets are often cut to length by hand, so padding and left-over bits do not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A Standard Webhooks secret is base64, which a hand-made one seldom is.
pub(super) fn check_secrets(section: &Section<'_>, auth: &Auth, secrets: &[Secret], of: &str) {
    if *auth != Auth::Preset(STANDARD_WEBHOOKS.to_owned()) {
        return;
    }
    for secret in secrets {
        let text = secret.expose().trim();
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        if BASE64.decode(encoded).is_ok_and(|bytes| !bytes.is_empty()) {
            continue;
        }
        let ends = ["", "_env", "_file"].map(|end| format!("{of}{end}"));
        let key = ends.iter().find(|key| section.has(key));
        section.wrong(
            key.map_or(of, String::as_str),
            "the secret is not base64 after an optional \"whsec_\", as standard-webhooks wants it",
            "make one: echo \"whsec_$(openssl rand -base64 32)\"",
        );
    }
}
