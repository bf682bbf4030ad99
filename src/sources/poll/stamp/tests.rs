#![allow(clippy::unwrap_used)]

use super::*;

const PRESENT: &str = "2026-11-21T10:00:00.123456789Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Present {
    Present::new(None, at(PRESENT))
}

/// What becomes of a cursor that a round ended with, when there was none before.
fn check(cursor: &str, expected: Standing) {
    let found = judge(cursor, None, None, now(), true);
    assert_eq!(found, expected, "{cursor}");
}

fn ahead(text: &str) -> Standing {
    Standing::Ahead(text.to_owned())
}

#[test]
fn a_stamp_of_the_present_stays() {
    for cursor in [
        "2026-11-21T10:01:59Z",
        "2026-11-21T19:01:59+09:00",
        "2026-11-20T10:00:00Z~3",
        "1795255200",
        "1795255200000",
        "2026-11-21 23:00:00",
        "T-300",
        "MTIzNDU2~x",
        "4012345678901234",
        "",
    ] {
        check(cursor, Standing::Fits);
    }
}

#[test]
fn a_stamp_of_the_future_is_written_earlier_in_its_own_shape() {
    for (cursor, expected) in [
        ("2026-11-22T10:00:00Z", "2026-11-21T09:55:00Z"),
        ("2026-11-22T10:00:00.000Z", "2026-11-21T09:55:00.123Z"),
        ("2026-11-22T19:00:00+09:00", "2026-11-21T18:55:00+09:00"),
        ("2026-11-22T19:00:00.5+0900", "2026-11-21T18:55:00.1+0900"),
        ("2026-11-22 05:00:00-05:00", "2026-11-21 04:55:00-05:00"),
        ("2026-11-22t10:00:00z", "2026-11-21t09:55:00z"),
        ("20261122T100000Z", "20261121T095500Z"),
        ("2026-11-22T10:00Z", "2026-11-21T09:55Z"),
        ("1795400000", "1795254900"),
        ("1795400000000", "1795254900123"),
    ] {
        check(cursor, ahead(expected));
    }
}

#[test]
fn what_cannot_be_written_anew_is_said_to_be_stuck() {
    for cursor in [
        // Whose clock this is nobody says, but it is ahead of all.
        "2026-11-22 10:00:00",
        // The page is one of the instant before it.
        "2026-11-22T10:00:00Z~3",
        "2026-11-22T10:00:00+09:00[Asia/Tokyo]~1",
    ] {
        check(cursor, Standing::Stuck);
    }
}

#[test]
fn a_number_is_an_instant_only_where_it_is_said_to_be() {
    let number = judge("1795400000", None, None, now(), false);
    assert_eq!(number, Standing::Fits);
}

#[test]
fn it_does_not_go_behind_the_cursor_before() {
    let found = judge(
        "2026-11-22T10:00:00Z",
        Some("2026-11-21T09:59:00Z~2"),
        None,
        now(),
        false,
    );
    assert_eq!(found, ahead("2026-11-21T09:59:00Z"));
}

#[test]
fn a_cursor_that_was_of_the_future_already_goes_back_to_what_came_last() {
    let cursor = "2026-11-22T10:00:00Z";
    let found = |came: Option<&str>| {
        let came = came.map(at);
        judge(cursor, Some(cursor), came, now(), false)
    };
    assert_eq!(
        found(Some("2026-11-21T03:00:00Z")),
        ahead("2026-11-21T02:55:00Z")
    );
    assert_eq!(found(None), ahead("2026-11-21T09:55:00Z"));
}

#[test]
fn an_overlap_keeps_the_shape_too() {
    let minutes = SignedDuration::from_mins(2);
    for (cursor, expected) in [
        ("2026-11-21T09:00:30Z", Some("2026-11-21T08:58:30Z")),
        (
            "2026-11-21T06:00:00-03:00",
            Some("2026-11-21T05:58:00-03:00"),
        ),
        ("1795255200", Some("1795255080")),
        ("T-300", None),
    ] {
        assert_eq!(back(cursor, minutes).as_deref(), expected, "{cursor}");
    }
}

#[test]
fn of_two_clocks_the_later_judges_and_the_earlier_is_gone_on_from() {
    let found = |there: &str, cursor: &str| {
        let present = Present::new(Some(at(there)), at("2026-11-21T10:00:00Z"));
        judge(cursor, None, None, present, false)
    };
    // Their clock is an hour ahead, and so are their stamps.
    assert_eq!(
        found("2026-11-21T11:00:00Z", "2026-11-21T11:00:00Z"),
        Standing::Fits
    );
    // It is an hour behind: what they file next is stamped 09:00.
    assert_eq!(
        found("2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z"),
        ahead("2026-11-21T08:55:00Z")
    );
}

#[test]
fn eight_digits_are_the_number_of_an_item() {
    for cursor in ["45120915", "45120915~2"] {
        let found = judge(cursor, None, None, now(), false);
        assert_eq!(found, Standing::Fits, "{cursor}");
    }
}

#[test]
fn no_offset_goes_back_with_a_plus_that_an_address_takes_for_a_space() {
    let back = |cursor| back(cursor, SignedDuration::from_mins(2)).unwrap();
    assert_eq!(back("2026-11-24T10:00:00+09:00"), "2026-11-24T00:58:00Z");
    assert_eq!(
        back("2026-11-24T10:00:00-03:00"),
        "2026-11-24T09:58:00-03:00"
    );
}
