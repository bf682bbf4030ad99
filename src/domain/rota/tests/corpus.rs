//! Facts from another project's rotations: see `tests/corpora/README.md`.

use super::*;
use crate::time::resolve;
use serde_json::Value;

fn corpus(name: &str) -> Value {
    let path = format!("{}/tests/corpora/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn rows(corpus: &Value, section: &str) -> Vec<Value> {
    corpus["sections"][section].as_array().unwrap().clone()
}

/// Some instants have a fraction that the source cuts off: there everything is in whole minutes.
fn minute(row: &Value, key: &str) -> Timestamp {
    let instant = at(row[key]
        .as_str()
        .unwrap_or_else(|| panic!("{row} has no {key}")));
    Timestamp::from_second(instant.as_second().div_euclid(60) * 60).unwrap()
}

fn rotation(row: &Value, participants: Vec<MemberId>) -> Rota {
    let length = u16::try_from(row["shift_length"].as_u64().unwrap().max(1)).unwrap();
    let tz = row["tz"].as_str().unwrap();
    let start = zone(tz).unwrap().to_datetime(minute(row, "start"));
    rota(vec![Version {
        starts: start.date(),
        zone: tz.to_owned(),
        handoff: start.time(),
        cadence: match row["type"].as_str().unwrap() {
            "hourly" => Cadence::Hours(length),
            "daily" => Cadence::Days(length),
            "weekly" => Cadence::Weeks(length),
            "monthly" => Cadence::Months(length),
            other => panic!("unknown type {other}"),
        },
        works: None,
        participants,
        off_hours: OffHours::Duty,
        on: vec![],
        dated: None,
        begins: None,
    }])
}

#[test]
fn the_shifts_of_goalert_have_the_same_bounds_and_turns() {
    let corpus = corpus("rotation_goalert");
    let names = ["p0", "p1", "p2", "p3", "p4", "p5", "p6"];
    let mut compared = 0;
    for section in ["points", "points_derived_from_windows"] {
        for row in rows(&corpus, section) {
            let shift = rotation(&row, members(&names)).planned(minute(&row, "at"));
            let id = row["id"].as_str().unwrap();
            for (key, ours) in [
                ("shift_start", shift.starts_at),
                ("shift_end", shift.ends_at),
            ] {
                if row[key].is_string() {
                    assert_eq!(ours, minute(&row, key), "{id} {key}");
                    compared += 1;
                }
            }
            let turn = row["ordinal_by_wall_clock"].as_i64().unwrap().rem_euclid(7);
            assert_eq!(shift.member.to_string(), format!("p{turn}"), "{id}");
        }
    }
    assert!(compared > 260);
}

#[test]
fn the_handoffs_of_goalert_are_ours() {
    let corpus = corpus("rotation_goalert");
    for row in rows(&corpus, "handoff_windows") {
        let rota = rotation(&row, members(&["a", "b"]));
        let theirs: Vec<Timestamp> = row["handoffs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| at(text.as_str().unwrap()))
            .collect();
        let mut ours = vec![rota.planned(minute(&row, "window_from")).starts_at];
        while ours.len() < theirs.len() {
            ours.push(rota.next_handoff(*ours.last().unwrap()));
        }
        assert_eq!(ours, theirs, "{}", row["id"]);
    }
}

#[test]
fn the_wall_clock_of_goalert_is_ours_for_first_occurrences() {
    let corpus = corpus("rotation_goalert");
    for row in rows(&corpus, "clock_on_day") {
        let local = format!(
            "{}T{}",
            row["date"].as_str().unwrap(),
            row["clock"].as_str().unwrap()
        );
        let zone = zone(row["tz"].as_str().unwrap()).unwrap();
        let ours = resolve(local.parse().unwrap(), &zone);
        // None of the rows that ask for the last occurrence lies in a repeated hour.
        assert_eq!(ours, at(row["instant"].as_str().unwrap()), "{row}");
    }
    for row in rows(&corpus, "add_clock") {
        let zone = zone(row["tz"].as_str().unwrap()).unwrap();
        let local = zone.to_datetime(at(row["from_"].as_str().unwrap()));
        let minutes = SignedDuration::from_mins(row["add_clock_minutes"].as_i64().unwrap());
        let ours = resolve(local + minutes, &zone);
        assert_eq!(ours, at(row["result"].as_str().unwrap()), "{row}");
    }
}

/// Schedules that another policy than ours explains.
const OTHER_POLICY: &[(&str, &str)] = &[
    (
        "calc-AddOverride",
        "several people may be on duty there at once; with us an override replaces",
    ),
    (
        "calc-RemoveOverride",
        "nobody may be on duty there; with us somebody always is",
    ),
    (
        "calc-HistoryRemainder",
        "what was recorded as past there wins over the plan; our past is the plan that held then",
    ),
    (
        "calc-Rotation",
        "the rotation's index there is state that is moved by hand; ours follows from its start",
    ),
];

/// Answers a schedule in our way: rules as the hours of a rota, temporary schedules as exceptions and overrides.
fn answer(row: &Value) -> Vec<String> {
    let (from, to) = (
        at(row["window"][0].as_str().unwrap()),
        at(row["window"][1].as_str().unwrap()),
    );
    let mut shifts = Vec::new();
    for rule in row["rules"].as_array().unwrap() {
        let period = format!(
            "{}-{}",
            rule["start"].as_str().unwrap(),
            rule["end"].as_str().unwrap()
        );
        let active = rule["weekdays_sun_first"].as_array().unwrap();
        let days: Vec<Weekday> = (0..7_i8)
            .filter(|day| active[*day as usize] == 1)
            .map(|day| Weekday::from_sunday_zero_offset(day).unwrap())
            .collect();
        let hours = Calendar::business(Business {
            zone: row["tz"].as_str().unwrap().to_owned(),
            week: Week::on(&days, &[period.parse().unwrap()]),
            breaks: temporary_breaks(row),
            ..Business::default()
        })
        .unwrap();
        let mut plan = rule.get("rotation").cloned().unwrap_or(Value::Null);
        let people = match plan["users"].as_array() {
            Some(users) => users
                .iter()
                .map(|user| user.as_str().unwrap().into())
                .collect(),
            None => vec![rule["user"].as_str().unwrap().into()],
        };
        if plan.is_null() {
            plan = serde_json::json!({"type": "daily", "shift_length": 10, "start": "2017-12-31T00:00:00Z", "tz": row["tz"]});
        }
        let rota = rotation(&plan, people);
        for open in hours.segments(from, to) {
            shifts.extend(rota.shifts(open.opens_at, open.closes_at, &overrides(row)));
        }
    }
    for temporary in row["temporary_schedules"].as_array().unwrap() {
        for shift in temporary["shifts"].as_array().unwrap() {
            shifts.push(Shift {
                member: shift["user"].as_str().unwrap().into(),
                starts_at: at(shift["start"].as_str().unwrap()),
                ends_at: at(shift["end"].as_str().unwrap()),
                by_override: true,
            });
        }
    }
    shifts.sort_by_key(|shift| shift.starts_at);
    shifts
        .iter()
        .map(|shift| format!("{} {} {}", shift.member, shift.starts_at, shift.ends_at))
        .collect()
}

/// Takes the span of each temporary schedule out of the hours; all of them lie inside one date in UTC.
fn temporary_breaks(
    row: &Value,
) -> std::collections::BTreeMap<Date, Vec<crate::domain::calendar::Period>> {
    let temporaries = row["temporary_schedules"].as_array().unwrap();
    temporaries
        .iter()
        .map(|span| {
            let (start, end) = (
                span["start"].as_str().unwrap(),
                span["end"].as_str().unwrap(),
            );
            let period = format!("{}-{}", &start[11..16], &end[11..16]);
            (date(&start[..10]), vec![period.parse().unwrap()])
        })
        .collect()
}

fn overrides(row: &Value) -> Vec<Override> {
    let rows = row["overrides"].as_array().unwrap().iter();
    rows.filter_map(|row| {
        Some(cover(
            row["add"].as_str()?,
            row["start"].as_str().unwrap(),
            row["end"].as_str().unwrap(),
        ))
    })
    .collect()
}

#[test]
fn the_schedules_of_goalert_agree_or_are_explained() {
    let corpus = corpus("schedule_goalert");
    let mut others = 0;
    for row in rows(&corpus, "calculate_shifts") {
        let theirs: Vec<String> = row["expected_shifts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|shift| {
                let (start, end) = (
                    shift["start"].as_str().unwrap(),
                    shift["end"].as_str().unwrap(),
                );
                format!(
                    "{} {} {}",
                    shift["user"].as_str().unwrap(),
                    at(start),
                    at(end)
                )
            })
            .collect();
        let ours = answer(&row);
        let id = row["id"].as_str().unwrap();
        let explained = OTHER_POLICY.iter().any(|(other, _)| *other == id);
        assert_eq!(ours != theirs, explained, "{id}: {ours:?} or {theirs:?}");
        others += usize::from(explained);
    }
    assert_eq!(others, OTHER_POLICY.len());
}
