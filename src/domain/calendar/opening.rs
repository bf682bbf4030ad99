//! Where a working day begins.

use super::Calendar;
use crate::time::Timestamp;

/// A day has few periods; the bound only guards against a calendar of many.
const PERIODS: usize = 64;

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
            at = span.closes_at;
        }
        for _ in 0..PERIODS {
            let opens_at = self.next_open(at)?;
            let closed_before = self.last_close_before(opens_at);
            let is_first =
                closed_before.is_none_or(|closed| self.date(closed) != self.date(opens_at));
            if is_first && opens_at > after {
                return Some(opens_at);
            }
            at = self.open_span(opens_at)?.closes_at;
        }
        None
    }
}
