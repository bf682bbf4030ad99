//! The texts that a mapping gives, cleaned: for people and terminals, and the same however an editor ends its lines.

use crate::time::{Timestamp, from_ms, ms};

/// The most characters of a title; it is a line, and is cut rather than refused.
const TITLE_CAP: usize = 500;

/// A text without what surrounds it and what nobody can read; line ends are `\n`, so that an editor that changes them changes
/// nothing.
pub(in crate::sources) fn written(text: &str) -> Option<String> {
    let text = match text.contains(is_unreadable) {
        true => text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .replace(is_unreadable, ""),
        false => text.to_owned(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Controls that are for machines: on a terminal they would move the cursor.
fn is_unreadable(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// What is quoted, so that it can be printed.
pub(super) fn shown(c: char) -> char {
    match is_unreadable(c) {
        true => char::REPLACEMENT_CHARACTER,
        false => c,
    }
}

/// One line of text, cut where it is too long.
pub(super) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(TITLE_CAP) {
        Some(_) => line.chars().take(TITLE_CAP - 1).chain(['…']).collect(),
        None => line,
    }
}

/// An instant in whole milliseconds, as the store keeps it.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    Some(from_ms(ms(at)))
}
