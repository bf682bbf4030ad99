//! What had been done already: a commit whose answer was lost, and a command that comes a second time.

use super::desk::{ActError, App, Done, Order};
use super::ports::*;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::Entry;

/// A commit whose answer was lost.
pub(super) struct Lost {
    pub entries: Vec<Entry>,
    pub why: String,
}

impl App {
    /// Reads what became of a commit whose answer was lost: `None` when it is not in the ledger.
    ///
    /// It may still be under way. Then a second commit waits for it, for both change the same version of the same
    /// row, and meets a conflict if it came through: so it is looked for after every conflict, and never doubled.
    pub(super) async fn came_through(&self, lost: &Lost) -> Result<Option<Done>, StoreError> {
        let unknown = |_| StoreError::Unknown(lost.why.clone());
        let Some(first) = lost.entries.first() else {
            return Ok(None);
        };
        let ledger = self.store.ledger(&first.inquiry).await.map_err(unknown)?;
        let mut there = ledger.iter().skip_while(|entry| entry.seq < first.seq);
        if !lost.entries.iter().all(|entry| there.next() == Some(entry)) {
            return Ok(None);
        }
        let stored = self.store.inquiry(&first.inquiry).await.map_err(unknown)?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        self.stir();
        Ok(Some(Done {
            stored,
            events: lost
                .entries
                .iter()
                .map(|entry| entry.event.clone())
                .collect(),
            is_repeat: false,
        }))
    }

    pub(super) async fn repeated(&self, order: &Order) -> Result<Option<Done>, ActError> {
        let Some(key) = &order.command_key else {
            return Ok(None);
        };
        match self.store.by_command_key(key).await? {
            Some((inquiry, _)) => Ok(Some(self.done_before(&inquiry).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn done_before(&self, inquiry: &InquiryId) -> Result<Done, ActError> {
        let stored = self
            .store
            .inquiry(inquiry)
            .await?
            .ok_or(ActError::NotFound)?;
        Ok(Done {
            stored,
            events: Vec::new(),
            is_repeat: true,
        })
    }
}
