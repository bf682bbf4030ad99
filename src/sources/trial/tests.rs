#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::source_config::{MapField, PollConfig, SourceKind};
use crate::sources::Contact;
use crate::sources::tests::{SECRET, at, config, id, mapping, poll_config, request, sources};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const NOW: &str = "2026-11-21T10:00:00Z";

/// What a try tells of a server that answers so.
async fn tried(change: impl FnOnce(&mut PollConfig), answer: ResponseTemplate) -> Trial {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/items"))
        .respond_with(answer)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/item/1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"text": "本文"})))
        .mount(&server)
        .await;
    let mut poll = poll_config();
    poll.request.url = "{{ base_url }}/items?key={{ secret }}&after={{ cursor }}".into();
    change(&mut poll);
    let texts = mapping(&[(MapField::Body, "{{ detail.text }}")]);
    let mut config = config(SourceKind::Poll(Box::new(poll)), texts);
    config.base_url = server.uri();
    let sources = sources(&config, Contact::default(), Duration::from_secs(2)).watched();
    let state = SourceState {
        cursor: Some("c0".into()),
        ..SourceState::default()
    };
    let trial = sources.try_page(&id(), &state, at(NOW)).await.unwrap();
    assert!(!format!("{trial:?}").contains(SECRET), "{trial:?}");
    trial
}

fn found() -> ResponseTemplate {
    let items = json!([{"id": 1, "title": "障害", "at": "c1"}]);
    ResponseTemplate::new(200)
        .set_body_json(json!({"items_found": items, "more": true, "said": SECRET}))
}

#[tokio::test]
async fn a_page_is_shown_with_its_requests_and_what_it_would_become() {
    let detail = |poll: &mut PollConfig| {
        let url = "{{ base_url }}/item/{{ item.id }}";
        poll.detail = vec![request("GET", url, &[("x-key", "{{ secret }}")], None)];
    };
    let trial = tried(detail, found()).await;
    let asked: Vec<&str> = trial.exchanges.iter().map(|e| e.what.as_str()).collect();
    assert_eq!(asked, ["it", "a detail"]);
    let first = &trial.exchanges[0];
    assert!(
        first.line.ends_with("/items?key=…&after=c0"),
        "{}",
        first.line
    );
    assert_eq!(first.headers, ["authorization"]);
    let came = first.came.as_ref().unwrap();
    assert_eq!((came.status, came.kind.as_str()), (200, "application/json"));
    assert!(came.start.contains("\"said\":\"…\""), "{}", came.start);
    let page = trial.page.unwrap();
    assert_eq!(page.state.cursor.as_deref(), Some("c1"));
    assert!(page.has_more);
    let mapped = page.items[0].mapped.clone().unwrap().unwrap();
    assert_eq!(mapped.body.as_deref(), Some("本文"));
    assert_eq!(page.names, ["items_found", "more", "said"]);
}

#[tokio::test]
async fn what_goes_wrong_is_shown_as_it_came() {
    let trial = tried(
        |_| {},
        ResponseTemplate::new(302).insert_header("location", "/login"),
    )
    .await;
    let came = trial.exchanges[0].came.as_ref().unwrap();
    assert_eq!(
        (came.status, came.location.as_deref()),
        (302, Some("/login"))
    );
    assert!(trial.page.is_err());
    let page = ResponseTemplate::new(200).set_body_raw("<!DOCTYPE html><p>login", "text/html");
    let trial = tried(|_| {}, page).await;
    assert!(trial.exchanges[0].came.as_ref().unwrap().is_page());
    assert!(trial.page.is_err());
}

#[tokio::test]
async fn whoever_does_not_watch_keeps_no_trail() {
    let config = config(SourceKind::Poll(Box::new(poll_config())), mapping(&[]));
    let sources = sources(&config, Contact::default(), Duration::from_secs(1));
    let nobody = sources
        .try_page(&"nobody".into(), &SourceState::default(), at(NOW))
        .await;
    assert!(nobody.is_none());
    assert!(sources.trail.is_none());
}
