//! 楽楽販売 as far as toban speaks to it: a list exported as CSV in CP932, and records that are updated.
//!
//! It refuses what the original refuses (a wrong token, another method, a body that lacks something) with an error as
//! JSON, and remembers every update. Its shapes are those of programs that people have published; nothing of it was
//! compared with the original itself.

#![allow(clippy::unwrap_used)]

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

pub const TOKEN: &str = "rrh-token-5f3a";
pub const DB: &str = "101234";
pub const LIST: &str = "102345";
pub const SEARCH: &str = "103456";

/// The fields that can be written, by their numbers.
pub const REPLY: &str = "113100";
pub const STATUS: &str = "113101";
pub const OWNER: &str = "113102";

/// The columns of the list.
const COLUMNS: [&str; 10] = [
    "レコードID",
    "件名",
    "内容",
    "登録者",
    "顧客名",
    "重要度",
    "種別",
    "ステータス",
    "担当者",
    "更新日時",
];

/// A record: its columns, and what was written into its answer.
pub type Record = BTreeMap<String, String>;

#[derive(Default)]
struct Kept {
    records: BTreeMap<u64, Record>,
    updates: Vec<Value>,
    /// What every request is answered, if anything is wrong over there.
    trouble: Option<(StatusCode, String)>,
}

/// A running double.
#[derive(Clone)]
pub struct Rakuraku {
    pub base_url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Rakuraku {
    pub async fn start() -> Rakuraku {
        let kept = Arc::<Mutex<Kept>>::default();
        let routes = Router::new()
            .route("/mspy4wa/api/csvexport/version/v1", post(export))
            .route("/mspy4wa/apirecord/{what}/version/v1", post(update))
            .with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/mspy4wa", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Rakuraku { base_url, kept }
    }

    /// Registers a record, as somebody does in the browser.
    pub fn register(&self, id: u64, fields: &[(&str, &str)]) {
        let mut kept = self.kept.lock().unwrap();
        let record = kept.records.entry(id).or_default();
        record.insert("レコードID".to_owned(), id.to_string());
        for (name, value) in fields {
            assert!(COLUMNS.contains(name), "{name}");
            record.insert((*name).to_owned(), (*value).to_owned());
        }
    }

    /// A record as it stands.
    pub fn record(&self, id: u64) -> Record {
        self.kept.lock().unwrap().records[&id].clone()
    }

    pub fn updates(&self) -> Vec<Value> {
        self.kept.lock().unwrap().updates.clone()
    }

    /// Answers everything with this from now on; `None` is well again.
    pub fn is_ill(&self, trouble: Option<(StatusCode, &str)>) {
        let trouble = trouble.map(|(status, body)| (status, body.to_owned()));
        self.kept.lock().unwrap().trouble = trouble;
    }
}

fn refused(status: StatusCode, code: &str, why: &str) -> Response {
    let body = json!({ "status": "error", "code": code, "errors": { "msg": why } });
    (status, axum::Json(body)).into_response()
}

/// The body of a request that may speak, or how it is refused.
#[expect(clippy::result_large_err, reason = "it is the answer")]
fn asked(kept: &Kept, headers: &HeaderMap, body: &Bytes) -> Result<Value, Response> {
    if let Some((status, body)) = &kept.trouble {
        return Err((*status, body.clone()).into_response());
    }
    let token = headers.get("x-hd-apitoken").and_then(|it| it.to_str().ok());
    if token != Some(TOKEN) {
        let why = "トークンが正しくありません。";
        return Err(refused(StatusCode::UNAUTHORIZED, "401", why));
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(refused(StatusCode::BAD_REQUEST, "400", "Content-Type"));
    }
    serde_json::from_slice(body)
        .map_err(|error| refused(StatusCode::BAD_REQUEST, "400", &error.to_string()))
}

async fn export(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> Response {
    let kept = kept.lock().unwrap();
    let asked = match asked(&kept, &headers, &body) {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let is_known =
        asked["dbSchemaId"] == DB && asked["listId"] == LIST && asked["searchId"] == SEARCH;
    let Some(limit) = asked["limit"].as_u64().filter(|_| is_known) else {
        return refused(StatusCode::BAD_REQUEST, "400", "パラメータが不正です。");
    };
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    table.write_record(COLUMNS).unwrap();
    for record in kept.records.values().take(limit as usize) {
        let row = COLUMNS.map(|column| record.get(column).map_or("", String::as_str));
        table.write_record(row).unwrap();
    }
    let text = String::from_utf8(table.into_inner().unwrap()).unwrap();
    let (bytes, _, is_lossy) = encoding_rs::SHIFT_JIS.encode(&text);
    assert!(!is_lossy, "CP932 does not have all of it");
    let kind = [(header::CONTENT_TYPE, "text/csv; charset=Shift_JIS")];
    (kind, bytes.into_owned()).into_response()
}

async fn update(
    State(kept): State<Arc<Mutex<Kept>>>,
    Path(what): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = kept.lock().unwrap();
    let asked = match asked(&kept, &headers, &body) {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let id = asked["keyId"].as_str().and_then(|id| id.parse().ok());
    let (Some(id), Some(values), true, "update") = (
        id,
        asked["values"].as_object().cloned(),
        asked["dbSchemaId"] == DB,
        what.as_str(),
    ) else {
        return refused(StatusCode::BAD_REQUEST, "400", "パラメータが不正です。");
    };
    let Some(record) = kept.records.get_mut(&id) else {
        return refused(StatusCode::BAD_REQUEST, "404", "レコードが存在しません。");
    };
    for (field, value) in &values {
        let (name, Some(value)) = (column(field), value.as_str()) else {
            return refused(StatusCode::BAD_REQUEST, "400", &format!("{field}: 型"));
        };
        let Some(name) = name else {
            return refused(StatusCode::BAD_REQUEST, "400", &format!("{field}: 項目"));
        };
        record.insert(name.to_owned(), value.to_owned());
    }
    kept.updates.push(asked);
    axum::Json(json!({ "status": "success", "code": "200", "items": { "keyId": id } }))
        .into_response()
}

fn column(field: &str) -> Option<&'static str> {
    match field {
        REPLY => Some("回答"),
        STATUS => Some("ステータス"),
        OWNER => Some("担当者"),
        _ => None,
    }
}
