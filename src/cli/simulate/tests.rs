#![allow(clippy::unwrap_used)]

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[track_caller]
fn refused(from: &str, to: Option<&str>) -> String {
    let refused = window(day(from), to.map(day), day("2026-11-21"));
    refused.unwrap_err().to_string()
}

#[test]
fn a_window_ends_today_unless_said_otherwise() {
    let today = day("2026-11-21");
    let (from, to) = window(day("2026-11-01"), None, today).unwrap();
    assert_eq!((from, to), (day("2026-11-01"), today));
    let one = window(day("2026-11-20"), Some(day("2026-11-20")), today).unwrap();
    assert_eq!(one, (day("2026-11-20"), day("2026-11-20")));
}

#[test]
fn a_window_that_cannot_be_is_refused_with_what_to_do() {
    assert_eq!(
        refused("2026-11-10", Some("2026-11-09")),
        "--to 2026-11-09 is before --from 2026-11-10: exchange them"
    );
    let ahead = "lies ahead: only what was received can be replayed, and today is 2026-11-21";
    assert_eq!(
        refused("2026-11-22", None),
        format!("--from 2026-11-22 {ahead}")
    );
    assert_eq!(
        refused("2026-11-01", Some("2026-12-01")),
        format!("--to 2026-12-01 {ahead}")
    );
    assert_eq!(
        date("21.11.").unwrap_err(),
        "\"21.11.\" is no date: write it like 2026-11-21"
    );
}
