//! The values that keys take: words, numbers, spans, zones, dates, places.

use super::near::{instead, nearest};
use super::section::{Field, Section};
use crate::app::ports::Place;
use crate::domain::calendar::Period;
use crate::i18n::Lang;
use crate::time::{Date, SignedDuration, Time, TimeZone, Timestamp, resolve, zone};
use std::ops::RangeInclusive;
use toml::de::DeValue;

impl<'a> Field<'a> {
    /// A text that says something.
    pub fn text(&self) -> Option<&'a str> {
        let text = self.any_text()?;
        if text.trim().is_empty() {
            self.wrong("this is blank");
            return None;
        }
        Some(text)
    }

    /// A text that may be blank.
    pub fn any_text(&self) -> Option<&'a str> {
        match self.value.as_str() {
            Some(text) => Some(text),
            None => self.expected("a text in quotes"),
        }
    }

    /// An id: letters, digits, `-` and `_`, for it appears in addresses and commands.
    pub fn id(&self) -> Option<&'a str> {
        let text = self.text()?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if text.chars().all(is_plain) {
            return Some(text);
        }
        self.wrong_with(
            format!("{text:?} cannot be an id"),
            "use letters a to z, digits, - and _; what people see is the name",
        );
        None
    }

    /// Yes or no.
    pub fn truth(&self) -> Option<bool> {
        match self.value.as_bool() {
            Some(truth) => Some(truth),
            None => self.expected("true or false"),
        }
    }

    /// A whole number within bounds.
    pub fn number(&self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let Some(number) = self.value.as_integer() else {
            return self.expected("a number");
        };
        let read = i64::from_str_radix(number.as_str(), number.radix()).ok();
        match read.filter(|number| bounds.contains(number)) {
            Some(number) => Some(number),
            None => {
                self.wrong(format!(
                    "{number} is not between {} and {}",
                    bounds.start(),
                    bounds.end()
                ));
                None
            }
        }
    }

    /// A list of texts; one text alone is a list of one.
    pub fn texts(&self) -> Option<Vec<(Field<'a>, &'a str)>> {
        if self.value.is_str() {
            return Some(vec![(self.clone(), self.text()?)]);
        }
        let items = self.list()?;
        Some(
            items
                .into_iter()
                .filter_map(|item| item.text().map(|text| (item, text)))
                .collect(),
        )
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words = choices.iter().map(|(word, _)| *word);
            self.wrong_with(format!("{text:?} is not known"), instead(text, words));
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// What a parser of ours makes of a text; its error is the problem.
    pub fn parsed<T, E: std::fmt::Display>(
        &self,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        parse(self.text()?)
            .map_err(|error| self.wrong(error.to_string()))
            .ok()
    }

    /// An amount of time, longer than none.
    pub fn span(
        &self,
        parse: impl Fn(&str) -> Result<SignedDuration, crate::time::SpanError>,
    ) -> Option<SignedDuration> {
        let span = self.parsed(parse)?;
        if span.is_positive() {
            return Some(span);
        }
        self.wrong("an amount of time must be more than none");
        None
    }

    /// A language.
    pub fn lang(&self) -> Option<Lang> {
        self.choice(&[("ja", Lang::Ja), ("en", Lang::En)])
    }

    /// A zone of the IANA database, with its name.
    pub fn zone(&self) -> Option<(&'a str, TimeZone)> {
        let name = self.text()?;
        match zone(name) {
            Ok(found) => Some((name, found)),
            Err(_) => {
                let help = match near_zone(name) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => "use a name of the IANA database such as \"Asia/Tokyo\"".to_owned(),
                };
                self.wrong_with(format!("unknown time zone {name:?}"), help);
                None
            }
        }
    }

    /// A date, written as TOML writes it or as a text.
    pub fn date(&self) -> Option<Date> {
        let text = match self.value {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.expected("a date such as 2026-12-29"),
        };
        match text.parse() {
            Ok(date) if text.len() == 10 => Some(date),
            _ => {
                self.wrong_with(
                    format!("{text:?} is not a date"),
                    "write it as year, month and day: 2026-12-29",
                );
                None
            }
        }
    }

    /// A wall time such as `09:30`.
    pub fn time(&self) -> Option<Time> {
        let text = match self.value {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.expected("a time such as \"09:30\""),
        };
        let read = (text.len() >= 5).then(|| text.parse().ok()).flatten();
        if read.is_none() {
            self.wrong_with(
                format!("{text:?} is not a time of day"),
                "write hours and minutes, such as \"09:30\"",
            );
        }
        read
    }

    /// An instant: a date (its midnight in the zone) or a date and time with offset.
    pub fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        let text = match self.value {
            DeValue::Datetime(at) => at.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return self.expected("a date, or a date and time with offset"),
        };
        let midnight = || {
            let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
            Some(resolve(date.to_datetime(Time::midnight()), zone))
        };
        let at = text.parse().ok().or_else(midnight);
        if at.is_none() {
            self.wrong_with(
                format!("{text:?} is not an instant"),
                "write a date (2026-04-01) or a date and time with offset (2026-04-01T09:00:00+09:00)",
            );
        }
        at
    }

    /// Hours of a day such as `09:00-12:00, 13:00-18:00`; blank is closed.
    pub fn periods(&self) -> Option<Vec<Period>> {
        let text = self.any_text()?;
        let mut periods = Vec::new();
        for part in text.split([',', '、']).filter(|_| !text.trim().is_empty()) {
            match part.trim().parse() {
                Ok(period) => periods.push(period),
                Err(error) => {
                    let error: crate::domain::calendar::PeriodError = error;
                    self.wrong(error.to_string());
                    return None;
                }
            }
        }
        Some(periods)
    }

    /// A channel of a platform such as `desk:operators`.
    pub fn place(&self) -> Option<Place> {
        let text = self.text()?;
        let place = text.split_once(':').map(|(platform, channel)| Place {
            platform: platform.trim().to_owned(),
            channel: channel.trim().to_owned(),
        });
        let is_known = |place: &Place| match place.platform.as_str() {
            "desk" => !place.channel.is_empty(),
            "discord" => is_snowflake(&place.channel),
            _ => false,
        };
        let place = place.filter(is_known);
        if place.is_none() {
            self.wrong_with(
                format!("{text:?} is not a channel"),
                "write the platform and the channel: \"desk:operators\" or \"discord:1234567890\"",
            );
        }
        place
    }

    /// A number by which Discord names a thing, written as a text because it is too long for a TOML number.
    pub fn snowflake(&self) -> Option<&'a str> {
        let text = self.text()?;
        if is_snowflake(text) {
            return Some(text);
        }
        self.wrong_with(
            format!("{text:?} is not a Discord id"),
            "it is a long number: right-click the thing in Discord (developer mode on) and copy its id",
        );
        None
    }

    /// An address of the web, without a slash at its end.
    pub fn web_address(&self) -> Option<String> {
        let text = self.text()?;
        let is_web = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        match url::Url::parse(text) {
            Ok(url) if is_web(&url) => Some(text.trim_end_matches('/').to_owned()),
            Ok(_) | Err(_) => {
                self.wrong_with(
                    format!("{text:?} is not a web address"),
                    "it starts with http:// or https:// and names a host",
                );
                None
            }
        }
    }
}

/// The zone that was most likely meant: a city alone, or a misspelt name. Abbreviations name no one zone.
fn near_zone(name: &str) -> Option<String> {
    let known: Vec<String> = jiff::tz::db()
        .available()
        .map(|known| known.to_string())
        .filter(|known| known.contains('/'))
        .collect();
    let city = format!("/{}", name.to_lowercase().replace(' ', "_"));
    let by_city = known
        .iter()
        .find(|known| known.to_lowercase().ends_with(&city));
    by_city
        .cloned()
        .or_else(|| nearest(name, known.iter().map(String::as_str)).map(str::to_owned))
}

/// Discord's ids are numbers of up to 20 digits.
fn is_snowflake(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u64>().is_ok_and(|id| id > 0)
}

impl<'a> Section<'a> {
    /// Yes or no, or the default.
    pub fn truth_or(&self, name: &str, default: bool) -> bool {
        self.field(name)
            .and_then(|field| field.truth())
            .unwrap_or(default)
    }

    /// A text that says something, if it is there.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.field(name).and_then(|field| field.text())
    }

    /// A list of texts; none if the key is not there.
    pub fn texts(&self, name: &str) -> Vec<(Field<'a>, &'a str)> {
        self.field(name)
            .and_then(|field| field.texts())
            .unwrap_or_default()
    }
}
