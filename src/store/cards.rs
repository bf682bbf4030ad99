//! Cards and where they are: what is shown is brought up to what is wanted, by one holder at a time.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::shown::Shown;
use super::sql::{Args, count, from_json};
use crate::app::ports::{CardRow, Cards, Place, Receipt, Revision, StoreError};
use crate::domain::ids::InquiryId;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

const CARDS: Shown = Shown {
    table: "cards",
    subject: "inquiry",
    columns: "inquiry, platform, channel, message, thread, called, shown, wanted, attempts, epoch",
};
const REVIVE: &str = "update cards set gone = null, attempts = 0 where gone = $1";
const OF_INQUIRY: &str = " where inquiry = $1 order by platform, channel";
const AT_MESSAGE: &str = " where platform = $1 and message = $2 order by inquiry limit 1";
const AT_THREAD: &str = " where platform = $1 and thread = $2 order by inquiry limit 1";

#[async_trait]
impl<DB: Dialect> Cards for SqlStore<DB> {
    async fn claim_cards(
        &self,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<CardRow>, StoreError> {
        let rows = CARDS.claim(self, now, holder, lease, limit).await?;
        let mut cards = rows.iter().map(card).collect::<Result<Vec<_>, _>>()?;
        cards.sort_by(|a, b| (&a.inquiry, &a.place).cmp(&(&b.inquiry, &b.place)));
        Ok(cards)
    }

    async fn settle_card(&self, row: &CardRow, revision: &Revision) -> Result<bool, StoreError> {
        let (sql, args) = CARDS.settlement(row.inquiry.as_str(), &row.place, row.epoch, revision);
        Ok(self.write(sql, args).await? > 0)
    }

    async fn revive_cards(&self, why: &str) -> Result<u64, StoreError> {
        self.write(REVIVE, Args::new().text(why)).await
    }

    async fn cards(&self, inquiry: &InquiryId) -> Result<Vec<CardRow>, StoreError> {
        let args = Args::new().text(inquiry.as_str());
        let rows = self.read(CARDS.select::<DB>(OF_INQUIRY), args).await?;
        rows.iter().map(card).collect()
    }

    async fn card_at(
        &self,
        platform: &str,
        message_or_thread: &str,
    ) -> Result<Option<CardRow>, StoreError> {
        for at in [AT_MESSAGE, AT_THREAD] {
            let args = Args::new().text(platform).text(message_or_thread);
            let rows = self.read(CARDS.select::<DB>(at), args).await?;
            if let Some(row) = rows.first() {
                return card(row).map(Some);
            }
        }
        Ok(None)
    }
}

fn card<R: Fields>(row: &R) -> Result<CardRow, StoreError> {
    let inquiry = row.text("inquiry")?;
    Ok(CardRow {
        called: from_json(&format!("card of {inquiry}"), &row.text("called")?)?,
        inquiry: inquiry.into(),
        place: place(row)?,
        receipt: receipt(row)?,
        shown: count(row.int("shown")?),
        wanted: count(row.int("wanted")?),
        attempt: attempt(row)?,
        epoch: row.int("epoch")?,
    })
}

pub(super) fn place<R: Fields>(row: &R) -> Result<Place, StoreError> {
    Ok(Place {
        platform: row.text("platform")?,
        channel: row.text("channel")?,
    })
}

pub(super) fn receipt<R: Fields>(row: &R) -> Result<Option<Receipt>, StoreError> {
    let thread = row.maybe_text("thread")?;
    Ok(row
        .maybe_text("message")?
        .map(|message| Receipt { message, thread }))
}

pub(super) fn attempt<R: Fields>(row: &R) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX))
}
