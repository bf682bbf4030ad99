//! A fresh database with its store, on either engine.

use super::super::{OpenOptions, open};
use crate::app::ports::{Changes, CommitError, Committed, Store, Stored};
use crate::testkit::inquiry::{received, second};
use crate::testkit::postgres::{FreshDb, fresh_database};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
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
