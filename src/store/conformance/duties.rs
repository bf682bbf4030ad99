//! Second duties, and the revisions of feeds.

use super::{Ground, both};
use crate::app::ports::{FeedShift, SecondDuty};
use crate::testkit::inquiry::{card_post, second};
use std::collections::BTreeMap;

both! {
    the_last_change_of_a_second_duty_is_the_one_that_holds
    of_two_who_call_a_second_at_once_one_does_and_says_so
    a_shift_that_changes_goes_one_up_and_others_stay
    of_two_who_notice_a_change_one_counts_it
    what_ended_long_ago_is_forgotten
}

fn joins(number: u32, member: Option<&str>) -> SecondDuty {
    SecondDuty {
        queue: "support".into(),
        number,
        member: member.map(Into::into),
        turn_at: second(0),
        at: second(i64::from(number)),
    }
}

async fn the_last_change_of_a_second_duty_is_the_one_that_holds(ground: Ground) {
    let store = &ground.store;
    let queue = "support".into();
    assert_eq!(store.second_duty(&queue).await.unwrap(), None);
    for change in [joins(1, Some("aoki")), joins(2, None)] {
        assert!(store.add_second_duty(&change, vec![]).await.unwrap());
        assert_eq!(store.second_duty(&queue).await.unwrap(), Some(change));
    }
    assert_eq!(store.second_duty(&"billing".into()).await.unwrap(), None);
}

async fn of_two_who_call_a_second_at_once_one_does_and_says_so(ground: Ground) {
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let mut post = card_post(&format!("i{n}"), second(0));
                post.inquiry = None;
                let change = joins(1, Some("aoki"));
                store.add_second_duty(&change, vec![post]).await.unwrap()
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap());
    }
    let said = ground.store.outbox(&[], 10).await.unwrap();
    assert_eq!((won, said.len()), (1, 1));
}

fn shift(uid: &str, hash: &str, ends: i64) -> FeedShift {
    FeedShift {
        uid: uid.to_owned(),
        hash: hash.to_owned(),
        ends_at: second(ends),
    }
}

/// Shows shifts at a second, forgetting what ended before another; sequence and second of change by id.
async fn shown(
    ground: &Ground,
    shifts: &[FeedShift],
    at: i64,
    forget: i64,
) -> BTreeMap<String, (u32, i64)> {
    let store = &ground.store;
    let revisions = store.revise_feed(shifts, second(at), second(forget)).await;
    let beginning = second(0).as_millisecond();
    let seconds = |at: crate::time::Timestamp| (at.as_millisecond() - beginning) / 1_000;
    let revisions = revisions.unwrap().into_iter();
    revisions
        .map(|(uid, it)| (uid, (it.sequence, seconds(it.modified_at))))
        .collect()
}

fn known(all: &[(&str, (u32, i64))]) -> BTreeMap<String, (u32, i64)> {
    all.iter()
        .map(|(uid, revision)| ((*uid).to_owned(), *revision))
        .collect()
}

async fn a_shift_that_changes_goes_one_up_and_others_stay(ground: Ground) {
    let first = [shift("a", "青木", 100), shift("b", "井上", 200)];
    assert_eq!(
        shown(&ground, &first, 1, 0).await,
        known(&[("a", (0, 1)), ("b", (0, 1))])
    );
    let changed = [shift("a", "青木", 100), shift("b", "上田", 200)];
    let expected = known(&[("a", (0, 1)), ("b", (1, 2))]);
    assert_eq!(shown(&ground, &changed, 2, 0).await, expected);
    assert_eq!(shown(&ground, &changed, 3, 0).await, expected);
    // Back to what it was is a change too.
    assert_eq!(
        shown(&ground, &first, 4, 0).await,
        known(&[("a", (0, 1)), ("b", (2, 4))])
    );
    assert_eq!(shown(&ground, &[], 5, 0).await, known(&[]));
}

async fn of_two_who_notice_a_change_one_counts_it(ground: Ground) {
    shown(&ground, &[shift("a", "青木", 100)], 1, 0).await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let changed = [shift("a", "上田", 100)];
                let all = store.revise_feed(&changed, second(2), second(0)).await;
                all.unwrap()["a"].sequence
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 1);
    }
}

async fn what_ended_long_ago_is_forgotten(ground: Ground) {
    let old = [shift("a", "青木", 10)];
    shown(&ground, &old, 1, 0).await;
    shown(&ground, &[shift("a", "上田", 10)], 2, 0).await;
    // Something new is written, and what ended before second 50 goes.
    shown(&ground, &[shift("b", "井上", 100)], 60, 50).await;
    assert_eq!(shown(&ground, &old, 61, 0).await, known(&[("a", (0, 61))]));
}
