//! Snapshots, overrides, backups, and the end.

use super::super::{OpenOptions, open};
use super::{Ground, both};
use crate::app::ports::{OverrideRow, Snapshot};
use crate::testkit::inquiry::{received, second};

both! {
    a_snapshot_is_kept_once
    snapshots_are_listed_by_age
    overrides_that_end_later_are_listed_by_start
    a_removed_override_is_listed_no_more
    a_backup_is_a_whole_database_or_a_refusal
    a_living_database_answers
    a_closed_store_answers_errors
}

fn snapshot(hash: &str, at: i64) -> Snapshot {
    Snapshot {
        hash: hash.to_owned(),
        kind: "policy".to_owned(),
        name: "gold".to_owned(),
        body: "{\"name\":\"金\"}".to_owned(),
        first_seen_at: second(at),
    }
}

fn amendment(id: &str, starts: i64, ends: i64) -> OverrideRow {
    OverrideRow {
        id: id.to_owned(),
        rota: "night".to_owned(),
        member: "baba".into(),
        starts_at: second(starts),
        ends_at: second(ends),
        by: Some("aoki".into()),
        created_at: second(0),
        removed_at: None,
    }
}

async fn a_snapshot_is_kept_once(ground: Ground) {
    for at in [1, 2] {
        ground.store.keep_snapshot(snapshot("h", at)).await.unwrap();
    }
    let found = ground.store.snapshot("h").await.unwrap();
    assert_eq!(found, Some(snapshot("h", 1)));
    assert_eq!(ground.store.snapshot("x").await.unwrap(), None);
}

async fn snapshots_are_listed_by_age(ground: Ground) {
    for (hash, at) in [("a", 2), ("c", 1), ("b", 1)] {
        ground
            .store
            .keep_snapshot(snapshot(hash, at))
            .await
            .unwrap();
    }
    let all = ground.store.snapshots("policy").await.unwrap();
    let hashes: Vec<_> = all.iter().map(|one| one.hash.as_str()).collect();
    assert_eq!(hashes, ["b", "c", "a"]);
    assert_eq!(ground.store.snapshots("rota").await.unwrap(), []);
}

async fn overrides_that_end_later_are_listed_by_start(ground: Ground) {
    for row in [
        amendment("a", 5, 9),
        amendment("b", 1, 4),
        amendment("c", 2, 5),
    ] {
        ground.store.add_override(row).await.unwrap();
    }
    let after = async |n| {
        let rows = ground.store.overrides(second(n)).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(after(0).await, ["b", "c", "a"]);
    assert_eq!(after(4).await, ["c", "a"]);
    assert_eq!(after(5).await, ["a"]);
    let rows = ground.store.overrides(second(5)).await.unwrap();
    assert_eq!(rows, [amendment("a", 5, 9)]);
}

async fn a_removed_override_is_listed_no_more(ground: Ground) {
    ground
        .store
        .add_override(amendment("a", 5, 9))
        .await
        .unwrap();
    assert!(ground.store.remove_override("a", second(1)).await.unwrap());
    assert!(!ground.store.remove_override("a", second(2)).await.unwrap());
    assert!(!ground.store.remove_override("b", second(2)).await.unwrap());
    assert_eq!(ground.store.overrides(second(0)).await.unwrap(), []);
}

async fn a_backup_is_a_whole_database_or_a_refusal(ground: Ground) {
    ground.receive("a").await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("it's a copy.db");
    let answer = ground.store.backup(&copy).await;
    if !ground.is_sqlite() {
        assert!(answer.unwrap_err().to_string().contains("pg_dump"));
        return;
    }
    answer.unwrap();
    ground.receive("b").await;
    let again = ground.store.backup(&copy).await.unwrap_err();
    assert!(again.to_string().contains("exists already"), "{again}");
    let url = format!("sqlite://{}", copy.display());
    let store = open(&url, &OpenOptions::default()).await.unwrap();
    assert_eq!(store.inquiry_ids(None, 10).await.unwrap(), ["a".into()]);
    assert!(store.audit_whole(second(0)).await.unwrap().is_clean());
    store.close().await;
}

async fn a_living_database_answers(ground: Ground) {
    ground.store.ping().await.unwrap();
}

async fn a_closed_store_answers_errors(ground: Ground) {
    ground.store.close().await;
    ground.store.close().await;
    assert!(ground.store.ping().await.is_err());
    assert!(
        ground
            .store
            .commit(received("a", "T-1", second(0)))
            .await
            .is_err()
    );
    assert!(
        ground
            .store
            .enqueue(received("a", "T-1", second(0)).outbox)
            .await
            .is_err()
    );
}
