//! Swaps: two shifts that change hands.

use super::*;

fn swap(from: &str, mine: &str, with: &str, theirs: &str) -> DutyCommand {
    DutyCommand::Swap {
        rota: "support".to_owned(),
        from: from.into(),
        with: with.into(),
        mine: day(mine),
        theirs: day(theirs),
    }
}

/// 青木 offers 2 December for 井上's 3 December: swap number 1.
fn offered() -> Desk {
    let mut desk = Desk::at("2026-11-24 10:00");
    let lines = desk.does("aoki", swap("aoki", "2026-12-02", "inoue", "2026-12-03"));
    assert_eq!(lines, ["offered"]);
    desk
}

#[test]
fn an_accepted_swap_changes_both_shifts() {
    let mut desk = offered();
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(desk.duty("2026-12-02"), "inoue (swap with aoki)");
    assert_eq!(desk.duty("2026-12-03"), "aoki (swap with inoue)");
}

#[test]
fn only_who_is_asked_answers_and_only_once() {
    let mut desk = offered();
    for other in ["aoki", "ueda"] {
        let refused = desk.refuses(other, DutyCommand::AcceptSwap { number: 1 });
        assert_eq!(refused, "swap 1 is inoue's to answer");
    }
    desk.does("inoue", DutyCommand::DeclineSwap { number: 1 });
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    let late = desk.refuses("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(late, "swap 1 was declined");
    let unknown = desk.refuses("inoue", DutyCommand::AcceptSwap { number: 9 });
    assert_eq!(unknown, "there is nothing of number 9 in the book");
}

#[test]
fn a_shift_that_cannot_be_swapped_is_refused_with_its_reason() {
    let mut desk = offered();
    for (command, refusal) in [
        (
            swap("aoki", "2026-12-03", "inoue", "2026-12-09"),
            "that shift is in swap 1 already",
        ),
        (
            swap("aoki", "2026-12-07", "inoue", "2026-12-09"),
            "that shift is not aoki's but eguchi's",
        ),
        (
            swap("aoki", "2026-12-08", "inoue", "2026-12-10"),
            "that shift is not inoue's but ueda's",
        ),
        (
            swap("aoki", "2026-11-19", "inoue", "2026-12-09"),
            "that shift has begun",
        ),
        (
            swap("aoki", "2026-12-08", "aoki", "2026-12-08"),
            "a swap takes two",
        ),
    ] {
        assert_eq!(desk.refuses("aoki", command), refusal);
    }
    let for_others = swap("inoue", "2026-12-09", "ueda", "2026-12-10");
    let refused = desk.refuses("aoki", for_others);
    assert_eq!(refused, "only a lead arranges a swap for others");
    desk.does("inoue", absent("inoue", days("2026-12-08", "2026-12-08")));
    let away = swap("aoki", "2026-12-08", "inoue", "2026-12-09");
    assert_eq!(desk.refuses("aoki", away), "inoue is absent then");
}

#[test]
fn a_lead_arranges_one_for_others() {
    let mut desk = Desk::at("2026-11-24 10:00");
    let lines = desk.does("ueda", swap("aoki", "2026-12-02", "inoue", "2026-12-03"));
    assert_eq!(lines, ["arranged"]);
    assert_eq!(desk.duty("2026-12-02"), "inoue (swap with aoki)");
    let again = desk.refuses("inoue", swap("inoue", "2026-12-02", "eguchi", "2026-12-01"));
    assert_eq!(again, "that shift is in swap 1 already");
}

#[test]
fn an_offer_can_be_withdrawn_and_a_swap_called_off() {
    let mut desk = offered();
    let other = desk.refuses("inoue", DutyCommand::TakeBack { number: 1 });
    assert_eq!(other, "number 1 is aoki's to undo");
    assert_eq!(
        desk.does("aoki", DutyCommand::TakeBack { number: 1 }),
        ["withdrawn"]
    );
    let late = desk.refuses("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(late, "swap 1 is off");

    let mut desk = offered();
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(
        desk.does("inoue", DutyCommand::TakeBack { number: 1 }),
        ["called off"]
    );
    assert_eq!(desk.duty("2026-12-02"), "aoki");
    assert_eq!(desk.duty("2026-12-03"), "inoue");
}

#[test]
fn a_swap_that_has_begun_stays() {
    let mut desk = offered();
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    desk.now = at("2026-12-02 09:30");
    let late = desk.refuses("aoki", DutyCommand::TakeBack { number: 1 });
    assert_eq!(late, "that shift has begun");
}

#[test]
fn an_offer_is_reminded_once_and_lapses() {
    let mut desk = offered();
    assert_eq!(
        desk.until("2026-12-03 12:00"),
        ["11-25 09:30 reminded", "12-02 09:30 lapsed"]
    );
    let late = desk.refuses("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(late, "swap 1 is off");
}

#[test]
fn an_offer_for_tomorrow_is_reminded_within_the_working_time_left() {
    let mut desk = Desk::at("2026-12-01 14:00");
    desk.does("aoki", swap("aoki", "2026-12-02", "inoue", "2026-12-03"));
    // Four hours today and half an hour tomorrow: halfway is 16:15.
    assert_eq!(
        desk.until("2026-12-02 12:00"),
        ["12-01 16:15 reminded", "12-02 09:30 lapsed"]
    );
}

#[test]
fn both_are_reminded_on_the_working_day_before_each_shift() {
    let mut desk = Desk::at("2026-11-24 10:00");
    // 上田's Friday for 江口's Monday after the weekend.
    desk.does("ueda", swap("ueda", "2026-12-04", "eguchi", "2026-12-07"));
    desk.does("eguchi", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(
        desk.until("2026-12-08 12:00"),
        ["12-03 09:30 foretold 12-04", "12-04 09:30 foretold 12-07"]
    );
}

#[test]
fn who_agrees_on_the_day_before_is_not_reminded_of_it() {
    let mut desk = Desk::at("2026-12-01 11:00");
    desk.does("aoki", swap("aoki", "2026-12-02", "inoue", "2026-12-03"));
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(
        desk.until("2026-12-04 12:00"),
        ["12-02 09:30 foretold 12-03"]
    );
}

#[test]
fn an_offer_that_the_rota_has_overtaken_cannot_be_accepted() {
    let mut desk = offered();
    desk.does("ueda", lay("ueda", "2026-12-02 09:30", "2026-12-03 09:30"));
    let late = desk.refuses("inoue", DutyCommand::AcceptSwap { number: 1 });
    assert_eq!(late, "that shift is not aoki's but ueda's");
}

#[test]
fn a_swapped_shift_of_somebody_absent_is_covered() {
    let mut desk = offered();
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    let lines = desk.does("inoue", absent("inoue", days("2026-12-02", "2026-12-02")));
    assert_eq!(lines, ["inoue absent", "eguchi for inoue 12-02"]);
}
