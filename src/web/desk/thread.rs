//! The right column: one inquiry whole, what was said about it, what happened to it.

use super::super::guard::Signed;
use super::super::markup::{self, Html as Marked};
use super::super::parts::Web;
use super::super::problem::Problem;
use super::board::Board;
use super::menu;
use super::post::card_html;
use crate::app::ports::{BodyInChat, Reference};
use crate::app::why::why;
use crate::app::wording::{Words, card_text, sentence};
use crate::i18n;
use axum::extract::{Path, State};
use axum::response::Html;
use minijinja::{Value, context};

/// `GET /desk/inquiry/{reference}`.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Html<String>, Problem> {
    let missing = || Problem::not_found(format!("there is no inquiry \"{name}\""));
    let reference: Reference = name.parse().map_err(|()| missing())?;
    let board = Board::new(&web, &signed).await?;
    fragment(&board, reference)
        .await?
        .map(Html)
        .ok_or_else(missing)
}

/// The column of an inquiry, if there is such an inquiry.
pub(super) async fn fragment(
    board: &Board<'_>,
    reference: Reference,
) -> Result<Option<String>, Problem> {
    let lang = board.lang;
    let Some(mut view) = board.web.app().view(reference, lang).await? else {
        return Ok(None);
    };
    view.context.lang = lang;
    view.context.body = BodyInChat::Full;
    let html = Marked {
        me: Some(board.me.clone()),
    };
    let words = Words::of(&view.context);
    let timeline: Vec<Value> = view
        .timeline
        .iter()
        .map(|(at, message)| {
            let when = i18n::instant_without_zone(lang, *at, words.zone, words.now);
            context! {
                at => Value::from_safe_string(markup::time(*at, &when)),
                text => Value::from_safe_string(sentence(message, &words, &html)),
            }
        })
        .collect();
    let has_trackers = !board.web.app().trackers.known().is_empty();
    let menu = menu::of_inquiry(
        &view.stored.inquiry,
        &view.card,
        board.me,
        words.now,
        has_trackers,
        lang,
    );
    let reasons = board.web.app().explain(&view.stored).await?;
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|(_, lines)| {
            let said: Vec<Value> = lines
                .iter()
                .map(|line| Value::from_safe_string(sentence(&why(line), &words, &html)))
                .collect();
            context! { heading => said.first(), lines => said.get(1..) }
        })
        .collect();
    let posts = board.thread(&view.stored.inquiry.id).await?;
    let text = card_text(&view.card, &view.context, &html);
    let around = context! {
        id => format!("inquiry-{reference}"),
        reference => reference.to_string(),
        posts => Value::from_safe_string(posts),
        timeline,
        reasons,
        menu,
    };
    card_html("thread.html", &view.card, text, &view.context, around).map(Some)
}
