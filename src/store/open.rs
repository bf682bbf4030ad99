//! Opening a database by its URL: schemes, the lock of the file, the schema, and clear words when it cannot be.
//!
//! Promises: no error shows a password; a second process that would write the same file is refused; a
//! database of a newer build is left alone. Nothing here needs a session of its own on PostgreSQL, so a
//! pooler in transaction mode may stand between. Leaves out: configuration.

use super::batch;
use super::dialect::{Dialect, Fields};
use super::group::Writes;
use super::sql::Args;
use super::{Route, SqlStore, Writer};
use crate::app::ports::Store;
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection, Postgres, SqlStr, Sqlite};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Whether the database is opened to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Brings the schema up to date; on SQLite the only process that may write.
    #[default]
    Write,
    /// Looks beside a running server.
    Read,
}

/// How a database is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    pub access: Access,
    /// A way to PostgreSQL around a pooler, for migrations.
    pub direct_url: Option<String>,
    /// Connections to PostgreSQL, or readers of SQLite; 0 takes the default.
    pub connections: u32,
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the database URL starts with \"{scheme}\": use sqlite://PATH or postgres://USER@HOST/NAME"
    )]
    UnknownScheme { scheme: String },
    #[error("the database URL cannot be read: {why}")]
    Malformed { why: String },
    #[error("the database at {host}:{port} cannot be reached: {why}")]
    Unreachable {
        host: String,
        port: u16,
        why: String,
    },
    #[error("{} is in use: another toban runs on this database (it holds {})", db.display(), lock.display())]
    InUse { db: PathBuf, lock: PathBuf },
    #[error("there is no database at {}: start the server first, or run toban migrate", .0.display())]
    Missing(PathBuf),
    #[error("{} cannot be opened", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the database {} cannot be used: {why}", path.display())]
    Unusable { path: PathBuf, why: String },
    #[error(
        "the database has schema {found}, this build knows up to {known}: run the newer toban that wrote it"
    )]
    Newer { found: i64, known: i64 },
    #[error("the database has schema {found}, this build needs {needed}: run toban migrate")]
    Older { found: i64, needed: i64 },
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(String),
}

/// Opens the store behind a URL: `sqlite://PATH` or `postgres://…`.
///
/// # Errors
/// [`OpenError`], in words for whoever configured it.
pub async fn open(url: &str, options: &OpenOptions) -> Result<Arc<dyn Store>, OpenError> {
    // Boxed here, where the compiler can still see that it may be sent to another thread.
    let opening: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(open_target(url, options));
    opening.await
}

async fn open_target(url: &str, options: &OpenOptions) -> Result<Arc<dyn Store>, OpenError> {
    match Target::parse(url)? {
        Target::Sqlite(path) => match options.access {
            Access::Write => open_sqlite(&path, options).await,
            Access::Read => read_sqlite(&path, options).await,
        },
        Target::Postgres(target) => open_postgres(*target, options).await,
    }
}

/// Brings the schema of a database up to date, and nothing else.
///
/// # Errors
/// [`OpenError`], as for [`open`].
pub async fn migrate(url: &str, options: &OpenOptions) -> Result<(), OpenError> {
    let options = OpenOptions {
        access: Access::Write,
        ..options.clone()
    };
    open(url, &options).await?.close().await;
    Ok(())
}

/// What a URL names.
enum Target {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    fn parse(url: &str) -> Result<Self, OpenError> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => {
                let path = url.strip_prefix("sqlite://").unwrap_or_default();
                if path.is_empty() || path == ":memory:" {
                    return Err(OpenError::Malformed {
                        why: "sqlite:// must be followed by the path of a file".to_owned(),
                    });
                }
                Ok(Target::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" => Ok(Target::Postgres(Box::new(postgres_options(url)?))),
            other => Err(OpenError::UnknownScheme {
                // Something without a scheme may be a secret pasted into the wrong place.
                scheme: if url.contains(':') {
                    other.to_owned()
                } else {
                    String::new()
                },
            }),
        }
    }
}

fn postgres_options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|error| OpenError::Malformed {
        why: error.to_string(),
    })?;
    // A pooler refuses start-up parameters that it does not know; floats are no concern of ours.
    Ok(options.extra_float_digits(None).application_name("toban"))
}

const READERS: u32 = 4;
const CONNECTIONS: u32 = 16;
/// How long anyone waits for a connection before the database counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long SQLite waits for a lock of another process (a backup, a shell).
const BUSY: Duration = Duration::from_secs(10);

async fn open_sqlite(path: &Path, options: &OpenOptions) -> Result<Arc<dyn Store>, OpenError> {
    let lock = take_lock(path)?;
    let unusable = |error: sqlx::Error| OpenError::Unusable {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let write = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(256)
        // Fewer, larger checkpoints: each costs two more waits for the disk. 4,000 pages are 16 MB of log.
        .pragma("wal_autocheckpoint", "4000")
        .pragma("cache_size", "-8000")
        .thread_name(|_| "sqlite-writer".to_owned());
    let writes = PoolOptions::<Sqlite>::new()
        .min_connections(1)
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(write)
        .await
        .map_err(unusable)?;
    bring_up::<Sqlite>(&mut *writes.acquire().await.map_err(unusable)?).await?;
    end_leases(&mut *writes.acquire().await.map_err(unusable)?)
        .await
        .map_err(unusable)?;
    let no_thread = |error: std::io::Error| OpenError::Unusable {
        path: path.to_owned(),
        why: format!("no thread to write it: {error}"),
    };
    let thread = batch::Thread::new().map_err(no_thread)?;
    let writes = Writes::together(writes, thread.handle());
    let (door, ended) = thread.start(writes.clone()).map_err(no_thread)?;
    Ok(Arc::new(SqlStore {
        reads: sqlite_readers(path, options).await.map_err(unusable)?,
        writes,
        route: Route::Batched(Mutex::new(Some(Writer { door, ended }))),
        lock: Mutex::new(Some(lock)),
    }))
}

/// Ends the leases of a process that was killed: whoever has the lock of the file knows that their holders are gone,
/// and what they had under way need not wait for a minute. (A row that was `sending` is taken up as unknown.)
async fn end_leases(conn: &mut sqlx::SqliteConnection) -> sqlx::Result<()> {
    const END: [&str; 3] = [
        "update outbox set lease_until_ms = 0 where state = 'sending'",
        "update timers set lease_until_ms = null, holder = null, epoch = epoch + 1 where lease_until_ms is not null",
        "update cards set lease_until_ms = null, holder = null, epoch = epoch + 1 \
         where shown < wanted and lease_until_ms is not null",
    ];
    for sql in END {
        sqlx::raw_sql(SqlStr::from_static(sql))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

async fn read_sqlite(path: &Path, options: &OpenOptions) -> Result<Arc<dyn Store>, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing(path.to_owned()));
    }
    let unusable = |error: sqlx::Error| OpenError::Unusable {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let reads = sqlite_readers(path, options).await.map_err(unusable)?;
    check_schema::<Sqlite>(&mut *reads.acquire().await.map_err(unusable)?).await?;
    Ok(Arc::new(SqlStore {
        writes: Writes::alone(reads.clone()),
        reads,
        route: Route::Alone,
        lock: Mutex::new(None),
    }))
}

async fn sqlite_readers(path: &Path, options: &OpenOptions) -> sqlx::Result<sqlx::SqlitePool> {
    let read = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY)
        .thread_name(|n| format!("sqlite-reader-{n}"));
    PoolOptions::new()
        .max_connections(or(options.connections, READERS))
        .acquire_timeout(PATIENCE)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(read)
        .await
}

/// Makes the folder and takes the lock beside the file, for as long as the handle lives.
fn take_lock(db: &Path) -> Result<File, OpenError> {
    if let Some(folder) = db.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| OpenError::File {
            path: folder.to_owned(),
            source,
        })?;
    }
    let mut name = db.as_os_str().to_owned();
    name.push(".lock");
    let lock = PathBuf::from(name);
    let not_opened = |source| OpenError::File {
        path: lock.clone(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock)
        .map_err(not_opened)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse {
            db: db.to_owned(),
            lock,
        }),
        Err(std::fs::TryLockError::Error(source)) => Err(not_opened(source)),
    }
}

async fn open_postgres(
    target: PgConnectOptions,
    options: &OpenOptions,
) -> Result<Arc<dyn Store>, OpenError> {
    let direct = options.direct_url.as_deref().map(postgres_options);
    let direct = direct.transpose()?.unwrap_or_else(|| target.clone());
    let mut conn = connect(&direct).await?;
    match options.access {
        Access::Write => bring_up::<Postgres>(&mut conn).await?,
        Access::Read => check_schema::<Postgres>(&mut conn).await?,
    }
    // It was only for the schema; whether the farewell arrives does not matter.
    let _ = conn.close().await;
    let pool = PoolOptions::<Postgres>::new()
        .max_connections(or(options.connections, CONNECTIONS))
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(target.clone());
    if options.direct_url.is_some() {
        let _ = connect(&target).await?.close().await;
    }
    Ok(Arc::new(SqlStore {
        reads: pool.clone(),
        writes: Writes::alone(pool),
        route: Route::Alone,
        lock: Mutex::new(None),
    }))
}

async fn connect(target: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    let unreachable = |why: String| OpenError::Unreachable {
        host: target.get_host().to_owned(),
        port: target.get_port(),
        why,
    };
    match crate::clock::timeout(PATIENCE, PgConnection::connect_with(target)).await {
        Ok(Ok(conn)) => Ok(conn),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(late) => Err(unreachable(late.to_string())),
    }
}

fn or(given: u32, default: u32) -> u32 {
    if given == 0 { default } else { given }
}

/// Runs what is missing of the schema, all in one transaction that one process at a time may hold.
async fn bring_up<DB: Dialect>(conn: &mut DB::Connection) -> Result<(), OpenError> {
    let failed = |error: sqlx::Error| OpenError::Migration(error.to_string());
    let mut tx = conn
        .begin_with(SqlStr::from_static(DB::BEGIN_WRITE))
        .await
        .map_err(failed)?;
    DB::lock_schema(&mut tx).await.map_err(failed)?;
    let (found, known) = schema::<DB>(&mut tx).await?;
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    DB::migrate(&mut tx).await.map_err(|error| match error {
        MigrateError::VersionMismatch(version) => OpenError::Migration(format!(
            "migration {version} was changed after it had been applied"
        )),
        other => OpenError::Migration(other.to_string()),
    })?;
    tx.commit().await.map_err(failed)
}

/// Tells whether a database that is only read has exactly this build's schema.
async fn check_schema<DB: Dialect>(conn: &mut DB::Connection) -> Result<(), OpenError> {
    let (found, known) = schema::<DB>(conn).await?;
    match found.cmp(&known) {
        std::cmp::Ordering::Greater => Err(OpenError::Newer { found, known }),
        std::cmp::Ordering::Less => Err(OpenError::Older {
            found,
            needed: known,
        }),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

/// The newest migration that the database has, 0 for none, and the newest of this build.
async fn schema<DB: Dialect>(conn: &mut DB::Connection) -> Result<(i64, i64), OpenError> {
    const NEWEST: SqlStr =
        SqlStr::from_static("select max(version) as version from _sqlx_migrations");
    let failed = |error: sqlx::Error| OpenError::Migration(error.to_string());
    let known = DB::migrations()
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default();
    let number = |rows: Vec<DB::Row>, column: &str| {
        rows.first()
            .map_or(Ok(None), |row| row.maybe_int(column))
            .map_err(|error| OpenError::Migration(error.to_string()))
            .map(Option::unwrap_or_default)
    };
    let has = super::sql::all::<DB>(conn, SqlStr::from_static(DB::HAS_SCHEMA), Args::<DB>::new())
        .await
        .map_err(failed)?;
    if number(has, "is_there")? == 0 {
        return Ok((0, known));
    }
    let newest = super::sql::all(conn, NEWEST, Args::<DB>::new())
        .await
        .map_err(failed)?;
    Ok((number(newest, "version")?, known))
}
