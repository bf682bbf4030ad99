//! What every platform must keep, as checks that each runs on its own ground (its double, its store).
//!
//! A check panics with the sentence that was broken. Leaves out how things look: snapshots do that.

use crate::app::ports::{
    BodyInChat, DeliveryError, People, Person, Place, Platform, Post, PostContext, PostKind,
    Receipt, Reference,
};
use crate::domain::card::{Card, Due, Standing, Tone};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{Clock, Facts, Kind, Ownership, Severity, Stage};
use crate::domain::notice::{Arg, Message, Notice, NoticePlace, Offer};
use crate::i18n::Lang;
use crate::time::{SignedDuration, TimeZone, Timestamp};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::Arc;

/// Where a platform is tried.
#[async_trait]
pub trait Ground: Sync {
    fn platform(&self) -> &dyn Platform;
    /// A place that is there.
    fn place(&self) -> Place;
    /// A place of the same platform that is not.
    fn nowhere(&self) -> Place;
    /// The platform's id of a person who can be mentioned at the place.
    fn person(&self) -> String;
    /// The platform's idea of now.
    fn now(&self) -> Timestamp;
    /// Everything posted at the place and in its threads, oldest first.
    async fn posts(&self) -> Vec<Seen>;
    /// Takes a post away, as a moderator may.
    async fn erase(&self, message: &str);
    /// Lets the platform's idempotency window pass.
    async fn outlive_window(&self);
}

/// A post as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub message: String,
    /// All its words.
    pub text: String,
    /// Whom it called when it was posted, by the platform's ids; `everyone` for everyone.
    pub calls: Vec<String>,
}

/// Runs every check that the platform's capabilities ask for.
pub async fn holds(ground: &dyn Ground) {
    a_post_is_made_once(ground).await;
    a_post_is_found_by_its_key(ground).await;
    a_card_is_edited_in_place(ground).await;
    what_is_gone_is_gone(ground).await;
    a_notice_goes_into_the_thread_or_names_the_inquiry(ground).await;
    only_those_named_are_called(ground).await;
    outside_words_call_nobody(ground).await;
}

/// The same key inside the window gives the same receipt and no second post.
pub async fn a_post_is_made_once(ground: &dyn Ground) {
    if ground
        .platform()
        .capabilities()
        .idempotency_window
        .is_none()
    {
        return;
    }
    for (number, post) in [
        card_post(ground, "once"),
        notice_post(ground, NoticePlace::Channel, None),
    ]
    .iter()
    .enumerate()
    {
        let before = ground.posts().await.len();
        let key = format!("contract:once:{number}");
        let first = deliver(ground, post, &key).await;
        let again = deliver(ground, post, &key).await;
        assert_eq!(again, first, "the same key gave another receipt");
        assert_eq!(
            added(ground, before).await.len(),
            1,
            "the same key was posted twice"
        );
        let other = deliver(ground, post, &format!("{key}:other")).await;
        assert_ne!(
            other.message, first.message,
            "another key gave the same post"
        );
    }
}

/// A key is found after the window, a key that never was is not.
pub async fn a_post_is_found_by_its_key(ground: &dyn Ground) {
    let platform = ground.platform();
    if !platform.capabilities().finds {
        return;
    }
    let since = ground.now();
    for (number, post) in [
        card_post(ground, "found"),
        notice_post(ground, NoticePlace::Channel, None),
    ]
    .iter()
    .enumerate()
    {
        let key = format!("contract:find:{number}");
        let find =
            |key: String| async move { platform.find(&ground.place(), post, &key, since).await };
        assert_eq!(
            find(key.clone()).await,
            Ok(None),
            "a key was found before it was posted"
        );
        let receipt = deliver(ground, post, &key).await;
        ground.outlive_window().await;
        assert_eq!(
            find(key.clone()).await,
            Ok(Some(receipt)),
            "a posted key was not found"
        );
        assert_eq!(
            find(format!("{key}:never")).await,
            Ok(None),
            "a key was found that never was posted"
        );
    }
}

/// An edit changes the post and adds none.
pub async fn a_card_is_edited_in_place(ground: &dyn Ground) {
    if !ground.platform().capabilities().edits {
        return;
    }
    let receipt = deliver(
        ground,
        &card_post(ground, "before the edit"),
        "contract:edit",
    )
    .await;
    let before = ground.posts().await.len();
    let revised = ground
        .platform()
        .revise(
            &ground.place(),
            &receipt,
            &card_post(ground, "after the edit"),
        )
        .await;
    assert_eq!(revised, Ok(()), "an edit was refused");
    let posts = ground.posts().await;
    let text = posts
        .iter()
        .find(|post| post.message == receipt.message)
        .map(|post| post.text.clone())
        .unwrap_or_default();
    assert!(
        text.contains("after the edit") && !text.contains("before the edit"),
        "the edit does not show: {text}"
    );
    assert_eq!(posts.len(), before, "an edit was posted anew");
}

/// A place or a message that is not there is reported so.
pub async fn what_is_gone_is_gone(ground: &dyn Ground) {
    let platform = ground.platform();
    let post = card_post(ground, "gone");
    let nowhere = platform
        .deliver(&ground.nowhere(), &post, "contract:nowhere")
        .await;
    assert!(
        matches!(nowhere, Err(DeliveryError::Gone { .. })),
        "a place that is not there gave {nowhere:?}"
    );
    if !platform.capabilities().edits {
        return;
    }
    let receipt = deliver(ground, &post, "contract:gone").await;
    ground.erase(&receipt.message).await;
    let revised = platform.revise(&ground.place(), &receipt, &post).await;
    assert!(
        matches!(revised, Err(DeliveryError::Gone { .. })),
        "editing a post that is gone gave {revised:?}"
    );
}

/// Under a card with a thread the notice is there; without one it says which inquiry it is about.
pub async fn a_notice_goes_into_the_thread_or_names_the_inquiry(ground: &dyn Ground) {
    let card = deliver(
        ground,
        &card_post(ground, "with a thread"),
        "contract:thread:card",
    )
    .await;
    assert_eq!(
        card.thread.is_some(),
        ground.platform().capabilities().threads,
        "capabilities and receipt disagree"
    );
    let before = ground.posts().await.len();
    deliver(
        ground,
        &notice_post(ground, NoticePlace::Thread, Some(card)),
        "contract:thread:in",
    )
    .await;
    deliver(
        ground,
        &notice_post(ground, NoticePlace::Thread, None),
        "contract:thread:out",
    )
    .await;
    let said = added(ground, before).await;
    assert_eq!(said.len(), 2, "two notices were delivered");
    assert!(
        said[1].text.contains("Q-1042"),
        "outside a thread the inquiry is not named: {}",
        said[1].text
    );
}

/// A mention calls exactly the people it names.
pub async fn only_those_named_are_called(ground: &dyn Ground) {
    let mut post = card_post(ground, "for you");
    let before = ground.posts().await.len();
    deliver(ground, &post, "contract:calls:none").await;
    if let PostKind::Card { mentions, .. } = &mut post.what {
        mentions.push("aoki".into());
    }
    deliver(ground, &post, "contract:calls:one").await;
    let calls: Vec<Vec<String>> = added(ground, before)
        .await
        .into_iter()
        .map(|seen| seen.calls)
        .collect();
    assert_eq!(
        calls,
        [vec![], vec![ground.person()]],
        "others were called than those named"
    );
}

/// Outside words mention nobody, whatever they try.
pub async fn outside_words_call_nobody(ground: &dyn Ground) {
    let person = ground.person();
    let tries = [
        "@everyone".to_owned(),
        "@here please".to_owned(),
        format!("<@{person}>"),
        format!("<@!{person}> [x](https://evil.example)"),
        format!("@{person} `@everyone`"),
    ];
    let before = ground.posts().await.len();
    for (number, words) in tries.iter().enumerate() {
        deliver(
            ground,
            &card_post(ground, words),
            &format!("contract:outside:card:{number}"),
        )
        .await;
        let mut notice = notice_post(ground, NoticePlace::Channel, None);
        notice.context.texts.insert("words".into(), words.clone());
        deliver(
            ground,
            &notice,
            &format!("contract:outside:notice:{number}"),
        )
        .await;
    }
    let posts = added(ground, before).await;
    assert_eq!(posts.len(), 2 * tries.len());
    for post in posts {
        assert!(
            post.calls.is_empty(),
            "{:?} were called by {}",
            post.calls,
            post.text
        );
    }
}

async fn deliver(ground: &dyn Ground, post: &Post, key: &str) -> Receipt {
    match ground.platform().deliver(&ground.place(), post, key).await {
        Ok(receipt) => receipt,
        Err(error) => panic!("{key} was not delivered: {error}"),
    }
}

async fn added(ground: &dyn Ground, before: usize) -> Vec<Seen> {
    ground.posts().await.split_off(before)
}

/// A card whose title and body are the words.
pub fn card_post(ground: &dyn Ground, words: &str) -> Post {
    let mut context = context(ground);
    context.texts.insert("title".into(), words.to_owned());
    let card = Box::new(sample_card(context.now));
    Post {
        what: PostKind::Card {
            card,
            mentions: Vec::new(),
            is_urgent: false,
        },
        context,
    }
}

/// A notice that quotes outside words.
pub fn notice_post(ground: &dyn Ground, place: NoticePlace, card: Option<Receipt>) -> Post {
    let mut context = context(ground);
    context.card = card;
    context
        .texts
        .insert("words".into(), "a line of words".to_owned());
    let message = Message::new("date-this-year").with("weekday", Arg::Text("words".into()));
    let message = message
        .with("month", Arg::Number(11))
        .with("day", Arg::Number(24));
    let notice = Notice {
        place,
        audience: Vec::new(),
        message,
        is_urgent: false,
        is_mergeable: false,
        offers: vec![Offer::Claim],
    };
    Post {
        what: PostKind::Notice {
            notice,
            mentions: Vec::new(),
        },
        context,
    }
}

fn context(ground: &dyn Ground) -> PostContext {
    let platform = ground.place().platform;
    sample_context(ground.now(), Lang::En, &platform, &ground.person())
}

/// A context in which Aoki is known to the platform and has the duty.
pub fn sample_context(now: Timestamp, lang: Lang, platform: &str, aoki: &str) -> PostContext {
    let person = |name: &str, chat: Option<&str>| Person {
        name: name.to_owned(),
        chat_ids: chat
            .map(|id| (platform.to_owned(), id.to_owned()))
            .into_iter()
            .collect(),
        lang: None,
    };
    let members = [
        ("aoki", person("青木", Some(aoki))),
        ("inoue", person("井上_*", None)),
    ];
    let texts = [
        ("title", "Payment fails"),
        ("body", "It *fails* at the till."),
        ("customer", "Hayashi Ltd"),
        ("requester", "森"),
    ];
    PostContext {
        inquiry: Some("0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into()),
        reference: Some(Reference(1042)),
        card: None,
        lang,
        zone: TimeZone::get("Asia/Tokyo").expect("the time zones are built in"),
        now,
        texts: texts
            .map(|(id, text)| (TextId::from(id), text.to_owned()))
            .into_iter()
            .collect::<HashMap<_, _>>(),
        people: Arc::new(People {
            members: members
                .map(|(id, person)| (MemberId::from(id), person))
                .into(),
            queues: HashMap::from([("billing".to_owned(), "請求".to_owned())]),
        }),
        on_duty: Some("aoki".into()),
        body: BodyInChat::Excerpt,
        desk_url: None,
    }
}

/// An unclaimed S2 investigation, due in two hours.
pub fn sample_card(now: Timestamp) -> Card {
    Card {
        inquiry: "0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into(),
        tone: Tone::Unclaimed,
        severity: Severity::S2,
        source_says: None,
        facts: Facts {
            title: "title".into(),
            body: Some("body".into()),
            requester: Some("requester".into()),
            customer: Some("customer".into()),
            plan: "gold".to_owned(),
            product: "pay".to_owned(),
            region: None,
            language: "ja".to_owned(),
            kind: Kind::Investigation,
            severity: Severity::S2,
            business_stopped: false,
            needed_by: None,
            flags: Vec::new(),
        },
        source: "redmine".to_owned(),
        url: Some("https://tracker.example.com/issues/7".to_owned()),
        queue: "billing".into(),
        ownership: Ownership::Unclaimed { since: now },
        stage: Stage::Active { since: now },
        is_urgent: false,
        dues: vec![Due {
            clock: Clock::FirstResponse,
            at: Some(now + SignedDuration::from_hours(2)),
            standing: Standing::Running,
        }],
        received_at: now,
        escalated_at: None,
        round_trips: 0,
        outcome: None,
        follows: None,
        offers: vec![Offer::Claim, Offer::Replied, Offer::Open],
        seq: 7,
    }
}
