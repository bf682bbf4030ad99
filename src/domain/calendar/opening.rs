//! Where a working day begins.

use super::Calendar;
use crate::time::{SignedDuration, Timestamp};

/// A day has few periods; the bound only guards against a calendar of many.
const PERIODS: usize = 64;

/// What is open for longer than this never closes.
const A_YEAR: SignedDuration = SignedDuration::from_hours(24 * 366);

impl Calendar {
    /// Returns the first opening of a working day after an instant: an opening after lunch is none. Nothing where the
    /// calendar never closes.
    pub fn next_day_opening(&self, after: Timestamp) -> Option<Timestamp> {
        if self.is_around_the_clock() {
            return None;
        }
        let mut at = after;
        for _ in 0..PERIODS {
            let Some(span) = self.open_span(at).filter(|span| span.opens_at <= at) else {
                break;
            };
            // Offices that hand work on around the clock never open anew.
            if span.closes_at.duration_since(at) > A_YEAR {
                return None;
            }
            at = span.closes_at;
        }
        for _ in 0..PERIODS {
            let opens_at = self.next_open(at)?;
            if self.begins_a_day(opens_at) && opens_at > after {
                return Some(opens_at);
            }
            at = self.open_span(opens_at)?.closes_at;
        }
        None
    }
}
