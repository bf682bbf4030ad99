//! Pages: templates with escaping always on, the files they load, and the page of an error.

use super::guard::{self, LANGUAGE, Reader, Signed};
use super::parts::Web;
use super::problem::Problem;
use super::words;
use crate::i18n::Lang;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{CookieJar, SameSite};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "src/web/templates"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Assets;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for name in Templates::iter() {
        let file = Templates::get(&name).expect("a name that was listed");
        let text = String::from_utf8(file.data.into_owned()).expect("templates are UTF-8");
        environment
            .add_template_owned(name.into_owned(), text)
            .expect("a test renders every template");
    }
    environment
});

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .route("/language", post(language))
}

/// Fills a template; the words of its language are `t`.
pub(super) fn fill(name: &str, lang: Lang, values: Value) -> Result<String, Problem> {
    let template = ENVIRONMENT.get_template(name);
    template
        .and_then(|template| {
            template.render(context! { t => words::of(lang), lang => lang.code(), ..values })
        })
        .map_err(|error| {
            tracing::error!("template {name} cannot be filled: {error:#}");
            Problem::internal()
        })
}

/// Answers a page.
pub(super) fn page(name: &str, lang: Lang, values: Value) -> Result<Response, Problem> {
    Ok(Html(fill(name, lang, values)?).into_response())
}

/// Answers a page that says one thing.
pub(super) fn message(status: StatusCode, lang: Lang, heading: &str, text: &str) -> Response {
    match fill("message.html", lang, context! { heading, text }) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Whether a page is wanted rather than data.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// A file of ours; browsers ask each time whether it has changed.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let file = Assets::get(&name)
        .ok_or_else(|| Problem::not_found(format!("there is no file \"{name}\"")))?;
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let tag_value = HeaderValue::from_str(&tag).expect("a hash is plain ASCII");
    let known = headers.get(header::IF_NONE_MATCH);
    let mut response = if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = mime_guess::from_path(&name).first_or_octet_stream();
        let kind = match kind.type_() {
            mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
            _ => kind.to_string(),
        };
        ([(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response()
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, tag_value);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

#[derive(Deserialize)]
struct Chosen {
    lang: String,
    back: String,
}

/// `POST /language`: remembers the language in a cookie, and with the member if one is signed in.
async fn language(
    State(web): State<Web>,
    signed: Result<Signed, guard::NotSigned>,
    headers: HeaderMap,
    jar: CookieJar,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    guard::own_origin(&axum::http::Method::POST, &headers, &web)?;
    let lang: Lang = chosen
        .lang
        .parse()
        .map_err(|error: crate::i18n::UnknownLang| {
            Problem::bad_field("lang", &error.to_string())
        })?;
    if let Ok(signed) = signed {
        web.app()
            .store
            .set_language(&signed.member, lang.code())
            .await?;
    }
    let cookie = guard::cookie(&web, LANGUAGE, lang.code().to_owned(), "/", SameSite::Lax);
    Ok((jar.add(cookie), Redirect::to(inside(&chosen.back))).into_response())
}

/// A path of ours to go back to; anything else is the desk.
fn inside(back: &str) -> &str {
    let is_ours = back.starts_with('/')
        && !back.starts_with("//")
        && back.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_ours { back } else { "/desk" }
}

/// The page of an error.
pub(super) fn error(status: StatusCode, Reader(lang): Reader) -> Response {
    let (heading, advice) = words::error(status);
    let (heading, advice) = (words::say(lang, heading), words::say(lang, advice));
    message(status, lang, &heading, &advice)
}
