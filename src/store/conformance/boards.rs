//! Boards: wanted by commits, posted once, edited by one holder at a time.

use super::{Ground, both};
use crate::app::ports::{Attempt, BoardRow, Changes, Delivery, NewOutbox, Receipt, Revision};
use crate::testkit::inquiry::{claimed, place, received, second};
use std::time::Duration;

both! {
    a_commit_that_wants_no_board_makes_none
    a_board_is_posted_once_however_often_it_is_wanted
    a_board_that_is_behind_is_claimed_and_catches_up
    a_claimed_board_is_nobody_elses_and_a_late_answer_is_refused
    a_retried_board_waits_for_its_time
    a_board_that_is_gone_is_posted_again
    a_board_that_is_gone_for_good_is_edited_no_more
    what_a_queue_wants_it_wants_wherever_it_has_a_board
    every_board_can_be_wanted_anew
    a_board_that_was_gone_is_wanted_anew_too
}

const MINUTE: Duration = Duration::from_secs(60);

fn post(key: &str) -> NewOutbox {
    NewOutbox {
        id: format!("id-{key}"),
        lane: "desk|support|board|support".to_owned(),
        inquiry: None,
        place: place(),
        what: Delivery::Board {
            queue: "support".into(),
        },
        key: key.to_owned(),
        not_before: second(0),
    }
}

/// A change that moves the board of its queue.
fn moving(mut changes: Changes, n: u32) -> Changes {
    changes.boards = vec![("support".into(), place())];
    changes.outbox = vec![NewOutbox {
        id: format!("board-{}-{n}", changes.inquiry.id),
        ..post("board")
    }];
    changes
}

impl Ground {
    async fn move_board(&self, id: &str, n: u32) {
        let changes = match self.store.inquiry(&id.into()).await.unwrap() {
            Some(stored) => claimed(&stored.inquiry, "aoki", second(1)),
            None => received(id, id, second(0)),
        };
        self.commit(moving(changes, n)).await;
    }

    /// Delivers what waits; how much it was.
    async fn deliver_boards(&self, message: &str) -> usize {
        let rows = self
            .store
            .claim_outbox(second(9), "here", MINUTE, 100)
            .await
            .unwrap();
        for row in &rows {
            let attempt = Attempt::Sent {
                receipt: Receipt {
                    message: message.to_owned(),
                    thread: None,
                },
                shown: Some(1),
            };
            let settled = self.store.settle_outbox(row, &attempt, second(9)).await;
            assert!(settled.unwrap());
        }
        rows.len()
    }

    async fn boards(&self) -> Vec<BoardRow> {
        self.store.boards(&"support".into()).await.unwrap()
    }

    async fn claim_boards(&self, now: i64, lease: Duration) -> Vec<BoardRow> {
        let claimed = self
            .store
            .claim_boards(second(now), "here", lease, 10)
            .await;
        claimed.unwrap()
    }

    /// A board that stands as message `m` and is behind.
    async fn behind(&self) {
        self.move_board("a", 0).await;
        self.deliver_boards("m").await;
        self.move_board("a", 1).await;
    }
}

async fn a_commit_that_wants_no_board_makes_none(ground: Ground) {
    ground.receive("a").await;
    assert_eq!(ground.boards().await, []);
    assert_eq!(ground.claim_boards(9, MINUTE).await, []);
}

async fn a_board_is_posted_once_however_often_it_is_wanted(ground: Ground) {
    for n in 0..3 {
        ground.move_board(&format!("i{n}"), n).await;
    }
    assert_eq!(ground.claim_boards(9, MINUTE).await, [], "it is not posted");
    assert_eq!(ground.deliver_boards("m").await, 1);
    ground.move_board("i9", 9).await;
    assert_eq!(ground.deliver_boards("m").await, 0);
    let board = ground.boards().await.remove(0);
    assert_eq!((board.shown, board.wanted), (1, 4));
    assert_eq!(board.receipt.unwrap().message, "m");
}

async fn a_board_that_is_behind_is_claimed_and_catches_up(ground: Ground) {
    ground.behind().await;
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    assert_eq!((board.shown, board.wanted, board.attempt), (1, 2, 1));
    // What is wanted meanwhile is edited after.
    ground.move_board("a", 2).await;
    let shown = Revision::Shown { seq: board.wanted };
    assert!(
        ground
            .store
            .settle_board(&board, &shown, None)
            .await
            .unwrap()
    );
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    assert_eq!((board.shown, board.wanted, board.attempt), (2, 3, 1));
    let shown = Revision::Shown { seq: 3 };
    assert!(
        ground
            .store
            .settle_board(&board, &shown, None)
            .await
            .unwrap()
    );
    assert_eq!(ground.claim_boards(9, MINUTE).await, []);
}

async fn a_claimed_board_is_nobody_elses_and_a_late_answer_is_refused(ground: Ground) {
    ground.behind().await;
    let late = ground.claim_boards(9, Duration::ZERO).await.remove(0);
    let present = ground.claim_boards(9, MINUTE).await.remove(0);
    assert_eq!(ground.claim_boards(99, MINUTE).await, []);
    let shown = Revision::Shown { seq: 2 };
    assert!(
        !ground
            .store
            .settle_board(&late, &shown, None)
            .await
            .unwrap()
    );
    assert!(
        ground
            .store
            .settle_board(&present, &shown, None)
            .await
            .unwrap()
    );
}

async fn a_retried_board_waits_for_its_time(ground: Ground) {
    ground.behind().await;
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    let retry = Revision::Retry { at: second(20) };
    assert!(
        ground
            .store
            .settle_board(&board, &retry, None)
            .await
            .unwrap()
    );
    assert_eq!(ground.claim_boards(19, MINUTE).await, []);
    assert_eq!(ground.claim_boards(20, MINUTE).await.remove(0).attempt, 2);
}

async fn a_board_that_is_gone_is_posted_again(ground: Ground) {
    ground.behind().await;
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    let gone = Revision::Gone {
        why: "deleted".to_owned(),
    };
    let again = Some(post("again"));
    assert!(
        ground
            .store
            .settle_board(&board, &gone, again)
            .await
            .unwrap()
    );
    assert_eq!(ground.boards().await[0].receipt, None);
    assert_eq!(ground.claim_boards(99, MINUTE).await, []);
    assert_eq!(ground.deliver_boards("m2").await, 1);
    let board = ground.boards().await.remove(0);
    assert_eq!(board.receipt.unwrap().message, "m2");
    assert_eq!(ground.claim_boards(99, MINUTE).await.len(), 1);
}

async fn a_board_that_is_gone_for_good_is_edited_no_more(ground: Ground) {
    ground.behind().await;
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    let gone = Revision::Gone {
        why: "no platform".to_owned(),
    };
    assert!(
        ground
            .store
            .settle_board(&board, &gone, None)
            .await
            .unwrap()
    );
    ground.move_board("a", 2).await;
    assert_eq!(ground.claim_boards(99, MINUTE).await, []);
    assert_eq!(ground.deliver_boards("m").await, 0);
}

async fn what_a_queue_wants_it_wants_wherever_it_has_a_board(ground: Ground) {
    ground.move_board("a", 0).await;
    let elsewhere = NewOutbox {
        lane: "desk|operators|board|support".to_owned(),
        place: crate::app::ports::Place {
            platform: "desk".to_owned(),
            channel: "operators".to_owned(),
        },
        ..post("fallback")
    };
    ground.store.enqueue(vec![elsewhere]).await.unwrap();
    ground.deliver_boards("m").await;
    ground.move_board("a", 1).await;
    assert_eq!(ground.claim_boards(9, MINUTE).await.len(), 2);
}

async fn every_board_can_be_wanted_anew(ground: Ground) {
    ground.move_board("a", 0).await;
    ground.store.want_boards().await.unwrap();
    assert_eq!(
        ground.boards().await[0].wanted,
        1,
        "one that was never posted waits"
    );
    ground.deliver_boards("m").await;
    assert_eq!(ground.claim_boards(9, MINUTE).await, []);
    ground.store.want_boards().await.unwrap();
    assert_eq!(ground.claim_boards(9, MINUTE).await.len(), 1);
}

async fn a_board_that_was_gone_is_wanted_anew_too(ground: Ground) {
    ground.behind().await;
    let board = ground.claim_boards(9, MINUTE).await.remove(0);
    let gone = Revision::Gone {
        why: "no platform".to_owned(),
    };
    let settled = ground.store.settle_board(&board, &gone, None).await;
    assert!(settled.unwrap());
    assert_eq!(ground.claim_boards(99, MINUTE).await, []);
    ground.store.want_boards().await.unwrap();
    assert_eq!(ground.claim_boards(99, MINUTE).await.len(), 1);
}
