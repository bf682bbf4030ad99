#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::desk::Order;
use crate::domain::inquiry::{Actor, Command, decide};
use crate::testkit::world::{STORY, World, tokyo};

/// The desk of the stories where everybody may be called so often in an hour.
fn desk(pings_per_hour: u32) -> String {
    STORY.replacen(
        "[desk]\n",
        &format!("[desk]\npings_per_hour = {pings_per_hour}\n"),
        1,
    )
}

/// How often a member is mentioned in what stands.
fn calls(world: &World, member: &str) -> usize {
    let posts = world.chat.posts();
    let calls = posts
        .iter()
        .filter(|post| post.mentions.contains(&member.into()));
    calls.count()
}

async fn receive(world: &World, names: &[&str]) {
    for name in names {
        world.receive(name, |_| {}).await;
    }
}

// On Tuesday the 24th of the stories the duty is Ueda.

#[tokio::test]
async fn beyond_the_allowance_a_notice_is_said_without_its_mention() {
    let world = World::with(&desk(2), "2026-11-24 10:00").await;
    receive(&world, &["A-1", "A-2", "A-3", "A-4"]).await;
    assert_eq!(calls(&world, "ueda"), 2);
    let cards = world
        .chat
        .posts()
        .iter()
        .filter(|post| post.is_card)
        .count();
    assert_eq!(cards, 4, "everything is said all the same");
    world.end().await;
}

#[tokio::test]
async fn what_was_held_back_is_listed_and_told_once_when_the_hour_ends() {
    let world = World::with(&desk(2), "2026-11-24 10:20").await;
    receive(&world, &["A-1", "A-2", "A-3", "A-4"]).await;
    let listed = world.says("ueda", "保留した通知").await;
    let of_others = world.says("aoki", "held").await;
    world.heard();
    // The claims' reminders would call too; nothing is left of them.
    for n in 1..=4 {
        world.says("inoue", &format!("claim Q-{n}")).await;
    }
    world.heard();
    world.until("2026-11-24 11:30").await;
    insta::assert_snapshot!([listed, of_others, world.heard()].join("\n\n"));
    world.end().await;
}

#[tokio::test]
async fn what_was_held_back_in_the_last_hour_of_the_day_is_told_at_the_opening() {
    let world = World::with(&desk(1), "2026-11-24 17:40").await;
    receive(&world, &["A-1", "A-2"]).await;
    for n in 1..=2 {
        world.says("inoue", &format!("claim Q-{n}")).await;
    }
    world.heard();
    world.until("2026-11-25 08:59").await;
    assert!(!world.heard().contains("保留"));
    world.until("2026-11-25 09:00").await;
    assert!(world.heard().contains("1件の呼び出しを保留"));
    world.end().await;
}

#[tokio::test]
async fn an_hour_later_there_is_room_again() {
    let world = World::with(&desk(1), "2026-11-24 10:58").await;
    receive(&world, &["A-1", "A-2"]).await;
    assert_eq!(calls(&world, "ueda"), 1);
    for n in 1..=2 {
        world.says("inoue", &format!("claim Q-{n}")).await;
    }
    world.until("2026-11-24 11:00").await;
    let told = calls(&world, "ueda");
    receive(&world, &["A-3"]).await;
    assert_eq!(calls(&world, "ueda"), told + 1);
    world.end().await;
}

#[tokio::test]
async fn no_allowance_holds_nothing_back_and_keeps_nothing() {
    let world = World::with(&desk(0), "2026-11-24 10:00").await;
    receive(&world, &["A-1", "A-2", "A-3"]).await;
    assert_eq!(calls(&world, "ueda"), 3);
    let (ueda, from) = (MemberId::from("ueda"), tokyo("2026-11-24 09:00"));
    let kept = world.app.store.pings_since(&ueda, from).await;
    assert_eq!(kept.unwrap(), Vec::<String>::new());
    world.end().await;
}

#[tokio::test]
async fn a_member_may_have_an_allowance_of_their_own() {
    let config = desk(1).replacen("id = \"ueda\"\n", "id = \"ueda\"\npings_per_hour = 3\n", 1);
    let world = World::with(&config, "2026-11-24 10:00").await;
    receive(&world, &["A-1", "A-2", "A-3", "A-4"]).await;
    assert_eq!(calls(&world, "ueda"), 3);
    world.end().await;
}

#[tokio::test]
async fn an_allowance_survives_a_restart() {
    let world = World::with(&desk(2), "2026-11-24 10:00").await;
    receive(&world, &["A-1", "A-2"]).await;
    let world = world.restarted(&desk(2)).await;
    receive(&world, &["A-3"]).await;
    assert_eq!(calls(&world, "ueda"), 2);
    world.end().await;
}

#[tokio::test]
async fn many_at_once_are_counted_too() {
    let world = World::with(&desk(3), "2026-11-24 10:00").await;
    let names: Vec<String> = (0..24).map(|n| format!("A-{n}")).collect();
    let all = names.iter().map(|name| {
        let mapped = crate::testkit::world::usual(name);
        let app = world.app.clone();
        tokio::spawn(async move { app.receive(mapped, "hook").await })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
    world.settle().await;
    assert_eq!(calls(&world, "ueda"), 3);
    world.end().await;
}

#[tokio::test]
async fn an_alarm_is_never_held_back() {
    let world = World::with(&desk(1), "2026-11-24 10:00").await;
    receive(&world, &["A-1"]).await;
    world
        .receive("A-2", |mapped| mapped.severity = Some("S1".to_owned()))
        .await;
    assert_eq!(calls(&world, "ueda"), 2);
    world.says("inoue", "claim Q-2").await;
    world.end().await;
}

#[tokio::test]
async fn a_claim_or_a_response_that_is_late_is_never_held_back_or_muted() {
    let world = World::with(&desk(1), "2026-11-24 10:00").await;
    receive(&world, &["A-1"]).await;
    world.says("ueda", "mute Q-1").await;
    world.heard();
    world.until("2026-11-24 11:01").await;
    let said = world.heard();
    assert!(
        said.contains("@上田さん @") || said.contains("@上田 "),
        "the breach of the claim calls whom it would: {said}"
    );
    world.end().await;
}

#[tokio::test]
async fn whoever_is_asked_by_name_is_called() {
    let world = World::with(&desk(1), "2026-11-24 10:00").await;
    receive(&world, &["A-1", "A-2"]).await;
    world.says("ueda", "mute Q-2").await;
    let before = calls(&world, "ueda");
    world.says("inoue", "assign Q-2 ueda").await;
    assert_eq!(calls(&world, "ueda"), before + 1);
    world.end().await;
}

#[tokio::test]
async fn a_mute_leaves_ones_own_mentions_out_until_it_ends() {
    let world = World::with(&desk(0), "2026-11-24 10:00").await;
    receive(&world, &["A-1"]).await;
    let mut told = vec![
        world.says("ueda", "claim Q-1").await,
        world.says("ueda", "ミュート Q-1 11:00").await,
    ];
    // What is said at the moment of the receipt belongs to it.
    world.until("2026-11-24 10:05").await;
    let message = |n: u32| crate::app::ports::MappedMessage {
        id: format!("m{n}"),
        by: crate::app::ports::Side::Requester,
        at: world.app.clock.now(),
        text: format!("その後いかがですか {n}"),
    };
    let before = calls(&world, "ueda");
    let first = message(1);
    world
        .receive("A-1", |mapped| mapped.messages = vec![first.clone()])
        .await;
    assert_eq!(calls(&world, "ueda"), before, "muted");
    told.push(world.says("ueda", "unmute Q-1").await);
    told.push(world.says("ueda", "unmute Q-1").await);
    let second = message(2);
    world
        .receive("A-1", |mapped| {
            mapped.messages = vec![first.clone(), second.clone()]
        })
        .await;
    assert_eq!(calls(&world, "ueda"), before + 1, "unmuted");
    told.push(world.says("ueda", "mute Q-1 10:30").await);
    told.push(world.says("ueda", "mute Q-1 2026-11-24 09:00").await);
    world.until("2026-11-24 10:30").await;
    let third = message(3);
    let before = calls(&world, "ueda");
    world
        .receive("A-1", |mapped| mapped.messages = vec![first, second, third])
        .await;
    assert_eq!(calls(&world, "ueda"), before + 1, "the mute has ended");
    insta::assert_snapshot!(told.join("\n"));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_is_decided_again_takes_its_room_once() {
    let world = World::with(&desk(3), "2026-11-24 10:00").await;
    receive(&world, &["A-1"]).await;
    let stored = world.app.store.by_reference(Reference(1)).await;
    let id = stored.unwrap().unwrap().inquiry.id;
    // Somebody is faster while Inoue gives it to Ueda.
    let races = std::sync::atomic::AtomicU32::new(0);
    let order = |member: &str| Order {
        actor: Actor::Member(member.into()),
        via: "story".to_owned(),
        command_key: None,
        texts: Vec::new(),
    };
    let assign = Command::Assign { to: "ueda".into() };
    let given = world
        .app
        .decide_and_commit(&id, order("inoue"), |inquiry, policy, actor, now| {
            if races.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
                let until = plus(now, HOUR * 2);
                let faster = Command::Mute { until: Some(until) };
                let done = world.app.act(&id, order("eguchi"), faster);
                let runtime = tokio::runtime::Handle::current();
                tokio::task::block_in_place(|| runtime.block_on(done)).unwrap();
            }
            decide(inquiry, policy, actor, assign.clone(), now)
        })
        .await;
    given.unwrap();
    world.settle().await;
    assert_eq!(calls(&world, "ueda"), 2);
    receive(&world, &["A-2"]).await;
    assert_eq!(calls(&world, "ueda"), 3, "the third of three");
    world.end().await;
}
