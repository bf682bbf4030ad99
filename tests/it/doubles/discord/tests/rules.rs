//! Every rule of the double has one request that breaks it, and what looks similar passes.

use serde_json::{Value, json};

use super::{Bot, pair, said, toban_command};
use crate::doubles::discord::{DiscordDouble, Options};

/// Instead of the place where a body is wrong: it is right.
const PASSES: &str = "nowhere";

/// Sends a body and checks where it is found wrong, as a JSON pointer.
async fn check(
    double: &DiscordDouble,
    bot: &Bot,
    (method, path): (&str, &str),
    body: Value,
    wrong_at: &str,
) {
    let (status, answer) = bot.send(method, path, body.clone()).await;
    let violations = double.take_violations();
    let places: Vec<&str> = violations
        .iter()
        .flat_map(|v| v.problems.iter().map(|p| p.at.as_str()))
        .collect();
    if wrong_at == PASSES {
        assert!(
            places.is_empty() && status < 300,
            "{body} should pass but {status} {answer} {places:?}"
        );
    } else {
        assert!(
            places.contains(&wrong_at),
            "{body} should be wrong at {wrong_at}, but: {places:?}, {status} {answer}"
        );
        let refused = violations
            .iter()
            .any(|v| v.problems.iter().any(|p| p.refused));
        assert_eq!(status == 400, refused, "{body}: {status} {answer}");
    }
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn row(components: Value) -> Value {
    json!([{"type": 1, "components": components}])
}

fn select(more: Value) -> Value {
    let options = json!([{"label": "S1", "value": "1"}, {"label": "S2", "value": "2"}]);
    with(
        json!({"type": 3, "custom_id": "severity", "options": options}),
        more,
    )
}

fn button(more: Value) -> Value {
    with(json!({"type": 2, "style": 1, "label": "担当する"}), more)
}

#[tokio::test]
async fn a_message_is_judged_by_the_description_and_beyond() {
    let (double, bot) = pair().await;
    let path = format!("/channels/{}/messages", double.channel("general"));
    let post = ("POST", path.as_str());
    let embed = |embed: Value| json!({"embeds": [embed]});
    let long = |n: usize| "あ".repeat(n);
    let cases = [
        (said("fine"), PASSES),
        (said(&long(2_000)), PASSES),
        (said(&long(2_001)), "/content"),
        (said(&long(4_001)), "/content"),
        (with(said("x"), json!({"content": 5})), "/content"),
        (json!({"content": "pings by default"}), "/allowed_mentions"),
        (
            json!({"content": "x", "allowed_mentions": {"users": []}}),
            "/allowed_mentions/parse",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"]}}),
            "/allowed_mentions/parse",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["all"]}}),
            "/allowed_mentions/parse/0",
        ),
        (json!({"content": " "}), "/allowed_mentions"),
        (json!({"embeds": []}), ""),
        (
            embed(json!({"title": "t", "fields": [{"name": "n", "value": "v"}]})),
            PASSES,
        ),
        (embed(json!({"title": long(257)})), "/embeds/0/title"),
        (
            embed(json!({"description": long(4_097)})),
            "/embeds/0/description",
        ),
        (
            embed(json!({"title": "t", "fields": [{"name": "", "value": "v"}]})),
            "/embeds/0/fields/0/name",
        ),
        (
            embed(json!({"title": "t", "fields": [{"name": "n", "value": " "}]})),
            "/embeds/0/fields/0/value",
        ),
        (
            embed(json!({"title": "t", "url": "no url"})),
            "/embeds/0/url",
        ),
        (
            embed(json!({"image": {"url": "ftp://example.com/x"}})),
            "/embeds/0/image/url",
        ),
        (
            embed(
                json!({"image": {"url": "https://example.com/x", "proxy_url": null, "height": null, "width": null}}),
            ),
            PASSES,
        ),
        (embed(json!({"color": 1})), "/embeds/0"),
        (
            json!({"embeds": [{"description": long(4_000)}, {"description": long(2_001)}]}),
            "/embeds",
        ),
        (
            json!({"embeds": vec![json!({"title": "t"}); 11]}),
            "/embeds",
        ),
        (
            json!({"components": row(json!([button(json!({"custom_id": "claim:1"}))]))}),
            PASSES,
        ),
        (
            json!({"components": row(json!([button(json!({}))]))}),
            "/components/0/components/0/custom_id",
        ),
        (
            json!({"components": row(json!([button(json!({"custom_id": long(101)}))]))}),
            "/components/0/components/0/custom_id",
        ),
        (
            json!({"components": row(json!([{"type": 2, "style": 1, "custom_id": "x"}]))}),
            "/components/0/components/0/label",
        ),
        (
            json!({"components": row(json!([button(json!({"style": 5}))]))}),
            "/components/0/components/0/url",
        ),
        (
            json!({"components": row(json!([button(json!({"style": 5, "url": "https://example.com", "custom_id": "x"}))]))}),
            "/components/0/components/0/custom_id",
        ),
        (
            json!({"components": row(json!([button(json!({"style": 5, "url": "https://example.com"}))]))}),
            PASSES,
        ),
        (
            json!({"components": row(json!([button(json!({"custom_id": "x"})), button(json!({"custom_id": "x"}))]))}),
            "/components/0/components/1/custom_id",
        ),
        (
            json!({"components": row(json!(vec![button(json!({"custom_id": "x"})); 6]))}),
            "/components/0/components",
        ),
        (
            json!({"components": vec![row(json!([button(json!({"style": 5, "url": "https://example.com"}))]))[0].clone(); 6]}),
            "/components",
        ),
        (
            json!({"components": [{"type": 10, "content": "x"}], "allowed_mentions": {"parse": []}}),
            "/components/0/type",
        ),
        (
            json!({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}], "allowed_mentions": {"parse": []}}),
            PASSES,
        ),
        (
            json!({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}),
            "/allowed_mentions",
        ),
        (with(said("x"), json!({"flags": 1 << 15})), "/content"),
        (with(said("x"), json!({"nonce": long(26)})), "/nonce"),
        (
            json!({"components": row(json!([select(json!({}))]))}),
            PASSES,
        ),
        (
            json!({"components": row(json!([select(json!({})), button(json!({"custom_id": "y"}))]))}),
            "/components/0/components",
        ),
        (
            json!({"components": row(json!([select(json!({"max_values": 3}))]))}),
            "/components/0/components/0/max_values",
        ),
        (
            json!({"components": row(json!([select(json!({"options": [{"label": "a", "value": "a"}, {"label": "b", "value": "a"}]}))]))}),
            "/components/0/components/0/options",
        ),
        (
            json!({"components": row(json!([{"type": 2, "style": 6}]))}),
            "/components/0/components/0/sku_id",
        ),
    ];
    for (body, wrong_at) in cases {
        check(&double, &bot, post, body, wrong_at).await;
    }
    assert_eq!(
        bot.send("POST", &path, json!({"embeds": []})).await.1["code"],
        50006
    );
    double.take_violations();
}

#[tokio::test]
async fn an_edit_needs_allowed_mentions_only_with_content() {
    let (double, bot) = pair().await;
    let channel = double.channel("general");
    let id = bot.post(channel, "before").await;
    let path = format!("/channels/{channel}/messages/{id}");
    let patch = ("PATCH", path.as_str());
    check(&double, &bot, patch, said("after"), PASSES).await;
    check(&double, &bot, patch, json!({"components": []}), PASSES).await;
    check(
        &double,
        &bot,
        patch,
        json!({"content": "after"}),
        "/allowed_mentions",
    )
    .await;
    check(&double, &bot, patch, said(&"x".repeat(2_001)), "/content").await;
    check(&double, &bot, patch, json!({"content": ""}), "").await;
}

#[tokio::test]
async fn commands_are_judged_beyond_the_description() {
    let (double, bot) = pair().await;
    let path = format!(
        "/applications/{}/guilds/{}/commands",
        double.application_id(),
        double.guild_id()
    );
    let (post, put) = (("POST", path.as_str()), ("PUT", path.as_str()));
    let command = |more: Value| with(json!({"name": "toban", "description": "d"}), more);
    let option = |more: Value| {
        command(
            json!({"options": [with(json!({"type": 3, "name": "a", "description": "d"}), more)]}),
        )
    };
    let options = |list: Value| command(json!({"options": list}));
    let cases = [
        (command(json!({})), PASSES),
        (command(json!({"name": "当番"})), PASSES),
        (command(json!({"default_member_permissions": "8"})), PASSES),
        (command(json!({"default_member_permissions": null})), PASSES),
        (command(json!({"name": "Toban"})), "/name"),
        (command(json!({"name": "to ban"})), "/name"),
        (command(json!({"name": "x".repeat(33)})), "/name"),
        (
            command(json!({"name_localizations": {"ja": "当 番"}})),
            "/name_localizations/ja",
        ),
        (
            command(json!({"name_localizations": {"jp": "当番"}})),
            "/name_localizations/jp",
        ),
        (
            command(json!({"description_localizations": {"en": "x"}})),
            "/description_localizations/en",
        ),
        (json!({"name": "toban"}), "/description"),
        (json!({"name": "Claim This", "type": 3}), PASSES),
        (
            json!({"name": "Claim This", "type": 3, "description": "d"}),
            "/description",
        ),
        (
            command(json!({"description": "x".repeat(101)})),
            "/description",
        ),
        (option(json!({"name": "A"})), "/options/0/name"),
        (
            option(json!({"choices": [{"name": "a", "value": "a"}]})),
            PASSES,
        ),
        (
            option(json!({"choices": [{"name": "a", "value": "a"}], "autocomplete": true})),
            "/options/0",
        ),
        (
            options(
                json!([{"type": 3, "name": "a", "description": "d"}, {"type": 3, "name": "b", "description": "d", "required": true}]),
            ),
            "/options/1",
        ),
        (
            options(
                json!([{"type": 3, "name": "a", "description": "d"}, {"type": 3, "name": "a", "description": "d"}]),
            ),
            "/options/1/name",
        ),
        (
            options(
                json!([{"type": 1, "name": "a", "description": "d"}, {"type": 3, "name": "b", "description": "d"}]),
            ),
            "/options",
        ),
        (option(json!({"type": 99})), "/options/0/type"),
        (
            option(json!({"type": 6, "autocomplete": true})),
            "/options/0",
        ),
    ];
    for (body, wrong_at) in cases {
        check(&double, &bot, post, body, wrong_at).await;
    }
    check(&double, &bot, put, toban_command(), PASSES).await;
    check(
        &double,
        &bot,
        put,
        json!([command(json!({})), command(json!({}))]),
        "/1/name",
    )
    .await;
    let heavy: Vec<Value> = (0..25)
        .map(|n| {
            let choices: Vec<Value> = (0..25)
                .map(|c| json!({"name": format!("c{c}"), "value": "v".repeat(90)}))
                .collect();
            json!({"type": 3, "name": format!("o{n}"), "description": "d", "choices": choices})
        })
        .collect();
    check(
        &double,
        &bot,
        put,
        json!([command(json!({"options": heavy}))]),
        "/0",
    )
    .await;
}

#[tokio::test]
async fn answers_to_interactions_are_judged_beyond_the_description() {
    let (double, bot) = pair().await;
    super::register(&double, &bot).await;
    let aoki = double.add_member("青木", &[], "ja");
    let input = |more: Value| {
        with(
            json!({"type": 4, "custom_id": "cause", "style": 2, "label": "原因"}),
            more,
        )
    };
    let modal = |components: Value| json!({"type": 9, "data": {"custom_id": "m", "title": "解決", "components": components}});
    let cases = [
        (json!({"type": 4, "data": said("ok")}), PASSES),
        (json!({"type": 5}), PASSES),
        (json!({"type": 5, "data": {"flags": 64}}), PASSES),
        (json!({"type": 5, "data": said("lost")}), "/data"),
        (
            json!({"type": 4, "data": {"content": "pings"}}),
            "/data/allowed_mentions",
        ),
        (
            json!({"type": 4, "data": said(&"x".repeat(2_001))}),
            "/data/content",
        ),
        (
            json!({"type": 4, "data": with(said("x"), json!({"flags": 1 << 5}))}),
            "/data/flags",
        ),
        (json!({"type": 4, "data": {}}), "/data"),
        (json!({"type": 77}), "/type"),
        (
            modal(
                (0..6)
                    .map(|n| row(json!([input(json!({"custom_id": n.to_string()}))]))[0].clone())
                    .collect(),
            ),
            "/data/components",
        ),
        (json!({"type": 7, "data": said("no message to update")}), ""),
        (
            json!({"type": 8, "data": {"choices": [], "content": "x"}}),
            "/data/content",
        ),
        (modal(row(json!([input(json!({}))]))), PASSES),
        (
            modal(row(json!([input(json!({"label": null}))]))),
            "/data/components/0/components/0/label",
        ),
        (
            modal(row(json!([input(
                json!({"min_length": 9, "max_length": 2})
            )]))),
            "/data/components/0/components/0/min_length",
        ),
        (
            modal(row(json!([input(json!({"value": "x", "min_length": 9}))]))),
            "/data/components/0/components/0/value",
        ),
        (
            modal(json!([
                row(json!([input(json!({}))]))[0],
                row(json!([input(json!({}))]))[0]
            ])),
            "/data/components/1/components/0/custom_id",
        ),
        (
            json!({"type": 9, "data": {"custom_id": "m", "title": "x".repeat(46), "components": row(json!([input(json!({}))]))}}),
            "/data/title",
        ),
    ];
    for (body, wrong_at) in cases {
        let asked = double.interaction(double.person(aoki).slash("/toban list", &[]));
        let path = format!("/interactions/{}/{}/callback", asked.id, asked.token);
        check(&double, &bot, ("POST", &path), body, wrong_at).await;
    }
}

#[tokio::test]
async fn what_the_double_does_not_know_is_forbidden() {
    let (double, bot) = pair().await;
    let general = double.channel("general");
    let cases = [
        ("GET", "/no/such/route".to_owned(), 404),
        ("GET", format!("/guilds/{}/bans", double.guild_id()), 404),
        ("PUT", format!("/channels/{general}/messages"), 405),
        (
            "GET",
            format!("/channels/{general}/messages?limit=101"),
            400,
        ),
        (
            "GET",
            format!("/channels/{general}/messages?before=1&after=2"),
            400,
        ),
        ("GET", format!("/channels/{general}/messages?limt=3"), 200),
        ("GET", "/channels/abc/messages".to_owned(), 400),
    ];
    for (method, path, status) in cases {
        assert_eq!(
            bot.send(method, &path, Value::Null).await.0,
            status,
            "{method} {path}"
        );
        assert_eq!(double.take_violations().len(), 1, "{method} {path}");
    }
    let url = format!("{}/api/v10/channels/{general}/messages", double.base_url());
    let not_json = bot
        .http
        .post(&url)
        .header("user-agent", "DiscordBot (x, 1)")
        .body("{")
        .send()
        .await
        .unwrap();
    assert_eq!(not_json.status(), 400);
    let nameless = bot
        .http
        .get(format!("{}/api/v10/gateway", double.base_url()))
        .header("authorization", "Bot x");
    let nameless = nameless.send().await.unwrap();
    assert_eq!(nameless.status(), 200);
    let codes: Vec<&str> = double
        .violations()
        .iter()
        .map(|v| v.problems[0].code)
        .collect();
    assert_eq!(codes, ["REQUEST", "USER_AGENT"]);
    double.take_violations();
}

#[tokio::test]
#[should_panic(expected = "1 forbidden requests reached Discord's double")]
async fn a_forbidden_request_fails_the_test() {
    let double = DiscordDouble::start().await;
    Bot::new(&double)
        .send("GET", "/no/such/route", Value::Null)
        .await;
    drop(double);
}

#[tokio::test]
async fn each_shape_is_checked_once_but_values_always() {
    let (double, bot) = super::pair_with(Options {
        schema_check_once_per_shape: true,
        ..Options::default()
    })
    .await;
    let channel = double.channel("general");
    for n in 0..20 {
        bot.post(channel, &format!("message {n}")).await;
    }
    assert_eq!(double.shapes_checked(), 1);
    double.forget_shapes();
    bot.post(channel, "checked anew").await;
    assert_eq!(double.shapes_checked(), 1);
    let path = format!("/channels/{channel}/messages");
    check(
        &double,
        &bot,
        ("POST", &path),
        said(&"x".repeat(2_001)),
        "/content",
    )
    .await;
    check(
        &double,
        &bot,
        ("POST", &path),
        json!({"content": ["x"], "allowed_mentions": {"parse": []}}),
        "/content",
    )
    .await;
    assert_eq!(double.shapes_checked(), 1);
}
