//! The days of a team: what is said, when, and to whom.

use insta::assert_snapshot;
use toban::testkit::world::World;

#[tokio::test]
async fn the_quiet_day() {
    let world = World::at("2026-11-24 08:00").await;
    world.until("2026-11-25 08:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_inquiry_is_claimed_answered_and_resolved() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-24 10:05").await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "reply Q-1 調べています。").await;
    world.until("2026-11-24 14:00").await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=設定 cause=宛先の誤り workaround=宛先を直す",
        )
        .await;
    world.until("2026-12-03 10:00").await;
    assert_snapshot!(world.heard());
    assert_snapshot!(world.back.sent().join("\n"));
    world.end().await;
}

#[tokio::test]
async fn nobody_claims() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-25 12:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}
