//! Calendars: when a team works, and how much open time lies between two instants.
//!
//! A calendar is around the clock, or has business hours: periods for each weekday (a lunch break is two
//! periods), exceptions that replace a date's hours, breaks that remove a part of a date, and holidays. Or it is
//! the union of several offices with business hours, each in its own zone: open while any of them is.
//!
//! Promises: local times become instants by `crate::time::resolve`, so a period that starts in a
//! daylight-saving gap starts after it and a repeated hour counts as it really passes; a deadline that falls
//! exactly on closing time is the closing instant; every function is total, looking at most ten years ahead
//! or back. A holiday is a whole local date closed: it wins over an exception, and it ends a period that
//! runs into it past midnight. Leaves out: recurrence rules, and any opinion on whose calendar applies.
//!
//! A calendar is plain data (sorted maps, zone by name), so that it can be kept as a snapshot by its hash.

mod count;
mod days;
mod hours;
mod opening;
mod period;
mod union;
mod walk;

pub use crate::time::holidays::japan_holidays;
pub use count::{Part, Piece};
pub use period::{Period, PeriodError, Week};
pub use union::{Awake, Office, Union};
pub use walk::Segment;

use crate::time::{Date, TimeZone, UnknownZone, Weekday, zone};
use period::{DAY, WEEKDAYS};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A checked calendar, with its zone looked up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Plan", into = "Plan")]
pub struct Calendar {
    plan: Plan,
    zone: TimeZone,
    /// Dates that are worked though their weekday is not, or the other way round; in order.
    special: Vec<days::Special>,
    /// Whether any period runs past midnight.
    crosses: bool,
    /// The offices of a union with their calendars, in order; none where it is no union.
    offices: Vec<(String, Calendar)>,
}

/// A calendar as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Always open.
    AroundTheClock(AroundTheClock),
    /// Open at business hours.
    Business(Box<Business>),
    /// Open while any of several offices is.
    Union(Union),
}

/// Always open; the zone says where its dates begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AroundTheClock {
    /// The name of the zone.
    pub zone: String,
}

/// Open at business hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// The name of the zone whose wall clock the hours are read on.
    pub zone: String,
    /// The ordinary hours.
    pub week: Week,
    /// Dates with other hours than their weekday's; none at all means closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<Date, Vec<Period>>,
    /// Stretches of single dates that are closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub breaks: BTreeMap<Date, Vec<Period>>,
    /// Dates that are closed, with the name of the holiday.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holidays: BTreeMap<Date, String>,
    /// Dates that a list of holidays names and that are worked all the same, with the name of the holiday. They change
    /// no hours; an explanation names them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub worked: BTreeMap<Date, String>,
}

/// Says why a calendar is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The zone is not known.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// No weekday has hours.
    #[error("the calendar never opens: give at least one weekday some hours")]
    NeverOpens,
    /// Every day of ten years is closed.
    #[error("the calendar does not open within ten years from {from}: every day is closed")]
    ClosedFrom {
        /// The first of the closed days.
        from: Date,
    },
    /// A union has no office.
    #[error("the calendar never opens: it is the union of no offices")]
    NoOffices,
    /// A union names an office twice.
    #[error("office {name:?} is there twice")]
    OfficeTwice {
        /// Its name.
        name: String,
    },
    /// An office of a union is refused.
    #[error("office {name:?}")]
    Office {
        /// Its name.
        name: String,
        /// What is wrong with it.
        source: Box<CalendarError>,
    },
    /// Two periods of one day overlap.
    #[error("the hours of {day} overlap: {first} and {second}")]
    Overlap {
        /// The weekday or date.
        day: String,
        /// The earlier period.
        first: Period,
        /// The period that starts before the earlier one has ended.
        second: Period,
    },
}

impl Calendar {
    /// Checks a calendar and brings its periods into order.
    pub fn new(plan: Plan) -> Result<Self, CalendarError> {
        match plan {
            Plan::AroundTheClock(plan) => Ok(Self {
                zone: zone(&plan.zone)?,
                plan: Plan::AroundTheClock(plan),
                special: Vec::new(),
                crosses: false,
                offices: Vec::new(),
            }),
            Plan::Union(plan) => Self::union(plan),
            Plan::Business(mut plan) => {
                let zone = zone(&plan.zone)?;
                for day in WEEKDAYS {
                    let periods = std::mem::take(plan.week.day_mut(day));
                    *plan.week.day_mut(day) = tidy(&format!("{day:?}"), periods)?;
                }
                if WEEKDAYS.iter().all(|day| plan.week.day(*day).is_empty()) {
                    return Err(CalendarError::NeverOpens);
                }
                for (date, periods) in &mut plan.exceptions {
                    *periods = tidy(&date.to_string(), std::mem::take(periods))?;
                }
                for periods in plan.breaks.values_mut() {
                    periods.sort_unstable();
                    periods.dedup();
                }
                plan.breaks.retain(|_, periods| !periods.is_empty());
                let calendar = Self {
                    special: days::special(&plan),
                    crosses: crosses(&plan),
                    zone,
                    plan: Plan::Business(plan),
                    offices: Vec::new(),
                };
                match calendar.closed_for_good() {
                    Some(from) => Err(CalendarError::ClosedFrom { from }),
                    None => Ok(calendar),
                }
            }
        }
    }

    /// Makes a calendar that is always open, with dates as in UTC.
    pub fn around_the_clock() -> Self {
        Self {
            plan: Plan::AroundTheClock(AroundTheClock {
                zone: "UTC".to_owned(),
            }),
            zone: TimeZone::UTC,
            special: Vec::new(),
            crosses: false,
            offices: Vec::new(),
        }
    }

    /// Makes a calendar of business hours.
    pub fn business(hours: Business) -> Result<Self, CalendarError> {
        Self::new(Plan::Business(Box::new(hours)))
    }

    /// Returns the calendar as it is written down, in order.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the zone whose dates and wall clock the calendar uses.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns whether the calendar is always open by its kind.
    pub fn is_around_the_clock(&self) -> bool {
        matches!(self.plan, Plan::AroundTheClock(_))
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.plan == other.plan
    }
}

impl Eq for Calendar {}

impl TryFrom<Plan> for Calendar {
    type Error = CalendarError;

    fn try_from(plan: Plan) -> Result<Self, Self::Error> {
        Self::new(plan)
    }
}

impl From<Calendar> for Plan {
    fn from(calendar: Calendar) -> Self {
        calendar.plan
    }
}

/// Sorts the periods of a day, joins those that touch, and refuses those that overlap.
fn tidy(day: &str, mut periods: Vec<Period>) -> Result<Vec<Period>, CalendarError> {
    periods.sort_unstable();
    let mut tidied: Vec<Period> = Vec::with_capacity(periods.len());
    for second in periods {
        let Some(first) = tidied.last_mut() else {
            tidied.push(second);
            continue;
        };
        if second.opens() < first.closes() {
            return Err(CalendarError::Overlap {
                day: day.to_owned(),
                first: *first,
                second,
            });
        }
        match first.joined(second) {
            Some(joined) => *first = joined,
            None => tidied.push(second),
        }
    }
    Ok(tidied)
}

/// Finds out whether any period runs past midnight.
fn crosses(plan: &Business) -> bool {
    let week = WEEKDAYS
        .iter()
        .flat_map(|day: &Weekday| plan.week.day(*day));
    week.chain(plan.exceptions.values().flatten())
        .any(|period| period.closes() > DAY)
}

#[cfg(test)]
mod tests;
