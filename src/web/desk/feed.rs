//! `/desk/feed`: a member's addresses for their calendar. They are shown once, for only their hashes are kept.

use super::super::feeds::base;
use super::super::guard::Signed;
use super::super::page;
use super::super::parts::Web;
use super::super::problem::Problem;
use crate::app::feeds::FeedOf;
use crate::i18n::{self, Args};
use crate::msg;
use axum::extract::{Form, State};
use axum::response::Response;
use minijinja::{Value, context};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Wish {
    what: String,
}

/// `GET /desk/feed`: what it is, and the two buttons.
pub(super) async fn show(State(_): State<Web>, signed: Signed) -> Result<Response, Problem> {
    let links: Vec<Value> = Vec::new();
    page::page("feed.html", signed.lang, context! { links, said => "" })
}

/// `POST /desk/feed`: makes addresses, or ends all there are.
pub(super) async fn act(
    State(web): State<Web>,
    signed: Signed,
    Form(wish): Form<Wish>,
) -> Result<Response, Problem> {
    let app = web.app();
    let member = signed.member.as_str();
    match wish.what.as_str() {
        "new" => {
            let (key, member) = app.make_feed_key(member).await?;
            let base = base(&web);
            let links: Vec<Value> = app
                .feeds_for(&member)
                .iter()
                .map(|of| {
                    let url = app.feed_address(Some(&base), of, &key);
                    let subscribe = url
                        .split_once("://")
                        .map(|(_, rest)| format!("webcal://{rest}"));
                    context! { label => label(&web, of, signed.lang), url, subscribe }
                })
                .collect();
            page::page("feed.html", signed.lang, context! { links, said => "" })
        }
        "stop" => {
            let count = app.stop_feeds(member).await?;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let args = Args::new().with("count", count);
            let said = i18n::say(signed.lang, msg!("done-feed-stop"), &args);
            let links: Vec<Value> = Vec::new();
            page::page("feed.html", signed.lang, context! { links, said })
        }
        other => Err(Problem::bad_field(
            "what",
            &format!("\"{other}\" is neither new nor stop"),
        )),
    }
}

fn label(web: &Web, of: &FeedOf, lang: i18n::Lang) -> String {
    let say = |id| i18n::say(lang, id, &Args::new());
    match of {
        FeedOf::Member(_) => say(msg!("web-feed-mine")),
        FeedOf::Rota(name) => {
            let args = Args::new().with("rota", web.app().rota_name(name));
            i18n::say(lang, msg!("web-feed-rota"), &args)
        }
        FeedOf::Team => say(msg!("web-feed-team")),
    }
}
