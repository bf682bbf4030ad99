//! What time brings.

use super::*;

#[test]
fn the_ladder_is_climbed_step_by_step() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:01", Command::Claim);
    assert_eq!(
        case.pass("24 17:30"),
        [
            "24 11:12 FirstResponse step 0.0 of 24 11:12",
            "24 11:30 FirstResponse step 1.0 of 24 11:30",
            "24 12:00 FirstResponse missed at 24 12:00",
            "24 13:00 FirstResponse step 2.0 of 24 12:00",
            "24 14:00 FirstResponse step 3.0 of 24 14:00",
            "24 15:00 FirstResponse step 3.1 of 24 15:00",
            "24 16:00 FirstResponse step 3.2 of 24 16:00",
        ],
        "the breach at lunch is said after it; hourly three times, then no more"
    );
}

#[test]
fn after_the_last_step_the_quiet_timer_takes_over_and_comes_again() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:01", Command::Claim);
    case.pass("24 17:00");
    assert_eq!(
        case.pass("27 12:00")
            .into_iter()
            .filter(|line| line.contains("quiet"))
            .collect::<Vec<_>>(),
        [
            "25 16:00 quiet since 25 16:00",
            "26 16:00 quiet since 26 16:00"
        ]
    );
}

#[test]
fn a_night_collapses_to_the_highest_step() {
    // Around the clock, but told in working time: received at 20:00, due at 22:00.
    let mut case = Case::with("24 20:00", |receive| receive.facts.severity = Severity::S3);
    for target in &mut case.policy.targets {
        target.first_response = Some(Amount {
            ms: 2 * HOUR,
            calendar: ALWAYS.to_owned(),
        });
        (target.claim, target.resolution) = (None, None);
    }
    assert_eq!(
        case.pass("25 09:30"),
        [
            "24 21:12 FirstResponse step 0.0 of 24 21:12",
            "24 22:00 FirstResponse missed at 24 22:00",
            "25 09:00 FirstResponse step 1.0 of 24 21:30 (superseded)",
            "25 09:00 FirstResponse step 2.0 of 24 22:00 (superseded)",
            "25 09:00 FirstResponse step 3.2 of 25 01:00",
        ]
    );
}

#[test]
fn after_a_day_down_only_the_highest_is_said() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:01", Command::Claim);
    let said: Vec<String> = case
        .act("time", "25 09:05", Command::Tick)
        .iter()
        .map(short)
        .collect();
    assert_eq!(
        said,
        [
            "FirstResponse missed at 24 12:00",
            "FirstResponse step 0.0 of 24 11:12 (superseded)",
            "FirstResponse step 1.0 of 24 11:30 (superseded)",
            "FirstResponse step 2.0 of 24 12:00 (superseded)",
            "FirstResponse step 3.2 of 24 16:00",
        ]
    );
    assert_eq!(case.act("time", "25 09:06", Command::Tick), vec![]);
}

#[test]
fn a_step_before_the_start_is_dropped() {
    let mut case = Case::received("24 10:00");
    for target in &mut case.policy.targets {
        target.claim = Some(Amount {
            ms: HOUR / 4,
            calendar: "office".to_owned(),
        });
        (target.first_response, target.resolution) = (None, None);
    }
    let said = case.pass("24 10:20");
    assert!(said.iter().all(|line| !line.contains("step 1")), "{said:?}");
}

#[test]
fn a_wait_is_chased_and_chased_again() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", Command::Claim);
    case.act("aoki", "24 10:30", reply());
    case.act(
        "aoki",
        "24 10:32",
        Command::Wait {
            on: WaitingOn::Vendor,
            chase_at: Some(at("24 20:00")),
            asked: None,
            case: None,
        },
    );
    let said = case.pass("27 12:00");
    let chases: Vec<&String> = said.iter().filter(|line| line.contains("chase")).collect();
    assert_eq!(chases, ["25 09:00 chase Vendor", "27 09:00 chase Vendor"]);
}

#[test]
fn a_snooze_silences_reminders_but_no_breach() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:01", Command::Claim);
    case.act(
        "aoki",
        "24 10:02",
        Command::Snooze {
            until: at("24 15:00"),
        },
    );
    let said = case.pass("24 13:30");
    assert!(
        !said
            .iter()
            .any(|line| line.contains("step 1.0") && !line.contains("superseded")),
        "{said:?}"
    );
    assert!(
        said.iter().any(|line| line.contains("step 2.0")),
        "{said:?}"
    );
}

#[test]
fn a_wake_up_severity_calls_at_once_day_or_night_until_somebody_claims() {
    let mut case = Case::with("28 03:00", |receive| receive.facts.severity = Severity::S1);
    let said = case.pass("28 03:46");
    let calls: Vec<&str> = said
        .iter()
        .filter(|line| line.contains("Urgent"))
        .map(|line| line.split(" of").next().unwrap())
        .collect();
    assert_eq!(
        calls,
        [
            "28 03:00 Urgent step 0.0",
            "28 03:05 Urgent step 1.0",
            "28 03:15 Urgent step 2.0",
            "28 03:30 Urgent step 2.1",
            "28 03:45 Urgent step 2.2",
        ]
    );
    case.act("aoki", "28 03:50", Command::Claim);
    assert!(
        !case
            .pass("28 06:00")
            .iter()
            .any(|line| line.contains("Urgent"))
    );
    case.act("aoki", "28 06:00", Command::Release { reason: None });
    assert!(
        case.pass("28 06:01")
            .iter()
            .any(|line| line.contains("Urgent step 0.0"))
    );
}

#[test]
fn an_alarm_that_was_down_for_days_says_one_thing() {
    let mut case = Case::with("28 03:00", |receive| receive.facts.severity = Severity::S1);
    let said: Vec<String> = case
        .act("time", "30 09:00", Command::Tick)
        .iter()
        .map(short)
        .collect();
    let urgent: Vec<&String> = said.iter().filter(|line| line.contains("Urgent")).collect();
    assert_eq!(urgent.len(), 3, "{said:?}");
    assert!(
        urgent[2].starts_with("Urgent step 2.215 of 30 09:00"),
        "{urgent:?}"
    );
}

#[test]
fn needed_by_alone_wakes_nobody_but_a_stopped_business_near_it_does() {
    let needed = |stopped| {
        Case::with("24 10:00", |receive| {
            receive.facts.needed_by = Some(at("24 20:00"));
            receive.facts.business_stopped = stopped;
        })
    };
    assert!(
        !needed(false)
            .pass("24 19:00")
            .iter()
            .any(|line| line.contains("rgent"))
    );
    let said = needed(true).pass("24 16:06");
    assert!(
        said.contains(&"24 16:00 urgent since 24 16:00".to_owned()),
        "{said:?}"
    );
    assert!(
        said.contains(&"24 16:05 Urgent step 1.0 of 24 16:05".to_owned()),
        "{said:?}"
    );
}

#[test]
fn one_act_stops_the_alarm_and_only_worse_raises_it_again() {
    let mut case = Case::with("28 03:00", |receive| {
        receive.facts.needed_by = Some(at("28 05:00"));
        receive.facts.business_stopped = true;
    });
    assert!(matches!(case.state().urgency, Urgency::Urgent { .. }));
    case.act(
        "ueda",
        "28 03:20",
        Command::NotUrgent { reason: "t".into() },
    );
    assert!(
        !case
            .pass("28 04:00")
            .iter()
            .any(|line| line.contains("Urgent"))
    );
    let mut sooner = facts();
    (sooner.business_stopped, sooner.needed_by) = (true, Some(at("28 04:30")));
    let update = Command::Update {
        revision: Some(Revision::Ordered("2".to_owned())),
        facts: Box::new(sooner),
        body: None,
        there: None,
        owner: None,
    };
    assert!(
        case.act("source", "28 04:01", update)
            .iter()
            .any(|event| matches!(event, Event::UrgencyRaised { .. }))
    );
}

#[test]
fn a_lowered_severity_ends_the_urgency() {
    let mut case = Case::with("28 03:00", |receive| receive.facts.severity = Severity::S1);
    let events = case.act(
        "aoki",
        "28 03:02",
        Command::SetSeverity {
            to: Severity::S3,
            reason: None,
        },
    );
    assert_eq!(events.last(), Some(&Event::UrgencyEnded {}));
    assert_eq!(case.state().run(Clock::Urgent), None);
}

#[test]
fn backlog_runs_no_promise() {
    let case = Case::with("24 10:00", |receive| {
        receive.is_backlog = true;
        receive.facts.severity = Severity::S1;
    });
    assert_eq!(case.clocks(), "");
    assert_eq!(case.state().urgency, Urgency::Calm);
}
