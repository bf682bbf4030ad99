//! Inquiries, their ledger and their words.

use super::commit::write_alone;
use super::dialect::{Dialect, Fields, composed};
use super::prepared::Prepared;
use super::sql::{Args, commit, count, from_json, lose, pieces};
use super::{Route, SqlStore, batch};
use crate::app::ledger::from_stored;
use crate::app::ports::{
    Changes, CommitError, Committed, Inquiries, ListFilter, Reference, StoreError, Stored,
};
use crate::domain::ids::{InquiryId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{Entry, PolicyHash};
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;
use std::collections::HashMap;
use std::fmt::Write;
use tokio::sync::oneshot;

const SELECT: &str = "select ref_no, deadline_at_ms, doc from inquiries";
const IN_ORDER: &str = " order by deadline_at_ms asc nulls last, ref_no";
const NEWEST_FIRST: &str = " order by ref_no desc";
const BY_ID: &str = " where id = $1";
const BY_REFERENCE: &str = " where ref_no = $1";
const BY_EXTERNAL: &str = " where source = $1 and external_id = $2";
const BY_PORTAL_KEY: &str = " where portal_key = $1";
const BY_COMMAND_KEY: &str = "select inquiry, ref_no from command_keys where key = $1";
const COUNT: &str = "select count(*) as n from inquiries";
const POLICIES: &str = "select distinct queue, policy from inquiries where stage in ('active', 'waiting') order by queue, policy";
const UNDER: &str = "select id from inquiries where stage in ('active', 'waiting') and queue = $1 and policy = $2 \
    and id > $3 order by id limit $4";
/// Those after an inquiry of the window; without one, from its beginning.
const BETWEEN: &str = "select id, ref_no from inquiries where (received_at_ms, id) > \
    (coalesce((select received_at_ms from inquiries where id = $3), $1), $3) and received_at_ms < $2 \
    order by received_at_ms, id limit $4";
const LEDGER: &str = "select inquiry, seq, at_ms, actor, via, kind, v, body from events where inquiry = $1 order by seq";

#[async_trait]
impl<DB: Dialect> Inquiries for SqlStore<DB> {
    async fn commit(&self, changes: Changes) -> Result<Committed, CommitError> {
        let one = Prepared::new(changes)?;
        match &self.route {
            Route::Alone => self.commit_alone(&one).await,
            Route::Batched(writer) => {
                let door = writer
                    .lock()
                    .expect("nobody panics while holding the door")
                    .as_ref()
                    .map(|writer| writer.door.clone())
                    .ok_or_else(closed)?;
                let (tell, told) = oneshot::channel();
                door.send(batch::Waiting { one, tell })
                    .await
                    .map_err(|_| closed())?;
                told.await.map_err(|_| {
                    StoreError::Unknown("the writer ended before it answered".to_owned())
                })?
            }
        }
    }

    async fn commit_together(&self, changes: Vec<Changes>) -> Result<Vec<Committed>, CommitError> {
        let ones = changes.into_iter().map(Prepared::new);
        let ones = ones.collect::<Result<Vec<_>, _>>()?;
        let mut tx = self.begin().await?;
        let mut committed = Vec::with_capacity(ones.len());
        for one in &ones {
            match write_alone::<DB>(&mut tx, one).await {
                Ok(one) => committed.push(one),
                Err(lost) => return Err(lose(tx, lost).await?),
            }
        }
        commit(tx).await?;
        Ok(committed)
    }

    async fn inquiry(&self, id: &InquiryId) -> Result<Option<Stored>, StoreError> {
        self.find(BY_ID, Args::new().text(id.as_str())).await
    }

    async fn by_reference(&self, reference: Reference) -> Result<Option<Stored>, StoreError> {
        self.find(BY_REFERENCE, Args::new().int(reference.0)).await
    }

    async fn by_external(
        &self,
        source: &SourceId,
        external_id: &str,
    ) -> Result<Option<Stored>, StoreError> {
        let args = Args::new().text(source.as_str()).text(external_id);
        self.find(BY_EXTERNAL, args).await
    }

    async fn by_portal_key(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        self.find(BY_PORTAL_KEY, Args::new().text(key)).await
    }

    async fn by_command_key(
        &self,
        key: &str,
    ) -> Result<Option<(InquiryId, Reference)>, StoreError> {
        let rows = self.read(BY_COMMAND_KEY, Args::new().text(key)).await?;
        rows.first()
            .map(|row| {
                Ok((
                    InquiryId::from(row.text("inquiry")?),
                    Reference(row.int("ref_no")?),
                ))
            })
            .transpose()
    }

    async fn list(&self, filter: &ListFilter) -> Result<Vec<Stored>, StoreError> {
        let (found, args) = conditions::<DB>(filter);
        let limit = i64::from(filter.limit.clamp(1, 500));
        let in_order = match filter.text {
            Some(_) => NEWEST_FIRST,
            None => IN_ORDER,
        };
        let sql = format!(
            "{SELECT}{found}{in_order} limit {limit} offset {}",
            filter.offset
        );
        let rows = self.read(composed(sql), args).await?;
        rows.iter().map(stored).collect()
    }

    async fn every(&self, filter: &ListFilter) -> Result<Vec<Stored>, StoreError> {
        let (found, args) = conditions::<DB>(filter);
        let rows = self.read(pieces(&[SELECT, &found, IN_ORDER]), args).await?;
        rows.iter().map(stored).collect()
    }

    async fn count(&self, filter: &ListFilter) -> Result<u64, StoreError> {
        let (found, args) = conditions::<DB>(filter);
        let rows = self.read(pieces(&[COUNT, &found]), args).await?;
        rows.first().map_or(Ok(0), |row| row.int("n").map(count))
    }

    async fn policies_in_use(&self) -> Result<Vec<(QueueId, PolicyHash)>, StoreError> {
        let rows = self.read(POLICIES, Args::new()).await?;
        rows.iter()
            .map(|row| Ok((row.text("queue")?.into(), PolicyHash(row.text("policy")?))))
            .collect()
    }

    async fn open_under(
        &self,
        queue: &QueueId,
        policy: &PolicyHash,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<InquiryId>, StoreError> {
        let args = Args::new()
            .text(queue.as_str())
            .text(&policy.0)
            // Every id is greater than the empty text.
            .text(after.map_or("", InquiryId::as_str))
            .int(i64::from(limit));
        let rows = self.read(UNDER, args).await?;
        rows.iter().map(|row| Ok(row.text("id")?.into())).collect()
    }

    async fn received_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<(InquiryId, Reference)>, StoreError> {
        let args = Args::new()
            .at(from)
            .at(until)
            // Every id is greater than the empty text.
            .text(after.map_or("", InquiryId::as_str))
            .int(i64::from(limit));
        let rows = self.read(BETWEEN, args).await?;
        rows.iter()
            .map(|row| Ok((row.text("id")?.into(), Reference(row.int("ref_no")?))))
            .collect()
    }

    async fn ledger(&self, id: &InquiryId) -> Result<Vec<Entry>, StoreError> {
        let rows = self.read(LEDGER, Args::new().text(id.as_str())).await?;
        rows.iter().map(entry).collect()
    }

    async fn texts(&self, ids: &[TextId]) -> Result<HashMap<TextId, String>, StoreError> {
        /// Asked for at once; more are asked for in turn.
        const MOST: usize = 500;
        let mut found = HashMap::with_capacity(ids.len());
        for some in ids.chunks(MOST) {
            let mut sql = "select id, body from texts where id in (".to_owned();
            let mut args = Args::new();
            for (n, id) in some.iter().enumerate() {
                let comma = if n == 0 { "" } else { ", " };
                write!(sql, "{comma}${}", n + 1).expect("a string takes everything");
                args = args.text(id.as_str());
            }
            sql.push(')');
            for row in self.read(composed(sql), args).await? {
                found.insert(TextId::from(row.text("id")?), row.text("body")?);
            }
        }
        Ok(found)
    }
}

impl<DB: Dialect> SqlStore<DB> {
    async fn commit_alone(&self, one: &Prepared) -> Result<Committed, CommitError> {
        let mut tx = self.begin().await?;
        match write_alone::<DB>(&mut tx, one).await {
            Ok(committed) => commit(tx).await.map(|()| committed).map_err(Into::into),
            Err(lost) => Err(lose(tx, lost).await?),
        }
    }

    async fn find(&self, by: &'static str, args: Args<DB>) -> Result<Option<Stored>, StoreError> {
        let rows = self.read(pieces(&[SELECT, by]), args).await?;
        rows.first().map(stored).transpose()
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

/// The `where` of a list, with its values. An absent field asks for everything.
fn conditions<DB: Dialect>(filter: &ListFilter) -> (String, Args<DB>) {
    let ListFilter {
        queue,
        owner,
        is_open,
        is_unclaimed,
        has_deadline,
        contract,
        text,
        received_from,
        received_until,
        limit: _,
        offset: _,
    } = filter;
    let mut wanted = Vec::new();
    let mut args = Args::new();
    let mut n = 0;
    let mut next = |sql: &str| {
        n += 1;
        format!("{sql} ${n}")
    };
    if let Some(queue) = queue {
        wanted.push(next("queue ="));
        args = args.text(queue);
    }
    if let Some(owner) = owner {
        wanted.push(next("owner ="));
        args = args.text(owner.as_str());
    }
    if let Some(contract) = contract {
        wanted.push(next("contract ="));
        args = args.text(contract);
    }
    if let Some(text) = text {
        let like = next(&format!("{} like", DB::SMALL_BODY));
        wanted.push(format!(
            "id in (select inquiry from texts where {like} escape '!')"
        ));
        args = args.text(containing(text));
    }
    if let Some(from) = received_from {
        wanted.push(next("received_at_ms >="));
        args = args.at(*from);
    }
    if let Some(until) = received_until {
        wanted.push(next("received_at_ms <"));
        args = args.at(*until);
    }
    wanted.extend(is_open.map(|is_open| {
        let words = if is_open {
            "stage in ('active', 'waiting')"
        } else {
            "stage in ('resolved', 'closed')"
        };
        words.to_owned()
    }));
    wanted.extend(is_unclaimed.map(|is_unclaimed| {
        let words = if is_unclaimed {
            "owner is null"
        } else {
            "owner is not null"
        };
        words.to_owned()
    }));
    wanted.extend(has_deadline.map(|has_deadline| {
        let words = if has_deadline {
            "deadline_at_ms is not null"
        } else {
            "deadline_at_ms is null"
        };
        words.to_owned()
    }));
    if wanted.is_empty() {
        (String::new(), args)
    } else {
        (format!(" where {}", wanted.join(" and ")), args)
    }
}

/// The pattern of what contains some words, as they are.
fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        if matches!(c, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

pub(super) fn stored<R: Fields>(row: &R) -> Result<Stored, StoreError> {
    let reference = Reference(row.int("ref_no")?);
    Ok(Stored {
        reference,
        inquiry: from_json(&reference.to_string(), &row.text("doc")?)?,
        deadline: row.maybe_int("deadline_at_ms")?.map(from_ms),
    })
}

fn entry<R: Fields>(row: &R) -> Result<Entry, StoreError> {
    let inquiry = row.text("inquiry")?;
    let seq = count(row.int("seq")?);
    let what = format!("ledger line {seq} of inquiry {inquiry}");
    let v = u32::try_from(row.int("v")?).unwrap_or(u32::MAX);
    let body = from_json(&what, &row.text("body")?)?;
    let event = from_stored(&row.text("kind")?, v, body)
        .map_err(|error| StoreError::Unreadable(format!("{what}: {error}")))?;
    Ok(Entry {
        inquiry: inquiry.into(),
        seq,
        at: from_ms(row.int("at_ms")?),
        actor: from_json(&what, &row.text("actor")?)?,
        via: row.text("via")?,
        event,
    })
}

#[cfg(test)]
mod tests;
