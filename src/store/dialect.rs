//! What the two databases do differently, each difference by a name of its own.
//!
//! Promises: one bound, [`Dialect`], carries everything that the store needs of a driver, so that every
//! aggregate is written once. Leaves out: any statement of an aggregate; those stand beside the function
//! that runs them.

use super::migrations;
use super::sql::unavailable;
use crate::app::ports::StoreError;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AssertSqlSafe, Database, IntoArguments, Postgres, Row, SqlStr, Sqlite};
use std::fmt::Write;

/// A database that the store can live in.
pub(super) trait Dialect: Database<Arguments: IntoArguments<Self>, Row: Fields> {
    /// Tells the drivers apart where texts are kept per driver.
    const NTH: usize;
    /// Begins a transaction that will write.
    const BEGIN_WRITE: &'static str;
    /// Begins a transaction that only reads, and reads everything as of one moment.
    const BEGIN_READ: &'static str;
    /// Ends the query that picks rows (aliased `due`) to be claimed, so that two claimers never wait for each other.
    const CLAIM_TAIL: &'static str;
    /// The ledger length that an inquiry's document says, in a query over `inquiries`.
    const DOC_SEQ: &'static str;
    /// A text of an inquiry with its ASCII letters small, the same on both.
    const SMALL_BODY: &'static str;
    /// Tells whether migrations have ever been recorded, as `is_there`.
    const HAS_SCHEMA: &'static str;

    /// Runs a statement and tells how many rows it touched.
    fn run<'a>(
        conn: &'a mut Self::Connection,
        sql: SqlStr,
        args: Self::Arguments,
    ) -> impl Future<Output = sqlx::Result<u64>> + Send + 'a;
    /// Runs a statement and returns its rows.
    fn all<'a>(
        conn: &'a mut Self::Connection,
        sql: SqlStr,
        args: Self::Arguments,
    ) -> impl Future<Output = sqlx::Result<Vec<Self::Row>>> + Send + 'a;
    fn bind_text(args: &mut Self::Arguments, value: Option<String>);
    fn bind_int(args: &mut Self::Arguments, value: Option<i64>);

    /// Writes the placeholder of the n-th value of a statement with very many values.
    fn mark(n: usize, sql: &mut String);
    /// The time by which leases are judged, in milliseconds: never the business clock.
    fn lease_now(
        conn: &mut Self::Connection,
    ) -> impl Future<Output = sqlx::Result<i64>> + Send + '_;
    /// Takes the next `n` references.
    fn references(
        conn: &mut Self::Connection,
        n: usize,
    ) -> impl Future<Output = sqlx::Result<Vec<i64>>> + Send + '_;
    /// Lets one migrating process at a time into the transaction that is open.
    fn lock_schema(
        conn: &mut Self::Connection,
    ) -> impl Future<Output = sqlx::Result<()>> + Send + '_;
    /// Brings the schema up to this build, inside the transaction that is open.
    fn migrate(
        conn: &mut Self::Connection,
    ) -> impl Future<Output = Result<(), MigrateError>> + Send + '_;
    /// The migrations of this build.
    fn migrations() -> &'static Migrator;
    /// Tells whether the statement lost to another transaction and may be decided again.
    fn is_lost_race(error: &sqlx::Error) -> bool;
    /// Tells whether an error of COMMIT leaves open what happened.
    fn is_commit_unknown(error: &sqlx::Error) -> bool;
    /// Writes a consistent copy to a new file.
    fn backup<'a>(
        conn: &'a mut Self::Connection,
        path: &'a str,
    ) -> impl Future<Output = Result<(), StoreError>> + Send + 'a;
}

/// Reads columns by name, the same for both drivers.
pub(super) trait Fields: Send + Sync {
    fn text(&self, column: &str) -> Result<String, StoreError>;
    fn int(&self, column: &str) -> Result<i64, StoreError>;
    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError>;
}

/// What is word for word the same for every driver, though only a concrete one can say it.
macro_rules! by_driver {
    () => {
        async fn run(
            conn: &mut Self::Connection,
            sql: SqlStr,
            args: Self::Arguments,
        ) -> sqlx::Result<u64> {
            Ok(sqlx::query_with(sql, args)
                .execute(conn)
                .await?
                .rows_affected())
        }
        async fn all(
            conn: &mut Self::Connection,
            sql: SqlStr,
            args: Self::Arguments,
        ) -> sqlx::Result<Vec<Self::Row>> {
            sqlx::query_with(sql, args).fetch_all(conn).await
        }
        fn bind_text(args: &mut Self::Arguments, value: Option<String>) {
            sqlx::Arguments::add(args, value).expect("text always encodes");
        }
        fn bind_int(args: &mut Self::Arguments, value: Option<i64>) {
            sqlx::Arguments::add(args, value).expect("an integer always encodes");
        }
        async fn migrate(conn: &mut Self::Connection) -> Result<(), MigrateError> {
            Self::migrations().run_direct(None, conn, false).await
        }
    };
}

macro_rules! fields {
    ($row:ty) => {
        impl Fields for $row {
            fn text(&self, column: &str) -> Result<String, StoreError> {
                self.try_get(column).map_err(unreadable)
            }
            fn int(&self, column: &str) -> Result<i64, StoreError> {
                self.try_get(column).map_err(unreadable)
            }
            fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
                self.try_get(column).map_err(unreadable)
            }
            fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
                self.try_get(column).map_err(unreadable)
            }
        }
    };
}
fields!(sqlx::sqlite::SqliteRow);
fields!(sqlx::postgres::PgRow);

fn unreadable(error: sqlx::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

impl Dialect for Sqlite {
    const NTH: usize = 0;
    const BEGIN_WRITE: &'static str = "begin immediate";
    const BEGIN_READ: &'static str = "begin";
    const SMALL_BODY: &'static str = "lower(body)";
    const CLAIM_TAIL: &'static str = "";
    const DOC_SEQ: &'static str = "json_extract(doc, '$.seq')";
    const HAS_SCHEMA: &'static str = "select case when exists (select 1 from sqlite_schema \
        where name = '_sqlx_migrations') then 1 else 0 end as is_there";

    by_driver!();

    /// Bare: SQLite looks numbered names up one after the other, which is quadratic over a thousand values.
    fn mark(_n: usize, sql: &mut String) {
        sql.push('?');
    }

    async fn lease_now(_conn: &mut Self::Connection) -> sqlx::Result<i64> {
        Ok(lease_clock())
    }

    async fn references(conn: &mut Self::Connection, n: usize) -> sqlx::Result<Vec<i64>> {
        const TAKE: &str =
            "update counters set value = value + $1 where name = 'reference' returning value";
        let n = i64::try_from(n).expect("a batch is small");
        let last: i64 = sqlx::query_scalar(TAKE).bind(n).fetch_one(conn).await?;
        Ok((last - n + 1..=last).collect())
    }

    /// A write transaction of SQLite is alone already.
    async fn lock_schema(_conn: &mut Self::Connection) -> sqlx::Result<()> {
        Ok(())
    }

    fn migrations() -> &'static Migrator {
        &migrations::FOR_SQLITE
    }

    fn is_lost_race(_error: &sqlx::Error) -> bool {
        false
    }

    fn is_commit_unknown(error: &sqlx::Error) -> bool {
        !matches!(error, sqlx::Error::Database(_))
    }

    async fn backup<'a>(conn: &'a mut Self::Connection, path: &'a str) -> Result<(), StoreError> {
        sqlx::query("vacuum into $1")
            .bind(path)
            .execute(conn)
            .await
            .map(drop)
            .map_err(unavailable)
    }
}

impl Dialect for Postgres {
    const NTH: usize = 1;
    const BEGIN_WRITE: &'static str = "begin";
    const SMALL_BODY: &'static str = "lower(body collate \"C\")";
    const BEGIN_READ: &'static str = "begin isolation level repeatable read read only";
    const CLAIM_TAIL: &'static str = " for update of due skip locked";
    const DOC_SEQ: &'static str = "(doc::json ->> 'seq')::bigint";
    const HAS_SCHEMA: &'static str = "select case when to_regclass('_sqlx_migrations') is null \
        then 0::bigint else 1::bigint end as is_there";

    by_driver!();

    fn mark(n: usize, sql: &mut String) {
        write!(sql, "${n}").expect("a string takes everything");
    }

    async fn lease_now(conn: &mut Self::Connection) -> sqlx::Result<i64> {
        const NOW: &str = "select (extract(epoch from clock_timestamp()) * 1000)::bigint";
        sqlx::query_scalar(NOW).fetch_one(conn).await
    }

    async fn references(conn: &mut Self::Connection, n: usize) -> sqlx::Result<Vec<i64>> {
        const TAKE: &str = "select nextval('reference_no') from generate_series(1, $1)";
        let n = i64::try_from(n).expect("a batch is small");
        sqlx::query_scalar(TAKE).bind(n).fetch_all(conn).await
    }

    /// Held until the transaction ends, so it is safe behind a pooler that shares sessions.
    async fn lock_schema(conn: &mut Self::Connection) -> sqlx::Result<()> {
        /// "toban" in ASCII.
        const KEY: i64 = 0x74_6f_62_61_6e;
        sqlx::query("select pg_advisory_xact_lock($1)")
            .bind(KEY)
            .execute(conn)
            .await
            .map(drop)
    }

    fn migrations() -> &'static Migrator {
        &migrations::FOR_POSTGRES
    }

    /// Serialization failure and deadlock.
    fn is_lost_race(error: &sqlx::Error) -> bool {
        matches!(code(error).as_deref(), Some("40001" | "40P01"))
    }

    /// A lost connection, or a server that was stopped while it answered (class 57P).
    fn is_commit_unknown(error: &sqlx::Error) -> bool {
        match error {
            sqlx::Error::Database(_) => {
                code(error).is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
            }
            _ => true,
        }
    }

    async fn backup<'a>(_conn: &'a mut Self::Connection, _path: &'a str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable(
            "a PostgreSQL database is backed up with pg_dump, not with toban backup".to_owned(),
        ))
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .map(|code| code.into_owned())
}

/// Makes SQL that was put together from our own pieces (never from anybody's words) fit to be run.
pub(super) fn composed(sql: String) -> SqlStr {
    sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql))
}

/// Wall time read once at the start, and monotonic time from there: a clock that is set does not end leases.
/// A single process holds the file, so this clock is everybody's.
fn lease_clock() -> i64 {
    static START: std::sync::OnceLock<(tokio::time::Instant, i64)> = std::sync::OnceLock::new();
    let (instant, wall) = START.get_or_init(|| {
        let wall = crate::time::ms(crate::clock::SystemClock.now());
        (crate::clock::monotonic(), wall)
    });
    let since = crate::clock::monotonic().saturating_duration_since(*instant);
    wall.saturating_add(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
