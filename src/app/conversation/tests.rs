#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::{Delivery, DeliveryError, OutboxRow, WriteBack};
use crate::domain::inquiry::{Clock, Ending, Entry, Inquiry};
use crate::testkit::world::{World, tokyo};
use crate::time::Timestamp;
use proptest::prelude::*;

/// A Tuesday; the first response to a gold S2 is due two working hours after the receipt, at noon.
const RECEIPT: &str = "2026-11-24 10:00";
const PAST_DUE: &str = "2026-11-24 15:00";

fn said(id: &str, by: Side, at: &str, text: &str) -> MappedMessage {
    MappedMessage {
        id: id.to_owned(),
        by,
        at: today(at),
        text: text.to_owned(),
    }
}

fn today(time: &str) -> Timestamp {
    tokyo(&format!("2026-11-24 {time}"))
}

async fn told(world: &World, messages: &[MappedMessage]) -> bool {
    let received = world.receive("A-1", |mapped| mapped.messages = messages.to_vec());
    received.await.is_changed
}

async fn inquiry(world: &World) -> Inquiry {
    let stored = world
        .app
        .store
        .by_reference(crate::app::ports::Reference(1));
    stored.await.unwrap().unwrap().inquiry
}

async fn ledger(world: &World) -> Vec<Entry> {
    let id = inquiry(world).await.id;
    world.app.store.ledger(&id).await.unwrap()
}

/// How the first response ended, and when.
async fn first_response(world: &World) -> Option<(Ending, Timestamp)> {
    let inquiry = inquiry(world).await;
    let mut ended = inquiry.ended.iter().rev();
    let ended = ended.find(|ended| ended.run.clock == Clock::FirstResponse);
    let runs = inquiry.run(Clock::FirstResponse).is_some();
    ended
        .filter(|_| !runs)
        .map(|ended| (ended.how, ended.ended_at))
}

/// A conversation of an inquiry that is looked at once, long after it was due, and how the first response ended.
async fn check(messages: &[MappedMessage], expected: Option<(Ending, &str)>) {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.until(PAST_DUE).await;
    told(&world, messages).await;
    let expected = expected.map(|(how, at)| (how, today(at)));
    assert_eq!(first_response(&world).await, expected, "{messages:?}");
    world.end().await;
}

#[tokio::test]
async fn the_clock_stops_at_the_replys_own_time() {
    use Side::{Own, Requester, Team};
    let reply = |by, at: &str| said("m", by, at, "確認します");
    check(&[reply(Team, "10:40")], Some((Ending::Met, "10:40"))).await;
    check(&[reply(Own, "10:40")], Some((Ending::Met, "10:40"))).await;
    check(&[reply(Team, "12:00")], Some((Ending::Met, "12:00"))).await;
    check(&[reply(Team, "13:30")], Some((Ending::Missed, "13:30"))).await;
    check(&[reply(Requester, "10:40")], None).await;
    // What was said before it came here answers nothing, but one second may hold both.
    check(&[reply(Team, "09:59:58")], None).await;
    check(&[reply(Team, "09:59:59.5")], None).await;
    // A clock that is ahead of ours says now.
    check(&[reply(Team, "23:00")], Some((Ending::Missed, "15:00"))).await;
}

#[tokio::test]
async fn a_time_in_whole_seconds_may_be_anywhere_in_its_second() {
    let world = World::at("2026-11-24 10:00:00.700").await;
    told(&world, &[]).await;
    world.until("2026-11-24 10:01").await;
    told(&world, &[said("m", Side::Team, "10:00", "はい")]).await;
    let met = (Ending::Met, today("10:00:00.700"));
    assert_eq!(first_response(&world).await, Some(met));
    world.end().await;
}

#[tokio::test]
async fn a_message_counts_once_and_editing_it_changes_nothing() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.until("2026-11-24 10:30").await;
    let first = said("1", Side::Team, "10:20", "確認します");
    assert!(told(&world, std::slice::from_ref(&first)).await);
    let before = ledger(&world).await;
    let edited = said("1", Side::Requester, "10:25", "確認しました");
    for again in [&first, &edited] {
        assert!(!told(&world, std::slice::from_ref(again)).await);
    }
    assert_eq!(ledger(&world).await, before);
    world.end().await;
}

#[tokio::test]
async fn our_own_words_coming_home_change_nothing() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.until("2026-11-24 10:30").await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "reply Q-1 確認します。").await;
    let before = ledger(&world).await;
    let echo = said("7", Side::Own, "10:30:00", " 確認します。\r\n");
    assert!(!told(&world, std::slice::from_ref(&echo)).await);
    assert_eq!(ledger(&world).await, before);
    // Other words under the same account are somebody's of the team.
    let other = said("8", Side::Own, "10:30", "分かりました。");
    assert!(told(&world, &[echo.clone(), other.clone()]).await);
    assert!(!told(&world, &[echo, other]).await);
    let replies = ledger(&world).await;
    let replies = replies.iter().filter(|entry| {
        matches!(
            entry.event,
            Event::Replied { .. } | Event::RepliedElsewhere { .. }
        )
    });
    assert_eq!(replies.count(), 2);
    // The same words of somebody else's account are a reply of theirs.
    let theirs = said("9", Side::Team, "10:30", "確認します。");
    assert!(told(&world, &[theirs]).await);
    world.end().await;
}

#[tokio::test]
async fn a_reply_that_counted_as_lost_and_is_found_there_stops_the_clock() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.until("2026-11-24 10:30").await;
    let lost = DeliveryError::Unknown {
        why: "no answer in time".to_owned(),
    };
    world.back.fail(Some(lost));
    world.says("aoki", "reply Q-1 確認します。").await;
    assert_eq!(first_response(&world).await, None, "it counts as lost");
    world.until("2026-11-24 11:00").await;
    let found = said("7", Side::Own, "10:30", "確認します。");
    assert!(told(&world, std::slice::from_ref(&found)).await);
    let met = (Ending::Met, today("10:30"));
    assert_eq!(first_response(&world).await, Some(met));
    assert!(!told(&world, &[found]).await);
    world.end().await;
}

#[tokio::test]
async fn what_was_known_again_once_stays_our_own() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.says("aoki", "reply Q-1 確認します。").await;
    // Systems reformat: spaces, line ends, entities.
    let echo = said("7", Side::Own, "10:00:00", "確認 します。&nbsp;\r\n");
    assert!(!told(&world, std::slice::from_ref(&echo)).await);
    let before = ledger(&world).await;
    // Somebody edits the name that stands in each of our texts: what we wrote is no more what we would write.
    let renamed = said("7", Side::Own, "10:00:00", "青木です。確認します。");
    assert!(!told(&world, std::slice::from_ref(&renamed)).await);
    assert_eq!(ledger(&world).await, before);
    let by_hand = said("8", Side::Own, "10:00:00", "青木です。確認します。");
    assert!(told(&world, &[renamed, by_hand]).await);
    world.end().await;
}

#[tokio::test]
async fn a_reply_that_was_read_there_before_its_answer_was_lost_has_arrived() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.says("aoki", "reply Q-1 確認します。").await;
    let met = first_response(&world).await;
    assert!(met.is_some());
    let sent = world.app.store.outbox(&["sent"], 50).await.unwrap();
    let is_reply = |line: &&crate::app::ports::OutboxLine| {
        matches!(
            &line.what,
            Delivery::WriteBack {
                act: WriteBack::Reply { .. },
                ..
            }
        )
    };
    let line = sent.iter().find(is_reply).unwrap();
    let row = OutboxRow {
        id: line.id.clone(),
        lane: String::new(),
        inquiry: line.inquiry.clone(),
        place: line.place.clone(),
        what: line.what.clone(),
        key: line.key.clone(),
        attempt: 1,
        is_unknown: true,
        first_sent_at: None,
        epoch: 1,
    };
    let echo = said("7", Side::Own, "10:00:00", "確認します。");
    told(&world, &[echo]).await;
    let before = ledger(&world).await;
    world
        .app
        .delivery_died(&row, "no answer in time")
        .await
        .unwrap();
    assert_eq!(ledger(&world).await, before);
    assert_eq!(first_response(&world).await, met);
    world.end().await;
}

#[tokio::test]
async fn a_reply_that_was_sent_after_all_is_heard_once() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    world.back.fail(Some(DeliveryError::Rejected {
        why: "403".to_owned(),
    }));
    world.says("aoki", "reply Q-1 確認します。").await;
    assert_eq!(first_response(&world).await, None);
    world.back.fail(None);
    world.until("2026-11-24 10:30").await;
    let dead = world.app.store.outbox(&["dead"], 10).await.unwrap();
    let by = crate::app::ports::AskedBy::Member("ueda".into());
    let is_revived = world.app.retry_delivery(&dead[0].id, &by).await.unwrap();
    assert!(is_revived);
    world.settle().await;
    assert!(first_response(&world).await.is_some());
    let before = ledger(&world).await;
    let echo = said("7", Side::Own, "10:30:01", "確認します。");
    world.until("2026-11-24 10:31").await;
    assert!(!told(&world, &[echo]).await);
    assert_eq!(ledger(&world).await, before);
    world.end().await;
}

#[test]
fn what_is_compared_is_what_was_said() {
    for (ours, home) in [
        ("a  b\r\nc ", "a b\nc"),
        ("「R&D」を確認", "「R&amp;D」を\u{a0}確認 "),
        ("**直りました**", "直りました"),
        ("👍", "👍 "),
    ] {
        assert_eq!(plain(ours), plain(home), "{ours}");
    }
    assert_ne!(plain("👍"), plain("👎"));
    assert_ne!(plain("はい"), plain("はいい"));
}

#[tokio::test]
async fn an_owner_that_was_named_before_the_last_change_of_hands_is_no_news() {
    let world = World::at(RECEIPT).await;
    let named_as = |owner: &'static str, at: &'static str| {
        world.receive("A-1", move |mapped| {
            mapped.owner = Some(owner.to_owned());
            mapped.changed_at = Some(today(at));
        })
    };
    let named = |at: &'static str| named_as("aoki", at);
    let holder = async || inquiry(&world).await.holder().map(ToString::to_string);
    named("10:00").await;
    assert_eq!(holder().await.as_deref(), Some("aoki"));
    world.until("2026-11-24 10:30").await;
    world.says("inoue", "take-over Q-1 休みなので").await;
    assert_eq!(holder().await.as_deref(), Some("inoue"));
    assert!(!named("10:00").await.is_changed);
    assert!(!named("10:29:58").await.is_changed);
    assert_eq!(holder().await.as_deref(), Some("inoue"));
    // Any edit there says the same name again.
    named("10:31").await;
    assert_eq!(holder().await.as_deref(), Some("inoue"));
    named_as("nobody of ours", "10:32").await;
    named("10:33").await;
    assert_eq!(holder().await.as_deref(), Some("aoki"));
    world.end().await;
}

#[tokio::test]
async fn what_was_reopened_here_is_not_closed_by_the_state_of_before() {
    let world = World::at(RECEIPT).await;
    told(&world, &[]).await;
    let closed = |at: &'static str| {
        world.receive("A-1", move |mapped| {
            mapped.is_closed = true;
            mapped.changed_at = Some(today(at));
        })
    };
    world.until("2026-11-24 10:30").await;
    closed("10:20").await;
    assert!(!inquiry(&world).await.is_open());
    world.until("2026-11-24 10:40").await;
    world.says("aoki", "reopen Q-1").await;
    closed("10:20").await;
    assert!(inquiry(&world).await.is_open());
    closed("10:41").await;
    assert!(!inquiry(&world).await.is_open());
    world.end().await;
}

/// What the requester is heard to say, and as of when, where a second document follows the one of the receipt.
async fn hears(
    receipt: &str,
    (changed, first): (&str, &[MappedMessage]),
    then: &[MappedMessage],
    expected: &[(&str, &str)],
) {
    // Its source has been known for long: what was last changed before the receipt is no backlog.
    let since = "secret_env = \"CRM\"\nsince = 2026-11-01";
    let config = crate::testkit::world::STORY.replacen("secret_env = \"CRM\"", since, 1);
    let world = World::with(&config, &format!("2026-11-24 {receipt}")).await;
    let received = world.receive("A-1", |mapped| {
        mapped.messages = first.to_vec();
        mapped.changed_at = Some(today(changed));
    });
    received.await;
    world.until("2026-11-24 10:05").await;
    for _ in 0..2 {
        told(&world, then).await;
    }
    let mut heard = Vec::new();
    for entry in ledger(&world).await {
        if let Event::RequesterReplied { text, at, .. } = entry.event {
            let texts = world.app.store.texts(std::slice::from_ref(&text)).await;
            heard.push((texts.unwrap()[&text].clone(), at));
        }
    }
    let expected = expected.iter();
    let expected: Vec<_> = expected
        .map(|(text, at)| ((*text).to_owned(), today(at)))
        .collect();
    assert_eq!(heard, expected);
    world.end().await;
}

#[tokio::test]
async fn what_no_document_of_before_held_is_heard_whatever_their_clock_says() {
    let theirs = |id: &str, at: &str| said(id, Side::Requester, at, id);
    let old = theirs("old", "09:50:00");
    // Their clock is a minute behind: written after the receipt, and before it by their time.
    let new = theirs("new", "09:59:24");
    let both = [old.clone(), new.clone()];
    hears(
        "10:00",
        ("09:58:50", std::slice::from_ref(&old)),
        &both,
        &[("new", "10:00")],
    )
    .await;
    // A delivery that holds no conversation comes first.
    hears("10:00", ("09:58:50", &[]), &both, &[("new", "10:00")]).await;
    // Written while the page was under way, and so older than the receipt also by our clock.
    let after = theirs("after", "10:01");
    let all = [old.clone(), new.clone(), after];
    hears(
        "10:00",
        ("09:59:00", std::slice::from_ref(&old)),
        &all,
        &[("new", "10:00"), ("after", "10:01")],
    )
    .await;
    // What stood there is no news, though their clock is ahead.
    let ahead = theirs("ahead", "10:00:30");
    let ahead = std::slice::from_ref(&ahead);
    hears("10:00", ("10:00:30", ahead), ahead, &[]).await;
}

#[tokio::test]
async fn words_of_the_receipts_own_second_are_told_apart_by_the_document() {
    let theirs = |id: &str| said(id, Side::Requester, "10:00:05", id);
    let both = [theirs("1"), theirs("2")];
    hears(
        "10:00:05.400",
        ("10:00:05", &both[..1]),
        &both,
        &[("2", "10:00:05.400")],
    )
    .await;
    // A time that cannot be hides nothing.
    let later = [theirs("1"), said("2", Side::Requester, "10:01", "2")];
    let far = ("23:00", &later[..1]);
    hears("10:00:05.400", far, &later, &[("2", "10:01")]).await;
}

/// What each poll saw of a conversation: how much of it, and whether somebody had edited it meanwhile.
fn looks() -> impl Strategy<Value = Vec<(usize, bool)>> {
    proptest::collection::vec((0usize..5, any::<bool>()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn however_often_a_conversation_is_seen_each_message_counts_once(looks in looks()) {
        let conversation = [
            said("1", Side::Team, "10:10", "確認します"),
            said("2", Side::Requester, "10:20", "お願いします"),
            said("3", Side::Own, "10:30", "直りました"),
            said("4", Side::Requester, "10:40", "どうも"),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::at(RECEIPT).await;
            told(&world, &[]).await;
            world.until("2026-11-24 11:00").await;
            let mut most = 0;
            for (seen, is_edited) in looks {
                let mut seen = conversation[..seen].to_vec();
                for message in seen.iter_mut().filter(|_| is_edited) {
                    message.text.push_str(" (訂正)");
                }
                most = most.max(seen.len());
                told(&world, &seen).await;
            }
            let ledger = ledger(&world).await;
            let heard = ledger.iter().filter_map(|entry| match &entry.event {
                Event::RepliedElsewhere { at, .. } | Event::RequesterReplied { at, .. } => Some(*at),
                _ => None,
            });
            let expected: Vec<Timestamp> = conversation[..most].iter().map(|message| message.at).collect();
            assert_eq!(heard.collect::<Vec<_>>(), expected);
            world.end().await;
        });
    }
}

mod followed;
mod mails;
