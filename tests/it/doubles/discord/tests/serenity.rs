//! serenity, the client our bot is made with: identify, a command, an answer; nothing it gets is unreadable to it.

use serenity::all::{
    ClientBuilder, Context, CreateInteractionResponse, CreateInteractionResponseMessage,
    EventHandler, GatewayIntents, HttpBuilder, Interaction,
};

use super::{Bot, register, said};
use crate::doubles::discord::{DiscordDouble, Options, Snowflake};

struct Desk;

#[serenity::async_trait]
impl EventHandler for Desk {
    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let say = |text: &str| {
            let mentions = serenity::all::CreateAllowedMentions::new();
            let message = CreateInteractionResponseMessage::new()
                .content(text)
                .allowed_mentions(mentions)
                .ephemeral(true);
            CreateInteractionResponse::Message(message)
        };
        match interaction {
            Interaction::Command(command) => {
                let text = format!(
                    "{} {} {}",
                    command.locale, command.data.name, command.user.name
                );
                command
                    .create_response(&ctx.http, say(&text))
                    .await
                    .unwrap();
            }
            Interaction::Component(component) => {
                component
                    .create_response(&ctx.http, say(&component.data.custom_id))
                    .await
                    .unwrap();
            }
            _ => {}
        }
    }
}

async fn desk(double: &DiscordDouble) -> (serenity::Client, Bot) {
    let bot = Bot::new(double);
    register(double, &bot).await;
    let http = HttpBuilder::new(double.token())
        .proxy(double.base_url())
        .ratelimiter_disabled(true)
        .build();
    let client = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS)
        .event_handler(Desk)
        .await
        .unwrap();
    (client, bot)
}

#[tokio::test]
async fn serenity_identifies_and_answers() {
    let double = DiscordDouble::start_with(Options {
        check_answers: true,
        ..Options::default()
    })
    .await;
    let (mut client, bot) = desk(&double).await;
    let shards = client.shard_manager.clone();
    let running = tokio::spawn(async move { client.start().await });
    double.until_connected().await;

    let aoki = double.add_member("青木", &[double.add_role("当番")], "ja");
    let asked = double.person(aoki).slash("/toban list", &[]);
    let reply = double.until_answered(asked).await;
    assert!(reply.is_ephemeral);
    assert_eq!(double.answer(asked).unwrap().content, "ja toban 青木");

    let channel = double.channel("general");
    let rows = serde_json::json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "claim:1"}]}]);
    let mut card = said("card");
    card["components"] = rows;
    let card = super::id(
        &bot.ok("POST", &format!("/channels/{channel}/messages"), card)
            .await,
    );
    bot.ok(
        "POST",
        &format!("/channels/{channel}/messages/{card}/threads"),
        serde_json::json!({"name": "t"}),
    )
    .await;
    let clicked = double.person(aoki).click(card, "claim:1");
    double.until_answered(clicked).await;
    assert_eq!(double.answer(clicked).unwrap().content, "claim:1");

    // After a broken wire it resumes, and gets what it missed.
    double.gateway_break();
    let missed = double.person(aoki).at(card).slash("/toban list", &[]);
    double.until_answered(missed).await;
    assert_eq!(double.gateway_counts().resumed, 1);

    shards.shutdown_all().await;
    running.abort();
}

/// Traps 4 and 7: what serenity cannot read it drops in silence, so each kind of event is read here.
#[tokio::test]
async fn serenity_reads_every_event_the_double_sends() {
    let (double, bot) = super::pair().await;
    register(&double, &bot).await;
    let sato = double.add_member("佐藤", &[double.add_role("当番")], "ja");
    let channel = double.channel("general");
    let rows = serde_json::json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x"}]}]);
    let mut card = said("card");
    card["components"] = rows;
    card["embeds"] =
        serde_json::json!([{"title": "t", "image": {"url": "https://example.com/a.png"}}]);
    let card = super::id(
        &bot.ok("POST", &format!("/channels/{channel}/messages"), card)
            .await,
    );
    let thread = bot
        .ok(
            "POST",
            &format!("/channels/{channel}/messages/{card}/threads"),
            serde_json::json!({"name": "t"}),
        )
        .await;
    let person = double.person(sato).at(super::id(&thread));
    let slash = person.slash(
        "/toban claim",
        &[("ref", "Q-1".into()), ("for", sato.to_string().into())],
    );
    let typed = person.autocomplete("/toban claim", &[], ("ref", "Q"));
    let clicked = person.click(card, "x");
    let callback = |id: Snowflake| {
        format!(
            "/interactions/{id}/{}/callback",
            double.interaction(id).token
        )
    };
    let input = serde_json::json!({"type": 4, "custom_id": "f", "style": 1, "label": "l"});
    let modal = serde_json::json!({"custom_id": "m", "title": "t", "components": [{"type": 1, "components": [input]}]});
    bot.ok(
        "POST",
        &callback(clicked),
        serde_json::json!({"type": 9, "data": modal}),
    )
    .await;
    let filled = person.submit_modal("m", &[("f", "v")]);
    for (id, kind) in [
        (slash, "Command"),
        (typed, "Autocomplete"),
        (clicked, "Component"),
        (filled, "Modal"),
    ] {
        let payload = double.interaction(id).payload;
        let read: Interaction = serde_json::from_value(payload.clone())
            .unwrap_or_else(|error| panic!("{kind}: {error} in {payload}"));
        assert!(
            format!("{read:?}").starts_with(kind),
            "{kind} was read as {read:?}"
        );
    }
    bot.ok(
        "POST",
        &callback(slash),
        serde_json::json!({"type": 4, "data": said("claimed")}),
    )
    .await;
    for path in [
        format!("/channels/{channel}/messages"),
        format!("/channels/{}/messages", super::id(&thread)),
    ] {
        let listed = bot.ok("GET", &path, serde_json::Value::Null).await;
        serde_json::from_value::<Vec<serenity::all::Message>>(listed).unwrap();
    }
    let guild = bot
        .ok(
            "GET",
            &format!("/guilds/{}?with_counts=true", double.guild_id()),
            serde_json::Value::Null,
        )
        .await;
    serde_json::from_value::<serenity::all::PartialGuild>(guild).unwrap();
    let state = double.hub.look();
    let created = crate::doubles::discord::wire::guild_create(&state.world, true);
    serde_json::from_value::<serenity::all::Guild>(created).unwrap();
}
