//! What the desk does by itself while time passes: ticks, handoffs, and what it gives out when a queue opens.

use super::super::ReplayError;
use super::Run;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Command, Event, Ownership, decide};
use crate::domain::rota::Rota;
use crate::domain::sla::{Item, What, due_now, next_after};
use crate::time::{SignedDuration, Timestamp, plus};

/// A deadline that stays due after its tick is looked at again after this, as the engine does it.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// What the desk does by itself; at one instant in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Handoff,
    Tick,
    Opening,
}

impl<'a> Run<'a> {
    /// Lets time pass up to an instant; what is due at that very instant only if so asked.
    pub(super) fn advance(&mut self, to: Timestamp, is_inclusive: bool) -> Result<(), ReplayError> {
        while let Some((at, moment)) = self.next() {
            if at > to || (at == to && !is_inclusive) {
                break;
            }
            match moment {
                Moment::Handoff => self.handoff(at)?,
                Moment::Tick => self.tick(at)?,
                Moment::Opening => self.give_out(at)?,
            }
        }
        Ok(())
    }

    fn next(&self) -> Option<(Timestamp, Moment)> {
        let handoff = match &self.state.ownership {
            Ownership::Assigned {
                by: Actor::System,
                since,
                ..
            } if self.state.is_open() => Some(self.turns_after(self.handed_at.max(*since))),
            Ownership::Assigned { .. } | Ownership::Unclaimed { .. } | Ownership::Owned { .. } => {
                None
            }
        };
        [
            handoff.map(|at| (at, Moment::Handoff)),
            self.due.map(|at| (at, Moment::Tick)),
            self.opening.map(|at| (at, Moment::Opening)),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the duty turns next: at the handoff of the rota that has it, or from rota to rota.
    fn turns_after(&self, since: Timestamp) -> Timestamp {
        let handoff = self.rota_at(since).next_handoff(since);
        let coverage = &self.side.desk(&self.state.queue).coverage;
        coverage
            .next_turnover(since)
            .map_or(handoff, |turnover| turnover.min(handoff))
    }

    fn tick(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        self.passes(Command::Tick, at)?;
        let policy = self.side.policy(&self.state.policy)?;
        let is_left = |item: &Item| item.what == What::HandToDuty;
        if due_now(&self.state, policy, at).iter().any(is_left) {
            let to = self.called(at);
            self.passes(Command::HandToDuty { to }, at)?;
            self.passes(Command::Tick, at)?;
        }
        let policy = self.side.policy(&self.state.policy)?;
        let next = next_after(&self.state, policy, at);
        self.due = next.map(|next| if next <= at { plus(at, AGAIN) } else { next });
        Ok(())
    }

    fn passes(&mut self, command: Command, at: Timestamp) -> Result<(), ReplayError> {
        let policy = self.side.policy(&self.state.policy)?;
        let events = decide(&self.state, policy, &Actor::System, command, at).unwrap_or_default();
        self.commit(&self.lines(events, &Actor::System, at), at)
    }

    /// What the desk gave to the old duty and nobody accepted goes to the new one (`app/turning.rs`).
    fn handoff(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        self.handed_at = at;
        let just_before = plus(at, -SignedDuration::from_millis(1));
        let (old, new) = (self.rota_at(just_before), self.rota_at(at));
        let duty = |rota: &Rota, at| rota.on_duty(at, self.side.overrides(rota)).shift.member;
        let (outgoing, incoming) = (duty(old, just_before), duty(new, at));
        let is_theirs = self.state.holder() == Some(&outgoing);
        if incoming == outgoing || !is_theirs || !self.follows(old, new, at) {
            return Ok(());
        }
        self.give(incoming, at)
    }

    /// Whether it goes along from rota to rota: to one that had no duty before, unless it lies below that one's floor.
    fn follows(&self, old: &Rota, new: &Rota, at: Timestamp) -> bool {
        if old.name() == new.name() {
            return true;
        }
        let coverage = &self.side.desk(&self.state.queue).coverage;
        let region = self.state.facts.region.as_deref();
        let just_before = plus(at, -SignedDuration::from_millis(1));
        let rule = &coverage.line_for(region, at).rule;
        !coverage.has_duty(new.name(), just_before) && !rule.is_below(self.state.severity)
    }

    /// What came in while the queue was closed goes to the duty when it opens.
    fn give_out(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        self.opening = None;
        let is_waiting = matches!(self.state.ownership, Ownership::Unclaimed { .. })
            && self.state.is_open()
            && self.state.is_awaited();
        if !is_waiting || !self.side.desk(&self.state.queue).gives_out {
            return Ok(());
        }
        let duty = self.called(at);
        self.give(duty, at)
    }

    fn rota_at(&self, at: Timestamp) -> &'a Rota {
        let region = self.state.facts.region.as_deref();
        self.side.rota(&self.state.queue, region, at)
    }

    fn called(&self, at: Timestamp) -> MemberId {
        let region = self.state.facts.region.as_deref();
        self.side.called(&self.state.queue, region, at)
    }

    fn give(&mut self, to: MemberId, at: Timestamp) -> Result<(), ReplayError> {
        let given = Event::Assigned { to, by_desk: true };
        self.commit(&self.lines(vec![given], &Actor::System, at), at)
    }
}
