//! What is expected of other teams: timed, told, and never an SLA.

use super::*;
use crate::domain::announce::announce;
use crate::domain::card::{Tone, card};
use crate::domain::sla::{Audience, internal_verdicts, next_promise, verdicts};

pub(super) fn wait(on: WaitingOn) -> Command {
    Command::Wait {
        on,
        chase_at: None,
        asked: Some("t-asked".into()),
        case: None,
    }
}

/// Owned and answered on Tuesday at 10:00, so that only what follows is owed.
pub(super) fn answered() -> Case {
    let mut case = Case::received("24 09:00");
    case.policy.targets[1].resolution = None;
    case.act("aoki", "24 09:30", Command::Claim);
    case.act("aoki", "24 10:00", reply());
    case
}

fn due(case: &Case, clock: Clock) -> String {
    let state = case.state();
    let run = state.run(clock).unwrap();
    crate::domain::sla::due_at(&state, run, &case.policy).map_or("-".to_owned(), wall)
}

fn chase(case: &Case) -> String {
    match case.state().stage {
        Stage::Waiting { chase_at, .. } => wall(chase_at),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wait_for_another_team_is_timed_in_the_calendar_and_chased_at_its_end() {
    let mut case = answered();
    case.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
    assert_eq!(due(&case, Clock::NextTier), "25 11:00");
    assert_eq!(chase(&case), "25 11:00");
    // The requester is waited for without a clock, and nothing is expected of the vendor here.
    case.act("aoki", "24 16:10", wait(WaitingOn::Requester));
    assert_eq!(chase(&case), "26 16:10");
    assert!(!case.state().runs.iter().any(|run| run.clock.is_internal()));
    case.act("aoki", "24 16:20", wait(WaitingOn::Vendor));
    assert_eq!(due(&case, Clock::Vendor), "-");
    assert_eq!(chase(&case), "26 16:20");
}

#[test]
fn a_date_of_its_own_wins_over_the_target_and_moves_no_clock() {
    let mut case = answered();
    case.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
    let later = Command::Wait {
        on: WaitingOn::NextTier,
        chase_at: Some(at("27 10:00")),
        asked: None,
        case: Some("t-case".into()),
    };
    case.act("aoki", "24 17:00", later);
    assert_eq!(chase(&case), "27 10:00");
    assert_eq!(due(&case, Clock::NextTier), "25 11:00");
    let Stage::Waiting { asked, case, .. } = case.state().stage else {
        panic!("not waiting")
    };
    assert_eq!(asked, Some("t-asked".into()));
    assert_eq!(case, Some("t-case".into()));
}

#[test]
fn the_clock_ends_with_the_wait_however_that_ends() {
    let ends: [(Command, &str); 3] = [
        (
            Command::Resume {
                answer: Some("t".into()),
            },
            "Met",
        ),
        (wait(WaitingOn::Vendor), "Met"),
        (resolution(), "Met"),
    ];
    for (end, how) in ends {
        let mut case = answered();
        case.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
        case.act("aoki", "24 17:00", end);
        let state = case.state();
        let ended = state
            .ended
            .last()
            .map(|ended| (ended.run.clock, format!("{:?}", ended.how)));
        let ended = match ended {
            Some((Clock::NextTier, how)) => how,
            _ => {
                let found = state
                    .ended
                    .iter()
                    .find(|ended| ended.run.clock == Clock::NextTier);
                format!("{:?}", found.unwrap().how)
            }
        };
        assert_eq!(ended, how);
        assert!(state.run(Clock::NextTier).is_none());
    }
    let mut late = answered();
    late.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
    late.act("aoki", "25 13:00", Command::Resume { answer: None });
    let state = late.state();
    assert_eq!(state.ended.last().unwrap().how, Ending::Missed);
}

#[test]
fn a_late_team_is_no_broken_promise_and_does_not_colour_the_card() {
    let mut case = answered();
    case.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
    case.pass("25 12:00");
    let (state, now) = (case.state(), at("25 12:00"));
    assert!(
        verdicts(&state, &case.policy, now)
            .iter()
            .all(|verdict| !verdict.is_missed)
    );
    let internal = internal_verdicts(&state, &case.policy, now);
    assert_eq!(internal.len(), 1);
    assert!(internal[0].is_missed);
    assert_eq!(next_promise(&state, &case.policy), None);
    let card = card(&state, &case.policy);
    assert_eq!(card.tone, Tone::Waiting);
    assert!(card.dues.iter().any(|due| due.clock == Clock::NextTier));
}

#[test]
fn the_owner_is_reminded_before_and_owner_and_lead_hear_of_the_end_once() {
    let mut case = answered();
    case.act("aoki", "24 16:00", wait(WaitingOn::NextTier));
    assert_eq!(
        case.pass("25 12:00"),
        [
            "25 10:00 NextTier step 0.0 of 25 10:00",
            "25 11:00 NextTier missed at 25 11:00",
            "25 11:00 NextTier step 1.0 of 25 11:00",
            "25 11:00 chase NextTier",
        ]
    );
    let state = case.state();
    let said: Vec<_> = case
        .ledger
        .iter()
        .filter(|entry| entry.at >= at("25 10:00"))
        .flat_map(|entry| announce(None, entry, &state, &case.policy))
        .map(|notice| (notice.message.id, notice.audience))
        .collect();
    assert_eq!(
        said,
        [
            ("notice-internal-near".to_owned(), vec![Audience::Owner]),
            (
                "notice-internal-now".to_owned(),
                vec![Audience::Owner, Audience::Lead]
            ),
        ]
    );
    // It goes on being chased, so that nothing goes silent while it waits.
    assert_eq!(case.pass("30 12:00"), ["27 11:00 chase NextTier"]);
}

#[test]
fn a_wait_from_before_there_were_such_clocks_has_none() {
    let old = r#"{"kind":"wait_started","on":"vendor","chase_at":1795000000000,"pauses":false}"#;
    let event: Event = serde_json::from_str(old).unwrap();
    let mut case = answered();
    case.record(&Actor::Member("aoki".into()), vec![event], at("24 16:00"));
    assert!(case.state().run(Clock::Vendor).is_none());
}

#[test]
fn the_response_clocks_run_on_while_another_team_works() {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", Command::Claim);
    let before = due(&case, Clock::FirstResponse);
    case.act("aoki", "24 09:20", wait(WaitingOn::Development));
    assert_eq!(due(&case, Clock::FirstResponse), before);
    assert!(
        case.pass("24 11:00")
            .contains(&"24 11:00 FirstResponse missed at 24 11:00".to_owned())
    );
}

#[test]
fn the_requesters_date_competes_with_the_policy() {
    let first = |needed_by: &str| {
        let case = Case::with("24 09:00", |receive| {
            receive.facts.needed_by = Some(at(needed_by));
        });
        let mut case = case;
        case.act("aoki", "24 09:10", Command::Claim);
        let state = case.state();
        let shown = card(&state, &case.policy).dues;
        assert!(shown.iter().any(|due| due.clock == Clock::NeededBy));
        let (run, due) = next_promise(&state, &case.policy).unwrap();
        (run.clock, wall(due))
    };
    assert_eq!(first("24 10:30"), (Clock::NeededBy, "24 10:30".to_owned()));
    assert_eq!(
        first("24 12:00"),
        (Clock::FirstResponse, "24 11:00".to_owned())
    );
}
