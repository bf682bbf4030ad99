//! A snooze holds back the owner's reminders, moves no deadline, and ends when it matters.

use super::internal::{answered, wait};
use super::*;
use crate::domain::sla::due_at;

fn snooze(until: &str) -> Command {
    Command::Snooze { until: at(until) }
}

fn dues(case: &Case) -> Vec<Option<Timestamp>> {
    let state = case.state();
    let due = |run: &Run| due_at(&state, run, &case.policy);
    state.runs.iter().map(due).collect()
}

#[test]
fn it_holds_back_the_quiet_timer_and_the_chase() {
    let mut case = answered();
    case.act("aoki", "24 11:00", snooze("26 14:00"));
    assert_eq!(case.pass("26 18:00"), ["26 14:00 quiet since 25 11:00"]);

    let mut case = answered();
    case.act("aoki", "24 11:00", wait(WaitingOn::Vendor));
    case.act("aoki", "24 11:10", snooze("27 10:00"));
    assert_eq!(case.pass("27 18:00"), ["27 10:00 chase Vendor"]);
}

#[test]
fn it_moves_no_deadline() {
    let mut case = Case::received("24 09:00");
    case.act("aoki", "24 09:10", Command::Claim);
    let before = dues(&case);
    case.act("aoki", "24 09:20", snooze("26 09:00"));
    assert_eq!(dues(&case), before);
    case.act("aoki", "24 09:30", Command::SnoozeUntilReply);
    assert_eq!(dues(&case), before);
    case.act("aoki", "24 09:40", Command::Unsnooze);
    assert_eq!(dues(&case), before);
}

#[test]
fn it_ends_at_a_breach_with_urgency_or_a_message_of_the_requester() {
    let snoozed = || {
        let mut case = Case::received("24 09:00");
        case.act("aoki", "24 09:10", Command::Claim);
        case.act("aoki", "24 09:20", Command::SnoozeUntilReply);
        assert!(case.state().snooze.is_some_and(|snooze| snooze.until_reply));
        case
    };
    let mut breach = snoozed();
    breach.pass("24 11:00");
    assert_eq!(breach.state().snooze, None);

    let mut urgent = snoozed();
    let worst = Command::SetSeverity {
        to: Severity::S1,
        reason: None,
    };
    urgent.act("inoue", "24 09:30", worst);
    assert_eq!(urgent.state().snooze, None);

    let mut message = snoozed();
    message.act("requester", "24 09:30", wrote("24 09:30"));
    assert_eq!(message.state().snooze, None);
}

#[test]
fn until_a_reply_ends_after_five_working_days_without_one() {
    let mut case = answered();
    case.act("aoki", "24 11:00", Command::SnoozeUntilReply);
    // Nothing open falls silent for ever: five working days later the owner is asked.
    assert_eq!(case.pass("30 18:00"), [] as [&str; 0]);
    let snooze = case.state().snooze.unwrap();
    assert_eq!(
        snooze
            .until
            .to_zoned(TimeZone::get("Asia/Tokyo").unwrap())
            .strftime("%m-%d %H:%M")
            .to_string(),
        "12-01 11:00"
    );
}

#[test]
fn unsnooze_lets_reminders_come_again_and_needs_a_snooze() {
    let mut case = answered();
    assert_eq!(
        case.try_act("aoki", "24 10:30", Command::Unsnooze),
        Err(Refusal::NotSnoozed)
    );
    case.act("aoki", "24 11:00", snooze("27 09:00"));
    case.act("aoki", "24 12:00", Command::Unsnooze);
    assert_eq!(case.pass("25 13:00"), ["25 13:00 quiet since 25 12:00"]);
    // One that is over by itself is none.
    case.act("aoki", "25 13:00", snooze("25 14:00"));
    assert_eq!(
        case.try_act("aoki", "25 14:00", Command::Unsnooze),
        Err(Refusal::NotSnoozed)
    );
}
