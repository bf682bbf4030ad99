//! `/desk`: the built-in chat in the browser. Channels to the left, live cards in the middle, the thread of an
//! inquiry to the right, and one line for the same verbs as everywhere.
//!
//! Posts are rows that the built-in platform writes; they are put into the reader's words here. Everything
//! works by links and fragments; the page's script only saves reloading.

mod board;
mod events;
mod feed;
mod form;
mod line;
mod menu;
mod post;
mod thread;

use super::guard::Signed;
use super::markup;
use super::page;
use super::parts::Web;
use super::problem::Problem;
use super::words;
use crate::app::duty_views::why_said;
use crate::app::verbs::Verb;
use crate::app::wording::Words;
use crate::i18n;
use crate::time::ms;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::{get, post as on_post};
use board::Board;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk", get(show))
        .route("/desk/channel", get(channel))
        .route("/desk/duty", get(duty))
        .route("/desk/inquiry/{reference}", get(thread::show))
        .route("/desk/inquiry/{reference}/form/{verb}", get(form::show))
        .route("/desk/form/{verb}", get(form::show_alone))
        .route("/desk/events", get(events::follow))
        .route("/desk/feed", get(feed::show).post(feed::act))
        .route("/desk/line", on_post(line::perform))
        .route("/desk/complete", get(line::complete))
}

/// Where somebody looks.
#[derive(Deserialize)]
struct Look {
    channel: Option<String>,
    inquiry: Option<String>,
}

async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let lang = signed.lang;
    let board = Board::new(&web, &signed).await?;
    let channels = board.channels();
    let asked = look.inquiry.as_deref().and_then(|name| name.parse().ok());
    // Whoever follows a link to an inquiry sees it in its channel.
    let wanted = match (look.channel, asked) {
        (Some(channel), _) => Some(channel),
        (None, Some(reference)) => board.home_of(reference).await?,
        (None, None) => None,
    };
    let open = channels
        .iter()
        .find(|channel| Some(&channel.key) == wanted.as_ref())
        .or(channels.first())
        .cloned()
        .ok_or_else(|| Problem::not_found("no queue has a channel at the desk"))?;
    // The stamp first: what is posted meanwhile comes again as an event, and takes the same place.
    let stamp = web.app().store.desk_stamp().await?;
    let posts = board.channel(&open.key).await?;
    let pinned = board.pinned(&open.key).await?;
    let thread = match asked {
        Some(reference) => thread::fragment(&board, reference).await?,
        None => None,
    };
    page::page(
        "desk.html",
        lang,
        context! {
            channels => Value::from(Serde(&channels)),
            open => Value::from(Serde(&open)),
            posts => Value::from_safe_string(posts),
            pinned => Value::from_safe_string(pinned),
            thread => thread.map(Value::from_safe_string),
            stamp,
            now_ms => ms(web.now()),
            duty => Value::from_safe_string(duty_fragment(&web, &board)?),
            me => web.app().setup.people.name(&signed.member),
            verbs => verbs(lang),
            actions => menu::groups(lang),
            script_words => words::script(lang),
            relative => words::relative(lang),
            back => "/desk",
        },
    )
}

/// The verbs for completion: what is typed, and what it does.
fn verbs(lang: i18n::Lang) -> Vec<Value> {
    Verb::ALL
        .into_iter()
        .map(|verb| {
            let typed = match lang {
                i18n::Lang::Ja => verb.name_ja(),
                i18n::Lang::En => verb.name(),
            };
            context! {
                typed,
                name => verb.name(),
                needs_inquiry => verb.needs_inquiry(),
                is_about_duty => verb.is_about_duty(),
                about => i18n::say(lang, &verb.description(), &i18n::Args::new()),
            }
        })
        .collect()
}

/// A verb as a button says it.
fn verb_name(verb: Verb, lang: i18n::Lang) -> String {
    match lang {
        i18n::Lang::Ja => verb.name_ja().to_owned(),
        i18n::Lang::En => verb.name().replace('-', " "),
    }
}

/// `GET /desk/channel?channel=…`: the posts alone.
async fn channel(
    State(web): State<Web>,
    signed: Signed,
    Query(look): Query<Look>,
) -> Result<Html<String>, Problem> {
    let board = Board::new(&web, &signed).await?;
    let key = look.channel.unwrap_or_default();
    if !board.channels().iter().any(|channel| channel.key == key) {
        return Err(Problem::not_found(format!("there is no channel \"{key}\"")));
    }
    let pinned = board.pinned(&key).await?;
    Ok(Html(pinned + &board.channel(&key).await?))
}

/// `GET /desk/duty`: the line of the header alone.
async fn duty(State(web): State<Web>, signed: Signed) -> Result<Html<String>, Problem> {
    let board = Board::new(&web, &signed).await?;
    Ok(Html(duty_fragment(&web, &board)?))
}

fn duty_fragment(web: &Web, board: &Board<'_>) -> Result<String, Problem> {
    let (lang, now) = (board.lang, web.now());
    let people = &web.app().setup.people;
    let texts = HashMap::new();
    let words = Words {
        lang,
        zone: &web.app().setup.zone,
        now,
        texts: &texts,
        people,
    };
    let duties: Vec<Value> = board
        .duty
        .iter()
        // Of several rotas of a queue only those that answer now.
        .filter(|duty| duty.answers_now())
        .map(|duty| {
            let until = i18n::instant(lang, duty.next_handoff, &web.app().setup.zone, now);
            context! {
                rota => web.app().rota_name(&duty.rota),
                member => i18n::names(lang, &[people.name(&duty.called)]),
                // Whoever is called instead of the duty is not called for its reason.
                why => why_said(duty.why.as_ref().filter(|it| it.member == duty.called), &words),
                is_me => duty.called == *board.me,
                seconds => duty.seconds.iter()
                    .map(|second| i18n::names(lang, &[people.name(&second.member)]))
                    .collect::<Vec<_>>(),
                next => i18n::names(lang, &[people.name(&duty.next)]),
                until => Value::from_safe_string(markup::time(duty.next_handoff, &until)),
            }
        })
        .collect();
    page::fill("duty.html", lang, context! { duties })
}
