//! The answers that the requester has been given, as far as they stand: whichever dies, the others have answered still.
//!
//! Promises: told by the ledger alone. Documents that builds of before it was kept have written know only those that have
//! been given since, and what their ended promises say; such a document is no other than what is folded.

use super::clocks::{Clock, EndedRun, Ending};
use super::{Entry, Event, Inquiry};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An answer that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The ledger number of the event that it was.
    pub seq: u64,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
    /// It was given at the source, by somebody who saw what had been said there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_there: bool,
}

/// A promise that an answer had kept which is dead, and that another answer has kept which stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    pub clock: Clock,
    pub run: u64,
    /// The ledger number of the answer that stands.
    pub by: u64,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
    /// When it broke before that, unless it had before the dead one.
    #[serde(
        default,
        with = "crate::time::serde_ms::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub missed_at: Option<Timestamp>,
}

impl Inquiry {
    /// The answers that stand, in the order in which they were recorded.
    pub(super) fn standing_answers(&self) -> Vec<Given> {
        let mut given = self.answers.clone();
        // What was given before answers were kept: a response that was met was met by one.
        for ended in &self.ended {
            let is_met = ended.run.clock.is_response() && ended.how == Ending::Met;
            if is_met && given.iter().all(|answer| answer.seq != ended.ended_by) {
                given.push(Given {
                    seq: ended.ended_by,
                    at: ended.ended_at,
                    is_there: false,
                });
            }
        }
        given.sort_by_key(|answer| answer.seq);
        given
    }

    /// Whether words were said before an answer that was given where they stand: whoever gave it has read them.
    pub(super) fn was_answered_there(&self, said_at: Timestamp) -> bool {
        let mut there = self.answers.iter().filter(|answer| answer.is_there);
        there.any(|answer| answer.at > said_at)
    }
}

/// Notes what an event says of answers.
pub(super) fn note(inquiry: &mut Inquiry, entry: &Entry) {
    let (at, is_there) = match &entry.event {
        Event::Replied { .. } | Event::Resolved { .. } => (entry.at, false),
        Event::Bounced { is_elsewhere, .. } => (entry.at, *is_elsewhere),
        Event::RepliedElsewhere { at, was_sent, .. } => (*at, !*was_sent),
        Event::ReplyFailed { of, .. } | Event::ReplyRetracted { of, .. } => {
            inquiry.answers.retain(|answer| answer.seq != *of);
            return;
        }
        _ => return,
    };
    inquiry.answers.push(Given {
        seq: entry.seq,
        at,
        is_there,
    });
}

/// An ended response was answered by another event than the one that had ended it.
pub(super) fn answered_by(ended: &mut EndedRun, by: u64, at: Timestamp) {
    ended.ended_by = by;
    ended.ended_at = at;
    ended.how = match ended.run.missed_at {
        Some(missed_at) if at > missed_at => Ending::Missed,
        Some(_) | None => Ending::Met,
    };
}
