//! Two whole processes on one PostgreSQL: they share the work, and one takes over what the other leaves behind.
//!
//! Both take deliveries and claims, both have a poll, a handoff and an outbox to see to. One is killed in the middle of
//! it. What a lease of the dead would hold for a minute is ended by hand, as if the minute had passed.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use super::binary::{self, House, PATIENCE, Sender, Server};
use super::kill::{is_at_rest, nothing_is_lost_or_twice};
use crate::doubles::discord::{DiscordDouble, Fault, On, Snowflake};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use toban::app::ports::Store;
use toban::clock::{self, Instant};
use toban::testkit::postgres::{FreshDb, fresh_database};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// How many deliveries come while both live, and how many more around the kill.
const CALM: u32 = 200;
const STORMY: u32 = 40;
/// How many inquiries two people claim at once, each through another process.
const CLAIMED: u32 = 30;
/// How long the tracker takes to answer a poll.
const ANSWER: Duration = Duration::from_millis(300);

/// A tracker that notes when it is asked.
#[derive(Clone, Default)]
struct Tracker(Arc<Mutex<Vec<Instant>>>);

impl Respond for Tracker {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.0.lock().unwrap().push(clock::monotonic());
        let item =
            |n: u32| serde_json::json!({"id": format!("P-{n}"), "title": format!("件名{n}")});
        let items: Vec<_> = (0..3).map(item).collect();
        let answer = serde_json::json!({ "items": items });
        ResponseTemplate::new(200)
            .set_body_json(answer)
            .set_delay(ANSWER)
    }
}

impl Tracker {
    fn asked(&self) -> Vec<Instant> {
        self.0.lock().unwrap().clone()
    }
}

/// A process, where it listens, and the folder it runs in.
struct Desk {
    house: House,
    server: Server,
    base: String,
}

impl Desk {
    async fn start(text: &str, port: u16, token: &str) -> Desk {
        let house = House::with_bot(&text.replace("PORT", &port.to_string()), token);
        let (server, base) = house.serve().await;
        Desk {
            house,
            server,
            base,
        }
    }

    /// Claims an inquiry as whoever a token speaks for; what HTTP says to it.
    async fn claim(&self, reference: &str, token: &str) -> u16 {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/inquiries/{reference}/claim", self.base);
        let answer = http.post(url).bearer_auth(token).send().await.unwrap();
        answer.status().as_u16()
    }

    async fn token(&self, member: &str) -> String {
        let words = ["token", member, "--member", member];
        self.house.run(&words).await.well().trim().to_owned()
    }

    async fn health(&self) -> serde_json::Value {
        let answer = reqwest::get(format!("{}/healthz", self.base))
            .await
            .unwrap();
        answer.json().await.unwrap()
    }
}

struct Scene {
    double: DiscordDouble,
    channel: Snowflake,
    tracker: Tracker,
    text: String,
    sender: Sender,
    /// Item → the reference it was answered with.
    answered: Mutex<BTreeMap<u32, String>>,
    _server: MockServer,
    database: FreshDb,
}

impl Scene {
    async fn new() -> Scene {
        let double = binary::double().await;
        let channel = double.channel("当番");
        let database = fresh_database("two").await;
        let (server, tracker) = (MockServer::start().await, Tracker::default());
        let items = Mock::given(path("/items")).respond_with(tracker.clone());
        items.mount(&server).await;
        let text = binary::desk_on(&double, channel, 0)
            .replace("127.0.0.1:0", "127.0.0.1:PORT")
            .replace("sqlite://toban.db", &database.url);
        let text = format!(
            r#"{text}
[[source]]
id = "tracker"
kind = "poll"
base_url = "{}"
[source.mapping]
external_id = "{{{{ id }}}}"
title = "{{{{ title }}}}"
[source.poll]
every = "5s"
url = "{{{{ base_url }}}}/items"
items = "items"

[net]
allow_private = ["127.0.0.0/8"]
"#,
            server.uri()
        );
        Scene {
            double,
            channel,
            tracker,
            text,
            sender: Sender::new(),
            answered: Mutex::default(),
            _server: server,
            database,
        }
    }

    async fn start(&self) -> Desk {
        Desk::start(&self.text, binary::free_port(), &self.double.token()).await
    }

    /// Delivers an item to the first server that answers; every third comes to the other one too.
    async fn deliver(&self, item: u32, to: [&str; 2]) {
        let mut answers = Vec::new();
        for base in to {
            answers.extend(self.sender.deliver(base, item).await);
            if !answers.is_empty() && !item.is_multiple_of(3) {
                break;
            }
        }
        let references: BTreeSet<String> = answers.into_iter().collect();
        assert_eq!(references.len(), 1, "item {item}: {references:?}");
        let mut answered = self.answered.lock().unwrap();
        answered.insert(item, references.into_iter().next().unwrap());
    }

    /// Delivers items, half to each, four at a time.
    async fn deliver_all(&self, items: std::ops::Range<u32>, bases: [&str; 2]) {
        use futures_util::StreamExt;
        let [one, other] = bases;
        let deliveries = futures_util::stream::iter(items).map(async |item| {
            let to = if item % 2 == 0 {
                [one, other]
            } else {
                [other, one]
            };
            self.deliver(item, to).await;
        });
        deliveries.buffer_unordered(4).collect::<()>().await;
    }

    /// Ends the leases of somebody, as a minute does.
    async fn end_leases(&self, holder: &str) -> usize {
        let mut ended = 0;
        for table in ["outbox", "timers", "cards"] {
            let sql = format!(
                "update {table} set lease_until_ms = 0 where holder = '{holder}' returning holder"
            );
            ended += self.database.texts(&sql).await.len();
        }
        ended
    }

    /// Lets the handoff of the present turn fall due once more, as after a down-time.
    async fn hand_off_again(&self, base: &str, token: &str) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let asked = http.get(format!("{base}/api/v1/duty")).bearer_auth(token);
        let duty: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
        let turn = duty["now"][0]["starts_at"].as_str();
        let turn = turn.unwrap_or_else(|| panic!("a shift in {duty}"));
        let sql = format!(
            "update timers set due_at_ms = (extract(epoch from timestamptz '{turn}') * 1000)::bigint \
            where kind = 'handoff' and holder is null returning subject"
        );
        until("the handoff", async || {
            let moved = self.database.texts(&sql).await;
            (!moved.is_empty()).then_some(())
        })
        .await;
    }

    async fn at_rest(&self, store: &dyn Store) {
        until("nothing is left to be said", async || {
            let stale = "select inquiry from cards where shown < wanted and gone is null";
            let is_shown = self.database.texts(stale).await.is_empty();
            (is_shown && is_at_rest(store).await).then_some(())
        })
        .await;
    }
}

async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            clock::sleep(Duration::from_millis(20)).await;
        }
    };
    let found = clock::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|late| panic!("{what}: {late}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_one_takes_over_from_the_other() {
    let scene = Scene::new().await;
    let begun = clock::monotonic();
    let one = scene.start().await;
    // Whoever polls while there is only one is that one.
    let holders = "select distinct holder from timers where holder is not null and kind = 'poll'";
    let holder = until("the first poll", async || {
        scene.database.texts(holders).await.pop()
    })
    .await;
    let other = scene.start().await;
    let store = binary::open_to_read(&scene.database.url).await;

    scene.deliver_all(0..CALM, [&one.base, &other.base]).await;
    let (aoki, inoue) = (one.token("aoki").await, other.token("inoue").await);
    for item in 0..CLAIMED {
        let reference = scene.answered.lock().unwrap()[&item].clone();
        let both = tokio::join!(
            one.claim(&reference, &aoki),
            other.claim(&reference, &inoue)
        );
        assert!(
            matches!(both, (200, 409) | (409, 200)),
            "{reference}: {both:?}"
        );
    }
    scene.hand_off_again(&one.base, &aoki).await;
    until("the daily post", async || {
        let posts = "select key from outbox where key like '%handoff·%' and state = 'sent'";
        (scene.database.texts(posts).await.len() >= 2).then_some(())
    })
    .await;
    scene.at_rest(store.as_ref()).await;
    let daily = scene.double.messages(scene.channel);
    let daily = daily
        .iter()
        .filter(|message| message.text().contains("Duty of"));
    assert_eq!(daily.count(), 1, "the post of the handoff");

    // One dies while it speaks; what it had not said or not recorded is the other's.
    let slow = On::post().in_channel(scene.channel);
    scene.double.fault(slow.times(2), Fault::WorkThenHang);
    let storm = scene.deliver_all(CALM..CALM + STORMY, [&one.base, &other.base]);
    let (one_base, other_base) = (one.base.clone(), other.base.clone());
    let Desk { server, house, .. } = one;
    let kill = async {
        let speaking =
            format!("select id from outbox where holder = '{holder}' and state = 'sending'");
        until("the first one speaks", async || {
            let hangs = scene.double.faults_left() == 0;
            let speaks = !scene.database.texts(&speaking).await.is_empty();
            (hangs && speaks).then_some(())
        })
        .await;
        server.kill().await;
        drop(house);
    };
    tokio::join!(storm, kill);
    assert_ne!(one_base, other_base);
    let killed = clock::monotonic();
    scene.double.clear_faults();
    scene.double.release();
    assert!(
        scene.end_leases(&holder).await > 0,
        "it had something under way"
    );
    scene.at_rest(store.as_ref()).await;
    until("a poll of the other one", async || {
        scene
            .tracker
            .asked()
            .iter()
            .find(|at| **at > killed)
            .copied()
    })
    .await;

    // Everything once.
    let answered = scene.answered.lock().unwrap().clone();
    assert_eq!(answered.len(), (CALM + STORMY) as usize);
    let answered = answered.into_iter();
    let mut answered: BTreeMap<String, String> = answered
        .map(|(item, reference)| (format!("K-{item}"), reference))
        .collect();
    for n in 0..3 {
        let id = format!("P-{n}");
        let polled = store
            .by_external(&"tracker".into(), &id)
            .await
            .unwrap()
            .unwrap();
        answered.insert(id, polled.reference.to_string());
    }
    nothing_is_lost_or_twice(store.as_ref(), &scene.double, scene.channel, &answered).await;
    for thread in scene.double.threads(scene.channel) {
        let said: Vec<String> = scene
            .double
            .messages(thread.id)
            .iter()
            .map(|one| one.text())
            .collect();
        let different: BTreeSet<&String> = said.iter().collect();
        assert_eq!(said.len(), different.len(), "said twice: {said:?}");
    }
    let claims = "select inquiry from events where kind = 'claimed'";
    assert_eq!(scene.database.texts(claims).await.len(), CLAIMED as usize);

    // One poller at a time: nobody asks while another is being answered, and not much more often than every five seconds.
    // Who died while it was being answered is followed at once: its lease was ended above.
    let asked = scene.tracker.asked();
    let follows_the_dead = |two: &[Instant]| two[0] <= killed && two[1] > killed;
    let overlaps = asked
        .windows(2)
        .filter(|two| two[1] - two[0] < ANSWER && !follows_the_dead(two));
    assert_eq!(overlaps.count(), 0, "{asked:?}");
    let usual = begun.elapsed().as_secs() / 5;
    assert!(
        asked.len() as u64 <= usual + 4,
        "{} polls in {:?}",
        asked.len(),
        begun.elapsed()
    );

    // An auditor looks as soon as its process starts.
    let third = scene.start().await;
    let health = until("the auditor's look", async || {
        let health = third.health().await;
        (health["status"] != "not_audited").then_some(health)
    })
    .await;
    assert_eq!(health["status"], "ok", "{health}");
    let mut third = third.server;
    third.signal("TERM").await;
    assert_eq!(third.ended().await.code(), Some(0));
    store.close().await;
    let mut last = other.server;
    last.signal("TERM").await;
    assert_eq!(last.ended().await.code(), Some(0));
    println!("two processes: {:.1?}", begun.elapsed());
}
