use super::*;
use crate::testkit::inquiry::{place, second};

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
