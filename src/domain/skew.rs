//! How far another system's clock is from ours, and when people should hear of it.
//!
//! Promises: what the network's time could explain is no skew; a clock that swings around the limit is told of once. Leaves
//! out mending anything: a stamp of the future counts as received now, wherever stamps are used.

use crate::time::{SignedDuration, Timestamp};

/// From here on people are told: stamps of such a clock no longer tell what came first.
pub const TOLD_FROM: SignedDuration = SignedDuration::from_mins(2);

/// Below this it is well again.
const WELL_BELOW: SignedDuration = SignedDuration::from_mins(1);

/// Less than this is none: servers write a date once and use it for seconds.
const GRAIN: SignedDuration = SignedDuration::from_secs(5);

/// How far a clock that wrote `date` (in whole seconds) is ahead of ours, if it wrote it between `asked` and `answered`;
/// negative when it is behind, nothing where both can be right.
#[must_use]
pub fn measured(date: Timestamp, asked: Timestamp, answered: Timestamp) -> SignedDuration {
    let ends = crate::time::plus(date, SignedDuration::from_secs(1));
    let skew = if date > answered {
        date.duration_since(answered)
    } else if ends < asked {
        ends.duration_since(asked)
    } else {
        SignedDuration::ZERO
    };
    match skew.abs() < GRAIN {
        true => SignedDuration::ZERO,
        false => skew,
    }
}

/// Since when a clock is too far off, after it was found so far off now; it was so `before`.
#[must_use]
pub fn off_since(
    before: Option<Timestamp>,
    skew: SignedDuration,
    now: Timestamp,
) -> Option<Timestamp> {
    let far = skew.abs();
    match before {
        Some(since) if far >= WELL_BELOW => Some(since),
        None if far > TOLD_FROM => Some(now),
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests;
