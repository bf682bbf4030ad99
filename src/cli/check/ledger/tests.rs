#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::World;

fn args(json: bool) -> CheckArgs {
    CheckArgs {
        json,
        lang: Some(Lang::En),
        ledger: true,
        ..CheckArgs::default()
    }
}

/// What is printed about a world; how long it took is cut off.
async fn printed(world: &World, args: &CheckArgs) -> (u8, String) {
    let mut out = Vec::new();
    let code = run(args, &|_| None, &world.app, &mut out).await.unwrap();
    (code, String::from_utf8(out).unwrap())
}

async fn a_day() -> World {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A", |_| {}).await;
    world.receive("B", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world
}

#[tokio::test]
async fn a_sound_ledger_is_counted() {
    let world = a_day().await;
    let (code, said) = printed(&world, &args(false)).await;
    assert_eq!(code, 0, "{said}");
    let (counted, took) = said.split_once(" (").unwrap();
    assert_eq!(
        counted,
        "2 inquiries, 3 events, 0 lines of the duty book, 0 differences"
    );
    assert!(took.ends_with(" s)\n"), "{took}");
    let (code, said) = printed(&world, &args(true)).await;
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &told["ok"]), (0, &json!(true)));
    assert_eq!(told["ledger"]["events"], 3);
    assert_eq!(told["ledger"]["differences"], json!([]));
}

#[test]
fn every_fault_is_a_sentence_in_both_languages() {
    let all = [
        Wrong::Differs {
            field: "doc.severity".to_owned(),
            kept: json!("S1"),
            folded: json!("S2"),
        },
        Wrong::UnreadableLine {
            seq: 7,
            kind: "teleported".to_owned(),
            v: 3,
            why: "unknown event kind \"teleported\" version 3".to_owned(),
        },
        Wrong::Gap {
            seq: 4,
            expected: 3,
        },
        Wrong::UnreadableDocument {
            why: "expected value at line 1 column 1".to_owned(),
        },
        Wrong::NoInquiry,
        Wrong::NoLedger,
        Wrong::NoPolicy {
            policy: "5f".repeat(3),
            why: "it is in no snapshot".to_owned(),
        },
    ];
    let mut told = String::new();
    for lang in Lang::ALL {
        for what in &all {
            let fault = Fault {
                reference: Some(crate::app::ports::Reference(12)),
                inquiry: "0190-a".into(),
                what: what.clone(),
            };
            told += &sentence(lang, &fault);
            told.push('\n');
        }
        for (inquiries, events, differences) in [(100_000, 412_345, 0), (1, 1, 1)] {
            let tally = Tally {
                inquiries,
                events,
                differences,
            };
            told += &total(
                lang,
                &tally,
                &BookTally::default(),
                Duration::from_millis(1250),
            );
            told.push('\n');
        }
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn the_duty_book_is_told_of_too() {
    let world = World::at("2026-11-24 10:00").await;
    world.says("aoki", "absent 12/2").await;
    world
        .app
        .store
        .remove_timer(
            crate::app::ports::TimerKind::Book,
            crate::app::duty_book::SUBJECT,
        )
        .await
        .unwrap();
    let (code, said) = printed(&world, &args(false)).await;
    assert_eq!(code, 1, "{said}");
    let (first, counted) = said.split_once('\n').unwrap();
    assert_eq!(
        first,
        "✗ Duty book: nothing looks at it any more. Restart toban: it sets the timer anew."
    );
    let counted_there = "0 inquiries, 0 events, 2 lines of the duty book, 1 difference (";
    assert!(counted.starts_with(counted_there), "{counted}");
    let (code, said) = printed(&world, &args(true)).await;
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &told["ok"]), (1, &json!(false)));
    let book = json!({ "lines": 2, "differences": [{ "is": "no_timer" }], "notes": [] });
    assert_eq!(told["duty_book"], book);
}

#[tokio::test]
async fn every_fault_of_the_duty_book_is_a_sentence_in_both_languages() {
    use crate::domain::rota::book::{DutyEvent, Loose, Objection, Span};
    let world = World::at("2026-11-24 10:00").await;
    let (at, aoki) = (world.app.clock.now(), || "aoki".into());
    let span = Span {
        starts_at: at,
        ends_at: at,
    };
    let objections = [
        Objection::NoOpenOffer { number: 3 },
        Objection::NoAgreedSwap { number: 3 },
        Objection::NotAsked {
            number: 3,
            who: aoki(),
        },
        Objection::Twice { number: 3 },
        Objection::HadBegun { starts_at: at },
        Objection::NotBegun { starts_at: at },
        Objection::NotItsShift {
            number: 3,
            starts_at: at,
        },
        Objection::NoAbsence { number: 3 },
        Objection::NotOfCalendar { number: 3 },
        Objection::NoOverride { number: 3 },
        Objection::NoCover { number: 3 },
        Objection::WithThemself { member: aoki() },
        Objection::Empty,
        Objection::NoGuide { member: aoki() },
    ];
    let mut faults = vec![
        BookFault::Gap {
            seq: 4,
            expected: 3,
        },
        BookFault::Unreadable {
            seq: 7,
            kind: "teleported".to_owned(),
            v: 3,
            why: "unknown event kind \"teleported\" version 3".to_owned(),
        },
        BookFault::Differs {
            what: "rota support".to_owned(),
        },
        BookFault::NoTimer,
        BookFault::LateTimer {
            kept: at,
            folded: at,
        },
    ];
    for event in [
        DutyEvent::SwapLapsed { number: 3 },
        DutyEvent::CoverMissing {
            rota: "support".to_owned(),
            of: aoki(),
            absence: 3,
            span,
        },
        DutyEvent::GuideRead { member: aoki() },
    ] {
        let kind = crate::app::duty_book::to_stored(&event).0;
        let event = Box::new(event);
        faults.push(BookFault::Undone { kind, event });
    }
    faults.extend(objections.map(|why| BookFault::Refused {
        seq: 8,
        kind: "swap_accepted".to_owned(),
        why,
    }));
    let notes = [
        Loose::Member {
            number: 3,
            member: "kato".into(),
        },
        Loose::Rota {
            number: 3,
            rota: "night".to_owned(),
        },
        Loose::Cover {
            number: 3,
            of: aoki(),
        },
    ];
    let (texts, mut told) = (HashMap::new(), String::new());
    for lang in Lang::ALL {
        let words = Words {
            lang,
            zone: &world.app.setup.zone,
            now: at,
            texts: &texts,
            people: &world.app.setup.people,
        };
        for fault in &faults {
            told += &format!("✗ {}\n", book::fault_said(fault, &words));
        }
        for note in &notes {
            told += &format!("! {}\n", book::note_said(note, &words));
        }
    }
    insta::assert_snapshot!(told);
}
