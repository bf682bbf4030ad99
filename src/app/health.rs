//! How the desk is: the auditor's last verdict, and whether it is about to stop.

use super::ports::Findings;
use crate::time::Timestamp;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by the engine, which writes it, and the web, which shows it.
#[derive(Debug, Default)]
pub struct Health {
    last: RwLock<Option<(Timestamp, Findings)>>,
    draining: AtomicBool,
}

impl Health {
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
