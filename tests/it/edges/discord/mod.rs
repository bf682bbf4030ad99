//! Discord: the adapter against the double. The double fails a test whose requests Discord would not like.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod delivery;
mod gateway;
mod ground;
mod interactions;

use crate::doubles::discord::{ClockKind, DiscordDouble, Options, Snowflake};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use toban::app::ports::{
    Ask, AskedBy, CannotRun, Clock, DeliveryError, Draft, Inbox, People, Place, Platform, Post,
    Receipt, Reference, ResolveForm, Told,
};
use toban::app::verbs::{Request, Verb};
use toban::chat::contract::{sample_card, sample_context};
use toban::chat::discord::{Discord, DiscordConfig, GatewayConfig, Vocabulary};
use toban::domain::card::Card;
use toban::domain::ids::InquiryId;
use toban::domain::inquiry::Kind;
use toban::domain::notice::Message;
use toban::i18n::Lang;
use toban::time::{TimeZone, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const INQUIRY: &str = "0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69";

/// A clock whose monotonic time passes only when the test says so; its instants are the double's.
struct TestClock {
    double: Arc<DiscordDouble>,
    passed: watch::Sender<Duration>,
}

impl TestClock {
    fn pass(&self, time: Duration) {
        self.passed.send_modify(|passed| *passed += time);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.double.now_ms()).unwrap()
    }

    async fn until(&self, _: Timestamp) {
        unreachable!("Discord waits for no instant")
    }

    async fn pause(&self, wait: Duration) {
        let mut passed = self.passed.subscribe();
        let end = *passed.borrow() + wait;
        passed.wait_for(|passed| *passed >= end).await.unwrap();
    }
}

/// An inbox that remembers what was asked and says yes to those it knows.
struct Desk {
    known: Vec<String>,
    asked: Mutex<Vec<Ask>>,
    /// While false, nothing is answered.
    is_open: watch::Sender<bool>,
    form: Mutex<ResolveForm>,
    threads: Mutex<HashMap<String, (InquiryId, Reference)>>,
}

impl Desk {
    fn asked(&self) -> Vec<Ask> {
        self.asked.lock().unwrap().clone()
    }

    async fn ready(&self) {
        self.is_open
            .subscribe()
            .wait_for(|is_open| *is_open)
            .await
            .unwrap();
    }
}

#[async_trait]
impl Inbox for Desk {
    async fn perform(&self, ask: Ask) -> Told {
        let is_known = matches!(&ask.by, AskedBy::Chat { id, .. } if self.known.contains(id));
        let is_refused = !is_known || ask.verb.verb == Verb::Reopen;
        self.asked.lock().unwrap().push(ask);
        self.ready().await;
        Told {
            is_refused,
            message: Message::new(if is_refused { "no" } else { "yes" }),
            lang: Lang::En,
            reference: None,
            inquiry: None,
            texts: HashMap::new(),
            data: serde_json::Value::Null,
        }
    }

    async fn complete(
        &self,
        _: &AskedBy,
        beginning: &str,
        limit: usize,
    ) -> Vec<(Reference, String)> {
        self.ready().await;
        let all = [
            (Reference(12), format!("Q-12 {beginning}")),
            (Reference(13), "決済 ".repeat(60)),
        ];
        all.into_iter().take(limit).collect()
    }

    async fn inquiry_at(&self, platform: &str, place: &str) -> Option<(InquiryId, Reference)> {
        assert_eq!(platform, "discord");
        self.ready().await;
        self.threads.lock().unwrap().get(place).cloned()
    }

    async fn draft(&self, request: &Request, _: Option<&InquiryId>) -> Draft {
        match request.verb {
            Verb::Refuse => Draft::of("text", Some("契約を確認できませんでした。".to_owned())),
            Verb::File | Verb::Unlink => Draft {
                choices: [
                    ("tracker", ["github", "jira"]),
                    ("issue", ["github#121", "jira#121"]),
                ]
                .map(|(name, all)| {
                    (
                        name.to_owned(),
                        all.map(|one| (one.to_owned(), one.to_owned())).to_vec(),
                    )
                })
                .into(),
                ..Draft::default()
            },
            _ => Draft::default(),
        }
    }

    async fn resolve_form(&self, _: &InquiryId) -> Option<ResolveForm> {
        self.ready().await;
        Some(self.form.lock().unwrap().clone())
    }
}

/// Everything together: the double, the adapter, an inbox, people.
struct Scene {
    double: Arc<DiscordDouble>,
    discord: Arc<Discord>,
    clock: Arc<TestClock>,
    desk: Arc<Desk>,
    people: Arc<People>,
    aoki: Snowflake,
    stranger: Snowflake,
}

impl Scene {
    async fn new() -> Self {
        Self::with(Options::default(), Duration::from_secs(15)).await
    }

    async fn with(options: Options, timeout: Duration) -> Self {
        Self::with_people(options, timeout, |_, _| {}).await
    }

    /// A scene whose people are more than 青木.
    async fn with_people(
        options: Options,
        timeout: Duration,
        add: impl FnOnce(&DiscordDouble, &mut People),
    ) -> Self {
        let options = Options {
            check_answers: true,
            clock: ClockKind::ManualFrom(1_795_482_000_000),
            ..options
        };
        let double = Arc::new(DiscordDouble::start_with(options).await);
        let role = double.add_role("当番");
        let aoki = double.add_member("青木", &[role], "ja");
        let stranger = double.add_member("stranger", &[], "en-US");
        let clock = Arc::new(TestClock {
            double: Arc::clone(&double),
            passed: watch::Sender::new(Duration::ZERO),
        });
        let mut config = DiscordConfig::new(
            double.token(),
            double.application_id().0,
            double.guild_id().0,
        );
        config.api_base = Some(double.base_url().parse().unwrap());
        config.timeout = timeout;
        config.gateway = GatewayConfig {
            look_every: Duration::from_secs(30),
            looks: 3,
            ..GatewayConfig::default()
        };
        config.vocabulary = Vocabulary {
            categories: vec!["設定".to_owned(), "不具合".to_owned()],
            queues: vec![("billing".to_owned(), "請求".to_owned())],
            ..Vocabulary::default()
        };
        let people = sample_context(clock.now(), Lang::En, "discord", &aoki.to_string()).people;
        let mut people = (*people).clone();
        add(&double, &mut people);
        let people = Arc::new(people);
        let discord = Discord::new(config, Arc::clone(&people), tokyo(), clock.clone()).unwrap();
        let form = ResolveForm {
            reference: Reference(1042),
            kind: Kind::Investigation,
            categories: vec!["設定".to_owned(), "不具合".to_owned()],
        };
        let desk = Desk {
            known: vec![aoki.to_string()],
            asked: Mutex::default(),
            is_open: watch::Sender::new(true),
            form: Mutex::new(form),
            threads: Mutex::default(),
        };
        Scene {
            double,
            discord: Arc::new(discord),
            clock,
            desk: Arc::new(desk),
            people,
            aoki,
            stranger,
        }
    }

    fn place(&self) -> Place {
        Place {
            platform: "discord".to_owned(),
            channel: self.channel().to_string(),
        }
    }

    fn channel(&self) -> Snowflake {
        self.double.channel("当番")
    }

    /// A card about the sample inquiry.
    fn card(&self) -> Post {
        self.card_of(sample_card(self.clock.now()))
    }

    fn card_of(&self, card: Card) -> Post {
        let mut context = sample_context(
            self.clock.now(),
            Lang::Ja,
            "discord",
            &self.aoki.to_string(),
        );
        context.people = Arc::clone(&self.people);
        let what = toban::app::ports::PostKind::Card {
            card: Box::new(card),
            mentions: vec!["aoki".into()],
            is_urgent: false,
        };
        Post { what, context }
    }

    async fn deliver(&self, post: &Post, key: &str) -> Result<Receipt, DeliveryError> {
        self.discord.deliver(&self.place(), post, key).await
    }

    /// Lets the adapter listen; the token ends it.
    async fn listen(
        &self,
    ) -> (
        CancellationToken,
        tokio::task::JoinHandle<Result<(), CannotRun>>,
    ) {
        let shutdown = CancellationToken::new();
        let (discord, desk, token) = (
            Arc::clone(&self.discord),
            Arc::clone(&self.desk),
            shutdown.clone(),
        );
        let running = tokio::spawn(async move { discord.run(desk, token).await });
        self.double.until_connected().await;
        (shutdown, running)
    }

    /// Waits until an interaction shows its final answer.
    async fn said(&self, interaction: Snowflake) -> String {
        let shown = |double: &DiscordDouble| {
            double
                .answer(interaction)
                .map(|m| m.content)
                .filter(|text| !text.is_empty())
        };
        self.double.until("an answer is shown", shown).await
    }
}

fn tokyo() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap()
}

fn snowflake(text: &str) -> Snowflake {
    Snowflake(text.parse().unwrap())
}
