//! The channels of the built-in desk. Every post or revision takes the next stamp of one counter, whose row
//! is held until the commit: whoever has read up to a stamp has missed nothing below it.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::group::{Tx, Work};
use super::sql::{Args, all, commit, from_json, lose, pieces, run, to_json, unavailable};
use crate::app::ports::{DeskBody, DeskPost, DeskPosts, StoreError};
use crate::domain::ids::InquiryId;
use crate::time::from_ms;
use async_trait::async_trait;

const STAMP: &str = "update counters set value = value + 1 where name = 'desk' returning value";
const INSERT: &str = "insert into desk_posts (id, pos, stamp, channel, inquiry, in_thread, body, key, at_ms) \
    values ($1, $2, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing";
const REVISE: &str = "update desk_posts set body = $1, stamp = $2 where id = $3";
const SELECT: &str =
    "select id, pos, stamp, channel, inquiry, in_thread, body, key, at_ms from desk_posts";
const BY_KEY: &str = " where key = $1";
const BY_ID: &str = " where id = $1";
const OF_CHANNEL: &str = " where channel = $1 and in_thread = 0 order by pos desc limit $2";
const OF_THREAD: &str = " where inquiry = $1 and in_thread = 1 order by pos";
const SINCE: &str = " where stamp > $1 order by stamp limit $2";
const NEWEST: &str = "select coalesce(max(stamp), 0) as stamp from desk_posts";

#[async_trait]
impl<DB: Dialect> DeskPosts for SqlStore<DB> {
    async fn desk_post(&self, post: DeskPost) -> Result<DeskPost, StoreError> {
        let new = post;
        let work = move |mut tx: Tx<DB>| -> Work<DeskPost> {
            Box::pin(async move {
                let stamp = next_stamp::<DB>(&mut tx).await?;
                let args = Args::<DB>::new()
                    .text(&new.id)
                    .int(stamp)
                    .text(&new.channel)
                    .maybe_text(new.inquiry.as_ref().map(InquiryId::as_str))
                    .int(i64::from(new.in_thread))
                    .text(to_json(&new.body))
                    .text(&new.key)
                    .at(new.at);
                let added = run::<DB>(&mut tx, INSERT, args)
                    .await
                    .map_err(unavailable)?;
                let mut posted = DeskPost {
                    stamp,
                    posted: stamp,
                    ..new
                };
                if added == 0 {
                    let args = Args::<DB>::new().text(&posted.key);
                    let known = all::<DB>(&mut tx, pieces(&[SELECT, BY_KEY]), args).await;
                    let known = known.map_err(unavailable)?;
                    let known = known.first().map(desk_post);
                    posted = known.unwrap_or_else(|| {
                        Err(StoreError::Unreadable(
                            "a post that was there is gone".to_owned(),
                        ))
                    })?;
                }
                // Also of one that was there: whoever posted it may share this transaction, and it is not told before it
                // is durable.
                commit(tx).await?;
                Ok(posted)
            })
        };
        self.writes.with(work).await
    }

    async fn desk_revise(&self, id: &str, body: &DeskBody) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let stamp = next_stamp::<DB>(&mut tx).await?;
        let args = Args::<DB>::new().text(to_json(body)).int(stamp).text(id);
        if run::<DB>(&mut tx, REVISE, args)
            .await
            .map_err(unavailable)?
            == 0
        {
            return lose(tx, false).await;
        }
        commit(tx).await?;
        Ok(true)
    }

    async fn desk_get(&self, id: &str) -> Result<Option<DeskPost>, StoreError> {
        let found = self.posts(BY_ID, Args::new().text(id)).await?;
        Ok(found.into_iter().next())
    }

    async fn desk_find(&self, key: &str) -> Result<Option<DeskPost>, StoreError> {
        let found = self.posts(BY_KEY, Args::new().text(key)).await?;
        Ok(found.into_iter().next())
    }

    async fn desk_channel(&self, channel: &str, limit: u32) -> Result<Vec<DeskPost>, StoreError> {
        let args = Args::new().text(channel).int(i64::from(limit));
        let mut found = self.posts(OF_CHANNEL, args).await?;
        found.reverse();
        Ok(found)
    }

    async fn desk_thread(&self, inquiry: &InquiryId) -> Result<Vec<DeskPost>, StoreError> {
        self.posts(OF_THREAD, Args::new().text(inquiry.as_str()))
            .await
    }

    async fn desk_since(&self, stamp: i64, limit: u32) -> Result<Vec<DeskPost>, StoreError> {
        self.posts(SINCE, Args::new().int(stamp).int(i64::from(limit)))
            .await
    }

    async fn desk_stamp(&self) -> Result<i64, StoreError> {
        let rows = self.read(NEWEST, Args::new()).await?;
        rows.first().map_or(Ok(0), |row| row.int("stamp"))
    }
}

impl<DB: Dialect> SqlStore<DB> {
    async fn posts(
        &self,
        which: &'static str,
        args: Args<DB>,
    ) -> Result<Vec<DeskPost>, StoreError> {
        let rows = self.read(pieces(&[SELECT, which]), args).await?;
        rows.iter().map(desk_post).collect()
    }
}

async fn next_stamp<DB: Dialect>(conn: &mut DB::Connection) -> Result<i64, StoreError> {
    let rows = all(conn, STAMP, Args::<DB>::new())
        .await
        .map_err(unavailable)?;
    rows.first()
        .ok_or_else(|| StoreError::Unreadable("the counter of the desk is missing".to_owned()))?
        .int("value")
}

fn desk_post<R: Fields>(row: &R) -> Result<DeskPost, StoreError> {
    let id = row.text("id")?;
    Ok(DeskPost {
        channel: row.text("channel")?,
        inquiry: row.maybe_text("inquiry")?.map(Into::into),
        in_thread: row.int("in_thread")? != 0,
        body: from_json(&format!("desk post {id}"), &row.text("body")?)?,
        key: row.text("key")?,
        at: from_ms(row.int("at_ms")?),
        stamp: row.int("stamp")?,
        posted: row.int("pos")?,
        id,
    })
}
