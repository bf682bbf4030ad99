#![allow(clippy::unwrap_used)]

use crate::app::ports::{
    Ask, AskedBy, Inbox, ListFilter, Mapped, MappedMessage, Reference, Side, Stored, Told,
};
use crate::app::verbs::{Request, parse_line};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::inquiry::{
    Clock, Event, LinkStanding, Ownership, Routed, Severity, Stage, item_of,
};
use crate::i18n::Lang;
use crate::testkit::world::{STORY, World, tokyo};

async fn stored(world: &World, number: i64) -> Stored {
    let stored = world.app.store.by_reference(Reference(number)).await;
    stored.unwrap().unwrap()
}

async fn asked(world: &World, line: &str, key: &str) -> Told {
    let request: Request = parse_line(line).unwrap();
    let told = world.app.perform(Ask {
        by: AskedBy::Member("aoki".into()),
        via: "api".to_owned(),
        command_key: Some(key.to_owned()),
        verb: request,
        here: None,
    });
    told.await
}

async fn count(world: &World) -> u64 {
    world.app.store.count(&ListFilter::default()).await.unwrap()
}

fn said(world: &World, told: &Told, lang: Lang) -> String {
    let words = Words {
        lang,
        zone: &world.app.setup.zone,
        now: world.app.clock.now(),
        texts: &told.texts,
        people: &world.app.setup.people,
    };
    sentence(&told.message, &words, &PlainText)
}

/// The item of the first problem: urgent, and with what support has gathered.
fn first(mapped: &mut Mapped) {
    mapped.severity = Some("S1".to_owned());
    mapped.needed_by = Some(tokyo("2026-11-24 12:00"));
    mapped.business_stopped = true;
    mapped.intake.tried = Some("再起動".to_owned());
    mapped.intake.environment = Some("Windows 11".to_owned());
}

/// A world at Tuesday 10:00 with `Q-1`, a gold S1 of the source `crm`.
async fn begun() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", first).await;
    world
}

#[tokio::test]
async fn the_child_is_of_the_same_requester_and_its_promises_are_its_own() {
    let world = begun().await;
    world.until("2026-11-24 11:00").await;
    world.says("aoki", "split Q-1 印刷ができない").await;
    let (parent, child) = (stored(&world, 1).await, stored(&world, 2).await);
    let (of, its) = (&parent.inquiry.facts, &child.inquiry.facts);
    assert_eq!(
        (&of.requester, &of.customer, &of.plan, &of.product),
        (&its.requester, &its.customer, &its.plan, &its.product)
    );
    assert_eq!(its.intake.environment, of.intake.environment);
    // How bad it is, by when and what was tried belongs to the first problem.
    assert_eq!((its.severity, its.needed_by), (Severity::S3, None));
    assert!(!its.business_stopped && its.intake.tried.is_none());
    assert_eq!(child.inquiry.received_at, tokyo("2026-11-24 11:00"));
    let claim = child.inquiry.run(Clock::Claim).unwrap();
    assert_eq!(claim.started_at, tokyo("2026-11-24 11:00"));
    assert!(matches!(
        child.inquiry.ownership,
        Ownership::Unclaimed { .. }
    ));
    let ledger = world.app.store.ledger(&child.inquiry.id).await.unwrap();
    let Event::Received {
        routed, follows, ..
    } = &ledger[0].event
    else {
        panic!("{ledger:?}")
    };
    assert_eq!(routed.as_deref(), Some(&Routed::Split));
    assert_eq!(follows.as_ref(), Some(&parent.inquiry.id));
    assert_eq!(parent.inquiry.split_off, [child.inquiry.id]);
    world.end().await;
}

#[tokio::test]
async fn severity_and_queue_are_what_is_said() {
    let world = begun().await;
    world
        .says(
            "aoki",
            "split Q-1 件名=請求書が二通 本文=先月分が二通届いた 重大度=S2 キュー=billing",
        )
        .await;
    let child = stored(&world, 2).await.inquiry;
    assert_eq!(
        (child.severity, child.queue.as_str()),
        (Severity::S2, "billing")
    );
    let body = child.facts.body.clone().unwrap();
    let texts = world
        .app
        .store
        .texts(std::slice::from_ref(&body))
        .await
        .unwrap();
    assert_eq!(texts[&body], "先月分が二通届いた");
    world.end().await;
}

#[tokio::test]
async fn the_same_request_again_answers_the_same_child() {
    let world = begun().await;
    let first = asked(&world, "split Q-1 印刷", "k").await;
    let again = asked(&world, "split Q-1 印刷", "k").await;
    assert_eq!(first.reference, Some(Reference(2)));
    assert_eq!(first.inquiry, again.inquiry);
    assert_eq!(
        (&first.data["child"], &again.data["is_repeat"]),
        (&"Q-2".into(), &true.into())
    );
    assert_eq!(again.data["child"], first.data["child"]);
    assert_ne!(
        said(&world, &first, Lang::En),
        said(&world, &again, Lang::En)
    );
    assert_eq!(count(&world).await, 2);
    assert_eq!(stored(&world, 1).await.inquiry.split_off.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn the_same_request_many_times_at_once_makes_one_child() {
    let world = begun().await;
    let all = (0..8).map(|_| asked(&world, "split Q-1 印刷", "k"));
    let told = futures_util::future::join_all(all).await;
    assert!(told.iter().all(|told| told.reference == Some(Reference(2))));
    // Different ones at once are all there, each once.
    let keys: Vec<String> = (0..30).map(|n| format!("other-{n}")).collect();
    let all = { keys.iter() }.map(|key| asked(&world, "split Q-1 別の件", key));
    let told = futures_util::future::join_all(all).await;
    assert!(told.iter().all(|told| !told.is_refused), "{told:?}");
    assert_eq!(count(&world).await, 32);
    assert_eq!(stored(&world, 1).await.inquiry.split_off.len(), 31);
    world.end().await;
}

/// What is refused, and in which words.
async fn check_refused(world: &World, line: &str, part: &str) {
    let told = asked(world, line, line).await;
    let said = said(world, &told, Lang::Ja);
    assert!(told.is_refused && said.contains(part), "{line}: {said}");
    assert_eq!(count(world).await, 1, "{line}");
}

#[tokio::test]
async fn what_cannot_be_split_is_said_and_changes_nothing() {
    let world = begun().await;
    check_refused(&world, "split Q-1", "件名").await;
    check_refused(&world, "split Q-1 件名=\u{3000} 本文=x", "件名").await;
    check_refused(&world, "split Q-1 件名=x キュー=倉庫", "倉庫").await;
    check_refused(&world, "split Q-1 件名=x 重大度=S9", "S9").await;
    check_refused(&world, &format!("split Q-1 {}", "あ".repeat(201)), "200").await;
    check_refused(&world, "split Q-7 x", "Q-7").await;
    world.says("aoki", "close Q-1 duplicate").await;
    world.until("2026-12-09 10:00").await;
    check_refused(&world, "split Q-1 x", "切り出せません").await;
    world.end().await;
}

#[tokio::test]
async fn the_gate_asks_nothing_of_what_was_split_off() {
    let gate = "default = true\n[queue.gate]\ninvestigation = [\"tried\"]\n";
    let story = STORY.replacen("default = true\n", gate, 1);
    let world = World::with(&story, "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "split Q-1 印刷").await;
    let view = |n| world.app.view(Reference(n), Lang::Ja);
    assert!(!view(1).await.unwrap().unwrap().card.gaps.is_empty());
    assert!(view(2).await.unwrap().unwrap().card.gaps.is_empty());
    world.end().await;
}

#[tokio::test]
async fn what_the_source_says_of_the_item_goes_to_the_parent_alone() {
    let world = begun().await;
    world.says("aoki", "split Q-1 印刷").await;
    let before = stored(&world, 2).await;
    world
        .receive("A-1", |mapped| {
            mapped.title = "変わった件名".to_owned();
            mapped.messages.push(MappedMessage {
                id: "1".to_owned(),
                by: Side::Requester,
                at: tokyo("2026-11-24 10:30"),
                text: "その後どうですか".to_owned(),
            });
        })
        .await;
    world.receive("A-1", |mapped| mapped.is_closed = true).await;
    assert!(matches!(
        stored(&world, 1).await.inquiry.stage,
        Stage::Closed { .. }
    ));
    let after = stored(&world, 2).await;
    assert_eq!(
        (after.inquiry.seq, after.inquiry.is_open()),
        (before.inquiry.seq, true)
    );
    // Its id is none of the source's, and tells the item.
    let id = &after.inquiry.origin.external_id;
    assert_eq!(item_of(id), "A-1");
    world.receive("A-1~2", |_| {}).await;
    assert_eq!(count(&world).await, 3);
    world.end().await;
}

#[tokio::test]
async fn answers_go_into_the_item_under_the_title_and_change_nothing_else_there() {
    let world = begun().await;
    world.says("aoki", "split Q-1 印刷").await;
    world.says("aoki", "claim Q-2").await;
    world.says("aoki", "ask Q-2 機種を教えてください").await;
    world
        .says(
            "aoki",
            "resolve Q-2 category=仕様 cause=古いドライバー workaround=更新",
        )
        .await;
    world.says("aoki", "reopen Q-2").await;
    world.says("aoki", "close Q-2 duplicate").await;
    let sent = world.back.sent();
    assert!(
        sent.iter()
            .all(|sent| sent.starts_with("Q-2 aside “印刷” ")),
        "{sent:#?}"
    );
    assert_eq!(sent.len(), 2, "{sent:#?}");
    world.end().await;
}

fn own(id: &str, at: &str, text: &str) -> MappedMessage {
    MappedMessage {
        id: id.to_owned(),
        by: Side::Own,
        at: tokyo(&format!("2026-11-24 {at}")),
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn what_was_said_aside_is_known_again_when_it_comes_home() {
    let world = begun().await;
    world.says("aoki", "split Q-1 印刷").await;
    world.says("aoki", "split Q-2 印刷の速さ").await;
    world.says("aoki", "reply Q-2 更新してください").await;
    world.says("aoki", "reply Q-3 設定を見直してください").await;
    let seen = stored(&world, 1).await.inquiry.seq;
    let home = world.receive("A-1", |mapped| {
        first(mapped);
        mapped.messages = vec![
            own("1", "10:20", "更新してください"),
            own("2", "10:21", "設定を見直してください"),
        ];
    });
    assert!(!home.await.is_changed);
    assert_eq!(stored(&world, 1).await.inquiry.seq, seen);
    world.end().await;
}

#[tokio::test]
async fn a_lost_answer_that_stands_there_after_all_is_the_childs() {
    let world = begun().await;
    world.says("aoki", "split Q-1 印刷").await;
    let why = "it was lost".to_owned();
    world
        .back
        .fail(Some(crate::app::ports::DeliveryError::Unknown { why }));
    world.says("aoki", "reply Q-2 更新してください").await;
    assert!(
        stored(&world, 2)
            .await
            .inquiry
            .run(Clock::FirstResponse)
            .is_some()
    );
    world.back.fail(None);
    world.until("2026-11-24 10:30").await;
    world
        .receive("A-1", |mapped| {
            mapped.messages = vec![own("1", "10:20", "更新してください")]
        })
        .await;
    assert!(
        stored(&world, 2)
            .await
            .inquiry
            .run(Clock::FirstResponse)
            .is_none()
    );
    assert!(
        stored(&world, 1)
            .await
            .inquiry
            .run(Clock::FirstResponse)
            .is_some()
    );
    world.end().await;
}

#[tokio::test]
async fn the_form_begins_with_what_the_requester_said_last() {
    let world = begun().await;
    world
        .says("aoki", "heard Q-1 ところで印刷もできません")
        .await;
    let parent = stored(&world, 1).await;
    let request = crate::app::verbs::Request::new(crate::app::verbs::Verb::Split, None);
    let begins = world.app.draft_of(&request, Some(&parent)).await.unwrap();
    let begins: Vec<(&str, &str)> = begins
        .given
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        begins,
        [
            ("queue", "support"),
            ("severity", "S3"),
            ("text", "ところで印刷もできません")
        ]
    );
    world.end().await;
}

#[tokio::test]
async fn a_card_says_how_the_other_stands() {
    let world = begun().await;
    world.says("aoki", "split Q-1 印刷").await;
    let (parent, child) = (stored(&world, 1).await, stored(&world, 2).await);
    let standing = |stored: Stored| {
        let app = world.app.clone();
        async move {
            let view = app.view(stored.reference, Lang::Ja).await.unwrap().unwrap();
            let seen = view.card.links[0].seen.clone().unwrap();
            (seen.reference, seen.standing)
        }
    };
    let edits = || async {
        let cards = world.app.store.cards(&parent.inquiry.id).await.unwrap();
        assert!(
            cards.iter().all(|card| card.shown == card.wanted),
            "{cards:?}"
        );
        cards[0].epoch
    };
    assert_eq!(standing(parent.clone()).await, (2, LinkStanding::Unclaimed));
    assert_eq!(standing(child).await, (1, LinkStanding::Unclaimed));
    let before = edits().await;
    world.says("inoue", "note Q-2 見ています").await;
    assert_eq!(edits().await, before, "it stands where it stood");
    world.says("inoue", "claim Q-2").await;
    assert!(edits().await > before, "the parent's card is edited too");
    assert_eq!(standing(parent.clone()).await, (2, LinkStanding::Active));
    world.end().await;
}
