//! GitHub's issues as far as toban speaks to them: one repository whose issues are made, read, commented on and closed.
//!
//! It refuses what the original refuses (a wrong token, another repository, an issue without a title) in the original's
//! shapes, remembers everything that was written, and can break off an answer after it has done what was asked.

#![allow(clippy::unwrap_used)]

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

pub const TOKEN: &str = "github_pat_5f3a9c";
pub const REPO: &str = "example/app";

#[derive(Default)]
struct Kept {
    issues: BTreeMap<u64, Value>,
    comments: Vec<(u64, String)>,
    /// How often an issue was read.
    looks: usize,
    /// The key that each issue was filed under.
    keys: Vec<String>,
    is_cut: bool,
    trouble: Option<StatusCode>,
    base_url: String,
}

/// A running double.
#[derive(Clone)]
pub struct IssueTracker {
    pub base_url: String,
    kept: Arc<Mutex<Kept>>,
}

impl IssueTracker {
    pub async fn start() -> IssueTracker {
        let kept = Arc::<Mutex<Kept>>::default();
        let routes = Router::new()
            .route("/repos/{owner}/{name}/issues", post(file))
            .route("/repos/{owner}/{name}/issues/{number}", get(look))
            .route(
                "/repos/{owner}/{name}/issues/{number}/comments",
                post(comment),
            )
            .with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        kept.lock().unwrap().base_url.clone_from(&base_url);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        IssueTracker { base_url, kept }
    }

    /// What a configuration needs to speak to it.
    pub fn section(&self) -> String {
        format!(
            r#"
[[tracker]]
id = "github"
preset = "github"
base_url = "{}"
secret = "{TOKEN}"
[tracker.setting]
repo = "{REPO}"
web = "{}"
labels = "bug, from-support"
"#,
            self.base_url, self.base_url
        )
    }

    pub fn address(&self, number: u64) -> String {
        format!("{}/{REPO}/issues/{number}", self.base_url)
    }

    pub fn issues(&self) -> Vec<Value> {
        self.kept.lock().unwrap().issues.values().cloned().collect()
    }

    pub fn comments(&self) -> Vec<(u64, String)> {
        self.kept.lock().unwrap().comments.clone()
    }

    pub fn looks(&self) -> usize {
        self.kept.lock().unwrap().looks
    }

    pub fn keys(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys.clone()
    }

    /// Makes an issue, as a developer does in the browser.
    pub fn open(&self, title: &str) -> u64 {
        self.kept.lock().unwrap().add(title, "", &json!([]))
    }

    /// Closes an issue, as a developer does.
    pub fn close(&self, number: u64, reason: &str, milestone: Option<&str>) {
        let mut kept = self.kept.lock().unwrap();
        let issue = kept.issues.get_mut(&number).unwrap();
        issue["state"] = "closed".into();
        issue["state_reason"] = reason.into();
        issue["milestone"] = milestone.map_or(Value::Null, |title| json!({ "title": title }));
    }

    /// From now on what is asked is done, and the answer breaks off.
    pub fn cuts(&self, is_cut: bool) {
        self.kept.lock().unwrap().is_cut = is_cut;
    }

    /// Answers everything so from now on; `None` is well again.
    pub fn is_ill(&self, trouble: Option<StatusCode>) {
        self.kept.lock().unwrap().trouble = trouble;
    }
}

impl Kept {
    fn add(&mut self, title: &str, body: &str, labels: &Value) -> u64 {
        let number = self.issues.len() as u64 + 121;
        let issue = json!({
            "id": 9_000_000 + number,
            "number": number,
            "url": format!("{}/repos/{REPO}/issues/{number}", self.base_url),
            "html_url": format!("{}/{REPO}/issues/{number}", self.base_url),
            "title": title,
            "body": body,
            "labels": labels,
            "state": "open",
            "state_reason": null,
            "milestone": null,
        });
        self.issues.insert(number, issue);
        number
    }

    /// Whether whoever asks may speak to this repository.
    fn admits(&self, repo: &str, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
        if let Some(status) = self.trouble {
            return Err((status, "We had issues producing the response"));
        }
        let sent = headers.get("authorization").and_then(|it| it.to_str().ok());
        if sent != Some(&format!("Bearer {TOKEN}")) {
            return Err((StatusCode::UNAUTHORIZED, "Bad credentials"));
        }
        let version = headers.get("x-github-api-version");
        assert_eq!(version.unwrap(), "2022-11-28");
        assert_eq!(
            headers.get("accept").unwrap(),
            "application/vnd.github+json"
        );
        if repo != REPO {
            return Err((StatusCode::NOT_FOUND, "Not Found"));
        }
        Ok(())
    }
}

fn refused((status, message): (StatusCode, &str)) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

type Shelf = State<Arc<Mutex<Kept>>>;

async fn file(
    State(kept): Shelf,
    Path((owner, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = kept.lock().unwrap();
    if let Err(why) = kept.admits(&format!("{owner}/{name}"), &headers) {
        return refused(why);
    }
    let asked: Value = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(_) => return refused((StatusCode::BAD_REQUEST, "Problems parsing JSON")),
    };
    let Some(title) = asked["title"].as_str().filter(|title| !title.is_empty()) else {
        return refused((StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed"));
    };
    assert!(asked["labels"].is_array(), "{asked}");
    let known = ["title", "body", "labels"];
    assert!(
        asked
            .as_object()
            .unwrap()
            .keys()
            .all(|key| known.contains(&key.as_str()))
    );
    let key = headers.get("idempotency-key").unwrap();
    kept.keys
        .push(String::from_utf8_lossy(key.as_bytes()).into_owned());
    let text = asked["body"].as_str().unwrap();
    let number = kept.add(title, text, &asked["labels"]);
    if kept.is_cut {
        let cut = futures_util::stream::iter([
            Ok(Bytes::from_static(b"{\"id\": ")),
            Err(std::io::Error::other("the line was cut")),
        ]);
        return (StatusCode::CREATED, Body::from_stream(cut)).into_response();
    }
    (StatusCode::CREATED, Json(kept.issues[&number].clone())).into_response()
}

async fn look(
    State(kept): Shelf,
    Path((owner, name, number)): Path<(String, String, u64)>,
    headers: HeaderMap,
) -> Response {
    let mut kept = kept.lock().unwrap();
    kept.looks += 1;
    if let Err(why) = kept.admits(&format!("{owner}/{name}"), &headers) {
        return refused(why);
    }
    match kept.issues.get(&number) {
        Some(issue) => Json(issue.clone()).into_response(),
        None => refused((StatusCode::NOT_FOUND, "Not Found")),
    }
}

async fn comment(
    State(kept): Shelf,
    Path((owner, name, number)): Path<(String, String, u64)>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Response {
    let mut kept = kept.lock().unwrap();
    if let Err(why) = kept.admits(&format!("{owner}/{name}"), &headers) {
        return refused(why);
    }
    let text = asked["body"].as_str().unwrap().to_owned();
    kept.comments.push((number, text));
    (
        StatusCode::CREATED,
        Json(json!({ "id": 1, "body": asked["body"] })),
    )
        .into_response()
}
