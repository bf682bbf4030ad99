#![allow(clippy::unwrap_used)]

use crate::app::ports::{Mapped, MappedMessage, Side};
use crate::testkit::postgres::{FreshDb, fresh_database};
use crate::testkit::world::{STORY, World, tokyo};

/// A desk on a PostgreSQL that breaks a deadlock once, at an opening under an external id like this.
async fn deadlocking(like: &str) -> (World, FreshDb) {
    let database = fresh_database("deadlocking").await;
    let folder = tempfile::tempdir().unwrap().path().join("nothing");
    let world = World::on(&database.url, STORY, "2026-11-24 10:00", folder).await;
    // A sequence keeps count across what is rolled back.
    for sql in [
        "create sequence openings".to_owned(),
        format!(
            "create function deadlock() returns trigger language plpgsql as $$ begin \
             if new.external_id like '{like}' and nextval('openings') = 1 then \
             raise exception 'deadlock detected' using errcode = '40P01'; end if; return new; end $$"
        ),
        "create trigger deadlock before insert on inquiries for each row execute function deadlock()"
            .to_owned(),
    ] {
        database.texts(&sql).await;
    }
    (world, database)
}

#[tokio::test]
async fn a_new_item_whose_deadlock_was_broken_is_opened_all_the_same() {
    let (world, _database) = deadlocking("A-1").await;
    let received = world.receive("A-1", |_| {}).await;
    assert!(received.is_new, "{received:?}");
    let again = world.receive("A-1", |_| {}).await;
    assert!(!again.is_new && again.inquiry == received.inquiry);
    world.end().await;
}

#[tokio::test]
async fn a_follow_up_whose_deadlock_was_broken_leaves_out_no_number() {
    let (world, _database) = deadlocking("A-1~%").await;
    world.receive("A-1", |_| {}).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "close Q-1 duplicate").await;
    world.until("2027-03-01 10:00").await;
    let message = MappedMessage {
        id: "m1".to_owned(),
        by: Side::Requester,
        at: tokyo("2027-03-01 09:59"),
        text: "また届きません".to_owned(),
    };
    let more = world.receive("A-1", |mapped| mapped.messages = vec![message]);
    assert!(more.await.is_changed);
    let next = world.app.store.by_external(&"crm".into(), "A-1~2").await;
    assert!(next.unwrap().is_some());
    world.end().await;
}

#[tokio::test]
async fn what_is_filed_by_a_clock_that_is_behind_is_no_backlog() {
    let filed = |at: &'static str| move |mapped: &mut Mapped| mapped.changed_at = Some(tokyo(at));
    for (skew_ms, is_skipped) in [(None, true), (Some(600_000), true), (Some(-600_000), false)] {
        let world = World::at("2026-11-24 10:00").await;
        let source = "crm".into();
        let store = &world.app.store;
        // The first contact, and what its clock was found to say then.
        let first = world.receive("A-0", filed("2026-11-24 09:00")).await;
        assert!(first.is_skipped);
        let mut state = store
            .source_state(&source, tokyo("2026-11-24 10:00"))
            .await
            .unwrap();
        state.skew_ms = skew_ms;
        store
            .commit_page(&source, &state, Vec::new())
            .await
            .unwrap();
        world.until("2026-11-24 10:05").await;
        let new = world.receive("A-1", filed("2026-11-24 09:54")).await;
        assert_eq!(new.is_skipped, is_skipped, "{skew_ms:?}");
        let old = world.receive("A-2", filed("2026-11-24 09:49")).await;
        assert!(old.is_skipped, "{skew_ms:?}");
        world.end().await;
    }
}
