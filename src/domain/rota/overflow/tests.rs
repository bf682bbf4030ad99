#![allow(clippy::unwrap_used)]
//! When the second joins and goes.

use super::*;

/// Lets the count take these values one after the other; what happens, a letter each.
fn check(limit: u32, counts: &[u64], expected: &str) {
    let mut has_second = false;
    let happened: String = counts
        .iter()
        .map(|open| match weigh(limit, *open, has_second) {
            Some(Overflow::Joins) => {
                has_second = true;
                '+'
            }
            Some(Overflow::Leaves) => {
                has_second = false;
                '-'
            }
            None => '.',
        })
        .collect();
    assert_eq!(happened, expected, "{counts:?} with a limit of {limit}");
}

#[test]
fn the_second_joins_above_the_limit_and_not_at_it() {
    check(4, &[3, 4, 5, 6], "..+.");
}

#[test]
fn a_count_that_goes_up_and_down_by_one_calls_nobody_twice() {
    check(4, &[5, 4, 5, 4, 5, 3, 4, 5], "+....-.+");
}

#[test]
fn a_quarter_below_the_limit_they_go() {
    check(8, &[9, 8, 7, 6], "+..-");
    check(1, &[2, 1, 0], "+.-");
}

#[test]
fn without_a_limit_nobody_is_called_and_whoever_was_goes() {
    check(0, &[0, 100], "..");
    assert_eq!(weigh(0, 100, true), Some(Overflow::Leaves));
}

#[test]
fn whoever_has_just_gone_does_not_join_at_once() {
    for limit in 1..200 {
        assert!(eased(limit) < limit);
        assert_eq!(weigh(limit, u64::from(eased(limit)), false), None);
    }
}
