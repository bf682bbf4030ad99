//! `toban source`: with the binary, against a tracker that can be made ill.

use super::*;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the tracker answers, and how often it was asked.
#[derive(Default)]
struct Tracker {
    ill: Mutex<Option<(StatusCode, String)>>,
    asked: Mutex<u32>,
}

impl Tracker {
    fn is_ill(&self, status: Option<StatusCode>) {
        let said = status.map(|status| (status, format!("メンテナンス中 key={KEY}")));
        *self.ill.lock().unwrap() = said;
    }
}

const KEY: &str = "k3y-of-the-tracker";

async fn items(State(tracker): State<Arc<Tracker>>) -> Response {
    *tracker.asked.lock().unwrap() += 1;
    if let Some((status, said)) = tracker.ill.lock().unwrap().clone() {
        return (status, said).into_response();
    }
    let items =
        json!([{"id": 4101, "title": "請求書の①行目が印刷されない", "priority": "P0", "at": "c1"}]);
    Json(json!({ "items": items, "more": false })).into_response()
}

/// A tracker, and a house whose desk polls it.
async fn polled(every: &str) -> (Arc<Tracker>, House) {
    let tracker = Arc::new(Tracker::default());
    let router = Router::new()
        .route("/items", get(items))
        .with_state(tracker.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let source = format!(
        r#"
[[source]]
id = "tracker"
name = "Tracker"
kind = "poll"
base_url = "{base}"
secret = "{KEY}"
backlog = "quiet"
[source.poll]
every = "{every}"
breaker = 2
url = "{{{{ base_url }}}}/items?key={{{{ secret }}}}&after={{{{ cursor }}}}"
items = "items"
cursor = "{{{{ last.at }}}}"
has_more = "more"
[source.mapping]
external_id = "{{{{ id }}}}"
title = "{{{{ title }}}}"
severity = "{{{{ priority }}}}"

[net]
allow_private = ["127.0.0.0/8"]
"#
    );
    let house = House::new(&format!("{}{source}", desk(free_port())));
    (tracker, house)
}

fn json_of(ran: super::super::binary::Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"))
}

#[tokio::test]
async fn a_document_is_tested_and_a_page_is_tried_and_neither_is_kept() {
    let (tracker, house) = polled("5s").await;
    let document = json!({"id": 7, "title": "印刷できない", "priority": "P0"}).to_string();
    let told = house
        .run_with(
            &["source", "test", "tracker", "-", "--lang", "en"],
            &document,
        )
        .await
        .well();
    for said in [
        "1. 7 \"印刷できない\"",
        "{{ priority }} → \"P0\" is unknown here: default S3, shown on the card",
        "by the routing rules",
    ] {
        assert!(told.contains(said), "no {said:?} in:\n{told}");
    }
    let untitled = json!({"id": 8}).to_string();
    house
        .run_with(
            &["source", "test", "tracker", "-", "--lang", "ja"],
            &untitled,
        )
        .await
        .badly(&["読み取れません — title：文書に title がありません"]);
    house
        .run(&["source", "test", "trakcer", "-", "--lang", "en"])
        .await
        .badly(&["There is no source \"trakcer\"", "hook and tracker"]);
    let tried = house
        .run(&["source", "try", "tracker", "--raw", "--lang", "en"])
        .await
        .well();
    for said in [
        "/items?key=…&after=",
        "answered 200 in",
        "One item. Cursor: – → c1",
        "1. 4101 \"請求書の①行目が印刷されない\"",
        "Nothing was stored",
    ] {
        assert!(tried.contains(said), "no {said:?} in:\n{tried}");
    }
    assert!(!tried.contains(KEY), "{tried}");
    tracker.is_ill(Some(StatusCode::UNAUTHORIZED));
    let refused = house
        .run(&["source", "try", "tracker", "--raw", "--lang", "en"])
        .await;
    let said = refused.badly(&["→ The key is not accepted", "it answered 401"]);
    assert!(!said.contains(KEY), "{said}");
    house
        .run(&["source", "try", "hook", "--lang", "ja"])
        .await
        .badly(&["取りに行く設定になっていません"]);
    house
        .run(&["source", "status", "--lang", "ja"])
        .await
        .badly(&["まだデータベースがありません"]);
    // Nothing was made and nothing is kept.
    assert_eq!(house.files(), ["toban.toml"]);
}

/// Asks for the status until the state is the wanted one.
async fn until_state(house: &House, wanted: &str) -> Value {
    let begun = clock::monotonic();
    loop {
        let views = json_of(house.run(&["source", "status", "tracker", "--json"]).await);
        if views[0]["state"] == wanted {
            return views[0].clone();
        }
        assert!(begun.elapsed() < PATIENCE, "never {wanted}: {views}");
        house.run(&["source", "poll", "tracker"]).await.well();
    }
}

#[tokio::test]
async fn an_outage_is_seen_while_it_lasts_and_when_it_ends() {
    let (tracker, house) = polled("1h").await;
    tracker.is_ill(Some(StatusCode::SERVICE_UNAVAILABLE));
    let (_server, base) = house.serve().await;
    let out = until_state(&house, "out").await;
    assert!(out["why"].as_str().unwrap().contains("503"), "{out}");
    assert!(out["failures"].as_u64().unwrap() >= 2, "{out}");
    assert!(!out.to_string().contains(KEY), "{out}");
    let listed = house.run(&["source", "status", "--lang", "en"]).await;
    listed.badly(&[
        "tracker",
        "out: failed",
        "hook",
        "nothing was delivered yet",
    ]);
    let token = house.run(&["token", "ci"]).await.well();
    let asked = reqwest::Client::new()
        .get(format!("{base}/api/v1/sources/tracker"))
        .bearer_auth(token.trim())
        .send()
        .await
        .unwrap();
    let view: Value = asked.json().await.unwrap();
    assert_eq!(
        (&view["state"], &view["comes"]),
        (&json!("out"), &json!("fetched"))
    );
    tracker.is_ill(None);
    let well = until_state(&house, "ok").await;
    assert_eq!(
        (&well["received_24h"], &well["cursor"]),
        (&json!(1), &json!("c1"))
    );
    let listed = house
        .run(&["source", "status", "--lang", "en"])
        .await
        .well();
    assert!(listed.contains("tracker  poll     ok"), "{listed}");
}

#[tokio::test]
async fn an_unreadable_document_is_looked_at_and_replayed() {
    let (_, house) = polled("1h").await;
    let (_server, _) = house.serve().await;
    house
        .run_with(&["send", "-"], &json!({"id": "E-1"}).to_string())
        .await
        .badly(&["answered 422"]);
    let listed = json_of(house.run(&["source", "unreadable", "hook", "--json"]).await);
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    let shown = house
        .run(&["source", "unreadable", "hook", &id])
        .await
        .well();
    assert!(shown.contains("\"id\": \"E-1\""), "{shown}");
    let said = house
        .run(&["source", "unreadable", "hook", "--lang", "ja"])
        .await
        .well();
    assert!(
        said.contains("titleにする title が文書にありません"),
        "{said}"
    );
    let again = house.run(&["source", "replay", "hook", &id]).await;
    again.badly(&["answered 422"]);
    let all = house
        .run(&["source", "replay", "hook", "--all", "--lang", "en"])
        .await;
    all.badly(&[&format!("{id} is still unreadable"), "title"]);
    house
        .run(&["source", "unreadable", "tracker", "--lang", "en"])
        .await
        .well();
    let status = house
        .run(&["source", "status", "hook", "--lang", "en"])
        .await
        .well();
    assert!(
        status.contains("Unreadable documents: 1 (toban source unreadable hook)"),
        "{status}"
    );
}
