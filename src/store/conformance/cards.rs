//! Cards: brought up to what is wanted, by one holder at a time.

use super::{Ground, both};
use crate::app::ports::{Attempt, CardRow, Place, Receipt, Revision};
use crate::testkit::inquiry::{claimed, place, received, second};
use std::time::Duration;

both! {
    a_card_that_was_never_posted_is_not_claimed
    a_card_that_is_behind_is_claimed_and_catches_up
    a_burst_of_commits_is_one_edit
    a_claimed_card_is_nobody_elses
    an_ended_lease_fences_the_late_edit
    a_retry_waits_for_its_time_and_counts
    a_card_that_is_gone_is_edited_no_more
    cards_that_are_gone_for_a_reason_come_back_with_it
    a_new_place_gets_its_own_card
    a_card_that_says_something_of_another_is_edited_when_that_changes
    two_holders_never_claim_the_same_card
}

const MINUTE: Duration = Duration::from_secs(60);

impl Ground {
    /// Takes in an inquiry and delivers its card as message `m-ID`.
    async fn posted(&self, id: &str) {
        self.receive(id).await;
        for row in self
            .store
            .claim_outbox(second(0), "here", MINUTE, 100)
            .await
            .unwrap()
        {
            let attempt = Attempt::Sent {
                receipt: Receipt {
                    message: format!("m-{id}"),
                    thread: None,
                },
                shown: Some(1),
            };
            assert!(
                self.store
                    .settle_outbox(&row, &attempt, second(0))
                    .await
                    .unwrap()
            );
        }
    }

    async fn move_on(&self, id: &str) {
        let inquiry = self.stored(id).await.inquiry;
        self.commit(claimed(&inquiry, "aoki", second(1))).await;
    }

    async fn claim_cards(&self, now: i64, lease: Duration) -> Vec<CardRow> {
        self.store
            .claim_cards(second(now), "here", lease, 10)
            .await
            .unwrap()
    }
}

async fn a_card_that_was_never_posted_is_not_claimed(ground: Ground) {
    ground.receive("a").await;
    ground.move_on("a").await;
    assert_eq!(ground.claim_cards(9, MINUTE).await, []);
}

async fn a_card_that_is_behind_is_claimed_and_catches_up(ground: Ground) {
    ground.posted("a").await;
    assert_eq!(ground.claim_cards(9, MINUTE).await, []);
    ground.move_on("a").await;
    let card = ground.claim_cards(9, MINUTE).await.remove(0);
    assert_eq!(card.receipt.as_ref().unwrap().message, "m-a");
    assert_eq!((card.shown, card.wanted, card.attempt), (1, 2, 1));
    assert!(
        ground
            .store
            .settle_card(&card, &Revision::Shown { seq: 2 })
            .await
            .unwrap()
    );
    assert_eq!(ground.claim_cards(9, MINUTE).await, []);
    let card = ground.store.cards(&"a".into()).await.unwrap().remove(0);
    assert_eq!((card.shown, card.wanted, card.attempt), (2, 2, 0));
}

async fn a_burst_of_commits_is_one_edit(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    let card = ground.claim_cards(9, MINUTE).await.remove(0);
    ground.move_on("a").await;
    ground.move_on("a").await;
    // What was shown is not yet all: it is claimed again, once.
    assert!(
        ground
            .store
            .settle_card(&card, &Revision::Shown { seq: 2 })
            .await
            .unwrap()
    );
    let card = ground.claim_cards(9, MINUTE).await.remove(0);
    assert_eq!((card.shown, card.wanted), (2, 4));
    assert!(
        ground
            .store
            .settle_card(&card, &Revision::Shown { seq: 4 })
            .await
            .unwrap()
    );
    assert_eq!(ground.claim_cards(9, MINUTE).await, []);
}

async fn a_claimed_card_is_nobody_elses(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    assert_eq!(ground.claim_cards(9, MINUTE).await.len(), 1);
    assert_eq!(ground.claim_cards(1_000_000, MINUTE).await, []);
}

async fn an_ended_lease_fences_the_late_edit(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    let late = ground.claim_cards(9, Duration::ZERO).await.remove(0);
    let present = ground.claim_cards(9, MINUTE).await.remove(0);
    let shown = Revision::Shown { seq: 2 };
    assert!(!ground.store.settle_card(&late, &shown).await.unwrap());
    assert!(ground.store.settle_card(&present, &shown).await.unwrap());
}

async fn a_retry_waits_for_its_time_and_counts(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    let card = ground.claim_cards(9, MINUTE).await.remove(0);
    let retry = Revision::Retry { at: second(20) };
    assert!(ground.store.settle_card(&card, &retry).await.unwrap());
    assert_eq!(ground.claim_cards(19, MINUTE).await, []);
    assert_eq!(ground.claim_cards(20, MINUTE).await.remove(0).attempt, 2);
}

async fn a_card_that_is_gone_is_edited_no_more(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    let card = ground.claim_cards(9, MINUTE).await.remove(0);
    let gone = Revision::Gone {
        why: "deleted".to_owned(),
    };
    assert!(ground.store.settle_card(&card, &gone).await.unwrap());
    ground.move_on("a").await;
    assert_eq!(ground.claim_cards(99, MINUTE).await, []);
}

async fn a_new_place_gets_its_own_card(ground: Ground) {
    ground.posted("a").await;
    let elsewhere = Place {
        platform: "discord".to_owned(),
        channel: "1".to_owned(),
    };
    let mut moved = claimed(&ground.stored("a").await.inquiry, "aoki", second(1));
    moved.cards = vec![elsewhere.clone(), place(), elsewhere.clone()];
    ground.commit(moved).await;
    let cards = ground.store.cards(&"a".into()).await.unwrap();
    assert_eq!(cards.len(), 2);
    assert_eq!((&cards[1].place, &cards[1].receipt), (&elsewhere, &None));
    assert_eq!((cards[1].shown, cards[1].wanted), (0, 2));
    assert_eq!(ground.store.cards(&"b".into()).await.unwrap(), []);
}

async fn two_holders_never_claim_the_same_card(ground: Ground) {
    for n in 0..20 {
        ground.posted(&format!("i{n}")).await;
        ground.move_on(&format!("i{n}")).await;
    }
    let holders: Vec<_> = (0..6)
        .map(|n| {
            let store = ground.store.clone();
            tokio::spawn(async move {
                store
                    .claim_cards(second(9), &format!("h{n}"), MINUTE, 5)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for holder in holders {
        claimed.extend(holder.await.unwrap());
    }
    let mut inquiries: Vec<_> = claimed.iter().map(|card| card.inquiry.clone()).collect();
    let all = inquiries.len();
    inquiries.sort();
    inquiries.dedup();
    assert_eq!(inquiries.len(), all, "a card was claimed twice");
    assert!(all > 0);
}

async fn cards_that_are_gone_for_a_reason_come_back_with_it(ground: Ground) {
    for (id, why) in [("a", "no platform"), ("b", "deleted")] {
        ground.posted(id).await;
        ground.move_on(id).await;
        let card = ground.claim_cards(9, MINUTE).await.remove(0);
        let why = why.to_owned();
        let settled = ground
            .store
            .settle_card(&card, &Revision::Gone { why })
            .await;
        assert!(settled.unwrap());
    }
    assert_eq!(ground.store.revive_cards("no platform").await.unwrap(), 1);
    let cards = ground.claim_cards(9, MINUTE).await;
    assert_eq!((cards.len(), cards[0].inquiry.as_str()), (1, "a"));
    assert_eq!(ground.store.revive_cards("no platform").await.unwrap(), 0);
}

async fn a_card_that_says_something_of_another_is_edited_when_that_changes(ground: Ground) {
    ground.posted("a").await;
    ground.move_on("a").await;
    let held = ground.claim_cards(9, MINUTE).await.remove(0);
    // Another inquiry changes while somebody edits the card: what they edited says too little.
    let mut other = received("b", "b", second(1));
    other.shown_by = vec!["a".into()];
    ground.commit(other).await;
    // Nobody else takes it from them meanwhile; when they are done, it is to be shown again.
    assert_eq!(ground.claim_cards(9, MINUTE).await, []);
    let done = Revision::Shown { seq: 2 };
    assert!(ground.store.settle_card(&held, &done).await.unwrap());
    let card = ground.claim_cards(10, MINUTE).await.remove(0);
    assert_eq!((card.inquiry.as_str(), card.wanted), ("a", 2));
    let shown = Revision::Shown { seq: 2 };
    assert!(ground.store.settle_card(&card, &shown).await.unwrap());
    assert_eq!(ground.claim_cards(11, MINUTE).await, []);
}
