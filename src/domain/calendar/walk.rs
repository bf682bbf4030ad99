//! Walking a calendar's open segments forward and back, and what can be read off them directly.

use super::hours::days_from;
use super::{Calendar, Plan};
use crate::time::{Date, SignedDuration, Timestamp, plus};
use serde::{Deserialize, Serialize};

/// How many days every search looks ahead or back: ten years.
pub(super) const HORIZON_DAYS: i64 = 3653;

/// How far a stretch that never closes is followed, in days on either side: longer than any that does close.
const LONGEST_SPAN_DAYS: i64 = 400;

/// A half-open stretch of open time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The first open instant.
    pub opens_at: Timestamp,
    /// The first closed instant after it.
    pub closes_at: Timestamp,
}

/// Segments on the way through a calendar.
pub(super) type Segments<'a> = Box<dyn Iterator<Item = Segment> + 'a>;

impl Calendar {
    /// Returns whether the calendar is open at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.forward(at, 2)
            .next()
            .is_some_and(|segment| segment.opens_at <= at)
    }

    /// Returns the first open instant at or after another, or nothing within ten years.
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        let segment = self.forward(at, HORIZON_DAYS).next()?;
        Some(segment.opens_at.max(at))
    }

    /// Returns the latest closing instant at or before another, or nothing within ten years.
    pub fn last_close_before(&self, at: Timestamp) -> Option<Timestamp> {
        let mut follows = None;
        // What opens at this very instant makes a closing at it none.
        let after = plus(at, SignedDuration::from_nanos(1));
        for segment in self.backward(after, HORIZON_DAYS) {
            if segment.closes_at <= at && follows != Some(segment.closes_at) {
                return Some(segment.closes_at);
            }
            follows = Some(segment.opens_at);
        }
        None
    }

    /// Returns the whole open stretch around an instant, or the next one, or nothing within ten years.
    ///
    /// A stretch of business hours that is open for longer than 400 days on either side is cut there.
    pub fn open_span(&self, at: Timestamp) -> Option<Segment> {
        let mut span = self.forward(at, HORIZON_DAYS).next()?;
        for segment in self.forward(span.closes_at, LONGEST_SPAN_DAYS) {
            if segment.opens_at > span.closes_at {
                break;
            }
            span.closes_at = segment.closes_at;
        }
        for segment in self.backward(span.opens_at, LONGEST_SPAN_DAYS) {
            if segment.opens_at >= span.opens_at {
                continue;
            }
            if segment.closes_at < span.opens_at {
                break;
            }
            span.opens_at = segment.opens_at;
        }
        Some(span)
    }

    /// Returns the open stretches inside a window, cut to it, those that touch joined.
    pub fn segments(&self, from: Timestamp, to: Timestamp) -> Vec<Segment> {
        let mut joined: Vec<Segment> = Vec::new();
        for segment in self.within(from, to) {
            match joined.last_mut() {
                Some(last) if last.closes_at == segment.opens_at => {
                    last.closes_at = segment.closes_at;
                }
                _ => joined.push(segment),
            }
        }
        joined
    }

    /// Walks the open segments inside a window, cut to it; its length is bounded by the window alone.
    pub(super) fn within(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Segment> {
        self.forward(from, i64::MAX)
            .map(move |segment| Segment {
                opens_at: segment.opens_at.max(from),
                closes_at: segment.closes_at.min(to),
            })
            .take_while(|segment| segment.opens_at < segment.closes_at)
    }

    /// Walks the segments that close after an instant over some days, in order and none over another.
    ///
    /// Those of business hours are uncut; those of a union are what each office adds to the ones before.
    pub(super) fn forward(&self, from: Timestamp, days: i64) -> Segments<'_> {
        match self.plan() {
            Plan::Union(_) => self.union_ahead(from, days),
            Plan::AroundTheClock(_) | Plan::Business(_) => Box::new(self.own_ahead(from, days)),
        }
    }

    fn own_ahead(&self, from: Timestamp, days: i64) -> impl Iterator<Item = Segment> {
        // A segment that is still open may have started on the day before.
        let first = days_from(self.date(from), -1);
        let dates = Dates {
            next: Some(first),
            left: days.saturating_add(1),
            step: 1,
        };
        self.whole()
            .into_iter()
            .chain(self.business_dates(dates).flat_map(|date| self.day(date)))
            .skip_while(move |segment| segment.closes_at <= from)
    }

    /// Walks back over the segments that open before an instant over some days, none over another.
    pub(super) fn backward(&self, from: Timestamp, days: i64) -> Segments<'_> {
        match self.plan() {
            Plan::Union(_) => self.union_back(from, days),
            Plan::AroundTheClock(_) | Plan::Business(_) => Box::new(self.own_back(from, days)),
        }
    }

    fn own_back(&self, from: Timestamp, days: i64) -> impl Iterator<Item = Segment> {
        // Where clocks go back over midnight, the next date may already have begun.
        let first = days_from(self.date(from), 1);
        let dates = Dates {
            next: Some(first),
            left: days.saturating_add(2),
            step: -1,
        };
        self.whole()
            .into_iter()
            .chain(
                self.business_dates(dates)
                    .flat_map(|date| self.day(date).into_iter().rev()),
            )
            .skip_while(move |segment| segment.opens_at >= from)
    }

    /// Returns the local date of an instant.
    pub fn date(&self, at: Timestamp) -> Date {
        self.zone().to_datetime(at).date()
    }

    /// Returns the one segment of a calendar that never closes.
    fn whole(&self) -> Option<Segment> {
        self.is_around_the_clock().then_some(Segment {
            opens_at: Timestamp::MIN,
            closes_at: Timestamp::MAX,
        })
    }

    /// Returns the dates to look at: none where the calendar never closes.
    fn business_dates(&self, dates: Dates) -> impl Iterator<Item = Date> {
        dates.take(if self.is_around_the_clock() {
            0
        } else {
            usize::MAX
        })
    }
}

/// Consecutive dates, forward or back, a bounded number of them.
struct Dates {
    next: Option<Date>,
    left: i64,
    step: i64,
}

impl Iterator for Dates {
    type Item = Date;

    fn next(&mut self) -> Option<Date> {
        let date = self.next.filter(|_| self.left > 0)?;
        self.left -= 1;
        self.next = Some(days_from(date, self.step)).filter(|next| *next != date);
        Some(date)
    }
}
