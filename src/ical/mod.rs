//! Reading iCalendar (RFC 5545): which days a calendar names, whatever program wrote it.
//!
//! Promises: a text that is no calendar, is too large, or says a date that cannot be read is an error with its line;
//! recurring events are written out within a window, bounded in number; words come back in one line and not long. A day
//! is named by an event of whole days, as it is written, or by one with times that covers it from midnight to midnight
//! in the reader's zone; meetings name none. What was cancelled is left out.
//!
//! Parsing and recurrence are `calcard`'s; its types and chrono's end here. Leaves out writing calendars, alarms, and
//! who is invited.

mod recurring;

use crate::time::{Date, DateTime, SignedDuration, Time, TimeZone, Timestamp, plus, resolve};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus,
    ICalendarValue,
};
use calcard::{Entry, Parser};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest calendar that is read: a thousand times a country's holidays of ten years.
pub const LARGEST: usize = 1024 * 1024;

/// How many occurrences one event may have in all: a daily one for some sixty years.
const MOST_OCCURRENCES: usize = 25_000;

/// How many events a calendar may come to, written out.
const MOST_EVENTS: usize = 100_000;

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 80;

/// Something that a calendar says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is called; blank if it has no name.
    pub name: String,
    pub when: When,
}

/// When an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whole days, the last one included, wherever one is.
    Days { first: Date, last: Date },
    /// `[from, until)`.
    Hours { from: Timestamp, until: Timestamp },
}

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IcalError {
    #[error("this is no iCalendar: it does not begin with BEGIN:VCALENDAR")]
    NotOne,
    #[error("this is larger than {} KiB", LARGEST / 1024)]
    TooLarge,
    #[error("line {line}: {what}")]
    Broken { line: usize, what: String },
    #[error("line {line}: this event recurs more than {MOST_OCCURRENCES} times")]
    TooOften { line: usize },
    #[error("there are more than {MOST_EVENTS} events in it")]
    TooMany,
    #[error("it names no day")]
    NoDays,
}

/// The days that a calendar names from `window.0` to `window.1`, both included; for times of day, in a zone.
///
/// # Errors
/// When the text is no calendar, or names no day in the window.
pub fn days(
    text: &str,
    zone: &TimeZone,
    window: (Date, Date),
) -> Result<BTreeMap<Date, String>, IcalError> {
    let mut days: BTreeMap<Date, String> = BTreeMap::new();
    for event in events(text, zone, window)? {
        let Some((first, last)) = whole_days(event.when, zone) else {
            continue;
        };
        let (mut date, last) = (first.max(window.0), last.min(window.1));
        while date <= last {
            let name = days.entry(date).or_default();
            let is_news = !event.name.is_empty() && !name.split(" / ").any(|n| n == event.name);
            if is_news && name.chars().count() + event.name.chars().count() <= LONGEST_NAME {
                name.push_str(if name.is_empty() { "" } else { " / " });
                name.push_str(&event.name);
            }
            let Ok(tomorrow) = date.tomorrow() else { break };
            date = tomorrow;
        }
    }
    match days.is_empty() {
        true => Err(IcalError::NoDays),
        false => Ok(days),
    }
}

/// The stretches of whole days that a calendar names, first and last day, where they touch a window; none is fine.
///
/// # Errors
/// When the text is no calendar.
pub fn stretches(
    text: &str,
    zone: &TimeZone,
    window: (Date, Date),
) -> Result<Vec<(Date, Date)>, IcalError> {
    let events = events(text, zone, window)?;
    let days = events
        .into_iter()
        .filter_map(|event| whole_days(event.when, zone));
    Ok(days
        .filter(|(first, last)| *first <= window.1 && *last >= window.0)
        .collect())
}

/// What a calendar may keep when only its dates are wanted: no word of what, where and with whom.
const DATES: [&str; 17] = [
    "BEGIN",
    "END",
    "VERSION",
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "EXRULE",
    "SEQUENCE",
];

/// The same calendar with its dates only.
pub fn dates_only(text: &str) -> String {
    let mut kept = String::new();
    let mut keeps = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A line that begins with a space goes on with the one before.
        if !line.starts_with([' ', '\t']) {
            let name = line.split([':', ';']).next().unwrap_or_default().trim();
            keeps = DATES.iter().any(|date| name.eq_ignore_ascii_case(date));
        }
        if keeps {
            kept.push_str(line.trim_end_matches('\r'));
            kept.push_str("\r\n");
        }
    }
    kept
}

/// What a calendar says that touches a window of dates; times without a zone are the reader's.
///
/// # Errors
/// When the text is no calendar.
pub fn events(text: &str, zone: &TimeZone, window: (Date, Date)) -> Result<Vec<Event>, IcalError> {
    if text.len() > LARGEST {
        return Err(IcalError::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    let lines = begin_lines(text)?;
    // Whatever a stranger's text does to the parser, it is the text that is at fault.
    let read = catch_unwind(AssertUnwindSafe(|| written_out(text, &lines, window)));
    let spans = read.unwrap_or_else(|_| {
        Err(IcalError::Broken {
            line: 1,
            what: "the calendar cannot be read".to_owned(),
        })
    })?;
    let mut events: Vec<Event> = Vec::with_capacity(spans.len());
    for (name, span) in spans {
        let when = span.when(zone);
        if touches(when, zone, window) {
            events.push(Event { name, when });
        }
    }
    Ok(events)
}

/// An event as it is written: its ends may be local times without a zone.
enum Written {
    Days { first: Date, last: Date },
    Times { from: End, until: End },
}

#[derive(Clone, Copy)]
enum End {
    At(Timestamp),
    Floating(DateTime),
}

impl Written {
    fn when(self, zone: &TimeZone) -> When {
        let at = |end: End| match end {
            End::At(at) => at,
            End::Floating(local) => resolve(local, zone),
        };
        match self {
            Written::Days { first, last } => When::Days { first, last },
            Written::Times { from, until } => When::Hours {
                from: at(from),
                until: at(until),
            },
        }
    }
}

fn written_out(
    text: &str,
    lines: &[usize],
    window: (Date, Date),
) -> Result<Vec<(String, Written)>, IcalError> {
    let mut parser = Parser::new(text);
    let Entry::ICalendar(calendar) = parser.entry() else {
        return Err(IcalError::NotOne);
    };
    let line = |index: usize| lines.get(index).copied().unwrap_or(1);
    for (index, component) in calendar.components.iter().enumerate() {
        check(component).map_err(|what| IcalError::Broken {
            line: line(index),
            what,
        })?;
    }
    let names = names(&calendar);
    let occurrences = recurring::written_out(calendar, window.1, &line)?;
    Ok(occurrences
        .into_iter()
        .filter_map(|(index, span)| Some((names.get(index)?.clone()?, span)))
        .collect())
}

/// The names of all components; none for what does not take place.
fn names(calendar: &ICalendar) -> Vec<Option<String>> {
    let name = |component: &ICalendarComponent| {
        let cancelled = ICalendarValue::Status(ICalendarStatus::Cancelled);
        let is_cancelled = component
            .entries
            .iter()
            .any(|entry| entry.values.contains(&cancelled));
        let is_event = component.component_type == ICalendarComponentType::VEvent;
        let summary = component.entries.iter().find_map(|entry| {
            let is_summary = entry.name == ICalendarProperty::Summary;
            entry.values.first().filter(|_| is_summary)?.as_text()
        });
        (is_event && !is_cancelled).then(|| one_line(summary.unwrap_or_default()))
    };
    calendar.components.iter().map(name).collect()
}

/// Says what is wrong with an event, where the parser only leaves it out.
fn check(component: &ICalendarComponent) -> Result<(), String> {
    if component.component_type != ICalendarComponentType::VEvent {
        return Ok(());
    }
    let mut has_start = false;
    for entry in &component.entries {
        let value = entry.values.first();
        let is_date = matches!(value, Some(ICalendarValue::PartialDateTime(date))
            if date.to_date_time().is_some());
        let said = value.and_then(ICalendarValue::as_text).unwrap_or_default();
        let said = one_line(said);
        match entry.name {
            ICalendarProperty::Dtstart | ICalendarProperty::Dtend if !is_date => {
                return Err(format!("{said:?} is not a date of this event"));
            }
            ICalendarProperty::Dtstart => has_start = true,
            ICalendarProperty::Rrule
                if !matches!(value, Some(ICalendarValue::RecurrenceRule(_))) =>
            {
                return Err(format!("{said:?} is not a rule by which this event recurs"));
            }
            _ => {}
        }
    }
    match has_start {
        true => Ok(()),
        false => Err("this event has no day: DTSTART is missing".to_owned()),
    }
}

/// The line of every `BEGIN`, in the order in which the parser numbers components; checks that each one ends.
fn begin_lines(text: &str) -> Result<Vec<usize>, IcalError> {
    let broken = |line: usize, what: String| Err(IcalError::Broken { line, what });
    let (mut begun, mut open): (Vec<usize>, Vec<(String, usize)>) = (Vec::new(), Vec::new());
    for (index, written) in text.lines().enumerate() {
        let line = index + 1;
        let Some((key, name)) = written.trim_end().split_once(':') else {
            continue;
        };
        let name = name.trim().to_ascii_uppercase();
        if key.eq_ignore_ascii_case("BEGIN") {
            if begun.is_empty() && name != "VCALENDAR" {
                return Err(IcalError::NotOne);
            }
            begun.push(line);
            open.push((name, line));
        } else if key.eq_ignore_ascii_case("END") {
            match open.pop() {
                Some((last, _)) if last == name => {}
                Some((last, at)) => {
                    let what = format!("END:{name} where BEGIN:{last} of line {at} is to end");
                    return broken(line, what);
                }
                None => return broken(line, format!("END:{name} without a BEGIN")),
            }
            if open.is_empty() {
                return Ok(begun);
            }
        } else if begun.is_empty() {
            return Err(IcalError::NotOne);
        }
    }
    match open.pop() {
        Some((name, line)) => broken(
            line,
            format!("BEGIN:{name} has no end: is the text cut off?"),
        ),
        None => Err(IcalError::NotOne),
    }
}

/// The days that an event covers from midnight to midnight.
fn whole_days(when: When, zone: &TimeZone) -> Option<(Date, Date)> {
    match when {
        When::Days { first, last } => (first <= last).then_some((first, last)),
        When::Hours { from, until } => {
            let local = zone.to_datetime(from);
            let first = match resolve(local.date().to_datetime(Time::midnight()), zone) {
                midnight if midnight >= from => local.date(),
                _ => local.date().tomorrow().ok()?,
            };
            let last = zone.to_datetime(until).date().yesterday().ok()?;
            (first <= last).then_some((first, last))
        }
    }
}

fn touches(when: When, zone: &TimeZone, (first_day, last_day): (Date, Date)) -> bool {
    let (first, last) = match when {
        When::Days { first, last } => (first, last),
        When::Hours { from, until } => {
            let end = plus(until, SignedDuration::from_nanos(-1)).max(from);
            (zone.to_datetime(from).date(), zone.to_datetime(end).date())
        }
    };
    first <= last_day && last >= first_day
}

/// Words in one line, cut.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests;
