#![allow(clippy::unwrap_used)]

use super::*;
use crate::net::Settings;
use crate::time::from_ms;
use wiremock::matchers::{header, header_exists, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A client that may reach this machine.
fn local() -> HttpFetch {
    let settings = Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    };
    HttpFetch::new(Client::new(&settings).unwrap())
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/a.ics"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

async fn fetched(answer: ResponseTemplate) -> Result<Fetched, String> {
    let server = answering(answer).await;
    local()
        .fetch(&format!("{}/a.ics", server.uri()), None)
        .await
}

fn kept(etag: &str) -> FeedRow {
    FeedRow {
        url: "x".to_owned(),
        body: "x".to_owned(),
        etag: Some(etag.to_owned()),
        last_modified: Some("Mon, 20 Jul 2026 00:00:00 GMT".to_owned()),
        fetched_at: from_ms(0),
        checked_at: from_ms(0),
        problem: None,
    }
}

#[tokio::test]
async fn a_page_comes_with_what_its_version_is_called() {
    let answer = ResponseTemplate::new(200)
        .set_body_string("祝日\0")
        .insert_header("etag", "\"v2\"");
    let page = Fetched::Page {
        body: "祝日".to_owned(),
        etag: Some("\"v2\"".to_owned()),
        last_modified: None,
    };
    assert_eq!(fetched(answer).await, Ok(page));
}

#[tokio::test]
async fn what_is_known_is_asked_for_as_known() {
    let server = MockServer::start().await;
    Mock::given(header("if-none-match", "\"v1\""))
        .and(header_exists("if-modified-since"))
        .respond_with(ResponseTemplate::new(304))
        .mount(&server)
        .await;
    let url = format!("{}/a.ics", server.uri());
    let known = kept("\"v1\"");
    assert_eq!(
        local().fetch(&url, Some(&known)).await,
        Ok(Fetched::Unchanged)
    );
}

#[tokio::test]
async fn a_redirect_is_followed_and_a_ring_of_them_is_not() {
    let server = answering(ResponseTemplate::new(200).set_body_string("here")).await;
    Mock::given(path("/old.ics"))
        .respond_with(ResponseTemplate::new(301).insert_header("location", "/a.ics"))
        .mount(&server)
        .await;
    Mock::given(path("/ring.ics"))
        .respond_with(ResponseTemplate::new(302).insert_header("location", "/ring.ics"))
        .mount(&server)
        .await;
    let fetch = async |name: &str| {
        local()
            .fetch(&format!("{}{name}", server.uri()), None)
            .await
    };
    assert!(matches!(fetch("/old.ics").await, Ok(Fetched::Page { body, .. }) if body == "here"));
    assert_eq!(
        fetch("/ring.ics").await,
        Err("it redirects more than 3 times".to_owned())
    );
}

#[tokio::test]
async fn what_is_no_page_says_why_and_names_no_address() {
    let gone = fetched(ResponseTemplate::new(404)).await;
    assert_eq!(gone, Err("it answers 404 Not Found".to_owned()));
    let binary = fetched(ResponseTemplate::new(200).set_body_bytes([0xff, 0xfe])).await;
    assert_eq!(binary, Err("its answer is no text in UTF-8".to_owned()));
    let large = "x".repeat(crate::ical::LARGEST + 1);
    let large = fetched(ResponseTemplate::new(200).set_body_string(large)).await;
    assert!(large.unwrap_err().contains("1048576"));
    let private = HttpFetch::new(Client::new(&Settings::default()).unwrap());
    let refused = private.fetch("http://127.0.0.1:1/s3cret.ics", None).await;
    assert!(!refused.unwrap_err().contains("s3cret"));
}

#[tokio::test]
async fn redirects_share_one_time_limit() {
    let server = answering(ResponseTemplate::new(200).set_body_string("here")).await;
    for (from, to) in [
        ("/1.ics", "/2.ics"),
        ("/2.ics", "/3.ics"),
        ("/3.ics", "/a.ics"),
    ] {
        let slow = ResponseTemplate::new(302)
            .insert_header("location", to)
            .set_delay(Duration::from_millis(400));
        Mock::given(path(from))
            .respond_with(slow)
            .mount(&server)
            .await;
    }
    let fetch = HttpFetch {
        patience: Duration::from_millis(1_000),
        ..local()
    };
    let each_in_time = fetch.fetch(&format!("{}/3.ics", server.uri()), None).await;
    assert!(each_in_time.is_ok(), "{each_in_time:?}");
    let together_late = fetch.fetch(&format!("{}/1.ics", server.uri()), None).await;
    assert!(together_late.is_err(), "{together_late:?}");
}
