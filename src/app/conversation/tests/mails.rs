//! Documents that are one message each: mails.

use super::*;

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
