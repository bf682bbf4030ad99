//! Posting, editing and finding, while Discord is well and while it is not.

use super::*;
use crate::doubles::discord::{Denied, Fault, Limits, On, Scope};
use toban::app::ports::{Group, Person, PostKind};
use toban::domain::card::Tone;
use toban::domain::notice::{Arg, Notice, NoticePlace};
use toban::domain::sla::Audience;

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

/// 青木, 井上 and 上田, who is not on Discord, are a group with a role there, which anyone may mention or not.
async fn with_group(is_mentionable: bool) -> (Scene, Snowflake, Snowflake) {
    let ids = std::cell::Cell::new(None);
    let scene = Scene::with_people(
        Options::default(),
        Duration::from_secs(15),
        |double, people| {
            let role = double.add_role_with("データベース", is_mentionable);
            let inoue = double.add_member("井上", &[role], "ja");
            let person = |name: &str, id: Option<Snowflake>| Person {
                name: name.to_owned(),
                chat_ids: id
                    .map(|id| ("discord".to_owned(), id.to_string()))
                    .into_iter()
                    .collect(),
                lang: None,
            };
            let others = [("inoue", Some(inoue)), ("ueda", None)];
            for (id, chat) in others {
                people.members.insert(id.into(), person(id, chat));
            }
            let group = Group {
                members: ["aoki", "inoue", "ueda"].map(Into::into).to_vec(),
                chat_roles: [("discord".to_owned(), vec![role.to_string()])].into(),
            };
            people.groups.insert("database".to_owned(), group);
            ids.set(Some((role, inoue)));
        },
    )
    .await;
    let (role, inoue) = ids.get().unwrap();
    (scene, role, inoue)
}

#[tokio::test]
async fn a_group_is_called_by_its_role_where_all_of_it_is_called() {
    let (scene, role, inoue) = with_group(true).await;
    // Who is called, and whom Discord pings: the role reaches all, so it is named for all of them alone.
    let (aoki, nobody) = (scene.aoki, Vec::new());
    for (n, (called, roles, users, said)) in [
        (
            vec!["aoki", "inoue", "ueda"],
            vec![role],
            nobody.clone(),
            format!("<@&{role}> @ueda "),
        ),
        // 青木 has muted it, was called enough or is off.
        (
            vec!["inoue", "ueda"],
            vec![],
            vec![inoue],
            format!("<@{inoue}> @ueda "),
        ),
        (vec!["aoki"], vec![], vec![aoki], format!("<@{aoki}> ")),
        (vec![], vec![], nobody, String::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let mut post = scene.notice(None);
        let PostKind::Notice { notice, mentions } = &mut post.what else {
            panic!("a notice")
        };
        notice.message = Message::new("list-and")
            .with("first", Arg::Plain("one".to_owned()))
            .with("next", Arg::Plain("two".to_owned()));
        notice.audience = vec![Audience::Role("database".to_owned())];
        *mentions = called.into_iter().map(Into::into).collect();
        let receipt = scene.deliver(&post, &format!("n{n}")).await.unwrap();
        let message = scene.double.message(snowflake(&receipt.message)).unwrap();
        assert_eq!(message.pings.roles, roles.into_iter().collect(), "{n}");
        assert_eq!(message.pings.users, users.into_iter().collect(), "{n}");
        let content = format!("{said}**Q-1042** one");
        assert!(message.content.starts_with(&content), "{}", message.content);
    }
    // Told as somebody of another audience, a whole group is not called as one.
    let mut post = scene.notice(None);
    if let PostKind::Notice { notice, mentions } = &mut post.what {
        notice.audience = vec![Audience::Team];
        *mentions = ["aoki", "inoue", "ueda"].map(Into::into).to_vec();
    }
    let receipt = scene.deliver(&post, "team").await.unwrap();
    let message = scene.double.message(snowflake(&receipt.message)).unwrap();
    assert!(message.pings.roles.is_empty());
    assert_eq!(message.pings.users, [scene.aoki, inoue].into());
}

#[tokio::test]
async fn the_check_names_roles_that_would_call_nobody() {
    let (scene, ..) = with_group(true).await;
    assert_eq!(scene.discord.check(&[]).await, [] as [&str; 0]);
    let (scene, role, _) = with_group(false).await;
    let said = scene.discord.check(&[]).await;
    assert!(
        said.len() == 1 && said[0].contains(&format!("the Discord role {role} would call nobody")),
        "{said:?}"
    );
    let scene = Scene::with_people(Options::default(), Duration::from_secs(15), |_, people| {
        let group = Group {
            members: vec!["aoki".into()],
            chat_roles: [("discord".to_owned(), vec!["7".to_owned()])].into(),
        };
        people.groups.insert("database".to_owned(), group);
    })
    .await;
    let said = scene.discord.check(&[]).await;
    assert!(
        said.len() == 1 && said[0].contains("there is no role 7"),
        "{said:?}"
    );
}
