//! Databases of a test's own on the throw-away PostgreSQL that `scripts/test` starts.
//!
//! Promises: every call gives a database that nobody else uses, and it is dropped with the value. A missing server is a
//! failure with a sentence, never a skip. Leaves out: starting the server, and migrations (give a migrated database as
//! the template when many tests need one).

use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

use crate::clock::SystemIds;

/// The environment variable in which `scripts/test` says where its server is.
pub const SERVER: &str = "TOBAN_TEST_POSTGRES";

/// How many letters of a name hint survive: PostgreSQL cuts names at 63 bytes and 34 are ours.
const HINT_LETTERS: usize = 24;

/// A database that lives as long as this value; whoever holds only the `url` must hold this too.
#[derive(Debug)]
#[must_use = "the database is dropped with this value"]
pub struct FreshDb {
    /// Where it is: `postgres://postgres@127.0.0.1:PORT/NAME`.
    pub url: String,
    /// What it is called; another database may be made from it as a template.
    pub name: String,
}

/// Makes an empty database.
pub async fn fresh_database(name_hint: &str) -> FreshDb {
    create(name_hint, None).await
}

/// Makes a database that is a copy of `template`, to which nobody may be connected meanwhile.
pub async fn fresh_copy(name_hint: &str, template: &FreshDb) -> FreshDb {
    create(name_hint, Some(&template.name)).await
}

async fn create(name_hint: &str, template: Option<&str>) -> FreshDb {
    let name = unique_name(name_hint);
    let template = match template {
        Some(template) => format!(" template {template}"),
        None => String::new(),
    };
    run(&format!("create database {name}{template}")).await;
    let mut url = server().clone();
    url.set_path(&name);
    FreshDb {
        url: url.into(),
        name,
    }
}

impl FreshDb {
    /// How many connections to the database wait for a lock that another holds.
    pub async fn waiting(&self) -> usize {
        const WAITING: &str = "select pid::text from pg_stat_activity \
            where datname = current_database() and wait_event_type = 'Lock'";
        self.texts(WAITING).await.len()
    }

    /// Asks the database on a connection of its own, beside whoever is tested; every row is one text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let mut connection = PgConnection::connect(&self.url)
            .await
            .unwrap_or_else(|error| panic!("PostgreSQL at {}: {error}", self.url));
        let rows = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        let rows = rows.fetch_all(&mut connection).await;
        let _ = connection.close().await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}

impl Drop for FreshDb {
    /// Drops the database, and whoever is still connected to it.
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A runtime of its own on a thread of its own: the test's runtime may be shutting down.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a test can make a runtime")
                .block_on(run(&sql));
        })
        .join();
        if dropped.is_err() && !std::thread::panicking() {
            panic!("database {} was not dropped", self.name);
        }
    }
}

/// Runs one statement on the server itself.
async fn run(sql: &str) {
    let mut connection = PgConnection::connect(server().as_str())
        .await
        .unwrap_or_else(|error| panic!("PostgreSQL at {SERVER}={}: {error}", server()));
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection
        .close()
        .await
        .unwrap_or_else(|error| panic!("closing after {sql}: {error}"));
}

fn server() -> &'static Url {
    static ADDRESS: OnceLock<Url> = OnceLock::new();
    ADDRESS.get_or_init(|| address(from_environment().as_deref()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration file"
)]
fn from_environment() -> Option<String> {
    std::env::var(SERVER).ok()
}

fn address(value: Option<&str>) -> Url {
    let value = value.unwrap_or_else(|| {
        panic!(
            "{SERVER} is not set: this test needs a PostgreSQL server; run it through scripts/test \
             (scripts/test NAME runs only the tests of that name)"
        )
    });
    let url = Url::parse(value).unwrap_or_else(|error| panic!("{SERVER}={value}: {error}"));
    let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    assert!(
        is_loopback,
        "{SERVER}={value}: tests make and drop databases, on loopback only"
    );
    url
}

fn unique_name(hint: &str) -> String {
    let hint: String = hint
        .chars()
        .take(HINT_LETTERS)
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("t_{hint}_{}", SystemIds.id().replace('-', ""))
}

#[cfg(test)]
mod tests;
