//! Threads: opened, archived, woken, joined; and channels renamed too often.

use serde_json::{Value, json};

use super::{id, pair, said};

#[tokio::test]
async fn a_message_has_one_thread_and_shares_its_id() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let card = bot.post(channel, "Q-1").await;
    let path = format!("/channels/{channel}/messages/{card}/threads");
    let thread = bot
        .ok(
            "POST",
            &path,
            json!({"name": "Q-1 支払い", "auto_archive_duration": 1440}),
        )
        .await;
    assert_eq!(id(&thread), card);
    assert_eq!(
        bot.send("POST", &path, json!({"name": "again"})).await.1["code"],
        160_004
    );
    assert_eq!(
        double
            .threads(channel)
            .iter()
            .map(|t| t.name.as_str())
            .collect::<Vec<_>>(),
        ["Q-1 支払い"]
    );
    bot.post(id(&thread), "inside").await;
    assert_eq!(double.thread_messages(id(&thread)).len(), 1);
    let shown = bot
        .ok(
            "GET",
            &format!("/channels/{channel}/messages/{card}"),
            Value::Null,
        )
        .await;
    assert_eq!(shown["thread"]["message_count"], 1);
    assert_eq!(shown["flags"], 32);
    let everything = bot
        .ok(
            "GET",
            &format!("/channels/{}/messages", id(&thread)),
            Value::Null,
        )
        .await;
    assert_eq!(
        everything
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["type"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [0, 21]
    );
}

#[tokio::test]
async fn a_thread_alone_is_private_unless_said_otherwise() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let path = format!("/channels/{channel}/threads");
    assert_eq!(
        bot.ok("POST", &path, json!({"name": "a"})).await["type"],
        12
    );
    assert_eq!(
        bot.ok("POST", &path, json!({"name": "b", "type": 11}))
            .await["type"],
        11
    );
    assert!(
        double.messages(channel).is_empty(),
        "the notice of a thread is a system message"
    );
    let (status, _) = bot.send("POST", &path, json!({"type": 11})).await;
    assert_eq!(status, 400);
    assert_eq!(double.take_violations().len(), 1);
}

#[tokio::test]
async fn an_archived_thread_wakes_when_spoken_in_but_keeps_its_messages_closed() {
    let (double, bot) = pair().await;
    let aoki = double.add_member("青木", &[], "ja");
    let card = bot.post(double.channel("general"), "Q-1").await;
    let path = format!(
        "/channels/{}/messages/{card}/threads",
        double.channel("general")
    );
    let thread = id(&bot.ok("POST", &path, json!({"name": "Q-1"})).await);
    let note = bot.post(thread, "note").await;
    let is_archived = || {
        double.threads(double.channel("general"))[0]
            .thread
            .as_ref()
            .unwrap()
            .is_archived
    };

    double.archive(thread, false);
    let edit = format!("/channels/{thread}/messages/{note}");
    assert_eq!(bot.send("PATCH", &edit, said("x")).await.1["code"], 50083);
    let member = format!("/channels/{thread}/thread-members/{aoki}");
    assert_eq!(bot.send("PUT", &member, Value::Null).await.1["code"], 50083);
    assert_eq!(
        bot.send(
            "PATCH",
            &format!("/channels/{thread}"),
            json!({"name": "new"})
        )
        .await
        .1["code"],
        50083
    );
    bot.post(thread, "awake").await;
    assert!(!is_archived());
    bot.ok("PATCH", &edit, said("x")).await;
    bot.ok("PUT", &member, Value::Null).await;
    let members = bot
        .ok(
            "GET",
            &format!("/channels/{thread}/thread-members"),
            Value::Null,
        )
        .await;
    assert_eq!(members.as_array().unwrap().len(), 2);

    bot.ok(
        "PATCH",
        &format!("/channels/{thread}"),
        json!({"archived": true}),
    )
    .await;
    assert!(is_archived());
    double.person(aoki).at(thread).say("one more thing");
    assert!(!is_archived());
    double.archive(thread, true);
    assert_eq!(
        bot.send("POST", &format!("/channels/{thread}/messages"), said("x"))
            .await
            .1["code"],
        160_005
    );
}

#[tokio::test]
async fn who_is_mentioned_in_a_thread_joins_it() {
    let (double, bot) = pair().await;
    let aoki = double.add_member("青木", &[], "ja");
    let channel = double.channel("general");
    let thread = id(&bot
        .ok(
            "POST",
            &format!("/channels/{channel}/threads"),
            json!({"name": "a", "type": 11}),
        )
        .await);
    let body = json!({"content": format!("<@{aoki}>"), "allowed_mentions": {"parse": [], "users": [aoki]}});
    bot.ok("POST", &format!("/channels/{thread}/messages"), body)
        .await;
    assert!(
        double.threads(channel)[0]
            .thread
            .as_ref()
            .unwrap()
            .members
            .contains_key(&aoki)
    );
}

#[tokio::test]
async fn names_change_twice_in_ten_minutes() {
    let (double, bot) = pair().await;
    let path = format!("/channels/{}", double.channel("general"));
    for name in ["one", "two"] {
        bot.ok("PATCH", &path, json!({"name": name})).await;
    }
    assert_eq!(
        bot.send("PATCH", &path, json!({"name": "three"})).await.0,
        429
    );
    bot.ok("PATCH", &path, json!({"topic": "topics are free"}))
        .await;
    double.advance(std::time::Duration::from_secs(600));
    bot.ok("PATCH", &path, json!({"name": "three"})).await;
}
