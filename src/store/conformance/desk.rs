//! The built-in desk: posts once per key, stamps that grow across channels.

use super::{Ground, both};
use crate::app::ports::{DeskBody, DeskPost};
use crate::domain::notice::Message;
use crate::testkit::inquiry::second;

both! {
    a_post_is_found_again
    a_known_key_answers_the_first_post
    the_same_key_at_once_posts_once
    a_revision_replaces_the_body_and_takes_a_new_stamp
    a_channel_shows_its_newest_posts_oldest_first
    a_thread_is_apart_from_its_channel
    what_is_newer_comes_in_order_of_the_stamp
    stamps_grow_across_channels_without_repeating
}

fn say(text: &str) -> DeskBody {
    DeskBody::Notice {
        message: Message {
            id: text.to_owned(),
            args: Default::default(),
        },
        mentions: vec!["aoki".into()],
        is_urgent: true,
        offers: Vec::new(),
    }
}

fn post(id: &str, channel: &str) -> DeskPost {
    DeskPost {
        id: id.to_owned(),
        channel: channel.to_owned(),
        inquiry: Some("a".into()),
        in_thread: false,
        body: say(id),
        key: format!("key-{id}"),
        at: second(0),
        stamp: 0,
        posted: 0,
    }
}

impl Ground {
    async fn post(&self, post: DeskPost) -> DeskPost {
        self.store.desk_post(post).await.unwrap()
    }
}

fn ids(posts: Vec<DeskPost>) -> Vec<String> {
    posts.into_iter().map(|post| post.id).collect()
}

async fn a_post_is_found_again(ground: Ground) {
    assert_eq!(ground.store.desk_stamp().await.unwrap(), 0);
    let posted = ground.post(post("a", "support")).await;
    assert_eq!(
        posted,
        DeskPost {
            stamp: 1,
            posted: 1,
            ..post("a", "support")
        }
    );
    let by_id = ground.store.desk_get("a").await.unwrap();
    assert_eq!(by_id.as_ref(), Some(&posted));
    assert_eq!(ground.store.desk_get("key-a").await.unwrap(), None);
    assert_eq!(ground.store.desk_find("key-a").await.unwrap(), Some(posted));
    assert_eq!(ground.store.desk_find("key-b").await.unwrap(), None);
    assert_eq!(ground.store.desk_stamp().await.unwrap(), 1);
}

async fn a_known_key_answers_the_first_post(ground: Ground) {
    let first = ground.post(post("a", "support")).await;
    let mut again = post("b", "other");
    again.key = first.key.clone();
    assert_eq!(ground.post(again).await, first);
    assert_eq!(ground.store.desk_since(0, 10).await.unwrap(), [first]);
}

async fn the_same_key_at_once_posts_once(ground: Ground) {
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let store = ground.store.clone();
            let mut same = post(&format!("p{n}"), "support");
            same.key = "one".to_owned();
            tokio::spawn(async move { store.desk_post(same).await.unwrap() })
        })
        .collect();
    let mut posts = Vec::new();
    for task in tasks {
        posts.push(task.await.unwrap());
    }
    posts.dedup();
    assert_eq!(posts.len(), 1);
    assert_eq!(ground.store.desk_since(0, 100).await.unwrap(), posts);
}

async fn a_revision_replaces_the_body_and_takes_a_new_stamp(ground: Ground) {
    let first = ground.post(post("a", "support")).await;
    ground.post(post("b", "support")).await;
    assert!(ground.store.desk_revise("a", &say("new")).await.unwrap());
    assert!(
        !ground
            .store
            .desk_revise("nobody", &say("new"))
            .await
            .unwrap()
    );
    let found = ground.store.desk_find("key-a").await.unwrap().unwrap();
    assert_eq!(
        found,
        DeskPost {
            body: say("new"),
            stamp: 3,
            ..first
        }
    );
    // It stays where it was posted.
    let channel = ground.store.desk_channel("support", 10).await.unwrap();
    assert_eq!(ids(channel), ["a", "b"]);
}

async fn a_channel_shows_its_newest_posts_oldest_first(ground: Ground) {
    for id in ["c", "a", "b"] {
        ground.post(post(id, "support")).await;
    }
    ground.post(post("z", "other")).await;
    let channel = ground.store.desk_channel("support", 2).await.unwrap();
    assert_eq!(ids(channel), ["a", "b"]);
}

async fn a_thread_is_apart_from_its_channel(ground: Ground) {
    ground.post(post("a", "support")).await;
    for id in ["t2", "t1"] {
        let mut reply = post(id, "support");
        reply.in_thread = true;
        ground.post(reply).await;
    }
    let channel = ground.store.desk_channel("support", 10).await.unwrap();
    assert_eq!(ids(channel), ["a"]);
    let thread = ground.store.desk_thread(&"a".into()).await.unwrap();
    assert_eq!(ids(thread), ["t2", "t1"]);
    assert_eq!(ground.store.desk_thread(&"b".into()).await.unwrap(), []);
}

async fn what_is_newer_comes_in_order_of_the_stamp(ground: Ground) {
    for id in ["a", "b", "c"] {
        ground.post(post(id, id)).await;
    }
    ground.store.desk_revise("a", &say("new")).await.unwrap();
    let newer = ground.store.desk_since(1, 10).await.unwrap();
    assert_eq!(ids(newer), ["b", "c", "a"]);
    assert_eq!(ids(ground.store.desk_since(1, 1).await.unwrap()), ["b"]);
    assert_eq!(ground.store.desk_since(4, 10).await.unwrap(), []);
}

async fn stamps_grow_across_channels_without_repeating(ground: Ground) {
    let tasks: Vec<_> = (0..30)
        .map(|n| {
            let store = ground.store.clone();
            let one = post(&format!("p{n}"), &format!("channel-{}", n % 3));
            tokio::spawn(async move { store.desk_post(one).await.unwrap().stamp })
        })
        .collect();
    let mut stamps = Vec::new();
    for task in tasks {
        stamps.push(task.await.unwrap());
    }
    stamps.sort_unstable();
    assert_eq!(stamps, (1..=30).collect::<Vec<_>>());
}
