//! Boards and where they are: one for a queue and place, wanted anew by the commits that change what it says.
//!
//! Promises: what a commit wants it wants in its own transaction; a board that is gone is posted again once for each
//! time it was gone. Leaves out the first post, which is a row of the outbox with a key of its own.

use super::SqlStore;
use super::cards::{attempt, place, receipt};
use super::dialect::{Dialect, Fields};
use super::outbox::{OutboxValues, insert_outbox};
use super::shown::Shown;
use super::sql::{Args, Insert, commit, count, lose, run, unavailable};
use crate::app::ports::{BoardRow, Boards, NewOutbox, Revision, StoreError};
use crate::domain::ids::QueueId;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::time::Duration;

const BOARDS: Shown = Shown {
    table: "boards",
    subject: "queue",
    columns: "queue, platform, channel, message, thread, shown, wanted, attempts, epoch",
};
const OF_QUEUE: &str = " where queue = $1 order by platform, channel";
static PUT: Insert = Insert::new(
    "insert into boards (queue, platform, channel)",
    3,
    "on conflict (queue, platform, channel) do nothing",
);
const WANT: &str = "update boards set wanted = wanted + 1 where queue = $1";
const WANT_ALL: &str =
    "update boards set wanted = wanted + 1, gone = null where message is not null";
/// A board that is posted again has no message until it is.
const FORGET: &str = "update boards set message = null, thread = null, gone = null, attempts = 0 \
    where queue = $1 and platform = $2 and channel = $3 and epoch = $4";
/// Where a board stands that was posted.
pub(super) const PLACE: &str = "insert into boards (queue, platform, channel, message, thread, shown, wanted) \
    values ($1, $2, $3, $4, $5, $6, $6) on conflict (queue, platform, channel) do update \
    set message = excluded.message, thread = excluded.thread, shown = excluded.shown, attempts = 0, \
    retry_at_ms = null, gone = null, holder = null, lease_until_ms = null, epoch = boards.epoch + 1, \
    wanted = case when boards.wanted > excluded.wanted then boards.wanted else excluded.wanted end";

/// Wants the boards of commits anew: each queue's everywhere it has one, and where it is to have one.
pub(super) async fn want<DB: Dialect>(
    conn: &mut DB::Connection,
    mut boards: Vec<&(String, String, String)>,
) -> sqlx::Result<()> {
    // In one order for all, so that two commits never wait for each other.
    boards.sort();
    boards.dedup();
    let mut queues: Vec<&str> = boards.iter().map(|(queue, ..)| queue.as_str()).collect();
    queues.dedup();
    PUT.run::<DB, _>(conn, boards, |args, (queue, platform, channel)| {
        args.text(queue).text(platform).text(channel)
    })
    .await?;
    for queue in queues {
        run(conn, WANT, Args::<DB>::new().text(queue)).await?;
    }
    Ok(())
}

#[async_trait]
impl<DB: Dialect> Boards for SqlStore<DB> {
    async fn claim_boards(
        &self,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<BoardRow>, StoreError> {
        let rows = BOARDS.claim(self, now, holder, lease, limit).await?;
        let mut boards = rows.iter().map(board).collect::<Result<Vec<_>, _>>()?;
        boards.sort_by(|a, b| (&a.queue, &a.place).cmp(&(&b.queue, &b.place)));
        Ok(boards)
    }

    async fn settle_board(
        &self,
        row: &BoardRow,
        revision: &Revision,
        again: Option<NewOutbox>,
    ) -> Result<bool, StoreError> {
        let (sql, args) = BOARDS.settlement(row.queue.as_str(), &row.place, row.epoch, revision);
        let mut tx = self.begin().await?;
        if run::<DB>(&mut tx, sql, args).await.map_err(unavailable)? == 0 {
            return lose(tx, false).await;
        }
        if let Some(again) = again.map(OutboxValues::new) {
            let args = Args::new()
                .text(row.queue.as_str())
                .text(&row.place.platform)
                .text(&row.place.channel)
                .int(row.epoch);
            run::<DB>(&mut tx, FORGET, args)
                .await
                .map_err(unavailable)?;
            insert_outbox::<DB>(&mut tx, vec![&again])
                .await
                .map_err(unavailable)?;
        }
        commit(tx).await?;
        Ok(true)
    }

    async fn boards(&self, queue: &QueueId) -> Result<Vec<BoardRow>, StoreError> {
        let args = Args::new().text(queue.as_str());
        let rows = self.read(BOARDS.select::<DB>(OF_QUEUE), args).await?;
        rows.iter().map(board).collect()
    }

    async fn want_boards(&self) -> Result<(), StoreError> {
        self.write(WANT_ALL, Args::new()).await.map(drop)
    }
}

fn board<R: Fields>(row: &R) -> Result<BoardRow, StoreError> {
    Ok(BoardRow {
        queue: row.text("queue")?.into(),
        place: place(row)?,
        receipt: receipt(row)?,
        shown: count(row.int("shown")?),
        wanted: count(row.int("wanted")?),
        attempt: attempt(row)?,
        epoch: row.int("epoch")?,
    })
}
