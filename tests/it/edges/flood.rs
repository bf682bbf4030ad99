//! A flood: thousands of deliveries at once, three in ten of them again, in no order; each inquiry is there once, at its
//! newest state.

#![allow(clippy::unwrap_used)]

use super::site::Site;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use toban::app::ports::{DeskBody, ListFilter, Platform};
use toban::chat::desk::Desk;
use toban::testkit::postgres::fresh_database;

/// Deliveries, how many of them repeat one that is among them, and how many are under way at once. Each item has two
/// states.
const DELIVERIES: usize = 5_000;
const AGAIN: usize = 1_500;
const CONNECTIONS: usize = 32;

/// Chance is drawn once, so that a flood that fails fails again.
const SEED: u64 = 20_261_124;

/// A delivery: its own id, and which state of which item it brings.
struct Delivery {
    id: String,
    item: usize,
    revision: usize,
}

impl Delivery {
    fn document(&self) -> Value {
        json!({
            "id": format!("T-{}", self.item),
            "title": format!("T-{} が届かない（第{}版）", self.item, self.revision),
            "severity": if self.revision == 1 { "S3" } else { "S2" },
            "revision": self.revision,
            "is_closed": is_closed(self.item) && self.revision == 2,
        })
    }
}

/// Whether an item ends closed at its source.
fn is_closed(item: usize) -> bool {
    item.is_multiple_of(5)
}

/// The deliveries of the flood.
fn flood() -> Vec<Delivery> {
    let mut chance = StdRng::seed_from_u64(SEED);
    let states = DELIVERIES - AGAIN;
    let of = |n: usize, id: String| Delivery {
        id,
        item: n / 2,
        revision: n % 2 + 1,
    };
    let mut deliveries: Vec<_> = (0..states).map(|n| of(n, format!("msg_{n}"))).collect();
    for k in 0..AGAIN {
        let n = chance.random_range(0..states);
        // A sender that tries again keeps the name of its delivery; one that was restarted does not.
        let id = match k % 2 {
            0 => format!("msg_{n}"),
            _ => format!("msg_{n}_{k}"),
        };
        deliveries.push(of(n, id));
    }
    deliveries.shuffle(&mut chance);
    deliveries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_with_redeliveries_is_each_inquiry_once_at_its_newest_state() {
    flooded("sqlite", Site::open("").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_with_redeliveries_is_the_same_on_postgresql() {
    let database = fresh_database("flood").await;
    flooded("postgresql", Site::open_on(&database.url, "").await).await;
}

async fn flooded(engine: &str, mut site: Site) {
    // The desk itself in the place of its double.
    let app = &site.world.app;
    let desk = Desk::new(
        app.store.clone(),
        app.clock.clone(),
        app.ids.clone(),
        app.wake.clone(),
    );
    let platforms = HashMap::from([(Desk::KEY.to_owned(), Arc::new(desk) as Arc<dyn Platform>)]);
    site.world.engine.platforms = Arc::new(platforms);

    let deliveries = flood();
    assert_eq!(deliveries.len(), DELIVERIES);
    let items: BTreeSet<usize> = deliveries.iter().map(|delivery| delivery.item).collect();
    assert_eq!(items.len(), (DELIVERIES - AGAIN) / 2);
    let next = Mutex::new(deliveries.iter());
    let answers: Mutex<BTreeMap<usize, Vec<Value>>> = Mutex::default();
    let began = toban::clock::monotonic();
    let connection = async || {
        loop {
            let Some(delivery) = next.lock().unwrap().next() else {
                return;
            };
            let body = delivery.document().to_string();
            let answer = site.deliver_as("crm", &delivery.id, body).await;
            assert!(matches!(answer.status, 200 | 202), "{answer:?}");
            let mut answers = answers.lock().unwrap();
            answers
                .entry(delivery.item)
                .or_default()
                .push(answer.json());
        }
    };
    futures_util::future::join_all((0..CONNECTIONS).map(|_| connection())).await;
    let took = began.elapsed();
    let rate = DELIVERIES as f64 / took.as_secs_f64();
    eprintln!("{engine}: {DELIVERIES} deliveries acknowledged in {took:?}, {rate:.0} a second");
    let answers = answers.into_inner().unwrap();

    // Every sender heard the same reference for the same item, and once that it is new.
    let mut references = BTreeSet::new();
    for (item, heard) in &answers {
        let named: BTreeSet<&str> = heard
            .iter()
            .map(|answer| answer["reference"].as_str().unwrap())
            .collect();
        assert_eq!(named.len(), 1, "{item}: {heard:?}");
        let new = heard.iter().filter(|answer| answer["is_new"] == true);
        assert_eq!(new.count(), 1, "{item}: {heard:?}");
        references.extend(named);
    }
    assert_eq!(
        references.len(),
        items.len(),
        "no two items share a reference"
    );

    // The store holds exactly these, each as it was at last.
    let app = site.world.app.clone();
    let all = app.store.every(&ListFilter::default()).await.unwrap();
    let mut ids = BTreeMap::new();
    let mut stored = BTreeSet::new();
    let titles: Vec<_> = all
        .iter()
        .map(|one| one.inquiry.facts.title.clone())
        .collect();
    let titles = app.store.texts(&titles).await.unwrap();
    for one in all {
        let inquiry = &one.inquiry;
        let item: usize = inquiry.origin.external_id[2..].parse().unwrap();
        assert!(stored.insert(item), "{item} twice");
        let title = &titles[&inquiry.facts.title];
        assert!(title.ends_with("（第2版）"), "{title}");
        assert_eq!(inquiry.facts.severity.to_string(), "S2");
        assert_eq!(inquiry.is_open(), !is_closed(item), "{item}");
        ids.insert(inquiry.id.to_string(), one.reference.to_string());
    }
    assert_eq!(stored, items);
    let told: BTreeSet<&str> = ids.values().map(String::as_str).collect();
    assert_eq!(told, references);

    // One card each on the desk.
    site.world.settle().await;
    let mut cards = BTreeMap::new();
    let mut stamp = 0;
    loop {
        let posts = app.store.desk_since(stamp, 200).await.unwrap();
        let Some(last) = posts.last() else { break };
        stamp = last.stamp;
        for post in posts {
            if let DeskBody::Card { card, .. } = &post.body {
                assert_eq!(post.inquiry.as_ref(), Some(&card.inquiry));
                *cards.entry(card.inquiry.to_string()).or_insert(0) += 1;
            }
        }
    }
    let once: BTreeMap<String, i32> = ids.into_keys().map(|id| (id, 1)).collect();
    assert_eq!(cards, once);
    eprintln!("{engine}: everything told after {:?}", began.elapsed());
    site.close().await;
}
