//! The guide before a first duty.

use super::*;
use crate::domain::rota::{Begins, Rota};

/// 小川 joins from Monday 30 November, after 上田.
fn joining() -> Desk {
    let mut desk = Desk::at("2026-11-24 10:00");
    desk.guide = Some(Guidance {
        url: Some("https://wiki.example.com/duty".to_owned()),
        checklist: vec![],
    });
    let mut plan = rota().plan().clone();
    let mut next = plan.versions[0].clone();
    next.starts = day("2026-11-30");
    next.participants = ["ueda", "ogawa", "eguchi", "aoki", "inoue"]
        .map(MemberId::from)
        .to_vec();
    next.begins = Some(Begins {
        at: at("2026-11-30 09:30"),
        with: 0,
        on: Vec::new(),
    });
    plan.versions.push(next);
    desk.rotas = BTreeMap::from([("support".to_owned(), Rota::new(plan).unwrap())]);
    desk
}

#[test]
fn the_guide_goes_out_on_the_working_day_before_a_first_duty() {
    let mut desk = joining();
    assert_eq!(
        desk.until("2026-11-30 12:00"),
        ["11-30 09:30 guide to ogawa"]
    );
    assert_eq!(
        desk.does("ogawa", DutyCommand::ReadGuide),
        ["ogawa read it"]
    );
    assert_eq!(desk.does("ogawa", DutyCommand::ReadGuide), [] as [&str; 0]);
    // Whoever had the duty before is never asked, and who has read it never again.
    assert_eq!(desk.until("2027-01-31 12:00"), [] as [&str; 0]);
}

#[test]
fn who_has_not_said_so_is_asked_again_once() {
    let mut desk = joining();
    assert_eq!(
        desk.until("2027-01-31 12:00"),
        [
            "11-30 09:30 guide to ogawa",
            "12-01 09:30 guide again to ogawa"
        ]
    );
    assert_eq!(
        desk.does("ogawa", DutyCommand::ReadGuide),
        ["ogawa read it"]
    );
}

#[test]
fn a_first_duty_that_begins_at_once_brings_the_guide_at_once() {
    let mut desk = joining();
    desk.now = at("2026-12-01 09:30");
    assert_eq!(desk.does("time", DutyCommand::Tick), ["guide to ogawa"]);
    assert_eq!(desk.until("2027-01-31 12:00"), [] as [&str; 0]);
}

#[test]
fn without_a_guide_nobody_is_asked() {
    let mut desk = joining();
    desk.guide = None;
    assert_eq!(desk.until("2027-01-31 12:00"), [] as [&str; 0]);
    assert_eq!(
        desk.refuses("ogawa", DutyCommand::ReadGuide),
        "no guide is asked for"
    );
}
