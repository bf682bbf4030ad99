#![allow(clippy::unwrap_used)]
//! What a look and a firing cost, in steps of SQLite's machine: the same however many timers are not due.

use super::*;
use crate::store::conformance::Ground;
use crate::testkit::inquiry::second;
use sqlx::{AssertSqlSafe, Connection, Row, SqlSafeStr, Sqlite, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const OWN: [TimerKind; 3] = [TimerKind::Inquiry, TimerKind::Handoff, TimerKind::Opening];
const POLLS: [TimerKind; 1] = [TimerKind::Poll];

/// Everything that the timers loops ask, with arguments at which nothing is due, and what of it is one firing.
fn asked() -> Vec<(&'static str, SqlStr, Args<Sqlite>)> {
    let due = |kinds: &[TimerKind]| of_kinds::<Sqlite>(kinds).at(second(0)).int(1);
    let lease = |kinds: &[TimerKind]| due(kinds).int(256).text("here").int(2);
    let subject = |args: Args<Sqlite>| args.text("inquiry").text("t500").int(0).at(second(1_500));
    vec![
        ("a look", peek(&OWN), due(&OWN)),
        ("a look for polls", peek(&POLLS), due(&POLLS)),
        ("a lease", lease_due::<Sqlite>(&OWN), lease(&OWN)),
        (
            "a lease of polls",
            lease_due::<Sqlite>(&POLLS),
            lease(&POLLS),
        ),
        ("the next", next(&OWN), of_kinds(&OWN).int(1)),
        ("the next poll", next(&POLLS), of_kinds(&POLLS).int(1)),
        (
            "a finish",
            FINISH.into_sql_str(),
            subject(Args::new().at(second(9_000))),
        ),
        (
            "a last finish",
            FINISH_LAST.into_sql_str(),
            subject(Args::new()),
        ),
    ]
}

/// A database with so many timers of inquiries that are not due, and one poll that is later than all of them.
async fn pending(count: u64) -> (Ground, SqliteConnection) {
    let ground = Ground::sqlite().await;
    let fill = format!(
        "with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < {count}) \
         insert into timers (kind, subject, due_at_ms) select 'inquiry', 't' || i, {} + i * 1000 from n; \
         insert into timers (kind, subject, due_at_ms) values ('poll', 'crm', {})",
        ms(second(1_000)),
        ms(second(10_000_000)),
    );
    ground.harm(&fill).await;
    let conn = SqliteConnection::connect(&ground.url).await.unwrap();
    (ground, conn)
}

/// How many steps each statement takes.
async fn steps(conn: &mut SqliteConnection) -> Vec<(&'static str, u64)> {
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    conn.lock_handle()
        .await
        .unwrap()
        .set_progress_handler(1, move || {
            counted.fetch_add(1, Ordering::Relaxed);
            true
        });
    // The first statement reads the schema too.
    sqlx::query("select 1 from timers limit 1")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    let mut all = Vec::new();
    for (name, sql, args) in asked() {
        let mut tx = conn.begin().await.unwrap();
        let before = count.load(Ordering::Relaxed);
        Sqlite::all(&mut tx, sql, args.done()).await.unwrap();
        all.push((name, count.load(Ordering::Relaxed) - before));
        tx.rollback().await.unwrap();
    }
    all
}

#[tokio::test]
async fn no_look_and_no_firing_walks_over_what_is_not_due() {
    let (_few, mut conn) = pending(1_000).await;
    let few = steps(&mut conn).await;
    let (_many, mut conn) = pending(50_000).await;
    let many = steps(&mut conn).await;
    for ((name, few), (_, many)) in few.into_iter().zip(many) {
        assert!(few > 0, "{name} was not counted");
        // A search of an index is one step, whatever its depth.
        assert!(
            many <= few + 20,
            "{name}: {few} steps among 1,000, {many} among 50,000"
        );
        assert!(many < 400, "{name}: {many} steps");
    }
}

#[tokio::test]
async fn every_question_has_an_index_and_sorts_nothing() {
    let (_ground, mut conn) = pending(1_000).await;
    for (name, sql, args) in asked() {
        let sql = AssertSqlSafe(format!("explain query plan {}", sql.as_str())).into_sql_str();
        let rows = Sqlite::all(&mut conn, sql, args.done()).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        for step in &plan {
            // The rows that were picked are at most a batch.
            let is_walk = step.starts_with("SCAN") && step != "SCAN picked";
            assert!(
                !is_walk && !step.contains("TEMP B-TREE"),
                "{name}: {plan:?}"
            );
        }
        if name.contains("poll") {
            assert!(
                plan.iter().any(|step| step.contains("timers_standing")),
                "{name}: {plan:?}"
            );
        }
    }
}
