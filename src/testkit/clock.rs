//! A clock that stands until somebody moves it.

use crate::app::ports::Clock;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;
use tokio::sync::watch;

/// A business clock for tests. Its pauses are over at once: nothing sleeps in a test.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// A clock that stands at an instant.
    pub fn at(now: Timestamp) -> Self {
        ManualClock {
            now: watch::Sender::new(now),
        }
    }

    /// Moves the clock. It may be moved back, as a machine's clock may.
    pub fn set(&self, now: Timestamp) {
        self.now.send_replace(now);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn until(&self, at: Timestamp) {
        let mut seen = self.now.subscribe();
        // The sender lives as long as the clock, so the only way out is the instant.
        let _ = seen.wait_for(|now| *now >= at).await;
    }

    async fn pause(&self, _wait: Duration) {
        tokio::task::yield_now().await;
    }
}
