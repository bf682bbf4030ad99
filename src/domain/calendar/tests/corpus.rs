//! Facts from other people's business-hours libraries: see `tests/corpora/README.md`.

use super::*;
use serde_json::Value;

fn corpus(name: &str) -> Value {
    let path = format!("{}/tests/corpora/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn pairs(value: &Value) -> Vec<Period> {
    let pair = |pair: &Value| {
        format!(
            "{}-{}",
            pair[0].as_str().unwrap(),
            pair[1].as_str().unwrap()
        )
    };
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|p| pair(p).parse().unwrap())
        .collect()
}

fn by_date(value: &Value) -> BTreeMap<Date, Vec<Period>> {
    let map = value.as_object().into_iter().flatten();
    map.map(|(day, list)| (date(day), pairs(list))).collect()
}

fn week(value: &Value) -> Week {
    let mut week = Week::default();
    for (day, list) in value.as_object().unwrap() {
        let index = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            .iter()
            .position(|d| d == day);
        *week.day_mut(WEEKDAYS[index.unwrap()]) = pairs(list);
    }
    week
}

fn calendar(value: &Value) -> Calendar {
    let holidays = value["holidays"].as_array().into_iter().flatten();
    made(Business {
        zone: value["tz"].as_str().unwrap().to_owned(),
        week: week(&value["hours"]),
        exceptions: by_date(&value["shifts"]),
        breaks: by_date(&value["breaks"]),
        holidays: holidays
            .map(|day| (date(day.as_str().unwrap()), "holiday".to_owned()))
            .collect(),
        ..Business::default()
    })
}

/// Rows that another policy than ours explains.
const OTHER_POLICY: &[(&str, &str)] = &[(
    "gap-shifts-by-gap-length",
    "biz shifts a local time inside a gap by the gap's length; toban takes the first instant after the gap",
)];

/// Answers a row in our own way, printed so that it can be compared with what the row expects.
fn answer(section: &str, row: &Value) -> (String, String) {
    let time = |key: &str| at(row[key].as_str().unwrap());
    let calendar = || calendar(&row["calendar"]);
    let expected = row["expected"].to_string().replace('"', "");
    match section {
        "add_business_time" => {
            let amount = row["amount"].as_i64().unwrap();
            let forward = row["op"] == "after";
            let span = match row["unit"].as_str().unwrap() {
                "second" => SignedDuration::from_secs(amount),
                "minute" => SignedDuration::from_mins(amount),
                "hour" => SignedDuration::from_hours(amount),
                _ => SignedDuration::ZERO,
            };
            let days = i32::try_from(amount).unwrap();
            let ours = match (row["unit"] == "day" && amount != 0, forward) {
                (true, true) => calendar().add_working_days(time("from_"), days),
                (true, false) => calendar().add_working_days(time("from_"), -days),
                (false, true) => calendar().due_after(time("from_"), span),
                (false, false) => calendar().before(time("from_"), span),
            };
            (ours.to_string(), expected)
        }
        "within" => {
            let ours = calendar().worked_between(time("start"), time("end"));
            (
                ours.as_secs().to_string(),
                row["expected_seconds"].to_string(),
            )
        }
        "is_open" => (calendar().is_open(time("at")).to_string(), expected),
        "on_break" => {
            let ours = calendar().why_closed(time("at")) == Some(Part::Break);
            (ours.to_string(), expected)
        }
        "on_holiday" => {
            let ours = matches!(calendar().why_closed(time("at")), Some(Part::Holiday(_)));
            (ours.to_string(), expected)
        }
        "periods" => {
            let wanted = row["expected"].as_array().unwrap();
            let ours = periods_from(
                &calendar(),
                time("origin"),
                row["op"] == "after",
                wanted.len(),
            );
            (format!("[{}]", ours.join(",")), expected)
        }
        "local_time_resolution" => {
            let local: crate::time::DateTime = row["local"].as_str().unwrap().parse().unwrap();
            let zone = zone(row["tz"].as_str().unwrap()).unwrap();
            (crate::time::resolve(local, &zone).to_string(), expected)
        }
        "validation" => {
            let hours = Business {
                zone: "UTC".to_owned(),
                week: week(&row["hours"]),
                ..Business::default()
            };
            (
                Calendar::business(hours).is_ok().to_string(),
                row["valid"].to_string(),
            )
        }
        other => panic!("unknown section {other}"),
    }
}

/// Returns the first segments after an origin, or the last before it, latest first.
fn periods_from(
    calendar: &Calendar,
    origin: Timestamp,
    forward: bool,
    count: usize,
) -> Vec<String> {
    let month = SignedDuration::from_hours(24 * 30);
    let mut segments = if forward {
        calendar.segments(origin, origin + month)
    } else {
        calendar.segments(origin - month, origin)
    };
    if !forward {
        segments.reverse();
    }
    segments.truncate(count);
    segments
        .iter()
        .map(|s| format!("[{},{}]", s.opens_at, s.closes_at))
        .collect()
}

#[test]
fn the_business_hours_of_biz_agree_or_are_explained() {
    let corpus = corpus("business_hours_biz");
    let (mut compared, mut others) = (0, 0);
    for (section, rows) in corpus["sections"].as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let (ours, theirs) = answer(section, row);
            let id = row["id"].as_str().unwrap_or_default();
            let explained = OTHER_POLICY.iter().any(|(other, _)| *other == id);
            assert_eq!(
                ours != theirs,
                explained,
                "{section} {id}: {ours} or {theirs}"
            );
            compared += 1;
            others += usize::from(explained);
        }
    }
    assert!(compared >= 48);
    assert_eq!(others, OTHER_POLICY.len());
}

/// Makes a rule of the corpus a calendar: the same hours on each of its weekdays.
fn rule(row: &Value) -> Calendar {
    let rule = &row["rule"];
    let (start, end) = (
        rule["start"].as_str().unwrap(),
        rule["end"].as_str().unwrap(),
    );
    // There, an end that equals the start means 24 hours, which we write 08:00-32:00.
    let hours: u32 = end[..2].parse().unwrap();
    let text = if start == end {
        format!("{start}-{}{}", hours + 24, &end[2..])
    } else {
        format!("{start}-{end}")
    };
    let active = rule["weekdays_sun_first"].as_array().unwrap();
    let days: Vec<Weekday> = (0..7_i8)
        .filter(|day| active[*day as usize] == 1)
        .map(|day| Weekday::from_sunday_zero_offset(day).unwrap())
        .collect();
    made(Business {
        zone: row["tz"].as_str().unwrap().to_owned(),
        week: Week::on(&days, &periods(&[&text])),
        ..Business::default()
    })
}

#[test]
fn the_weekday_rules_of_goalert_are_calendars() {
    let corpus = corpus("schedule_goalert");
    let rows = |section: &str| corpus["sections"][section].as_array().unwrap().clone();
    let mut compared = 0;
    for row in rows("rule_is_active") {
        let ours = rule(&row).is_open(at(row["at"].as_str().unwrap()));
        assert_eq!(ours, row["active"].as_bool().unwrap(), "{}", row["id"]);
        compared += 1;
    }
    for (section, start) in [("rule_start_time", true), ("rule_end_time", false)] {
        for row in rows(section) {
            let span = rule(&row)
                .open_span(at(row["at"].as_str().unwrap()))
                .unwrap();
            let ours = if start { span.opens_at } else { span.closes_at };
            assert_eq!(ours, at(row["expected"].as_str().unwrap()), "{}", row["id"]);
            compared += 1;
        }
    }
    assert!(compared >= 54);
}

#[test]
fn the_holidays_are_those_of_the_corpus() {
    let corpus = corpus("japan_holidays");
    let rows = corpus["holidays"].as_array().unwrap();
    let theirs: BTreeMap<Date, String> = rows
        .iter()
        .map(|row| {
            (
                date(row["date"].as_str().unwrap()),
                row["name"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(japan_holidays(), theirs);
}
