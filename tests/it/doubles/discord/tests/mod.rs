//! The double proved by small clients of our own; clients of others are in `serenity` and `discord_py`.
#![allow(clippy::unwrap_used)]

mod discord_py;
mod faults;
mod gateway;
mod interactions;
mod limits;
mod messages;
mod rules;
mod serenity;
mod threads;

use serde_json::{Value, json};

use super::{DiscordDouble, Options, Snowflake};

/// A client that sends exactly what it is told.
struct Bot {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Bot {
    fn new(double: &DiscordDouble) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            http,
            base: format!("{}/api/v10", double.base_url()),
            token: double.token(),
        }
    }

    async fn try_send(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<reqwest::Response> {
        let mut request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
            .header("user-agent", "DiscordBot (https://example.com/toban, 0.1)")
            .header("authorization", format!("Bot {}", self.token));
        if !body.is_null() {
            request = request.json(body);
        }
        request.send().await
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.try_send(method, path, &body).await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null),
        )
    }

    /// Sends something that must succeed.
    async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.send(method, path, body).await;
        assert!(
            (200..300).contains(&status),
            "{method} {path} -> {status} {answer}"
        );
        answer
    }

    /// Posts a plain message and returns its id.
    async fn post(&self, channel: Snowflake, content: &str) -> Snowflake {
        id(&self
            .ok(
                "POST",
                &format!("/channels/{channel}/messages"),
                said(content),
            )
            .await)
    }
}

/// A body that says something and pings nobody.
fn said(content: &str) -> Value {
    json!({"content": content, "allowed_mentions": {"parse": []}})
}

fn id(answer: &Value) -> Snowflake {
    Snowflake(answer["id"].as_str().unwrap().parse().unwrap())
}

/// A double that checks its own answers, too, and a client for it.
async fn pair() -> (DiscordDouble, Bot) {
    pair_with(Options::default()).await
}

async fn pair_with(options: Options) -> (DiscordDouble, Bot) {
    let double = DiscordDouble::start_with(Options {
        check_answers: true,
        ..options
    })
    .await;
    let bot = Bot::new(&double);
    (double, bot)
}

/// The command that the tests register.
fn toban_command() -> Value {
    json!([{
        "name": "toban", "type": 1, "description": "The desk", "name_localizations": {"ja": "当番"},
        "description_localizations": {"ja": "当番の受付"},
        "options": [
            {"type": 1, "name": "claim", "description": "Take an inquiry", "options": [
                {"type": 3, "name": "ref", "description": "Which one", "required": true, "autocomplete": true},
                {"type": 6, "name": "for", "description": "For whom", "required": false},
            ]},
            {"type": 1, "name": "list", "description": "What is open"},
        ],
    }])
}

async fn register(double: &DiscordDouble, bot: &Bot) {
    let path = format!(
        "/applications/{}/guilds/{}/commands",
        double.application_id(),
        double.guild_id()
    );
    bot.ok("PUT", &path, toban_command()).await;
}
