#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::HookError;
use crate::app::source_config::{
    Encoding, Format, MapField, PollConfig, Schedule, SourceKind, Table,
};
use crate::sources::tests::{
    SECRET, at, config, id, mapping, nobody, poll_config, request, sources,
};
use crate::time::cron::Cron;
use crate::time::{SignedDuration, plus};
use serde_json::{Value, json};
use wiremock::matchers::{header, header_exists, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const NOW: &str = "2026-11-21T10:00:00Z";

/// A server, and a source that polls it.
struct Desk {
    server: MockServer,
    sources: Sources,
}

async fn desk(change: impl FnOnce(&mut PollConfig)) -> Desk {
    let server = MockServer::start().await;
    let mut poll = poll_config();
    change(&mut poll);
    let mut config = config(
        SourceKind::Poll(Box::new(poll)),
        mapping(&[(MapField::Take, "not hidden")]),
    );
    config.base_url = server.uri();
    let sources = sources(&config, Contact::default(), Duration::from_secs(2));
    Desk { server, sources }
}

impl Desk {
    async fn answers(self, answer: ResponseTemplate) -> Desk {
        Mock::given(method("GET"))
            .and(path("/items"))
            .respond_with(answer)
            .mount(&self.server)
            .await;
        self
    }

    async fn poll(&self, state: &SourceState) -> Result<Page, PollError> {
        self.sources.poll(&id(), state, at(NOW)).await
    }

    async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests
            .iter()
            .map(|request| request.url.query().unwrap_or_default().to_owned())
            .collect()
    }
}

fn found(items: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"items_found": items, "more": false}))
}

fn item(n: u32) -> Value {
    json!({"id": n, "title": format!("件名{n}"), "at": format!("2026-11-21T09:00:{n:02}Z")})
}

fn ids(page: &Page) -> Vec<&str> {
    page.items
        .iter()
        .map(|item| item.as_ref().map_or("?", |mapped| &mapped.external_id))
        .collect()
}

fn since(text: &str) -> SourceState {
    SourceState {
        since: Some(at(text)),
        ..SourceState::default()
    }
}

#[tokio::test]
async fn items_are_mapped_and_the_cursor_is_that_of_the_last() {
    let desk = desk(|_| {})
        .await
        .answers(found(json!([item(1), item(2)])))
        .await;
    let page = desk.poll(&since("2026-11-20T00:00:00.5Z")).await.unwrap();
    assert_eq!(ids(&page), ["1", "2"]);
    assert!(!page.has_more);
    let expected = SourceState {
        cursor: Some("2026-11-21T09:00:02Z".into()),
        last_ok_at: Some(at(NOW)),
        skew_ms: Some(0),
        ..since("2026-11-20T00:00:00.5Z")
    };
    assert_eq!(page.state, expected);
    desk.poll(&page.state).await.unwrap();
    assert_eq!(
        desk.asked().await,
        [
            "after=&since=2026-11-20T00:00:00Z",
            "after=2026-11-21T09%3A00%3A02Z&since=2026-11-20T00:00:00Z",
        ]
    );
}

#[tokio::test]
async fn the_secret_is_in_the_header_and_in_no_error() {
    let desk = desk(|_| {}).await;
    Mock::given(header("authorization", format!("Bearer {SECRET}").as_str()))
        .respond_with(ResponseTemplate::new(403))
        .expect(1)
        .mount(&desk.server)
        .await;
    let error = desk.poll(&SourceState::default()).await.unwrap_err();
    assert_eq!(error, unexpected(&id(), "it answered 403 Forbidden"));
    assert!(!format!("{:?}{error}", desk.sources).contains(SECRET));
}

#[tokio::test]
async fn an_item_that_is_no_inquiry_comes_beside_the_good_ones() {
    let items =
        json!([item(1), {"id": 2, "title": "", "at": "b"}, {"hidden": true, "at": "c"}, item(4)]);
    let desk = desk(|_| {}).await.answers(found(items)).await;
    let page = desk.poll(&SourceState::default()).await.unwrap();
    assert_eq!(ids(&page), ["1", "?", "4"]);
    let (raw, why) = page.items[1].as_ref().unwrap_err();
    assert_eq!(
        serde_json::from_str::<Value>(raw).unwrap(),
        json!({"id": 2, "title": "", "at": "b"})
    );
    assert_eq!(
        *why,
        HookError::Unmappable {
            field: "title".into(),
            why: crate::app::ports::Unfit::Blank
        }
    );
}

#[tokio::test]
async fn pages_follow_the_cursor_until_there_is_no_more() {
    let desk = desk(|_| {}).await;
    for (after, items, more) in [("", [1, 2], true), ("2026-11-21T09:00:02Z", [3, 4], false)] {
        let answer = json!({"items_found": items.map(item), "more": more});
        Mock::given(query_param("after", after))
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .expect(1)
            .mount(&desk.server)
            .await;
    }
    let first = desk.poll(&SourceState::default()).await.unwrap();
    assert!(first.has_more);
    let second = desk.poll(&first.state).await.unwrap();
    assert_eq!((ids(&second), second.has_more), (vec!["3", "4"], false));
}

/// A round of pages that a token names; the server knows no token.
async fn forgetful(status: u16) -> Desk {
    let desk = desk(|poll| poll.restart = Some("{{ (cursor | split('~', 1))[0] }}".into())).await;
    Mock::given(query_param("after", "2026-11-21T09:00:00Z"))
        .respond_with(found(json!([item(1)])))
        .mount(&desk.server)
        .await;
    Mock::given(query_param("after", "2026-11-21T09:00:00Z~old"))
        .respond_with(ResponseTemplate::new(status))
        .mount(&desk.server)
        .await;
    desk
}

fn at_cursor(cursor: &str) -> SourceState {
    SourceState {
        cursor: Some(cursor.into()),
        ..SourceState::default()
    }
}

#[tokio::test]
async fn a_round_whose_next_page_is_gone_begins_anew_once() {
    for status in [400, 404, 410, 422] {
        let desk = forgetful(status).await;
        let state = at_cursor("2026-11-21T09:00:00Z~old");
        let page = desk.poll(&state).await.unwrap();
        assert_eq!(page.state.cursor.as_deref(), Some("2026-11-21T09:00:00Z"));
        assert!((page.items.is_empty(), page.has_more, page.complete) == (true, true, None));
        let why = page.state.last_error.clone().unwrap();
        assert!(
            why.contains("begins anew") && why.contains(&status.to_string()),
            "{why}"
        );
        let page = desk.poll(&page.state).await.unwrap();
        assert_eq!(
            (ids(&page), page.state.last_error.as_deref()),
            (vec!["1"], None)
        );
        // On the way it is a failure: so one poll begins anew at most once.
        let further = SourceState {
            is_further_page: true,
            ..state
        };
        assert!(desk.poll(&further).await.is_err());
    }
}

#[tokio::test]
async fn what_fails_for_another_reason_does_not_begin_anew() {
    for (status, cursor) in [
        (401, "2026-11-21T09:00:00Z~old"),
        (403, "2026-11-21T09:00:00Z~old"),
        (503, "2026-11-21T09:00:00Z~old"),
        // It is the same question, so it is wrong in itself.
        (400, "gone"),
    ] {
        let desk = forgetful(status).await;
        Mock::given(query_param("after", "gone"))
            .respond_with(ResponseTemplate::new(status))
            .mount(&desk.server)
            .await;
        assert!(desk.poll(&at_cursor(cursor)).await.is_err(), "{status}");
    }
    // A round that began before there was a cursor begins without one.
    let desk = desk(|poll| poll.restart = Some("{{ (cursor | split('~', 1))[0] }}".into()))
        .await
        .answers(ResponseTemplate::new(400))
        .await;
    let page = desk.poll(&at_cursor("~old")).await.unwrap();
    assert_eq!(page.state.cursor, None);
}

#[tokio::test]
async fn an_empty_answer_leaves_the_cursor_where_it_is() {
    let state = SourceState {
        cursor: Some("c".into()),
        failures: 3,
        last_error: Some("x".into()),
        ..SourceState::default()
    };
    for answer in [found(json!([])), ResponseTemplate::new(204)] {
        let desk = desk(|_| {}).await.answers(answer).await;
        let mut page = desk.poll(&state).await.unwrap();
        page.state.skew_ms = None;
        assert_eq!(page.items, []);
        let expected = SourceState {
            cursor: Some("c".into()),
            last_ok_at: Some(at(NOW)),
            ..SourceState::default()
        };
        assert_eq!(page.state, expected, "and failures are forgotten");
    }
}

#[tokio::test]
async fn not_modified_is_nothing_new() {
    let desk = desk(|_| {}).await;
    let not_modified = |name: &'static str, value: &'static str| {
        Mock::given(header(name, value))
            .respond_with(ResponseTemplate::new(304))
            .with_priority(1)
    };
    not_modified("if-none-match", "W/\"abc\"")
        .mount(&desk.server)
        .await;
    let answer = found(json!([]))
        .insert_header("etag", "W/\"abc\"")
        .insert_header("last-modified", "Sat, 21 Nov 2026 09:00:00 GMT");
    let desk = desk.answers(answer).await;
    let first = desk.poll(&SourceState::default()).await.unwrap();
    assert_eq!(first.state.etag.as_deref(), Some("W/\"abc\""));
    let second = desk.poll(&first.state).await.unwrap();
    assert_eq!(second.items, []);
    assert_eq!(second.state, first.state);
    let requests = desk.server.received_requests().await.unwrap();
    assert_eq!(
        requests[1].headers["if-modified-since"],
        "Sat, 21 Nov 2026 09:00:00 GMT"
    );
}

#[tokio::test]
async fn a_condition_is_forgotten_when_the_cursor_moves() {
    let answer = found(json!([item(1)])).insert_header("etag", "\"abc\"");
    let desk = desk(|_| {}).await.answers(answer).await;
    let first = desk.poll(&SourceState::default()).await.unwrap();
    assert_eq!(first.state.etag, None, "the next question is another one");
    let second = desk.poll(&first.state).await.unwrap();
    assert_eq!(
        second.state.etag.as_deref(),
        Some("\"abc\""),
        "now it stays"
    );
}

#[tokio::test]
async fn not_modified_without_a_condition_is_unexpected() {
    let desk = desk(|_| {}).await.answers(ResponseTemplate::new(304)).await;
    assert!(matches!(
        desk.poll(&SourceState::default()).await,
        Err(PollError::Unexpected { .. })
    ));
}

/// What an answer that brings nothing is called.
async fn check(answer: ResponseTemplate, expected: &str) {
    let desk = desk(|_| {}).await.answers(answer).await;
    let error = desk
        .poll(&SourceState::default())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(expected),
        "{error:?} does not say {expected:?}"
    );
}

#[tokio::test]
async fn answers_that_are_no_items_are_named() {
    let body = |text: &str| ResponseTemplate::new(200).set_body_string(text);
    check(
        body("<html>login</html>"),
        "cannot be read: expected value (line 1, column 1)",
    )
    .await;
    check(body("{}"), "its items: `items_found` has no value").await;
    check(
        body(r#"{"items_found": {"a": 1}}"#),
        "its items: the result is a map where a list is needed",
    )
    .await;
    check(body("\"x\""), "its items:").await;
    check(
        ResponseTemplate::new(200).set_body_bytes(b"\x8f\xe1"),
        "not UTF-8",
    )
    .await;
    check(body(&"[".repeat(1000)), "100 levels").await;
    check(
        ResponseTemplate::new(302).insert_header("location", "/login"),
        "it answered 302 Found",
    )
    .await;
    check(ResponseTemplate::new(404), "it answered 404 Not Found").await;
    check(
        ResponseTemplate::new(500),
        "did not answer: it answered 500",
    )
    .await;
    check(
        body(&" ".repeat(ANSWER_CAP + 1)),
        "larger than 8388608 bytes",
    )
    .await;
    check(
        found(json!([])).set_delay(Duration::from_secs(5)),
        "did not answer: no answer in time",
    )
    .await;
}

#[tokio::test]
async fn a_server_that_recovers_is_read_again() {
    let desk = desk(|_| {}).await;
    Mock::given(path("/items"))
        .respond_with(ResponseTemplate::new(500))
        .up_to_n_times(1)
        .mount(&desk.server)
        .await;
    let desk = desk.answers(found(json!([item(1)]))).await;
    assert!(desk.poll(&SourceState::default()).await.is_err());
    assert_eq!(
        ids(&desk.poll(&SourceState::default()).await.unwrap()),
        ["1"]
    );
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let gone = desk(|poll| poll.request.url = nobody()).await;
    assert!(matches!(
        gone.poll(&SourceState::default()).await,
        Err(PollError::Unavailable { .. })
    ));
    let bad = desk(|poll| poll.request.url = "items".into()).await;
    assert!(matches!(
        bad.poll(&SourceState::default()).await,
        Err(PollError::Unexpected { .. })
    ));
}

#[tokio::test]
async fn retry_after_is_kept_to_in_seconds_and_as_a_date() {
    for (text, rest) in [
        ("120", 120),
        ("Sat, 21 Nov 2026 10:05:00 GMT", 300),
        ("999999", 3600),
        ("soon", 0),
    ] {
        let answer = ResponseTemplate::new(429).insert_header("retry-after", text);
        let desk = desk(|_| {}).await.answers(answer).await;
        let state = SourceState {
            failures: 1,
            ..SourceState::default()
        };
        let error = desk.poll(&state).await.unwrap_err();
        let PollError::Unavailable { retry_after, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(
            retry_after,
            (rest > 0).then(|| Duration::from_secs(rest)),
            "{text}"
        );
        let state = SourceState {
            rest_until: retry_after.map(|rest| plus(at(NOW), rest.try_into().unwrap())),
            ..state
        };
        let next = desk.sources.next_poll(&id(), &state, at(NOW));
        assert!(
            next >= plus(at(NOW), SignedDuration::from_secs(rest.max(30) as i64)),
            "{text}: {next}"
        );
    }
}

#[tokio::test]
async fn a_limit_that_is_spent_asks_for_a_rest_until_its_reset() {
    for (status, remaining, reset, rest) in [
        (403, "0", "1795255800", Some(601)),
        (429, "0", "1795255800", Some(601)),
        (403, "0", "1795255200", Some(1)),
        (403, "0", "1796255800", Some(3600)),
        (403, "0", "soon", None),
        // Here something else is wrong, or asked too fast.
        (429, "12", "1795255800", None),
    ] {
        let answer = ResponseTemplate::new(status)
            .insert_header("date", "Sat, 21 Nov 2026 10:00:00 GMT")
            .insert_header("x-ratelimit-remaining", remaining)
            .insert_header("x-ratelimit-reset", reset);
        let desk = desk(|_| {}).await.answers(answer).await;
        let error = desk.poll(&SourceState::default()).await.unwrap_err();
        let PollError::Unavailable { retry_after, .. } = error else {
            panic!("{status}: {error}")
        };
        assert_eq!(
            retry_after,
            rest.map(Duration::from_secs),
            "{status} {reset}"
        );
    }
}

#[tokio::test]
async fn a_stamp_of_the_future_does_not_become_the_cursor() {
    let dated = |answer: Value| {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        answer.insert_header("date", "Sat, 21 Nov 2026 10:00:00 GMT")
    };
    let ahead = |at: &str| json!({"id": 9, "title": "明日", "at": at});
    let page = async |items: Value, more: bool| {
        let answer = dated(json!({"items_found": items, "more": more}));
        let desk = desk(|_| {}).await.answers(answer).await;
        let state = at_cursor("2026-11-21T08:00:00Z");
        desk.poll(&state).await.unwrap()
    };
    let tomorrow = ahead("2026-11-22T09:00:00Z");
    let ended = page(json!([item(1), tomorrow]), false).await;
    assert_eq!(ids(&ended), ["1", "9"]);
    assert_eq!(ended.state.cursor.as_deref(), Some("2026-11-21T09:55:00Z"));
    assert_eq!(ended.state.last_error, None);
    // Before the round has ended it leads to the next page.
    let on_the_way = page(json!([item(1), tomorrow]), true).await;
    assert_eq!(
        on_the_way.state.cursor.as_deref(),
        Some("2026-11-22T09:00:00Z")
    );
    // Where it cannot be written earlier, the cursor stays, and it is said why.
    let stuck = page(json!([item(1), ahead("2026/11/23 09:00:00")]), false).await;
    assert_eq!(stuck.state.cursor.as_deref(), Some("2026/11/23 09:00:00"));
    let stuck = page(json!([item(1), ahead("2026-11-23 09:00:00")]), false).await;
    assert_eq!(ids(&stuck), ["1", "9"]);
    assert_eq!(stuck.state.cursor.as_deref(), Some("2026-11-21T08:00:00Z"));
    let said = stuck.state.last_error.unwrap();
    assert!(said.contains("is of the future"), "{said}");
}

/// Whether the second of two polls of a list that carries a condition sends it, after this was changed between them.
async fn is_conditional(
    change: impl FnOnce(&mut crate::app::source_config::SourceConfig, &mut SourceState),
) -> bool {
    let server = MockServer::start().await;
    let answer = found(json!([]))
        .insert_header("etag", "\"abc\"")
        .insert_header("last-modified", "Sat, 21 Nov 2026 09:00:00 GMT");
    Mock::given(method("GET"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let kind = SourceKind::Poll(Box::new(poll_config()));
    let mut config = config(kind, mapping(&[(MapField::Take, "not hidden")]));
    config.base_url = server.uri();
    let first = sources(&config, Contact::default(), Duration::from_secs(2));
    let state = SourceState::default();
    let mut state = first.poll(&id(), &state, at(NOW)).await.unwrap().state;
    change(&mut config, &mut state);
    let second = sources(&config, Contact::default(), Duration::from_secs(2));
    second.poll(&id(), &state, at(NOW)).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let headers = &requests[1].headers;
    assert_eq!(
        headers.contains_key("if-none-match"),
        headers.contains_key("if-modified-since")
    );
    headers.contains_key("if-none-match")
}

#[tokio::test]
async fn a_condition_goes_with_the_same_question_only() {
    assert!(is_conditional(|_, _| {}).await);
    let polled = |config: &mut crate::app::source_config::SourceConfig,
                  change: fn(&mut PollConfig)| {
        let SourceKind::Poll(poll) = &mut config.kind else {
            unreachable!("it is polled")
        };
        change(poll);
    };
    let changed = [
        is_conditional(|config, _| {
            polled(config, |poll| poll.request.url.push_str("&list=b"));
        })
        .await,
        is_conditional(|config, _| {
            polled(config, |poll| poll.request.body = Some("list b".into()));
        })
        .await,
        is_conditional(|config, _| {
            config.mapping.fields.insert(MapField::Take, "true".into());
        })
        .await,
        is_conditional(|_, state| state.cursor = Some("elsewhere".into())).await,
        is_conditional(|_, state| state.ground = "another team".into()).await,
        // An earlier build did not keep what it had asked.
        is_conditional(|_, state| state.asked = None).await,
    ];
    assert_eq!(changed, [false; 6]);
}

#[tokio::test]
async fn where_a_round_has_not_ended_there_is_no_condition() {
    let answer = |more: bool| {
        let answer = json!({"items_found": [item(1)], "more": more});
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        answer.insert_header("etag", "\"abc\"")
    };
    // A mistake that stands is not cleared by "not modified".
    let mistaken = desk(|poll| poll.cursor = Some("{{ last.changed }}".into()))
        .await
        .answers(answer(false))
        .await;
    let page = mistaken.poll(&SourceState::default()).await.unwrap();
    assert!(page.state.last_error.is_some());
    assert_eq!((page.state.etag, page.state.asked), (None, None));
    // Nor is the page behind one that reaches back to the cursor hidden.
    let reaching = desk(|poll| poll.overlap = Some(SignedDuration::from_mins(2)))
        .await
        .answers(answer(true))
        .await;
    let state = at_cursor("2026-11-21T09:00:01Z");
    let page = reaching.poll(&state).await.unwrap();
    assert!(page.has_more && page.state.cursor == state.cursor);
    assert_eq!(page.state.etag, None);
}

#[tokio::test]
async fn a_mistake_in_the_cursor_does_not_lose_the_items() {
    let broken = |text: &str| {
        let text = text.to_owned();
        move |poll: &mut PollConfig| poll.cursor = Some(text)
    };
    let state = SourceState {
        cursor: Some("c".into()),
        ..SourceState::default()
    };
    for (text, why) in [
        ("{{ last.changed }}", "cursor: "),
        ("{{ last.at | date('Mars') }}", "no time zone"),
        (
            "{% for i in items %}{{ i.at }}{{ i.at }}{{ i.at }}{{ i.at }}{% endfor %}",
            "longer than 4096",
        ),
    ] {
        let items: Vec<Value> = (1..60).map(item).collect();
        let desk = desk(broken(text)).await.answers(found(json!(items))).await;
        let page = desk.poll(&state).await.unwrap();
        assert_eq!(
            (
                page.items.len(),
                page.state.cursor.as_deref(),
                page.has_more
            ),
            (59, Some("c"), false)
        );
        let said = page.state.last_error.unwrap();
        assert!(said.contains(why), "{said}");
    }
}

#[tokio::test]
async fn a_cursor_that_stays_ends_the_pages() {
    let answer = json!({"items_found": [item(1)], "more": true});
    let desk = desk(|_| {})
        .await
        .answers(ResponseTemplate::new(200).set_body_json(answer))
        .await;
    let first = desk.poll(&SourceState::default()).await.unwrap();
    assert!(first.has_more);
    let second = desk.poll(&first.state).await.unwrap();
    assert_eq!((second.items.len(), second.has_more), (1, false));
    assert_eq!(
        second.state.last_error.as_deref(),
        Some("another page waits, but the cursor does not move")
    );
}

#[tokio::test]
async fn an_answer_that_is_a_list_is_called_answer() {
    let answer = ResponseTemplate::new(200).set_body_json(json!([item(1)]));
    let desk = desk(|poll| poll.items = "answer".into())
        .await
        .answers(answer)
        .await;
    assert_eq!(
        ids(&desk.poll(&SourceState::default()).await.unwrap()),
        ["1"]
    );
}

#[tokio::test]
async fn a_request_may_be_a_post_with_a_body() {
    let desk = desk(|poll| {
        let body = r#"{"after": {{ cursor | tojson }}}"#;
        poll.request = request(
            "POST",
            "{{ base_url }}/search",
            &[("content-type", "application/json")],
            Some(body),
        );
    })
    .await;
    Mock::given(method("POST"))
        .and(path("/search"))
        .and(wiremock::matchers::body_json(json!({"after": "c\"1"})))
        .respond_with(found(json!([item(1)])))
        .mount(&desk.server)
        .await;
    let state = SourceState {
        cursor: Some("c\"1".into()),
        ..SourceState::default()
    };
    assert_eq!(ids(&desk.poll(&state).await.unwrap()), ["1"]);
}

#[tokio::test]
async fn nothing_is_fetched_until_the_check_is_passed() {
    let desk = desk(|poll| {
        poll.check = Some(request(
            "GET",
            "{{ base_url }}/me",
            &[("x-key", "{{ secret }}")],
            None,
        ))
    })
    .await;
    Mock::given(path("/me"))
        .and(header_exists("x-key"))
        .respond_with(ResponseTemplate::new(401))
        .up_to_n_times(1)
        .mount(&desk.server)
        .await;
    Mock::given(path("/me"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&desk.server)
        .await;
    let desk = desk.answers(found(json!([item(1)]))).await;
    let error = desk.poll(&SourceState::default()).await.unwrap_err();
    assert_eq!(
        error,
        unexpected(&id(), "the check answered 401 Unauthorized")
    );
    assert_eq!(desk.asked().await.len(), 1, "the items were not asked for");
    assert_eq!(
        ids(&desk.poll(&SourceState::default()).await.unwrap()),
        ["1"]
    );
}

#[tokio::test]
async fn trying_out_says_what_is_wrong_in_sentences() {
    let good = desk(|_| {}).await.answers(found(json!([item(1)]))).await;
    assert_eq!(
        good.sources.connect_check(&id(), at(NOW)).await,
        Vec::<String>::new()
    );
    let bad = desk(|_| {})
        .await
        .answers(found(json!([{"id": 1, "at": "x"}])))
        .await;
    let said = bad.sources.connect_check(&id(), at(NOW)).await;
    assert!(
        said.len() == 1
            && said[0].starts_with("source \"tracker\": an item is no inquiry: field \"title\""),
        "{said:?}"
    );
    let gone = desk(|_| {}).await.answers(ResponseTemplate::new(401)).await;
    let said = gone.sources.connect_check(&id(), at(NOW)).await;
    assert_eq!(
        said,
        ["source \"tracker\" cannot be read: it answered 401 Unauthorized"]
    );
}

fn next(schedule: Schedule, failures: u32, now: &str) -> SignedDuration {
    let rhythm = Rhythm::new(&schedule).unwrap();
    let state = SourceState {
        failures,
        ..SourceState::default()
    };
    rhythm.next(&id(), &state, at(now)).duration_since(at(now))
}

fn every(seconds: i64) -> Schedule {
    Schedule::Every(SignedDuration::from_secs(seconds))
}

#[test]
fn without_failures_the_schedule_rules() {
    assert_eq!(next(every(60), 0, NOW), SignedDuration::from_secs(60));
    let weekdays = || Schedule::Cron {
        cron: Cron::parse("30 9 * * 1-5").unwrap(),
        zone: "Asia/Tokyo".into(),
    };
    // Saturday 19:00 in Tokyo; Monday 9:30 there.
    assert_eq!(
        next(weekdays(), 0, NOW),
        SignedDuration::from_mins(38 * 60 + 30)
    );
}

#[test]
fn failures_wait_longer_and_longer_up_to_a_limit() {
    for (failures, from, to) in [
        (1, 30, 60),
        (2, 60, 120),
        (3, 120, 240),
        (5, 450, 900),
        (50, 450, 900),
        (u32::MAX, 450, 900),
    ] {
        let wait = next(every(60), failures, NOW).as_secs();
        assert!(
            (from..=to).contains(&wait),
            "after {failures} failures {wait} s"
        );
    }
    assert!(
        next(every(5), 1, NOW).as_secs() < 11,
        "a quick source is tried again quickly"
    );
    assert!(
        next(every(7200), 30, NOW).as_secs() >= 3600,
        "a slow source is not asked more often"
    );
    let nightly = || Schedule::Cron {
        cron: Cron::parse("0 3 * * *").unwrap(),
        zone: "UTC".into(),
    };
    assert!(
        next(nightly(), 1, NOW).as_secs() <= 60,
        "a failed night is tried again at once"
    );
    assert!(
        next(nightly(), 30, "2026-11-21T02:59:59Z").as_secs() == 1,
        "the planned time is kept"
    );
}

#[test]
fn the_part_left_to_chance_differs_between_instants() {
    let waits: std::collections::BTreeSet<_> = (0..20)
        .map(|n| next(every(60), 4, &format!("2026-11-21T10:00:{n:02}Z")))
        .collect();
    assert!(waits.len() > 10, "{waits:?}");
}

/// A source that answers a table, as some systems of Japan export it.
async fn table(change: impl FnOnce(&mut PollConfig), body: &[u8]) -> Desk {
    desk(|poll| {
        poll.format = Format::Csv(Table {
            encoding: Encoding::Auto,
            delimiter: b',',
        });
        poll.items = "rows".into();
        poll.cursor = None;
        poll.has_more = None;
        poll.mapping = Some(mapping(&[
            (MapField::ExternalId, "{{ row['レコード ID'] }}"),
            (MapField::Title, "{{ 件名 | trim }}"),
        ]));
        change(poll);
    })
    .await
    .answers(ResponseTemplate::new(200).set_body_bytes(body))
    .await
}

#[tokio::test]
async fn rows_of_a_table_are_items() {
    let text = "レコード ID,件名\r\n41,㈱髙島様 ①表示\r\n42,\"二行の\r\n件名\"\r\n";
    let (body, _, _) = encoding_rs::SHIFT_JIS.encode(text);
    let desk = table(|_| {}, &body).await;
    let page = desk.poll(&SourceState::default()).await.unwrap();
    let titles = |page: &Page| -> Vec<String> {
        let items = page.items.iter();
        items
            .map(|item| item.as_ref().unwrap().title.clone())
            .collect()
    };
    assert_eq!(ids(&page), ["41", "42"]);
    assert_eq!(titles(&page), ["㈱髙島様 ①表示", "二行の 件名"]);
}

#[tokio::test]
async fn a_row_without_its_id_is_kept_beside_the_others() {
    let body = "レコード ID,件名\n,名無し\n43,良い\n".as_bytes();
    let page = table(|_| {}, body)
        .await
        .poll(&SourceState::default())
        .await;
    let page = page.unwrap();
    let (raw, why) = page.items[0].as_ref().unwrap_err();
    assert_eq!(raw, r#"{"レコード ID":"","件名":"名無し"}"#);
    assert!(why.to_string().contains("external_id"), "{why}");
    assert_eq!(page.items[1].as_ref().unwrap().external_id, "43");
}

#[tokio::test]
async fn an_error_instead_of_a_table_is_no_empty_table() {
    let body = r#"{"status":"error","code":"40102","errors":{"msg":"トークンが正しくありません"}}"#;
    let desk = table(|_| {}, body.as_bytes()).await;
    let error = desk.poll(&SourceState::default()).await.unwrap_err();
    let expected = format!("it answered JSON instead of CSV: {body}");
    assert!(error.to_string().ends_with(&expected), "{error}");
}

#[tokio::test]
async fn a_page_or_another_table_is_no_table_of_ours() {
    let lines = "<li>ようこそ</li>\n".repeat(45);
    let pages = [
        "<!DOCTYPE html><html><title>ログイン</title></html>".to_owned(),
        format!("\u{feff}\r\n<HTML>\n<body>\n{lines}"),
    ];
    let lacks = "its table lacks what";
    let others = [
        (
            "メンテナンス中です",
            "external_id is made of: row['レコード ID']",
        ),
        (
            "番号,件名\n1,x\n",
            "finds no \"レコード ID\"; there is 件名, 番号",
        ),
        (
            "レコード ID,題名\n1,x\n",
            "title is made of: 件名 gives nothing; there is レコード ID, 題名",
        ),
    ];
    let pages = pages.map(|page| (page, "it answered a page (HTML) instead of CSV: ", "<"));
    let others = others.map(|(body, why)| (body.to_owned(), lacks, why));
    for (body, first, then) in pages.into_iter().chain(others) {
        for complete in [None, Some(1)] {
            let body = body.as_bytes();
            let desk = table(|poll| poll.complete = complete, body).await;
            let said = desk.poll(&SourceState::default()).await.unwrap_err();
            let said = said.to_string();
            assert!(said.contains(first) && said.contains(then), "{said}");
        }
    }
}

#[tokio::test]
async fn a_table_without_rows_is_one_and_nothing_at_all_is_not_everything() {
    let page = |complete, body: &'static str| async move {
        let desk = table(|poll| poll.complete = complete, body.as_bytes()).await;
        desk.poll(&SourceState::default()).await
    };
    let headings = "レコード ID,件名\r\n";
    assert_eq!(page(Some(1), headings).await.unwrap().items, []);
    assert_eq!(page(None, "").await.unwrap().items, []);
    let said = page(Some(1), "\r\n").await.unwrap_err().to_string();
    assert!(said.contains("not even the headings"), "{said}");
    // A first heading in pointed brackets is none of a page.
    let desk = table(|_| {}, "<No>,レコード ID,件名\n9,7,x\n".as_bytes()).await;
    assert_eq!(
        ids(&desk.poll(&SourceState::default()).await.unwrap()),
        ["7"]
    );
}

#[tokio::test]
async fn a_table_of_words_in_a_text_refuses_no_empty_table() {
    let title = [
        (MapField::ExternalId, "{{ row['id'] }}"),
        (MapField::Title, "{{ {'a': '甲'}[row.kind] }}"),
    ];
    let desk = table(|poll| poll.mapping = Some(mapping(&title)), b"id,kind\n").await;
    assert!(desk.poll(&SourceState::default()).await.is_ok());
}

#[tokio::test]
async fn a_part_of_a_cell_is_asked_of_rows_and_of_no_blank_one() {
    let parts = [
        (MapField::ExternalId, "{{ (row['id'] | split('-'))[1] }}"),
        (MapField::Title, "{{ row['words'][0] }}"),
    ];
    for (body, expected) in [
        ("id,words\nPRJ-7,x\n", Some(vec!["7"])),
        ("id,words\n", Some(vec![])),
    ] {
        let desk = table(|poll| poll.mapping = Some(mapping(&parts)), body.as_bytes()).await;
        let page = desk.poll(&SourceState::default()).await.ok();
        assert_eq!(page.as_ref().map(ids), expected, "{body}");
    }
}

#[tokio::test]
async fn who_answers_200_to_everything_is_asked_whether_it_is_good() {
    for (body, expected) in [
        (
            json!({"ok": true, "items_found": [item(1)], "more": false}),
            Ok(1),
        ),
        (
            json!({"ok": false, "why": "expired"}),
            Err("it is not good: it answered that it failed: {\"ok\":false,\"why\":\"expired\"}"),
        ),
        (
            json!({"items_found": []}),
            Err("it is not good: good_when: "),
        ),
    ] {
        let desk = desk(|poll| poll.request.good_when = Some("ok".into()))
            .await
            .answers(ResponseTemplate::new(200).set_body_json(body))
            .await;
        let polled = desk.poll(&SourceState::default()).await;
        match expected {
            Ok(count) => assert_eq!(polled.unwrap().items.len(), count),
            Err(why) => {
                let said = polled.unwrap_err().to_string();
                assert!(said.contains(why), "{said}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_quoted_and_cut() {
    let long = format!("{{\"why\":\"{}\"}}", "長い".repeat(400));
    let desk = desk(|_| {})
        .await
        .answers(ResponseTemplate::new(403).set_body_string(long))
        .await;
    let said = desk.poll(&SourceState::default()).await.unwrap_err();
    let said = said.to_string();
    assert!(
        said.contains("it answered 403 Forbidden: {\"why\":\"長い"),
        "{said}"
    );
    assert!(said.chars().count() < 300, "{said}");
}

#[tokio::test]
async fn a_detail_is_judged_too() {
    let desk = desk(|poll| {
        let url = "{{ base_url }}/detail/{{ item.id }}";
        let mut detail = request("GET", url, &[], None);
        detail.good_when = Some("status == 'ok'".into());
        poll.detail = vec![detail];
        poll.mapping = Some(mapping(&[(MapField::Body, "{{ detail.said }}")]));
    })
    .await
    .answers(found(json!([item(1), item(2)])))
    .await;
    for (id, status) in [("1", "ok"), ("2", "failed")] {
        let body = json!({ "status": status, "said": "本文" });
        Mock::given(path(format!("/detail/{id}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&desk.server)
            .await;
    }
    let page = desk.poll(&SourceState::default()).await.unwrap();
    let bodies = page
        .items
        .iter()
        .map(|item| item.as_ref().unwrap().body.as_deref());
    assert_eq!(bodies.collect::<Vec<_>>(), [Some("本文"), None]);
}

#[tokio::test]
async fn a_refusal_that_repeats_the_secret_does_not_show_it() {
    let echoed = format!("no such key: {SECRET}");
    let desk = desk(|_| {})
        .await
        .answers(ResponseTemplate::new(403).set_body_string(echoed))
        .await;
    let said = desk.poll(&SourceState::default()).await.unwrap_err();
    let said = said.to_string();
    assert!(said.ends_with("403 Forbidden: no such key: …"), "{said}");
}

/// A source that reaches two minutes back.
async fn reaching_back() -> Desk {
    desk(|poll| {
        poll.overlap = Some(SignedDuration::from_mins(2));
        poll.request.url =
            "{{ base_url }}/items?from={{ from | urlencode }}&after={{ cursor }}".into();
    })
    .await
}

#[tokio::test]
async fn the_first_page_of_a_poll_reaches_back_and_the_others_do_not() {
    let desk = reaching_back().await.answers(found(json!([item(1)]))).await;
    let state = |cursor: &str, is_further_page: bool| SourceState {
        cursor: Some(cursor.into()),
        is_further_page,
        ..since("2026-11-20T00:00:00Z")
    };
    desk.poll(&since("2026-11-20T00:00:00Z")).await.unwrap();
    desk.poll(&state("2026-11-21T09:00:01Z", false))
        .await
        .unwrap();
    desk.poll(&state("2026-11-21T09:00:01Z", true))
        .await
        .unwrap();
    desk.poll(&state("1763715601", false)).await.unwrap();
    desk.poll(&state("1763715601000", false)).await.unwrap();
    desk.poll(&state("page-7", false)).await.unwrap();
    assert_eq!(
        desk.asked().await,
        [
            "from=2026-11-20T00%3A00%3A00Z&after=",
            "from=2026-11-21T08%3A58%3A01Z&after=2026-11-21T09:00:01Z",
            "from=2026-11-21T09%3A00%3A01Z&after=2026-11-21T09:00:01Z",
            "from=1763715481&after=1763715601",
            "from=1763715481000&after=1763715601000",
            "from=page-7&after=page-7",
        ]
    );
}

#[tokio::test]
async fn a_first_page_that_ends_at_the_cursor_goes_on_from_it() {
    let answer = json!({"items_found": [item(1)], "more": true});
    let desk = reaching_back()
        .await
        .answers(ResponseTemplate::new(200).set_body_json(answer))
        .await;
    let state = SourceState {
        cursor: Some("2026-11-21T09:00:01Z".into()),
        ..SourceState::default()
    };
    let first = desk.poll(&state).await.unwrap();
    assert!(first.has_more && first.state.last_error.is_none());
    let further = SourceState {
        is_further_page: true,
        ..first.state
    };
    let second = desk.poll(&further).await.unwrap();
    assert!(!second.has_more, "the same again is no progress");
    assert!(second.state.last_error.unwrap().contains("does not move"));
}

/// The skew in whole minutes that a page tells whose server wrote this date.
async fn skew_of(minutes_off: i64, age: Option<&str>) -> i64 {
    let now = crate::clock::SystemClock.now();
    let date = plus(now, SignedDuration::from_mins(minutes_off));
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&date)
        .unwrap();
    let mut answer = found(json!([item(1)])).insert_header("date", date.as_str());
    if let Some(age) = age {
        answer = answer.insert_header("age", age);
    }
    let desk = desk(|_| {}).await.answers(answer).await;
    let state = desk.poll(&SourceState::default()).await.unwrap().state;
    (state.skew_ms.unwrap() as f64 / 60_000.0).round() as i64
}

#[tokio::test]
async fn the_clock_over_there_is_read_from_the_date_of_the_answer() {
    assert_eq!(skew_of(0, None).await, 0);
    assert_eq!(skew_of(10, None).await, 10);
    assert_eq!(skew_of(-10, None).await, -10);
    // Out of a cache: it was written ten minutes ago.
    assert_eq!(skew_of(-10, Some("600")).await, 0);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_kept_with_what_stood_beside_it() {
    use crate::app::ports::Hooks as _;
    let csv = |poll: &mut PollConfig| {
        poll.items = "rows".into();
        poll.cursor = None;
        poll.has_more = None;
        poll.format = Format::Csv(Table {
            encoding: Encoding::Auto,
            delimiter: b',',
        });
    };
    let table = "id,title\r\n7,\r\n";
    let mut poll = poll_config();
    csv(&mut poll);
    let server = MockServer::start().await;
    let texts = mapping(&[(MapField::Body, "{{ row['id'] }}")]);
    let mut config = config(SourceKind::Poll(Box::new(poll)), texts);
    config.base_url = server.uri();
    let sources = sources(&config, Contact::default(), Duration::from_secs(2));
    let desk = Desk { server, sources }
        .answers(ResponseTemplate::new(200).set_body_raw(table, "text/csv"))
        .await;
    let page = desk.poll(&SourceState::default()).await.unwrap();
    let (kept, _) = page.items[0].as_ref().unwrap_err();
    assert_eq!(kept, r#"{"id":"7","title":""}"#);
    // Once it has a title, a column is found by `row` at a replay too.
    let mended = br#"{"id": "7", "title": "x", "hidden": false}"#;
    let again = desk.sources.map(&id(), mended, at(NOW)).unwrap().unwrap();
    assert_eq!(again.body.as_deref(), Some("7"));
}

#[tokio::test]
async fn what_is_kept_of_an_unreadable_item_holds_no_key_of_ours() {
    let desk = desk(|poll| {
        poll.check = Some(request("GET", "{{ base_url }}/me", &[], None));
    })
    .await;
    let me = json!({"user": {"id": 5, "api_key": SECRET, "other": format!("k={SECRET}")}});
    Mock::given(path("/me"))
        .respond_with(ResponseTemplate::new(200).set_body_json(me))
        .mount(&desk.server)
        .await;
    let untitled = json!({"id": 1, "at": "2026-11-21T09:00:02Z", "hidden": false, "said": SECRET});
    let desk = desk.answers(found(json!([untitled]))).await;
    let page = desk.poll(&SourceState::default()).await.unwrap();
    let (kept, _) = page.items[0].as_ref().unwrap_err();
    assert!(!kept.contains(SECRET), "{kept}");
    let kept: Value = serde_json::from_str(kept).unwrap();
    assert_eq!(kept["check"], json!({"user": {"id": 5, "other": "k=…"}}));
    assert_eq!((&kept["id"], &kept["said"]), (&json!(1), &json!("…")));
}

#[tokio::test]
async fn a_list_that_holds_everything_says_what_it_passed_over_and_is_always_read() {
    let hidden = json!({"id": 2, "title": "内部", "at": "2026-11-21T09:00:02Z", "hidden": true});
    let plain = |n: u32| {
        let mut item = item(n);
        item["hidden"] = json!(false);
        item
    };
    let answer = found(json!([plain(1), hidden])).append_header("etag", "\"e1\"");
    let desk = desk(|poll| {
        poll.complete = Some(3);
        poll.cursor = None;
    })
    .await
    .answers(answer)
    .await;
    let first = desk.poll(&SourceState::default()).await.unwrap();
    assert_eq!((ids(&first), first.complete), (vec!["1"], Some(3)));
    assert_eq!(first.passed, ["2"]);
    // "Not modified" would say nothing of what is missing.
    assert_eq!(first.state.etag, None);

    // Where the cursor cannot be told, or nothing is answered, it was no whole look.
    let lost = self::desk(|poll| {
        poll.complete = Some(3);
        poll.cursor = Some("{{ last.nothing.there }}".to_owned());
    })
    .await
    .answers(found(json!([plain(1)])))
    .await;
    let page = lost.poll(&SourceState::default()).await.unwrap();
    assert_eq!((ids(&page), page.complete), (vec!["1"], None));
    let empty = self::desk(|poll| poll.complete = Some(3))
        .await
        .answers(ResponseTemplate::new(204))
        .await;
    let page = empty.poll(&SourceState::default()).await.unwrap();
    assert_eq!(page.complete, None);
}
