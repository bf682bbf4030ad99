//! Trackers that are polled and written to over JSON, as far as toban speaks to them: each answers the requests that it was
//! taught, refuses a wrong key in the original's words, and remembers what it was asked.
//!
//! Paths, parameters, headers and answers are those of the public descriptions of the APIs. What it was not taught is 404,
//! with the request in the answer, so that a request that the original does not know fails its test. Keeps no state of its own:
//! where an act must be seen again in the next answer, see `zendesk`.

#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A request, as the tracker read it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET /path?parameters`, decoded.
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: Option<Value>,
}

/// How a stranger is refused: the header that a friend sends, and the answer to everybody else.
#[derive(Clone, Debug)]
pub struct Door {
    pub header: &'static str,
    pub value: String,
    pub refusal: (u16, Value),
}

struct Kept {
    door: Door,
    /// Answers by request line; one that ends in `*` is for all that begin so.
    answers: Vec<(String, Value)>,
    throttled: Option<(u16, &'static str)>,
    asked: Vec<Asked>,
}

/// A running double.
#[derive(Clone)]
pub struct Tracker {
    pub base_url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Tracker {
    pub async fn start(door: Door) -> Tracker {
        let kept = Arc::new(Mutex::new(Kept {
            door,
            answers: Vec::new(),
            throttled: None,
            asked: Vec::new(),
        }));
        let routes = Router::new().fallback(answer).with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Tracker { base_url, kept }
    }

    /// Teaches an answer.
    pub fn answers(&self, line: &str, answer: Value) {
        let mut kept = self.kept.lock().unwrap();
        kept.answers.push((line.to_owned(), answer));
    }

    /// Refuses everything with a status and `Retry-After` from now on; `None` is well again.
    pub fn is_throttled(&self, throttled: Option<(u16, &'static str)>) {
        self.kept.lock().unwrap().throttled = throttled;
    }

    /// What was asked since the last look.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.kept.lock().unwrap().asked)
    }
}

async fn answer(
    State(kept): State<Arc<Mutex<Kept>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = kept.lock().unwrap();
    let headers: BTreeMap<String, String> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let line = line(&method, &uri);
    let is_json = headers
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"));
    let read = match body.is_empty() {
        true => None,
        false => Some(serde_json::from_slice(&body).expect("a body is JSON")),
    };
    kept.asked.push(Asked {
        line: line.clone(),
        headers: headers.clone(),
        body: read.clone(),
    });
    let answered = |status: u16, body: &Value| {
        let status = StatusCode::from_u16(status).unwrap();
        (status, axum::Json(body.clone())).into_response()
    };
    if let Some((status, after)) = kept.throttled {
        let mut response = answered(status, &json!({ "message": "API rate limit exceeded" }));
        let after = after.parse().unwrap();
        response.headers_mut().insert("retry-after", after);
        return response;
    }
    if headers.get(kept.door.header) != Some(&kept.door.value) {
        let (status, body) = &kept.door.refusal;
        return answered(*status, body);
    }
    if method != Method::GET && (!is_json || !read.is_some_and(|body| body.is_object())) {
        return answered(415, &json!({ "message": "an object as application/json" }));
    }
    let found = kept.answers.iter().find(|(taught, _)| {
        let begins = taught.strip_suffix('*');
        *taught == line || begins.is_some_and(|begins| line.starts_with(begins))
    });
    match found {
        Some((_, body)) => answered(if method == Method::POST { 201 } else { 200 }, body),
        None => answered(404, &json!({ "not_taught": line })),
    }
}

/// A request in one line, as the original would read it.
fn line(method: &Method, uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let pairs: Vec<String> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    match pairs.as_slice() {
        [] => format!("{method} {}", uri.path()),
        pairs => format!("{method} {}?{}", uri.path(), pairs.join("&")),
    }
}
