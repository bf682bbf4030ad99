//! Several rotas of a queue: which line has the duty, when it passes on, and when nobody is awake.

use super::*;
use crate::domain::inquiry::Severity;
use std::collections::BTreeMap;

fn calendar(zone: &str, days: &[Weekday], period: &str) -> Calendar {
    Calendar::business(Business {
        zone: zone.to_owned(),
        week: Week::on(days, &[period.parse().unwrap()]),
        ..Business::default()
    })
    .unwrap()
}

const WEEKDAYS: [Weekday; 5] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
];

/// The calendars that lines name.
fn calendars() -> BTreeMap<String, Calendar> {
    let weekend = [Weekday::Saturday, Weekday::Sunday];
    BTreeMap::from([
        (
            "weekend".to_owned(),
            calendar("Asia/Tokyo", &weekend, "09:30-33:30"),
        ),
        (
            "london".to_owned(),
            calendar("Europe/London", &WEEKDAYS, "09:00-17:00"),
        ),
        (
            "new-york".to_owned(),
            calendar("America/New_York", &WEEKDAYS, "09:00-17:00"),
        ),
    ])
}

fn line(rota: &str, during: Option<&str>, region: Option<&str>) -> Line {
    Line {
        rota: rota.to_owned(),
        rule: LineRule {
            during: during.map(str::to_owned),
            region: region.map(str::to_owned),
            ..LineRule::default()
        },
    }
}

fn coverage(lines: Vec<Line>) -> Coverage {
    Coverage::new(lines, calendars()).unwrap()
}

fn weekdays_and_weekend() -> Coverage {
    coverage(vec![
        line("support", None, None),
        line("weekend", Some("weekend"), None),
    ])
}

fn around_the_world() -> Coverage {
    coverage(vec![
        line("london", Some("london"), Some("emea")),
        line("new-york", Some("new-york"), Some("amer")),
        line("tokyo", None, None),
    ])
}

#[test]
fn the_line_whose_hours_are_open_has_the_duty_wherever_the_rest_stands() {
    let ours = weekdays_and_weekend();
    let on = |text: &str| ours.line_at(at(text)).rota.clone();
    assert_eq!(on("2026-11-13T18:00+09:00"), "support");
    assert_eq!(on("2026-11-14T09:29:59+09:00"), "support");
    assert_eq!(on("2026-11-14T09:30+09:00"), "weekend");
    assert_eq!(on("2026-11-15T23:00+09:00"), "weekend");
    assert_eq!(on("2026-11-16T09:30+09:00"), "support");
}

#[test]
fn the_duty_passes_when_the_line_changes_and_not_at_other_openings() {
    let ours = weekdays_and_weekend();
    // The calendar's Saturday ends and its Sunday begins in between.
    let friday = at("2026-11-13T18:00+09:00");
    let saturday = at("2026-11-14T09:30+09:00");
    let monday = at("2026-11-16T09:30+09:00");
    assert_eq!(ours.next_turnover(friday), Some(saturday));
    assert_eq!(ours.next_turnover(saturday), Some(monday));
    assert_eq!(ours.on_duty(saturday), ["weekend"]);
    assert_eq!(Coverage::one("support").next_turnover(friday), None);
}

#[test]
fn an_inquiry_of_a_region_goes_to_its_own_line_if_awake_else_to_whoever_is() {
    let ours = around_the_world();
    let to = |region: Option<&str>, text: &str| ours.line_for(region, at(text)).rota.clone();
    // 15:00 in London is 10:00 in New York: both are awake.
    assert_eq!(to(Some("emea"), "2026-11-18T15:00Z"), "london");
    assert_eq!(to(Some("amer"), "2026-11-18T15:00Z"), "new-york");
    assert_eq!(to(Some("apac"), "2026-11-18T15:00Z"), "london");
    assert_eq!(to(None, "2026-11-18T15:00Z"), "london");
    assert_eq!(to(Some("emea"), "2026-11-18T20:00Z"), "new-york");
    assert_eq!(to(Some("emea"), "2026-11-18T23:00Z"), "tokyo");
    assert_eq!(
        ours.on_duty(at("2026-11-18T15:00Z")),
        ["london", "new-york"]
    );
    assert!(ours.has_duty("new-york", at("2026-11-18T15:00Z")));
    assert!(!ours.has_duty("tokyo", at("2026-11-18T15:00Z")));
}

/// Whose an inquiry of a region is, in the eyes of somebody who takes part in some rotas.
fn whose(region: &str, text: &str, takes_part: &[&str]) -> Option<String> {
    let ours = around_the_world();
    let line = ours.elsewhere(Some(region), at(text), |rota| takes_part.contains(&rota));
    line.map(|line| line.rota.clone())
}

#[test]
fn who_has_no_part_in_the_line_of_a_region_is_told_whose_it_is() {
    let (both, night) = ("2026-11-18T15:00Z", "2026-11-18T23:00Z");
    let london = Some("london".to_owned());
    assert_eq!(whose("emea", both, &["new-york"]), london);
    assert_eq!(whose("emea", both, &[]), london);
    assert_eq!(whose("emea", both, &["london", "tokyo"]), None);
    // A region without a line is anybody's, as is an inquiry without a region.
    assert_eq!(whose("apac", both, &[]), None);
    assert_eq!(
        around_the_world().elsewhere(None, at(both), |_| false),
        None
    );
    // While London sleeps Tokyo has the duty: whoever does it is told nothing, others are.
    assert_eq!(whose("emea", night, &["tokyo"]), None);
    assert_eq!(whose("emea", night, &["london"]), None);
    assert_eq!(whose("emea", night, &["new-york"]), london);
}

#[test]
fn of_two_lines_of_a_region_the_one_that_is_awake_is_named() {
    let ours = coverage(vec![
        line("london", Some("london"), Some("west")),
        line("new-york", Some("new-york"), Some("west")),
        line("tokyo", None, None),
    ]);
    let whose = |text: &str, own: &'static str| {
        let line = ours.elsewhere(Some("west"), at(text), |rota| rota == own);
        line.map(|line| line.rota.clone())
    };
    assert_eq!(
        whose("2026-11-18T10:00Z", "tokyo"),
        Some("london".to_owned())
    );
    assert_eq!(
        whose("2026-11-18T20:00Z", "tokyo"),
        Some("new-york".to_owned())
    );
    assert_eq!(whose("2026-11-18T20:00Z", "london"), None);
    assert_eq!(whose("2026-11-18T20:00Z", "new-york"), None);
}

#[test]
fn the_gaps_of_a_day_follow_the_clocks_of_both_zones() {
    let ours = around_the_world();
    let gaps = |from: &str, to: &str| -> Vec<String> {
        let gaps = ours.gaps(at(from), at(to)).into_iter();
        gaps.map(|(from, to)| format!("{from}/{to}")).collect()
    };
    assert_eq!(
        gaps("2026-11-18T00:00Z", "2026-11-19T00:00Z"),
        [
            "2026-11-18T00:00:00Z/2026-11-18T09:00:00Z",
            "2026-11-18T22:00:00Z/2026-11-19T00:00:00Z"
        ]
    );
    // Between 8 and 29 March New York has summer time already and London not yet.
    assert_eq!(
        gaps("2026-03-18T00:00Z", "2026-03-19T00:00Z"),
        [
            "2026-03-18T00:00:00Z/2026-03-18T09:00:00Z",
            "2026-03-18T21:00:00Z/2026-03-19T00:00:00Z"
        ]
    );
    assert_eq!(
        gaps("2026-07-15T00:00Z", "2026-07-16T00:00Z"),
        [
            "2026-07-15T00:00:00Z/2026-07-15T08:00:00Z",
            "2026-07-15T21:00:00Z/2026-07-16T00:00:00Z"
        ]
    );
    let (from, to) = (at("2026-11-18T00:00Z"), at("2026-11-19T00:00Z"));
    assert_eq!(weekdays_and_weekend().gaps(from, to), []);
}

#[test]
fn stretches_tile_a_year_and_agree_with_the_line_of_any_instant() {
    for ours in [weekdays_and_weekend(), around_the_world()] {
        let (from, to) = (at("2026-01-01T00:00Z"), at("2027-01-01T00:00Z"));
        let stretches = ours.stretches(from, to);
        assert_eq!(stretches[0].starts_at, from);
        assert_eq!(stretches.last().unwrap().ends_at, to);
        for pair in stretches.windows(2) {
            assert_eq!(pair[0].ends_at, pair[1].starts_at);
            assert_ne!(pair[0].line, pair[1].line);
        }
        for stretch in &stretches {
            let last = stretch.ends_at - SignedDuration::from_nanos(1);
            for instant in [stretch.starts_at, last] {
                assert_eq!(ours.line_at(instant), stretch.line, "{instant}");
            }
        }
    }
}

#[test]
fn a_region_has_stretches_of_its_own() {
    let ours = around_the_world();
    let (from, to) = (at("2026-01-01T00:00Z"), at("2026-03-01T00:00Z"));
    assert_eq!(ours.regions()[0], None);
    for region in ours.regions() {
        let stretches = ours.stretches_for(region, from, to);
        assert_eq!(stretches[0].starts_at, from);
        assert_eq!(stretches.last().unwrap().ends_at, to);
        for stretch in &stretches {
            let last = stretch.ends_at - SignedDuration::from_nanos(1);
            for instant in [stretch.starts_at, last] {
                assert_eq!(ours.line_for(region, instant), stretch.line, "{instant}");
            }
        }
    }
}

#[test]
fn a_floor_lets_through_its_severity_and_worse() {
    let rule = LineRule {
        floor: Some(Severity::S2),
        ..LineRule::default()
    };
    let below: Vec<bool> = Severity::ALL
        .map(|severity| rule.is_below(severity))
        .to_vec();
    assert_eq!(below, [false, false, true, true]);
    assert!(!LineRule::default().is_below(Severity::S4));
}

fn check_refused(lines: Vec<Line>, expected: &str) {
    let error = Coverage::new(lines, calendars()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn lines_that_leave_somebody_without_a_duty_are_refused() {
    check_refused(
        vec![line("weekend", Some("weekend"), None)],
        "no rota has the rest: one of them must stand without \"during\"",
    );
    check_refused(
        vec![line("support", None, None), line("weekend", None, None)],
        "rota \"support\" has the rest already, so rota \"weekend\" would never have the duty",
    );
    let mut floor = line("support", None, None);
    floor.rule.floor = Some(Severity::S2);
    check_refused(
        vec![floor],
        "rota \"support\" has the rest, which goes by the queue's policy: its \"floor\" needs \"during\"",
    );
    check_refused(
        vec![
            line("weekend", Some("weekends"), None),
            line("support", None, None),
        ],
        "rota \"weekend\" names calendar \"weekends\", which is not there",
    );
}
