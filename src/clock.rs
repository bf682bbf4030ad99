//! The system side of the `Clock` and `Ids` ports: the only place that asks the machine for time or for chance.
//!
//! There are two times. *Business* time is what people see and what deadlines are made of: [`SystemClock`] reads it from
//! the machine, [`ScaledClock`] runs it some times faster for the demo; both give whole milliseconds, because that is
//! what the store keeps. *Monotonic* time ([`monotonic`], [`sleep`], [`timeout`]) is for leases, HTTP time-outs and
//! back-off; it is never scaled and never shown.
//!
//! Promises: waiting for the [`Duration`] that `wait_for` gives is never too short, so a timer that slept that long
//! finds itself due. Leaves out: the manual clock of the tests (`testkit`), and any idea of zones or calendars.

use std::future::Future;
use std::num::NonZeroU32;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rand::RngCore as _;

pub use tokio::time::Instant;

#[cfg(test)]
mod tests;

/// Reads business time from the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// Says what time it is, in whole milliseconds.
    #[expect(clippy::disallowed_methods, reason = "the home of business time")]
    pub fn now(&self) -> Timestamp {
        whole_milliseconds(Timestamp::now())
    }

    /// Says how long to sleep until `at`; nothing when it has passed.
    ///
    /// The machine's clock may be set while somebody sleeps, so who wakes up looks at `now` again.
    pub fn wait_for(&self, at: Timestamp) -> Duration {
        until(self.now(), at)
    }
}

/// Runs business time from `start`, `speed` times faster than real time.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    start: Timestamp,
    speed: NonZeroU32,
    started: Instant,
}

impl ScaledClock {
    /// Starts a clock that shows `start` at this moment.
    pub fn new(start: Timestamp, speed: NonZeroU32) -> Self {
        Self {
            start: whole_milliseconds(start),
            speed,
            started: monotonic(),
        }
    }

    /// Says what time it is by this clock, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        let passed = self.started.elapsed().saturating_mul(self.speed.get());
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        whole_milliseconds(self.start.saturating_add(passed).unwrap_or(Timestamp::MAX))
    }

    /// Says how long to sleep, in real time, until this clock shows `at`; nothing when it has passed.
    pub fn wait_for(&self, at: Timestamp) -> Duration {
        let from_start = until(self.start, at).as_nanos();
        let real = from_start.div_ceil(u128::from(self.speed.get()));
        let real = Duration::from_nanos(u64::try_from(real).unwrap_or(u64::MAX));
        real.saturating_sub(self.started.elapsed())
    }

    /// Says how many times faster than real time this clock runs.
    pub fn speed(&self) -> NonZeroU32 {
        self.speed
    }
}

/// Makes ids and secrets from the machine's time and chance.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl SystemIds {
    /// How many random bytes a token has: 256 bits, beyond guessing for a link that stays valid for years.
    pub const TOKEN_BYTES: usize = 32;

    /// Makes an id: UUIDv7 text, so ids made later in this process sort later.
    #[expect(clippy::disallowed_methods, reason = "the home of ids")]
    pub fn id(&self) -> String {
        uuid::Uuid::now_v7().to_string()
    }

    /// Makes a secret of [`Self::TOKEN_BYTES`] random bytes that may stand in a URL.
    pub fn token(&self) -> String {
        self.token_of(Self::TOKEN_BYTES)
    }

    /// Makes a secret of `bytes` random bytes that may stand in a URL (base64 without padding).
    #[expect(clippy::disallowed_methods, reason = "the home of chance")]
    pub fn token_of(&self, bytes: usize) -> String {
        let mut random = vec![0; bytes];
        // ThreadRng is a cryptographic generator, seeded and re-seeded by the operating system.
        rand::rng().fill_bytes(&mut random);
        URL_SAFE_NO_PAD.encode(random)
    }
}

/// The answer did not come in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer within {after:?}")]
pub struct TimedOut {
    /// How long was waited.
    pub after: Duration,
}

/// Says what the monotonic time is; it obeys tokio's paused clock in tests.
#[expect(clippy::disallowed_methods, reason = "the home of monotonic time")]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Waits for a length of real time.
#[expect(clippy::disallowed_methods, reason = "the home of waiting")]
pub async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits for a monotonic instant.
#[expect(clippy::disallowed_methods, reason = "the home of waiting")]
pub async fn sleep_until(at: Instant) {
    tokio::time::sleep_until(at).await;
}

/// Waits for `future`, but for no longer than `after` of real time; then it is dropped.
#[expect(clippy::disallowed_methods, reason = "the home of waiting")]
pub async fn timeout<F: Future>(after: Duration, future: F) -> Result<F::Output, TimedOut> {
    tokio::time::timeout(after, future)
        .await
        .map_err(|_elapsed| TimedOut { after })
}

/// The real time between two instants, nothing when `at` is not later.
fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// The last whole millisecond not after `instant`.
fn whole_milliseconds(instant: Timestamp) -> Timestamp {
    let ms = instant.as_nanosecond().div_euclid(1_000_000);
    i64::try_from(ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        // Only within the first millisecond of the year −9999, where nothing is before it.
        .unwrap_or(Timestamp::MIN)
}

#[async_trait::async_trait]
impl crate::app::ports::Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemClock::now(self)
    }

    async fn until(&self, at: Timestamp) {
        while SystemClock::now(self) < at {
            sleep(self.wait_for(at)).await;
        }
    }

    async fn pause(&self, wait: Duration) {
        sleep(wait).await;
    }
}

#[async_trait::async_trait]
impl crate::app::ports::Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        ScaledClock::now(self)
    }

    async fn until(&self, at: Timestamp) {
        while ScaledClock::now(self) < at {
            sleep(self.wait_for(at)).await;
        }
    }

    async fn pause(&self, wait: Duration) {
        sleep(wait).await;
    }
}

impl crate::app::ports::Ids for SystemIds {
    fn id(&self) -> String {
        SystemIds::id(self)
    }

    fn token(&self) -> String {
        SystemIds::token(self)
    }
}
