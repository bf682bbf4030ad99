//! The outbox loop: delivers the heads of lanes, each said once.
//!
//! An attempt whose answer never came is *unknown*: inside the platform's idempotency window it is sent
//! again under the same key, after it it is looked for first. It is never re-sent blindly. What could not be done before its
//! lease ends is not begun: another process may have it by then. Each outlet has a loop of its own, so that a source that
//! hangs holds up no notice.

use super::{Engine, LEASE};
use crate::app::desk::ActError;
use crate::app::letters::MAIL;
use crate::app::ports::*;
use crate::app::trackers::{MAY_STAND, unrecorded};
use crate::clock::{self, Instant};
use crate::domain::announce::MAY_BE_THERE;
use crate::time::{SignedDuration, Timestamp, plus};
use futures_util::{StreamExt, stream};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

const BATCH: u32 = 128;

/// The longest that a post takes: it is looked for and sent, each in the time-out of a platform, and a little.
const POSTING: Duration = Duration::from_secs(40);

/// The longest that anything else takes: a letter, whose server is given twenty seconds to be ready, thirty to take it and
/// two for good-bye; and a little.
const SENDING: Duration = Duration::from_secs(55);

/// A delivery is dead after this many attempts, which with the back-off below takes most of a day …
const ATTEMPTS: u32 = 60;

/// … and not before it was tried for this long: a process that is killed again and again uses up attempts by starting.
const TRIED: SignedDuration = SignedDuration::from_hours(12);

/// Notices for one place that fall due together become one message when there are more than this (DESIGN §5).
const APART: usize = 3;

/// How long a lost answer is given before it is looked for.
const LOOK_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// How long to wait before an attempt is repeated: doubling from a second, fifteen minutes at most.
pub(super) fn backoff(attempt: u32) -> Duration {
    Duration::from_secs(1u64 << attempt.min(10)).min(Duration::from_mins(15))
}

/// Whether an attempt that begins so long after its row was claimed ends while the row is still ours.
fn is_in_time(row: &OutboxRow, held: Duration) -> bool {
    let longest = match &row.what {
        Delivery::WriteBack { .. } | Delivery::Tracker { .. } => SENDING,
        Delivery::Notice { .. } if row.place.platform == MAIL => SENDING,
        Delivery::Card { .. } | Delivery::Notice { .. } | Delivery::Board { .. } => POSTING,
    };
    held + longest <= LEASE
}

/// A first attempt at a notice that may be one line of a digest.
fn is_mergeable(row: &OutboxRow) -> bool {
    match &row.what {
        Delivery::Notice { notice, .. } => {
            notice.is_mergeable && !row.is_unknown && row.attempt == 1
        }
        Delivery::Card { .. }
        | Delivery::Board { .. }
        | Delivery::WriteBack { .. }
        | Delivery::Tracker { .. } => false,
    }
}

impl Engine {
    /// Delivers what is due; answers how many rows were claimed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn outbox_pass(&self) -> Result<usize, StoreError> {
        self.deliveries(None).await
    }

    /// The same of what leaves by one outlet. What is no chat is claimed as it can be sent: none waits for another under
    /// its lease.
    pub(super) async fn outlet_pass(&self, outlet: Outlet) -> Result<usize, StoreError> {
        self.deliveries(Some(outlet)).await
    }

    async fn deliveries(&self, outlet: Option<Outlet>) -> Result<usize, StoreError> {
        let limit = match outlet {
            // Notices become a digest of what falls due together.
            None | Some(Outlet::Chat) => BATCH,
            Some(Outlet::Source | Outlet::Tracker | Outlet::Mail) => {
                u32::try_from(self.at_once).unwrap_or(BATCH)
            }
        };
        let (begun, now) = (clock::monotonic(), self.app.clock.now());
        let rows = self
            .app
            .store
            .claim_outlet(outlet, now, &self.holder, LEASE, limit)
            .await?;
        let count = rows.len();
        let rows = self.merged(rows, now).await?;
        let outcomes: Vec<Result<(), StoreError>> = stream::iter(rows)
            .map(|row| self.deliver(row, begun))
            .buffer_unordered(self.at_once)
            .collect()
            .await;
        outcomes.into_iter().collect::<Result<(), StoreError>>()?;
        Ok(count)
    }

    /// Puts many notices of one place into one message, and answers the rows that stay apart, in their order.
    async fn merged(
        &self,
        rows: Vec<OutboxRow>,
        now: Timestamp,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let mut by_place: BTreeMap<Place, Vec<&OutboxRow>> = BTreeMap::new();
        for row in rows.iter().filter(|row| is_mergeable(row)) {
            by_place.entry(row.place.clone()).or_default().push(row);
        }
        let mut merged: HashSet<String> = HashSet::new();
        for together in by_place.into_values().filter(|rows| rows.len() > APART) {
            let Some(digest) = self.app.digest(&together).await? else {
                continue;
            };
            if self.app.store.merge_outbox(&together, digest, now).await? {
                merged.extend(together.iter().map(|row| row.id.clone()));
            }
        }
        Ok(rows
            .into_iter()
            .filter(|row| !merged.contains(&row.id))
            .collect())
    }

    /// Makes one attempt at a row that was claimed then, and records how it ended.
    async fn deliver(&self, row: OutboxRow, claimed: Instant) -> Result<(), StoreError> {
        let attempt = match is_in_time(&row, claimed.elapsed()) {
            true => self.attempt(&row).await?,
            false => Attempt::NotBegun,
        };
        let now = self.app.clock.now();
        let attempt = bounded(&row, attempt, now);
        if !self.app.store.settle_outbox(&row, &attempt, now).await? {
            return Ok(());
        }
        match &attempt {
            Attempt::Sent { .. } => {
                metrics::counter!("toban_deliveries_total", "outcome" => "sent").increment(1);
                // The lane's next row waits for nothing any more, and a card may have moved on meanwhile.
                self.app.wake.wake(Stirred::Outbox);
                self.app.wake.wake(Stirred::Cards);
                self.app.wake.wake(Stirred::Desk);
                if matches!(row.what, Delivery::WriteBack { .. }) {
                    let told = self.app.delivery_arrived(&row, None, now).await;
                    self.told(&row, told).await;
                }
            }
            Attempt::Advanced { what } => {
                self.app.wake.wake(Stirred::Outbox);
                if let Delivery::WriteBack { step, .. } = what {
                    let told = self.app.delivery_arrived(&row, Some(*step), now).await;
                    self.told(&row, told).await;
                }
            }
            Attempt::Dead { why } => {
                metrics::counter!("toban_deliveries_total", "outcome" => "dead").increment(1);
                let told = self.app.delivery_died(&row, why).await;
                self.told(&row, told).await;
            }
            Attempt::Retry { why, .. } => {
                if let Err(error) = self.app.delivery_waits(&row, why).await {
                    tracing::error!(outbox.key = %row.key, "that {} is late was not told: {error}", row.key);
                }
            }
            // Its lease would have ended: now it can have another.
            Attempt::NotBegun => self.app.wake.wake(Stirred::Outbox),
            Attempt::Unknown { .. } | Attempt::Merged { .. } => {}
        }
        Ok(())
    }

    async fn attempt(&self, row: &OutboxRow) -> Result<Attempt, StoreError> {
        match &row.what {
            Delivery::WriteBack { .. } => Ok(self.send_back(row).await),
            Delivery::Tracker { .. } => self.to_tracker(row).await,
            Delivery::Card { .. } | Delivery::Notice { .. } | Delivery::Board { .. } => {
                self.post(row).await
            }
        }
    }

    /// What became of a row is told, or the auditor tells it.
    async fn told(&self, row: &OutboxRow, told: Result<(), ActError>) {
        let noted = match told {
            Ok(()) => self.app.store.told_outbox(row).await,
            Err(error) => {
                tracing::error!(outbox.key = %row.key, "what became of {} is not told yet: {error}", row.key);
                return;
            }
        };
        if let Err(error) = noted {
            tracing::warn!(outbox.key = %row.key, "the end of {} is told, and will be looked at again: {error}", row.key);
        }
    }

    async fn send_back(&self, row: &OutboxRow) -> Attempt {
        if row.is_unknown {
            let why = format!("{MAY_BE_THERE}the desk stopped before an answer came");
            return Attempt::Dead { why };
        }
        match self.app.write_back(row).await {
            Ok(Some(next)) => Attempt::Advanced {
                what: row.what.from_step(next),
            },
            Ok(None) => Attempt::Sent {
                receipt: Receipt {
                    message: row.key.clone(),
                    thread: None,
                },
                shown: None,
            },
            Err(DeliveryError::Unknown { why }) => Attempt::Dead {
                why: format!("{MAY_BE_THERE}{why}"),
            },
            Err(error) => self.failed(row, error),
        }
    }

    /// Brings something to a tracker. What may have arrived is not brought again (decision 4), unless it is recorded that
    /// it has: an issue is linked before its row is settled.
    async fn to_tracker(&self, row: &OutboxRow) -> Result<Attempt, StoreError> {
        let sent = |receipt: Receipt| Attempt::Sent {
            receipt,
            shown: None,
        };
        if row.is_unknown {
            return Ok(match self.app.filed_before(row).await? {
                Some(receipt) => sent(receipt),
                None => Attempt::Dead {
                    why: MAY_STAND.to_owned(),
                },
            });
        }
        Ok(match self.app.to_tracker(row).await {
            Ok(receipt) => sent(receipt),
            // It stands there, and its name is known.
            Err(DeliveryError::Unknown { why }) if unrecorded(&why).is_some() => {
                Attempt::Dead { why }
            }
            Err(DeliveryError::Unknown { why }) => Attempt::Dead {
                why: format!("{MAY_STAND}: {why}"),
            },
            Err(error) => self.failed(row, error),
        })
    }

    async fn post(&self, row: &OutboxRow) -> Result<Attempt, StoreError> {
        let Some(platform) = self.platforms.get(&row.place.platform) else {
            let why = format!("platform \"{}\" is not configured", row.place.platform);
            return Ok(Attempt::Dead { why });
        };
        let Some(ready) = self.app.ready(row).await? else {
            return Ok(Attempt::Dead {
                why: "its inquiry is gone".to_owned(),
            });
        };
        let sent = |receipt: Receipt| Attempt::Sent {
            receipt,
            shown: ready.seq,
        };
        if row.is_unknown && !self.is_inside_window(row, platform) {
            if !platform.capabilities().finds {
                let why = "no answer came, and the platform cannot be asked".to_owned();
                return Ok(Attempt::Dead { why });
            }
            let since = row.first_sent_at.unwrap_or_else(|| self.app.clock.now());
            match platform
                .find(&row.place, &ready.post, &row.key, plus(since, -SKEW))
                .await
            {
                Ok(Some(receipt)) => return Ok(sent(receipt)),
                Ok(None) => {}
                // What could not be looked up is as unknown as before.
                Err(DeliveryError::Retry { after, why }) => return Ok(self.look_later(after, why)),
                Err(DeliveryError::Unknown { why }) => return Ok(self.look_later(None, why)),
                Err(error @ (DeliveryError::Rejected { .. } | DeliveryError::Gone { .. })) => {
                    return Ok(self.failed(row, error));
                }
            }
        }
        Ok(
            match platform.deliver(&row.place, &ready.post, &row.key).await {
                Ok(receipt) => sent(receipt),
                // A re-send that was held up may follow one that arrived.
                Err(DeliveryError::Retry { after, why }) if row.is_unknown => {
                    self.look_later(after, why)
                }
                Err(error) => self.failed(row, error),
            },
        )
    }

    fn is_inside_window(&self, row: &OutboxRow, platform: &Arc<dyn Platform>) -> bool {
        let (Some(window), Some(first)) = (
            platform.capabilities().idempotency_window,
            row.first_sent_at,
        ) else {
            return false;
        };
        let window = SignedDuration::try_from(window).unwrap_or_default();
        self.app.clock.now() < plus(first, window)
    }

    fn look_later(&self, after: Option<Duration>, why: String) -> Attempt {
        let wait = after.map_or(LOOK_AFTER, |after| {
            SignedDuration::try_from(after).unwrap_or(LOOK_AFTER)
        });
        Attempt::Unknown {
            look_at: plus(self.app.clock.now(), wait.max(LOOK_AFTER)),
            why,
        }
    }

    fn failed(&self, row: &OutboxRow, error: DeliveryError) -> Attempt {
        match error {
            DeliveryError::Retry { after, why } => {
                let wait = after.unwrap_or_default().max(backoff(row.attempt));
                let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(15));
                Attempt::Retry {
                    at: plus(self.app.clock.now(), wait),
                    why,
                }
            }
            DeliveryError::Unknown { why } => self.look_later(None, why),
            DeliveryError::Rejected { why } | DeliveryError::Gone { why } => Attempt::Dead { why },
        }
    }
}

/// Gives up what was tried often and long enough.
fn bounded(row: &OutboxRow, attempt: Attempt, now: Timestamp) -> Attempt {
    let is_long = row
        .first_sent_at
        .is_some_and(|first| plus(first, TRIED) <= now);
    match attempt {
        Attempt::Retry { why, .. } | Attempt::Unknown { why, .. }
            if row.attempt >= ATTEMPTS && is_long =>
        {
            Attempt::Dead {
                why: format!("given up after {} attempts: {why}", row.attempt),
            }
        }
        attempt => attempt,
    }
}

/// The platform's clock and ours may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

#[cfg(test)]
mod tests;
