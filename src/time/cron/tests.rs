#![allow(clippy::unwrap_used)]

mod other_policy;

use super::*;
use crate::time::zone;
use other_policy::OTHER_POLICY;
use serde_json::Value;

fn check(expression: &str, zone_name: &str, after: &str, expected: &str) {
    let next = Cron::parse(expression)
        .unwrap()
        .next_after(after.parse().unwrap(), &zone(zone_name).unwrap());
    let expected: Timestamp = expected.parse().unwrap();
    assert_eq!(
        next,
        Some(expected),
        "{expression} {zone_name} after {after}"
    );
}

#[test]
fn weekday_zero_and_seven_are_sunday() {
    // 2026-07-19 is a Sunday.
    check(
        "0 9 * * 0",
        "Asia/Tokyo",
        "2026-07-15T00:00Z",
        "2026-07-19T00:00Z",
    );
    check(
        "0 9 * * 7",
        "Asia/Tokyo",
        "2026-07-15T00:00Z",
        "2026-07-19T00:00Z",
    );
    check(
        "0 9 * * 5-7",
        "Asia/Tokyo",
        "2026-07-18T03:00Z",
        "2026-07-19T00:00Z",
    );
    check(
        "0 9 * * 0-7",
        "Asia/Tokyo",
        "2026-07-14T03:00Z",
        "2026-07-15T00:00Z",
    );
    check(
        "0 9 * * mon-fri",
        "Asia/Tokyo",
        "2026-07-17T03:00Z",
        "2026-07-20T00:00Z",
    );
}

#[test]
fn a_wall_time_in_a_gap_fires_at_the_first_instant_after_it() {
    check(
        "15 3 * * *",
        "Europe/Riga",
        "2021-03-27T03:15+02:00",
        "2021-03-28T04:00+03:00",
    );
    check(
        "30 2 * * *",
        "America/New_York",
        "2026-03-08T00:00-05:00",
        "2026-03-08T03:00-04:00",
    );
    check(
        "30 2 * * *",
        "America/New_York",
        "2026-03-08T03:00-04:00",
        "2026-03-09T02:30-04:00",
    );
}

#[test]
fn a_repeated_wall_time_fires_once() {
    check(
        "15 3 * * *",
        "Europe/Riga",
        "2021-10-31T00:00+03:00",
        "2021-10-31T03:15+03:00",
    );
    check(
        "15 3 * * *",
        "Europe/Riga",
        "2021-10-31T03:15+03:00",
        "2021-11-01T03:15+02:00",
    );
}

#[test]
fn an_hourly_job_fires_once_in_the_repeated_hour() {
    check(
        "@hourly",
        "Europe/Riga",
        "2021-10-31T02:30+03:00",
        "2021-10-31T03:00+03:00",
    );
    check(
        "@hourly",
        "Europe/Riga",
        "2021-10-31T03:00+03:00",
        "2021-10-31T04:00+02:00",
    );
    check(
        "@hourly",
        "Europe/Riga",
        "2021-10-31T03:30+02:00",
        "2021-10-31T04:00+02:00",
    );
}

#[test]
fn sunday_by_name_ends_a_week() {
    check(
        "0 9 * * sat-sun",
        "UTC",
        "2026-07-18T12:00Z",
        "2026-07-19T09:00Z",
    );
    check(
        "0 9 * * Sunday-Sun",
        "UTC",
        "2026-07-15T12:00Z",
        "2026-07-19T09:00Z",
    );
}

fn check_refused(expression: &str, words: &str) {
    let error = Cron::parse(expression).unwrap_err().to_string();
    assert!(error.contains(words), "{expression}: {error}");
}

#[test]
fn a_bad_expression_is_refused_with_its_reason() {
    check_refused("", "0 fields");
    check_refused("0 0 9 * * *", "6 fields");
    check_refused("60 * * * *", "minute \"60\"");
    check_refused("* * * * fri-mon", "day of week \"fri-mon\"");
    check_refused("* * * * sund", "day of week \"sund\"");
    check_refused("0 0 L * *", "day of month \"L\"");
    check_refused("*/0 * * * *", "minute \"*/0\"");
    check_refused("@reboot", "@hourly");
    check_refused("0 9 1 * mon", "two schedules");
    check_refused("0 9 30 2 *", "never fires");
}

#[test]
fn an_expression_is_its_text_in_json() {
    let cron: Cron = serde_json::from_str("\" 0 9 * * 1-5 \"").unwrap();
    assert_eq!(serde_json::to_string(&cron).unwrap(), "\"0 9 * * 1-5\"");
    assert!(serde_json::from_str::<Cron>("\"nonsense\"").is_err());
}

#[test]
fn it_agrees_with_another_implementation_away_from_repeated_hours() {
    let expressions = [
        "*/7 * * * *",
        "0 9 * * 1-5",
        "30 2 * * *",
        "0 0 1 * *",
        "0 0 29 2 *",
        "5,35 8-18/2 * * 0",
        "0 12 31 * *",
        "59 23 31 12 *",
        "15 10 * jan-mar *",
        "0 6 * * */2",
        "10-20/3 1 * 11 *",
    ];
    for expression in expressions {
        let ours = Cron::parse(expression).unwrap();
        let theirs: croner::Cron = expression.parse().unwrap();
        for zone_name in ["UTC", "Asia/Tokyo", "America/Sao_Paulo"] {
            let zone = zone(zone_name).unwrap();
            // 2026 has no change of clocks in these zones.
            let mut after: Timestamp = "2026-01-14T20:17:43Z".parse().unwrap();
            for _ in 0..12 {
                let next = ours.next_after(after, &zone).unwrap();
                let theirs = theirs
                    .find_next_occurrence(&after.to_zoned(zone.clone()), false)
                    .unwrap();
                assert_eq!(
                    next,
                    theirs.timestamp(),
                    "{expression} {zone_name} after {after}"
                );
                after = next;
            }
        }
    }
}

fn corpus() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/cron_next.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Some rows give an offset such as `+05:30` instead of a zone.
fn zone_or_offset(name: &str) -> TimeZone {
    match name.strip_prefix('+') {
        Some(ahead) => TimeZone::posix(&format!("<offset>-{ahead}")).unwrap(),
        None => zone(name).unwrap(),
    }
}

#[test]
fn the_corpus_of_next_firings_agrees_or_is_explained() {
    let corpus = corpus();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for row in corpus["sections"]["next"].as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        if !text("dialect").starts_with("5-field") || text("next").is_empty() {
            continue;
        }
        let zone = zone_or_offset(text("tz"));
        let after: Timestamp = text("from_").parse().unwrap();
        let expected: Timestamp = text("next").parse().unwrap();
        let outcome = Cron::parse(text("expr")).map(|cron| cron.next_after(after, &zone));
        compared += 1;
        let agrees = outcome == Ok(Some(expected));
        let explained = OTHER_POLICY
            .iter()
            .any(|(_, ids)| ids.contains(&text("id")));
        if agrees == explained {
            wrong.push(format!(
                "{} {} [{}] {} {:?} -> {} got {outcome:?}",
                text("id"),
                text("expr"),
                text("tz"),
                text("from_"),
                text("debian"),
                text("next")
            ));
        }
    }
    assert!(compared > 250);
    let rows = corpus["sections"]["next"].as_array().unwrap();
    for id in OTHER_POLICY.iter().flat_map(|(_, ids)| *ids) {
        assert!(rows.iter().any(|row| row["id"] == **id), "{id} is no row");
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_of_firings_agrees_or_is_refused() {
    let corpus = corpus();
    let mut compared = 0;
    for row in corpus["sections"]["fires"].as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        if !text("dialect").starts_with("5-field") {
            continue;
        }
        let instant: Timestamp = text("at").parse().unwrap();
        compared += 1;
        match Cron::parse(text("expr")) {
            Ok(cron) => {
                let just_before = instant - crate::time::SignedDuration::from_secs(1);
                let next = cron.next_after(just_before, &zone(text("tz")).unwrap());
                let fires = row["fires"].as_bool().unwrap();
                assert_eq!(next == Some(instant), fires, "{}", text("id"));
            }
            // One row has "Sun" beside days of the month, another beside every second day.
            Err(error) => assert!(
                matches!(error, CronError::BothDays { .. })
                    && ["robfig-act-L49", "robfig-act-L56"].contains(&text("id")),
                "{}: {error}",
                text("id")
            ),
        }
    }
    assert_eq!(compared, 11);
}

#[test]
fn what_others_refuse_in_five_fields_is_refused() {
    let corpus = corpus();
    let mut compared = 0;
    for row in corpus["sections"]["syntax"].as_array().unwrap() {
        let text = row["expr"].as_str().unwrap();
        if text.split_whitespace().count() != 5 {
            continue;
        }
        let ours = Cron::parse(text).is_ok();
        // The extensions that others accept and we do not.
        let extension =
            ["* * L * *", "* * LW * *", "* * * * 1,2,3#1", "* * * * 5L"].contains(&text);
        assert_eq!(ours, row["valid"] == true && !extension, "{text}");
        compared += 1;
    }
    assert!(compared > 80);
}
