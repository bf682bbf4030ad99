//! Snapshots, changes of rotas, backups, and the end.

use super::super::{OpenOptions, open};
use super::{Ground, both};
use crate::app::ports::Snapshot;
use crate::app::rotas::adopt_rota;
use crate::domain::ids::MemberId;
use crate::domain::rota::{Begins, Cadence, Change, OffHours, Plan, Rota, Version, in_force};
use crate::testkit::inquiry::{received, second};
use crate::time::civil::{date, time};
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::BTreeSet;

both! {
    a_snapshot_is_kept_once
    snapshots_are_listed_by_age
    changes_of_a_rota_are_numbered_and_written_once
    of_two_changes_at_once_one_wins
    processes_that_start_together_end_with_the_same_rota
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

/// A change to an order, made at a second.
fn change(order: &[&str], at: i64) -> Change {
    let version = Version {
        starts: date(2026, 7, 13),
        zone: "Asia/Tokyo".to_owned(),
        handoff: time(9, 30, 0, 0),
        cadence: Cadence::DAILY,
        works: None,
        participants: order.iter().map(|member| MemberId::from(*member)).collect(),
        off_hours: OffHours::Rota("夜".to_owned()),
        on: vec![],
        dated: None,
        begins: Some(Begins {
            at: second(at + 60),
            with: 0,
            on: vec![],
        }),
    };
    Change {
        at: second(at),
        configured: Plan {
            name: "night".to_owned(),
            versions: vec![version.clone()],
        },
        versions: vec![version],
    }
}

async fn changes_of_a_rota_are_numbered_and_written_once(ground: Ground) {
    let store = &ground.store;
    let (first, second) = (change(&["aoki"], 5), change(&["aoki", "baba"], 3));
    assert_eq!(store.rota_changes("night").await.unwrap(), []);
    assert!(store.add_rota_change("night", 1, &first).await.unwrap());
    assert!(store.add_rota_change("night", 2, &second).await.unwrap());
    assert!(store.add_rota_change("day", 1, &second).await.unwrap());
    // Whoever comes late with a number changes nothing.
    assert!(!store.add_rota_change("night", 1, &second).await.unwrap());
    assert!(!store.add_rota_change("night", 2, &first).await.unwrap());
    let kept = store.rota_changes("night").await.unwrap();
    assert_eq!(kept, [first, second.clone()]);
    assert_eq!(store.rota_changes("day").await.unwrap(), [second]);
}

async fn of_two_changes_at_once_one_wins(ground: Ground) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (store, change) = (ground.store.clone(), change(&["aoki"], n));
            tokio::spawn(async move {
                let won = store.add_rota_change("night", 1, &change).await.unwrap();
                won.then_some(change)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        winners.extend(task.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(ground.store.rota_changes("night").await.unwrap(), winners);
}

/// A rota of these people, every day at 09:30 in Tokyo, as a configuration has it.
fn configured(order: &[&str]) -> Rota {
    let mut plan = change(order, 0).configured;
    for version in &mut plan.versions {
        version.begins = None;
        version.off_hours = OffHours::Duty;
    }
    Rota::new(plan).unwrap()
}

async fn processes_that_start_together_end_with_the_same_rota(ground: Ground) {
    let everybody: BTreeSet<MemberId> = ["aoki", "baba", "doi"].map(MemberId::from).into();
    let handoff: Timestamp = "2026-07-15T00:30:00Z".parse().unwrap();
    let start = |order: &'static [&'static str], seconds: i64| {
        let (store, members) = (ground.store.clone(), everybody.clone());
        let now = plus(handoff, SignedDuration::from_secs(seconds));
        tokio::spawn(async move {
            let rota = configured(order);
            let adopted = adopt_rota(&*store, &rota, &members, now).await;
            adopted.unwrap()
        })
    };
    // Their clocks differ, and lie on both sides of a handoff.
    let all_at_once = async |order| {
        let tasks: Vec<_> = (-3..3).map(|seconds| start(order, seconds)).collect();
        let mut ends = Vec::new();
        for task in tasks {
            ends.push(task.await.unwrap());
        }
        ends
    };
    for (number, order) in [(1, &["aoki", "baba"][..]), (2, &["aoki", "doi", "baba"])] {
        let ends = all_at_once(order).await;
        let history = ground.store.rota_changes("night").await.unwrap();
        assert_eq!(history.len(), number);
        let kept = in_force(&history).unwrap().unwrap();
        assert!(ends.iter().all(|(rota, _)| *rota == kept), "{ends:#?}");
        // Only who made the change tells of it, and the first is none.
        let told = ends.iter().filter(|(_, news)| news.is_some()).count();
        assert_eq!(told, number - 1);
    }
    // Different configurations at once: each is one more change, and each process goes by its own.
    let orders: [&'static [&'static str]; 2] = [&["aoki", "baba"], &["doi"]];
    let tasks = orders.map(|order| (order, start(order, 60)));
    for (order, task) in tasks {
        let (rota, _) = task.await.unwrap();
        let later = rota.version(plus(handoff, SignedDuration::from_hours(90)));
        assert_eq!(
            later.participants,
            configured(order).plan().versions[0].participants
        );
    }
    assert_eq!(ground.store.rota_changes("night").await.unwrap().len(), 4);
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
