#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::inquiry::Clock;
use crate::testkit::world::World;

/// An inquiry of Inoue's whose reply could not be sent back.
async fn with_a_dead_reply() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    world.settle().await;
    refuse(&world);
    world.says("inoue", "reply Q-1 try again").await;
    world.settle().await;
    world
}

fn refuse(world: &World) {
    let why = "403".to_owned();
    world.back.fail(Some(DeliveryError::Rejected { why }));
}

async fn inquiry(world: &World) -> crate::domain::inquiry::Inquiry {
    let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
    stored.unwrap().inquiry
}

async fn is_owed(world: &World) -> bool {
    inquiry(world).await.run(Clock::FirstResponse).is_some()
}

async fn dead(world: &World) -> Vec<String> {
    let dead = world.app.store.outbox(&["dead"], 10).await.unwrap();
    dead.into_iter().map(|row| row.id).collect()
}

async fn retry(world: &World, id: &str) -> bool {
    let by = AskedBy::Member("ueda".into());
    let is_revived = world.app.retry_delivery(id, &by).await.unwrap();
    world.settle().await;
    is_revived
}

#[tokio::test]
async fn a_dead_reply_counts_once_it_has_arrived_and_not_before() {
    let world = with_a_dead_reply().await;
    let rows = dead(&world).await;
    assert_eq!(rows.len(), 1);
    assert!(is_owed(&world).await);
    // Tried again in vain: nothing stops, and the owner hears of it again.
    let before = inquiry(&world).await.seq;
    assert!(retry(&world, &rows[0]).await);
    assert!(is_owed(&world).await);
    assert!(inquiry(&world).await.seq > before);
    assert_eq!(dead(&world).await, rows);
    // Put into the lane, but not sent yet: the clock still runs.
    world.back.fail(None);
    let by = AskedBy::Token("cli".to_owned());
    assert!(world.app.retry_delivery(&rows[0], &by).await.unwrap());
    assert!(is_owed(&world).await);
    world.settle().await;
    assert!(!is_owed(&world).await);
    assert_eq!(world.back.sent().last().unwrap(), "Q-1 reply try again");
    let ledger = world.app.store.ledger(&inquiry(&world).await.id).await;
    let last = ledger.unwrap().pop().unwrap();
    assert!(matches!(last.event, Event::RepliedElsewhere { .. }));
    assert_eq!(last.actor.member(), Some(&"inoue".into()));
    world.end().await;
}

#[tokio::test]
async fn only_what_is_dead_comes_back() {
    let world = with_a_dead_reply().await;
    world.back.fail(None);
    let rows = dead(&world).await;
    assert!(retry(&world, &rows[0]).await);
    assert!(!retry(&world, &rows[0]).await, "it is sent");
    assert!(!retry(&world, "nothing").await);
    assert_eq!(
        world
            .back
            .sent()
            .iter()
            .filter(|it| it.contains("reply"))
            .count(),
        1
    );
    world.end().await;
}

#[tokio::test]
async fn a_reply_that_another_one_has_overtaken_stops_nothing() {
    let world = with_a_dead_reply().await;
    world.back.fail(None);
    world.says("inoue", "reply Q-1 the other way").await;
    world.settle().await;
    let before = inquiry(&world).await.seq;
    let rows = dead(&world).await;
    assert!(retry(&world, &rows[0]).await);
    assert_eq!(inquiry(&world).await.seq, before);
    world.end().await;
}

#[tokio::test]
async fn the_operators_are_told_how_to_send_it_again() {
    let world = World::at("2026-11-24 10:00").await;
    let gone = || {
        let why = "no such channel".to_owned();
        crate::testkit::platform::Fault::Refuse(DeliveryError::Gone { why })
    };
    world.chat.fail([gone()]);
    world.receive("T-1", |_| {}).await;
    world.settle().await;
    let rows = dead(&world).await;
    assert_eq!(rows.len(), 1);
    let told = format!("toban outbox retry {}", rows[0]);
    assert!(world.heard().contains(&told), "{told}");
    assert!(retry(&world, &rows[0]).await);
    assert_eq!(dead(&world).await, Vec::<String>::new());
    world.end().await;
}
