//! A ticket whose inquiry was closed for long: what is said and done there goes to the one that stands for it now.

use super::mails::by_reference;
use super::*;
use crate::app::ports::Mapped;
use crate::domain::inquiry::Stage;

const LATE: &str = "2026-12-21 10:10";

/// A ticket of which no more is known than its conversation.
struct Ticket {
    world: World,
    messages: Vec<MappedMessage>,
    revision: u32,
    is_closed: bool,
}

impl Ticket {
    /// Received, closed at its source, and quiet for four weeks.
    async fn closed() -> Ticket {
        let mut ticket = Ticket {
            world: World::at(RECEIPT).await,
            messages: Vec::new(),
            revision: 0,
            is_closed: false,
        };
        ticket.shows().await;
        ticket.is_closed = true;
        ticket.shows().await;
        ticket.world.until(LATE).await;
        ticket
    }

    fn says(&mut self, by: Side, at: &str, text: &str) {
        let id = self.messages.len().to_string();
        self.messages.push(MappedMessage {
            id,
            by,
            at: tokyo(at),
            text: text.to_owned(),
        });
    }

    /// The document as it is now comes, with whatever is laid over it.
    async fn shows_with(&mut self, change: impl FnOnce(&mut Mapped)) {
        self.revision += 1;
        let received = self.world.receive("A-1", |mapped| {
            mapped.revision = Some(self.revision.to_string());
            mapped.messages = self.messages.clone();
            mapped.is_closed = self.is_closed;
            change(mapped);
        });
        received.await;
    }

    async fn shows(&mut self) {
        self.shows_with(|_| {}).await;
    }

    async fn answered(&self, number: i64) -> Option<(Ending, Timestamp)> {
        let inquiry = by_reference(&self.world, number).await;
        let mut ended = inquiry.ended.into_iter().rev();
        let ended = ended.find(|ended| ended.run.clock == Clock::FirstResponse);
        ended.map(|ended| (ended.how, ended.ended_at))
    }
}

#[tokio::test]
async fn words_and_their_answer_in_one_document_are_of_the_inquiry_that_follows() {
    let mut ticket = Ticket::closed().await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    ticket.says(Side::Team, "2026-12-21 10:05", "確認します");
    ticket.shows().await;
    let met = (Ending::Met, tokyo("2026-12-21 10:05"));
    assert_eq!(ticket.answered(2).await, Some(met));
    // A look that brings nothing else changes nothing.
    let before = by_reference(&ticket.world, 2).await;
    ticket.shows().await;
    assert_eq!(by_reference(&ticket.world, 2).await.seq, before.seq);
    ticket.world.end().await;
}

#[tokio::test]
async fn the_teams_message_answers_it_however_the_document_comes() {
    // Under an old revision the document is no news, but what was said there is.
    for is_old in [false, true] {
        let mut ticket = Ticket::closed().await;
        ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
        ticket.shows().await;
        assert_eq!(ticket.answered(2).await, None);
        ticket.world.until("2026-12-21 10:30").await;
        ticket.says(Side::Team, "2026-12-21 10:20", "確認します");
        let revision = is_old.then(|| "1".to_owned());
        ticket
            .shows_with(|mapped| mapped.revision = revision.or(mapped.revision.take()))
            .await;
        let met = (Ending::Met, tokyo("2026-12-21 10:20"));
        assert_eq!(ticket.answered(2).await, Some(met), "old: {is_old}");
        ticket.world.end().await;
    }
}

#[tokio::test]
async fn what_either_of_them_wrote_back_is_no_reply() {
    let mut ticket = Ticket::closed().await;
    // The old one answered once more before its time was over, and that was not seen there yet.
    ticket
        .world
        .says("aoki", "reply Q-1 直っているはずです。")
        .await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    ticket.shows().await;
    ticket.says(Side::Own, LATE, "直っているはずです。");
    ticket.shows().await;
    assert_eq!(ticket.answered(2).await, None);
    ticket.world.says("aoki", "reply Q-2 調べます。").await;
    let before = by_reference(&ticket.world, 2).await;
    assert!(before.run(Clock::FirstResponse).is_none());
    ticket.says(Side::Own, LATE, "調べます。");
    ticket.shows().await;
    assert_eq!(by_reference(&ticket.world, 2).await.seq, before.seq);
    // Both went to the ticket itself.
    assert!(ticket.world.back.items().iter().all(|item| item == "A-1"));
    ticket.world.end().await;
}

#[tokio::test]
async fn the_words_that_open_a_ticket_again_are_heard_by_the_inquiry_that_they_open() {
    let mut ticket = Ticket::closed().await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    ticket.is_closed = false;
    ticket.shows().await;
    let next = by_reference(&ticket.world, 2).await;
    assert_eq!(next.origin.external_id, "A-1~2");
    let ledger = ticket.world.app.store.ledger(&next.id).await.unwrap();
    let heard = ledger.iter().filter_map(|entry| match &entry.event {
        Event::RequesterReplied { text, .. } => Some(text.clone()),
        _ => None,
    });
    let heard: Vec<_> = heard.collect();
    let texts = ticket.world.app.store.texts(&heard).await.unwrap();
    assert_eq!(texts.values().collect::<Vec<_>>(), ["まだ起きます"]);
    ticket.world.end().await;
}

#[tokio::test]
async fn what_follows_and_was_reopened_here_is_not_closed_by_the_state_of_before() {
    let mut ticket = Ticket::closed().await;
    ticket.is_closed = false;
    ticket.shows().await;
    ticket.is_closed = true;
    let changed = |at: &'static str| move |mapped: &mut Mapped| mapped.changed_at = Some(tokyo(at));
    ticket.shows_with(changed("2026-12-21 10:10")).await;
    ticket.world.until("2026-12-21 10:30").await;
    ticket.world.says("aoki", "reopen Q-2").await;
    ticket.shows_with(changed("2026-12-21 10:20")).await;
    assert!(by_reference(&ticket.world, 2).await.is_open());
    ticket.shows_with(changed("2026-12-21 10:31")).await;
    let next = by_reference(&ticket.world, 2).await;
    assert!(
        matches!(next.stage, Stage::Closed { .. }),
        "{:?}",
        next.stage
    );
    ticket.world.end().await;
}

#[tokio::test]
async fn words_on_a_ticket_that_stays_closed_stay_open_here() {
    let mut ticket = Ticket::closed().await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    let changed = |mapped: &mut Mapped| mapped.changed_at = Some(tokyo(LATE));
    ticket.shows_with(changed).await;
    ticket.shows_with(changed).await;
    assert!(by_reference(&ticket.world, 2).await.is_open());
    ticket.world.end().await;
}

#[tokio::test]
async fn what_opens_a_ticket_again_is_owed_an_answer_since_its_words() {
    let mut ticket = Ticket::closed().await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    ticket.says(Side::Team, "2026-12-21 10:03", "確認します");
    ticket.says(Side::Requester, "2026-12-21 10:04", "急ぎです");
    ticket.is_closed = false;
    let old = by_reference(&ticket.world, 1).await;
    // The item itself was escalated long before.
    ticket
        .shows_with(|mapped| mapped.escalated_at = Some(tokyo(RECEIPT)))
        .await;
    let next = by_reference(&ticket.world, 2).await;
    assert_eq!(next.began_at(), tokyo("2026-12-21 10:00"));
    let met = (Ending::Met, tokyo("2026-12-21 10:03"));
    assert_eq!(ticket.answered(2).await, Some(met));
    // What they wrote after the answer is not lost, though it was before the receipt.
    let owed = next.run(Clock::NextResponse).map(|run| run.started_at);
    assert_eq!(owed, Some(tokyo("2026-12-21 10:04")));
    let told = |it: &Inquiry| (it.ended.len(), it.runs.clone());
    assert_eq!(told(&by_reference(&ticket.world, 1).await), told(&old));
    ticket.world.end().await;
}

#[tokio::test]
async fn words_that_were_heard_before_open_nothing() {
    let mut ticket = Ticket {
        world: World::at(RECEIPT).await,
        messages: Vec::new(),
        revision: 0,
        is_closed: false,
    };
    ticket.shows().await;
    ticket.is_closed = true;
    ticket.shows().await;
    ticket.world.until("2026-11-25 10:10").await;
    ticket.says(Side::Requester, "2026-11-25 10:00", "どうも");
    ticket.shows().await;
    ticket.world.until(LATE).await;
    ticket.is_closed = false;
    ticket.shows().await;
    let next = by_reference(&ticket.world, 2).await;
    assert_eq!(next.began_at(), tokyo(LATE));
    ticket.world.end().await;
}

#[tokio::test]
async fn words_of_before_the_receipt_that_nobody_kept_are_no_news_once_it_is_answered() {
    for is_over in [false, true] {
        let mut ticket = Ticket::closed().await;
        ticket.is_closed = false;
        ticket.shows().await;
        ticket.world.until("2026-12-21 10:30").await;
        ticket.says(Side::Team, "2026-12-21 10:20", "確認します");
        ticket.shows().await;
        if is_over {
            ticket.is_closed = true;
            ticket.shows().await;
            ticket.world.until("2027-02-01 10:00").await;
        }
        let before = by_reference(&ticket.world, 2).await;
        ticket.says(Side::Requester, "2026-12-21 10:05", "まだ起きます");
        ticket.shows().await;
        let after = by_reference(&ticket.world, 2).await;
        assert_eq!((after.seq, &after.runs), (before.seq, &before.runs));
        let third = crate::app::ports::Reference(3);
        let third = ticket.world.app.store.by_reference(third).await.unwrap();
        assert!(third.is_none(), "over: {is_over}");
        ticket.world.end().await;
    }
}

#[tokio::test]
async fn an_answer_of_before_the_receipt_that_comes_late_ends_nothing_of_later() {
    let mut ticket = Ticket::closed().await;
    ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
    ticket.shows().await;
    ticket.world.until("2026-12-21 10:40").await;
    ticket.says(Side::Team, "2026-12-21 10:20", "確認します");
    ticket.says(Side::Requester, "2026-12-21 10:30", "お願いします");
    ticket.shows().await;
    let before = by_reference(&ticket.world, 2).await;
    assert!(before.run(Clock::NextResponse).is_some());
    ticket.says(Side::Team, "2026-12-21 10:02", "見ています");
    ticket.shows().await;
    let after = by_reference(&ticket.world, 2).await;
    assert_eq!((&after.runs, &after.ended), (&before.runs, &before.ended));
    ticket.world.end().await;
}

#[tokio::test]
async fn the_moment_by_which_the_one_before_was_needed_is_not_that_of_whoever_follows() {
    let needed = |at: &'static str| {
        move |mapped: &mut Mapped| {
            mapped.needed_by = Some(tokyo(at));
            mapped.business_stopped = true;
        }
    };
    for opens_there in [false, true] {
        let mut ticket = Ticket::closed().await;
        ticket.is_closed = !opens_there;
        ticket.says(Side::Requester, "2026-12-21 10:00", "まだ起きます");
        // By words, or by the item: either way the old moment stands in it, and stays there.
        for _ in 0..2 {
            ticket.shows_with(needed("2026-11-25 10:00")).await;
            let next = by_reference(&ticket.world, 2).await;
            assert_eq!(next.facts.needed_by, None, "{opens_there}");
            assert!(next.run(Clock::NeededBy).is_none());
        }
        ticket.shows_with(needed("2026-12-25 10:00")).await;
        let next = by_reference(&ticket.world, 2).await;
        let by = Some(tokyo("2026-12-25 10:00"));
        assert_eq!(next.facts.needed_by, by, "{opens_there}");
        ticket.world.end().await;
    }
}
