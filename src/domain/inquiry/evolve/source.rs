//! What it does to an inquiry that its source says something new: of its facts, or of how its item stands there.

use super::super::{Clock, Ending, Entry, Facts, Found, Inquiry, Revision, There};
use super::runs::{end, requester_spoke, start};

pub(super) fn updated(
    inquiry: &mut Inquiry,
    entry: &Entry,
    revision: &Option<Revision>,
    facts: &Facts,
) {
    if revision.is_some() {
        inquiry.origin.revision = revision.clone();
    }
    let needed_by_before = inquiry.facts.needed_by;
    inquiry.facts = facts.clone();
    if !inquiry.has_own_severity() {
        inquiry.severity = facts.severity;
    }
    // What the source itself now says needs no agreement any more.
    if inquiry
        .proposal
        .as_ref()
        .is_some_and(|proposal| proposal.to == inquiry.severity)
    {
        inquiry.proposal = None;
    }
    if facts.needed_by != needed_by_before {
        match facts.needed_by {
            None => end(
                inquiry,
                Clock::NeededBy,
                entry.seq,
                entry.at,
                Ending::Cancelled,
            ),
            Some(_) if inquiry.is_open() && inquiry.run(Clock::NeededBy).is_none() => {
                start(inquiry, Clock::NeededBy, entry.seq, entry.at);
            }
            Some(_) => {}
        }
    }
}

/// An item that is open again after we ended it is a word of the requester: somebody answers it.
pub(super) fn found_there(inquiry: &mut Inquiry, (there, is_late): (There, bool), entry: &Entry) {
    let is_ended_here = !inquiry.is_open() && !inquiry.is_ended_there();
    if there == There::Open && is_ended_here && !is_late {
        requester_spoke(inquiry, entry.seq, entry.at, entry.at);
    }
    inquiry.found = Some(Found {
        there,
        at: entry.at,
    });
}
