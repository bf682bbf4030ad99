#![allow(clippy::unwrap_used)]
use super::*;
use crate::testkit::world::World;

#[track_caller]
fn check(words: &str, toward: Toward, expected: &str) {
    // Saturday 21 November 2026, 10:32 in Tokyo.
    let now: Timestamp = "2026-11-21T01:32:00Z".parse().unwrap();
    let zone = crate::time::zone("Asia/Tokyo").unwrap();
    let shown = match parse_moment(words, now, &zone, toward) {
        Ok(at) => at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn a_day_is_a_date_or_the_next_weekday() {
    // Saturday 21 November 2026.
    let today: Date = "2026-11-21".parse().unwrap();
    for (words, expected) in [
        ("2026-12-01", "2026-12-01"),
        ("12/1", "2026-12-01"),
        ("1/5", "2027-01-05"),
        ("today", "2026-11-21"),
        ("明日", "2026-11-22"),
        ("Fri", "2026-11-27"),
        ("saturday", "2026-11-21"),
        ("金曜", "2026-11-27"),
        ("月曜日", "2026-11-23"),
        ("火", "2026-11-24"),
    ] {
        assert_eq!(
            parse_day(words, today).unwrap().to_string(),
            expected,
            "{words}"
        );
        assert!(is_day(words));
    }
    for words in ["soon", "13/1", "aoki", ""] {
        assert!(parse_day(words, today).is_err(), "{words}");
    }
}

#[test]
fn a_time_of_day_is_the_next_or_the_last_one() {
    check("15:00", Toward::Future, "2026-11-21 15:00");
    check("09:00", Toward::Future, "2026-11-22 09:00");
    check("09:00", Toward::Past, "2026-11-21 09:00");
    check("15時", Toward::Past, "2026-11-20 15:00");
}

#[test]
fn dates_are_read_as_people_write_them() {
    check("2026-11-24 15:00", Toward::Future, "2026-11-24 15:00");
    check("11/24 15時30分", Toward::Future, "2026-11-24 15:30");
    check("2026/11/24", Toward::Future, "2026-11-24 09:00");
    check("1/5", Toward::Future, "2027-01-05 09:00");
}

#[test]
fn an_amount_counts_from_now() {
    check("30m", Toward::Future, "2026-11-21 11:02");
    check("+2d", Toward::Future, "2026-11-23 10:32");
    check("30m", Toward::Past, "2026-11-21 10:02");
    check("2026-11-21T02:00:00Z", Toward::Past, "2026-11-21 11:00");
}

#[test]
fn what_is_no_moment_is_said() {
    check("soon", Toward::Future, "\"soon\" is no moment");
    check("25:00", Toward::Future, "\"25:00\" is no moment");
    check("2026-02-30", Toward::Future, "\"2026-02-30\" is no moment");
    check("", Toward::Future, "\"\" is no moment");
}

/// The ends of time are moments too; what is kept of them must not stop the deliveries.
#[tokio::test]
async fn whoever_names_the_end_of_time_stops_nothing() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    for line in [
        "claim Q-1",
        "snooze Q-1 9999-12-31",
        "snooze Q-1 9999-12-30T22:00:00.5Z",
        "mute Q-1 9999-12-31",
        "wait Q-1 vendor 9999-12-31",
        "heard Q-1 text=1 at=-9999-01-01",
        "absent 2026-12-01 9999-12-31",
        "duty-override aoki 2026-12-01 9999-12-31",
        "duty-who 9999-12-31",
        "duty-who 0001-01-01",
        "duty-book",
        "duty-week",
        "why Q-1",
    ] {
        let told = world.says("ueda", line).await;
        assert!(!told.contains("もう一度お試しください"), "{line}: {told}");
    }
    world
        .receive("A-2", |mapped| {
            mapped.needed_by = Some("9999-12-30T22:00:00.9Z".parse().unwrap());
        })
        .await;
    world.until("2026-11-25 10:00").await;
    let told = world.says("ueda", "show Q-2").await;
    assert!(told.contains("Q-2"), "{told}");
    world.end().await;
}
