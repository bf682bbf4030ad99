//! What operators do: look after documents that could not be read, see what waits, make sign-in links.

use super::super::feeds::base;
use super::super::guard::Caller;
use super::super::hooks;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::words;
use crate::app::ports::HookError;
use crate::app::receive::Received;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

/// How many rows a list shows.
const MOST: u32 = 200;

/// `GET /unreadable`.
pub(super) async fn unreadable(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let mut documents = web.app().store.unreadables(MOST).await?;
    // What earlier builds kept may hold a key of ours.
    for document in &mut documents {
        document.body = web.parts.hooks.masked(&document.source, &document.body);
    }
    Ok(Json(json!({ "unreadable": documents })))
}

/// `POST /unreadable/{id}/replay`: reads it again, with the mapping of today.
pub(super) async fn replay(
    State(web): State<Web>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let app = web.app();
    let document =
        app.store.unreadable(&id).await?.ok_or_else(|| {
            Problem::not_found(format!("there is no unreadable document \"{id}\""))
        })?;
    let mapped = web
        .parts
        .hooks
        .map(&document.source, document.body.as_bytes(), web.now())
        .map_err(|error: HookError| hooks::refusal(&error).with("unreadable", id.as_str()))?;
    // Received twice, an item is one inquiry; so the order of these two cannot lose or double it.
    let received = match mapped {
        Some(mapped) => app.receive(mapped, "replay").await?,
        None => Received::nothing(),
    };
    app.store.replayed(&id, web.now()).await?;
    Ok(hooks::answer(&received))
}

/// `GET /outbox`: what waits, what is dead.
pub(super) async fn outbox(State(web): State<Web>, _: Caller) -> Result<Json<Value>, Problem> {
    let unsent = ["queued", "sending", "retry", "unknown", "dead"];
    let rows = web.app().store.outbox(&unsent, MOST).await?;
    Ok(Json(json!({ "outbox": rows })))
}

/// `POST /outbox/{id}/retry`: puts a dead delivery back into its lane.
pub(super) async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    if web.app().retry_delivery(&id, &caller.by).await? {
        return Ok(Json(json!({ "id": id, "state": "queued" })));
    }
    Err(Problem::not_found(format!(
        "there is no dead delivery \"{id}\": GET /api/v1/outbox lists them"
    )))
}

/// `POST /login`: `{member}` → a one-time sign-in link; with the local key only.
pub(super) async fn login(
    State(web): State<Web>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    local_only(
        &caller,
        "sign-in links are made with the local key: run \"toban login MEMBER\"",
    )?;
    let words = Words::read(&body)?;
    let (token, member) = web.app().make_login(words.needed("member")?).await?;
    let base = match &web.options().public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", web.bound),
    };
    Ok(Json(json!({
        "member": member,
        "url": format!("{base}/login/{token}"),
    })))
}

/// `POST /tokens`: `{label, member?}` → a bearer token, shown this once; with the local key only.
pub(super) async fn token(
    State(web): State<Web>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    local_only(
        &caller,
        "tokens are made with the local key: run \"toban token LABEL\"",
    )?;
    let words = Words::read(&body)?;
    let label = words.needed("label")?;
    let token = web.app().make_token(label, words.word("member")).await?;
    Ok(Json(json!({ "label": label, "token": token })))
}

/// `POST /feeds`: `{member, stop?}` → the addresses of calendar feeds, shown this once; with the local key only.
pub(super) async fn feeds(
    State(web): State<Web>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    local_only(
        &caller,
        "addresses for others are made with the local key: run \"toban feed-link MEMBER\", or say \"feed\" for your own",
    )?;
    let words = Words::read(&body)?;
    let member = words.needed("member")?;
    let app = web.app();
    if words.word("stop") == Some("true") {
        let stopped = app.stop_feeds(member).await?;
        return Ok(Json(json!({ "stopped": stopped })));
    }
    let (key, member) = app.make_feed_key(member).await?;
    let base = base(&web);
    let urls: Vec<String> = app
        .feeds_for(&member)
        .iter()
        .map(|of| app.feed_address(Some(&base), of, &key))
        .collect();
    Ok(Json(json!({ "member": member, "urls": urls })))
}

/// The words of a body, by name; a blank one is none.
struct Words(Vec<(String, String)>);

impl Words {
    fn read(body: &Bytes) -> Result<Self, Problem> {
        words(body).map(Words)
    }

    fn word(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        let word = found.map(|(_, word)| word.as_str());
        word.filter(|word| !word.trim().is_empty())
    }

    fn needed(&self, wanted: &str) -> Result<&str, Problem> {
        self.word(wanted)
            .ok_or_else(|| Problem::bad_field(wanted, "missing"))
    }
}

fn local_only(caller: &Caller, why: &str) -> Result<(), Problem> {
    if caller.is_local {
        return Ok(());
    }
    Err(Problem::forbidden("local-key-only", why))
}
