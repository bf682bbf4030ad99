#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::{World, usual};

/// What the desk makes of a field after a change of the usual document.
async fn check(
    field: MapField,
    change: impl FnOnce(&mut Mapped),
    expected: Option<(&str, MadeOf)>,
) {
    let world = World::at("2026-11-24 10:00").await;
    let mut mapped = usual("T-1");
    change(&mut mapped);
    let would = world.app.would(&mapped).unwrap();
    let found = would
        .made
        .get(&field)
        .map(|made| (made.value.as_str(), made.why.clone()));
    assert_eq!(found, expected, "{field:?}");
    world.end().await;
}

#[tokio::test]
async fn each_field_says_why() {
    let unknown = |given: &str| MadeOf::Unknown(given.to_owned());
    check(MapField::Severity, |_| {}, Some(("S2", MadeOf::Given))).await;
    check(
        MapField::Severity,
        |m| m.severity = Some("P0".to_owned()),
        Some(("S3", unknown("P0"))),
    )
    .await;
    check(
        MapField::Severity,
        |m| m.severity = None,
        Some(("S3", MadeOf::Default)),
    )
    .await;
    check(
        MapField::Severity,
        |m| {
            m.severity = None;
            m.odd = vec![("severity".to_owned(), "{1: 2}".to_owned())];
        },
        Some(("S3", unknown("{1: 2}"))),
    )
    .await;
    check(MapField::Owner, |_| {}, None).await;
    check(
        MapField::Owner,
        |m| m.owner = Some("青木".to_owned()),
        Some(("青木", MadeOf::Member("aoki".into()))),
    )
    .await;
    check(
        MapField::Owner,
        |m| m.owner = Some("誰か".to_owned()),
        Some(("誰か", MadeOf::Stranger)),
    )
    .await;
}

#[tokio::test]
async fn the_queue_is_the_one_that_taking_it_in_gives() {
    let world = World::at("2026-11-24 10:00").await;
    let mapped = usual("T-1");
    let would = world.app.would(&mapped).unwrap();
    world.receive("T-1", |_| {}).await;
    let stored = world
        .app
        .store
        .by_external(&mapped.source, "T-1")
        .await
        .unwrap();
    assert_eq!(stored.unwrap().inquiry.queue, would.queue);
    let mut stranger = usual("T-2");
    stranger.source = "nobody".into();
    assert_eq!(world.app.would(&stranger), None);
    world.end().await;
}
