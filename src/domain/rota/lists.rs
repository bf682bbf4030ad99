//! Lists: weekdays whose turns go round among people of their own, such as the Fridays of two.
//!
//! Each list turns by itself over its own worked days, and the participants over the days that no list takes: over n ×
//! members worked days of a list each of them has n turns, whatever the other days do. A list counts from one date, by
//! ordinary weeks and the dates of the calendar that differ from their weekday, so far dates cost no more than near ones.

use super::Version;
use crate::domain::calendar::Calendar;
use crate::domain::ids::MemberId;
use crate::time::{Date, SignedDuration, Weekday, civil};
use serde::{Deserialize, Serialize};

/// Weekdays that have participants of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayList {
    /// The weekdays, from Monday.
    #[serde(with = "names")]
    pub days: Vec<Weekday>,
    /// Who takes turns on them, in order.
    pub participants: Vec<MemberId>,
}

impl Version {
    /// Returns the orders in which people turn: the participants', then each list's.
    pub(super) fn orders(&self) -> impl Iterator<Item = &Vec<MemberId>> {
        let lists = self.on.iter().map(|list| &list.participants);
        std::iter::once(&self.participants).chain(lists)
    }

    /// Returns everybody who takes turns, as often as they stand in an order.
    pub fn people(&self) -> impl Iterator<Item = &MemberId> {
        self.orders().flatten()
    }

    /// Returns which order takes a weekday, by its place among [`Version::orders`].
    pub(super) fn order_of(&self, day: Weekday) -> usize {
        let list = self.on.iter().position(|list| list.days.contains(&day));
        list.map_or(0, |place| place + 1)
    }
}

/// How the orders of a version stand at any date.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    /// The date from which all are counted.
    base: Date,
    counts: Vec<Count>,
}

/// The worked days of one order.
#[derive(Clone, Debug)]
struct Count {
    /// Whose turn it is on the first worked day at or after the base.
    place: i64,
    people: i64,
    /// Whether an ordinary week works the order's days, from Monday.
    week: [bool; 7],
    /// Dates that differ from their weekday, each with how many more days up to it are worked than weekdays would give.
    special: Vec<(Date, i64)>,
}

impl Lists {
    /// Prepares the orders of a version that has lists; `places` says whose turn it is in each of them at the base.
    pub fn of(version: &Version, base: Date, places: impl Fn(usize) -> usize) -> Self {
        let works = version.works.as_ref();
        let special: Vec<Date> =
            works.map_or_else(Vec::new, |works| works.special_dates().collect());
        let is_worked = |date| works.is_none_or(|works| works.is_worked_day(date));
        let ordinary = Weekday::Monday
            .cycle_forward()
            .take(7)
            .map(|day| (day, is_worked(ordinary_date(day, &special))));
        let ordinary: Vec<(Weekday, bool)> = ordinary.collect();
        let count = |(order, people): (usize, &Vec<MemberId>)| {
            let mut week = [false; 7];
            for (slot, (day, works)) in week.iter_mut().zip(&ordinary) {
                *slot = *works && version.order_of(*day) == order;
            }
            let mut sum = 0;
            let special = special
                .iter()
                .filter(|date| version.order_of(date.weekday()) == order)
                .map(|date| {
                    sum += if is_worked(*date) { 1 } else { -1 };
                    (*date, sum)
                });
            Count {
                place: i64::try_from(places(order)).unwrap_or_default(),
                people: people.len() as i64,
                special: special.collect(),
                week,
            }
        };
        Self {
            base,
            counts: version.orders().enumerate().map(count).collect(),
        }
    }

    /// Returns whose turn it is in an order on a date, or on its next worked day after it.
    pub fn place(&self, order: usize, date: Date) -> usize {
        let count = &self.counts[order];
        let turns = count.place + count.between(self.base, date);
        turns.rem_euclid(count.people) as usize
    }

    /// Returns the same for every order.
    pub fn places(&self, date: Date) -> Vec<usize> {
        let orders = 0..self.counts.len();
        orders.map(|order| self.place(order, date)).collect()
    }
}

impl Count {
    /// Counts the worked days of the order in `[from, to)`; negative if `to` is before `from`.
    fn between(&self, from: Date, to: Date) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        let days = to.duration_since(from).as_secs() / 86_400;
        let weekly = self.week.iter().filter(|works| **works).count() as i64;
        let first = from.weekday().to_monday_zero_offset() as usize;
        let rest = (0..(days % 7) as usize).filter(|day| self.week[(first + day) % 7]);
        days / 7 * weekly + rest.count() as i64 + self.special_before(to)
            - self.special_before(from)
    }

    fn special_before(&self, date: Date) -> i64 {
        let index = self.special.partition_point(|(special, _)| *special < date);
        index.checked_sub(1).map_or(0, |last| self.special[last].1)
    }
}

/// Returns a date of a weekday that is not among the special ones.
fn ordinary_date(day: Weekday, special: &[Date]) -> Date {
    let mut date = A_MONDAY.saturating_add(days(day.to_monday_zero_offset().into()));
    while special.contains(&date) && date < Date::MAX {
        date = date.saturating_add(days(7));
    }
    date
}

/// Somewhere to begin looking for ordinary dates.
const A_MONDAY: Date = civil::date(2024, 1, 1);

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count * 86_400)
}

/// Tells whether the calendar never works any day of a list.
pub(super) fn is_idle(list: &DayList, works: &Calendar) -> bool {
    let special: Vec<Date> = works.special_dates().collect();
    let ever = |day: &Weekday| {
        works.is_worked_day(ordinary_date(*day, &special))
            || special
                .iter()
                .any(|date| date.weekday() == *day && works.is_worked_day(*date))
    };
    !list.days.iter().any(ever)
}

/// Weekdays by their short names.
mod names {
    use super::Weekday;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    pub fn serialize<S: Serializer>(days: &[Weekday], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(
            days.iter()
                .map(|day| NAMES[day.to_monday_zero_offset() as usize]),
        )
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Weekday>, D::Error> {
        let day = |name: String| {
            let place = NAMES.iter().position(|known| *known == name);
            place
                .and_then(|place| Weekday::from_monday_zero_offset(place as i8).ok())
                .ok_or_else(|| D::Error::custom(format!("{name:?} is no weekday")))
        };
        Vec::<String>::deserialize(from)?
            .into_iter()
            .map(day)
            .collect()
    }
}
