//! Whatever the rules write is sound: every line that any test of the book writes is asked for its objections, and
//! every book for what is loose in it or undone (`Desk::tries`, `Desk::until`). Here is what is not sound.

use super::*;

/// A book with an offer (1), an absence (2) with its cover (3), an override (4), and a swap that is agreed (5, 6).
fn busy() -> Desk {
    let mut desk = Desk::at("2026-11-24 10:00");
    let offer = |mine: &str, theirs: &str, with: &str, from: &str| DutyCommand::Swap {
        rota: "support".to_owned(),
        from: from.into(),
        with: with.into(),
        mine: day(mine),
        theirs: day(theirs),
    };
    desk.does(
        "eguchi",
        offer("2026-11-25", "2026-11-27", "inoue", "eguchi"),
    );
    let lines = desk.does("aoki", absent("aoki", days("2026-12-02", "2026-12-02")));
    assert_eq!(lines, ["aoki absent", "eguchi for aoki 12-02"]);
    desk.does("aoki", lay("aoki", "2026-12-04 09:30", "2026-12-07 09:30"));
    desk.does("aoki", offer("2026-11-26", "2026-12-03", "inoue", "aoki"));
    desk.does("inoue", DutyCommand::AcceptSwap { number: 5 });
    desk
}

/// What is said against a line of somebody that comes to a busy book at a time.
#[track_caller]
fn objects(who: &str, wall: &str, event: DutyEvent) -> String {
    let desk = busy();
    let entry = DutyEntry {
        seq: desk.book.seq + 1,
        at: at(wall),
        actor: Actor::Member(who.into()),
        via: "test".to_owned(),
        command_key: None,
        event,
    };
    match objection(&desk.book, &entry) {
        None => "nothing".to_owned(),
        Some(objection) => format!("{objection:?}"),
    }
}

const NOW: &str = "2026-11-24 11:00";

#[test]
fn only_an_offer_that_waits_is_answered_and_by_whom_it_asks() {
    let accepted = |number| DutyEvent::SwapAccepted { number };
    assert_eq!(objects("inoue", NOW, accepted(1)), "nothing");
    assert_eq!(
        objects("inoue", NOW, accepted(5)),
        "NoOpenOffer { number: 5 }"
    );
    assert_eq!(
        objects("inoue", NOW, accepted(2)),
        "NoOpenOffer { number: 2 }"
    );
    let said = objects("aoki", NOW, DutyEvent::SwapDeclined { number: 1 });
    assert!(said.starts_with("NotAsked { number: 1, who: "), "{said}");
    let said = objects("inoue", "2026-11-25 09:30", accepted(1));
    assert!(said.starts_with("HadBegun"), "{said}");
    let gone = DutyEvent::SwapWithdrawn { number: 9 };
    assert_eq!(objects("eguchi", NOW, gone), "NoOpenOffer { number: 9 }");
}

#[test]
fn an_offer_lapses_when_its_first_shift_begins_and_no_sooner() {
    let lapsed = DutyEvent::SwapLapsed { number: 1 };
    let said = objects("eguchi", "2026-11-25 09:29", lapsed.clone());
    assert!(said.starts_with("NotBegun"), "{said}");
    assert_eq!(objects("eguchi", "2026-11-25 09:30", lapsed), "nothing");
}

#[test]
fn only_an_agreed_swap_is_called_off_or_foretold_and_each_shift_once() {
    let foretold = |wall: &str| DutyEvent::SwapForetold {
        number: 5,
        starts_at: at(wall),
    };
    assert_eq!(
        objects("aoki", NOW, foretold("2026-11-26 09:30")),
        "nothing"
    );
    let said = objects("aoki", NOW, foretold("2026-11-27 09:30"));
    assert!(said.starts_with("NotItsShift"), "{said}");
    let off = |number| DutyEvent::SwapCalledOff { number };
    assert_eq!(objects("aoki", NOW, off(5)), "nothing");
    assert_eq!(objects("aoki", NOW, off(1)), "NoAgreedSwap { number: 1 }");
    let mut desk = busy();
    desk.until("2026-11-25 09:30");
    let line = desk
        .lines
        .iter()
        .find(|line| matches!(line.event, DutyEvent::SwapForetold { number: 5, .. }));
    let again = objection(&desk.book, &line.unwrap().clone());
    assert_eq!(again, Some(Objection::Twice { number: 5 }));
}

#[test]
fn nothing_is_undone_that_is_not_there() {
    for (event, said) in [
        (
            DutyEvent::OverrideRemoved { number: 3 },
            "NoOverride { number: 3 }",
        ),
        (DutyEvent::OverrideRemoved { number: 4 }, "nothing"),
        (DutyEvent::CoverTakenBack { number: 3 }, "nothing"),
        (
            DutyEvent::CoverTakenBack { number: 4 },
            "NoCover { number: 4 }",
        ),
        (
            DutyEvent::CoverDeclined { number: 5 },
            "NoCover { number: 5 }",
        ),
        (
            DutyEvent::AbsenceEnded {
                number: 3,
                ends: day("2026-12-02"),
                waived: false,
            },
            "NoAbsence { number: 3 }",
        ),
        (
            DutyEvent::AbsenceChanged {
                number: 2,
                days: days("2026-12-02", "2026-12-03"),
            },
            "NotOfCalendar { number: 2 }",
        ),
        (
            DutyEvent::GuideAskedAgain {
                rota: "support".to_owned(),
                member: "aoki".into(),
            },
            "NoGuide { member: MemberId(\"aoki\") }",
        ),
    ] {
        assert_eq!(objects("aoki", NOW, event), said);
    }
}

#[test]
fn what_lasts_no_time_or_takes_one_alone_was_never_written() {
    let empty = DutyEvent::OverrideLaid {
        rota: "support".to_owned(),
        member: "aoki".into(),
        span: span("2026-12-01 09:30", "2026-12-01 09:30"),
    };
    assert_eq!(objects("aoki", NOW, empty), "Empty");
    let none = DutyEvent::AbsenceEntered {
        member: "aoki".into(),
        days: Days {
            ends: Some(day("2026-12-01")),
            ..days("2026-12-01", "2026-12-01")
        },
        source: Source::Said,
    };
    assert_eq!(objects("aoki", NOW, none), "Empty");
    let cover = |by: &str, absence| DutyEvent::CoverFound {
        rota: "support".to_owned(),
        by: by.into(),
        of: "aoki".into(),
        absence,
        span: span("2026-12-02 09:30", "2026-12-03 09:30"),
    };
    let said = objects("time", NOW, cover("aoki", 2));
    assert!(said.starts_with("WithThemself"), "{said}");
    assert_eq!(
        objects("time", NOW, cover("inoue", 4)),
        "NoAbsence { number: 4 }"
    );
    assert_eq!(objects("time", NOW, cover("inoue", 2)), "nothing");
}

#[test]
fn what_names_a_member_or_a_rota_that_is_gone_is_loose_until_it_is_behind() {
    let desk = busy();
    let mut team = desk.team();
    team.members.remove(&MemberId::from("aoki"));
    let member = |number| Loose::Member {
        number,
        member: "aoki".into(),
    };
    // The agreed swap, the override, and the absence; eguchi still covers for the one who is away.
    let found = loose(&desk.book, &team, at(NOW));
    assert_eq!(found, [member(5), member(4), member(2)]);
    team.today = day("2026-12-08");
    assert_eq!(loose(&desk.book, &team, at("2026-12-08 09:30")), []);
    let none = BTreeMap::new();
    let mut team = desk.team();
    team.rotas = &none;
    let rota = |number| Loose::Rota {
        number,
        rota: "support".to_owned(),
    };
    let found = loose(&desk.book, &team, at(NOW));
    assert_eq!(found, [rota(1), rota(5), rota(3), rota(4)]);
}

#[test]
fn a_cover_for_somebody_who_is_there_is_loose() {
    let mut desk = busy();
    desk.book.absences.remove(&2);
    let found = loose(&desk.book, &desk.team(), at(NOW));
    let of = "aoki".into();
    assert_eq!(found, [Loose::Cover { number: 3, of }]);
}

#[test]
fn what_time_should_have_brought_is_undone() {
    let desk = busy();
    let by = |wall: &str| -> Vec<String> {
        let all = undone(&desk.book, &desk.team(), at(wall));
        all.iter().map(brief).collect()
    };
    assert_eq!(by(NOW), [""; 0]);
    let late = by("2026-11-25 09:30");
    assert!(late.iter().any(|line| line.contains("lapsed")), "{late:?}");
    let mut bare = busy();
    bare.book.laid.retain(|laid| laid.number != 3);
    let all = undone(&bare.book, &bare.team(), at(NOW));
    let all: Vec<_> = all.iter().map(brief).collect();
    assert_eq!(all, ["eguchi for aoki 12-02"]);
}
