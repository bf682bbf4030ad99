//! The way back when it fails: what is told, which clock runs again, and that nothing goes twice.

#![allow(clippy::unwrap_used)]

use serde_json::json;
use std::time::Duration;
use toban::app::ports::{AskedBy, Delivery, Reference};
use toban::domain::inquiry::{Clock, Event};
use toban::testkit::world::{STORY, World};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Where an answer is a comment and then a state, and an owner is a field.
const BACK: &str = r#"
[[source]]
id = "tracker"
kind = "poll"
since = 2026-11-01
write_back = ["reply", "answer", "owner", "close"]
[source.mapping]
external_id = "{{ id }}"
title = "{{ title }}"
[source.poll]
every = "1m"
url = "{{ base_url }}/items"
items = "items"
[source.way_back.reply]
url = "{{ base_url }}/comments"
body = '{"text": {{ text | tojson }}}'
[[source.way_back.answer]]
url = "{{ base_url }}/comments"
body = '{"text": {{ text | tojson }}}'
[[source.way_back.answer]]
method = "PUT"
url = "{{ base_url }}/state"
body = '{"state": "resolved"}'
[source.way_back.owner]
method = "PUT"
url = "{{ base_url }}/owner"
body = '{"owner": {{ owner | tojson }}}'
[source.way_back.close]
method = "PUT"
url = "{{ base_url }}/state"
body = '{"state": "closed"}'
"#;

const ANSWER: &str = "resolve Q-1 category=不具合 cause=期限切れ workaround=再起動";

struct Scene {
    tracker: MockServer,
    world: World,
}

/// An inquiry that Aoki has, of a tracker that takes everything but what is told otherwise.
async fn scene() -> Scene {
    let tracker = MockServer::start().await;
    let items = json!({"items": [{"id": 7, "title": "ログインできない"}]});
    let items = ResponseTemplate::new(200).set_body_json(items);
    Mock::given(method("GET"))
        .respond_with(items)
        .mount(&tracker)
        .await;
    for way in ["POST", "PUT"] {
        let good = Mock::given(method(way)).respond_with(ResponseTemplate::new(204));
        good.with_priority(9).mount(&tracker).await;
    }
    let source = BACK.replacen(
        "kind",
        &format!("base_url = \"{}\"\nkind", tracker.uri()),
        1,
    );
    let world = World::asking(&format!("{STORY}{source}"), "2026-11-24 10:00").await;
    world.polls().await;
    world.says("aoki", "claim Q-1").await;
    Scene { tracker, world }
}

impl Scene {
    /// Makes the tracker answer so at a path, so many times.
    async fn answers(&self, at: &str, status: u16, times: u64) {
        let answer = Mock::given(path(at)).respond_with(ResponseTemplate::new(status));
        let answer = answer.up_to_n_times(times).with_priority(1);
        answer.mount(&self.tracker).await;
    }

    /// What arrived there or was refused, in its order.
    async fn asked(&self) -> Vec<String> {
        let all = self.tracker.received_requests().await.unwrap().into_iter();
        let written = all.filter(|request| request.method.as_str() != "GET");
        let owner = |request: &wiremock::Request| request.url.path() == "/owner";
        let told = written.filter(|request| !owner(request)).map(|request| {
            let body = String::from_utf8(request.body).unwrap();
            format!("{} {body}", request.url.path())
        });
        told.collect()
    }

    async fn events(&self) -> Vec<Event> {
        let stored = self
            .world
            .app
            .store
            .by_reference(Reference(1))
            .await
            .unwrap();
        let ledger = self
            .world
            .app
            .store
            .ledger(&stored.unwrap().inquiry.id)
            .await
            .unwrap();
        ledger.into_iter().map(|entry| entry.event).collect()
    }

    async fn has_failed(&self) -> bool {
        let events = self.events().await;
        events
            .iter()
            .any(|event| matches!(event, Event::ReplyFailed { .. }))
    }

    /// Whether an answer is owed.
    async fn is_owed(&self) -> bool {
        let stored = self
            .world
            .app
            .store
            .by_reference(Reference(1))
            .await
            .unwrap();
        stored.unwrap().inquiry.run(Clock::FirstResponse).is_some()
    }

    /// The dead deliveries: which request of their act is left.
    async fn dead(&self) -> Vec<(String, u32)> {
        let rows = self.world.app.store.outbox(&["dead"], 10).await.unwrap();
        let steps = rows.into_iter().map(|row| match row.what {
            Delivery::WriteBack { step, .. } => (row.id, step),
            other => panic!("{other:?}"),
        });
        steps.collect()
    }

    /// What was said since the last look, the deliveries named by their order.
    async fn heard(&self) -> String {
        let heard = self.world.heard();
        let dead = self.dead().await.into_iter().enumerate();
        dead.fold(heard, |heard, (n, (id, _))| {
            heard.replace(&id, &format!("ID{n}"))
        })
    }

    async fn retry(&self, id: &str) {
        let by = AskedBy::Member("ueda".into());
        assert!(self.world.app.retry_delivery(id, &by).await.unwrap());
        self.world.settle().await;
    }
}

const COMMENT: &str = "/comments {\"text\": \"原因: 期限切れ\\n\\n回避策: 再起動\"}";
const STATE: &str = "/state {\"state\": \"resolved\"}";

#[tokio::test]
async fn a_state_that_does_not_follow_an_answer_is_told_alone_and_sent_again_alone() {
    let scene = scene().await;
    scene.answers("/state", 422, 1).await;
    scene.world.heard();
    scene.world.says("aoki", ANSWER).await;
    assert_eq!(scene.asked().await, [COMMENT, STATE]);
    // The answer is there: no clock runs again, and only the rest is told.
    assert!(!scene.has_failed().await && !scene.is_owed().await);
    insta::assert_snapshot!(scene.heard().await);
    let dead = scene.dead().await;
    assert_eq!(dead.iter().map(|(_, step)| *step).collect::<Vec<_>>(), [1]);
    scene.retry(&dead[0].0).await;
    assert_eq!(scene.asked().await, [COMMENT, STATE, STATE]);
    assert_eq!(scene.dead().await, []);
    assert!(!scene.is_owed().await);
    scene.world.end().await;
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_opens_its_clock_and_keeps_back_what_follows() {
    let scene = scene().await;
    scene.answers("/comments", 422, 1).await;
    scene.world.says("aoki", ANSWER).await;
    assert_eq!(scene.asked().await, [COMMENT]);
    assert!(scene.has_failed().await && scene.is_owed().await);
    let dead = scene.dead().await;
    assert_eq!(dead.iter().map(|(_, step)| *step).collect::<Vec<_>>(), [0]);
    // The words arrive, the state does not: what counts is the words.
    scene.answers("/state", 422, 1).await;
    scene.retry(&dead[0].0).await;
    assert_eq!(scene.asked().await, [COMMENT, COMMENT, STATE]);
    assert!(!scene.is_owed().await);
    assert_eq!(scene.dead().await, [(dead[0].0.clone(), 1)]);
    scene.retry(&dead[0].0).await;
    assert_eq!(scene.asked().await, [COMMENT, COMMENT, STATE, STATE]);
    let failures = scene.events().await.into_iter();
    let failures = failures.filter(|event| matches!(event, Event::ReplyFailed { .. }));
    assert_eq!(failures.count(), 1);
    scene.world.end().await;
}

#[tokio::test]
async fn a_source_that_is_ill_between_two_requests_gets_the_second_later_and_the_first_once() {
    let scene = scene().await;
    scene.answers("/state", 503, 3).await;
    scene.world.says("aoki", ANSWER).await;
    assert_eq!(scene.asked().await, [COMMENT, STATE]);
    scene.world.until("2026-11-24 10:10").await;
    assert_eq!(scene.asked().await, [COMMENT, STATE, STATE, STATE, STATE]);
    assert!(!scene.has_failed().await);
    assert_eq!(scene.dead().await, []);
    scene.world.end().await;
}

#[tokio::test]
async fn a_process_that_ends_in_the_second_request_repeats_neither() {
    let scene = scene().await;
    scene.answers("/state", 503, 1).await;
    scene.world.says("aoki", ANSWER).await;
    assert_eq!(scene.asked().await, [COMMENT, STATE]);
    // Another process takes the rest, and is gone before it writes down what became of it.
    let later = scene.world.app.clock.now() + toban::time::SignedDuration::from_mins(1);
    let store = &scene.world.app.store;
    let taken = store
        .claim_outbox(later, "another", Duration::ZERO, 9)
        .await
        .unwrap();
    assert_eq!(taken.len(), 1);
    scene.world.until("2026-11-24 10:05").await;
    assert_eq!(scene.asked().await, [COMMENT, STATE], "it may have arrived");
    let steps: Vec<u32> = scene
        .dead()
        .await
        .into_iter()
        .map(|(_, step)| step)
        .collect();
    assert_eq!(steps, [1]);
    assert!(!scene.has_failed().await && !scene.is_owed().await);
    scene.world.end().await;
}

#[tokio::test]
async fn an_owner_who_does_not_reach_the_source_is_told_in_the_thread() {
    let scene = scene().await;
    scene.answers("/owner", 403, 9).await;
    scene.world.heard();
    scene.world.says("aoki", "release Q-1").await;
    scene.world.says("inoue", "claim Q-1").await;
    insta::assert_snapshot!(scene.heard().await);
    assert!(!scene.has_failed().await);
    assert!(scene.is_owed().await, "nobody has answered");
    scene.world.end().await;
}

#[tokio::test]
async fn words_over_which_the_source_broke_are_not_said_again_by_the_desk() {
    let scene = scene().await;
    for (n, status) in [(1, 502), (2, 500), (3, 504), (4, 408)] {
        scene.answers("/comments", status, 1).await;
        scene.world.heard();
        scene.world.says("aoki", "reply Q-1 見ています").await;
        scene.world.until(&format!("2026-11-24 1{n}:00")).await;
        assert_eq!(scene.asked().await.len(), n, "{status}");
        assert!(scene.has_failed().await && scene.is_owed().await);
        let heard = scene.heard().await;
        let why = format!("届いたかどうか分かりません（the source answered {status}");
        assert!(heard.contains(&why), "{heard}");
    }
    scene.world.end().await;
}
