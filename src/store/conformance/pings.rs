//! Mentions: counted with the commit that makes them, and what was held back told once.

use super::{Ground, both};
use crate::app::ports::{Changes, CommitError, Delivery, Held, NewOutbox, Ping, TimerKind};
use crate::domain::notice::Message;
use crate::testkit::inquiry::{card_post, claimed, place, received, second};
use std::time::Duration;

both! {
    a_mention_is_counted_with_its_commit
    a_commit_that_loses_counts_nothing
    what_was_held_back_is_listed_and_not_counted
    what_was_held_back_sets_a_timer_and_ends_its_lease
    what_was_held_back_is_told_once
    what_was_held_back_is_told_in_parts
    old_mentions_are_forgotten_and_what_nobody_was_told_is_not
}

const MINUTE: Duration = Duration::from_secs(60);

fn ping(key: &str, member: &str, at: i64, is_held: bool) -> Ping {
    Ping {
        key: key.to_owned(),
        member: member.into(),
        queue: "support".into(),
        inquiry: "a".into(),
        at: second(at),
        held: is_held.then(|| Held {
            message: Message::new("notice-received"),
            tell_at: second(3_600),
        }),
    }
}

fn calling(mut changes: Changes, pings: Vec<Ping>) -> Changes {
    changes.pings = pings;
    changes
}

impl Ground {
    async fn call(&self, id: &str, pings: Vec<Ping>) {
        self.commit(calling(received(id, id, second(0)), pings))
            .await;
    }

    async fn said(&self, member: &str, from: i64) -> Vec<String> {
        let said = self.store.pings_since(&member.into(), second(from)).await;
        let mut said = said.unwrap();
        said.sort();
        said
    }

    async fn held(&self, member: &str) -> Vec<String> {
        let held = self
            .store
            .held_untold(&member.into(), &"support".into(), 9)
            .await;
        held.unwrap().into_iter().map(|ping| ping.key).collect()
    }
}

async fn a_mention_is_counted_with_its_commit(ground: Ground) {
    let pings = vec![ping("k1", "aoki", 1, false), ping("k1", "ueda", 1, false)];
    ground.call("a", pings).await;
    ground.call("b", vec![ping("k2", "aoki", 2, false)]).await;
    assert_eq!(ground.said("aoki", 0).await, ["k1", "k2"]);
    assert_eq!(ground.said("aoki", 2).await, ["k2"], "from the instant on");
    assert_eq!(ground.said("ueda", 0).await, ["k1"]);
    assert_eq!(ground.said("inoue", 0).await, Vec::<String>::new());
}

async fn a_commit_that_loses_counts_nothing(ground: Ground) {
    let stale = ground.receive("a").await.inquiry;
    ground.commit(claimed(&stale, "aoki", second(1))).await;
    let late = calling(
        claimed(&stale, "inoue", second(1)),
        vec![ping("k1", "aoki", 1, false)],
    );
    assert!(matches!(
        ground.store.commit(late).await,
        Err(CommitError::Conflict)
    ));
    assert_eq!(ground.said("aoki", 0).await, Vec::<String>::new());
}

async fn what_was_held_back_is_listed_and_not_counted(ground: Ground) {
    let pings = vec![ping("k2", "aoki", 2, true), ping("k1", "aoki", 1, true)];
    ground.call("a", pings).await;
    assert_eq!(ground.said("aoki", 0).await, Vec::<String>::new());
    assert_eq!(ground.held("aoki").await, ["k1", "k2"], "oldest first");
    let since = ground.store.held_since(&"aoki".into(), second(2)).await;
    let since = since.unwrap();
    assert_eq!(since.len(), 1);
    assert_eq!(since[0].message, Message::new("notice-received"));
    assert_eq!((since[0].at, since[0].told_at), (second(2), None));
}

async fn what_was_held_back_sets_a_timer_and_ends_its_lease(ground: Ground) {
    ground.call("a", vec![ping("k1", "aoki", 1, true)]).await;
    let timers = ground.store.timers(TimerKind::Held).await.unwrap();
    assert_eq!(timers, [("aoki|support".to_owned(), second(3_600))]);
    let kinds = [TimerKind::Held];
    let lease = ground
        .store
        .lease_timers(&kinds, second(3_600), "here", MINUTE, 9)
        .await
        .unwrap()
        .remove(0);
    // More is held back while it is being told: the holder's end must not take the timer away.
    ground.call("b", vec![ping("k2", "aoki", 2, true)]).await;
    assert!(!ground.store.finish_timer(&lease, None).await.unwrap());
    assert_eq!(ground.store.timers(TimerKind::Held).await.unwrap().len(), 1);
}

async fn what_was_held_back_is_told_once(ground: Ground) {
    ground.call("a", vec![ping("k1", "aoki", 1, true)]).await;
    let held = ground
        .store
        .held_untold(&"aoki".into(), &"support".into(), 9)
        .await
        .unwrap();
    let row = |id: &str| NewOutbox {
        id: id.to_owned(),
        lane: "desk|support|".to_owned(),
        key: id.to_owned(),
        place: place(),
        what: Delivery::Board {
            queue: "support".into(),
        },
        ..card_post("a", second(0))
    };
    let store = &ground.store;
    let told = store.tell_held(&held, vec![row("t1")], second(5)).await;
    assert!(told.unwrap());
    // Whoever read more meanwhile hears that it is not told, and looks again.
    ground.call("b", vec![ping("k2", "aoki", 2, true)]).await;
    let mut more = held.clone();
    more.extend(
        ground
            .store
            .held_untold(&"aoki".into(), &"support".into(), 9)
            .await
            .unwrap(),
    );
    assert_eq!(more.len(), 2);
    let told = store.tell_held(&more, vec![row("t2")], second(6)).await;
    assert!(!told.unwrap());
    let rows = store.outbox(&[], 9).await.unwrap();
    assert!(rows.iter().any(|row| row.key == "t1"));
    assert!(rows.iter().all(|row| row.key != "t2"));
    assert_eq!(ground.held("aoki").await, ["k2"]);
    let since = store.held_since(&"aoki".into(), second(0)).await.unwrap();
    assert_eq!(since[0].told_at, Some(second(5)));
}

async fn old_mentions_are_forgotten_and_what_nobody_was_told_is_not(ground: Ground) {
    let pings = vec![
        ping("k1", "aoki", 1, false),
        ping("k2", "aoki", 1, true),
        ping("k3", "aoki", 9, false),
    ];
    ground.call("a", pings).await;
    assert_eq!(ground.store.forget_pings(second(5)).await.unwrap(), 1);
    assert_eq!(ground.said("aoki", 0).await, ["k3"]);
    assert_eq!(ground.held("aoki").await, ["k2"]);
}

async fn what_was_held_back_is_told_in_parts(ground: Ground) {
    let pings = [("k3", 2), ("k1", 1), ("k2", 2), ("k4", 2)];
    let pings = pings.map(|(key, at)| ping(key, "aoki", at, true));
    ground.call("a", pings.to_vec()).await;
    ground.call("b", vec![ping("k0", "ueda", 1, true)]).await;
    let (aoki, support) = ("aoki".into(), "support".into());
    let first = ground.store.held_untold(&aoki, &support, 2).await.unwrap();
    let keys: Vec<&str> = first.iter().map(|ping| ping.key.as_str()).collect();
    assert_eq!(keys, ["k1", "k2"]);
    // One that comes among what was read is not marked as told with it.
    ground.call("c", vec![ping("k15", "aoki", 1, true)]).await;
    let tell = async |held| ground.store.tell_held(held, Vec::new(), second(5)).await;
    assert!(!tell(&first).await.unwrap());
    let first = ground.store.held_untold(&aoki, &support, 3).await.unwrap();
    assert!(tell(&first).await.unwrap());
    assert_eq!(ground.held("aoki").await, ["k3", "k4"]);
    assert_eq!(ground.held("ueda").await, ["k0"]);
}
