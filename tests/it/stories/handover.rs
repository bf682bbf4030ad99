//! Handoffs: what the outgoing duty is asked and answers, what silence does, what the incoming duty reads; and the
//! second duty who joins when there is too much for one. Tuesday 24 November 2026 is 上田's, Wednesday 江口's.

#![allow(clippy::unwrap_used)]

use insta::assert_snapshot;
use toban::testkit::world::{STORY, World, tokyo};

/// The story's queue `support` with more settings.
fn queue(more: &str) -> String {
    let place = "calendar = \"office\"\ndefault = true";
    let config = STORY.replacen(place, &format!("{place}\n{more}"), 1);
    assert_ne!(config, STORY);
    config
}

/// 上田 holds three: one answered and waiting, one with its next step, one given by 井上 and not accepted.
async fn with_three(config: &str) -> World {
    let world = World::with(config, "2026-11-24 10:00").await;
    for id in ["A-1", "A-2", "A-3"] {
        world
            .receive(id, |mapped| mapped.severity = Some("S3".to_owned()))
            .await;
    }
    world.says("ueda", "claim Q-1").await;
    world.says("ueda", "ask Q-1 ログはありますか").await;
    world.says("ueda", "wait Q-1 vendor 2026-11-26 10:00").await;
    world.says("ueda", "claim Q-2").await;
    world.says("ueda", "reply Q-2 調べます").await;
    world
        .says(
            "ueda",
            "next Q-2 再現手順を送ってもらう who=依頼者 until=2026-11-25 15:00",
        )
        .await;
    world.says("inoue", "reply Q-3 担当者から連絡します").await;
    world.says("inoue", "assign Q-3 ueda").await;
    world
}

#[tokio::test]
async fn the_outgoing_duty_answers() {
    let world = with_three(STORY).await;
    world.heard();
    world.until("2026-11-25 09:31").await;
    world.note("— the buttons —");
    world.says("ueda", "keep Q-1").await;
    world.says("ueda", "hand-over Q-2").await;
    world.says("ueda", "release Q-3").await;
    world.says("eguchi", "accept Q-2").await;
    world.says("ueda", "keep Q-1").await;
    world.until("2026-11-25 12:00").await;
    world.says("eguchi", "show Q-2").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_outgoing_duty_answers_in_english() {
    let config = STORY.replacen("lang = \"ja\"", "lang = \"en\"", 1);
    let world = with_three(&config).await;
    world.heard();
    world.until("2026-11-25 09:31").await;
    world.says("ueda", "keep Q-1").await;
    world.says("ueda", "hand-over Q-2").await;
    world.until("2026-11-25 12:00").await;
    world.says("eguchi", "duty today").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

/// Nobody answers what is asked at 09:30 on Wednesday; what is said until noon.
async fn unanswered(handoff: &str) -> String {
    let world = with_three(&queue(&format!("handoff = \"{handoff}\""))).await;
    world.until("2026-11-25 11:00").await;
    world.heard();
    world.until("2026-11-25 12:00").await;
    world.says("eguchi", "list").await;
    let heard = world.heard();
    world.end().await;
    heard
}

#[tokio::test]
async fn unanswered_they_stay() {
    assert_snapshot!(unanswered("keep").await);
}

#[tokio::test]
async fn unanswered_they_are_handed_over() {
    assert_snapshot!(unanswered("hand_over").await);
}

#[tokio::test]
async fn unanswered_they_are_released() {
    assert_snapshot!(unanswered("release").await);
}

#[tokio::test]
async fn a_rota_of_one_asks_nothing() {
    let order = r#"participants = ["aoki", "inoue", "ueda", "eguchi"]"#;
    let config = STORY.replacen(order, r#"participants = ["ueda"]"#, 1);
    assert_ne!(config, STORY);
    let world = with_three(&config).await;
    world.heard();
    world.until("2026-11-25 12:00").await;
    let heard = world.heard();
    assert!(!heard.contains("どうしますか"), "{heard}");
    world.end().await;
}

#[tokio::test]
async fn a_handoff_at_night_asks_at_the_opening() {
    let config = STORY.replacen("handoff = \"09:30\"", "handoff = \"07:00\"", 1);
    assert_ne!(config, STORY);
    let world = with_three(&config).await;
    world.until("2026-11-25 08:59").await;
    let night = world.heard();
    assert!(!night.contains("どうしますか"), "{night}");
    world.until("2026-11-25 09:00").await;
    let morning = world.heard();
    assert!(morning.contains("3件をどうしますか"), "{morning}");
    world.says("ueda", "keep Q-1").await;
    world.heard();
    // Started again, it asks nothing twice, and still tells what came of it.
    let world = world.restarted(&config).await;
    world.until("2026-11-25 11:05").await;
    let heard = world.heard();
    assert!(!heard.contains("3件をどうしますか"), "{heard}");
    assert!(heard.contains("継続：Q-1"), "{heard}");
    assert!(
        heard.contains("返事なし、そのまま継続：Q-2, Q-3"),
        "{heard}"
    );
    world.end().await;
}

#[tokio::test]
async fn whoever_has_the_duty_hands_over_to_the_next() {
    let world = World::at("2026-11-24 16:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("ueda", "claim Q-1").await;
    world.heard();
    world.says("ueda", "引き渡す Q-1").await;
    let heard = world.heard();
    assert!(heard.contains("江口さん"), "{heard}");
    world.end().await;
}

#[tokio::test]
async fn a_second_duty_joins_and_goes() {
    let config = queue("overflow = 3");
    let world = World::with(&config, "2026-11-24 10:00").await;
    for id in ["A-1", "A-2", "A-3"] {
        world.receive(id, |_| {}).await;
    }
    world.until("2026-11-24 10:05").await;
    world.heard();
    world.note("— the fourth —");
    world.receive("A-4", |_| {}).await;
    world.until("2026-11-24 10:10").await;
    // Said once, whoever starts again.
    let world = world.restarted(&config).await;
    world.until("2026-11-24 10:15").await;
    world.says("ueda", "duty today").await;
    world.note("— the fifth calls both —");
    world.receive("A-5", |_| {}).await;
    world.until("2026-11-24 10:20").await;
    // Two go to others: three are left, which is one too many to be alone again.
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "claim Q-2").await;
    world.until("2026-11-24 10:25").await;
    world.note("— two are left —");
    world.says("inoue", "claim Q-3").await;
    world.until("2026-11-24 10:30").await;
    world.receive("A-6", |_| {}).await;
    world.until("2026-11-24 10:31").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn with_the_handoff_the_second_goes_and_the_next_may_come() {
    let world = World::with(&queue("overflow = 2"), "2026-11-24 16:00").await;
    for id in ["A-1", "A-2", "A-3"] {
        world
            .receive(id, |mapped| mapped.severity = Some("S4".to_owned()))
            .await;
    }
    world.until("2026-11-24 16:05").await;
    let heard = world.heard();
    assert!(heard.contains("江口さん、上田さんの応援に"), "{heard}");
    world.until("2026-11-25 09:29").await;
    world.heard();
    world.until("2026-11-25 09:35").await;
    let heard = world.heard();
    assert!(heard.contains("青木さん、江口さんの応援に"), "{heard}");
    assert!(heard.contains("応援：青木さん"), "{heard}");
    world.end().await;
}

#[tokio::test]
async fn without_a_limit_nobody_joins() {
    let world = World::at("2026-11-24 10:00").await;
    for n in 0..30 {
        world.receive(&format!("A-{n}"), |_| {}).await;
    }
    world.until("2026-11-24 11:00").await;
    let heard = world.heard();
    assert!(!heard.contains("応援"), "{heard}");
    assert_eq!(world.app.clock.now(), tokyo("2026-11-24 11:00"));
    world.end().await;
}
