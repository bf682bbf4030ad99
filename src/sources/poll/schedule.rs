//! When a source is asked next: by its schedule, or after failures by a back-off that grows and scatters.

use crate::app::ports::SourceState;
use crate::app::source_config::Schedule;
use crate::domain::ids::SourceId;
use crate::time::cron::Cron;
use crate::time::{SignedDuration, TimeZone, Timestamp, ms, plus, zone};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

/// The first wait after a failure, unless the schedule is quicker.
const FIRST: Duration = Duration::from_secs(30);

/// The longest wait after failures, unless the schedule is slower: somebody may be repairing it right now.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Failures beyond this make no difference.
const COUNTED: u32 = 20;

/// A schedule made ready.
#[derive(Debug)]
pub(in crate::sources) enum Rhythm {
    Every(SignedDuration),
    Cron(Box<Cron>, TimeZone),
}

impl Rhythm {
    pub fn new(schedule: &Schedule) -> Result<Rhythm, String> {
        Ok(match schedule {
            Schedule::Every(every) => Rhythm::Every(*every),
            Schedule::Cron { cron, zone: name } => {
                let zone = zone(name).map_err(|error| error.to_string())?;
                Rhythm::Cron(Box::new(cron.clone()), zone)
            }
        })
    }

    /// The next instant after `now`.
    pub fn next(&self, source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp {
        let failures = state.failures;
        let planned = match self {
            Rhythm::Every(every) => plus(now, *every),
            Rhythm::Cron(cron, zone) => cron.next_after(now, zone).unwrap_or(Timestamp::MAX),
        };
        if failures == 0 {
            return planned;
        }
        // What is told of the next try is what comes, whoever works it out and when.
        let since = state.failing_since.unwrap_or(now);
        let wait = back_off(self.every(), source, failures, since);
        let retry = plus(now, wait.try_into().unwrap_or(SignedDuration::MAX));
        match self {
            Rhythm::Every(_) => retry,
            // A time that was asked for is kept all the same.
            Rhythm::Cron(..) => retry.min(planned),
        }
    }

    fn every(&self) -> Option<Duration> {
        match self {
            Rhythm::Every(every) => Duration::try_from(*every).ok(),
            Rhythm::Cron(..) => None,
        }
    }
}

/// Doubles with every failure up to a limit; a part is left to chance, so that sources do not ask in step.
///
/// The chance is made of the source and the instant of the first failure: nothing here needs to be unguessable, and a test
/// can repeat it.
fn back_off(
    every: Option<Duration>,
    source: &SourceId,
    failures: u32,
    since: Timestamp,
) -> Duration {
    let mut seed = DefaultHasher::new();
    (source.as_str(), failures, ms(since)).hash(&mut seed);
    let first = every.map_or(FIRST, |every| every.min(FIRST));
    let longest = every.map_or(LONGEST, |every| every.max(LONGEST));
    let turns = failures.clamp(1, COUNTED) as usize;
    let waits = ExponentialBuilder::new()
        .with_min_delay(first)
        // The part left to chance comes on top, and is at most as long again.
        .with_max_delay(longest / 2)
        .with_jitter()
        .with_jitter_seed(seed.finish())
        .with_max_times(turns)
        .build();
    waits.last().unwrap_or(first)
}
