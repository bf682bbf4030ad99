//! Reads the JSON of strangers within bounds.
//!
//! Promises: no value is nested deeper than asked, no text of it holds NUL, half a character (what is left where a sender cut
//! an emoji in two) is U+FFFD and refuses nothing, and every refusal says where it went wrong. The depth is counted while reading, so a document that is too deep is never built. Leaves out: the size in
//! bytes, which the caller knows before there is anything to read.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::fmt;

/// The most bytes of one delivered document (issue: body ≤ 256 KiB).
pub const BODY_CAP: usize = 256 * 1024;

/// The deepest nesting of a delivered document (issue: JSON depth ≤ 64).
pub const DEPTH_CAP: usize = 64;

/// The deepest nesting of a fetched answer, which wraps items; below the 127 that the JSON library refuses itself.
pub const ANSWER_DEPTH_CAP: usize = 100;

/// What becomes of NUL, which no database takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nul {
    /// The document is refused: its sender can mend it.
    Refused,
    /// It becomes U+FFFD: one bad item must not hold up the others.
    Replaced,
}

/// Reads a document, or says what is wrong with it and where.
pub fn read(body: &[u8], depth: usize, nul: Nul) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
    let text = whole_characters(text);
    let mut reader = serde_json::Deserializer::from_str(&text);
    let left = depth;
    let value = Bounded { left, depth, nul }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| said(&error))
}

/// Whether a body is a page for people: what a server answers in place of data where nobody is signed in.
pub fn is_page(body: &[u8]) -> bool {
    const HEAD: usize = 2_000;
    const MARKS: [&str; 7] = [
        "<!doctype",
        "<html",
        "<head",
        "<body",
        "<meta",
        "<script",
        "<title",
    ];
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = body.trim_ascii_start();
    let head = &body[..body.len().min(HEAD)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.starts_with('<') && MARKS.iter().any(|mark| head.contains(mark))
}

/// JSON whose escapes are whole characters: half of a pair of surrogates becomes `\ufffd`, which is as long.
///
/// Programs that count in UTF-16 cut texts in the middle of an emoji and send the half that is left; nobody there can mend
/// it, and one such text must not hold up a page.
fn whole_characters(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let unit = |at: usize| {
        let is_escape = bytes.get(at..at + 2) == Some(b"\\u");
        let digits = text.get(at + 2..at + 6).filter(|_| is_escape)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let mut halves = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        at += found;
        at += match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                halves.push(at);
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        at = at.min(bytes.len());
    }
    if halves.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut mended = text.to_owned();
    for at in halves {
        mended.replace_range(at..at + 6, "\\ufffd");
    }
    Cow::Owned(mended)
}

/// serde_json writes the place behind its message; we write it so too, but never `at line 0`.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(what, _)| what);
    place(what, error.line().max(1), error.column())
}

fn not_utf8(body: &[u8], valid_up_to: usize) -> String {
    let before = &body[..valid_up_to];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    place("it is not UTF-8", line, valid_up_to - start + 1)
}

fn place(what: &str, line: usize, column: usize) -> String {
    format!("{what} (line {line}, column {column})")
}

/// Builds a value as serde_json would, counting how deep it is.
#[derive(Clone, Copy)]
struct Bounded {
    left: usize,
    depth: usize,
    nul: Nul,
}

impl Bounded {
    fn inner<E: Error>(self) -> Result<Bounded, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Bounded { left, ..self }),
            None => Err(E::custom(format_args!(
                "it is nested more than {} levels deep",
                self.depth
            ))),
        }
    }

    fn text<E: Error>(self, text: String) -> Result<String, E> {
        match self.nul {
            _ if !text.contains('\0') => Ok(text),
            Nul::Replaced => Ok(text.replace('\0', "\u{fffd}")),
            Nul::Refused => Err(E::custom("a text holds the character NUL (\\u0000)")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned()).map(Value::String)
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.text(value).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let name = self.text(name)?;
            fields.insert(name, map.next_value_seed(inner)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests;
