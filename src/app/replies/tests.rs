#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Reference;
use crate::testkit::world::{STORY, World};

#[test]
fn what_ships_names_the_inquiry_in_both_languages() {
    let template = shipped(Lang::En);
    for words in [&template.ja, &template.en] {
        let said = words.render(&sample()).unwrap();
        assert!(said.contains("Q-1") && said.contains("title"), "{said}");
    }
}

#[tokio::test]
async fn a_reply_that_names_a_template_says_its_words_in_the_requesters_language() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world
        .receive("A-2", |mapped| mapped.language = Some("en".to_owned()))
        .await;
    for line in [
        "reply Q-1 template=separately",
        "返信 Q-2 定型文=別件は別に起票をお願いする",
    ] {
        world.says("aoki", line).await;
    }
    let sent = world.back.sent().join("\n");
    assert!(
        sent.contains("別のお問い合わせとして起票をお願いいたします"),
        "{sent}"
    );
    assert!(
        sent.contains("please file it as an inquiry of its own"),
        "{sent}"
    );
    world.end().await;
}

#[tokio::test]
async fn what_is_written_wins_over_the_template_and_an_unknown_one_is_refused() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    let refused = world.says("aoki", "reply Q-1 template=いつもの").await;
    assert!(
        refused.contains("いつもの") && refused.contains("separately"),
        "{refused}"
    );
    world
        .says("aoki", "reply Q-1 書き直した文 template=separately")
        .await;
    assert_eq!(world.back.sent(), ["Q-1 reply 書き直した文"]);
    world.end().await;
}

#[tokio::test]
async fn own_templates_take_the_place_of_the_one_that_ships() {
    let own = "\n[[template]]\nid = \"thanks\"\nname = \"お礼\"\nja = \"{{ requester }}様、{{ reference }}の件ありがとうございます。\"\nen = \"Thank you, {{ requester }}.\"\n";
    let world = World::with(&format!("{STORY}{own}"), "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    let stored = world
        .app
        .store
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap();
    let all = world.app.reply_templates(&stored).await.unwrap();
    assert_eq!(
        all,
        [(
            "thanks".to_owned(),
            "お礼".to_owned(),
            "高橋様、Q-1の件ありがとうございます。".to_owned()
        )]
    );
    let named = Request::new(Verb::Reply, None).with("template", "thanks");
    let draft = world.app.draft_of(&named, Some(&stored)).await.unwrap();
    assert_eq!(draft.given["text"], all[0].2);
    let there = [("thanks".to_owned(), "お礼".to_owned())];
    assert_eq!(draft.choices("template"), there);
    world.end().await;
}
