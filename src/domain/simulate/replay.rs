//! Runs one ledger again: every act at its instant, and between the acts whatever falls due under the side's rules.
//!
//! How a receipt is taken in is in `receipt.rs`, what becomes of an act in `acts.rs`, what the desk does by itself in
//! `passing.rs`, and what is counted of all that in `told.rs`.

mod acts;
mod passing;
mod receipt;
mod told;

use super::act::by_desk;
use super::{Figures, ReplayError, Side};
use crate::domain::ids::{InquiryId, MemberId, QueueId};
use crate::domain::inquiry::{Actor, Entry, Event, Inquiry, PolicyHash, evolve};
use crate::domain::sla::next_after;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What became of an inquiry.
#[derive(Clone, Debug)]
pub struct Replayed {
    pub inquiry: Inquiry,
    pub figures: Figures,
    pub refused: Vec<Refused>,
}

/// An act that the rules of the side refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The kind of its event.
    pub act: &'static str,
    /// Its number in the ledger.
    pub seq: u64,
}

/// Replays a ledger under a side, up to an instant.
///
/// # Errors
/// When it does not begin with a receipt, or names a policy that the side does not hold.
pub fn replay(ledger: &[Entry], side: &Side, until: Timestamp) -> Result<Replayed, ReplayError> {
    let (mut run, opened) = Run::open(ledger, side)?;
    let mut place = opened;
    while let Some(entry) = ledger.get(place).filter(|entry| entry.at <= until) {
        let before = &ledger[place - 1];
        // What is due at the very instant of an act comes before it where the ledger says so.
        let is_after = before.at == entry.at && before.actor == Actor::System && by_desk(before);
        place += run.line(&ledger[place..], is_after)?;
    }
    run.advance(until, true)?;
    let policy = side.policy(&run.state.policy)?;
    run.figures.promises(&run.state, policy, until);
    Ok(Replayed {
        inquiry: run.state,
        figures: run.figures,
        refused: run.refused,
    })
}

struct Run<'a> {
    side: &'a Side,
    state: Inquiry,
    figures: Figures,
    refused: Vec<Refused>,
    /// When the inquiry is due next.
    due: Option<Timestamp>,
    /// When the desk would give it out, if it still lies there.
    opening: Option<Timestamp>,
    /// The last handoff that was looked at.
    handed_at: Timestamp,
    /// The policy that the ledger names at this point: by its hours it is night, whatever the side's policy says.
    recorded: PolicyHash,
    /// The numbers that acts of the ledger have here.
    numbers: BTreeMap<u64, u64>,
    /// Whom the desk of the ledger had given it to.
    was_given_to: Option<MemberId>,
    /// Who does here what another did as the duty.
    stands_in: BTreeMap<MemberId, MemberId>,
}

impl Run<'_> {
    /// Does what was decided: folds it, counts it and looks when something is due next.
    fn commit(&mut self, entries: &[Entry], at: Timestamp) -> Result<(), ReplayError> {
        if entries.is_empty() {
            return Ok(());
        }
        let after = entries.iter().fold(self.state.clone(), |state, entry| {
            evolve(Some(state), entry)
        });
        let before = std::mem::replace(&mut self.state, after.clone());
        self.said(Some(before), entries, &after, at)?;
        // What was due before anybody knew of it is due now.
        let due = next_after(&after, self.side.policy(&after.policy)?, at);
        self.due = due.map(|due| due.max(at));
        Ok(())
    }

    /// The lines that events would be, next in the ledger of this side.
    fn lines(&self, events: Vec<Event>, actor: &Actor, at: Timestamp) -> Vec<Entry> {
        numbered(&self.state.id, self.state.seq, events, actor, at)
    }
}

/// To whom a line says that the desk gave it.
fn given_to(entry: &Entry) -> Option<&MemberId> {
    match &entry.event {
        Event::Assigned { to, by_desk: true } => Some(to),
        _ => None,
    }
}

fn numbered(
    inquiry: &InquiryId,
    before: u64,
    events: Vec<Event>,
    actor: &Actor,
    at: Timestamp,
) -> Vec<Entry> {
    (before + 1..)
        .zip(events)
        .map(|(seq, event)| Entry {
            inquiry: inquiry.clone(),
            seq,
            at,
            actor: actor.clone(),
            via: String::new(),
            event,
        })
        .collect()
}

/// The queue that an inquiry was received in.
pub fn received_in(ledger: &[Entry]) -> Option<&QueueId> {
    match &ledger.first()?.event {
        Event::Received { queue, .. } => Some(queue),
        _ => None,
    }
}
