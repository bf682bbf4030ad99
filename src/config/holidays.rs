//! `holidays` of a calendar: Japan's, calendars in files and at addresses, single dates, and days that are worked after all.
//!
//! Files are read here, with the configuration. What lies at an address was fetched before (`Sheet::pages`): a configuration
//! that is read without its pages has calendars without those days, and says in `Setup::feeds` what it wants.

use super::section::{Field, Section};
use crate::app::secret::Secret;
use crate::app::setup::Feed;
use crate::domain::calendar::japan_holidays;
use crate::ical;
use crate::time::{Date, TimeZone, civil};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// The years for which holidays of others and yearly closures are written out: those of the built-in list.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 2016..=2035;

/// The first and the last day of them.
pub(super) fn window() -> (Date, Date) {
    let (first, last) = (*YEARS.start(), *YEARS.end());
    (civil::date(first, 1, 1), civil::date(last, 12, 31))
}

/// What a calendar says of holidays.
#[derive(Default)]
pub(super) struct Holidays<'a> {
    pub days: BTreeMap<Date, String>,
    /// Dates that are worked all the same, where they stand.
    off: Vec<(Date, Field<'a>)>,
    /// Whether days are missing, because an address was not asked yet.
    is_partial: bool,
}

impl Holidays<'_> {
    /// Takes out the days that are worked all the same; answers them with their names.
    pub fn switch_off(&mut self) -> BTreeMap<Date, String> {
        let mut worked = BTreeMap::new();
        for (date, field) in &self.off {
            match self.days.remove(date) {
                Some(name) => {
                    worked.insert(*date, name);
                }
                None if self.is_partial || worked.contains_key(date) => {}
                None => field.odd(
                    format!(
                        "{date} is no holiday of this calendar, so there is nothing to switch off"
                    ),
                    "check the date, or drop the line",
                ),
            }
        }
        worked
    }
}

/// Reads the holidays of the calendar of a name: one item, or several in a list; later ones name a day anew.
pub(super) fn holidays<'a>(section: &Section<'a>, calendar: &str, zone: &TimeZone) -> Holidays<'a> {
    let mut all = Holidays::default();
    let Some(field) = section.field("holidays") else {
        return all;
    };
    let items = match field.value.is_array() {
        true => field.list().unwrap_or_default(),
        false => vec![field],
    };
    for item in items {
        if item.value.is_str() {
            if item.choice(&[("japan", ())]).is_some() {
                all.days.extend(japan_holidays());
            }
        } else if let Some(table) = item.section("calendar.holidays") {
            match kind(&table) {
                Some(Kind::Date) => date(&table, &item, &mut all),
                Some(Kind::File) => all.days.extend(file(&table, zone)),
                Some(Kind::Address) => address(&table, calendar, zone, &mut all),
                None => {}
            }
        }
    }
    all
}

#[derive(Clone, Copy)]
enum Kind {
    Date,
    File,
    Address,
}

/// What an item is: by the one key that says so.
fn kind(table: &Section<'_>) -> Option<Kind> {
    let given = [
        (table.has("date"), Kind::Date),
        (table.has("ical"), Kind::File),
        (table.has_secret("ical_url"), Kind::Address),
    ];
    let mut kinds = given.iter().filter(|(is_given, _)| *is_given);
    match (kinds.next(), kinds.next()) {
        (Some((_, kind)), None) => Some(*kind),
        (None, _) => {
            table.wrong(
                "",
                "this names no day",
                "write a date with its name, a file (ical = \"…\") or an address (ical_url = \"https://…\")",
            );
            None
        }
        (Some(_), Some(_)) => {
            table.wrong(
                "",
                "a date, a file and an address exclude each other",
                "write each as an item of its own",
            );
            None
        }
    }
}

/// Reads a single date: a holiday with its name, or one of a list that is worked after all.
fn date<'a>(table: &Section<'a>, item: &Field<'a>, all: &mut Holidays<'a>) {
    let date = table.need("date", "2026-06-01").and_then(|f| f.date());
    if table.truth_or("off", false) {
        if table.has("name") {
            table.wrong(
                "name",
                "a day that is switched off keeps the name that its list gives it",
                "drop the name, or off = true",
            );
        }
        all.off.extend(date.map(|date| (date, item.clone())));
        return;
    }
    let name = table.need("name", "\"創立記念日\"").and_then(|f| f.text());
    all.days.extend(date.zip(name.map(str::to_owned)));
}

/// Reads a calendar in a file beside the configuration.
fn file(table: &Section<'_>, zone: &TimeZone) -> BTreeMap<Date, String> {
    let read = || {
        let (field, name, text) = file_text(table)?;
        days(&field, name, &text, zone)
    };
    read().unwrap_or_default()
}

/// The text of the file that `ical` names, with the key and the name.
pub(super) fn file_text<'a>(table: &Section<'a>) -> Option<(Field<'a>, &'a str, String)> {
    let field = table.field("ical")?;
    let name = field.text()?;
    let folder = Path::new(field.sheet.file)
        .parent()
        .unwrap_or(Path::new(""));
    match bounded(&folder.join(name)) {
        Ok(text) => Some((field, name, text)),
        Err(error) => {
            field.wrong_with(
                format!("the calendar {name:?} cannot be read: {error}"),
                "files are looked for from the folder of the configuration",
            );
            None
        }
    }
}

/// Takes the calendar at an address, if it was fetched; else it is wanted.
fn address(table: &Section<'_>, calendar: &str, zone: &TimeZone, all: &mut Holidays<'_>) {
    let Some((field, url)) = web_address(table) else {
        return;
    };
    let sheet = field.sheet;
    let mut wanted = sheet.feeds.borrow_mut();
    match wanted.iter_mut().find(|feed| feed.url == url) {
        Some(feed) if feed.calendars.iter().any(|known| known == calendar) => {}
        Some(feed) => feed.calendars.push(calendar.to_owned()),
        None => wanted.push(Feed {
            url: url.clone(),
            calendars: vec![calendar.to_owned()],
            zone: zone.clone(),
            window: window(),
        }),
    }
    match sheet.pages.get(url.expose()) {
        Some(text) => all
            .days
            .extend(days(&field, "at this address", text, zone).unwrap_or_default()),
        None => all.is_partial = true,
    }
}

/// The address under `ical_url`, in place, from a variable or a file, with its key.
pub(super) fn web_address<'a>(table: &Section<'a>) -> Option<(Field<'a>, Secret)> {
    let in_place = table.field("ical_url").filter(|_| {
        // An address is mostly no secret, so one that stands here is not warned of.
        !table.has("ical_url_env") && !table.has("ical_url_file")
    });
    let url = match &in_place {
        Some(field) => field.text().map(Secret::new),
        None => table.secret("ical_url"),
    };
    let url = url?;
    let key = ["ical_url", "ical_url_env", "ical_url_file"]
        .into_iter()
        .find(|key| table.has(key))
        .unwrap_or("ical_url");
    let field = table.field(key)?;
    let is_web = url::Url::parse(url.expose().trim())
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        field.wrong_with(
            "this is not a web address",
            "it starts with https:// and names a host; webcal:// is https:// by another name",
        );
        return None;
    }
    Some((field, Secret::new(url.expose().trim())))
}

fn days(
    field: &Field<'_>,
    name: &str,
    text: &str,
    zone: &TimeZone,
) -> Option<BTreeMap<Date, String>> {
    match ical::days(text, zone, window()) {
        Ok(days) => Some(days),
        Err(ical::IcalError::NoDays) => {
            let (first, last) = (YEARS.start(), YEARS.end());
            field.wrong_with(
                format!("the calendar {name:?} names no day from {first} to {last}"),
                "holidays are events of whole days",
            );
            None
        }
        Err(error) => {
            field.wrong_with(
                format!("the calendar {name:?}, {error}"),
                "export it again as iCalendar (.ics) in UTF-8",
            );
            None
        }
    }
}

/// Reads a text that is not too long.
pub(super) fn bounded(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let most = ical::LARGEST as u64 + 1;
    std::fs::File::open(path)?
        .take(most)
        .read_to_string(&mut text)?;
    Ok(text)
}
