//! Who is asking: a member by cookie, a script by token, our own command line by the local key.
//!
//! A cookie acts only for pages of our own origin: it is `SameSite=Strict`, and a request that changes
//! something must also say, in a header that scripts cannot forge, that it comes from here.

use super::guesses::{Client, Door};
use super::parts::Web;
use super::problem::Problem;
use crate::app::ports::AskedBy;
use crate::domain::ids::MemberId;
use crate::i18n::Lang;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use subtle::ConstantTimeEq;

/// The cookie of a member who is signed in.
pub(super) const SESSION: &str = "toban_session";
/// The cookie of somebody's language before we know who they are.
pub(super) const LANGUAGE: &str = "toban_lang";
/// With the local key: the member for whom the command line speaks.
const AS: &str = "x-toban-as";

/// Whoever may use the API.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub by: AskedBy,
    /// The way they came, for the ledger.
    pub via: &'static str,
    pub lang: Lang,
    /// Whether it is the operator's own key: it alone may make sign-in links.
    pub is_local: bool,
}

impl Caller {
    /// Names the caller in command keys, so that two callers' keys never meet.
    pub fn key(&self) -> String {
        match &self.by {
            AskedBy::Member(id) => format!("member:{id}"),
            AskedBy::Token(name) => format!("token:{name}"),
            AskedBy::Chat { platform, id, .. } => format!("{platform}:{id}"),
        }
    }

    /// The member who asks, if a member it is.
    pub fn member(&self) -> Option<&MemberId> {
        match &self.by {
            AskedBy::Member(id) => Some(id),
            AskedBy::Token(_) | AskedBy::Chat { .. } => None,
        }
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let token = value
                .to_str()
                .ok()
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, token)| token.trim())
                .ok_or_else(Problem::unauthorized)?;
            let token = token.to_owned();
            let Ok(client) = Client::from_request_parts(parts, web).await;
            return by_token(&token, client, &parts.headers, web).await;
        }
        let signed = Signed::from_request_parts(parts, web)
            .await
            .map_err(|problem| problem.0)?;
        Ok(Caller {
            by: AskedBy::Member(signed.member),
            via: "desk",
            lang: signed.lang,
            is_local: false,
        })
    }
}

async fn by_token(
    token: &str,
    client: Client,
    headers: &HeaderMap,
    web: &Web,
) -> Result<Caller, Problem> {
    let local = web.options().local_key.as_ref();
    if local.is_some_and(|key| same(key.expose(), token)) {
        let by = match headers.get(AS).and_then(|value| value.to_str().ok()) {
            None => AskedBy::Token("cli".to_owned()),
            Some(word) => {
                let member = web.app().setup.find_member(word).ok_or_else(|| {
                    Problem::bad_field(AS, &format!("there is no member \"{word}\""))
                })?;
                AskedBy::Member(member.id.clone())
            }
        };
        return Ok(Caller {
            lang: language_of(&by, headers, web).await,
            by,
            via: "cli",
            is_local: true,
        });
    }
    let Some(by) = web.app().bearer(token).await? else {
        web.missed(Door::Token, client)?;
        return Err(Problem::unauthorized());
    };
    Ok(Caller {
        lang: language_of(&by, headers, web).await,
        by,
        via: "api",
        is_local: false,
    })
}

/// A member who is signed in by cookie.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub member: MemberId,
    pub lang: Lang,
    /// The cookie's secret, so that a long-lived answer can end with it.
    pub token: String,
}

/// Why nobody is signed in: handlers of pages send to the sign-in page instead.
#[derive(Debug)]
pub(super) struct NotSigned(pub Problem);

impl axum::response::IntoResponse for NotSigned {
    fn into_response(self) -> axum::response::Response {
        self.0.into_response()
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = NotSigned;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, NotSigned> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar
            .get(SESSION)
            .map(|cookie| cookie.value().to_owned())
            .ok_or_else(|| NotSigned(Problem::unauthorized()))?;
        let member = web
            .app()
            .session(&token)
            .await
            .map_err(|error| NotSigned(error.into()))?
            .ok_or_else(|| NotSigned(Problem::unauthorized()))?;
        own_origin(&parts.method, &parts.headers, web).map_err(NotSigned)?;
        let by = AskedBy::Member(member.clone());
        let lang = language_of(&by, &parts.headers, web).await;
        Ok(Signed {
            member,
            lang,
            token,
        })
    }
}

/// The language that a member chose, else the request's, else ours.
async fn language_of(by: &AskedBy, headers: &HeaderMap, web: &Web) -> Lang {
    let member = match by {
        AskedBy::Member(member) => Some(member),
        AskedBy::Token(_) | AskedBy::Chat { .. } => None,
    };
    let chosen = web.app().language_of_member(member).await;
    chosen
        .or_else(|| negotiated(headers))
        .unwrap_or(web.app().setup.lang)
}

/// Anybody, with the language they read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader(pub Lang);

impl FromRequestParts<Web> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let chosen = CookieJar::from_headers(&parts.headers)
            .get(LANGUAGE)
            .and_then(|cookie| cookie.value().parse().ok());
        Ok(Reader(
            chosen
                .or_else(|| negotiated(&parts.headers))
                .unwrap_or(web.app().setup.lang),
        ))
    }
}

/// The first of the browser's languages that we speak.
fn negotiated(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    wanted.split(',').find_map(|range| {
        let tag = range.split(';').next()?.trim();
        tag.split('-').next()?.to_lowercase().parse().ok()
    })
}

/// Refuses a change that a page of another origin asks for.
///
/// Browsers send `Origin` with every such request; one that carries a cookie and no origin is none of ours.
pub(super) fn own_origin(method: &Method, headers: &HeaderMap, web: &Web) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            let public = web.options().public_url.as_deref();
            let public = public.map(|url| url.trim_end_matches('/'));
            public == Some(origin) || host.is_some_and(|host| text(header::HOST) == Some(host))
        }
        None => text(header::HeaderName::from_static("sec-fetch-site")) == Some("same-origin"),
    };
    if is_own {
        Ok(())
    } else {
        Err(Problem::forbidden(
            "other-origin",
            "this change was asked for by a page of another site",
        ))
    }
}

/// Compares secrets without telling by its time how much of them agrees.
pub(super) fn same(a: &str, b: &str) -> bool {
    use sha2::{Digest, Sha256};
    let (a, b) = (Sha256::digest(a), Sha256::digest(b));
    a.as_slice().ct_eq(b.as_slice()).into()
}

/// A cookie that scripts cannot read.
pub(super) fn cookie(
    web: &Web,
    name: &'static str,
    value: String,
    path: &'static str,
    same_site: SameSite,
) -> Cookie<'static> {
    Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .same_site(same_site)
        .secure(web.is_https())
        .permanent()
        .build()
}
