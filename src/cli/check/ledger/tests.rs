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
    assert_eq!(counted, "2 inquiries, 3 events, 0 differences");
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
            told += &total(lang, &tally, Duration::from_millis(1250));
            told.push('\n');
        }
    }
    insta::assert_snapshot!(told);
}
