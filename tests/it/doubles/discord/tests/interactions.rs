//! Interactions: three seconds, once, fifteen minutes; deferred, ephemeral, modal, suggested.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bot, id, pair, register, said};
use crate::doubles::discord::{DiscordDouble, Snowflake};

struct Asked {
    callback: String,
    webhook: String,
}

fn paths(double: &DiscordDouble, interaction: Snowflake) -> Asked {
    let asked = double.interaction(interaction);
    Asked {
        callback: format!("/interactions/{interaction}/{}/callback", asked.token),
        webhook: format!("/webhooks/{}/{}", double.application_id(), asked.token),
    }
}

async fn ready() -> (DiscordDouble, Bot, Snowflake) {
    let (double, bot) = pair().await;
    register(&double, &bot).await;
    let aoki = double.add_member("青木", &[], "ja");
    (double, bot, aoki)
}

#[tokio::test]
async fn the_first_answer_comes_once_and_within_three_seconds() {
    let (double, bot, aoki) = ready().await;
    let list = || paths(&double, double.person(aoki).slash("/toban list", &[]));
    let answer = json!({"type": 4, "data": said("open: none")});

    let in_time = list();
    double.advance(Duration::from_millis(2_999));
    let shown = bot
        .ok(
            "POST",
            &format!("{}?with_response=true", in_time.callback),
            answer.clone(),
        )
        .await;
    assert_eq!(shown["resource"]["message"]["content"], "open: none");
    assert_eq!(
        bot.send("POST", &in_time.callback, answer.clone()).await.1["code"],
        40060
    );

    let late = list();
    double.advance(Duration::from_millis(3_000));
    assert_eq!(
        bot.send("POST", &late.callback, answer.clone()).await.1["code"],
        10062
    );
    assert_eq!(
        bot.send("POST", &late.webhook, said("x")).await.1["code"],
        10015
    );
    let unknown = "/interactions/1/tok/callback";
    assert_eq!(bot.send("POST", unknown, answer).await.1["code"], 10062);
}

#[tokio::test]
async fn the_token_lives_fifteen_minutes() {
    let (double, bot, aoki) = ready().await;
    let asked = paths(&double, double.person(aoki).slash("/toban list", &[]));
    bot.ok(
        "POST",
        &asked.callback,
        json!({"type": 4, "data": said("first")}),
    )
    .await;
    double.advance(Duration::from_secs(15 * 60 - 1));
    let original = format!("{}/messages/@original", asked.webhook);
    let message = bot.ok("PATCH", &original, said("edited")).await;
    double.advance(Duration::from_secs(1));
    assert_eq!(
        bot.send("PATCH", &original, said("too late")).await.1["code"],
        50027
    );
    // From then on the bot's own token edits it.
    let path = format!(
        "/channels/{}/messages/{}",
        double.channel("general"),
        id(&message)
    );
    bot.ok("PATCH", &path, said("by the bot")).await;
}

#[tokio::test]
async fn a_deferred_answer_is_filled_by_an_edit_or_the_first_follow_up() {
    let (double, bot, aoki) = ready().await;
    for by_edit in [true, false] {
        let interaction = double.person(aoki).slash("/toban list", &[]);
        let asked = paths(&double, interaction);
        bot.ok(
            "POST",
            &asked.callback,
            json!({"type": 5, "data": {"flags": 64}}),
        )
        .await;
        let before = double.answer(interaction).unwrap();
        assert_eq!((before.content.as_str(), before.only_for), ("", Some(aoki)));
        if by_edit {
            bot.ok(
                "PATCH",
                &format!("{}/messages/@original", asked.webhook),
                said("done"),
            )
            .await;
        } else {
            bot.ok("POST", &asked.webhook, said("done")).await;
        }
        let reply = double.interaction_reply(interaction);
        assert_eq!(
            (reply.edits, reply.followups.len(), reply.is_ephemeral),
            (1, 0, true)
        );
        assert_eq!(double.answer(interaction).unwrap().content, "done");
        let more = bot.ok("POST", &asked.webhook, said("more")).await;
        assert_eq!(double.interaction_reply(interaction).followups, [id(&more)]);
        bot.ok(
            "DELETE",
            &format!("{}/messages/{}", asked.webhook, id(&more)),
            Value::Null,
        )
        .await;
    }
    assert!(
        double.messages(double.channel("general")).is_empty(),
        "nobody else saw any of it"
    );
}

#[tokio::test]
async fn a_deferred_answer_rings_nobody_but_a_direct_one_does() {
    let (double, bot, aoki) = ready().await;
    let naming = json!({"content": format!("<@{aoki}>"), "allowed_mentions": {"parse": [], "users": [aoki]}});
    for deferred in [true, false] {
        let interaction = double.person(aoki).slash("/toban list", &[]);
        let asked = paths(&double, interaction);
        if deferred {
            bot.ok("POST", &asked.callback, json!({"type": 5})).await;
            let original = format!("{}/messages/@original", asked.webhook);
            bot.ok("PATCH", &original, naming.clone()).await;
        } else {
            bot.ok("POST", &asked.callback, json!({"type": 4, "data": naming}))
                .await;
        }
        let answer = double.answer(interaction).unwrap();
        assert!(answer.mentions.users.contains(&aoki));
        assert_eq!(answer.pings.is_empty(), deferred);
    }
}

#[tokio::test]
async fn a_button_opens_a_modal_and_the_modal_updates_the_card() {
    let (double, bot, aoki) = ready().await;
    let channel = double.channel("当番");
    let row = json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "解決", "custom_id": "resolve:1"}]}]);
    let card = json!({"content": "Q-1", "components": row, "allowed_mentions": {"parse": []}});
    let card = id(&bot
        .ok("POST", &format!("/channels/{channel}/messages"), card)
        .await);

    let clicked = double.person(aoki).click(card, "resolve:1");
    assert_eq!(
        double.interaction(clicked).payload["message"]["id"],
        card.to_string()
    );
    let input =
        json!({"type": 4, "custom_id": "cause", "style": 2, "label": "原因", "max_length": 10});
    let modal = json!({"custom_id": "resolved:1", "title": "Q-1 の解決", "components": [{"type": 1, "components": [input]}]});
    bot.ok(
        "POST",
        &paths(&double, clicked).callback,
        json!({"type": 9, "data": modal}),
    )
    .await;

    let sent = double
        .person(aoki)
        .submit_modal("resolved:1", &[("cause", "設定の誤り")]);
    let data = &double.interaction(sent).payload["data"];
    assert_eq!(
        data["components"][0]["components"][0]["value"],
        "設定の誤り"
    );
    let update = json!({"type": 7, "data": {"content": "Q-1 解決", "components": [], "allowed_mentions": {"parse": []}}});
    bot.ok("POST", &paths(&double, sent).callback, update).await;
    assert_eq!(double.message(card).unwrap().content, "Q-1 解決");
    assert!(double.message(card).unwrap().buttons().is_empty());
}

#[tokio::test]
async fn suggestions_and_options_come_in_discords_shape() {
    let (double, bot, aoki) = ready().await;
    let asking = double
        .person(aoki)
        .autocomplete("/toban claim", &[], ("ref", "Q-1"));
    let option = &double.interaction(asking).payload["data"]["options"][0]["options"][0];
    assert_eq!(
        *option,
        json!({"name": "ref", "type": 3, "value": "Q-1", "focused": true})
    );
    let choices =
        json!({"type": 8, "data": {"choices": [{"name": "Q-1042 支払い", "value": "Q-1042"}]}});
    bot.ok("POST", &paths(&double, asking).callback, choices)
        .await;
    assert_eq!(
        double.interaction_reply(asking).choices[0]["value"],
        "Q-1042"
    );

    let sato = double.add_member("佐藤", &[], "ja");
    let claim = double.person(aoki).slash(
        "/toban claim",
        &[("ref", json!("Q-1042")), ("for", json!(sato.to_string()))],
    );
    let data = double.interaction(claim).payload["data"].clone();
    assert_eq!(
        data["resolved"]["users"][sato.to_string()]["username"],
        "佐藤"
    );
    assert!(
        data["resolved"]["members"][sato.to_string()]
            .get("user")
            .is_none()
    );
    bot.ok("POST", &paths(&double, claim).callback, json!({"type": 5}))
        .await;
}

#[tokio::test]
async fn people_can_only_do_what_their_client_offers() {
    let (double, bot, aoki) = ready().await;
    let channel = double.channel("general");
    let buttons = json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x", "disabled": true}]}]);
    let card = json!({"content": "Q-1", "components": buttons, "allowed_mentions": {"parse": []}});
    let card = id(&bot
        .ok("POST", &format!("/channels/{channel}/messages"), card)
        .await);
    let fails = |what: &str, act: &dyn Fn()| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
        assert!(outcome.is_err(), "{what} should not be possible");
    };
    let person = double.person(aoki);
    fails("an unknown command", &|| {
        person.slash("/nothing", &[]);
    });
    fails("half a command", &|| {
        person.slash("/toban", &[]);
    });
    fails("a missing option", &|| {
        person.slash("/toban claim", &[]);
    });
    fails("an unknown option", &|| {
        person.slash("/toban list", &[("x", json!("y"))]);
    });
    fails("a greyed button", &|| {
        person.click(card, "x");
    });
    fails("an absent button", &|| {
        person.click(card, "y");
    });
    fails("a modal never opened", &|| {
        person.submit_modal("m", &[]);
    });
}
