//! Worked days: the days on which a calendar opens at all.

use super::hours::days_from;
use super::period::WEEKDAYS;
use super::walk::HORIZON_DAYS;
use super::{Calendar, Plan};
use crate::time::{Date, SignedDuration, Timestamp, resolve};

impl Calendar {
    /// Returns whether any hours of a date are worked.
    pub fn is_worked_day(&self, date: Date) -> bool {
        match &self.plan {
            Plan::AroundTheClock(_) => true,
            Plan::Business(_) if !self.special.contains(&date) => self.is_worked_weekday(date),
            Plan::Business(hours) => !hours.open(date).is_empty(),
        }
    }

    /// Returns the name of the holiday on a date.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        match &self.plan {
            Plan::AroundTheClock(_) => None,
            Plan::Business(hours) => hours.holidays.get(&date).map(String::as_str),
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
    /// Ordinary weeks are multiplied, only special dates are looked at one by one.
    pub fn worked_days_between(&self, from: Date, to: Date) -> i64 {
        if to < from {
            return -self.worked_days_between(to, from);
        }
        let days = to.duration_since(from).as_hours() / 24;
        if self.is_around_the_clock() {
            return days;
        }
        let in_week = WEEKDAYS
            .iter()
            .filter(|day| matches!(&self.plan, Plan::Business(hours) if !hours.week.day(**day).is_empty()))
            .count();
        let rest = (0..days % 7)
            .filter(|day| self.is_worked_weekday(days_from(from, *day)))
            .count();
        let special: i64 = self
            .special
            .range(from..to)
            .map(|date| {
                i64::from(self.is_worked_day(*date)) - i64::from(self.is_worked_weekday(*date))
            })
            .sum();
        days / 7 * in_week as i64 + rest as i64 + special
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

    /// Returns the dates that may be worked though their weekday is not, or the other way round.
    pub fn special_dates(&self) -> impl Iterator<Item = Date> {
        self.special.iter().copied()
    }

    /// Looks for a worked day, one day at a time.
    fn search(&self, from: Date, step: i64) -> Option<Date> {
        (1..=HORIZON_DAYS)
            .map(|days| days_from(from, step * days))
            .find(|date| self.is_worked_day(*date))
            .filter(|date| *date != from)
    }

    /// Returns whether the weekday of a date has hours.
    fn is_worked_weekday(&self, date: Date) -> bool {
        match &self.plan {
            Plan::AroundTheClock(_) => true,
            Plan::Business(hours) => !hours.week.day(date.weekday()).is_empty(),
        }
    }
}
