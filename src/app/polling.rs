//! One poll of a source: fetch a page, take its items in, keep the cursor with them.

use super::desk::{ActError, App, Order};
use super::facts::text_ids;
use super::known::{Delivery, Taken};
use super::missing::Look;
use super::pings::Taken as Calls;
use super::ports::{
    Changes, CommitError, Mapped, Page, Poller, SourceState, Stirred, StoreError, TimerKind,
};
use super::receive::{FETCHED, ReceiveError, seen_at_first};
use super::seen;
use super::setup::SourceSetup;
use crate::domain::ids::{SourceId, TextId};
use crate::domain::notice::{Arg, Message};

/// How many pages one poll may take, so that a source that always has more cannot hold the poller.
const PAGES: usize = 50;

/// How many items are read and opened at once: whoever else writes waits for them.
const TOGETHER: usize = 512;

impl App {
    /// Polls a source until it has no more, and answers what is known of it then.
    ///
    /// A page's new items and its cursor are one transaction; items that are known, or bring messages, are
    /// taken before it, so that the cursor never passes an item that is not in.
    ///
    /// # Errors
    /// When the store does not answer. A source that does not answer is remembered in its state.
    pub async fn poll(
        &self,
        poller: &dyn Poller,
        source: &SourceId,
    ) -> Result<SourceState, ReceiveError> {
        let mut state = self.store.source_state(source, self.clock.now()).await?;
        let mut backlog = 0;
        let mut look = Look::begun(self.clock.now());
        let mut is_whole = false;
        for _ in 0..PAGES {
            let now = self.clock.now();
            match poller.poll(source, &state, now).await {
                Ok(page) => {
                    let has_more = page.has_more;
                    look.add(&page);
                    state = self.take_page(source, page, &state, &mut backlog).await?;
                    if !has_more {
                        is_whole = true;
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(source = %source, failures = state.failures + 1, "poll of {source} brought nothing: {error}");
                    state.failures += 1;
                    state.last_error = Some(error.to_string());
                    self.store.commit_page(source, &state, Vec::new()).await?;
                    break;
                }
            }
        }
        if is_whole {
            self.after_look(source, look).await?;
        }
        if backlog > 0 {
            let now = self.clock.now();
            let message = Message::new("notice-backlog")
                .with("source", Arg::Plain(source.to_string()))
                .with("count", Arg::Number(backlog));
            self.tell_operators(
                message,
                format!("backlog·{source}·{}", now.as_millisecond()),
                now,
            )
            .await?;
        }
        Ok(state)
    }

    /// Has a source polled at once, because it said that something changed. A poll that is under way is not disturbed: what
    /// it missed is found by the next one.
    ///
    /// # Errors
    /// When the store does not answer; the sender should try again.
    pub async fn poll_soon(&self, source: &SourceId) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store
            .set_timer(TimerKind::Poll, source.as_str(), now)
            .await?;
        self.wake.wake(Stirred::Timers);
        Ok(())
    }

    /// Takes in a page. What is known to change nothing is left alone, and costs one look for all of the page.
    async fn take_page(
        &self,
        source: &SourceId,
        page: Page,
        before: &SourceState,
        backlog: &mut i64,
    ) -> Result<SourceState, ReceiveError> {
        let setup = self.setup.sources.get(source).cloned();
        let setup = setup.ok_or_else(|| ReceiveError::UnknownSource(source.clone()))?;
        let ground = seen::ground(&self.setup, &setup);
        let mut read = Vec::with_capacity(page.items.len());
        for item in page.items {
            match item {
                Ok(mapped) => {
                    let mark = seen::mark(&mapped, &ground);
                    read.push((mapped, mark));
                }
                Err((raw, why)) => {
                    self.keep_unreadable(source, &why, raw.as_bytes()).await?;
                }
            }
        }
        let marks = self.store.marks(source, &ids(&read)).await?;
        read.retain(|(mapped, mark)| marks.get(&mapped.external_id) != Some(mark));
        let mut new = Vec::new();
        while !read.is_empty() {
            let rest = read.split_off(read.len().min(TOGETHER));
            let some = std::mem::replace(&mut read, rest);
            new.extend(self.take_some(&setup, some, backlog).await?);
        }
        let mut state = page.state;
        state.failures = 0;
        state.last_ok_at = Some(self.clock.now());
        // The cursor moves with the last of them.
        loop {
            let rest = new.split_off(new.len().min(TOGETHER));
            let some = std::mem::replace(&mut new, rest);
            let kept = if new.is_empty() { &state } else { before };
            self.open_some(source, kept, some, backlog).await?;
            if new.is_empty() {
                return Ok(state);
            }
        }
    }

    /// Takes in what is known, or brings messages; answers what is new and can be opened together.
    async fn take_some(
        &self,
        setup: &SourceSetup,
        some: Vec<(Mapped, String)>,
        backlog: &mut i64,
    ) -> Result<Vec<(Mapped, String)>, ReceiveError> {
        let known = self.store.known(&setup.id, &ids(&some)).await?;
        let facts = known.values().map(|known| &known.stored.inquiry.facts);
        let texts: Vec<TextId> = facts.flat_map(text_ids).collect();
        let texts = self.store.texts(&texts).await?;
        let (mut new, mut again, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        for (mapped, mark) in some {
            let Some(item) = known.get(&mapped.external_id) else {
                if mapped.messages.is_empty() && !mapped.is_deleted {
                    new.push((mapped, mark));
                } else {
                    *backlog += i64::from(self.receive_alone(mapped, setup).await?);
                }
                continue;
            };
            let delivery = Delivery {
                mapped: &mapped,
                source: setup,
                mark: &mark,
                via: FETCHED,
                is_fetched: true,
            };
            match self.take_known(item, &delivery, Some(&texts)).await {
                Ok(Taken::Changed(_) | Taken::Nothing(_)) => {}
                Ok(Taken::Unchanged(_, mark)) => marks.push((mapped, mark)),
                Ok(Taken::Moved) | Err(ReceiveError::Act(ActError::Contended)) => {
                    again.push(mapped);
                }
                Err(error) => return Err(error),
            }
        }
        let (unchanged, marks): (Vec<_>, Vec<_>) = marks.into_iter().unzip();
        let kept = self.store.mark_seen(marks).await?;
        let moved = unchanged.into_iter().zip(kept);
        again.extend(moved.filter_map(|(mapped, is_kept)| (!is_kept).then_some(mapped)));
        for mapped in again {
            self.receive(mapped, FETCHED).await?;
        }
        Ok(new)
    }

    /// Opens what is new together with the state of the poller.
    async fn open_some(
        &self,
        source: &SourceId,
        state: &SourceState,
        some: Vec<(Mapped, String)>,
        backlog: &mut i64,
    ) -> Result<(), ReceiveError> {
        let mut new = Vec::with_capacity(some.len());
        let mut changes = Vec::with_capacity(some.len());
        for (mapped, mark) in some {
            // Backlog that is not taken stays out.
            if let Some((receive, order)) = self.receipt_of(&mapped, FETCHED).await? {
                *backlog += i64::from(receive.is_backlog);
                let mut opening = self.opening_changes(receive, &order).await?;
                opening.seen = Some(seen_at_first(&mapped, &mark));
                changes.push(opening);
                new.push(mapped);
            }
        }
        let taken: Vec<Calls> = changes.iter().map(Calls::by).collect();
        let outcomes = self.store.commit_page(source, state, changes).await?;
        self.wake.wake(Stirred::Outbox);
        self.wake.wake(Stirred::Timers);
        for ((mapped, taken), outcome) in new.into_iter().zip(&taken).zip(outcomes) {
            if outcome.is_err() {
                self.allowances.give_back(taken);
            }
            match outcome {
                Ok(_) | Err(CommitError::Repeated { .. }) => {}
                // Somebody else brought it meanwhile: then this is its update.
                Err(CommitError::Conflict) => {
                    self.receive(mapped, FETCHED).await?;
                }
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes in an item that cannot go with others; answers whether it became an inquiry of the backlog.
    async fn receive_alone(
        &self,
        mapped: Mapped,
        setup: &SourceSetup,
    ) -> Result<bool, ReceiveError> {
        let is_backlog = self.is_backlog(&mapped, setup).await?;
        let received = self.receive(mapped, FETCHED).await?;
        Ok(is_backlog && received.is_new)
    }

    async fn opening_changes(
        &self,
        receive: crate::domain::inquiry::Receive,
        order: &Order,
    ) -> Result<Changes, ActError> {
        let policy = self.policy(&receive.policy).await?;
        let now = self.clock.now();
        let id = receive.id.clone();
        let events = crate::domain::inquiry::open(receive, &policy, &order.actor, now)?;
        Ok(self.changes(None, &id, &events, order, now).await?)
    }
}

fn ids(items: &[(Mapped, String)]) -> Vec<String> {
    let ids = items.iter().map(|(mapped, _)| mapped.external_id.clone());
    ids.collect()
}
