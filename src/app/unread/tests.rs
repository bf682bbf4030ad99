#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Unfit;
use crate::testkit::world::World;

fn crm() -> SourceId {
    "crm".into()
}

fn blank() -> HookError {
    HookError::Unmappable {
        field: "title".to_owned(),
        why: Unfit::Blank,
    }
}

fn rows(count: usize) -> Vec<(String, HookError)> {
    let row = |n| (format!("{{\"id\":{n}}}"), blank());
    (0..count).map(row).collect()
}

async fn said(world: &World) -> Vec<String> {
    world.settle().await;
    let posts = world.chat.posts().into_iter();
    posts.map(|post| post.text).collect()
}

#[tokio::test]
async fn one_that_waits_is_told_once_and_one_that_was_replayed_again() {
    let world = World::at("2026-11-24 10:00").await;
    let app = &world.app;
    let keep = async || app.keep_unreadable(&crm(), &blank(), b"{\"id\":1}").await;
    let id = keep().await.unwrap();
    assert_eq!(keep().await.unwrap(), id);
    assert_eq!(said(&world).await.len(), 1);
    app.store.replayed(&id, app.clock.now()).await.unwrap();
    keep().await.unwrap();
    keep().await.unwrap();
    assert_eq!(said(&world).await.len(), 2);
    let kept = app.store.unreadable(&id).await.unwrap().unwrap();
    assert_eq!(kept.replayed_at, None);
}

#[tokio::test]
async fn a_few_of_a_page_are_told_one_by_one_and_many_together() {
    let world = World::at("2026-11-24 10:00").await;
    let app = &world.app;
    app.keep_unreadables(&crm(), rows(3)).await.unwrap();
    assert_eq!(said(&world).await.len(), 3);
    app.keep_unreadables(&crm(), rows(1000)).await.unwrap();
    let all = said(&world).await;
    assert_eq!(all.len(), 4, "{all:?}");
    let last = all.last().unwrap();
    for part in ["997", "{\"id\":3}", "toban source replay crm --all"] {
        assert!(last.contains(part), "{part} in {last}");
    }
    let waits = app.store.unreadables_waiting(&crm(), None, 2000).await;
    assert_eq!(waits.unwrap().len(), 1000);
    app.keep_unreadables(&crm(), rows(1000)).await.unwrap();
    assert_eq!(said(&world).await.len(), 4);
}

#[test]
fn what_came_beside_an_item_is_not_told() {
    assert_eq!(
        beginning(r#"{"check":{"user":1},"id":7,"detail":[]}"#),
        r#"{"id":7}"#
    );
    assert_eq!(beginning("{\"id\": 7}\nmore"), "{\"id\": 7}");
    assert_eq!(beginning(&"題".repeat(200)).chars().count(), BEGINNING);
}
