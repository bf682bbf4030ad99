//! Snapshots, the changes of rotas, the backup, and the end.

use super::dialect::{Dialect, Fields};
use super::sql::{Args, from_json, pieces, to_json, unavailable};
use super::{Route, SqlStore};
use crate::app::ports::{Keeping, Snapshot, StoreError};
use crate::domain::rota::Change;
use crate::time::from_ms;
use async_trait::async_trait;
use std::path::Path;

const KEEP: &str = "insert into snapshots (hash, kind, name, body, first_seen_at_ms) values ($1, $2, $3, $4, $5) \
    on conflict (hash) do nothing";
const SNAPSHOTS: &str = "select hash, kind, name, body, first_seen_at_ms from snapshots";
const BY_HASH: &str = " where hash = $1";
const OF_KIND: &str = " where kind = $1 order by first_seen_at_ms, hash";
const ROTA_CHANGES: &str = "select number, body from rota_changes where rota = $1 order by number";
const ADD_ROTA_CHANGE: &str = "insert into rota_changes (rota, number, at_ms, body) values ($1, $2, $3, $4) \
    on conflict (rota, number) do nothing";
const PING: &str = "select 1 as one";

#[async_trait]
impl<DB: Dialect> Keeping for SqlStore<DB> {
    async fn keep_snapshot(&self, snapshot: Snapshot) -> Result<(), StoreError> {
        let args = Args::new()
            .text(snapshot.hash)
            .text(snapshot.kind)
            .text(snapshot.name)
            .text(snapshot.body)
            .at(snapshot.first_seen_at);
        self.write(KEEP, args).await.map(drop)
    }

    async fn snapshot(&self, hash: &str) -> Result<Option<Snapshot>, StoreError> {
        let rows = self
            .read(pieces(&[SNAPSHOTS, BY_HASH]), Args::new().text(hash))
            .await?;
        rows.first().map(snapshot).transpose()
    }

    async fn snapshots(&self, kind: &str) -> Result<Vec<Snapshot>, StoreError> {
        let rows = self
            .read(pieces(&[SNAPSHOTS, OF_KIND]), Args::new().text(kind))
            .await?;
        rows.iter().map(snapshot).collect()
    }

    async fn rota_changes(&self, rota: &str) -> Result<Vec<Change>, StoreError> {
        let rows = self.read(ROTA_CHANGES, Args::new().text(rota)).await?;
        let change = |row: &DB::Row| {
            let what = format!("change {} of rota \"{rota}\"", row.int("number")?);
            from_json(&what, &row.text("body")?)
        };
        rows.iter().map(change).collect()
    }

    async fn add_rota_change(
        &self,
        rota: &str,
        number: u32,
        change: &Change,
    ) -> Result<bool, StoreError> {
        let args = Args::new()
            .text(rota)
            .int(number.into())
            .at(change.at)
            .text(to_json(change));
        Ok(self.write(ADD_ROTA_CHANGE, args).await? > 0)
    }

    async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let said = path.display().to_string();
        if path.exists() {
            return Err(StoreError::Refused(format!(
                "{said} exists already: a backup goes to a new file"
            )));
        }
        let name = path
            .to_str()
            .ok_or_else(|| StoreError::Refused(format!("{said} is not a name in UTF-8")))?;
        let mut conn = self.reads.acquire().await.map_err(unavailable)?;
        DB::backup(&mut conn, name).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(PING, Args::new()).await.map(drop)
    }

    async fn close(&self) {
        if let Route::Batched(writer) = &self.route {
            let writer = writer
                .lock()
                .expect("nobody panics while holding the door")
                .take();
            if let Some(writer) = writer {
                drop(writer.door);
                // It ends after what waits; if it broke, there is nothing to wait for.
                let _ = writer.ended.await;
            }
        }
        self.reads.close().await;
        self.writes.close().await;
        drop(
            self.lock
                .lock()
                .expect("nobody panics while holding the lock")
                .take(),
        );
    }
}

fn snapshot<R: Fields>(row: &R) -> Result<Snapshot, StoreError> {
    Ok(Snapshot {
        hash: row.text("hash")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        body: row.text("body")?,
        first_seen_at: from_ms(row.int("first_seen_at_ms")?),
    })
}
