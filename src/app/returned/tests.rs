#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::inquiry::{Clock, Event, Inquiry};
use crate::testkit::world::World;

/// An inquiry of Inoue's that was answered by a letter.
async fn answered() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    world.settle().await;
    world.until("2026-11-24 10:20").await;
    world.says("inoue", "reply Q-1 try again").await;
    world.settle().await;
    world
}

async fn inquiry(world: &World) -> Inquiry {
    let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
    stored.unwrap().inquiry
}

/// What a server reports of the answer.
async fn report(world: &World, fate: Fate, why: &str) -> Returned {
    let id = inquiry(world).await.id;
    let ledger = world.app.store.ledger(&id).await.unwrap();
    let mut ledger = ledger.iter();
    let replied = ledger.find(|entry| matches!(entry.event, Event::Replied { .. }));
    Returned {
        key: back_key(&id, replied.unwrap().seq),
        thread: "T-1".to_owned(),
        fate,
        why: why.to_owned(),
    }
}

async fn comes_back(world: &World, returned: &Returned) {
    let source = inquiry(world).await.origin.source;
    world.app.letter_returned(&source, returned).await.unwrap();
    world.settle().await;
}

async fn is_owed(world: &World) -> Option<crate::time::Timestamp> {
    let inquiry = inquiry(world).await;
    inquiry.run(Clock::FirstResponse).map(|run| run.started_at)
}

#[tokio::test]
async fn an_answer_that_came_back_counts_as_none_and_its_clock_runs_from_its_start() {
    let world = answered().await;
    assert_eq!(is_owed(&world).await, None);
    world.until("2026-11-24 11:00").await;
    let returned = report(&world, Fate::Failed, "sato@x: 550 no such user").await;
    comes_back(&world, &returned).await;
    let received_at = inquiry(&world).await.received_at;
    assert_eq!(is_owed(&world).await, Some(received_at));
    let heard = world.heard();
    assert!(heard.contains("550 no such user"), "{heard}");

    // Reported again, by the same server or by another: nothing more.
    let seq = inquiry(&world).await.seq;
    comes_back(&world, &returned).await;
    let other = report(&world, Fate::Failed, "sato@x: timed out").await;
    comes_back(&world, &other).await;
    assert_eq!(
        (inquiry(&world).await.seq, world.heard()),
        (seq, String::new())
    );
    world.end().await;
}

#[tokio::test]
async fn a_letter_that_is_still_tried_and_a_copy_that_failed_change_nothing_and_are_told_once() {
    let world = answered().await;
    let seq = inquiry(&world).await.seq;
    world.until("2026-11-24 11:00").await;
    let delayed = report(&world, Fate::Delayed, "sato@x: 451 busy").await;
    let copy = report(&world, Fate::CopyFailed, "boss@x: 550 gone").await;
    for returned in [&delayed, &delayed, &copy, &copy] {
        comes_back(&world, returned).await;
    }
    let heard = world.heard();
    for said in ["451 busy", "550 gone"] {
        assert_eq!(heard.matches(said).count(), 1, "{heard}");
    }
    assert_eq!(
        (inquiry(&world).await.seq, is_owed(&world).await),
        (seq, None)
    );
    world.end().await;
}

#[tokio::test]
async fn an_answer_about_what_was_split_off_comes_back_to_that() {
    let world = answered().await;
    world.says("inoue", "split Q-1 printing").await;
    world.says("inoue", "reply Q-2 another driver").await;
    world.settle().await;
    let child = async || {
        let stored = world.app.store.by_reference(Reference(2)).await.unwrap();
        stored.unwrap().inquiry
    };
    let split = child().await;
    assert!(split.run(Clock::FirstResponse).is_none());
    let ledger = world.app.store.ledger(&split.id).await.unwrap();
    let mut ledger = ledger.iter();
    let replied = ledger.find(|entry| matches!(entry.event, Event::Replied { .. }));
    let returned = Returned {
        key: back_key(&split.id, replied.unwrap().seq),
        thread: "T-1".to_owned(),
        fate: Fate::Failed,
        why: "550".to_owned(),
    };
    comes_back(&world, &returned).await;
    assert!(child().await.run(Clock::FirstResponse).is_some());
    assert_eq!(is_owed(&world).await, None);
    world.end().await;
}

#[tokio::test]
async fn what_nobody_sent_changes_nothing() {
    let world = answered().await;
    world.heard();
    let seq = inquiry(&world).await.seq;
    let real = report(&world, Fate::Failed, "550").await;
    for forged in [
        Returned {
            key: format!("{}x", real.key),
            ..real.clone()
        },
        Returned {
            thread: "T-2".to_owned(),
            ..real.clone()
        },
    ] {
        comes_back(&world, &forged).await;
    }
    assert_eq!(
        (inquiry(&world).await.seq, world.heard()),
        (seq, String::new())
    );
    world.end().await;
}

#[tokio::test]
async fn whom_an_answer_does_not_reach_is_told_and_it_counts_all_the_same() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    world.settle().await;
    let refused = |address: &str, why: &str| Refused {
        address: address.to_owned(),
        why: why.to_owned(),
    };
    world.back.refuse(vec![
        refused("boss@x", "550 no such person"),
        refused("a b@x", "\"a b@x\" is no mail address"),
    ]);
    world.says("inoue", "reply Q-1 try again").await;
    world.settle().await;
    assert_eq!(is_owed(&world).await, None);
    let heard = world.heard();
    assert!(
        heard.contains("boss@x: 550 no such person; \"a b@x\" is no mail address"),
        "{heard}"
    );
    assert_eq!(world.back.sent().len(), 2, "{:?}", world.back.sent());
    world.end().await;
}

#[tokio::test]
async fn a_letter_that_arrived_after_all_and_came_back_counts_as_none() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    let why = "550 5.7.1 not now".to_owned();
    world.back.fail(Some(DeliveryError::Rejected { why }));
    world.says("inoue", "reply Q-1 try again").await;
    world.back.fail(None);
    world.until("2026-11-24 10:30").await;
    let dead = world.app.store.outbox(&["dead"], 1).await.unwrap();
    let by = AskedBy::Token("cli".to_owned());
    assert!(world.app.retry_delivery(&dead[0].id, &by).await.unwrap());
    world.settle().await;
    assert_eq!(is_owed(&world).await, None);
    world.until("2026-11-24 11:00").await;
    let returned = report(&world, Fate::Failed, "sato@x: 550 no such user").await;
    comes_back(&world, &returned).await;
    let received_at = inquiry(&world).await.received_at;
    assert_eq!(is_owed(&world).await, Some(received_at));
    let seq = inquiry(&world).await.seq;
    comes_back(&world, &returned).await;
    assert_eq!(inquiry(&world).await.seq, seq);
    world.end().await;
}
