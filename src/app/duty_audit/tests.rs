#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::wording::{PlainText, Words, sentence};
use crate::i18n::Lang;
use crate::testkit::world::{World, tokyo};
use std::collections::HashMap;

/// A desk with an offer (1), an agreed swap (2, 3), and nothing wrong.
async fn arranged() -> World {
    let world = World::at("2026-11-24 10:00").await;
    for (member, line) in [
        ("eguchi", "swap ueda 11/25 11/30"),
        ("aoki", "swap inoue 11/26 11/27"),
        ("inoue", "accept swap 2"),
    ] {
        world.says(member, line).await;
    }
    assert_eq!(troubles(&world).await, [""; 0]);
    world
}

/// What is wrong now, as the auditor says it.
async fn troubles(world: &World) -> Vec<String> {
    let findings = world.engine.audit().await.unwrap();
    findings.duty.iter().map(ToString::to_string).collect()
}

/// Sets what looks at the book to another time, without anybody looking.
async fn looks_at(world: &World, wall: &str) {
    let store = &world.app.store;
    let at = tokyo(wall);
    store.set_timer(TimerKind::Book, SUBJECT, at).await.unwrap();
}

#[tokio::test]
async fn whoever_turns_or_arranges_needs_a_look() {
    let world = arranged().await;
    let store = &world.app.store;
    for (kind, subject, said) in [
        (
            TimerKind::Book,
            SUBJECT,
            "nothing looks at duty: there is no book timer",
        ),
        (
            TimerKind::Handoff,
            "support",
            "nothing looks at support: there is no handoff timer",
        ),
    ] {
        let timers = store.timers(kind).await.unwrap();
        store.remove_timer(kind, subject).await.unwrap();
        assert_eq!(troubles(&world).await, [said]);
        store.set_timer(kind, subject, timers[0].1).await.unwrap();
        assert_eq!(troubles(&world).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_look_that_is_late_or_comes_too_late_is_said() {
    let world = arranged().await;
    looks_at(&world, "2026-11-24 09:54").await;
    let late = "duty was to be looked at at 2026-11-24T00:54:00Z (book timer)";
    assert_eq!(troubles(&world).await, [late]);
    // The offer lapses at 9:30.
    looks_at(&world, "2026-11-25 09:31").await;
    let said = troubles(&world).await;
    let too_late =
        "duty is not looked at before 2026-11-25T00:31:00Z, which is too late (book timer)";
    assert_eq!(said, [too_late]);
    looks_at(&world, "2026-11-24 09:56").await;
    assert_eq!(troubles(&world).await, [""; 0]);
}

#[tokio::test]
async fn what_became_of_no_swap_in_time_is_said() {
    let world = arranged().await;
    // Somebody keeps moving the look on, and nobody looks.
    for (now, said) in [
        ("2026-11-24 12:00", vec![]),
        (
            "2026-11-25 09:00",
            vec!["swap 1 was to be asked about again at 2026-11-24T"],
        ),
        (
            "2026-11-25 10:00",
            vec![
                "swap 1 was to lapse at 2026-11-25T00:30:00Z and is still open",
                "swap 2: nobody was reminded at 2026-11-25T00:30:00Z of the shift of 2026-11-26T00:30:00Z",
            ],
        ),
    ] {
        world.clock.set(tokyo(now));
        let next = plus(tokyo(now), SignedDuration::from_secs(30));
        let store = &world.app.store;
        store
            .set_timer(TimerKind::Book, SUBJECT, next)
            .await
            .unwrap();
        let found = troubles(&world).await;
        let found: Vec<&String> = found
            .iter()
            .filter(|line| line.starts_with("swap"))
            .collect();
        assert_eq!(found.len(), said.len(), "{found:?}");
        for (found, said) in found.iter().zip(said) {
            assert!(found.starts_with(said), "{found}");
        }
    }
    // And once somebody looks all is well.
    looks_at(&world, "2026-11-25 10:00").await;
    world.until("2026-11-25 10:01").await;
    world.end().await;
}

#[tokio::test]
async fn a_command_at_the_moment_of_a_look_puts_nothing_off() {
    let world = arranged().await;
    world.until("2026-11-25 09:29").await;
    world.clock.set(tokyo("2026-11-25 09:30"));
    // Before anybody has looked: both are to be told of tomorrow's shift now.
    world.says("ueda", "absent 12/10").await;
    world.until("2026-11-25 12:00").await;
    let book = world.app.book(tokyo("2026-11-25 12:00")).await.unwrap();
    let first = tokyo("2026-11-26 09:30");
    assert_eq!(book.book.swaps[&2].foretold, [first]);
    world.end().await;
}

#[tokio::test]
async fn a_book_that_cannot_be_read_is_said_in_healthz_and_to_the_operators() {
    use sqlx::{Connection, SqliteConnection};
    let world = arranged().await;
    world.heard();
    let mut conn = SqliteConnection::connect(&world.url()).await.unwrap();
    let sql = "insert into duty_book (seq, at_ms, actor, via, kind, v, body) \
        select max(seq) + 2, max(at_ms), max(actor), 'test', 'teleported', 1, '{}' from duty_book; \
        update duty_book set body = '{' where kind = 'swap_accepted';";
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    world.clock.set(tokyo("2026-11-24 10:00:10"));
    let found = troubles(&world).await;
    let expected = [
        "line 4 of the duty book is missing, 5 follows",
        "line 3 of the duty book cannot be read",
        "the duty book cannot be read: line 5 of the duty book: unknown event kind \"teleported\" version 1",
    ];
    assert_eq!(found, expected);
    let (_, verdict) = world.engine.health.verdict().unwrap();
    let told = serde_json::to_value(&verdict).unwrap();
    assert_eq!(told["duty"][0], expected[0]);
    world.settle().await;
    let heard = world.heard();
    assert!(heard.contains("当番帳の4行目がなく"), "{heard}");
}

#[tokio::test]
async fn every_trouble_is_a_sentence_in_both_languages() {
    let world = World::at("2026-11-24 10:00").await;
    let at = world.app.clock.now();
    let kinds = [
        (TimerKind::Handoff, "support"),
        (TimerKind::Book, SUBJECT),
        (TimerKind::Absences, "aoki"),
    ];
    let mut all = vec![
        DutyTrouble::Gap {
            missing: 3,
            follows: 4,
        },
        DutyTrouble::Unreadable { seq: 3 },
        DutyTrouble::UnreadableBook {
            why: "line 3".to_owned(),
        },
        DutyTrouble::StillOpen {
            number: 3,
            since: at,
        },
        DutyTrouble::NotAskedAgain {
            number: 3,
            since: at,
        },
        DutyTrouble::NotForetold {
            number: 3,
            starts_at: at,
            since: at,
        },
    ];
    for (kind, subject) in kinds {
        let subject = subject.to_owned();
        all.push(DutyTrouble::NoTimer {
            kind,
            subject: subject.clone(),
        });
        all.push(DutyTrouble::Overdue {
            kind,
            subject: subject.clone(),
            due_at: at,
        });
        all.push(DutyTrouble::TooLate {
            kind,
            subject,
            due_at: at,
        });
    }
    let (texts, mut told) = (HashMap::new(), String::new());
    for lang in Lang::ALL {
        let words = Words {
            lang,
            zone: &world.app.setup.zone,
            now: at,
            texts: &texts,
            people: &world.app.setup.people,
        };
        for trouble in &all {
            told += &sentence(&trouble.message(), &words, &PlainText);
            told.push('\n');
        }
    }
    insta::assert_snapshot!(told);
}
