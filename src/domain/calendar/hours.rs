//! The hours of one date, as wall time and as instants.

use super::period::DAY;
use super::{Business, Calendar, Period, Plan, Segment};
use crate::time::{Date, DateTime, SignedDuration, Time, Timestamp, resolve};

/// A half-open stretch of seconds after some date's midnight.
pub(super) type Wall = (i64, i64);

impl Business {
    /// Returns the periods that start on a date, before breaks are taken out.
    pub(super) fn periods(&self, date: Date) -> &[Period] {
        if self.holidays.contains_key(&date) {
            return &[];
        }
        match self.exceptions.get(&date) {
            Some(periods) => periods,
            None => self.week.day(date.weekday()),
        }
    }

    /// Returns what is open of the periods that start on a date, in seconds after its midnight.
    pub(super) fn open(&self, date: Date) -> Vec<Wall> {
        let periods = self.periods(date);
        let mut open: Vec<Wall> = periods.iter().map(|p| (p.opens(), p.closes())).collect();
        if open.is_empty() || (self.breaks.is_empty() && self.holidays.is_empty()) {
            return open;
        }
        let days = [
            (date.yesterday().ok(), -DAY),
            (Some(date), 0),
            (date.tomorrow().ok(), DAY),
        ];
        for (day, shift) in days {
            let Some(day) = day else { continue };
            for gone in self.breaks.get(&day).into_iter().flatten() {
                subtract(&mut open, (gone.opens() + shift, gone.closes() + shift));
            }
            if self.holidays.contains_key(&day) {
                subtract(&mut open, (shift, shift + DAY));
            }
        }
        open
    }
}

impl Calendar {
    /// Returns the open segments that start on a date, without what the night before already covers.
    pub(super) fn day(&self, date: Date) -> Vec<Segment> {
        let Plan::Business(hours) = &self.plan else {
            return Vec::new();
        };
        let mut segments = self.instants(date, hours);
        let Some(eve) = date.yesterday().ok().filter(|_| self.crosses) else {
            return segments;
        };
        if let Some(night) = self.instants(eve, hours).last() {
            for segment in &mut segments {
                segment.opens_at = segment.opens_at.max(night.closes_at);
            }
            segments.retain(|segment| segment.opens_at < segment.closes_at);
        }
        segments
    }

    /// Resolves the open wall time of a date; what a daylight-saving gap swallows is dropped.
    fn instants(&self, date: Date, hours: &Business) -> Vec<Segment> {
        let open = hours.open(date).into_iter();
        open.map(|(opens, closes)| Segment {
            opens_at: self.instant(date, opens),
            closes_at: self.instant(date, closes),
        })
        .filter(|segment| segment.opens_at < segment.closes_at)
        .collect()
    }

    /// Returns the instant of a wall time, given in seconds after a date's midnight.
    pub(super) fn instant(&self, date: Date, seconds: i64) -> Timestamp {
        resolve(wall(date, seconds), &self.zone)
    }
}

/// Returns the wall time that is some seconds after a date's midnight by the face of the clock.
pub(super) fn wall(date: Date, seconds: i64) -> DateTime {
    date.to_datetime(Time::midnight())
        .saturating_add(SignedDuration::from_secs(seconds))
}

/// Takes a stretch out of a sorted list of stretches.
fn subtract(open: &mut Vec<Wall>, (from, to): Wall) {
    if open.iter().all(|(a, b)| to <= *a || *b <= from) {
        return;
    }
    let parts = open
        .iter()
        .flat_map(|&(a, b)| [(a, b.min(from)), (a.max(to), b)]);
    *open = parts.filter(|(a, b)| a < b).collect();
}

/// Returns the date that is some days away, or the end of the range of dates.
pub(super) fn days_from(date: Date, days: i64) -> Date {
    date.saturating_add(SignedDuration::from_secs(days.saturating_mul(DAY)))
}
