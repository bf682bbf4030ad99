//! Rotas: who is on duty when.
//!
//! A rota has a zone, a handoff time, a cadence, the days it works, its participants in order, and a date
//! from which that holds; a change is a new version that begins later, so it never rewrites the past (`edit.rs`). A
//! shift runs from its handoff to the next *worked* handoff, and the turn advances only there: over n ×
//! members worked days each has n turns, and Friday's duty covers the weekend unless `off_hours` says
//! otherwise. Handoffs are at wall time; inside a daylight-saving gap at the first instant after it, in a
//! repeated hour at its first occurrence.
//!
//! Promises: there is always somebody on duty (the first version reaches back before its start); shifts tile
//! every window. What people arrange over it (overrides, swaps, absences and cover) is the duty book's (`book/`), and
//! is handed in as overrides; how fairly the duty was shared is `fairness.rs`'s.
//!
//! A rota is plain data, so that it can be kept as a snapshot by its hash.

pub mod book;
mod coverage;
mod describe;
mod duty;
mod edit;
pub mod fairness;
mod lists;
pub mod overflow;
mod turns;

pub use coverage::{Coverage, CoverageError, Line, LineRule, Stretch, hours, next_change, ruling};
pub use describe::{Fact, When, Who};
pub use duty::{Called, OnDuty, Override, Shift};
pub use edit::{Change, adopt, in_force};
pub use lists::DayList;

use crate::domain::calendar::Calendar;
use crate::domain::ids::MemberId;
use crate::time::{Date, Time, Timestamp, UnknownZone, Weekday};
use serde::{Deserialize, Serialize};
use turns::Turns;

/// A checked rota, with its zones looked up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Plan", into = "Plan")]
pub struct Rota {
    plan: Plan,
    turns: Vec<Turns>,
}

/// A rota as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The name that people say.
    pub name: String,
    /// What held from when, oldest first; at least one.
    pub versions: Vec<Version>,
}

/// What a rota is from some date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The date of the first turn; where that day is not worked, the next one that is.
    pub starts: Date,
    /// The name of the zone in which handoffs take place.
    pub zone: String,
    /// The wall time at which the duty turns over.
    pub handoff: Time,
    /// How often it turns over.
    pub cadence: Cadence,
    /// The calendar whose days are worked; without one, every day is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<Calendar>,
    /// The participants in the order of their turns.
    pub participants: Vec<MemberId>,
    /// Weekdays with participants of their own; daily rotas only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<DayList>,
    /// Who is called outside the hours of `works`.
    #[serde(default, skip_serializing_if = "OffHours::is_duty")]
    pub off_hours: OffHours,
    /// From which date a later version of one configuration holds; the first has `starts` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Dated>,
    /// Where it takes over from the version before, if not at its first turn. No configuration says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<Begins>,
}

/// The date that a configuration gives to a version, which then holds from its first handoff on that day or after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// The date.
    pub from: Date,
    /// Whether the order goes on after whoever had the duty before; else it begins with its first.
    pub goes_on: bool,
}

/// Where an edited version takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begins {
    /// From when it holds.
    pub at: Timestamp,
    /// Whose turn it is then, by their place among the participants; the others follow in order.
    pub with: usize,
    /// The same for each list of `on`, on its first day from then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<usize>,
}

impl Begins {
    /// Takes over at an instant with a place in each order of a version.
    fn new(at: Timestamp, places: &[usize]) -> Self {
        let (with, on) = places.split_first().unwrap_or((&0, &[]));
        Self {
            at,
            with: *with,
            on: on.to_vec(),
        }
    }
}

/// How often the duty turns over, in hours or in worked days, or in weeks or months with a worked day in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Every so many hours on the wall clock; not together with days off.
    Hours(u16),
    /// Every so many worked days.
    Days(u16),
    /// Every so many weeks, on the first worked day at or after the weekday of the start.
    Weeks(u16),
    /// Every so many months, on the first worked day at or after the day of the month of the start.
    Months(u16),
}

impl Cadence {
    /// Every worked day.
    pub const DAILY: Self = Self::Days(1);
    /// Every week.
    pub const WEEKLY: Self = Self::Weeks(1);
    /// Every month.
    pub const MONTHLY: Self = Self::Months(1);

    /// Returns how many hours, days, weeks or months there are between turns.
    fn count(self) -> u16 {
        match self {
            Self::Hours(n) | Self::Days(n) | Self::Weeks(n) | Self::Months(n) => n,
        }
    }
}

/// Who is called at night, on days off and on holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffHours {
    /// Whoever has the shift.
    #[default]
    Duty,
    /// Always the same member.
    Member(MemberId),
    /// Whoever is on duty in another rota, by its name.
    Rota(String),
}

impl OffHours {
    /// Returns whether the shift goes on.
    fn is_duty(&self) -> bool {
        *self == Self::Duty
    }
}

/// Says why a rota is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotaError {
    /// There is nothing in it.
    #[error("rota {rota:?} has no version")]
    NoVersion {
        /// The rota.
        rota: String,
    },
    /// Nobody takes part.
    #[error("rota {rota:?} has no participants from {starts} on")]
    NoParticipants {
        /// The rota.
        rota: String,
        /// The version.
        starts: Date,
    },
    /// The zone is not known.
    #[error("rota {rota:?}")]
    Zone {
        /// The rota.
        rota: String,
        /// Which zone.
        source: UnknownZone,
    },
    /// The cadence is zero or too long to be meant.
    #[error("rota {rota:?} turns over every {count}, but it must be between 1 and 1000")]
    Cadence {
        /// The rota.
        rota: String,
        /// The number in the cadence.
        count: u16,
    },
    /// Hours and days off do not go together.
    #[error(
        "rota {rota:?} turns over by the hour, so it cannot have days off: drop its calendar or count in days"
    )]
    HoursWithDaysOff {
        /// The rota.
        rota: String,
    },
    /// Lists of single weekdays need turns of single days.
    #[error("rota {rota:?} has participants for single weekdays, so its cadence must be daily")]
    ListsNotDaily {
        /// The rota.
        rota: String,
    },
    /// A list without days or people, or of days that are never worked.
    #[error("rota {rota:?} has a list of its own for {days} that {why}")]
    List {
        /// The rota.
        rota: String,
        /// Its days.
        days: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Two lists take the same weekday.
    #[error("rota {rota:?} has two lists for {day}")]
    TwoLists {
        /// The rota.
        rota: String,
        /// The weekday.
        day: String,
    },
    /// Two versions begin together, or in the wrong order.
    #[error(
        "rota {rota:?} has a version from {starts} that does not take effect after the one before it"
    )]
    Order {
        /// The rota.
        rota: String,
        /// The later version.
        starts: Date,
    },
}

/// The longest number a cadence may have.
const MOST: u16 = 1000;

impl Rota {
    /// Checks a rota.
    pub fn new(plan: Plan) -> Result<Self, RotaError> {
        let mut rota = Self {
            plan: Plan {
                name: plan.name,
                versions: Vec::with_capacity(plan.versions.len()),
            },
            turns: Vec::with_capacity(plan.versions.len()),
        };
        let mut last = Timestamp::MIN;
        for (index, version) in plan.versions.into_iter().enumerate() {
            let mut next = rota.turns_of(&version)?;
            // The first version reaches back before its start, and there it can be edited.
            let may_precede = index == 1 && version.begins.is_some();
            if index > 0 && last >= next.takes_effect() && !may_precede {
                return Err(RotaError::Order {
                    rota: rota.plan.name,
                    starts: version.holds_from(),
                });
            }
            last = next.takes_effect();
            if index == 0 {
                next.reach_back();
            }
            rota.turns.push(next);
            rota.plan.versions.push(version);
        }
        match rota.turns.is_empty() {
            true => Err(RotaError::NoVersion {
                rota: rota.plan.name,
            }),
            false => Ok(rota),
        }
    }

    /// Returns the rota as it is written down.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the name of the rota.
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// Returns the version that holds at an instant.
    pub fn version(&self, at: Timestamp) -> &Version {
        &self.plan.versions[self.index(at)]
    }

    /// Returns which version holds at an instant; the first also holds before its start.
    fn index(&self, at: Timestamp) -> usize {
        self.turns
            .partition_point(|turns| turns.takes_effect() <= at)
            .saturating_sub(1)
    }
}

impl Version {
    /// Returns the date that the configuration gives to the version.
    pub fn holds_from(&self) -> Date {
        self.dated.as_ref().map_or(self.starts, |dated| dated.from)
    }
}

/// Checks one version.
fn checked(rota: &str, version: &Version) -> Result<Turns, RotaError> {
    let rota = || rota.to_owned();
    if version.participants.is_empty() {
        return Err(RotaError::NoParticipants {
            rota: rota(),
            starts: version.starts,
        });
    }
    let count = version.cadence.count();
    if !(1..=MOST).contains(&count) {
        return Err(RotaError::Cadence {
            rota: rota(),
            count,
        });
    }
    if matches!(version.cadence, Cadence::Hours(_)) && version.works.is_some() {
        return Err(RotaError::HoursWithDaysOff { rota: rota() });
    }
    check_lists(rota, version)?;
    Turns::of(version).map_err(|source| RotaError::Zone {
        rota: rota(),
        source,
    })
}

/// Checks the lists of single weekdays.
fn check_lists(rota: impl Fn() -> String, version: &Version) -> Result<(), RotaError> {
    if !version.on.is_empty() && version.cadence != Cadence::DAILY {
        return Err(RotaError::ListsNotDaily { rota: rota() });
    }
    let mut taken: Vec<Weekday> = Vec::new();
    for list in &version.on {
        let is_idle = |works: &Calendar| lists::is_idle(list, works);
        let why = match (list.days.is_empty(), list.participants.is_empty()) {
            (true, _) => Some("names no weekday"),
            (false, true) => Some("has no participants"),
            (false, false) => {
                let is_idle = version.works.as_ref().is_some_and(is_idle);
                is_idle.then_some("its calendar never works")
            }
        };
        if let Some(why) = why {
            let days: Vec<String> = list.days.iter().map(|day| format!("{day:?}")).collect();
            return Err(RotaError::List {
                rota: rota(),
                days: days.join(", "),
                why,
            });
        }
        for day in &list.days {
            if taken.contains(day) {
                return Err(RotaError::TwoLists {
                    rota: rota(),
                    day: format!("{day:?}"),
                });
            }
            taken.push(*day);
        }
    }
    Ok(())
}

impl PartialEq for Rota {
    fn eq(&self, other: &Self) -> bool {
        self.plan == other.plan
    }
}

impl Eq for Rota {}

impl TryFrom<Plan> for Rota {
    type Error = RotaError;

    fn try_from(plan: Plan) -> Result<Self, Self::Error> {
        Self::new(plan)
    }
}

impl From<Rota> for Plan {
    fn from(rota: Rota) -> Self {
        rota.plan
    }
}

#[cfg(test)]
mod tests;
