//! What an answer holds: items, the next cursor, whether there is more, and how long we are asked to wait.

use super::detail::{Detail, Details};
use super::{CURSOR_CAP, Plan, succeeded, unexpected};
use crate::app::ports::{Page, PollError, SourceState};
use crate::app::source_config::{Format, Table};
use crate::expr::{Document, ErrorKind, ExprError};
use crate::net::Answer;
use crate::sources::document::{self, ANSWER_DEPTH_CAP, Nul};
use crate::sources::request::quote;
use crate::sources::{Source, csv};
use crate::time::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest rest that a source may ask for; a mistyped date must not stop it for ever.
const REST_CAP: Duration = Duration::from_secs(60 * 60);

/// A good answer, read.
pub(super) struct List {
    document: Document,
    pub items: Vec<Document>,
}

impl Plan {
    /// Reads a good answer.
    pub(super) fn list(&self, source: &Source, answer: &Answer) -> Result<List, PollError> {
        let value = match self.format {
            Format::Json => read(&answer.body),
            Format::Csv(table) => rows(source, &answer.body, table),
        };
        let document = Document::from(&value.map_err(|why| unexpected(&source.id, why))?);
        let items = self
            .items
            .documents(&document)
            .map_err(|error| unexpected(&source.id, format!("its items: {error}")))?;
        Ok(List { document, items })
    }

    /// Makes a page of an answer and the details of its items.
    ///
    /// A cursor or `has_more` that gives nonsense does not lose the items: they are taken, the cursor stays where it
    /// is, and the mistake is in the state. So it is with a detail that may yet be had.
    #[expect(
        clippy::too_many_arguments,
        reason = "all that was learnt, put together once"
    )]
    pub(super) fn page(
        &self,
        source: &Source,
        state: &SourceState,
        answer: &Answer,
        list: &List,
        known: Option<&Value>,
        details: &Details,
        now: Timestamp,
    ) -> Page {
        let List { document, items } = list;
        let seen = seen(document.clone(), items, state);
        let mut next = succeeded(state, now);
        let mut has_more = false;
        let moved = match details.owed() {
            Some(why) => Err(why),
            None => self.moved(&seen, items, state),
        };
        let is_moved = moved.is_ok();
        match moved {
            Ok((cursor, more)) => {
                next.cursor = cursor;
                has_more = more;
            }
            Err(why) => {
                tracing::warn!(source = %source.id, "the cursor of {} stays: {why}", source.id);
                next.last_error = Some(why);
            }
        }
        // A condition belongs to one question: after the cursor has moved it would hide the next page.
        let is_same =
            next.cursor == state.cursor && self.detail.is_none() && self.complete.is_none();
        let header = |name: &str| answer.header(name).filter(|_| is_same).map(str::to_owned);
        next.etag = header("etag");
        next.last_modified = header("last-modified");
        let known = known.map(|known| ("check", Document::from(known)));
        let mut passed = Vec::new();
        let mut mapped = Vec::with_capacity(items.len());
        for (item, detail) in items.iter().zip(&details.all) {
            let given = match detail {
                Detail::Given(detail) => Some(("detail", detail.clone())),
                Detail::None | Detail::Owed(_) => None,
            };
            // A column whose name is no word of the language is had by `row['its name']`.
            let row = match self.format {
                Format::Csv(_) => Some(("row", item.clone())),
                Format::Json => None,
            };
            let beside = known.clone().into_iter().chain(given).chain(row);
            let whole = item.clone().with(beside);
            match source.reader().map(&whole, None) {
                Ok(Some(one)) => mapped.push(Ok(one)),
                // It is in the list all the same.
                Ok(None) => {
                    passed.extend(self.complete.and_then(|_| source.reader().id_of(&whole)))
                }
                // What cannot be read without its detail comes again with it.
                Err(_) if matches!(detail, Detail::Owed(_)) => {}
                Err(error) => mapped.push(Err((item.to_json_text(), error))),
            }
        }
        Page {
            items: mapped,
            complete: self
                .complete
                .filter(|_| is_moved && details.owed().is_none()),
            state: next,
            has_more,
            passed,
        }
    }

    /// The next cursor, and whether another page waits.
    fn moved(
        &self,
        seen: &Document,
        items: &[Document],
        state: &SourceState,
    ) -> Result<(Option<String>, bool), String> {
        let cursor = match &self.cursor {
            None => None,
            Some(template) => match template.render(seen) {
                Ok(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
                Err(error) if items.is_empty() && is_undefined(&error) => None,
                Err(error) => return Err(format!("cursor: {error}")),
            },
        };
        if cursor
            .as_ref()
            .is_some_and(|cursor| cursor.len() > CURSOR_CAP)
        {
            return Err(format!("cursor: it is longer than {CURSOR_CAP} bytes"));
        }
        let cursor = cursor.or_else(|| state.cursor.clone());
        let has_more = match &self.has_more {
            None => false,
            Some(expression) => match expression.test(seen) {
                Ok(has_more) => has_more,
                Err(error) if is_undefined(&error) => false,
                Err(error) => return Err(format!("has_more: {error}")),
            },
        };
        if has_more && cursor == state.cursor {
            return Err("another page waits, but the cursor does not move".to_owned());
        }
        Ok((cursor, has_more))
    }
}

fn is_undefined(error: &ExprError) -> bool {
    error.kind == ErrorKind::Undefined
}

/// An answer that is no object is seen as the field `answer` of one; an empty one has no items.
fn read(body: &[u8]) -> Result<Value, String> {
    let value = document::read(body, ANSWER_DEPTH_CAP, Nul::Replaced)?;
    Ok(match value {
        Value::Object(fields) => Value::Object(fields),
        other => json!({ "answer": other }),
    })
}

/// Reads a table; who answers JSON where one was asked for tells of an error.
fn rows(source: &Source, body: &[u8], table: Table) -> Result<Value, String> {
    if body.trim_ascii_start().first() == Some(&b'{')
        && let Ok(Value::Object(_)) = document::read(body, ANSWER_DEPTH_CAP, Nul::Replaced)
    {
        return Err(format!(
            "it answered JSON instead of CSV: {}",
            quote(body, &source.secrets)
        ));
    }
    let read = csv::read(body, table)?;
    if read.damaged > 0 {
        tracing::warn!(source = %source.id, "{} characters of {} are not of its encoding", read.damaged, source.id);
    }
    Ok(read.document)
}

/// What the cursor sees: the answer, and its items.
fn seen(answer: Document, items: &[Document], state: &SourceState) -> Document {
    let cursor = state.cursor.as_deref().unwrap_or_default();
    let last = items.last().map(|last| ("last", last.clone()));
    let fields = [
        ("items", Document::list(items)),
        ("cursor", Document::text(cursor)),
    ];
    answer.with(fields.into_iter().chain(last))
}

/// How long the other side asks to be left alone: seconds, or a date.
pub(in crate::sources) fn rest(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let text = answer.header("retry-after")?.trim();
    let rest = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(rest.min(REST_CAP))
}
