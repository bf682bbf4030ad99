//! How many inquiries a second the simulator replays, both columns together, from a file database.
//!
//! `cargo bench --bench simulate -- [INQUIRIES]` writes ledgers of inquiries that were claimed, answered late and resolved,
//! with the reminders that a running desk gave, and then tries the policy that they had.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use futures_util::{StreamExt, stream};
use toban::app::ports::Changes;
use toban::app::simulate::Trial;
use toban::clock::{SystemIds, monotonic};
use toban::domain::inquiry::{Actor, Command, Entry, Event, Inquiry, Resolution, decide, evolve};
use toban::domain::sla::{Policy, next_after};
use toban::testkit::inquiry::received;
use toban::testkit::world::{World, tokyo};
use toban::time::{SignedDuration, Timestamp, plus};

/// A ledger as a desk that runs writes it.
struct Ledger<'a> {
    policy: &'a Policy,
    state: Inquiry,
    entries: Vec<Entry>,
}

impl Ledger<'_> {
    fn record(&mut self, by: &Actor, events: Vec<Event>, at: Timestamp) {
        for event in events {
            let entry = Entry {
                inquiry: self.state.id.clone(),
                seq: self.state.seq + 1,
                at,
                actor: by.clone(),
                via: "bench".to_owned(),
                event,
            };
            self.state = evolve(Some(self.state.clone()), &entry);
            self.entries.push(entry);
        }
    }

    fn act(&mut self, command: Command, from: Timestamp, minutes: i64) -> Timestamp {
        let at = plus(from, SignedDuration::from_mins(minutes));
        let mut now = from;
        while let Some(next) = next_after(&self.state, self.policy, now).filter(|next| *next <= at)
        {
            now = next;
            let by = Actor::System;
            let events = decide(&self.state, self.policy, &by, Command::Tick, now).unwrap();
            self.record(&by, events, now);
        }
        let by = Actor::Member("aoki".into());
        let events = decide(&self.state, self.policy, &by, command, at).unwrap();
        self.record(&by, events, at);
        at
    }
}

fn changes(world: &World, n: i64) -> Changes {
    let id = SystemIds.id();
    let at = plus(
        tokyo("2026-06-01 09:00"),
        SignedDuration::from_mins(n % 150_000),
    );
    let setup = &world.app.setup;
    let queue = setup.queue(&"support".into());
    let policy = &setup.policies[&queue.policy];
    let mut changes = received(&id, &format!("BENCH-{n}"), at);
    if let Event::Received { policy, .. } = &mut changes.entries[0].event {
        *policy = queue.policy.clone();
    }
    let mut ledger = Ledger {
        policy,
        state: evolve(None, &changes.entries[0]),
        entries: changes.entries,
    };
    let reply = Command::Reply {
        text: "r".into(),
        is_question: false,
        has_way_back: true,
    };
    let resolve = Command::Resolve(Resolution {
        category: Some(policy.categories[0].clone()),
        cause: Some("c".into()),
        workaround: Some("w".into()),
        ..Resolution::empty()
    });
    let at = ledger.act(Command::Claim, at, 20 + n % 90);
    let at = ledger.act(reply, at, 100 + n % 700);
    ledger.act(resolve, at, 2_000 + n % 3_000);
    changes.inquiry = ledger.state;
    changes.entries = ledger.entries;
    changes.deadline = None;
    changes.outbox.clear();
    changes.cards.clear();
    changes
}

#[tokio::main]
async fn main() {
    let count: i64 = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(20_000);
    let world = World::at("2026-11-24 10:00").await;
    stream::iter(0..count)
        .for_each_concurrent(64, |n| {
            let (changes, store) = (changes(&world, n), world.app.store.clone());
            async move {
                store.commit(changes).await.unwrap();
            }
        })
        .await;
    let setup = &world.app.setup;
    let policies = setup.queues.values().map(|queue| {
        let policy = setup.policies[&queue.policy].clone();
        (queue.id.clone(), (queue.policy.clone(), policy))
    });
    let trial = Trial {
        from: tokyo("2026-06-01 00:00"),
        until: tokyo("2026-11-01 00:00"),
        dates: ("2026-06-01".parse().unwrap(), "2026-11-01".parse().unwrap()),
        now: tokyo("2026-11-24 10:00"),
        queue: None,
        policies: Some(policies.collect()),
        roster: None,
    };
    let begun = monotonic();
    let told = world.app.simulate(&trial, &mut |_, _| {}).await.unwrap();
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(told.inquiries, count.unsigned_abs());
    assert!(told.mismatched.is_empty());
    println!(
        "{count} inquiries, {} reminders, replayed twice each in {took:.1} s: {:.0} inquiries/s",
        told.recorded.reminders,
        count as f64 / took
    );
}
