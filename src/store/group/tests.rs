#![allow(clippy::unwrap_used)]

use super::*;
use crate::store::sql::Args;
use futures_util::future::join_all;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{Row, Sqlite};

struct Ground {
    writes: Writes<Sqlite>,
    reads: Pool<Sqlite>,
    _folder: tempfile::TempDir,
}

impl Ground {
    async fn new() -> Ground {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("group.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = |options| PoolOptions::new().max_connections(1).connect_with(options);
        let writes = pool(options.clone()).await.unwrap();
        sqlx::raw_sql("create table t (n integer primary key) strict")
            .execute(&writes)
            .await
            .unwrap();
        Ground {
            writes: Writes::together(writes, Handle::current()),
            reads: pool(options).await.unwrap(),
            _folder: folder,
        }
    }

    async fn add(&self, n: i64) -> Tx<Sqlite> {
        let mut tx = self.writes.begin().await.unwrap();
        insert(&mut tx, n).await.unwrap();
        tx
    }

    /// What another connection can see.
    async fn seen(&self) -> Vec<i64> {
        let rows = sqlx::query("select n from t order by n").fetch_all(&self.reads);
        rows.await.unwrap().iter().map(|row| row.get(0)).collect()
    }
}

async fn insert(tx: &mut Tx<Sqlite>, n: i64) -> sqlx::Result<u64> {
    crate::store::sql::run::<Sqlite>(tx, "insert into t (n) values ($1)", Args::new().int(n)).await
}

#[tokio::test]
async fn whoever_is_told_can_be_seen() {
    let ground = Ground::new().await;
    let one = async |n| {
        ground.add(n).await.commit().await.unwrap();
        assert!(ground.seen().await.contains(&n), "{n} was told too early");
    };
    join_all((0..200).map(one)).await;
    assert_eq!(ground.seen().await.len(), 200);
}

#[tokio::test]
async fn those_who_wait_together_are_committed_together() {
    let ground = Ground::new().await;
    let first = ground.add(1).await;
    let second = async { ground.add(2).await.commit().await };
    let told = async {
        // The second waits for a seat, so the first is not committed before it has written.
        first.commit().await.unwrap();
        ground.seen().await
    };
    let (second, seen) = tokio::join!(second, told);
    second.unwrap();
    assert_eq!(seen, [1, 2]);
}

#[tokio::test]
async fn who_gives_up_undoes_only_their_own() {
    let ground = Ground::new().await;
    let one = async |n| {
        let mut tx = ground.add(n).await;
        match n % 3 {
            0 => drop(tx),
            1 => assert!(insert(&mut tx, n).await.is_err(), "it is there already"),
            _ => tx.commit().await.unwrap(),
        }
    };
    join_all((0..30).map(one)).await;
    let kept: Vec<i64> = (0..30).filter(|n| n % 3 == 2).collect();
    assert_eq!(ground.seen().await, kept);
}

#[tokio::test]
async fn who_gives_way_finds_what_it_lost_to() {
    let ground = Ground::new().await;
    for n in [1, 3, 5] {
        let first = ground.add(n).await;
        // They wait for a seat, so the first is not committed before both have looked.
        let loser = async || {
            ground.add(n + 1).await.undo().await.unwrap();
            ground.seen().await.contains(&n)
        };
        let (one, other, told) = tokio::join!(loser(), loser(), first.commit());
        told.unwrap();
        assert!(one && other, "{n} is not there");
    }
    assert_eq!(ground.seen().await, [1, 3, 5]);
    // Alone it waits for nobody.
    ground.add(2).await.undo().await.unwrap();
    assert_eq!(ground.seen().await, [1, 3, 5]);
}

#[tokio::test]
async fn who_goes_away_while_waiting_leaves_nobody_waiting() {
    let ground = Ground::new().await;
    for n in 0..50 {
        let first = ground.add(2 * n).await;
        let mut second = Box::pin(ground.writes.begin());
        // Once looked at, it is in the queue; then it goes away while the first has left the commit to it.
        assert!(futures_util::poll!(&mut second).is_pending());
        let mut told = Box::pin(first.commit());
        let mut is_told = false;
        for _ in 0..n {
            is_told = is_told || futures_util::poll!(&mut told).is_ready();
            tokio::task::yield_now().await;
        }
        drop(second);
        if !is_told {
            told.await.unwrap();
        }
    }
    assert_eq!(ground.seen().await.len(), 50);
}

#[tokio::test]
async fn who_goes_away_after_asking_for_the_commit_spoils_nobody() {
    let ground = Ground::new().await;
    for n in 0..50 {
        let first = ground.add(2 * n).await;
        let second = async { ground.add(2 * n + 1).await.commit().await };
        let leaver = async {
            let mut told = Box::pin(first.commit());
            for _ in 0..n {
                if futures_util::poll!(&mut told).is_ready() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(second, leaver).0.unwrap();
    }
    let seen = ground.seen().await;
    assert!((0..50).all(|n| seen.contains(&(2 * n + 1))), "{seen:?}");
}

#[tokio::test]
async fn a_transaction_that_the_database_gave_up_is_told_to_all() {
    let ground = Ground::new().await;
    let first = ground.add(1).await;
    let breaker = async {
        let mut tx = ground.writes.begin().await.unwrap();
        // As SQLite itself does when the disk is full.
        crate::store::sql::run::<Sqlite>(&mut tx, "rollback", Args::new())
            .await
            .unwrap();
    };
    // The breaker is in the queue before the first asks for its commit.
    let ((), told) = tokio::join!(breaker, first.commit());
    assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    assert!(ground.seen().await.is_empty());
    ground.add(2).await.commit().await.unwrap();
    assert_eq!(ground.seen().await, [2]);
}

#[test]
fn what_ended_with_its_runtime_does_not_keep_the_store_from_closing() {
    use tokio::runtime::Builder;
    // It has a thread of its own, for a connection comes back to the pool in the runtime of whoever had it.
    let mut main = Builder::new_multi_thread();
    let main = main.worker_threads(1).enable_time().build().unwrap();
    let other = Builder::new_current_thread().enable_time().build().unwrap();
    let ground = main.block_on(Ground::new());
    let writes = ground.writes.clone();
    let (has_written, written) = oneshot::channel();
    other.spawn(async move {
        let mut tx = writes.begin().await.unwrap();
        insert(&mut tx, 1).await.unwrap();
        has_written.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    other.block_on(written).unwrap();
    drop(other);
    main.block_on(async {
        let close = ground.writes.close();
        crate::clock::timeout(std::time::Duration::from_secs(10), close)
            .await
            .expect("it closes");
        assert!(ground.seen().await.is_empty());
    });
}
