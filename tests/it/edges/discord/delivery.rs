//! Posting, editing and finding, while Discord is well and while it is not.

use super::*;
use crate::doubles::discord::{Denied, Fault, Limits, On, Scope};
use toban::app::ports::PostKind;
use toban::domain::card::Tone;
use toban::domain::notice::{Arg, Notice, NoticePlace};

impl Scene {
    fn notice(&self, card: Option<Receipt>) -> Post {
        let message = Message::new("list-and")
            .with("first", Arg::Plain("one".to_owned()))
            .with("next", Arg::Mention("aoki".into()));
        let notice = Notice {
            place: NoticePlace::Thread,
            audience: Vec::new(),
            message,
            is_urgent: false,
            is_mergeable: false,
            offers: Vec::new(),
        };
        let mut post = self.card();
        post.what = PostKind::Notice {
            notice,
            mentions: vec!["aoki".into()],
        };
        post.context.card = card;
        post
    }

    fn cards(&self) -> usize {
        self.double.messages(self.channel()).len()
    }
}

#[tokio::test]
async fn a_board_is_posted_pinned_edited_and_found() {
    use toban::domain::board::Board;
    let scene = Scene::new().await;
    let board = |more| {
        let mut post = scene.card();
        post.context.inquiry = None;
        post.context.reference = None;
        post.what = PostKind::Board {
            board: Box::new(Board {
                queue: "billing".into(),
                lines: Vec::new(),
                more,
                is_kept: true,
            }),
        };
        post
    };
    let before = scene.clock.now();
    let receipt = scene.deliver(&board(0), "board").await.unwrap();
    let message = scene.double.message(snowflake(&receipt.message)).unwrap();
    assert!(message.is_pinned && message.pings.users.is_empty());
    let found = scene
        .discord
        .find(&scene.place(), &board(0), "board", before)
        .await
        .unwrap();
    assert_eq!(found, Some(receipt.clone()));
    let (place, edited) = (scene.place(), board(3));
    let edit = scene.discord.revise(&place, &receipt, &edited);
    edit.await.unwrap();
    let message = scene.double.message(snowflake(&receipt.message)).unwrap();
    assert_eq!(message.edits, 1);
    assert!(message.is_pinned, "an edit leaves it pinned");
}

#[tokio::test]
async fn a_card_has_a_thread_and_calls_the_duty_once() {
    let scene = Scene::new().await;
    let receipt = scene.deliver(&scene.card(), "k").await.unwrap();
    let message = scene.double.message(snowflake(&receipt.message)).unwrap();
    assert_eq!(message.pings.users, [scene.aoki].into());
    assert_eq!(
        scene.double.threads(scene.channel())[0].name,
        "Q-1042 Payment fails"
    );
    let late = Card {
        tone: Tone::Late,
        seq: 8,
        ..sample_card(scene.clock.now())
    };
    scene
        .discord
        .revise(&scene.place(), &receipt, &scene.card_of(late))
        .await
        .unwrap();
    let message = scene.double.message(snowflake(&receipt.message)).unwrap();
    assert_eq!(
        (message.edits, message.embeds[0]["footer"]["text"].as_str()),
        (1, Some("Q-1042·8"))
    );
    let in_thread = scene
        .deliver(&scene.notice(Some(receipt.clone())), "n")
        .await
        .unwrap();
    assert_eq!(in_thread.thread, receipt.thread);
    assert_eq!(
        scene
            .double
            .thread_messages(snowflake(&receipt.thread.unwrap()))
            .len(),
        1
    );
}

#[tokio::test]
async fn a_thread_that_archived_itself_is_opened_again() {
    let scene = Scene::new().await;
    let card = scene.deliver(&scene.card(), "k").await.unwrap();
    let thread = snowflake(card.thread.as_deref().unwrap());
    let said = scene
        .deliver(&scene.notice(Some(card.clone())), "n")
        .await
        .unwrap();
    scene.double.archive(thread, false);
    scene
        .deliver(&scene.notice(Some(card.clone())), "m")
        .await
        .unwrap();
    scene.double.archive(thread, false);
    scene
        .discord
        .revise(&scene.place(), &said, &scene.notice(Some(card.clone())))
        .await
        .unwrap();
    scene.double.archive(thread, true);
    let elsewhere = scene.deliver(&scene.notice(Some(card)), "o").await.unwrap();
    assert_eq!(
        elsewhere.thread, None,
        "a locked thread: the channel hears it"
    );
    assert!(
        scene
            .double
            .message(snowflake(&elsewhere.message))
            .unwrap()
            .content
            .starts_with("**Q-1042** ")
    );
}

#[tokio::test]
async fn a_deleted_thread_is_said_in_the_channel_and_a_deleted_channel_is_gone() {
    let scene = Scene::new().await;
    let card = scene.deliver(&scene.card(), "k").await.unwrap();
    scene
        .double
        .delete_channel(snowflake(card.thread.as_deref().unwrap()));
    assert_eq!(
        scene
            .deliver(&scene.notice(Some(card.clone())), "n")
            .await
            .unwrap()
            .thread,
        None
    );
    let place = scene.place();
    scene.double.delete_channel(scene.channel());
    for outcome in [
        scene
            .discord
            .deliver(&place, &scene.card(), "x")
            .await
            .map(drop),
        scene
            .discord
            .deliver(&place, &scene.notice(Some(card.clone())), "y")
            .await
            .map(drop),
        scene.discord.revise(&place, &card, &scene.card()).await,
        scene
            .discord
            .find(&place, &scene.card(), "k", scene.clock.now())
            .await
            .map(drop),
    ] {
        assert!(
            matches!(outcome, Err(DeliveryError::Gone { .. })),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn what_was_accepted_and_then_reset_is_unknown_found_and_not_doubled() {
    let scene = Scene::new().await;
    let since = scene.clock.now();
    for (key, fault) in [
        ("reset", Fault::WorkThenReset),
        ("status", Fault::WorkThenStatus(502)),
    ] {
        let before = scene.cards();
        scene.double.fault(On::post(), fault);
        let lost = scene.deliver(&scene.card(), key).await;
        assert!(
            matches!(lost, Err(DeliveryError::Unknown { .. })),
            "{lost:?}"
        );
        // Inside the window the same key is harmless, after it the post is found, with its thread made.
        scene.double.advance(Duration::from_secs(300));
        let found = scene
            .discord
            .find(&scene.place(), &scene.card(), key, since)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.thread.as_deref(), Some(found.message.as_str()));
        assert_eq!(scene.cards(), before + 1);
    }
}

#[tokio::test]
async fn a_hanging_post_is_unknown_and_the_same_key_makes_no_second_one() {
    let scene = Scene::with(Options::default(), Duration::from_millis(400)).await;
    scene.double.fault(On::post(), Fault::WorkThenHang);
    let lost = scene.deliver(&scene.card(), "k").await;
    assert!(
        matches!(lost, Err(DeliveryError::Unknown { .. })),
        "{lost:?}"
    );
    scene.double.release();
    let receipt = scene.deliver(&scene.card(), "k").await.unwrap();
    assert_eq!(scene.cards(), 1);
    assert!(receipt.thread.is_some());
}

#[tokio::test]
async fn a_thread_that_could_not_be_made_is_made_later() {
    let scene = Scene::new().await;
    let threads = On::route(
        "POST",
        "/channels/{channel_id}/messages/{message_id}/threads",
    );
    scene.double.fault(threads, Fault::Status(500));
    let since = scene.clock.now();
    let lost = scene.deliver(&scene.card(), "k").await;
    assert!(
        matches!(lost, Err(DeliveryError::Unknown { .. })),
        "{lost:?}"
    );
    let found = scene
        .discord
        .find(&scene.place(), &scene.card(), "k", since)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(scene.deliver(&scene.card(), "k").await, Ok(found));
    assert_eq!(scene.cards(), 1);
}

#[tokio::test]
async fn a_rate_limit_closes_a_gate_until_its_time() {
    for scope in [Scope::User, Scope::Shared, Scope::Global] {
        let scene = Scene::new().await;
        let after = Duration::from_millis(64_500);
        scene
            .double
            .fault(On::post(), Fault::RateLimit { scope, after });
        let limited = |outcome: Result<Receipt, DeliveryError>| matches!(outcome, Err(DeliveryError::Retry { after: Some(wait), .. }) if wait == after);
        assert!(limited(scene.deliver(&scene.card(), "k").await));
        let asked = scene.double.requests().len();
        assert!(
            limited(scene.deliver(&scene.card(), "k").await),
            "the gate is closed"
        );
        assert_eq!(scene.double.requests().len(), asked, "and nothing is sent");
        // The gate opens in a task of its own.
        while limited(scene.deliver(&scene.card(), "k").await) {
            scene.clock.pass(after);
            tokio::task::yield_now().await;
        }
        assert_eq!(scene.cards(), 1);
    }
}

#[tokio::test]
async fn an_announced_empty_bucket_is_not_asked() {
    let limits = Limits::Random {
        seed: 5,
        limit: 2..=2,
        window_ms: 5_000..=5_000,
        global_per_s: None,
    };
    let scene = Scene::with(
        Options {
            limits,
            ..Options::default()
        },
        Duration::from_secs(15),
    )
    .await;
    let mut held = 0;
    for number in 0..4 {
        held += u32::from(
            scene
                .deliver(&scene.card(), &format!("k{number}"))
                .await
                .is_err(),
        );
    }
    assert_eq!((held, scene.cards()), (2, 2));
    assert_eq!(scene.double.invalid_requests(), 0, "no 429 was provoked");
}

#[tokio::test]
async fn a_channel_that_refuses_us_is_left_alone_for_a_while() {
    let scene = Scene::new().await;
    scene.double.deny(scene.channel(), Some(Denied::Writing));
    let why = scene
        .deliver(&scene.card(), "k")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        why.contains(&scene.channel().to_string()) && why.contains("Send Messages"),
        "{why}"
    );
    let asked = scene.double.requests().len();
    assert!(matches!(
        scene.deliver(&scene.card(), "k").await,
        Err(DeliveryError::Rejected { .. })
    ));
    assert_eq!(
        scene.double.requests().len(),
        asked,
        "it is not asked again"
    );
    scene.double.deny(scene.channel(), Some(Denied::Access));
    let why = loop {
        let why = scene
            .deliver(&scene.card(), "k")
            .await
            .unwrap_err()
            .to_string();
        if !why.contains("a moment ago") {
            break why;
        }
        scene.clock.pass(Duration::from_secs(301));
        tokio::task::yield_now().await;
    };
    assert!(why.contains("View Channel"), "{why}");
}

#[tokio::test]
async fn after_a_refused_token_nothing_is_sent() {
    let scene = Scene::new().await;
    scene.double.revoke_token();
    assert!(matches!(
        scene.deliver(&scene.card(), "k").await,
        Err(DeliveryError::Rejected { .. })
    ));
    let asked = scene.double.requests().len();
    assert!(matches!(
        scene.deliver(&scene.card(), "k").await,
        Err(DeliveryError::Rejected { .. })
    ));
    assert_eq!(scene.double.requests().len(), asked);
    assert_eq!(scene.double.invalid_requests(), 1);
}

#[tokio::test]
async fn what_never_left_may_be_sent_again() {
    let scene = Scene::new().await;
    let mut config = DiscordConfig::new("t", 1, 1);
    // Nobody listens there: the port was free a moment ago.
    let port = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    config.api_base = Some(format!("http://127.0.0.1:{port}").parse().unwrap());
    let nobody = Discord::new(config, Arc::default(), tokyo(), scene.clock.clone()).unwrap();
    let refused = nobody.deliver(&scene.place(), &scene.card(), "k").await;
    assert!(
        matches!(refused, Err(DeliveryError::Retry { after: None, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_check_names_what_is_wrong() {
    let scene = Scene::new().await;
    let place = |channel: &str| Place {
        platform: "discord".to_owned(),
        channel: channel.to_owned(),
    };
    assert_eq!(scene.discord.check(&[scene.place()]).await, [] as [&str; 0]);
    let elsewhere = Place {
        platform: "desk".to_owned(),
        channel: "x".to_owned(),
    };
    let problems = scene
        .discord
        .check(&[place("general"), place("7"), elsewhere])
        .await;
    assert!(
        problems[0].contains("its id is a number")
            && problems[1].contains("channel 7 does not exist"),
        "{problems:?}"
    );
    assert_eq!(problems.len(), 2);
    let unsure = Scene::new().await;
    unsure.double.revoke_token();
    assert!(unsure.discord.check(&[unsure.place()]).await[0].contains("refuses the bot's token"));
}
