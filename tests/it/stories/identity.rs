//! What the source says of an item, and what people read of it.

use toban::app::ports::Mapped;
use toban::testkit::world::{STORY, World, tokyo};

const MORNING: &str = "2026-11-24 10:00";

/// A document of a revision.
fn at(revision: u32, change: impl FnOnce(&mut Mapped)) -> impl FnOnce(&mut Mapped) {
    move |mapped| {
        mapped.revision = Some(revision.to_string());
        change(mapped);
    }
}

#[tokio::test]
async fn what_changed_is_said_field_by_field() {
    for lang in ["ja", "en"] {
        let config = STORY.replacen("lang = \"ja\"", &format!("lang = \"{lang}\""), 1);
        let world = World::with(&config, MORNING).await;
        world.receive("A-1", at(1, |_| {})).await;
        world.says("aoki", "claim Q-1").await;
        // One update is one line, whatever it changes.
        let update = world.receive(
            "A-1",
            at(2, |mapped| {
                mapped.title = "メールが届かない（全社）".to_owned();
                mapped.body = Some(
                    "昨日から通知メールが届きません。\n全社で同じです。\nサーバーの記録を添えます。"
                        .to_owned(),
                );
                mapped.plan = Some("silver".to_owned());
                mapped.region = Some("jp".to_owned());
                mapped.severity = Some("S3".to_owned());
                mapped.needed_by = Some(tokyo("2026-11-25 17:00"));
            }),
        );
        update.await;
        // What comes late is not said.
        world.receive("A-1", at(1, |_| {})).await;
        let sooner = world.receive(
            "A-1",
            at(4, |mapped| {
                mapped.needed_by = Some(tokyo("2026-11-25 12:00"))
            }),
        );
        sooner.await;
        // All of it another: perhaps another matter.
        let other = world.receive(
            "A-1",
            at(5, |mapped| {
                mapped.title = "印刷できない".to_owned();
                mapped.requester = Some("伊藤".to_owned());
                mapped.customer = Some("ひまわり工業".to_owned());
            }),
        );
        other.await;
        insta::assert_snapshot!(format!("changes-{lang}"), world.heard());
        world.end().await;
    }
}

#[tokio::test]
async fn an_item_closes_goes_and_comes_back() {
    for lang in ["ja", "en"] {
        let config = STORY.replacen("lang = \"ja\"", &format!("lang = \"{lang}\""), 1);
        let world = World::with(&config, MORNING).await;
        world.note("closed there, and open again");
        world.receive("A-1", at(1, |_| {})).await;
        world
            .receive("A-1", at(2, |mapped| mapped.is_closed = true))
            .await;
        world.receive("A-1", at(3, |_| {})).await;
        world.note("gone while somebody has it");
        world.says("aoki", "claim Q-1").await;
        world
            .receive("A-1", |mapped| mapped.is_deleted = true)
            .await;
        world.receive("A-1", at(4, |_| {})).await;
        world.note("gone before anybody began");
        world.receive("B-2", at(1, |_| {})).await;
        world
            .receive("B-2", |mapped| mapped.is_deleted = true)
            .await;
        world.note("resolved here, then opened again there");
        world
            .says(
                "aoki",
                "resolve Q-1 category=不具合 cause=設定の誤り workaround=設定を戻す",
            )
            .await;
        world
            .receive("A-1", at(5, |mapped| mapped.is_closed = true))
            .await;
        world.receive("A-1", at(6, |_| {})).await;
        world.note("ended here, and open again there");
        world.says("aoki", "close Q-1 duplicate").await;
        world
            .receive("A-1", at(7, |mapped| mapped.is_closed = true))
            .await;
        world.receive("A-1", at(8, |_| {})).await;
        world.note("the number is given to another item");
        world
            .receive(
                "A-1",
                at(1, |mapped| {
                    mapped.title = "印刷できない".to_owned();
                    mapped.requester = Some("伊藤".to_owned());
                    mapped.customer = Some("ひまわり工業".to_owned());
                }),
            )
            .await;
        insta::assert_snapshot!(format!("there-and-back-{lang}"), world.heard());
        world.end().await;
    }
}

#[tokio::test]
async fn what_nobody_had_answered_is_owed_an_answer_when_it_comes_back() {
    for lang in ["ja", "en"] {
        let config = STORY.replacen("lang = \"ja\"", &format!("lang = \"{lang}\""), 1);
        let world = World::with(&config, MORNING).await;
        world.note("closed there before anybody answered, and open again an hour later");
        world.receive("A-1", at(1, |_| {})).await;
        world.until("2026-11-24 10:30").await;
        world
            .receive("A-1", at(2, |mapped| mapped.is_closed = true))
            .await;
        world.until("2026-11-24 11:30").await;
        world.receive("A-1", at(3, |_| {})).await;
        world.note("gone over the deadline, and there again");
        world.receive("B-2", at(1, |_| {})).await;
        world.until("2026-11-24 11:40").await;
        world
            .receive("B-2", |mapped| mapped.is_deleted = true)
            .await;
        world.until("2026-11-24 15:00").await;
        world.receive("B-2", at(2, |_| {})).await;
        world.note("a person closes and reopens");
        world.says("aoki", "close Q-1 duplicate").await;
        world.says("aoki", "reopen Q-1").await;
        world.note("why");
        world.says("aoki", "why Q-1").await;
        insta::assert_snapshot!(format!("owed-again-{lang}"), world.heard());
        world.end().await;
    }
}
