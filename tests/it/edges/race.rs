//! One owner: a hundred people claim the same inquiry at the same moment, two hundred times, on both databases.
//!
//! They come in three ways mixed: as Discord hands commands over, by buttons and slash commands over the double's
//! gateway, and over HTTP with bearer tokens. Exactly one wins each round, and every other answer names the winner.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use crate::doubles::discord::{ClockKind, DiscordDouble, Fault, On, Options, Snowflake};
use async_trait::async_trait;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use toban::app::desk::App;
use toban::app::health::Health;
use toban::app::ports::{
    Ask, AskedBy, Clock, Inbox, Platform, Poller, Reference, Store, Wake, WayBack,
};
use toban::app::verbs::{Request, Verb};
use toban::app::wording::{PlainText, Words, sentence};
use toban::chat::desk::Desk;
use toban::chat::discord::{Discord, DiscordConfig};
use toban::clock::{self, SystemIds};
use toban::config::Config;
use toban::domain::ids::InquiryId;
use toban::domain::inquiry::{Actor, Event};
use toban::engine::{Engine, Waker};
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::store::{self, OpenOptions};
use toban::testkit::postgres::fresh_database;
use toban::testkit::world::{tokyo, usual};
use toban::time::Timestamp;
use toban::web::{self, WebOptions, WebParts};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const ROUNDS: usize = 200;
const PEOPLE: usize = 100;
/// How many of the hundred come by a button, by a slash command and over HTTP; the rest comes by `App::perform`.
const BUTTONS: usize = 5;
const SLASHES: usize = 5;
const SCRIPTS: usize = 15;

/// The same races on every machine; only their outcome is chance.
const SEED: u64 = 20_261_121;

/// How long a test waits for anything before it fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A business clock that stands still while the machine's own time passes.
struct Standing(Timestamp);

#[async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }

    async fn until(&self, at: Timestamp) {
        if at > self.0 {
            std::future::pending::<()>().await;
        }
    }

    async fn pause(&self, wait: Duration) {
        clock::sleep(wait).await;
    }
}

/// The way somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Command,
    Button,
    Slash,
    Script,
}

/// What somebody was answered.
#[derive(Debug)]
struct Answer {
    who: usize,
    way: Way,
    has_won: bool,
    said: String,
}

/// The whole desk, running, with a hundred people before it.
struct Arena {
    double: DiscordDouble,
    people: Vec<Snowflake>,
    app: App,
    engine: Engine,
    address: std::net::SocketAddr,
    http: reqwest::Client,
    tokens: Vec<String>,
    shutdown: CancellationToken,
    running: Vec<tokio::task::JoinHandle<()>>,
}

impl Arena {
    async fn over(store: Arc<dyn Store>) -> Arena {
        let now = tokyo("2026-11-24 10:00");
        let double = DiscordDouble::start_with(Options {
            clock: ClockKind::ManualFrom(now.as_millisecond()),
            schema_check_once_per_shape: true,
            ..Options::default()
        })
        .await;
        let people: Vec<Snowflake> = (0..PEOPLE)
            .map(|n| double.add_member(&name(n), &[], if n % 2 == 0 { "ja" } else { "en-US" }))
            .collect();
        let config = config(&people, double.channel("当番"));
        let config = Config::read("race.toml", &config, &|_| {
            Some("whsec_NoSecretOfAnybodyButLongEnough00".to_owned())
        });
        let config = config.unwrap_or_else(|problems| panic!("{problems}"));
        let setup = Arc::new(config.setup);
        let clock: Arc<dyn Clock> = Arc::new(Standing(now));
        let (ids, wake) = (Arc::new(SystemIds), Arc::new(Waker::default()));
        let client = Client::new(&Settings::default()).unwrap();
        let sources = Arc::new(Sources::new(&config.sources, &setup, client).unwrap());
        let app = App::new(
            store.clone(),
            clock.clone(),
            ids.clone(),
            wake.clone() as Arc<dyn Wake>,
            sources.clone() as Arc<dyn WayBack>,
            setup.clone(),
        );
        let mut bot = DiscordConfig::new(
            double.token(),
            double.application_id().0,
            double.guild_id().0,
        );
        bot.api_base = Some(double.base_url().parse().unwrap());
        // Two busy cores are no reason for an answer to come by an edit.
        bot.gateway.defer_after = PATIENCE;
        let discord = Discord::new(bot, setup.people.clone(), setup.zone.clone(), clock.clone());
        let desk = Desk::new(store, clock, ids, wake);
        let platforms: HashMap<String, Arc<dyn Platform>> = HashMap::from([
            ("discord".to_owned(), Arc::new(discord.unwrap()) as Arc<_>),
            (Desk::KEY.to_owned(), Arc::new(desk) as Arc<_>),
        ]);
        let health = Arc::new(Health::default());
        let engine = Engine {
            app: app.clone(),
            platforms: Arc::new(platforms),
            poller: sources.clone() as Arc<dyn Poller>,
            health: health.clone(),
            holder: SystemIds.id(),
            at_once: toban::engine::AT_ONCE,
            heartbeat: None,
            fetch: None,
            grace: Duration::from_mins(5),
        };
        app.start().await.unwrap();
        engine.start().await.unwrap();
        let mut tokens = Vec::new();
        for n in 0..PEOPLE {
            tokens.push(app.make_token("race", Some(&id(n))).await.unwrap());
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let parts = WebParts {
            app: app.clone(),
            hooks: sources,
            options: WebOptions::new(),
            health,
            metrics: None,
        };
        let shutdown = CancellationToken::new();
        let (serving, working) = (shutdown.clone(), shutdown.clone());
        let loops = engine.clone();
        let running = vec![
            tokio::spawn(async move { web::serve(listener, parts, serving).await.unwrap() }),
            tokio::spawn(async move { loops.run(working).await.unwrap() }),
        ];
        double.until_connected().await;
        Arena {
            double,
            people,
            app,
            engine,
            address,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            tokens,
            shutdown,
            running,
        }
    }

    /// One race; tells by which way it was won.
    async fn round(&self, n: usize, rng: &mut StdRng) -> Way {
        self.double.forget_shapes();
        let received = self.app.receive(usual(&format!("R-{n}")), "hook").await;
        let received = received.unwrap();
        let (reference, inquiry) = (received.reference.unwrap(), received.inquiry.unwrap());
        let card = self.card(&inquiry).await;
        let button = self.claim_button(card);
        // The card is slow to change, so that everybody still sees the button that they press.
        self.double.fault(On::edit().always(), Fault::Hang);

        let mut people: Vec<usize> = (0..PEOPLE).collect();
        people.shuffle(rng);
        let mut ways = vec![Way::Command; PEOPLE - BUTTONS - SLASHES - SCRIPTS];
        ways.extend([Way::Button; BUTTONS]);
        ways.extend([Way::Slash; SLASHES]);
        ways.extend([Way::Script; SCRIPTS]);
        ways.shuffle(rng);
        // Who only calls a function is always there first; so sometimes those who come from farther off may start.
        match n % 4 {
            0 => ways.sort_by_key(|way| *way != Way::Script),
            1 => ways.sort_by_key(|way| !matches!(way, Way::Button | Way::Slash)),
            _ => {}
        }

        let (mut asking, mut pressed) = (Vec::new(), Vec::new());
        for (who, way) in people.into_iter().zip(ways) {
            let person = self.double.person(self.people[who]);
            match way {
                Way::Command => asking.push(tokio::spawn(self.command(n, who, reference))),
                Way::Script => asking.push(tokio::spawn(self.script(who, reference))),
                Way::Button => pressed.push((who, way, person.click(card, &button))),
                Way::Slash => {
                    let named = [("inquiry", json!(reference.to_string()))];
                    pressed.push((who, way, person.slash("/toban claim", &named)));
                }
            }
            // A head start for whoever was drawn first, of a length that is chance.
            if rng.random_ratio(1, 20) {
                tokio::task::yield_now().await;
            }
        }
        let mut answers: Vec<Answer> = Vec::with_capacity(PEOPLE);
        answers.extend(join_all(asking).await.into_iter().map(Result::unwrap));
        for (who, way, interaction) in pressed {
            self.double.until_answered(interaction).await;
            let said = self.double.answer(interaction).unwrap().content;
            answers.push(Answer {
                who,
                way,
                // The two sentences of a claim that went well; whoever says them wins.
                has_won: said == format!("{reference} is yours.")
                    || said == format!("{reference}の担当になりました。"),
                said,
            });
        }
        self.double.clear_faults();
        self.double.release();
        assert!(
            self.double.shapes_checked() > 0,
            "round {n}: nothing was checked"
        );
        let won = self.judge(n, &answers);
        self.ledger_agrees(n, &inquiry, won.who).await;
        won.way
    }

    /// Exactly one has won, and everybody else was told who.
    fn judge<'a>(&self, n: usize, answers: &'a [Answer]) -> &'a Answer {
        assert_eq!(answers.len(), PEOPLE);
        let winners: Vec<&Answer> = answers.iter().filter(|answer| answer.has_won).collect();
        assert_eq!(winners.len(), 1, "round {n}: {winners:?}");
        let winner = name(winners[0].who);
        for answer in answers.iter().filter(|answer| !answer.has_won) {
            assert!(
                answer.said.contains(&winner),
                "round {n}: {winner} has it, but {} was told by {:?}: {}",
                name(answer.who),
                answer.way,
                answer.said
            );
        }
        winners[0]
    }

    async fn ledger_agrees(&self, n: usize, inquiry: &InquiryId, who: usize) {
        let ledger = self.app.store.ledger(inquiry).await.unwrap();
        let claims: Vec<&Actor> = ledger
            .iter()
            .filter(|entry| matches!(entry.event, Event::Claimed { .. }))
            .map(|entry| &entry.actor)
            .collect();
        assert_eq!(
            claims,
            [&Actor::Member(id(who).as_str().into())],
            "round {n}"
        );
    }

    /// A claim as the Discord platform hands it over.
    fn command(
        &self,
        n: usize,
        who: usize,
        reference: Reference,
    ) -> impl Future<Output = Answer> + Send + 'static {
        let app = self.app.clone();
        let ask = Ask {
            by: AskedBy::Chat {
                platform: "discord".to_owned(),
                id: self.people[who].to_string(),
                roles: Vec::new(),
                locale: Some("en-US".to_owned()),
            },
            via: "discord".to_owned(),
            command_key: Some(format!("discord:{n}-{who}")),
            verb: Request::new(Verb::Claim, Some(reference)),
            here: None,
        };
        async move {
            let told = app.perform(ask).await;
            let words = Words {
                lang: told.lang,
                zone: &app.setup.zone,
                now: app.clock.now(),
                texts: &told.texts,
                people: &app.setup.people,
            };
            Answer {
                who,
                way: Way::Command,
                has_won: !told.is_refused,
                said: sentence(&told.message, &words, &PlainText),
            }
        }
    }

    /// A claim over HTTP, on a connection that is kept.
    fn script(
        &self,
        who: usize,
        reference: Reference,
    ) -> impl Future<Output = Answer> + Send + 'static {
        let url = format!("http://{}/api/v1/inquiries/{reference}/claim", self.address);
        let request = self.http.post(url).bearer_auth(&self.tokens[who]);
        async move {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let body: serde_json::Value = answer.json().await.unwrap();
            assert!(matches!(status, 200 | 409), "{status} {body}");
            let said = if status == 200 {
                &body["said"]
            } else {
                &body["detail"]
            };
            Answer {
                who,
                way: Way::Script,
                has_won: status == 200,
                said: said.as_str().unwrap().to_owned(),
            }
        }
    }

    /// Waits until the inquiry's card is on the double.
    async fn card(&self, inquiry: &InquiryId) -> Snowflake {
        let mut stirred = self.app.wake.listen();
        let posted = async {
            loop {
                let cards = self.app.store.cards(inquiry).await.unwrap();
                let found = cards
                    .into_iter()
                    .find(|card| card.place.platform == "discord");
                if let Some(receipt) = found.and_then(|card| card.receipt) {
                    return Snowflake(receipt.message.parse().unwrap());
                }
                let _ = stirred.recv().await;
            }
        };
        clock::timeout(PATIENCE, posted)
            .await
            .expect("a card is posted")
    }

    fn claim_button(&self, card: Snowflake) -> String {
        let message = self.double.message(card).unwrap();
        let all = message.all_components();
        let mut ids = all.iter().filter_map(|part| part["custom_id"].as_str());
        ids.find(|id| id.starts_with("do:claim"))
            .unwrap()
            .to_owned()
    }

    /// Waits until all is said, asks the auditor, and lets the desk go.
    async fn end(self) {
        let mut stirred = self.app.wake.listen();
        let quiet = async {
            let unsent = ["queued", "sending", "retry", "unknown"];
            while !self.app.store.outbox(&unsent, 1).await.unwrap().is_empty() {
                let _ = stirred.recv().await;
            }
        };
        clock::timeout(PATIENCE, quiet).await.expect("all is said");
        let dead = self.app.store.outbox(&["dead"], 5).await.unwrap();
        assert!(dead.is_empty(), "{dead:?}");
        let findings = self.engine.audit().await.unwrap();
        assert!(findings.is_clean(), "{:#?}", findings.lines());
        assert_eq!(self.double.invalid_requests(), 0);
        self.double.assert_clean();
        self.shutdown.cancel();
        for task in self.running {
            task.await.unwrap();
        }
        self.app.store.close().await;
    }
}

fn id(n: usize) -> String {
    format!("m{n:02}")
}

/// No name is part of another.
fn name(n: usize) -> String {
    format!("会員{n:02}")
}

/// A desk with a hundred people and one queue, whose cards go to Discord.
fn config(people: &[Snowflake], channel: Snowflake) -> String {
    let members: String = (0..people.len())
        .map(|n| {
            let (id, name, chat) = (id(n), name(n), people[n]);
            format!("[[member]]\nid = {id:?}\nname = {name:?}\ndiscord = \"{chat}\"\n\n")
        })
        .collect();
    let ids: Vec<String> = (0..people.len()).map(id).collect();
    format!(
        r#"{members}
[[calendar]]
name = "office"
preset = "japan-office"

[[policy]]
name = "standard"
preset = "standard"

[[rota]]
name = "support"
works = "office"
participants = {ids:?}

[[queue]]
id = "support"
name = "サポート"
rota = "support"
policy = "standard"
calendar = "office"
discord_channel = "{channel}"

[[source]]
id = "crm"
name = "CRM"
preset = "toban"
secret_env = "CRM"

[discord]
enabled = true
token_env = "BOT"
application_id = "1"
guild_id = "2"
"#
    )
}

#[expect(
    clippy::print_stdout,
    reason = "the outcome of a race is worth reading"
)]
async fn one_owner(store: Arc<dyn Store>) {
    let arena = Arena::over(store).await;
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut won: BTreeMap<Way, usize> = BTreeMap::new();
    for n in 0..ROUNDS {
        *won.entry(arena.round(n, &mut rng).await).or_default() += 1;
    }
    println!("{ROUNDS} rounds of {PEOPLE} claims, won by {won:?}");
    // A race that is always won by the same way would prove little about the others.
    assert!(won.len() >= 2, "only {won:?} ever won");
    arena.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_one_owns_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/toban.db", folder.path().display());
    one_owner(store::open(&url, &OpenOptions::default()).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_one_owns_it_on_postgres() {
    let database = fresh_database("race").await;
    one_owner(
        store::open(&database.url, &OpenOptions::default())
            .await
            .unwrap(),
    )
    .await;
}
