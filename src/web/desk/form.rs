//! The words a verb needs, as a small form; for a resolution by the inquiry's kind.
//!
//! Promises: what can be chosen is chosen, from what there is. Leaves out whether it can be done: whoever performs says.

mod label;

use super::super::guard::Signed;
use super::super::page;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::super::words;
use crate::app::ports::{Draft, Inbox, Reference, Stored};
use crate::app::verbs::{Param, ParamKind, Request, Verb};
use crate::app::wording::{PlainText, Words, proposal_text, sentence};
use crate::domain::inquiry::{Kind, Severity};
use crate::domain::sla::Definition;
use crate::i18n::{self, Args, Lang};
use crate::msg;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use label::{empty, hint, label};
use minijinja::{Value, context};
use std::collections::{BTreeMap, HashMap};

/// What a form is made of beside its verb.
#[derive(Default)]
struct Known {
    reference: Option<Reference>,
    kind: Option<Kind>,
    categories: Vec<String>,
    definitions: BTreeMap<Severity, Definition>,
    /// The severity that is proposed.
    proposed: Option<Severity>,
    /// What of the duty book can be meant: number and line.
    entries: Vec<(u64, String)>,
    /// What it says before anybody has typed.
    draft: Draft,
    /// What stands above the fields.
    lines: Vec<String>,
}

/// `GET /desk/inquiry/{reference}/form/{verb}`.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path((name, verb)): Path<(String, String)>,
    Query(chosen): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("there is no form \"{verb}\" for \"{name}\""));
    let reference: Reference = name.parse().map_err(|()| missing())?;
    let verb = Verb::find(&verb)
        .filter(|verb| verb.needs_inquiry())
        .ok_or_else(missing)?;
    let view = web.app().view(reference, signed.lang).await?;
    let mut view = view.ok_or_else(missing)?;
    view.context.lang = signed.lang;
    let inquiry = &view.stored.inquiry;
    let resolve = web.app().resolve_form(&inquiry.id).await;
    let resolve = resolve.ok_or_else(missing)?;
    let policy = web.app().policy(&inquiry.policy).await?;
    let proposed = inquiry.proposal.as_ref().map(|proposal| proposal.to);
    let draft_of = chosen_so_far(Request::new(verb, Some(reference)), chosen);
    let draft = web.app().draft_of(&draft_of, Some(&view.stored)).await?;
    let is_answer = matches!(verb, Verb::AgreeSeverity | Verb::DeclineSeverity);
    let words = Words::of(&view.context);
    // Whoever names a category sees what development knows of it.
    let issues = match verb {
        Verb::Resolve => web.app().issue_lines(inquiry).await?,
        _ => Vec::new(),
    };
    let issues = issues.iter().map(|line| sentence(line, &words, &PlainText));
    let known = Known {
        reference: Some(reference),
        kind: Some(resolve.kind),
        categories: resolve.categories,
        definitions: policy.definitions.clone(),
        proposed: proposed.filter(|_| is_answer),
        lines: proposal_text(&view.card, &words, &PlainText)
            .filter(|_| is_answer)
            .into_iter()
            .chain(about_refusal(&web, &view.stored, verb, &draft, signed.lang))
            .chain(about_issue(verb, &draft, signed.lang))
            .chain(issues)
            .collect(),
        draft,
        ..Known::default()
    };
    filled(&web, signed.lang, verb, &known)
}

/// What becomes of a refusal: it is sent, or has to be said over there.
fn about_refusal(
    web: &Web,
    stored: &Stored,
    verb: Verb,
    draft: &Draft,
    lang: Lang,
) -> Option<String> {
    let is_offered = verb == Verb::Refuse && draft.given.contains_key("text");
    let is_sent = web.app().takes_replies(stored);
    is_offered.then(|| match is_sent {
        true => words::say(lang, msg!("web-form-refusal")),
        false => words::say(lang, msg!("web-form-refusal-elsewhere")),
    })
}

/// What somebody should know who files, links or unlinks: where it goes if there is nothing to choose, and what stays.
fn about_issue(verb: Verb, draft: &Draft, lang: Lang) -> Option<String> {
    match (verb, draft.choices("tracker")) {
        (Verb::File | Verb::Link, [(_, name)]) => {
            let args = Args::new().with("tracker", name.as_str());
            Some(i18n::say(lang, msg!("web-form-tracker"), &args))
        }
        (Verb::Unlink, _) => Some(words::say(lang, msg!("web-form-unlink"))),
        _ => None,
    }
}

/// With what has been chosen in the form by now, which may decide what else it says.
fn chosen_so_far(request: Request, chosen: BTreeMap<String, String>) -> Request {
    let params = request.verb.params();
    let known = chosen
        .into_iter()
        .filter(|(name, _)| params.iter().any(|param| param.name == name));
    known.fold(request, |request, (name, value)| request.with(&name, value))
}

/// Whether what is chosen there decides what stands in the other fields.
fn decides(verb: Verb, param: &Param) -> bool {
    matches!(
        (verb, param.name),
        (Verb::File, "tracker") | (Verb::OutOfScope, "to") | (Verb::Reply, "template")
    )
}

/// `GET /desk/form/{verb}`: of a verb that is about no inquiry.
pub(super) async fn show_alone(
    State(web): State<Web>,
    signed: Signed,
    Path(verb): Path<String>,
) -> Result<Response, Problem> {
    let verb = Verb::find(&verb)
        .filter(|verb| !verb.needs_inquiry() && !verb.params().is_empty())
        .ok_or_else(|| Problem::not_found(format!("there is no form \"{verb}\"")))?;
    let app = web.app();
    let texts = HashMap::new();
    let words = Words {
        lang: signed.lang,
        zone: &app.setup.zone,
        now: web.now(),
        texts: &texts,
        people: &app.setup.people,
    };
    let entries = app.book_choices(verb, &signed.member).await?;
    let known = Known {
        draft: app.draft_of(&Request::new(verb, None), None).await?,
        entries: entries
            .iter()
            .map(|(number, line)| (*number, sentence(line, &words, &PlainText)))
            .collect(),
        ..Known::default()
    };
    filled(&web, signed.lang, verb, &known)
}

fn filled(web: &Web, lang: Lang, verb: Verb, known: &Known) -> Result<Response, Problem> {
    let mut params: Vec<&Param> = verb.params().iter().collect();
    // Where an issue goes decides its words, as what a reply begins with does, so it comes first; what is noted for ourselves comes last.
    params.sort_by_key(|param| match (verb, param.name) {
        (Verb::File, "tracker") | (Verb::Reply, "template") => 0,
        (Verb::OutOfScope, "note") => 2,
        _ => 1,
    });
    let params = params.into_iter();
    let fields: Vec<Value> = params
        .filter(|param| is_asked(verb, param, known.kind))
        // Of one rota nothing is to be chosen.
        .filter(|param| param.name != "rota" || web.app().setup.rotas.len() > 1)
        .filter(|param| param.name != "template" || !known.draft.choices("template").is_empty())
        .filter(|param| param.name != "tracker" || known.draft.choices("tracker").len() > 1)
        .map(|param| field(web, lang, verb, param, known))
        .collect();
    let html = page::fill(
        "form.html",
        lang,
        context! {
            reference => known.reference.map_or_else(String::new, |reference| reference.to_string()),
            verb => verb.name(),
            heading => super::verb_name(verb, lang),
            about => i18n::say(lang, &verb.description(), &Args::new()),
            // Without anything to choose from there is nothing to be done.
            is_blocked => is_number(verb) && known.entries.is_empty(),
            lines => known.lines.clone(),
            fields,
        },
    )?;
    Ok(Html(html).into_response())
}

/// An investigation ends with cause and workaround, a specification with an answer.
fn is_asked(verb: Verb, param: &Param, kind: Option<Kind>) -> bool {
    match (verb, param.name) {
        (Verb::Resolve, "cause" | "workaround" | "no_workaround") => {
            kind == Some(Kind::Investigation)
        }
        (Verb::Resolve, "answer") => kind == Some(Kind::Specification),
        _ => true,
    }
}

/// Whether a verb is about something of the duty book by its number, and can do without nothing.
fn is_number(verb: Verb) -> bool {
    verb.params().iter().any(|param| param.name == "number")
}

fn field(web: &Web, lang: Lang, verb: Verb, param: &Param, known: &Known) -> Value {
    let (control, choices) = control(web, lang, verb, param, known);
    // What a resolution needs is told by its kind; the domain has the last word.
    let is_required = param.is_required
        || verb == Verb::Resolve && matches!(param.name, "category" | "cause" | "answer")
        || matches!((verb, param.name), (Verb::Unlink, "issue"))
        // One of them is chosen already.
        || param.name == "tracker" && value(param, known).is_some();
    context! {
        name => param.name,
        value => value(param, known),
        label => i18n::say(lang, label(verb, param), &Args::new()),
        hint => hint(verb, param, is_required, (control == "moment").then_some(&web.app().setup.zone), lang),
        empty => i18n::say(lang, empty(verb, param, is_required), &Args::new()),
        control,
        choices,
        is_required,
        decides => decides(verb, param),
    }
}

/// What a field begins with.
fn value(param: &Param, known: &Known) -> Option<String> {
    let proposed = known.proposed.map(|proposed| proposed.to_string());
    let is_severity = param.kind == ParamKind::Severity;
    let given = || known.draft.given.get(param.name).cloned();
    proposed.filter(|_| is_severity).or_else(given)
}

/// Whether to choose nothing means this already, so that it would stand there twice.
fn is_said_by_nothing(verb: Verb, param: &Param, choice: &str) -> bool {
    matches!(
        (verb, param.name, choice),
        (Verb::Bounce, "told", "here") | (Verb::Transfer, "as", "misrouted")
    )
}

/// How a parameter is asked for, and what there is to choose from.
fn control(
    web: &Web,
    lang: Lang,
    verb: Verb,
    param: &Param,
    known: &Known,
) -> (&'static str, Vec<Value>) {
    let setup = &web.app().setup;
    let choice = |value: &str, name: String| context! { value, name };
    let chosen_from = |choices: &[(String, String)]| {
        let choices = choices.iter();
        let choices = choices.map(|(value, name)| choice(value, name.clone()));
        ("choice", choices.collect())
    };
    match (param.kind, param.name) {
        (ParamKind::Text, "rota") => {
            let rotas = setup.rotas.keys();
            let choices = rotas.map(|rota| choice(rota, web.app().rota_name(rota)));
            ("choice", choices.collect())
        }
        (ParamKind::Text, "number" | "which") => {
            let entries = known.entries.iter();
            let choices = entries.map(|(number, line)| choice(&number.to_string(), line.clone()));
            ("choice", choices.collect())
        }
        (ParamKind::Text, name @ ("tracker" | "template")) => {
            chosen_from(known.draft.choices(name))
        }
        (ParamKind::Text, "issue") if verb == Verb::Unlink => {
            chosen_from(known.draft.choices("issue"))
        }
        (ParamKind::Text, "issue" | "title" | "case") => ("line", Vec::new()),
        (ParamKind::Text, "text") if verb == Verb::List => ("line", Vec::new()),
        (ParamKind::Text, "who") if verb == Verb::OutOfScope => ("line", Vec::new()),
        (ParamKind::Text, _) => ("text", Vec::new()),
        // The proposal that stands above the fields.
        (ParamKind::Severity, _) if known.proposed.is_some() => ("hidden", Vec::new()),
        (ParamKind::Day, _) => ("day", Vec::new()),
        (ParamKind::Time, _) if verb.is_about_duty() => ("moment", Vec::new()),
        (ParamKind::Time, _) => ("time", Vec::new()),
        (ParamKind::Member, _) => {
            let members = setup.members.values();
            let choices = members.map(|member| choice(member.id.as_str(), member.name.clone()));
            ("choice", choices.collect())
        }
        (ParamKind::Queue, _) => {
            let queues = setup.queues.values();
            let choices = queues.map(|queue| choice(queue.id.as_str(), queue.name.clone()));
            ("choice", choices.collect())
        }
        (ParamKind::Severity, _) => {
            let choices = Severity::ALL.into_iter().zip(1..).map(|(severity, level)| {
                let name = i18n::severity(lang, level);
                let means = known.definitions.get(&severity).map(|means| match lang {
                    Lang::Ja => &means.ja,
                    Lang::En => &means.en,
                });
                let name = means.map_or(name.clone(), |means| format!("{name} – {means}"));
                choice(&severity.to_string(), name)
            });
            ("choice", choices.collect())
        }
        (ParamKind::Category, _) => {
            let categories = known.categories.iter();
            (
                "choice",
                categories.map(|name| choice(name, name.clone())).collect(),
            )
        }
        (ParamKind::Choice(of), _) => {
            let choices = of
                .iter()
                .filter(|(en, _)| !is_said_by_nothing(verb, param, en))
                .map(|(en, ja)| choice(en, label::chosen(en, ja, lang)));
            ("choice", choices.collect())
        }
    }
}

#[cfg(test)]
mod tests;
