//! A rota in facts, so that `toban check` can say in words who is called when.

use super::{Cadence, OffHours, Rota, Turns, Version};
use crate::domain::calendar::Plan as CalendarPlan;
use crate::domain::ids::MemberId;
use crate::time::{Date, Time, Weekday};

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
    /// On some weekdays others take turns, by themselves.
    OnDays {
        /// The weekdays.
        days: Vec<Weekday>,
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
        let versions = self.plan().versions.iter().zip(&self.turns);
        let first = self.turns.first();
        versions
            .flat_map(|(version, turns)| {
                let is_first = first.is_some_and(|first| std::ptr::eq(first, turns));
                facts(version, turns, is_first)
            })
            .collect()
    }
}

/// Returns the facts about one version.
fn facts(version: &Version, turns: &Turns, is_first: bool) -> Vec<Fact> {
    // A version that takes over goes on in the order; one that is the first begins with its first.
    let takes_over = (!is_first || version.begins.is_some()).then(|| match &version.begins {
        Some(begins) => begins.at,
        None => turns.takes_effect(),
    });
    let places = takes_over.map(|at| turns.places(&turns.at(at), version));
    let mut orders = version.orders().enumerate().map(|(order, people)| {
        let mut people = people.clone();
        let place = places.as_ref().map_or(0, |places| places[order]);
        people.rotate_left(place);
        people
    });
    let starts = takes_over.map_or(version.starts, |at| turns.zone().to_datetime(at).date());
    let turning = Fact::Turns {
        starts,
        cadence: version.cadence,
        handoff: version.handoff,
        zone: version.zone.clone(),
        participants: orders.next().unwrap_or_default(),
    };
    let lists = version.on.iter().zip(orders);
    let lists = lists.map(|(list, participants)| Fact::OnDays {
        days: list.days.clone(),
        participants,
    });
    let mut facts = vec![turning];
    facts.extend(lists);
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
    facts.extend(called);
    facts
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
