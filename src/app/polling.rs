//! One poll of a source: fetch a page, take its items in, keep the cursor with them.

mod page;

use super::desk::{ActError, App};
use super::missing::Look;
use super::ports::*;
use super::receive::ReceiveError;
use super::seen;
use crate::domain::breaker::{Breaker, Failed};
use crate::domain::ids::SourceId;
use crate::domain::notice::{Arg, Message};
use crate::time::{SignedDuration, ms, plus};

/// How many pages one poll may take, so that a source that always has more cannot hold the poller.
const PAGES: usize = 50;

/// What a poll brought.
#[derive(Debug, Default)]
struct Came {
    /// Whether there was a good answer at all.
    has_answered: bool,
    /// Items that are new or changed.
    items: i64,
    /// Of them, those of the backlog.
    backlog: i64,
}

impl App {
    /// Polls a source until it has no more, and answers what is known of it then.
    ///
    /// A page's new items and its cursor are one transaction; items that are known, or bring messages, are
    /// taken before it, so that the cursor never passes an item that is not in.
    ///
    /// # Errors
    /// When the store does not answer. A source that does not answer is remembered in its state, and so is one whose items
    /// could not be taken in.
    pub async fn poll(
        &self,
        poller: &dyn Poller,
        source: &SourceId,
    ) -> Result<SourceState, ReceiveError> {
        let before = self.store.source_state(source, self.clock.now()).await?;
        let mut state = before.clone();
        let mut came = Came::default();
        let mut failure = None;
        let mut look = Look::begun(self.clock.now());
        let mut is_whole = false;
        let setup = self.setup.sources.get(source);
        let ground = setup.map(|setup| seen::ground(&self.setup, setup));
        for page in 0..PAGES {
            let now = self.clock.now();
            state.is_further_page = page > 0;
            state.ground = ground.clone().unwrap_or_default();
            match poller.poll(source, &state, now).await {
                Ok(page) => {
                    let has_more = page.has_more;
                    look.add(&page);
                    let taken = self.take_page(source, page, (&before, &state), &mut came);
                    match taken.await {
                        Ok(taken) => state = taken,
                        Err(ReceiveError::Act(error)) => {
                            failure = Some(untaken(source, &error));
                            break;
                        }
                        Err(error) => return Err(error),
                    }
                    came.has_answered = true;
                    if !has_more {
                        is_whole = true;
                        break;
                    }
                }
                Err(PollError::Stopped) => break,
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        state.is_further_page = false;
        if is_whole {
            self.after_look(source, look).await?;
        }
        // An outage is over, and told so, before another begins.
        if came.has_answered && before.opened_at.is_some() {
            state = self.close(source, &before, state, came.items).await?;
        }
        match failure {
            Some(error) => state = self.failed(poller, source, state, &error).await?,
            None if came.has_answered => state = self.held(poller, source, state).await?,
            None => {}
        }
        if came.has_answered && before.skewed_since.is_none() {
            self.tell_skew(source, &state).await?;
        }
        note_figures(source, &state);
        if came.backlog > 0 {
            let now = self.clock.now();
            let message = Message::new("notice-backlog")
                .with("source", Arg::Plain(source.to_string()))
                .with("count", Arg::Number(came.backlog));
            self.tell_operators(
                message,
                format!("backlog·{source}·{}", now.as_millisecond()),
                now,
            )
            .await?;
        }
        Ok(state)
    }

    /// Counts a failure; the one that opens the breaker is told.
    ///
    /// It is told before it is kept, under a key of the outage: a crash in between tells it once all the same.
    async fn failed(
        &self,
        poller: &dyn Poller,
        source: &SourceId,
        mut state: SourceState,
        error: &PollError,
    ) -> Result<SourceState, StoreError> {
        let now = self.clock.now();
        state.polled_at = Some(now);
        state.last_error = Some(error.to_string());
        state.rest_until = match error {
            PollError::Unavailable { retry_after, .. } => {
                let rest = retry_after.and_then(|rest| SignedDuration::try_from(rest).ok());
                rest.map(|rest| plus(now, rest))
            }
            PollError::Unexpected { .. } | PollError::Stopped => None,
        };
        let failed = state.breaker().failed(poller.breaker(source), now);
        let (Failed::Again(breaker) | Failed::Opened(breaker)) = failed;
        state.set_breaker(breaker);
        tracing::warn!(source = %source, failures = breaker.failures, "poll of {source} brought nothing: {error}");
        if let Failed::Opened(breaker) = failed {
            let since = breaker.failing_since.unwrap_or(now);
            let message = Message::new("notice-source-out")
                .with("source", Arg::Plain(self.source_name(source)))
                .with("count", Arg::Number(i64::from(breaker.failures)))
                .with("why", Arg::Plain(why_of(error)))
                .with("since", Arg::Instant(since))
                .with("next", Arg::Instant(poller.next_poll(source, &state, now)))
                .with("id", Arg::Plain(source.to_string()));
            let key = format!("source-out·{source}·{}", ms(since));
            self.tell_operators(message, key, now).await?;
        }
        self.store.commit_page(source, &state, Vec::new()).await?;
        Ok(state)
    }

    /// Counts a poll that was answered and did not get on, and forgets the count with one that did; either is told once.
    async fn held(
        &self,
        poller: &dyn Poller,
        source: &SourceId,
        mut state: SourceState,
    ) -> Result<SourceState, StoreError> {
        let now = self.clock.now();
        let before = state.held;
        if let Some(why) = &state.last_error {
            let failed = before.failed(poller.breaker(source), now);
            let (Failed::Again(held) | Failed::Opened(held)) = failed;
            state.held = held;
            if let Failed::Opened(held) = failed {
                let since = held.failing_since.unwrap_or(now);
                let here = self.setup.sources.get(source);
                let is_mail = here.is_some_and(|here| here.comes == super::setup::Comes::Mailed);
                // A mailbox is held by what is done with mails that were taken in.
                let message = Message::new(match is_mail {
                    true => "notice-source-unfiled",
                    false => "notice-source-held",
                });
                let message = message
                    .with("source", Arg::Plain(self.source_name(source)))
                    .with("count", Arg::Number(i64::from(held.failures)))
                    .with("why", Arg::Plain(why.clone()))
                    .with("since", Arg::Instant(since))
                    .with("id", Arg::Plain(source.to_string()));
                let key = format!("source-held·{source}·{}", ms(since));
                self.tell_operators(message, key, now).await?;
            }
        } else if before == Breaker::default() {
            return Ok(state);
        } else {
            state.held = Breaker::default();
            if let Some(span) = before.out_for(now) {
                let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
                let message = Message::new("notice-source-moves")
                    .with("source", Arg::Plain(self.source_name(source)))
                    .with("span", Arg::Span(span));
                let since = before.failing_since.unwrap_or(now);
                let key = format!("source-moves·{source}·{}", ms(since));
                self.tell_operators(message, key, now).await?;
            }
        }
        self.store.commit_page(source, &state, Vec::new()).await?;
        Ok(state)
    }

    /// Tells that an outage is over, and keeps it so.
    async fn close(
        &self,
        source: &SourceId,
        before: &SourceState,
        mut state: SourceState,
        items: i64,
    ) -> Result<SourceState, StoreError> {
        let now = self.clock.now();
        let out_for = before.breaker().out_for(now).unwrap_or_default();
        let out_ms = i64::try_from(out_for.as_millis()).unwrap_or(i64::MAX);
        let message = Message::new("notice-source-back")
            .with("source", Arg::Plain(self.source_name(source)))
            .with("span", Arg::Span(out_ms))
            .with("count", Arg::Number(items));
        let since = before.failing_since.or(before.opened_at).unwrap_or(now);
        let key = format!("source-back·{source}·{}", ms(since));
        self.tell_operators(message, key, now).await?;
        state.set_breaker(Breaker::default());
        self.store.commit_page(source, &state, Vec::new()).await?;
        Ok(state)
    }

    /// Tells that the clock over there is too far off, if it was found so just now.
    async fn tell_skew(&self, source: &SourceId, state: &SourceState) -> Result<(), StoreError> {
        let (Some(since), Some(skew)) = (state.skewed_since, state.skew_ms) else {
            return Ok(());
        };
        let id = match skew > 0 {
            true => "notice-source-ahead",
            false => "notice-source-behind",
        };
        let message = Message::new(id)
            .with("source", Arg::Plain(self.source_name(source)))
            .with("span", Arg::Span(skew.saturating_abs()));
        let key = format!("source-skew·{source}·{}", ms(since));
        self.tell_operators(message, key, self.clock.now()).await
    }

    fn source_name(&self, source: &SourceId) -> String {
        let setup = self.setup.sources.get(source);
        setup.map_or_else(|| source.to_string(), |setup| setup.name.clone())
    }

    /// Has a source polled at once, because it said that something changed. A poll that is under way is not disturbed: what
    /// it missed is found by the next one. One that is out is not asked more often for it, nor one that wants its rest.
    ///
    /// # Errors
    /// When the store does not answer; the sender should try again.
    pub async fn poll_soon(&self, source: &SourceId) -> Result<(), StoreError> {
        let now = self.clock.now();
        let state = self.store.source_state(source, now).await?;
        if state.opened_at.is_some() || state.rest_until.is_some_and(|until| until > now) {
            return Ok(());
        }
        self.poll_now(source).await
    }

    /// Has a source polled at once, because somebody wants to know.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn poll_now(&self, source: &SourceId) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store
            .set_timer(TimerKind::Poll, source.as_str(), now)
            .await?;
        self.wake.wake(Stirred::Timers);
        Ok(())
    }
}

/// That what came could not be taken in: the source is not to blame, and people should hear of it as of an outage.
fn untaken(source: &SourceId, error: &ActError) -> PollError {
    PollError::Unexpected {
        source_name: source.to_string(),
        why: format!("what it answered could not be taken in: {error}"),
    }
}

/// What was wrong, without saying again whose fault it is.
fn why_of(error: &PollError) -> String {
    match error {
        PollError::Unavailable { why, .. } | PollError::Unexpected { why, .. } => why.clone(),
        PollError::Stopped => error.to_string(),
    }
}

/// The figures that machines look at.
fn note_figures(source: &SourceId, state: &SourceState) {
    let of = || source.to_string();
    metrics::gauge!("toban_source_failures", "source" => of()).set(f64::from(state.failures));
    metrics::gauge!("toban_source_out", "source" => of())
        .set(f64::from(u8::from(state.opened_at.is_some())));
    let seconds = |ms: i64| ms as f64 / 1000.0;
    if let Some(skew) = state.skew_ms {
        metrics::gauge!("toban_source_skew_seconds", "source" => of()).set(seconds(skew));
    }
    if let Some(at) = state.last_ok_at {
        metrics::gauge!("toban_source_last_ok_timestamp_seconds", "source" => of())
            .set(seconds(ms(at)));
    }
}

#[cfg(test)]
mod tests;
