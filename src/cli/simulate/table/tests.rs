#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Person;
use crate::app::simulate::{Column, LeftOut};
use crate::domain::simulate::Figures;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    let names = [("aoki", "青木"), ("inoue", "井上"), ("smith", "Anna Smith")];
    let person = |name: &str| Person {
        name: name.to_owned(),
        chat_ids: HashMap::new(),
        lang: None,
    };
    People {
        members: names
            .iter()
            .map(|(id, name)| (MemberId::from(*id), person(name)))
            .collect(),
        queues: HashMap::from([("support".to_owned(), "サポート".to_owned())]),
        groups: Default::default(),
    }
});

fn trial(queue: Option<&str>) -> Trial {
    Trial {
        from: "2026-09-30T15:00:00Z".parse().unwrap(),
        until: "2026-10-31T15:00:00Z".parse().unwrap(),
        dates: ("2026-10-01".parse().unwrap(), "2026-11-01".parse().unwrap()),
        now: "2026-11-21T01:00:00Z".parse().unwrap(),
        queue: queue.map(Into::into),
        policies: None,
        roster: None,
    }
}

fn kept(met: u64, missed: u64) -> Kept {
    Kept {
        met,
        missed,
        cancelled: 1,
        running: 0,
    }
}

fn called(notices: u64, nights: &[&str], days_off: &[&str]) -> Called {
    let dates = |dates: &[&str]| dates.iter().map(|date| date.parse().unwrap()).collect();
    Called {
        notices,
        outside_hours: notices / 4,
        nights: dates(nights),
        days_off: dates(days_off),
    }
}

fn turns(worked_days: u64, days_off: u64) -> Turns {
    Turns {
        worked_days,
        days_off,
    }
}

fn compared() -> Comparison {
    let was = Figures {
        promises: BTreeMap::from([
            (Clock::FirstResponse, kept(118, 4)),
            (Clock::Claim, kept(120, 2)),
        ]),
        people: BTreeMap::from([
            ("aoki".into(), called(1041, &["2026-10-05"], &[])),
            (
                "smith".into(),
                called(38, &["2026-10-06", "2026-10-09"], &["2026-10-10"]),
            ),
        ]),
        reminders: 61,
        no_contract: 0,
    };
    let would_be = Figures {
        promises: BTreeMap::from([
            (Clock::FirstResponse, kept(105, 17)),
            (Clock::Claim, kept(120, 2)),
            (Clock::Resolution, kept(0, 1)),
        ]),
        people: BTreeMap::from([
            ("aoki".into(), called(998, &[], &[])),
            ("inoue".into(), called(52, &["2026-10-06"], &[])),
        ]),
        reminders: 74,
        no_contract: 0,
    };
    Comparison {
        inquiries: 123,
        recorded: was.clone(),
        as_it_was: Column {
            figures: was,
            turns: [
                ("aoki".into(), turns(11, 4)),
                ("smith".into(), turns(11, 5)),
            ]
            .into(),
        },
        as_it_would_be: Column {
            figures: would_be,
            turns: [
                ("aoki".into(), turns(11, 0)),
                ("inoue".into(), turns(11, 9)),
            ]
            .into(),
        },
        ..Comparison::default()
    }
}

fn shown(lang: Lang, trial: &Trial, compared: &Comparison) -> String {
    let shown = Shown {
        lang,
        trial,
        compared,
        people: &PEOPLE,
        zone: &crate::time::zone("Asia/Tokyo").unwrap(),
        policy: Some("strict"),
        rota: None,
    };
    shown.lines().join("\n")
}

#[test]
fn both_columns_stand_side_by_side_in_both_languages() {
    for lang in Lang::ALL {
        let name = format!("table_{lang}");
        insta::assert_snapshot!(name, shown(lang, &trial(None), &compared()));
    }
}

#[test]
fn what_makes_the_columns_less_sure_is_said_in_both_languages() {
    let mut compared = compared();
    compared.recorded.reminders = 59;
    compared.mismatches = vec![
        Mismatch {
            clock: Some(Clock::Claim),
            recorded: 3,
            replayed: 2,
        },
        Mismatch {
            clock: None,
            recorded: 59,
            replayed: 61,
        },
    ];
    compared.mismatched = vec![Reference(7), Reference(12)];
    compared.refused = BTreeMap::from([
        ("reopened".to_owned(), vec![Reference(31)]),
        ("claimed".to_owned(), (1..=11).map(Reference).collect()),
    ]);
    let not_laid = |what, with: Option<&str>, days: &[&str], why| NotLaid {
        number: 12,
        what,
        who: "aoki".into(),
        with: with.map(MemberId::from),
        days: days.iter().map(|day| day.parse().unwrap()).collect(),
        why,
        spans: Vec::new(),
    };
    let gone = WhyNot::NotInRoster {
        member: "aoki".into(),
    };
    let absent = WhyNot::Absent {
        member: "inoue".into(),
    };
    let days = ["2026-10-06", "2026-10-09"];
    compared.not_laid = vec![
        not_laid(Arranged::Override, None, &days[..1], gone),
        not_laid(Arranged::Swap, Some("inoue"), &days, WhyNot::OtherTurns),
        not_laid(Arranged::Swap, Some("inoue"), &days, absent),
        not_laid(Arranged::Cover, Some("smith"), &days[1..], WhyNot::Refused),
    ];
    compared.left_out = vec![LeftOut {
        inquiry: Reference(40),
        why: "unknown event kind \"teleported\" version 3".to_owned(),
    }];
    for lang in Lang::ALL {
        let said = shown(lang, &trial(Some("support")), &compared);
        let (_, notes) = said.rsplit_once("\n\n").unwrap();
        let window = said.lines().next().unwrap();
        insta::assert_snapshot!(format!("notes_{lang}"), format!("{window}\n\n{notes}"));
    }
}

#[test]
fn an_empty_window_says_so_and_what_to_do() {
    let empty = Comparison::default();
    let said: Vec<String> = Lang::ALL
        .iter()
        .map(|lang| shown(*lang, &trial(Some("support")), &empty))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn wide_letters_take_their_room() {
    let said = shown(Lang::En, &trial(None), &compared());
    let table: Vec<&str> = said
        .lines()
        .skip_while(|line| !line.contains("as it was   as it would be"))
        .take_while(|line| !line.is_empty())
        .filter(|line| line.ends_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert!(table.len() > 10);
    for line in &table {
        assert_eq!(line.width(), table[0].width(), "{line}");
    }
}

#[test]
fn every_act_has_words_of_its_own() {
    let acts = [
        "updated",
        "claimed",
        "assigned",
        "released",
        "taken_over",
        "noted",
        "replied",
        "reply_retracted",
        "reply_failed",
        "heard",
        "no_answer_needed",
        "wait_started",
        "resumed",
        "severity_set",
        "not_urgent",
        "transferred",
        "snoozed",
        "resolved",
        "closed",
        "reopened",
        "teleported",
    ];
    let names: BTreeSet<&str> = acts.iter().map(|act| act_name(act)).collect();
    assert_eq!(names.len(), acts.len());
}

#[test]
fn scripts_get_the_same_numbers() {
    let shown = Shown {
        lang: Lang::En,
        trial: &trial(None),
        compared: &compared(),
        people: &PEOPLE,
        zone: &TimeZone::UTC,
        policy: Some("strict"),
        rota: None,
    };
    insta::assert_json_snapshot!(shown.json());
}
