#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::postgres::fresh_database;
use crate::testkit::world::{STORY, World, tokyo};
use std::sync::Arc;

/// Swaps and an absence, and what the next days bring: 1 offered, 2 away, 3 covered, 4 accepted.
async fn arranged(world: &World) {
    for (member, line) in [
        ("aoki", "swap inoue 11/26 11/27"),
        ("aoki", "absent 12/2"),
        ("inoue", "accept swap 1"),
    ] {
        world.says(member, line).await;
    }
    world.until("2026-11-24 12:00").await;
}

async fn looked(app: &App) -> (BookTally, Vec<BookFault>, Vec<BookNote>) {
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    let tally = app
        .refold_book(&mut |it| faults.push(it), &mut |it| notes.push(it))
        .await;
    (tally.unwrap(), faults, notes)
}

/// Does to a world's database what toban never would.
async fn harm(world: &World, sql: &'static str) {
    use sqlx::{Connection, SqliteConnection};
    let mut conn = SqliteConnection::connect(&world.url()).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// What is found by a process that reads a harmed book for the first time.
async fn found(sql: &'static str) -> Vec<BookFault> {
    let world = World::at("2026-11-24 10:00").await;
    arranged(&world).await;
    harm(&world, sql).await;
    let mut app = world.app.clone();
    app.shelf = Arc::default();
    looked(&app).await.1
}

#[tokio::test]
async fn a_sound_book_differs_in_nothing() {
    let world = World::at("2026-11-24 10:00").await;
    arranged(&world).await;
    let (tally, faults, notes) = looked(&world.app).await;
    assert_eq!((faults, notes), (vec![], vec![]));
    assert_eq!((tally.lines, tally.differences, tally.notes), (4, 0, 0));
    world.until("2026-12-04 12:00").await;
    let (tally, faults, notes) = looked(&world.app).await;
    assert_eq!((faults, notes), (vec![], vec![]));
    assert!(tally.lines > 4, "{tally:?}");
}

#[tokio::test]
async fn on_postgres_too() {
    let database = fresh_database("refold_book").await;
    let folder = tempfile::tempdir().unwrap().path().join("nothing");
    let world = World::on(&database.url, STORY, "2026-11-24 10:00", folder).await;
    arranged(&world).await;
    let (tally, faults, _) = looked(&world.app).await;
    assert_eq!((tally.lines, faults), (4, vec![]));
    world.end().await;
}

#[tokio::test]
async fn a_line_that_is_missing_or_cannot_be_read_ends_the_fold() {
    assert_eq!(
        found("delete from duty_book where seq = 2").await,
        [BookFault::Gap {
            seq: 3,
            expected: 2
        }]
    );
    assert_eq!(
        found("update duty_book set kind = 'teleported', v = 3 where seq = 2").await,
        [BookFault::Unreadable {
            seq: 2,
            kind: "teleported".to_owned(),
            v: 3,
            why: "unknown event kind \"teleported\" version 3".to_owned(),
        }]
    );
    for sql in [
        "update duty_book set body = '{' where seq = 3",
        "update duty_book set actor = 'nobody' where seq = 3",
    ] {
        let faults = found(sql).await;
        assert!(
            matches!(faults[..], [BookFault::Unreadable { seq: 3, .. }]),
            "{faults:?}"
        );
    }
}

#[tokio::test]
async fn a_line_that_the_rules_refuse_is_named() {
    let faults = found("update duty_book set body = '{\"number\":2}' where seq = 4").await;
    let refused = BookFault::Refused {
        seq: 4,
        kind: "swap_accepted".to_owned(),
        why: Objection::NoOpenOffer { number: 2 },
    };
    assert_eq!(faults, [refused]);
}

#[tokio::test]
async fn what_the_desk_goes_by_is_compared_with_the_lines() {
    let world = World::at("2026-11-24 10:00").await;
    arranged(&world).await;
    // The desk has read the line as it was.
    harm(
        &world,
        "update duty_book set body = replace(body, 'eguchi', 'inoue') where seq = 3",
    )
    .await;
    let differs = |what: &str| BookFault::Differs {
        what: what.to_owned(),
    };
    let (_, faults, _) = looked(&world.app).await;
    let expected = [
        differs("the folded book"),
        differs("what lies over rota support"),
    ];
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn the_book_is_looked_at_when_something_is_due() {
    assert_eq!(
        found("delete from timers where kind = 'book'").await,
        [BookFault::NoTimer]
    );
    let late = "update timers set due_at_ms = due_at_ms + 3600000 where kind = 'book'";
    assert_eq!(
        found(late).await,
        [BookFault::LateTimer {
            kept: tokyo("2026-11-25 10:30"),
            folded: tokyo("2026-11-25 09:30"),
        }]
    );
    // To be looked at at once is never wrong.
    assert_eq!(
        found("update timers set due_at_ms = 1000 where kind = 'book'").await,
        []
    );
}

#[tokio::test]
async fn what_time_should_have_brought_is_named() {
    // The cover is gone, and the book ends before the acceptance.
    let faults = found("delete from duty_book where seq > 2").await;
    assert!(
        matches!(&faults[..], [BookFault::Undone { kind, event }] if kind == "cover_found"
            && matches!(&**event, DutyEvent::CoverFound { of, .. } if of.as_str() == "aoki")),
        "{faults:?}"
    );
}

#[tokio::test]
async fn who_has_left_is_a_note_and_no_fault() {
    let world = World::at("2026-11-24 10:00").await;
    arranged(&world).await;
    let without = STORY
        .replacen("[[member]]\nid = \"aoki\"\nname = \"青木\"\n", "", 1)
        .replacen("[\"aoki\", ", "[", 1);
    let world = world.restarted(&without).await;
    let (tally, faults, notes) = looked(&world.app).await;
    assert_eq!(faults, []);
    let gone = |number| Loose::Member {
        number,
        member: "aoki".into(),
    };
    assert_eq!(notes, [gone(1), gone(2)]);
    assert_eq!((tally.differences, tally.notes), (0, 2));
}
