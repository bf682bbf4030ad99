//! Instants, zones and civil time: our one door to jiff, and the cron adapter.
//!
//! Promises: every local time has exactly one instant, by the policy that toban declares (a time inside a
//! gap is the first instant after the gap, a repeated time is its first occurrence). Leaves out: any
//! clock. `now` is always an argument.

pub mod cron;
pub mod holidays;
pub mod serde_ms;
mod span;

pub use jiff::civil::{self, Date, DateTime, Time, Weekday};
pub use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
pub use span::{SpanError, parse_open_span, parse_span, serde_span, show_span};

use jiff::tz::AmbiguousOffset;

/// Says that a zone name is not in the time zone database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {name:?}: use a name of the IANA database such as \"Asia/Tokyo\"")]
pub struct UnknownZone {
    /// The name as it was written.
    pub name: String,
}

/// Returns the instant as milliseconds since the epoch, as SQL keeps it.
pub fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Returns the instant of milliseconds since the epoch; outside the years -9999 to 9999 it is the end of that range.
pub fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Returns `at + amount`; beyond the years -9999 to 9999 it is the end of that range.
pub fn plus(at: Timestamp, amount: SignedDuration) -> Timestamp {
    at.checked_add(amount).unwrap_or(if amount.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Finds a zone of the IANA database by name.
pub fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
    TimeZone::get(name).map_err(|_| UnknownZone {
        name: name.to_owned(),
    })
}

/// Returns the instant that a local time means: the first one after a gap, the first of two in an overlap.
pub fn resolve(local: DateTime, zone: &TimeZone) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let offset = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { before, .. } => before,
        AmbiguousOffset::Gap { before, after } => {
            // With the later offset the local time lies before the jump, with the earlier one at or after it.
            let Ok(low) = after.to_timestamp(local) else {
                return edge(local);
            };
            return zone
                .following(low)
                .find(|t| t.offset() == after)
                .map(|t| t.timestamp())
                .or_else(|| before.to_timestamp(local).ok())
                .unwrap_or_else(|| edge(local));
        }
    };
    offset.to_timestamp(local).unwrap_or_else(|_| edge(local))
}

/// Returns the end of the range of instants on whose side the local time lies.
fn edge(local: DateTime) -> Timestamp {
    if local.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    }
}

#[cfg(test)]
mod tests;
