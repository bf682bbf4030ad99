//! Fetching: what is asked, what an answer holds, and when to ask again.
//!
//! Promises: an answer is bounded in size and depth; an item that is no inquiry comes beside the good ones; the cursor
//! moves only with the items it passes, and to no instant that is not reached yet. A condition (`If-None-Match`,
//! `If-Modified-Since`) is sent only while the same question is asked again, and read in the same way, so that "not
//! modified" never hides another page or what a corrected configuration would take, and never where items have details
//! that the list says nothing of, or where what is missing in the list counts. Leaves out keeping the state and counting failures: that is done where items are
//! received.

mod answer;
mod condition;
mod detail;
mod schedule;
mod stamp;

use super::mask::without_credentials;
use super::request::{Common, Rendered, quote};
use super::{Contact, Source, Sources, Way};
use crate::app::ports::{Page, PollError, Poller, SourceState};
use crate::app::snapshot::hash;
use crate::app::source_config::{BREAKER, Format, PollConfig, SourceConfig};
use crate::domain::ids::SourceId;
use crate::expr::{Document, Engine, Expression, Template};
use crate::net::{Answer, Failure, NotSent, Request, StatusCode};
use crate::time::{SignedDuration, Timestamp};
use async_trait::async_trait;
use serde_json::Value;
use std::time::Duration;

pub(super) use answer::{Besides, is_spent, rest};
pub(super) use detail::Owing;
#[cfg(test)]
pub(super) use detail::{Detail, Details};
pub(super) use schedule::Rhythm;

/// The most bytes of one answer: a hundred items of a tracker with long descriptions.
pub(super) const ANSWER_CAP: usize = 8 * 1024 * 1024;

/// The most bytes of an answer that only says whether we are known.
pub(super) const CHECK_CAP: usize = 64 * 1024;

/// The most bytes of a cursor: it is kept in a row.
const CURSOR_CAP: usize = 4 * 1024;

/// How a source is polled, made ready.
#[derive(Debug)]
pub(super) struct Plan {
    rhythm: Rhythm,
    request: Rendered,
    check: Option<Rendered>,
    details: Vec<Rendered>,
    items: Expression,
    cursor: Option<Template>,
    has_more: Option<Expression>,
    restart: Option<Template>,
    complete: Option<u32>,
    format: Format,
    common: Common,
    overlap: Option<SignedDuration>,
    breaker: u32,
    /// How answers are read: all that the configuration says of the source, and the build that reads it.
    reading: String,
}

/// How a page is refused whose name is not known any more.
const GONE: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::NOT_FOUND,
    StatusCode::GONE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// A fetch that brought nothing.
struct Failed {
    error: PollError,
    /// Whether it may be that the page which the cursor names is gone.
    is_gone: bool,
}

impl From<PollError> for Failed {
    fn from(error: PollError) -> Self {
        Failed {
            error,
            is_gone: false,
        }
    }
}

/// A page as it was fetched, before its items are mapped.
pub(super) struct Fetched {
    pub answer: Answer,
    /// What was asked, for the condition of the next time.
    pub asked: String,
    pub list: answer::List,
    pub details: detail::Details,
    /// What the check answered.
    pub known: Option<Value>,
}

impl Plan {
    pub fn compile(config: &SourceConfig, poll: &PollConfig) -> Result<Plan, (String, String)> {
        let engine = Engine::new();
        let expression = |key: &str, text: &str| {
            engine
                .compile_expression(text)
                .map_err(|error| (format!("poll.{key}"), error.to_string()))
        };
        let cursor = poll
            .cursor
            .as_deref()
            .map(|text| engine.compile_template(text))
            .transpose()
            .map_err(|error| ("poll.cursor".to_owned(), error.to_string()))?;
        let restart = poll
            .restart
            .as_deref()
            .map(|text| engine.compile_template(text))
            .transpose()
            .map_err(|error| ("poll.restart".to_owned(), error.to_string()))?;
        let has_more = poll.has_more.as_deref();
        let check = poll.check.as_ref();
        let details = poll.detail.iter().enumerate().map(|(n, detail)| match n {
            0 => Rendered::compile(detail, "poll.detail"),
            _ => Rendered::compile(detail, &format!("poll.detail[{n}]")),
        });
        Ok(Plan {
            rhythm: Rhythm::new(&poll.schedule).map_err(|why| ("poll.zone".to_owned(), why))?,
            request: Rendered::compile(&poll.request, "poll")?,
            check: check
                .map(|check| Rendered::compile(check, "poll.check"))
                .transpose()?,
            details: details.collect::<Result<_, _>>()?,
            items: expression("items", &poll.items)?,
            cursor,
            has_more: has_more
                .map(|text| expression("has_more", text))
                .transpose()?,
            restart,
            complete: poll.complete,
            format: poll.format,
            common: Common::of(config),
            overlap: poll.overlap,
            breaker: poll.breaker,
            reading: hash(&format!("{} {config:?}", env!("CARGO_PKG_VERSION"))),
        })
    }

    /// What the texts of a request see. `since` is in whole seconds, which every system reads.
    fn question(&self, contact: &Contact, state: &SourceState) -> Document {
        let since = contact
            .since
            .or(state.since)
            .filter(|_| !contact.wants_backlog);
        let second = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        let since = since.map(|at| second(at).to_string()).unwrap_or_default();
        let cursor = state.cursor.clone().unwrap_or_default();
        let from = match cursor.as_str() {
            "" => since.clone(),
            cursor => self.from(cursor, state),
        };
        self.common
            .with([("cursor", cursor), ("since", since), ("from", from)])
    }

    /// The cursor, less the overlap on the first page of a poll; a cursor that is no instant stays as it is.
    fn from(&self, cursor: &str, state: &SourceState) -> String {
        let overlap = self.overlap.filter(|_| !state.is_further_page);
        let before = overlap.and_then(|overlap| stamp::back(cursor, overlap));
        before.unwrap_or_else(|| cursor.to_owned())
    }

    /// Begins a round anew whose next page is gone: an empty page, with the cursor that the round began with.
    ///
    /// Only at the first page of a poll: what fails on the way is a failure, and the next poll begins anew. And only where
    /// another question comes of it, so that a request that is wrong in itself fails as ever.
    fn restart(
        &self,
        source: &SourceId,
        state: &SourceState,
        failed: Failed,
    ) -> Result<Page, PollError> {
        let Failed { error, is_gone } = failed;
        let restart = self.restart.as_ref();
        let restart = restart.filter(|_| is_gone && !state.is_further_page);
        let (Some(restart), Some(cursor)) = (restart, &state.cursor) else {
            return Err(error);
        };
        let seen = Document::object([("cursor", Document::text(cursor))]);
        let Ok(first) = restart.render(&seen) else {
            return Err(error);
        };
        let first = first.trim();
        if first == cursor {
            return Err(error);
        }
        metrics::counter!("toban_source_restarts_total", "source" => source.to_string())
            .increment(1);
        tracing::warn!(source = %source, "the page that the cursor of {source} names is gone, so its round begins anew: {error}");
        Ok(Page {
            items: Vec::new(),
            state: SourceState {
                cursor: Some(first.to_owned()).filter(|first| !first.is_empty()),
                etag: None,
                last_modified: None,
                last_error: Some(format!(
                    "the next page was gone, so the round begins anew: {error}"
                )),
                ..state.clone()
            },
            has_more: true,
            complete: None,
            passed: Vec::new(),
            returned: Vec::new(),
        })
    }

    /// Whether what is fetched is a table.
    pub fn is_table(&self) -> bool {
        match self.format {
            Format::Csv(_) => true,
            Format::Json => false,
        }
    }

    /// The request that asks whether we are known there, if there is one.
    pub fn check(&self, contact: &Contact, state: &SourceState) -> Option<Result<Request, String>> {
        let request = self.check.as_ref()?.fill(&self.question(contact, state));
        Some(request.map(|request| request.answer_cap(CHECK_CAP)))
    }

    /// The requests that ask for the detail of an item.
    fn detail(
        &self,
        contact: &Contact,
        state: &SourceState,
        item: &Document,
    ) -> Result<Vec<(&Rendered, Request)>, String> {
        let question = self.question(contact, state).with([("item", item.clone())]);
        let filled = self
            .details
            .iter()
            .map(|detail| Ok((detail, detail.fill(&question)?)));
        filled.collect()
    }

    /// The request that fetches, without a condition.
    fn fetch(&self, contact: &Contact, state: &SourceState) -> Result<Request, String> {
        let request = self.request.fill(&self.question(contact, state))?;
        Ok(request.answer_cap(ANSWER_CAP))
    }
}

#[async_trait]
impl Poller for Sources {
    fn polled(&self) -> Vec<SourceId> {
        let polled = |source: &&Source| source.rhythm().is_some();
        let ids = self.sources.values().filter(polled);
        ids.map(|source| source.id.clone()).collect()
    }

    fn next_poll(&self, source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp {
        let found = self.sources.get(source);
        let Some(rhythm) = found.and_then(Source::rhythm) else {
            return Timestamp::MAX;
        };
        let next = rhythm.next(source, state, now);
        state.rest_until.map_or(next, |until| next.max(until))
    }

    fn breaker(&self, source: &SourceId) -> u32 {
        self.plan(source).map_or(BREAKER, |(_, plan)| plan.breaker)
    }

    async fn poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Page, PollError> {
        if let Some(found) = self.sources.get(source)
            && let Some(plan) = found.mailbox()
        {
            return self.read_mail(found, plan, state, now).await;
        }
        let Some((found, plan)) = self.plan(source) else {
            return Err(unexpected(source, "it is not polled"));
        };
        let state = &SourceState {
            rest_until: None,
            ..state.clone()
        };
        let fetched = match self.fetched(found, plan, state, now).await {
            Ok(fetched) => fetched,
            Err(failed) => return plan.restart(source, state, failed),
        };
        let Some(fetched) = fetched else {
            return Ok(Page {
                items: Vec::new(),
                state: succeeded(state, now),
                has_more: false,
                // Nothing was seen, so nothing is missing.
                complete: None,
                passed: Vec::new(),
                returned: Vec::new(),
            });
        };
        let page = plan.page(found, state, &fetched, now);
        if page.state.cursor != state.cursor {
            self.forget_owed(source, now);
        }
        Ok(page)
    }
}

impl Sources {
    fn plan(&self, source: &SourceId) -> Option<(&Source, &Plan)> {
        let source = self.sources.get(source)?;
        Some((source, source.plan()?))
    }

    /// Fetches a page; none if nothing has changed there.
    pub(super) async fn fetch(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Option<Fetched>, PollError> {
        let fetched = self.fetched(source, plan, state, now).await;
        fetched.map_err(|failed| failed.error)
    }

    /// As [`Sources::fetch`]; says of a failure whether it is the page that is gone.
    async fn fetched(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Option<Fetched>, Failed> {
        let mut known = None;
        if let Some(check) = plan.check(&source.contact, state) {
            let way = plan.check.as_ref();
            let answer = self.exchange(source, way, check, "the check", now).await?;
            if !answer.status.is_success() {
                let why = format!("the check answered {}", answer.status);
                return Err(unexpected(&source.id, why).into());
            }
            known = answer.json().ok().map(|mut known| {
                without_credentials(&mut known, &source.secrets);
                known
            });
        }
        let request = plan.fetch(&source.contact, state);
        let request = request.map_err(|why| unexpected(&source.id, why))?;
        let asked = plan.asked(source, state, &request);
        let bare = request.header_names().count();
        let request = plan.conditioned(request, state, &asked);
        let is_asked = request.header_names().count() > bare;
        let way = Some(&plan.request);
        let answer = self.exchanged(source, way, Ok(request), "it", now).await?;
        let is_unmodified = answer.status == StatusCode::NOT_MODIFIED && is_asked;
        if is_unmodified || answer.status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        let list = plan.list(source, &answer)?;
        let details = self.details(source, plan, state, &list.items, now).await;
        Ok(Some(Fetched {
            answer,
            asked,
            list,
            details,
            known,
        }))
    }

    /// Sends a request and answers what came, if it is good by its status and by what the configuration says.
    async fn exchange(
        &self,
        source: &Source,
        way: Option<&Rendered>,
        request: Result<Request, String>,
        what: &str,
        now: Timestamp,
    ) -> Result<Answer, PollError> {
        let answer = self.exchanged(source, way, request, what, now).await;
        answer.map_err(|failed| failed.error)
    }

    async fn exchanged(
        &self,
        source: &Source,
        way: Option<&Rendered>,
        request: Result<Request, String>,
        what: &str,
        now: Timestamp,
    ) -> Result<Answer, Failed> {
        let request = request.map_err(|why| unexpected(&source.id, why))?;
        let unavailable = |why: String, retry_after: Option<Duration>| PollError::Unavailable {
            source_name: source.id.to_string(),
            why,
            retry_after,
        };
        let answer = self.followed(source, what, request).await;
        let answer = answer.map_err(|failure| match failure {
            Failure::NotSent(NotSent::Refused(_) | NotSent::Invalid(_)) => {
                unexpected(&source.id, failure.to_string())
            }
            Failure::NotSent(_) | Failure::Unknown(_) | Failure::TooLarge { .. } => {
                unavailable(failure.to_string(), None)
            }
        })?;
        let status = answer.status;
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            let judged = way.map_or(Ok(()), |way| way.judge(&answer, &source.secrets));
            let why = |why| unexpected(&source.id, format!("{what} is not good: {why}"));
            return Ok(judged.map_err(why).map(|()| answer)?);
        }
        let why = match quote(&answer.body, &source.secrets).as_str() {
            "" => format!("{what} answered {status}"),
            said => format!("{what} answered {status}: {said}"),
        };
        if is_passing(status) || is_throttled(&answer) {
            return Err(unavailable(why, rest(&answer, now)).into());
        }
        Err(Failed {
            error: unexpected(&source.id, why),
            is_gone: GONE.contains(&status),
        })
    }
}

impl Source {
    pub(super) fn plan(&self) -> Option<&Plan> {
        match &self.way {
            Way::Poll(plan) => Some(plan),
            Way::Webhook { poll, .. } => poll.as_deref(),
            Way::Portal | Way::Mail(_) => None,
        }
    }

    /// When it is asked, if it is.
    fn rhythm(&self) -> Option<&Rhythm> {
        match self.mailbox() {
            Some(plan) => Some(&plan.rhythm),
            None => self.plan().map(|plan| &plan.rhythm),
        }
    }
}

/// Whether the same request may be answered better later.
pub(super) fn is_passing(status: StatusCode) -> bool {
    let is_later = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    status.is_server_error() || is_later.contains(&status)
}

/// Whether a refusal asks for a pause: GitHub says so with 403, and without `Retry-After` where all that may be asked in an
/// hour has been asked.
pub(super) fn is_throttled(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN
        && (answer.header("retry-after").is_some() || is_spent(answer))
}

fn unexpected(source: &SourceId, why: impl Into<String>) -> PollError {
    PollError::Unexpected {
        source_name: source.to_string(),
        why: why.into(),
    }
}

fn succeeded(state: &SourceState, now: Timestamp) -> SourceState {
    SourceState {
        failures: 0,
        last_error: None,
        last_ok_at: Some(now),
        is_further_page: false,
        ..state.clone()
    }
}

#[cfg(test)]
mod tests;
