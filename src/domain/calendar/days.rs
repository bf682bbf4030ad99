//! Worked days: the days on which a calendar opens at all.

use super::hours::days_from;
use super::period::WEEKDAYS;
use super::walk::HORIZON_DAYS;
use super::{Business, Calendar, Plan};
use crate::time::{Date, SignedDuration, Timestamp, Weekday, resolve};
use std::collections::BTreeSet;

impl Calendar {
    /// Returns whether any hours of a date are worked; in a union, whether any office works on its own such date.
    pub fn is_worked_day(&self, date: Date) -> bool {
        let found = self
            .special
            .binary_search_by_key(&date, |special| special.date);
        self.is_worked_weekday(date.weekday()) != found.is_ok()
    }

    /// Returns the name of the holiday on a date; in a union, only if no office works on it.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        match &self.plan {
            Plan::AroundTheClock(_) => None,
            Plan::Business(hours) => hours.holidays.get(&date).map(String::as_str),
            Plan::Union(_) if self.is_worked_day(date) => None,
            Plan::Union(_) => self.offices().find_map(|(_, own)| own.holiday(date)),
        }
    }

    /// Returns the name of the holiday that a list names on a date that is worked all the same.
    pub fn worked_holiday(&self, date: Date) -> Option<&str> {
        match &self.plan {
            Plan::AroundTheClock(_) => None,
            Plan::Business(hours) => hours.worked.get(&date).map(String::as_str),
            Plan::Union(_) => self.offices().find_map(|(_, own)| own.worked_holiday(date)),
        }
    }

    /// Returns whether a weekday is worked in an ordinary week.
    pub fn is_worked_weekday(&self, day: Weekday) -> bool {
        match &self.plan {
            Plan::AroundTheClock(_) => true,
            Plan::Business(hours) => !hours.week.day(day).is_empty(),
            Plan::Union(_) => self.offices().any(|(_, own)| own.is_worked_weekday(day)),
        }
    }

    /// Returns the first worked day after a date, or nothing within ten years.
    pub fn next_worked_day(&self, date: Date) -> Option<Date> {
        self.search(date, 1)
    }

    /// Returns the last worked day before a date, or nothing within ten years.
    pub fn previous_worked_day(&self, date: Date) -> Option<Date> {
        self.search(date, -1)
    }

    /// Counts the worked days in `[from, to)`; it is negative if `to` is before `from`.
    ///
    /// Ordinary weeks are multiplied and special dates looked up, so far dates cost no more than near ones.
    pub fn worked_days_between(&self, from: Date, to: Date) -> i64 {
        if to < from {
            return -self.worked_days_between(to, from);
        }
        let days = to.duration_since(from).as_hours() / 24;
        let rest = (0..days % 7)
            .map(|day| i64::from(self.is_worked_weekday(days_from(from, day).weekday())))
            .sum::<i64>();
        days / 7 * self.worked_weekdays() + rest + self.special_before(to)
            - self.special_before(from)
    }

    /// Returns how many days of an ordinary week are worked.
    pub fn worked_weekdays(&self) -> i64 {
        let worked = |day: &Weekday| i64::from(self.is_worked_weekday(*day));
        WEEKDAYS.iter().map(worked).sum()
    }

    /// Returns the same wall time `days` worked days later, or the first open instant after it.
    ///
    /// A negative count goes back, and then to the last instant that was open. Without any worked day
    /// within ten years the search stays where it got.
    pub fn add_working_days(&self, from: Timestamp, days: i32) -> Timestamp {
        let local = self.zone.to_datetime(from);
        let mut date = local.date();
        for _ in 0..days.unsigned_abs() {
            let Some(next) = self.search(date, i64::from(days.signum())) else {
                break;
            };
            date = next;
        }
        let at = if days == 0 {
            from
        } else {
            resolve(date.to_datetime(local.time()), &self.zone)
        };
        if days < 0 {
            self.before(at, SignedDuration::ZERO)
        } else {
            self.due_after(at, SignedDuration::ZERO)
        }
    }

    /// Returns, in order, the dates that are worked though their weekday is not, or the other way round.
    pub fn special_dates(&self) -> impl Iterator<Item = Date> {
        self.special.iter().map(|special| special.date)
    }

    /// Finds the first day of ten years that are all closed.
    pub(super) fn closed_for_good(&self) -> Option<Date> {
        let mut worked_again = Date::MIN;
        for date in self.special_dates() {
            if date < worked_again || self.is_worked_day(date) {
                continue;
            }
            match self.next_worked_day(date) {
                Some(next) => worked_again = next,
                None => return Some(date),
            }
        }
        None
    }

    /// Returns how many more days before a date are worked than weekdays alone would give.
    fn special_before(&self, date: Date) -> i64 {
        let index = self.special.partition_point(|special| special.date < date);
        index
            .checked_sub(1)
            .map_or(0, |last| self.special[last].sum)
    }

    /// Looks for a worked day, one day at a time.
    fn search(&self, from: Date, step: i64) -> Option<Date> {
        (1..=HORIZON_DAYS)
            .map(|days| days_from(from, step * days))
            .find(|date| self.is_worked_day(*date))
            .filter(|date| *date != from)
    }
}

/// A date that is worked though its weekday is not, or the other way round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    date: Date,
    /// How many more days up to this one are worked than weekdays alone would give.
    sum: i64,
}

/// Collects the special dates: no other date can differ from its weekday.
pub(super) fn special(hours: &Business) -> Vec<Special> {
    let named = hours
        .exceptions
        .keys()
        .chain(hours.holidays.keys())
        .copied();
    let mut dates: BTreeSet<Date> = named.collect();
    for date in hours.breaks.keys() {
        // A break may run past midnight.
        dates.extend([Some(*date), date.tomorrow().ok()].into_iter().flatten());
    }
    // The night that runs into a holiday belongs to the day before it.
    dates.extend(
        hours
            .holidays
            .keys()
            .filter_map(|date| date.yesterday().ok()),
    );
    // A break may also end the night that began the day before.
    dates.extend(hours.breaks.keys().filter_map(|date| date.yesterday().ok()));
    let by_week = |date: Date| !hours.week.day(date.weekday()).is_empty();
    differing(dates, &|date| !hours.open(date).is_empty(), &by_week)
}

/// Keeps the dates on which what is worked differs from what the week says.
pub(super) fn differing(
    dates: BTreeSet<Date>,
    is_worked: &dyn Fn(Date) -> bool,
    by_week: &dyn Fn(Date) -> bool,
) -> Vec<Special> {
    let mut sum = 0;
    let differs = |date: &Date| is_worked(*date) != by_week(*date);
    let special = dates.into_iter().filter(differs).map(|date| {
        sum += if by_week(date) { -1 } else { 1 };
        Special { date, sum }
    });
    special.collect()
}
