#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::inquiry::Clock;
use crate::testkit::world::World;
use std::time::Duration;

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

/// Makes what goes back fail so that it is tried again.
fn put_off(world: &World) {
    let why = "the source answered 503".to_owned();
    world
        .back
        .fail(Some(DeliveryError::Retry { after: None, why }));
}

/// Settles the next write-back as a process does that is gone before it can say so.
async fn settled_unsaid(world: &World, attempt: Attempt) {
    let now = world.app.clock.now();
    let soon = crate::time::plus(now, SignedDuration::from_mins(30));
    let (store, lease) = (&world.app.store, Duration::from_mins(1));
    let source = Some(Outlet::Source);
    let mut rows = store
        .claim_outlet(source, soon, "gone", lease, 9)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    let row = rows.remove(0);
    assert!(store.settle_outbox(&row, &attempt, now).await.unwrap());
    world.back.fail(None);
}

fn is_dead() -> Attempt {
    let why = "422".to_owned();
    Attempt::Dead { why }
}

async fn untold(world: &World) -> usize {
    world.app.store.untold_outbox(9).await.unwrap().len()
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

#[tokio::test]
async fn a_dead_reply_that_nobody_told_is_told_by_the_auditor() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    put_off(&world);
    world.says("inoue", "reply Q-1 try again").await;
    settled_unsaid(&world, is_dead()).await;
    world.heard();
    assert!(!is_owed(&world).await, "nobody knows of it yet");
    for _ in 0..2 {
        world.engine.audit().await.unwrap();
        world.settle().await;
        assert!(is_owed(&world).await);
        assert_eq!(untold(&world).await, 0);
    }
    let heard = world.heard();
    assert_eq!(heard.matches("届きませんでした").count(), 1, "{heard}");
    // It can be sent again as any other, and what was told in time is not told again.
    let rows = dead(&world).await;
    assert!(retry(&world, &rows[0]).await);
    assert!(!is_owed(&world).await);
    assert_eq!(untold(&world).await, 0);
    world.end().await;
}

#[tokio::test]
async fn a_death_that_was_told_is_not_told_again_by_the_auditor() {
    let world = with_a_dead_reply().await;
    assert_eq!(untold(&world).await, 0);
    // As if it had been told, and its note lost.
    let row = world
        .app
        .store
        .outbox(&["dead"], 1)
        .await
        .unwrap()
        .remove(0);
    let before = inquiry(&world).await.seq;
    world
        .app
        .store
        .revive_outbox(&row.id, world.app.clock.now())
        .await
        .unwrap();
    refuse(&world);
    world.settle().await;
    assert_eq!(inquiry(&world).await.seq, before + 1);
    world.heard();
    assert_eq!(world.app.settle_untold().await.unwrap(), 0);
    assert_eq!(world.heard(), "");
    world.end().await;
}

#[tokio::test]
async fn an_arrival_that_nobody_recorded_stops_its_clock_when_it_came() {
    let world = with_a_dead_reply().await;
    world.until("2026-11-24 10:30").await;
    let rows = dead(&world).await;
    let by = AskedBy::Token("cli".to_owned());
    assert!(world.app.retry_delivery(&rows[0], &by).await.unwrap());
    let receipt = Receipt {
        message: "k".to_owned(),
        thread: None,
    };
    let sent = Attempt::Sent {
        receipt,
        shown: None,
    };
    let arrived_at = world.app.clock.now();
    settled_unsaid(&world, sent).await;
    assert!(is_owed(&world).await);
    world.until("2026-11-24 10:40").await;
    assert_eq!(world.app.settle_untold().await.unwrap(), 1);
    assert_eq!(world.app.settle_untold().await.unwrap(), 0);
    assert!(!is_owed(&world).await);
    let ledger = world.app.store.ledger(&inquiry(&world).await.id).await;
    let last = ledger.unwrap().pop().unwrap().event;
    assert!(
        matches!(last, Event::RepliedElsewhere { at, .. } if at == arrived_at),
        "{last:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn what_is_no_reply_and_died_untold_is_told_once() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    put_off(&world);
    world.says("inoue", "claim Q-1").await;
    settled_unsaid(&world, is_dead()).await;
    world.heard();
    assert_eq!(world.app.settle_untold().await.unwrap(), 1);
    assert_eq!(world.app.settle_untold().await.unwrap(), 0);
    world.settle().await;
    let heard = world.heard();
    assert_eq!(heard.matches("担当者の変更が").count(), 1, "{heard}");
    assert_eq!(heard.matches("toban outbox retry").count(), 1, "{heard}");
    world.end().await;
}

const LATE_REPLY: &str = "返信がまだ起票元に届いていません（the source answered 503）";

#[tokio::test]
async fn a_reply_that_is_long_on_its_way_is_told_in_its_thread_once() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    put_off(&world);
    world.says("inoue", "reply Q-1 try again").await;
    world.until("2026-11-24 10:14").await;
    let heard = world.heard();
    assert!(!heard.contains("まだ起票元に"), "{heard}");
    world.until("2026-11-24 12:00").await;
    let heard = world.heard();
    assert_eq!(heard.matches(LATE_REPLY).count(), 1, "{heard}");
    assert!(heard.contains("#support/Q-1 @井上"), "{heard}");
    // Given up and brought back to life, it is another wait.
    refuse(&world);
    world.until("2026-11-24 12:30").await;
    put_off(&world);
    let rows = dead(&world).await;
    assert!(retry(&world, &rows[0]).await);
    world.until("2026-11-24 14:00").await;
    assert_eq!(world.heard().matches(LATE_REPLY).count(), 1);
    world.back.fail(None);
    world.until("2026-11-24 15:00").await;
    assert_eq!(world.back.sent().last().unwrap(), "Q-1 reply try again");
    world.end().await;
}

#[tokio::test]
async fn a_reply_that_waits_behind_what_is_long_on_its_way_is_told_too() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    put_off(&world);
    world.says("inoue", "claim Q-1").await;
    world.until("2026-11-24 10:40").await;
    let heard = world.heard();
    assert!(!heard.contains("まだ起票元に"), "no words wait: {heard}");
    world.says("inoue", "reply Q-1 try again").await;
    world.until("2026-11-24 12:00").await;
    let heard = world.heard();
    assert_eq!(heard.matches(LATE_REPLY).count(), 1, "{heard}");
    world.back.fail(None);
    world.until("2026-11-24 13:00").await;
    assert_eq!(world.back.sent().last().unwrap(), "Q-1 reply try again");
    world.end().await;
}
