//! The days of a team: what is said, when, and to whom. Tuesday 24 November 2026 is a working day in Tokyo;
//! Monday the 23rd is 勤労感謝の日.

use insta::assert_snapshot;
use toban::app::ports::{DeliveryError, MappedMessage, Side};
use toban::testkit::world::{STORY, World, tokyo};

#[tokio::test]
async fn the_quiet_day() {
    let world = World::at("2026-11-24 08:00").await;
    world.until("2026-11-25 08:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn claimed_answered_and_resolved() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-24 10:05").await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "ask Q-1 宛先はどちらですか").await;
    world.says("aoki", "wait Q-1 requester").await;
    world.until("2026-11-24 11:00").await;
    world
        .receive("A-1", |mapped| {
            mapped.messages.push(MappedMessage {
                id: "m1".to_owned(),
                by: Side::Requester,
                at: tokyo("2026-11-24 10:58"),
                text: "info@example.com です".to_owned(),
            });
        })
        .await;
    world.until("2026-11-24 14:00").await;
    world.says("aoki", "resolve Q-1").await;
    world
        .says(
            "aoki",
            "resolve Q-1 category=設定・環境 cause=宛先の誤り workaround=宛先を直す",
        )
        .await;
    world.says("aoki", "show Q-1").await;
    world.until("2026-12-02 10:00").await;
    world.note(&format!("went back: {}", world.back.sent().join(" | ")));
    assert_snapshot!(world.heard());
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

#[tokio::test]
async fn breach_at_lunch() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("inoue", "claim Q-1").await;
    world.until("2026-11-24 12:30").await;
    world.note("— 12:30, at lunch —");
    world.says("inoue", "why Q-1").await;
    world.until("2026-11-24 13:30").await;
    world.says("inoue", "reply Q-1 遅くなりました。").await;
    world.says("inoue", "show Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn over_the_weekend() {
    let world = World::at("2026-11-20 17:30").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-21 11:00").await;
    world
        .receive("A-2", |mapped| mapped.severity = Some("S3".to_owned()))
        .await;
    world
        .receive("A-3", |mapped| mapped.product = Some("billing".to_owned()))
        .await;
    world.until("2026-11-24 09:40").await;
    world.says("eguchi", "why Q-1").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn two_claim_at_once() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.heard();
    let (first, second) = tokio::join!(
        world.says("aoki", "claim Q-1"),
        world.says("inoue", "担当する Q-1")
    );
    let won = [&first, &second]
        .into_iter()
        .filter(|told| told.contains("担当になりました"))
        .count();
    let lost = [&first, &second]
        .into_iter()
        .filter(|told| told.contains("の担当です"))
        .count();
    assert_eq!((won, lost), (1, 1), "{first} / {second}");
    world.end().await;
}

#[tokio::test]
async fn assigned_but_not_accepted() {
    let config = STORY.replacen(
        "calendar = \"office\"\ndefault = true",
        "calendar = \"office\"\nassignment = \"duty\"\ndefault = true",
        1,
    );
    assert_ne!(config, STORY);
    let world = World::with(&config, "2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| mapped.plan = Some("standard".to_owned()))
        .await;
    world.until("2026-11-25 09:35").await;
    world.note("— the duty has turned over —");
    world.says("eguchi", "note Q-1 見ています").await;
    world.says("eguchi", "list mine").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_source_updates() {
    let world = World::at("2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| mapped.revision = Some("1".to_owned()))
        .await;
    world.says("aoki", "claim Q-1").await;
    world
        .receive("A-1", |mapped| mapped.revision = Some("1".to_owned()))
        .await;
    world
        .receive("A-1", |mapped| {
            mapped.revision = Some("2".to_owned());
            mapped.title = "通知メールが届かない".to_owned();
            mapped.needed_by = Some(tokyo("2026-11-25 17:00"));
        })
        .await;
    world
        .receive("A-1", |mapped| mapped.revision = Some("1".to_owned()))
        .await;
    world.says("aoki", "severity Q-1 S3 回避策あり").await;
    world
        .receive("A-1", |mapped| {
            mapped.revision = Some("3".to_owned());
            mapped.title = "通知メールが届かない".to_owned();
            mapped.needed_by = Some(tokyo("2026-11-25 15:00"));
            mapped.severity = Some("S1".to_owned());
            mapped.plan = Some("プラチナ?".to_owned());
        })
        .await;
    world
        .receive("A-1", |mapped| {
            mapped.revision = Some("4".to_owned());
            mapped.is_closed = true;
        })
        .await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn answered_in_the_source() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world
        .receive("B-1", |mapped| {
            mapped.source = "mute".into();
            mapped.title = "掲示板からの質問".to_owned();
        })
        .await;
    world.until("2026-11-24 10:20").await;
    world.says("aoki", "claim Q-1").await;
    world
        .receive("A-1", |mapped| {
            mapped.messages.push(MappedMessage {
                id: "t1".to_owned(),
                by: Side::Team,
                at: tokyo("2026-11-24 10:15"),
                text: "確認します。".to_owned(),
            });
        })
        .await;
    world.says("aoki", "reply Q-2 見ました").await;
    world.says("aoki", "replied Q-2 10:10").await;
    world.says("aoki", "retract-reply Q-2").await;
    world.says("aoki", "replied Q-2 23:00").await;
    world.back.fail(Some(DeliveryError::Rejected {
        why: "410 Gone".to_owned(),
    }));
    world.says("aoki", "reply Q-1 続報です").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn thank_you_after_resolve() {
    let world = World::at("2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| mapped.kind = Some("仕様確認".to_owned()))
        .await;
    world.says("aoki", "claim Q-1").await;
    world
        .says("aoki", "resolve Q-1 仕様 answer=はい、できます。")
        .await;
    world.until("2026-11-24 15:00").await;
    let thanks = |id: &str, at: &str, text: &str| MappedMessage {
        id: id.to_owned(),
        by: Side::Requester,
        at: tokyo(at),
        text: text.to_owned(),
    };
    let first = thanks("m1", "2026-11-24 14:59", "ありがとうございました");
    let second = thanks("m2", "2026-11-24 15:10", "助かりました");
    world
        .receive("A-1", |mapped| {
            mapped.kind = Some("仕様確認".to_owned());
            mapped.messages = vec![first.clone()];
        })
        .await;
    world.until("2026-11-24 15:11").await;
    world
        .receive("A-1", |mapped| {
            mapped.kind = Some("仕様確認".to_owned());
            mapped.messages = vec![first.clone(), second];
        })
        .await;
    world.says("aoki", "no-answer-needed Q-1").await;
    world.until("2026-12-02 00:00").await;
    world.note("— closed; three weeks later —");
    world.until("2026-12-21 10:00").await;
    let late = thanks("m3", "2026-12-21 10:00", "また同じことが起きました");
    world
        .receive("A-1", |mapped| {
            mapped.kind = Some("仕様確認".to_owned());
            mapped.messages = vec![first, late];
        })
        .await;
    world.says("aoki", "list").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn down_for_a_day_then_back() {
    let world = World::at("2026-11-24 10:00").await;
    for n in 1..=5 {
        world.receive(&format!("A-{n}"), |_| {}).await;
        world.says("aoki", &format!("claim Q-{n}")).await;
    }
    world.heard();
    world.down_until("2026-11-25 14:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn urgent_at_three_on_saturday() {
    let world = World::at("2026-11-28 03:00").await;
    world
        .receive("A-1", |mapped| mapped.severity = Some("S1".to_owned()))
        .await;
    world.until("2026-11-28 03:31").await;
    world.says("inoue", "claim Q-1").await;
    world.until("2026-11-28 05:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn a_false_alarm_is_stopped_by_one_act() {
    let world = World::at("2026-11-28 03:00").await;
    world
        .receive("A-1", |mapped| {
            mapped.business_stopped = true;
            mapped.needed_by = Some(tokyo("2026-11-28 06:30"));
        })
        .await;
    world.says("ueda", "not-urgent Q-1").await;
    world.says("ueda", "not-urgent Q-1 検証環境でした").await;
    world.until("2026-11-28 08:00").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn handoff_with_open_work() {
    let world = World::at("2026-11-24 10:00").await;
    world
        .receive("A-1", |mapped| mapped.severity = Some("S3".to_owned()))
        .await;
    world
        .receive("A-2", |mapped| mapped.plan = Some("silver".to_owned()))
        .await;
    world.receive("A-3", |mapped| mapped.plan = None).await;
    world.says("ueda", "claim Q-1").await;
    world.says("ueda", "reply Q-1 調べます").await;
    world.says("ueda", "wait Q-1 vendor 2026-11-26 10:00").await;
    world.says("ueda", "claim Q-2").await;
    world
        .says(
            "ueda",
            "duty override inoue 2026-11-25 09:30 2026-11-26 09:30",
        )
        .await;
    world.heard();
    world.until("2026-11-25 09:31").await;
    world.says("inoue", "duty today").await;
    world.until("2026-11-26 10:01").await;
    assert_snapshot!(world.heard());
    world.end().await;
}

#[tokio::test]
async fn the_same_day_in_english() {
    let config = STORY.replacen("lang = \"ja\"", "lang = \"en\"", 1);
    let world = World::with(&config, "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-24 10:35").await;
    world.says("aoki", "claim Q-1").await;
    world.says("inoue", "claim Q-1").await;
    world.says("aoki", "wait Q-1 requester").await;
    world
        .says("aoki", "reply Q-1 We are looking into it.")
        .await;
    world.says("aoki", "wait Q-1 vendor 2d").await;
    world.says("aoki", "why Q-1").await;
    world.says("aoki", "help").await;
    world.until("2026-11-25 09:31").await;
    assert_snapshot!(world.heard());
    world.end().await;
}
