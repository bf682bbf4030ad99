//! Calendars of others: the last good copy of each.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::Args;
use crate::app::ports::{FeedRow, Feeds, StoreError};
use crate::time::from_ms;
use async_trait::async_trait;

const FEED: &str = "select url, body, etag, last_modified, fetched_at_ms, checked_at_ms, problem from feeds where url = $1";
const KEEP: &str = "insert into feeds (url, body, etag, last_modified, fetched_at_ms, checked_at_ms, problem) \
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (url) do update set body = excluded.body, etag = excluded.etag, \
    last_modified = excluded.last_modified, fetched_at_ms = excluded.fetched_at_ms, \
    checked_at_ms = excluded.checked_at_ms, problem = excluded.problem";

#[async_trait]
impl<DB: Dialect> Feeds for SqlStore<DB> {
    async fn feed(&self, url: &str) -> Result<Option<FeedRow>, StoreError> {
        let rows = self.read(FEED, Args::new().text(url)).await?;
        rows.first().map(feed_row).transpose()
    }

    async fn keep_feed(&self, row: FeedRow) -> Result<(), StoreError> {
        let args = Args::new()
            .text(row.url)
            .text(row.body)
            .maybe_text(row.etag)
            .maybe_text(row.last_modified)
            .at(row.fetched_at)
            .at(row.checked_at)
            .maybe_text(row.problem);
        self.write(KEEP, args).await.map(drop)
    }
}

fn feed_row<R: Fields>(row: &R) -> Result<FeedRow, StoreError> {
    Ok(FeedRow {
        url: row.text("url")?,
        body: row.text("body")?,
        etag: row.maybe_text("etag")?,
        last_modified: row.maybe_text("last_modified")?,
        fetched_at: from_ms(row.int("fetched_at_ms")?),
        checked_at: from_ms(row.int("checked_at_ms")?),
        problem: row.maybe_text("problem")?,
    })
}
