//! Takes the secrets of a source out of what is shown or kept.
//!
//! Promises: a secret is found in whatever shape a text or an address carries it: as it is, percent-encoded (each
//! character or only some, a space as `+` too), escaped in JSON or in HTML, and in `Authorization: Basic`. What is masked
//! stays the JSON that it was. Leaves out other hashes and encodings of it: nothing that we send holds any.

use crate::app::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use std::ops::Range;

/// What stands for a secret.
const INSTEAD: &str = "…";

/// From how many characters on a secret is looked for within a text that is kept: a shorter one may be part of any word,
/// and would spoil what people wrote.
const SHORTEST: usize = 8;

/// Ends of the names of fields in which systems tell whoever asks about themselves how to come in.
const CREDENTIALS: [&str; 6] = [
    "apikey",
    "token",
    "secret",
    "password",
    "passwd",
    "privatekey",
];

/// A text without the secrets, in whatever shape a request carries them.
pub(super) fn masked(text: &str, secrets: &[Secret]) -> String {
    let mut secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
    secrets.retain(|secret| !secret.is_empty());
    // One may be the beginning of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut text = text.to_owned();
    for secret in secrets {
        text = without(&text, secret);
        // In `Authorization: Basic` it stands behind a name, so wherever the groups of three bytes begin.
        for (before, skipped) in [(0usize, 0usize), (1, 2), (2, 3)] {
            let padded = [&vec![b' '; before][..], secret.as_bytes()].concat();
            let encoded = STANDARD_NO_PAD.encode(&padded);
            let whole = padded.len() / 3 * 4;
            if let Some(core) = encoded.get(skipped..whole).filter(|core| core.len() >= 8) {
                text = text.replace(core, INSTEAD);
            }
        }
    }
    text
}

/// A document that is kept or shown, without the secrets in its texts: JSON stays JSON, anything else is a text.
pub fn masked_document(body: &str, secrets: &[Secret]) -> String {
    // Where there is nothing to hide, it stays as it was written.
    if masked(body, secrets) == body {
        return body.to_owned();
    }
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) => {
            mask(&mut value, secrets);
            value.to_string()
        }
        Err(_) => masked(body, &long(secrets)),
    }
}

/// Takes the secrets out of the texts of a document, and out of its names.
pub(super) fn mask(value: &mut Value, secrets: &[Secret]) {
    mask_texts(value, secrets, &long(secrets));
}

/// What a check answered, for the texts of a mapping: without the secrets, and without the fields that hold credentials by
/// their name. Some systems tell whoever asks who they are also how they may come in.
pub(super) fn without_credentials(value: &mut Value, secrets: &[Secret]) {
    drop_credentials(value);
    mask(value, secrets);
}

fn drop_credentials(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                let name = name.replace(['_', '-'], "").to_lowercase();
                !CREDENTIALS.iter().any(|end| name.ends_with(end))
            });
            fields.values_mut().for_each(drop_credentials);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_credentials),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn long(secrets: &[Secret]) -> Vec<Secret> {
    let long = secrets.iter();
    long.filter(|secret| secret.expose().chars().count() >= SHORTEST)
        .cloned()
        .collect()
}

fn mask_texts(value: &mut Value, all: &[Secret], long: &[Secret]) {
    match value {
        Value::String(text) => {
            let is_secret = |secret: &Secret| !text.is_empty() && secret.expose() == text;
            *text = match all.iter().any(is_secret) {
                true => INSTEAD.to_owned(),
                false => masked(text, long),
            };
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| mask_texts(item, all, long)),
        Value::Object(fields) => {
            let before = std::mem::take(fields);
            for (name, mut item) in before {
                mask_texts(&mut item, all, long);
                fields.insert(masked(&name, long), item);
            }
        }
        Value::Number(number) => {
            let is_secret = |secret: &Secret| secret.expose() == number.to_string();
            if long.iter().any(is_secret) {
                *value = Value::String(INSTEAD.to_owned());
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn without(text: &str, secret: &str) -> String {
    let mut left = text;
    let mut made = String::with_capacity(text.len());
    while let Some(place) = found(left, secret) {
        made.push_str(&left[..place.start]);
        made.push_str(INSTEAD);
        left = &left[place.end..];
    }
    made.push_str(left);
    made
}

/// Where a text first holds a secret, in whatever mixture of shapes.
fn found(text: &str, secret: &str) -> Option<Range<usize>> {
    let first = secret.chars().next()?;
    text.char_indices()
        .filter(|(_, c)| *c == first || matches!(c, '%' | '\\' | '&' | '+'))
        .find_map(|(start, _)| Some(start..end_of(&text[start..], secret)? + start))
}

/// Where a secret ends with which a text begins.
fn end_of(text: &str, secret: &str) -> Option<usize> {
    // A `%` may be itself or the first of `%25`, so there may be several ways on.
    let mut ends = vec![0usize];
    for wanted in secret.chars() {
        let mut next: Vec<usize> = Vec::new();
        for end in &ends {
            for length in lengths(&text[*end..], wanted) {
                if !next.contains(&(end + length)) {
                    next.push(end + length);
                }
            }
        }
        ends = next;
        if ends.is_empty() {
            return None;
        }
    }
    ends.into_iter().max()
}

/// How long the shapes of a character are with which a text begins.
fn lengths(text: &str, wanted: char) -> Vec<usize> {
    let mut lengths = Vec::new();
    if text.starts_with(wanted) {
        lengths.push(wanted.len_utf8());
    }
    match text.as_bytes().first() {
        Some(b'+') if wanted == ' ' => lengths.push(1),
        Some(b'%') => lengths.extend(percent(text, wanted)),
        Some(b'\\') => lengths.extend(escaped(text, wanted)),
        Some(b'&') => lengths.extend(entity(text, wanted)),
        Some(_) | None => {}
    }
    lengths
}

/// `%2F`, for every byte of the character.
fn percent(text: &str, wanted: char) -> Option<usize> {
    let mut buffer = [0; 4];
    let bytes = wanted.encode_utf8(&mut buffer).bytes();
    let length = bytes.len() * 3;
    let codes = text.get(..length)?.as_bytes().chunks(3);
    let is_it = codes.zip(bytes).all(|(code, byte)| {
        let digits = std::str::from_utf8(&code[1..]).ok();
        code[0] == b'%' && digits.and_then(|it| u8::from_str_radix(it, 16).ok()) == Some(byte)
    });
    is_it.then_some(length)
}

/// `\"`, `\n`, `\u0022`, as JSON has it.
fn escaped(text: &str, wanted: char) -> Option<usize> {
    let short = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let mut buffer = [0; 2];
            let units = wanted.encode_utf16(&mut buffer);
            let length = units.len() * 6;
            let codes = text.get(..length)?.as_bytes().chunks(6);
            let is_it = codes.zip(units.iter()).all(|(code, unit)| {
                let digits = std::str::from_utf8(&code[2..]).ok();
                code.starts_with(b"\\u")
                    && digits.and_then(|it| u16::from_str_radix(it, 16).ok()) == Some(*unit)
            });
            return is_it.then_some(length);
        }
        other @ (b'"' | b'\\' | b'/') => char::from(*other),
        _ => return None,
    };
    (short == wanted).then_some(2)
}

/// `&amp;`, `&#x2f;`, `&#39;`, as HTML has it.
fn entity(text: &str, wanted: char) -> Option<usize> {
    // The longest is `&#x10FFFF;`.
    let start: String = text.chars().take(10).collect();
    let (name, _) = start.get(1..)?.split_once(';')?;
    let code = |digits: &str, radix| {
        let code = u32::from_str_radix(digits, radix).ok()?;
        char::from_u32(code)
    };
    let meant = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => match name.strip_prefix('#')? {
            digits if digits.starts_with(['x', 'X']) => code(&digits[1..], 16)?,
            digits => code(digits, 10)?,
        },
    };
    (meant == wanted).then_some(name.len() + 2)
}

#[cfg(test)]
mod tests;
