//! The simulator's way through the ledger: page after page, each inquiry replayed as it was and as it would be.
//!
//! Promises: it only reads, beside a running desk too, and holds one ledger at a time. A ledger that cannot be read is
//! named and left out. What is replayed and how is in [`crate::domain::simulate`].

use super::desk::App;
use super::duty_book::Kept;
use super::ports::{ListFilter, Reference, StoreError};
use super::setup::{Assignment, Queue, Setup};
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Entry, Event, PolicyHash, refold};
use crate::domain::rota::book::{DutyEvent, Span, overrides};
use crate::domain::rota::{Coverage, Rota};
use crate::domain::simulate::{
    Desk, Figures, Laying, Mismatch, NotLaid, Relaid, Side, Turns, received_in, recorded, relay,
    replay, turns,
};
use crate::domain::sla::Policy;
use crate::time::{Date, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What is tried on which inquiries.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Received in `[from, until)`.
    pub from: Timestamp,
    pub until: Timestamp,
    /// The same as dates of the desk, `[first, end)`, for turns.
    pub dates: (Date, Date),
    /// Until when the inquiries are followed.
    pub now: Timestamp,
    /// Only what was received in this queue.
    pub queue: Option<QueueId>,
    /// The policy that each queue has instead.
    pub policies: Option<BTreeMap<QueueId, (PolicyHash, Arc<Policy>)>>,
    /// The roster that there is instead.
    pub roster: Option<Roster>,
}

/// A roster that is tried.
#[derive(Clone, Debug)]
pub struct Roster {
    pub rotas: BTreeMap<String, Rota>,
    /// Which rotas have the duty of each queue.
    pub of_queue: BTreeMap<QueueId, Coverage>,
    pub members: BTreeSet<MemberId>,
}

/// Both columns, and how far the first can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    pub inquiries: u64,
    pub as_it_was: Column,
    pub as_it_would_be: Column,
    /// What the ledger itself says: promises by clock, and reminders.
    pub recorded: Figures,
    /// Where the replay of the past says otherwise.
    pub mismatches: Vec<Mismatch>,
    /// The inquiries of which it does.
    pub mismatched: Vec<Reference>,
    /// Acts that the tried rules refuse, by kind, with the inquiry of each.
    pub refused: BTreeMap<String, Vec<Reference>>,
    /// Overrides, swaps and covers of the past that have no place in the tried roster.
    pub not_laid: Vec<NotLaid>,
    /// Ledgers that could not be replayed, and why.
    pub left_out: Vec<LeftOut>,
}

/// The figures of one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Column {
    #[serde(flatten)]
    pub figures: Figures,
    pub turns: BTreeMap<MemberId, Turns>,
}

/// An inquiry that is in no figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub inquiry: Reference,
    pub why: String,
}

/// How many ids are read at once.
const PAGE: u32 = 500;

impl App {
    /// Replays what was received in a window, as it was and as it would be; tells how many of how many are done.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn simulate(
        &self,
        trial: &Trial,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Comparison, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let mut told = Comparison::default();
        let relaid = match &trial.roster {
            Some(roster) => Some(self.relaid(trial, roster).await?),
            None => None,
        };
        if let Some(relaid) = &relaid {
            // Only what lay over the days that are looked at.
            let looked_at = Span {
                starts_at: trial.from,
                ends_at: trial.now.max(trial.until),
            };
            let concerns = |not: &&NotLaid| not.spans.iter().any(|span| span.meets(&looked_at));
            let not_laid = relaid.not_laid.iter().filter(concerns);
            told.not_laid = not_laid.cloned().collect();
        }
        let mut sides = [
            self.as_it_was(&kept),
            self.as_it_would_be(trial, &kept, relaid),
        ];
        let total = self
            .store
            .count(&ListFilter {
                received_from: Some(trial.from),
                received_until: Some(trial.until),
                ..ListFilter::default()
            })
            .await?;
        let mut done = 0;
        let mut after = None;
        loop {
            let page = self
                .store
                .received_between(trial.from, trial.until, after.as_ref(), PAGE)
                .await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.clone());
            for (id, reference) in &page {
                match self.store.ledger(id).await {
                    Ok(ledger) => {
                        self.try_on(trial, *reference, ledger, &mut sides, &mut told)
                            .await?;
                    }
                    Err(StoreError::Unreadable(why)) => told.left_out.push(LeftOut {
                        inquiry: *reference,
                        why,
                    }),
                    Err(error) => return Err(error),
                }
                done += 1;
                progress(done, total.max(done));
            }
        }
        told.mismatches = told.as_it_was.figures.mismatches(&told.recorded);
        told.as_it_was.turns = all_turns(&sides[0], trial);
        told.as_it_would_be.turns = all_turns(&sides[1], trial);
        Ok(told)
    }

    /// Replays one ledger under both sides and adds it up.
    async fn try_on(
        &self,
        trial: &Trial,
        reference: Reference,
        mut ledger: Vec<Entry>,
        sides: &mut [Side; 2],
        told: &mut Comparison,
    ) -> Result<(), StoreError> {
        // What a running desk has written meanwhile is not of this moment.
        ledger.retain(|entry| entry.at <= trial.now);
        let is_other = |queue: &QueueId| received_in(&ledger) != Some(queue);
        if ledger.is_empty() || trial.queue.as_ref().is_some_and(is_other) {
            return Ok(());
        }
        let mut left_out = |why: String| {
            told.left_out.push(LeftOut {
                inquiry: reference,
                why,
            });
        };
        for hash in ledger.iter().filter_map(named) {
            match self.policy(hash).await {
                Ok(policy) => {
                    for side in &mut *sides {
                        side.policies.insert(hash.clone(), policy.clone());
                    }
                }
                Err(StoreError::Unreadable(why)) => {
                    left_out(why);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        // Whoever acted was a member then, whether or not they are one today.
        for member in ledger.iter().filter_map(|entry| entry.actor.member()) {
            for side in &mut *sides {
                if !side.members.contains(member) {
                    side.members.insert(member.clone());
                }
            }
        }
        let [was, would_be] = &*sides;
        let both = replay(&ledger, was, trial.now)
            .and_then(|was| Ok((was, replay(&ledger, would_be, trial.now)?)));
        let (replayed, tried) = match both {
            Ok(both) => both,
            Err(error) => {
                left_out(error.to_string());
                return Ok(());
            }
        };
        if let Some(kept) = refold(&ledger)
            && let Ok(policy) = was.policy(&kept.policy)
        {
            let recorded = recorded(&ledger, &kept, policy, trial.now);
            if !replayed.figures.mismatches(&recorded).is_empty() {
                told.mismatched.push(reference);
            }
            told.recorded.add(recorded);
        }
        told.inquiries += 1;
        told.as_it_was.figures.add(replayed.figures);
        told.as_it_would_be.figures.add(tried.figures);
        for refused in tried.refused {
            let of_kind = told.refused.entry(refused.act.to_owned()).or_default();
            of_kind.push(reference);
        }
        Ok(())
    }

    fn as_it_was(&self, kept: &Kept) -> Side {
        Side {
            policies: HashMap::new(),
            instead: None,
            desks: self
                .setup
                .queues
                .values()
                .map(|queue| (queue.id.clone(), self.simulated(queue)))
                .collect(),
            default_queue: self.setup.default_queue.clone(),
            rotas: self.setup.rotas.clone(),
            overrides: kept.laid.clone(),
            book: Arc::new(kept.book.clone()),
            members: self.setup.members.keys().cloned().collect(),
            roles: self.setup.roles.clone(),
        }
    }

    /// The duty book of the past, laid over the tried roster.
    async fn relaid(&self, trial: &Trial, roster: &Roster) -> Result<Relaid, StoreError> {
        let lines = self.store.duty_book(0).await?;
        // Whoever arranged anything was a member then.
        let mut members: BTreeSet<MemberId> = self.setup.members.keys().cloned().collect();
        members.extend(roster.members.iter().cloned());
        members.extend(lines.iter().filter_map(|line| match &line.event {
            DutyEvent::AbsenceEntered { member, .. } => Some(member.clone()),
            _ => line.actor.member().cloned(),
        }));
        let laying = Laying {
            rotas: &roster.rotas,
            before: &self.setup.rotas,
            heirs: &|rota, at| heirs(&self.setup, roster, rota, at),
            members,
            zone: self.setup.zone.clone(),
        };
        Ok(relay(&lines, &laying, trial.now))
    }

    fn as_it_would_be(&self, trial: &Trial, kept: &Kept, relaid: Option<Relaid>) -> Side {
        let mut side = self.as_it_was(kept);
        if let Some(policies) = &trial.policies {
            for (hash, policy) in policies.values() {
                side.policies.insert(hash.clone(), policy.clone());
            }
            let instead = policies
                .iter()
                .map(|(queue, (hash, _))| (queue.clone(), hash.clone()));
            side.instead = Some(instead.collect());
        }
        if let Some(roster) = &trial.roster {
            let book = relaid.unwrap_or_default().book;
            let laid = roster.rotas.keys();
            side.overrides = laid
                .map(|rota| (rota.clone(), overrides(&book, rota)))
                .collect();
            side.book = Arc::new(book);
            for (queue, desk) in &mut side.desks {
                if let Some(coverage) = roster.of_queue.get(queue) {
                    desk.coverage.clone_from(coverage);
                }
            }
            side.rotas = roster.rotas.clone();
            side.members.extend(roster.members.iter().cloned());
        }
        side
    }

    fn simulated(&self, queue: &Queue) -> Desk {
        Desk {
            coverage: queue.coverage.clone(),
            gives_out: queue.assignment == Assignment::Duty,
            leads: self.leads(queue),
            team: self.team(queue),
        }
    }
}

/// The policy that a line of the ledger names.
fn named(entry: &Entry) -> Option<&PolicyHash> {
    match &entry.event {
        Event::Received { policy, .. } | Event::Transferred { policy, .. } => Some(policy),
        Event::PolicyChanged { to, .. } => Some(to),
        _ => None,
    }
}

/// Which rotas of a roster take the place of one: itself where a queue still has it, else whatever has the duty then.
fn heirs(setup: &Setup, roster: &Roster, rota: &str, at: Timestamp) -> BTreeSet<String> {
    let queues = roster.of_queue.iter();
    let had = |queue: &QueueId| setup.queue(queue).coverage.names(rota);
    let served: Vec<&Coverage> = queues
        .filter(|(queue, _)| had(queue))
        .map(|(_, coverage)| coverage)
        .collect();
    let all = served.iter().map(|coverage| match coverage.names(rota) {
        true => rota,
        false => coverage.line_at(at).rota.as_str(),
    });
    // One that no queue names may be called in another's off-hours.
    let itself = served.is_empty().then_some(rota);
    let all = all.chain(itself);
    all.filter(|name| roster.rotas.contains_key(*name))
        .map(str::to_owned)
        .collect()
}

/// The turns of every rota that answers for a queue of the trial, each rota once.
fn all_turns(side: &Side, trial: &Trial) -> BTreeMap<MemberId, Turns> {
    let wanted = |queue: &QueueId| trial.queue.as_ref().is_none_or(|only| only == queue);
    let desks = side.desks.iter().filter(|(queue, _)| wanted(queue));
    let rotas: BTreeMap<&String, &QueueId> = desks
        .flat_map(|(queue, desk)| {
            let lines = desk.coverage.lines().iter();
            lines.map(move |line| (&line.rota, queue))
        })
        .collect();
    let (from, until) = trial.dates;
    let mut all: BTreeMap<MemberId, Turns> = BTreeMap::new();
    for (name, queue) in rotas {
        let Some(rota) = side.rotas.get(name) else {
            continue;
        };
        for (member, had) in side.with_staff(queue, |staff| turns(staff, rota, from, until)) {
            let sum = all.entry(member).or_default();
            sum.worked_days += had.worked_days;
            sum.days_off += had.days_off;
        }
    }
    all
}

#[cfg(test)]
mod tests;
