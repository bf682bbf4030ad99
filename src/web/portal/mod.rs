//! The portal: support files an escalation and sees who has it, until when, and the answer.
//!
//! Filing needs the portal's key, kept in a cookie; a status page needs only its own unguessable link.

mod filing;
mod status;

use super::guard::{self, Reader, same};
use super::guesses::{Client, Door};
use super::page;
use super::parts::{Portal, Web};
use super::problem::Problem;
use super::words;
use crate::msg;
use axum::Router;
use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use minijinja::context;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The cookie of a browser that knows the key. It is Lax: the page is opened from links in mails and chats.
const COOKIE: &str = "toban_portal";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/portal", get(open).post(filing::file))
        .route("/portal/key", post(unlock))
        .route("/portal/s/{token}", get(status::show).post(status::write))
        .route(
            "/portal/s/{token}/{reference}",
            get(status::show_split).post(status::write_to_split),
        )
}

/// Whether the browser has shown the key. A proof that is wrong is a guess like any other.
struct Known(bool);

impl FromRequestParts<Web> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let key = portal(web)?.key.expose();
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(shown) = jar.get(COOKIE).map(|cookie| cookie.value()) else {
            return Ok(Known(false));
        };
        let Ok(client) = Client::from_request_parts(parts, web).await;
        Ok(Known(web.weigh(client, || same(shown, &proof(key)))?))
    }
}

fn portal(web: &Web) -> Result<&Portal, Problem> {
    let portal = web.options().portal.as_ref();
    portal.ok_or_else(|| Problem::not_found("this desk has no portal"))
}

/// What the cookie holds: proof of the key, not the key.
fn proof(key: &str) -> String {
    hex::encode(Sha256::digest(format!("toban portal {key}")))
}

#[derive(Deserialize)]
struct Key {
    key: Option<String>,
}

async fn open(
    State(web): State<Web>,
    Reader(lang): Reader,
    Known(is_known): Known,
    client: Client,
    jar: CookieJar,
    Query(given): Query<Key>,
) -> Result<Response, Problem> {
    if let Some(given) = given.key {
        return try_key(&web, client, Reader(lang), jar, &given);
    }
    if !is_known {
        let asked = page::page("portal_key.html", lang, context! { is_wrong => false })?;
        // The proof of a key that was changed is not shown, and counted, again and again.
        let stale = Cookie::build(COOKIE).path("/portal");
        return Ok((jar.remove(stale), asked).into_response());
    }
    filing::form(&web, lang, &filing::Filing::default(), &[])
}

async fn unlock(
    State(web): State<Web>,
    reader: Reader,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    Form(given): Form<Key>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    try_key(&web, client, reader, jar, &given.key.unwrap_or_default())
}

fn try_key(
    web: &Web,
    client: Client,
    Reader(lang): Reader,
    jar: CookieJar,
    given: &str,
) -> Result<Response, Problem> {
    let key = portal(web)?.key.expose();
    if !web.weigh(client, || same(key, given.trim()))? {
        let html = page::fill("portal_key.html", lang, context! { is_wrong => true })?;
        return Ok((StatusCode::UNAUTHORIZED, axum::response::Html(html)).into_response());
    }
    let cookie = guard::cookie(web, COOKIE, proof(key), "/portal", SameSite::Lax);
    // The key does not stay in the address.
    Ok((jar.add(cookie), Redirect::to("/portal")).into_response())
}

/// The page of a status link that leads nowhere.
fn no_such_link(web: &Web, client: Client, lang: crate::i18n::Lang) -> Result<Response, Problem> {
    web.missed(Door::Link, client)?;
    Ok(page::message(
        StatusCode::NOT_FOUND,
        lang,
        &words::say(lang, msg!("web-portal-no-link")),
        &words::say(lang, msg!("web-portal-no-link-advice")),
    ))
}
