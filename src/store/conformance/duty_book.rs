//! The duty book: lines that are added once, with what they say and when to look again.

use super::{Ground, both};
use crate::app::ports::{NewOutbox, TimerKind};
use crate::domain::inquiry::Actor;
use crate::domain::rota::book::{DutyEntry, DutyEvent, Span};
use crate::testkit::inquiry::{received, second};
use std::time::Duration;

both! {
    lines_are_read_in_order_from_where_one_was
    of_two_that_add_the_same_line_one_wins
    what_is_said_is_there_only_with_its_lines
    a_command_key_is_taken_once
    the_timer_goes_with_the_lines_and_ends_a_lease
    overrides_of_before_are_the_first_lines
}

fn line(seq: u64, key: Option<&str>) -> DutyEntry {
    DutyEntry {
        seq,
        at: second(i64::try_from(seq).unwrap()),
        actor: Actor::Member("aoki".into()),
        via: "desk".to_owned(),
        command_key: key.map(str::to_owned),
        event: DutyEvent::OverrideLaid {
            rota: "support".to_owned(),
            member: "inoue".into(),
            span: Span {
                starts_at: second(10),
                ends_at: second(20),
            },
        },
    }
}

fn saying(key: &str) -> Vec<NewOutbox> {
    let mut rows = received("x", "x", second(0)).outbox;
    rows.truncate(1);
    for row in &mut rows {
        row.id = key.to_owned();
        row.key = key.to_owned();
        row.inquiry = None;
    }
    rows
}

async fn lines_are_read_in_order_from_where_one_was(ground: Ground) {
    let store = &ground.store;
    let all = [line(1, Some("a")), line(2, None), line(3, Some("b"))];
    assert!(
        store
            .add_to_duty_book(0, &all[..2], vec![], None)
            .await
            .unwrap()
    );
    assert!(
        store
            .add_to_duty_book(2, &all[2..], vec![], None)
            .await
            .unwrap()
    );
    assert_eq!(store.duty_book(0).await.unwrap(), all);
    assert_eq!(store.duty_book(2).await.unwrap(), all[2..]);
    assert_eq!(store.duty_book(3).await.unwrap(), []);
}

async fn of_two_that_add_the_same_line_one_wins(ground: Ground) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let lines = [line(1, Some(&format!("k{n}"))), line(2, None)];
                store
                    .add_to_duty_book(0, &lines, saying(&format!("s{n}")), None)
                    .await
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap().unwrap());
    }
    assert_eq!(won, 1);
    assert_eq!(ground.store.duty_book(0).await.unwrap().len(), 2);
    assert_eq!(ground.store.outbox(&[], 10).await.unwrap().len(), 1);
}

async fn what_is_said_is_there_only_with_its_lines(ground: Ground) {
    let store = &ground.store;
    assert!(
        store
            .add_to_duty_book(0, &[line(1, None)], saying("a"), None)
            .await
            .unwrap()
    );
    assert!(
        !store
            .add_to_duty_book(0, &[line(1, None)], saying("b"), None)
            .await
            .unwrap()
    );
    let said = store.outbox(&[], 10).await.unwrap();
    assert_eq!(
        said.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(),
        ["a"]
    );
}

async fn a_command_key_is_taken_once(ground: Ground) {
    let store = &ground.store;
    assert!(
        store
            .add_to_duty_book(0, &[line(1, Some("k"))], vec![], None)
            .await
            .unwrap()
    );
    assert!(
        !store
            .add_to_duty_book(1, &[line(2, Some("k"))], vec![], None)
            .await
            .unwrap()
    );
    assert_eq!(store.duty_book(0).await.unwrap(), [line(1, Some("k"))]);
}

async fn the_timer_goes_with_the_lines_and_ends_a_lease(ground: Ground) {
    let store = &ground.store;
    let due = async || store.timers(TimerKind::Book).await.unwrap();
    store
        .add_to_duty_book(0, &[line(1, None)], vec![], Some(second(5)))
        .await
        .unwrap();
    let subject = crate::app::duty_book::SUBJECT.to_owned();
    assert_eq!(due().await, [(subject.clone(), second(5))]);
    let kinds = [TimerKind::Book];
    let minute = Duration::from_mins(1);
    let leased = store
        .lease_timers(&kinds, second(6), "one", minute, 10)
        .await
        .unwrap();
    store
        .add_to_duty_book(1, &[line(2, None)], vec![], Some(second(7)))
        .await
        .unwrap();
    // What was due at the fifth second has not been done.
    assert_eq!(due().await, [(subject.clone(), second(5))]);
    // The holder worked it out without the second line.
    assert!(
        !store
            .finish_timer(&leased[0], Some(second(99)))
            .await
            .unwrap()
    );
    assert_eq!(due().await, [(subject, second(5))]);
    // Who loses moves nothing.
    store
        .add_to_duty_book(1, &[line(2, None)], vec![], Some(second(1)))
        .await
        .unwrap();
    assert_eq!(due().await[0].1, second(5));
    store
        .add_to_duty_book(2, &[line(3, None)], vec![], Some(second(4)))
        .await
        .unwrap();
    assert_eq!(due().await[0].1, second(4));
    let leased = store
        .lease_timers(&kinds, second(8), "two", minute, 10)
        .await
        .unwrap();
    assert_eq!(leased.len(), 1);
}

/// A database as it was before the book: its table of overrides, and no book.
async fn overrides_of_before_are_the_first_lines(ground: Ground) {
    let big = if ground.is_sqlite() {
        "integer"
    } else {
        "bigint"
    };
    ground
        .harm(&format!(
            "drop table duty_book; create table overrides (id text primary key, rota text not null, \
             member text not null, starts_at_ms {big} not null, ends_at_ms {big} not null, made_by text, \
             created_at_ms {big} not null, removed_at_ms {big}); \
             insert into overrides values ('b', 'night', 'baba', 5000, 9000, 'aoki', 1000, null), \
             ('a', 'night', '千葉\"''', 1000, 4000, null, 2000, 3000), ('c', 'day', 'doi', 2000, 5000, 'aoki', 500, null); \
             delete from _sqlx_migrations where version = 12;"
        ))
        .await;
    let ground = ground.reopen().await;
    let at = crate::time::from_ms;
    let laid = |rota: &str, member: &str, from, until| DutyEvent::OverrideLaid {
        rota: rota.to_owned(),
        member: member.into(),
        span: Span {
            starts_at: at(from),
            ends_at: at(until),
        },
    };
    let lines = ground.store.duty_book(0).await.unwrap();
    let said: Vec<_> = lines
        .into_iter()
        .map(|line| (line.seq, line.at, line.actor, line.event))
        .collect();
    let aoki = Actor::Member("aoki".into());
    // In the order in which they lay over each other: by their start.
    assert_eq!(
        said,
        [
            (
                1,
                at(2000),
                Actor::System,
                laid("night", "千葉\"'", 1000, 4000)
            ),
            (2, at(500), aoki.clone(), laid("day", "doi", 2000, 5000)),
            (3, at(1000), aoki, laid("night", "baba", 5000, 9000)),
            (
                4,
                at(3000),
                Actor::System,
                DutyEvent::OverrideRemoved { number: 1 }
            ),
        ]
    );
}
