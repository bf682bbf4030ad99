//! Durable commits a second on SQLite: 64 callers, each taking in one new inquiry after the other.
//!
//! `cargo bench --bench commit -- [COMMITS] [CALLERS]` prints commits/s and the latency of a caller.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use toban::app::ports::{Changes, Delivery, NewOutbox};
use toban::clock::{SystemClock, SystemIds, monotonic};
use toban::domain::inquiry::{Event, evolve};
use toban::domain::notice::{Message, Notice, NoticePlace};
use toban::testkit::inquiry::{happened, place, received};

/// What an intake commits: three ledger lines, three texts, a timer, a card and its post.
fn intake(ids: SystemIds, n: u64) -> Changes {
    let id = ids.id();
    let now = SystemClock.now();
    let mut changes = received(&id, &format!("BENCH-{n}"), now);
    let raised = Event::UrgencyRaised { since: now };
    let assigned = Event::Assigned {
        to: "aoki".into(),
        by_desk: false,
    };
    let more = happened(&changes.inquiry, vec![raised, assigned], now);
    changes.entries.extend(more.entries);
    changes.inquiry = changes
        .entries
        .iter()
        .fold(None, |state, entry| Some(evolve(state, entry)))
        .unwrap();
    changes.command_key = Some(ids.id());
    changes.outbox = vec![NewOutbox {
        id: ids.id(),
        lane: format!("desk·support·{id}"),
        inquiry: Some(id.as_str().into()),
        place: place(),
        what: Delivery::Notice {
            notice: Notice {
                place: NoticePlace::Card,
                audience: Vec::new(),
                message: Message::new("card-posted"),
                is_urgent: false,
                is_mergeable: false,
                offers: Vec::new(),
            },
            mentions: vec!["aoki".into()],
        },
        key: format!("{id}·1·0"),
        not_before: now,
    }];
    changes
}

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse().ok());
    let commits: u64 = numbers.next().unwrap_or(50_000);
    let callers: u64 = numbers.next().unwrap_or(64);
    let folder = tempfile::tempdir_in(".").unwrap();
    let url = format!("sqlite://{}", folder.path().join("bench.db").display());
    let store = toban::store::open(&url, &toban::store::OpenOptions::default())
        .await
        .unwrap();
    let next = Arc::new(AtomicU64::new(0));
    let started = monotonic();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (store, next) = (store.clone(), next.clone());
            tokio::spawn(async move {
                let mut waits = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= commits {
                        return waits;
                    }
                    let changes = intake(SystemIds, n);
                    let sent = monotonic();
                    store.commit(changes).await.unwrap();
                    waits.push(monotonic() - sent);
                }
            })
        })
        .collect();
    let mut waits: Vec<Duration> = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let took = monotonic() - started;
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "{commits} durable commits by {callers} callers: {:.0}/s, p50 {:?}, p99 {:?}",
        commits as f64 / took.as_secs_f64(),
        at(0.5),
        at(0.99)
    );
    store.close().await;
}
