//! Timers: leases, fences, and what a commit does to a lease.

use super::{Ground, both};
use crate::app::ports::{TimerKind, TimerLease};
use crate::testkit::inquiry::{claimed, second};
use std::collections::HashSet;
use std::time::Duration;

both! {
    due_rows_are_leased_earliest_first
    a_row_that_is_not_due_is_not_leased
    other_kinds_are_left_alone
    a_limit_takes_the_earliest
    a_leased_row_is_nobody_elses
    an_ended_lease_can_be_taken_over_and_fences_the_late_one
    two_holders_never_lease_the_same_row
    a_finished_row_waits_for_its_next_instant
    a_finished_row_without_a_next_instant_is_gone
    a_commit_ends_the_lease_and_keeps_its_own_deadline
    a_row_that_went_and_came_back_fences_the_old_lease
    a_row_that_somebody_holds_is_not_moved
    ensuring_moves_nothing
    a_removed_row_is_gone
    the_next_instant_is_the_earliest_unleased
    an_inquiry_shows_the_instant_its_row_is_set_to
}

const MINUTE: Duration = Duration::from_secs(60);
/// A lease that has ended when it begins: nothing here waits.
const ENDED: Duration = Duration::ZERO;

impl Ground {
    async fn lease(&self, kinds: &[TimerKind], now: i64, lease: Duration) -> Vec<TimerLease> {
        self.store
            .lease_timers(kinds, second(now), "here", lease, 10)
            .await
            .unwrap()
    }

    async fn set(&self, kind: TimerKind, subject: &str, at: i64) {
        self.store
            .set_timer(kind, subject, second(at))
            .await
            .unwrap();
    }
}

fn subjects(leases: &[TimerLease]) -> Vec<&str> {
    leases.iter().map(|lease| lease.subject.as_str()).collect()
}

async fn due_rows_are_leased_earliest_first(ground: Ground) {
    ground.set(TimerKind::Poll, "b", 2).await;
    ground.set(TimerKind::Handoff, "c", 1).await;
    ground.set(TimerKind::Poll, "a", 2).await;
    let leases = ground.lease(&TimerKind::ALL, 2, MINUTE).await;
    assert_eq!(subjects(&leases), ["c", "a", "b"]);
    assert_eq!(leases[0].kind, TimerKind::Handoff);
    assert_eq!(leases[0].due_at, second(1));
}

async fn a_row_that_is_not_due_is_not_leased(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 10).await;
    assert_eq!(ground.lease(&TimerKind::ALL, 9, MINUTE).await, []);
    assert_eq!(ground.lease(&TimerKind::ALL, 10, MINUTE).await.len(), 1);
}

async fn other_kinds_are_left_alone(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 1).await;
    ground.set(TimerKind::Handoff, "a", 1).await;
    let leases = ground
        .lease(&[TimerKind::Handoff, TimerKind::Opening], 5, MINUTE)
        .await;
    assert_eq!(leases.len(), 1);
    assert_eq!(leases[0].kind, TimerKind::Handoff);
    assert_eq!(ground.lease(&[], 5, MINUTE).await, []);
}

async fn a_limit_takes_the_earliest(ground: Ground) {
    for n in 0..5 {
        ground.set(TimerKind::Poll, &format!("s{n}"), 5 - n).await;
    }
    let leases = ground
        .store
        .lease_timers(&TimerKind::ALL, second(9), "here", MINUTE, 2)
        .await
        .unwrap();
    assert_eq!(subjects(&leases), ["s4", "s3"]);
}

async fn a_leased_row_is_nobody_elses(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 1).await;
    assert_eq!(ground.lease(&TimerKind::ALL, 1, MINUTE).await.len(), 1);
    // However far the business clock runs: leases have their own.
    assert_eq!(ground.lease(&TimerKind::ALL, 1_000_000, MINUTE).await, []);
}

async fn an_ended_lease_can_be_taken_over_and_fences_the_late_one(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 1).await;
    let late = ground.lease(&TimerKind::ALL, 1, ENDED).await.remove(0);
    let present = ground.lease(&TimerKind::ALL, 1, MINUTE).await.remove(0);
    assert!(present.epoch > late.epoch);
    let store = &ground.store;
    assert!(!store.finish_timer(&late, Some(second(50))).await.unwrap());
    assert!(!store.finish_timer(&late, None).await.unwrap());
    assert!(
        store
            .finish_timer(&present, Some(second(60)))
            .await
            .unwrap()
    );
    assert_eq!(
        store.timers(TimerKind::Poll).await.unwrap(),
        [("a".to_owned(), second(60))]
    );
}

async fn two_holders_never_lease_the_same_row(ground: Ground) {
    for n in 0..60 {
        ground.set(TimerKind::Poll, &format!("s{n}"), 1).await;
    }
    let holders: Vec<_> = (0..8)
        .map(|n| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let mut all = Vec::new();
                loop {
                    let some = store
                        .lease_timers(&TimerKind::ALL, second(1), &format!("h{n}"), MINUTE, 3)
                        .await
                        .unwrap();
                    if some.is_empty() {
                        return all;
                    }
                    all.extend(some);
                }
            })
        })
        .collect();
    let mut leased = Vec::new();
    for holder in holders {
        leased.extend(holder.await.unwrap());
    }
    let distinct: HashSet<_> = leased.iter().map(|lease| &lease.subject).collect();
    assert_eq!(leased.len(), distinct.len(), "a row was leased twice");
    // Rows that another claimer had locked were skipped, not lost.
    let rest = ground
        .store
        .lease_timers(&TimerKind::ALL, second(1), "rest", MINUTE, 100)
        .await
        .unwrap();
    assert_eq!(leased.len() + rest.len(), 60);
}

async fn a_finished_row_waits_for_its_next_instant(ground: Ground) {
    ground.set(TimerKind::Handoff, "a", 1).await;
    let lease = ground.lease(&TimerKind::ALL, 1, MINUTE).await.remove(0);
    assert!(
        ground
            .store
            .finish_timer(&lease, Some(second(9)))
            .await
            .unwrap()
    );
    assert_eq!(ground.lease(&TimerKind::ALL, 8, MINUTE).await, []);
    assert_eq!(ground.lease(&TimerKind::ALL, 9, MINUTE).await.len(), 1);
    // The first lease is spent.
    assert!(!ground.store.finish_timer(&lease, None).await.unwrap());
}

async fn a_finished_row_without_a_next_instant_is_gone(ground: Ground) {
    ground.set(TimerKind::Handoff, "a", 1).await;
    let lease = ground.lease(&TimerKind::ALL, 1, MINUTE).await.remove(0);
    assert!(ground.store.finish_timer(&lease, None).await.unwrap());
    assert_eq!(ground.store.timers(TimerKind::Handoff).await.unwrap(), []);
    assert!(!ground.store.finish_timer(&lease, None).await.unwrap());
}

async fn a_commit_ends_the_lease_and_keeps_its_own_deadline(ground: Ground) {
    let stored = ground.receive("a").await;
    let lease = ground.lease(&TimerKind::ALL, 3600, MINUTE).await.remove(0);
    let mut claim = claimed(&stored.inquiry, "aoki", second(3600));
    // Not even a deadline that stays as it was may be overwritten by the one who had the lease.
    claim.deadline = stored.deadline;
    ground.commit(claim.clone()).await;
    let store = &ground.store;
    assert!(
        !store
            .finish_timer(&lease, Some(second(9999)))
            .await
            .unwrap()
    );
    assert!(!store.finish_timer(&lease, None).await.unwrap());
    assert_eq!(ground.stored("a").await.deadline, claim.deadline);
    let again = ground.lease(&TimerKind::ALL, 3600, MINUTE).await;
    assert_eq!(subjects(&again), ["a"]);
    assert!(again[0].epoch > lease.epoch);
}

async fn a_row_that_went_and_came_back_fences_the_old_lease(ground: Ground) {
    let stored = ground.receive("a").await;
    let lease = ground.lease(&TimerKind::ALL, 3600, MINUTE).await.remove(0);
    let mut without = claimed(&stored.inquiry, "aoki", second(1));
    without.deadline = None;
    ground.commit(without.clone()).await;
    let mut back = claimed(&without.inquiry, "aoki", second(2));
    back.deadline = stored.deadline;
    ground.commit(back).await;
    let now = ground.lease(&TimerKind::ALL, 3600, MINUTE).await.remove(0);
    assert_eq!(now.due_at, lease.due_at);
    assert!(!ground.store.finish_timer(&lease, None).await.unwrap());
    assert!(ground.store.finish_timer(&now, None).await.unwrap());
}

async fn a_row_that_somebody_holds_is_not_moved(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 1).await;
    let lease = ground.lease(&TimerKind::ALL, 1, MINUTE).await.remove(0);
    ground.set(TimerKind::Poll, "a", 2).await;
    assert_eq!(ground.lease(&TimerKind::ALL, 2, MINUTE).await, []);
    let next = Some(second(9));
    assert!(ground.store.finish_timer(&lease, next).await.unwrap());
    ground.set(TimerKind::Poll, "a", 5).await;
    // A lease that has ended holds nothing, and its late holder is fenced.
    let late = ground
        .lease(&TimerKind::ALL, 5, Duration::ZERO)
        .await
        .remove(0);
    ground.set(TimerKind::Poll, "a", 3).await;
    assert!(!ground.store.finish_timer(&late, None).await.unwrap());
    assert_eq!(ground.lease(&TimerKind::ALL, 3, MINUTE).await.len(), 1);
}

async fn ensuring_moves_nothing(ground: Ground) {
    for at in [5, 1, 9] {
        ground
            .store
            .ensure_timer(TimerKind::Opening, "support", second(at))
            .await
            .unwrap();
    }
    assert_eq!(
        ground.store.timers(TimerKind::Opening).await.unwrap(),
        [("support".to_owned(), second(5))]
    );
}

async fn a_removed_row_is_gone(ground: Ground) {
    ground.set(TimerKind::Poll, "a", 1).await;
    ground.set(TimerKind::Poll, "b", 1).await;
    for _ in 0..2 {
        ground
            .store
            .remove_timer(TimerKind::Poll, "a")
            .await
            .unwrap();
    }
    assert_eq!(
        ground.store.timers(TimerKind::Poll).await.unwrap(),
        [("b".to_owned(), second(1))]
    );
}

async fn the_next_instant_is_the_earliest_unleased(ground: Ground) {
    let store = &ground.store;
    assert_eq!(store.next_timer(&TimerKind::ALL).await.unwrap(), None);
    ground.set(TimerKind::Poll, "a", 1).await;
    ground.set(TimerKind::Handoff, "b", 5).await;
    assert_eq!(
        store.next_timer(&TimerKind::ALL).await.unwrap(),
        Some(second(1))
    );
    assert_eq!(
        store.next_timer(&[TimerKind::Handoff]).await.unwrap(),
        Some(second(5))
    );
    assert_eq!(store.next_timer(&[]).await.unwrap(), None);
    ground.lease(&TimerKind::ALL, 1, MINUTE).await;
    assert_eq!(
        store.next_timer(&TimerKind::ALL).await.unwrap(),
        Some(second(5))
    );
}

async fn an_inquiry_shows_the_instant_its_row_is_set_to(ground: Ground) {
    ground.receive("a").await;
    ground.set(TimerKind::Inquiry, "a", 7).await;
    assert_eq!(ground.stored("a").await.deadline, Some(second(7)));
    let lease = ground.lease(&TimerKind::ALL, 7, MINUTE).await.remove(0);
    ground
        .store
        .finish_timer(&lease, Some(second(8)))
        .await
        .unwrap();
    assert_eq!(ground.stored("a").await.deadline, Some(second(8)));
    ground
        .store
        .remove_timer(TimerKind::Inquiry, "a")
        .await
        .unwrap();
    assert_eq!(ground.stored("a").await.deadline, None);
    ground
        .store
        .ensure_timer(TimerKind::Inquiry, "a", second(9))
        .await
        .unwrap();
    ground
        .store
        .ensure_timer(TimerKind::Inquiry, "a", second(10))
        .await
        .unwrap();
    assert_eq!(ground.stored("a").await.deadline, Some(second(9)));
}
