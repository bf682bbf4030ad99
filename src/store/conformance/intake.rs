//! Unreadable documents, and pages committed with their cursor.

use super::{Ground, both};
use crate::app::ports::{CommitError, HookError, NewOutbox, SourceState, Unfit, Unreadable};
use crate::domain::breaker::Breaker;
use crate::domain::ids::SourceId;
use crate::testkit::inquiry::{card_post, received, second};

both! {
    an_unreadable_document_is_kept_as_it_came
    unreadables_wait_first_newest_first
    a_replay_is_marked
    the_first_call_records_since
    a_state_is_replaced_but_for_its_since
    a_page_commits_with_its_cursor
    items_that_lose_or_break_do_not_keep_the_others
    a_page_after_a_reopen_goes_on_from_its_cursor
    all_that_is_known_of_a_source_is_kept
    deliveries_are_noted_beside_the_state
    what_came_of_sources_is_counted
    unreadables_are_had_by_source
    unreadables_are_kept_together_with_what_is_told_of_them
    what_was_replayed_and_comes_again_waits_again
    unreadables_wait_in_the_order_in_which_they_came
}

fn document(id: &str, at: i64) -> Unreadable {
    Unreadable {
        id: id.to_owned(),
        source: "hook".into(),
        at: second(at),
        why: "field \"title\": it is blank".to_owned(),
        reason: Some(HookError::Unmappable {
            field: "title".to_owned(),
            why: Unfit::Blank,
        }),
        body: "{\"題\": \"\\u0000 '\"}".to_owned(),
        replayed_at: None,
    }
}

fn redmine() -> SourceId {
    "redmine".into()
}

fn cursor(text: &str) -> SourceState {
    SourceState {
        since: None,
        cursor: Some(text.to_owned()),
        etag: Some("\"e\"".to_owned()),
        last_modified: Some("Mon, 05 Jan 2026 00:00:00 GMT".to_owned()),
        failures: 0,
        last_error: None,
        last_ok_at: Some(second(5)),
        ..SourceState::default()
    }
}

async fn an_unreadable_document_is_kept_as_it_came(ground: Ground) {
    ground
        .store
        .keep_unreadable(document("a", 1))
        .await
        .unwrap();
    let found = ground.store.unreadable("a").await.unwrap();
    assert_eq!(found, Some(document("a", 1)));
    assert_eq!(ground.store.unreadable("b").await.unwrap(), None);
}

async fn unreadables_wait_first_newest_first(ground: Ground) {
    for (id, at) in [("a", 1), ("b", 3), ("c", 2), ("d", 4)] {
        ground
            .store
            .keep_unreadable(document(id, at))
            .await
            .unwrap();
    }
    assert!(ground.store.replayed("d", second(9)).await.unwrap());
    let ids = async |limit| {
        let all = ground.store.unreadables(limit).await.unwrap();
        all.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(10).await, ["b", "c", "a", "d"]);
    assert_eq!(ids(2).await, ["b", "c"]);
}

async fn a_replay_is_marked(ground: Ground) {
    ground
        .store
        .keep_unreadable(document("a", 1))
        .await
        .unwrap();
    assert!(ground.store.replayed("a", second(9)).await.unwrap());
    assert!(!ground.store.replayed("b", second(9)).await.unwrap());
    let found = ground.store.unreadable("a").await.unwrap().unwrap();
    assert_eq!(found.replayed_at, Some(second(9)));
}

async fn the_first_call_records_since(ground: Ground) {
    let known = SourceState {
        since: Some(second(1)),
        ..SourceState::default()
    };
    for now in [1, 2] {
        let state = ground.store.source_state(&redmine(), second(now)).await;
        assert_eq!(state.unwrap(), known);
    }
}

async fn a_state_is_replaced_but_for_its_since(ground: Ground) {
    // A page without a `since` does not decide it.
    for text in ["c1", "c2"] {
        let page = ground
            .store
            .commit_page(&redmine(), &cursor(text), Vec::new())
            .await;
        assert!(page.unwrap().is_empty());
    }
    let state = ground
        .store
        .source_state(&redmine(), second(7))
        .await
        .unwrap();
    let since = Some(second(7));
    assert_eq!(
        state,
        SourceState {
            since,
            ..cursor("c2")
        }
    );
    let mut failed = cursor("c3");
    failed.since = Some(second(99));
    failed.failures = 3;
    failed.last_error = Some("503".to_owned());
    failed.etag = None;
    ground
        .store
        .commit_page(&redmine(), &failed, Vec::new())
        .await
        .unwrap();
    let state = ground
        .store
        .source_state(&redmine(), second(8))
        .await
        .unwrap();
    assert_eq!(state, SourceState { since, ..failed });
}

async fn a_page_commits_with_its_cursor(ground: Ground) {
    let items = (0..3).map(|n| received(&format!("i{n}"), &format!("T-{n}"), second(n)));
    let page = ground
        .store
        .commit_page(&redmine(), &cursor("c1"), items.collect())
        .await;
    let references: Vec<_> = page
        .unwrap()
        .into_iter()
        .map(|answer| answer.unwrap().reference.0)
        .collect();
    assert_eq!(references, [1, 2, 3]);
    let state = ground
        .store
        .source_state(&redmine(), second(9))
        .await
        .unwrap();
    assert_eq!(state.cursor.as_deref(), Some("c1"));
}

async fn items_that_lose_or_break_do_not_keep_the_others(ground: Ground) {
    ground.receive("known").await;
    let mut keyed = received("k", "T-k", second(0));
    keyed.command_key = Some("one".to_owned());
    ground.commit(keyed).await;

    let good = received("i1", "T-1", second(0));
    let known = received("i2", "known", second(0));
    let mut repeat = received("i3", "T-3", second(0));
    repeat.command_key = Some("one".to_owned());
    let mut broken = received("i4", "T-4", second(0));
    let twice = broken.texts[0].clone();
    broken.texts.push(twice);
    let mut gap = received("i5", "T-5", second(0));
    gap.entries[0].seq = 2;
    let last = received("i6", "T-6", second(0));
    let items = vec![good, known, repeat, broken, gap, last];
    let answers = ground
        .store
        .commit_page(&redmine(), &cursor("c1"), items)
        .await
        .unwrap();
    assert!(answers[0].is_ok());
    assert!(matches!(answers[1], Err(CommitError::Conflict)));
    assert!(matches!(answers[2], Err(CommitError::Repeated { .. })));
    assert!(matches!(answers[3], Err(CommitError::Store(_))));
    assert!(matches!(answers[4], Err(CommitError::Store(_))));
    assert!(answers[5].is_ok());
    for (id, is_there) in [
        ("i1", true),
        ("i2", false),
        ("i3", false),
        ("i4", false),
        ("i6", true),
    ] {
        let found = ground.store.inquiry(&id.into()).await.unwrap();
        assert_eq!(found.is_some(), is_there, "{id}");
    }
    let state = ground
        .store
        .source_state(&redmine(), second(9))
        .await
        .unwrap();
    assert_eq!(state.cursor, None, "it does not pass what is not in");
    // What was in before is in.
    let mut repeat = received("i7", "T-7", second(0));
    repeat.command_key = Some("one".to_owned());
    let again = vec![repeat, received("i8", "T-8", second(0))];
    let answers = ground
        .store
        .commit_page(&redmine(), &cursor("c1"), again)
        .await
        .unwrap();
    assert!(matches!(answers[0], Err(CommitError::Repeated { .. })));
    let state = ground
        .store
        .source_state(&redmine(), second(9))
        .await
        .unwrap();
    assert_eq!(state.cursor.as_deref(), Some("c1"));
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

async fn a_page_after_a_reopen_goes_on_from_its_cursor(ground: Ground) {
    ground
        .store
        .commit_page(&redmine(), &cursor("c1"), Vec::new())
        .await
        .unwrap();
    let ground = ground.reopen().await;
    let state = ground
        .store
        .source_state(&redmine(), second(9))
        .await
        .unwrap();
    assert_eq!(state.cursor.as_deref(), Some("c1"));
}

async fn all_that_is_known_of_a_source_is_kept(ground: Ground) {
    let failing = SourceState {
        since: Some(second(1)),
        failures: 7,
        last_error: Some("503".to_owned()),
        polled_at: Some(second(20)),
        failing_since: Some(second(11)),
        opened_at: Some(second(15)),
        rest_until: Some(second(40)),
        last_item_at: Some(second(9)),
        skew_ms: Some(-180_000),
        skewed_since: Some(second(8)),
        asked: Some("question".to_owned()),
        held: Breaker {
            failures: 4,
            failing_since: Some(second(12)),
            opened_at: Some(second(16)),
        },
        ..cursor("c1")
    };
    let kept = ground
        .store
        .commit_page(&redmine(), &failing, Vec::new())
        .await;
    kept.unwrap();
    let known = ground.store.sources_known().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!((&known[0].source, &known[0].state), (&redmine(), &failing));
    let state = ground.store.source_state(&redmine(), second(30)).await;
    assert_eq!(state.unwrap(), failing);
    // What is over is gone.
    let well = SourceState {
        since: Some(second(1)),
        ..cursor("c2")
    };
    let kept = ground
        .store
        .commit_page(&redmine(), &well, Vec::new())
        .await;
    kept.unwrap();
    assert_eq!(ground.store.sources_known().await.unwrap()[0].state, well);
}

async fn deliveries_are_noted_beside_the_state(ground: Ground) {
    let hook: SourceId = "hook".into();
    let store = &ground.store;
    store.note_delivery(&hook, second(3), None).await.unwrap();
    store
        .note_delivery(&hook, second(4), Some("no signature"))
        .await
        .unwrap();
    store.note_delivery(&hook, second(5), None).await.unwrap();
    let row = &store.sources_known().await.unwrap()[0];
    assert_eq!(
        (row.delivered_at, row.refused_at),
        (Some(second(5)), Some(second(4)))
    );
    assert_eq!(row.refusal.as_deref(), Some("no signature"));
    // Neither makes a first contact, nor does a state take them away.
    assert_eq!(row.state, SourceState::default());
    let state = store.source_state(&hook, second(9)).await.unwrap();
    assert_eq!(state.since, Some(second(9)));
    store
        .commit_page(&hook, &cursor("c"), Vec::new())
        .await
        .unwrap();
    assert_eq!(
        store.sources_known().await.unwrap()[0].delivered_at,
        Some(second(5))
    );
}

async fn what_came_of_sources_is_counted(ground: Ground) {
    ground.commit(received("a", "T-1", second(10))).await;
    ground.commit(received("b", "T-2", second(20))).await;
    ground.commit(received("c", "T-3", second(30))).await;
    for (id, at) in [("u1", 1), ("u2", 2), ("u3", 3)] {
        ground
            .store
            .keep_unreadable(document(id, at))
            .await
            .unwrap();
    }
    ground.store.replayed("u2", second(9)).await.unwrap();
    let tallies = ground.store.source_tallies(second(20)).await.unwrap();
    let of = ground
        .store
        .inquiry(&"a".into())
        .await
        .unwrap()
        .unwrap()
        .inquiry
        .origin
        .source;
    assert_eq!(
        (tallies[&of].received, tallies[&of].last_received_at),
        (2, Some(second(30)))
    );
    let unread: u64 = tallies.values().map(|tally| tally.unreadable).sum();
    assert_eq!((unread, tallies[&"hook".into()].unreadable), (2, 2));
    let later = ground.store.source_tallies(second(31)).await.unwrap();
    assert!(later.values().all(|tally| tally.received == 0));
}

async fn unreadables_are_had_by_source(ground: Ground) {
    for (id, at) in [("a", 1), ("b", 3), ("c", 2)] {
        ground
            .store
            .keep_unreadable(document(id, at))
            .await
            .unwrap();
    }
    let mut other = document("d", 9);
    other.source = "other".into();
    ground.store.keep_unreadable(other).await.unwrap();
    ground.store.replayed("b", second(9)).await.unwrap();
    let ids = async |source: &str, limit| {
        let all = ground
            .store
            .unreadables_of(&source.into(), limit)
            .await
            .unwrap();
        all.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("hook", 9).await, ["c", "a", "b"]);
    assert_eq!(ids("hook", 1).await, ["c"]);
    assert_eq!(ids("other", 9).await, ["d"]);
    assert_eq!(ids("nobody", 9).await, Vec::<String>::new());
}

fn notice() -> NewOutbox {
    NewOutbox {
        inquiry: None,
        key: "unreadable".to_owned(),
        ..card_post("none", second(1))
    }
}

async fn unreadables_are_kept_together_with_what_is_told_of_them(ground: Ground) {
    let all: Vec<Unreadable> = (0..600).map(|n| document(&format!("d{n}"), n)).collect();
    let twice = all.iter().chain(&all[..3]).cloned().collect();
    let told = notice();
    for _ in 0..2 {
        let documents = Vec::clone(&twice);
        let kept = ground.store.keep_unreadables(documents, vec![told.clone()]);
        kept.await.unwrap();
    }
    let ids: Vec<String> = all.iter().map(|one| one.id.clone()).collect();
    let asked = [&ids[..], &["nothing".to_owned()]].concat();
    let known = ground.store.unreadables_known(&asked).await.unwrap();
    assert_eq!(known.len(), 600);
    assert!(known.values().all(Option::is_none));
    let waits = ground.store.outbox(&["queued"], 10).await.unwrap();
    assert_eq!(waits.len(), 1, "{waits:?}");
}

async fn what_was_replayed_and_comes_again_waits_again(ground: Ground) {
    let store = &ground.store;
    store.keep_unreadable(document("a", 1)).await.unwrap();
    store.replayed("a", second(9)).await.unwrap();
    let known = store.unreadables_known(&["a".to_owned()]).await.unwrap();
    assert_eq!(known["a"], Some(second(9)));
    let mut again = document("a", 20);
    again.why = "field \"id\": it is blank".to_owned();
    store.keep_unreadable(again.clone()).await.unwrap();
    assert_eq!(store.unreadable("a").await.unwrap(), Some(again.clone()));
    // One that waits stays as it is.
    store.keep_unreadable(document("a", 30)).await.unwrap();
    assert_eq!(store.unreadable("a").await.unwrap(), Some(again));
}

async fn unreadables_wait_in_the_order_in_which_they_came(ground: Ground) {
    let store = &ground.store;
    for (id, at) in [("c", 1), ("b", 2), ("d", 2), ("a", 3), ("e", 0)] {
        store.keep_unreadable(document(id, at)).await.unwrap();
    }
    let mut other = document("x", 1);
    other.source = "other".into();
    store.keep_unreadable(other).await.unwrap();
    store.replayed("e", second(9)).await.unwrap();
    let mut after = None;
    let mut ids = Vec::new();
    loop {
        let some = store.unreadables_waiting(&"hook".into(), after, 2).await;
        let some = some.unwrap();
        let Some(last) = some.last() else { break };
        after = Some((last.at, last.id.clone()));
        ids.extend(some.into_iter().map(|one| one.id));
    }
    assert_eq!(ids, ["c", "b", "d", "a"]);
}
