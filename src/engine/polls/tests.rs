#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::World;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// Two sources: `hangs` never answers, `crm` does at once.
#[derive(Default)]
struct Two {
    hanging: Notify,
    answered: Notify,
    asked: AtomicUsize,
}

#[async_trait]
impl Poller for Two {
    fn polled(&self) -> Vec<SourceId> {
        vec!["crm".into(), "hangs".into()]
    }

    fn next_poll(&self, _source: &SourceId, _state: &SourceState, now: Timestamp) -> Timestamp {
        crate::time::plus(now, crate::time::SignedDuration::from_mins(1))
    }

    async fn poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        _now: Timestamp,
    ) -> Result<Page, PollError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if source.as_str() == "hangs" {
            self.hanging.notify_one();
            std::future::pending::<()>().await;
        }
        self.answered.notify_one();
        Ok(Page {
            items: Vec::new(),
            state: state.clone(),
            has_more: false,
            complete: None,
            passed: Vec::new(),
            returned: Vec::new(),
        })
    }
}

fn under_way() -> UnderWay {
    UnderWay::new(TaskTracker::new(), CancellationToken::new())
}

/// A desk that polls both, both due.
async fn desk() -> (World, Arc<Two>) {
    let mut world = World::at("2026-11-24 10:00").await;
    let two = Arc::new(Two::default());
    world.engine.poller = two.clone();
    for source in ["crm", "hangs"] {
        due(&world, source).await;
    }
    (world, two)
}

async fn due(world: &World, source: &str) {
    let now = world.app.clock.now();
    let set = world.app.store.set_timer(TimerKind::Poll, source, now);
    set.await.unwrap();
}

#[tokio::test]
async fn a_source_that_hangs_delays_no_other() {
    let (world, two) = desk().await;
    let under_way = under_way();
    assert_eq!(world.engine.polls_pass(&under_way).await.unwrap(), 2);
    two.hanging.notified().await;
    two.answered.notified().await;
    // The next round of the other one goes its way while the first still hangs, which nobody asks twice.
    world.until("2026-11-24 10:01").await;
    while world.engine.polls_pass(&under_way).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    two.answered.notified().await;
    assert_eq!(two.asked.load(Ordering::SeqCst), 3);
    // A stop ends the waiting and is no failure of the source.
    under_way.stop.cancel();
    under_way.tasks.close();
    under_way.tasks.wait().await;
    let rows = world.app.store.sources_known().await.unwrap();
    assert!(rows.iter().all(|row| row.state.failures == 0), "{rows:?}");
    world.end().await;
}

#[tokio::test]
async fn another_process_does_not_ask_meanwhile() {
    let (world, two) = desk().await;
    let under_way = under_way();
    world.engine.polls_pass(&under_way).await.unwrap();
    two.hanging.notified().await;
    two.answered.notified().await;
    let other = Engine {
        holder: "other".to_owned(),
        ..world.engine.clone()
    };
    due(&world, "hangs").await;
    let elsewhere = self::under_way();
    assert_eq!(other.polls_pass(&elsewhere).await.unwrap(), 0);
    under_way.stop.cancel();
    under_way.tasks.close();
    under_way.tasks.wait().await;
    world.end().await;
}

#[tokio::test]
async fn no_more_are_begun_than_there_is_room_for() {
    let (world, two) = desk().await;
    let under_way = UnderWay {
        slots: Arc::new(Semaphore::new(0)),
        ..under_way()
    };
    assert_eq!(world.engine.polls_pass(&under_way).await.unwrap(), 0);
    under_way.slots.add_permits(1);
    assert_eq!(world.engine.polls_pass(&under_way).await.unwrap(), 1);
    two.answered.notified().await;
    under_way.stop.cancel();
    under_way.tasks.close();
    under_way.tasks.wait().await;
    world.end().await;
}

/// What patience makes of a source that never answers.
async fn waited(is_further_page: bool) -> PollError {
    let patient = Patient {
        poller: Arc::new(Two::default()),
        until: clock::monotonic() + ASKING,
        stop: CancellationToken::new(),
    };
    let state = SourceState {
        is_further_page,
        ..SourceState::default()
    };
    let source = SourceId::from("hangs");
    patient
        .poll(&source, &state, Timestamp::UNIX_EPOCH)
        .await
        .unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn patience_ends_before_the_lease_does() {
    const { assert!(ASKING.as_secs() < LEASE.as_secs()) };
    let error = waited(false).await;
    assert!(
        error
            .to_string()
            .contains("no whole answer within 120 seconds"),
        "{error}"
    );
    // What earlier pages brought is in: that is no failure.
    assert_eq!(waited(true).await, PollError::Stopped);
}
