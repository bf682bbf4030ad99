#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::{Page, Poller as _};
use crate::app::source_config::{MapField, MessageMapping, PollConfig, SourceKind};
use crate::sources::Contact;
use crate::sources::tests::{at, config, id, mapping, poll_config, request, sources};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

const NOW: &str = "2026-11-21T10:00:00Z";

/// A source whose items have a body, and a conversation, in their details only.
struct Desk {
    server: MockServer,
    sources: Sources,
    state: SourceState,
}

async fn desk(change: impl FnOnce(&mut PollConfig)) -> Desk {
    let server = MockServer::start().await;
    let mut poll = poll_config();
    let url = "{{ base_url }}/items/{{ item.id }}";
    let key = [("authorization", "Bearer {{ secret }}")];
    poll.detail = vec![request("GET", url, &key, None)];
    poll.check = Some(request("GET", "{{ base_url }}/me", &key, None));
    change(&mut poll);
    let mut mapping = mapping(&[
        (MapField::Take, "not hidden"),
        (MapField::Body, "{{ detail.body }}"),
        (MapField::Messages, "detail.notes"),
    ]);
    mapping.message = Some(MessageMapping {
        id: "{{ message.n }}".into(),
        by: "{% if message.who == check.me %}own{% elif message.who in owners %}team{% elif message.who %}requester{% endif %}".into(),
        at: "2026-11-21T09:00:{{ message.n }}Z".into(),
        text: "{{ message.text }}".into(),
    });
    let mut config = config(SourceKind::Poll(Box::new(poll)), mapping);
    config.base_url = server.uri();
    let contact = Contact {
        owners: vec!["aoki".to_owned()],
        ..Contact::default()
    };
    let desk = Desk {
        sources: sources(&config, contact, Duration::from_millis(500)),
        server,
        state: SourceState::default(),
    };
    desk.answers("/me", 200, json!({"me": "bot"})).await;
    desk
}

impl Desk {
    async fn answers(&self, at: &str, status: u16, body: Value) {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&self.server)
            .await;
    }

    /// The list holds items of these numbers.
    async fn lists(&self, items: impl IntoIterator<Item = u32>) {
        let item =
            |n: u32| json!({"id": n, "title": format!("件名{n}"), "at": format!("cursor {n}")});
        let items: Vec<Value> = items.into_iter().map(item).collect();
        let answer = json!({"items_found": items, "more": false});
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(method("GET"))
            .and(path("/items"))
            .respond_with(answer.insert_header("etag", "\"same\""))
            .mount(&self.server)
            .await;
    }

    async fn poll(&mut self) -> Page {
        let page = self
            .sources
            .poll(&id(), &self.state, at(NOW))
            .await
            .unwrap();
        self.state = page.state.clone();
        page
    }

    async fn asked(&self, about: &str) -> usize {
        let requests = self.server.received_requests().await.unwrap();
        let about = requests.iter().filter(|one| one.url.path() == about);
        about.count()
    }
}

/// Which items say that they lack something.
fn partial(page: &Page) -> Vec<bool> {
    let items = page.items.iter();
    items
        .map(|item| item.as_ref().unwrap().is_partial)
        .collect()
}

/// The bodies of a page's items; what came without its detail has none.
fn bodies(page: &Page) -> Vec<Option<&str>> {
    let items = page.items.iter();
    items
        .map(|item| item.as_ref().unwrap().body.as_deref())
        .collect()
}

#[tokio::test]
async fn a_detail_is_put_beside_its_item() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1, 2]).await;
    let notes = json!([
        {"n": 10, "who": "aoki", "text": "確認します"},
        {"n": 11, "who": "hanako", "text": "まだですか"},
        {"n": 12, "who": "bot", "text": "直りました\r\n"},
        {"n": 13, "who": "aoki", "text": ""},
        {"n": 14, "who": "", "text": "内緒"},
        {"n": 15, "text": "誰?"},
    ]);
    desk.answers("/items/1", 200, json!({"body": "本文1", "notes": notes}))
        .await;
    desk.answers("/items/2", 200, json!({"body": "本文2"}))
        .await;
    let page = desk.poll().await;
    assert_eq!(bodies(&page), [Some("本文1"), Some("本文2")]);
    let first = page.items[0].as_ref().unwrap();
    let heard = first.messages.iter();
    let heard: Vec<String> = heard
        .map(|message| {
            format!(
                "{:?} {} {}: {}",
                message.by, message.at, message.id, message.text
            )
        })
        .collect();
    assert_eq!(
        heard,
        [
            "Team 2026-11-21T09:00:10Z 10: 確認します",
            "Requester 2026-11-21T09:00:11Z 11: まだですか",
            "Own 2026-11-21T09:00:12Z 12: 直りました",
        ]
    );
    assert_eq!(first.odd, []);
    assert_eq!(desk.state.cursor.as_deref(), Some("cursor 2"));
}

#[tokio::test]
async fn the_list_is_asked_for_without_a_condition() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1]).await;
    desk.answers("/items/1", 200, json!({"body": "本文"})).await;
    for _ in 0..3 {
        desk.poll().await;
    }
    let requests = desk.server.received_requests().await.unwrap();
    assert!(
        requests
            .iter()
            .all(|one| !one.headers.contains_key("if-none-match"))
    );
    assert_eq!((desk.asked("/items/1").await, &desk.state.etag), (3, &None));
}

#[tokio::test]
async fn an_item_that_is_not_taken_has_its_detail_left_alone() {
    let mut desk = desk(|_| {}).await;
    let items = json!([{"id": 1, "title": "件名", "at": "c", "hidden": true}]);
    desk.answers("/items", 200, json!({"items_found": items, "more": false}))
        .await;
    assert_eq!(desk.poll().await.items, []);
    assert_eq!(desk.asked("/items/1").await, 0);
}

#[tokio::test]
async fn a_detail_that_never_comes_holds_up_nothing() {
    let gone = [(404, json!({})), (403, json!({})), (200, json!("\u{0}"))];
    for (status, answer) in gone {
        let mut desk = desk(|_| {}).await;
        desk.lists([1, 2]).await;
        desk.answers("/items/1", status, answer).await;
        desk.answers("/items/2", 200, json!({"body": "本文2"}))
            .await;
        let page = desk.poll().await;
        assert_eq!(bodies(&page), [None, Some("本文2")], "{status}");
        assert_eq!(partial(&page), [status != 200, false], "{status}");
        assert_eq!(desk.state.cursor.as_deref(), Some("cursor 2"));
    }
}

#[tokio::test]
async fn a_detail_that_may_yet_come_holds_the_cursor_and_no_item() {
    let mut desk = desk(|poll| poll.has_more = Some("true".to_owned())).await;
    desk.lists([1, 2]).await;
    Mock::given(path("/items/1"))
        .respond_with(ResponseTemplate::new(503).insert_header("retry-after", "120"))
        .up_to_n_times(1)
        .mount(&desk.server)
        .await;
    desk.answers("/items/1", 200, json!({"body": "本文1"}))
        .await;
    desk.answers("/items/2", 200, json!({"body": "本文2"}))
        .await;
    let page = desk.poll().await;
    assert_eq!(bodies(&page), [None, Some("本文2")]);
    assert_eq!(partial(&page), [true, false]);
    assert_eq!((page.has_more, &page.state.cursor), (false, &None));
    let said = page.state.last_error.unwrap();
    assert!(
        said.contains("details of 1 items: a detail answered 503"),
        "{said}"
    );
    // It is left alone for as long as it asked.
    let next = desk.sources.next_poll(&id(), &desk.state, at(NOW));
    assert_eq!(next, at("2026-11-21T10:02:00Z"));
    let page = desk.poll().await;
    assert_eq!(bodies(&page), [Some("本文1"), Some("本文2")]);
    assert_eq!(desk.state.cursor.as_deref(), Some("cursor 2"));
    assert_eq!(desk.state.last_error, None);
}

#[tokio::test]
async fn after_many_polls_an_item_goes_on_without() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1, 2]).await;
    desk.answers("/items/1", 500, json!({})).await;
    desk.answers("/items/2", 200, json!({"body": "本文2"}))
        .await;
    for _ in 1..TRIES {
        desk.poll().await;
        assert_eq!(desk.state.cursor, None);
    }
    let page = desk.poll().await;
    assert_eq!(bodies(&page), [None, Some("本文2")]);
    assert_eq!(desk.state.cursor.as_deref(), Some("cursor 2"));
}

#[tokio::test]
async fn a_source_that_is_ill_is_left_alone() {
    let mut desk = desk(|_| {}).await;
    desk.lists(1..=60).await;
    Mock::given(path_regex("^/items/"))
        .respond_with(ResponseTemplate::new(502))
        .mount(&desk.server)
        .await;
    let page = desk.poll().await;
    assert_eq!((page.items.len(), &desk.state.cursor), (60, &None));
    let requests = desk.server.received_requests().await.unwrap();
    let details = requests
        .iter()
        .filter(|one| one.url.path().starts_with("/items/"));
    let details = details.count();
    assert!(details < (ILL as usize) + AT_ONCE, "{details}");
}

#[tokio::test]
async fn what_cannot_be_read_without_its_detail_waits_for_it() {
    let server = desk(|_| {}).await.server;
    let mut poll = poll_config();
    poll.detail = vec![request(
        "GET",
        "{{ base_url }}/items/{{ item.id }}",
        &[],
        None,
    )];
    let mut mapping = mapping(&[]);
    mapping
        .fields
        .insert(MapField::Title, "{{ detail.title }}".into());
    let mut config = config(SourceKind::Poll(Box::new(poll)), mapping);
    config.base_url = server.uri();
    let mut desk = Desk {
        sources: sources(&config, Contact::default(), Duration::from_secs(2)),
        server,
        state: SourceState::default(),
    };
    desk.lists([1]).await;
    Mock::given(path("/items/1"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&desk.server)
        .await;
    assert_eq!(desk.poll().await.items, []);
    desk.answers("/items/1", 200, json!({"title": "件名"}))
        .await;
    assert_eq!(desk.poll().await.items[0].as_ref().unwrap().title, "件名");
}

#[tokio::test]
async fn details_that_fail_from_different_polls_on_are_given_up_together() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1, 2]).await;
    desk.answers("/items/1", 500, json!({})).await;
    let good = ResponseTemplate::new(200).set_body_json(json!({"body": "本文2"}));
    Mock::given(path("/items/2"))
        .respond_with(good)
        .up_to_n_times(3)
        .mount(&desk.server)
        .await;
    desk.answers("/items/2", 500, json!({})).await;
    for _ in 1..TRIES + 3 {
        desk.poll().await;
        assert_eq!(desk.state.cursor, None);
    }
    assert_eq!(bodies(&desk.poll().await), [None, None]);
    assert_eq!(desk.state.cursor.as_deref(), Some("cursor 2"));
    // What was given up is not asked for again.
    assert_eq!(desk.asked("/items/1").await, TRIES as usize);
    desk.poll().await;
    assert_eq!(desk.asked("/items/1").await, TRIES as usize);
    assert_eq!(desk.state.last_error, None);
}

#[tokio::test]
async fn many_details_that_fail_together_do_not_hold_the_cursor_for_ever() {
    let mut desk = desk(|_| {}).await;
    desk.lists(1..=7).await;
    Mock::given(path_regex("^/items/"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&desk.server)
        .await;
    let mut polls = 0;
    while desk.state.cursor.is_none() {
        desk.poll().await;
        polls += 1;
        // Each poll counts as many as it takes to call the source ill.
        assert!(polls <= TRIES * 7_u32.div_ceil(ILL), "{polls}");
    }
}

#[tokio::test]
async fn an_item_that_changes_has_its_detail_asked_for_again() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1]).await;
    desk.answers("/items/1", 500, json!({})).await;
    for _ in 0..TRIES {
        desk.poll().await;
    }
    assert_eq!(desk.state.cursor.as_deref(), Some("cursor 1"));
    desk.server.reset().await;
    desk.answers("/me", 200, json!({"me": "bot"})).await;
    desk.answers("/items/1", 200, json!({"body": "本文1"}))
        .await;
    let changed = json!([{"id": 1, "title": "別の件名", "at": "cursor 1"}]);
    desk.answers(
        "/items",
        200,
        json!({"items_found": changed, "more": false}),
    )
    .await;
    assert_eq!(bodies(&desk.poll().await), [Some("本文1")]);
}

#[tokio::test]
async fn a_spent_limit_holds_the_cursor_until_its_reset() {
    let mut desk = desk(|_| {}).await;
    desk.lists([1]).await;
    let spent = ResponseTemplate::new(403)
        .insert_header("date", "Sat, 21 Nov 2026 10:00:00 GMT")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "1795255800");
    Mock::given(path("/items/1"))
        .respond_with(spent)
        .mount(&desk.server)
        .await;
    desk.poll().await;
    assert_eq!(desk.state.cursor, None);
    assert_eq!(desk.state.rest_until, Some(at("2026-11-21T10:10:01Z")));
}
