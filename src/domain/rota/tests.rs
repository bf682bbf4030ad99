#![allow(clippy::unwrap_used)]

mod corpus;
mod coverage;
mod edits;
mod lists;
mod properties;
pub(super) mod year;

use super::*;
use crate::domain::calendar::{Business, Week, japan_holidays};
use crate::time::{SignedDuration, Weekday, zone};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn members(names: &[&str]) -> Vec<MemberId> {
    names.iter().map(|name| MemberId::from(*name)).collect()
}

/// Tokyo's working days: 09:00 to 18:00 with lunch, Japanese holidays.
fn tokyo_days() -> Business {
    let day = [
        "09:00-12:00".parse().unwrap(),
        "13:00-18:00".parse().unwrap(),
    ];
    Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&day),
        holidays: japan_holidays(),
        ..Business::default()
    }
}

/// A daily rota of three from Monday 2026-07-13 at 10:00 in Tokyo.
fn daily() -> Version {
    Version {
        starts: date("2026-07-13"),
        zone: "Asia/Tokyo".to_owned(),
        handoff: "10:00".parse().unwrap(),
        cadence: Cadence::DAILY,
        works: Some(Calendar::business(tokyo_days()).unwrap()),
        participants: members(&["aoki", "baba", "chiba"]),
        off_hours: OffHours::Duty,
        on: vec![],
        dated: None,
        begins: None,
    }
}

fn rota(versions: Vec<Version>) -> Rota {
    Rota::new(Plan {
        name: "first line".to_owned(),
        versions,
    })
    .unwrap()
}

fn cover(member: &str, starts_at: &str, ends_at: &str) -> Override {
    Override {
        member: member.into(),
        starts_at: at(starts_at),
        ends_at: at(ends_at),
    }
}

/// Prints shifts as `member day/hour-day/hour`, in Tokyo.
fn said(shifts: &[Shift]) -> Vec<String> {
    let tokyo = zone("Asia/Tokyo").unwrap();
    let local = |at| {
        let local = tokyo.to_datetime(at);
        format!("{}T{:02}", local.day(), local.hour())
    };
    shifts
        .iter()
        .map(|s| {
            let mark = if s.by_override { "*" } else { "" };
            format!(
                "{}{mark} {}-{}",
                s.member,
                local(s.starts_at),
                local(s.ends_at)
            )
        })
        .collect()
}

fn check_shifts(rota: &Rota, from: &str, to: &str, overrides: &[Override], expected: &[&str]) {
    assert_eq!(said(&rota.shifts(at(from), at(to), overrides)), expected);
}

#[test]
fn the_duty_turns_over_at_each_worked_handoff_only() {
    // Friday's duty covers the weekend and 海の日, Monday the 20th.
    check_shifts(
        &rota(vec![daily()]),
        "2026-07-15T12:00+09:00",
        "2026-07-23T10:00+09:00",
        &[],
        &[
            "chiba 15T12-16T10",
            "aoki 16T10-17T10",
            "baba 17T10-21T10",
            "chiba 21T10-22T10",
            "aoki 22T10-23T10",
        ],
    );
}

#[test]
fn before_the_handoff_yesterdays_duty_still_holds() {
    let rota = rota(vec![daily()]);
    let on = |text: &str| rota.on_duty(at(text), &[]).member().to_string();
    assert_eq!(on("2026-07-14T09:59:59+09:00"), "aoki");
    assert_eq!(on("2026-07-14T10:00+09:00"), "baba");
    assert_eq!(
        rota.next_handoff(at("2026-07-17T10:00+09:00")),
        at("2026-07-21T10:00+09:00")
    );
    assert_eq!(
        rota.next_handoff(at("2026-07-17T09:59+09:00")),
        at("2026-07-17T10:00+09:00")
    );
}

#[test]
fn turns_of_several_days_count_worked_days() {
    let version = Version {
        cadence: Cadence::Days(2),
        ..daily()
    };
    check_shifts(
        &rota(vec![version]),
        "2026-07-13T10:00+09:00",
        "2026-07-24T10:00+09:00",
        &[],
        &[
            "aoki 13T10-15T10",
            "baba 15T10-17T10",
            "chiba 17T10-22T10",
            "aoki 22T10-24T10",
        ],
    );
}

#[test]
fn a_far_date_is_found_without_walking_there() {
    let rota = rota(vec![daily()]);
    let far = rota.planned(at("7026-07-15T12:00+09:00"));
    assert!(far.ends_at.duration_since(far.starts_at) < SignedDuration::from_hours(24 * 5));
    let works = Calendar::business(tokyo_days()).unwrap();
    // That day's own handoff included, if it is worked.
    let turns = works.worked_days_between(date("2026-07-13"), date("7026-07-16")) - 1;
    let member = ["aoki", "baba", "chiba"][turns as usize % 3];
    assert_eq!(far.member.as_str(), member);
}

#[test]
fn a_weekly_handoff_waits_for_a_worked_day_and_an_idle_week_skips_nobody() {
    let mut days = tokyo_days();
    // The whole week from Monday the 27th is off.
    for day in 27..=31 {
        days.exceptions
            .insert(Date::new(2026, 7, day).unwrap(), vec![]);
    }
    let version = Version {
        cadence: Cadence::WEEKLY,
        works: Some(Calendar::business(days).unwrap()),
        ..daily()
    };
    check_shifts(
        &rota(vec![version]),
        "2026-07-13T10:00+09:00",
        "2026-08-11T10:00+09:00",
        &[],
        &[
            "aoki 13T10-21T10",
            "baba 21T10-3T10",
            "chiba 3T10-10T10",
            "aoki 10T10-11T10",
        ],
    );
}

#[test]
fn a_monthly_handoff_on_the_31st_is_the_last_day_of_a_shorter_month() {
    let version = Version {
        starts: date("2026-01-31"),
        cadence: Cadence::MONTHLY,
        works: None,
        ..daily()
    };
    let rota = rota(vec![version]);
    let handoffs = [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ];
    for pair in handoffs.windows(2) {
        let handoff = |day: &str| at(&format!("{day}T10:00+09:00"));
        assert_eq!(rota.next_handoff(handoff(pair[0])), handoff(pair[1]));
    }
}

#[test]
fn a_handoff_in_a_gap_is_at_the_first_instant_after_it() {
    let version = Version {
        starts: date("2026-03-06"),
        zone: "America/New_York".to_owned(),
        handoff: "02:30".parse().unwrap(),
        works: None,
        ..daily()
    };
    let rota = rota(vec![version]);
    assert_eq!(
        rota.next_handoff(at("2026-03-07T12:00-05:00")),
        at("2026-03-08T03:00-04:00")
    );
    assert_eq!(
        rota.next_handoff(at("2026-03-08T03:00-04:00")),
        at("2026-03-09T02:30-04:00")
    );
    assert_eq!(
        rota.next_handoff(at("2026-10-31T12:00-04:00")),
        at("2026-11-01T02:30-05:00")
    );
}

#[test]
fn a_new_version_never_rewrites_the_past() {
    let old = rota(vec![daily()]);
    let after = Version {
        starts: date("2026-07-18"),
        participants: members(&["doi", "endo"]),
        ..daily()
    };
    let new = rota(vec![daily(), after]);
    let (from, change) = (at("2026-07-01T00:00+09:00"), at("2026-07-21T10:00+09:00"));
    assert_eq!(new.shifts(from, change, &[]), old.shifts(from, change, &[]));
    // The 18th is a Saturday: it takes effect at the next worked handoff, and until then the old one holds.
    check_shifts(
        &new,
        "2026-07-17T10:00+09:00",
        "2026-07-23T10:00+09:00",
        &[],
        &["baba 17T10-21T10", "doi 21T10-22T10", "endo 22T10-23T10"],
    );
    assert_eq!(
        new.version(at("2026-07-20T00:00+09:00")).participants.len(),
        3
    );
    assert_eq!(new.version(change).participants.len(), 2);
}

#[test]
fn an_override_holds_for_its_time_and_the_later_of_two_wins() {
    let rota = rota(vec![daily()]);
    let overrides = [
        cover("doi", "2026-07-14T12:00+09:00", "2026-07-15T12:00+09:00"),
        cover("endo", "2026-07-15T08:00+09:00", "2026-07-15T14:00+09:00"),
        cover("fuji", "2026-07-16T08:00+09:00", "2026-07-16T08:00+09:00"),
    ];
    check_shifts(
        &rota,
        "2026-07-14T10:00+09:00",
        "2026-07-16T10:00+09:00",
        &overrides,
        &[
            "baba 14T10-14T12",
            "doi* 14T12-15T08",
            "endo* 15T08-15T14",
            "chiba 15T14-16T10",
        ],
    );
    let duty = rota.on_duty(at("2026-07-15T09:00+09:00"), &overrides);
    assert_eq!(
        (duty.member().as_str(), duty.turn_of.as_str()),
        ("endo", "baba")
    );
}

#[test]
fn off_hours_are_nights_days_off_and_holidays_but_not_lunch() {
    let version = Version {
        off_hours: OffHours::Member("night-desk".into()),
        ..daily()
    };
    let on_call = rota(vec![version]);
    let called = |text: &str| match on_call.called(at(text), &[]) {
        Called::Duty(duty) => duty.member().to_string(),
        Called::Member(member) => member.to_string(),
        Called::Rota(name) => name,
    };
    assert_eq!(called("2026-07-14T11:00+09:00"), "baba");
    assert_eq!(called("2026-07-14T12:30+09:00"), "baba");
    assert_eq!(called("2026-07-14T18:00+09:00"), "night-desk");
    assert_eq!(called("2026-07-18T12:00+09:00"), "night-desk");
    assert_eq!(called("2026-07-20T12:00+09:00"), "night-desk");
    let weekend = [cover(
        "doi",
        "2026-07-18T00:00+09:00",
        "2026-07-20T00:00+09:00",
    )];
    let covered = on_call.called(at("2026-07-18T12:00+09:00"), &weekend);
    assert!(matches!(covered, Called::Duty(duty) if duty.member().as_str() == "doi"));
    let elsewhere = Version {
        off_hours: OffHours::Rota("weekend".to_owned()),
        ..daily()
    };
    let called = rota(vec![elsewhere]).called(at("2026-07-18T12:00+09:00"), &[]);
    assert_eq!(called, Called::Rota("weekend".to_owned()));
    let called = rota(vec![daily()]).called(at("2026-07-18T12:00+09:00"), &[]);
    assert!(matches!(called, Called::Duty(duty) if duty.member().as_str() == "baba"));
}

#[test]
fn the_next_on_the_rota_is_somebody_else() {
    let three = rota(vec![daily()]);
    let noon = at("2026-07-15T12:00+09:00");
    let next = |rota: &Rota, member: &str| {
        rota.next_after(&member.into(), noon)
            .map(MemberId::to_string)
    };
    assert_eq!(next(&three, "baba").as_deref(), Some("chiba"));
    assert_eq!(next(&three, "chiba").as_deref(), Some("aoki"));
    // doi has an override on chiba's turn.
    assert_eq!(next(&three, "doi").as_deref(), Some("aoki"));
    let alone = rota(vec![Version {
        participants: members(&["aoki"]),
        ..daily()
    }]);
    assert_eq!(next(&alone, "aoki"), None);
    assert_eq!(next(&alone, "doi").as_deref(), Some("aoki"));
}

#[test]
fn a_rota_says_who_is_called_when() {
    let facts = rota(vec![daily()]).describe();
    let called: Vec<(When, Who)> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Called { when, who } => Some((when.clone(), who.clone())),
            Fact::Turns { .. } | Fact::OnDays { .. } => None,
        })
        .collect();
    assert_eq!(
        called,
        [
            (When::WorkingHours, Who::Duty),
            (When::Nights, Who::Duty),
            (
                When::DaysOff(vec![Weekday::Saturday, Weekday::Sunday]),
                Who::LastDuty
            ),
            (When::Holidays(japan_holidays().len()), Who::LastDuty),
        ]
    );
    assert!(matches!(&facts[0], Fact::Turns { participants, .. } if participants.len() == 3));
    let always = Version {
        works: None,
        ..daily()
    };
    let facts = rota(vec![always]).describe();
    assert_eq!(
        facts[1..],
        [Fact::Called {
            when: When::Always,
            who: Who::Duty
        }]
    );
    let night = Version {
        off_hours: OffHours::Rota("night".to_owned()),
        ..daily()
    };
    let facts = rota(vec![night]).describe();
    let night = Who::Rota("night".to_owned());
    assert_eq!(
        facts[2],
        Fact::Called {
            when: When::Nights,
            who: night
        }
    );
}

fn check_refused(version: Version, words: &str) {
    let plan = Plan {
        name: "night".to_owned(),
        versions: vec![version],
    };
    let error = Rota::new(plan).unwrap_err();
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(&error) {
        text = format!("{text}: {source}");
    }
    assert!(text.contains(words) && text.contains("\"night\""), "{text}");
}

#[test]
fn a_rota_that_cannot_work_is_refused_with_its_reason() {
    check_refused(
        Version {
            participants: vec![],
            ..daily()
        },
        "no participants from 2026-07-13",
    );
    check_refused(
        Version {
            zone: "Asia/Tokio".to_owned(),
            ..daily()
        },
        "Asia/Tokio",
    );
    check_refused(
        Version {
            cadence: Cadence::Days(0),
            ..daily()
        },
        "between 1 and 1000",
    );
    check_refused(
        Version {
            cadence: Cadence::Hours(8),
            ..daily()
        },
        "cannot have days off",
    );
    let twice = Plan {
        name: "night".to_owned(),
        versions: vec![daily(), daily()],
    };
    assert!(matches!(Rota::new(twice), Err(RotaError::Order { .. })));
    let none = Plan {
        name: "night".to_owned(),
        versions: vec![],
    };
    assert!(matches!(Rota::new(none), Err(RotaError::NoVersion { .. })));
}

#[test]
fn a_rota_is_canonical_json_and_stays_checked_when_read() {
    let version = Version {
        works: Some(Calendar::around_the_clock()),
        off_hours: OffHours::Member("night-desk".into()),
        ..daily()
    };
    let ours = rota(vec![version]);
    let json = serde_json::to_string(&ours).unwrap();
    assert_eq!(
        json,
        r#"{"name":"first line","versions":[{"starts":"2026-07-13","zone":"Asia/Tokyo","handoff":"10:00:00","cadence":{"days":1},"works":{"around_the_clock":{"zone":"UTC"}},"participants":["aoki","baba","chiba"],"off_hours":{"member":"night-desk"}}]}"#
    );
    assert_eq!(serde_json::from_str::<Rota>(&json).unwrap(), ours);
    let empty = json.replace(r#"["aoki","baba","chiba"]"#, "[]");
    let error = serde_json::from_str::<Rota>(&empty).unwrap_err();
    assert!(error.to_string().contains("no participants"), "{error}");
}

#[test]
fn the_ends_of_time_are_survived() {
    for cadence in [
        Cadence::DAILY,
        Cadence::WEEKLY,
        Cadence::MONTHLY,
        Cadence::Hours(1),
    ] {
        for works in [None, daily().works] {
            let works = works.filter(|_| !matches!(cadence, Cadence::Hours(_)));
            let rota = rota(vec![Version {
                cadence,
                works,
                ..daily()
            }]);
            for end in [Timestamp::MIN, Timestamp::MAX] {
                let duty = rota.on_duty(end, &[]);
                assert!(duty.shift.starts_at <= end && end <= duty.shift.ends_at);
            }
            let from = Timestamp::MAX - SignedDuration::from_hours(30);
            let shifts = rota.shifts(from, Timestamp::MAX, &[]);
            assert_eq!(shifts.last().unwrap().ends_at, Timestamp::MAX);
        }
    }
}
