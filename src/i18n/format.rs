//! Times, amounts and names as people write them in each language.
//!
//! Pure functions; `now` is an argument. Amounts are hours and minutes, never days: a day of business time is not
//! twenty-four hours, and a reader cannot see which one is meant.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::{Args, Lang, say};
use crate::msg;

/// Writes an instant with weekday and zone: `11/21(土) 10:32 JST`, `Sat 21 Nov 10:32 JST`.
///
/// The year is written when it is not the year of `now` in that zone.
pub fn instant(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    format!(
        "{} {}",
        instant_without_zone(lang, at, zone, now),
        zone_label(&at.to_zoned(zone.clone()))
    )
}

/// Writes an instant as [`instant`] does, where the zone is plain to see anyway.
pub fn instant_without_zone(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let local = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone()).date();
    format!(
        "{} {:02}:{:02}",
        date(lang, local.date(), today),
        local.hour(),
        local.minute()
    )
}

/// Writes a date with weekday: `11/21(土)`, `Sat 21 Nov`; the year when it is not the year of `today`.
pub fn date(lang: Lang, day: Date, today: Date) -> String {
    let args = Args::new()
        .with("year", day.year().to_string())
        .with("month", month(lang, day))
        .with("day", day.day().to_string())
        .with("weekday", weekday(lang, day.weekday()));
    let id = if day.year() == today.year() {
        msg!("date-this-year")
    } else {
        msg!("date-other-year")
    };
    say(lang, id, &args)
}

fn month(lang: Lang, day: Date) -> String {
    match lang {
        Lang::Ja => day.month().to_string(),
        Lang::En => day.strftime("%b").to_string(),
    }
}

/// The short name of a weekday: `土`, `Sat`.
pub fn weekday(lang: Lang, weekday: Weekday) -> String {
    let id = match weekday {
        Weekday::Monday => msg!("weekday-monday"),
        Weekday::Tuesday => msg!("weekday-tuesday"),
        Weekday::Wednesday => msg!("weekday-wednesday"),
        Weekday::Thursday => msg!("weekday-thursday"),
        Weekday::Friday => msg!("weekday-friday"),
        Weekday::Saturday => msg!("weekday-saturday"),
        Weekday::Sunday => msg!("weekday-sunday"),
    };
    say(lang, id, &Args::new())
}

/// Weekdays in order, three or more in a row as one: `Mon–Fri`, `土・日`.
pub fn weekdays(lang: Lang, days: &[Weekday]) -> String {
    let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
    for day in days {
        match runs.last_mut().filter(|(_, last)| last.next() == *day) {
            Some((_, last)) => *last = *day,
            None => runs.push((*day, *day)),
        }
    }
    let length = |(first, last): &(Weekday, Weekday)| first.until(*last) + 1;
    let joined = |id: &str, first: String, next: &str| {
        say(
            lang,
            id,
            &Args::new().with("first", first).with("next", next),
        )
    };
    let said = runs.iter().map(|run| match length(run) {
        1 => weekday(lang, run.0),
        2 => joined(
            msg!("weekdays-both"),
            weekday(lang, run.0),
            &weekday(lang, run.1),
        ),
        _ => joined(
            msg!("weekdays-run"),
            weekday(lang, run.0),
            &weekday(lang, run.1),
        ),
    });
    said.reduce(|first, next| joined(msg!("weekdays-both"), first, &next))
        .unwrap_or_default()
}

/// `JST`, `UTC`; a zone without letters of its own becomes `UTC+4` or `UTC-3:30`.
fn zone_label(local: &Zoned) -> String {
    let label = local.strftime("%Z").to_string();
    if label.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return label;
    }
    let seconds = local.offset().seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => "UTC".into(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// Writes an amount of time in hours and minutes, rounded down: `2時間30分`, `2 h 30 min`.
///
/// A negative amount is written like a positive one; [`late`] says which side of a deadline it is.
pub fn amount(lang: Lang, amount: SignedDuration) -> String {
    let minutes = minutes(amount);
    let args = Args::new()
        .with("hours", (minutes / 60).to_string())
        .with("minutes", (minutes % 60).to_string());
    let id = match (minutes / 60, minutes % 60) {
        (0, 0) => msg!("amount-under-a-minute"),
        (0, _) => msg!("amount-minutes"),
        (_, 0) => msg!("amount-hours"),
        _ => msg!("amount-hours-minutes"),
    };
    say(lang, id, &args)
}

fn minutes(amount: SignedDuration) -> u64 {
    amount.as_secs().unsigned_abs() / 60
}

/// Writes an interval exactly, as a configuration means it: `90秒` is `1分30秒`, `1 min 30 s`.
///
/// Below a second nothing is repeated; such an interval is written as `0秒`.
pub fn span(lang: Lang, span: SignedDuration) -> String {
    let seconds = i64::try_from(span.as_secs().unsigned_abs()).unwrap_or(i64::MAX);
    let (hours, minutes, left) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    let count = |count: i64| Args::new().with("count", count.to_string());
    match (hours, minutes, left) {
        (0, 0, _) => say(lang, msg!("span-seconds"), &count(left)),
        (0, _, 0) => say(lang, msg!("span-minutes"), &count(minutes)),
        (_, 0, 0) => say(lang, msg!("span-hours"), &count(hours)),
        (0, _, _) => {
            let args = Args::new().with("minutes", minutes.to_string());
            let args = args.with("seconds", left.to_string());
            say(lang, msg!("span-minutes-seconds"), &args)
        }
        (_, _, 0) => {
            let args = Args::new().with("hours", hours.to_string());
            let args = args.with("minutes", minutes.to_string());
            say(lang, msg!("span-hours-minutes"), &args)
        }
        // Nobody asks every so many hours, minutes and seconds, but it must not be written otherwise.
        (_, _, _) => say(lang, msg!("span-seconds"), &count(seconds)),
    }
}

/// Writes how long something is overdue: `35分超過`, `35 min late`.
pub fn late(lang: Lang, by: SignedDuration) -> String {
    if minutes(by) == 0 {
        return say(lang, msg!("amount-late-under-a-minute"), &Args::new());
    }
    say(
        lang,
        msg!("amount-late"),
        &Args::new().with("amount", amount(lang, by)),
    )
}

/// Writes how much time is left: `残り2時間30分`, `2 h 30 min left`.
pub fn left(lang: Lang, left: SignedDuration) -> String {
    say(
        lang,
        msg!("amount-left"),
        &Args::new().with("amount", amount(lang, left)),
    )
}

/// Joins people's names, politely in Japanese: `青木さん、井上さん`, `Aoki, Inoue and Ueda`.
///
/// A name that already carries an honorific keeps it.
pub fn names<S: AsRef<str>>(lang: Lang, names: &[S]) -> String {
    let polite: Vec<String> = names.iter().map(|n| polite(lang, n.as_ref())).collect();
    list(lang, &polite)
}

fn polite(lang: Lang, name: &str) -> String {
    if ["さん", "様", "氏", "先生"]
        .iter()
        .any(|title| name.ends_with(title))
    {
        return name.to_owned();
    }
    say(lang, msg!("name-polite"), &Args::new().with("name", name))
}

/// Joins things: `A、B、C`, `A, B and C`.
pub fn list<S: AsRef<str>>(lang: Lang, items: &[S]) -> String {
    let Some((last, rest)) = items.split_last() else {
        return String::new();
    };
    let join = |id: &str, first: String, next: &str| {
        say(
            lang,
            id,
            &Args::new().with("first", first).with("next", next),
        )
    };
    let Some((head, middle)) = rest.split_first() else {
        return last.as_ref().to_owned();
    };
    let all_but_last = middle.iter().fold(head.as_ref().to_owned(), |sum, item| {
        join(msg!("list-comma"), sum, item.as_ref())
    });
    join(msg!("list-and"), all_but_last, last.as_ref())
}

/// `はい` or `いいえ`, `yes` or `no`.
pub fn yes_no(lang: Lang, yes: bool) -> String {
    say(
        lang,
        if yes { msg!("yes") } else { msg!("no") },
        &Args::new(),
    )
}

/// Names a severity from 1 to 4 in words: `S1 致命的`, `S1 critical`; others only by number.
pub fn severity(lang: Lang, level: u8) -> String {
    let id = match level {
        1 => msg!("severity-1"),
        2 => msg!("severity-2"),
        3 => msg!("severity-3"),
        4 => msg!("severity-4"),
        other => return format!("S{other}"),
    };
    say(lang, id, &Args::new())
}
