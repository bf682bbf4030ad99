//! A year lived through the book: people are away, swap, decline, take over and come back, and time passes from one
//! deadline to the next. The same seed makes the same year.
//!
//! A team of four has Tokyo's days and the weekends; London and New York have two members each and clocks that change.

use super::super::covering::is_absent;
use super::{Actor, BTreeSet};
use crate::domain::rota::book::*;
use crate::domain::rota::fairness::{Fairness, fairness};
use crate::domain::rota::tests::year::{FOUR, desk, year};
use crate::time::{SignedDuration, plus, zone};

const ABROAD: [&str; 4] = ["finch", "gupta", "hart", "ives"];

/// Splitmix64: small, good enough to choose by, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        match all.len() {
            0 => None,
            sides => all.get(self.roll(sides)).cloned(),
        }
    }
}

/// What people do in the year.
#[derive(Clone, Copy, PartialEq)]
enum Habit {
    /// Everything there is to do.
    All,
    /// Nobody is ever away; shifts are only exchanged.
    OnlySwaps,
}

struct Life {
    rotas: BTreeMap<String, Rota>,
    book: Book,
    lines: Vec<DutyEntry>,
    now: Timestamp,
    dice: Dice,
    /// Who had which rota from when to when, noted as it passed.
    passed: BTreeMap<String, Vec<(MemberId, Span)>>,
}

/// Lives the year, and looks at every deadline whether what must hold does.
fn lived(seed: u64, habit: Habit) -> Life {
    let (rotas, _) = desk();
    let (from, until) = year();
    let mut life = Life {
        rotas,
        book: Book::default(),
        lines: Vec::new(),
        now: from,
        dice: Dice(seed),
        passed: BTreeMap::new(),
    };
    while let Some(next) = next_at(&life.book, &life.team(), life.now).filter(|next| *next <= until)
    {
        assert!(next > life.now, "the book never comes to rest");
        life.note_until(next);
        life.now = next;
        life.does(&Actor::System, DutyCommand::Tick).unwrap();
        life.answer_offers();
        if life.dice.roll(4) == 0 {
            life.arrange(habit);
        }
        // Every day what is near, and at times all that is in sight.
        let is_all = life.dice.roll(40) == 0;
        life.check_absent_are_free(if is_all { 55 } else { 3 });
        if is_all {
            let again = life.does(&Actor::System, DutyCommand::Tick);
            assert_eq!(again, Ok(0), "time is told twice at {next}");
        }
    }
    life.note_until(until);
    life.now = until;
    life
}

impl Life {
    fn team(&self) -> Team<'_> {
        let members = FOUR.iter().chain(&ABROAD).map(|who| MemberId::from(*who));
        Team {
            rotas: &self.rotas,
            members: members.collect(),
            leads: BTreeSet::from(["ueda".into()]),
            guide: None,
            today: self.today(),
        }
    }

    fn today(&self) -> Date {
        self.now.to_zoned(zone("Asia/Tokyo").unwrap()).date()
    }

    fn in_days(&self, days: usize) -> Date {
        let ahead = SignedDuration::from_hours(24 * i64::try_from(days).unwrap());
        self.today().saturating_add(ahead)
    }

    fn does(&mut self, actor: &Actor, command: DutyCommand) -> Result<usize, DutyRefusal> {
        let events = decide(&self.book, &self.team(), command, actor, self.now)?;
        let first = self.lines.len();
        for event in events {
            let line = DutyEntry {
                seq: self.book.seq + 1,
                at: self.now,
                actor: actor.clone(),
                via: "test".to_owned(),
                command_key: None,
                event,
            };
            self.book = evolve(std::mem::take(&mut self.book), &line);
            self.lines.push(line);
        }
        let told = self.lines[first..].iter().map(|line| line.event.clone());
        for event in told.collect::<Vec<_>>() {
            self.check_told(&event);
        }
        Ok(self.lines.len() - first)
    }

    fn says(&mut self, who: &MemberId, command: DutyCommand) {
        // What is refused is refused; what is done is counted in the end.
        let _ = self.does(&Actor::Member(who.clone()), command);
    }

    /// Some answer at once, some late, and every fifth offer is left to lapse.
    fn answer_offers(&mut self) {
        let open = self.book.open_swaps().filter(|(number, _)| number % 5 > 0);
        let open: Vec<(u64, MemberId)> = open.map(|(it, swap)| (it, swap.with.clone())).collect();
        for (number, with) in open {
            match self.dice.roll(8) {
                0 | 1 => self.says(&with, DutyCommand::AcceptSwap { number }),
                2 => self.says(&with, DutyCommand::DeclineSwap { number }),
                _ => {}
            }
        }
    }

    fn arrange(&mut self, habit: Habit) {
        let everybody = FOUR.iter().chain(&ABROAD);
        let everybody: Vec<MemberId> = everybody.map(|who| MemberId::from(*who)).collect();
        let who = self.dice.one_of(&everybody).unwrap();
        if habit == Habit::OnlySwaps {
            return self.offer();
        }
        match self.dice.roll(12) {
            0..=2 => self.offer(),
            3 | 4 => self.is_away(&who, 1, None),
            5 => {
                let days = 2 + self.dice.roll(8);
                self.is_away(&who, days, None);
            }
            6 if self.dice.roll(3) == 0 => self.is_away(&who, 70, Some(Weekday::Friday)),
            6 | 7 => {
                let (member, number) = (who.clone(), None);
                self.says(&who, DutyCommand::Return { member, number });
            }
            8 | 9 => {
                let is_cover = |laid: &&Laid| {
                    matches!(laid.why, Why::Cover { .. }) && laid.span.starts_at > self.now
                };
                let covers: Vec<Laid> = self.book.laid.iter().filter(is_cover).cloned().collect();
                if let Some(laid) = self.dice.one_of(&covers) {
                    let number = laid.number;
                    self.says(&laid.member, DutyCommand::DeclineCover { number });
                }
            }
            10 => {
                let names: Vec<String> = self.rotas.keys().cloned().collect();
                let rota = self.dice.one_of(&names).unwrap();
                let who = self.dice.one_of(&self.order(&rota)).unwrap();
                let ahead = self.dice.roll(30);
                let on = self.in_days(ahead);
                self.says(&who, DutyCommand::Cover { rota, on });
            }
            _ => {
                let is_ahead =
                    |swap: &Swap| swap.is_open() || matches!(swap.state, SwapState::Agreed { .. });
                let swaps = self.book.swaps.iter();
                let ahead = swaps.filter(|(_, it)| is_ahead(it) && it.lapses_at() > self.now);
                let ahead: Vec<(u64, MemberId)> =
                    ahead.map(|(it, swap)| (*it, swap.from.clone())).collect();
                if let Some((number, from)) = self.dice.one_of(&ahead) {
                    self.says(&from, DutyCommand::TakeBack { number });
                }
            }
        }
    }

    fn order(&self, rota: &str) -> Vec<MemberId> {
        self.rotas[rota].version(self.now).participants.clone()
    }

    fn is_away(&mut self, who: &MemberId, days: usize, every: Option<Weekday>) {
        let ahead = self.dice.roll(30);
        let days = Days {
            starts: self.in_days(ahead),
            ends: Some(self.in_days(ahead + days)),
            every,
        };
        let member = who.clone();
        self.says(who, DutyCommand::EnterAbsence { member, days });
    }

    /// Somebody offers one of their shifts for another's.
    fn offer(&mut self) {
        let names: Vec<String> = self.rotas.keys().cloned().collect();
        let name = self.dice.one_of(&names).unwrap();
        let rota = &self.rotas[&name];
        let until = plus(self.now, SignedDuration::from_hours(24 * 21));
        let ahead = rota.shifts(self.now, until, &overrides(&self.book, &name));
        let (Some(mine), Some(theirs)) = (self.dice.one_of(&ahead), self.dice.one_of(&ahead))
        else {
            return;
        };
        let (on, other) = (
            local_date(rota, mine.starts_at),
            local_date(rota, theirs.starts_at),
        );
        let from = mine.member.clone();
        self.says(
            &mine.member,
            DutyCommand::Swap {
                rota: name,
                from,
                with: theirs.member,
                mine: on,
                theirs: other,
            },
        );
    }

    fn note_until(&mut self, until: Timestamp) {
        for (name, rota) in &self.rotas {
            let passed = self.passed.entry(name.clone()).or_default();
            for shift in rota.shifts(self.now, until, &overrides(&self.book, name)) {
                note(passed, &shift);
            }
        }
    }

    /// What is told must be so: a swap agreed is in the shifts, and where nobody covers nobody could.
    fn check_told(&self, event: &DutyEvent) {
        match event {
            DutyEvent::SwapAccepted { number } => {
                let swap = &self.book.swaps[number];
                let rota = &self.rotas[&swap.rota];
                let laid = overrides(&self.book, &swap.rota);
                for (span, member) in [(swap.mine, &swap.with), (swap.theirs, &swap.from)] {
                    let shift = rota.on_duty(span.starts_at, &laid).shift;
                    assert_eq!((&shift.member, Span::from(&shift)), (member, span));
                }
            }
            DutyEvent::CoverMissing { rota, of, span, .. } => {
                for other in self.order(rota).iter().filter(|other| *other != of) {
                    let has_declined =
                        self.book.declined.iter().any(|it| {
                            it.rota == *rota && it.member == *other && it.span.meets(span)
                        });
                    let is_away = is_absent(&self.book, &self.rotas[rota], other, *span);
                    assert!(has_declined || is_away, "{other} could cover {event:?}");
                }
            }
            _ => {}
        }
    }

    /// At every handoff ahead, and now, whoever has the duty is there on that day, and was on the worked day that it
    /// goes on from; else the book says that nobody could.
    fn check_absent_are_free(&self, days: usize) {
        for (name, rota) in &self.rotas {
            let laid = overrides(&self.book, name);
            let works = rota.version(self.now).works.as_ref().unwrap();
            let today = local_date(rota, self.now);
            let mut day = match handoff_on(rota, today) <= self.now {
                true => today,
                false => today.yesterday().unwrap(),
            };
            for _ in 0..days {
                let at = handoff_on(rota, day).max(self.now);
                let who = rota.on_duty(at, &laid).shift.member;
                let from = match works.is_worked_day(day) {
                    true => day,
                    false => works.previous_worked_day(day).unwrap(),
                };
                let is_off = [day, from].map(|day| self.book.absence_on(&who, day).is_some());
                let missing = || {
                    let mut all = self.book.missing.iter();
                    all.any(|it| it.rota == *name && it.member == who && it.span.holds(at))
                };
                assert!(is_off == [false; 2] || missing(), "{who} has {name} {day}");
                day = day.tomorrow().unwrap();
            }
        }
    }

    fn count(&self, kind: impl Fn(&DutyEvent) -> bool) -> usize {
        self.lines.iter().filter(|line| kind(&line.event)).count()
    }

    /// The year of one rota, from handoff to handoff.
    fn whole(&self, rota: &Rota) -> (Timestamp, Timestamp) {
        let day = |date: &str| handoff_on(rota, date.parse().unwrap());
        (day("2026-01-10"), day("2027-01-10"))
    }

    fn fairness(&self, rota: &Rota) -> Fairness {
        let (from, until) = self.whole(rota);
        fairness(rota, &self.book, from, until)
    }
}

/// Adds a shift to what passed, joined to what went before where it is the same member's.
fn note(passed: &mut Vec<(MemberId, Span)>, shift: &Shift) {
    match passed.last_mut() {
        Some((member, span)) if *member == shift.member && span.ends_at == shift.starts_at => {
            span.ends_at = shift.ends_at;
        }
        _ => passed.push((shift.member.clone(), Span::from(shift))),
    }
}

fn ms(span: Span) -> i64 {
    span.ends_at.as_millisecond() - span.starts_at.as_millisecond()
}

#[test]
fn a_year_of_absences_and_swaps_keeps_what_the_book_promises() {
    let life = lived(20_260_110, Habit::All);
    check_everything_happened(&life);
    for rota in life.rotas.values() {
        check_past(&life, rota);
        check_swaps(&life, rota);
        check_fairness(&life, rota);
    }
    check_applied_twice(&life);
}

#[test]
fn in_a_year_without_absences_everybody_has_turn_for_turn_whatever_they_swap() {
    let life = lived(4, Habit::OnlySwaps);
    let agreed = life.count(|event| matches!(event, DutyEvent::SwapAccepted { .. }));
    assert!(agreed > 30, "{agreed} swaps");
    for rota in life.rotas.values() {
        let version = &rota.plan().versions[0];
        let (works, team) = (version.works.as_ref().unwrap(), version.participants.len());
        let mut worked = (0..365)
            .map(life_day)
            .filter(|day| works.is_worked_day(*day));
        let first = worked.next().unwrap();
        // From the first worked day: so many turns for each in so many times the team's worked days.
        for turns in [1, 5, 20, 40] {
            let ends = works_later(works, first, turns * team);
            let bare = fairness(
                rota,
                &Book::default(),
                handoff_on(rota, first),
                handoff_on(rota, ends),
            );
            for share in &bare.shares {
                let had = (share.turns, share.worked_days);
                let due = u32::try_from(turns).unwrap();
                assert_eq!(had, (due, due), "{} {}", rota.name(), share.member);
            }
        }
        // Swaps are over when both shifts are: so the year and what is swapped beyond its end.
        let (from, until) = life.whole(rota);
        let until = plus(until, SignedDuration::from_hours(24 * 30));
        let swapped = fairness(rota, &life.book, from, until);
        let planned = fairness(rota, &Book::default(), from, until);
        let turns = |fair: &Fairness| -> Vec<(MemberId, u32, u32)> {
            let each = fair.shares.iter();
            each.map(|it| (it.member.clone(), it.turns, it.worked_days))
                .collect()
        };
        assert_eq!(turns(&swapped), turns(&planned), "{}", rota.name());
        assert!(
            swapped.shares.iter().any(|share| share.by_swap_ms > 0),
            "{}",
            rota.name()
        );
        assert!(swapped.debts.is_empty());
    }
}

fn life_day(ahead: i64) -> Date {
    let first: Date = "2026-01-10".parse().unwrap();
    first.saturating_add(SignedDuration::from_hours(24 * ahead))
}

fn works_later(works: &crate::domain::calendar::Calendar, first: Date, days: usize) -> Date {
    (0..days).fold(first, |day, _| works.next_worked_day(day).unwrap())
}

/// A year in which nothing happens proves nothing.
fn check_everything_happened(life: &Life) {
    for (kind, least, count) in [
        (
            "absences",
            40,
            life.count(|it| matches!(it, DutyEvent::AbsenceEntered { .. })),
        ),
        (
            "weekly absences",
            1,
            life.count(
                |it| matches!(it, DutyEvent::AbsenceEntered { days, .. } if days.every.is_some()),
            ),
        ),
        (
            "returns",
            5,
            life.count(|it| matches!(it, DutyEvent::AbsenceEnded { .. })),
        ),
        (
            "covers found",
            40,
            life.count(|it| matches!(it, DutyEvent::CoverFound { .. })),
        ),
        (
            "covers declined",
            5,
            life.count(|it| matches!(it, DutyEvent::CoverDeclined { .. })),
        ),
        (
            "covers taken",
            2,
            life.count(|it| matches!(it, DutyEvent::CoverTaken { .. })),
        ),
        (
            "covers missing",
            3,
            life.count(|it| matches!(it, DutyEvent::CoverMissing { .. })),
        ),
        (
            "swaps agreed",
            15,
            life.count(|it| matches!(it, DutyEvent::SwapAccepted { .. })),
        ),
        (
            "swaps declined",
            3,
            life.count(|it| matches!(it, DutyEvent::SwapDeclined { .. })),
        ),
        (
            "swaps lapsed",
            3,
            life.count(|it| matches!(it, DutyEvent::SwapLapsed { .. })),
        ),
    ] {
        assert!(count >= least, "{count} {kind}");
    }
}

/// What passed is at the end of the year what it was when it passed, without a gap or an overlap.
fn check_past(life: &Life, rota: &Rota) {
    let (from, until) = year();
    let passed = &life.passed[rota.name()];
    assert_eq!(passed[0].1.starts_at, from);
    assert_eq!(passed.last().unwrap().1.ends_at, until);
    for pair in passed.windows(2) {
        assert_eq!(pair[0].1.ends_at, pair[1].1.starts_at, "{}", rota.name());
    }
    let mut at_end = Vec::new();
    for shift in rota.shifts(from, until, &overrides(&life.book, rota.name())) {
        note(&mut at_end, &shift);
    }
    assert_eq!(*passed, at_end, "{}", rota.name());
}

/// Both shifts of a swap lie over the turns; only what came later, as a cover of who fell ill, lies over them.
fn check_swaps(life: &Life, rota: &Rota) {
    let laid: Vec<&Laid> = life.book.laid_over(rota.name()).collect();
    let over = overrides(&life.book, rota.name());
    let agreed = life.book.swaps.iter().filter(|(_, swap)| {
        swap.rota == rota.name() && matches!(swap.state, SwapState::Agreed { .. })
    });
    for (number, swap) in agreed {
        let own = laid.iter().filter(|laid| laid.number == *number);
        let own: Vec<(&MemberId, Span)> = own.map(|laid| (&laid.member, laid.span)).collect();
        assert_eq!(own, [(&swap.with, swap.mine), (&swap.from, swap.theirs)]);
        let last = laid
            .iter()
            .rposition(|laid| laid.number == *number)
            .unwrap();
        for (member, span) in own {
            for shift in rota.shifts(span.starts_at, span.ends_at, &over) {
                let later = laid[last + 1..].iter();
                let is_later = later.clone().any(|laid| laid.span.holds(shift.starts_at));
                assert!(shift.member == *member || is_later, "{shift:?}");
            }
        }
    }
}

fn check_fairness(life: &Life, rota: &Rota) {
    let fair = life.fairness(rota);
    let (from, until) = life.whole(rota);
    let works = rota.plan().versions[0].works.as_ref().unwrap();
    let worked = works.worked_days_between(life_day(0), life_day(365));
    let sum = |what: fn(&super::super::super::fairness::Share) -> u32| -> i64 {
        fair.shares.iter().map(|share| i64::from(what(share))).sum()
    };
    assert_eq!(sum(|share| share.turns), worked, "{}", rota.name());
    assert_eq!(sum(|share| share.worked_days), worked, "{}", rota.name());
    assert_eq!(
        sum(|share| share.worked_days + share.weekend_days + share.holidays),
        365
    );
    // Each window's hours are all had by somebody, also of the months in which clocks change.
    for (starts, days, shift_of_clocks) in [(0, 365, 0), (50, 60, 1), (240, 75, -1), (50, 265, 0)] {
        let (from, until) = (life_day(starts), life_day(starts + days));
        let (from, until) = (handoff_on(rota, from), handoff_on(rota, until));
        let moved = if rota.plan().versions[0].zone == "Asia/Tokyo" {
            0
        } else {
            shift_of_clocks
        };
        let shares = fairness(rota, &life.book, from, until).shares;
        let had: i64 = shares.iter().map(|share| share.on_duty_ms).sum();
        assert_eq!(
            had,
            (days * 24 - moved) * 3_600_000,
            "{} {starts}",
            rota.name()
        );
    }
    // What one gave for others, less what was given for them, is what they are owed, less what they owe.
    let mut given: BTreeMap<MemberId, i64> = BTreeMap::new();
    let mut by_cover = 0;
    for shift in rota.shifts(from, until, &overrides(&life.book, rota.name())) {
        if let Some(Why::Cover { of, .. }) = life.book.why(rota.name(), &shift).map(|it| &it.why) {
            *given.entry(shift.member.clone()).or_default() += 1;
            *given.entry(of.clone()).or_default() -= 1;
            by_cover += ms(Span::from(&shift));
        }
    }
    let mut owed: BTreeMap<MemberId, i64> = given.keys().map(|who| (who.clone(), 0)).collect();
    for debt in &fair.debts {
        *owed.get_mut(&debt.to).unwrap() += i64::from(debt.turns);
        *owed.get_mut(&debt.owes).unwrap() -= i64::from(debt.turns);
    }
    assert_eq!(owed, given, "{}", rota.name());
    assert_eq!(owed.values().sum::<i64>(), 0);
    assert_eq!(
        by_cover,
        fair.shares
            .iter()
            .map(|share| share.by_cover_ms)
            .sum::<i64>()
    );
}

fn check_applied_twice(life: &Life) {
    let mut again = Book::default();
    for line in &life.lines {
        again = evolve(evolve(again, line), line);
    }
    assert_eq!(again, life.book);
    let again = life.lines.iter().fold(again, evolve);
    assert_eq!(again, life.book);
}
