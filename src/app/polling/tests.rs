#![allow(clippy::unwrap_used)]

use crate::app::ports::*;
use crate::domain::breaker::Breaker;
use crate::domain::ids::SourceId;
use crate::testkit::world::{World, tokyo, usual};
use crate::time::{SignedDuration, Timestamp, plus};
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

/// A source that answers what it was told to, in turn, and then nothing new.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Result<Page, PollError>>>,
    asked: Mutex<Vec<SourceState>>,
}

fn crm() -> SourceId {
    "crm".into()
}

fn down(why: &str) -> Result<Page, PollError> {
    Err(PollError::Unavailable {
        source_name: "crm".to_owned(),
        why: why.to_owned(),
        retry_after: None,
    })
}

fn page(items: &[&str]) -> Result<Page, PollError> {
    let items = items.iter().map(|id| {
        let mut mapped = usual(id);
        mapped.changed_at = Some(tokyo("2026-11-24 10:00"));
        Ok(mapped)
    });
    Ok(Page {
        items: items.collect(),
        state: SourceState::default(),
        has_more: false,
        complete: None,
        passed: Vec::new(),
        returned: Vec::new(),
    })
}

fn with_more(page: Result<Page, PollError>) -> Result<Page, PollError> {
    page.map(|page| Page {
        has_more: true,
        ..page
    })
}

impl Scripted {
    fn says(&self, answers: impl IntoIterator<Item = Result<Page, PollError>>) {
        self.answers.lock().unwrap().extend(answers);
    }
}

#[async_trait]
impl Poller for Scripted {
    fn polled(&self) -> Vec<SourceId> {
        vec![crm()]
    }

    fn next_poll(&self, _source: &SourceId, state: &SourceState, now: Timestamp) -> Timestamp {
        let wait = SignedDuration::from_mins(1 + i64::from(state.failures));
        plus(now, wait)
    }

    fn breaker(&self, _source: &SourceId) -> u32 {
        3
    }

    async fn poll(
        &self,
        _source: &SourceId,
        state: &SourceState,
        _now: Timestamp,
    ) -> Result<Page, PollError> {
        self.asked.lock().unwrap().push(state.clone());
        let next = self.answers.lock().unwrap().pop_front();
        // A page keeps what was known of the source, as a real one does.
        next.unwrap_or_else(|| page(&[])).map(|page| Page {
            state: SourceState {
                skew_ms: page.state.skew_ms,
                last_error: page.state.last_error.clone(),
                cursor: page.state.cursor.clone().or_else(|| state.cursor.clone()),
                is_further_page: false,
                ..state.clone()
            },
            ..page
        })
    }
}

/// Polls at these wall times and answers what people heard.
async fn polled(world: &World, poller: &Scripted, walls: &[&str]) -> String {
    for wall in walls {
        world.until(wall).await;
        world.app.poll(poller, &crm()).await.unwrap();
        world.settle().await;
    }
    world.heard()
}

async fn state(world: &World) -> SourceState {
    world
        .app
        .store
        .source_state(&crm(), world.app.clock.now())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_outage_is_told_once_and_its_end_once() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says([down("no answer in time"), down("no answer in time")]);
    let heard = polled(&world, &poller, &["2026-11-24 10:01", "2026-11-24 10:03"]).await;
    assert_eq!(heard, "", "two failures are nobody's business");
    poller.says([
        down("it answered 503"),
        down("it answered 503"),
        down("it answered 503"),
    ]);
    let walls = ["2026-11-24 10:06", "2026-11-24 10:10", "2026-11-24 10:25"];
    let mut heard = polled(&world, &poller, &walls).await;
    assert_eq!(
        state(&world).await.opened_at,
        Some(tokyo("2026-11-24 10:06"))
    );
    poller.says([page(&["T-1", "T-2"]), down("once more")]);
    heard += "\n";
    heard += &polled(&world, &poller, &["2026-11-24 10:40"]).await;
    let after = state(&world).await;
    assert_eq!(
        (after.failures, after.opened_at, after.failing_since),
        (0, None, None)
    );
    assert_eq!(after.last_item_at, Some(tokyo("2026-11-24 10:40")));
    // What was last changed before the source was connected is looked at and left: no news.
    let old = page(&["T-8", "T-9"]).map(|mut page| {
        for item in page.items.iter_mut().flatten() {
            item.changed_at = Some(tokyo("2020-01-06 10:00"));
        }
        page
    });
    let before = world.heard();
    let later = world.app.clock.now() + crate::time::SignedDuration::from_secs(30);
    world.clock.set(later);
    poller.answers.lock().unwrap().push_front(old);
    world.app.poll(&poller, &crm()).await.unwrap();
    assert_eq!(state(&world).await.last_item_at, after.last_item_at);
    assert_eq!(world.heard(), before);
    // A failure after it is the first of a new count.
    assert_eq!(polled(&world, &poller, &["2026-11-24 10:41"]).await, "");
    assert_eq!(state(&world).await.failures, 1);
    insta::assert_snapshot!(heard);
    world.end().await;
}

#[tokio::test]
async fn a_restart_in_an_outage_tells_it_no_second_time() {
    let mut world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says((0..4).map(|_| down("gone")));
    let walls = ["2026-11-24 10:01", "2026-11-24 10:02", "2026-11-24 10:03"];
    let told = polled(&world, &poller, &walls).await;
    assert_eq!(told.matches("gone").count(), 1, "{told}");
    world = world.restarted(crate::testkit::world::STORY).await;
    world.heard();
    assert_eq!(polled(&world, &poller, &["2026-11-24 10:10"]).await, "");
    assert_eq!(state(&world).await.failures, 4);
    // And it closes as one that this process never saw open.
    let told = polled(&world, &poller, &["2026-11-24 10:31"]).await;
    assert!(
        told.contains("復旧しました（30分ぶり、新規・更新0件）"),
        "{told}"
    );
    world.end().await;
}

#[tokio::test]
async fn pages_of_one_poll_are_said_to_be_further_ones() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says([
        with_more(page(&["T-1"])),
        with_more(page(&["T-2"])),
        page(&["T-3"]),
    ]);
    polled(&world, &poller, &["2026-11-24 10:01", "2026-11-24 10:02"]).await;
    let further: Vec<bool> = {
        let asked = poller.asked.lock().unwrap();
        asked.iter().map(|state| state.is_further_page).collect()
    };
    assert_eq!(further, [false, true, true, false]);
    world.end().await;
}

#[tokio::test]
async fn an_answer_then_a_failure_in_one_poll_ends_the_outage_first() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says((0..3).map(|_| down("gone")));
    poller.says([with_more(page(&["T-1"])), down("gone")]);
    let walls = [
        "2026-11-24 10:01",
        "2026-11-24 10:02",
        "2026-11-24 10:03",
        "2026-11-24 10:05",
    ];
    let told = polled(&world, &poller, &walls).await;
    assert!(told.contains("復旧しました"), "{told}");
    let state = state(&world).await;
    assert_eq!((state.failures, state.opened_at), (1, None));
    assert_eq!(state.failing_since, Some(tokyo("2026-11-24 10:05")));
    world.end().await;
}

#[tokio::test]
async fn a_nudge_does_not_break_a_rest_and_a_person_does() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    let later = tokyo("2026-11-24 11:00");
    let store = world.app.store.clone();
    let due = async || store.timers(TimerKind::Poll).await.unwrap();
    let set = async || {
        store
            .set_timer(TimerKind::Poll, "crm", later)
            .await
            .unwrap();
    };
    set().await;
    world.app.poll_soon(&crm()).await.unwrap();
    assert_eq!(due().await, [("crm".to_owned(), tokyo("2026-11-24 10:00"))]);
    // It asked to be left alone.
    poller.says([Err(PollError::Unavailable {
        source_name: "crm".to_owned(),
        why: "it answered 429".to_owned(),
        retry_after: Some(Duration::from_secs(600)),
    })]);
    world.app.poll(&poller, &crm()).await.unwrap();
    assert_eq!(
        state(&world).await.rest_until,
        Some(tokyo("2026-11-24 10:10"))
    );
    set().await;
    world.app.poll_soon(&crm()).await.unwrap();
    assert_eq!(due().await[0].1, later);
    // It is out.
    poller.says((0..2).map(|_| down("gone")));
    polled(&world, &poller, &["2026-11-24 10:15", "2026-11-24 10:20"]).await;
    set().await;
    world.app.poll_soon(&crm()).await.unwrap();
    assert_eq!(due().await[0].1, later);
    world.app.poll_now(&crm()).await.unwrap();
    assert_eq!(due().await[0].1, tokyo("2026-11-24 10:20"));
    world.end().await;
}

#[tokio::test]
async fn a_clock_too_far_off_is_told_once_until_it_is_well_again() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    let skewed = |ms: i64| {
        page(&[]).map(|page| Page {
            state: SourceState {
                skew_ms: Some(ms),
                ..SourceState::default()
            },
            ..page
        })
    };
    poller.says([30_000, 600_000, 610_000, 0, -180_000].map(skewed));
    let first = polled(&world, &poller, &["2026-11-24 10:01"]).await;
    assert_eq!(first, "");
    let told = polled(&world, &poller, &["2026-11-24 10:02", "2026-11-24 10:03"]).await;
    assert_eq!(
        told.matches("の時計が10分進んでいます").count(),
        1,
        "{told}"
    );
    let told = polled(&world, &poller, &["2026-11-24 10:04", "2026-11-24 10:05"]).await;
    assert_eq!(told.matches("の時計が3分遅れています").count(), 1, "{told}");
    world.end().await;
}

#[tokio::test]
async fn stamps_of_the_future_count_as_now() {
    let world = World::at("2026-11-24 10:00").await;
    let future = tokyo("2026-11-24 12:30");
    let received = world
        .receive("T-1", |mapped| {
            mapped.changed_at = Some(future);
            mapped.escalated_at = Some(future);
        })
        .await;
    assert!(received.is_new);
    let stored = async || {
        let found = world.app.store.by_external(&crm(), "T-1").await.unwrap();
        found.unwrap().inquiry
    };
    // Nothing runs later for it than from the receipt on.
    assert!(
        stored()
            .await
            .runs
            .iter()
            .all(|run| run.started_at <= tokyo("2026-11-24 10:00"))
    );
    world.says("aoki", "claim Q-1").await;
    world.until("2026-11-24 10:05").await;
    // A message of the future is no later than its receipt either.
    world
        .receive("T-1", |mapped| {
            mapped.changed_at = Some(future);
            mapped.messages = vec![MappedMessage {
                id: "m1".to_owned(),
                by: Side::Requester,
                at: future,
                text: "まだですか".to_owned(),
            }];
        })
        .await;
    let now = tokyo("2026-11-24 10:05");
    assert!(
        stored().await.runs.iter().all(|run| run.started_at <= now),
        "{:?}",
        stored().await.runs
    );
    world
        .receive("T-1", |mapped| {
            mapped.changed_at = Some(future);
            mapped.is_closed = true;
        })
        .await;
    assert!(!stored().await.is_open());
    world.end().await;
}

#[tokio::test]
async fn an_item_in_several_rows_is_one_item_and_no_news_at_the_next_look() {
    let world = World::at("2026-11-24 10:00").await;
    let row = |title: &str, said: &str| {
        let mut mapped = usual("A-1");
        mapped.title = title.to_owned();
        mapped.messages = vec![MappedMessage {
            id: said.to_owned(),
            by: Side::Team,
            at: tokyo("2026-11-24 10:00"),
            text: said.to_owned(),
        }];
        Ok(mapped)
    };
    let mut ledgers = Vec::new();
    for _ in 0..3 {
        let Ok(Page { state, .. }) = page(&[]) else {
            unreachable!("it is a page");
        };
        let joined = Page {
            items: vec![row("明細1", "一"), row("明細2", "二")],
            state,
            has_more: false,
            complete: None,
            passed: Vec::new(),
            returned: Vec::new(),
        };
        let source = Scripted::default();
        source.answers.lock().unwrap().push_back(Ok(joined));
        world.app.poll(&source, &crm()).await.unwrap();
        let stored = world.app.store.by_external(&crm(), "A-1").await;
        let inquiry = stored.unwrap().unwrap().inquiry;
        let title = world
            .app
            .store
            .texts(std::slice::from_ref(&inquiry.facts.title))
            .await;
        assert_eq!(title.unwrap()[&inquiry.facts.title], "明細2");
        ledgers.push(inquiry.seq);
    }
    let all = world.app.store.by_external(&crm(), "A-1").await.unwrap();
    let ledger = world
        .app
        .store
        .ledger(&all.unwrap().inquiry.id)
        .await
        .unwrap();
    let said = ledger
        .iter()
        .filter(|entry| entry.event.kind() == "replied_elsewhere");
    assert_eq!(
        (said.count(), ledgers[1], ledgers[2]),
        (2, ledgers[0], ledgers[0])
    );
    world.end().await;
}

/// A page whose cursor stays, for this reason.
fn stays(why: &str) -> Result<Page, PollError> {
    page(&[]).map(|page| Page {
        state: SourceState {
            last_error: Some(why.to_owned()),
            ..SourceState::default()
        },
        ..page
    })
}

#[tokio::test]
async fn a_source_that_does_not_get_on_is_told_once_and_its_end_once() {
    let mut world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    let why = "details of 2 items: a detail answered 500";
    poller.says((0..5).map(|_| stays(why)));
    let walls = ["2026-11-24 10:01", "2026-11-24 10:02"];
    assert_eq!(polled(&world, &poller, &walls).await, "");
    let told = polled(&world, &poller, &["2026-11-24 10:03"]).await;
    assert_eq!(
        told.matches("取得で問題が続いています").count(),
        1,
        "{told}"
    );
    assert!(told.contains(why) && told.contains("3回連続"), "{told}");
    world = world.restarted(crate::testkit::world::STORY).await;
    world.heard();
    let walls = ["2026-11-24 10:04", "2026-11-24 10:05"];
    assert_eq!(polled(&world, &poller, &walls).await, "");
    assert_eq!(state(&world).await.held.failures, 5);
    let told = polled(&world, &poller, &["2026-11-24 10:31", "2026-11-24 10:32"]).await;
    assert_eq!(told.matches("正常に戻りました").count(), 1, "{told}");
    assert!(told.contains("30分"), "{told}");
    assert_eq!(state(&world).await.held, Breaker::default());
    world.end().await;
}

#[tokio::test]
async fn a_cursor_that_stays_for_a_poll_or_two_is_nobodys_business() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says([stays("x"), stays("x"), page(&[]), stays("x"), stays("x")]);
    let walls = ["10:01", "10:02", "10:03", "10:04", "10:05", "10:06"];
    let walls = walls.map(|time| format!("2026-11-24 {time}"));
    let walls: Vec<&str> = walls.iter().map(String::as_str).collect();
    assert_eq!(polled(&world, &poller, &walls).await, "");
    world.end().await;
}

/// Does to a world's database what toban never would.
async fn harm(world: &World, sql: &'static str) {
    use sqlx::{Connection, SqliteConnection};
    let mut conn = SqliteConnection::connect(&world.url()).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A page of new items, and the cursor behind them.
fn page_to(cursor: &str, items: &[&str]) -> Result<Page, PollError> {
    page(items).map(|page| Page {
        state: SourceState {
            cursor: Some(cursor.to_owned()),
            ..SourceState::default()
        },
        ..page
    })
}

async fn is_in(world: &World, item: &str) -> bool {
    let found = world.app.store.by_external(&crm(), item).await;
    found.unwrap().is_some()
}

#[tokio::test]
async fn the_cursor_does_not_pass_an_item_that_could_not_be_written() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says([page_to("c1", &["T-1"])]);
    polled(&world, &poller, &["2026-11-24 10:01"]).await;
    harm(
        &world,
        "create trigger broken before insert on inquiries when new.external_id = 'T-3' \
         begin select raise(abort, 'T-3 is broken'); end",
    )
    .await;
    poller.says((0..3).map(|_| page_to("c2", &["T-2", "T-3", "T-4"])));
    let walls = ["2026-11-24 10:02", "2026-11-24 10:03", "2026-11-24 10:04"];
    let told = polled(&world, &poller, &walls).await;
    assert!(is_in(&world, "T-2").await && is_in(&world, "T-4").await);
    let held = state(&world).await;
    assert_eq!((held.cursor.as_deref(), held.failures), (Some("c1"), 3));
    assert_eq!(told.matches("T-3 is broken").count(), 1, "{told}");
    harm(&world, "drop trigger broken").await;
    poller.says([page_to("c2", &["T-2", "T-3", "T-4"])]);
    polled(&world, &poller, &["2026-11-24 10:05"]).await;
    assert!(is_in(&world, "T-3").await);
    let well = state(&world).await;
    assert_eq!((well.cursor.as_deref(), well.failures), (Some("c2"), 0));
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_taken_in_counts_as_a_failure_and_is_told() {
    let world = World::at("2026-11-24 10:00").await;
    let poller = Scripted::default();
    poller.says([page_to("c1", &["T-1"])]);
    polled(&world, &poller, &["2026-11-24 10:01"]).await;
    harm(
        &world,
        "create table aside as select id, doc from inquiries; \
         update inquiries set doc = 'x', source_mark = null",
    )
    .await;
    poller.says((0..3).map(|_| page_to("c2", &["T-1", "T-2"])));
    let walls = ["2026-11-24 10:02", "2026-11-24 10:03", "2026-11-24 10:04"];
    let told = polled(&world, &poller, &walls).await;
    let out = state(&world).await;
    assert_eq!((out.cursor.as_deref(), out.failures), (Some("c1"), 3));
    assert_eq!(out.opened_at, Some(tokyo("2026-11-24 10:04")));
    let why = out.last_error.unwrap();
    assert!(why.contains("could not be taken in"), "{why}");
    assert_eq!(told.matches("could not be taken in").count(), 1, "{told}");
    harm(
        &world,
        "update inquiries set doc = (select doc from aside where aside.id = inquiries.id); \
         drop table aside",
    )
    .await;
    poller.says([page_to("c2", &["T-1", "T-2"])]);
    let told = polled(&world, &poller, &["2026-11-24 10:05"]).await;
    assert!(told.contains("復旧しました"), "{told}");
    assert!(is_in(&world, "T-2").await);
    world.end().await;
}
