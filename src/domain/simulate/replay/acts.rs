//! What becomes of an act: the same command again, by whoever does it here.
//!
//! Lines that one act brought are one act here too: what comes between them in a decision (urgency that an end makes
//! void, say) would otherwise be said. Lines of two acts that nothing came between are the same either way.

use super::super::ReplayError;
use super::super::act::{Deed, Line, by_desk, read, together};
use super::{Refused, Run, given_to};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{
    Actor, Command, Entry, Event, Moving, Ownership, WaitingOn, adopt, decide,
};
use crate::domain::sla::Policy;
use crate::time::Timestamp;
use std::borrow::Cow;
use std::mem::discriminant;

/// The most lines of one act: a delivery of the source says what is new, how it stands there, and what became of it.
const MOST_OF_AN_ACT: usize = 3;

impl Run<'_> {
    /// Does what the first of some lines of the ledger says, if somebody did it; tells for how many lines that stands.
    pub(super) fn line(&mut self, lines: &[Entry], is_after: bool) -> Result<usize, ReplayError> {
        let Some(entry) = lines.first() else {
            return Ok(1);
        };
        if let Some(to) = given_to(entry) {
            self.was_given_to = Some(to.clone());
        }
        if let Event::PolicyChanged { to, .. } = &entry.event {
            self.advance(entry.at, is_after)?;
            if self.side.instead.is_none() && self.state.policy != *to {
                let from = self.side.policy(&self.state.policy)?;
                let to = (to, self.side.policy(to)?);
                let events = adopt(&self.state, from, to, &Actor::System, entry.at);
                self.commit(&self.lines(events, &Actor::System, entry.at), entry.at)?;
            }
            self.recorded = to.clone();
        }
        let Line::Act(deed) = read(entry) else {
            return Ok(1);
        };
        self.advance(entry.at, is_after)?;
        if let Event::Accepted { by } = &entry.event {
            self.stand_in(by);
        }
        let is_together = |line: &&Entry| line.at == entry.at && line.actor == entry.actor;
        let most = lines.iter().take(MOST_OF_AN_ACT).take_while(is_together);
        for most in (2..=most.count()).rev() {
            if self.whole(&lines[..most])? {
                return Ok(most);
            }
        }
        let next = lines.get(1).filter(is_together);
        // Where nothing is open nobody can accept by itself: it came with the act after it (DESIGN §5), or cannot be.
        let is_implied = matches!(entry.event, Event::Accepted { .. }) && next.is_some();
        if !is_implied || self.state.is_open() {
            self.act(entry, deed)?;
        }
        if let Event::Transferred { policy, .. } = &entry.event {
            self.recorded = policy.clone();
        }
        Ok(1)
    }

    /// Does what one act had brought as several lines, if it brings such lines here.
    fn whole(&mut self, lines: &[Entry]) -> Result<bool, ReplayError> {
        let Some(first) = lines.first() else {
            return Ok(false);
        };
        for deed in together(lines) {
            let actor = self.actor(first);
            let Some(command) = self.command(deed, &actor, first.at)? else {
                continue;
            };
            let Some(entries) = self.decided(&command, &actor, first.at)? else {
                continue;
            };
            let acts = entries.iter().filter(|entry| !by_desk(entry));
            let acts: Vec<&Entry> = acts.collect();
            let are_same = |(one, line): (&&Entry, &Entry)| is_same(one, line);
            if acts.len() == lines.len() && acts.iter().zip(lines).all(are_same) {
                let numbers = acts.iter().zip(lines);
                let numbers = numbers.map(|(one, line)| (line.seq, one.seq));
                self.numbers.extend(numbers);
                self.commit(&entries, first.at)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn act(&mut self, entry: &Entry, deed: Deed) -> Result<(), ReplayError> {
        let actor = self.actor(entry);
        let decided = match self.command(deed, &actor, entry.at)? {
            Some(command) => self.decided(&command, &actor, entry.at)?,
            None => None,
        };
        match decided {
            Some(entries) => {
                if let Some(same) = entries.iter().find(|other| is_same(other, entry)) {
                    self.numbers.insert(entry.seq, same.seq);
                }
                self.commit(&entries, entry.at)
            }
            None => {
                self.refuse(entry, &actor);
                Ok(())
            }
        }
    }

    /// Whoever does here what the actor of a line did.
    fn actor(&self, entry: &Entry) -> Actor {
        match entry.actor.member().and_then(|by| self.stands_in.get(by)) {
            Some(member) => Actor::Member(member.clone()),
            None => entry.actor.clone(),
        }
    }

    /// The lines that a command brings here; `None` where it is refused.
    fn decided(
        &self,
        command: &Command,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Option<Vec<Entry>>, ReplayError> {
        let policy = self.side.policy(&self.state.policy)?;
        let policy = with_category(policy, command);
        let events = decide(&self.state, &policy, actor, command.clone(), at);
        Ok(events.ok().map(|events| self.lines(events, actor, at)))
    }

    /// The command behind an act; `None` where what it is about did not happen here.
    fn command(
        &self,
        deed: Deed,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Option<Command>, ReplayError> {
        Ok(Some(match deed {
            Deed::Command(command) => *command,
            Deed::Update {
                revision,
                facts,
                body,
                there,
                owner,
            } => Command::Update {
                revision,
                facts: facts.unwrap_or_else(|| Box::new(self.state.facts.clone())),
                body,
                there,
                owner,
            },
            Deed::Wait {
                on,
                chase_at,
                asked,
                case,
            } => Command::Wait {
                on,
                chase_at: (self.usual_chase(on, actor, at)? != Some(chase_at)).then_some(chase_at),
                asked,
                case,
            },
            Deed::Transfer { to, policy, reason } => {
                let policy = self.side.hash(&to, &policy);
                Command::Transfer {
                    rules: self.side.policies.get(&policy).cloned(),
                    policy,
                    to,
                    reason,
                    moving: Moving::default(),
                }
            }
            Deed::ReplyFailed { of, why } => match self.numbers.get(&of) {
                Some(of) => Command::ReplyFailed { of: *of, why },
                None => return Ok(None),
            },
        }))
    }

    /// When a wait would be chased by the policy that the ledger names, if nobody gives a date.
    fn usual_chase(
        &self,
        on: WaitingOn,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, ReplayError> {
        let policy = self.side.policy(&self.recorded)?;
        let wait = Command::Wait {
            on,
            chase_at: None,
            asked: None,
            case: None,
        };
        let events = decide(&self.state, policy, actor, wait, at).unwrap_or_default();
        Ok(events.iter().find_map(|event| match event {
            Event::WaitStarted { chase_at, .. } => Some(*chase_at),
            _ => None,
        }))
    }

    /// Counts what cannot be; what holds already needs nothing.
    fn refuse(&mut self, entry: &Entry, actor: &Actor) {
        let takes = matches!(entry.event, Event::Claimed { .. } | Event::Accepted { .. });
        let has = match &self.state.ownership {
            Ownership::Owned { by, .. } => Some(by),
            Ownership::Assigned { .. } | Ownership::Unclaimed { .. } => None,
        };
        if takes && self.state.is_open() && has.is_some() && has == actor.member() {
            return;
        }
        self.refused.push(Refused {
            act: entry.event.kind(),
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
}

fn is_same(one: &Entry, other: &Entry) -> bool {
    discriminant(&one.event) == discriminant(&other.event)
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
