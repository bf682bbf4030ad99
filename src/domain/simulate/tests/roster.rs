//! The duty book over another roster, and over its own.

use super::*;
use crate::domain::rota::book::tests::properties::{Step, any_step};
use crate::domain::rota::book::tests::{
    Desk as Kept, absent, at as on, day, days, rota as four, span,
};
use crate::domain::rota::book::{Days, DutyCommand, overrides, shift_on};
use crate::time::{SignedDuration, Timestamp, plus, zone};
use proptest::prelude::*;

const WHO: [&str; 4] = ["aoki", "inoue", "ueda", "eguchi"];

/// What a team can do, with calendars that are followed and swaps that a lead arranges.
pub(super) fn any() -> impl Strategy<Value = Step> {
    let who = || prop::sample::select(WHO.to_vec());
    let date =
        |ahead: i64| day("2026-11-24").saturating_add(SignedDuration::from_hours(24 * ahead));
    let stretch = (0..40_i64, 1..6_i64).prop_map(move |(from, length)| Days {
        starts: date(from),
        ends: Some(date(from + length)),
        every: None,
    });
    let follows = (who(), prop::collection::vec(stretch, 0..3)).prop_map(|(member, said)| {
        let member = member.into();
        Step::Does("time", DutyCommand::Follow { member, said })
    });
    let arranges =
        (who(), who(), 0..40_i64, 0..40_i64).prop_map(move |(from, with, mine, theirs)| {
            let swap = DutyCommand::Swap {
                rota: "support".to_owned(),
                from: from.into(),
                with: with.into(),
                mine: date(mine),
                theirs: date(theirs),
            };
            Step::Does("ueda", swap)
        });
    let answers = (who(), 1..30_u64)
        .prop_map(|(by, number)| Step::Does(by, DutyCommand::DeclineSwap { number }));
    prop_oneof![10 => any_step(), 2 => follows, 1 => arranges, 1 => answers]
}

/// A book that was kept while the desk ran.
pub(super) fn kept(steps: Vec<Step>) -> Kept {
    let mut desk = Kept::at("2026-11-24 10:00");
    for step in steps {
        match step {
            Step::Does(who, command) => {
                let _ = desk.tries(who, command);
            }
            Step::Passes(hours) => desk.runs_to(plus(desk.now, SignedDuration::from_hours(hours))),
        }
    }
    desk
}

/// The book of a desk over a roster with these people in this order.
fn over(desk: &Kept, participants: &[&str], until: Timestamp) -> Relaid {
    let mut plan = four().plan().clone();
    plan.versions[0].participants = participants.iter().map(|id| MemberId::from(*id)).collect();
    let tried = BTreeMap::from([("support".to_owned(), Rota::new(plan).unwrap())]);
    let laying = Laying {
        rotas: &tried,
        before: &desk.rotas,
        heirs: &|rota, _| BTreeSet::from([rota.to_owned()]),
        members: WHO
            .iter()
            .chain(participants)
            .map(|id| MemberId::from(*id))
            .chain(desk.others.clone())
            .collect(),
        zone: zone("Asia/Tokyo").unwrap(),
    };
    relay(&desk.lines, &laying, until)
}

/// Whose duty these days are, by a roster and what is laid over it.
#[track_caller]
fn check(desk: &Kept, participants: &[&str], dates: &[&str], expected: &str) -> Vec<NotLaid> {
    let relaid = over(desk, participants, desk.now);
    let mut plan = four().plan().clone();
    plan.versions[0].participants = participants.iter().map(|id| MemberId::from(*id)).collect();
    let tried = Rota::new(plan).unwrap();
    let whose = dates.iter().map(|date| {
        let shift = shift_on(&relaid.book, &tried, day(date));
        shift.member.to_string()
    });
    assert_eq!(whose.collect::<Vec<_>>().join(" "), expected);
    relaid.not_laid
}

/// The turns from Tuesday on are ueda's, eguchi's, aoki's and inoue's; ueda's and inoue's are exchanged.
fn swapped() -> Kept {
    let mut desk = Kept::at("2026-11-23 10:00");
    let swap = DutyCommand::Swap {
        rota: "support".to_owned(),
        from: "ueda".into(),
        with: "inoue".into(),
        mine: day("2026-11-24"),
        theirs: day("2026-11-27"),
    };
    desk.does("ueda", swap);
    desk.does("inoue", DutyCommand::AcceptSwap { number: 1 });
    desk
}

const WEEK: [&str; 4] = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];

#[test]
fn a_swap_holds_where_both_have_those_turns() {
    let desk = swapped();
    let as_it_was = check(&desk, &WHO, &WEEK, "inoue eguchi aoki ueda");
    assert_eq!(as_it_was, []);
    // The two between them have changed places, which is none of the swap's business.
    let others = ["eguchi", "inoue", "ueda", "aoki"];
    assert_eq!(check(&desk, &others, &WEEK, "inoue aoki eguchi ueda"), []);
}

#[test]
fn a_swap_of_turns_that_they_have_not_is_told() {
    let order = ["inoue", "aoki", "ueda", "eguchi"];
    let told = check(&swapped(), &order, &WEEK, "ueda eguchi inoue aoki");
    let [not] = &told[..] else { panic!("{told:?}") };
    assert_eq!((not.number, not.what), (1, Arranged::Swap));
    assert_eq!(
        (not.who.as_str(), not.with.as_ref().map(MemberId::as_str)),
        ("ueda", Some("inoue"))
    );
    assert_eq!(not.days, [day("2026-11-24"), day("2026-11-27")]);
    assert_eq!(not.why, WhyNot::OtherTurns);
}

#[test]
fn a_swap_with_somebody_who_is_not_in_the_roster_is_told() {
    let relaid = over(
        &swapped(),
        &["aoki", "eguchi", "ueda"],
        on("2026-11-24 00:00"),
    );
    let why: Vec<&WhyNot> = relaid.not_laid.iter().map(|not| &not.why).collect();
    let member = MemberId::from("inoue");
    assert_eq!(why, [&WhyNot::NotInRoster { member }]);
    assert_eq!(relaid.book.laid, []);
}

#[test]
fn a_swap_that_was_called_off_before_it_began_has_never_mattered() {
    let mut desk = swapped();
    desk.does("ueda", DutyCommand::TakeBack { number: 1 });
    let order = ["inoue", "aoki", "ueda", "eguchi"];
    assert_eq!(check(&desk, &order, &WEEK, "ueda eguchi inoue aoki"), []);
}

#[test]
fn an_offer_that_was_not_accepted_is_not_told() {
    let mut desk = Kept::at("2026-11-23 10:00");
    let swap = DutyCommand::Swap {
        rota: "support".to_owned(),
        from: "ueda".into(),
        with: "inoue".into(),
        mine: day("2026-11-24"),
        theirs: day("2026-11-27"),
    };
    desk.does("ueda", swap);
    desk.does("inoue", DutyCommand::DeclineSwap { number: 1 });
    let order = ["inoue", "aoki", "ueda", "eguchi"];
    assert_eq!(check(&desk, &order, &WEEK, "ueda eguchi inoue aoki"), []);
}

#[test]
fn who_is_absent_finds_cover_anew_among_those_of_the_roster() {
    let mut desk = Kept::at("2026-11-23 10:00");
    // Wednesday is eguchi's turn; in the other order it is aoki's, and eguchi's is Thursday.
    desk.does("eguchi", absent("eguchi", days("2026-11-24", "2026-11-27")));
    let was = shift_on(&desk.book, desk.rota(), day("2026-11-25")).member;
    assert_ne!(was.as_str(), "eguchi");
    let order = ["eguchi", "inoue", "ueda", "aoki"];
    let relaid = over(&desk, &order, desk.now);
    let covers: Vec<String> = relaid
        .book
        .laid
        .iter()
        .map(|laid| {
            let day = laid
                .span
                .starts_at
                .to_zoned(zone("Asia/Tokyo").unwrap())
                .date();
            format!("{day} {}", laid.member)
        })
        .collect();
    assert_eq!(covers, ["2026-11-26 ueda"]);
    // Nobody covers for who is not in it.
    let relaid = over(&desk, &["aoki", "inoue", "ueda"], desk.now);
    assert_eq!((relaid.book.laid.len(), relaid.not_laid.len()), (0, 0));
}

#[test]
fn who_lent_a_hand_from_outside_does_so_in_any_roster_and_who_left_it_does_not() {
    let mut desk = Kept::at("2026-11-24 10:00");
    desk.others.push("kato".into());
    let lay = |member: &str, from: &str, until: &str| DutyCommand::LayOverride {
        rota: "support".to_owned(),
        member: member.into(),
        span: span(from, until),
    };
    desk.does("ueda", lay("kato", "2026-11-25 09:30", "2026-11-26 09:30"));
    desk.does("ueda", lay("aoki", "2026-11-26 09:30", "2026-11-27 09:30"));
    let relaid = over(&desk, &["inoue", "ueda", "eguchi"], desk.now);
    let laid: Vec<&str> = relaid
        .book
        .laid
        .iter()
        .map(|laid| laid.member.as_str())
        .collect();
    assert_eq!(laid, ["kato"]);
    let member = MemberId::from("aoki");
    assert_eq!(relaid.not_laid[0].why, WhyNot::NotInRoster { member });
    assert_eq!(relaid.not_laid[0].what, Arranged::Override);
}

#[test]
fn who_took_a_shift_takes_it_where_it_is_that_of_the_same() {
    let mut desk = Kept::at("2026-11-24 10:00");
    let cover = DutyCommand::Cover {
        rota: "support".to_owned(),
        on: day("2026-11-25"),
    };
    // Wednesday is eguchi's.
    desk.does("aoki", cover);
    assert_eq!(check(&desk, &WHO, &WEEK, "ueda aoki aoki inoue"), []);
    let order = ["eguchi", "inoue", "ueda", "aoki"];
    let told = check(&desk, &order, &WEEK, "ueda aoki eguchi inoue");
    assert_eq!((told.len(), told[0].what), (1, Arranged::Cover));
    assert_eq!(told[0].why, WhyNot::OtherTurns);
}

#[test]
fn a_look_at_the_calendar_of_one_who_is_covered_leaves_alone_who_stands_in_for_the_cover() {
    let mut desk = Kept::at("2026-11-24 10:00");
    let (rota, on) = ("support".to_owned(), day("2026-12-11"));
    desk.does("aoki", DutyCommand::Cover { rota, on });
    let follow = |member: &str, said: Vec<Days>| DutyCommand::Follow {
        member: member.into(),
        said,
    };
    desk.does(
        "time",
        follow("aoki", vec![days("2026-12-10", "2026-12-11")]),
    );
    assert_eq!(
        desk.does("time", follow("eguchi", vec![])),
        Vec::<String>::new()
    );
    assert_eq!(over(&desk, &WHO, desk.now).book, desk.book);
}

#[test]
fn a_swap_that_a_lead_arranged_is_foretold_though_nothing_else_is_in_the_book() {
    let mut desk = Kept::at("2026-11-24 10:00");
    let swap = DutyCommand::Swap {
        rota: "support".to_owned(),
        from: "eguchi".into(),
        with: "aoki".into(),
        mine: day("2026-12-11"),
        theirs: day("2026-11-26"),
    };
    desk.does("ueda", swap);
    desk.runs_to(on("2026-11-25 10:00"));
    assert_eq!(desk.book.swaps[&1].foretold.len(), 1);
    assert_eq!(over(&desk, &WHO, desk.now).book, desk.book);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn over_its_own_roster_the_book_is_what_it_was(steps in prop::collection::vec(any(), 0..20)) {
        let mut desk = kept(steps);
        desk.runs_to(plus(desk.now, SignedDuration::from_hours(100)));
        let relaid = over(&desk, &WHO, desk.now);
        prop_assert_eq!(&relaid.not_laid, &vec![]);
        prop_assert_eq!(&relaid.book, &desk.book);
    }

    #[test]
    fn over_any_roster_nobody_has_what_is_not_theirs(
        steps in prop::collection::vec(any(), 0..20),
        order in Just(vec!["aoki", "inoue", "ueda", "eguchi", "kato"]).prop_shuffle(),
        size in 1usize..5,
    ) {
        let desk = kept(steps);
        let relaid = over(&desk, &order[..size], desk.now);
        let people = |laid: &Override| order[..size].contains(&laid.member.as_str());
        prop_assert!(overrides(&relaid.book, "support").iter().all(people));
        // What was arranged and held is laid here or told.
        let told = |number: u64| relaid.not_laid.iter().any(|not| not.number == number);
        let absences = |book: &crate::domain::rota::book::Book| book.absences.values().cloned().collect::<Vec<_>>();
        prop_assert_eq!(absences(&relaid.book), absences(&desk.book));
        let laid = relaid.book.laid.iter().filter(|laid| laid.why == crate::domain::rota::book::Why::Override);
        let was = desk.book.laid.iter().filter(|laid| laid.why == crate::domain::rota::book::Why::Override);
        let (laid, was): (Vec<_>, Vec<_>) = (laid.collect(), was.collect());
        for one in &was {
            let is_laid = laid.iter().any(|it| it.member == one.member && it.span == one.span);
            prop_assert!(is_laid || told(one.number), "{:?}", one);
        }
    }
}
