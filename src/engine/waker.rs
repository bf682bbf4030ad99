//! Hints inside one process.

use crate::app::ports::{Stirred, Wake};
use tokio::sync::broadcast;

/// Passes hints on to whoever listens; nobody listening is fine.
#[derive(Debug)]
pub struct Waker {
    sender: broadcast::Sender<Stirred>,
}

impl Default for Waker {
    fn default() -> Self {
        Waker {
            sender: broadcast::Sender::new(64),
        }
    }
}

impl Wake for Waker {
    fn wake(&self, what: Stirred) {
        // An error only says that nobody listens.
        let _ = self.sender.send(what);
    }

    fn listen(&self) -> broadcast::Receiver<Stirred> {
        self.sender.subscribe()
    }
}
