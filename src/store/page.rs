//! The items of a fetched page, written in one transaction: many new ones at once, and alone what cannot go with others.
//!
//! Promises: an item that loses or breaks does not keep the others. References follow the order of the
//! page.

use super::commit::{insert_all, write_alone, write_rows};
use super::dialect::{Dialect, Fields, composed};
use super::prepared::Prepared;
use super::sql::{Args, all, run, unavailable};
use crate::app::ports::{CommitError, Committed, Reference, StoreError};
use std::collections::HashSet;

/// How many are written at once: as many as the largest statement has rows.
const AT_ONCE: usize = 128;

type Outcome = Result<Committed, CommitError>;

/// Writes the items of a page, in order.
pub(super) async fn write_page<DB: Dialect>(
    conn: &mut DB::Connection,
    items: Vec<Result<Prepared, StoreError>>,
) -> Result<Vec<Outcome>, StoreError> {
    let mut outcomes = Vec::with_capacity(items.len());
    let mut waiting: Vec<Prepared> = Vec::new();
    let mut ids = HashSet::new();
    for item in items {
        match item {
            Ok(one) if goes_with(&one, &waiting, &ids) => {
                ids.insert(one.external_id.clone());
                waiting.push(one);
                if waiting.len() == AT_ONCE {
                    outcomes.extend(write_some::<DB>(conn, &waiting).await?);
                    waiting.clear();
                    ids.clear();
                }
            }
            other => {
                outcomes.extend(write_some::<DB>(conn, &waiting).await?);
                waiting.clear();
                ids.clear();
                outcomes.push(match other {
                    Ok(one) => write_item::<DB>(conn, &one).await?,
                    Err(error) => Err(error.into()),
                });
            }
        }
    }
    outcomes.extend(write_some::<DB>(conn, &waiting).await?);
    Ok(outcomes)
}

/// Only what is new, each of its own, and known by nothing else can be written without a look at each.
fn goes_with(one: &Prepared, waiting: &[Prepared], ids: &HashSet<String>) -> bool {
    one.expected == 0
        && one.command_key.is_none()
        && !ids.contains(&one.external_id)
        && waiting
            .first()
            .is_none_or(|first| first.source == one.source)
}

async fn write_some<DB: Dialect>(
    conn: &mut DB::Connection,
    some: &[Prepared],
) -> Result<Vec<Outcome>, StoreError> {
    if some.len() > 1 {
        mark::<DB>(conn, "savepoint items").await?;
        let written = write_together::<DB>(conn, some).await;
        if written.is_err() {
            mark::<DB>(conn, "rollback to savepoint items").await?;
        }
        mark::<DB>(conn, "release savepoint items").await?;
        if let Ok(outcomes) = written {
            return Ok(outcomes);
        }
    }
    let mut outcomes = Vec::with_capacity(some.len());
    for one in some {
        outcomes.push(write_item::<DB>(conn, one).await?);
    }
    Ok(outcomes)
}

/// Writes new items together; after an error nothing of them is to stand.
async fn write_together<DB: Dialect>(
    conn: &mut DB::Connection,
    some: &[Prepared],
) -> Result<Vec<Outcome>, CommitError> {
    let known = known::<DB>(conn, some).await?;
    let new: Vec<&Prepared> = some
        .iter()
        .filter(|one| !known.contains(&one.external_id))
        .collect();
    let references = match new.len() {
        0 => Vec::new(),
        n => DB::references(conn, n).await.map_err(unavailable)?,
    };
    let winners: Vec<(&Prepared, i64)> = new.into_iter().zip(references).collect();
    let inserted = insert_all::<DB>(conn, &winners)
        .await
        .map_err(unavailable)?;
    if inserted < winners.len() as u64 {
        return Err(CommitError::Conflict);
    }
    write_rows::<DB>(conn, &winners)
        .await
        .map_err(unavailable)?;
    let mut winners = winners.into_iter();
    let outcomes = some.iter().map(|one| {
        if known.contains(&one.external_id) {
            return Err(CommitError::Conflict);
        }
        let (_, reference) = winners.next().ok_or(CommitError::Conflict)?;
        Ok(Committed {
            reference: Reference(reference),
            seq: u64::try_from(one.seq).unwrap_or_default(),
        })
    });
    Ok(outcomes.collect())
}

async fn known<DB: Dialect>(
    conn: &mut DB::Connection,
    some: &[Prepared],
) -> Result<HashSet<String>, StoreError> {
    let source = some.first().map_or("", |first| first.source.as_str());
    let mut sql = "select external_id from inquiries where source = ".to_owned();
    DB::mark(1, &mut sql);
    sql.push_str(" and external_id in (");
    let mut args = Args::<DB>::new().text(source);
    for (n, one) in some.iter().enumerate() {
        if n > 0 {
            sql.push(',');
        }
        DB::mark(n + 2, &mut sql);
        args = args.text(&one.external_id);
    }
    sql.push(')');
    let rows = all(conn, composed(sql), args).await.map_err(unavailable)?;
    rows.iter().map(|row| row.text("external_id")).collect()
}

/// Writes one item; if it loses or breaks, only it never was.
async fn write_item<DB: Dialect>(
    conn: &mut DB::Connection,
    one: &Prepared,
) -> Result<Outcome, StoreError> {
    mark::<DB>(conn, "savepoint item").await?;
    let answer = write_alone::<DB>(conn, one).await;
    if answer.is_err() {
        mark::<DB>(conn, "rollback to savepoint item").await?;
    }
    mark::<DB>(conn, "release savepoint item").await?;
    Ok(answer)
}

async fn mark<DB: Dialect>(conn: &mut DB::Connection, sql: &'static str) -> Result<(), StoreError> {
    run(conn, sql, Args::<DB>::new())
        .await
        .map(drop)
        .map_err(unavailable)
}
