//! How the desk is: the auditor's last verdict, the loops that come round, and whether it is about to stop.

use super::ports::{Findings, Sweep};
use crate::clock::{Instant, monotonic};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::Duration;

/// Shared by the engine, which writes it, and the web, which shows it.
#[derive(Debug, Default)]
pub struct Health {
    last: RwLock<Option<Verdict>>,
    round: Mutex<Round>,
    /// When each loop last came round.
    rounds: Mutex<BTreeMap<&'static str, Instant>>,
    draining: AtomicBool,
    /// The sources that are out, as the last look found.
    out: RwLock<Vec<SourceId>>,
}

/// How far the comparison of everything with its ledger has come, and what it found.
#[derive(Debug, Default)]
struct Round {
    next: Sweep,
    found: Findings,
    /// Of the round before: what it found is true until the pages were looked at again.
    found_before: Findings,
}

#[derive(Clone, Debug)]
struct Verdict {
    at: Timestamp,
    /// The same by the clock that nobody sets.
    heard: Instant,
    findings: Findings,
}

/// Why a desk is not well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwell {
    #[error("the auditor has not looked yet")]
    NotAudited,
    #[error("the auditor has not looked for minutes")]
    Unaudited,
    #[error("the auditor found something wrong")]
    Findings,
    #[error("{0} has not come round for minutes")]
    Stuck(&'static str),
}

/// How long a loop may take for one round, and how old a verdict may be: far more than either takes, and as long as
/// late work is given before the auditor names it.
pub const STUCK: Duration = Duration::from_mins(5);

impl Health {
    /// Which page is to be compared next.
    pub fn page(&self) -> Sweep {
        self.round
            .lock()
            .expect("nobody panics while holding it")
            .next
            .clone()
    }

    /// Records what a page brought and where the next one begins; answers what is known to be wrong.
    pub fn swept(&self, found: Findings, next: Option<Sweep>) -> Findings {
        let mut round = self.round.lock().expect("nobody panics while holding it");
        round.found.merge(found);
        let is_done = next.is_none();
        round.next = next.unwrap_or_default();
        let mut known = round.found.clone();
        if is_done {
            round.found_before = std::mem::take(&mut round.found);
        } else {
            known.merge(round.found_before.clone());
        }
        known
    }

    /// Records what the auditor found.
    pub fn audited(&self, at: Timestamp, findings: Findings) {
        let verdict = Verdict {
            at,
            heard: monotonic(),
            findings,
        };
        *self.last.write().expect("nobody panics while holding it") = Some(verdict);
    }

    /// The last verdict; `None` before the first.
    pub fn verdict(&self) -> Option<(Timestamp, Findings)> {
        let last = self.last.read().expect("nobody panics while holding it");
        last.as_ref()
            .map(|verdict| (verdict.at, verdict.findings.clone()))
    }

    /// Records which sources are out.
    pub fn set_out(&self, sources: Vec<SourceId>) {
        *self.out.write().expect("nobody panics while holding it") = sources;
    }

    /// The sources that are out: the desk works, and hears nothing from there.
    pub fn out(&self) -> Vec<SourceId> {
        let out = self.out.read().expect("nobody panics while holding it");
        out.clone()
    }

    /// A loop begins a round.
    pub fn turned(&self, name: &'static str, at: Instant) {
        self.rounds
            .lock()
            .expect("nobody panics while holding it")
            .insert(name, at);
    }

    /// Tells whether somebody outside may be told that all is well.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn is_well(&self, now: Instant) -> Result<(), Unwell> {
        let is_old = |at: Instant| now.saturating_duration_since(at) > STUCK;
        {
            let last = self.last.read().expect("nobody panics while holding it");
            match last.as_ref() {
                None => return Err(Unwell::NotAudited),
                Some(verdict) if !verdict.findings.is_clean() => return Err(Unwell::Findings),
                Some(verdict) if is_old(verdict.heard) => return Err(Unwell::Unaudited),
                Some(_) => {}
            }
        }
        let rounds = self.rounds.lock().expect("nobody panics while holding it");
        match rounds.iter().find(|(_, at)| is_old(**at)) {
            Some((name, _)) => Err(Unwell::Stuck(name)),
            None => Ok(()),
        }
    }

    /// From now on no new work is wanted.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether a stop is under way.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests;
