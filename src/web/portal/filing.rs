//! Filing an escalation: the form, and what is wrong with it.

use super::super::guard::{self, Reader};
use super::super::page;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::super::words;
use super::Known;
use crate::app::portal::PortalForm;
use crate::domain::gate::{Gate, Need};
use crate::i18n::Lang;
use crate::msg;
use crate::time::{DateTime, Timestamp, resolve};
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest title and the longest text that are taken, in characters.
const TITLE: usize = 200;
const TEXT: usize = 20_000;

/// The form as the browser sends it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filing {
    /// Made with the form, so that sending it twice files once.
    form_id: String,
    title: String,
    body: String,
    requester: String,
    customer: String,
    product: String,
    plan: String,
    severity: String,
    kind: String,
    business_stopped: String,
    needed_by: String,
    tried: String,
    settings_checked: String,
    environment: String,
    error_text: String,
}

/// The fields beside which it can stand what is wrong with them.
const BESIDE: [&str; 8] = [
    "title",
    "needed_by",
    "body",
    "customer",
    "tried",
    "settings_checked",
    "environment",
    "error_text",
];

/// What is wrong with a form: a field and what to do about it.
type Wrong = (&'static str, String);

/// Shows the form, with what was typed and what is wrong with it.
pub(super) fn form(
    web: &Web,
    lang: Lang,
    filing: &Filing,
    wrong: &[Wrong],
) -> Result<Response, Problem> {
    let mut filing = filing.clone();
    if !is_secret(&filing.form_id) {
        filing.form_id = web.app().ids.token();
    }
    let setup = &web.app().setup;
    let known = |of: fn(&crate::app::setup::SourceSetup) -> &Vec<String>| {
        setup
            .sources
            .values()
            .flat_map(of)
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    let severities: Vec<_> = [
        ("S1", msg!("web-portal-s1")),
        ("S2", msg!("web-portal-s2")),
        ("S3", msg!("web-portal-s3")),
        ("S4", msg!("web-portal-s4")),
    ]
    .into_iter()
    .zip(1..)
    .map(|((value, meaning), level)| {
        context! { value, name => crate::i18n::severity(lang, level), meaning => words::say(lang, meaning) }
    })
    .collect();
    let status = match wrong.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut errors: BTreeMap<&str, Option<String>> = BESIDE.map(|field| (field, None)).into();
    errors.extend(wrong.iter().map(|(field, why)| (*field, Some(why.clone()))));
    let gate = web.app().usual_gate();
    let hints: BTreeMap<&str, String> = Need::ALL
        .into_iter()
        .map(|need| (need.key(), words::say(lang, hint(&gate, need))))
        .collect();
    let html = page::fill(
        "portal.html",
        lang,
        context! {
            filing => Value::from(Serde(&filing)),
            severities,
            products => known(|source| &source.known_products),
            plans => known(|source| &source.known_plans),
            zone => setup.zone.iana_name().unwrap_or("UTC"),
            errors,
            wrong => match wrong {
                [] => None,
                [(_, why)] => Some(why.clone()),
                _ => Some(words::say(lang, msg!("web-portal-wrong-gate"))),
            },
            hints,
            // Asked of a specification too only where its queue wants it.
            is_for_both => gate.specification.contains(&Need::ErrorText),
            back => "/portal",
        },
    )?;
    Ok((status, Html(html)).into_response())
}

pub(super) async fn file(
    State(web): State<Web>,
    Reader(lang): Reader,
    Known(is_known): Known,
    headers: HeaderMap,
    Form(filing): Form<Filing>,
) -> Result<Response, Problem> {
    guard::own_origin(&Method::POST, &headers, &web)?;
    if !is_known {
        return Ok(Redirect::to("/portal").into_response());
    }
    let source = &super::portal(&web)?.source;
    let read = match read(&web, lang, &filing) {
        Ok(read) => read,
        Err((field, id)) => return form(&web, lang, &filing, &[(field, words::say(lang, id))]),
    };
    let gaps = web.app().portal_gaps(source, &read).await?;
    if !gaps.is_empty() {
        let wrong = gaps
            .iter()
            .map(|gap| (gap.key(), words::say(lang, asked(*gap))));
        let wrong: Vec<Wrong> = wrong.collect();
        return form(&web, lang, &filing, &wrong);
    }
    let filed = web.app().file(source, read).await?;
    Ok(Redirect::to(&format!("/portal/s/{}", filed.token)).into_response())
}

/// Of which kinds a field is wanted.
fn hint(gate: &Gate, need: Need) -> &'static str {
    let is_wanted = |needs: &[Need]| needs.contains(&need);
    match (
        is_wanted(&gate.investigation),
        is_wanted(&gate.specification),
    ) {
        (true, true) => msg!("web-form-needed"),
        (true, false) => msg!("web-portal-needed-investigation"),
        (false, true) => msg!("web-portal-needed-specification"),
        (false, false) => msg!("web-form-optional"),
    }
}

/// What whoever files is asked for.
fn asked(need: Need) -> &'static str {
    match need {
        Need::Body => msg!("web-portal-wrong-body"),
        Need::Customer => msg!("web-portal-wrong-customer"),
        Need::Tried => msg!("web-portal-wrong-tried"),
        Need::SettingsChecked => msg!("web-portal-wrong-settings-checked"),
        Need::Environment => msg!("web-portal-wrong-environment"),
        Need::ErrorText => msg!("web-portal-wrong-error-text"),
    }
}

/// Reads the form, or says which field is wrong and why.
fn read(
    web: &Web,
    lang: Lang,
    filing: &Filing,
) -> Result<PortalForm, (&'static str, &'static str)> {
    if !is_secret(&filing.form_id) {
        return Err(("form_id", msg!("web-portal-wrong-form")));
    }
    let tidy = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if filing.title.trim().is_empty() {
        return Err(("title", msg!("web-portal-wrong-title")));
    }
    if filing.title.chars().count() > TITLE {
        return Err(("title", msg!("web-portal-wrong-title-long")));
    }
    let fields = [
        ("body", &filing.body),
        ("tried", &filing.tried),
        ("environment", &filing.environment),
        ("error_text", &filing.error_text),
        ("requester", &filing.requester),
        ("customer", &filing.customer),
        ("product", &filing.product),
        ("plan", &filing.plan),
    ];
    for (field, text) in fields {
        if text.chars().count() > TEXT {
            return Err((field, msg!("web-portal-wrong-long")));
        }
    }
    if !["S1", "S2", "S3", "S4"].contains(&filing.severity.as_str()) {
        return Err(("severity", msg!("web-portal-wrong-severity")));
    }
    if !["investigation", "specification"].contains(&filing.kind.as_str()) {
        return Err(("kind", msg!("web-portal-wrong-kind")));
    }
    Ok(PortalForm {
        form_id: filing.form_id.clone(),
        title: filing.title.trim().to_owned(),
        body: tidy(&filing.body),
        requester: tidy(&filing.requester),
        customer: tidy(&filing.customer),
        product: tidy(&filing.product),
        plan: tidy(&filing.plan),
        severity: tidy(&filing.severity),
        kind: tidy(&filing.kind),
        region: None,
        business_stopped: !filing.business_stopped.is_empty(),
        needed_by: needed_by(web, &filing.needed_by)?,
        tried: tidy(&filing.tried),
        settings_checked: Some(filing.settings_checked.trim().to_owned())
            .filter(|said| matches!(said.as_str(), "yes" | "no")),
        environment: tidy(&filing.environment),
        error_text: tidy(&filing.error_text),
        language: Some(lang.code().to_owned()),
    })
}

/// The form's id becomes the secret of the status link, so only one of our own making is taken.
fn is_secret(id: &str) -> bool {
    (32..=100).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The browser's local time, in the zone that stands beside the field.
fn needed_by(web: &Web, text: &str) -> Result<Option<Timestamp>, (&'static str, &'static str)> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let local: DateTime = text
        .trim()
        .parse()
        .map_err(|_| ("needed_by", msg!("web-portal-wrong-needed-by")))?;
    let at = resolve(local, &web.app().setup.zone);
    if at <= web.now() {
        return Err(("needed_by", msg!("web-portal-wrong-past")));
    }
    Ok(Some(at))
}
