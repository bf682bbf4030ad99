//! Clocks in daily use: other teams, a severity that is agreed, reminders held back, what is left lying, an edited policy.
//! Tuesday 24 November 2026 is a working day in Tokyo.

use insta::assert_snapshot;
use toban::testkit::world::{STORY, World};

/// The desk of the stories with targets for other teams, words for severities, and a hand-over after a long silence.
fn desk(first_response: &str) -> String {
    STORY.replace(
        "name = \"standard\"\npreset = \"standard\"\n",
        &format!(
            "name = \"standard\"\nrelease_after = \"20h\"\n\
             [policy.severity]\nS1 = \"本番の業務が止まり、回避策がない\"\n\
             S3 = {{ ja = \"業務は続けられる\", en = \"work can go on\" }}\n\
             [[policy.target]]\nseverity = \"S1\"\nfirst_response = \"1h\"\nvendor = \"8h\"\n\
             [[policy.target]]\nfirst_response = \"{first_response}\"\nvendor = \"16h\"\nnext_tier = \"4h\"\n"
        ),
    )
}

#[tokio::test]
async fn waiting_for_another_team() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "ask Q-1 ログをお願いします").await;
    world
        .says(
            "aoki",
            "wait Q-1 next_tier コアダンプの解析を依頼 case=C-77",
        )
        .await;
    world.says("inoue", "show Q-1").await;
    world.says("inoue", "why Q-1").await;
    world.until("2026-11-24 18:00").await;
    world.says("aoki", "resume Q-1 既知の不具合との回答").await;
    world.says("aoki", "待つ Q-1 上位チーム").await;
    world.says("aoki", "why Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_severity_is_agreed() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "agree-severity Q-1").await;
    world
        .says("aoki", "重大度提案 Q-1 S3 業務は続いていて、回避策もある")
        .await;
    world.until("2026-11-24 10:30").await;
    world
        .says("inoue", "agree-severity Q-1 佐藤さん（電話）")
        .await;
    world
        .says("aoki", "propose-severity Q-1 S1 また止まった")
        .await;
    world
        .says("aoki", "重大度見送り Q-1 止まったのは別件")
        .await;
    world.says("aoki", "why Q-1").await;
    world.until("2026-11-24 10:31").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_proposal_is_answered_on_the_card_in_both_languages() {
    for lang in ["ja", "en"] {
        let config = desk("4h").replacen("lang = \"ja\"", &format!("lang = \"{lang}\""), 1);
        let world = World::with(&config, "2026-11-24 10:00").await;
        world.receive("A-1", |_| {}).await;
        world.says("aoki", "claim Q-1").await;
        world
            .says("aoki", "propose-severity Q-1 S3 回避策がある")
            .await;
        world.until("2026-11-24 10:01").await;
        world.heard();
        let card = world.chat.posts().into_iter().find(|post| post.is_card);
        let card = card.unwrap().text;
        // As the buttons do: with the severity that they were drawn for.
        world
            .says("inoue", "propose-severity Q-1 S1 やはり止まった")
            .await;
        world.says("eguchi", "agree-severity Q-1 to=S3").await;
        world
            .says("eguchi", "decline-severity Q-1 to=S1 reason=別件だった")
            .await;
        world.until("2026-11-24 10:02").await;
        let answered = world.chat.posts().into_iter().find(|post| post.is_card);
        let answered = answered.unwrap().text;
        insta::assert_snapshot!(
            format!("a_proposal_on_the_card-{lang}"),
            format!("{card}\n\n{}\n\n{answered}", world.heard())
        );
        world.end().await;
    }
}

#[tokio::test]
async fn reminders_held_back_until_the_requester_replies() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "ask Q-1 ログをお願いします").await;
    world.says("aoki", "snooze Q-1 until=reply").await;
    world.until("2026-11-30 12:00").await;
    world.says("aoki", "催促再開 Q-1").await;
    world.says("aoki", "unsnooze Q-1").await;
    world.says("aoki", "後で Q-1 返信まで").await;
    world.says("inoue", "heard Q-1 ログを送りました").await;
    world.says("aoki", "show Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn what_its_owner_has_left_lying() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    world.says("inoue", "ask Q-1 ログをお願いします").await;
    world.until("2026-11-26 16:00").await;
    world.says("aoki", "accept Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn an_edited_policy_is_told_once() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-24 10:10").await;
    let world = world.restarted(&desk("6h")).await;
    world.until("2026-11-24 10:20").await;
    let world = world.restarted(&desk("6h")).await;
    world.until("2026-11-24 10:30").await;
    world.says("inoue", "why Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_source_hears_that_somebody_else_has_it_or_nobody() {
    let world = World::with(&desk("4h"), "2026-11-24 10:00").await;
    let last = || world.back.sent().pop().unwrap_or_default();
    world.receive("A-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    assert_eq!(last(), "Q-1 owner inoue");
    world
        .says("inoue", "transfer Q-1 to=billing reason=請求の件")
        .await;
    assert_eq!(last(), "Q-1 owner -");
    // From nobody to nobody is no news to it.
    let sent = world.back.sent();
    world
        .says("aoki", "transfer Q-1 to=support reason=障害でした")
        .await;
    assert_eq!(world.back.sent(), sent);
    world.says("inoue", "claim Q-1").await;
    world.says("inoue", "ask Q-1 ログをお願いします").await;
    assert_eq!(last(), "Q-1 reply ログをお願いします");
    // The desk gives to the duty by name what lies too long.
    world.until("2026-11-26 16:00").await;
    let owner = last();
    assert!(
        owner.starts_with("Q-1 owner ") && owner != "Q-1 owner inoue" && owner != "Q-1 owner -",
        "{owner}"
    );
    world.end().await;
}
