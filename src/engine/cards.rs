//! The cards loop: edits every card to the latest version, and so coalesces bursts.

use super::outbox::backoff;
use super::{Engine, LEASE};
use crate::app::ports::{CardRow, DeliveryError, Revision, StoreError};
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

    async fn revise(&self, row: CardRow) -> Result<(), StoreError> {
        let revision = self.revised(&row).await?;
        if let Revision::Gone { why } = &revision {
            tracing::warn!(place = ?row.place, inquiry.id = %row.inquiry, "card of {} is gone: {why}", row.inquiry);
        }
        self.app.store.settle_card(&row, &revision).await?;
        Ok(())
    }

    async fn revised(&self, row: &CardRow) -> Result<Revision, StoreError> {
        let gone = |why: &str| Revision::Gone {
            why: why.to_owned(),
        };
        let Some(receipt) = &row.receipt else {
            return Ok(gone("it was never posted"));
        };
        let Some(platform) = self.platforms.get(&row.place.platform) else {
            return Ok(gone("its platform is not configured any more"));
        };
        let Some(ready) = self
            .app
            .ready_card(&row.inquiry, &row.place, &row.called)
            .await?
        else {
            return Ok(gone("its inquiry is gone"));
        };
        let shown = Revision::Shown {
            seq: ready.seq.unwrap_or(row.wanted),
        };
        if !platform.capabilities().edits {
            return Ok(shown);
        }
        let again = |after: Option<std::time::Duration>| {
            let wait = after.unwrap_or_default().max(backoff(row.attempt));
            let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(5));
            Revision::Retry {
                at: plus(self.app.clock.now(), wait),
            }
        };
        Ok(
            match platform.revise(&row.place, receipt, &ready.post).await {
                Ok(()) => shown,
                Err(DeliveryError::Retry { after, .. }) => again(after),
                // An edit done twice is the same edit.
                Err(DeliveryError::Unknown { .. }) => again(None),
                Err(DeliveryError::Rejected { why } | DeliveryError::Gone { why }) => gone(&why),
            },
        )
    }
}
