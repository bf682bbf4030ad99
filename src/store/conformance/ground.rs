//! A fresh database with its store, on either engine.

use super::super::{OpenOptions, open};
use crate::app::ports::{Changes, CommitError, Committed, Store, Stored};
use crate::testkit::inquiry::{received, second};
use crate::testkit::postgres::{FreshDb, fresh_database};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::sync::Arc;

pub(in crate::store) struct Ground {
    pub store: Arc<dyn Store>,
    pub url: String,
    keep: Keep,
}

/// What goes away with the ground.
enum Keep {
    Folder { _until_dropped: tempfile::TempDir },
    Database { _until_dropped: FreshDb },
}

impl Ground {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("data/toban.db").display());
        Self::on(
            url,
            Keep::Folder {
                _until_dropped: folder,
            },
        )
        .await
    }

    pub async fn postgres(hint: &str) -> Self {
        let database = fresh_database(hint).await;
        Self::on(
            database.url.clone(),
            Keep::Database {
                _until_dropped: database,
            },
        )
        .await
    }

    async fn on(url: String, keep: Keep) -> Self {
        let store = open(&url, &OpenOptions::default()).await.unwrap();
        Ground { store, url, keep }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.keep, Keep::Folder { .. })
    }

    /// Closes the store and opens the same database again.
    pub async fn reopen(mut self) -> Self {
        self.store.close().await;
        self.store = open(&self.url, &OpenOptions::default()).await.unwrap();
        self
    }

    /// Does to the database what the store never would.
    pub async fn harm(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.keep {
            Keep::Folder { .. } => {
                let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
            Keep::Database { .. } => {
                let mut conn = PgConnection::connect(&self.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
        }
    }

    /// Rows of a table, as many as said: `{i}` is the number of each.
    pub async fn fill(&self, table: &str, columns: &str, values: &str, count: u32) {
        let values = values.replace("{i}", "i");
        let rows = match self.is_sqlite() {
            true => format!(
                "with recursive n (i) as (select 1 union all select i + 1 from n where i < {count}) \
                 insert into {table} ({columns}) select {values} from n"
            ),
            false => format!(
                "insert into {table} ({columns}) select {values} from generate_series(1, {count}) as n (i)"
            ),
        };
        self.harm(&format!("{rows}; analyze {table}")).await;
    }

    /// How the engine would answer a question, in its own words; the arguments are put in as they are written.
    pub async fn plan(&self, sql: &str, arguments: &[&str]) -> Vec<String> {
        let mut sql = sql.to_owned();
        for (argument, number) in arguments.iter().zip(1..) {
            sql = sql.replace(&format!("${number}"), argument);
        }
        match self.is_sqlite() {
            true => {
                let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
                let sql = AssertSqlSafe(format!("explain query plan {sql}"));
                let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
                rows.iter().map(|row| row.get("detail")).collect()
            }
            false => {
                let mut conn = PgConnection::connect(&self.url).await.unwrap();
                let sql = AssertSqlSafe(format!("explain {sql}"));
                let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    pub async fn commit(&self, changes: Changes) -> Committed {
        self.store.commit(changes).await.unwrap()
    }

    /// Takes in the inquiry of an id, its external id the same.
    pub async fn receive(&self, id: &str) -> Stored {
        self.commit(received(id, id, second(0))).await;
        self.stored(id).await
    }

    pub async fn stored(&self, id: &str) -> Stored {
        self.store.inquiry(&id.into()).await.unwrap().unwrap()
    }
}

/// Commits all at the same time.
pub(in crate::store) async fn at_once(
    store: &Arc<dyn Store>,
    all: Vec<Changes>,
) -> Vec<Result<Committed, CommitError>> {
    let tasks: Vec<_> = all
        .into_iter()
        .map(|changes| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(changes).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}
