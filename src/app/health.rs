//! How the desk is: the auditor's last verdict, and whether it is about to stop.

use super::ports::{Findings, Sweep};
use crate::time::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};

/// Shared by the engine, which writes it, and the web, which shows it.
#[derive(Debug, Default)]
pub struct Health {
    last: RwLock<Option<(Timestamp, Findings)>>,
    round: Mutex<Round>,
    draining: AtomicBool,
}

/// How far the comparison of everything with its ledger has come, and what it found.
#[derive(Debug, Default)]
struct Round {
    next: Sweep,
    found: Findings,
    /// Of the round before: what it found is true until the pages were looked at again.
    found_before: Findings,
}

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
        *self.last.write().expect("nobody panics while holding it") = Some((at, findings));
    }

    /// The last verdict; `None` before the first.
    pub fn verdict(&self) -> Option<(Timestamp, Findings)> {
        self.last
            .read()
            .expect("nobody panics while holding it")
            .clone()
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
