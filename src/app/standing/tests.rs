#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::World;
use crate::time::Timestamp;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

const NOW: i64 = 100;

/// How a polled source is at minute 100, next asked at that minute.
fn check(next: Option<i64>, change: impl FnOnce(&mut SourceState), expected: Standing) {
    let mut state = SourceState {
        last_ok_at: Some(at(99)),
        ..SourceState::default()
    };
    change(&mut state);
    let row = SourceRow {
        source: "t".into(),
        state,
        delivered_at: None,
        refused_at: None,
        refusal: None,
    };
    let found = standing(Comes::Fetched, Some(&row), next.map(at), at(NOW));
    assert_eq!(found, expected);
}

#[test]
fn a_polled_source_is_what_is_kept_of_it() {
    check(Some(101), |_| {}, Standing::Ok);
    check(Some(101), |s| s.last_ok_at = None, Standing::NeverPolled);
    check(Some(96), |_| {}, Standing::Ok);
    check(Some(90), |_| {}, Standing::Late { due_at: at(90) });
    let why = || "503".to_owned();
    check(
        Some(101),
        |s| s.last_error = Some(why()),
        Standing::Held { why: why() },
    );
    let failing = |s: &mut SourceState| {
        s.failures = 2;
        s.failing_since = Some(at(97));
        s.last_error = Some(why());
    };
    let expected = Standing::Failing {
        failures: 2,
        since: Some(at(97)),
        why: why(),
    };
    // Its trouble comes before its being late.
    check(Some(10), failing, expected);
    let out = |s: &mut SourceState| {
        failing(s);
        s.failures = 7;
        s.opened_at = Some(at(98));
    };
    let expected = Standing::Out {
        failures: 7,
        since: at(97),
        why: why(),
    };
    check(Some(101), out, expected);
}

#[test]
fn what_is_not_polled_is_told_of_its_deliveries() {
    let row = |delivered_at| SourceRow {
        source: "t".into(),
        state: SourceState::default(),
        delivered_at,
        refused_at: None,
        refusal: None,
    };
    let of = |comes, row: Option<&SourceRow>| standing(comes, row, None, at(NOW));
    assert_eq!(of(Comes::Filed, None), Standing::Filed);
    assert_eq!(of(Comes::Delivered, None), Standing::NeverDelivered);
    assert_eq!(
        of(Comes::Delivered, Some(&row(None))),
        Standing::NeverDelivered
    );
    assert_eq!(
        of(Comes::Delivered, Some(&row(Some(at(1))))),
        Standing::Delivered
    );
    assert_eq!(of(Comes::Fetched, None), Standing::NeverPolled);
    assert_eq!(of(Comes::Both, None), Standing::NeverPolled);
}

#[tokio::test]
async fn a_view_counts_what_came_what_waits_and_what_is_dead() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("T-1", |_| {}).await;
    world.receive("T-2", |_| {}).await;
    let crm: SourceId = "crm".into();
    let why = HookError::Unmappable {
        field: "title".to_owned(),
        why: crate::app::ports::Unfit::Blank,
    };
    world.app.keep_unreadable(&crm, &why, b"{}").await.unwrap();
    world.app.note_delivery(&crm, None).await.unwrap();
    // A source that went out of the configuration is told of all the same.
    let gone: SourceId = "gone".into();
    let failed = SourceState {
        opened_at: Some(world.app.clock.now()),
        ..SourceState::default()
    };
    world
        .app
        .store
        .commit_page(&gone, &failed, Vec::new())
        .await
        .unwrap();
    world.back.fail(Some(DeliveryError::Rejected {
        why: "it answered 403".to_owned(),
    }));
    world.says("aoki", "claim Q-1").await;
    let views = world.app.source_views().await.unwrap();
    let view = views.iter().find(|view| view.id == crm).unwrap();
    assert_eq!((view.received_24h, view.unreadable), (2, 1));
    assert_eq!(view.standing, Standing::Delivered);
    assert_eq!((view.write_backs.dead, view.write_backs.waiting), (1, 0));
    assert!(view.write_backs.why.as_deref().unwrap().contains("403"));
    let off = views.iter().find(|view| view.id == gone).unwrap();
    assert_eq!((off.is_enabled, &off.standing), (false, &Standing::Off));
    assert_eq!(
        world.app.sources_out().await.unwrap(),
        Vec::<SourceId>::new()
    );
    world.until("2026-11-25 10:01").await;
    let views = world.app.source_views().await.unwrap();
    let view = views.iter().find(|view| view.id == crm).unwrap();
    assert_eq!(view.received_24h, 0);
    world.app.store.close().await;
}

#[tokio::test]
async fn deliveries_are_noted_once_a_minute() {
    let world = World::at("2026-11-24 10:00").await;
    let crm: SourceId = "crm".into();
    let noted = async |wall: &str, refusal: Option<&str>| {
        world.until(wall).await;
        world.app.note_delivery(&crm, refusal).await.unwrap();
        let rows = world.app.store.sources_known().await.unwrap();
        let row = rows.into_iter().find(|row| row.source == crm).unwrap();
        (row.delivered_at, row.refused_at, row.refusal)
    };
    let ten = world.app.clock.now();
    assert_eq!(
        noted("2026-11-24 10:00", None).await,
        (Some(ten), None, None)
    );
    let row = noted("2026-11-24 10:00", Some("no signature")).await;
    assert_eq!(row, (Some(ten), Some(ten), Some("no signature".to_owned())));
    let after = |seconds| plus(ten, SignedDuration::from_secs(seconds));
    world.clock.set(after(58));
    let refused = async |why: &str| {
        world.app.note_delivery(&crm, Some(why)).await.unwrap();
        let rows = world.app.store.sources_known().await.unwrap();
        let row = rows.into_iter().find(|row| row.source == crm).unwrap();
        (row.refused_at, row.refusal.unwrap())
    };
    // Another reason is told at once; how old a delivery was makes none of it.
    let stale = "the delivery is 900 s old";
    assert_eq!(refused(stale).await, (Some(after(58)), stale.to_owned()));
    world.clock.set(after(59));
    let again = refused("the delivery is 901 s old").await;
    assert_eq!(again, (Some(after(58)), stale.to_owned()));
    world.app.note_delivery(&crm, None).await.unwrap();
    let row = noted("2026-11-24 10:01", None).await;
    assert_eq!(row.0, Some(plus(ten, SignedDuration::from_mins(1))));
    world.end().await;
}
