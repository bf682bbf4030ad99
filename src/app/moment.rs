//! Moments as people type them: `15:00`, `11/24 15:00`, `2026-11-24`, `30m`, `2d`, RFC 3339.

use crate::time::{
    Date, DateTime, SignedDuration, Time, TimeZone, Timestamp, Weekday, parse_span, plus, resolve,
};

/// Which way a bare time of day points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// The next one: deadlines, snoozes.
    Future,
    /// The last one: "I answered at 10:30".
    Past,
}

/// A moment that cannot be made out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no moment")]
pub struct NoMoment(pub String);

/// Reads a moment in a zone. A date alone means its start of business as the caller sees it: nine o'clock.
///
/// # Errors
/// [`NoMoment`] with the words that cannot be made out.
pub fn parse_moment(
    words: &str,
    now: Timestamp,
    zone: &TimeZone,
    toward: Toward,
) -> Result<Timestamp, NoMoment> {
    let words = words.trim();
    let no_moment = || NoMoment(words.to_owned());
    if let Ok(at) = words.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(span) = parse_span(words.trim_start_matches('+')) {
        return Ok(match toward {
            Toward::Future => plus(now, span),
            Toward::Past => plus(now, -span),
        });
    }
    let today = now.to_zoned(zone.clone()).date();
    let mut parts = words.split_whitespace();
    let (first, second) = (parts.next().ok_or_else(no_moment)?, parts.next());
    if parts.next().is_some() {
        return Err(no_moment());
    }
    match (second, time(first)) {
        (None, Some(time)) => Ok(nearest(today, time, now, zone, toward)),
        (None, None) => {
            let date = date(first, today).ok_or_else(no_moment)?;
            Ok(resolve(date.to_datetime(Time::constant(9, 0, 0, 0)), zone))
        }
        (Some(second), _) => {
            let date = date(first, today).ok_or_else(no_moment)?;
            let time = time(second).ok_or_else(no_moment)?;
            Ok(resolve(DateTime::from_parts(date, time), zone))
        }
    }
}

/// Reads a day: a date, `today`, `tomorrow`, or the next such weekday, today included.
///
/// # Errors
/// [`NoMoment`] with the words that cannot be made out.
pub fn parse_day(words: &str, today: Date) -> Result<Date, NoMoment> {
    let no_moment = || NoMoment(words.trim().to_owned());
    let word = words.trim().to_lowercase();
    let ahead = |days: i64| today.saturating_add(SignedDuration::from_hours(24 * days));
    if let Some((_, days)) = DAYS.iter().find(|(name, _)| *name == word) {
        return Ok(ahead(*days));
    }
    if let Some(weekday) = weekday(&word) {
        let from = i64::from(today.weekday().to_monday_zero_offset());
        let to = i64::from(weekday.to_monday_zero_offset());
        return Ok(ahead((to - from).rem_euclid(7)));
    }
    date(&word, today).ok_or_else(no_moment)
}

/// Whether a word may be meant as a day.
pub fn is_day(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit())
        || DAYS.iter().any(|(name, _)| *name == word)
        || weekday(&word).is_some()
}

const DAYS: [(&str, i64); 7] = [
    ("today", 0),
    ("tomorrow", 1),
    ("今日", 0),
    ("本日", 0),
    ("明日", 1),
    ("あした", 1),
    ("明後日", 2),
];

/// A weekday: `fri`, `friday`, `金`, `金曜`, `金曜日`.
fn weekday(word: &str) -> Option<Weekday> {
    const WORDS: [(&str, &str, Weekday); 7] = [
        ("monday", "月", Weekday::Monday),
        ("tuesday", "火", Weekday::Tuesday),
        ("wednesday", "水", Weekday::Wednesday),
        ("thursday", "木", Weekday::Thursday),
        ("friday", "金", Weekday::Friday),
        ("saturday", "土", Weekday::Saturday),
        ("sunday", "日", Weekday::Sunday),
    ];
    let ja = word
        .strip_suffix("曜日")
        .or_else(|| word.strip_suffix('曜'));
    let ja = ja.unwrap_or(word);
    let is =
        |(en, name, _): &&(&str, &str, Weekday)| *en == word || en[..3] == *word || *name == ja;
    WORDS.iter().find(is).map(|(.., weekday)| *weekday)
}

fn time(word: &str) -> Option<Time> {
    let (hour, minute) = word.split_once([':', '：', '時'])?;
    let minute = minute.trim_end_matches('分');
    let minute = if minute.is_empty() {
        0
    } else {
        minute.parse().ok()?
    };
    Time::new(hour.parse().ok()?, minute, 0, 0).ok()
}

/// `2026-11-24`, `2026/11/24`, or `11/24` of this year; a month and day long past mean next year's.
fn date(word: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = word.split(['-', '/']).collect();
    match parts[..] {
        [year, month, day] => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        [month, day] => {
            let date = Date::new(today.year(), month.parse().ok()?, day.parse().ok()?).ok()?;
            let is_long_past = date.duration_until(today) > SignedDuration::from_hours(24 * 183);
            if is_long_past {
                Date::new(today.year() + 1, date.month(), date.day()).ok()
            } else {
                Some(date)
            }
        }
        _ => None,
    }
}

fn nearest(today: Date, time: Time, now: Timestamp, zone: &TimeZone, toward: Toward) -> Timestamp {
    let at = resolve(DateTime::from_parts(today, time), zone);
    let other = match toward {
        Toward::Future if at <= now => today.tomorrow(),
        Toward::Past if at > now => today.yesterday(),
        Toward::Future | Toward::Past => return at,
    };
    other.map_or(at, |day| resolve(DateTime::from_parts(day, time), zone))
}

#[cfg(test)]
mod tests;
