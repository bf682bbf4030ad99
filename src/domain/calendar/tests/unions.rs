//! Several offices that share the work.

use super::*;

fn office(name: &str, hours: Business) -> Office {
    Office {
        name: name.to_owned(),
        hours: Box::new(hours),
    }
}

/// 東京 09:00 to 18:00 with lunch and holidays, ロンドン 09:00 to 17:00.
fn follow_the_sun() -> Calendar {
    Calendar::new(Plan::Union(Union {
        offices: vec![
            office("東京", tokyo()),
            office("ロンドン", nine_to_five("Europe/London")),
        ],
    }))
    .unwrap()
}

#[test]
fn an_hour_that_two_offices_work_counts_once() {
    let all = follow_the_sun();
    // In July London opens at 17:00 in Tokyo and closes at 01:00.
    check_due(
        &all,
        "2026-07-15T16:00+09:00",
        "4h",
        "2026-07-15T20:00+09:00",
    );
    // From 01:00 on both sleep, until Tokyo opens.
    check_due(
        &all,
        "2026-07-15T23:00+09:00",
        "3h",
        "2026-07-16T10:00+09:00",
    );
    let day = (at("2026-07-15T00:00Z"), at("2026-07-16T00:00Z"));
    assert_eq!(
        all.worked_between(day.0, day.1),
        SignedDuration::from_hours(8 + 8 - 1)
    );
}

#[test]
fn winter_moves_the_office_that_changes_its_clocks() {
    let all = follow_the_sun();
    check_due(
        &all,
        "2026-12-15T17:30+09:00",
        "1h",
        "2026-12-15T18:30+09:00",
    );
    assert_eq!(all.awake_offices(at("2026-12-15T17:30+09:00")), ["東京"]);
    assert_eq!(
        all.awake_offices(at("2026-07-15T17:30+09:00")),
        ["東京", "ロンドン"]
    );
}

#[test]
fn who_is_awake_names_until_when_and_who_is_next() {
    let all = follow_the_sun();
    let awake = |at_: &str| {
        let awake = all.awake(at(at_)).unwrap();
        let open: Vec<String> = awake
            .open
            .iter()
            .map(|(name, until)| format!("{name} {until}"))
            .collect();
        let next = awake.next.map(|(name, at)| format!("{name} {at}"));
        (open.join(", "), next.unwrap_or_default())
    };
    let tokyo_then_london = (
        "東京 2026-07-15T09:00:00Z".to_owned(),
        "ロンドン 2026-07-15T08:00:00Z".to_owned(),
    );
    assert_eq!(awake("2026-07-15T10:00+09:00"), tokyo_then_london);
    // Both are awake: next is whoever begins first after them.
    assert_eq!(
        awake("2026-07-15T17:30+09:00"),
        (
            "東京 2026-07-15T09:00:00Z, ロンドン 2026-07-15T16:00:00Z".to_owned(),
            "東京 2026-07-16T00:00:00Z".to_owned()
        )
    );
    // At lunch Tokyo is not awake, but back before London is up.
    assert_eq!(
        awake("2026-07-15T12:30+09:00"),
        (String::new(), "東京 2026-07-15T04:00:00Z".to_owned())
    );
    // On a Friday before a holiday of Tokyo's, London follows itself.
    assert_eq!(
        awake("2026-07-17T20:00+09:00").1,
        "ロンドン 2026-07-20T08:00:00Z"
    );
    // A Monday that Tokyo has off: London comes first.
    assert_eq!(
        awake("2026-07-20T10:00+09:00"),
        (String::new(), "ロンドン 2026-07-20T08:00:00Z".to_owned())
    );
    assert_eq!(made(tokyo()).awake(at("2026-07-15T10:00+09:00")), None);
}

#[test]
fn what_all_offices_close_is_explained_by_the_reasons_of_each() {
    let all = follow_the_sun();
    let why = |text: &str| all.why_closed(at(text));
    assert_eq!(why("2026-07-16T03:00+09:00"), Some(Part::Night));
    assert_eq!(why("2026-07-18T12:00+09:00"), Some(Part::DayOff));
    let parts = |tokyo, london| {
        Some(Part::Offices(vec![
            ("東京".to_owned(), tokyo),
            ("ロンドン".to_owned(), london),
        ]))
    };
    assert_eq!(
        why("2026-07-20T10:00+09:00"),
        parts(Part::Holiday("海の日".to_owned()), Part::Night)
    );
    assert_eq!(
        why("2026-07-15T12:30+09:00"),
        parts(Part::Break, Part::Night)
    );
    assert_eq!(
        why("2026-07-18T02:00+09:00"),
        parts(Part::DayOff, Part::Night)
    );
    assert_eq!(why("2026-07-20T18:00+09:00"), None);
}

#[test]
fn a_day_is_worked_if_an_office_works_on_its_own_such_day() {
    let all = follow_the_sun();
    // 海の日 is Tokyo's alone; 勤労感謝の日 too; nobody works on Sundays.
    assert!(all.is_worked_day(date("2026-07-20")));
    assert_eq!(all.holiday(date("2026-07-20")), None);
    assert!(!all.is_worked_day(date("2026-07-19")));
    assert_eq!(all.worked_weekdays(), 5);
    assert_eq!(
        all.worked_days_between(date("2026-07-01"), date("2026-08-01")),
        23
    );
    assert_eq!(
        all.add_working_days(at("2026-07-17T10:00+09:00"), 1),
        at("2026-07-20T17:00+09:00")
    );
}

#[test]
fn an_office_that_returns_from_lunch_begins_no_day() {
    let all = follow_the_sun();
    assert!(all.begins_a_day(at("2026-07-15T09:00+09:00")));
    assert!(!all.begins_a_day(at("2026-07-15T13:00+09:00")));
    let night = made(Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&periods(&["22:00-06:00"])),
        ..Business::default()
    });
    assert!(night.begins_a_day(at("2026-07-15T22:00+09:00")));
}

#[test]
fn offices_that_hand_work_on_around_the_clock_never_close_and_nobody_waits_for_it() {
    let every_day = |zone: &str, hours: &str| Business {
        zone: zone.to_owned(),
        week: Week::on(&WEEKDAYS, &periods(&[hours])),
        ..Business::default()
    };
    let all = union(&[
        every_day("UTC", "00:00-08:00"),
        every_day("UTC", "08:00-16:30"),
        every_day("UTC", "16:00-24:00"),
    ]);
    let now = at("2026-07-15T10:00Z");
    assert_eq!(
        all.due_after(now, SignedDuration::from_hours(1000)),
        now + SignedDuration::from_hours(1000)
    );
    assert_eq!(all.last_close_before(now), None);
    assert_eq!(all.why_closed(now), None);
    let span = all.open_span(now).unwrap();
    assert!(span.opens_at < now - SignedDuration::from_hours(24 * 390));
    assert!(span.closes_at > now + SignedDuration::from_hours(24 * 390));
}

#[test]
fn a_union_that_cannot_work_is_refused_with_its_reason() {
    let refused = |offices: Vec<Office>| {
        Calendar::new(Plan::Union(Union { offices }))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(Vec::new()),
        "the calendar never opens: it is the union of no offices"
    );
    let twice = vec![office("東京", tokyo()), office("東京", tokyo())];
    assert_eq!(refused(twice), "office \"東京\" is there twice");
    let empty = vec![office(
        "東京",
        Business {
            zone: "Asia/Tokyo".to_owned(),
            ..Business::default()
        },
    )];
    assert_eq!(refused(empty), "office \"東京\"");
}

#[test]
fn a_calendar_that_is_closed_for_ten_years_is_refused() {
    let closed = |first: &str, days: i64| {
        let first = date(first);
        Business {
            holidays: (0..days)
                .map(|day| {
                    let date = first.checked_add(SignedDuration::from_hours(24 * day));
                    (date.unwrap(), "休業".to_owned())
                })
                .collect(),
            ..nine_to_five("Asia/Tokyo")
        }
    };
    // It begins on a Saturday, which nobody works anyway: the first day that it closes is the Monday.
    let refused = Calendar::business(closed("2026-07-18", 3700)).unwrap_err();
    assert_eq!(
        refused,
        CalendarError::ClosedFrom {
            from: date("2026-07-20")
        }
    );
    assert!(Calendar::business(closed("2026-07-18", 3600)).is_ok());
}

#[test]
fn a_holiday_that_is_switched_off_keeps_its_name_and_changes_no_hours() {
    let mut hours = tokyo();
    let name = hours.holidays.remove(&date("2026-11-03")).unwrap();
    hours.worked.insert(date("2026-11-03"), name);
    let calendar = made(hours);
    assert!(calendar.is_open(at("2026-11-03T10:00+09:00")));
    assert_eq!(
        calendar.worked_holiday(date("2026-11-03")),
        Some("文化の日")
    );
    assert_eq!(calendar.holiday(date("2026-11-03")), None);
}

#[test]
fn a_closing_that_meets_an_opening_is_none() {
    let around = made(Business {
        zone: "UTC".to_owned(),
        week: Week::weekdays(&periods(&["00:00-24:00"])),
        ..Business::default()
    });
    assert_eq!(
        around.last_close_before(at("2026-07-15T00:00Z")),
        Some(at("2026-07-11T00:00Z"))
    );
}
