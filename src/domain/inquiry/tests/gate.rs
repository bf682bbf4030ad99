//! The gate: what is missing, sent back and come back, out of scope.

use super::*;
use crate::domain::card::{Tone, card};
use crate::domain::gate::{Gate, Need};
use crate::domain::notice::Offer;

/// A queue that wants of an investigation what was tried and that settings were checked.
fn gated(wall: &str, change: impl FnOnce(&mut Receive)) -> Case {
    let mut case = Case::with(wall, change);
    case.policy.gate = Gate {
        investigation: vec![Need::Tried, Need::SettingsChecked],
        specification: vec![Need::Body],
    };
    case
}

fn bounce() -> Command {
    Command::Bounce {
        reason: "t-bounce".into(),
        has_way_back: true,
        is_elsewhere: false,
    }
}

fn wrote(wall: &str) -> Command {
    Command::RequesterReplied {
        text: "t-more".into(),
        at: at(wall),
    }
}

fn update(change: impl FnOnce(&mut Facts)) -> Command {
    let mut facts = facts();
    change(&mut facts);
    Command::Update {
        revision: None,
        facts: Box::new(facts),
        body: None,
        there: None,
        owner: None,
    }
}

#[track_caller]
fn check_gaps(change: impl FnOnce(&mut Facts), expected: &[Need]) {
    let case = gated("24 10:00", |receive| change(&mut receive.facts));
    let card = card(&case.state(), &case.policy);
    assert_eq!(card.gaps, expected);
    assert_eq!(card.offers.contains(&Offer::Bounce), !expected.is_empty());
}

#[test]
fn what_the_kind_wants_and_the_facts_lack_is_missing() {
    check_gaps(|_| {}, &[Need::Tried, Need::SettingsChecked]);
    check_gaps(
        |facts| facts.intake.tried = Some("t".into()),
        &[Need::SettingsChecked],
    );
    check_gaps(|facts| facts.kind = Kind::Specification, &[]);
    check_gaps(
        |facts| {
            facts.kind = Kind::Specification;
            facts.body = None;
        },
        &[Need::Body],
    );
}

#[test]
fn settings_that_were_not_checked_are_as_missing_as_unsaid() {
    let with = |said| {
        move |facts: &mut Facts| {
            facts.intake.tried = Some("t".into());
            facts.intake.settings_checked = said;
        }
    };
    check_gaps(with(Some(false)), &[Need::SettingsChecked]);
    check_gaps(with(None), &[Need::SettingsChecked]);
    check_gaps(with(Some(true)), &[]);
}

#[test]
fn a_queue_without_a_gate_misses_nothing() {
    let case = Case::received("24 10:00");
    let card = card(&case.state(), &case.policy);
    assert_eq!((card.gaps.len(), card.needs), (0, 0));
    assert!(!card.offers.contains(&Offer::Bounce));
}

#[test]
fn sending_back_answers_asks_and_waits_in_one_act() {
    let mut case = gated("24 10:00", |_| {});
    let events = case.act("aoki", "24 10:30", bounce());
    let Event::Bounced {
        missing,
        chase_at,
        pauses,
        ..
    } = &events[0]
    else {
        panic!("{events:?}")
    };
    assert_eq!(missing, &[Need::Tried, Need::SettingsChecked]);
    assert_eq!((wall(*chase_at).as_str(), *pauses), ("26 10:30", true));
    assert_eq!(
        case.clocks(),
        "FirstResponse Met 24 10:30, Claim Cancelled 24 10:30, Resolution due -"
    );
    let state = case.state();
    assert!(state.is_sent_back());
    assert!(matches!(state.ownership, Ownership::Unclaimed { .. }));
    let card = card(&state, &case.policy);
    assert_eq!(card.tone, Tone::Waiting);
    assert!(!card.offers.contains(&Offer::Bounce), "{:?}", card.offers);
}

#[test]
fn the_requesters_answer_brings_it_back_and_the_claim_counts_anew() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", bounce());
    case.act("requester", "24 14:00", wrote("24 14:00"));
    let state = case.state();
    assert!(matches!(state.stage, Stage::Active { .. }) && !state.is_sent_back());
    assert_eq!(state.round_trips, 1);
    // Three and a half hours were the requester's, one of them lunch.
    assert_eq!(
        case.clocks(),
        "FirstResponse Met 24 10:30, Claim Cancelled 24 10:30, Resolution due 26 13:30, \
         NextResponse due 24 18:00, Claim due 24 15:00"
    );
    let card = card(&state, &case.policy);
    assert_eq!(card.gaps, [], "what came in words is for people to judge");
}

#[test]
fn sending_back_twice_is_counted() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", bounce());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.act("aoki", "24 11:30", bounce());
    let bounce = case.state().bounce.unwrap();
    assert_eq!((bounce.count, bounce.is_answered), (2, false));
}

#[test]
fn what_the_source_fills_in_brings_it_back_once_nothing_is_missing() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", bounce());
    let events = case.act(
        "source",
        "24 11:00",
        update(|facts| facts.intake.tried = Some("t".into())),
    );
    assert_eq!(events.len(), 1, "settings are missing still: {events:?}");
    let events = case.act(
        "source",
        "24 11:30",
        update(|facts| {
            facts.intake.tried = Some("t".into());
            facts.intake.settings_checked = Some(true);
        }),
    );
    assert!(matches!(events[1], Event::Resumed { answer: None }));
    assert!(
        case.clocks().ends_with("Claim due 24 13:30"),
        "{}",
        case.clocks()
    );
}

#[test]
fn a_change_of_something_else_leaves_it_with_the_requester() {
    let mut case = gated("24 10:00", |receive| {
        receive.facts.intake.tried = Some("t".into());
        receive.facts.intake.settings_checked = Some(true);
    });
    case.act("aoki", "24 10:30", bounce());
    case.act(
        "source",
        "24 11:00",
        update(|facts| {
            facts.intake.tried = Some("t".into());
            facts.intake.settings_checked = Some(true);
            facts.product = "pay".to_owned();
        }),
    );
    assert!(case.state().is_sent_back());
}

#[test]
fn what_is_sent_back_calls_nobody_to_take_it() {
    let mut case = gated("24 10:00", |receive| receive.facts.severity = Severity::S1);
    assert!(case.clocks().contains("Urgent"));
    case.act("aoki", "24 10:01", bounce());
    let running: Vec<Clock> = case.state().runs.iter().map(|run| run.clock).collect();
    assert_eq!(running, [Clock::Resolution]);
    case.act("requester", "24 10:20", wrote("24 10:20"));
    let running: Vec<Clock> = case.state().runs.iter().map(|run| run.clock).collect();
    assert!(running.contains(&Clock::Urgent) && running.contains(&Clock::Claim));
}

#[test]
fn an_owner_keeps_what_was_sent_back() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:10", Command::Claim);
    case.act("aoki", "24 10:30", bounce());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    assert_eq!(case.state().holder(), Some(&"aoki".into()));
    assert!(!case.clocks().contains("Claim due"), "{}", case.clocks());
}

#[test]
fn only_people_send_back() {
    let mut case = gated("24 10:00", |_| {});
    for who in ["source", "requester", "time"] {
        assert_eq!(
            case.try_act(who, "24 10:30", bounce()),
            Err(Refusal::MembersOnly)
        );
    }
}

#[test]
fn without_a_way_back_it_is_refused_unless_the_requester_was_told_there() {
    let mut case = gated("24 10:00", |_| {});
    let without = |is_elsewhere| Command::Bounce {
        reason: "t-bounce".into(),
        has_way_back: false,
        is_elsewhere,
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", without(false)),
        Err(Refusal::NoWayToBounce {
            url: Some("https://crm.example/A-1".to_owned())
        })
    );
    case.act("aoki", "24 10:31", without(true));
    assert!(case.state().is_sent_back());
}

#[test]
fn what_could_not_be_sent_back_is_ours_again() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", bounce());
    let of = case.state().seq;
    let why = "410 Gone".to_owned();
    case.act("time", "24 10:35", Command::ReplyFailed { of, why });
    let state = case.state();
    assert!(matches!(state.stage, Stage::Active { .. }));
    assert!(
        case.clocks().contains("FirstResponse due 24 12:00"),
        "{}",
        case.clocks()
    );
}

#[test]
fn what_has_ended_is_not_sent_back() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", resolution());
    assert!(matches!(
        case.try_act("aoki", "24 10:40", bounce()),
        Err(Refusal::Resolved { .. })
    ));
}

fn refer(reply: Option<&str>, has_way_back: bool) -> Command {
    Command::Refer {
        to: ReferredTo::Sales,
        note: Some("t-note".into()),
        reply: reply.map(Into::into),
        has_way_back,
    }
}

#[test]
fn out_of_scope_tells_the_requester_then_hands_on_and_ends() {
    let mut case = gated("24 10:00", |_| {});
    let events = case.act("aoki", "24 10:30", refer(Some("t-reply"), true));
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds, ["replied", "referred", "closed"]);
    assert_eq!(
        case.clocks(),
        "FirstResponse Met 24 10:30, Claim Cancelled 24 10:30, Resolution Cancelled 24 10:30"
    );
    assert_eq!(case.state().referral.unwrap().to, ReferredTo::Sales);
    assert!(matches!(
        case.state().stage,
        Stage::Closed {
            reason: CloseReason::OutOfScope,
            ..
        }
    ));
}

#[test]
fn out_of_scope_may_say_nothing_to_the_requester() {
    let mut case = gated("24 10:00", |_| {});
    let events = case.act("aoki", "24 10:30", refer(None, false));
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds, ["referred", "closed"]);
    let mut case = gated("24 10:00", |_| {});
    assert!(matches!(
        case.try_act("aoki", "24 10:30", refer(Some("t-reply"), false)),
        Err(Refusal::NoWayBack { .. })
    ));
}

#[test]
fn what_is_reopened_is_nobody_elses_any_more() {
    let mut case = gated("24 10:00", |_| {});
    case.act("aoki", "24 10:30", refer(None, true));
    case.act("aoki", "24 10:40", Command::Reopen { reason: None });
    assert_eq!(case.state().referral, None);
}
