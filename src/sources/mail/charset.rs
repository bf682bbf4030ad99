//! Japanese whose encoding is mislabelled or not labelled at all: what the parser could not read is read again.
//!
//! Promises: it touches only text in which something was unreadable, and leaves it where the other reading is no better.
//! Leaves out other languages: nothing tells their encodings from each other.

use encoding_rs::{Encoding, ISO_2022_JP, SHIFT_JIS};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, HeaderName, Message, MessagePart};
use std::borrow::Cow;

/// What stands for bytes that are no text.
const UNREADABLE: char = '\u{fffd}';

/// What begins Japanese in ISO-2022-JP.
const ESCAPE: &str = "\u{1b}$";

/// The text of a part.
pub(super) fn readable<'a>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &'a str,
) -> Cow<'a, str> {
    if let Some(unescaped) = unescaped(text) {
        return Cow::Owned(unescaped);
    }
    if !is_garbled(text) {
        return Cow::Borrowed(text);
    }
    let whole = message.raw_message();
    let (start, end) = (
        part.raw_body_offset() as usize,
        part.raw_end_offset() as usize,
    );
    let raw = whole.get(start..end.min(whole.len())).unwrap_or_default();
    let decoded = match part.encoding {
        Transfer::None => Some(Cow::Borrowed(raw)),
        Transfer::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
        Transfer::Base64 => base64_decode(raw).map(Cow::Owned),
    };
    match decoded.and_then(|bytes| guessed(&bytes)) {
        Some(read) => Cow::Owned(read),
        None => Cow::Borrowed(text),
    }
}

/// How much of a subject is read: more than anybody sees of it, in bytes.
const LONGEST: usize = 16 * 1024;

/// The subject: encoded words that were split inside a character are read together.
pub(super) fn subject(message: &Message<'_>) -> String {
    let text = message.subject().unwrap_or_default();
    if !text.contains(UNREADABLE) {
        return unescaped(text).unwrap_or_else(|| text.to_owned());
    }
    let mut headers = message.headers().iter().rev();
    let header = headers.find(|header| header.name == HeaderName::Subject);
    let raw = header.and_then(|header| {
        let (start, end) = (header.offset_start as usize, header.offset_end as usize);
        message.raw_message().get(start..end.min(start + LONGEST))
    });
    match raw.map(together) {
        Some(read) if unreadable(&read) < unreadable(text) => read,
        Some(_) | None => text.to_owned(),
    }
}

/// The name of a person.
pub(super) fn name(text: &str) -> Cow<'_, str> {
    unescaped(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn unreadable(text: &str) -> usize {
    text.chars().filter(|c| *c == UNREADABLE).count()
}

/// Whether most of what is not ASCII is unreadable: a character that was cut at the end is no other encoding.
fn is_garbled(text: &str) -> bool {
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    wide > 0 && 2 * unreadable(text) > wide
}

/// Text of ISO-2022-JP that was taken for ASCII, which it is byte by byte.
fn unescaped(text: &str) -> Option<String> {
    text.contains(ESCAPE)
        .then(|| decoded(ISO_2022_JP, text.as_bytes()))
        .flatten()
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(Cow::into_owned)
}

/// Bytes that are no UTF-8, as what they are in Japan.
fn guessed(bytes: &[u8]) -> Option<String> {
    let escape = ESCAPE.as_bytes();
    match bytes.windows(escape.len()).any(|some| some == escape) {
        true => decoded(ISO_2022_JP, bytes),
        false => decoded(SHIFT_JIS, bytes).filter(|text| is_japanese(text)),
    }
}

/// Almost any bytes are Shift_JIS in some reading; what has kana, and none of the characters that are nobody's, was meant so.
fn is_japanese(text: &str) -> bool {
    let has = |from: char, to: char| text.chars().any(|c| (from..=to).contains(&c));
    has('\u{3041}', '\u{30fe}') && !has('\u{e000}', '\u{f8ff}')
}

/// An encoding by its name, also by those that only mails use.
fn named(label: &[u8]) -> Option<&'static Encoding> {
    let label = label.split(|byte| *byte == b'*').next()?;
    let label = String::from_utf8_lossy(label).to_ascii_lowercase();
    let known = Encoding::for_label(label.as_bytes());
    known.or_else(|| {
        if label.starts_with("iso-2022-jp") || label.starts_with("cp5022") {
            Some(ISO_2022_JP)
        } else if label.ends_with("cp932") || label.ends_with("ms932") {
            Some(SHIFT_JIS)
        } else {
            None
        }
    })
}

/// A header's text: bytes, and for encoded words the name of their encoding.
fn together(raw: &[u8]) -> String {
    let mut runs: Vec<(Option<&[u8]>, Vec<u8>)> = Vec::new();
    let mut rest = raw;
    while !rest.is_empty() {
        let start = find(rest, b"=?").unwrap_or(rest.len());
        let (before, from) = rest.split_at(start);
        let word = encoded_word(from);
        // What stands between two encoded words is only there to fold the line.
        let is_fold = word.is_some()
            && before.trim_ascii().is_empty()
            && runs.last().is_some_and(|(label, _)| label.is_some());
        if !before.is_empty() && !is_fold {
            runs.push((None, before.to_vec()));
        }
        rest = match word {
            Some((label, bytes, after)) => {
                match runs.last_mut() {
                    Some((Some(known), run)) if known.eq_ignore_ascii_case(label) => {
                        run.extend(bytes);
                    }
                    _ => runs.push((Some(label), bytes)),
                }
                after
            }
            None => {
                let (mark, after) = from.split_at(from.len().min(2));
                if !mark.is_empty() {
                    runs.push((None, mark.to_vec()));
                }
                after
            }
        };
    }
    let read = runs.iter().map(|(label, bytes)| {
        let encoding = label.and_then(named);
        let lossy = || String::from_utf8_lossy(bytes).into_owned();
        match encoding {
            Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            None if std::str::from_utf8(bytes).is_ok() => unescaped(&lossy()).unwrap_or_else(lossy),
            None => guessed(bytes).unwrap_or_else(lossy),
        }
    });
    read.collect()
}

/// The encoding, the bytes and what follows of `=?label?B?…?=`.
fn encoded_word(from: &[u8]) -> Option<(&[u8], Vec<u8>, &[u8])> {
    let rest = from.strip_prefix(b"=?")?;
    let (label, rest) = rest.split_at(find(rest, b"?")?);
    let (way, rest) = rest.get(1..)?.split_first()?;
    let rest = rest.strip_prefix(b"?")?;
    let (data, rest) = rest.split_at(find(rest, b"?=")?);
    let bytes = match way.to_ascii_uppercase() {
        b'B' => base64_decode(data)?,
        b'Q' => {
            let spaced: Vec<u8> = data
                .iter()
                .map(|byte| if *byte == b'_' { b' ' } else { *byte })
                .collect();
            quoted_printable_decode(&spaced)?
        }
        _ => return None,
    };
    Some((label, bytes, &rest[2..]))
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|some| some == word)
}

#[cfg(test)]
mod tests;
