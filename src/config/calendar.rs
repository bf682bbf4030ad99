//! `[[calendar]]`: when people work.

use super::holidays::{YEARS, holidays};
use super::near::instead;
use super::section::{Field, Section};
use crate::domain::calendar::{
    Business, Calendar, CalendarError, Office, Period, Plan, Union, Week,
};
use crate::domain::sla::ALWAYS;
use crate::time::{Date, TimeZone, Weekday};
use std::collections::BTreeMap;

/// The longest closure: a longer one is a mistyped year.
const LONGEST_CLOSURE: usize = 366;

pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The calendars by name. One that is written but wrong is there as `None`, so that nobody calls it unknown.
pub(super) struct Calendars(BTreeMap<String, Option<Calendar>>);

impl Calendars {
    /// Finds the calendar that a key names, reporting an unknown one.
    pub fn named(&self, field: &Field<'_>) -> Option<(String, Calendar)> {
        let name = field.text()?;
        match self.0.get(name) {
            Some(found) => found.clone().map(|calendar| (name.to_owned(), calendar)),
            None => {
                let known = self.0.keys().map(String::as_str);
                field.wrong_with(
                    format!("there is no calendar {name:?}"),
                    instead(name, known),
                );
                None
            }
        }
    }

    /// Finds the calendar that a key names, or the union of several offices.
    pub fn shared(&self, field: &Field<'_>) -> Option<(String, Calendar)> {
        if field.value.is_str() {
            return self.named(field);
        }
        let items = field.list()?;
        let mut offices: Vec<Office> = Vec::new();
        let mut is_whole = true;
        for item in &items {
            let Some((name, calendar)) = self.named(item) else {
                is_whole = false;
                continue;
            };
            match calendar.plan() {
                Plan::Business(hours) => offices.push(Office {
                    name,
                    hours: hours.clone(),
                }),
                Plan::AroundTheClock(_) | Plan::Union(_) => {
                    is_whole = false;
                    item.wrong_with(
                        format!("calendar {name:?} never closes, so the others would not matter"),
                        "name it alone, or leave it out",
                    );
                }
            }
        }
        if let ([one], true) = (&items[..], is_whole) {
            return self.named(one);
        }
        let names: Vec<&str> = offices.iter().map(|office| office.name.as_str()).collect();
        let name = names.join(" + ");
        if !is_whole {
            return None;
        }
        if self.0.contains_key(&name) {
            field.wrong_with(
                format!("a calendar is called {name:?}, as these offices together would be"),
                "rename the calendar",
            );
            return None;
        }
        match Calendar::new(Plan::Union(Union { offices })) {
            Ok(calendar) => Some((name, calendar)),
            Err(error @ CalendarError::OfficeTwice { .. }) => {
                field.wrong_with(error.to_string(), "name each office once");
                None
            }
            Err(error @ CalendarError::NoOffices) => {
                field.wrong_with(error.to_string(), "name at least one calendar");
                None
            }
            Err(error) => {
                field.wrong(error.to_string());
                None
            }
        }
    }

    /// The calendars that are whole.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Calendar)> {
        self.0
            .iter()
            .filter_map(|(name, calendar)| calendar.as_ref().map(|calendar| (name, calendar)))
    }
}

/// Reads every `[[calendar]]`; `always` is built in.
pub(super) fn calendars(root: &Section<'_>, zone: &str) -> Calendars {
    let mut all = BTreeMap::from([(ALWAYS.to_owned(), Some(Calendar::around_the_clock()))]);
    for section in root.sections("calendar") {
        let section = section.with_preset();
        let name = section
            .need("name", "\"office\"")
            .and_then(|field| field.text());
        let calendar = calendar(&section, name.unwrap_or_default(), zone);
        let Some(name) = name else { continue };
        if name == ALWAYS {
            section.wrong(
                "name",
                "calendar \"always\" is built in",
                "give yours another name",
            );
        } else if all.insert(name.to_owned(), calendar).is_some() {
            section.wrong(
                "name",
                format!("calendar {name:?} is there twice"),
                "give each calendar a name of its own",
            );
        }
    }
    Calendars(all)
}

/// Reads one calendar.
fn calendar(section: &Section<'_>, name: &str, zone: &str) -> Option<Calendar> {
    let zone = match section.field("zone") {
        Some(field) => field.zone().map(|(name, _)| name),
        None => Some(zone),
    };
    let week = week(section);
    let known = zone.and_then(|zone| crate::time::zone(zone).ok());
    let mut holidays = holidays(section, name, &known.unwrap_or(TimeZone::UTC));
    for closure in section.sections("closures") {
        holidays.days.extend(closed(&closure));
    }
    let worked = holidays.switch_off();
    let exceptions = exceptions(section);
    let plan = Business {
        zone: zone?.to_owned(),
        week: week?,
        exceptions,
        breaks: BTreeMap::new(),
        holidays: holidays.days,
        worked,
    };
    let (key, what, help) = match Calendar::business(plan) {
        Ok(calendar) => return Some(calendar),
        Err(CalendarError::Zone(error)) => ("zone", error.to_string(), ""),
        Err(CalendarError::NeverOpens) => (
            "hours",
            format!("calendar {name:?} never opens"),
            "give at least one weekday some hours: hours = { weekdays = \"09:00-12:00, 13:00-18:00\" }",
        ),
        Err(error @ CalendarError::Overlap { .. }) => (
            "hours",
            format!("calendar {name:?}: {error}"),
            "let one period end before the next begins",
        ),
        Err(CalendarError::ClosedFrom { from }) => (
            if section.has("closures") {
                "closures"
            } else {
                "holidays"
            },
            format!("calendar {name:?} never opens from {from} on: ten years of closed days"),
            "shorten a closure, or switch single days off: { date = …, off = true }",
        ),
        Err(
            error @ (CalendarError::NoOffices
            | CalendarError::OfficeTwice { .. }
            | CalendarError::Office { .. }),
        ) => ("name", format!("calendar {name:?}: {error}"), ""),
    };
    section.wrong(key, what, help);
    None
}

/// Reads the hours: one text for Monday to Friday, or a table of weekdays.
fn week(section: &Section<'_>) -> Option<Week> {
    let Some(field) = section.field("hours") else {
        return Some(Week::default());
    };
    if field.value.is_str() {
        return field.periods().map(|periods| Week::weekdays(&periods));
    }
    let hours = section.section("hours")?;
    let of = |name: &str| hours.field(name).map(|field| field.periods());
    let mut is_whole = true;
    let mut week = match of("weekdays") {
        Some(Some(periods)) => Week::weekdays(&periods),
        Some(None) => {
            is_whole = false;
            Week::default()
        }
        None => Week::default(),
    };
    for (name, day) in WEEKDAYS {
        match of(name) {
            Some(Some(periods)) => *week.day_mut(day) = periods,
            Some(None) => is_whole = false,
            None => {}
        }
    }
    is_whole.then_some(week)
}

/// Reads the dates that have hours of their own.
fn exceptions(section: &Section<'_>) -> BTreeMap<Date, Vec<Period>> {
    let mut all = BTreeMap::new();
    for table in section.sections("exceptions") {
        let date = table.need("date", "2026-03-31").and_then(|f| f.date());
        let hours = table
            .need("hours", "\"09:00-21:00\"")
            .and_then(|f| f.periods());
        if let Some((date, hours)) = date.zip(hours)
            && all.insert(date, hours).is_some()
        {
            table.wrong(
                "date",
                format!("{date} has hours already"),
                "write all hours of a date in one line",
            );
        }
    }
    all
}

/// Reads a closure, first and last day included; without a year it is every year's.
fn closed(section: &Section<'_>) -> BTreeMap<Date, String> {
    let first = section.need("first", "\"12-29\"");
    let last = section.need("last", "\"01-03\"");
    let name = section.need("name", "\"年末年始\"").and_then(|f| f.text());
    let (Some(first), Some(last), Some(name)) = (first, last, name) else {
        return BTreeMap::new();
    };
    let spans = match (month_day(&first), month_day(&last)) {
        (Some(from), Some(to)) => YEARS
            .filter_map(|year| yearly(year, from, to))
            .collect::<Vec<_>>(),
        (None, None) => {
            let (Some(from), Some(to)) = (first.date(), last.date()) else {
                return BTreeMap::new();
            };
            if to < from {
                last.wrong_with(
                    format!("the closure ends on {to}, before it starts on {from}"),
                    "swap the dates",
                );
                return BTreeMap::new();
            }
            vec![(from, to)]
        }
        _ => {
            last.wrong_with(
                "one date has a year and the other has none",
                "write both with a year (2026-12-29) or both without (\"12-29\": every year)",
            );
            return BTreeMap::new();
        }
    };
    let mut days = BTreeMap::new();
    for (from, to) in spans {
        let dates = from.series(jiff::Span::new().days(1));
        let closed: Vec<Date> = dates
            .take_while(|date| *date <= to)
            .take(LONGEST_CLOSURE + 1)
            .collect();
        if closed.len() > LONGEST_CLOSURE {
            last.wrong_with(
                format!("the closure from {from} to {to} is longer than a year"),
                "check the years",
            );
            return BTreeMap::new();
        }
        days.extend(closed.into_iter().map(|date| (date, name.to_owned())));
    }
    days
}

/// Reads `12-29`; anything else is left to whoever reads dates.
fn month_day(field: &Field<'_>) -> Option<(i8, i8)> {
    let text = field.value.as_str()?;
    let (month, day) = text.split_once('-').filter(|_| text.len() == 5)?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year has every day that there is.
    Date::new(2024, month, day).ok().map(|_| (month, day))
}

/// The closure that starts in a year; it may end in the next.
fn yearly(year: i16, from: (i8, i8), to: (i8, i8)) -> Option<(Date, Date)> {
    let last_year = if to < from { year + 1 } else { year };
    let on = |year, (month, day): (i8, i8)| {
        let first = Date::new(year, month, 1).ok()?;
        Date::new(year, month, day.min(first.days_in_month())).ok()
    };
    on(year, from).zip(on(last_year, to))
}
