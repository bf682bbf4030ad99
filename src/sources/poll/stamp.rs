//! Instants as systems write them into a cursor, and the same instants moved, written the same way.
//!
//! Promises: what is written anew is read by whoever wrote it: the offset, the precision and the signs between stay. An
//! instant that nobody can have reached yet does not become the place to go on from. Leaves out stamps without an offset:
//! whose clock they show is not known here, so they are judged only where they are ahead of every clock.

use crate::time::{DateTime, SignedDuration, Timestamp, plus};

/// So far ahead a stamp is of the future; less is a clock that is a little off.
const MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// How far behind the present it is gone on from instead: longer than one poll takes, for what came while it asked.
const REACH: SignedDuration = SignedDuration::from_mins(5);

/// The clock that is furthest ahead of UTC.
const FURTHEST: SignedDuration = SignedDuration::from_hours(14);

/// What a cursor is beside the present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It stays as it is.
    Fits,
    /// It is of the future; this is where to go on from instead.
    Ahead(String),
    /// It is of the future and cannot be written anew.
    Stuck,
}

/// Now, by two clocks that may differ: the one over there, which writes the stamps, and ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Present {
    there: Timestamp,
    here: Timestamp,
}

impl Present {
    /// `there` is none where the answer does not say.
    pub fn new(there: Option<Timestamp>, here: Timestamp) -> Present {
        Present {
            there: there.unwrap_or(here),
            here,
        }
    }

    /// Only what no clock has reached is of the future.
    fn ends(self) -> Timestamp {
        plus(self.there.max(self.here), MARGIN)
    }

    /// What was filed before this has been asked for, whichever clock is right.
    fn reached(self) -> Timestamp {
        plus(self.there.min(self.here), -REACH)
    }
}

/// Judges the cursor that a round of pages ended with.
///
/// `before` is the cursor until then. One that was of the future already, kept by a desk that did not judge, hid what came
/// after it: `last_item_at`, when something last came, is then as far back as the next question reaches.
pub(super) fn judge(
    cursor: &str,
    before: Option<&str>,
    last_item_at: Option<Timestamp>,
    present: Present,
    is_instant: bool,
) -> Standing {
    let is_ahead = |at: Timestamp| at > present.ends();
    let lead = lead(cursor);
    let Some(at) = read(lead, is_instant) else {
        let latest = plus(present.ends(), FURTHEST);
        return match lead.parse::<DateTime>() {
            // Eight digits may be a day, and the number of an item.
            Ok(local) if lead.parse::<i64>().is_err() && local > zoneless(latest) => {
                Standing::Stuck
            }
            Ok(_) | Err(_) => Standing::Fits,
        };
    };
    if !is_ahead(at) {
        return Standing::Fits;
    }
    let reach = present.reached();
    let back = match before.and_then(|before| read(self::lead(before), is_instant)) {
        Some(known) if is_ahead(known) => {
            last_item_at.map_or(reach, |came| reach.min(plus(came, -REACH)))
        }
        Some(known) => reach.max(known),
        None => reach,
    };
    // What stands behind it, such as a page, belongs to that instant and to no other.
    match written(lead, at, back).filter(|_| lead == cursor) {
        Some(earlier) => Standing::Ahead(earlier),
        None => Standing::Stuck,
    }
}

/// An instant as it is written, so much earlier, written the same way: RFC 3339, or whole seconds or milliseconds since
/// 1970.
pub(super) fn back(cursor: &str, overlap: SignedDuration) -> Option<String> {
    let at = read(cursor, true)?;
    let earlier = at.checked_sub(overlap).ok()?;
    // A bare plus is a space to whoever reads it in an address.
    let same = written(cursor, at, earlier).filter(|text| !text.contains('+'));
    same.or_else(|| Some(earlier.to_string()))
}

/// What of a cursor may be an instant: presets put a page behind it.
fn lead(cursor: &str) -> &str {
    cursor.split_once('~').map_or(cursor, |(lead, _)| lead)
}

/// A number is an instant only where it is known to be one: it may as well be the number of an item.
fn read(text: &str, is_instant: bool) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let since_1970: i64 = text.parse().ok().filter(|_| is_instant)?;
    match text.len() {
        10 => Timestamp::from_second(since_1970).ok(),
        13 => Timestamp::from_millisecond(since_1970).ok(),
        _ => None,
    }
}

/// Writes an instant as another one, `of`, is written in `text`; what is finer than that is cut off.
fn written(text: &str, of: Timestamp, at: Timestamp) -> Option<String> {
    if text.parse::<i64>().is_ok() {
        return match text.len() {
            10 => Some(at.as_second().to_string()),
            13 => Some(at.as_millisecond().to_string()),
            _ => None,
        };
    }
    let time = text.find(['T', 't', ' ', '_'])?;
    let offset = time + text[time..].find(['Z', 'z', '+', '-'])?;
    let (face, offset) = text.split_at(offset);
    let utc: Timestamp = format!("{face}Z").parse().ok()?;
    let shown = at.checked_add(utc.duration_since(of)).ok()?;
    let digits = format!("{shown:.9}");
    let mut digits = digits.chars().filter(char::is_ascii_digit);
    let face = face.chars().map(|sign| match sign.is_ascii_digit() {
        true => digits.next(),
        false => Some(sign),
    });
    let anew = format!("{}{offset}", face.collect::<Option<String>>()?);
    let read: Timestamp = anew.parse().ok()?;
    let is_same = read <= at && at.duration_since(read) < SignedDuration::from_mins(1);
    is_same.then_some(anew)
}

/// What a clock in UTC shows.
fn zoneless(at: Timestamp) -> DateTime {
    crate::time::TimeZone::UTC.to_datetime(at)
}

#[cfg(test)]
mod tests;
