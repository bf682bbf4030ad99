#![allow(clippy::unwrap_used)]

use super::*;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

/// The skew in milliseconds of a date in seconds, asked and answered at these milliseconds.
fn check(date: i64, asked: i64, answered: i64, expected: i64) {
    let found = measured(at(date * 1000), at(asked), at(answered));
    assert_eq!(found.as_millis(), i128::from(expected));
}

#[test]
fn what_latency_or_whole_seconds_explain_is_no_skew() {
    check(100, 100_400, 100_450, 0);
    check(100, 100_999, 101_000, 0);
    check(100, 99_000, 130_000, 0);
    check(130, 99_000, 130_000, 0);
    check(100, 102_500, 102_600, 0);
    check(104, 100_000, 100_100, 0);
}

#[test]
fn the_least_possible_skew_is_taken() {
    check(200, 100_000, 100_500, 99_500);
    check(100, 200_000, 200_500, -99_000);
}

#[test]
fn people_hear_once_of_a_clock_that_swings() {
    let mut since = None;
    let mut told = Vec::new();
    for (n, seconds) in [30, 119, 121, 90, 130, 61, 59, 100, -150]
        .into_iter()
        .enumerate()
    {
        let now = at(i64::try_from(n).unwrap());
        let next = off_since(since, SignedDuration::from_secs(seconds), now);
        if since.is_none() && next.is_some() {
            told.push(seconds);
        }
        since = next;
    }
    assert_eq!(told, [121, -150]);
}
