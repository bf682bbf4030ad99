//! The words a verb needs, as a small form; for a resolution by the inquiry's kind.

use super::super::guard::Signed;
use super::super::page;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::super::words;
use crate::app::ports::{Inbox, Reference};
use crate::app::verbs::{Param, ParamKind, Verb};
use crate::domain::inquiry::{Kind, Severity};
use crate::domain::sla::Definition;
use crate::i18n::{self, Args, Lang};
use crate::msg;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// `GET /desk/inquiry/{reference}/form/{verb}`.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path((name, verb)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("there is no form \"{verb}\" for \"{name}\""));
    let reference: Reference = name.parse().map_err(|()| missing())?;
    let verb = Verb::find(&verb)
        .filter(|verb| verb.needs_inquiry())
        .ok_or_else(missing)?;
    let stored = web
        .app()
        .store
        .by_reference(reference)
        .await?
        .ok_or_else(missing)?;
    let resolve = web
        .app()
        .resolve_form(&stored.inquiry.id)
        .await
        .ok_or_else(missing)?;
    let policy = web.app().policy(&stored.inquiry.policy).await?;
    let fields: Vec<Value> = verb
        .params()
        .iter()
        .filter(|param| verb != Verb::Resolve || is_asked(param, resolve.kind))
        .map(|param| {
            let known = (&resolve.categories[..], &policy.definitions);
            field(&web, signed.lang, verb, param, known)
        })
        .collect();
    let html = page::fill(
        "form.html",
        signed.lang,
        context! {
            reference => reference.to_string(),
            verb => verb.name(),
            heading => super::verb_name(verb, signed.lang),
            about => i18n::say(signed.lang, &verb.description(), &Args::new()),
            fields,
        },
    )?;
    Ok(Html(html).into_response())
}

/// An investigation ends with cause and workaround, a specification with an answer.
fn is_asked(param: &Param, kind: Kind) -> bool {
    match param.name {
        "cause" | "workaround" | "no_workaround" => kind == Kind::Investigation,
        "answer" => kind == Kind::Specification,
        _ => true,
    }
}

fn field(
    web: &Web,
    lang: Lang,
    verb: Verb,
    param: &Param,
    (categories, definitions): (&[String], &BTreeMap<Severity, Definition>),
) -> Value {
    let setup = &web.app().setup;
    let choice = |value: &str, name: String| context! { value, name };
    let (control, choices): (&str, Vec<Value>) = match param.kind {
        ParamKind::Text => ("text", Vec::new()),
        ParamKind::Time | ParamKind::Day => ("time", Vec::new()),
        ParamKind::Member => {
            let members = setup.members.values();
            let choices = members.map(|member| choice(member.id.as_str(), member.name.clone()));
            ("choice", choices.collect())
        }
        ParamKind::Queue => {
            let queues = setup.queues.values();
            let choices = queues.map(|queue| choice(queue.id.as_str(), queue.name.clone()));
            ("choice", choices.collect())
        }
        ParamKind::Severity => {
            let choices = Severity::ALL.into_iter().zip(1..).map(|(severity, level)| {
                let name = i18n::severity(lang, level);
                let means = definitions.get(&severity).map(|means| match lang {
                    Lang::Ja => &means.ja,
                    Lang::En => &means.en,
                });
                let name = means.map_or(name.clone(), |means| format!("{name} – {means}"));
                choice(&severity.to_string(), name)
            });
            ("choice", choices.collect())
        }
        ParamKind::Category => {
            let choices = categories.iter().map(|name| choice(name, name.clone()));
            ("choice", choices.collect())
        }
        ParamKind::Choice(of) => {
            let choices = of.iter().map(|(en, ja)| {
                let name = match lang {
                    Lang::Ja => (*ja).to_owned(),
                    Lang::En => en.replace('_', " "),
                };
                choice(en, name)
            });
            ("choice", choices.collect())
        }
    };
    // What a resolution needs is told by its kind; the domain has the last word.
    let is_required = param.is_required
        || verb == Verb::Resolve && matches!(param.name, "category" | "cause" | "answer");
    context! {
        name => param.name,
        label => words::say(lang, label(param)),
        control,
        choices,
        is_required,
        hint => words::say(lang, hint(verb, param, is_required)),
    }
}

/// What stands beside a field that need not be filled.
fn hint(verb: Verb, param: &Param, is_required: bool) -> &'static str {
    match (verb, param.name) {
        (Verb::Resolve, "workaround" | "no_workaround") => msg!("web-form-one-of-two"),
        _ if is_required => msg!("web-form-needed"),
        _ => msg!("web-form-optional"),
    }
}

fn label(param: &Param) -> &'static str {
    match (param.name, param.kind) {
        (_, ParamKind::Member) => msg!("web-param-member"),
        (_, ParamKind::Queue) => msg!("web-param-queue"),
        (_, ParamKind::Severity) => msg!("web-param-severity"),
        (_, ParamKind::Category) => msg!("web-param-category"),
        ("reason", _) => msg!("web-param-reason"),
        ("at", _) => msg!("web-param-at"),
        ("until", _) => msg!("web-param-until"),
        ("on", _) => msg!("web-param-on"),
        ("as", _) => msg!("web-param-as"),
        ("note", _) => msg!("web-param-note"),
        ("cause", _) => msg!("web-param-cause"),
        ("workaround", _) => msg!("web-param-workaround"),
        ("no_workaround", _) => msg!("web-param-no-workaround"),
        ("answer", _) => msg!("web-param-answer"),
        ("asked", _) => msg!("web-param-asked"),
        ("case", _) => msg!("web-param-case"),
        _ => msg!("web-param-text"),
    }
}
