//! The outbox: lanes, leases, fences, and every way an attempt can end.

use super::{Ground, both};
use crate::app::ports::{
    Attempt, Delivery, NewOutbox, OutboxRow, Outlet, Place, Receipt, WriteBack,
};
use crate::domain::ids::MemberId;
use crate::testkit::inquiry::{card_post, second};
use std::collections::HashSet;
use std::time::Duration;

both! {
    only_the_head_of_a_lane_leaves
    lanes_do_not_wait_for_each_other
    a_row_waits_for_its_time
    a_claimed_row_is_nobody_elses
    two_holders_never_claim_the_same_row
    an_ended_lease_is_claimed_as_unknown_and_fences_the_late_answer
    sent_dead_and_merged_free_the_lane
    what_is_left_of_a_row_goes_next_at_its_place
    retry_and_unknown_hold_the_lane
    attempts_are_counted_and_the_first_is_remembered
    a_cards_receipt_is_known_to_its_card
    a_dead_row_can_be_revived
    a_revived_row_takes_its_old_place_in_its_lane
    a_known_key_is_added_once
    notices_are_merged_into_one
    a_merge_is_all_or_nothing
    rows_are_listed_by_state
    the_next_instant_is_that_of_a_head
    a_row_that_cannot_be_read_holds_its_own_lane_only
    write_backs_that_are_not_done_are_listed
    what_did_not_reach_a_tracker_is_listed
    each_outlet_claims_its_own
    what_was_not_begun_is_as_it_was
    a_death_is_untold_until_it_is_told
    what_becomes_of_a_revived_row_is_untold_too
}

const MINUTE: Duration = Duration::from_secs(60);
const ENDED: Duration = Duration::ZERO;

fn row(id: &str, lane: &str, at: i64) -> NewOutbox {
    NewOutbox {
        id: id.to_owned(),
        lane: lane.to_owned(),
        inquiry: None,
        key: format!("key-{id}"),
        ..card_post("none", second(at))
    }
}

fn retry(at: i64) -> Attempt {
    Attempt::Retry {
        at: second(at),
        why: "429".to_owned(),
    }
}

fn unknown(at: i64) -> Attempt {
    Attempt::Unknown {
        look_at: second(at),
        why: "timed out".to_owned(),
    }
}

fn dead() -> Attempt {
    Attempt::Dead {
        why: "channel gone".to_owned(),
    }
}

fn sent() -> Attempt {
    Attempt::Sent {
        receipt: Receipt {
            message: "m1".to_owned(),
            thread: Some("t1".to_owned()),
        },
        shown: Some(1),
    }
}

impl Ground {
    async fn enqueue(&self, rows: &[(&str, &str)]) {
        let rows = rows.iter().map(|(id, lane)| row(id, lane, 0)).collect();
        self.store.enqueue(rows).await.unwrap();
    }

    async fn claim(&self, now: i64) -> Vec<OutboxRow> {
        self.claim_for(now, MINUTE).await
    }

    async fn claim_for(&self, now: i64, lease: Duration) -> Vec<OutboxRow> {
        self.store
            .claim_outbox(second(now), "here", lease, 10)
            .await
            .unwrap()
    }

    async fn settle(&self, row: &OutboxRow, attempt: Attempt) -> bool {
        self.store
            .settle_outbox(row, &attempt, second(1))
            .await
            .unwrap()
    }

    async fn states(&self) -> Vec<(String, String)> {
        let lines = self.store.outbox(&[], 100).await.unwrap();
        lines
            .into_iter()
            .map(|line| (line.id, line.state))
            .collect()
    }
}

fn ids(rows: &[OutboxRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

async fn only_the_head_of_a_lane_leaves(ground: Ground) {
    // In the order of insertion, whatever the ids.
    ground.enqueue(&[("c", "l"), ("a", "l"), ("b", "l")]).await;
    for expected in ["c", "a", "b"] {
        let rows = ground.claim(0).await;
        assert_eq!(ids(&rows), [expected]);
        assert_eq!(ground.claim(0).await, [], "the lane is held");
        assert!(ground.settle(&rows[0], sent()).await);
    }
    assert_eq!(ground.claim(0).await, []);
}

async fn lanes_do_not_wait_for_each_other(ground: Ground) {
    ground
        .enqueue(&[("a1", "a"), ("b1", "b"), ("a2", "a"), ("c1", "c")])
        .await;
    assert_eq!(ids(&ground.claim(0).await), ["a1", "b1", "c1"]);
}

async fn a_row_waits_for_its_time(ground: Ground) {
    // A later row of the lane does not pass an earlier one that has to wait.
    let rows = vec![row("a", "l", 10), row("b", "l", 0)];
    ground.store.enqueue(rows).await.unwrap();
    assert_eq!(ground.claim(9).await, []);
    assert_eq!(ids(&ground.claim(10).await), ["a"]);
}

async fn a_claimed_row_is_nobody_elses(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    let claimed = ground.claim(0).await.remove(0);
    assert_eq!(claimed.attempt, 1);
    assert!(!claimed.is_unknown);
    assert_eq!(claimed.key, "key-a");
    assert_eq!(claimed.what, row("a", "l", 0).what);
    assert_eq!(claimed.place, row("a", "l", 0).place);
    assert_eq!(ground.claim(1_000_000).await, []);
    assert_eq!(ground.states().await, [("a".into(), "sending".into())]);
}

async fn two_holders_never_claim_the_same_row(ground: Ground) {
    let rows = (0..60).map(|n| row(&format!("r{n}"), &format!("l{n}"), 0));
    ground.store.enqueue(rows.collect()).await.unwrap();
    let holders: Vec<_> = (0..8)
        .map(|n| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                let mut all = Vec::new();
                loop {
                    let some = store
                        .claim_outbox(second(0), &format!("h{n}"), MINUTE, 3)
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
    let mut claimed = Vec::new();
    for holder in holders {
        claimed.extend(holder.await.unwrap());
    }
    let distinct: HashSet<_> = claimed.iter().map(|row| &row.id).collect();
    assert_eq!(claimed.len(), distinct.len(), "a row was claimed twice");
    let rest = ground
        .store
        .claim_outbox(second(0), "rest", MINUTE, 100)
        .await
        .unwrap();
    assert_eq!(claimed.len() + rest.len(), 60);
}

async fn an_ended_lease_is_claimed_as_unknown_and_fences_the_late_answer(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    let late = ground.claim_for(0, ENDED).await.remove(0);
    let present = ground.claim(0).await.remove(0);
    assert!(present.is_unknown, "nobody knows whether it was sent");
    assert_eq!(
        (present.attempt, present.first_sent_at),
        (2, Some(second(0)))
    );
    for attempt in [sent(), retry(5), dead()] {
        assert!(!ground.settle(&late, attempt).await);
    }
    assert!(ground.settle(&present, sent()).await);
    assert!(!ground.settle(&present, dead()).await, "it is settled");
    assert_eq!(ground.states().await, [("a".into(), "sent".into())]);
}

async fn sent_dead_and_merged_free_the_lane(ground: Ground) {
    ground
        .enqueue(&[("a", "l"), ("b", "l"), ("c", "l"), ("d", "l")])
        .await;
    let merged = Attempt::Merged {
        into: "d".to_owned(),
    };
    for attempt in [sent(), dead(), merged] {
        let row = ground.claim(0).await.remove(0);
        assert!(ground.settle(&row, attempt).await);
    }
    assert_eq!(ids(&ground.claim(0).await), ["d"]);
}

async fn what_is_left_of_a_row_goes_next_at_its_place(ground: Ground) {
    let back = |step| Delivery::WriteBack {
        source: "crm".into(),
        seq: 7,
        act: WriteBack::Closed,
        step,
    };
    let first = NewOutbox {
        what: back(0),
        ..row("a", "l", 0)
    };
    ground
        .store
        .enqueue(vec![first, row("b", "l", 0)])
        .await
        .unwrap();
    let claimed = ground.claim(0).await.remove(0);
    ground.settle(&claimed, retry(2)).await;
    let claimed = ground.claim(2).await.remove(0);
    assert_eq!((&claimed.what, claimed.attempt), (&back(0), 2));
    let rest = |step| Attempt::Advanced { what: back(step) };
    assert!(ground.settle(&claimed, rest(1)).await);
    assert!(!ground.settle(&claimed, rest(2)).await, "it is settled");
    // The rest is a thing of its own: tried for the first time, and before what waits behind it.
    let next = ground.claim_for(5, ENDED).await.remove(0);
    assert_eq!((next.id.as_str(), &next.what), ("a", &back(1)));
    assert_eq!((next.attempt, next.first_sent_at), (1, Some(second(5))));
    assert!(!next.is_unknown);
    assert_eq!(next.key, claimed.key);
    // A process that ended meanwhile leaves this part unknown, not the one before.
    let again = ground.claim(6).await.remove(0);
    assert_eq!((again.is_unknown, &again.what), (true, &back(1)));
    assert!(ground.settle(&again, sent()).await);
    assert_eq!(ids(&ground.claim(6).await), ["b"]);
}

async fn retry_and_unknown_hold_the_lane(ground: Ground) {
    ground.enqueue(&[("a", "l"), ("b", "l")]).await;
    let first = ground.claim(0).await.remove(0);
    ground.settle(&first, retry(5)).await;
    assert_eq!(ground.claim(4).await, []);
    let second = ground.claim(5).await.remove(0);
    assert_eq!((second.id.as_str(), second.is_unknown), ("a", false));
    ground.settle(&second, unknown(9)).await;
    assert_eq!(ground.claim(8).await, []);
    let third = ground.claim(9).await.remove(0);
    assert_eq!((third.id.as_str(), third.is_unknown), ("a", true));
    ground.settle(&third, sent()).await;
    assert_eq!(ids(&ground.claim(9).await), ["b"]);
}

async fn attempts_are_counted_and_the_first_is_remembered(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    for n in 1..=4 {
        let row = ground.claim(n).await.remove(0);
        assert_eq!(i64::from(row.attempt), n);
        assert_eq!(row.first_sent_at, Some(second(1)));
        ground.settle(&row, retry(n)).await;
    }
    let line = ground.store.outbox(&["retry"], 10).await.unwrap().remove(0);
    assert_eq!((line.attempts, line.why.as_deref()), (4, Some("429")));
    assert_eq!(line.not_before, second(4));
}

async fn a_cards_receipt_is_known_to_its_card(ground: Ground) {
    ground.receive("a").await;
    let row = ground.claim(0).await.remove(0);
    assert!(ground.settle(&row, sent()).await);
    let card = ground.store.cards(&"a".into()).await.unwrap().remove(0);
    let receipt = Receipt {
        message: "m1".to_owned(),
        thread: Some("t1".to_owned()),
    };
    assert_eq!(card.receipt, Some(receipt));
    assert_eq!((card.shown, card.wanted), (1, 1));
    assert_eq!(card.called, [MemberId::from("aoki")]);
    for place in ["m1", "t1"] {
        let found = ground.store.card_at("desk", place).await.unwrap();
        assert_eq!(found.as_ref(), Some(&card));
    }
    assert_eq!(ground.store.card_at("discord", "m1").await.unwrap(), None);
    assert_eq!(ground.store.card_at("desk", "m2").await.unwrap(), None);
}

async fn a_dead_row_can_be_revived(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    let row = ground.claim(0).await.remove(0);
    assert!(!ground.store.revive_outbox("a", second(1)).await.unwrap());
    ground.settle(&row, dead()).await;
    assert!(ground.store.revive_outbox("a", second(7)).await.unwrap());
    assert!(!ground.store.revive_outbox("b", second(7)).await.unwrap());
    assert_eq!(ground.claim(6).await, []);
    let again = ground.claim(7).await.remove(0);
    assert_eq!((again.attempt, again.is_unknown), (1, false));
    assert!(again.epoch > row.epoch);
    assert!(
        !ground.settle(&row, sent()).await,
        "the old attempt is fenced"
    );
    for live in [retry(8), unknown(8)] {
        assert!(!ground.store.revive_outbox("a", second(7)).await.unwrap());
        let row = match ground.states().await[0].1.as_str() {
            "sending" => again.clone(),
            _ => ground.claim(8).await.remove(0),
        };
        ground.settle(&row, live).await;
        assert!(!ground.store.revive_outbox("a", second(7)).await.unwrap());
    }
    let row = ground.claim(9).await.remove(0);
    ground.settle(&row, sent()).await;
    assert!(!ground.store.revive_outbox("a", second(9)).await.unwrap());
}

async fn a_revived_row_takes_its_old_place_in_its_lane(ground: Ground) {
    ground.enqueue(&[("a", "l"), ("b", "l"), ("c", "l")]).await;
    let first = ground.claim(0).await.remove(0);
    ground.settle(&first, dead()).await;
    let second_row = ground.claim(1).await.remove(0);
    assert_eq!(second_row.id, "b");
    assert!(ground.store.revive_outbox("a", second(1)).await.unwrap());
    // What is on its way already is not called back; then the revived one goes before the rest.
    assert_eq!(ids(&ground.claim(1).await), ["a"]);
    ground.settle(&second_row, sent()).await;
    assert_eq!(ground.claim(1).await, []);
    let again = ground.store.outbox(&["sending"], 10).await.unwrap();
    assert_eq!((again.len(), again[0].id.as_str()), (1, "a"));
}

async fn a_known_key_is_added_once(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    let mut same = row("b", "l", 0);
    same.key = "key-a".to_owned();
    ground.store.enqueue(vec![same]).await.unwrap();
    ground.store.enqueue(Vec::new()).await.unwrap();
    assert_eq!(ground.states().await, [("a".into(), "queued".into())]);
}

async fn notices_are_merged_into_one(ground: Ground) {
    ground
        .enqueue(&[("a", "l1"), ("b", "l2"), ("c", "l3"), ("d", "l3")])
        .await;
    let claimed = ground.claim(0).await;
    assert_eq!(ids(&claimed), ["a", "b", "c"]);
    let together: Vec<_> = claimed.iter().collect();
    let digest = row("digest", "l4", 0);
    let merged = ground
        .store
        .merge_outbox(&together, digest, second(0))
        .await;
    assert!(merged.unwrap());
    assert_eq!(ids(&ground.claim(0).await), ["d", "digest"]);
    assert_eq!(ground.store.outbox(&["merged"], 10).await.unwrap().len(), 3);
}

async fn a_merge_is_all_or_nothing(ground: Ground) {
    ground.enqueue(&[("a", "l1"), ("b", "l2")]).await;
    let claimed = ground.claim(0).await;
    let together: Vec<_> = claimed.iter().collect();
    let before = ground.states().await;
    let merge = async |rows: &[&OutboxRow], into: NewOutbox| {
        ground
            .store
            .merge_outbox(rows, into, second(0))
            .await
            .unwrap()
    };
    assert!(!merge(&[], row("d", "l", 0)).await);
    let mut known = row("d", "l", 0);
    known.key = "key-b".to_owned();
    assert!(!merge(&together, known).await, "the digest was said");
    let taken_over = OutboxRow {
        epoch: claimed[1].epoch - 1,
        ..claimed[1].clone()
    };
    assert!(!merge(&[&claimed[0], &taken_over], row("d", "l", 0)).await);
    assert_eq!(ground.states().await, before);
    assert!(merge(&together, row("d", "l", 0)).await);
    assert!(
        !merge(&together, row("e", "l", 0)).await,
        "they are merged already"
    );
}

async fn rows_are_listed_by_state(ground: Ground) {
    ground
        .enqueue(&[("z", "l1"), ("y", "l2"), ("x", "l1")])
        .await;
    let rows = ground.claim(0).await;
    ground.settle(&rows[0], dead()).await;
    let list = async |states: &[&str], limit| {
        let lines = ground.store.outbox(states, limit).await.unwrap();
        lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(list(&[], 10).await, ["z", "y", "x"]);
    assert_eq!(list(&[], 2).await, ["z", "y"]);
    assert_eq!(list(&["dead"], 10).await, ["z"]);
    assert_eq!(list(&["queued", "sending"], 10).await, ["y", "x"]);
    assert_eq!(list(&["of mind"], 10).await, [] as [&str; 0]);
    assert_eq!(list(&["sent"], 10).await, [] as [&str; 0]);
    let line = ground.store.outbox(&["dead"], 1).await.unwrap().remove(0);
    assert_eq!(line.why.as_deref(), Some("channel gone"));
}

async fn the_next_instant_is_that_of_a_head(ground: Ground) {
    let next = async || ground.store.next_outbox().await.unwrap();
    assert_eq!(next().await, None);
    let rows = vec![row("a", "l", 8), row("b", "l", 2), row("c", "m", 9)];
    ground.store.enqueue(rows).await.unwrap();
    assert_eq!(next().await, Some(second(8)), "b waits behind a");
    let first = ground.claim(8).await.remove(0);
    assert_eq!(next().await, Some(second(9)), "a is on its way");
    ground.settle(&first, sent()).await;
    assert_eq!(next().await, Some(second(2)));
}

async fn a_row_that_cannot_be_read_holds_its_own_lane_only(ground: Ground) {
    let rows = vec![row("a", "one", 0), row("b", "one", 0), row("c", "two", 0)];
    ground.store.enqueue(rows).await.unwrap();
    let sql = "update outbox set what = '{\"deliver\":\"of tomorrow\"}' where id = 'a'";
    ground.harm(sql).await;
    for _ in 0..2 {
        let claimed = ground.store.claim_outbox(second(1), "here", ENDED, 9).await;
        let ids: Vec<String> = claimed.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(ids, ["c"]);
    }
}

async fn what_did_not_reach_a_tracker_is_listed(ground: Ground) {
    use crate::app::ports::{Delivery, TrackerAct};
    let file = |id: &str, lane: &str| NewOutbox {
        what: Delivery::Tracker {
            tracker: "github".into(),
            act: TrackerAct::File {
                seq: 2,
                title: "t".into(),
                text: "x".into(),
            },
        },
        ..row(id, lane, 0)
    };
    let rows = vec![
        file("dead", "a"),
        file("sent", "b"),
        file("queued", "a"),
        row("card", "c", 0),
    ];
    ground.store.enqueue(rows).await.unwrap();
    for claimed in ground.claim(0).await {
        let attempt = if claimed.id == "dead" { dead() } else { sent() };
        let settled = ground.store.settle_outbox(&claimed, &attempt, second(0));
        assert!(settled.await.unwrap());
    }
    let undone = ground.store.undone_at_trackers().await.unwrap();
    let found: Vec<_> = undone
        .iter()
        .map(|line| (line.id.as_str(), line.state.as_str()))
        .collect();
    assert_eq!(found, [("dead", "dead"), ("queued", "queued")]);
}

async fn write_backs_that_are_not_done_are_listed(ground: Ground) {
    use crate::app::ports::{Delivery, WriteBack};
    let back = |id: &str, lane: &str| NewOutbox {
        what: Delivery::WriteBack {
            source: "hook".into(),
            seq: 1,
            act: WriteBack::Closed,
            step: 0,
        },
        ..row(id, lane, 0)
    };
    let rows = vec![
        back("dead", "a"),
        back("sent", "b"),
        back("queued", "a"),
        row("card", "c", 0),
    ];
    ground.store.enqueue(rows).await.unwrap();
    for claimed in ground.claim(0).await {
        let attempt = if claimed.id == "dead" { dead() } else { sent() };
        assert!(
            ground
                .store
                .settle_outbox(&claimed, &attempt, second(0))
                .await
                .unwrap()
        );
    }
    let undone = ground.store.undone_write_backs().await.unwrap();
    let found: Vec<_> = undone
        .iter()
        .map(|line| (line.id.as_str(), line.state.as_str()))
        .collect();
    assert_eq!(found, [("dead", "dead"), ("queued", "queued")]);
    assert_eq!(undone[0].why.as_deref(), Some("channel gone"));
}

async fn each_outlet_claims_its_own(ground: Ground) {
    let places = [
        ("source", "source", Outlet::Source),
        (
            "tracker",
            crate::app::trackers::TRACKER_LANE,
            Outlet::Tracker,
        ),
        ("mail", crate::app::letters::MAIL, Outlet::Mail),
        ("chat", "desk", Outlet::Chat),
        ("other", "discord", Outlet::Chat),
    ];
    let rows = places.map(|(id, platform, _)| NewOutbox {
        place: Place {
            platform: platform.to_owned(),
            channel: "c".to_owned(),
        },
        ..row(id, id, 0)
    });
    ground.store.enqueue(rows.into()).await.unwrap();
    for outlet in [Outlet::Mail, Outlet::Source, Outlet::Tracker, Outlet::Chat] {
        let claimed = ground
            .store
            .claim_outlet(Some(outlet), second(0), "here", MINUTE, 9)
            .await
            .unwrap();
        let own: Vec<&str> = places
            .iter()
            .filter(|(_, _, of)| *of == outlet)
            .map(|(id, ..)| *id)
            .collect();
        assert_eq!(ids(&claimed), own, "{outlet:?}");
    }
    assert_eq!(ground.claim(0).await, []);
}

async fn what_was_not_begun_is_as_it_was(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    let line = async || ground.store.outbox(&[], 9).await.unwrap().remove(0);
    let fresh = line().await;
    let first = ground.claim(3).await.remove(0);
    assert!(ground.settle(&first, Attempt::NotBegun).await);
    assert_eq!(line().await, fresh);
    let second_try = ground.claim(5).await.remove(0);
    assert_eq!(
        (second_try.attempt, second_try.first_sent_at),
        (1, Some(second(5)))
    );
    // What was tried before keeps why it did not go, and when; what is unknown stays so.
    for (attempt, state) in [(retry(6), "retry"), (unknown(6), "unknown")] {
        let row = ground.claim(6).await.pop().unwrap_or(second_try.clone());
        ground.settle(&row, attempt).await;
        let before = line().await;
        let claimed = ground.claim(6).await.remove(0);
        assert!(ground.settle(&claimed, Attempt::NotBegun).await);
        assert!(!ground.settle(&claimed, sent()).await, "it is settled");
        assert_eq!(line().await, before);
        assert_eq!(before.state, state);
    }
    let last = ground.claim(6).await.remove(0);
    assert_eq!(
        (last.is_unknown, last.first_sent_at),
        (true, Some(second(5)))
    );
}

/// What is untold: id, state, why.
async fn untold(ground: &Ground) -> Vec<(String, String, Option<String>)> {
    let all = ground.store.untold_outbox(9).await.unwrap();
    all.into_iter()
        .map(|one| (one.row.id, one.state, one.why))
        .collect()
}

async fn a_death_is_untold_until_it_is_told(ground: Ground) {
    ground.enqueue(&[("a", "l"), ("b", "m"), ("c", "n")]).await;
    let rows = ground.claim(0).await;
    ground.settle(&rows[0], sent()).await;
    ground.settle(&rows[1], dead()).await;
    ground.settle(&rows[2], retry(5)).await;
    let is_dead = || ("b".into(), "dead".into(), Some("channel gone".into()));
    assert_eq!(untold(&ground).await, [is_dead()]);
    let one = ground.store.untold_outbox(9).await.unwrap().remove(0);
    assert_eq!((&one.row, one.at), (&rows[1], second(1)));
    // Whoever had it before says nothing of this death.
    let before = OutboxRow {
        epoch: rows[1].epoch - 1,
        ..rows[1].clone()
    };
    ground.store.told_outbox(&before).await.unwrap();
    assert_eq!(untold(&ground).await, [is_dead()]);
    ground.store.told_outbox(&rows[1]).await.unwrap();
    assert_eq!(untold(&ground).await, []);
    ground.store.told_outbox(&rows[1]).await.unwrap();
}

async fn what_becomes_of_a_revived_row_is_untold_too(ground: Ground) {
    ground.enqueue(&[("a", "l")]).await;
    for attempt in [dead(), dead(), sent()] {
        let row = ground.claim(9).await.remove(0);
        ground.settle(&row, retry(9)).await;
        assert_eq!(untold(&ground).await, [], "nothing has become of it yet");
        let row = ground.claim(9).await.remove(0);
        ground.settle(&row, attempt).await;
        assert_eq!(untold(&ground).await.len(), 1);
        ground.store.told_outbox(&row).await.unwrap();
        ground.store.revive_outbox("a", second(9)).await.unwrap();
    }
    assert_eq!(ground.states().await, [("a".into(), "sent".into())]);
}
