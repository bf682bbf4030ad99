//! What a close cut short is owed again once the close is taken back: by the source or by people, from its original start.

use super::*;
use crate::domain::announce::announce;

fn find(there: There) -> Command {
    Command::Find { there }
}

fn close() -> Command {
    let reason = CloseReason::Duplicate;
    Command::Close { reason, note: None }
}

fn reopen() -> Command {
    Command::Reopen { reason: None }
}

/// Received Tuesday 10:00, closed at 10:30 and open again at 11:00, each by whom and how; the clocks then.
#[track_caller]
fn check(ends: (&str, Command), opens: (&str, Command), expected: &str) {
    let mut case = Case::received("24 10:00");
    case.act(ends.0, "24 10:30", ends.1);
    case.act(opens.0, "24 11:00", opens.1);
    assert_eq!(case.clocks(), expected);
}

#[test]
fn a_first_response_that_was_never_given_is_owed_again_whoever_ended_it() {
    let again = "Claim Cancelled 24 10:30, Resolution Cancelled 24 10:30, \
                 FirstResponse due 24 12:00, Resolution due 26 11:00, Claim due 24 12:00";
    let there = |there| ("source", find(there));
    check(there(There::Closed), there(There::Open), again);
    check(there(There::Gone), there(There::Open), again);
    check(there(There::Closed), ("aoki", reopen()), again);
    check(("aoki", close()), ("aoki", reopen()), again);
}

#[test]
fn what_was_answered_before_the_close_is_owed_nothing() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("source", "24 10:30", find(There::Closed));
    case.act("source", "24 11:00", find(There::Open));
    let state = case.state();
    assert!(state.run(Clock::FirstResponse).is_none() && state.cut_short.is_none());
    // A resolution is an answer.
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", resolution());
    case.act("aoki", "24 10:20", close());
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_none());
}

#[test]
fn what_was_missed_before_the_close_stays_missed_and_is_not_told_twice() {
    let mut case = Case::received("24 10:00");
    case.pass("24 13:30");
    case.act("source", "24 13:30", find(There::Closed));
    assert!(case.clocks().contains("FirstResponse Missed 24 13:30"));
    case.act("source", "24 14:00", find(There::Open));
    let run = case.state().run(Clock::FirstResponse).unwrap().clone();
    assert_eq!(run.missed_at, Some(at("24 12:00")));
    let said = case.pass("24 18:00");
    assert!(
        said.iter()
            .all(|line| !line.contains("FirstResponse missed")),
        "{said:#?}"
    );
    assert!(
        said.iter()
            .all(|line| !line.contains("FirstResponse step 2.0")),
        "the breach was said after lunch: {said:#?}"
    );
    case.act("aoki", "25 09:30", reply());
    assert!(case.clocks().contains("FirstResponse Missed 25 09:30"));
}

#[test]
fn what_passed_its_deadline_while_it_was_closed_is_missed_at_its_own_instant() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    assert_eq!(case.pass("24 15:00"), [""; 0]);
    case.act("aoki", "24 15:00", reopen());
    let missed = Event::Missed {
        clock: Clock::FirstResponse,
        run: 1,
        at: at("24 12:00"),
    };
    let said = case.act("time", "24 15:00", Command::Tick);
    assert!(said.contains(&missed), "{said:#?}");
}

#[test]
fn a_message_that_nobody_had_answered_is_owed_its_answer_again() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("requester", "24 10:20", wrote("24 10:20"));
    case.act("aoki", "24 10:30", close());
    case.act("requester", "24 10:40", wrote("24 10:40"));
    case.act("aoki", "24 11:00", reopen());
    let state = case.state();
    let run = state.run(Clock::NextResponse).unwrap();
    assert_eq!(run.started_at, at("24 10:20"));
    assert_eq!(state.unanswered.len(), 2);
    case.act("aoki", "24 11:10", reply());
    let state = case.state();
    assert!(state.unanswered.is_empty() && state.run(Clock::NextResponse).is_none());
}

#[test]
fn a_message_of_meanwhile_does_not_replace_the_first_response() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    case.act("requester", "24 10:40", wrote("24 10:40"));
    assert!(case.state().run(Clock::NextResponse).is_some());
    case.act("aoki", "24 11:00", reopen());
    let state = case.state();
    assert!(state.run(Clock::NextResponse).is_none());
    assert_eq!(
        state.run(Clock::FirstResponse).unwrap().started_at,
        at("24 10:00")
    );
}

#[test]
fn who_was_answered_while_it_was_closed_is_owed_nothing_unless_that_answer_dies() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    case.act("aoki", "24 10:40", reply());
    let of = case.state().seq;
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_none());
    let lost = Command::ReplyFailed {
        of,
        why: "550".to_owned(),
    };
    case.act("time", "24 11:10", lost);
    let run = case.state().run(Clock::FirstResponse).cloned();
    assert_eq!(run.unwrap().started_at, at("24 10:00"));
}

#[test]
fn an_answer_that_dies_while_it_is_closed_is_owed_once_it_is_open() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    case.act("aoki", "24 10:40", reply());
    let of = case.state().seq;
    let lost = Command::ReplyFailed {
        of,
        why: "550".to_owned(),
    };
    case.act("time", "24 10:50", lost);
    assert!(case.state().runs.is_empty());
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_some());
}

#[test]
fn what_needs_no_answer_stays_so() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", Command::NoAnswerNeeded);
    case.act("aoki", "24 10:30", close());
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_none());
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    case.act("requester", "24 10:40", wrote("24 10:40"));
    case.act("aoki", "24 10:50", Command::NoAnswerNeeded);
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_none());
}

#[test]
fn what_was_closed_there_when_it_came_waits_from_when_it_opens() {
    let mut case = Case::with("24 10:00", |receive| receive.there = There::Closed);
    case.act("source", "25 10:00", find(There::Open));
    let state = case.state();
    let run = state.run(Clock::FirstResponse).unwrap();
    assert_eq!(run.started_at, at("25 10:00"));
    // Whoever wrote before has waited since then.
    let mut case = Case::with("24 10:00", |receive| receive.there = There::Closed);
    case.act("requester", "25 09:30", wrote("25 09:30"));
    case.act("source", "25 10:00", find(There::Open));
    let state = case.state();
    let run = state.run(Clock::FirstResponse).unwrap();
    assert_eq!(run.started_at, at("25 09:30"));
    assert!(state.run(Clock::NextResponse).is_none());
}

#[test]
fn a_close_recorded_before_owed_answers_were_kept_is_folded_as_it_was() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    if let Event::Closed { is_unanswered, .. } = &mut case.ledger[1].event {
        *is_unanswered = false;
    }
    case.act("aoki", "24 11:00", reopen());
    assert!(case.state().run(Clock::FirstResponse).is_none());
}

#[test]
fn a_close_that_is_taken_back_is_no_reply_to_retract() {
    let mut case = Case::received("24 10:00");
    case.pass("24 12:30");
    case.act("aoki", "24 12:30", close());
    case.act("aoki", "24 12:40", reply());
    case.act("aoki", "24 13:00", reopen());
    // What was said while it was closed is.
    case.act("aoki", "24 13:10", Command::RetractReply);
    let run = case.state().run(Clock::FirstResponse).cloned().unwrap();
    assert_eq!(run.missed_at, Some(at("24 12:00")));
    let refused = case.try_act("aoki", "24 13:11", Command::RetractReply);
    assert_eq!(refused, Err(Refusal::NothingToRetract));
}

fn there(wall: &str) -> Command {
    Command::Replied {
        at: Some(at(wall)),
        text: None,
        was_sent: false,
    }
}

#[test]
fn an_answer_of_before_the_close_that_comes_after_it_was_given_in_time() {
    let mut case = Case::received("24 10:00");
    case.act("source", "24 10:30", find(There::Closed));
    assert!(case.clocks().contains("FirstResponse Cancelled 24 10:30"));
    case.act("source", "24 10:30", there("24 10:20"));
    assert!(
        case.clocks().contains("FirstResponse Met 24 10:20"),
        "{}",
        case.clocks()
    );
    assert!(!case.clocks().contains("FirstResponse Cancelled"));
    // Open again, it is owed nothing; taken back, everything.
    case.act("source", "24 11:00", find(There::Open));
    assert!(case.state().run(Clock::FirstResponse).is_none());
    case.act("aoki", "24 11:10", Command::RetractReply);
    let state = case.state();
    let run = state.run(Clock::FirstResponse).unwrap();
    assert_eq!(run.started_at, at("24 10:00"));
}

#[test]
fn a_miss_is_undone_by_an_answer_of_before_the_close_or_confirmed_by_it() {
    for (said_at, expected) in [
        ("24 11:50", "FirstResponse Met 24 11:50"),
        ("24 13:20", "FirstResponse Missed 24 13:20"),
    ] {
        let mut case = Case::received("24 10:00");
        case.act("source", "24 13:30", find(There::Closed));
        assert!(case.clocks().contains("FirstResponse Missed 24 13:30"));
        case.act("source", "24 13:30", there(said_at));
        assert!(case.clocks().contains(expected), "{}", case.clocks());
    }
}

#[test]
fn an_answer_of_after_the_close_leaves_what_it_cut_short() {
    let mut case = Case::received("24 10:00");
    case.act("source", "24 10:30", find(There::Closed));
    case.act("source", "24 10:50", there("24 10:40"));
    assert!(case.clocks().contains("FirstResponse Cancelled 24 10:30"));
    // So does a line of before that was kept.
    let mut case = Case::received("24 10:00");
    case.act("source", "24 10:30", find(There::Closed));
    case.act("source", "24 10:30", there("24 10:20"));
    if let Event::RepliedElsewhere { before_close, .. } = &mut case.ledger.last_mut().unwrap().event
    {
        assert!(*before_close);
        *before_close = false;
    }
    assert!(case.clocks().contains("FirstResponse Cancelled 24 10:30"));
}

#[test]
fn an_answer_between_the_escalation_and_the_receipt_counts_after_the_close_too() {
    let mut case = Case::with("24 10:00", |receive| {
        receive.escalated_at = Some(at("24 09:20"))
    });
    case.act("source", "24 10:30", find(There::Closed));
    case.act("source", "24 10:30", there("24 09:50"));
    assert!(case.clocks().contains("FirstResponse Met 24 09:50"));
}

#[test]
fn why_says_that_what_was_answered_before_its_close_was_in_time() {
    let mut case = Case::received("24 10:00");
    case.act("source", "24 13:30", find(There::Closed));
    case.act("source", "24 13:30", there("24 11:50"));
    let policies = BTreeMap::from([(PolicyHash("p1".to_owned()), case.policy.clone().into())]);
    let account = crate::domain::sla::account(&case.ledger, &policies);
    let (clock, lines) = &account[0];
    assert_eq!(*clock, Clock::FirstResponse);
    let last = format!("{:?}", lines.last().unwrap());
    assert!(last.contains("how: Met"), "{lines:#?}");
    assert!(!format!("{lines:?}").contains("Missed"), "{lines:#?}");
}

#[test]
fn it_is_closed_and_opened_as_often_as_may_be() {
    let mut case = Case::received("24 10:00");
    for (closes, opens) in [("24 10:10", "24 10:20"), ("24 10:30", "24 10:40")] {
        case.act("source", closes, find(There::Closed));
        case.act("source", opens, find(There::Open));
    }
    let state = case.state();
    assert_eq!(state.run(Clock::FirstResponse).unwrap().run, 1);
    let ended = state
        .ended
        .iter()
        .filter(|ended| ended.run.clock.is_response());
    assert_eq!(ended.count(), 0);
}

#[test]
fn the_owner_hears_that_an_answer_is_still_owed_and_why_says_that_it_runs_again() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", close());
    let before = case.state();
    case.act("aoki", "24 11:00", reopen());
    let entry = case
        .ledger
        .iter()
        .rfind(|entry| entry.event.kind() == "reopened");
    let said = announce(Some(&before), entry.unwrap(), &case.state(), &case.policy);
    let said = format!("{:?}", said[0].message);
    assert!(
        said.contains("reopened-owed") && said.contains("notice-reopened"),
        "{said}"
    );
    let policies = BTreeMap::from([(PolicyHash("p1".to_owned()), case.policy.clone().into())]);
    let account = crate::domain::sla::account(&case.ledger, &policies);
    let (clock, lines) = &account[0];
    assert_eq!(*clock, Clock::FirstResponse);
    let again = format!("{lines:?}");
    assert!(again.contains("OwedAgain"), "{again}");
}
