#![allow(clippy::unwrap_used)]
use super::*;

fn beat(ms: u64) -> Option<Pulse> {
    Some(Pulse(Some(Duration::from_millis(ms))))
}

#[test]
fn only_looks_without_a_connection_or_a_new_heartbeat_count() {
    let mut watch = Watch::default();
    assert_eq!((watch.look(None), watch.look(None)), (1, 2));
    assert!(!watch.was_connected);
    assert_eq!(watch.look(Some(Pulse(None))), 0, "just connected");
    assert_eq!(watch.look(beat(20)), 0);
    assert_eq!(
        (watch.look(beat(20)), watch.look(beat(20))),
        (1, 2),
        "the same heartbeat again"
    );
    assert_eq!(watch.look(beat(21)), 0);
    assert_eq!(
        (watch.look(None), watch.look(beat(21))),
        (1, 2),
        "it came back without a new heartbeat"
    );
    assert!(watch.was_connected);
}

#[test]
fn waits_double_up_to_a_minute() {
    let mut waits = Waits::default();
    let seconds: Vec<u64> = (0..9).map(|_| waits.next().as_secs()).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}
