//! The command line: one typed line, its private answer, and completion.

use super::super::api::{ask, said};
use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::super::words;
use crate::app::ports::{Inbox, Reference};
use crate::app::verbs::{LineProblem, parse_line};
use crate::i18n::{self, Args, Lang};
use crate::msg;
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

/// The longest line that is taken, in characters.
const LINE: usize = 8_000;
/// How many references are offered.
const OFFERED: usize = 12;

#[derive(Deserialize)]
pub(super) struct Typed {
    line: String,
    /// The inquiry whose thread is open, which the words need not name.
    here: Option<String>,
    key: Option<String>,
}

/// `POST /desk/line`: `{line, here?, key?}` → `{is_refused, said, reference}`.
pub(super) async fn perform(
    State(web): State<Web>,
    caller: Caller,
    Json(typed): Json<Typed>,
) -> Result<Json<Value>, Problem> {
    if typed.line.chars().count() > LINE {
        return Err(Problem::bad_field("line", "longer than 8000 characters"));
    }
    let request = match parse_line(&typed.line) {
        Ok(request) => request,
        Err(problem) => {
            let said = wrong(caller.lang, &problem);
            return Ok(Json(json!({ "is_refused": true, "said": said })));
        }
    };
    let here = match typed.here.as_deref().map(str::parse::<Reference>) {
        Some(Ok(reference)) => web.app().store.by_reference(reference).await?,
        Some(Err(())) | None => None,
    };
    let key = typed.key.filter(|key| !key.is_empty() && key.len() <= 100);
    let key = key.map(|key| format!("{}:{key}", caller.key()));
    let here = here.map(|stored| stored.inquiry.id);
    let told = ask(&web, &caller, request, key, here).await;
    Ok(Json(json!({
        "is_refused": told.is_refused,
        "said": said(&web, &told),
        "reference": told.reference.map(|reference| reference.to_string()),
    })))
}

fn wrong(lang: Lang, problem: &LineProblem) -> String {
    match problem {
        LineProblem::Empty => words::say(lang, msg!("web-line-empty")),
        LineProblem::UnknownVerb {
            given,
            nearest: None,
        } => i18n::say(
            lang,
            msg!("web-line-unknown"),
            &Args::new().with("given", given.as_str()),
        ),
        LineProblem::UnknownVerb {
            given,
            nearest: Some(verb),
        } => i18n::say(
            lang,
            msg!("web-line-unknown-nearest"),
            &Args::new().with("given", given.as_str()).with(
                "nearest",
                match lang {
                    Lang::Ja => verb.name_ja(),
                    Lang::En => verb.name(),
                },
            ),
        ),
        LineProblem::NotAReference { given, .. } => i18n::say(
            lang,
            msg!("web-line-no-reference"),
            &Args::new().with("given", given.as_str()),
        ),
    }
}

#[derive(Deserialize)]
pub(super) struct Beginning {
    #[serde(default)]
    q: String,
}

/// `GET /desk/complete?q=…`: open inquiries whose reference or title begins so.
pub(super) async fn complete(
    State(web): State<Web>,
    caller: Caller,
    Query(beginning): Query<Beginning>,
) -> Json<Value> {
    let found = web.app().complete(&caller.by, &beginning.q, OFFERED).await;
    let found: Vec<Value> = found
        .into_iter()
        .map(|(reference, line)| json!({ "reference": reference.to_string(), "line": line }))
        .collect();
    Json(json!({ "inquiries": found }))
}
