//! A simulated year: a team of four in Tokyo with Japanese holidays, a weekend's line, and offices in London and New York.
//!
//! Overrides stand for absences and swaps; the invariants are looked at day by day and turn by turn. The same year is
//! lived through the book in `book/tests/year.rs`.

use super::*;
use crate::time::resolve;
use std::collections::BTreeMap;

pub(in crate::domain::rota) const FOUR: [&str; 4] = ["aoki", "inoue", "ueda", "eguchi"];

fn hours(zone: &str, period: &str) -> Business {
    Business {
        zone: zone.to_owned(),
        week: Week::weekdays(&[period.parse().unwrap()]),
        ..Business::default()
    }
}

fn office(name: &str, starts: &str, hours: Business, participants: &[&str]) -> Rota {
    let version = Version {
        starts: date(starts),
        zone: hours.zone.clone(),
        handoff: "09:30".parse().unwrap(),
        works: Some(Calendar::business(hours).unwrap()),
        participants: members(participants),
        ..daily()
    };
    Rota::new(Plan {
        name: name.to_owned(),
        versions: vec![version],
    })
    .unwrap()
}

/// The rotas of the year by name, and the lines that cover it.
pub(in crate::domain::rota) fn desk() -> (BTreeMap<String, Rota>, Coverage) {
    let starts = "2026-01-05";
    let tokyo = Business {
        holidays: japan_holidays(),
        ..hours("Asia/Tokyo", "09:00-18:00")
    };
    let weekend = Business {
        week: Week::on(
            &[Weekday::Saturday, Weekday::Sunday],
            &["09:30-33:30".parse().unwrap()],
        ),
        ..hours("Asia/Tokyo", "09:30-33:30")
    };
    let london = hours("Europe/London", "09:00-17:00");
    let new_york = hours("America/New_York", "09:00-17:00");
    let line = |rota: &str, during: Option<&str>| Line {
        rota: rota.to_owned(),
        rule: LineRule {
            during: during.map(str::to_owned),
            ..LineRule::default()
        },
    };
    let calendar = |hours: &Business| Calendar::business(hours.clone()).unwrap();
    let coverage = Coverage::new(
        vec![
            line("weekend", Some("weekend")),
            line("london", Some("london")),
            line("new-york", Some("new-york")),
            line("tokyo", None),
        ],
        BTreeMap::from([
            ("weekend".to_owned(), calendar(&weekend)),
            ("london".to_owned(), calendar(&london)),
            ("new-york".to_owned(), calendar(&new_york)),
        ]),
    );
    let rotas = [
        office("tokyo", starts, tokyo, &FOUR),
        office("weekend", "2026-01-10", weekend, &FOUR),
        office("london", starts, london, &["finch", "gupta"]),
        office("new-york", starts, new_york, &["hart", "ives"]),
    ];
    let rotas = rotas.map(|rota| (rota.name().to_owned(), rota)).into();
    (rotas, coverage.unwrap())
}

pub(in crate::domain::rota) fn year() -> (Timestamp, Timestamp) {
    (at("2026-01-10T09:30+09:00"), at("2027-01-10T09:30+09:00"))
}

/// What people arrange in a year: each fortnight somebody is away for two days, and each month two of them swap.
fn arranged(rota: &Rota) -> Vec<Override> {
    let (from, to) = year();
    let order = &rota.plan().versions[0].participants;
    let mut overrides = Vec::new();
    let shifts = rota.shifts(from, to, &[]);
    for pair in shifts.chunks(10).filter_map(|chunk| chunk.get(3..5)) {
        // Whoever comes after the second stands in for both turns.
        let place = order.iter().position(|who| *who == pair[1].member).unwrap();
        let stands_in = order[(place + 1) % order.len()].clone();
        overrides.push(Override {
            member: stands_in,
            starts_at: pair[0].starts_at,
            ends_at: pair[1].ends_at,
        });
    }
    for chunk in shifts.chunks(21).filter(|chunk| chunk.len() > 9) {
        let (mine, theirs) = (&chunk[7], &chunk[8]);
        for (shift, member) in [(mine, &theirs.member), (theirs, &mine.member)] {
            overrides.push(Override {
                member: member.clone(),
                starts_at: shift.starts_at,
                ends_at: shift.ends_at,
            });
        }
    }
    overrides
}

fn check_tiles<'a>(mut spans: impl Iterator<Item = (Timestamp, Timestamp)> + 'a) {
    let (from, to) = year();
    let first = spans.next().unwrap();
    assert_eq!(first.0, from);
    let end = spans.fold(first.1, |end, (starts, ends)| {
        assert_eq!(end, starts);
        assert!(starts < ends);
        ends
    });
    assert_eq!(end, to);
}

#[test]
fn a_year_is_tiled_by_shifts_and_by_lines() {
    let (rotas, coverage) = desk();
    let (from, to) = year();
    let arranged: BTreeMap<&String, Vec<Override>> = rotas
        .iter()
        .map(|(name, rota)| (name, arranged(rota)))
        .collect();
    for (name, rota) in &rotas {
        let overrides = &arranged[name];
        assert!(overrides.len() > 20, "{name}");
        let shifts = rota.shifts(from, to, overrides);
        check_tiles(shifts.iter().map(|shift| (shift.starts_at, shift.ends_at)));
        for shift in &shifts {
            let duty = rota.on_duty(shift.starts_at, overrides);
            assert_eq!(duty.shift.member, shift.member);
            assert_eq!(duty.shift.by_override, shift.by_override);
        }
    }
    let stretches = coverage.stretches(from, to);
    check_tiles(
        stretches
            .iter()
            .map(|stretch| (stretch.starts_at, stretch.ends_at)),
    );
    // And so the shifts within the lines' stretches tile the year too: at any instant exactly one person answers.
    let answering = stretches.iter().flat_map(|stretch| {
        let name = &stretch.line.rota;
        rotas[name].shifts(stretch.starts_at, stretch.ends_at, &arranged[name])
    });
    check_tiles(answering.map(|shift| (shift.starts_at, shift.ends_at)));
}

#[test]
fn over_a_year_everybody_has_their_share_of_worked_days_and_of_weekends() {
    let (rotas, _) = desk();
    let (from, to) = year();
    for rota in rotas.values() {
        let version = &rota.plan().versions[0];
        let mut turns: BTreeMap<MemberId, usize> = BTreeMap::new();
        for shift in rota.shifts(from, to, &[]) {
            *turns.entry(shift.member).or_default() += 1;
        }
        let (least, most) = (turns.values().min().unwrap(), turns.values().max().unwrap());
        assert_eq!(turns.len(), version.participants.len());
        assert!(most - least <= 1, "{}: {turns:?}", rota.name());
    }
    // Every worked day has its handoff, and no other.
    let tokyo = &rotas["tokyo"];
    let works = tokyo.plan().versions[0].works.as_ref().unwrap();
    let worked = works.worked_days_between(date("2026-01-10"), date("2027-01-10"));
    let handoffs = tokyo.shifts(from, to, &[]).len() as i64 - 1;
    assert_eq!(handoffs, worked);
}

#[test]
fn handoffs_stay_at_their_wall_time_all_year_and_never_on_a_day_off() {
    let (rotas, _) = desk();
    let (from, to) = year();
    for rota in rotas.values() {
        let version = &rota.plan().versions[0];
        let zone = zone(&version.zone).unwrap();
        let works = version.works.as_ref().unwrap();
        for shift in rota.shifts(from, to, &[]).iter().skip(1) {
            let local = zone.to_datetime(shift.starts_at);
            assert_eq!(local.time(), version.handoff, "{}: {local}", rota.name());
            assert!(
                works.is_worked_day(local.date()),
                "{}: {local}",
                rota.name()
            );
        }
    }
}

#[test]
fn what_is_arranged_changes_nobody_elses_turn() {
    let (rotas, _) = desk();
    let (from, to) = year();
    for rota in rotas.values() {
        let overrides = arranged(rota);
        for shift in rota.shifts(from, to, &overrides) {
            if !shift.by_override {
                assert_eq!(shift.member, rota.planned(shift.starts_at).member);
            }
            assert_eq!(
                rota.on_duty(shift.starts_at, &overrides).turn_of,
                rota.planned(shift.starts_at).member
            );
        }
    }
}

#[test]
fn across_the_changes_of_clocks_no_hour_is_without_its_line() {
    let (_, coverage) = desk();
    let (london, new_york) = (
        zone("Europe/London").unwrap(),
        zone("America/New_York").unwrap(),
    );
    for day in [
        "2026-03-06",
        "2026-03-09",
        "2026-03-27",
        "2026-03-30",
        "2026-10-23",
        "2026-10-26",
        "2026-10-30",
        "2026-11-02",
    ] {
        let wall = |zone, time: &str| resolve(format!("{day}T{time}").parse().unwrap(), zone);
        assert_eq!(
            coverage.line_at(wall(&london, "09:00")).rota,
            "london",
            "{day}"
        );
        assert_eq!(
            coverage.line_at(wall(&london, "16:59")).rota,
            "london",
            "{day}"
        );
        assert_eq!(
            coverage.line_at(wall(&new_york, "16:59")).rota,
            "new-york",
            "{day}"
        );
        assert_eq!(
            coverage.line_at(wall(&new_york, "17:00")).rota,
            "tokyo",
            "{day}"
        );
    }
}
