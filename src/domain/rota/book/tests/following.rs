//! Absences that follow a member's calendar.

use super::*;
use crate::domain::notice::Arg;
use crate::time::SignedDuration;

fn follow(member: &str, said: &[(&str, &str)]) -> DutyCommand {
    DutyCommand::Follow {
        member: member.into(),
        said: said.iter().map(|(from, last)| days(from, last)).collect(),
    }
}

fn said_of(desk: &Desk, lines: usize) -> Vec<Said> {
    let (before, new) = desk.lines.split_at(desk.lines.len() - lines);
    let book = before.iter().fold(Book::default(), evolve);
    announce(&book, &desk.team(), new)
}

#[test]
fn what_the_calendar_says_is_entered_once_and_covered() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [("2026-12-02", "2026-12-02"), ("2026-12-08", "2026-12-09")];
    let lines = desk.does("time", follow("aoki", &said));
    assert_eq!(
        lines,
        [
            "aoki absent",
            "aoki absent",
            "eguchi for aoki 12-02",
            "inoue for aoki 12-08"
        ]
    );
    assert_eq!(desk.does("time", follow("aoki", &said)), [] as [&str; 0]);
    // The second day of the second does not matter to any shift; it is known all the same.
    assert!(
        desk.book
            .absence_on(&"aoki".into(), day("2026-12-09"))
            .is_some()
    );
}

#[test]
fn stretches_that_share_a_day_are_one_and_what_is_over_is_none() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [
        ("2026-12-02", "2026-12-04"),
        ("2026-12-03", "2026-12-03"),
        ("2026-12-04", "2026-12-06"),
        ("2026-12-07", "2026-12-07"),
        ("2026-11-20", "2026-11-23"),
    ];
    desk.does("time", follow("aoki", &said));
    let known: Vec<Days> = desk.book.absences.values().map(|it| it.days).collect();
    let expected = [
        days("2026-12-02", "2026-12-06"),
        days("2026-12-07", "2026-12-07"),
    ];
    assert_eq!(known, expected);
}

#[test]
fn an_event_that_moved_moves_its_absence_and_keeps_the_cover_that_is_needed_still() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("time", follow("aoki", &[("2026-12-02", "2026-12-02")]));
    let lines = desk.does("time", follow("aoki", &[("2026-12-01", "2026-12-03")]));
    assert_eq!(lines, ["1 is 2026-12-01 to 2026-12-03 now"]);
    assert_eq!(desk.duty("2026-12-02"), "eguchi (for aoki)");
    // To other days altogether: the one ends, another begins.
    let lines = desk.does("time", follow("aoki", &[("2026-12-08", "2026-12-08")]));
    assert_eq!(
        lines,
        [
            "back 2026-12-01",
            "aoki absent",
            "cover 2 taken back",
            "eguchi for aoki 12-08"
        ]
    );
    assert_eq!(desk.duty("2026-12-02"), "aoki");
}

#[test]
fn an_event_that_grew_shorter_gives_back_what_it_no_longer_holds() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("time", follow("aoki", &[("2026-11-26", "2026-12-02")]));
    assert_eq!(desk.duty("2026-12-02"), "inoue (for aoki)");
    let lines = desk.does("time", follow("aoki", &[("2026-11-26", "2026-11-30")]));
    assert_eq!(
        lines,
        ["1 is 2026-11-26 to 2026-11-30 now", "cover 3 taken back"]
    );
    assert_eq!(desk.duty("2026-11-26"), "eguchi (for aoki)");
    assert_eq!(desk.duty("2026-12-02"), "aoki");
}

#[test]
fn what_vanished_is_cancelled_and_what_has_begun_ends_today() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [("2026-11-26", "2026-11-27"), ("2026-12-02", "2026-12-02")];
    desk.does("time", follow("aoki", &said));
    desk.now = at("2026-11-27 08:00");
    let lines = desk.does("time", follow("aoki", &[]));
    assert_eq!(
        lines,
        ["back 2026-11-27", "back 2026-12-02", "cover 4 taken back"]
    );
    let left: Vec<Option<Date>> = desk.book.absences.values().map(|it| it.days.ends).collect();
    assert_eq!(left, [Some(day("2026-11-27"))]);
    // What passes by itself leaves no line.
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("time", follow("aoki", &[("2026-11-26", "2026-11-26")]));
    desk.now = at("2026-11-27 00:30");
    assert_eq!(desk.does("time", follow("aoki", &[])), [] as [&str; 0]);
}

#[test]
fn what_somebody_said_is_never_touched_nor_said_twice() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-01", "2026-12-04")));
    desk.does("inoue", absent("inoue", days("2026-12-03", "2026-12-03")));
    let before = desk.book.absences.clone();
    let said = [("2026-12-02", "2026-12-02")];
    assert_eq!(desk.does("time", follow("aoki", &said)), [] as [&str; 0]);
    assert_eq!(desk.does("time", follow("aoki", &[])), [] as [&str; 0]);
    assert_eq!(desk.book.absences, before);
}

#[test]
fn what_somebody_ended_does_not_come_back_until_the_event_is_another() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [("2026-12-02", "2026-12-02")];
    desk.does("time", follow("aoki", &said));
    let lines = desk.does("aoki", DutyCommand::TakeBack { number: 1 });
    assert_eq!(lines, ["back 2026-12-02", "cover 2 taken back"]);
    assert_eq!(desk.does("time", follow("aoki", &said)), [] as [&str; 0]);
    let lines = desk.does("time", follow("aoki", &[("2026-12-02", "2026-12-03")]));
    assert_eq!(lines, ["aoki absent", "eguchi for aoki 12-02"]);
    // One that runs, too.
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [("2026-11-23", "2026-11-27")];
    desk.does("time", follow("ueda", &said));
    desk.now = at("2026-11-25 08:00");
    let back = DutyCommand::Return {
        member: "ueda".into(),
        number: None,
    };
    assert_eq!(desk.does("ueda", back), ["back 2026-11-25"]);
    assert_eq!(desk.does("time", follow("ueda", &said)), [] as [&str; 0]);
}

#[test]
fn a_cover_for_somebody_else_ends_when_the_first_to_cover_is_there_after_all() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    let lines = desk.does("time", follow("eguchi", &[("2026-12-02", "2026-12-02")]));
    assert_eq!(lines, ["eguchi absent", "inoue for aoki 12-02"]);
    let lines = desk.does("time", follow("eguchi", &[]));
    assert_eq!(lines, ["back 2026-12-02", "cover 4 taken back"]);
    assert_eq!(desk.duty("2026-12-02"), "eguchi (for aoki)");
}

#[test]
fn who_is_no_member_is_not_followed() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let said = [("2026-12-02", "2026-12-02")];
    assert_eq!(desk.does("time", follow("ito", &said)), [] as [&str; 0]);
}

#[test]
fn all_that_changed_is_one_message_that_calls_nobody_and_is_not_long() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("time", follow("aoki", &[("2026-12-02", "2026-12-02")]));
    let fridays: Vec<String> = (0..30)
        .map(|n| {
            let ahead = SignedDuration::from_hours(24 * 7 * n);
            day("2027-03-05").checked_add(ahead).unwrap().to_string()
        })
        .collect();
    let mut said: Vec<(&str, &str)> = fridays.iter().map(|it| (&**it, &**it)).collect();
    said.push(("2026-12-02", "2026-12-03"));
    let count = desk.does("time", follow("aoki", &said)).len();
    let messages = said_of(&desk, count);
    let [one] = &messages[..] else {
        panic!("{messages:?}");
    };
    assert_eq!(one.message.id, "notice-absences-followed");
    assert_eq!(one.to, []);
    let Some(Arg::Lines(lines)) = one.message.args.get("lines") else {
        panic!("{one:?}");
    };
    let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids[0], "absence-line-moved");
    assert_eq!((ids.len(), ids[20]), (21, "absence-lines-more"));
    assert_eq!(lines[20].args["count"], Arg::Number(11));
}
