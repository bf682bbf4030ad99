//! Cards and where they are: what is shown is brought up to what is wanted, by one holder at a time.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, all, commit, count, from_json, pieces, unavailable};
use super::timers::lease_end;
use crate::app::ports::{CardRow, Cards, Place, Receipt, Revision, StoreError};
use crate::domain::ids::InquiryId;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

/// `$1` is the business instant, `$2` the lease clock.
const IS_BEHIND: &str = "due.shown < due.wanted and due.message is not null and due.gone is null \
    and (due.retry_at_ms is null or due.retry_at_ms <= $1) \
    and (due.lease_until_ms is null or due.lease_until_ms <= $2)";
const PEEK: &str = "select 1 as one from cards as due where ";
const CLAIM_HEAD: &str = "with picked as materialized (select inquiry as of_inquiry, platform as of_platform, \
    channel as of_channel from cards as due where ";
const CLAIM_ORDER: &str = " order by due.inquiry, due.platform, due.channel limit $3";
/// The predicate is repeated: a row that another claimer took meanwhile is not taken twice.
const CLAIM_TAIL: &str = ") update cards as due set attempts = due.attempts + 1, holder = $4, lease_until_ms = $5, \
    epoch = due.epoch + 1 from picked where due.inquiry = of_inquiry and due.platform = of_platform \
    and due.channel = of_channel and ";
const CLAIM_RETURNING: &str = " returning inquiry, platform, channel, message, thread, called, shown, wanted, attempts, epoch";
const SETTLE: &str = "update cards set shown = coalesce($1, shown), retry_at_ms = $2, gone = $3, \
    attempts = case when $1 is null then attempts else 0 end, holder = null, lease_until_ms = null \
    where inquiry = $4 and platform = $5 and channel = $6 and epoch = $7";
const SELECT: &str = "select inquiry, platform, channel, message, thread, called, shown, wanted, attempts, epoch from cards";
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
        let asked = |clock| Args::new().at(now).int(clock);
        if !self
            .is_there(pieces(&[PEEK, IS_BEHIND, " limit 1"]), asked)
            .await?
        {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let clock = DB::lease_now(&mut tx).await.map_err(unavailable)?;
        let sql = pieces(&[
            CLAIM_HEAD,
            IS_BEHIND,
            CLAIM_ORDER,
            DB::CLAIM_TAIL,
            CLAIM_TAIL,
            IS_BEHIND,
            CLAIM_RETURNING,
        ]);
        let args = asked(clock)
            .int(i64::from(limit))
            .text(holder)
            .int(lease_end(clock, lease));
        let rows = all::<DB>(&mut tx, sql, args).await.map_err(unavailable)?;
        commit(tx).await?;
        let mut cards = rows.iter().map(card).collect::<Result<Vec<_>, _>>()?;
        cards.sort_by(|a, b| (&a.inquiry, &a.place).cmp(&(&b.inquiry, &b.place)));
        Ok(cards)
    }

    async fn settle_card(&self, row: &CardRow, revision: &Revision) -> Result<bool, StoreError> {
        let args = match revision {
            Revision::Shown { seq } => Args::new()
                .seq(*seq)
                .maybe_int(None)
                .maybe_text(None::<&str>),
            Revision::Retry { at } => Args::new().maybe_int(None).at(*at).maybe_text(None::<&str>),
            Revision::Gone { why } => Args::new().maybe_int(None).maybe_int(None).text(why),
        };
        let args = args
            .text(row.inquiry.as_str())
            .text(&row.place.platform)
            .text(&row.place.channel)
            .int(row.epoch);
        Ok(self.write(SETTLE, args).await? > 0)
    }

    async fn cards(&self, inquiry: &InquiryId) -> Result<Vec<CardRow>, StoreError> {
        let args = Args::new().text(inquiry.as_str());
        let rows = self.read(pieces(&[SELECT, OF_INQUIRY]), args).await?;
        rows.iter().map(card).collect()
    }

    async fn card_at(
        &self,
        platform: &str,
        message_or_thread: &str,
    ) -> Result<Option<CardRow>, StoreError> {
        for at in [AT_MESSAGE, AT_THREAD] {
            let args = Args::new().text(platform).text(message_or_thread);
            let rows = self.read(pieces(&[SELECT, at]), args).await?;
            if let Some(row) = rows.first() {
                return card(row).map(Some);
            }
        }
        Ok(None)
    }
}

fn card<R: Fields>(row: &R) -> Result<CardRow, StoreError> {
    let thread = row.maybe_text("thread")?;
    let inquiry = row.text("inquiry")?;
    Ok(CardRow {
        called: from_json(&format!("card of {inquiry}"), &row.text("called")?)?,
        inquiry: inquiry.into(),
        place: Place {
            platform: row.text("platform")?,
            channel: row.text("channel")?,
        },
        receipt: row
            .maybe_text("message")?
            .map(|message| Receipt { message, thread }),
        shown: count(row.int("shown")?),
        wanted: count(row.int("wanted")?),
        attempt: u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX),
        epoch: row.int("epoch")?,
    })
}
