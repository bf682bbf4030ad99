#![allow(clippy::unwrap_used)]

use crate::app::ports::{ListFilter, Mapped, Page, PollError, Poller, SourceState};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::{CloseReason, Stage, There};
use crate::testkit::world::{World, usual};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::sync::Mutex;

/// A source that answers what it is told to.
#[derive(Default)]
struct List {
    pages: Mutex<Vec<Result<Page, PollError>>>,
}

#[async_trait]
impl Poller for List {
    fn polled(&self) -> Vec<SourceId> {
        vec!["crm".into()]
    }

    fn next_poll(&self, _: &SourceId, _: &SourceState, now: Timestamp) -> Timestamp {
        now
    }

    async fn poll(&self, _: &SourceId, _: &SourceState, _: Timestamp) -> Result<Page, PollError> {
        self.pages.lock().unwrap().remove(0)
    }
}

fn page(items: Vec<Mapped>) -> Page {
    Page {
        items: items.into_iter().map(Ok).collect(),
        state: SourceState::default(),
        has_more: false,
        complete: Some(2),
        passed: Vec::new(),
        returned: Vec::new(),
    }
}

fn items(ids: &[&str]) -> Vec<Mapped> {
    ids.iter().map(|id| usual(id)).collect()
}

async fn sees(world: &World, pages: Vec<Result<Page, PollError>>) {
    let list = List {
        pages: Mutex::new(pages),
    };
    world.app.poll(&list, &"crm".into()).await.unwrap();
    world.settle().await;
}

async fn looks(world: &World, ids: &[&str]) {
    sees(world, vec![Ok(page(items(ids)))]).await;
}

async fn found(world: &World, id: &str) -> (There, Option<CloseReason>) {
    let stored = world.app.store.by_external(&"crm".into(), id).await;
    let inquiry = stored.unwrap().unwrap().inquiry;
    let closed = match &inquiry.stage {
        Stage::Closed { reason, .. } => Some(*reason),
        Stage::Active { .. } | Stage::Waiting { .. } | Stage::Resolved { .. } => None,
    };
    (inquiry.there(), closed)
}

const GONE: (There, Option<CloseReason>) = (There::Gone, Some(CloseReason::Gone));
const OPEN: (There, Option<CloseReason>) = (There::Open, None);

async fn begun() -> World {
    let world = World::at("2026-11-24 10:00").await;
    looks(&world, &["A", "B"]).await;
    world
}

#[tokio::test]
async fn what_two_looks_in_a_row_do_not_find_is_gone() {
    let world = begun().await;
    looks(&world, &["A"]).await;
    assert_eq!(found(&world, "B").await, OPEN);
    looks(&world, &["A"]).await;
    assert_eq!(found(&world, "B").await, GONE);
    assert_eq!(found(&world, "A").await, OPEN);
    // Its history says that it was closed, and not in the same breath that it was not.
    let stored = world.app.store.by_external(&"crm".into(), "B").await;
    let reference = stored.unwrap().unwrap().reference;
    let view = world.app.view(reference, crate::i18n::Lang::Ja).await;
    let timeline = view.unwrap().unwrap().timeline;
    let said: Vec<&str> = timeline.iter().map(|(_, line)| line.id.as_str()).collect();
    assert!(
        said.iter().all(|id| !id.starts_with("notice-gone")),
        "{said:?}"
    );
    assert!(said.iter().any(|id| id.contains("close")), "{said:?}");
    // Nothing more is looked for.
    looks(&world, &["A"]).await;
    let open = world.app.store.open_there(&"crm".into()).await.unwrap();
    assert_eq!(open.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn one_look_that_finds_it_begins_the_count_anew() {
    let world = begun().await;
    for ids in [&["A"][..], &["A", "B"], &["A"]] {
        looks(&world, ids).await;
    }
    assert_eq!(found(&world, "B").await, OPEN);
    looks(&world, &["A"]).await;
    assert_eq!(found(&world, "B").await, GONE);
    world.end().await;
}

#[tokio::test]
async fn what_is_in_the_list_and_not_taken_is_not_missing() {
    let world = begun().await;
    for _ in 0..3 {
        let mut passed = page(items(&["A"]));
        passed.passed = vec!["B".to_owned()];
        sees(&world, vec![Ok(passed)]).await;
    }
    assert_eq!(found(&world, "B").await, OPEN);
    world.end().await;
}

#[tokio::test]
async fn a_look_that_did_not_see_everything_says_nothing_of_what_is_missing() {
    let world = begun().await;
    let failed = || {
        Err(PollError::Unavailable {
            source_name: "crm".to_owned(),
            why: "503".to_owned(),
            retry_after: None,
        })
    };
    let cut_short = || {
        let mut first = page(items(&["A"]));
        first.has_more = true;
        vec![Ok(first), failed()]
    };
    let unread = || {
        let mut page = page(items(&["A"]));
        let why = crate::app::ports::HookError::Unmappable {
            field: "external_id".to_owned(),
            why: crate::app::ports::Unfit::Blank,
        };
        page.items.push(Err(("{}".to_owned(), why)));
        vec![Ok(page)]
    };
    let partial = || {
        let mut page = page(items(&["A"]));
        page.complete = None;
        vec![Ok(page)]
    };
    for _ in 0..3 {
        for pages in [vec![failed()], cut_short(), unread(), partial()] {
            sees(&world, pages).await;
        }
    }
    assert_eq!(found(&world, "B").await, OPEN);
    // Pages that were all seen are one look.
    for _ in 0..2 {
        let mut first = page(items(&["A"]));
        first.has_more = true;
        sees(&world, vec![Ok(first), Ok(page(items(&["C"])))]).await;
    }
    assert_eq!(found(&world, "B").await, GONE);
    assert_eq!(found(&world, "A").await, OPEN);
    world.end().await;
}

#[tokio::test]
async fn where_much_is_missing_at_once_the_operators_have_a_day() {
    let world = World::at("2026-11-24 10:00").await;
    let ids: Vec<String> = (0..20).map(|n| format!("A-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    looks(&world, &ids).await;
    world.heard();
    let open = async |world: &World| {
        let filter = ListFilter {
            is_open: Some(true),
            ..ListFilter::default()
        };
        world.app.store.count(&filter).await.unwrap()
    };
    looks(&world, &ids[..3]).await;
    let said = world.heard();
    assert!(said.contains("20件のうち17件"), "{said}");
    looks(&world, &ids[..3]).await;
    assert!(!world.heard().contains("17件"), "it is said once");
    world.until("2026-11-25 09:59").await;
    looks(&world, &ids[..3]).await;
    assert_eq!(open(&world).await, 20);
    world.until("2026-11-25 10:00").await;
    looks(&world, &ids[..3]).await;
    assert_eq!(open(&world).await, 3);
    world.end().await;
}

#[tokio::test]
async fn what_was_split_off_is_not_missed_with_its_item() {
    let world = World::at("2026-11-24 10:00").await;
    looks(&world, &["A-1", "A-2"]).await;
    world.says("aoki", "split Q-1 印刷").await;
    for _ in 0..3 {
        looks(&world, &["A-2"]).await;
    }
    assert_eq!(found(&world, "A-1").await, GONE);
    let child = world
        .app
        .store
        .by_reference(crate::app::ports::Reference(3));
    let child = child.await.unwrap().unwrap().inquiry;
    assert!(child.is_split() && child.is_open());
    assert_eq!(found(&world, &child.origin.external_id).await, OPEN);
    world.end().await;
}
