//! Counting open time: deadlines, their inverse, and the account that explains them.

use super::hours::days_from;
use super::period::DAY;
use super::walk::HORIZON_DAYS;
use super::{Business, Calendar, Plan, Segment};
use crate::time::{Date, SignedDuration, Timestamp, plus};
use serde::{Deserialize, Serialize};

/// A stretch of the way to a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Where it starts.
    pub starts_at: Timestamp,
    /// Where it ends, exclusive.
    pub ends_at: Timestamp,
    /// Whether it counted, or why it did not.
    pub part: Part,
}

/// What a stretch of time is to a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Open: it counts.
    Counted,
    /// Closed between the first opening and the last closing of a worked day, as at lunch.
    Break,
    /// Closed before the first opening or after the last closing of a worked day.
    Night,
    /// A weekday without hours.
    DayOff,
    /// A date closed by an exception.
    Closed,
    /// A holiday, by its name.
    Holiday(String),
    /// Closed in every office of a union, in each for a reason of its own.
    Offices(Vec<(String, Part)>),
}

impl Piece {
    /// Returns how long the stretch lasts.
    pub fn length(&self) -> SignedDuration {
        self.ends_at.duration_since(self.starts_at)
    }
}

impl Calendar {
    /// Returns the instant at which `amount` of open time has passed since `start`.
    ///
    /// No amount gives the first open instant at or after `start`; a negative one counts as none. A deadline
    /// that falls exactly on closing time is the closing instant. Where ten years do not hold the amount, it
    /// is the end of those ten years.
    pub fn due_after(&self, start: Timestamp, amount: SignedDuration) -> Timestamp {
        let end = self.horizon(start, 1);
        let mut left = amount.max(SignedDuration::ZERO);
        for segment in self.forward(start, HORIZON_DAYS) {
            let (opens_at, closes_at) = (segment.opens_at.max(start), segment.closes_at.min(end));
            if opens_at >= closes_at {
                break;
            }
            let open = closes_at.duration_since(opens_at);
            if left <= open {
                return plus(opens_at, left);
            }
            left -= open;
        }
        end
    }

    /// Returns the instant from which `amount` of open time leads to `due`.
    ///
    /// No amount gives the last instant at or before `due` up to which the calendar was open; a negative one
    /// counts as none. It looks ten years back at most.
    pub fn before(&self, due: Timestamp, amount: SignedDuration) -> Timestamp {
        let end = self.horizon(due, -1);
        let mut left = amount.max(SignedDuration::ZERO);
        for segment in self.backward(due, HORIZON_DAYS) {
            let (opens_at, closes_at) = (segment.opens_at.max(end), segment.closes_at.min(due));
            if opens_at >= closes_at {
                break;
            }
            let open = closes_at.duration_since(opens_at);
            if left <= open {
                return plus(closes_at, -left);
            }
            left -= open;
        }
        end
    }

    /// Returns how much open time lies in `[from, to)`; none if `to` is not after `from`.
    ///
    /// It takes time in proportion to the days between.
    pub fn worked_between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        self.within(from, to)
            .map(|segment| segment.closes_at.duration_since(segment.opens_at))
            .fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }

    /// Accounts for the way from `start` to [`due_after`](Self::due_after): what counted, what did not, and why.
    ///
    /// The pieces follow one another without a gap, and those that count add up to the amount.
    pub fn pieces(&self, start: Timestamp, amount: SignedDuration) -> Vec<Piece> {
        let due = self.due_after(start, amount);
        let mut pieces = Vec::new();
        let mut at = start;
        for segment in self.segments(start, due) {
            self.explain_closed(at, segment.opens_at, &mut pieces);
            push(
                &mut pieces,
                segment.opens_at,
                segment.closes_at,
                Part::Counted,
            );
            at = segment.closes_at;
        }
        self.explain_closed(at, due, &mut pieces);
        pieces
    }

    /// Returns why the calendar is closed at an instant, or nothing if it is open.
    pub fn why_closed(&self, at: Timestamp) -> Option<Part> {
        if self.is_open(at) {
            return None;
        }
        let next = plus(at, SignedDuration::from_nanos(1));
        let mut pieces = Vec::new();
        self.explain_closed(at, next, &mut pieces);
        pieces.pop().map(|piece| piece.part)
    }

    /// Cuts a closed stretch where the reason changes.
    fn explain_closed(&self, from: Timestamp, to: Timestamp, pieces: &mut Vec<Piece>) {
        let hours = match self.plan() {
            Plan::AroundTheClock(_) => return,
            Plan::Business(hours) => hours,
            Plan::Union(_) => {
                for (segment, part) in self.reasons(from, to) {
                    push(pieces, segment.opens_at, segment.closes_at, part);
                }
                return;
            }
        };
        let (mut at, mut date) = (from, days_from(self.date(from), -1));
        while at < to {
            for (ends, part) in parts_of(hours, date) {
                let ends_at = self.instant(date, ends).min(to);
                if ends_at > at {
                    push(pieces, at, ends_at, part);
                    at = ends_at;
                }
            }
            let Some(tomorrow) = date.tomorrow().ok() else {
                return;
            };
            date = tomorrow;
        }
    }

    /// Returns the reasons of a stretch in which all offices are closed, cut where one of them changes.
    fn reasons(&self, from: Timestamp, to: Timestamp) -> Vec<(Segment, Part)> {
        let reasons: Vec<(&str, Vec<Piece>)> = self
            .offices()
            .map(|(name, own)| {
                let mut pieces = Vec::new();
                own.explain_closed(from, to, &mut pieces);
                (name, pieces)
            })
            .collect();
        let mut cuts: Vec<Timestamp> = reasons
            .iter()
            .flat_map(|(_, pieces)| pieces.iter().map(|piece| piece.ends_at))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut opens_at = from;
        cuts.into_iter()
            .map(|closes_at| {
                let at = opens_at;
                opens_at = closes_at;
                let part_of = |pieces: &[Piece]| {
                    let index = pieces.partition_point(|piece| piece.ends_at <= at);
                    pieces.get(index).map(|piece| piece.part.clone())
                };
                let parts = reasons
                    .iter()
                    .filter_map(|(name, pieces)| Some(((*name).to_owned(), part_of(pieces)?)));
                let segment = Segment {
                    opens_at: at,
                    closes_at,
                };
                (segment, together(parts.collect()))
            })
            .collect()
    }

    /// Returns the instant ten years away, at which every search ends.
    fn horizon(&self, at: Timestamp, direction: i64) -> Timestamp {
        if self.is_around_the_clock() {
            return if direction > 0 {
                Timestamp::MAX
            } else {
                Timestamp::MIN
            };
        }
        self.instant(days_from(self.date(at), direction * HORIZON_DAYS), 0)
    }
}

/// One reason where all offices share it.
fn together(parts: Vec<(String, Part)>) -> Part {
    match parts.as_slice() {
        [(_, first), rest @ ..] if rest.iter().all(|(_, part)| part == first) => first.clone(),
        _ => Part::Offices(parts),
    }
}

/// Appends a piece, joining it with one of the same kind that it touches.
fn push(pieces: &mut Vec<Piece>, starts_at: Timestamp, ends_at: Timestamp, part: Part) {
    match pieces.last_mut() {
        Some(last) if last.part == part => last.ends_at = ends_at,
        _ => pieces.push(Piece {
            starts_at,
            ends_at,
            part,
        }),
    }
}

/// Returns what each stretch of a date is when it is closed, by the second at which it ends.
fn parts_of(hours: &Business, date: Date) -> Vec<(i64, Part)> {
    if let Some(name) = hours.holidays.get(&date) {
        return vec![(DAY, Part::Holiday(name.clone()))];
    }
    let mut parts = Vec::with_capacity(4);
    // What runs over from the day before is closed only by a break.
    let eve = date.yesterday().map(|eve| hours.periods(eve));
    if let Some(night) = eve.ok().and_then(|periods| periods.last()) {
        parts.push((night.closes() - DAY, Part::Break));
    }
    let periods = hours.periods(date);
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) => {
            parts.push((first.opens(), Part::Night));
            parts.push((last.closes().min(DAY), Part::Break));
            parts.push((DAY, Part::Night));
        }
        _ if hours.exceptions.contains_key(&date) => parts.push((DAY, Part::Closed)),
        _ => parts.push((DAY, Part::DayOff)),
    }
    parts
}
