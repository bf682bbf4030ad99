//! What holds of the book whatever people do.

use super::super::covering::{absent_spans, is_absent};
use super::*;
use crate::domain::rota::fairness::fairness;
use crate::time::{SignedDuration, plus};
use proptest::prelude::*;

const WHO: [&str; 4] = ["aoki", "inoue", "ueda", "eguchi"];

#[derive(Clone, Debug)]
pub(in crate::domain) enum Step {
    Does(&'static str, DutyCommand),
    Passes(i64),
}

fn date(ahead: i64) -> Date {
    day("2026-11-24").saturating_add(SignedDuration::from_hours(24 * ahead))
}

fn who() -> impl Strategy<Value = &'static str> {
    prop::sample::select(WHO.to_vec())
}

pub(in crate::domain) fn any_step() -> impl Strategy<Value = Step> {
    let support = || "support".to_owned();
    let number = 1..30_u64;
    let weekday = prop::option::weighted(
        0.2,
        prop::sample::select(vec![Weekday::Monday, Weekday::Friday]),
    );
    prop_oneof![
        (who(), who(), -5..50_i64, 0..8_i64, weekday).prop_map(
            |(by, member, from, length, every)| {
                let days = Days {
                    starts: date(from),
                    ends: Some(date(from + length)),
                    every,
                };
                Step::Does(by, absent(member, days))
            }
        ),
        (who(), who(), 0..40_i64, 0..40_i64).prop_map(move |(from, with, mine, theirs)| {
            let (mine, theirs) = (date(mine), date(theirs));
            Step::Does(
                from,
                DutyCommand::Swap {
                    rota: support(),
                    from: from.into(),
                    with: with.into(),
                    mine,
                    theirs,
                },
            )
        }),
        (who(), who(), 0..900_i64, 1..80_i64).prop_map(|(by, member, from, length)| {
            let starts_at = plus(at("2026-11-24 00:00"), SignedDuration::from_hours(from));
            let span = Span {
                starts_at,
                ends_at: plus(starts_at, SignedDuration::from_hours(length)),
            };
            Step::Does(
                by,
                DutyCommand::LayOverride {
                    rota: "support".to_owned(),
                    member: member.into(),
                    span,
                },
            )
        }),
        (who(), number.clone())
            .prop_map(|(by, number)| Step::Does(by, DutyCommand::AcceptSwap { number })),
        (who(), number.clone())
            .prop_map(|(by, number)| Step::Does(by, DutyCommand::DeclineCover { number })),
        (who(), number).prop_map(|(by, number)| Step::Does(by, DutyCommand::TakeBack { number })),
        (who(), 0..40_i64).prop_map(|(by, on)| {
            Step::Does(
                by,
                DutyCommand::Cover {
                    rota: "support".to_owned(),
                    on: date(on),
                },
            )
        }),
        who().prop_map(|by| Step::Does(
            by,
            DutyCommand::Return {
                member: by.into(),
                number: None
            }
        )),
        (1..100_i64).prop_map(Step::Passes),
    ]
}

/// Does the steps; what is refused is refused.
fn lived(steps: Vec<Step>) -> Desk {
    let mut desk = Desk::at("2026-11-24 10:00");
    for step in steps {
        match step {
            Step::Does(who, command) => {
                let _ = desk.tries(who, command);
            }
            Step::Passes(hours) => {
                desk.now = plus(desk.now, SignedDuration::from_hours(hours));
                desk.does("time", DutyCommand::Tick);
            }
        }
    }
    desk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifts_tile_every_window(steps in prop::collection::vec(any_step(), 0..25)) {
        let desk = lived(steps);
        let (from, until) = (at("2026-11-20 00:00"), at("2027-01-20 07:00"));
        let shifts = desk.rota().shifts(from, until, &overrides(&desk.book, "support"));
        prop_assert_eq!(shifts[0].starts_at, from);
        prop_assert_eq!(shifts.last().unwrap().ends_at, until);
        for pair in shifts.windows(2) {
            prop_assert_eq!(pair[0].ends_at, pair[1].starts_at);
        }
    }

    #[test]
    fn nobody_absent_has_a_shift_unless_nobody_can_cover(steps in prop::collection::vec(any_step(), 0..25)) {
        let desk = lived(steps);
        let (book, rota) = (&desk.book, desk.rota());
        let until = plus(desk.now, SignedDuration::from_hours(24 * 55));
        for shift in rota.shifts(desk.now, until, &overrides(book, "support")) {
            for (part, _) in absent_spans(book, rota, &shift.member, Span::from(&shift)) {
                prop_assert!(book.missing.iter().any(|missing| missing.span.meets(&part)), "{:?}", shift);
                for other in WHO.map(MemberId::from) {
                    let declined = book.declined.iter().any(|it| it.member == other && it.span.meets(&part));
                    let holds = other == shift.member;
                    // Who is there for a part of it only cannot take it whole.
                    let whole = desk.book.missing.iter().find(|it| it.span.meets(&part)).map(|it| it.span);
                    let span = whole.unwrap_or(part);
                    let is_away = is_absent(book, rota, &other, part) || is_absent(book, rota, &other, span);
                    prop_assert!(holds || declined || is_away, "{other} could take {shift:?}");
                }
            }
        }
    }

    #[test]
    fn applied_twice_changes_nothing(steps in prop::collection::vec(any_step(), 0..25)) {
        let mut desk = lived(steps);
        let mut again = Book::default();
        for line in &desk.lines {
            again = evolve(evolve(again, line), line);
        }
        prop_assert_eq!(&again, &desk.book);
        for line in &desk.lines {
            again = evolve(again, line);
        }
        prop_assert_eq!(&again, &desk.book);
        desk.does("time", DutyCommand::Tick);
        prop_assert_eq!(desk.does("time", DutyCommand::Tick), Vec::<String>::new());
    }

    #[test]
    fn shares_add_up_to_the_rota(
        steps in prop::collection::vec(any_step(), 0..25),
        from in 0..1_000_i64,
        hours in 1..1_500_i64,
    ) {
        let desk = lived(steps);
        let from = plus(at("2026-11-05 00:00"), SignedDuration::from_hours(from));
        let until = plus(from, SignedDuration::from_hours(hours));
        let fair = fairness(desk.rota(), &desk.book, from, until);
        let sum: i64 = fair.shares.iter().map(|share| share.on_duty_ms).sum();
        prop_assert_eq!(sum, hours * 3_600_000);
        let turns: u32 = fair.shares.iter().map(|share| share.turns).sum();
        let planned = desk.rota().shifts(from, until, &[]);
        let whole = planned.iter().filter(|turn| desk.rota().planned(turn.starts_at).starts_at >= from);
        prop_assert_eq!(turns as usize, whole.count());
        for debt in &fair.debts {
            prop_assert!(!fair.debts.iter().any(|other| other.owes == debt.to && other.to == debt.owes));
        }
    }
}
