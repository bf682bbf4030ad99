//! The table of DESIGN §5: which act does what to which clock.

use super::*;

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
