//! Whom the steps of a ladder tell beside people: the queue, a group, an address.

use toban::testkit::world::{STORY, World};

/// A desk whose claims tell the queue, a group and an address, each in turn.
async fn desk(lang: &str) -> World {
    let config = STORY
        .replacen(
            "preset = \"standard\"\n",
            "preset = \"standard\"\n[policy.ladder]\nclaim = [\"60% -> queue\", \"-5m -> role:database\", \
             \"breach -> owner, queue, mail:boss@example.com\"]\n",
            1,
        )
        .replacen(
            "[desk]\nlang = \"ja\"\n",
            &format!(
                "[mail]\nhost = \"127.0.0.1\"\nfrom = \"toban@desk.example\"\nsecurity = \"none\"\n\
                 [[role]]\nname = \"database\"\nmembers = [\"inoue\", \"eguchi\"]\n[desk]\nlang = \"{lang}\"\n"
            ),
            1,
        );
    let world = World::with(&config, "2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    world.until("2026-11-24 10:31").await;
    world
}

#[tokio::test]
async fn a_queue_hears_it_in_its_channel_a_group_in_the_thread_and_an_address_by_mail() {
    for lang in ["ja", "en"] {
        let world = desk(lang).await;
        insta::assert_snapshot!(format!("audiences-{lang}"), world.heard());
        world.end().await;
    }
}

#[tokio::test]
async fn only_whom_a_group_names_is_called() {
    let world = desk("ja").await;
    let posts = world.chat.posts();
    let called: Vec<Vec<String>> = posts
        .iter()
        .filter(|post| !post.is_card && !post.mentions.is_empty())
        .map(|post| post.mentions.iter().map(ToString::to_string).collect())
        .collect();
    // The group before the end; at the end the duty, for nobody has it.
    assert_eq!(called, [vec!["inoue", "eguchi"], vec!["ueda"]]);
    let in_channel = posts
        .iter()
        .filter(|post| !post.is_card && !post.in_thread && post.place.channel == "support");
    assert!(in_channel.into_iter().all(|post| post.mentions.is_empty()));
    world.end().await;
}

#[tokio::test]
async fn whoever_is_off_is_not_called_with_their_group() {
    for (off, called) in [
        (vec!["inoue"], vec!["eguchi"]),
        // A group of which nobody is there becomes the team.
        (
            vec!["inoue", "eguchi"],
            vec!["aoki", "inoue", "ueda", "eguchi"],
        ),
    ] {
        let config = STORY
            .replacen(
                "preset = \"standard\"\n",
                "preset = \"standard\"\n[policy.ladder]\nclaim = [\"-5m -> role:database\"]\n",
                1,
            )
            .replacen(
                "[desk]\n",
                "[[role]]\nname = \"database\"\nmembers = [\"inoue\", \"eguchi\"]\n[desk]\n",
                1,
            );
        let world = World::with(&config, "2026-11-24 10:00").await;
        for member in off {
            world.says(member, "absent").await;
        }
        world.receive("A-1", |_| {}).await;
        world.until("2026-11-24 10:31").await;
        let posts = world.chat.posts();
        let told = posts
            .iter()
            .find(|post| post.in_thread && !post.mentions.is_empty());
        let mut mentions: Vec<String> = told
            .unwrap()
            .mentions
            .iter()
            .map(ToString::to_string)
            .collect();
        mentions.sort();
        let mut called = called;
        called.sort_unstable();
        assert_eq!(mentions, called);
        world.end().await;
    }
}
