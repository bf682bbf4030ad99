//! Fetching: what is asked, what an answer holds, and when to ask again.
//!
//! Promises: an answer is bounded in size and depth; an item that is no inquiry comes beside the good ones; the cursor
//! moves only with the items it passes. A condition (`If-None-Match`, `If-Modified-Since`) is sent only while the
//! same question is asked again, so that "not modified" never hides another page, and never where items have details
//! that the list says nothing of, or where what is missing in the list counts. Leaves out keeping the state and counting failures: that is done where items are
//! received.

mod answer;
mod detail;
mod schedule;

use super::request::{Common, Rendered, quote};
use super::{Contact, Source, Sources, Way};
use crate::app::ports::{Page, PollError, Poller, SourceState};
use crate::app::source_config::{Format, PollConfig, SourceConfig};
use crate::domain::ids::SourceId;
use crate::expr::{Document, Engine, Expression, Template};
use crate::net::{Answer, Failure, NotSent, Request, StatusCode};
use crate::time::{Timestamp, plus};
use async_trait::async_trait;
use schedule::Rhythm;
use std::time::Duration;

pub(super) use answer::rest;

/// The most bytes of one answer: a hundred items of a tracker with long descriptions.
const ANSWER_CAP: usize = 8 * 1024 * 1024;

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
    detail: Option<Rendered>,
    items: Expression,
    cursor: Option<Template>,
    has_more: Option<Expression>,
    complete: Option<u32>,
    format: Format,
    common: Common,
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
        let has_more = poll.has_more.as_deref();
        let (check, detail) = (poll.check.as_ref(), poll.detail.as_ref());
        Ok(Plan {
            rhythm: Rhythm::new(&poll.schedule).map_err(|why| ("poll.zone".to_owned(), why))?,
            request: Rendered::compile(&poll.request, "poll")?,
            check: check
                .map(|check| Rendered::compile(check, "poll.check"))
                .transpose()?,
            detail: detail
                .map(|detail| Rendered::compile(detail, "poll.detail"))
                .transpose()?,
            items: expression("items", &poll.items)?,
            cursor,
            has_more: has_more
                .map(|text| expression("has_more", text))
                .transpose()?,
            complete: poll.complete,
            format: poll.format,
            common: Common::of(config),
        })
    }

    /// What the texts of a request see. `since` is in whole seconds, which every system reads.
    fn question(&self, contact: &Contact, state: &SourceState) -> Document {
        let since = contact
            .since
            .or(state.since)
            .filter(|_| !contact.wants_backlog);
        let second = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        self.common.with([
            ("cursor", state.cursor.clone().unwrap_or_default()),
            (
                "since",
                since.map(|at| second(at).to_string()).unwrap_or_default(),
            ),
        ])
    }

    /// The request that asks whether we are known there, if there is one.
    pub fn check(&self, contact: &Contact, state: &SourceState) -> Option<Result<Request, String>> {
        let request = self.check.as_ref()?.fill(&self.question(contact, state));
        Some(request.map(|request| request.answer_cap(CHECK_CAP)))
    }

    /// The request that asks for the detail of an item, if there is one.
    fn detail(
        &self,
        contact: &Contact,
        state: &SourceState,
        item: &Document,
    ) -> Option<Result<Request, String>> {
        let detail = self.detail.as_ref()?;
        let question = self.question(contact, state).with([("item", item.clone())]);
        Some(detail.fill(&question))
    }

    /// The request that fetches.
    fn fetch(&self, contact: &Contact, state: &SourceState) -> Result<Request, String> {
        let mut request = self.request.fill(&self.question(contact, state))?;
        if self.detail.is_some() || self.complete.is_some() {
            return Ok(request.answer_cap(ANSWER_CAP));
        }
        if let Some(etag) = &state.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(at) = &state.last_modified {
            request = request.header("if-modified-since", at);
        }
        Ok(request.answer_cap(ANSWER_CAP))
    }
}

#[async_trait]
impl Poller for Sources {
    fn polled(&self) -> Vec<SourceId> {
        let polled = |source: &&Source| source.plan().is_some();
        let ids = self.sources.values().filter(polled);
        ids.map(|source| source.id.clone()).collect()
    }

    fn next_poll(&self, source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp {
        let Some((found, plan)) = self.plan(source) else {
            return Timestamp::MAX;
        };
        let next = plan.rhythm.next(&found.id, state.failures, now);
        let rests = self.rests.lock().expect("nobody panics while holding it");
        rests.get(source).map_or(next, |until| next.max(*until))
    }

    async fn poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Page, PollError> {
        let Some((found, plan)) = self.plan(source) else {
            return Err(unexpected(source, "it is not polled"));
        };
        let fetched = self.fetch(found, plan, state, now).await;
        let rest = match &fetched {
            Ok((_, rest)) => *rest,
            Err(PollError::Unavailable { retry_after, .. }) => *retry_after,
            Err(PollError::Unexpected { .. }) => None,
        };
        self.note_rest(source, rest, now);
        fetched.map(|(page, _)| page)
    }
}

impl Sources {
    fn plan(&self, source: &SourceId) -> Option<(&Source, &Plan)> {
        let source = self.sources.get(source)?;
        Some((source, source.plan()?))
    }

    /// Fetches a page, and how long the source asks to be left alone after it.
    async fn fetch(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<(Page, Option<Duration>), PollError> {
        let mut known = None;
        if let Some(check) = plan.check(&source.contact, state) {
            let way = plan.check.as_ref();
            let answer = self.exchange(source, way, check, "the check", now).await?;
            if !answer.status.is_success() {
                return Err(unexpected(
                    &source.id,
                    format!("the check answered {}", answer.status),
                ));
            }
            known = answer.json().ok();
        }
        let request = plan.fetch(&source.contact, state);
        let way = Some(&plan.request);
        let answer = self.exchange(source, way, request, "it", now).await?;
        let is_asked = state.etag.is_some() || state.last_modified.is_some();
        let is_unmodified = answer.status == StatusCode::NOT_MODIFIED && is_asked;
        if is_unmodified || answer.status == StatusCode::NO_CONTENT {
            let page = Page {
                items: Vec::new(),
                state: succeeded(state, now),
                has_more: false,
                // Nothing was seen, so nothing is missing.
                complete: None,
                passed: Vec::new(),
            };
            return Ok((page, None));
        }
        let list = plan.list(source, &answer)?;
        let details = self.details(source, plan, state, &list.items, now).await;
        let page = plan.page(source, state, &answer, &list, known.as_ref(), &details, now);
        Ok((page, details.rest))
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
        let request = request.map_err(|why| unexpected(&source.id, why))?;
        let unavailable = |why: String, retry_after: Option<Duration>| PollError::Unavailable {
            source_name: source.id.to_string(),
            why,
            retry_after,
        };
        let answer = self.client.send(request).await;
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
            return judged.map_err(why).map(|()| answer);
        }
        let why = match quote(&answer.body, &source.secrets).as_str() {
            "" => format!("{what} answered {status}"),
            said => format!("{what} answered {status}: {said}"),
        };
        if is_passing(status) {
            return Err(unavailable(why, rest(&answer, now)));
        }
        Err(unexpected(&source.id, why))
    }

    fn note_rest(&self, source: &SourceId, rest: Option<Duration>, now: Timestamp) {
        let mut rests = self.rests.lock().expect("nobody panics while holding it");
        let until = rest
            .and_then(|rest| rest.try_into().ok())
            .map(|rest| plus(now, rest));
        match until {
            Some(until) => rests.insert(source.clone(), until),
            None => rests.remove(source),
        };
    }
}

impl Source {
    fn plan(&self) -> Option<&Plan> {
        match &self.way {
            Way::Poll(plan) => Some(plan),
            Way::Webhook { poll, .. } => poll.as_deref(),
            Way::Portal => None,
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
        ..state.clone()
    }
}

#[cfg(test)]
mod tests;
