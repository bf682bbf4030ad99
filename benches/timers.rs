//! A million timers that are not due, and five thousand that fall due at once.
//!
//! `cargo bench --bench timers -- [PENDING] [DUE] [AT_ONCE]` fills file databases with timers of inquiries far away (1,000, a tenth
//! of PENDING, PENDING), and prints of each: how long a look takes when nothing is due; how many timers a second are
//! leased and finished when DUE bare ones fall due at one instant; and the same through the engine, where each belongs
//! to an open inquiry of its own and its tick commits. A timer counts as done when the pass that it was in has ended,
//! so lateness is told rather too high than too low.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use futures_util::{StreamExt, stream};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use toban::app::ports::TimerKind;
use toban::clock::monotonic;
use toban::testkit::world::{STORY, World, tokyo, usual};
use toban::time::{SignedDuration, ms, plus};
use tokio::time::Instant;

const OWN: [TimerKind; 3] = [TimerKind::Inquiry, TimerKind::Handoff, TimerKind::Opening];
const POLLS: [TimerKind; 1] = [TimerKind::Poll];
const BEGIN: &str = "2026-11-24 10:00";
/// As many timers as a pass of the engine leases.
const BATCH: u32 = 256;
const LEASE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse().ok());
    let pending: u64 = numbers.next().unwrap_or(1_000_000);
    let due: u64 = numbers.next().unwrap_or(5_000);
    let at_once = numbers.next().map_or(64, |n| n as usize);
    for pending in [1_000, pending / 10, pending] {
        println!("== {pending} timers not due");
        let folder = tempfile::tempdir_in(".").unwrap();
        let file = folder.path().join("timers.db");
        let url = format!("sqlite://{}", file.display());
        // The world takes its folder with it.
        let world = World::on(&url, STORY, BEGIN, folder.path().to_owned()).await;
        receive(&world, due).await;
        fill(
            &url,
            "far",
            pending,
            ms(plus(tokyo(BEGIN), SignedDuration::from_hours(24 * 365))),
        )
        .await;
        look(&world).await;
        bare(&world, &url, due, at_once).await;
        engine(&world, due, at_once).await;
        println!(
            "   memory {} resident, {} at most; database {} MiB",
            memory("VmRSS"),
            memory("VmHWM"),
            std::fs::metadata(&file).unwrap().len() >> 20
        );
        world.app.store.close().await;
    }
}

/// Writes timers of inquiries, a millisecond apart, as the store's schema has them.
async fn fill(url: &str, name: &str, count: u64, from_ms: i64) {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let sql = format!(
        "pragma busy_timeout = 10000; \
         with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < {count}) \
         insert into timers (kind, subject, due_at_ms) \
         select 'inquiry', '{name}-' || lower(hex(randomblob(16))), {from_ms} + i from n"
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}

/// Takes in open inquiries at one instant, so that their deadlines fall together.
async fn receive(world: &World, count: u64) {
    stream::iter(0..count)
        .for_each_concurrent(64, |n| async move {
            let received = world
                .app
                .receive(usual(&format!("BENCH-{n}")), "bench")
                .await;
            assert!(received.unwrap().is_new);
        })
        .await;
}

/// What a loop pays for each look when nothing is due.
async fn look(world: &World) {
    let (store, now) = (&world.app.store, tokyo(BEGIN));
    let mut looks = Vec::new();
    let mut nexts = Vec::new();
    for n in 0..400 {
        let kinds: &[TimerKind] = if n % 2 == 0 { &OWN } else { &POLLS };
        let begun = monotonic();
        let leased = store.lease_timers(kinds, now, "bench", LEASE, BATCH).await;
        assert!(leased.unwrap().is_empty());
        looks.push(begun.elapsed());
        let begun = monotonic();
        store.next_timer(kinds).await.unwrap();
        nexts.push(begun.elapsed());
    }
    println!("   a look when nothing is due: {}", shares(looks));
    println!("   when the next is due:       {}", shares(nexts));
}

/// Timers that fall due at once and belong to nothing: leasing and finishing alone.
async fn bare(world: &World, url: &str, count: u64, at_once: usize) {
    let at = tokyo(BEGIN);
    fill(url, "bare", count, ms(at) - i64::try_from(count).unwrap()).await;
    let store = &world.app.store;
    let later = plus(at, SignedDuration::from_hours(24 * 400));
    let begun = monotonic();
    let mut late = Vec::new();
    loop {
        let leased = store
            .lease_timers(&OWN, at, "bench", LEASE, BATCH)
            .await
            .unwrap();
        if leased.is_empty() {
            break;
        }
        let done = leased.len();
        stream::iter(leased)
            .for_each_concurrent(at_once, |lease| async move {
                assert!(store.finish_timer(&lease, Some(later)).await.unwrap());
            })
            .await;
        late.extend(std::iter::repeat_n(begun.elapsed(), done));
    }
    assert_eq!(late.len() as u64, count);
    fired("bare timers", begun, late);
}

/// The engine's own passes over the deadlines of open inquiries, each with a tick that commits.
async fn engine(world: &World, count: u64, at_once: usize) {
    let mut engine = world.engine.clone();
    engine.at_once = at_once;
    let due = world.app.store.next_timer(&OWN).await.unwrap().unwrap();
    world.clock.set(due);
    let begun = monotonic();
    let mut late = Vec::new();
    loop {
        let done = engine.timers_pass(&OWN).await.unwrap();
        if done == 0 {
            break;
        }
        late.extend(std::iter::repeat_n(begun.elapsed(), done));
    }
    assert!(
        late.len() as u64 >= count,
        "{} of {count} fired",
        late.len()
    );
    fired("ticks of inquiries", begun, late);
}

fn fired(what: &str, begun: Instant, late: Vec<Duration>) {
    let rate = late.len() as f64 / begun.elapsed().as_secs_f64();
    println!(
        "   {} {what} at once: {rate:.0}/s, late by {}",
        late.len(),
        shares(late)
    );
}

fn shares(mut all: Vec<Duration>) -> String {
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
    format!("p50 {:.1?}, p99 {:.1?}", at(0.5), at(0.99))
}

fn memory(field: &str) -> String {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.map_or("?".to_owned(), |kib| format!("{} MiB", kib >> 10))
}
