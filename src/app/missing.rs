//! What a whole look at a source did not find: items that are gone, because they were deleted or left the list.
//!
//! Promises: only a look that saw all of the list counts; a poll that failed, was cut short, or held anything that could
//! not be read says nothing about what is missing. An item is gone after several such looks in a row. Where much is
//! missing at once it is more likely the list that changed (a filter, a right): then it counts only after a day, and the
//! operators hear of it at once, with the time they have.

use super::desk::App;
use super::ports::{Missing, Page};
use super::receive::{FETCHED, ReceiveError};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::is_split_id;
use crate::domain::notice::{Arg, Message};
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::{BTreeMap, HashSet};

/// So many may be missing at once without a doubt …
const FEW: usize = 5;
/// … or so many in a hundred of what was open. Where more are, they count only after this.
const SHARE: usize = 50;
const DOUBT: SignedDuration = SignedDuration::from_hours(24);

/// What one poll saw of a source, all its pages together.
pub(super) struct Look {
    began_at: Timestamp,
    present: HashSet<String>,
    /// After how many looks what is missing is gone; `None` when it was no whole look.
    complete: Option<u32>,
    pages: usize,
}

impl Look {
    pub fn begun(at: Timestamp) -> Look {
        Look {
            began_at: at,
            present: HashSet::new(),
            complete: None,
            pages: 0,
        }
    }

    pub fn add(&mut self, page: &Page) {
        let is_read = page.items.iter().all(Result::is_ok);
        let complete = page.complete.filter(|_| is_read);
        self.complete = if self.pages == 0 {
            complete
        } else {
            self.complete.and(complete)
        };
        self.pages += 1;
        // One that says itself that it is gone is taken in as such.
        let items = page.items.iter().flatten().map(|item| &item.external_id);
        self.present.extend(items.chain(&page.passed).cloned());
    }

    /// Whether an item was there. An inquiry that stands for an item after its end bears its id with a number.
    fn has(&self, external_id: &str) -> bool {
        let stands_for = external_id
            .rsplit_once('~')
            .filter(|(_, n)| n.bytes().all(|byte| byte.is_ascii_digit()));
        self.present.contains(external_id)
            || stands_for.is_some_and(|(item, _)| self.present.contains(item))
    }
}

impl App {
    /// Compares a whole look with what is open there as far as known, and lets go what was missing often enough.
    pub(super) async fn after_look(
        &self,
        source: &SourceId,
        look: Look,
    ) -> Result<(), ReceiveError> {
        let Some(looks) = look.complete else {
            return Ok(());
        };
        let open: BTreeMap<_, _> = self.store.open_there(source).await?.into_iter().collect();
        let lost = open.keys().filter(|id| !look.has(id));
        // What was split off has no item of its own: it ends when somebody ends it.
        let lost: Vec<String> = lost.filter(|id| !is_split_id(id)).cloned().collect();
        let missing = self
            .store
            .note_missing(source, &lost, look.began_at)
            .await?;
        let is_many = missing.len() > FEW && missing.len() * 100 > open.len() * SHARE;
        if is_many {
            self.doubt(source, &missing, open.len()).await?;
        }
        for Missing {
            external_id,
            looks: so_far,
            since,
        } in &missing
        {
            let is_sure = !is_many || plus(*since, DOUBT) <= look.began_at;
            if *so_far >= looks
                && is_sure
                && let Some(id) = open.get(external_id)
            {
                self.find_gone(id, source, FETCHED).await?;
            }
        }
        Ok(())
    }

    /// Tells the operators that much is missing, once for what began together.
    async fn doubt(
        &self,
        source: &SourceId,
        missing: &[Missing],
        open: usize,
    ) -> Result<(), ReceiveError> {
        let Some(since) = missing.iter().map(|missing| missing.since).max() else {
            return Ok(());
        };
        let number = |n: usize| Arg::Number(i64::try_from(n).unwrap_or(i64::MAX));
        let message = Message::new("notice-much-missing")
            .with("source", Arg::Plain(source.to_string()))
            .with("missing", number(missing.len()))
            .with("open", number(open))
            .with("at", Arg::Instant(plus(since, DOUBT)));
        let key = format!("missing·{source}·{}", since.as_millisecond());
        self.tell_operators(message, key, self.clock.now()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
