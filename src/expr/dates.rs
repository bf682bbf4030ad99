//! Reads the shapes in which other systems write dates, and writes RFC 3339.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use super::filters::{halfwidth, text};

/// The longest text that can be a date.
const LENGTH_CAP: usize = 64;
/// Whole numbers below this are seconds (until the year 5138), from it on milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// `date(zone)`: the instant as RFC 3339 with the offset of `zone`; a date without a zone is read in it.
pub(super) fn date(value: &Value, zone: &str) -> Result<String, Error> {
    let zone = named(zone)?;
    let at = instant(value, Some(&zone))?;
    Ok(at.display_with_offset(zone.to_offset(at)).to_string())
}

/// `to_utc(zone)`: the instant as RFC 3339 in UTC; a date without a zone is read in `zone`.
pub(super) fn to_utc(value: &Value, zone: Option<&str>) -> Result<String, Error> {
    let zone = zone.map(named).transpose()?;
    Ok(instant(value, zone.as_ref())?.to_string())
}

/// `epoch`: the instant as whole seconds since 1970.
pub(super) fn epoch_seconds(value: &Value) -> Result<i64, Error> {
    Ok(instant(value, None)?.as_second())
}

fn bad(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn named(zone: &str) -> Result<TimeZone, Error> {
    let unknown = || {
        bad(format!(
            "there is no time zone `{zone}`; write one such as `Asia/Tokyo`"
        ))
    };
    if zone.len() > LENGTH_CAP {
        Err(unknown())
    } else {
        TimeZone::get(zone).map_err(|_| unknown())
    }
}

fn instant(value: &Value, zone: Option<&TimeZone>) -> Result<Timestamp, Error> {
    if value.kind() == ValueKind::Number {
        return epoch(value).ok_or_else(|| bad(format!("`{value}` is too large for a date")));
    }
    let text = text(value)?;
    if text.len() > LENGTH_CAP {
        return Err(bad("this is too long for a date".into()));
    }
    let text = halfwidth(text.trim());
    match read(&text) {
        Some(Read::Instant(at)) => Ok(at),
        Some(Read::Civil(at)) => match zone {
            Some(zone) => {
                resolve(at, zone).ok_or_else(|| bad(format!("`{text}` is outside the calendar")))
            }
            None => Err(bad(format!(
                "`{text}` says no time zone; write `to_utc(\"Asia/Tokyo\")`"
            ))),
        },
        None => Err(bad(format!(
            "`{text}` is no date that is known here; RFC 3339 always works"
        ))),
    }
}

fn epoch(value: &Value) -> Option<Timestamp> {
    match i64::try_from(value.clone()) {
        Ok(whole) => epoch_whole(whole),
        Err(_) => {
            let seconds = f64::try_from(value.clone()).ok()?;
            let span = SignedDuration::try_from_secs_f64(seconds).ok()?;
            Timestamp::from_duration(span).ok()
        }
    }
}

fn epoch_whole(whole: i64) -> Option<Timestamp> {
    if whole.unsigned_abs() < MILLISECONDS_FROM.unsigned_abs() {
        Timestamp::from_second(whole).ok()
    } else {
        Timestamp::from_millisecond(whole).ok()
    }
}

enum Read {
    Instant(Timestamp),
    Civil(DateTime),
}

fn read(text: &str) -> Option<Read> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Read::Instant(at));
    }
    // nine digits and more; eight are a date such as 20261121
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return epoch_whole(text.parse().ok()?).map(Read::Instant);
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return Some(Read::Instant(at.timestamp()));
    }
    let (text, offset) = split_offset(text);
    let at = text.parse::<DateTime>().ok().or_else(|| loose(text))?;
    Some(match offset {
        Some(offset) => Read::Instant(offset.to_timestamp(at).ok()?),
        None => Read::Civil(at),
    })
}

/// Takes `Z`, `UTC`, `JST`, `+09:00` or `+0900` from the end; only after a time of day.
fn split_offset(text: &str) -> (&str, Option<Offset>) {
    for (name, hours) in [("UTC", 0), ("GMT", 0), ("JST", 9), ("Z", 0)] {
        if let Some(rest) = text.strip_suffix(name) {
            return (rest.trim_end(), Some(Offset::constant(hours)));
        }
    }
    let Some(at) = text
        .rfind(['+', '-'])
        .filter(|at| text[..*at].contains([':', '時']))
    else {
        return (text, None);
    };
    let digits = text[at + 1..].replace(':', "");
    let number = |range| digits.get(range).and_then(|d: &str| d.parse::<i32>().ok());
    let (Some(hours), minutes) = (number(0..2), number(2..4).unwrap_or(0)) else {
        return (text, None);
    };
    if !matches!(digits.len(), 2 | 4) || minutes > 59 {
        return (text, None);
    }
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    match Offset::from_seconds(sign * (hours * 3600 + minutes * 60)) {
        Ok(offset) => (text[..at].trim_end(), Some(offset)),
        Err(_) => (text, None),
    }
}

/// `2026/11/21 10:32`, `2026-1-2 9:05:07`, `2026.11.21`, `2026年11月21日 10時32分`.
fn loose(text: &str) -> Option<DateTime> {
    let cut = text.find(['日', ' ', 'T']);
    let (date, time) = match cut {
        Some(at) => (&text[..at], text[at..].trim_start_matches(['日', ' ', 'T'])),
        None => (text, ""),
    };
    let date = numbers(date, &['-', '/', '.', '年', '月'])?;
    let time = numbers(
        time.trim_end_matches(['分', '秒', '時']),
        &[':', '時', '分'],
    )?;
    let [year, month, day] = date[..] else {
        return None;
    };
    let (hour, minute, second) = match time[..] {
        [] => (0, 0, 0),
        [hour] if text.contains('時') => (hour, 0, 0),
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    if year < 1000 {
        return None;
    }
    let small = |n: i16| i8::try_from(n).ok();
    DateTime::new(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()
}

fn numbers(text: &str, separators: &[char]) -> Option<Vec<i16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(separators)
        .map(|n| {
            n.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| n.parse().ok())
                .flatten()
        })
        .collect()
}

/// The declared policy: after a gap its first instant, in an overlap the first occurrence.
fn resolve(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(at).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(at).ok(),
        AmbiguousOffset::Gap { before, .. } => {
            let after_gap = before.to_timestamp(at).ok()?;
            let next = after_gap.checked_add(SignedDuration::from_nanos(1)).ok()?;
            zone.preceding(next)
                .next()
                .map(|transition| transition.timestamp())
        }
    }
}
