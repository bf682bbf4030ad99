//! Documents that are one message each: mails.

use super::*;
use crate::app::ports::{ContractAct, ContractChange};
use crate::testkit::world::STORY;

/// A mail of the conversation A-1 arrives; answers what became of it.
async fn mail(world: &World, id: &str, by: Side, at: &str) -> (bool, bool) {
    let message = said(id, by, at, &format!("words of {id}"));
    let received = world.receive("A-1", |mapped| {
        mapped.title = format!("title of {id}");
        mapped.body = Some(message.text.clone());
        mapped.revision = Some("1".to_owned());
        mapped.heard = Some(message);
    });
    let received = received.await;
    (received.is_new, received.is_changed)
}

async fn kinds(world: &World) -> Vec<String> {
    let kind = |entry: &Entry| serde_json::to_value(&entry.event).unwrap()["kind"].clone();
    let all = ledger(world).await;
    all.iter()
        .map(|entry| kind(entry).as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_first_opens_and_the_others_are_heard_once() {
    let world = World::at(RECEIPT).await;
    assert_eq!(
        mail(&world, "root", Side::Requester, "10:00").await,
        (true, true)
    );
    world.until("2026-11-24 10:05").await;
    assert_eq!(
        mail(&world, "second", Side::Requester, "10:04").await,
        (false, true)
    );
    let before = inquiry(&world).await;
    for id in ["root", "second"] {
        assert_eq!(
            mail(&world, id, Side::Requester, "10:04").await,
            (false, false),
            "{id}"
        );
    }
    assert_eq!(kinds(&world).await, ["received", "requester_replied"]);
    let after = inquiry(&world).await;
    assert_eq!(
        (&after.facts, after.seq),
        (&before.facts, before.seq),
        "title and body are the first mail's"
    );
    world.end().await;
}

#[tokio::test]
async fn a_mail_of_the_team_answers_at_its_own_time() {
    let world = World::at(RECEIPT).await;
    mail(&world, "root", Side::Requester, "10:00").await;
    world.until(PAST_DUE).await;
    mail(&world, "answer", Side::Team, "11:00").await;
    assert_eq!(
        first_response(&world).await,
        Some((Ending::Met, today("11:00")))
    );
    world.end().await;
}

#[tokio::test]
async fn what_was_written_while_the_first_waited_is_not_lost() {
    let world = World::at(RECEIPT).await;
    mail(&world, "root", Side::Requester, "09:58").await;
    assert_eq!(
        mail(&world, "postscript", Side::Requester, "09:59").await,
        (false, true)
    );
    assert_eq!(
        mail(&world, "answer", Side::Team, "09:59:30").await,
        (false, true)
    );
    assert_eq!(
        first_response(&world).await,
        Some((Ending::Met, today("10:00")))
    );
    assert_eq!(
        kinds(&world).await,
        ["received", "requester_replied", "replied_elsewhere"]
    );
    world.end().await;
}

#[tokio::test]
async fn a_mail_that_the_team_sent_on_opens_and_answers_nothing() {
    let world = World::at(RECEIPT).await;
    assert_eq!(
        mail(&world, "root", Side::Team, "10:00").await,
        (true, true)
    );
    assert_eq!(first_response(&world).await, None);
    world.end().await;
}

#[tokio::test]
async fn long_after_the_end_a_mail_is_an_inquiry_of_its_own() {
    let world = World::at(RECEIPT).await;
    mail(&world, "root", Side::Requester, "10:00").await;
    world.says("aoki", "close Q-1 duplicate").await;
    let id = inquiry(&world).await.id;
    assert!(!inquiry(&world).await.is_open());
    world.until("2026-12-20 10:00").await;
    let received = world.receive("A-1", |mapped| {
        mapped.heard = Some(MappedMessage {
            at: world.app.clock.now(),
            ..said("late", Side::Requester, "10:00", "まだ起きます")
        });
    });
    assert!(received.await.is_changed);
    let next = world
        .app
        .store
        .by_external(&"crm".into(), "A-1~2")
        .await
        .unwrap();
    assert_eq!(next.unwrap().inquiry.follows, Some(id));
    world.end().await;
}

/// A conversation whose inquiry was closed for long, and what followed it.
async fn followed() -> World {
    let world = World::at(RECEIPT).await;
    mail(&world, "root", Side::Requester, "10:00").await;
    world.says("aoki", "close Q-1 duplicate").await;
    world.until("2026-12-21 10:10").await;
    // Written at ten, read ten minutes later.
    let (_, is_changed) = late(&world, "again", Side::Requester, "2026-12-21 10:00").await;
    assert!(is_changed);
    world
}

/// A mail of the conversation A-1 at any time.
async fn late(world: &World, id: &str, by: Side, at: &str) -> (bool, bool) {
    late_words(world, id, by, at, &format!("words of {id}")).await
}

async fn late_words(world: &World, id: &str, by: Side, at: &str, words: &str) -> (bool, bool) {
    let message = MappedMessage {
        at: tokyo(at),
        ..said(id, by, "10:00", words)
    };
    let received = world.receive("A-1", |mapped| mapped.heard = Some(message));
    let received = received.await;
    (received.is_new, received.is_changed)
}

pub(super) async fn by_reference(world: &World, number: i64) -> Inquiry {
    let number = crate::app::ports::Reference(number);
    let stored = world.app.store.by_reference(number).await;
    stored.unwrap().unwrap().inquiry
}

fn first_of(inquiry: &Inquiry) -> Option<(Ending, Timestamp)> {
    let mut ended = inquiry.ended.iter().rev();
    let ended = ended.find(|ended| ended.run.clock == Clock::FirstResponse);
    ended.map(|ended| (ended.how, ended.ended_at))
}

#[tokio::test]
async fn a_mail_of_the_team_answers_the_inquiry_that_followed() {
    for by in [Side::Team, Side::Own] {
        let world = followed().await;
        let old = by_reference(&world, 1).await;
        let answered = late(&world, "answer", by, "2026-12-21 10:05").await;
        assert_eq!(answered, (false, true));
        let next = by_reference(&world, 2).await;
        assert_eq!(next.follows, Some(old.id.clone()));
        let met = (Ending::Met, tokyo("2026-12-21 10:05"));
        assert_eq!(first_of(&next), Some(met), "{by:?}");
        assert_eq!(by_reference(&world, 1).await.seq, old.seq);
        // Once; and a second answer is kept at the receipt at the earliest.
        late(&world, "answer", by, "2026-12-21 10:05").await;
        late(&world, "more", by, "2026-12-21 10:06").await;
        let ledger = world.app.store.ledger(&next.id).await.unwrap();
        let replies = ledger.iter().filter_map(|entry| match &entry.event {
            Event::RepliedElsewhere { at, .. } => Some(*at),
            _ => None,
        });
        let times = ["2026-12-21 10:05", "2026-12-21 10:10"].map(tokyo);
        assert_eq!(replies.collect::<Vec<_>>(), times);
        world.end().await;
    }
}

#[tokio::test]
async fn a_mail_of_the_team_of_before_answers_nothing_of_what_followed() {
    let world = followed().await;
    assert_eq!(
        late(&world, "stray", Side::Team, "2026-12-21 09:30").await,
        (false, true)
    );
    let next = by_reference(&world, 2).await;
    assert!(next.run(Clock::FirstResponse).is_some());
    let old = world
        .app
        .store
        .ledger(&by_reference(&world, 1).await.id)
        .await;
    let last = old.unwrap().pop().unwrap();
    assert_eq!(last.event.kind(), "replied_elsewhere", "it is not lost");
    world.end().await;
}

#[tokio::test]
async fn what_the_inquiry_that_followed_wrote_back_is_known_again() {
    let world = followed().await;
    let said = world.says("aoki", "reply Q-2 確認します。").await;
    let before = by_reference(&world, 2).await;
    assert!(before.run(Clock::FirstResponse).is_none(), "{said}");
    let echo = "2026-12-21 10:10:00";
    let echo = late_words(&world, "echo", Side::Own, echo, "確認します。").await;
    assert_eq!(echo, (false, false));
    assert_eq!(by_reference(&world, 2).await.seq, before.seq);
    // It went to the conversation itself: nobody over there knows the number that we gave what followed.
    assert_eq!(world.back.items().pop().as_deref(), Some("A-1"));
    world.end().await;
}

#[tokio::test]
async fn an_inquiry_that_follows_one_that_followed_is_linked_to_it() {
    let world = followed().await;
    world.says("aoki", "close Q-2 duplicate").await;
    world.until("2027-02-01 10:00").await;
    late(&world, "once more", Side::Requester, "2027-02-01 10:00").await;
    let (second, third) = (by_reference(&world, 2).await, by_reference(&world, 3).await);
    assert_eq!(third.follows, Some(second.id));
    assert_eq!(third.origin.external_id, "A-1~3");
    late(&world, "answer", Side::Team, "2027-02-01 10:00").await;
    let third = by_reference(&world, 3).await;
    assert!(first_of(&third).is_some_and(|(how, _)| how == Ending::Met));
    world.end().await;
}

#[tokio::test]
async fn the_contract_of_what_follows_is_that_of_the_customer_who_is_known() {
    let config = STORY.replacen(
        "default = true\n",
        "default = true\ncontract = \"required\"\n",
        1,
    );
    let world = World::with(&config, RECEIPT).await;
    let contract = ContractChange {
        id: "1".to_owned(),
        what: ContractAct::Added,
        contract: serde_json::from_str(r#"{"id": "K-1", "customer": "もみじ物産"}"#).unwrap(),
        by: Actor::System,
        via: "test".to_owned(),
        at: today("10:00"),
    };
    world
        .app
        .store
        .change_contracts(vec![contract])
        .await
        .unwrap();
    // A later mail of the conversation need not say again who the customer is.
    let wrote = async |id: &str, at: &str, customer: Option<&str>| {
        let message = MappedMessage {
            at: tokyo(at),
            ..said(id, Side::Requester, "10:00", "助けてください")
        };
        let received = world.receive("A-1", |mapped| {
            mapped.customer = customer.map(str::to_owned);
            mapped.heard = Some(message);
        });
        received.await;
    };
    wrote("root", "2026-11-24 10:00", Some("もみじ物産")).await;
    world.says("aoki", "close Q-1 duplicate").await;
    world.until("2026-12-21 10:00").await;
    wrote("again", "2026-12-21 10:00", None).await;
    let next = by_reference(&world, 2).await;
    let terms = next.terms().map(|terms| terms.contract.as_str());
    assert_eq!(terms, Some("K-1"));
    assert!(next.run(Clock::FirstResponse).is_some());
    world.end().await;
}
