//! What intake keeps of items beside their inquiries, read and written for many at once.
//!
//! Promises: a page of items that are known costs one statement for some hundred of them. Leaves out what is news.

use super::SqlStore;
use super::dialect::{Dialect, Fields, composed};
use super::inquiries::stored;
use super::sql::{Args, Insert, all, commit, count, run, unavailable};
use crate::app::ports::{KnownItem, Missing, SeenMark, StoreError};
use crate::domain::ids::{InquiryId, SourceId};
use crate::time::{Timestamp, from_ms};
use std::collections::{HashMap, HashSet};

/// How many items one statement asks for.
const AT_ONCE: usize = 500;
/// How many one transaction writes: whoever else writes waits for it.
const TOGETHER: usize = 1_000;

const MARKS: &str =
    "select external_id, source_mark from inquiries where source_mark is not null and source = ";
const KNOWN: &str =
    "select ref_no, deadline_at_ms, doc, external_id, source_seen from inquiries where source = ";
const MARK: &str = "update inquiries set source_seen = coalesce($1, source_seen), source_mark = $2 \
    where id = $3 and version = $4 and coalesce(source_seen, '') = $5";
const OPEN_THERE: &str = "select external_id, id from inquiries where source = $1 and there = 'open' order by external_id";
const MISSING: &str = "select external_id, looks, since_ms from source_missing where source = $1 order by external_id";
const FOUND: &str = "delete from source_missing where source = $1 and external_id = $2";
static MISSED: Insert = Insert::new(
    "insert into source_missing (source, external_id, looks, since_ms)",
    4,
    "on conflict (source, external_id) do update set looks = source_missing.looks + 1",
);

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn marks_of(
        &self,
        source: &SourceId,
        ids: &[String],
    ) -> Result<HashMap<String, String>, StoreError> {
        let mut marks = HashMap::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            for row in self.items(MARKS, source, some).await? {
                marks.insert(row.text("external_id")?, row.text("source_mark")?);
            }
        }
        Ok(marks)
    }

    pub(super) async fn known_of(
        &self,
        source: &SourceId,
        ids: &[String],
    ) -> Result<HashMap<String, KnownItem>, StoreError> {
        let mut known = HashMap::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            for row in self.items(KNOWN, source, some).await? {
                let item = KnownItem {
                    stored: stored(&row)?,
                    seen: row.maybe_text("source_seen")?,
                };
                known.insert(row.text("external_id")?, item);
            }
        }
        Ok(known)
    }

    /// The rows of items of a source, whichever of them there are.
    async fn items(
        &self,
        select: &str,
        source: &SourceId,
        ids: &[String],
    ) -> Result<Vec<DB::Row>, StoreError> {
        let mut sql = select.to_owned();
        DB::mark(1, &mut sql);
        sql.push_str(" and external_id in (");
        let mut args = Args::<DB>::new().text(source.as_str());
        for (n, id) in ids.iter().enumerate() {
            if n > 0 {
                sql.push(',');
            }
            DB::mark(n + 2, &mut sql);
            args = args.text(id);
        }
        sql.push(')');
        self.read(composed(sql), args).await
    }

    pub(super) async fn mark(&self, marks: Vec<SeenMark>) -> Result<Vec<bool>, StoreError> {
        let mut outcomes = Vec::with_capacity(marks.len());
        for some in marks.chunks(TOGETHER) {
            let mut tx = self.begin().await?;
            for SeenMark {
                inquiry,
                version,
                write,
            } in some
            {
                let args = Args::<DB>::new()
                    .maybe_text(write.seen.as_ref())
                    .maybe_text(write.mark.as_ref())
                    .text(inquiry.as_str())
                    .seq(*version)
                    .text(write.expected.as_deref().unwrap_or_default());
                let touched = run::<DB>(&mut tx, MARK, args).await.map_err(unavailable)?;
                outcomes.push(touched > 0);
            }
            commit(tx).await?;
        }
        Ok(outcomes)
    }

    pub(super) async fn items_open_there(
        &self,
        source: &SourceId,
    ) -> Result<Vec<(String, InquiryId)>, StoreError> {
        let rows = self
            .read(OPEN_THERE, Args::new().text(source.as_str()))
            .await?;
        rows.iter()
            .map(|row| Ok((row.text("external_id")?, row.text("id")?.into())))
            .collect()
    }

    pub(super) async fn missed(
        &self,
        source: &SourceId,
        ids: &[String],
        now: Timestamp,
    ) -> Result<Vec<Missing>, StoreError> {
        let known = self.missing(source).await?;
        if ids.is_empty() && known.is_empty() {
            return Ok(Vec::new());
        }
        let still: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let mut tx = self.begin().await?;
        for found in known
            .iter()
            .filter(|known| !still.contains(known.external_id.as_str()))
        {
            let args = Args::<DB>::new()
                .text(source.as_str())
                .text(&found.external_id);
            run::<DB>(&mut tx, FOUND, args).await.map_err(unavailable)?;
        }
        MISSED
            .run::<DB, _>(&mut tx, ids.iter().collect(), |args, id| {
                args.text(source.as_str()).text(id).int(1).at(now)
            })
            .await
            .map_err(unavailable)?;
        let args = Args::<DB>::new().text(source.as_str());
        let rows = all::<DB>(&mut tx, MISSING, args)
            .await
            .map_err(unavailable)?;
        let missing = rows.iter().map(missing_row).collect();
        commit(tx).await?;
        missing
    }

    async fn missing(&self, source: &SourceId) -> Result<Vec<Missing>, StoreError> {
        let rows = self
            .read(MISSING, Args::new().text(source.as_str()))
            .await?;
        rows.iter().map(missing_row).collect()
    }
}

fn missing_row<R: Fields>(row: &R) -> Result<Missing, StoreError> {
    Ok(Missing {
        external_id: row.text("external_id")?,
        looks: u32::try_from(count(row.int("looks")?)).unwrap_or(u32::MAX),
        since: from_ms(row.int("since_ms")?),
    })
}
