#![allow(clippy::unwrap_used)]

use super::*;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

/// A breaker after failures at these minutes, and which of them opened it.
fn check(limit: u32, minutes: &[i64], opened: &[i64]) -> Breaker {
    let mut breaker = Breaker::default();
    let mut found = Vec::new();
    for minute in minutes {
        breaker = match breaker.failed(limit, at(*minute)) {
            Failed::Again(next) => next,
            Failed::Opened(next) => {
                found.push(*minute);
                next
            }
        };
    }
    assert_eq!(found, opened, "limit {limit}, {minutes:?}");
    breaker
}

#[test]
fn it_opens_once_at_the_limit() {
    check(3, &[0, 1], &[]);
    check(3, &[0, 1, 3], &[3]);
    check(3, &[0, 1, 3, 7, 15], &[3]);
    check(1, &[5, 6], &[5]);
}

#[test]
fn an_outage_counts_from_the_first_failure() {
    let closed = check(3, &[2, 3], &[]);
    assert_eq!(
        (closed.failing_since, closed.out_for(at(9))),
        (Some(at(2)), None)
    );
    let open = check(3, &[2, 3, 5, 9], &[5]);
    assert_eq!((open.failures, open.opened_at), (4, Some(at(5))));
    assert_eq!(open.out_for(at(12)), Some(SignedDuration::from_mins(10)));
}

#[test]
fn a_count_kept_before_there_was_a_breaker_opens_at_the_next_failure() {
    let before = Breaker {
        failures: 40,
        ..Breaker::default()
    };
    assert!(matches!(before.failed(5, at(0)), Failed::Opened(open) if open.failures == 41));
}

#[test]
fn failures_are_counted_without_end() {
    let tired = Breaker {
        failures: u32::MAX,
        failing_since: Some(at(0)),
        opened_at: Some(at(1)),
    };
    assert_eq!(tired.failed(5, at(2)), Failed::Again(tired));
}
