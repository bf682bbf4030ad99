//! A rota in facts, so that `toban check` can say in words who is called when.

use super::{Cadence, OffHours, Rota, Version};
use crate::domain::calendar::Plan as CalendarPlan;
use crate::domain::ids::MemberId;
use crate::time::{Date, Time, TimeZone, Weekday, zone};

/// One thing to say about a rota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// From a date on, the duty turns over like this.
    Turns {
        /// From when.
        starts: Date,
        /// How often.
        cadence: Cadence,
        /// At which wall time.
        handoff: Time,
        /// In which zone.
        zone: String,
        /// In which order.
        participants: Vec<MemberId>,
    },
    /// At such times, this is who is called.
    Called {
        /// At which times.
        when: When,
        /// Who.
        who: Who,
    },
}

/// The times that a calendar tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At any time: every hour of every day is worked.
    Always,
    /// In working hours, lunch included.
    WorkingHours,
    /// Before and after the hours of a worked day.
    Nights,
    /// On weekdays without hours, from Monday.
    DaysOff(Vec<Weekday>),
    /// On the holidays of the calendar, so many of them.
    Holidays(usize),
}

/// Who is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever has the shift.
    Duty,
    /// Whoever had the last worked handoff before: Friday's duty on a weekend.
    LastDuty,
    /// A member.
    Member(MemberId),
    /// Whoever is called by another rota.
    Rota(String),
}

impl Rota {
    /// Says, for each version, how the duty turns over and who is called at night, on days off and on holidays.
    pub fn describe(&self) -> Vec<Fact> {
        self.plan().versions.iter().flat_map(facts).collect()
    }
}

/// Returns the facts about one version.
fn facts(version: &Version) -> Vec<Fact> {
    let mut participants = version.participants.clone();
    let mut starts = version.starts;
    if let Some(begins) = &version.begins {
        let first = begins.with % participants.len().max(1);
        participants.rotate_left(first);
        let zone = zone(&version.zone).unwrap_or(TimeZone::UTC);
        starts = zone.to_datetime(begins.at).date();
    }
    let turns = Fact::Turns {
        starts,
        cadence: version.cadence,
        handoff: version.handoff,
        zone: version.zone.clone(),
        participants,
    };
    let times = match version.works.as_ref().map(|works| works.plan()) {
        None | Some(CalendarPlan::AroundTheClock(_)) => vec![When::Always],
        Some(CalendarPlan::Business(hours)) => {
            let off: Vec<Weekday> = Weekday::Monday
                .cycle_forward()
                .take(7)
                .filter(|day| hours.week.day(*day).is_empty())
                .collect();
            let mut times = vec![When::WorkingHours, When::Nights];
            times.extend((!off.is_empty()).then_some(When::DaysOff(off)));
            times.extend(
                (!hours.holidays.is_empty()).then_some(When::Holidays(hours.holidays.len())),
            );
            times
        }
        Some(CalendarPlan::Union(_)) => {
            let works = version.works.as_ref();
            let off: Vec<Weekday> = Weekday::Monday
                .cycle_forward()
                .take(7)
                .filter(|day| works.is_some_and(|works| !works.is_worked_weekday(*day)))
                .collect();
            let holidays = works.map_or(0, |works| {
                let dates = works.special_dates();
                dates.filter(|date| works.holiday(*date).is_some()).count()
            });
            let mut times = vec![When::WorkingHours, When::Nights];
            times.extend((!off.is_empty()).then_some(When::DaysOff(off)));
            times.extend((holidays > 0).then_some(When::Holidays(holidays)));
            times
        }
    };
    let called = times.into_iter().map(|when| Fact::Called {
        who: who(&when, &version.off_hours),
        when,
    });
    std::iter::once(turns).chain(called).collect()
}

/// Returns who is called at such times.
fn who(when: &When, off_hours: &OffHours) -> Who {
    match (when, off_hours) {
        (When::Always | When::WorkingHours, _) | (When::Nights, OffHours::Duty) => Who::Duty,
        (When::DaysOff(_) | When::Holidays(_), OffHours::Duty) => Who::LastDuty,
        (When::Nights | When::DaysOff(_) | When::Holidays(_), OffHours::Member(member)) => {
            Who::Member(member.clone())
        }
        (When::Nights | When::DaysOff(_) | When::Holidays(_), OffHours::Rota(name)) => {
            Who::Rota(name.clone())
        }
    }
}
