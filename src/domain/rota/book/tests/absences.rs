//! Absences, and the cover that is found for them.

use super::*;

fn back(member: &str) -> DutyCommand {
    DutyCommand::Return {
        member: member.into(),
        number: None,
    }
}

fn cover(on: &str) -> DutyCommand {
    DutyCommand::Cover {
        rota: "support".to_owned(),
        on: day(on),
    }
}

#[test]
fn whoever_had_the_fewest_turns_covers() {
    let mut desk = Desk::at("2026-11-24 10:00");
    // So far 江口 had three turns, the others four.
    let lines = desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    assert_eq!(lines, ["aoki absent", "eguchi for aoki 12-02"]);
    assert_eq!(desk.duty("2026-12-02"), "eguchi (for aoki)");
    assert_eq!(desk.duty("2026-12-03"), "inoue");
}

#[test]
fn covers_ahead_count_and_the_order_breaks_ties() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let lines = desk.does("aoki", absent("aoki", days("2026-11-26", "2026-12-14")));
    assert_eq!(
        lines,
        [
            "aoki absent",
            "eguchi for aoki 11-26",
            "inoue for aoki 12-02",
            "ueda for aoki 12-08",
            "eguchi for aoki 12-14",
        ]
    );
}

#[test]
fn a_friday_away_gives_the_weekend_away_too() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("ueda", absent("ueda", days("2026-12-04", "2026-12-04")));
    let shift = shift_on(&desk.book, desk.rota(), day("2026-12-04"));
    assert_eq!(
        Span::from(&shift),
        span("2026-12-04 09:30", "2026-12-07 09:30")
    );
    assert_eq!(shift.member, "eguchi".into());
}

#[test]
fn a_weekend_away_gives_only_the_weekend_away() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("ueda", absent("ueda", days("2026-12-05", "2026-12-06")));
    assert_eq!(desk.duty("2026-12-04"), "ueda");
    assert_eq!(desk.duty("2026-12-05"), "eguchi (for ueda)");
    assert_eq!(desk.duty("2026-12-07"), "eguchi");
}

#[test]
fn who_falls_ill_on_duty_is_covered_from_that_moment() {
    let mut desk = Desk::at("2026-11-24 14:00");
    let lines = desk.does("inoue", absent("ueda", days("2026-11-24", "2026-11-24")));
    assert_eq!(lines, ["ueda absent", "eguchi for ueda 11-24"]);
    let laid = overrides(&desk.book, "support");
    let member = |wall: &str| {
        desk.rota()
            .on_duty(at(wall), &laid)
            .shift
            .member
            .to_string()
    };
    assert_eq!(member("2026-11-24 13:59"), "ueda");
    assert_eq!(member("2026-11-24 14:00"), "eguchi");
}

#[test]
fn who_declines_is_asked_once_and_the_next_is_found() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    let stranger = desk.refuses("inoue", DutyCommand::DeclineCover { number: 2 });
    assert_eq!(stranger, "number 2 is eguchi's to undo");
    let lines = desk.does("eguchi", DutyCommand::DeclineCover { number: 2 });
    assert_eq!(lines, ["cover 2 declined", "inoue for aoki 12-02"]);
    let lines = desk.does("inoue", DutyCommand::DeclineCover { number: 4 });
    assert_eq!(lines, ["cover 4 declined", "ueda for aoki 12-02"]);
    let lines = desk.does("ueda", DutyCommand::DeclineCover { number: 6 });
    assert_eq!(lines, ["cover 6 declined", "nobody for aoki 12-02"]);
    // Never nobody: it stays, it is said once, and somebody may still take it.
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    assert_eq!(desk.until("2026-11-27 12:00"), [] as [&str; 0]);
    let lines = desk.does("inoue", cover("2026-12-02"));
    assert_eq!(lines, ["inoue takes aoki's 12-02"]);
    assert_eq!(desk.duty("2026-12-02"), "inoue (for aoki)");
}

#[test]
fn a_cover_that_has_begun_cannot_be_declined() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-11-26", "2026-11-26")));
    desk.now = at("2026-11-26 09:30");
    let refused = desk.refuses("eguchi", DutyCommand::DeclineCover { number: 2 });
    assert_eq!(refused, "that shift has begun");
}

#[test]
fn coming_back_takes_back_what_has_not_begun() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-11-26", "2026-12-14")));
    desk.now = at("2026-11-26 12:00");
    let lines = desk.does("aoki", back("aoki"));
    assert_eq!(
        lines,
        [
            "back 2026-11-26",
            "cover 3 taken back",
            "cover 4 taken back",
            "cover 5 taken back"
        ]
    );
    // The cover that runs goes on.
    assert_eq!(desk.duty("2026-11-26"), "eguchi (for aoki)");
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    assert_eq!(desk.refuses("aoki", back("aoki")), "aoki is not absent");
}

#[test]
fn an_absence_ahead_is_cancelled() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    desk.does("aoki", DutyCommand::TakeBack { number: 1 });
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    assert!(desk.book.absences.is_empty());
}

#[test]
fn of_several_absences_one_must_be_named() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    desk.does("aoki", absent("aoki", days("2026-12-09", "2026-12-09")));
    assert_eq!(
        desk.refuses("aoki", back("aoki")),
        "aoki has several absences"
    );
    let same = absent("aoki", days("2026-12-02", "2026-12-02"));
    assert_eq!(desk.refuses("aoki", same), "aoki is absent then already");
    let past = absent("aoki", days("2026-11-20", "2026-11-23"));
    assert_eq!(desk.refuses("aoki", past), "the days are over");
}

#[test]
fn every_friday_comes_into_sight_day_by_day() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let fridays = Days {
        starts: day("2026-11-24"),
        ends: None,
        every: Some(Weekday::Friday),
    };
    // In sight are sixty days; in them 青木 has these Fridays.
    let lines = desk.does("aoki", absent("aoki", fridays));
    let dates = |lines: &[String]| {
        lines
            .iter()
            .filter(|line| line.contains("for aoki"))
            .count()
    };
    let found = dates(&lines);
    let more = desk.until("2027-03-31 12:00");
    assert!(found > 0 && dates(&more) > 0, "{lines:?} {more:?}");
    let laid = overrides(&desk.book, "support");
    let fridays = desk
        .rota()
        .shifts(at("2026-11-24 10:00"), at("2027-03-31 12:00"), &laid);
    for shift in fridays {
        let local = shift.starts_at.to_zoned(zone("Asia/Tokyo").unwrap());
        assert!(
            !(local.weekday() == Weekday::Friday && shift.member == "aoki".into()),
            "{local}"
        );
    }
}

#[test]
fn who_covers_and_falls_ill_is_covered_for_the_first() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    let lines = desk.does("eguchi", absent("eguchi", days("2026-12-02", "2026-12-02")));
    assert_eq!(lines, ["eguchi absent", "inoue for aoki 12-02"]);
    // When 青木 is back after all, nobody need cover.
    desk.does("aoki", back("aoki"));
    assert_eq!(desk.duty("2026-12-02"), "aoki");
}

#[test]
fn a_volunteer_relieves_and_can_hand_back() {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    let lines = desk.does("ueda", cover("2026-12-02"));
    assert_eq!(lines, ["cover 2 taken back", "ueda takes aoki's 12-02"]);
    assert_eq!(
        desk.refuses("ueda", cover("2026-12-02")),
        "ueda has the duty then anyway"
    );
    assert_eq!(
        desk.refuses("aoki", cover("2026-12-02")),
        "aoki is absent then"
    );
    let lines = desk.does("ueda", DutyCommand::TakeBack { number: 4 });
    assert_eq!(lines, ["cover 4 declined", "eguchi for aoki 12-02"]);
    // A favour, without any absence.
    desk.does("ueda", cover("2026-12-03"));
    assert_eq!(desk.duty("2026-12-03"), "ueda (for inoue)");
    desk.does("ueda", DutyCommand::DeclineCover { number: 7 });
    assert_eq!(desk.duty("2026-12-03"), "inoue");
}

#[test]
fn when_everybody_is_away_the_shift_stays_and_is_filled_as_soon_as_it_can_be() {
    let mut desk = Desk::at("2026-11-24 10:00");
    for member in ["inoue", "ueda", "eguchi"] {
        desk.does(member, absent(member, days("2026-12-02", "2026-12-02")));
    }
    let lines = desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    assert_eq!(lines, ["aoki absent", "nobody for aoki 12-02"]);
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    let lines = desk.does("ueda", back("ueda"));
    assert_eq!(lines, ["back 2026-12-02", "ueda for aoki 12-02"]);
}
