//! Issues of development against a double of GitHub: filed from an inquiry, linked, noted, and done over there.

#![allow(clippy::unwrap_used)]

use crate::doubles::issue_tracker::IssueTracker;
use axum::http::StatusCode;
use toban::app::ports::{Delivery, OutboxRow, Place, Reference, TrackerAct};
use toban::app::trackers::TrackerStanding;
use toban::app::verbs::{Request, Verb};
use toban::testkit::world::{STORY, World};

async fn desk(tracker: &IssueTracker, wall: &str) -> World {
    World::asking(&format!("{STORY}{}", tracker.section()), wall).await
}

/// A desk with two inquiries of two customers; the first waits for development.
async fn two(tracker: &IssueTracker) -> World {
    let world = desk(tracker, "2026-11-24 10:00").await;
    world.receive("CS-1", |_| {}).await;
    world
        .receive("CS-2", |mapped| {
            mapped.customer = Some("ひまわり商店".to_owned())
        })
        .await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "replied Q-1").await;
    world.says("aoki", "wait Q-1 development").await;
    world.says("inoue", "claim Q-2").await;
    world.says("inoue", "replied Q-2").await;
    world
}

async fn files(world: &World, reference: i64, title: &str) -> String {
    let request = Request::new(Verb::File, Some(Reference(reference)))
        .with("title", title)
        .with("text", "同じ通知が2通届く。\n再現手順：…");
    world.asks("aoki", request).await
}

#[tokio::test]
async fn an_issue_is_filed_its_end_is_told_once_and_the_others_of_it_hear_too() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    world.heard();
    let said = files(&world, 1, "通知メールが\n二重に届く").await;
    assert!(said.contains("受け付けました"), "{said}");
    let issues = tracker.issues();
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0]["title"], "通知メールが 二重に届く");
    assert_eq!(
        issues[0]["body"],
        "同じ通知が2通届く。\n再現手順：…\n\ntoban:Q-1"
    );
    assert_eq!(
        issues[0]["labels"],
        serde_json::json!(["bug", "from-support"])
    );
    assert_eq!(tracker.keys().len(), 1);
    let filed = world
        .app
        .store
        .by_reference(Reference(1))
        .await
        .unwrap()
        .unwrap()
        .inquiry;
    let ledger = world.app.store.ledger(&filed.id).await.unwrap();
    // The customer of the one for whom it was filed is no news to development.
    assert_eq!(tracker.comments(), []);
    let refused = files(&world, 1, "また").await;
    assert!(refused.contains("#121"), "{refused}");

    // Whoever was killed after that would have been found to have filed it, and not been asked again.
    let row = |seq| OutboxRow {
        id: "row".to_owned(),
        lane: "tracker|github".to_owned(),
        inquiry: Some(filed.id.clone()),
        place: Place {
            platform: "tracker".to_owned(),
            channel: "github".to_owned(),
        },
        what: Delivery::Tracker {
            tracker: "github".into(),
            act: TrackerAct::File {
                seq,
                title: "t".into(),
                text: "t".into(),
            },
        },
        key: "key".to_owned(),
        attempt: 2,
        is_unknown: true,
        first_sent_at: None,
        epoch: 1,
    };
    let asked = ledger
        .iter()
        .find(|entry| entry.event.kind() == "issue_asked");
    let found = world.app.filed_before(&row(asked.unwrap().seq)).await;
    assert_eq!(found.unwrap().unwrap().message, "121");
    assert_eq!(world.app.filed_before(&row(1)).await.unwrap(), None);

    // The other one is linked by its address, and the workaround is offered.
    let line = "known-workaround 121 text=通知の設定を一度オフにしてからオンにする";
    world.says("aoki", line).await;
    let line = format!("link Q-2 {}#issuecomment-5", tracker.address(121));
    world.says("inoue", &line).await;
    assert_eq!(
        tracker.comments(),
        [(121, "影響を受けているお客様：2社（Q-1, Q-2）".to_owned())]
    );
    let known = world.says("ueda", "known").await;
    assert!(known.contains("問い合わせ2件、お客様2社"), "{known}");
    world
        .says(
            "inoue",
            "resolve Q-2 category=不具合 cause=二重送信 workaround=通知を入れ直す",
        )
        .await;

    // Nothing is told while it is open; one look serves both.
    let looks = tracker.looks();
    world.until("2026-11-24 11:00").await;
    assert_eq!(tracker.looks() - looks, 4);
    tracker.close(121, "completed", Some("2.3"));
    world.until("2026-11-24 13:20").await;
    let looks = tracker.looks();
    world.until("2026-11-24 15:00").await;
    assert_eq!(
        tracker.looks(),
        looks,
        "what is done is not looked at any more"
    );
    // Its port is another one each time.
    let heard = world
        .heard()
        .replace(&tracker.base_url, "http://tracker.example");
    insta::assert_snapshot!(heard);
    world.end().await;
}

#[tokio::test]
async fn what_is_done_at_night_is_told_in_the_morning() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    let number = tracker.open("二重送信");
    world.says("aoki", &format!("link Q-1 #{number}")).await;
    world.until("2026-11-24 20:00").await;
    world.heard();
    tracker.close(number, "not_planned", None);
    world.until("2026-11-25 08:59").await;
    let heard = world.heard();
    assert!(!heard.contains("完了しました"), "{heard}");
    world.until("2026-11-25 09:20").await;
    let heard = world.heard();
    assert_eq!(heard.matches("が完了しました").count(), 1, "{heard}");
    world.end().await;
}

#[tokio::test]
async fn a_filing_whose_answer_is_lost_is_not_repeated_and_linked_by_hand() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    tracker.cuts(true);
    world.heard();
    files(&world, 1, "通知メールが二重に届く").await;
    tracker.cuts(false);
    world.until("2026-11-24 12:00").await;
    assert_eq!(tracker.issues().len(), 1, "it stands there once");
    let heard = world.heard();
    assert!(
        heard.contains("起票できたかどうか確認できません"),
        "{heard}"
    );
    world.says("aoki", "link Q-1 121").await;
    let heard = world.heard();
    assert!(heard.contains("#121（github）に関連付けました"), "{heard}");
    let stored = world.app.store.by_reference(Reference(1)).await;
    let inquiry = stored.unwrap().unwrap().inquiry;
    assert!(inquiry.filings.is_empty());
    assert_eq!(inquiry.tracked.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_refused_filing_says_why_and_keeps_its_words() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    tracker.is_ill(Some(StatusCode::UNPROCESSABLE_ENTITY));
    world.heard();
    files(&world, 1, "通知メールが二重に届く").await;
    let heard = world.heard();
    assert!(
        heard.contains("github に起票できませんでした")
            || heard.contains("githubに起票できませんでした"),
        "{heard}"
    );
    assert!(heard.contains("422"), "{heard}");
    let stored = world.app.store.by_reference(Reference(1)).await;
    let (request, stored) = (Request::new(Verb::File, None), stored.unwrap());
    let draft = world.app.draft_of(&request, stored.as_ref()).await;
    let draft = draft.unwrap().given;
    assert_eq!(draft["title"], "通知メールが二重に届く");
    assert_eq!(draft["text"], "同じ通知が2通届く。\n再現手順：…");
    // A tracker that rests is asked again, and what waited is filed once.
    tracker.is_ill(Some(StatusCode::SERVICE_UNAVAILABLE));
    files(&world, 1, &draft["title"]).await;
    world.until("2026-11-24 10:01").await;
    tracker.is_ill(None);
    world.until("2026-11-24 11:00").await;
    assert_eq!(tracker.issues().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_tracker_that_does_not_answer_is_asked_less_and_less_and_the_operators_hear_once() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    let (a, b) = (tracker.open("一つ目"), tracker.open("二つ目"));
    world.says("aoki", &format!("link Q-1 {a}")).await;
    world.says("inoue", &format!("link Q-2 {b}")).await;
    tracker.is_ill(Some(StatusCode::BAD_GATEWAY));
    world.heard();
    let looks = tracker.looks();
    world.until("2026-11-25 10:00").await;
    let asked = tracker.looks() - looks;
    // Each of the two once in an hour at last, so that the end of it is soon seen.
    assert!((24..60).contains(&asked), "{asked}");
    let heard = world.heard();
    assert_eq!(
        heard.matches("接続できなくなっています").count(),
        1,
        "{heard}"
    );
    assert!(!heard.contains("続けて確認できていません"), "{heard}");
    let views = world.app.tracker_views().await.unwrap();
    assert_eq!(views[0].state, TrackerStanding::Out);
    assert!(views[0].why.as_ref().unwrap().contains("502"));
    tracker.is_ill(None);
    tracker.close(a, "completed", None);
    world.until("2026-11-25 18:00").await;
    let heard = world.heard();
    assert!(heard.contains("が完了しました"), "{heard}");
    assert_eq!(heard.matches("復旧しました").count(), 1, "{heard}");
    let views = world.app.tracker_views().await.unwrap();
    assert_eq!(views[0].state, TrackerStanding::Ok);
    world.end().await;
}

#[tokio::test]
async fn what_is_filed_during_an_outage_waits_and_only_the_outage_is_told() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    world.heard();
    tracker.is_ill(Some(StatusCode::SERVICE_UNAVAILABLE));
    files(&world, 1, "一つ目").await;
    files(&world, 2, "二つ目").await;
    world.until("2026-11-24 12:00").await;
    let heard = world.heard();
    assert_eq!(
        heard.matches("接続できなくなっています").count(),
        1,
        "{heard}"
    );
    assert!(!heard.contains("起票できませんでした"), "{heard}");
    let views = world.app.tracker_views().await.unwrap();
    assert_eq!((views[0].waiting, views[0].dead), (2, 0));
    tracker.is_ill(None);
    world.until("2026-11-24 13:00").await;
    let heard = world.heard();
    assert_eq!(heard.matches("復旧しました").count(), 1, "{heard}");
    assert_eq!(heard.matches("として起票しました").count(), 2, "{heard}");
    assert_eq!(tracker.issues().len(), 2);
    world.end().await;
}

#[tokio::test]
async fn an_address_of_another_repository_is_refused_with_how_ours_look() {
    let tracker = IssueTracker::start().await;
    let world = two(&tracker).await;
    for (given, expected) in [
        (
            "https://github.com/other/app/issues/5",
            "のアドレスではありません",
        ),
        ("それ", "番号でもアドレスでもありません"),
    ] {
        let said = world.says("aoki", &format!("link Q-1 {given}")).await;
        assert!(said.contains(expected), "{said}");
    }
    let id = "github".into();
    let named = world.app.trackers.named(&id, "＃７７").unwrap();
    assert_eq!(named.issue, "77");
    world.end().await;
}
