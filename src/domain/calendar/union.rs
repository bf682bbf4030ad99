//! Unions: several offices, each in its own zone; open while any of them is, and who is awake when.
//!
//! Promises: an hour that two offices work counts once; a stretch is closed only where all of them are. The dates of
//! a union are those of its first office. Leaves out unions of unions, and offices that never close: beside one, the
//! others would not matter.

use super::days::{Special, differing};
use super::walk::Segments;
use super::{Business, Calendar, CalendarError, Part, Plan, Segment};
use crate::time::{Date, SignedDuration, Timestamp, plus};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::iter::Peekable;

/// Open while any of several offices is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Union {
    /// In the order in which they were named; the first one's zone gives the dates.
    pub offices: Vec<Office>,
}

/// One office of a union.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What people call it.
    pub name: String,
    /// When it works.
    pub hours: Box<Business>,
}

/// Which offices are awake at an instant, and what comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awake {
    /// The offices that are open, in order, each with the instant at which its day ends.
    pub open: Vec<(String, Timestamp)>,
    /// The office that opens next, and when: the first to begin once those that are open now are through, or before.
    pub next: Option<(String, Timestamp)>,
}

impl Calendar {
    /// Makes the union of offices.
    pub(super) fn union(mut plan: Union) -> Result<Self, CalendarError> {
        let mut offices: Vec<(String, Calendar)> = Vec::with_capacity(plan.offices.len());
        for office in &mut plan.offices {
            let name = office.name.clone();
            if offices.iter().any(|(known, _)| *known == name) {
                return Err(CalendarError::OfficeTwice { name });
            }
            let own = Self::business((*office.hours).clone()).map_err(|error| {
                let source = Box::new(error);
                CalendarError::Office {
                    name: name.clone(),
                    source,
                }
            })?;
            // As it is written down, in order.
            if let Plan::Business(hours) = &own.plan {
                office.hours.clone_from(hours);
            }
            offices.push((name, own));
        }
        let Some((_, first)) = offices.first() else {
            return Err(CalendarError::NoOffices);
        };
        Ok(Self {
            zone: first.zone.clone(),
            special: special(&offices),
            crosses: false,
            plan: Plan::Union(plan),
            offices,
        })
    }

    /// Returns the offices of a union by name, in order; none where it is no union.
    pub fn offices(&self) -> impl Iterator<Item = (&str, &Calendar)> {
        self.offices.iter().map(|(name, own)| (name.as_str(), own))
    }

    /// Returns whether the calendar is the union of offices.
    pub fn is_union(&self) -> bool {
        !self.offices.is_empty()
    }

    /// Returns the offices that are open at an instant; none where it is no union.
    pub fn awake_offices(&self, at: Timestamp) -> Vec<&str> {
        self.offices()
            .filter(|(_, own)| own.is_open(at))
            .map(|(name, _)| name)
            .collect()
    }

    /// Returns who is awake at an instant, until when, and who is next; nothing where it is no union.
    ///
    /// A break ends no office's day: whoever is back after lunch is awake until the evening.
    pub fn awake(&self, at: Timestamp) -> Option<Awake> {
        if !self.is_union() {
            return None;
        }
        let mut awake = Awake::default();
        for (name, own) in self.offices() {
            let next = if own.is_open(at) {
                let ends_at = own.end_of_day(at);
                awake.open.push((name.to_owned(), ends_at));
                own.next_open(ends_at)
            } else {
                own.next_open(at)
            };
            // Of two that open at once, the first named.
            let is_sooner =
                |at: &Timestamp| awake.next.as_ref().is_none_or(|(_, sooner)| at < sooner);
            if let Some(next) = next.filter(is_sooner) {
                awake.next = Some((name.to_owned(), next));
            }
        }
        Some(awake)
    }

    /// Returns when an office that is open closes for longer than a break.
    fn end_of_day(&self, at: Timestamp) -> Timestamp {
        let mut at = at;
        // A day has few breaks; the bound only guards against a calendar of many.
        for _ in 0..16 {
            let Some(span) = self.open_span(at).filter(|span| span.opens_at <= at) else {
                break;
            };
            at = span.closes_at;
            match (self.why_closed(at), self.next_open(at)) {
                (Some(Part::Break), Some(back)) => at = back,
                _ => break,
            }
        }
        at
    }

    /// Cuts an open stretch where the offices that are awake change; one piece without names where it is no union.
    pub fn shared(&self, from: Timestamp, to: Timestamp) -> Vec<(Segment, Vec<&str>)> {
        let mut cuts: Vec<Timestamp> = self
            .offices()
            .flat_map(|(_, own)| own.segments(from, to))
            .flat_map(|segment| [segment.opens_at, segment.closes_at])
            .chain([to])
            .filter(|cut| from < *cut && *cut <= to)
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut shared: Vec<(Segment, Vec<&str>)> = Vec::new();
        let mut opens_at = from;
        for closes_at in cuts {
            let awake = self.awake_offices(opens_at);
            match shared.last_mut() {
                Some((last, names)) if *names == awake => last.closes_at = closes_at,
                _ => shared.push((
                    Segment {
                        opens_at,
                        closes_at,
                    },
                    awake,
                )),
            }
            opens_at = closes_at;
        }
        shared
    }

    /// Returns whether work begins for the day at an opening: no office comes back from a break.
    pub fn begins_a_day(&self, opens_at: Timestamp) -> bool {
        match self.why_closed(plus(opens_at, SignedDuration::from_nanos(-1))) {
            Some(Part::Break) | None => false,
            Some(Part::Offices(parts)) => parts.iter().all(|(_, part)| *part != Part::Break),
            Some(Part::Night | Part::DayOff | Part::Closed | Part::Holiday(_) | Part::Counted) => {
                true
            }
        }
    }

    pub(super) fn union_ahead(&self, from: Timestamp, days: i64) -> Segments<'_> {
        let offices = self.offices.iter();
        Box::new(Ahead {
            offices: offices
                .map(|(_, own)| own.forward(from, days).peekable())
                .collect(),
            until: Timestamp::MIN,
        })
    }

    pub(super) fn union_back(&self, from: Timestamp, days: i64) -> Segments<'_> {
        let offices = self.offices.iter();
        Box::new(Back {
            offices: offices
                .map(|(_, own)| own.backward(from, days).peekable())
                .collect(),
            since: Timestamp::MAX,
        })
    }
}

/// The segments of several offices in order, each cut to what those before it did not cover.
///
/// They are cut and not joined, so that offices that hand work on around the clock make no segment without end.
struct Ahead<'a> {
    offices: Vec<Peekable<Segments<'a>>>,
    until: Timestamp,
}

impl Iterator for Ahead<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        loop {
            let first = |office: &mut Peekable<Segments<'_>>| office.peek().map(|s| s.opens_at);
            let offices = self.offices.iter_mut().enumerate();
            let (_, index) = offices
                .filter_map(|(index, office)| Some((first(office)?, index)))
                .min()?;
            let segment = self.offices[index].next()?;
            if segment.closes_at > self.until {
                let opens_at = segment.opens_at.max(self.until);
                self.until = segment.closes_at;
                return Some(Segment {
                    opens_at,
                    closes_at: segment.closes_at,
                });
            }
        }
    }
}

/// The same on the way back.
struct Back<'a> {
    offices: Vec<Peekable<Segments<'a>>>,
    since: Timestamp,
}

impl Iterator for Back<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        loop {
            let last = |office: &mut Peekable<Segments<'_>>| office.peek().map(|s| s.closes_at);
            let offices = self.offices.iter_mut().enumerate();
            let (_, index) = offices
                .filter_map(|(index, office)| Some((last(office)?, index)))
                .max()?;
            let segment = self.offices[index].next()?;
            if segment.opens_at < self.since {
                let closes_at = segment.closes_at.min(self.since);
                self.since = segment.opens_at;
                return Some(Segment {
                    opens_at: segment.opens_at,
                    closes_at,
                });
            }
        }
    }
}

/// Collects the dates on which the offices together differ from their week.
fn special(offices: &[(String, Calendar)]) -> Vec<Special> {
    let dates: BTreeSet<Date> = offices
        .iter()
        .flat_map(|(_, own)| own.special_dates())
        .collect();
    let any = |is: &dyn Fn(&Calendar) -> bool| offices.iter().any(|(_, own)| is(own));
    differing(
        dates,
        &|date| any(&|own| own.is_worked_day(date)),
        &|date| any(&|own| own.is_worked_weekday(date.weekday())),
    )
}
