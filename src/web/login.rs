//! Signing in: a one-time link, and in the demo a page to choose who to be.
//!
//! Opening a link only shows a button (a script presses it): programs that fetch links in chats to show a
//! preview must not use it up, and a cookie that is `SameSite=Strict` is sent only when the way to the desk
//! starts on a page of ours.

use super::guard::{self, Reader, SESSION, Signed};
use super::guesses::{Client, Door};
use super::page::{self, page};
use super::parts::Web;
use super::problem::Problem;
use super::words;
use crate::msg;
use axum::Router;
use axum::extract::{ConnectInfo, Form, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use minijinja::context;
use serde::Deserialize;
use std::net::SocketAddr;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/login", get(door))
        .route("/login/demo", post(demo))
        .route("/login/{token}", get(offer).post(take))
        .route("/logout", post(leave))
}

/// Whether this request may choose who to be: a demo on loopback, asked by this machine itself.
struct Demo(bool);

impl FromRequestParts<Web> for Demo {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_near = peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback());
        // A proxy on this machine brings others; and a foreign name that points here is not us.
        let is_brought = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
            .iter()
            .any(|name| parts.headers.contains_key(*name));
        let host = parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        Ok(Demo(
            web.options().demo_sign_in
                && web.bound.ip().is_loopback()
                && is_near
                && !is_brought
                && host.is_some_and(is_loopback_name),
        ))
    }
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

async fn door(
    State(web): State<Web>,
    Reader(lang): Reader,
    signed: Result<Signed, guard::NotSigned>,
    Demo(is_demo): Demo,
) -> Result<Response, Problem> {
    if signed.is_ok() {
        return Ok(Redirect::to("/desk").into_response());
    }
    let members: Vec<_> = web
        .app()
        .setup
        .members
        .values()
        .filter(|_| is_demo)
        .map(|member| context! { id => member.id.as_str(), name => member.name.as_str() })
        .collect();
    page(
        "login.html",
        lang,
        context! { members, is_demo, back => "/login" },
    )
}

#[derive(Deserialize)]
struct Who {
    member: String,
}

async fn demo(
    State(web): State<Web>,
    Demo(is_demo): Demo,
    headers: HeaderMap,
    jar: CookieJar,
    Form(who): Form<Who>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    if !is_demo {
        return Err(Problem::forbidden(
            "no-demo",
            "only the demo, on this machine, lets you choose who to be",
        ));
    }
    let member = web.app().setup.find_member(&who.member);
    let member = member.ok_or_else(|| Problem::bad_field("member", "no such member"))?;
    let session = web.app().open_session(&member.id).await?;
    Ok(enter(&web, jar, session))
}

async fn offer(Reader(lang): Reader, Path(token): Path<String>) -> Result<Response, Problem> {
    page("sign_in.html", lang, context! { token })
}

async fn take(
    State(web): State<Web>,
    Reader(lang): Reader,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    match web.app().take_login(&token).await? {
        Some((session, _)) => Ok(enter(&web, jar, session)),
        None => {
            web.missed(Door::Link, client)?;
            Ok(page::message(
                StatusCode::UNAUTHORIZED,
                lang,
                &words::say(lang, msg!("web-link-spent")),
                &words::say(lang, msg!("web-link-spent-advice")),
            ))
        }
    }
}

fn enter(web: &Web, jar: CookieJar, session: String) -> Response {
    let cookie = guard::cookie(web, SESSION, session, "/", SameSite::Strict);
    (jar.add(cookie), Redirect::to("/desk")).into_response()
}

async fn leave(
    State(web): State<Web>,
    signed: Signed,
    jar: CookieJar,
) -> Result<Response, Problem> {
    web.app().sign_out(&signed.token).await?;
    let gone = Cookie::build(SESSION).path("/");
    Ok((jar.remove(gone), Redirect::to("/login")).into_response())
}
