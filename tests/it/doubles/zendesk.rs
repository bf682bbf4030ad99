//! Zendesk with a memory, as far as toban speaks to it: tickets that are exported a minute later, their comments, and updates
//! that are seen in the next export.
//!
//! It refuses what the original refuses: a wrong key, a start that is too near, a field that no ticket has, a change to a closed
//! ticket, and the whole of an update that would solve a ticket whose required field is empty. Its shapes are those of the public descriptions; nothing of it was compared with the original itself.

#![allow(clippy::unwrap_used)]

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use toban::time::{SignedDuration, Timestamp, plus};
use tokio::net::TcpListener;

pub const ACCOUNT: &str = "toban@example.com";
pub const TOKEN: &str = "zendesk-token-5f3a";

/// The people: number, name, address, role.
const USERS: [(u64, &str, &str, &str); 3] = [
    (HANAKO, "髙橋 花子", "hanako@takashima.example", "end-user"),
    (AOKI, "青木", "t.aoki@example.com", "agent"),
    (TOBAN, "toban", ACCOUNT, "admin"),
];
pub const HANAKO: u64 = 20_978_392;
pub const AOKI: u64 = 235_323;
const TOBAN: u64 = 360_001;

/// A ticket: what is shown of it, and its comments, oldest first.
#[derive(Clone)]
pub struct Ticket {
    pub fields: Value,
    pub comments: Vec<Value>,
}

#[derive(Default)]
struct Kept {
    now: Timestamp,
    /// What changed, in order: the export is this list.
    changes: Vec<(Timestamp, u64)>,
    tickets: BTreeMap<u64, Ticket>,
    comments: u64,
    /// The field without which no ticket is solved.
    required: Option<&'static str>,
    /// The updates that were asked for.
    updates: Vec<Value>,
}

/// A running double.
#[derive(Clone)]
pub struct Zendesk {
    pub base_url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Zendesk {
    pub async fn start() -> Zendesk {
        let kept = Arc::<Mutex<Kept>>::default();
        let routes = Router::new()
            .route("/api/v2/users/me.json", get(me))
            .route("/api/v2/incremental/tickets/cursor.json", get(export))
            .route("/api/v2/tickets/{id}/comments.json", get(comments))
            .route("/api/v2/tickets/{id}", put(update))
            .with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Zendesk { base_url, kept }
    }

    /// Sets its clock.
    pub fn is(&self, now: Timestamp) {
        self.kept.lock().unwrap().now = now;
    }

    /// Files a ticket as the requester does by mail.
    pub fn file(&self, id: u64, subject: &str, description: &str, priority: &str) {
        let mut kept = self.kept.lock().unwrap();
        let fields = json!({
            "id": id, "subject": subject, "raw_subject": subject, "description": description, "priority": priority,
            "status": "open", "requester_id": HANAKO, "submitter_id": HANAKO, "assignee_id": null,
            "organization_id": 509974, "ticket_form_id": 2, "tags": ["escalated"], "custom_fields": [],
            "created_at": kept.now.to_string(), "updated_at": kept.now.to_string(),
        });
        let comments = Vec::new();
        kept.tickets.insert(id, Ticket { fields, comments });
        kept.say(id, HANAKO, description, true);
        kept.changed(id);
    }

    /// Somebody writes in the browser or by mail.
    pub fn says(&self, id: u64, who: u64, text: &str, is_public: bool) {
        let mut kept = self.kept.lock().unwrap();
        kept.say(id, who, text, is_public);
        kept.changed(id);
    }

    /// A field is changed in the browser, or by an automation.
    pub fn changes(&self, id: u64, field: &str, value: Value) {
        let mut kept = self.kept.lock().unwrap();
        kept.tickets.get_mut(&id).unwrap().fields[field] = value;
        kept.changed(id);
    }

    /// From now on no ticket is solved without this field, as an administrator may say.
    pub fn requires(&self, field: &'static str) {
        self.kept.lock().unwrap().required = Some(field);
    }

    pub fn ticket(&self, id: u64) -> Ticket {
        self.kept.lock().unwrap().tickets[&id].clone()
    }

    pub fn updates(&self) -> Vec<Value> {
        self.kept.lock().unwrap().updates.clone()
    }

    /// The body that the trigger of the set-up page makes of a ticket.
    pub fn trigger(&self, id: u64) -> String {
        let fields = self.ticket(id).fields;
        let assignee = user(fields["assignee_id"].as_u64());
        json!({ "ticket": {
            "id": id.to_string(), "title": fields["subject"], "description": fields["description"],
            "status": "オープン", "priority": match fields["priority"].as_str() { Some("urgent") => "緊急", Some("high") => "高", _ => "標準" },
            "requester": "髙橋 花子", "organization": "㈱髙島商店", "assignee": assignee["email"].as_str().unwrap_or_default(),
            "product": "", "tags": "escalated",
        }})
        .to_string()
    }
}

impl Kept {
    fn say(&mut self, id: u64, who: u64, text: &str, is_public: bool) {
        self.comments += 1;
        let comment = json!({
            "id": 1_276_511_000 + self.comments, "type": "Comment", "author_id": who, "body": text, "plain_body": text,
            "public": is_public, "created_at": self.now.to_string(), "attachments": [],
        });
        self.tickets.get_mut(&id).unwrap().comments.push(comment);
    }

    fn changed(&mut self, id: u64) {
        let ticket = self.tickets.get_mut(&id).unwrap();
        ticket.fields["updated_at"] = self.now.to_string().into();
        self.changes.retain(|(_, known)| *known != id);
        self.changes.push((self.now, id));
    }
}

fn user(id: Option<u64>) -> Value {
    let found = USERS.iter().find(|(known, ..)| Some(*known) == id);
    found.map_or(
        Value::Null,
        |(id, name, email, role)| json!({ "id": id, "name": name, "email": email, "role": role }),
    )
}

fn users() -> Vec<Value> {
    USERS.iter().map(|(id, ..)| user(Some(*id))).collect()
}

fn refused(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

fn is_friend(headers: &HeaderMap) -> bool {
    let who = STANDARD.encode(format!("{ACCOUNT}/token:{TOKEN}"));
    let given = headers.get(header::AUTHORIZATION);
    given.is_some_and(|given| given == format!("Basic {who}").as_str())
}

fn stranger() -> Response {
    refused(401, json!({ "error": "Couldn't authenticate you" }))
}

type Memory = State<Arc<Mutex<Kept>>>;

async fn me(headers: HeaderMap) -> Response {
    match is_friend(&headers) {
        true => Json(json!({ "user": user(Some(TOBAN)) })).into_response(),
        false => stranger(),
    }
}

async fn export(
    State(kept): Memory,
    headers: HeaderMap,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    if !is_friend(&headers) {
        return stranger();
    }
    let kept = kept.lock().unwrap();
    let end = plus(kept.now, SignedDuration::from_mins(-1));
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<i64>().ok());
    let from = match (number("cursor"), number("start_time")) {
        (Some(cursor), _) => Timestamp::from_millisecond(cursor).unwrap(),
        (None, Some(start)) if Timestamp::from_second(start).unwrap() <= end => {
            Timestamp::from_second(start).unwrap()
        }
        (None, _) => {
            return refused(
                400,
                json!({ "error": "StartTimeTooRecent", "description": "Too recent start_time. Use a start_time older than 60 seconds" }),
            );
        }
    };
    let is_without_deleted = asked.get("exclude_deleted").is_some_and(|it| it == "true");
    // Whole instants are exported at once, so a cursor never stands within one.
    let changed = kept.changes.iter();
    let new = changed.filter(|(at, _)| *at > from && *at <= end);
    let found: Vec<(Timestamp, u64)> = new.copied().collect();
    let tickets: Vec<&Value> = found
        .iter()
        .map(|(_, id)| &kept.tickets[id].fields)
        .filter(|fields| !(is_without_deleted && fields["status"] == "deleted"))
        .collect();
    let after = found.iter().map(|(at, _)| *at).max().unwrap_or(from);
    Json(json!({
        "tickets": tickets,
        "users": users(),
        "organizations": [{ "id": 509974, "name": "㈱髙島商店" }],
        "after_cursor": after.as_millisecond().to_string(),
        "end_of_stream": true,
    }))
    .into_response()
}

async fn comments(State(kept): Memory, headers: HeaderMap, Path(id): Path<u64>) -> Response {
    if !is_friend(&headers) {
        return stranger();
    }
    let kept = kept.lock().unwrap();
    let ticket = kept.tickets.get(&id);
    let Some(ticket) = ticket.filter(|it| it.fields["status"] != "deleted") else {
        return refused(
            404,
            json!({ "error": "RecordNotFound", "description": "Not found" }),
        );
    };
    let newest_first: Vec<&Value> = ticket.comments.iter().rev().collect();
    Json(json!({ "comments": newest_first, "users": users(), "meta": { "has_more": false } }))
        .into_response()
}

async fn update(
    State(kept): Memory,
    headers: HeaderMap,
    Path(file): Path<String>,
    Json(asked): Json<Value>,
) -> Response {
    if !is_friend(&headers) {
        return stranger();
    }
    let mut kept = kept.lock().unwrap();
    let id = file.strip_suffix(".json").and_then(|id| id.parse().ok());
    let Some(id) = id.filter(|id| kept.tickets.contains_key(id)) else {
        return refused(
            404,
            json!({ "error": "RecordNotFound", "description": "Not found" }),
        );
    };
    let invalid = |why: &str| {
        refused(
            422,
            json!({ "error": "RecordInvalid", "description": "Record validation errors", "details": { "base": [{ "description": why }] } }),
        )
    };
    if kept.tickets[&id].fields["status"] == "closed" {
        return invalid("Status: closed prevents ticket update");
    }
    let lacks = |field: &str| kept.tickets[&id].fields[field].is_null();
    if let Some(required) = kept.required
        && asked["ticket"]["status"] == "solved"
        && lacks(required)
    {
        return invalid(&format!("{required}: is required when solving a ticket"));
    }
    kept.updates.push(asked.clone());
    for (field, value) in asked["ticket"].as_object().unwrap() {
        let ticket = kept.tickets.get_mut(&id).unwrap();
        match (field.as_str(), value) {
            ("comment", comment) => {
                let text = comment["body"].as_str().unwrap().to_owned();
                let is_public = comment["public"].as_bool().unwrap();
                kept.say(id, TOBAN, &text, is_public);
            }
            ("status", status) => ticket.fields["status"] = status.clone(),
            ("assignee_id", Value::Null) => ticket.fields["assignee_id"] = Value::Null,
            ("assignee_email", Value::String(email)) => {
                let found = USERS.iter().find(|(_, _, known, _)| known == email);
                let Some((agent, ..)) = found else {
                    return invalid("Assignee: is not an agent");
                };
                ticket.fields["assignee_id"] = (*agent).into();
            }
            (other, _) => return invalid(&format!("{other}: is no field")),
        }
    }
    kept.changed(id);
    let fields = &kept.tickets[&id].fields;
    Json(json!({ "ticket": fields, "audit": { "id": 1, "events": [] } })).into_response()
}
