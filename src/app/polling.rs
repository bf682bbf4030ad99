//! One poll of a source: fetch a page, take its items in, keep the cursor with them.

use super::desk::{ActError, App, Order};
use super::pings::Taken;
use super::ports::*;
use super::receive::ReceiveError;
use crate::domain::ids::SourceId;
use crate::domain::inquiry::Event;
use crate::domain::notice::{Arg, Message};

/// How many pages one poll may take, so that a source that always has more cannot hold the poller.
const PAGES: usize = 50;

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
        for _ in 0..PAGES {
            let now = self.clock.now();
            match poller.poll(source, &state, now).await {
                Ok(page) => {
                    let has_more = page.has_more;
                    state = self.take_page(source, page, &mut backlog).await?;
                    if !has_more {
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

    async fn take_page(
        &self,
        source: &SourceId,
        page: Page,
        backlog: &mut i64,
    ) -> Result<SourceState, ReceiveError> {
        let mut new = Vec::new();
        let mut changes = Vec::new();
        for item in page.items {
            match item {
                Ok(mapped) => match self.new_changes(&mapped).await? {
                    Some(prepared) => {
                        changes.push(prepared);
                        new.push(mapped);
                    }
                    None => *backlog += i64::from(self.receive_known(mapped).await?),
                },
                Err((raw, why)) => {
                    self.keep_unreadable(source, &why, raw.as_bytes()).await?;
                }
            }
        }
        let is_backlog = |changes: &&Changes| {
            changes.entries.iter().any(|entry| {
                matches!(
                    entry.event,
                    Event::Received {
                        is_backlog: true,
                        ..
                    }
                )
            })
        };
        *backlog += i64::try_from(changes.iter().filter(is_backlog).count()).unwrap_or(i64::MAX);
        let mut state = page.state;
        state.failures = 0;
        state.last_ok_at = Some(self.clock.now());
        let taken: Vec<Taken> = changes.iter().map(Taken::by).collect();
        let outcomes = self.store.commit_page(source, &state, changes).await?;
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
                    self.receive(mapped, "poll").await?;
                }
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(state)
    }

    /// Takes in an item that is no new one alone; answers whether it became an inquiry of the backlog.
    async fn receive_known(&self, mapped: Mapped) -> Result<bool, ReceiveError> {
        let is_backlog = match self.setup.sources.get(&mapped.source) {
            Some(source) => self.is_backlog(&mapped, source).await?,
            None => false,
        };
        let received = self.receive(mapped, "poll").await?;
        Ok(is_backlog && received.is_new)
    }

    /// The changes that open an inquiry, if it is new, wanted and brings no messages of its own.
    async fn new_changes(&self, mapped: &Mapped) -> Result<Option<Changes>, ReceiveError> {
        if !mapped.messages.is_empty()
            || mapped.heard.is_some()
            || self
                .store
                .by_external(&mapped.source, &mapped.external_id)
                .await?
                .is_some()
        {
            return Ok(None);
        }
        let Some((receive, order)) = self.receipt_of(mapped, "poll").await? else {
            return Ok(None);
        };
        Ok(Some(self.opening_changes(receive, &order).await?))
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
