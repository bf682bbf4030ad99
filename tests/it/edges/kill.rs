//! Nothing lost, nothing twice: the real binary under intake load, killed a hundred times at random moments.
//!
//! Sources deliver as real ones do: what got no answer comes again under the same delivery id. The moments are while
//! deliveries come in, while cards go out (Discord hangs or breaks off, with or without having done the work), and
//! right after the start. In the end every delivery that was answered 2xx is one inquiry with one card.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use super::binary::{self, House, Sender, Server};
use crate::doubles::discord::{DiscordDouble, Fault, On, Snowflake};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use toban::app::ports::{DeskBody, ListFilter, Store};
use toban::clock::{self, SystemClock};
use tokio::sync::{mpsc, watch};

const KILLS: u32 = 100;
const SENDERS: usize = 4;

/// How long everything may take to come to rest after the last start.
const REST: Duration = Duration::from_secs(90);

/// What the senders share.
struct Load {
    /// Where the server listens; `None` while there is none.
    up: watch::Receiver<Option<String>>,
    jobs: tokio::sync::Mutex<mpsc::UnboundedReceiver<u32>>,
    /// Item → the reference it was answered with.
    acknowledged: Mutex<BTreeMap<u32, String>>,
    count: watch::Sender<usize>,
    sender: Sender,
    /// Counts how often a delivery got no answer.
    unanswered: Mutex<u32>,
}

impl Load {
    /// Delivers items until there are no more.
    async fn deliver_all(self: Arc<Self>) {
        loop {
            let job = self.jobs.lock().await.recv().await;
            let Some(item) = job else { return };
            self.insist(item).await;
            // Every third delivery comes twice, as from a sender that lost the answer.
            if item % 3 == 0 {
                self.insist(item).await;
            }
            self.count.send_modify(|count| *count += 1);
        }
    }

    /// Delivers one item, again and again until it is answered.
    async fn insist(&self, item: u32) {
        let mut up = self.up.clone();
        loop {
            let base = up.wait_for(Option::is_some).await.unwrap().clone().unwrap();
            match self.sender.deliver(&base, item).await {
                Some(reference) => {
                    let mut all = self.acknowledged.lock().unwrap();
                    let first = all.entry(item).or_insert_with(|| reference.clone());
                    assert_eq!(*first, reference, "item {item} was acknowledged as two");
                    return;
                }
                None => {
                    *self.unanswered.lock().unwrap() += 1;
                    // Another try makes sense when the server is another one.
                    let _ = clock::timeout(Duration::from_millis(200), up.changed()).await;
                }
            }
        }
    }

    fn count(&self) -> usize {
        *self.count.borrow()
    }
}

/// When a server is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// Some time into its start, whatever it does then.
    Starting,
    /// While deliveries come in.
    Intake,
    /// While Discord hangs or breaks off.
    Delivery,
}

/// The whole scene.
struct Scene {
    house: House,
    double: DiscordDouble,
    channel: Snowflake,
    load: Arc<Load>,
    up: watch::Sender<Option<String>>,
    jobs: mpsc::UnboundedSender<u32>,
    ordered: u32,
    rng: StdRng,
    starts: Vec<Duration>,
    moments: BTreeMap<Moment, u32>,
}

impl Scene {
    async fn new(seed: u64) -> Scene {
        let double = binary::double().await;
        let channel = double.channel("当番");
        let house = House::with_bot(&binary::desk_on(&double, channel, 0), &double.token());
        let (up, is_up) = watch::channel(None);
        let (jobs, ordered) = mpsc::unbounded_channel();
        let load = Load {
            up: is_up,
            jobs: tokio::sync::Mutex::new(ordered),
            acknowledged: Mutex::default(),
            count: watch::Sender::new(0),
            sender: Sender::new(),
            unanswered: Mutex::default(),
        };
        Scene {
            house,
            double,
            channel,
            load: Arc::new(load),
            up,
            jobs,
            ordered: 0,
            rng: StdRng::seed_from_u64(seed),
            starts: Vec::new(),
            moments: BTreeMap::new(),
        }
    }

    /// One server's life and violent end.
    async fn life(&mut self) {
        let moment = match self.rng.random_range(0..10) {
            0..2 => Moment::Starting,
            2..6 => Moment::Intake,
            _ => Moment::Delivery,
        };
        *self.moments.entry(moment).or_default() += 1;
        let mut server = self.house.start();
        match moment {
            Moment::Starting => {
                let usual = self
                    .starts
                    .last()
                    .copied()
                    .unwrap_or(Duration::from_millis(300));
                let wait = usual.mul_f64(self.rng.random_range(0.0..1.5));
                clock::sleep(wait).await;
            }
            Moment::Intake => {
                self.listening(&mut server).await;
                let order = self.rng.random_range(4..14);
                let enough = self.load.count() + self.rng.random_range(0..order) as usize;
                self.order(order);
                let mut count = self.load.count.subscribe();
                let acknowledged = count.wait_for(|count| *count >= enough);
                clock::timeout(binary::PATIENCE, acknowledged)
                    .await
                    .expect("intake")
                    .unwrap();
                self.a_moment(20).await;
            }
            Moment::Delivery => {
                let (on, fault) = self.fault();
                self.double.fault(on, fault);
                self.listening(&mut server).await;
                let order = self.rng.random_range(4..8);
                self.order(order);
                let met = |double: &DiscordDouble| (double.faults_left() == 0).then_some(());
                self.double.until("a delivery meets its fault", met).await;
                self.a_moment(40).await;
            }
        }
        server.kill().await;
        self.up.send_replace(None);
        self.double.clear_faults();
        self.double.release();
    }

    async fn listening(&mut self, server: &mut Server) {
        let base = server.listening().await;
        let base = base.unwrap_or_else(|| panic!("it did not start: {}", *server.log.borrow()));
        self.starts.push(server.age());
        self.up.send_replace(Some(base));
    }

    fn order(&mut self, items: u32) {
        for item in self.ordered..self.ordered + items {
            self.jobs.send(item).unwrap();
        }
        self.ordered += items;
    }

    fn fault(&mut self) -> (On, Fault) {
        let fault = match self.rng.random_range(0..4) {
            0 => Fault::Hang,
            1 => Fault::WorkThenHang,
            2 => Fault::WorkThenReset,
            _ => Fault::Reset,
        };
        let on = match self.rng.random_range(0..5) {
            0..3 => On::post(),
            3 => On::route(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
            ),
            _ => On::any(),
        };
        (on.after(self.rng.random_range(0..3)), fault)
    }

    async fn a_moment(&mut self, most_ms: u64) {
        let wait = self.rng.random_range(0..=most_ms * 1_000);
        clock::sleep(Duration::from_micros(wait)).await;
    }

    /// The last life: everything is answered, everything is said, and it ends in order.
    async fn rest(&mut self) {
        let mut server = self.house.start();
        self.listening(&mut server).await;
        let all = self.ordered as usize;
        let mut count = self.load.count.subscribe();
        let answered = count.wait_for(|count| *count == all);
        clock::timeout(REST, answered)
            .await
            .expect("every delivery is answered")
            .unwrap();
        let store = self.house.look().await;
        let still = async {
            while !is_at_rest(store.as_ref()).await {
                clock::sleep(Duration::from_millis(100)).await;
            }
        };
        if clock::timeout(REST, still).await.is_err() {
            let rows = store
                .outbox(&["queued", "sending", "retry", "unknown"], 20)
                .await;
            panic!("not at rest: {rows:#?}\n{}", *server.log.borrow());
        }
        store.close().await;
        server.signal("TERM").await;
        assert_eq!(server.ended().await.code(), Some(0));
    }

    /// Opens what is left and counts.
    async fn nothing_is_lost_or_twice(&self) {
        let store = self.house.look().await;
        let acknowledged = self.load.acknowledged.lock().unwrap().clone();
        assert_eq!(acknowledged.len(), self.ordered as usize);
        let answered = acknowledged.into_iter();
        let answered = answered.map(|(item, reference)| (format!("K-{item}"), reference));
        nothing_is_lost_or_twice(
            store.as_ref(),
            &self.double,
            self.channel,
            &answered.collect(),
        )
        .await;
        store.close().await;
    }
}

/// Every item that was answered is one inquiry, with one card in each place; nothing is dead, and the auditor is content.
pub async fn nothing_is_lost_or_twice(
    store: &dyn Store,
    double: &DiscordDouble,
    channel: Snowflake,
    answered: &BTreeMap<String, String>,
) {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let (mut on_discord, mut on_desk) = (BTreeSet::new(), BTreeMap::new());
    for post in store.desk_channel("support", 100_000).await.unwrap() {
        if let (DeskBody::Card { .. }, Some(inquiry)) = (post.body, post.inquiry) {
            *on_desk.entry(inquiry).or_insert(0) += 1;
        }
    }
    for offset in (0..).step_by(500) {
        let filter = ListFilter {
            limit: 500,
            offset,
            ..ListFilter::default()
        };
        let page = store.list(&filter).await.unwrap();
        if page.is_empty() {
            break;
        }
        for stored in page {
            let (inquiry, reference) = (stored.inquiry, stored.reference.to_string());
            let twice = found.insert(inquiry.origin.external_id.clone(), reference.clone());
            assert_eq!(twice, None, "{} is there twice", inquiry.origin.external_id);
            assert_eq!(
                on_desk.get(&inquiry.id),
                Some(&1),
                "cards of {reference} on the desk"
            );
            let cards = store.cards(&inquiry.id).await.unwrap();
            let card = cards
                .iter()
                .find(|card| card.place.platform == "discord")
                .unwrap();
            let Some(receipt) = &card.receipt else {
                let said = store.outbox(&[], 100_000).await.unwrap();
                let of_it = said
                    .iter()
                    .filter(|line| line.inquiry.as_ref() == Some(&inquiry.id));
                let of_it: Vec<_> = of_it.collect();
                panic!("{reference} has no card on Discord: {card:?}, {of_it:#?}");
            };
            let message = receipt.message.parse().unwrap();
            assert!(
                on_discord.insert(Snowflake(message)),
                "{reference} shares a card"
            );
        }
    }
    assert_eq!(found, *answered);
    let cards = cards(double, channel);
    let shown: BTreeSet<Snowflake> = cards.iter().copied().collect();
    assert_eq!(cards.len(), shown.len());
    assert_eq!(
        shown, on_discord,
        "cards on the double, and cards that are known"
    );
    let dead = store.outbox(&["dead"], 5).await.unwrap();
    assert!(dead.is_empty(), "{dead:?}");
    let findings = store.audit_whole(SystemClock.now()).await.unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.lines());
}

/// The messages on the double that are cards: they have buttons that do something.
fn cards(double: &DiscordDouble, channel: Snowflake) -> Vec<Snowflake> {
    let is_card = |message: &crate::doubles::discord::Message| {
        let parts = message.all_components();
        let mut ids = parts.iter().filter_map(|part| part["custom_id"].as_str());
        ids.any(|id| id.starts_with("do:"))
    };
    let all = double.messages(channel);
    all.iter()
        .filter(|message| is_card(message))
        .map(|message| message.id)
        .collect()
}

/// Nothing waits to be said, and every card shows what it should.
pub async fn is_at_rest(store: &dyn Store) -> bool {
    let unsent = ["queued", "sending", "retry", "unknown"];
    store.outbox(&unsent, 1).await.unwrap().is_empty()
}

fn seed() -> u64 {
    match std::env::var("TOBAN_KILL_SEED") {
        Ok(given) => given.parse().expect("TOBAN_KILL_SEED is a number"),
        Err(_) => rand::random(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_a_hundred_times_it_loses_nothing_and_says_nothing_twice() {
    let seed = seed();
    println!("TOBAN_KILL_SEED={seed}");
    let mut scene = Scene::new(seed).await;
    let begun = clock::monotonic();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| tokio::spawn(scene.load.clone().deliver_all()))
        .collect();
    for _ in 0..KILLS {
        scene.life().await;
    }
    let killed = begun.elapsed();
    scene.rest().await;
    scene.nothing_is_lost_or_twice().await;
    let Scene {
        mut starts,
        moments,
        ordered,
        load,
        jobs,
        ..
    } = scene;
    drop(jobs);
    for sender in senders {
        sender.await.unwrap();
    }
    starts.sort();
    println!(
        "{KILLS} kills in {killed:.1?} ({moments:?}), {ordered} inquiries, {} deliveries without an answer; \
         at rest after {:.1?}; start-up {:.0?} in the middle, {:.0?} at most",
        load.unanswered.lock().unwrap(),
        begun.elapsed(),
        starts[starts.len() / 2],
        starts[starts.len() - 1],
    );
}
