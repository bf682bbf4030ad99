//! Messages: posted, read back, edited, deleted; who is pinged; the nonce.

use std::time::Duration;

use serde_json::{Value, json};

use super::{id, pair, pair_with, said};
use crate::doubles::discord::{Denied, Options, Pings, Snowflake, intents};

#[tokio::test]
async fn messages_are_read_back_as_discord_keeps_them() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let path = format!("/channels/{channel}/messages");
    let card = json!({
        "content": "  Q-1042 ", "allowed_mentions": {"parse": []}, "nonce": "n-1", "enforce_nonce": true,
        "embeds": [{"title": "支払いが失敗する", "footer": {"text": "Q-1042·7"}, "fields": [{"name": "顧客", "value": "山田商店"}],
            "image": {"url": "https://example.com/x.png"}, "timestamp": "2026-01-05T00:00:00Z"}],
        "components": [{"type": 1, "components": [{"type": 2, "style": 3, "label": "担当する", "custom_id": "claim:1042"}]}],
    });
    let made = bot.ok("POST", &path, card).await;
    assert_eq!(made["content"], "Q-1042");
    assert_eq!(made["embeds"][0]["fields"][0]["inline"], false);
    assert_eq!(made["nonce"], "n-1");
    assert_eq!(
        bot.ok("GET", &format!("{path}/{}", id(&made)), Value::Null)
            .await,
        made
    );
    let kept = double.message(id(&made)).unwrap();
    assert_eq!(kept.buttons(), ["claim:1042"]);
    assert_eq!(
        kept.text(),
        "Q-1042\n支払いが失敗する\n顧客: 山田商店\nQ-1042·7\n担当する"
    );

    let second = bot.post(channel, "two").await;
    let third = bot.post(channel, "three").await;
    let listed = async |query: String| -> Vec<Snowflake> {
        bot.ok("GET", &format!("{path}{query}"), Value::Null)
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(id)
            .collect()
    };
    assert_eq!(listed(String::new()).await, [third, second, id(&made)]);
    assert_eq!(listed("?limit=1".to_owned()).await, [third]);
    assert_eq!(listed(format!("?before={third}&limit=1")).await, [second]);
    assert_eq!(
        listed(format!("?after={}&limit=1", id(&made))).await,
        [second]
    );

    let edited = bot
        .ok("PATCH", &format!("{path}/{second}"), said("zwei"))
        .await;
    assert!(edited["edited_timestamp"].is_string());
    bot.ok("DELETE", &format!("{path}/{third}"), Value::Null)
        .await;
    let texts: Vec<String> = double
        .messages(channel)
        .into_iter()
        .map(|m| m.content)
        .collect();
    assert_eq!(texts, ["Q-1042", "zwei"]);
    assert_eq!(double.message(second).unwrap().edits, 1);
}

#[tokio::test]
async fn only_allowed_mentions_ping() {
    let (double, bot) = pair().await;
    let role = double.add_role("当番");
    let (aoki, sato) = (
        double.add_member("青木", &[role], "ja"),
        double.add_member("佐藤", &[], "ja"),
    );
    let channel = double.channel("general");
    let path = format!("/channels/{channel}/messages");
    let text = format!("<@{aoki}> <@!{sato}> <@&{role}> @everyone <@99> `<@{aoki}>`");
    let pings = |users: &[Snowflake], roles: &[Snowflake], everyone| Pings {
        users: users.iter().copied().collect(),
        roles: roles.iter().copied().collect(),
        everyone,
    };
    let cases = [
        (json!({"parse": []}), pings(&[], &[], false), 0),
        (
            json!({"parse": [], "users": [aoki]}),
            pings(&[aoki], &[], false),
            0,
        ),
        (
            json!({"parse": [], "roles": [role]}),
            pings(&[], &[role], false),
            0,
        ),
        (json!({"parse": ["everyone"]}), pings(&[], &[], true), 1),
        (json!({"users": [sato]}), pings(&[sato], &[], false), 1),
        (Value::Null, pings(&[aoki, sato], &[role], true), 1),
    ];
    for (allowed, expected, violations) in cases {
        let made = bot
            .ok(
                "POST",
                &path,
                json!({"content": text, "allowed_mentions": allowed}),
            )
            .await;
        assert_eq!(double.pings(id(&made)), expected, "{allowed}");
        assert_eq!(double.take_violations().len(), violations, "{allowed}");
        // An edit rings nobody, but without allowed_mentions it mentions by the default anew.
        bot.ok(
            "PATCH",
            &format!("{path}/{}", id(&made)),
            json!({"content": text}),
        )
        .await;
        assert_eq!(double.pings(id(&made)), expected, "{allowed}");
        assert_eq!(
            double.message(id(&made)).unwrap().mentions,
            pings(&[aoki, sato], &[role], true)
        );
        double.take_violations();
    }
    let closed = double.add_role_with("幹部", false);
    let quiet = [
        json!({"content": format!("<@{aoki}>"), "flags": 1 << 12, "allowed_mentions": {"parse": [], "users": [aoki]}}),
        json!({"content": format!("<@&{closed}>"), "allowed_mentions": {"parse": [], "roles": [closed]}}),
        json!({"content": format!("`<@{aoki}>`"), "allowed_mentions": {"parse": [], "users": [aoki]}}),
    ];
    for body in quiet {
        let made = bot.ok("POST", &path, body).await;
        assert!(double.pings(id(&made)).is_empty(), "{made}");
    }
}

#[tokio::test]
async fn a_nonce_prevents_doubles_only_inside_its_window() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let path = format!("/channels/{channel}/messages");
    let keyed = json!({"content": "paged", "allowed_mentions": {"parse": []}, "nonce": "Q-1/7", "enforce_nonce": true});
    let first = bot.ok("POST", &path, keyed.clone()).await;
    double.advance(Duration::from_secs(119));
    assert_eq!(
        bot.ok("POST", &path, keyed.clone()).await["id"],
        first["id"]
    );
    let lax = json!({"content": "paged", "allowed_mentions": {"parse": []}, "nonce": "Q-1/7"});
    assert_ne!(bot.ok("POST", &path, lax).await["id"], first["id"]);
    double.advance(Duration::from_secs(121));
    let late = bot.ok("POST", &path, keyed.clone()).await;
    assert_ne!(late["id"], first["id"]);
    double.delete_message(id(&late));
    assert_eq!(bot.send("POST", &path, keyed).await.1["code"], 10008);
}

#[tokio::test]
async fn what_is_gone_or_closed_is_refused_without_blame() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let path = format!("/channels/{channel}/messages");
    let aoki = double.add_member("青木", &[], "ja");
    let theirs = double.person(aoki).say("hello");
    let mine = bot.post(channel, "mine").await;
    let refused = async |method: &str, path: String, code: u64| {
        let body = if method == "GET" || method == "DELETE" {
            Value::Null
        } else {
            said("x")
        };
        assert_eq!(
            bot.send(method, &path, body).await.1["code"],
            code,
            "{method} {path}"
        );
    };
    refused("PATCH", format!("{path}/{theirs}"), 50005).await;
    double.deny(channel, Some(Denied::Writing));
    refused("POST", path.clone(), 50013).await;
    bot.ok("GET", &path, Value::Null).await;
    double.deny(channel, Some(Denied::Access));
    refused("POST", path.clone(), 50001).await;
    refused("GET", format!("{path}/{mine}"), 50001).await;
    double.deny(channel, None);
    double.delete_message(mine);
    refused("PATCH", format!("{path}/{mine}"), 10008).await;
    refused("GET", format!("{path}/{mine}"), 10008).await;
    double.delete_channel(channel);
    refused("POST", path.clone(), 10003).await;
    refused("GET", format!("/channels/{channel}"), 10003).await;
    double.revoke_token();
    assert_eq!(bot.send("GET", "/users/@me", Value::Null).await.0, 401);
    double.restore_token();
    bot.ok("GET", "/users/@me", Value::Null).await;
    assert_eq!(double.invalid_requests(), 5);
}

#[tokio::test]
async fn peoples_words_need_the_intent() {
    for privileged_intents in [0, intents::MESSAGE_CONTENT] {
        let (double, bot) = pair_with(Options {
            privileged_intents,
            ..Options::default()
        })
        .await;
        let aoki = double.add_member("青木", &[], "ja");
        let channel = double.channel("general");
        let plain = double.person(aoki).say("secret");
        let naming = double
            .person(aoki)
            .say(&format!("<@{}> help", double.application_id()));
        let seen = async |id| {
            bot.ok(
                "GET",
                &format!("/channels/{channel}/messages/{id}"),
                Value::Null,
            )
            .await["content"]
                .clone()
        };
        assert_eq!(
            seen(plain).await,
            if privileged_intents == 0 {
                ""
            } else {
                "secret"
            }
        );
        assert!(seen(naming).await.as_str().unwrap().ends_with("help"));
    }
}

#[tokio::test]
async fn what_the_double_says_of_itself_is_well_formed() {
    let (double, bot) = pair().await;
    let aoki = double.add_member("青木", &[], "ja");
    let (guild, channel) = (double.guild_id(), double.channel("当番"));
    let message = bot.post(channel, "x").await;
    let paths = [
        "/gateway".to_owned(),
        "/gateway/bot".to_owned(),
        "/users/@me".to_owned(),
        format!("/users/{aoki}"),
        "/applications/@me".to_owned(),
        format!("/guilds/{guild}?with_counts=true"),
        format!("/guilds/{guild}/channels"),
        format!("/guilds/{guild}/roles"),
        format!("/guilds/{guild}/members/{aoki}"),
        format!("/guilds/{guild}/threads/active"),
        format!("/channels/{channel}"),
        format!("/channels/{channel}/messages/pins"),
    ];
    bot.ok(
        "PUT",
        &format!("/channels/{channel}/messages/pins/{message}"),
        Value::Null,
    )
    .await;
    bot.ok(
        "PUT",
        &format!("/channels/{channel}/messages/{message}/reactions/%F0%9F%91%80/@me"),
        Value::Null,
    )
    .await;
    assert_eq!(double.message(message).unwrap().reactions, ["👀"]);
    for path in paths {
        bot.ok("GET", &path, Value::Null).await;
    }
    assert_eq!(
        bot.send(
            "GET",
            &format!("/guilds/{guild}/members?limit=10"),
            Value::Null
        )
        .await
        .0,
        403
    );
    double.assert_clean();
}

#[tokio::test]
async fn the_same_commands_keep_their_ids_and_hide_localisations() {
    let (double, bot) = pair().await;
    super::register(&double, &bot).await;
    let path = format!(
        "/applications/{}/guilds/{}/commands",
        double.application_id(),
        double.guild_id()
    );
    let plain = bot.ok("GET", &path, Value::Null).await;
    assert!(plain[0].get("name_localizations").is_none());
    let full = bot
        .ok(
            "GET",
            &format!("{path}?with_localizations=true"),
            Value::Null,
        )
        .await;
    assert_eq!(full[0]["name_localizations"]["ja"], "当番");
    // What says nothing is not given back: a difference must be looked for with that in mind.
    assert!(
        full[0]["options"][0]["options"][1]
            .get("required")
            .is_none()
    );
    super::register(&double, &bot).await;
    assert_eq!(double.commands()[0]["id"], full[0]["id"]);
    let one = format!("{path}/{}", id(&full[0]));
    bot.ok("PATCH", &one, json!({"description": "changed"}))
        .await;
    assert_eq!(
        bot.ok("GET", &one, Value::Null).await["description"],
        "changed"
    );
    bot.ok("DELETE", &one, Value::Null).await;
    assert_eq!(bot.send("GET", &one, Value::Null).await.1["code"], 10063);
    assert_eq!(double.command_writes(), 4);
}
