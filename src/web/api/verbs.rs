//! A verb as an HTTP call: words in, a sentence and data out.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use super::{reference, words};
use crate::app::ports::{Ask, Inbox, Reference, Told};
use crate::app::verbs::{Request, Verb};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::Refusal;
use crate::domain::rota::book::DutyRefusal;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The longest idempotency key that is taken.
const KEY_LIMIT: usize = 200;

/// `POST /inquiries/{reference}/{verb}`.
pub(super) async fn act(
    State(web): State<Web>,
    caller: Caller,
    Path((name, verb)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let reference = known(&web, &name).await?;
    let request = request(&verb, Some(reference), words(&body)?)?;
    let key = command_key(&headers, &caller)?;
    told(&web, ask(&web, &caller, request, key, None).await)
}

/// `GET /inquiries/{reference}/why` and the other verbs that only ask.
pub(super) async fn question(
    State(web): State<Web>,
    caller: Caller,
    Path((name, verb)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let reference = known(&web, &name).await?;
    let request = request(&verb, Some(reference), Vec::new())?;
    if !matches!(request.verb, Verb::Why | Verb::Show) {
        return Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
            format!("\"{verb}\" changes the inquiry: use POST"),
        ));
    }
    told(&web, ask(&web, &caller, request, None, None).await)
}

/// `GET /inquiries/{reference}/{verb}/form?to=…`: what the form of a verb says before anybody has typed, and what there is to
/// choose from, with the choices made so far.
pub(super) async fn draft(
    State(web): State<Web>,
    _: Caller,
    Path((name, verb)): Path<(String, String)>,
    Query(chosen): Query<BTreeMap<String, String>>,
) -> Result<Json<Value>, Problem> {
    let reference = known(&web, &name).await?;
    let request = request(&verb, Some(reference), chosen.into_iter().collect())?;
    let stored = web.app().store.by_reference(reference).await?;
    let draft = web.app().draft_of(&request, stored.as_ref()).await?;
    Ok(Json(json!({
        "reference": draft.reference.map(|reference| reference.to_string()),
        "given": draft.given,
        "choices": draft.choices,
    })))
}

/// `POST /issues/workaround`: `{issue, text, tracker?}`; a text of `-` takes it away.
pub(super) async fn know_workaround(
    State(web): State<Web>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let request = request(Verb::KnownWorkaround.name(), None, words(&body)?)?;
    let key = command_key(&headers, &caller)?;
    told(&web, ask(&web, &caller, request, key, None).await)
}

/// Makes a request of words, each by a name that the verb knows.
pub(super) fn request(
    verb: &str,
    reference: Option<Reference>,
    words: Vec<(String, String)>,
) -> Result<Request, Problem> {
    let verb = Verb::find(verb)
        .filter(|verb| verb.needs_inquiry() == reference.is_some())
        .ok_or_else(|| Problem::not_found(format!("there is no verb \"{verb}\" here")))?;
    let mut request = Request::new(verb, reference);
    for (name, value) in words {
        let param = verb
            .params()
            .iter()
            .find(|param| param.name == name || param.name_ja == name)
            .ok_or_else(|| unknown_param(verb, &name))?;
        request = request.with(param.name, value);
    }
    Ok(request)
}

fn unknown_param(verb: Verb, name: &str) -> Problem {
    let known: Vec<&str> = verb.params().iter().map(|param| param.name).collect();
    let why = if known.is_empty() {
        format!("{} takes nothing", verb.name())
    } else {
        format!("{} takes: {}", verb.name(), known.join(", "))
    };
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "unknown-parameter",
        "Unknown parameter",
        format!("{name}: {why}"),
    )
    .with("field", name)
    .with("reason", why)
}

/// Has a caller's request done; told in the language of the page or the request, which knows more than the desk does.
pub(in crate::web) async fn ask(
    web: &Web,
    caller: &Caller,
    request: Request,
    command_key: Option<String>,
    here: Option<InquiryId>,
) -> Told {
    let ask = Ask {
        by: caller.by.clone(),
        via: caller.via.to_owned(),
        command_key,
        verb: request,
        here,
    };
    let told = web.app().perform(ask).await;
    Told {
        lang: caller.lang,
        ..told
    }
}

/// The key that makes a repeat harmless, made the caller's own.
pub(super) fn command_key(headers: &HeaderMap, caller: &Caller) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().map(str::trim);
    let key = key
        .filter(|key| !key.is_empty() && key.len() <= KEY_LIMIT)
        .ok_or_else(|| Problem::bad_field("idempotency-key", "not 1 to 200 plain characters"))?;
    Ok(Some(format!("{}:{key}", caller.key())))
}

/// What the person is told, in plain words.
pub(in crate::web) fn said(web: &Web, told: &Told) -> String {
    let words = Words {
        lang: told.lang,
        zone: &web.app().setup.zone,
        now: web.now(),
        texts: &told.texts,
        people: &web.app().setup.people,
    };
    sentence(&told.message, &words, &PlainText)
}

/// Makes the answer: what was done, or a refusal as a problem.
pub(super) fn told(web: &Web, told: Told) -> Result<Json<Value>, Problem> {
    let said = said(web, &told);
    let reference = told.reference.map(|reference| reference.to_string());
    if !told.is_refused {
        return Ok(Json(json!({
            "reference": reference,
            "said": said,
            "data": told.data,
        })));
    }
    let status = refused(&told.data);
    Err(Problem::new(status, "refused", "Refused", said)
        .with("reference", reference)
        .with("refusal", told.data))
}

/// 409 for what the inquiry's state forbids, 422 for words that will not do, 403 for whom it is not for.
fn refused(data: &Value) -> StatusCode {
    use Refusal as R;
    match data["code"].as_str() {
        Some("unavailable") => return StatusCode::SERVICE_UNAVAILABLE,
        Some("not_found") => return StatusCode::NOT_FOUND,
        Some("refused-stranger" | "refused-role") => return StatusCode::FORBIDDEN,
        Some(_) | None => {}
    }
    if let Ok(refusal) = serde_json::from_value::<DutyRefusal>(data.clone()) {
        return refused_by_book(&refusal);
    }
    match serde_json::from_value::<Refusal>(data.clone()) {
        Ok(R::MembersOnly) => StatusCode::FORBIDDEN,
        Ok(
            R::InTheFuture { .. }
            | R::NotInTheFuture { .. }
            | R::BeforeReceipt { .. }
            | R::CategoryMissing { .. }
            | R::CategoryUnknown { .. }
            | R::CauseMissing
            | R::WorkaroundMissing
            | R::WorkaroundTwice
            | R::AnswerMissing,
        )
        // Words that could not even be made a command.
        | Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Ok(
            R::AlreadyOwned { .. }
            | R::AlreadyYours { .. }
            | R::AlreadyAssigned { .. }
            | R::NotAssigned
            | R::AssignedToOther { .. }
            | R::Unclaimed
            | R::Resolved { .. }
            | R::Closed { .. }
            | R::NotEnded
            | R::ReplyOrAskFirst { .. }
            | R::NoWayBack { .. }
            | R::NoWayToBounce { .. }
            | R::NothingToRetract
            | R::NothingToAnswer
            | R::NotWaiting
            | R::SameSeverity { .. }
            | R::NotUrgent
            | R::SameQueue { .. }
            | R::TooLate { .. }
            | R::LongClosed { .. }
            | R::NotAsked
            | R::NobodyElse
            | R::ContractCovers { .. }
            | R::ContractUnchecked
            | R::ContractExcepted { .. }
            | R::NotHeld
            | R::ResolveFirst
            | R::NoProposal
            | R::OtherProposal { .. }
            | R::AlreadyFiling { .. }
            | R::AlreadyTracked { .. }
            | R::NotTracked { .. }
            | R::NotSnoozed,
        ) => StatusCode::CONFLICT,
    }
}

/// The same for what the duty book forbids.
fn refused_by_book(refusal: &DutyRefusal) -> StatusCode {
    use DutyRefusal as D;
    match refusal {
        D::MembersOnly | D::LeadsOnly | D::NotAsked { .. } | D::NotYours { .. } => {
            StatusCode::FORBIDDEN
        }
        D::NoRota { .. } | D::NoSuchNumber { .. } | D::NoGuide => StatusCode::NOT_FOUND,
        D::EmptySpan { .. } | D::PastDays | D::SwapWithSelf | D::WhichAbsence { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        D::AbsentThen { .. }
        | D::TheirsAnyway { .. }
        | D::NotTheirShift { .. }
        | D::ShiftHasBegun { .. }
        | D::AlreadySwapped { .. }
        | D::SwapAgreed { .. }
        | D::SwapDeclined { .. }
        | D::SwapIsOff { .. }
        | D::AlreadyAbsent { .. }
        | D::NotAbsent { .. } => StatusCode::CONFLICT,
    }
}

/// The inquiry of a path, if there is one.
async fn known(web: &Web, name: &str) -> Result<Reference, Problem> {
    let reference = reference(name)?;
    match web.app().store.by_reference(reference).await? {
        Some(_) => Ok(reference),
        None => Err(Problem::not_found(format!(
            "there is no inquiry {reference}"
        ))),
    }
}
