//! The cards loop: edits every card and board to the latest version, and so coalesces bursts.

use super::outbox::backoff;
use super::{Engine, LEASE};
use crate::app::outgoing::Ready;
use crate::app::ports::{
    BoardRow, CardRow, DeliveryError, Place, Receipt, Revision, Stirred, StoreError,
};
use crate::time::{SignedDuration, plus};
use futures_util::{StreamExt, stream};

const BATCH: u32 = 64;

impl Engine {
    /// Edits the cards that show less than is wanted; answers how many were looked at.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn cards_pass(&self) -> Result<usize, StoreError> {
        let now = self.app.clock.now();
        let stale = self
            .app
            .store
            .claim_cards(now, &self.holder, LEASE, BATCH)
            .await?;
        let count = stale.len();
        let outcomes: Vec<Result<(), StoreError>> = stream::iter(stale)
            .map(|row| self.revise(row))
            .buffer_unordered(self.at_once)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), StoreError>>()?;
        Ok(count)
    }

    /// Edits the boards that show less than is wanted; answers how many were looked at.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn boards_pass(&self) -> Result<usize, StoreError> {
        let now = self.app.clock.now();
        let stale = self
            .app
            .store
            .claim_boards(now, &self.holder, LEASE, BATCH)
            .await?;
        let count = stale.len();
        let outcomes: Vec<Result<(), StoreError>> = stream::iter(stale)
            .map(|row| self.revise_board(row))
            .buffer_unordered(self.at_once)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), StoreError>>()?;
        Ok(count)
    }

    async fn revise(&self, row: CardRow) -> Result<(), StoreError> {
        let ready = self
            .app
            .ready_card(&row.inquiry, &row.place, &row.called)
            .await?;
        let shown = ready.as_ref().and_then(|ready| ready.seq);
        let shown = shown.unwrap_or(row.wanted);
        let revision = self
            .revised(&row.place, row.receipt.as_ref(), ready, shown, row.attempt)
            .await;
        if let Revision::Gone { why } = &revision {
            tracing::warn!(place = ?row.place, inquiry.id = %row.inquiry, "card of {} is gone: {why}", row.inquiry);
        }
        self.app.store.settle_card(&row, &revision).await?;
        Ok(())
    }

    /// A board that is gone is posted again, unless its platform is.
    async fn revise_board(&self, row: BoardRow) -> Result<(), StoreError> {
        let ready = self.app.ready_board(&row.queue, &row.place).await?;
        // What was claimed is shown at least; what was wanted since is edited next.
        let revision = self
            .revised(
                &row.place,
                row.receipt.as_ref(),
                Some(ready),
                row.wanted,
                row.attempt,
            )
            .await;
        let mut again = None;
        if let Revision::Gone { why } = &revision {
            tracing::warn!(place = ?row.place, queue = %row.queue, "the board of {} is gone: {why}", row.queue);
            if self.platforms.contains_key(&row.place.platform) {
                again = self.app.board_again(&row);
            }
        }
        let is_again = again.is_some();
        self.app.store.settle_board(&row, &revision, again).await?;
        if is_again {
            self.app.wake.wake(Stirred::Outbox);
        }
        Ok(())
    }

    /// Edits what is shown at a place.
    async fn revised(
        &self,
        place: &Place,
        receipt: Option<&Receipt>,
        ready: Option<Ready>,
        shown: u64,
        attempt: u32,
    ) -> Revision {
        let gone = |why: &str| Revision::Gone {
            why: why.to_owned(),
        };
        let Some(receipt) = receipt else {
            return gone("it was never posted");
        };
        let Some(platform) = self.platforms.get(&place.platform) else {
            return gone(Revision::NO_PLATFORM);
        };
        let Some(ready) = ready else {
            return gone("its inquiry is gone");
        };
        let shown = Revision::Shown { seq: shown };
        if !platform.capabilities().edits {
            return shown;
        }
        let again = |after: Option<std::time::Duration>| {
            let wait = after.unwrap_or_default().max(backoff(attempt));
            let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(5));
            Revision::Retry {
                at: plus(self.app.clock.now(), wait),
            }
        };
        match platform.revise(place, receipt, &ready.post).await {
            Ok(()) => shown,
            Err(DeliveryError::Retry { after, .. }) => again(after),
            // An edit done twice is the same edit.
            Err(DeliveryError::Unknown { .. }) => again(None),
            Err(DeliveryError::Rejected { why } | DeliveryError::Gone { why }) => gone(&why),
        }
    }
}
