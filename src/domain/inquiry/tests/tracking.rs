//! Issues of development: filed once, linked, known to be done once; no clock moves by any of it.

use super::*;
use crate::domain::announce::announce;
use crate::domain::notice::{Notice, Offer};
use crate::domain::sla::Audience;

fn file() -> Command {
    Command::FileIssue {
        tracker: "github".into(),
        title: "t1".into(),
        text: "t2".into(),
    }
}

fn link(issue: &str, of: Option<u64>) -> Command {
    Command::LinkIssue {
        tracker: "github".into(),
        issue: issue.to_owned(),
        url: None,
        of,
        workaround: None,
    }
}

fn seen(issue: &str, state: &str, is_done: bool) -> Command {
    Command::IssueSeen {
        tracker: "github".into(),
        issue: issue.to_owned(),
        state: state.to_owned(),
        is_done,
        fixed_in: is_done.then(|| "2.3".to_owned()),
        is_quiet: false,
    }
}

fn failed(of: u64, is_unknown: bool) -> Command {
    Command::IssueFailed {
        of,
        why: "422".to_owned(),
        is_unknown,
        issue: None,
        url: None,
    }
}

fn unlink(issue: &str) -> Command {
    Command::UnlinkIssue {
        tracker: "github".into(),
        issue: issue.to_owned(),
    }
}

/// What the last line makes us say.
fn said(case: &Case) -> Vec<Notice> {
    let (last, before) = case.ledger.split_last().unwrap();
    announce(refold(before).as_ref(), last, &case.state(), &case.policy)
}

fn claimed() -> Case {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", Command::Claim);
    case
}

#[test]
fn an_issue_is_filed_once_at_a_time_and_not_beside_another_of_its_tracker() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", file());
    let of = case.state().seq;
    let again = case.try_act("inoue", "24 09:21", file()).unwrap_err();
    assert!(matches!(again, Refusal::AlreadyFiling { .. }), "{again:?}");
    case.act("aoki", "24 09:22", link("121", Some(of)));
    let state = case.state();
    assert!(state.filings.is_empty() && state.tracked[0].is_filed);
    let again = case.try_act("inoue", "24 09:23", file()).unwrap_err();
    assert!(matches!(again, Refusal::AlreadyTracked { .. }), "{again:?}");
    let again = case
        .try_act("inoue", "24 09:24", link("121", None))
        .unwrap_err();
    assert!(matches!(again, Refusal::AlreadyTracked { .. }), "{again:?}");
}

#[test]
fn a_filing_that_failed_keeps_its_words_until_another_or_a_link() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", file());
    let of = case.state().seq;
    case.act("aoki", "24 09:21", failed(of, true));
    assert!(case.state().filings[0].is_failed);
    let notices = said(&case);
    assert_eq!(notices[0].offers, [Offer::Link, Offer::File]);
    assert_eq!(notices[0].audience, [Audience::Owner]);
    // A second death of the same row is no news.
    let lines = case.ledger.len();
    case.act("aoki", "24 09:22", failed(of, true));
    assert_eq!(case.ledger.len(), lines);
    case.act("aoki", "24 09:30", link("121", None));
    assert!(case.state().filings.is_empty());
}

#[test]
fn what_arrives_after_it_was_given_up_is_linked_all_the_same() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", file());
    let of = case.state().seq;
    case.act("aoki", "24 09:21", failed(of, false));
    case.act("aoki", "24 09:25", link("121", Some(of)));
    let state = case.state();
    assert_eq!((state.tracked.len(), state.filings.len()), (1, 0));
}

#[test]
fn the_end_of_an_issue_calls_the_owner_once() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", link("121", None));
    // That it is open is no news.
    case.act("aoki", "24 09:21", seen("121", "open", false));
    assert_eq!(said(&case), []);
    let lines = case.ledger.len();
    case.act("aoki", "24 09:30", seen("121", "open", false));
    assert_eq!(case.ledger.len(), lines);
    case.act("aoki", "24 09:40", seen("121", "review", false));
    assert_eq!(said(&case)[0].audience, []);
    case.act("aoki", "24 10:00", seen("121", "closed", true));
    let notices = said(&case);
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].audience, [Audience::Owner]);
    assert_eq!(notices[0].message.id, "notice-issue-done-in");
    // Another word for the same end calls nobody.
    case.act("aoki", "24 10:15", seen("121", "closed (completed)", true));
    assert!(said(&case).iter().all(|notice| notice.audience.is_empty()));
}

#[test]
fn whoever_waits_is_offered_to_go_on_and_of_what_has_ended_the_duty_is_called() {
    let mut case = claimed();
    case.act(
        "aoki",
        "24 09:15",
        Command::Replied {
            at: None,
            text: None,
            was_sent: false,
        },
    );
    case.act("aoki", "24 09:20", link("121", None));
    let wait = Command::Wait {
        on: WaitingOn::Development,
        chase_at: None,
        asked: None,
        case: None,
    };
    case.act("aoki", "24 09:30", wait);
    let mut ended = Case {
        policy: policy(),
        ledger: case.ledger.clone(),
    };
    case.act("aoki", "24 10:00", seen("121", "closed", true));
    assert_eq!(said(&case)[0].offers, [Offer::Resume]);
    let resolution = Resolution {
        category: Some("defect".to_owned()),
        cause: Some("c".into()),
        workaround: Some("w".into()),
        ..Resolution::empty()
    };
    ended.act("aoki", "24 09:40", Command::Resolve(resolution));
    ended.act("aoki", "24 09:50", seen("121", "review", false));
    assert_eq!(said(&ended), [], "of what has ended only its end is news");
    ended.act("aoki", "24 10:00", seen("121", "closed", true));
    let notices = said(&ended);
    assert_eq!(notices[0].audience, [Audience::Duty]);
    assert_eq!(notices[0].offers, [Offer::Reopen]);
}

#[test]
fn what_is_quiet_calls_nobody() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", link("121", None));
    let quiet = match seen("121", "closed", true) {
        Command::IssueSeen {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            ..
        } => Command::IssueSeen {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            is_quiet: true,
        },
        other => other,
    };
    case.act("aoki", "24 10:00", quiet);
    let notices = said(&case);
    assert_eq!((notices.len(), notices[0].audience.len()), (1, 0));
}

#[test]
fn a_link_is_taken_back_and_only_one_that_is_there() {
    let mut case = claimed();
    case.act("aoki", "24 09:20", link("121", None));
    case.act("aoki", "24 09:30", unlink("121"));
    assert!(case.state().tracked.is_empty());
    let again = case.try_act("aoki", "24 09:31", unlink("121")).unwrap_err();
    assert!(matches!(again, Refusal::NotTracked { .. }), "{again:?}");
    // What is seen of it afterwards is no news of this inquiry.
    let lines = case.ledger.len();
    case.act("aoki", "24 10:00", seen("121", "closed", true));
    assert_eq!(case.ledger.len(), lines);
}

#[test]
fn no_clock_moves_by_what_happens_to_issues() {
    let mut case = claimed();
    let before = case.state().runs;
    case.act("aoki", "24 09:20", file());
    let of = case.state().seq;
    case.act("aoki", "24 09:22", link("121", Some(of)));
    case.act("aoki", "24 09:40", seen("121", "closed", true));
    assert_eq!(case.state().runs, before);
    let wait_from = case.state().last_act_at;
    assert_eq!(
        wall(wait_from),
        "24 09:22",
        "what others do is no act of ours"
    );
}

#[test]
fn names_of_issues_are_written_as_people_do() {
    assert_eq!(shown_issue("121"), "#121");
    assert_eq!(shown_issue("APP-24"), "APP-24");
}
