//! Takes an inquiry in, as the side would have: by its policy, and given to its duty where its queue gives out.

use super::super::{Figures, ReplayError, Side};
use super::{Run, given_to, numbered};
use crate::domain::inquiry::{Checked, Entry, Event, Receive, There, evolve, open};
use crate::domain::sla::{Case, Policy, next_after};
use crate::time::Timestamp;
use std::collections::BTreeMap;

impl<'a> Run<'a> {
    /// Takes the inquiry in; answers also how many lines that were.
    pub(super) fn open(ledger: &[Entry], side: &'a Side) -> Result<(Self, usize), ReplayError> {
        let first = ledger.first().ok_or(ReplayError::NoReceipt)?;
        let Event::Received {
            origin,
            facts,
            queue,
            policy: recorded,
            escalated_at,
            follows,
            link,
            is_backlog,
            routed,
        } = &first.event
        else {
            return Err(ReplayError::NoReceipt);
        };
        let at = first.at;
        let with_it = with_receipt(ledger, first, *is_backlog);
        let owner = with_it.iter().find_map(|entry| match &entry.event {
            Event::Claimed { by } => Some(by.clone()),
            _ => None,
        });
        let was_given_to = with_it.iter().find_map(|entry| given_to(entry).cloned());
        let hash = side.hash(queue, recorded);
        let policy = side.policy(&hash)?;
        let gives_out = side.desk(queue).gives_out;
        let case = Case::of_facts(facts);
        let is_awake = policy.is_awake(case, at) || policy.wakes_from(case, at) == Some(at);
        let receive = Receive {
            id: first.inquiry.clone(),
            origin: origin.clone(),
            facts: facts.clone(),
            queue: queue.clone(),
            policy: hash,
            escalated_at: *escalated_at,
            assign_to: (gives_out && is_awake)
                .then(|| side.called(queue, facts.region.as_deref(), at)),
            owner,
            follows: follows.clone(),
            link: *link,
            is_backlog: *is_backlog,
            there: with_it.iter().fold(There::Open, found),
            contract: with_it.iter().find_map(checked),
            routed: routed.as_deref().cloned(),
        };
        let events = open(receive, policy, &first.actor, at).unwrap_or_default();
        let entries = numbered(&first.inquiry, 0, events, &first.actor, at);
        let state = entries
            .iter()
            .fold(None, |state, entry| Some(evolve(state, entry)));
        let mut run = Run {
            side,
            state: state.ok_or(ReplayError::NoReceipt)?,
            figures: Figures::default(),
            refused: Vec::new(),
            due: None,
            opening: gives_out.then(|| given_out_at(policy, at)).flatten(),
            handed_at: at,
            recorded: recorded.clone(),
            numbers: BTreeMap::new(),
            was_given_to,
            stands_in: BTreeMap::new(),
        };
        let after = run.state.clone();
        run.said(None, &entries, &after, at)?;
        run.due = next_after(&run.state, policy, at).map(|due| due.max(at));
        Ok((run, 1 + with_it.len()))
    }
}

fn found(there: There, entry: &Entry) -> There {
    match &entry.event {
        Event::FoundThere { there, .. } => *there,
        _ => there,
    }
}

/// What the register said at the receipt: the past is not asked again.
fn checked(entry: &Entry) -> Option<Checked> {
    match &entry.event {
        Event::ContractChecked {
            finding,
            is_required,
            ..
        } => Some(Checked {
            finding: finding.clone(),
            is_required: *is_required,
        }),
        _ => None,
    }
}

/// The lines that a receipt brought: that it had ended, or what the register said, that it is urgent, and whose it is. Whatever else its source said at that instant
/// is an act of its own.
fn with_receipt<'l>(ledger: &'l [Entry], first: &Entry, is_backlog: bool) -> &'l [Entry] {
    let event = |place: usize| {
        let entry = ledger.get(place).filter(|_| !is_backlog)?;
        (entry.at == first.at && entry.actor == first.actor).then_some(&entry.event)
    };
    let mut end = 1;
    if let Some(Event::FoundThere { .. }) = event(end) {
        end += 1;
        if let Some(Event::Closed { .. }) = event(end) {
            end += 1;
        }
        return &ledger[1..end];
    }
    if matches!(event(end), Some(Event::ContractChecked { .. })) {
        end += 1;
    }
    if matches!(event(end), Some(Event::UrgencyRaised { .. })) {
        end += 1;
    }
    if let Some(Event::Claimed { .. } | Event::Assigned { by_desk: true, .. }) = event(end) {
        end += 1;
    }
    &ledger[1..end]
}

/// When a queue gives out what came in while it was closed: at its next opening, if it closed before.
fn given_out_at(policy: &Policy, received_at: Timestamp) -> Option<Timestamp> {
    let opens_at = policy.working().next_day_opening(received_at)?;
    let closed_at = policy.working().last_close_before(opens_at)?;
    (closed_at <= received_at).then_some(opens_at)
}
