//! What its owner has left lying: the owner is asked, then the duty, and only where the policy says so it moves.

use super::internal::answered;
use super::*;
use crate::domain::announce::announce;
use crate::domain::sla::{Audience, What, due_now};

fn hand(to: &str) -> Command {
    Command::HandToDuty { to: to.into() }
}

#[test]
fn the_owner_is_asked_first_and_after_as_long_again_the_duty() {
    let mut case = answered();
    let said = case.pass("26 18:00");
    assert_eq!(
        said,
        [
            "25 10:00 quiet since 25 10:00",
            "26 10:00 quiet since 26 10:00"
        ]
    );
    let state = case.state();
    let audiences: Vec<_> = case
        .ledger
        .iter()
        .filter(|entry| matches!(entry.event, Event::QuietReached { .. }))
        .flat_map(|entry| announce(None, entry, &state, &case.policy))
        .map(|notice| notice.audience)
        .collect();
    assert_eq!(
        audiences,
        [vec![Audience::Owner], vec![Audience::Duty, Audience::Owner]]
    );
}

#[test]
fn an_act_of_anyone_begins_anew() {
    let mut case = answered();
    case.pass("25 10:00");
    case.act("inoue", "25 11:00", Command::Note { text: "t".into() });
    assert_eq!(case.state().quiet_asked, 0);
    case.pass("26 11:00");
    assert_eq!(case.state().quiet_asked, 1);
}

#[test]
fn nothing_is_taken_from_anybody_unless_the_policy_says_so() {
    let mut case = answered();
    case.pass("30 18:00");
    assert!(matches!(case.state().ownership, Ownership::Owned { .. }));
    assert_eq!(case.act("time", "30 18:00", hand("ueda")), []);
}

#[test]
fn what_is_urgent_calls_whoever_it_went_to_at_that_very_moment() {
    let mut case = Case::with("24 10:00", |receive| receive.facts.severity = Severity::S1);
    case.policy.release_after_ms = Some(20 * HOUR);
    case.act("aoki", "24 10:00", Command::Claim);
    case.act("aoki", "24 10:00", reply());
    case.pass("26 14:59");
    case.act("time", "26 15:00", Command::Tick);
    case.act("time", "26 15:00", hand("ueda"));
    let now = at("26 15:00");
    assert_eq!(next_after(&case.state(), &case.policy, now), Some(now));
    let called = case.act("time", "26 15:00", Command::Tick);
    let called: Vec<String> = called.iter().map(short).collect();
    assert_eq!(called, ["Urgent step 0.0 of 26 15:00"]);
    assert!(next_after(&case.state(), &case.policy, now).is_some_and(|next| next > now));
}

#[test]
fn it_goes_to_the_duty_by_name_after_both_were_asked_and_must_be_accepted() {
    let mut case = answered();
    case.policy.release_after_ms = Some(20 * HOUR);
    let due = |case: &Case, wall: &str| {
        let due = due_now(&case.state(), &case.policy, at(wall));
        due.iter().any(|item| item.what == What::HandToDuty)
    };
    // Not before the duty was asked, and not before its time.
    assert_eq!(case.act("time", "25 09:30", hand("ueda")), []);
    case.pass("26 13:59");
    assert!(!due(&case, "26 13:59"));
    assert_eq!(case.act("time", "26 13:59", hand("ueda")), []);
    assert!(due(&case, "26 15:00"));
    let events = case.act("time", "26 15:00", hand("ueda"));
    let handed = Event::HandedToDuty {
        from: "aoki".into(),
        to: "ueda".into(),
        at: at("26 15:00"),
    };
    assert_eq!(events, [handed]);
    let state = case.state();
    assert!(
        matches!(&state.ownership, Ownership::Assigned { to, by: Actor::System, .. } if to.as_str() == "ueda"),
        "{:?}",
        state.ownership
    );
    // Somebody must accept, and that is timed.
    assert!(state.run(Clock::Claim).is_some());
    // Twice or late it decides nothing.
    assert_eq!(case.act("time", "26 15:00", hand("ueda")), []);
}

#[test]
fn it_waits_for_working_time() {
    let mut case = answered();
    case.policy.release_after_ms = Some(17 * HOUR);
    case.pass("26 10:59");
    // Thursday 11:00 is its time; who looks at night finds nothing to do.
    let due = |wall: &str| due_now(&case.state(), &case.policy, at(wall)).len();
    assert_eq!((due("26 11:00"), due("26 20:00")), (1, 0));
}
