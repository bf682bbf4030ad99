#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::desk::Order;
use crate::domain::inquiry::{Actor, Command};
use crate::testkit::platform::{Fault, Posted};
use crate::testkit::world::{STORY, World};

/// The boards that stand, in the order of their places.
fn boards(world: &World) -> Vec<Posted> {
    let mut boards: Vec<Posted> = world.chat.posts();
    boards.retain(|post| post.text.starts_with('▤'));
    boards.sort_by(|a, b| a.place.cmp(&b.place));
    boards
}

/// The one board that stands.
#[track_caller]
fn board_of(world: &World) -> String {
    match &boards(world)[..] {
        [board] => {
            assert_eq!(board.mentions, [], "a board calls nobody");
            board.text.clone()
        }
        other => panic!("{other:#?}"),
    }
}

/// An inquiry of ten o'clock whose claim is at risk.
async fn at_risk() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    assert_eq!(boards(&world), []);
    world.until("2026-11-24 10:45").await;
    world
}

#[tokio::test]
async fn a_board_comes_with_the_first_that_is_at_risk() {
    let world = at_risk().await;
    insta::assert_snapshot!(board_of(&world));
    world.end().await;
}

#[tokio::test]
async fn one_board_follows_what_happens() {
    let world = at_risk().await;
    let first = boards(&world)[0].id.clone();
    let mut seen = vec![board_of(&world)];
    for (wall, member, line) in [
        ("10:50", "inoue", "claim Q-1"),
        ("11:30", "inoue", "note Q-1 まだ調べています"),
        ("11:40", "eguchi", "take-over Q-1 reason=交代します"),
        ("13:30", "eguchi", "severity Q-1 S1"),
        ("13:40", "eguchi", "reply Q-1 お待たせしました。"),
        ("13:50", "eguchi", "not-urgent Q-1 reason=復旧した"),
    ] {
        world.until(&format!("2026-11-24 {wall}")).await;
        world.says(member, line).await;
        seen.push(format!("{wall} {member}> {line}\n{}", board_of(&world)));
    }
    assert_eq!(boards(&world)[0].id, first);
    insta::assert_snapshot!(seen.join("\n\n"));
    world.end().await;
}

#[tokio::test]
async fn an_idle_desk_writes_no_board() {
    let world = World::at("2026-11-24 08:00").await;
    world.until("2026-11-26 20:00").await;
    assert_eq!(boards(&world), []);
    assert_eq!(world.app.store.boards(&"support".into()).await.unwrap(), []);
    world.end().await;
}

#[tokio::test]
async fn what_changes_no_line_edits_no_board() {
    let world = at_risk().await;
    let wanted = |rows: Vec<BoardRow>| rows[0].wanted;
    let before = wanted(world.app.store.boards(&"support".into()).await.unwrap());
    world.says("inoue", "note Q-1 まだ調べていません").await;
    let after = wanted(world.app.store.boards(&"support".into()).await.unwrap());
    assert_eq!(before, after);
    world.end().await;
}

#[tokio::test]
async fn a_restart_posts_no_second_board() {
    let world = at_risk().await.restarted(STORY).await;
    world.says("inoue", "claim Q-1").await;
    assert!(board_of(&world).contains("担当なし") || board_of(&world).contains("順調"));
    world.end().await;
}

#[tokio::test]
async fn a_board_whose_answer_was_lost_is_found_by_its_key() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.chat.fail([Fault::PostAndLose]);
    world.until("2026-11-24 11:10").await;
    board_of(&world);
    let rows = world.app.store.boards(&"support".into()).await.unwrap();
    assert_eq!(
        rows[0].receipt.as_ref().unwrap().message,
        boards(&world)[0].id
    );
    world.end().await;
}

#[tokio::test]
async fn a_board_that_was_deleted_is_posted_again_once() {
    let world = at_risk().await;
    let deleted = boards(&world)[0].id.clone();
    world.chat.delete(&deleted);
    world.says("inoue", "claim Q-1").await;
    world.says("inoue", "release Q-1").await;
    assert_ne!(boards(&world)[0].id, deleted);
    board_of(&world);
    world.end().await;
}

#[tokio::test]
async fn a_board_that_its_channel_does_not_take_goes_to_the_fallback() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.chat.fail([Fault::Refuse(DeliveryError::Rejected {
        why: "no right to speak".to_owned(),
    })]);
    world.until("2026-11-24 10:45").await;
    assert_eq!(boards(&world)[0].place, world.app.setup.fallback);
    let before = board_of(&world);
    world.says("inoue", "claim Q-1").await;
    assert_ne!(board_of(&world), before, "it is kept up there too");
    assert!(world.heard().contains("operators"));
    world.end().await;
}

#[tokio::test]
async fn what_is_transferred_leaves_one_board_and_stands_on_the_other() {
    let world = at_risk().await;
    world
        .says("inoue", "transfer Q-1 to=billing reason=請求の件")
        .await;
    world.until("2026-11-24 11:50").await;
    let texts: Vec<String> = boards(&world).into_iter().map(|post| post.text).collect();
    insta::assert_snapshot!(texts.join("\n\n"));
    world.end().await;
}

#[tokio::test]
async fn a_place_that_the_queue_left_says_so() {
    let world = at_risk().await;
    let mut queue = world.app.setup.queue(&"support".into()).clone();
    queue.places[0].channel = "elsewhere".to_owned();
    let place = Place {
        platform: "desk".to_owned(),
        channel: "support".to_owned(),
    };
    let mut setup = (*world.app.setup).clone();
    setup.queues.insert(queue.id.clone(), queue);
    let mut app = world.app.clone();
    app.setup = std::sync::Arc::new(setup);
    let ready = app.ready_board(&"support".into(), &place).await.unwrap();
    let PostKind::Board { board } = ready.post.what else {
        panic!("a board")
    };
    assert!(!board.is_kept && board.lines.is_empty(), "{board:?}");
    world.end().await;
}

#[tokio::test]
async fn a_platform_that_was_left_out_for_a_start_is_brought_up_to_date() {
    let world = at_risk().await;
    let card = |world: &World| {
        let mut posts = world.chat.posts().into_iter();
        posts.find(|post| post.is_card).unwrap().text
    };
    let before = (card(&world), board_of(&world));
    let stored = world.app.store.by_reference(Reference(1)).await;
    let id = stored.unwrap().unwrap().inquiry.id;
    let order = Order {
        actor: Actor::Member("inoue".into()),
        via: "story".to_owned(),
        command_key: None,
        texts: Vec::new(),
    };
    let claimed = world.app.act(&id, order, Command::Claim).await;
    claimed.unwrap();
    let mut without = world.engine.clone();
    without.platforms = std::sync::Arc::default();
    assert_eq!(without.cards_pass().await.unwrap(), 1);
    assert_eq!(without.boards_pass().await.unwrap(), 1);
    world.settle().await;
    assert_eq!((card(&world), board_of(&world)), before, "both are gone");
    let world = world.restarted(STORY).await;
    assert_ne!(card(&world), before.0);
    assert_ne!(board_of(&world), before.1);
    world.end().await;
}
