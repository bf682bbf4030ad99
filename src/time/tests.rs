#![allow(clippy::unwrap_used)]

use super::*;
use serde::{Deserialize, Serialize};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn check_local(local: &str, zone_name: &str, expected: &str) {
    let local: DateTime = local.parse().unwrap();
    assert_eq!(
        resolve(local, &zone(zone_name).unwrap()),
        at(expected),
        "{local} {zone_name}"
    );
}

#[test]
fn a_local_time_in_a_gap_is_the_first_instant_after_it() {
    check_local(
        "2018-03-11T02:00",
        "America/Chicago",
        "2018-03-11T03:00-05:00",
    );
    check_local(
        "2018-03-11T02:30",
        "America/Chicago",
        "2018-03-11T03:00-05:00",
    );
    check_local(
        "2018-03-11T02:59:59",
        "America/Chicago",
        "2018-03-11T03:00-05:00",
    );
    check_local(
        "2020-10-04T02:15",
        "Australia/Lord_Howe",
        "2020-10-04T02:30+11:00",
    );
    check_local(
        "2018-11-04T00:30",
        "America/Sao_Paulo",
        "2018-11-04T01:00-02:00",
    );
    check_local(
        "2050-03-13T02:30",
        "America/New_York",
        "2050-03-13T03:00-04:00",
    );
}

#[test]
fn a_day_that_a_zone_skipped_is_the_first_instant_of_the_next() {
    check_local("2011-12-30T12:00", "Pacific/Apia", "2011-12-31T00:00+14:00");
}

#[test]
fn a_local_time_that_comes_twice_is_its_first_occurrence() {
    check_local(
        "2018-11-04T01:30",
        "America/Chicago",
        "2018-11-04T01:30-05:00",
    );
    check_local(
        "2021-04-04T01:45",
        "Australia/Lord_Howe",
        "2021-04-04T01:45+11:00",
    );
}

#[test]
fn an_ordinary_local_time_is_what_it_says() {
    check_local("2026-07-20T09:00", "Asia/Tokyo", "2026-07-20T00:00Z");
}

#[test]
fn local_times_at_the_edges_of_the_calendar_stay_inside() {
    let tokyo = zone("Asia/Tokyo").unwrap();
    assert_eq!(resolve(DateTime::MIN, &tokyo), Timestamp::MIN);
    let honolulu = zone("Pacific/Honolulu").unwrap();
    assert_eq!(resolve(DateTime::MAX, &honolulu), Timestamp::MAX);
}

#[test]
fn an_unknown_zone_is_named() {
    let error = zone("Asia/Tokio").unwrap_err();
    assert!(error.to_string().contains("\"Asia/Tokio\""), "{error}");
}

#[test]
fn milliseconds_go_there_and_back_and_stay_in_range() {
    for ms_value in [0, -1, 1, 1_784_505_600_123] {
        assert_eq!(ms(from_ms(ms_value)), ms_value);
    }
    assert_eq!(from_ms(i64::MAX), Timestamp::MAX);
    assert_eq!(from_ms(i64::MIN), Timestamp::MIN);
}

#[test]
fn adding_beyond_the_range_stays_at_its_end() {
    assert_eq!(
        plus(Timestamp::MAX, SignedDuration::from_hours(1)),
        Timestamp::MAX
    );
    assert_eq!(
        plus(Timestamp::MIN, SignedDuration::from_hours(-1)),
        Timestamp::MIN
    );
    assert_eq!(
        plus(at("2026-01-01T00:00Z"), SignedDuration::from_mins(90)),
        at("2026-01-01T01:30Z")
    );
}

#[test]
fn the_last_instant_that_is_written_can_be_read() {
    let row = |due_at| Row {
        due_at,
        done_at: Some(due_at),
        wait: SignedDuration::ZERO,
    };
    for end in [Timestamp::MAX, Timestamp::MIN] {
        let json = serde_json::to_string(&row(end)).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row(end));
    }
    let json = serde_json::to_string(&row(at("9999-12-30T22:00:00.5Z"))).unwrap();
    assert!(serde_json::from_str::<Row>(&json).is_ok());
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Row {
    #[serde(with = "serde_ms")]
    due_at: Timestamp,
    #[serde(with = "serde_ms::option")]
    done_at: Option<Timestamp>,
    #[serde(with = "serde_span")]
    wait: SignedDuration,
}

#[test]
fn instants_and_amounts_are_plain_in_json() {
    let row = Row {
        due_at: from_ms(1_500),
        done_at: None,
        wait: SignedDuration::from_mins(90),
    };
    let json = serde_json::to_string(&row).unwrap();
    assert_eq!(json, r#"{"due_at":1500,"done_at":null,"wait":"1h30m"}"#);
    assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row);
    let json = r#"{"due_at":1500,"done_at":-7,"wait":"2d"}"#;
    let row: Row = serde_json::from_str(json).unwrap();
    assert_eq!(row.done_at, Some(from_ms(-7)));
    assert_eq!(row.wait, SignedDuration::from_hours(48));
    assert!(serde_json::from_str::<Row>(&json.replace("1500", "9223372036854775807")).is_err());
}

fn check_span(text: &str, seconds: i64, shown: &str) {
    let span = parse_span(text).unwrap();
    assert_eq!(span, SignedDuration::from_secs(seconds), "{text}");
    assert_eq!(show_span(span), shown, "{text}");
    assert_eq!(parse_span(shown).unwrap(), span, "{shown}");
}

#[test]
fn amounts_read_and_print_as_people_write_them() {
    check_span("30m", 1800, "30m");
    check_span("4h", 14_400, "4h");
    check_span("1h30m", 5400, "1h30m");
    check_span(" 1h 30m ", 5400, "1h30m");
    check_span("90s", 90, "1m30s");
    check_span("2d", 172_800, "48h");
    check_span("-30m", -1800, "-30m");
    check_span("+1h", 3600, "1h");
    check_span("0m", 0, "0m");
    assert_eq!(show_span(parse_span("1s250ms").unwrap()), "1s250ms");
}

#[test]
fn what_is_no_amount_is_refused_with_an_example() {
    for text in [
        "", "-", "30", "m", "1.5h", "30m1h", "1h1h", "1 hour", "１h", "h1", "--1h", "1w",
    ] {
        let error = parse_span(text).unwrap_err();
        assert!(matches!(error, SpanError::Shape { .. }), "{text}");
        assert!(error.to_string().contains("1h30m"), "{error}");
    }
    for text in ["99999999999999999999h", "9223372036854775807h"] {
        assert!(
            matches!(parse_span(text), Err(SpanError::TooLong { .. })),
            "{text}"
        );
    }
}

#[test]
fn open_time_is_not_counted_in_days() {
    assert_eq!(
        parse_open_span("16h").unwrap(),
        SignedDuration::from_hours(16)
    );
    assert!(matches!(parse_open_span("2d"), Err(SpanError::Days { .. })));
    assert!(matches!(
        parse_open_span("two days"),
        Err(SpanError::Shape { .. })
    ));
}
