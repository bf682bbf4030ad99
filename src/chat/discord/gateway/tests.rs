#![allow(clippy::unwrap_used)]
use super::*;

#[test]
fn only_bad_looks_in_a_row_count() {
    let mut watch = Watch::default();
    assert_eq!((watch.look(false), watch.look(false)), (1, 2));
    assert!(!watch.was_connected);
    assert_eq!((watch.look(true), watch.look(false)), (0, 1));
    assert!(watch.was_connected);
}

#[test]
fn waits_double_up_to_a_minute() {
    let mut waits = Waits::default();
    let seconds: Vec<u64> = (0..9).map(|_| waits.next().as_secs()).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}
