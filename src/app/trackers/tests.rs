#![allow(clippy::unwrap_used)]
//! What people say about issues, with two trackers that nobody answers for.

use crate::app::ports::{
    Ask, AskedBy, Attempt, Delivery, Inbox, OutboxRow, Place, Reference, TrackerAct,
};
use crate::app::verbs::{Request, Verb};
use crate::domain::notice::Offer;
use crate::testkit::world::{STORY, World};
use std::time::Duration;

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

const GITHUB: &str = r#"
[[tracker]]
id = "github"
name = "アプリ"
preset = "github"
base_url = "http://127.0.0.1:9"
secret_env = "GITHUB"
[tracker.setting]
repo = "example/app"
web = "http://127.0.0.1:9"
"#;

const JIRA: &str = r#"
[[tracker]]
id = "jira"
preset = "jira"
base_url = "http://127.0.0.1:9"
secret_env = "JIRA"
text = "{{ severity }} {{ reference }}: {{ body }}"
[tracker.setting]
project = "APP"
"#;

async fn desk(trackers: &str) -> World {
    let world = World::asking(&format!("{STORY}{trackers}"), "2026-11-24 10:00").await;
    world.receive("CS-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world
}

/// Says lines one after the other; each answer has its words.
async fn check(world: &World, lines: &[(&str, &str)]) {
    for (line, expected) in lines {
        let said = world.says("aoki", line).await;
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[tokio::test]
async fn without_a_tracker_nothing_is_filed_and_nothing_is_offered() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("CS-1", |_| {}).await;
    let none = "起票先が設定されていません";
    check(
        &world,
        &[
            ("file Q-1 title=件名 text=本文", none),
            ("link Q-1 121", none),
            ("known", "開発課題はありません"),
        ],
    )
    .await;
    world.end().await;
}

#[tokio::test]
async fn of_several_trackers_one_is_named_or_known_by_the_address() {
    let world = desk(&format!("{GITHUB}{JIRA}")).await;
    let browse = format!("link Q-1 {NOWHERE}/browse/APP-24");
    let issue = format!("link Q-1 {NOWHERE}/example/app/issues/121");
    let elsewhere = format!("{issue} tracker=jira");
    check(
        &world,
        &[
            (
                "link Q-1 121",
                "起票先がいくつかあります。どれかを指定してください：github, jira",
            ),
            (
                "link Q-1 121 tracker=bugzilla",
                "指定できるもの：github, jira",
            ),
            (&browse, "関連付けました"),
            // What the form had chosen does not matter where the address says it.
            (&elsewhere, "関連付けました"),
            ("unlink Q-1 github#121", "外しました"),
            (&issue, "関連付けました"),
            (
                "link Q-1 121 tracker=アプリ",
                "すでに#121（github）に関連付けられています",
            ),
            ("unlink Q-1", "どれを外しますか：jira#APP-24, github#121"),
            ("unlink Q-1 APP-24", "外しました"),
            ("unlink Q-1", "外しました"),
            ("unlink Q-1", "関連付けられた課題はありません"),
        ],
    )
    .await;
    world.end().await;
}

#[tokio::test]
async fn a_workaround_is_of_an_issue_that_somebody_has_linked_and_can_be_taken_away() {
    let world = desk(GITHUB).await;
    check(
        &world,
        &[
            (
                "known workaround 121 text=再起動する",
                "先に関連付けてください",
            ),
            ("link Q-1 #121", "関連付けました"),
            (
                "known workaround 121 text=再起動する",
                "回避策を登録しました",
            ),
            ("known", "回避策：再起動する"),
            ("回避策登録 121 回避策=-", "回避策を消しました"),
        ],
    )
    .await;
    let known = world.app.known_issues().await.unwrap();
    assert_eq!((known.len(), &known[0].workaround), (1, &None));
    assert_eq!(
        (known[0].customers, &known[0].inquiries[..]),
        (1, &["Q-1".to_owned()][..])
    );
    world.end().await;
}

#[tokio::test]
async fn customers_are_counted_by_name_and_an_inquiry_without_one_by_itself() {
    let customers = "[[customer]]\nname = [\"さくら商事\", \"Sakura*\"]\nplan = \"gold\"\n";
    let world = desk(&format!("{customers}{GITHUB}")).await;
    let names = [
        Some("Sakura Trading"),
        Some("ひまわり  商店"),
        Some("ひまわり 商店"),
        None,
        None,
    ];
    for (n, name) in names.into_iter().enumerate() {
        let change = |mapped: &mut crate::app::ports::Mapped| {
            mapped.customer = name.map(str::to_owned);
        };
        world.receive(&format!("CS-1{n}"), change).await;
    }
    for n in 1..=6 {
        world.says("aoki", &format!("link Q-{n} 121")).await;
    }
    let known = world.app.known_issues().await.unwrap();
    assert_eq!((known[0].inquiries.len(), known[0].customers), (6, 4));
    world.end().await;
}

#[tokio::test]
async fn the_form_holds_no_words_of_the_requester_but_the_title_unless_the_configuration_asks() {
    for (trackers, expected, has_body) in [
        (GITHUB, "問い合わせ：Q-1／重大度：S2／製品：core", false),
        (JIRA, "S2 Q-1: 昨日から", true),
    ] {
        let world = desk(trackers).await;
        let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
        let request = Request::new(Verb::File, Some(Reference(1)));
        let draft = world.app.draft_of(&request, stored.as_ref());
        let given = draft.await.unwrap().given;
        assert_eq!(given["title"], "メールが届かない CS-1");
        let text = &given["text"];
        assert!(text.contains(expected), "{text}");
        assert_eq!(text.contains("届きません"), has_body, "{text}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_card_offers_to_file_while_development_is_waited_for() {
    let world = desk(GITHUB).await;
    let offers = async || {
        let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
        let view = world
            .app
            .view_of(stored.unwrap(), crate::i18n::Lang::Ja, false);
        view.await.unwrap().card.offers
    };
    world.says("aoki", "replied Q-1").await;
    assert!(!offers().await.contains(&Offer::File));
    world.says("aoki", "wait Q-1 development").await;
    assert!(offers().await.contains(&Offer::File));
    world.says("aoki", "link Q-1 121").await;
    assert!(!offers().await.contains(&Offer::File));
    world.end().await;
}

#[tokio::test]
async fn a_title_that_no_tracker_takes_is_refused_before_it_leaves() {
    let world = desk(GITHUB).await;
    let line = format!("file Q-1 text=本文 title={}", "長".repeat(256));
    check(&world, &[(&line, "255")]).await;
    assert!(
        world
            .app
            .store
            .outbox(&[], 500)
            .await
            .unwrap()
            .iter()
            .all(|row| row.place.platform != super::TRACKER_LANE)
    );
    world.end().await;
}

#[tokio::test]
async fn one_number_in_two_trackers_is_asked_about_before_a_link_is_taken_away() {
    let world = desk(&format!("{GITHUB}{JIRA}")).await;
    check(
        &world,
        &[
            ("link Q-1 github#121", "関連付けました"),
            ("link Q-1 121 tracker=jira", "関連付けました"),
            ("unlink Q-1 121", "どれを外しますか：github#121, jira#121"),
            ("unlink Q-1 #121 tracker=bugzilla", "github, jira"),
            ("unlink Q-1 APP-1 tracker=jira", "関連付けられていません"),
            ("unlink Q-1 jira#121", "外しました"),
            ("unlink Q-1 jira#121", "関連付けられていません"),
            ("unlink Q-1 ＃１２１", "外しました"),
        ],
    )
    .await;
    world.end().await;
}

/// The form of an issue about Q-1: the trackers in order, the one that is chosen, and the text.
async fn form(world: &World, chosen: Option<&str>) -> (Vec<String>, Option<String>, String) {
    let request = Request::new(Verb::File, Some(Reference(1)));
    let request = chosen.map_or(request.clone(), |id| request.with("tracker", id));
    let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
    let draft = world.app.draft_of(&request, stored.as_ref()).await.unwrap();
    let trackers = draft.choices("tracker").iter().map(|(id, _)| id.clone());
    let tracker = draft.given.get("tracker").cloned();
    (trackers.collect(), tracker, draft.given["text"].clone())
}

#[tokio::test]
async fn the_form_begins_with_the_tracker_that_such_inquiries_belong_to() {
    let theirs = |keys: &str| JIRA.replace("id = \"jira\"", &format!("id = \"jira\"\n{keys}"));
    let file = "file Q-1 title=件名 text=本文";
    for (jira, first, said) in [
        (JIRA.to_owned(), "github", "どれかを指定してください"),
        (theirs("queues = [\"support\"]"), "jira", "受け付けました"),
        (theirs("products = [\"core\"]"), "jira", "受け付けました"),
        (
            theirs("queues = [\"billing\"]"),
            "github",
            "どれかを指定してください",
        ),
    ] {
        let world = desk(&format!("{GITHUB}{jira}")).await;
        let (trackers, tracker, text) = form(&world, None).await;
        assert_eq!(tracker.as_deref(), Some(first), "{jira}");
        assert_eq!((trackers[0].as_str(), trackers.len()), (first, 2));
        assert_eq!(text.starts_with("S2 Q-1: "), first == "jira", "{text}");
        // What was chosen decides the words.
        let (_, tracker, text) = form(&world, Some("jira")).await;
        assert_eq!(tracker.as_deref(), Some("jira"));
        assert!(text.starts_with("S2 Q-1: "), "{text}");
        check(&world, &[(file, said)]).await;
        world.end().await;
    }
}

#[test]
fn an_issue_that_could_not_be_linked_keeps_its_name_and_address() {
    for url in [None, Some("https://tracker.example/121".to_owned())] {
        let filed = super::Named {
            issue: "121".to_owned(),
            url,
        };
        let why = super::say_unrecorded(&filed, &"no: such (thing)");
        assert_eq!(super::unrecorded(&why), Some(filed));
    }
    assert_eq!(super::unrecorded(super::MAY_STAND), None);
}

/// Has a filing of Q-1 die in a process that is gone before it can say so.
async fn dies_unsaid(world: &World, why: &str) {
    let request = Request::new(Verb::File, Some(Reference(1)))
        .with("title", "件名")
        .with("text", "本文");
    let ask = Ask {
        by: AskedBy::Member("aoki".into()),
        via: "test".to_owned(),
        command_key: None,
        verb: request,
        here: None,
    };
    assert!(!world.app.perform(ask).await.is_refused);
    let store = &world.app.store;
    let (now, lease) = (world.app.clock.now(), Duration::from_mins(1));
    let claimed = store.claim_outbox(now, "gone", lease, 100).await.unwrap();
    let dead = Attempt::Dead {
        why: why.to_owned(),
    };
    let retry = Attempt::Retry {
        at: now,
        why: "gone".to_owned(),
    };
    let mut died = 0;
    for row in claimed {
        let is_filing = matches!(row.what, Delivery::Tracker { .. });
        died += usize::from(is_filing);
        let attempt = if is_filing { &dead } else { &retry };
        assert!(store.settle_outbox(&row, attempt, now).await.unwrap());
    }
    assert_eq!(died, 1);
}

#[tokio::test]
async fn a_death_that_nobody_recorded_is_settled_and_the_next_filing_is_taken() {
    let world = desk(GITHUB).await;
    let file = "file Q-1 title=件名 text=本文";
    dies_unsaid(&world, "the tracker answered 422").await;
    check(&world, &[(file, "起票しているところです")]).await;
    assert_eq!(world.app.settle_filings().await.unwrap(), 1);
    assert_eq!(world.app.settle_filings().await.unwrap(), 0);
    world.settle().await;
    let heard = world.heard();
    assert_eq!(heard.matches("起票できませんでした").count(), 1, "{heard}");
    check(&world, &[(file, "受け付けました")]).await;
    world.end().await;
}

#[tokio::test]
async fn an_issue_that_stands_there_by_a_known_name_is_linked_when_that_can_be_done() {
    let world = desk(GITHUB).await;
    let filed = super::Named {
        issue: "121".to_owned(),
        url: Some(format!("{NOWHERE}/example/app/issues/121")),
    };
    dies_unsaid(
        &world,
        &super::say_unrecorded(&filed, &"the store was away"),
    )
    .await;
    assert_eq!(world.app.settle_filings().await.unwrap(), 1);
    let stored = world.app.store.by_reference(Reference(1)).await.unwrap();
    let inquiry = stored.unwrap().inquiry;
    assert_eq!(inquiry.filings, []);
    assert_eq!(
        (&inquiry.tracked[0].issue, &inquiry.tracked[0].url),
        (&filed.issue, &filed.url)
    );
    world.end().await;
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_told_as_a_comment() {
    let world = desk(GITHUB).await;
    let row = OutboxRow {
        id: "row".to_owned(),
        lane: "tracker|github|121".to_owned(),
        inquiry: None,
        place: Place {
            platform: super::TRACKER_LANE.to_owned(),
            channel: "github".to_owned(),
        },
        what: Delivery::Tracker {
            tracker: "github".into(),
            act: TrackerAct::Note {
                issue: "121".to_owned(),
                customers: 3,
                references: vec![1, 2],
            },
        },
        key: "note".to_owned(),
        attempt: 1,
        is_unknown: true,
        first_sent_at: None,
        epoch: 1,
    };
    for (epoch, why, said) in [
        (1, super::MAY_STAND, "が書き込まれたかどうか確認できません"),
        (2, "the tracker answered 403", "コメントできませんでした"),
    ] {
        let row = OutboxRow {
            epoch,
            ..row.clone()
        };
        world.heard();
        world.app.delivery_died(&row, why).await.unwrap();
        world.settle().await;
        let heard = world.heard();
        assert!(heard.contains(said) && heard.contains("#121"), "{heard}");
        assert!(!heard.contains("起票でき"), "{heard}");
    }
    world.end().await;
}
