//! Tries a polled source out: one page, everything that was asked and answered for it, and what its items would become.
//!
//! Promises: nothing is kept, the cursor stays where it is, and no secret of the source is in what is told. Leaves out
//! pages after the first and what the desk makes of the items.

use super::document;
use super::explain::Item;
use super::mask::masked;
use super::{Source, Sources};
use crate::app::ports::{PollError, SourceState};
use crate::clock::monotonic;
use crate::domain::ids::SourceId;
use crate::net::{Answer, Failure, Request};
use crate::time::Timestamp;
use std::sync::Mutex;
use std::time::Duration;

/// How much of an answer is shown.
const START: usize = 4_000;

/// A request and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// What was asked for: `the check`, `it` (the list) or `a detail`.
    pub what: String,
    /// Method and address.
    pub line: String,
    /// The names of its headers; what they hold is nobody's business.
    pub headers: Vec<String>,
    pub body: Option<String>,
    pub took: Duration,
    pub came: Result<Came, Failure>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Came {
    pub status: u16,
    pub bytes: usize,
    /// Its content type.
    pub kind: String,
    /// Where a redirect points.
    pub location: Option<String>,
    /// Its beginning.
    pub start: String,
}

impl Came {
    /// Whether it is a page for people.
    pub fn is_page(&self) -> bool {
        self.kind.starts_with("text/html") || document::is_page(self.start.as_bytes())
    }

    fn of(answer: &Answer, source: &Source) -> Came {
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let text = masked(&String::from_utf8_lossy(&answer.body), &source.secrets);
        let location = header("location");
        Came {
            status: answer.status.as_u16(),
            bytes: answer.body.len(),
            kind: header("content-type"),
            location: (!location.is_empty()).then(|| masked(&location, &source.secrets)),
            start: text.chars().take(START).collect(),
        }
    }
}

/// A page that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub exchanges: Vec<Exchange>,
    pub page: Result<Tried, PollError>,
}

/// What a page held.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    pub items: Vec<Item>,
    /// What would be known after it.
    pub state: SourceState,
    pub has_more: bool,
    /// The names of what the answer holds, to find the items by.
    pub names: Vec<String>,
}

impl Sources {
    /// Keeps what is asked and answered from now on, for [`try_page`](Sources::try_page).
    #[must_use]
    pub fn watched(mut self) -> Sources {
        self.trail = Some(Mutex::default());
        self
    }

    /// Fetches a page and keeps nothing; `None` if the source is not polled.
    pub async fn try_page(
        &self,
        source: &SourceId,
        state: &SourceState,
        now: Timestamp,
    ) -> Option<Trial> {
        let source = self.sources.get(source)?;
        if let Some(plan) = source.mailbox() {
            let page = self.try_mail(source, plan, state, now).await;
            let exchanges = Vec::new();
            return Some(Trial { exchanges, page });
        }
        let plan = source.plan()?;
        let fetched = self.fetch(source, plan, state, now).await;
        let page = fetched.map(|fetched| match fetched {
            None => Tried {
                items: Vec::new(),
                state: SourceState {
                    last_error: None,
                    failures: 0,
                    ..state.clone()
                },
                has_more: false,
                names: Vec::new(),
            },
            Some(fetched) => {
                let page = plan.page(source, state, &fetched, now);
                let whole = plan.whole(&fetched).into_iter();
                Tried {
                    items: whole
                        .map(|(item, whole, _)| Item::beside(source.reader(), item, &whole))
                        .collect(),
                    state: page.state,
                    has_more: page.has_more,
                    names: fetched.list.names(),
                }
            }
        });
        let exchanges = match &self.trail {
            Some(trail) => {
                std::mem::take(&mut *trail.lock().expect("nobody panics while holding it"))
            }
            None => Vec::new(),
        };
        Some(Trial { exchanges, page })
    }

    /// Sends a request, and remembers it where somebody watches.
    pub(super) async fn followed(
        &self,
        source: &Source,
        what: &str,
        request: Request,
    ) -> Result<Answer, Failure> {
        let Some(trail) = &self.trail else {
            return self.client.send(request).await;
        };
        let said = |bytes: &[u8]| masked(&String::from_utf8_lossy(bytes), &source.secrets);
        let line = format!("{} {}", request.method(), request.url());
        let mut exchange = Exchange {
            what: what.to_owned(),
            line: masked(&line, &source.secrets),
            headers: request.header_names().map(str::to_owned).collect(),
            body: request.carries().map(said),
            took: Duration::ZERO,
            came: Err(Failure::Unknown(crate::net::Unknown::TimedOut)),
        };
        let begun = monotonic();
        let answer = self.client.send(request).await;
        exchange.took = begun.elapsed();
        exchange.came = match &answer {
            Ok(answer) => Ok(Came::of(answer, source)),
            Err(failure) => Err(failure.clone()),
        };
        let mut trail = trail.lock().expect("nobody panics while holding it");
        trail.push(exchange);
        answer
    }
}

#[cfg(test)]
mod tests;
