//! A weekend with fewer people: a floor below which nobody is disturbed, and a wake-up rule of its own.
//!
//! The 13th is a Friday; the weekend's line holds from Saturday 09:30 to Monday 09:30 with floor S2.

use super::*;
use crate::domain::announce::announce;
use crate::domain::rota::LineRule;
use crate::domain::sla::{Case as Told, due_at};

/// The policy of [`policy`] in a queue with a weekend's line.
pub(super) fn weekend(wake_up: Option<Vec<Severity>>) -> Policy {
    let period = ["09:30-33:30".parse().unwrap()];
    let days = Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::on(
            &[crate::time::Weekday::Saturday, crate::time::Weekday::Sunday],
            &period,
        ),
        ..Business::default()
    };
    // Dubai works from Sunday to Thursday.
    let dubai = Business {
        zone: "Asia/Dubai".to_owned(),
        week: Week::on(
            &[crate::time::Weekday::Sunday, crate::time::Weekday::Monday],
            &["08:00-17:00".parse().unwrap()],
        ),
        ..Business::default()
    };
    let mut policy = policy();
    policy.lines = vec![
        LineRule {
            during: Some("weekend".to_owned()),
            floor: Some(Severity::S2),
            wake_up,
            region: None,
        },
        LineRule::default(),
    ];
    policy
        .calendars
        .insert("weekend".to_owned(), Calendar::business(days).unwrap());
    policy
        .calendars
        .insert("dubai".to_owned(), Calendar::business(dubai).unwrap());
    policy
}

/// Receives an inquiry under a policy; says who is told of it at once, and whether it is urgent.
fn received(policy: &Policy, wall: &str, change: impl FnOnce(&mut Facts)) -> (Case, String) {
    let mut receive = Receive {
        id: "i1".into(),
        origin: Origin {
            source: "crm".into(),
            external_id: "A-1".to_owned(),
            url: None,
            revision: None,
        },
        facts: facts(),
        queue: "support".into(),
        policy: PolicyHash("p1".to_owned()),
        escalated_at: None,
        assign_to: None,
        owner: None,
        follows: None,
        link: Default::default(),
        is_backlog: false,
        there: There::Open,
        contract: None,
        routed: None,
    };
    change(&mut receive.facts);
    let by = Actor::Source("crm".into());
    let events = open(receive, policy, &by, at(wall)).unwrap();
    let mut case = Case {
        policy: policy.clone(),
        ledger: Vec::new(),
    };
    case.record(&by, events, at(wall));
    let first = case.ledger[0].clone();
    let after = case.state();
    let told = announce(None, &first, &after, policy);
    let urgent = match after.urgency {
        Urgency::Urgent { .. } => " urgent",
        Urgency::Calm | Urgency::Denied { .. } => "",
    };
    let audience: Vec<_> = told.iter().flat_map(|notice| &notice.audience).collect();
    (case, format!("{audience:?}{urgent}"))
}

#[track_caller]
fn check(wall: &str, severity: Severity, expected: &str) {
    let (_, told) = received(&weekend(None), wall, |facts| facts.severity = severity);
    assert_eq!(told, expected, "{severity} at {wall}");
}

#[test]
fn on_the_weekend_the_duty_is_told_from_the_floor_upwards() {
    check("14 11:00", Severity::S2, "[Duty]");
    check("14 11:00", Severity::S3, "[]");
    check("14 11:00", Severity::S1, "[] urgent");
    // Outside of its hours the queue's calendar says it, as ever.
    check("14 09:29", Severity::S2, "[]");
    check("13 11:00", Severity::S3, "[Duty]");
    check("16 09:29", Severity::S3, "[]");
    check("16 09:30", Severity::S3, "[Duty]");
}

#[test]
fn below_the_floor_everything_waits_for_the_ordinary_working_time() {
    let (mut case, _) = received(&weekend(None), "14 11:00", |facts| {
        facts.severity = Severity::S3
    });
    // Two hours of the office: Monday 09:00 to 11:00. What is said waits until the weekend's line ends.
    assert_eq!(
        case.pass("16 11:30"),
        [
            "16 09:30 Claim step 1.0 of 16 09:30",
            "16 09:36 Claim step 0.0 of 16 09:36",
            "16 10:00 Claim missed at 16 10:00",
            "16 10:00 Claim step 2.0 of 16 10:00",
            "16 10:12 FirstResponse step 0.0 of 16 10:12",
            "16 10:30 FirstResponse step 1.0 of 16 10:30",
            "16 11:00 FirstResponse missed at 16 11:00",
            "16 11:00 FirstResponse step 2.0 of 16 11:00",
            "16 11:00 Claim step 3.0 of 16 11:00",
        ]
    );
}

#[test]
fn under_a_floor_that_never_ends_what_is_due_is_said_in_working_time() {
    let mut policy = weekend(None);
    policy.lines[0].during = Some(ALWAYS.to_owned());
    let (mut case, told) = received(&policy, "13 16:00", |facts| facts.severity = Severity::S3);
    assert_eq!(told, "[]");
    assert_eq!(
        case.pass("13 17:00"),
        [
            "13 16:30 Claim step 1.0 of 13 16:30",
            "13 16:36 Claim step 0.0 of 13 16:36",
            "13 17:00 Claim missed at 13 17:00",
            "13 17:00 Claim step 2.0 of 13 17:00",
        ]
    );
}

#[test]
fn no_line_moves_a_deadline() {
    for severity in [Severity::S2, Severity::S3] {
        let due = |policy: &Policy| {
            let (case, _) = received(policy, "14 11:00", |facts| facts.severity = severity);
            let state = case.state();
            let dues = state.runs.iter().map(|run| due_at(&state, run, policy));
            dues.collect::<Vec<_>>()
        };
        assert_eq!(due(&weekend(None)), due(&policy()));
    }
}

#[test]
fn a_customer_whose_own_calendar_is_open_is_served_whatever_the_floor() {
    // Sunday the 15th in Dubai, where it is a working day: 09:00 there.
    let sunday = |calendar: Option<&str>| {
        let change = |facts: &mut Facts| facts.calendar = calendar.map(str::to_owned);
        received(&weekend(None), "15 14:00", change).1
    };
    assert_eq!(sunday(Some("dubai")), "[Duty]");
    assert_eq!(sunday(None), "[]");
    assert_eq!(sunday(Some("nobody's")), "[]");
}

#[test]
fn the_lines_wake_up_rule_stands_instead_of_the_policys_while_it_holds() {
    let wakes = weekend(Some(vec![Severity::S1, Severity::S2]));
    let told = |policy: &Policy, wall: &str, severity| {
        received(policy, wall, |facts| facts.severity = severity).1
    };
    assert_eq!(told(&wakes, "14 23:00", Severity::S2), "[] urgent");
    assert_eq!(told(&wakes, "13 23:00", Severity::S2), "[]");
    let nobody = weekend(Some(vec![]));
    assert_eq!(told(&nobody, "14 23:00", Severity::S1), "[Duty]");
    assert_eq!(told(&nobody, "13 23:00", Severity::S1), "[] urgent");
}

#[test]
fn what_waits_becomes_urgent_when_a_line_begins_to_wake_for_it_and_stays_so() {
    let wakes = weekend(Some(vec![Severity::S1, Severity::S2]));
    let (mut case, told) = received(&wakes, "13 20:00", |facts| facts.severity = Severity::S2);
    assert_eq!(told, "[]");
    let said = case.pass("14 09:30");
    assert!(said[0].starts_with("14 09:30 urgent"), "{said:?}");
    // On Monday that line is over, but what it raised goes on until somebody has it or the severity falls.
    let noted = case.act("aoki", "16 10:00", Command::Note { text: "t9".into() });
    assert!(!noted.contains(&Event::UrgencyEnded {}), "{noted:?}");
    let milder = Command::SetSeverity {
        to: Severity::S3,
        reason: Some("t10".into()),
    };
    let events = case.act("aoki", "16 10:05", milder);
    assert!(events.contains(&Event::UrgencyEnded {}), "{events:?}");
}

#[test]
fn a_severity_set_after_the_weekend_does_not_wake_by_the_weekend_that_was() {
    let wakes = weekend(Some(vec![Severity::S1, Severity::S2]));
    let (mut case, _) = received(&wakes, "12 10:00", |facts| facts.severity = Severity::S3);
    let worse = Command::SetSeverity {
        to: Severity::S2,
        reason: Some("t9".into()),
    };
    let events = case.act("aoki", "17 10:00", worse);
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::UrgencyRaised { .. })),
        "{events:?}"
    );
}

#[test]
fn what_came_in_while_nobody_was_told_is_known_at_the_opening() {
    let policy = weekend(None);
    // Friday's close, though the weekend's line was awake for S2 in between.
    assert_eq!(policy.asleep_since(at("16 09:30")), at("13 18:00"));
    assert_eq!(policy.asleep_since(at("16 13:00")), at("16 12:00"));
    let mut evening = policy.clone();
    let hours = Business {
        zone: "Asia/Tokyo".to_owned(),
        week: Week::weekdays(&["16:00-22:00".parse().unwrap()]),
        ..Business::default()
    };
    evening
        .calendars
        .insert("weekend".to_owned(), Calendar::business(hours).unwrap());
    assert_eq!(evening.asleep_since(at("17 09:00")), at("16 16:00"));
}

#[test]
fn a_policy_from_before_there_were_lines_still_loads_and_is_the_same() {
    let json = serde_json::to_string(&policy()).unwrap();
    assert!(!json.contains("lines"), "{json}");
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy());
    let with = serde_json::to_string(&weekend(Some(vec![]))).unwrap();
    assert!(
        with.contains(r#""lines":[{"during":"weekend","floor":"S2","wake_up":[]},{}]"#),
        "{with}"
    );
    assert_eq!(
        serde_json::from_str::<Policy>(&with).unwrap(),
        weekend(Some(vec![]))
    );
}

#[test]
fn whoever_may_be_told_next_is_found_over_any_lines() {
    let policy = weekend(None);
    let told = |severity, wall: &str| {
        let case = Told {
            severity,
            ..Told::least()
        };
        super::wall(policy.awake_for(case, at(wall)))
    };
    assert_eq!(told(Severity::S2, "13 18:00"), "14 09:30");
    assert_eq!(told(Severity::S2, "14 03:00"), "14 09:30");
    assert_eq!(told(Severity::S3, "13 18:00"), "16 09:30");
    assert_eq!(told(Severity::S3, "16 12:30"), "16 13:00");
}
