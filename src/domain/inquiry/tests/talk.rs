//! The talk with the requester, and the ends.

use super::*;
use crate::domain::sla::deadline;

#[test]
fn waiting_for_the_requester_needs_that_they_heard_from_us() {
    let mut case = Case::received("24 10:00");
    let wait = || Command::Wait {
        on: WaitingOn::Requester,
        chase_at: None,
        asked: None,
        case: None,
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", wait()),
        Err(Refusal::ReplyOrAskFirst {
            clock: Clock::FirstResponse,
            due_at: Some(at("24 12:00"))
        })
    );
    case.act("aoki", "24 10:31", ask());
    case.act("aoki", "24 10:32", wait());
    let Stage::Waiting { chase_at, .. } = case.state().stage else {
        panic!()
    };
    assert_eq!(wall(chase_at), "26 10:32");
}

#[test]
fn an_answer_to_a_question_is_a_round_trip_and_ends_the_wait() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:31", ask());
    case.act(
        "aoki",
        "24 10:32",
        Command::Wait {
            on: WaitingOn::Requester,
            chase_at: None,
            asked: None,
            case: None,
        },
    );
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.act("requester", "24 11:05", wrote("24 11:05"));
    let state = case.state();
    assert_eq!(state.round_trips, 1);
    assert!(matches!(state.stage, Stage::Active { .. }));
}

#[test]
fn a_message_leaves_a_wait_for_others_alone() {
    let mut case = Case::received("24 10:00");
    case.act(
        "aoki",
        "24 10:32",
        Command::Wait {
            on: WaitingOn::Vendor,
            chase_at: None,
            asked: None,
            case: None,
        },
    );
    case.act("requester", "24 11:00", wrote("24 11:00"));
    assert!(matches!(
        case.state().stage,
        Stage::Waiting {
            on: WaitingOn::Vendor,
            ..
        }
    ));
}

#[test]
fn without_a_way_back_a_reply_is_refused_with_the_link() {
    let mut case = Case::received("24 10:00");
    let command = Command::Reply {
        text: "t".into(),
        is_question: false,
        has_way_back: false,
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", command),
        Err(Refusal::NoWayBack {
            url: Some("https://crm.example/A-1".to_owned())
        })
    );
}

#[test]
fn an_answer_elsewhere_lies_between_the_receipt_and_now() {
    let mut case = Case::received("24 10:00");
    let replied = |wall| Command::Replied {
        at: Some(at(wall)),
        text: None,
        was_sent: false,
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", replied("24 10:31")),
        Err(Refusal::InTheFuture { at: at("24 10:31") })
    );
    assert_eq!(
        case.try_act("aoki", "24 10:30", replied("24 09:59")),
        Err(Refusal::BeforeReceipt {
            at: at("24 09:59"),
            received_at: at("24 10:00")
        })
    );
}

#[track_caller]
fn check_resolution(
    kind: Kind,
    change: impl FnOnce(&mut Resolution),
    expected: Result<(), Refusal>,
) {
    let mut case = Case::with("24 10:00", |receive| receive.facts.kind = kind);
    let mut resolution = Resolution {
        category: Some("settings".to_owned()),
        ..Resolution::empty()
    };
    change(&mut resolution);
    let outcome = case
        .try_act("aoki", "24 10:30", Command::Resolve(resolution))
        .map(|_| ());
    assert_eq!(outcome, expected);
}

#[test]
fn an_investigation_ends_with_cause_and_workaround() {
    let kind = Kind::Investigation;
    check_resolution(kind, |_| {}, Err(Refusal::CauseMissing));
    check_resolution(
        kind,
        |r| r.cause = Some("t".into()),
        Err(Refusal::WorkaroundMissing),
    );
    let both = |r: &mut Resolution| {
        (r.cause, r.workaround, r.no_workaround) =
            (Some("t".into()), Some("t".into()), Some("t".into()));
    };
    check_resolution(kind, both, Err(Refusal::WorkaroundTwice));
    let none =
        |r: &mut Resolution| (r.cause, r.no_workaround) = (Some("t".into()), Some("t".into()));
    check_resolution(kind, none, Ok(()));
}

#[test]
fn a_specification_ends_with_an_answer() {
    check_resolution(Kind::Specification, |_| {}, Err(Refusal::AnswerMissing));
    check_resolution(Kind::Specification, |r| r.answer = Some("t".into()), Ok(()));
}

#[test]
fn both_need_a_configured_category() {
    let known = vec!["settings".to_owned(), "defect".to_owned()];
    let without = |r: &mut Resolution| (r.category, r.answer) = (None, Some("t".into()));
    check_resolution(
        Kind::Specification,
        without,
        Err(Refusal::CategoryMissing {
            known: known.clone(),
        }),
    );
    let odd =
        |r: &mut Resolution| (r.category, r.answer) = (Some("odd".to_owned()), Some("t".into()));
    let refused = Refusal::CategoryUnknown {
        given: "odd".to_owned(),
        known,
    };
    check_resolution(Kind::Specification, odd, Err(refused));
}

#[test]
fn a_thank_you_does_not_reopen_by_itself() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    assert!(matches!(case.state().stage, Stage::Resolved { .. }));
    assert!(
        case.clocks().ends_with("NextResponse due 24 16:00"),
        "{}",
        case.clocks()
    );
    case.act("aoki", "24 11:30", Command::Reopen { reason: None });
    assert!(case.state().is_open());
}

#[test]
fn five_working_days_of_silence_close() {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    assert_eq!(case.pass("30 23:00"), Vec::<String>::new());
    let next = deadline(&case.state(), &case.policy).unwrap();
    assert_eq!(
        next.to_zoned(TimeZone::get("Asia/Tokyo").unwrap())
            .strftime("%m-%d %H:%M")
            .to_string(),
        "12-01 10:30"
    );
}

#[test]
fn an_open_inquiry_is_not_closed_as_agreed() {
    let mut case = Case::received("24 10:00");
    let agreed = || Command::Close {
        reason: CloseReason::Agreed,
        note: None,
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", agreed()),
        Err(Refusal::ResolveFirst)
    );
    case.act("aoki", "24 10:30", resolution());
    case.act("aoki", "24 10:40", agreed());
    assert!(matches!(
        case.state().stage,
        Stage::Closed {
            outcome: Some(_),
            ..
        }
    ));
    assert_eq!(deadline(&case.state(), &case.policy), None);
}

#[test]
fn long_after_the_end_words_are_an_inquiry_of_their_own() {
    let mut case = Case::received("02 10:00");
    case.act(
        "aoki",
        "02 10:30",
        Command::Close {
            reason: CloseReason::Duplicate,
            note: None,
        },
    );
    case.act("requester", "16 10:00", wrote("16 10:00"));
    assert_eq!(
        case.try_act("requester", "16 10:31", wrote("16 10:31")),
        Err(Refusal::TooLate {
            at: at("02 10:30"),
            days: 14
        })
    );
}
