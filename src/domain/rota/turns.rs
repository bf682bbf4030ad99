//! Turns: the handoffs of one version, numbered from its start.
//!
//! Each cadence says at which wall time turn number i begins, and guesses the number from a wall time; the
//! rest is comparing instants. Nothing walks day by day from the start: ordinary weeks are multiplied and
//! only the dates of a calendar that differ from their weekday are looked at one by one.

use super::lists::Lists;
use super::{Cadence, Version};
use crate::domain::calendar::Calendar;
use crate::time::{
    Date, DateTime, SignedDuration, Time, TimeZone, Timestamp, UnknownZone, resolve, zone,
};

/// The handoffs of one version.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    zone: TimeZone,
    handoff: Time,
    rhythm: Rhythm,
    takes_effect: Timestamp,
    /// Added to the number of a turn, where an edited version goes on in the order of the one before.
    shift: i64,
    /// The orders of a version in which some weekdays have their own.
    lists: Option<Lists>,
}

/// One turn, `[starts_at, ends_at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Zero for a turn of the first participant: without an edit the first of the version, negative before it.
    pub number: i64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

/// When turns begin.
#[derive(Clone, Debug)]
enum Rhythm {
    /// Every so many hours of wall time.
    Hours { start: DateTime, hours: i64 },
    /// Every so many worked days, counted from the first of them.
    WorkedDays {
        first: Date,
        days: i64,
        works: Box<Calendar>,
    },
    /// At the start of stretches of days; with a calendar on the first worked day of each.
    Stretches(Stretches),
}

/// Stretches of whole weeks or months.
#[derive(Clone, Debug)]
struct Stretches {
    start: Date,
    unit: Unit,
    works: Option<Box<Calendar>>,
    /// Stretches without any worked day, in order: nobody has their turn in them.
    idle: Vec<i64>,
}

/// What a stretch is made of.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Days(i64),
    Months(i64),
}

/// How far a guess may be off: more than a day of hourly turns, which one zone once skipped.
const CORRECTIONS: usize = 64;

impl Turns {
    /// Prepares a version whose cadence has been checked.
    pub(super) fn of(version: &Version) -> Result<Self, UnknownZone> {
        let zone = zone(&version.zone)?;
        let (start, handoff) = (version.starts, version.handoff);
        let works = version
            .works
            .clone()
            .filter(|calendar| !calendar.is_around_the_clock())
            .map(Box::new);
        let rhythm = match (version.cadence, works) {
            (Cadence::Hours(n), _) => Rhythm::Hours {
                start: start.to_datetime(handoff),
                hours: n.into(),
            },
            (Cadence::Days(n), Some(works)) => Rhythm::WorkedDays {
                first: worked_from(&works, start).unwrap_or(start),
                days: n.into(),
                works,
            },
            (Cadence::Days(n), None) => {
                Rhythm::Stretches(Stretches::of(start, Unit::Days(n.into()), None))
            }
            (Cadence::Weeks(n), works) => {
                Rhythm::Stretches(Stretches::of(start, Unit::Days(7 * i64::from(n)), works))
            }
            (Cadence::Months(n), works) => {
                Rhythm::Stretches(Stretches::of(start, Unit::Months(n.into()), works))
            }
        };
        let mut turns = Self {
            zone,
            handoff,
            rhythm,
            takes_effect: Timestamp::MIN,
            shift: 0,
            lists: None,
        };
        if !version.on.is_empty() {
            let begins = version.begins.as_ref();
            let number = begins.map_or(0, |begins| turns.at(begins.at).number);
            let place = |order: usize| match (begins, order.checked_sub(1)) {
                (None, _) => 0,
                (Some(begins), None) => begins.with,
                (Some(begins), Some(list)) => begins.on.get(list).copied().unwrap_or_default(),
            };
            turns.lists = Some(Lists::of(version, turns.rhythm.date(number), place));
        }
        match &version.begins {
            Some(begins) => {
                let with = i64::try_from(begins.with).unwrap_or_default();
                turns.shift = with - turns.at(begins.at).number;
                turns.takes_effect = begins.at;
            }
            None => turns.takes_effect = turns.begins_at(0),
        }
        Ok(turns)
    }

    /// Lets the version hold before its first handoff too.
    pub(super) fn reach_back(&mut self) {
        self.takes_effect = Timestamp::MIN;
    }

    /// Returns the instant of the first handoff by the version alone.
    pub(super) fn first(&self) -> Timestamp {
        self.begins_at(0)
    }

    /// Returns the date to whose handoff a turn belongs.
    pub(super) fn date(&self, turn: &Turn) -> Date {
        self.rhythm.date(turn.number - self.shift)
    }

    /// Returns whose turn it is: which order of the version, and which place in it.
    pub(super) fn whose(&self, turn: &Turn, version: &Version) -> (usize, usize) {
        match &self.lists {
            None => (0, self.places(turn, version)[0]),
            Some(lists) => {
                let date = self.date(turn);
                let order = version.order_of(date.weekday());
                (order, lists.place(order, date))
            }
        }
    }

    /// Returns whose turn it is in each order of the version, then or on the order's next day.
    pub(super) fn places(&self, turn: &Turn, version: &Version) -> Vec<usize> {
        match &self.lists {
            None => {
                let people = version.participants.len() as i64;
                vec![turn.number.rem_euclid(people) as usize]
            }
            Some(lists) => lists.places(self.date(turn)),
        }
    }

    /// Returns the instant from which the version holds.
    pub(super) fn takes_effect(&self) -> Timestamp {
        self.takes_effect
    }

    /// Returns the zone of the handoffs.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the turn around an instant.
    pub(super) fn at(&self, at: Timestamp) -> Turn {
        let mut number = self.rhythm.guess(self.zone.to_datetime(at));
        let mut starts_at = self.begins_at(number);
        for _ in 0..CORRECTIONS {
            if starts_at <= at {
                break;
            }
            number -= 1;
            starts_at = self.begins_at(number);
        }
        let mut ends_at = self.begins_at(number + 1);
        for _ in 0..CORRECTIONS {
            if at < ends_at {
                break;
            }
            number += 1;
            starts_at = ends_at;
            ends_at = self.begins_at(number + 1);
        }
        // At the ends of time the turn never begins or never ends.
        Turn {
            number: number + self.shift,
            starts_at: starts_at.min(at),
            ends_at: if at < ends_at {
                ends_at
            } else {
                Timestamp::MAX
            },
        }
    }

    /// Returns the instant at which a turn begins.
    fn begins_at(&self, number: i64) -> Timestamp {
        let local = match &self.rhythm {
            Rhythm::Hours { .. } => self.rhythm.local(number),
            Rhythm::WorkedDays { .. } | Rhythm::Stretches(_) => {
                self.rhythm.date(number).to_datetime(self.handoff)
            }
        };
        resolve(local, &self.zone)
    }
}

impl Rhythm {
    /// Returns the wall time at which a turn begins; that of days is their midnight.
    fn local(&self, number: i64) -> DateTime {
        match self {
            Self::Hours { start, hours } => {
                let seconds = number.saturating_mul(hours * 3600);
                start.saturating_add(SignedDuration::from_secs(seconds))
            }
            Self::WorkedDays { .. } | Self::Stretches(_) => {
                self.date(number).to_datetime(Time::midnight())
            }
        }
    }

    /// Returns the date on which a turn begins.
    fn date(&self, number: i64) -> Date {
        match self {
            Self::Hours { .. } => self.local(number).date(),
            Self::WorkedDays { first, days, works } => {
                nth_worked(works, *first, number.saturating_mul(*days))
            }
            Self::Stretches(stretches) => stretches.begins_on(number),
        }
    }

    /// Guesses the number of the turn around a wall time.
    fn guess(&self, local: DateTime) -> i64 {
        match self {
            Self::Hours { start, hours } => local
                .duration_since(*start)
                .as_secs()
                .div_euclid(hours * 3600),
            Self::WorkedDays { first, days, works } => {
                let until = local.date().tomorrow().unwrap_or(Date::MAX);
                (works.worked_days_between(*first, until) - 1).div_euclid(*days)
            }
            Self::Stretches(stretches) => stretches.number(local.date()),
        }
    }
}

impl Stretches {
    /// Prepares stretches, looking for those in which nobody works.
    fn of(start: Date, unit: Unit, works: Option<Box<Calendar>>) -> Self {
        let mut stretches = Self {
            start,
            unit,
            works: None,
            idle: Vec::new(),
        };
        let Some(works) = works else {
            return stretches;
        };
        // A stretch is at least a week long, so it can only be idle by dates that differ from their weekday.
        let mut idle: Vec<i64> = works
            .special_dates()
            .map(|date| stretches.index(date))
            .collect();
        idle.sort_unstable();
        idle.dedup();
        idle.retain(|index| {
            let next = stretches.nominal(index + 1);
            worked_from(&works, stretches.nominal(*index)).is_none_or(|date| date >= next)
        });
        stretches.idle = idle;
        stretches.works = Some(works);
        stretches
    }

    /// Returns the date on which a turn begins.
    fn begins_on(&self, number: i64) -> Date {
        let mut index = number;
        let future = self.idle.partition_point(|idle| *idle < 0);
        for idle in &self.idle[future..] {
            index += i64::from(number >= 0 && *idle <= index);
        }
        for idle in self.idle[..future].iter().rev() {
            index -= i64::from(number < 0 && *idle >= index);
        }
        let nominal = self.nominal(index);
        match &self.works {
            Some(works) => worked_from(works, nominal).unwrap_or(nominal),
            None => nominal,
        }
    }

    /// Returns the number of the turn in whose stretch a date lies, or of the next one where that is idle.
    fn number(&self, date: Date) -> i64 {
        let index = self.index(date);
        let idle_before = |index: i64| self.idle.partition_point(|idle| *idle < index) as i64;
        index - (idle_before(index) - idle_before(0))
    }

    /// Returns the first date of a stretch.
    fn nominal(&self, index: i64) -> Date {
        match self.unit {
            Unit::Days(days) => days_later(self.start, index.saturating_mul(days)),
            Unit::Months(months) => months_later(self.start, index.saturating_mul(months)),
        }
    }

    /// Returns the stretch in which a date lies.
    fn index(&self, date: Date) -> i64 {
        match self.unit {
            Unit::Days(days) => days_between(self.start, date).div_euclid(days),
            Unit::Months(months) => {
                let index = (months_of(date) - months_of(self.start)).div_euclid(months);
                index - i64::from(date < self.nominal(index))
            }
        }
    }
}

/// Returns the first worked day at or after a date.
fn worked_from(works: &Calendar, date: Date) -> Option<Date> {
    if works.is_worked_day(date) {
        Some(date)
    } else {
        works.next_worked_day(date)
    }
}

/// Returns the worked day that is `count` worked days away from another.
fn nth_worked(works: &Calendar, first: Date, count: i64) -> Date {
    // Jump by what ordinary weeks hold while that brings us nearer, then go step by step.
    let (mut date, mut left) = (first, count);
    for _ in 0..CORRECTIONS {
        let next = days_later(date, left.saturating_mul(7) / works.worked_weekdays());
        let still = left - works.worked_days_between(date, next);
        if still.abs() >= left.abs() {
            break;
        }
        (date, left) = (next, still);
    }
    // The jump may have ended on a day off: the count belongs to the worked day that follows.
    let Some(mut day) = worked_from(works, date) else {
        return date;
    };
    while left != 0 {
        let next = if left > 0 {
            works.next_worked_day(day)
        } else {
            works.previous_worked_day(day)
        };
        let Some(next) = next else { break };
        left -= left.signum();
        day = next;
    }
    day
}

/// Returns the date some days later, or the end of the range of dates.
fn days_later(date: Date, days: i64) -> Date {
    date.saturating_add(SignedDuration::from_secs(days.saturating_mul(86_400)))
}

/// Counts the days from one date to another.
fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_secs() / 86_400
}

/// Numbers the months.
fn months_of(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// Returns the same day some months later, or the last day of a month that is too short.
fn months_later(date: Date, months: i64) -> Date {
    let month = months_of(date).saturating_add(months);
    let first = i16::try_from(month.div_euclid(12))
        .ok()
        .zip(i8::try_from(month.rem_euclid(12) + 1).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok());
    match first {
        Some(first) => {
            let day = date.day().min(first.days_in_month());
            Date::new(first.year(), first.month(), day).unwrap_or(first)
        }
        None if months < 0 => Date::MIN,
        None => Date::MAX,
    }
}
