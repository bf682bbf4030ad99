//! Amounts of time as people write them: `30m`, `1h30m`, `90s`.
//!
//! An amount is exact elapsed time, so a day here is 24 hours. In a calendar that reading surprises ("2d" of
//! business hours would be six working days), so [`parse_open_span`] refuses days. Business days are no
//! amounts at all: they are a count given to `Calendar::add_working_days`.

use super::SignedDuration;
use std::fmt::Write as _;

/// Says why a text is not an amount of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// The text is no list of numbers with units.
    #[error(
        "{text:?} is not an amount of time: write it like \"90s\", \"30m\", \"4h\" or \"1h30m\""
    )]
    Shape {
        /// The text as it was written.
        text: String,
    },
    /// The amount does not fit.
    #[error("{text:?} is too long an amount of time")]
    TooLong {
        /// The text as it was written.
        text: String,
    },
    /// Days were asked for where only open time counts.
    #[error(
        "{text:?} counts days, but this amount is counted in a calendar's open hours: write hours, such as \"16h\""
    )]
    Days {
        /// The text as it was written.
        text: String,
    },
}

/// The units, longest first, which is also the only order in which they may be written.
const UNITS: [(&str, i64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads an amount of elapsed time (`2d`, `4h`, `1h30m`, `90s`, `250ms`; `-30m` is negative).
pub fn parse_span(text: &str) -> Result<SignedDuration, SpanError> {
    let shape = || SpanError::Shape {
        text: text.to_owned(),
    };
    let too_long = || SpanError::TooLong {
        text: text.to_owned(),
    };
    let trimmed = text.trim();
    let (sign, mut rest) = match trimmed.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let mut units = UNITS.iter();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return Err(shape());
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len()
            - tail
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let (unit, tail) = tail.split_at(letters);
        if number.is_empty() {
            return Err(shape());
        }
        let (_, size) = units.find(|(name, _)| *name == unit).ok_or_else(shape)?;
        let number: i64 = number.parse().map_err(|_| too_long())?;
        total = number
            .checked_mul(*size)
            .and_then(|part| total.checked_add(part))
            .ok_or_else(too_long)?;
        rest = tail.trim_start();
    }
    Ok(SignedDuration::from_millis(sign * total))
}

/// Reads an amount that is counted in a calendar's open hours: as [`parse_span`], but days are refused.
pub fn parse_open_span(text: &str) -> Result<SignedDuration, SpanError> {
    let span = parse_span(text)?;
    if text.contains('d') {
        return Err(SpanError::Days {
            text: text.to_owned(),
        });
    }
    Ok(span)
}

/// Prints an amount in hours, minutes, seconds and milliseconds, so that [`parse_span`] reads it back.
///
/// Anything below a millisecond is dropped; there is nothing of that size in toban.
pub fn show_span(span: SignedDuration) -> String {
    let mut left = span.as_millis().unsigned_abs();
    if left == 0 {
        return "0m".to_owned();
    }
    let mut text = String::new();
    if span.is_negative() {
        text.push('-');
    }
    for (unit, size) in &UNITS[1..] {
        let size = u128::from(size.unsigned_abs());
        if left >= size {
            write!(text, "{}{unit}", left / size).expect("writing to a string succeeds");
            left %= size;
        }
    }
    text
}

/// Amounts in documents as people write them: `#[serde(with = "crate::time::serde_span")]`.
pub mod serde_span {
    use super::{SignedDuration, parse_span, show_span};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    /// Writes the amount as text.
    pub fn serialize<S: Serializer>(span: &SignedDuration, out: S) -> Result<S::Ok, S::Error> {
        show_span(*span).serialize(out)
    }

    /// Reads the amount from text.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SignedDuration, D::Error> {
        parse_span(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
