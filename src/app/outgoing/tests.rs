#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::World;

/// The day's duty has it in their channel; then people act, and the card is edited.
async fn check(acts: &[(&str, &str)], wall: &str, named: &[&str]) {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.settle().await;
    for (member, line) in acts {
        world.says(member, line).await;
        world.settle().await;
    }
    world.until(wall).await;
    let stored = world.app.store.by_reference(Reference(1)).await;
    let stored = stored.unwrap().unwrap();
    let card = world.app.store.cards(&stored.inquiry.id).await.unwrap();
    let card = card.first().unwrap();
    assert_eq!(
        card.called,
        [MemberId::from("ueda")],
        "whom the first post called"
    );
    let ready = world
        .app
        .ready_card(&card.inquiry, &card.place, &card.called);
    let PostKind::Card { mentions, .. } = ready.await.unwrap().unwrap().post.what else {
        panic!("a card")
    };
    let named: Vec<MemberId> = named.iter().map(|id| MemberId::from(*id)).collect();
    assert_eq!(mentions, named, "{acts:?}");
}

const SAME_DAY: &str = "2026-11-24 10:30";

#[tokio::test]
async fn an_edit_names_whom_the_first_post_called() {
    check(&[("inoue", "severity Q-1 S2")], SAME_DAY, &["ueda"]).await;
}

#[tokio::test]
async fn an_owner_stands_in_the_field_and_nobody_is_named() {
    check(&[("inoue", "claim Q-1")], SAME_DAY, &[]).await;
}

#[tokio::test]
async fn an_assignee_is_named_only_if_the_first_post_called_them() {
    check(&[("inoue", "assign Q-1 eguchi")], SAME_DAY, &[]).await;
    check(&[("inoue", "assign Q-1 ueda")], SAME_DAY, &["ueda"]).await;
}

#[tokio::test]
async fn what_is_released_is_the_dutys_again() {
    let acts = [("inoue", "claim Q-1"), ("inoue", "release Q-1")];
    check(&acts, SAME_DAY, &["ueda"]).await;
}

#[tokio::test]
async fn after_a_handoff_the_new_duty_is_named() {
    check(&[], "2026-11-25 10:00", &["eguchi"]).await;
}

#[tokio::test]
async fn what_ended_calls_nobody() {
    check(&[("aoki", "close Q-1 duplicate")], SAME_DAY, &[]).await;
}
