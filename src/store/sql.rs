//! Small pieces for writing SQL once for both databases: arguments, transactions, statements with many rows.

use super::SqlStore;
use super::dialect::{Dialect, composed};
use super::group::Tx;
use crate::app::ports::StoreError;
use crate::time::{Timestamp, ms};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};
use std::sync::{Arc, OnceLock};

/// The values of a statement, in the order of its placeholders.
pub(super) struct Args<DB: Dialect>(DB::Arguments);

impl<DB: Dialect> Args<DB> {
    pub fn new() -> Self {
        Args(DB::Arguments::default())
    }

    pub fn text(mut self, value: impl Into<String>) -> Self {
        DB::bind_text(&mut self.0, Some(value.into()));
        self
    }

    pub fn maybe_text(mut self, value: Option<impl Into<String>>) -> Self {
        DB::bind_text(&mut self.0, value.map(Into::into));
        self
    }

    pub fn int(mut self, value: i64) -> Self {
        DB::bind_int(&mut self.0, Some(value));
        self
    }

    pub fn maybe_int(mut self, value: Option<i64>) -> Self {
        DB::bind_int(&mut self.0, value);
        self
    }

    pub fn at(self, at: Timestamp) -> Self {
        self.int(ms(at))
    }

    pub fn maybe_at(self, at: Option<Timestamp>) -> Self {
        self.maybe_int(at.map(ms))
    }

    /// A ledger length; it never nears the end of the range.
    pub fn seq(self, seq: u64) -> Self {
        self.int(i64::try_from(seq).unwrap_or(i64::MAX))
    }

    pub fn done(self) -> DB::Arguments {
        self.0
    }
}

/// Runs a statement in a transaction or on a connection.
pub(super) async fn run<DB: Dialect>(
    conn: &mut DB::Connection,
    sql: impl SqlSafeStr,
    args: Args<DB>,
) -> sqlx::Result<u64> {
    DB::run(conn, sql.into_sql_str(), args.done()).await
}

/// Runs a statement and returns its rows.
pub(super) async fn all<DB: Dialect>(
    conn: &mut DB::Connection,
    sql: impl SqlSafeStr,
    args: Args<DB>,
) -> sqlx::Result<Vec<DB::Row>> {
    DB::all(conn, sql.into_sql_str(), args.done()).await
}

impl<DB: Dialect> SqlStore<DB> {
    /// Reads rows, beside whoever writes.
    pub(super) async fn read(
        &self,
        sql: impl SqlSafeStr,
        args: Args<DB>,
    ) -> Result<Vec<DB::Row>, StoreError> {
        let sql = sql.into_sql_str();
        let mut conn = self.reads.acquire().await.map_err(unavailable)?;
        DB::all(&mut conn, sql, args.done())
            .await
            .map_err(unavailable)
    }

    /// Looks, beside whoever writes, whether there is any row; the arguments are made of the lease clock. Looking for
    /// work that is not there must not keep the writer.
    pub(super) async fn is_there(
        &self,
        sql: SqlStr,
        args: impl FnOnce(i64) -> Args<DB>,
    ) -> Result<bool, StoreError> {
        let mut conn = self.reads.acquire().await.map_err(unavailable)?;
        let clock = DB::lease_now(&mut conn).await.map_err(unavailable)?;
        let rows = DB::all(&mut conn, sql, args(clock).done()).await;
        Ok(!rows.map_err(unavailable)?.is_empty())
    }

    /// Opens a transaction that writes. Dropped without [`commit`], it never was; who lost to somebody ends it by [`lose`].
    pub(super) async fn begin(&self) -> Result<Tx<DB>, StoreError> {
        self.writes.begin().await
    }

    /// Runs one statement that writes, durably.
    pub(super) async fn write(
        &self,
        sql: impl SqlSafeStr,
        args: Args<DB>,
    ) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        let mut tx = self.begin().await?;
        let touched = DB::run(&mut tx, sql, args.done())
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(touched)
    }
}

/// Ends a transaction; a lost answer is [`StoreError::Unknown`].
pub(super) async fn commit<DB: Dialect>(tx: Tx<DB>) -> Result<(), StoreError> {
    tx.commit().await
}

/// Gives up a transaction that lost to somebody, and answers `lost` once what it lost to can be read.
pub(super) async fn lose<DB: Dialect, T>(tx: Tx<DB>, lost: T) -> Result<T, StoreError> {
    tx.undo().await?;
    Ok(lost)
}

pub(super) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Reads a document of ours.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    what: &str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable(format!("{what}: {error}")))
}

/// Writes a document of ours.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("rows of the store are plain data")
}

pub(super) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}

/// An insert of many rows at once, in statements of a few fixed sizes so that each is prepared once.
pub(super) struct Insert {
    /// Up to and without `values`.
    pub head: &'static str,
    pub columns: usize,
    /// Follows the last row.
    pub tail: &'static str,
    /// Per driver and size.
    texts: [[OnceLock<Arc<str>>; SIZES.len()]; 2],
}

/// The rows of one statement. The largest keeps 15 columns far below SQLite's 32,766 values.
const SIZES: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

impl Insert {
    pub const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Insert {
            head,
            columns,
            tail,
            texts: [const { [const { OnceLock::new() }; SIZES.len()] }; 2],
        }
    }

    fn text<DB: Dialect>(&self, size: usize) -> SqlStr {
        let text = self.texts[DB::NTH][size].get_or_init(|| {
            let mut sql = format!("{} values ", self.head);
            for row in 0..SIZES[size] {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                for column in 0..self.columns {
                    if column > 0 {
                        sql.push(',');
                    }
                    DB::mark(row * self.columns + column + 1, &mut sql);
                }
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(self.tail);
            sql.into()
        });
        AssertSqlSafe(text.clone()).into_sql_str()
    }

    /// Inserts rows and tells how many were touched.
    pub async fn run<DB: Dialect, T>(
        &self,
        conn: &mut DB::Connection,
        rows: Vec<T>,
        bind: impl Fn(Args<DB>, T) -> Args<DB>,
    ) -> sqlx::Result<u64> {
        let mut touched = 0;
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while left > 0 {
            let size = SIZES
                .iter()
                .position(|size| *size <= left)
                .expect("the smallest is one");
            let mut args = Args::new();
            for row in rows.by_ref().take(SIZES[size]) {
                args = bind(args, row);
            }
            touched += DB::run(conn, self.text::<DB>(size), args.done()).await?;
            left -= SIZES[size];
        }
        Ok(touched)
    }
}

/// Composes SQL from our own pieces.
pub(super) fn pieces(pieces: &[&str]) -> SqlStr {
    composed(pieces.concat())
}
