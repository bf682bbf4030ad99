#![allow(clippy::unwrap_used)]

mod contract;

use super::*;
use crate::app::ports::Reference;
use crate::clock::SystemIds;
use crate::domain::notice::{Message, Notice};
use crate::i18n::Lang;
use crate::testkit::world::World;

struct Setting {
    world: World,
    desk: Desk,
    place: Place,
    /// A card and its context, from which notices are made too.
    card: Post,
}

async fn setting() -> Setting {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    let view = world
        .app
        .view(Reference(1), Lang::Ja)
        .await
        .unwrap()
        .unwrap();
    let app = &world.app;
    let desk = Desk::new(
        app.store.clone(),
        app.clock.clone(),
        Arc::new(SystemIds),
        app.wake.clone(),
    );
    let card = Post {
        what: PostKind::Card {
            card: Box::new(view.card),
            mentions: vec!["aoki".into()],
            is_urgent: false,
        },
        context: view.context,
    };
    let place = Place {
        platform: Desk::KEY.to_owned(),
        channel: "support".to_owned(),
    };
    Setting {
        world,
        desk,
        place,
        card,
    }
}

fn notice(card: &Post, place: NoticePlace) -> Post {
    Post {
        what: PostKind::Notice {
            notice: Notice {
                place,
                audience: Vec::new(),
                message: Message::new("notice-resumed"),
                is_urgent: true,
                is_mergeable: false,
                offers: Vec::new(),
            },
            mentions: vec!["aoki".into()],
        },
        context: card.context.clone(),
    }
}

#[tokio::test]
async fn a_key_is_posted_once_and_can_be_found() {
    let Setting {
        world,
        desk,
        place,
        card,
    } = setting().await;
    let since = world.app.clock.now();
    assert_eq!(desk.find(&place, &card, "k", since).await.unwrap(), None);
    let first = desk.deliver(&place, &card, "k").await.unwrap();
    let again = desk.deliver(&place, &card, "k").await.unwrap();
    assert_eq!(first, again);
    assert_eq!(
        desk.find(&place, &card, "k", since).await.unwrap(),
        Some(first)
    );
    assert_eq!(
        world
            .app
            .store
            .desk_channel("support", 10)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_card_has_a_thread_and_a_notice_has_none() {
    let Setting {
        desk, place, card, ..
    } = setting().await;
    let inquiry = card.context.inquiry.clone().unwrap();
    let posted = desk.deliver(&place, &card, "c").await.unwrap();
    assert_eq!(posted.thread, Some(inquiry.to_string()));
    let said = notice(&card, NoticePlace::Thread);
    assert_eq!(desk.deliver(&place, &said, "n").await.unwrap().thread, None);
}

#[tokio::test]
async fn notices_go_to_the_thread_or_the_channel() {
    let Setting {
        world,
        desk,
        place,
        card,
    } = setting().await;
    let inquiry = card.context.inquiry.clone().unwrap();
    for (at, expected) in [
        (NoticePlace::Thread, true),
        (NoticePlace::Card, false),
        (NoticePlace::Channel, false),
        (NoticePlace::Operators, false),
    ] {
        let key = format!("{at:?}");
        desk.deliver(&place, &notice(&card, at), &key)
            .await
            .unwrap();
        let row = world.app.store.desk_find(&key).await.unwrap().unwrap();
        assert_eq!(row.in_thread, expected, "{key}");
    }
    let thread = world.app.store.desk_thread(&inquiry).await.unwrap();
    assert_eq!(thread.iter().filter(|post| post.in_thread).count(), 1);
}

#[tokio::test]
async fn a_revised_card_keeps_its_place_and_gets_a_newer_stamp() {
    let Setting {
        world,
        desk,
        place,
        card,
    } = setting().await;
    let posted = desk.deliver(&place, &card, "c").await.unwrap();
    let before = world.app.store.desk_find("c").await.unwrap().unwrap();
    world.says("aoki", "claim Q-1").await;
    let view = world
        .app
        .view(Reference(1), Lang::Ja)
        .await
        .unwrap()
        .unwrap();
    let newer = Post {
        what: PostKind::Card {
            card: Box::new(view.card.clone()),
            mentions: Vec::new(),
            is_urgent: false,
        },
        context: view.context,
    };
    desk.revise(&place, &posted, &newer).await.unwrap();
    let after = world.app.store.desk_find("c").await.unwrap().unwrap();
    assert_eq!((&after.id, after.at), (&before.id, before.at));
    assert!(after.stamp > before.stamp);
    assert_eq!(after.body, body(&newer.what));
    let lost = Receipt {
        message: "none".to_owned(),
        thread: None,
    };
    let gone = desk.revise(&place, &lost, &newer).await;
    assert!(matches!(gone, Err(DeliveryError::Gone { .. })));
}

#[tokio::test]
async fn an_edited_card_names_the_duty_until_somebody_has_it() {
    let mut world = World::at("2026-11-24 10:00").await;
    let app = world.app.clone();
    let desk = Desk::new(
        app.store.clone(),
        app.clock.clone(),
        Arc::new(SystemIds),
        app.wake.clone(),
    );
    let desk: Arc<dyn Platform> = Arc::new(desk);
    world.engine.platforms = Arc::new([(Desk::KEY.to_owned(), desk)].into());
    world.receive("T-1", |_| {}).await;
    let mut named = Vec::new();
    for line in ["help", "severity Q-1 S2", "claim Q-1", "release Q-1"] {
        world.says("inoue", line).await;
        world.settle().await;
        let channel = &app.setup.queue(&app.setup.default_queue).places[0].channel;
        let posts = app.store.desk_channel(channel, 10).await.unwrap();
        let card = posts.into_iter().find_map(|post| match post.body {
            DeskBody::Card { mentions, .. } => Some(mentions.len()),
            DeskBody::Notice { .. } | DeskBody::Board { .. } => None,
        });
        named.push(card.unwrap());
    }
    assert_eq!(named, [1, 1, 0, 1]);
}

#[tokio::test]
async fn whoever_looks_is_woken() {
    let Setting {
        world,
        desk,
        place,
        card,
    } = setting().await;
    let mut wake = world.app.wake.listen();
    desk.deliver(&place, &card, "c").await.unwrap();
    assert_eq!(wake.recv().await.unwrap(), Stirred::Desk);
}

#[tokio::test]
async fn it_listens_to_nobody_and_ends_with_the_shutdown() {
    let Setting {
        world, desk, place, ..
    } = setting().await;
    let shutdown = CancellationToken::new();
    let running = desk.run(Arc::new(world.app.clone()), shutdown.clone());
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(desk.check(&[place]).await, [] as [String; 0]);
    let nameless = Place {
        platform: Desk::KEY.to_owned(),
        channel: " ".to_owned(),
    };
    assert_eq!(desk.check(&[nameless]).await.len(), 1);
}

#[test]
fn a_lost_answer_is_unknown_and_not_tried_blindly() {
    let lost = no_answer(StoreError::Unknown("x".to_owned()));
    assert!(matches!(lost, DeliveryError::Unknown { .. }));
    let down = no_answer(StoreError::Unavailable("x".to_owned()));
    assert!(matches!(down, DeliveryError::Retry { .. }));
}
