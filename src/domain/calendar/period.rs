//! Opening hours of one day and of a week.

use crate::time::Weekday;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Seconds of a civil day.
pub(super) const DAY: i64 = 86_400;

/// A half-open stretch of wall time that starts on some date; it may run past midnight, up to 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    opens: i64,
    closes: i64,
}

/// Says why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text is no pair of times.
    #[error("period {text:?} is not a pair of times such as \"09:00-12:00\"")]
    Shape {
        /// The text as it was written.
        text: String,
    },
    /// A time is outside its range.
    #[error(
        "period {text:?} must open before 24:00, and a closing time above 24:00 counts on into the next day, up to 48:00"
    )]
    Range {
        /// The text as it was written.
        text: String,
    },
    /// It opens and closes at the same time.
    #[error("period {text:?} is empty; a whole day is \"00:00-24:00\"")]
    Empty {
        /// The text as it was written.
        text: String,
    },
    /// It lasts longer than a day.
    #[error("period {text:?} is longer than 24 hours")]
    Long {
        /// The text as it was written.
        text: String,
    },
}

impl Period {
    /// Makes a period from seconds after midnight; a closing time not after the opening is on the next day.
    pub fn new(opens: u32, closes: u32) -> Result<Self, PeriodError> {
        let text = || format!("{}-{}", clock(opens.into()), clock(closes.into()));
        let (opens, mut closes) = (i64::from(opens), i64::from(closes));
        if opens >= DAY || closes > 2 * DAY {
            return Err(PeriodError::Range { text: text() });
        }
        if opens == closes {
            return Err(PeriodError::Empty { text: text() });
        }
        if closes < opens {
            closes += DAY;
        }
        if closes - opens > DAY {
            return Err(PeriodError::Long { text: text() });
        }
        Ok(Self { opens, closes })
    }

    /// Returns the opening time in seconds after midnight.
    pub fn opens(self) -> i64 {
        self.opens
    }

    /// Returns the closing time in seconds after the midnight before its opening; above 86,400 it is on the next day.
    pub fn closes(self) -> i64 {
        self.closes
    }

    /// Joins with a period that starts where this one ends.
    pub(super) fn joined(self, next: Self) -> Option<Self> {
        (next.opens == self.closes && next.closes - self.opens <= DAY).then_some(Self {
            opens: self.opens,
            closes: next.closes,
        })
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || PeriodError::Shape {
            text: text.to_owned(),
        };
        let (opens, closes) = text.split_once(['-', '–', '〜', '～']).ok_or_else(shape)?;
        let opens = seconds(opens).ok_or_else(shape)?;
        let closes = seconds(closes).ok_or_else(shape)?;
        Self::new(opens, closes)
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", clock(self.opens), clock(self.closes))
    }
}

/// Reads `H:MM` or `HH:MM:SS` as seconds; hours may go up to 48.
fn seconds(text: &str) -> Option<u32> {
    let mut parts = text.trim().split(':');
    let mut next = |most: u32| {
        let part = parts.next()?;
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain
            .then(|| part.parse().ok())
            .flatten()
            .filter(|n| *n <= most)
    };
    let (hours, minutes) = (next(48)?, next(59)?);
    let rest = next(59);
    let used = text.matches(':').count();
    let seconds = if used == 1 { 0 } else { rest? };
    (used <= 2).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// Writes seconds after midnight as `HH:MM`, with seconds only where there are some.
fn clock(seconds: i64) -> String {
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if s == 0 {
        format!("{h:02}:{m:02}")
    } else {
        format!("{h:02}:{m:02}:{s:02}")
    }
}

/// The ordinary hours of each weekday; a day without periods is a day off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    /// Monday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mon: Vec<Period>,
    /// Tuesday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tue: Vec<Period>,
    /// Wednesday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wed: Vec<Period>,
    /// Thursday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thu: Vec<Period>,
    /// Friday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fri: Vec<Period>,
    /// Saturday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sat: Vec<Period>,
    /// Sunday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sun: Vec<Period>,
}

/// The weekdays in the order of a week.
pub(super) const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Week {
    /// Returns the hours of a weekday.
    pub fn day(&self, day: Weekday) -> &[Period] {
        match day {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }

    /// Returns the hours of a weekday, to be changed.
    pub fn day_mut(&mut self, day: Weekday) -> &mut Vec<Period> {
        match day {
            Weekday::Monday => &mut self.mon,
            Weekday::Tuesday => &mut self.tue,
            Weekday::Wednesday => &mut self.wed,
            Weekday::Thursday => &mut self.thu,
            Weekday::Friday => &mut self.fri,
            Weekday::Saturday => &mut self.sat,
            Weekday::Sunday => &mut self.sun,
        }
    }

    /// Returns the same hours on each of the given days.
    pub fn on(days: &[Weekday], periods: &[Period]) -> Self {
        let mut week = Self::default();
        for day in days {
            *week.day_mut(*day) = periods.to_vec();
        }
        week
    }

    /// Returns the same hours from Monday to Friday.
    pub fn weekdays(periods: &[Period]) -> Self {
        Self::on(&WEEKDAYS[..5], periods)
    }
}
