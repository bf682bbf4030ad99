//! Whom notices called, and whom they did not because they had been called enough.
//!
//! Promises: a mention is counted in the transaction that writes it, and what was held back is told once. Leaves out
//! what an allowance is.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::outbox::{OutboxValues, insert_outbox};
use super::prepared::PingValues;
use super::sql::{Args, Insert, commit, from_json, lose, pieces, run, unavailable};
use crate::app::ports::{HeldPing, NewOutbox, Pings, StoreError, TimerKind};
use crate::domain::ids::{MemberId, QueueId};
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;

static INSERT: Insert = Insert::new(
    "insert into pings (key, member, queue, inquiry, at_ms, held)",
    6,
    "on conflict (key, member) do nothing",
);
/// Who tells what was held back may be at it: their answer must not undo that there is more.
static PUT_TIMERS: Insert = Insert::new(
    "insert into timers (kind, subject, due_at_ms, epoch)",
    4,
    "on conflict (kind, subject) do update set \
     due_at_ms = case when timers.due_at_ms < excluded.due_at_ms then timers.due_at_ms else excluded.due_at_ms end, \
     holder = null, lease_until_ms = null, epoch = timers.epoch + 1",
);
const SAID: &str = "select key from pings where member = $1 and at_ms >= $2 and held is null";
const HELD: &str = "select key, member, queue, inquiry, at_ms, held, told_at_ms from pings ";
const SINCE: &str = "where member = $1 and at_ms >= $2 and held is not null order by at_ms, key";
const UNTOLD: &str = "where member = $1 and queue = $2 and held is not null and told_at_ms is null \
    order by at_ms, key limit $3";
/// What is untold up to a ping, in the order in which it is read.
const TELL: &str = "update pings set told_at_ms = $1 where member = $2 and queue = $3 and held is not null \
    and told_at_ms is null and (at_ms < $4 or (at_ms = $4 and key <= $5))";
const FORGET: &str =
    "delete from pings where at_ms < $1 and (held is null or told_at_ms is not null)";

/// Writes the mentions of commits, and sets the timers of those that were held back.
pub(super) async fn insert_pings<DB: Dialect>(
    conn: &mut DB::Connection,
    pings: Vec<&PingValues>,
) -> sqlx::Result<()> {
    let mut timers: Vec<(String, i64)> = pings
        .iter()
        .filter_map(|ping| {
            let tell_at = ping.tell_at?;
            Some((format!("{}|{}", ping.member, ping.queue), tell_at))
        })
        .collect();
    timers.sort();
    // A statement must not touch a row twice.
    timers.dedup_by(|later, earlier| later.0 == earlier.0);
    INSERT
        .run::<DB, _>(conn, pings, |args, ping| {
            args.text(&ping.key)
                .text(&ping.member)
                .text(&ping.queue)
                .text(&ping.inquiry)
                .int(ping.at)
                .maybe_text(ping.held.as_ref())
        })
        .await?;
    PUT_TIMERS
        .run::<DB, _>(conn, timers, |args, (subject, at)| {
            args.text(TimerKind::Held.as_str())
                .text(subject)
                .int(at)
                // A row that went and came back never repeats an epoch: instants grow.
                .int(at.saturating_mul(1 << 20))
        })
        .await?;
    Ok(())
}

#[async_trait]
impl<DB: Dialect> Pings for SqlStore<DB> {
    async fn pings_since(
        &self,
        member: &MemberId,
        from: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let args = Args::new().text(member.as_str()).at(from);
        let rows = self.read(SAID, args).await?;
        rows.iter().map(|row| row.text("key")).collect()
    }

    async fn held_since(
        &self,
        member: &MemberId,
        from: Timestamp,
    ) -> Result<Vec<HeldPing>, StoreError> {
        let args = Args::new().text(member.as_str()).at(from);
        let rows = self.read(pieces(&[HELD, SINCE]), args).await?;
        rows.iter().map(held).collect()
    }

    async fn held_untold(
        &self,
        member: &MemberId,
        queue: &QueueId,
        limit: u32,
    ) -> Result<Vec<HeldPing>, StoreError> {
        let args = Args::new()
            .text(member.as_str())
            .text(queue.as_str())
            .int(i64::from(limit));
        let rows = self.read(pieces(&[HELD, UNTOLD]), args).await?;
        rows.iter().map(held).collect()
    }

    async fn tell_held(
        &self,
        pings: &[HeldPing],
        rows: Vec<NewOutbox>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(last) = pings.last() else {
            return Ok(true);
        };
        let rows: Vec<_> = rows.into_iter().map(OutboxValues::new).collect();
        let args = Args::new()
            .at(now)
            .text(last.member.as_str())
            .text(last.queue.as_str())
            .at(last.at)
            .text(&last.key);
        let mut tx = self.begin().await?;
        let told = run::<DB>(&mut tx, TELL, args).await.map_err(unavailable)?;
        // Somebody else was faster with some of it, or more came among it: what is untold is looked for again.
        if told != u64::try_from(pings.len()).unwrap_or(u64::MAX) {
            return lose(tx, false).await;
        }
        insert_outbox::<DB>(&mut tx, rows.iter().collect())
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(true)
    }

    async fn forget_pings(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = run::<DB>(&mut tx, FORGET, Args::new().at(before))
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(forgotten)
    }
}

fn held<R: Fields>(row: &R) -> Result<HeldPing, StoreError> {
    let key = row.text("key")?;
    Ok(HeldPing {
        member: row.text("member")?.into(),
        queue: row.text("queue")?.into(),
        inquiry: row.text("inquiry")?.into(),
        at: from_ms(row.int("at_ms")?),
        message: from_json(&format!("ping {key}"), &row.text("held")?)?,
        told_at: row.maybe_int("told_at_ms")?.map(from_ms),
        key,
    })
}
