#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::verbs::{Request, Verb};
use crate::testkit::inquiry::{place, second};
use crate::testkit::world::World;

/// A row that was tried so often, since so many hours.
fn given_up(attempt: u32, hours: i64) -> bool {
    let row = OutboxRow {
        id: "o".to_owned(),
        lane: "desk|support|i".to_owned(),
        inquiry: None,
        place: place(),
        what: Delivery::Card {
            mentions: Vec::new(),
            is_urgent: false,
        },
        key: "k".to_owned(),
        attempt,
        is_unknown: false,
        first_sent_at: Some(second(0)),
        epoch: 1,
    };
    let now = plus(second(0), SignedDuration::from_hours(hours));
    let failed = Attempt::Retry {
        at: now,
        why: "no answer".to_owned(),
    };
    match bounded(&row, failed.clone(), now) {
        Attempt::Dead { why } => {
            assert_eq!(why, format!("given up after {attempt} attempts: no answer"));
            true
        }
        other => {
            assert_eq!(other, failed);
            false
        }
    }
}

#[test]
fn a_delivery_is_given_up_after_many_attempts_over_a_long_time() {
    assert!(given_up(ATTEMPTS, 12));
    assert!(!given_up(ATTEMPTS - 1, 24));
}

#[test]
fn a_process_that_is_killed_again_and_again_gives_nothing_up() {
    assert!(!given_up(10 * ATTEMPTS, 11));
}

#[test]
fn the_back_off_spends_the_attempts_over_the_time() {
    let spent: Duration = (1..ATTEMPTS).map(backoff).sum();
    assert!(spent >= Duration::from_hours(12), "{spent:?}");
}

/// A desk with so many inquiries that Aoki has just claimed, of which nobody has heard yet.
async fn claimed(count: i64) -> World {
    let world = World::at("2026-11-24 10:00").await;
    for n in 1..=count {
        world.receive(&format!("T-{n}"), |_| {}).await;
    }
    for n in 1..=count {
        let ask = Ask {
            by: AskedBy::Member("aoki".into()),
            via: "test".to_owned(),
            command_key: None,
            verb: Request::new(Verb::Claim, Some(Reference(n))),
            here: None,
        };
        assert!(!world.app.perform(ask).await.is_refused);
    }
    world.heard();
    world
}

/// A moment so long ago.
fn ago(held: Duration) -> Instant {
    clock::monotonic().checked_sub(held).unwrap()
}

#[tokio::test]
async fn what_cannot_be_done_before_its_lease_ends_is_not_begun_and_goes_later() {
    let world = claimed(1).await;
    let store = &world.app.store;
    let before = store.outbox(&["queued"], 9).await.unwrap();
    let now = world.app.clock.now();
    let rows = store.claim_outbox(now, "here", LEASE, 9).await.unwrap();
    assert!(rows.len() > 1, "a notice and what goes back");
    for row in rows {
        world.engine.deliver(row, ago(LEASE / 2)).await.unwrap();
    }
    assert_eq!(store.outbox(&["queued"], 9).await.unwrap(), before);
    assert_eq!((world.back.sent(), world.heard()), (vec![], String::new()));
    world.settle().await;
    assert_eq!(world.back.sent(), ["Q-1 owner aoki"]);
    world.end().await;
}

#[tokio::test]
async fn what_has_just_been_claimed_is_in_time() {
    let world = claimed(1).await;
    let now = world.app.clock.now();
    let store = &world.app.store;
    for row in store.claim_outbox(now, "here", LEASE, 9).await.unwrap() {
        assert!(is_in_time(&row, Duration::from_secs(5)), "{row:?}");
        assert!(
            !is_in_time(&row, LEASE - Duration::from_secs(15)),
            "{row:?}"
        );
    }
    world.end().await;
}

#[tokio::test]
async fn what_goes_back_holds_up_no_notice_and_is_claimed_as_it_can_be_sent() {
    let world = claimed(2).await;
    let mut said = 0;
    while world.engine.outlet_pass(Outlet::Chat).await.unwrap() > 0 {
        said += 1;
    }
    assert!(said > 0 && world.heard().contains("青木"));
    assert_eq!(world.back.sent(), [""; 0]);
    for expected in ["Q-1 owner aoki", "Q-2 owner aoki"] {
        assert_eq!(world.engine.outlet_pass(Outlet::Source).await.unwrap(), 1);
        assert_eq!(world.back.sent().last().unwrap(), expected);
    }
    for outlet in [Outlet::Source, Outlet::Tracker, Outlet::Mail] {
        assert_eq!(world.engine.outlet_pass(outlet).await.unwrap(), 0);
    }
    world.end().await;
}
