//! What intake keeps beside inquiries: unreadable documents, and what pollers know, committed with their page.

use super::SqlStore;
use super::dialect::{Dialect, Fields, composed};
use super::outbox::{OutboxValues, insert_outbox};
use super::page::write_page;
use super::prepared::Prepared;
use super::sql::{Args, Insert, commit, pieces, run, to_json, unavailable};
use crate::app::ports::{
    Changes, CommitError, Committed, Intake, KnownItem, Missing, NewOutbox, SeenMark, SourceRow,
    SourceState, SourceTally, StoreError, Unreadable,
};
use crate::domain::breaker::Breaker;
use crate::domain::ids::{InquiryId, SourceId};
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;
use std::collections::HashMap;

static KEEP: Insert = Insert::new(
    "insert into unreadables (id, source, at_ms, why, reason, body, replayed_at_ms)",
    7,
    "on conflict (id) do update set at_ms = excluded.at_ms, why = excluded.why, reason = excluded.reason, \
     body = excluded.body, replayed_at_ms = null where unreadables.replayed_at_ms is not null",
);
const KNOWN: &str = "select id, replayed_at_ms from unreadables where id in (";
/// How many documents one statement asks for.
const AT_ONCE: usize = 500;
const WAITING: &str = " where source = $1 and replayed_at_ms is null and (at_ms > $2 or (at_ms = $2 and id > $3)) \
    order by at_ms, id limit $4";
const SELECT: &str = "select id, source, at_ms, why, reason, body, replayed_at_ms from unreadables";
const BY_ID: &str = " where id = $1";
const NEWEST: &str =
    " order by case when replayed_at_ms is null then 0 else 1 end, at_ms desc, id desc limit $1";
const REPLAYED: &str = "update unreadables set replayed_at_ms = $1 where id = $2";
const OF_SOURCE: &str = " where source = $1";
const NEWEST_OF: &str =
    " order by case when replayed_at_ms is null then 0 else 1 end, at_ms desc, id desc limit $2";
const STATES: &str = "select source, since_ms, cursor, etag, last_modified, asked, held_polls, held_since_ms, held_told_at_ms, failures, last_error, last_ok_at_ms, polled_at_ms, \
    failing_since_ms, opened_at_ms, rest_until_ms, last_item_at_ms, skew_ms, skewed_since_ms, delivered_at_ms, \
    refused_at_ms, refusal from sources";
const IN_ORDER: &str = " order by source";
const FIRST_SEEN: &str = "insert into sources (source, since_ms) values ($1, $2) \
    on conflict (source) do update set since_ms = coalesce(sources.since_ms, excluded.since_ms)";
/// `since` is said once and for all.
const PUT_STATE: &str = "insert into sources (source, since_ms, cursor, etag, last_modified, failures, last_error, \
    last_ok_at_ms, polled_at_ms, failing_since_ms, opened_at_ms, rest_until_ms, last_item_at_ms, skew_ms, \
    skewed_since_ms, asked, held_polls, held_since_ms, held_told_at_ms) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
    on conflict (source) do update set \
    since_ms = coalesce(sources.since_ms, excluded.since_ms), cursor = excluded.cursor, etag = excluded.etag, \
    last_modified = excluded.last_modified, failures = excluded.failures, last_error = excluded.last_error, \
    last_ok_at_ms = excluded.last_ok_at_ms, polled_at_ms = excluded.polled_at_ms, \
    failing_since_ms = excluded.failing_since_ms, opened_at_ms = excluded.opened_at_ms, \
    rest_until_ms = excluded.rest_until_ms, last_item_at_ms = excluded.last_item_at_ms, skew_ms = excluded.skew_ms, \
    skewed_since_ms = excluded.skewed_since_ms, asked = excluded.asked, held_polls = excluded.held_polls, \
    held_since_ms = excluded.held_since_ms, held_told_at_ms = excluded.held_told_at_ms";
const DELIVERED: &str = "insert into sources (source, delivered_at_ms) values ($1, $2) \
    on conflict (source) do update set delivered_at_ms = excluded.delivered_at_ms";
const REFUSED: &str = "insert into sources (source, refused_at_ms, refusal) values ($1, $2, $3) \
    on conflict (source) do update set refused_at_ms = excluded.refused_at_ms, refusal = excluded.refusal";
const RECEIVED: &str = "select source, count(*) as n, max(received_at_ms) as last_ms from inquiries \
    where received_at_ms >= $1 group by source";
const UNREAD: &str =
    "select source, count(*) as n from unreadables where replayed_at_ms is null group by source";

#[async_trait]
impl<DB: Dialect> Intake for SqlStore<DB> {
    async fn keep_unreadables(
        &self,
        mut documents: Vec<Unreadable>,
        told: Vec<NewOutbox>,
    ) -> Result<(), StoreError> {
        // In one order for everybody, so that two pages wait for each other instead of for ever; and each once.
        documents.sort_by(|a, b| a.id.cmp(&b.id));
        documents.dedup_by(|a, b| a.id == b.id);
        let told: Vec<_> = told.into_iter().map(OutboxValues::new).collect();
        let mut tx = self.begin().await?;
        KEEP.run::<DB, _>(&mut tx, documents, |args, document| {
            args.text(document.id)
                .text(document.source)
                .at(document.at)
                .text(document.why)
                .maybe_text(document.reason.map(|reason| to_json(&reason)))
                .text(document.body)
                .maybe_at(document.replayed_at)
        })
        .await
        .map_err(unavailable)?;
        insert_outbox::<DB>(&mut tx, told.iter().collect())
            .await
            .map_err(unavailable)?;
        commit(tx).await
    }

    async fn unreadables_known(
        &self,
        ids: &[String],
    ) -> Result<HashMap<String, Option<Timestamp>>, StoreError> {
        let mut known = HashMap::new();
        for some in ids.chunks(AT_ONCE) {
            let mut sql = KNOWN.to_owned();
            let mut args = Args::<DB>::new();
            for (n, id) in some.iter().enumerate() {
                if n > 0 {
                    sql.push(',');
                }
                DB::mark(n + 1, &mut sql);
                args = args.text(id);
            }
            sql.push(')');
            for row in self.read(composed(sql), args).await? {
                let replayed_at = row.maybe_int("replayed_at_ms")?.map(from_ms);
                known.insert(row.text("id")?, replayed_at);
            }
        }
        Ok(known)
    }

    async fn unreadables_waiting(
        &self,
        source: &SourceId,
        after: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<Unreadable>, StoreError> {
        let args = Args::new().text(source.as_str());
        let args = match after {
            Some((at, id)) => args.at(at).text(id),
            None => args.int(i64::MIN).text(""),
        };
        let args = args.int(i64::from(limit));
        let rows = self.read(pieces(&[SELECT, WAITING]), args).await?;
        rows.iter().map(unreadable).collect()
    }

    async fn unreadable(&self, id: &str) -> Result<Option<Unreadable>, StoreError> {
        let rows = self
            .read(pieces(&[SELECT, BY_ID]), Args::new().text(id))
            .await?;
        rows.first().map(unreadable).transpose()
    }

    async fn unreadables(&self, limit: u32) -> Result<Vec<Unreadable>, StoreError> {
        let args = Args::new().int(i64::from(limit));
        let rows = self.read(pieces(&[SELECT, NEWEST]), args).await?;
        rows.iter().map(unreadable).collect()
    }

    async fn replayed(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.write(REPLAYED, Args::new().at(at).text(id)).await? > 0)
    }

    async fn unreadables_of(
        &self,
        source: &SourceId,
        limit: u32,
    ) -> Result<Vec<Unreadable>, StoreError> {
        let args = Args::new().text(source.as_str()).int(i64::from(limit));
        let rows = self
            .read(pieces(&[SELECT, OF_SOURCE, NEWEST_OF]), args)
            .await?;
        rows.iter().map(unreadable).collect()
    }

    async fn sources_known(&self) -> Result<Vec<SourceRow>, StoreError> {
        let rows = self.read(pieces(&[STATES, IN_ORDER]), Args::new()).await?;
        rows.iter().map(source_row).collect()
    }

    async fn source_tallies(
        &self,
        from: Timestamp,
    ) -> Result<HashMap<SourceId, SourceTally>, StoreError> {
        let mut tallies: HashMap<SourceId, SourceTally> = HashMap::new();
        for row in self.read(RECEIVED, Args::new().at(from)).await? {
            let tally = tallies.entry(row.text("source")?.into()).or_default();
            tally.received = count(&row)?;
            tally.last_received_at = row.maybe_int("last_ms")?.map(from_ms);
        }
        for row in self.read(UNREAD, Args::new()).await? {
            let tally = tallies.entry(row.text("source")?.into()).or_default();
            tally.unreadable = count(&row)?;
        }
        Ok(tallies)
    }

    async fn note_delivery(
        &self,
        source: &SourceId,
        at: Timestamp,
        refusal: Option<&str>,
    ) -> Result<(), StoreError> {
        let args = Args::new().text(source.as_str()).at(at);
        match refusal {
            None => self.write(DELIVERED, args).await.map(drop),
            Some(why) => self.write(REFUSED, args.text(why)).await.map(drop),
        }
    }

    async fn source_state(
        &self,
        source: &SourceId,
        now: Timestamp,
    ) -> Result<SourceState, StoreError> {
        if let Some(state) = self.known_source(source).await?
            && state.since.is_some()
        {
            return Ok(state);
        }
        let args = Args::new().text(source.as_str()).at(now);
        self.write(FIRST_SEEN, args).await?;
        Ok(self.known_source(source).await?.unwrap_or_default())
    }

    async fn commit_page(
        &self,
        source: &SourceId,
        state: &SourceState,
        changes: Vec<Changes>,
    ) -> Result<Vec<Result<Committed, CommitError>>, StoreError> {
        let items: Vec<_> = changes.into_iter().map(Prepared::new).collect();
        let mut tx = self.begin().await?;
        let answers = write_page::<DB>(&mut tx, items).await?;
        // The cursor never passes an item that is not in.
        let is_in = |answer: &Result<Committed, CommitError>| match answer {
            Ok(_) | Err(CommitError::Repeated { .. }) => true,
            Err(CommitError::Conflict | CommitError::Store(_)) => false,
        };
        if answers.iter().all(is_in) {
            let args = put_state::<DB>(source, state);
            run::<DB>(&mut tx, PUT_STATE, args)
                .await
                .map_err(unavailable)?;
        }
        commit(tx).await?;
        Ok(answers)
    }

    async fn marks(
        &self,
        source: &SourceId,
        external_ids: &[String],
    ) -> Result<HashMap<String, String>, StoreError> {
        self.marks_of(source, external_ids).await
    }

    async fn known(
        &self,
        source: &SourceId,
        external_ids: &[String],
    ) -> Result<HashMap<String, KnownItem>, StoreError> {
        self.known_of(source, external_ids).await
    }

    async fn mark_seen(&self, marks: Vec<SeenMark>) -> Result<Vec<bool>, StoreError> {
        self.mark(marks).await
    }

    async fn open_there(&self, source: &SourceId) -> Result<Vec<(String, InquiryId)>, StoreError> {
        self.items_open_there(source).await
    }

    async fn note_missing(
        &self,
        source: &SourceId,
        external_ids: &[String],
        now: Timestamp,
    ) -> Result<Vec<Missing>, StoreError> {
        self.missed(source, external_ids, now).await
    }
}

impl<DB: Dialect> SqlStore<DB> {
    async fn known_source(&self, source: &SourceId) -> Result<Option<SourceState>, StoreError> {
        let args = Args::new().text(source.as_str());
        let rows = self.read(pieces(&[STATES, OF_SOURCE]), args).await?;
        rows.first().map(source_state).transpose()
    }
}

fn count<R: Fields>(row: &R) -> Result<u64, StoreError> {
    Ok(u64::try_from(row.int("n")?).unwrap_or_default())
}

fn source_row<R: Fields>(row: &R) -> Result<SourceRow, StoreError> {
    Ok(SourceRow {
        source: row.text("source")?.into(),
        state: source_state(row)?,
        delivered_at: row.maybe_int("delivered_at_ms")?.map(from_ms),
        refused_at: row.maybe_int("refused_at_ms")?.map(from_ms),
        refusal: row.maybe_text("refusal")?,
    })
}

fn put_state<DB: Dialect>(source: &SourceId, state: &SourceState) -> Args<DB> {
    Args::new()
        .text(source.as_str())
        .maybe_at(state.since)
        .maybe_text(state.cursor.as_ref())
        .maybe_text(state.etag.as_ref())
        .maybe_text(state.last_modified.as_ref())
        .int(i64::from(state.failures))
        .maybe_text(state.last_error.as_ref())
        .maybe_at(state.last_ok_at)
        .maybe_at(state.polled_at)
        .maybe_at(state.failing_since)
        .maybe_at(state.opened_at)
        .maybe_at(state.rest_until)
        .maybe_at(state.last_item_at)
        .maybe_int(state.skew_ms)
        .maybe_at(state.skewed_since)
        .maybe_text(state.asked.as_ref())
        .int(i64::from(state.held.failures))
        .maybe_at(state.held.failing_since)
        .maybe_at(state.held.opened_at)
}

fn source_state<R: Fields>(row: &R) -> Result<SourceState, StoreError> {
    let at = |column: &str| Ok::<_, StoreError>(row.maybe_int(column)?.map(from_ms));
    Ok(SourceState {
        since: at("since_ms")?,
        cursor: row.maybe_text("cursor")?,
        etag: row.maybe_text("etag")?,
        last_modified: row.maybe_text("last_modified")?,
        failures: u32::try_from(row.int("failures")?).unwrap_or(u32::MAX),
        last_error: row.maybe_text("last_error")?,
        last_ok_at: at("last_ok_at_ms")?,
        polled_at: at("polled_at_ms")?,
        failing_since: at("failing_since_ms")?,
        opened_at: at("opened_at_ms")?,
        rest_until: at("rest_until_ms")?,
        last_item_at: at("last_item_at_ms")?,
        skew_ms: row.maybe_int("skew_ms")?,
        skewed_since: at("skewed_since_ms")?,
        asked: row.maybe_text("asked")?,
        held: Breaker {
            failures: u32::try_from(row.int("held_polls")?).unwrap_or(u32::MAX),
            failing_since: at("held_since_ms")?,
            opened_at: at("held_told_at_ms")?,
        },
        ground: String::new(),
        is_further_page: false,
    })
}

fn unreadable<R: Fields>(row: &R) -> Result<Unreadable, StoreError> {
    Ok(Unreadable {
        id: row.text("id")?,
        source: row.text("source")?.into(),
        at: from_ms(row.int("at_ms")?),
        why: row.text("why")?,
        reason: row
            .maybe_text("reason")?
            .and_then(|reason| serde_json::from_str(&reason).ok()),
        body: row.text("body")?,
        replayed_at: row.maybe_int("replayed_at_ms")?.map(from_ms),
    })
}
