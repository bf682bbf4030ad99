//! The double's own clock: every window, token life and time stamp of the double is measured with it.
//!
//! It stands still until it is moved, unless a test asks for one that runs or lends its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The kinds of clock a test can give the double.
#[derive(Clone, Default)]
pub enum ClockKind {
    /// Stands at 2026-01-05T00:00:00Z until `advance` is called.
    #[default]
    Manual,
    /// Stands at the given instant (epoch milliseconds) until `advance` is called.
    ManualFrom(i64),
    /// Runs with real time (and can be advanced besides).
    Running,
    /// Reads another clock (epoch milliseconds), so that the app and the double share one time.
    Shared(Arc<dyn Fn() -> i64 + Send + Sync>),
}

/// 2026-01-05T00:00:00Z, a Monday.
const DEFAULT_START_MS: i64 = 1_767_571_200_000;

/// Tells the time of the double in epoch milliseconds.
pub struct Clock {
    base: Base,
    moved_ms: AtomicI64,
}

enum Base {
    Standing(i64),
    Running { start_ms: i64, since: Instant },
    Shared(Arc<dyn Fn() -> i64 + Send + Sync>),
}

impl Clock {
    /// Makes a clock of the given kind.
    pub fn new(kind: ClockKind) -> Self {
        let base = match kind {
            ClockKind::Manual => Base::Standing(DEFAULT_START_MS),
            ClockKind::ManualFrom(ms) => Base::Standing(ms),
            ClockKind::Running => Base::Running {
                start_ms: Timestamp::now().as_millisecond(),
                since: Instant::now(),
            },
            ClockKind::Shared(read) => Base::Shared(read),
        };
        Self {
            base,
            moved_ms: AtomicI64::new(0),
        }
    }

    /// Returns the current instant.
    pub fn now_ms(&self) -> i64 {
        let base = match &self.base {
            Base::Standing(ms) => *ms,
            Base::Running { start_ms, since } => start_ms + since.elapsed().as_millis() as i64,
            Base::Shared(read) => read(),
        };
        base + self.moved_ms.load(Ordering::SeqCst)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.moved_ms
            .fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }
}

/// Writes an instant the way Discord does.
pub fn iso(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).expect("an instant a test can reach");
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string()
}
