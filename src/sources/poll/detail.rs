//! What the list leaves out: one or more further requests for each item, their answers put beside the item before it is mapped.
//!
//! Promises: a detail that cannot be had keeps back neither its own item nor the others. What may be had later holds
//! the cursor, so that the item comes again; after [`TRIES`] polls it goes on without, and is not asked for again as long
//! as it is the same and the cursor has not passed it: so several such items are given up together, whenever each began.
//! What can never be had (the item is gone, or not ours to see) holds nothing. Few requests are under way at once, and a source that is ill is left alone.

use super::{Plan, Rendered, unexpected};
use crate::app::ports::{PollError, SourceState};
use crate::domain::ids::SourceId;
use crate::expr::Document;
use crate::net::Request;
use crate::sources::document::{self, ANSWER_DEPTH_CAP, Nul};
use crate::sources::{Source, Sources};
use crate::time::Timestamp;
use futures_util::{StreamExt, stream};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How many details are fetched at once: a poller is a guest.
const AT_ONCE: usize = 4;

/// The most bytes of one detail: a long conversation, without its files.
const DETAIL_CAP: usize = 4 * 1024 * 1024;

/// After so many polls in a row an item goes on without its detail; with a poll a minute, ten minutes.
const TRIES: u32 = 10;

/// After so many details of one page that did not come, the rest is not asked for: it is the source that is ill.
const ILL: u32 = 3;

/// A detail that did not come.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sources) struct Owing {
    /// In how many polls in a row.
    tries: u32,
    /// The item as it was then, as a hash.
    item: u64,
    /// When the item was last on a page.
    seen_at: Option<Timestamp>,
}

/// The detail of one item.
#[derive(Debug)]
pub(in crate::sources) enum Detail {
    /// None is asked for, or it cannot be had, now or later.
    None,
    Given(Document),
    /// It may be had at the next poll.
    Owed(String),
}

/// The details of a page, in the order of its items.
#[derive(Debug, Default)]
pub(in crate::sources) struct Details {
    pub all: Vec<Detail>,
    /// How long the source asked to be left alone.
    pub rest: Option<Duration>,
}

impl Details {
    /// Why items must come again, if any must.
    pub fn owed(&self) -> Option<String> {
        let mut why = self.all.iter().filter_map(|detail| match detail {
            Detail::Owed(why) => Some(why.as_str()),
            Detail::None | Detail::Given(_) => None,
        });
        let first = why.next()?;
        Some(format!("details of {} items: {first}", 1 + why.count()))
    }
}

impl Sources {
    /// Fetches the details of the items that are taken.
    pub(super) async fn details(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        items: &[Document],
        now: Timestamp,
    ) -> Details {
        let ill = AtomicU32::new(0);
        let fetched = stream::iter(items.to_vec())
            .map(|item| self.detail(source, plan, state, item, &ill, now))
            .buffered(AT_ONCE);
        let fetched: Vec<(Detail, Option<Duration>)> = fetched.collect().await;
        let rest = fetched.iter().filter_map(|(_, rest)| *rest).max();
        let all = fetched.into_iter().map(|(detail, _)| detail).collect();
        Details { all, rest }
    }

    async fn detail(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        item: Document,
        ill: &AtomicU32,
        now: Timestamp,
    ) -> (Detail, Option<Duration>) {
        if plan.details.is_empty() || source.reader().refuses(&item) {
            return (Detail::None, None);
        }
        let requests = match plan.detail(&source.contact, state, &item) {
            Ok(requests) => requests,
            Err(why) => {
                tracing::warn!(source = %source.id, "an item of {} comes without its detail: {why}", source.id);
                return (Detail::None, None);
            }
        };
        let address: Vec<&str> = requests.iter().map(|(_, it)| it.url().as_str()).collect();
        let address = address.join(" ");
        let mark = mark(&item);
        if self.is_given_up(source, &address, mark, now) {
            return (Detail::None, None);
        }
        if ill.load(Ordering::Relaxed) >= ILL {
            return (Detail::Owed("the source is left alone".to_owned()), None);
        }
        match self.ask_details(source, requests, now).await {
            Ok(detail) => {
                self.settle(source, &address);
                (Detail::Given(detail), None)
            }
            Err(PollError::Stopped) => (Detail::Owed(PollError::Stopped.to_string()), None),
            Err(PollError::Unexpected { why, .. }) => {
                self.settle(source, &address);
                tracing::warn!(source = %source.id, "an item of {} comes without its detail: {why}", source.id);
                (Detail::None, None)
            }
            Err(PollError::Unavailable {
                why, retry_after, ..
            }) => {
                ill.fetch_add(1, Ordering::Relaxed);
                if self.count(source, &address, mark, now) {
                    tracing::error!(source = %source.id, "an item of {} comes without its detail after {TRIES} polls: {why}", source.id);
                    return (Detail::None, retry_after);
                }
                (Detail::Owed(why), retry_after)
            }
        }
    }

    /// One answer is the detail itself, several are a list: all of them, or none.
    async fn ask_details(
        &self,
        source: &Source,
        requests: Vec<(&Rendered, Request)>,
        now: Timestamp,
    ) -> Result<Document, PollError> {
        let mut answers = Vec::with_capacity(requests.len());
        for (way, request) in requests {
            answers.push(self.ask_detail(source, way, request, now).await?);
        }
        Ok(match answers.len() {
            1 => answers.remove(0),
            _ => Document::list(&answers),
        })
    }

    async fn ask_detail(
        &self,
        source: &Source,
        way: &Rendered,
        request: Request,
        now: Timestamp,
    ) -> Result<Document, PollError> {
        let request = Ok(request.answer_cap(DETAIL_CAP));
        let answer = self
            .exchange(source, Some(way), request, "a detail", now)
            .await?;
        let value = document::read(&answer.body, ANSWER_DEPTH_CAP, Nul::Replaced);
        let value = value.map_err(|why| unexpected(&source.id, format!("a detail: {why}")))?;
        Ok(Document::from(&value))
    }

    fn settle(&self, source: &Source, address: &str) {
        let mut owed = self.owed.lock().expect("nobody panics while holding it");
        owed.remove(&(source.id.clone(), address.to_owned()));
    }

    /// Whether a detail is not asked for any more: until its item is another, or the cursor has passed it.
    fn is_given_up(&self, source: &Source, address: &str, item: u64, now: Timestamp) -> bool {
        let mut owed = self.owed.lock().expect("nobody panics while holding it");
        let known = owed.get_mut(&(source.id.clone(), address.to_owned()));
        known.is_some_and(|known| {
            known.seen_at = Some(now);
            known.tries >= TRIES && known.item == item
        })
    }

    /// Counts a detail that did not come, and tells whether it was the last try.
    fn count(&self, source: &Source, address: &str, item: u64, now: Timestamp) -> bool {
        let mut owed = self.owed.lock().expect("nobody panics while holding it");
        let known = owed.entry((source.id.clone(), address.to_owned()));
        let known = known.or_default();
        known.tries = known.tries.saturating_add(1);
        known.item = item;
        known.seen_at = Some(now);
        known.tries >= TRIES
    }

    /// Forgets what the cursor has passed: what was not on the page that was seen `now`.
    pub(super) fn forget_owed(&self, source: &SourceId, now: Timestamp) {
        let mut owed = self.owed.lock().expect("nobody panics while holding it");
        owed.retain(|(of, _), known| of != source || known.seen_at == Some(now));
    }
}

/// What tells an item from itself after a change; kept in memory only.
fn mark(item: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    item.to_json_text().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
