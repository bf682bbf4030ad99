//! Runs one ledger again: every act at its instant, and between the acts whatever falls due under the side's rules.

use super::act::{Deed, by_desk, deed, word};
use super::{Figures, ReplayError, Side};
use crate::domain::announce::announce;
use crate::domain::ids::{InquiryId, MemberId, QueueId};
use crate::domain::inquiry::{
    Actor, Command, Entry, Event, Inquiry, Ownership, PolicyHash, Receive, adopt, decide, evolve,
    open,
};
use crate::domain::rota::Rota;
use crate::domain::sla::{Audience, Case, Item, Policy, What, due_now, next_after};
use crate::time::{SignedDuration, Timestamp, plus};
use std::borrow::Cow;
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

/// A deadline that stays due after its tick is looked at again after this, as the engine does it.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// Replays a ledger under a side, up to an instant.
///
/// # Errors
/// When it does not begin with a receipt, or names a policy that the side does not hold.
pub fn replay(ledger: &[Entry], side: &Side, until: Timestamp) -> Result<Replayed, ReplayError> {
    let (mut run, opened) = Run::open(ledger, side)?;
    for place in opened..ledger.len() {
        let (before, entry) = (&ledger[place - 1], &ledger[place]);
        if entry.at > until {
            break;
        }
        // What is due at the very instant of an act comes before it where the ledger says so.
        let is_after = before.at == entry.at && before.actor == Actor::System && by_desk(before);
        if run.is_implied(entry, ledger.get(place + 1)) {
            continue;
        }
        run.line(entry, is_after)?;
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

/// What the desk does by itself; at one instant in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Handoff,
    Tick,
    Opening,
}

impl<'a> Run<'a> {
    /// Takes the inquiry in; answers also how many lines that were.
    fn open(ledger: &[Entry], side: &'a Side) -> Result<(Self, usize), ReplayError> {
        let first = ledger.first().ok_or(ReplayError::NoReceipt)?;
        let Event::Received {
            origin,
            facts,
            queue,
            policy: recorded,
            escalated_at,
            follows,
            is_backlog,
        } = &first.event
        else {
            return Err(ReplayError::NoReceipt);
        };
        let at = first.at;
        let with_it: Vec<&Entry> = ledger[1..]
            .iter()
            .take_while(|entry| {
                entry.at == at
                    && entry.actor == first.actor
                    && match &entry.event {
                        Event::UrgencyRaised { .. } | Event::Claimed { .. } => true,
                        Event::Assigned { by_desk, .. } => *by_desk,
                        _ => false,
                    }
            })
            .collect();
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
            is_backlog: *is_backlog,
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
        run.due = next_after(&run.state, policy, at);
        Ok((run, 1 + with_it.len()))
    }

    /// Tells whether an acceptance only came with the act after it (DESIGN §5: any verb of an assignee is one): where
    /// nothing is open any more, nobody can accept by itself, and the act brings its acceptance along here too.
    fn is_implied(&self, entry: &Entry, next: Option<&Entry>) -> bool {
        matches!(entry.event, Event::Accepted { .. })
            && !self.state.is_open()
            && next.is_some_and(|next| next.at == entry.at && next.actor == entry.actor)
    }

    /// Does what one line of the ledger says, if somebody did it.
    fn line(&mut self, entry: &Entry, is_after: bool) -> Result<(), ReplayError> {
        if let Some(to) = given_to(entry) {
            self.was_given_to = Some(to.clone());
        }
        if let Event::PolicyChanged { to, .. } = &entry.event {
            self.advance(entry.at, is_after)?;
            if self.side.instead.is_none() && self.state.policy != *to {
                let from = self.side.policy(&self.state.policy)?;
                let to = (to, self.side.policy(to)?);
                let events = adopt(&self.state, from, to, &Actor::System, entry.at);
                self.commit(events, &Actor::System, entry.at)?;
            }
            self.recorded = to.clone();
        }
        if by_desk(entry) {
            return Ok(());
        }
        self.advance(entry.at, is_after)?;
        self.act(entry)?;
        if let Event::Transferred { policy, .. } = &entry.event {
            self.recorded = policy.clone();
        }
        Ok(())
    }

    fn act(&mut self, entry: &Entry) -> Result<(), ReplayError> {
        let at = entry.at;
        if let Event::Accepted { by } = &entry.event {
            self.stand_in(by);
        }
        let actor = match entry.actor.member().and_then(|by| self.stands_in.get(by)) {
            Some(member) => Actor::Member(member.clone()),
            None => entry.actor.clone(),
        };
        let Some(command) = self.command(entry)? else {
            return Ok(());
        };
        let policy = self.side.policy(&self.state.policy)?;
        let policy = with_category(policy, &command);
        match decide(&self.state, &policy, &actor, command, at) {
            Ok(events) => {
                let same = std::mem::discriminant(&entry.event);
                let place = events
                    .iter()
                    .position(|event| std::mem::discriminant(event) == same);
                if let Some(place) = place {
                    let number = self.state.seq + 1 + place as u64;
                    self.numbers.insert(entry.seq, number);
                }
                self.commit(events, &actor, at)
            }
            Err(_) => {
                self.refuse(entry);
                Ok(())
            }
        }
    }

    /// The command behind a line; `None` where there is none, or where what it is about did not happen here.
    fn command(&mut self, entry: &Entry) -> Result<Option<Command>, ReplayError> {
        let command = match (deed(entry, &self.state.facts), &entry.event) {
            (Some(Deed::Command(command)), _) => *command,
            (
                Some(Deed::Wait),
                Event::WaitStarted {
                    on,
                    chase_at,
                    asked,
                    case,
                    ..
                },
            ) => {
                let policy = self.side.policy(&self.recorded)?;
                let usual = policy
                    .working()
                    .add_working_days(entry.at, policy.chase_days);
                Command::Wait {
                    on: *on,
                    chase_at: (*chase_at != usual).then_some(*chase_at),
                    asked: asked.clone(),
                    case: case.clone(),
                }
            }
            (
                Some(Deed::Transfer),
                Event::Transferred {
                    to, policy, reason, ..
                },
            ) => Command::Transfer {
                to: to.clone(),
                policy: self.side.hash(to, policy),
                reason: reason.clone(),
            },
            (Some(Deed::ReplyFailed), Event::ReplyFailed { of, why }) => {
                let Some(of) = self.numbers.get(of) else {
                    self.refuse(entry);
                    return Ok(None);
                };
                Command::ReplyFailed {
                    of: *of,
                    why: why.clone(),
                }
            }
            (Some(Deed::Wait | Deed::Transfer | Deed::ReplyFailed) | None, _) => return Ok(None),
        };
        Ok(Some(command))
    }

    fn refuse(&mut self, entry: &Entry) {
        self.refused.push(Refused {
            act: word(&entry.event),
            seq: entry.seq,
        });
    }

    /// Whoever has the duty here accepts what the duty of the ledger accepted.
    fn stand_in(&mut self, by: &MemberId) {
        if let Ownership::Assigned {
            to,
            by: Actor::System,
            ..
        } = &self.state.ownership
            && self.was_given_to.as_ref() == Some(by)
            && to != by
        {
            self.stands_in.insert(by.clone(), to.clone());
        }
    }

    /// Lets time pass up to an instant; what is due at that very instant only if so asked.
    fn advance(&mut self, to: Timestamp, is_inclusive: bool) -> Result<(), ReplayError> {
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
            } if self.state.is_open() => {
                let since = self.handed_at.max(*since);
                let rota = self.rota_at(since);
                Some(rota.next_handoff(since))
            }
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

    fn tick(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        let policy = self.side.policy(&self.state.policy)?;
        let events =
            decide(&self.state, policy, &Actor::System, Command::Tick, at).unwrap_or_default();
        self.commit(events, &Actor::System, at)?;
        let policy = self.side.policy(&self.state.policy)?;
        let is_left = |item: &Item| item.what == What::HandToDuty;
        if due_now(&self.state, policy, at).iter().any(is_left) {
            let to = self.called(at);
            let command = Command::HandToDuty { to };
            let events =
                decide(&self.state, policy, &Actor::System, command, at).unwrap_or_default();
            self.commit(events, &Actor::System, at)?;
        }
        let policy = self.side.policy(&self.state.policy)?;
        let next = next_after(&self.state, policy, at);
        self.due = next.map(|next| if next <= at { plus(at, AGAIN) } else { next });
        Ok(())
    }

    /// What the desk gave to the old duty and nobody accepted goes to the new one (`app/turning.rs`).
    fn handoff(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        self.handed_at = at;
        let rota = self.rota_at(at);
        let overrides = self.side.overrides(rota);
        let incoming = rota.on_duty(at, overrides).shift.member;
        let just_before = plus(at, -SignedDuration::from_millis(1));
        let outgoing = rota.on_duty(just_before, overrides).shift.member;
        if incoming == outgoing || self.state.holder() != Some(&outgoing) {
            return Ok(());
        }
        self.give(incoming, at)
    }

    /// What came in while the queue was closed goes to the duty when it opens.
    fn give_out(&mut self, at: Timestamp) -> Result<(), ReplayError> {
        self.opening = None;
        let is_waiting = matches!(self.state.ownership, Ownership::Unclaimed { .. })
            && self.state.is_open()
            && !self.state.runs.is_empty();
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
        self.commit(vec![given], &Actor::System, at)
    }

    fn commit(
        &mut self,
        events: Vec<Event>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), ReplayError> {
        if events.is_empty() {
            return Ok(());
        }
        let entries = numbered(&self.state.id, self.state.seq, events, actor, at);
        let after = entries.iter().fold(self.state.clone(), |state, entry| {
            evolve(Some(state), entry)
        });
        let before = std::mem::replace(&mut self.state, after.clone());
        self.said(Some(before), &entries, &after, at)?;
        self.due = next_after(&after, self.side.policy(&after.policy)?, at);
        Ok(())
    }

    /// Counts what is said of a decision, to whom and when.
    fn said(
        &mut self,
        before: Option<Inquiry>,
        entries: &[Entry],
        after: &Inquiry,
        at: Timestamp,
    ) -> Result<(), ReplayError> {
        let policy = self.side.policy(&after.policy)?;
        let mut before = before;
        for entry in entries {
            self.figures.event(&entry.event);
            for notice in announce(before.as_ref(), entry, after, policy) {
                self.mention(&notice.audience, after, &entry.actor, at)?;
            }
            // The card that a transfer posts anew.
            if let Event::Transferred { .. } = entry.event {
                self.mention(&[Audience::Duty], after, &entry.actor, at)?;
            }
            before = Some(evolve(before, entry));
        }
        Ok(())
    }

    fn mention(
        &mut self,
        audience: &[Audience],
        after: &Inquiry,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), ReplayError> {
        if audience.is_empty() {
            return Ok(());
        }
        let region = after.facts.region.as_deref();
        let rota = self.side.rota(&after.queue, region, at);
        let people = self.side.with_staff(&after.queue, |staff| {
            staff.meant(audience, Some(after), rota, actor, at)
        });
        let hours = self.side.policy(&self.recorded)?.working();
        for member in people {
            self.figures.mention(member, at, hours);
        }
        Ok(())
    }
}

/// To whom a line says that the desk gave it.
fn given_to(entry: &Entry) -> Option<&MemberId> {
    match &entry.event {
        Event::Assigned { to, by_desk: true } => Some(to),
        _ => None,
    }
}

/// When a queue gives out what came in while it was closed: at its next opening, if it closed before.
fn given_out_at(policy: &Policy, received_at: Timestamp) -> Option<Timestamp> {
    let opens_at = policy.working().next_day_opening(received_at)?;
    let closed_at = policy.working().last_close_before(opens_at)?;
    (closed_at <= received_at).then_some(opens_at)
}

/// A category that the side's policy does not know is taken as it was: the list of words is not what is tried.
fn with_category<'p>(policy: &'p Policy, command: &Command) -> Cow<'p, Policy> {
    if let Command::Resolve(resolution) = command
        && let Some(category) = &resolution.category
        && !policy.categories.contains(category)
    {
        let mut policy = policy.clone();
        policy.categories.push(category.clone());
        return Cow::Owned(policy);
    }
    Cow::Borrowed(policy)
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
