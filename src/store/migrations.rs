//! The migrations of this build, in both dialects.
//!
//! Promises: a number and a name stand in the list once and mean one file in each folder of `migrations/`, whose
//! text is part of the binary. Leaves out: running them, which [`super::open`] does. The library's macro would list the
//! folders by itself; it also compiles every driver a second time for the compiler, most of a minute on two cores.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqlStr};
use std::sync::LazyLock;

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Number and name of every migration.
        #[cfg(test)]
        const NAMES: &[&str] = &[$($name),*];
        const SQLITE: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../migrations/sqlite/", $name, ".sql")))),*];
        const POSTGRES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../migrations/postgres/", $name, ".sql")))),*];
    };
}

migrations![
    "0001_desk",
    "0002_timers",
    "0003_outbox",
    "0004_desk_posts",
    "0005_access",
    "0006_intake",
    "0007_keeping",
    "0008_card_called",
    "0009_rota_changes",
    "0010_policies",
    "0011_work",
    "0012_duty_book",
    "0013_boards",
    "0014_pings",
    "0015_feeds",
    "0016_handover",
    "0017_timers",
    "0018_duty_book_swaps",
    "0019_contracts",
    "0021_source_state",
    "0022_source_items",
    "0023_mails",
    "0025_tracked",
    "0026_received",
    "0030_trackers",
    "0031_unreadable_reason",
    "0032_untold",
    "0036_source_conditions",
];

/// The migrations of SQLite.
pub(super) static FOR_SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(SQLITE));

/// The migrations of PostgreSQL.
pub(super) static FOR_POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(POSTGRES));

/// Makes them ready to run, without the library's lock, which a session holds and a pooler would lose: see
/// [`super::dialect::Dialect::lock_schema`].
fn migrator(files: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = files.iter().map(|(name, sql)| {
        let (version, about) = name.split_once('_').expect("a migration is NNNN_name");
        let version = version.parse().expect("a migration begins with its number");
        let about = about.replace('_', " ").into();
        let sql: SqlStr = (*sql).into_sql_str();
        Migration::new(version, about, MigrationType::Simple, sql, false)
    });
    let mut all = Migrator::with_migrations(migrations.collect());
    all.set_locking(false);
    all
}

#[cfg(test)]
mod tests;
