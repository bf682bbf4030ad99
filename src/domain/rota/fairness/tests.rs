#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::calendar::{Business, Calendar, Week, japan_holidays};
use crate::domain::inquiry::Actor;
use crate::domain::rota::book::{DutyEntry, DutyEvent, Span, evolve};
use crate::domain::rota::{Begins, Cadence, OffHours, Plan, Version};
use crate::time::{resolve, zone};

fn at(wall: &str) -> Timestamp {
    let local = wall.replace(' ', "T").parse().unwrap();
    resolve(local, &zone("Asia/Tokyo").unwrap())
}

fn version(starts: &str, order: &[&str], works: bool) -> Version {
    let hours = ["09:00-18:00".parse().unwrap()];
    let works = works.then(|| {
        Calendar::business(Business {
            zone: "Asia/Tokyo".to_owned(),
            week: Week::weekdays(&hours),
            holidays: japan_holidays(),
            ..Business::default()
        })
        .unwrap()
    });
    Version {
        starts: starts.parse().unwrap(),
        zone: "Asia/Tokyo".to_owned(),
        handoff: "09:30".parse().unwrap(),
        cadence: Cadence::DAILY,
        works,
        participants: order.iter().map(|name| MemberId::from(*name)).collect(),
        off_hours: OffHours::Duty,
        begins: None,
        on: Vec::new(),
        dated: None,
    }
}

fn rota(versions: Vec<Version>) -> Rota {
    let name = "support".to_owned();
    Rota::new(Plan { name, versions }).unwrap()
}

fn book(events: Vec<DutyEvent>) -> Book {
    let entry = |(seq, event)| DutyEntry {
        seq,
        at: at("2026-11-01 09:00"),
        actor: Actor::System,
        via: "test".to_owned(),
        command_key: None,
        event,
    };
    let entries = (1..).zip(events).map(entry);
    entries.fold(Book::default(), |book, entry| evolve(book, &entry))
}

fn covered(by: &str, of: &str, from: &str, until: &str) -> DutyEvent {
    DutyEvent::CoverTaken {
        rota: "support".to_owned(),
        by: by.into(),
        of: of.into(),
        absence: None,
        span: span(from, until),
    }
}

fn span(from: &str, until: &str) -> Span {
    Span {
        starts_at: at(from),
        ends_at: at(until),
    }
}

/// Shares as `member turns/worked/weekend/holidays hours`, with what is special.
#[track_caller]
fn check(rota: &Rota, book: &Book, from: &str, until: &str, shares: &[&str], debts: &[&str]) {
    let fair = fairness(rota, book, at(from), at(until));
    let hours = |ms: i64| ms / 3_600_000;
    let said = fair.shares.iter().map(|it| {
        let mut said = format!(
            "{} {}/{}/{}/{} {}h",
            it.member,
            it.turns,
            it.worked_days,
            it.weekend_days,
            it.holidays,
            hours(it.on_duty_ms)
        );
        let parts = [
            ("cover", it.by_cover_ms),
            ("override", it.by_override_ms),
            ("swap", it.by_swap_ms),
        ];
        for (name, ms) in parts.into_iter().filter(|(_, ms)| *ms > 0) {
            said.push_str(&format!(" {name} {}h", hours(ms)));
        }
        if let Some(joined) = it.joined {
            said.push_str(&format!(" since {joined}"));
        }
        if it.has_left {
            said.push_str(" left");
        }
        said
    });
    assert_eq!(said.collect::<Vec<_>>(), shares);
    let owed = fair
        .debts
        .iter()
        .map(|it| format!("{} owes {} {}", it.owes, it.to, it.turns));
    assert_eq!(owed.collect::<Vec<_>>(), debts);
}

#[test]
fn weekends_and_holidays_are_counted_by_whoever_had_them() {
    // Friday's duty has the weekend; Monday 23 November is a holiday and Friday's too.
    let rota = rota(vec![version("2026-11-02", &["aoki", "inoue"], true)]);
    check(
        &rota,
        &Book::default(),
        "2026-11-16 09:30",
        "2026-11-25 09:30",
        &["aoki 3/3/0/0 72h", "inoue 3/3/2/1 144h"],
        &[],
    );
}

#[test]
fn a_rota_that_works_every_day_counts_its_weekends_as_both() {
    let rota = rota(vec![version("2026-11-02", &["aoki"], false)]);
    let shares = ["aoki 7/7/2/0 168h"];
    check(
        &rota,
        &Book::default(),
        "2026-11-09 09:30",
        "2026-11-16 09:30",
        &shares,
        &[],
    );
}

#[test]
fn covers_are_owed_and_netted() {
    let rota = rota(vec![version(
        "2026-11-02",
        &["aoki", "inoue", "ueda"],
        false,
    )]);
    // aoki 2, inoue 3, ueda 4, aoki 5 …
    let book = book(vec![
        covered("inoue", "aoki", "2026-11-02 09:30", "2026-11-03 09:30"),
        covered("inoue", "aoki", "2026-11-05 09:30", "2026-11-06 09:30"),
        covered("aoki", "inoue", "2026-11-03 09:30", "2026-11-04 09:30"),
        covered("aoki", "ueda", "2026-11-04 09:30", "2026-11-05 09:30"),
    ]);
    check(
        &rota,
        &book,
        "2026-11-02 09:30",
        "2026-11-06 09:30",
        &[
            "aoki 2/2/0/0 48h cover 48h",
            "inoue 2/2/0/0 48h cover 48h",
            "ueda 0/0/0/0 0h",
        ],
        &["aoki owes inoue 1", "ueda owes aoki 1"],
    );
}

#[test]
fn a_swap_is_even_and_an_override_owes_nothing() {
    let rota = rota(vec![version("2026-11-02", &["aoki", "inoue"], false)]);
    let book = book(vec![
        DutyEvent::SwapArranged {
            rota: "support".to_owned(),
            from: "aoki".into(),
            with: "inoue".into(),
            mine: span("2026-11-02 09:30", "2026-11-03 09:30"),
            theirs: span("2026-11-03 09:30", "2026-11-04 09:30"),
        },
        DutyEvent::OverrideLaid {
            rota: "support".to_owned(),
            member: "inoue".into(),
            span: span("2026-11-04 12:00", "2026-11-04 18:00"),
        },
    ]);
    // Six hours of a day leave the turn with who had most of it.
    check(
        &rota,
        &book,
        "2026-11-02 09:30",
        "2026-11-05 09:30",
        &[
            "aoki 2/2/0/0 42h swap 24h",
            "inoue 1/1/0/0 30h override 6h swap 24h",
        ],
        &[],
    );
}

#[test]
fn who_joined_later_is_shown_as_such_and_who_left_too() {
    let mut later = version("2026-11-09", &["inoue", "ogawa"], false);
    later.begins = Some(Begins {
        at: at("2026-11-09 09:30"),
        with: 0,
        on: Vec::new(),
    });
    let rota = rota(vec![
        version("2026-11-02", &["aoki", "inoue"], false),
        later,
    ]);
    check(
        &rota,
        &Book::default(),
        "2026-11-02 09:30",
        "2026-11-13 09:30",
        &[
            "inoue 5/5/1/0 120h",
            "ogawa 2/2/0/0 48h since 2026-11-09",
            "aoki 4/4/1/0 96h left",
        ],
        &[],
    );
}

#[test]
fn before_its_first_date_nobody_had_the_duty() {
    let rota = rota(vec![version("2026-11-02", &["aoki"], false)]);
    let fair = fairness(
        &rota,
        &Book::default(),
        at("2026-01-01 00:00"),
        at("2026-11-03 09:30"),
    );
    assert_eq!(fair.from, at("2026-11-02 09:30"));
    assert_eq!(fair.shares[0].turns, 1);
}
