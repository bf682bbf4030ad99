//! The handoff: what is asked, what an answer and what silence do; and the next step. And what ends a question.

use super::*;

/// Aoki owns it since Tuesday; on Wednesday the duty passes to Inoue, who would like to know until 11:30.
fn asked(otherwise: Otherwise) -> Case {
    let mut case = Case::received("24 10:00");
    case.act("aoki", "24 10:30", Command::Claim);
    case.act("aoki", "24 17:30", reply());
    case.act("time", "25 09:30", question(otherwise));
    case
}

fn question(otherwise: Otherwise) -> Command {
    Command::AskAtHandoff {
        from: "aoki".into(),
        to: "inoue".into(),
        answer_by: at("25 11:30"),
        otherwise,
    }
}

fn answer(case: &Case) -> Option<(Answered, bool)> {
    let answer = case.state().handoff?.answer?;
    Some((answer.what, answer.is_silent))
}

/// Does this to an open question: how it ended, or nothing, and who has it then.
#[track_caller]
fn check(who: &str, command: Command, expected: Option<Answered>, holder: Option<&str>) {
    let mut case = asked(Otherwise::Keep);
    case.act(who, "25 10:00", command);
    let state = case.state();
    assert_eq!(answer(&case), expected.map(|what| (what, false)));
    assert_eq!(state.holder(), holder.map(MemberId::from).as_ref());
    assert_eq!(state.asked_at_handoff().is_some(), expected.is_none());
}

#[test]
fn whoever_is_asked_keeps_it() {
    check("aoki", Command::Keep, Some(Answered::Kept), Some("aoki"));
}

#[test]
fn handed_over_it_waits_for_the_yes_of_the_incoming_duty() {
    // Whoever has the duty meanwhile: they were asked about Inoue.
    let duty = Some("ueda".into());
    check(
        "aoki",
        Command::HandOver { duty },
        Some(Answered::HandedOver),
        Some("inoue"),
    );
    let mut case = asked(Otherwise::Keep);
    case.act("aoki", "25 10:00", Command::HandOver { duty: None });
    assert!(matches!(
        case.state().ownership,
        Ownership::Assigned { ref by, .. } if *by == Actor::Member("aoki".into())
    ));
    case.act("inoue", "25 10:05", Command::Accept);
    assert!(matches!(case.state().ownership, Ownership::Owned { .. }));
}

#[test]
fn released_nobody_has_it() {
    let release = Command::Release { reason: None };
    check("aoki", release, Some(Answered::Released), None);
}

#[test]
fn who_goes_on_working_has_answered() {
    let note = || Command::Note { text: "t".into() };
    check("aoki", note(), Some(Answered::Kept), Some("aoki"));
    check("aoki", reply(), Some(Answered::Kept), Some("aoki"));
    check("ueda", note(), None, Some("aoki"));
}

#[test]
fn who_takes_it_over_ends_the_question() {
    let take_over = Command::TakeOver { reason: "t".into() };
    check("ueda", take_over, Some(Answered::Taken), Some("ueda"));
}

#[test]
fn a_message_of_the_requester_answers_nothing() {
    check("source", wrote("25 09:50"), None, Some("aoki"));
}

#[test]
fn what_is_resolved_is_asked_no_more() {
    let mut case = asked(Otherwise::Release);
    case.act("ueda", "25 10:00", resolution());
    assert_eq!(case.state().handoff, None);
    let said = case.pass("25 18:00");
    assert_eq!(said, Vec::<String>::new());
}

/// Lets the time to answer pass: what is recorded, and who has it then.
#[track_caller]
fn silence(otherwise: Otherwise, expected: &str, holder: Option<&str>) {
    let mut case = asked(otherwise);
    assert_eq!(case.pass("25 11:29"), Vec::<String>::new());
    assert_eq!(case.pass("25 11:30"), [format!("25 11:30 {expected}")]);
    assert_eq!(case.state().holder(), holder.map(MemberId::from).as_ref());
    assert!(answer(&case).unwrap().1, "it was silence that answered");
}

#[test]
fn silence_does_what_the_queue_says() {
    silence(Otherwise::Keep, "HandoffKept", Some("aoki"));
    silence(Otherwise::HandOver, "Assigned", Some("inoue"));
    silence(Otherwise::Release, "Released", None);
}

#[test]
fn silence_speaks_once_and_late_only_in_working_time() {
    let mut case = asked(Otherwise::Release);
    // Down until the evening: nobody is told at night.
    case.act("time", "25 20:00", Command::Tick);
    assert!(case.state().asked_at_handoff().is_some());
    let said = case.pass("26 09:00");
    assert!(said.contains(&"26 09:00 Released".to_owned()), "{said:?}");
    assert_eq!(case.act("time", "26 09:00", Command::Tick), vec![]);
}

#[test]
fn silence_keeps_a_quiet_inquiry_quiet() {
    let mut case = asked(Otherwise::Keep);
    let last_act = case.state().last_act_at;
    case.pass("25 11:30");
    assert_eq!(case.state().last_act_at, last_act);
}

#[test]
fn only_whoever_holds_it_is_asked_and_never_about_themself() {
    let mut case = Case::received("24 10:00");
    assert_eq!(
        case.act("time", "25 09:30", question(Otherwise::Keep))
            .iter()
            .filter(|event| matches!(event, Event::HandoffAsked { .. }))
            .count(),
        0
    );
    case.act("inoue", "25 09:40", Command::Claim);
    case.act("time", "25 09:50", question(Otherwise::Keep));
    assert_eq!(case.state().handoff, None);
}

#[test]
fn who_was_given_it_and_keeps_it_has_accepted() {
    let mut case = Case::received("24 10:00");
    case.act("ueda", "24 10:30", Command::Assign { to: "aoki".into() });
    case.act("time", "25 09:30", question(Otherwise::Keep));
    case.act("aoki", "25 10:00", Command::Keep);
    assert!(matches!(case.state().ownership, Ownership::Owned { .. }));
    assert_eq!(answer(&case), Some((Answered::Kept, false)));
}

#[test]
fn nobody_keeps_what_they_were_not_asked_about() {
    let mut case = asked(Otherwise::Keep);
    let refused = |case: &mut Case, who: &str| case.try_act(who, "25 10:00", Command::Keep);
    assert_eq!(refused(&mut case, "ueda"), Err(Refusal::NotAsked));
    case.act("aoki", "25 10:00", Command::Keep);
    assert_eq!(refused(&mut case, "aoki"), Err(Refusal::NotAsked));
}

#[test]
fn handing_over_without_being_asked_goes_to_the_duty_and_needs_the_holder() {
    let mut case = Case::received("24 10:00");
    let to = |duty: Option<&str>| Command::HandOver {
        duty: duty.map(MemberId::from),
    };
    assert_eq!(
        case.try_act("aoki", "24 10:10", to(Some("ueda"))),
        Err(Refusal::Unclaimed)
    );
    case.act("aoki", "24 10:30", Command::Claim);
    assert_eq!(
        case.try_act("inoue", "24 10:40", to(Some("ueda"))),
        Err(Refusal::AlreadyOwned {
            by: "aoki".into(),
            since: at("24 10:30")
        })
    );
    for nobody in [None, Some("aoki")] {
        assert_eq!(
            case.try_act("aoki", "24 10:40", to(nobody)),
            Err(Refusal::NobodyElse)
        );
    }
    case.act("aoki", "24 10:50", to(Some("ueda")));
    assert_eq!(case.state().holder(), Some(&"ueda".into()));
}

#[test]
fn the_next_step_stands_until_another_is_set_or_it_ends() {
    let mut case = Case::received("24 10:00");
    let next = |who, until: Option<&str>| Command::SetNext {
        text: "t-next".into(),
        who,
        until: until.map(at),
    };
    assert_eq!(
        case.try_act("aoki", "24 10:30", next(NextBy::Us, Some("24 10:30"))),
        Err(Refusal::NotInTheFuture { at: at("24 10:30") })
    );
    case.act("aoki", "24 10:30", next(NextBy::Vendor, Some("25 15:00")));
    case.act("aoki", "24 10:40", Command::Claim);
    let stands = case.state().next.unwrap();
    assert_eq!(
        (stands.who, stands.until),
        (NextBy::Vendor, Some(at("25 15:00")))
    );
    case.act("aoki", "24 10:50", next(NextBy::Us, None));
    assert_eq!(case.state().next.unwrap().who, NextBy::Us);
    case.act("aoki", "24 11:00", resolution());
    assert_eq!(case.state().next, None);
}
