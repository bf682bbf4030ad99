//! A small flood: many deliveries at once, a third of them again, in no order; each inquiry is there once.

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

/// Deliveries, how many of them repeat one that is among them, and how many are under way at once.
const DELIVERIES: usize = 1_000;
const AGAIN: usize = 300;
const CONNECTIONS: usize = 32;

/// Chance is drawn once, so that a flood that fails fails again.
const SEED: u64 = 20_261_124;

/// The deliveries of the flood: id of the delivery, id of the item.
fn flood() -> Vec<(String, String)> {
    let mut chance = StdRng::seed_from_u64(SEED);
    let items = DELIVERIES - AGAIN;
    let mut deliveries: Vec<_> = (0..items)
        .map(|n| (format!("msg_{n}"), format!("T-{n}")))
        .collect();
    for k in 0..AGAIN {
        let n = chance.random_range(0..items);
        // A sender that tries again keeps the name of its delivery; one that was restarted does not.
        let id = match k % 2 {
            0 => format!("msg_{n}"),
            _ => format!("msg_{n}_{k}"),
        };
        deliveries.push((id, format!("T-{n}")));
    }
    deliveries.shuffle(&mut chance);
    deliveries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_with_redeliveries_is_each_inquiry_once_and_one_card_each() {
    let mut site = Site::open("").await;
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
    let items: BTreeSet<&str> = deliveries.iter().map(|(_, item)| item.as_str()).collect();
    let next = Mutex::new(deliveries.iter());
    let answers: Mutex<BTreeMap<&str, Vec<(u16, Value)>>> = Mutex::default();
    let connection = async || {
        loop {
            let Some((id, item)) = next.lock().unwrap().next() else {
                return;
            };
            let document =
                json!({ "id": item, "title": format!("{item} が届かない"), "severity": "S3" });
            let answer = site.deliver_as("crm", id, document.to_string()).await;
            assert!(matches!(answer.status, 200 | 202), "{id}: {answer:?}");
            let reference = answer.json()["reference"].clone();
            let mut answers = answers.lock().unwrap();
            answers
                .entry(item)
                .or_default()
                .push((answer.status, reference));
        }
    };
    futures_util::future::join_all((0..CONNECTIONS).map(|_| connection())).await;
    let answers = answers.into_inner().unwrap();

    // Every sender heard the same reference for the same item, and 202 for it once.
    let mut references = BTreeSet::new();
    for (item, heard) in &answers {
        let named: BTreeSet<&str> = heard
            .iter()
            .map(|(_, name)| name.as_str().unwrap())
            .collect();
        assert_eq!(named.len(), 1, "{item}: {heard:?}");
        let new = heard.iter().filter(|(status, _)| *status == 202).count();
        assert_eq!(new, 1, "{item}: {heard:?}");
        references.extend(named);
    }
    assert_eq!(
        references.len(),
        items.len(),
        "no two items share a reference"
    );

    // The store holds exactly these.
    let app = site.world.app.clone();
    let mut stored = BTreeSet::new();
    let mut ids = BTreeMap::new();
    for offset in (0..).step_by(500) {
        let page = ListFilter {
            limit: 500,
            offset,
            ..ListFilter::default()
        };
        let page = app.store.list(&page).await.unwrap();
        if page.is_empty() {
            break;
        }
        for one in page {
            let item = one.inquiry.origin.external_id.clone();
            assert!(stored.insert(item.clone()), "{item} twice");
            ids.insert(one.inquiry.id.to_string(), one.reference.to_string());
        }
    }
    let expected: BTreeSet<String> = items.iter().map(|item| (*item).to_owned()).collect();
    assert_eq!(stored, expected);
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
    site.close().await;
}
