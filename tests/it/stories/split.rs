//! A second problem in one inquiry: the team asks support to file it apart, or splits it off itself.
//! Tuesday 24 November 2026 is a working day in Tokyo.

use insta::assert_snapshot;
use toban::app::ports::{Mapped, MappedMessage, Side};
use toban::testkit::world::{STORY, World, tokyo};

fn writes(id: &str, at: &str, text: &str) -> impl FnOnce(&mut Mapped) {
    let message = MappedMessage {
        id: id.to_owned(),
        by: Side::Requester,
        at: tokyo(&format!("2026-11-24 {at}")),
        text: text.to_owned(),
    };
    move |mapped| mapped.messages.push(message)
}

async fn told(story: &str) -> (String, String) {
    let world = World::with(story, "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "reply Q-1 確認します").await;
    world.until("2026-11-24 10:40").await;
    world
        .receive("A-1", writes("1", "10:40", "ところで、印刷もできません"))
        .await;
    world.note("the second problem is no part of the first");
    world
        .says(
            "aoki",
            "split Q-1 印刷ができない 本文=ところで、印刷もできません",
        )
        .await;
    world.says("inoue", "claim Q-2").await;
    world.note("the parent still owes its answer; the child has promises of its own");
    world
        .says("aoki", "reply Q-1 印刷の件は別にお答えします")
        .await;
    world.says("inoue", "why Q-2").await;
    world.until("2026-11-24 11:00").await;
    world
        .says(
            "inoue",
            "resolve Q-2 category=仕様 cause=古いドライバー workaround=更新してください",
        )
        .await;
    world.says("aoki", "show Q-1").await;
    world.says("aoki", "show Q-2").await;
    let heard = world.heard();
    let sent = world.back.sent().join("\n");
    world.end().await;
    (heard, sent)
}

#[tokio::test]
async fn a_second_problem_gets_an_inquiry_of_its_own() {
    let (heard, sent) = told(STORY).await;
    assert_snapshot!(heard);
    assert_snapshot!("what_went_back", sent);
}

#[tokio::test]
async fn the_same_in_english() {
    let story = STORY.replacen("lang = \"ja\"", "lang = \"en\"", 1);
    let (heard, _) = told(&story).await;
    assert_snapshot!(heard);
}

#[tokio::test]
async fn support_is_asked_to_file_it_apart() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "返信 Q-1 定型文=separately").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn what_was_split_by_mistake_is_closed_as_a_duplicate() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "split Q-1 同じ件だった").await;
    world.heard();
    world.says("aoki", "close Q-2 duplicate Q-1で対応").await;
    assert_snapshot!(world.heard());
    // The item at the source is the parent's, and stays as it is.
    assert_eq!(world.back.sent(), Vec::<String>::new());
    world.end().await;
}
