#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::{KeptCard, KeptPage, Place};
use crate::testkit::postgres::fresh_database;
use crate::testkit::world::{STORY, World};

/// A day with most of what happens: claims, waits, a promise that broke, an end.
async fn day() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A", |_| {}).await;
    world
        .receive("B", |it| it.severity = Some("S3".to_owned()))
        .await;
    world.receive("C", |_| {}).await;
    for (member, line) in [
        ("aoki", "claim Q-1"),
        ("aoki", "reply Q-1 見ています"),
        ("inoue", "claim Q-2"),
        ("inoue", "wait Q-2 requester"),
    ] {
        world.says(member, line).await;
    }
    world.until("2026-11-25 11:00").await;
    world
}

async fn faults(app: &App) -> (Tally, Vec<Fault>) {
    let mut all = Vec::new();
    let tally = app.refold(&mut |fault| all.push(fault)).await.unwrap();
    (tally, all)
}

/// The page of a day, read back and changed by hand, and what is wrong with the inquiry Q-1 then.
async fn wrong(world: &World, change: impl FnOnce(&mut Kept)) -> Vec<Wrong> {
    wrong_of(world, 3, change).await
}

/// The same where there are so many inquiries.
async fn wrong_of(world: &World, many: usize, change: impl FnOnce(&mut Kept)) -> Vec<Wrong> {
    let KeptPage { mut all, next } = world.app.store.kept(None, 100).await.unwrap();
    assert_eq!((all.len(), next), (many, None));
    let mut first = all.swap_remove(0);
    change(&mut first);
    world
        .app
        .compared(&first, world.app.clock.now())
        .await
        .unwrap()
}

fn differs(field: &str, kept: Value, folded: Value) -> Wrong {
    Wrong::Differs {
        field: field.to_owned(),
        kept,
        folded,
    }
}

#[tokio::test]
async fn a_day_differs_in_nothing() {
    let world = day().await;
    let (tally, all) = faults(&world.app).await;
    assert_eq!(all, []);
    assert_eq!((tally.inquiries, tally.differences), (3, 0));
    assert!(tally.events > 8, "{tally:?}");
}

#[tokio::test]
async fn on_postgres_too() {
    let database = fresh_database("refold").await;
    let folder = tempfile::tempdir().unwrap().path().join("nothing");
    let world = World::on(&database.url, STORY, "2026-11-24 10:00", folder).await;
    world.receive("A", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.until("2026-11-25 11:00").await;
    let (tally, all) = faults(&world.app).await;
    assert_eq!((tally.inquiries, all), (1, Vec::new()));
    let harmed = wrong_of(&world, 1, |kept| kept.lines[1].body = "[]".to_owned()).await;
    assert!(
        matches!(&harmed[..], [Wrong::UnreadableLine { seq: 2, .. }]),
        "{harmed:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn each_field_is_named_with_both_values() {
    let world = day().await;
    let row = |change: fn(&mut KeptRow)| move |kept: &mut Kept| change(kept.row.as_mut().unwrap());
    let seq = {
        let page = world.app.store.kept(None, 1).await.unwrap();
        page.all[0].row.as_ref().unwrap().version
    };
    type Harm = fn(&mut KeptRow);
    let checks: [(Harm, Wrong); 5] = [
        (
            |row| row.version += 1,
            differs("version", json!(seq + 1), json!(seq)),
        ),
        (
            |row| row.queue = "billing".to_owned(),
            differs("queue", json!("billing"), json!("support")),
        ),
        (
            |row| row.owner = None,
            differs("owner", json!(null), json!("aoki")),
        ),
        (
            |row| row.stage = "closed".to_owned(),
            differs("stage", json!("closed"), json!("active")),
        ),
        (
            |row| row.doc = row.doc.replace("\"plan\":\"gold\"", "\"plan\":\"tin\""),
            differs("doc.facts.plan", json!("tin"), json!("gold")),
        ),
    ];
    for (change, expected) in checks {
        assert_eq!(wrong(&world, row(change)).await, [expected]);
    }
    let unreadable = wrong(&world, row(|row| row.doc = "{}".to_owned())).await;
    assert!(
        matches!(unreadable[..], [Wrong::UnreadableDocument { .. }]),
        "{unreadable:?}"
    );
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() {
    let world = day().await;
    let found = wrong(&world, |kept| {
        kept.lines[1].kind = "teleported".to_owned();
        kept.lines[1].v = 3;
    });
    assert_eq!(
        found.await,
        [Wrong::UnreadableLine {
            seq: 2,
            kind: "teleported".to_owned(),
            v: 3,
            why: "unknown event kind \"teleported\" version 3".to_owned(),
        }]
    );
    for harm in [
        (|line| line.body = "{".to_owned()) as fn(&mut KeptLine),
        |line| line.actor = "nobody".to_owned(),
    ] {
        let found = wrong(&world, |kept| harm(&mut kept.lines[1])).await;
        assert!(
            matches!(&found[..], [Wrong::UnreadableLine { seq: 2, .. }]),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn a_ledger_that_is_not_whole_is_no_panic() {
    let world = day().await;
    let found = wrong(&world, |kept| drop(kept.lines.remove(1))).await;
    assert_eq!(
        found,
        [Wrong::Gap {
            seq: 3,
            expected: 2
        }]
    );
    let found = wrong(&world, |kept| {
        let second = kept.lines[1].clone();
        kept.lines = vec![KeptLine { seq: 1, ..second }];
    });
    let found = found.await;
    assert!(
        matches!(&found[..], [Wrong::UnreadableLine { seq: 1, kind, .. }] if kind == "claimed"),
        "{found:?}"
    );
    let none = wrong(&world, |kept| kept.lines.clear()).await;
    assert_eq!(none, [Wrong::NoLedger]);
    let stray = wrong(&world, |kept| kept.row = None).await;
    assert_eq!(stray, [Wrong::NoInquiry]);
}

#[tokio::test]
async fn a_timer_is_compared_with_the_agenda() {
    let world = day().await;
    let set = |at: Option<Timestamp>| {
        move |kept: &mut Kept| {
            kept.timer = at;
            kept.row.as_mut().unwrap().deadline = at;
        }
    };
    let page = world.app.store.kept(None, 1).await.unwrap();
    let due = page.all[0].timer.unwrap();
    assert_eq!(wrong(&world, set(Some(due))).await, []);
    for other in [None, Some(plus(due, SignedDuration::from_secs(1)))] {
        let found = wrong(&world, set(other)).await;
        assert_eq!(found, [differs("timer", json!(other), json!(due))]);
    }
    let apart = wrong(&world, |kept| kept.timer = None).await;
    let expected = [
        differs("deadline", json!(due), json!(null)),
        differs("timer", json!(null), json!(due)),
    ];
    assert_eq!(apart, expected);
}

#[tokio::test]
async fn a_timer_that_was_put_off_is_no_difference() {
    let world = day().await;
    let page = world.app.store.kept(None, 1).await.unwrap();
    let due = page.all[0].timer.unwrap();
    let again = plus(due, SignedDuration::from_secs(30));
    let mut kept = page.all[0].clone();
    kept.timer = Some(again);
    kept.row.as_mut().unwrap().deadline = Some(again);
    let app = &world.app;
    assert_eq!(app.compared(&kept, due).await.unwrap(), []);
    // Long before it is due nobody could have put it off.
    let early = plus(due, -SignedDuration::from_mins(5));
    assert_eq!(app.compared(&kept, early).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_waits_for_the_opening_is_no_difference() {
    // Nobody answers; what breaks in the evening is told in the morning, and the timer says so all night.
    let world = World::at("2026-11-24 16:00").await;
    world
        .receive("A", |it| it.severity = Some("S3".to_owned()))
        .await;
    for wall in [
        "2026-11-24 17:59",
        "2026-11-24 18:30",
        "2026-11-25 03:00",
        "2026-11-25 09:00",
        "2026-11-25 12:30",
        "2026-11-27 23:00",
    ] {
        world.until(wall).await;
        assert_eq!(faults(&world.app).await.1, [], "at {wall}");
    }
}

#[tokio::test]
async fn a_policy_that_is_gone_leaves_the_rest_compared() {
    let world = day().await;
    let found = wrong(&world, |kept| {
        let known = world.app.setup.policies.keys().next().unwrap().0.clone();
        kept.lines[0].body = kept.lines[0].body.replace(&known, "5f5f");
        let row = kept.row.as_mut().unwrap();
        row.doc = row.doc.replace(&known, "5f5f");
        row.policy = "5f5f".to_owned();
        row.queue = "billing".to_owned();
    });
    let found = found.await;
    assert_eq!(
        found[0],
        differs("queue", json!("billing"), json!("support"))
    );
    assert!(
        matches!(&found[1..], [Wrong::NoPolicy { policy, .. }] if policy == "5f5f"),
        "{found:?}"
    );
}

#[tokio::test]
async fn cards_follow_the_length_of_the_ledger() {
    let world = day().await;
    let seq = world.app.store.kept(None, 1).await.unwrap().all[0]
        .lines
        .len() as i64;
    let ahead = wrong(&world, |kept| kept.cards[0].wanted = seq + 2).await;
    assert_eq!(
        ahead,
        [differs(
            "card desk support wanted",
            json!(seq + 2),
            json!(seq)
        )]
    );
    let behind = wrong(&world, |kept| kept.cards[0].wanted = seq - 1).await;
    assert_eq!(
        behind,
        [differs("cards wanted", json!(seq - 1), json!(seq))]
    );
    let none = wrong(&world, |kept| kept.cards.clear()).await;
    assert_eq!(none, [differs("cards wanted", json!(null), json!(seq))]);
    // A place that it has left keeps its length.
    let left = wrong(&world, |kept| {
        kept.cards.push(KeptCard {
            place: Place {
                platform: "desk".to_owned(),
                channel: "billing".to_owned(),
            },
            shown: 1,
            wanted: 2,
        });
    });
    assert_eq!(left.await, []);
}

#[tokio::test]
async fn pages_leave_nothing_out() {
    let world = World::at("2026-11-24 10:00").await;
    for n in 0..7 {
        world.receive(&format!("T-{n}"), |_| {}).await;
    }
    for limit in [1, 3, 7, 8] {
        let (mut ids, mut lines, mut after) = (Vec::new(), 0, None);
        loop {
            let page = world.app.store.kept(after.as_ref(), limit).await.unwrap();
            assert!(page.all.len() <= limit as usize);
            lines += page.all.iter().map(|kept| kept.lines.len()).sum::<usize>();
            ids.extend(page.all.into_iter().map(|kept| kept.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut sorted = ids.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((ids.len(), sorted), (7, ids), "in pages of {limit}");
        assert_eq!(lines, 7, "in pages of {limit}");
    }
}
