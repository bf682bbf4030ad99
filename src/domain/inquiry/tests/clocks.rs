//! The table of DESIGN §5: which act does what to which clock.

use super::*;
use crate::domain::announce::announce;

/// Received Tuesday 10:00, one act at 10:30; the clocks then.
#[track_caller]
fn check(who: &str, command: Command, expected: &str) {
    let mut case = Case::received("24 10:00");
    case.act(who, "24 10:30", command);
    assert_eq!(case.clocks(), expected);
}

#[test]
fn a_receipt_starts_response_claim_and_resolution() {
    let case = Case::received("24 10:00");
    assert_eq!(
        case.clocks(),
        "FirstResponse due 24 12:00, Claim due 24 11:00, Resolution due 26 10:00"
    );
}

#[test]
fn the_first_response_counts_from_an_earlier_escalation_but_never_from_a_later_one() {
    let case = Case::with("24 10:00", |receive| {
        receive.escalated_at = Some(at("24 09:20"))
    });
    assert!(case.clocks().starts_with("FirstResponse due 24 11:20"));
    let case = Case::with("24 10:00", |receive| {
        receive.escalated_at = Some(at("24 11:00"))
    });
    assert!(case.clocks().starts_with("FirstResponse due 24 12:00"));
}

#[test]
fn reply_and_question_meet_the_response_only() {
    let expected = "FirstResponse Met 24 10:30, Claim due 24 11:00, Resolution due 26 10:00";
    check("aoki", reply(), expected);
    check("aoki", ask(), expected);
    check(
        "aoki",
        Command::Replied {
            at: None,
            text: None,
            was_sent: false,
        },
        expected,
    );
}

#[test]
fn note_and_snooze_have_no_effect() {
    let running = "FirstResponse due 24 12:00, Claim due 24 11:00, Resolution due 26 10:00";
    check("aoki", Command::Note { text: "t".into() }, running);
    check(
        "aoki",
        Command::Snooze {
            until: at("24 15:00"),
        },
        running,
    );
}

#[test]
fn a_claim_meets_the_claim_only() {
    check(
        "aoki",
        Command::Claim,
        "Claim Met 24 10:30, FirstResponse due 24 12:00, Resolution due 26 10:00",
    );
}

#[test]
fn an_assignment_lets_the_claim_run_until_accepted() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", Command::Assign { to: "inoue".into() });
    assert_eq!(
        case.clocks(),
        "FirstResponse due 24 12:00, Claim due 24 11:00, Resolution due 26 10:00"
    );
    case.act("inoue", "24 10:40", Command::Note { text: "t".into() });
    assert!(
        case.clocks().starts_with("Claim Met 24 10:40"),
        "any verb of the assignee accepts"
    );
    assert_eq!(
        case.state().ownership,
        Ownership::Owned {
            by: "inoue".into(),
            since: at("24 10:40")
        }
    );
}

#[test]
fn waiting_pauses_the_resolution_only_where_the_policy_names_the_stage() {
    let mut case = Case::received("24 10:00");
    case.act(
        "aoki",
        "24 10:30",
        Command::Wait {
            on: WaitingOn::Vendor,
            chase_at: None,
            asked: None,
            case: None,
        },
    );
    assert!(case.clocks().contains("Resolution due 26 10:00"));
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", ask());
    case.act(
        "aoki",
        "24 10:30",
        Command::Wait {
            on: WaitingOn::Requester,
            chase_at: None,
            asked: None,
            case: None,
        },
    );
    assert!(
        case.clocks().contains("Resolution due -"),
        "{}",
        case.clocks()
    );
    case.act("requester", "24 15:30", wrote("24 15:30"));
    // Four open hours (10:30–12:00, 13:00–15:30) did not count.
    assert!(
        case.clocks().contains("Resolution due 26 15:00"),
        "{}",
        case.clocks()
    );
}

#[test]
fn release_and_transfer_restart_the_claim_in_full() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", Command::Claim);
    case.act("aoki", "24 11:30", Command::Release { reason: None });
    assert!(
        case.clocks().ends_with("Claim due 24 13:30"),
        "{}",
        case.clocks()
    );
    let mut case = Case::received("24 10:00");
    case.act(
        "aoki",
        "24 10:30",
        Command::Transfer {
            to: "billing".into(),
            policy: PolicyHash("p2".to_owned()),
            rules: None,
            reason: "t".into(),
            moving: Moving::Misrouted,
        },
    );
    assert!(
        case.clocks().ends_with("Claim due 24 11:30"),
        "{}",
        case.clocks()
    );
    assert!(matches!(
        case.state().ownership,
        Ownership::Unclaimed { .. }
    ));
}

#[test]
fn resolving_meets_everything_and_claims_what_nobody_had() {
    check(
        "aoki",
        resolution(),
        "Claim Met 24 10:30, FirstResponse Met 24 10:30, Resolution Met 24 10:30",
    );
}

#[test]
fn closing_without_a_reply_cancels_but_a_miss_stays_a_miss() {
    let close = || Command::Close {
        reason: CloseReason::Spam,
        note: None,
    };
    check(
        "aoki",
        close(),
        "FirstResponse Cancelled 24 10:30, Claim Cancelled 24 10:30, Resolution Cancelled 24 10:30",
    );
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 11:30", close());
    assert!(
        case.clocks().contains("Claim Missed 24 11:30"),
        "{}",
        case.clocks()
    );
    assert!(case.clocks().contains("FirstResponse Cancelled"));
}

#[test]
fn the_next_response_runs_from_the_oldest_unanswered_message() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", reply());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.act("requester", "24 14:00", wrote("24 14:00"));
    assert!(
        case.clocks().ends_with("NextResponse due 24 16:00"),
        "{}",
        case.clocks()
    );
    case.act("aoki", "24 15:00", reply());
    assert!(case.clocks().contains("NextResponse Met 24 15:00"));
    assert!(case.state().unanswered.is_empty());
}

#[test]
fn a_message_never_replaces_an_open_first_response() {
    let mut case = Case::received("24 10:00");
    case.act("requester", "24 10:20", wrote("24 10:20"));
    assert!(!case.clocks().contains("NextResponse"));
}

#[test]
fn answered_there_at_an_earlier_time_counts_then_and_leaves_later_messages_owed() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("requester", "24 10:20", wrote("24 10:20"));
    case.act("requester", "24 11:20", wrote("24 11:20"));
    case.act(
        "aoki",
        "24 11:30",
        Command::Replied {
            at: Some(at("24 11:00")),
            text: None,
            was_sent: false,
        },
    );
    assert!(
        case.clocks().contains("NextResponse Met 24 11:00"),
        "{}",
        case.clocks()
    );
    assert!(
        case.clocks().ends_with("NextResponse due 24 16:20"),
        "{}",
        case.clocks()
    );
}

#[test]
fn an_act_recorded_late_at_its_own_time_undoes_a_miss() {
    let mut case = Case::received("24 10:00");
    case.pass("24 13:00");
    assert!(
        case.state()
            .run(Clock::FirstResponse)
            .unwrap()
            .missed_at
            .is_some()
    );
    case.act(
        "aoki",
        "24 13:30",
        Command::Replied {
            at: Some(at("24 11:50")),
            text: None,
            was_sent: false,
        },
    );
    assert!(
        case.clocks().contains("FirstResponse Met 24 11:50"),
        "{}",
        case.clocks()
    );
}

#[test]
fn a_retracted_or_undelivered_reply_lets_its_clock_run_from_its_original_start() {
    let mut case = Case::received("24 10:00");
    case.act(
        "aoki",
        "24 10:30",
        Command::Replied {
            at: None,
            text: None,
            was_sent: false,
        },
    );
    case.act("aoki", "24 11:00", Command::RetractReply);
    assert!(
        case.clocks().ends_with("FirstResponse due 24 12:00"),
        "{}",
        case.clocks()
    );
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", reply());
    case.act(
        "time",
        "24 10:40",
        Command::ReplyFailed {
            of: 2,
            why: "410".to_owned(),
        },
    );
    assert!(
        case.clocks().ends_with("FirstResponse due 24 12:00"),
        "{}",
        case.clocks()
    );
    assert_eq!(
        case.try_act("aoki", "24 10:50", Command::RetractReply),
        Err(Refusal::NothingToRetract)
    );
}

fn there(wall: &str) -> Command {
    Command::Replied {
        at: Some(at(wall)),
        text: None,
        was_sent: false,
    }
}

fn lost(of: u64) -> Command {
    Command::ReplyFailed {
        of,
        why: "550".to_owned(),
    }
}

/// Two answers, at 10:10 and at 14:00; the first dies the next day.
fn first_of_two_dies(case: &mut Case, second: Command) -> u64 {
    case.act("aoki", "24 10:10", reply());
    let first = case.state().seq;
    case.act("aoki", "24 14:00", second);
    let last = case.state().seq;
    case.act("time", "25 09:00", lost(first));
    last
}

#[test]
fn of_two_answers_the_one_that_stands_is_enough() {
    let mut case = Case::received("24 10:00");
    let second = first_of_two_dies(&mut case, reply());
    // It came when the promise had broken, and that is when it broke.
    let state = case.state();
    assert!(state.run(Clock::FirstResponse).is_none());
    let ended = |case: &Case| {
        let mut ended = case.state().ended;
        ended.retain(|it| it.run.clock == Clock::FirstResponse);
        ended
    };
    let first = ended(&case).remove(0);
    assert_eq!((first.how, first.ended_by), (Ending::Missed, second));
    assert_eq!(first.run.missed_at, Some(at("24 12:00")));
    assert_eq!(first.ended_at, at("24 14:00"));
    // Nothing is left of it that could be said.
    let said = case.pass("25 18:00");
    let of_it = said.iter().filter(|line| line.contains("FirstResponse"));
    assert_eq!(of_it.count(), 0, "{said:#?}");
    // Once both are dead it is owed, and what broke is not told again.
    case.act("time", "25 18:00", lost(second));
    let state = case.state();
    let run = state.run(Clock::FirstResponse).unwrap();
    assert_eq!(run.started_at, at("24 10:00"));
    assert_eq!(run.missed_at, Some(at("24 12:00")));
    assert!(ended(&case).is_empty());
}

#[test]
fn an_answer_in_time_keeps_the_promise_of_one_that_dies() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    let first = case.state().seq;
    case.act("aoki", "24 11:00", reply());
    case.act("time", "25 09:00", lost(first));
    assert!(case.clocks().contains("FirstResponse Met 24 11:00"));
    assert!(case.state().run(Clock::FirstResponse).is_none());
}

#[test]
fn what_is_resolved_is_closed_by_silence_though_an_answer_before_it_dies() {
    let mut case = Case::received("24 10:00");
    first_of_two_dies(&mut case, resolution());
    assert!(case.state().runs.is_empty());
    let said = case.pass("30 23:00").join("\n");
    case.pass("30 23:59");
    assert!(!said.contains("FirstResponse"), "{said}");
}

#[test]
fn a_message_that_waits_keeps_its_clock_when_an_answer_before_it_dies() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    let first = case.state().seq;
    case.act("aoki", "24 10:20", reply());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.pass("24 17:00");
    let before = case.state().run(Clock::NextResponse).cloned();
    case.act("time", "24 17:00", lost(first));
    assert_eq!(case.state().run(Clock::NextResponse).cloned(), before);
    assert!(before.unwrap().missed_at.is_some());
}

#[test]
fn several_answered_by_one_that_dies_leave_the_oldest_owed() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:05", reply());
    case.act("requester", "24 10:10", wrote("24 10:10"));
    case.act("aoki", "24 10:20", reply());
    let first = case.state().seq;
    case.act("requester", "24 10:30", wrote("24 10:30"));
    case.act("aoki", "24 10:40", reply());
    let second = case.state().seq;
    case.act("time", "24 10:50", lost(first));
    case.act("time", "24 10:51", lost(second));
    let state = case.state();
    let responses = state.runs.iter().filter(|run| run.clock.is_response());
    let starts: Vec<_> = responses.map(|run| wall(run.started_at)).collect();
    assert_eq!(starts, ["24 10:10"]);
    let unanswered = state.unanswered.iter().map(|message| wall(message.at));
    assert_eq!(unanswered.collect::<Vec<_>>(), ["24 10:10", "24 10:30"]);
}

#[test]
fn retract_takes_back_the_last_answer_and_the_one_before_it_stands() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("aoki", "24 14:00", there("24 14:00"));
    case.act("aoki", "24 14:05", Command::RetractReply);
    assert!(case.clocks().contains("FirstResponse Met 24 10:10"));
    assert!(case.state().run(Clock::FirstResponse).is_none());
    case.act("aoki", "24 14:06", Command::RetractReply);
    assert!(case.state().run(Clock::FirstResponse).is_some());
    let refused = case.try_act("aoki", "24 14:07", Command::RetractReply);
    assert_eq!(refused, Err(Refusal::NothingToRetract));
}

#[test]
fn a_document_of_before_answers_were_kept_is_no_other_and_its_answers_are_known_by_what_they_met() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    let mut kept = case.state();
    kept.answers.clear();
    let doc = serde_json::to_value(&kept).unwrap();
    assert!(doc.get("answers").is_none());
    let mut compared = kept.clone();
    compared.kept_less_than(&case.state());
    assert_eq!(compared, case.state());
    let by = Actor::Member("aoki".into());
    let retract = Command::RetractReply;
    let events = decide(&kept, &case.policy, &by, retract, at("24 10:20")).unwrap();
    assert!(matches!(events[..], [Event::ReplyRetracted { of: 2, .. }]));
    // It goes on from where it is, and then it knows the answers that were given since.
    let before = kept.seq;
    case.act("aoki", "24 10:30", reply());
    let new = case.ledger.iter().filter(|entry| entry.seq > before);
    kept = new.fold(kept, |state, entry| evolve(Some(state), entry));
    assert_ne!(kept, case.state());
    kept.kept_less_than(&case.state());
    assert_eq!(kept, case.state());
}

#[test]
fn words_that_were_answered_where_they_stand_before_they_came_are_owed_nothing() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("source", "24 11:31", there("24 11:30"));
    case.act("aoki", "24 11:32", ask());
    let on = WaitingOn::Requester;
    let wait = Command::Wait {
        on,
        chase_at: None,
        asked: None,
        case: None,
    };
    case.act("aoki", "24 11:33", wait);
    let before = case.state();
    case.act("requester", "24 11:40", wrote("24 11:00"));
    let state = case.state();
    assert!(state.unanswered.is_empty() && state.run(Clock::NextResponse).is_none());
    assert_eq!((&state.stage, state.asked), (&before.stage, true));
    let said = announce(
        Some(&before),
        case.ledger.last().unwrap(),
        &state,
        &case.policy,
    );
    assert!(said[0].audience.is_empty() && said[0].offers.is_empty());
    // What was said on the telephone too; what was said after the answer waits.
    let heard = |wall: &str| Command::Heard {
        text: "t".into(),
        at: Some(at(wall)),
    };
    case.act("aoki", "24 11:41", heard("24 11:10"));
    assert!(case.state().unanswered.is_empty());
    case.act("requester", "24 11:42", wrote("24 11:30"));
    assert_eq!(case.state().unanswered.len(), 1);
}

#[test]
fn who_answered_without_having_seen_the_words_has_not_answered_them() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 11:30", reply());
    case.act("requester", "24 11:40", wrote("24 11:00"));
    assert!(case.clocks().ends_with("NextResponse due 24 16:00"));
    // Nor has who resolves it.
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 11:30", resolution());
    case.act("requester", "24 11:40", wrote("24 11:00"));
    assert!(case.clocks().ends_with("NextResponse due 24 16:00"));
}

#[test]
fn the_next_response_runs_from_the_oldest_message_in_whatever_order_they_come() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("requester", "24 13:30", wrote("24 13:30"));
    case.act("requester", "24 13:40", wrote("24 11:00"));
    let last = case.state().seq;
    assert!(
        case.clocks().ends_with("NextResponse due 24 16:00"),
        "{}",
        case.clocks()
    );
    // The run is the older message's: the younger one has one of its own once that is answered.
    assert_eq!(case.state().run(Clock::NextResponse).unwrap().run, last);
    case.pass("24 17:00");
    case.act("source", "24 17:00", there("24 11:30"));
    assert!(case.clocks().contains("NextResponse Met 24 11:30"));
    assert!(case.clocks().ends_with("NextResponse due 24 17:30"));
    // What has broken stays where it broke.
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.pass("24 17:00");
    case.act("requester", "24 17:00", wrote("24 10:30"));
    let run = case.state().run(Clock::NextResponse).cloned().unwrap();
    assert_eq!(run.started_at, at("24 11:00"));
}

#[test]
fn what_began_to_be_owed_after_an_answer_is_owed_as_it_was() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:10", reply());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.pass("24 17:30");
    let before = case.state().run(Clock::NextResponse).cloned().unwrap();
    assert!(before.missed_at.is_some() && !before.said.is_empty());
    case.act("source", "24 17:30", there("24 10:30"));
    let state = case.state();
    assert_eq!(state.run(Clock::NextResponse), Some(&before));
    let ended = state.ended.iter();
    let of_it = ended.filter(|it| it.run.clock == Clock::NextResponse);
    assert_eq!(of_it.count(), 0);
    // A line of before that was kept is folded as it was.
    let mut old = case.ledger.clone();
    if let Event::RepliedElsewhere { spares_later, .. } = &mut old.last_mut().unwrap().event {
        assert!(*spares_later);
        *spares_later = false;
    }
    let folded = refold(&old).unwrap();
    let anew = folded.run(Clock::NextResponse).unwrap();
    assert_eq!((anew.run, anew.missed_at), (before.run, None));
    assert!(anew.said.is_empty());
}

#[test]
fn a_first_response_that_began_when_it_opened_is_not_met_by_what_was_said_before() {
    let mut case = Case::with("24 10:00", |receive| receive.there = There::Closed);
    case.act("source", "25 10:00", Command::Find { there: There::Open });
    case.act("source", "25 10:05", there("24 15:00"));
    let state = case.state();
    let run = state.run(Clock::FirstResponse).unwrap();
    assert_eq!(run.started_at, at("25 10:00"));
    assert!(state.run(Clock::NextResponse).is_none());
}

#[test]
fn exactly_at_the_deadline_is_in_time_and_a_moment_later_is_late() {
    let mut case = Case::received("24 10:00");
    case.pass("24 12:00");
    case.act("aoki", "24 12:00", reply());
    assert!(
        case.clocks().contains("FirstResponse Met 24 12:00"),
        "{}",
        case.clocks()
    );
    let mut case = Case::received("24 10:00");
    let late = crate::time::plus(at("24 12:00"), crate::time::SignedDuration::from_millis(1));
    let by = Actor::Member("aoki".into());
    let events = decide(&case.state(), &case.policy, &by, reply(), late).unwrap();
    case.record(&by, events, late);
    assert!(
        case.clocks().contains("FirstResponse Missed"),
        "{}",
        case.clocks()
    );
}

#[test]
fn no_answer_needed_cancels_in_any_stage() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    assert!(
        case.clocks().ends_with("NextResponse due 24 16:00"),
        "{}",
        case.clocks()
    );
    case.act("aoki", "24 11:10", Command::NoAnswerNeeded);
    assert!(
        case.clocks().ends_with("NextResponse Cancelled 24 11:10"),
        "{}",
        case.clocks()
    );
    assert_eq!(
        case.try_act("aoki", "24 11:20", Command::NoAnswerNeeded),
        Err(Refusal::NothingToAnswer)
    );
}

#[test]
fn a_changed_severity_moves_an_unreached_deadline_and_leaves_a_reached_one() {
    let mut case = Case::received("24 10:00");
    case.pass("24 11:00");
    case.act(
        "aoki",
        "24 11:10",
        Command::SetSeverity {
            to: Severity::S1,
            reason: None,
        },
    );
    let clocks = case.clocks();
    assert!(
        clocks.contains("Claim due 24 11:00"),
        "missed stays: {clocks}"
    );
    assert!(
        clocks.contains("Resolution due 25 02:00"),
        "around the clock now: {clocks}"
    );
}

#[test]
fn a_policy_edit_moves_unreached_deadlines_with_old_and_new() {
    let mut case = Case::received("24 10:00");
    case.pass("24 11:00");
    let mut edited = policy();
    for target in &mut edited.targets {
        target.first_response = Some(Amount {
            ms: HOUR * 3 / 2,
            calendar: "office".to_owned(),
        });
        target.claim = Some(Amount {
            ms: 3 * HOUR,
            calendar: "office".to_owned(),
        });
    }
    let to = PolicyHash("p2".to_owned());
    let events = adopt(
        &case.state(),
        &case.policy,
        (&to, &edited),
        &Actor::System,
        at("24 11:10"),
    );
    let [Event::PolicyChanged { moved, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(
        moved,
        &vec![Moved {
            clock: Clock::FirstResponse,
            old_due: Some(at("24 12:00")),
            new_due: Some(at("24 11:30")),
        }]
    );
}

#[test]
fn an_answer_that_arrives_late_has_answered_nothing_that_was_said_meanwhile() {
    for was_sent in [false, true] {
        let mut case = Case::received("24 10:00");
        case.act("aoki", "24 10:05", reply());
        let first = case.state().seq;
        case.act("time", "24 10:30", lost(first));
        let arrives = Command::Replied {
            at: Some(at("24 11:30")),
            text: None,
            was_sent,
        };
        case.act("aoki", "24 11:30", arrives);
        case.act("requester", "24 11:40", wrote("24 11:00"));
        let run = case.state().run(Clock::NextResponse).cloned();
        assert_eq!(run.is_some(), was_sent, "{}", case.clocks());
    }
}

#[test]
fn a_ledger_of_before_folds_as_it_did_where_two_promises_were_owed() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:05", reply());
    let first = case.state().seq;
    case.act("requester", "24 10:10", wrote("24 10:10"));
    case.act("aoki", "24 10:20", reply());
    let second = case.state().seq;
    let mut ledger = case.ledger.clone();
    // As it was written then: nothing is said of what another answer has kept, nor which of two is owed.
    let fails = |of| Event::ReplyFailed {
        of,
        why: "550".to_owned(),
        settled: Vec::new(),
        one_owed: false,
    };
    for (of, wall) in [(first, "24 10:30"), (second, "24 10:31")] {
        let last = ledger.last().unwrap().clone();
        ledger.push(Entry {
            seq: last.seq + 1,
            at: at(wall),
            actor: Actor::System,
            event: fails(of),
            ..last
        });
    }
    let owed = |ledger: &[Entry]| {
        let state = refold(ledger).unwrap();
        let runs = state.runs.iter().filter(|run| run.clock.is_response());
        runs.map(|run| run.clock).collect::<Vec<_>>()
    };
    assert_eq!(owed(&ledger), [Clock::FirstResponse, Clock::NextResponse]);
    for (event, wall) in [
        (
            Event::Replied {
                text: "t".into(),
                is_question: false,
            },
            "24 10:40",
        ),
        (fails(second + 3), "24 10:41"),
    ] {
        let last = ledger.last().unwrap().clone();
        ledger.push(Entry {
            seq: last.seq + 1,
            at: at(wall),
            actor: Actor::System,
            event,
            ..last
        });
    }
    assert_eq!(owed(&ledger), [Clock::FirstResponse, Clock::NextResponse]);
}
