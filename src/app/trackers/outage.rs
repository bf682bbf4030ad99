//! When a tracker is out: the operators hear of it once, and once more when it is back.
//!
//! Promises: an outage is told for the tracker, never for each of its issues, and neither a restart nor another process
//! tells it again (the messages have keys of the outage). Every request counts, whether it looks, files or notes. Leaves
//! out what waits meanwhile: the outbox keeps it, and its own death is told where it matters.

use super::TRACKER_LANE;
use crate::app::desk::App;
use crate::app::ports::*;
use crate::domain::breaker::{Breaker, Failed};
use crate::domain::ids::TrackerId;
use crate::domain::notice::{Arg, Message};
use crate::time::{SignedDuration, Timestamp, ms, plus};
use serde::Serialize;

/// So many failures in a row are an outage …
const OUT_AFTER: u32 = 3;

/// … if they take this long: a filing is tried again within seconds, and a restart over there is none.
const OUT_SINCE: SignedDuration = SignedDuration::from_mins(5);

/// How exact the time of the last answer is.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A tracker as people look at it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackerView {
    pub id: TrackerId,
    pub name: String,
    pub state: TrackerStanding,
    pub failures: u32,
    pub since: Option<Timestamp>,
    /// What was wrong last.
    pub why: Option<String>,
    pub last_ok_at: Option<Timestamp>,
    /// Filings and comments under way, and dead ones.
    pub waiting: u64,
    pub dead: u64,
}

/// How a tracker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackerStanding {
    /// Nothing was asked of it yet.
    NeverAsked,
    Ok,
    Failing,
    Out,
}

impl TrackerView {
    /// Whether somebody should look.
    pub fn is_trouble(&self) -> bool {
        matches!(self.state, TrackerStanding::Failing | TrackerStanding::Out)
    }
}

impl App {
    /// Every tracker that is configured, and how it answers.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tracker_views(&self) -> Result<Vec<TrackerView>, StoreError> {
        let mut states = self.store.trackers_known().await?;
        let undone = self.store.undone_at_trackers().await?;
        let view = |known: KnownTracker| {
            let kept = states.remove(&known.id);
            let standing = match &kept {
                None => TrackerStanding::NeverAsked,
                Some(kept) if kept.breaker.opened_at.is_some() => TrackerStanding::Out,
                Some(kept) if kept.breaker.failures > 0 => TrackerStanding::Failing,
                Some(_) => TrackerStanding::Ok,
            };
            let kept = kept.unwrap_or_default();
            let its = |line: &&OutboxLine| {
                line.place.platform == TRACKER_LANE && line.place.channel == known.id.as_str()
            };
            let count = |is_dead: bool| {
                let its = undone.iter().filter(its);
                its.filter(|line| (line.state == "dead") == is_dead).count() as u64
            };
            TrackerView {
                state: standing,
                failures: kept.breaker.failures,
                since: kept.breaker.failing_since,
                why: kept.last_error,
                last_ok_at: kept.last_ok_at,
                waiting: count(false),
                dead: count(true),
                name: known.name,
                id: known.id,
            }
        };
        Ok(self.trackers.known().into_iter().map(view).collect())
    }

    /// Notes what came of a request that writes, and passes it on.
    pub(super) async fn heard<T>(
        &self,
        id: &TrackerId,
        outcome: Result<T, DeliveryError>,
    ) -> Result<T, DeliveryError> {
        let noted = match &outcome {
            Ok(_) => self.tracker_answered(id).await,
            Err(DeliveryError::Retry { why, .. } | DeliveryError::Unknown { why }) => {
                self.tracker_failed(id, why).await.map(drop)
            }
            // A refusal says nothing about the others; some never left.
            Err(DeliveryError::Rejected { .. } | DeliveryError::Gone { .. }) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(tracker = %id, "how {id} answers was not noted: {error}");
        }
        outcome
    }

    /// It answered: an outage is over, and told so.
    pub(super) async fn tracker_answered(&self, id: &TrackerId) -> Result<(), StoreError> {
        let now = self.clock.now();
        let known = self.store.trackers_known().await?.remove(id);
        let known = known.unwrap_or_default();
        let is_noted = known.breaker == Breaker::default()
            && known
                .last_ok_at
                .is_some_and(|at| plus(at, NOTED_EVERY) > now);
        if is_noted {
            return Ok(());
        }
        if let (Some(opened_at), Some(out_for)) =
            (known.breaker.opened_at, known.breaker.out_for(now))
        {
            let since = known.breaker.failing_since.unwrap_or(opened_at);
            let span = i64::try_from(out_for.as_millis()).unwrap_or(i64::MAX);
            let message = Message::new("notice-tracker-back")
                .with("tracker", Arg::Plain(self.tracker_name(id)))
                .with("span", Arg::Span(span));
            let key = format!("tracker-back·{id}·{}", ms(since));
            self.tell_operators(message, key, now).await?;
        }
        let state = TrackerState {
            last_ok_at: Some(now),
            ..TrackerState::default()
        };
        self.store.keep_tracker(id, &state).await
    }

    /// It did not answer, or lets nobody in; answers whether it is out. The failure that makes it so is told.
    pub(super) async fn tracker_failed(
        &self,
        id: &TrackerId,
        why: &str,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let known = self.store.trackers_known().await?.remove(id);
        let known = known.unwrap_or_default();
        let since = known.breaker.failing_since;
        let limit = match since.is_some_and(|since| plus(since, OUT_SINCE) <= now) {
            true => OUT_AFTER,
            false => u32::MAX,
        };
        let failed = known.breaker.failed(limit, now);
        let (Failed::Again(breaker) | Failed::Opened(breaker)) = failed;
        if let Failed::Opened(breaker) = failed {
            let since = breaker.failing_since.unwrap_or(now);
            let message = Message::new("notice-tracker-out")
                .with("tracker", Arg::Plain(self.tracker_name(id)))
                .with("count", Arg::Number(i64::from(breaker.failures)))
                .with("since", Arg::Instant(since))
                .with("why", Arg::Plain(why.to_owned()));
            let key = format!("tracker-out·{id}·{}", ms(since));
            self.tell_operators(message, key, now).await?;
        }
        let state = TrackerState {
            breaker,
            last_error: Some(why.to_owned()),
            last_ok_at: known.last_ok_at,
        };
        self.store.keep_tracker(id, &state).await?;
        Ok(breaker.opened_at.is_some())
    }

    fn tracker_name(&self, id: &TrackerId) -> String {
        let known = self.trackers.known().into_iter();
        let mut named = known.filter(|one| one.id == *id).map(|one| one.name);
        named.next().unwrap_or_else(|| id.to_string())
    }
}
