//! Cron expressions with the meaning of cron(8), on top of the crate `cron`.
//!
//! That crate wants a seconds field, counts weekdays from Sunday = 1, joins the two day fields by *and*, and
//! neither fires in a daylight-saving gap nor once in an overlap. So here: five fields (or a macro such as
//! `@daily`), weekdays 0 to 7 with both ends Sunday, at most one of the two day fields restricted, and
//! evaluation on wall time. A wall time inside a gap fires at the first instant after it, a repeated one
//! fires once, at its first occurrence; an hourly job therefore fires once in the repeated hour.
//!
//! Leaves out `L`, `W`, `#`, `?`, `@reboot` and years.

use super::{DateTime, TimeZone, Timestamp, resolve};
use chrono::{DateTime as ChronoDateTime, Datelike as _, TimeZone as _, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A cron expression of five fields that fires at some time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cron {
    text: String,
    schedule: ::cron::Schedule,
}

/// Says why a text is not a cron expression of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// The number of fields is not five.
    #[error(
        "cron expression {text:?} has {found} fields, not five: minute, hour, day of month, month, day of week"
    )]
    Fields {
        /// The expression.
        text: String,
        /// The number of fields it has.
        found: usize,
    },
    /// A macro that is not known.
    #[error(
        "cron expression {text:?} is not a known macro: @hourly, @daily, @weekly, @monthly, @yearly"
    )]
    Macro {
        /// The expression.
        text: String,
    },
    /// One field cannot be read.
    #[error("cron expression {text:?}: {name} {field:?} is not valid")]
    Field {
        /// The expression.
        text: String,
        /// Which field.
        name: &'static str,
        /// The field.
        field: String,
    },
    /// Both day fields are restricted, which cron programs read in different ways.
    #[error(
        "cron expression {text:?} restricts day of month and day of week at once, and cron programs disagree on what that means: use two schedules"
    )]
    BothDays {
        /// The expression.
        text: String,
    },
    /// There is no such date.
    #[error("cron expression {text:?} never fires")]
    Never {
        /// The expression.
        text: String,
    },
}

impl Cron {
    /// Reads five fields or a macro.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let schedule = schedule(text)?;
        let never = schedule.after(&leap_century()).next().is_none();
        if never {
            return Err(CronError::Never {
                text: text.to_owned(),
            });
        }
        Ok(Self {
            text: text.trim().to_owned(),
            schedule,
        })
    }

    /// Returns the expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the first firing strictly after an instant, or nothing after the year 2100.
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let wall = to_chrono(zone.to_datetime(after))?;
        self.schedule
            .after(&wall)
            .map_while(|wall| to_civil(&wall))
            .map(|local| resolve(local, zone))
            .find(|at| *at > after)
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Cron {}

impl FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Cron {
    type Error = CronError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Cron> for String {
    fn from(cron: Cron) -> Self {
        cron.text
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The fields that go to the crate as they are, with the letters they may use.
const NAMES: [&str; 5] = ["minute", "hour", "day of month", "month", "day of week"];
const DAYS: [&str; 7] = [
    "SUNDAY",
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
];
const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];
/// Lowest and highest number of each field.
const BOUNDS: [(u8, u8); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

/// Translates our five fields into the crate's schedule.
fn schedule(text: &str) -> Result<::cron::Schedule, CronError> {
    let expanded = expand(text)?;
    let fields: Vec<&str> = expanded.split_ascii_whitespace().collect();
    let [.., dom, _, dow] = fields[..] else {
        return Err(CronError::Fields {
            text: text.to_owned(),
            found: fields.len(),
        });
    };
    if fields.len() != NAMES.len() {
        return Err(CronError::Fields {
            text: text.to_owned(),
            found: fields.len(),
        });
    }
    if dom != "*" && dow != "*" {
        return Err(CronError::BothDays {
            text: text.to_owned(),
        });
    }
    let mut spoken = vec!["0".to_owned()];
    for (index, field) in fields.iter().enumerate() {
        let numbers = numbers(index, field).ok_or_else(|| CronError::Field {
            text: text.to_owned(),
            name: NAMES[index],
            field: (*field).to_owned(),
        })?;
        spoken.push(if *field == "*" {
            "*".to_owned()
        } else {
            say(index, &numbers)
        });
    }
    let spoken = spoken.join(" ");
    Ok(::cron::Schedule::from_str(&spoken)
        .expect("lists of numbers within bounds are what the crate reads"))
}

/// Replaces a macro by its five fields.
fn expand(text: &str) -> Result<&str, CronError> {
    let text = text.trim();
    Ok(match text.to_ascii_lowercase().as_str() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        other if other.starts_with('@') => {
            return Err(CronError::Macro {
                text: text.to_owned(),
            });
        }
        _ => text,
    })
}

/// Returns the numbers that a field names: a list of `*`, `a`, `a-b`, each with an optional `/step`.
fn numbers(index: usize, field: &str) -> Option<Vec<u8>> {
    let (low, high) = BOUNDS[index];
    let mut found = Vec::new();
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(digits(step).filter(|step| *step > 0)?)),
            None => (item, None),
        };
        let (from, to) = if range == "*" {
            (low, if index == 4 { 6 } else { high })
        } else if let Some((from, to)) = range.split_once('-') {
            let (first, last) = (number(index, from)?, number(index, to)?);
            // Sunday by name at the end of a longer range is the last day of the week.
            let is_sunday = index == 4 && last == 0 && first > 0 && digits(to).is_none();
            (first, if is_sunday { 7 } else { last })
        } else {
            let from = number(index, range)?;
            (from, if step.is_some() { high } else { from })
        };
        if from > to || from < low || to > high {
            return None;
        }
        found.extend((from..=to).step_by(step.unwrap_or(1).into()));
    }
    Some(found)
}

/// Reads one number, or the name of a month or weekday.
fn number(index: usize, text: &str) -> Option<u8> {
    let named = |names: &[&str], first: u8| {
        let text = text.to_ascii_uppercase();
        let at = names
            .iter()
            .position(|name| *name == text || name.get(..3) == Some(&text));
        at.and_then(|at| u8::try_from(at).ok()).map(|at| at + first)
    };
    match index {
        3 => named(&MONTHS, 1),
        4 => named(&DAYS, 0),
        _ => None,
    }
    .or_else(|| digits(text))
}

/// Reads ASCII digits and nothing else.
fn digits(text: &str) -> Option<u8> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Writes numbers as the list that the crate reads; weekdays by name, because it counts them differently.
fn say(index: usize, numbers: &[u8]) -> String {
    let words: Vec<String> = numbers
        .iter()
        .map(|number| match index {
            4 => DAYS[usize::from(number % 7)].to_owned(),
            _ => number.to_string(),
        })
        .collect();
    words.join(",")
}

/// Returns a moment from which every date that exists comes again within the crate's horizon.
fn leap_century() -> ChronoDateTime<Utc> {
    Utc.with_ymd_and_hms(2000, 1, 1, 0, 0, 0)
        .single()
        .expect("the first of January 2000 exists")
}

/// Carries a wall time into the crate's world, where it is taken for UTC.
fn to_chrono(local: DateTime) -> Option<ChronoDateTime<Utc>> {
    let [month, day, hour, minute, second] = [
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second(),
    ]
    .map(|part| u32::from(part.unsigned_abs()));
    Utc.with_ymd_and_hms(local.year().into(), month, day, hour, minute, second)
        .single()
}

/// Carries a wall time back.
fn to_civil(wall: &ChronoDateTime<Utc>) -> Option<DateTime> {
    let narrow = |part: u32| i8::try_from(part).ok();
    DateTime::new(
        i16::try_from(wall.year()).ok()?,
        narrow(wall.month())?,
        narrow(wall.day())?,
        narrow(wall.hour())?,
        narrow(wall.minute())?,
        narrow(wall.second())?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests;
