//! The status page behind an unguessable link: owner, stage, due time, the answer; and a message to us.

use super::super::guard::{self, Reader};
use super::super::guesses::Client;
use super::super::markup::{Html, escape, time};
use super::super::page;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::super::words;
use super::no_such_link;
use crate::app::desk::ActError;
use crate::app::ports::Reference;
use crate::app::views::View;
use crate::app::wording::{Field, Markup, Words, requester_text, sentence};
use crate::domain::inquiry::{LinkStanding, Relation};
use crate::domain::notice::{Arg, Message};
use crate::i18n::{self, Lang};
use crate::msg;
use crate::time::ms;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

/// The longest message that is taken, in characters.
const TEXT: usize = 20_000;

/// What of the history the requester sees: what was said to them and by them. The rest stays with us.
///
/// Each with the sentence that says it to them rather than to the team.
const TALK: [(&str, &str); 8] = [
    ("notice-replied", msg!("requester-replied")),
    ("notice-asked", msg!("requester-asked")),
    ("notice-bounced", msg!("requester-bounced")),
    ("notice-bounced-again", msg!("requester-bounced")),
    ("notice-requester-replied", msg!("requester-wrote")),
    ("notice-requester-after-end", msg!("requester-wrote")),
    ("notice-severity-agreed", msg!("requester-severity-agreed")),
    (
        "notice-severity-agreed-note",
        msg!("requester-severity-agreed"),
    ),
];

pub(super) async fn show(
    State(web): State<Web>,
    Reader(lang): Reader,
    client: Client,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    shown(&web, lang, client, &token, None).await
}

/// What was split off, by the link of what it was split off.
pub(super) async fn show_split(
    State(web): State<Web>,
    Reader(lang): Reader,
    client: Client,
    Path((token, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    match name.parse() {
        Ok(about) => shown(&web, lang, client, &token, Some(about)).await,
        Err(()) => no_such_link(&web, client, lang),
    }
}

async fn shown(
    web: &Web,
    lang: Lang,
    client: Client,
    token: &str,
    about: Option<Reference>,
) -> Result<Response, Problem> {
    super::portal(web)?;
    let Some(view) = web.app().portal_status(token, about, lang).await? else {
        return no_such_link(web, client, lang);
    };
    let address = address(token, about);
    let html = Html::default();
    let text = requester_text(&view.card, &view.context, &html);
    let field = |field: Field| {
        context! {
            label => field.label,
            value => Value::from_safe_string(field.value),
        }
    };
    let received = i18n::instant(lang, view.card.received_at, &view.context.zone, web.now());
    page::page(
        "portal_status.html",
        lang,
        context! {
            address => Value::from_safe_string(escape(&address)),
            links => links(&view, token, &html),
            reference => view.stored.reference.to_string(),
            tone => Value::from(Serde(text.tone)),
            stage => Value::from_safe_string(text.stage),
            is_open => view.stored.inquiry.is_open(),
            title => Value::from_safe_string(text.title),
            // What was split off was written by colleagues, for colleagues.
            body => text.body.filter(|_| !view.stored.inquiry.is_split()).map(Value::from_safe_string),
            fields => text.fields.into_iter().map(field).collect::<Vec<_>>(),
            filed => text.filed.into_iter().map(field).collect::<Vec<_>>(),
            answer => text.answer.into_iter().map(field).collect::<Vec<_>>(),
            talk => talk(&view, &html),
            received => Value::from_safe_string(time(view.card.received_at, &received)),
            form_id => web.app().ids.id(),
            now_ms => ms(web.now()),
            relative => words::relative(lang),
            back => address,
        },
    )
}

fn address(token: &str, about: Option<Reference>) -> String {
    match about {
        Some(about) => format!("/portal/s/{token}/{about}"),
        None => format!("/portal/s/{token}"),
    }
}

/// What was split off it, and what it was split off: each with a link of its own.
fn links(view: &View, token: &str, html: &Html) -> Vec<Value> {
    let words = Words::of(&view.context);
    let seen = view.card.links.iter().filter_map(|link| {
        let label = match link.relation {
            Relation::SplitFrom => msg!("requester-split-from"),
            Relation::SplitInto => msg!("requester-split-into"),
            Relation::Follows | Relation::FollowedBy => return None,
        };
        let seen = link.seen.as_ref()?;
        let reference = Reference(seen.reference);
        let standing = match seen.standing {
            LinkStanding::Unclaimed => msg!("requester-unclaimed"),
            LinkStanding::Active => msg!("requester-active"),
            LinkStanding::Waiting => msg!("requester-link-waiting"),
            LinkStanding::Resolved => msg!("requester-resolved"),
            LinkStanding::Closed => msg!("requester-link-closed"),
        };
        Some(context! {
            label => words::say(words.lang, label),
            address => Value::from_safe_string(escape(&address(token, Some(reference)))),
            reference => reference.to_string(),
            title => Value::from_safe_string(html.outside(&words.text(&seen.title))),
            standing => words::say(words.lang, standing),
        })
    });
    seen.collect()
}

/// Replies, questions and messages, oldest first.
fn talk(view: &View, html: &Html) -> Vec<Value> {
    let words = Words::of(&view.context);
    let lines = view.timeline.iter();
    lines
        .filter_map(|(at, message)| {
            let message = headline(message);
            let (_, said) = TALK.iter().find(|(id, _)| *id == message.id)?;
            let args = message.args.clone();
            let id = (*said).to_owned();
            Some((at, Message { id, args }))
        })
        .map(|(at, message)| {
            let when = i18n::instant(words.lang, *at, words.zone, words.now);
            context! {
                at => Value::from_safe_string(time(*at, &when)),
                text => Value::from_safe_string(sentence(&message, &words, html)),
            }
        })
        .collect()
}

/// What a message says first; the lines below it are ours.
fn headline(message: &Message) -> &Message {
    match message.args.get("lines") {
        Some(Arg::Lines(lines)) if message.id == "lines" => lines.first().unwrap_or(message),
        Some(_) | None => message,
    }
}

#[derive(Deserialize)]
pub(super) struct Written {
    text: String,
    #[serde(default)]
    form_id: String,
}

pub(super) async fn write(
    State(web): State<Web>,
    Reader(lang): Reader,
    client: Client,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    taken(&web, lang, client, (&token, None), &written).await
}

pub(super) async fn write_to_split(
    State(web): State<Web>,
    Reader(lang): Reader,
    client: Client,
    headers: HeaderMap,
    Path((token, name)): Path<(String, String)>,
    Form(written): Form<Written>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    match name.parse() {
        Ok(about) => taken(&web, lang, client, (&token, Some(about)), &written).await,
        Err(()) => no_such_link(&web, client, lang),
    }
}

async fn taken(
    web: &Web,
    lang: Lang,
    client: Client,
    (token, about): (&str, Option<Reference>),
    written: &Written,
) -> Result<Response, Problem> {
    super::portal(web)?;
    let text = written.text.trim();
    if text.chars().count() > TEXT {
        return Err(Problem::bad_field("text", "longer than 20000 characters"));
    }
    if !text.is_empty() {
        let form_id = match written.form_id.is_empty() {
            true => web.app().ids.id(),
            // Made this link's own, so that nobody else's form can use it up.
            false => format!("{token} {}", written.form_id),
        };
        let sent = web.app().portal_message(token, about, text, &form_id);
        match sent.await {
            Ok(_) => {}
            Err(ActError::NotFound) => return no_such_link(web, client, lang),
            Err(ActError::Refused(_)) => return Ok(too_late(lang)),
            Err(error @ (ActError::Contended | ActError::Store(_))) => return Err(error.into()),
        }
    }
    Ok(Redirect::to(&address(token, about)).into_response())
}

/// A message that the inquiry does not take any more.
fn too_late(lang: Lang) -> Response {
    page::message(
        StatusCode::CONFLICT,
        lang,
        &words::say(lang, msg!("web-portal-too-late")),
        &words::say(lang, msg!("web-portal-too-late-advice")),
    )
}
