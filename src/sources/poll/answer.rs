//! What an answer holds: items, the next cursor, whether there is more, and how long we are asked to wait.

use super::detail::Detail;
use super::stamp::{self, Present, Standing};
use super::{CURSOR_CAP, Fetched, Plan, succeeded, unexpected};
use crate::app::ports::{Mapped, Page, PollError, SourceState, Unfit};
use crate::app::source_config::{Format, Table};
use crate::domain::skew::measured;
use crate::expr::{Document, Engine, ErrorKind, ExprError};
use crate::net::Answer;
use crate::sources::document::{self, ANSWER_DEPTH_CAP, BODY_CAP, Nul};
use crate::sources::mask::masked_document;
use crate::sources::request::quote;
use crate::sources::{Source, csv};
use crate::time::{SignedDuration, Timestamp, plus};
use jiff::fmt::rfc2822;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The longest rest that a source may ask for; a mistyped date must not stop it for ever.
const REST_CAP: Duration = Duration::from_secs(60 * 60);

/// A good answer, read.
pub(in crate::sources) struct List {
    pub document: Document,
    pub items: Vec<Document>,
}

/// What came beside an item, for the texts of its mapping.
#[derive(Clone, Copy, Default)]
pub(in crate::sources) struct Besides<'a> {
    pub check: Option<&'a Document>,
    pub detail: Option<&'a Document>,
    /// What is said once for all items of a page, such as its users.
    pub page: Option<&'a Document>,
}

impl Plan {
    /// Reads a good answer.
    pub(super) fn list(&self, source: &Source, answer: &Answer) -> Result<List, PollError> {
        let list = self.list_of(source, &answer.body);
        let list = list.and_then(|list| self.is_its_table(source, &list).map(|()| list));
        list.map_err(|why| unexpected(&source.id, why))
    }

    /// Refuses a table that is not the one which was configured: its headings lack what every row is read by.
    ///
    /// A page of words, another list or an error in the guise of a table would else be no rows, or a heap of rows that
    /// nobody can read. Told only where it can be: the items are the rows, and nothing else is fetched for them.
    fn is_its_table(&self, source: &Source, list: &List) -> Result<(), String> {
        let Format::Csv(_) = self.format else {
            return Ok(());
        };
        if self.items.text().trim() != "rows" || self.check.is_some() || !self.details.is_empty() {
            return Ok(());
        }
        let headings = list.headings();
        if headings.is_empty() {
            return match self.complete {
                // What is missing in the list counts, and nothing at all would be everything.
                Some(_) => {
                    Err("it answered nothing, not even the headings of its table".to_owned())
                }
                None => Ok(()),
            };
        }
        let blank = Value::from("");
        let row: Map<String, Value> = headings
            .iter()
            .map(|heading| (heading.clone(), blank.clone()))
            .collect();
        let row = Document::from(&Value::Object(row));
        let besides = Besides {
            page: Some(&list.document),
            ..Besides::default()
        };
        let reads = |row: &Document| {
            let misses = source.reader().misses(&self.beside(row, besides));
            misses.is_none()
        };
        match source.reader().misses(&self.beside(&row, besides)) {
            // A table of words in the text itself, which a blank cell is not in.
            Some((_, Unfit::NotFound(what))) if what.text.starts_with('{') => Ok(()),
            // Of a blank cell there may be no part that a full one has.
            Some((_, Unfit::NotFound(what))) if list.items.is_empty() && is_part(&what.text) => {
                Ok(())
            }
            Some(_) if list.items.iter().any(reads) => Ok(()),
            Some((field, why)) => Err(format!(
                "its table lacks what {} is made of: {why}",
                field.key()
            )),
            None => Ok(()),
        }
    }

    /// Reads what an answer carries.
    pub(in crate::sources) fn list_of(&self, source: &Source, body: &[u8]) -> Result<List, String> {
        let value = match self.format {
            Format::Json => read(body),
            Format::Csv(table) => rows(source, body, table),
        };
        let document = Document::from(&value?);
        let items = self.items.documents(&document);
        let items = items.map_err(|error| format!("its items: {error}"))?;
        Ok(List { document, items })
    }

    /// Makes a page of an answer and the details of its items.
    ///
    /// A cursor or `has_more` that gives nonsense does not lose the items: they are taken, the cursor stays where it
    /// is, and the mistake is in the state. So it is with a detail that may yet be had.
    pub(in crate::sources) fn page(
        &self,
        source: &Source,
        state: &SourceState,
        fetched: &Fetched,
        now: Timestamp,
    ) -> Page {
        let Fetched { answer, list, .. } = fetched;
        let seen = seen(list.document.clone(), &list.items, state);
        let seen = seen.with([("setting", self.common.setting())]);
        let mut next = succeeded(state, now);
        next.skew_ms = skew(answer).or(state.skew_ms);
        next.rest_until = fetched.details.rest.and_then(|rest| {
            let rest = SignedDuration::try_from(rest).ok()?;
            Some(plus(now, rest))
        });
        let mut has_more = false;
        let moved = match fetched.details.owed() {
            Some(why) => Err(why),
            None => self.moved(&seen, &list.items, state).and_then(|moved| {
                let present = Present::new(written_at(answer), now);
                self.reached(moved, state, present)
            }),
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
        // A condition belongs to one question, and only where the round ended with its answer: "not modified" would hide
        // another page, and clear a mistake that stands.
        let is_same = is_moved && !has_more && next.cursor == state.cursor && self.is_conditional();
        let header = |name: &str| answer.header(name).filter(|_| is_same).map(str::to_owned);
        next.etag = header("etag");
        next.last_modified = header("last-modified");
        let is_kept = next.etag.is_some() || next.last_modified.is_some();
        next.asked = Some(fetched.asked.clone()).filter(|_| is_kept);
        let known = fetched.known.as_ref().map(Document::from);
        let mut passed = Vec::new();
        let mut mapped = Vec::with_capacity(list.items.len());
        for (item, whole, detail) in self.whole(fetched) {
            match source.reader().map(&whole, None) {
                Ok(Some(one)) => mapped.push(Ok(Mapped {
                    is_partial: self.lacks(detail),
                    ..one
                })),
                // It is in the list all the same.
                Ok(None) => {
                    passed.extend(self.complete.and_then(|_| source.reader().id_of(&whole)))
                }
                // What cannot be read without its detail comes again with it.
                Err(_) if matches!(detail, Detail::Owed(_)) => {}
                Err(error) => mapped.push(Err((kept(source, item, detail, known.as_ref()), error))),
            }
        }
        Page {
            items: mapped,
            complete: self
                .complete
                .filter(|_| is_moved && fetched.details.owed().is_none()),
            state: next,
            has_more,
            passed,
            returned: Vec::new(),
        }
    }

    /// The items, and beside them as they are mapped.
    pub(in crate::sources) fn whole<'f>(
        &self,
        fetched: &'f Fetched,
    ) -> Vec<(&'f Document, Document, &'f Detail)> {
        let known = fetched.known.as_ref().map(Document::from);
        let items = fetched.list.items.iter().zip(&fetched.details.all);
        let whole = items.map(|(item, detail)| {
            let given = match detail {
                Detail::Given(detail) => Some(detail),
                Detail::None | Detail::Owed(_) => None,
            };
            let besides = Besides {
                check: known.as_ref(),
                detail: given,
                page: Some(&fetched.list.document),
            };
            (item, self.beside(item, besides), detail)
        });
        whole.collect()
    }

    /// Whether a detail is asked for and is not there, now or for good.
    fn lacks(&self, detail: &Detail) -> bool {
        match detail {
            Detail::Given(_) => false,
            Detail::Owed(_) => true,
            Detail::None => !self.details.is_empty(),
        }
    }

    /// An item as it is mapped: with what came besides, and itself as a row of a table.
    pub(in crate::sources) fn beside(&self, item: &Document, besides: Besides<'_>) -> Document {
        // A column whose name is no word of the language is had by `row['its name']`.
        let row = match self.format {
            Format::Csv(_) => Some(item),
            Format::Json => None,
        };
        let Besides {
            check,
            detail,
            page,
        } = besides;
        let beside = [("check", check), ("detail", detail), ("row", row)].into_iter();
        let around = page.map(|page| ("page", page.clone()));
        item.clone()
            .over(around)
            .with(beside.filter_map(|(name, found)| Some((name, found?.clone()))))
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
        // What reaches back may well end where the cursor is: the next page begins there.
        let reaches_back = self.overlap.is_some() && !state.is_further_page;
        if has_more && cursor == state.cursor && !reaches_back {
            return Err("another page waits, but the cursor does not move".to_owned());
        }
        Ok((cursor, has_more))
    }
}

impl Plan {
    /// Where a round that ended is gone on from: nowhere that is not reached yet, or what is filed meanwhile would not come.
    fn reached(
        &self,
        (cursor, has_more): (Option<String>, bool),
        state: &SourceState,
        present: Present,
    ) -> Result<(Option<String>, bool), String> {
        let Some(given) = cursor.as_deref().filter(|_| !has_more) else {
            return Ok((cursor, has_more));
        };
        let before = state.cursor.as_deref();
        let is_instant = self.overlap.is_some();
        match stamp::judge(given, before, state.last_item_at, present, is_instant) {
            Standing::Fits => Ok((cursor, has_more)),
            Standing::Ahead(earlier) => Ok((Some(earlier), has_more)),
            Standing::Stuck => Err(format!(
                "cursor: {given} is of the future, and would hide what is filed until then"
            )),
        }
    }
}

impl List {
    /// The headings of a table.
    fn headings(&self) -> Vec<String> {
        let headings = Engine::new().compile_expression("headings");
        let headings = headings.and_then(|headings| headings.eval(&self.document));
        match headings {
            Ok(Value::Array(headings)) => headings
                .into_iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            Ok(_) | Err(_) => Vec::new(),
        }
    }

    /// What the answer holds, by name; not its items.
    pub fn names(&self) -> Vec<String> {
        match self.document.to_json() {
            Ok(Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            Ok(_) | Err(_) => Vec::new(),
        }
    }
}

/// What is kept of an item that is no inquiry, so that it can be read again: with what was fetched besides, unless that is
/// too much.
fn kept(source: &Source, item: &Document, detail: &Detail, check: Option<&Document>) -> String {
    let detail = match detail {
        Detail::Given(detail) => Some(detail),
        Detail::None | Detail::Owed(_) => None,
    };
    let beside = [("check", check), ("detail", detail)].into_iter();
    let beside = beside.filter_map(|(name, found)| Some((name, found?.clone())));
    let text = item.clone().with(beside).to_json_text();
    let text = match text.len() <= BODY_CAP {
        true => text,
        false => item.to_json_text(),
    };
    // Members see it, and it may have been told our own key.
    masked_document(&text, &source.secrets)
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

/// Whether an expression takes a part of a cell, and not the cell.
fn is_part(text: &str) -> bool {
    text.contains(['|', '(']) || text.matches(']').count() > 1
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
    if document::is_page(body) {
        return Err(format!(
            "it answered a page (HTML) instead of CSV: {}",
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

/// How far the clock over there is ahead of this machine's, in milliseconds, as far as the answer tells.
fn skew(answer: &Answer) -> Option<i64> {
    let skew = measured(written_at(answer)?, answer.asked_at, answer.answered_at);
    i64::try_from(skew.as_millis()).ok()
}

/// When an answer was written, by the clock over there.
fn written_at(answer: &Answer) -> Option<Timestamp> {
    let date = rfc2822::parse(answer.header("date")?.trim()).ok()?;
    // An answer out of a cache was written so much earlier.
    let age = answer
        .header("age")
        .and_then(|age| age.trim().parse::<u32>().ok());
    let age = i64::from(age.unwrap_or_default());
    Some(plus(date.timestamp(), SignedDuration::from_secs(age)))
}

/// Whether all that may be asked in a while has been asked, as GitHub and those that do as it does say so.
pub(in crate::sources) fn is_spent(answer: &Answer) -> bool {
    answer.header("x-ratelimit-remaining").map(str::trim) == Some("0")
}

/// How long the other side asks to be left alone: seconds, or a date; or until more may be asked.
pub(in crate::sources) fn rest(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let Some(text) = answer.header("retry-after").map(str::trim) else {
        return until_reset(answer);
    };
    let rest = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(rest.min(REST_CAP))
}

/// Until when nothing more may be asked: seconds since 1970, by the clock over there.
fn until_reset(answer: &Answer) -> Option<Duration> {
    let reset = answer.header("x-ratelimit-reset").map(str::trim);
    let reset: i64 = reset.filter(|_| is_spent(answer))?.parse().ok()?;
    let reset = Timestamp::from_second(reset).ok()?;
    let present = written_at(answer).unwrap_or(answer.answered_at);
    // That second must be over.
    let rest = plus(reset, SignedDuration::from_secs(1)).duration_since(present);
    Some(Duration::try_from(rest).unwrap_or_default().min(REST_CAP))
}
