//! What is kept of items beside their inquiries, many at once.

use super::{Ground, both};
use crate::app::ports::{Changes, CommitError, Missing, SeenMark, SeenWrite, SourceState};
use crate::domain::inquiry::{CloseReason, Event, There};
use crate::testkit::inquiry::{claimed, happened, received, second};

both! {
    a_mark_is_found_until_anything_else_happens
    what_is_kept_is_compared_before_it_is_written
    a_mark_of_a_version_that_has_moved_on_is_refused
    many_items_are_known_at_once
    a_large_page_comes_in_whole_and_a_known_item_leaves_no_gap
    what_is_not_open_there_is_not_looked_for
    what_is_missing_is_counted_until_it_is_found
}

fn write(expected: Option<&str>, seen: Option<&str>, mark: Option<&str>) -> SeenWrite {
    SeenWrite {
        expected: expected.map(str::to_owned),
        seen: seen.map(str::to_owned),
        mark: mark.map(str::to_owned),
    }
}

fn seen_as(mut changes: Changes, write: SeenWrite) -> Changes {
    changes.seen = Some(write);
    changes
}

fn marking(id: &str, version: u64, write: SeenWrite) -> SeenMark {
    SeenMark {
        inquiry: id.into(),
        version,
        write,
    }
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// The mark of item `T-1` and what is kept of it.
async fn kept(ground: &Ground) -> (Option<String>, Option<String>) {
    let source = "hook".into();
    let marks = ground.store.marks(&source, &ids(&["T-1"])).await.unwrap();
    let known = ground.store.known(&source, &ids(&["T-1"])).await.unwrap();
    (
        marks.get("T-1").cloned(),
        known.get("T-1").and_then(|known| known.seen.clone()),
    )
}

fn of(mark: Option<&str>, seen: Option<&str>) -> (Option<String>, Option<String>) {
    (mark.map(str::to_owned), seen.map(str::to_owned))
}

async fn a_mark_is_found_until_anything_else_happens(ground: Ground) {
    let first = received("a", "T-1", second(0));
    let inquiry = first.inquiry.clone();
    ground
        .commit(seen_as(first, write(None, Some("r1"), Some("m1"))))
        .await;
    assert_eq!(kept(&ground).await, of(Some("m1"), Some("r1")));
    // Another source has items of its own.
    let other = ground.store.marks(&"mute".into(), &ids(&["T-1"])).await;
    assert!(other.unwrap().is_empty());
    ground.commit(claimed(&inquiry, "aoki", second(1))).await;
    assert_eq!(kept(&ground).await, of(None, Some("r1")));
}

async fn what_is_kept_is_compared_before_it_is_written(ground: Ground) {
    let first = received("a", "T-1", second(0));
    let inquiry = first.inquiry.clone();
    ground.commit(first).await;
    assert_eq!(kept(&ground).await, of(None, None));
    let marks = vec![marking("a", 1, write(None, Some("r3"), Some("m3")))];
    assert_eq!(ground.store.mark_seen(marks).await.unwrap(), [true]);
    // Decided before that was seen.
    let stale = claimed(&inquiry, "aoki", second(1));
    let stale = seen_as(stale, write(None, Some("r2"), None));
    let answer = ground.store.commit(stale).await;
    assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
    assert_eq!(kept(&ground).await, of(Some("m3"), Some("r3")));
    let fresh = claimed(&inquiry, "aoki", second(1));
    let fresh = seen_as(fresh, write(Some("r3"), Some("r4"), Some("m4")));
    ground.commit(fresh).await;
    assert_eq!(kept(&ground).await, of(Some("m4"), Some("r4")));
}

async fn a_mark_of_a_version_that_has_moved_on_is_refused(ground: Ground) {
    let first = ground.receive("T-1").await;
    let moved = claimed(&first.inquiry, "aoki", second(1));
    ground.commit(moved).await;
    let marks = vec![
        marking("T-1", 1, write(None, Some("r"), Some("m"))),
        marking("T-1", 2, write(Some("other"), Some("r"), Some("m"))),
        marking("T-1", 2, write(None, Some("r"), Some("m"))),
        marking("nobody", 1, write(None, Some("r"), Some("m"))),
    ];
    let kept = ground.store.mark_seen(marks).await.unwrap();
    assert_eq!(kept, [false, false, true, false]);
}

async fn many_items_are_known_at_once(ground: Ground) {
    let all: Vec<String> = (0..1_203).map(|n| format!("T-{n}")).collect();
    for n in [0, 500, 1_202] {
        let item = received(&format!("i{n}"), &all[n], second(0));
        ground
            .commit(seen_as(item, write(None, None, Some("m"))))
            .await;
    }
    let source = "hook".into();
    let known = ground.store.known(&source, &all).await.unwrap();
    assert_eq!(known.len(), 3);
    let stored = &known["T-500"].stored;
    assert_eq!(*stored, ground.stored("i500").await);
    assert_eq!(ground.store.marks(&source, &all).await.unwrap().len(), 3);
    assert!(ground.store.marks(&source, &[]).await.unwrap().is_empty());
    assert!(ground.store.known(&source, &[]).await.unwrap().is_empty());
}

async fn a_large_page_comes_in_whole_and_a_known_item_leaves_no_gap(ground: Ground) {
    ground.commit(received("known", "T-150", second(0))).await;
    let items = (0..300).map(|n| {
        let item = received(&format!("i{n}"), &format!("T-{n}"), second(n));
        seen_as(item, write(None, Some("r"), Some("m")))
    });
    // One that comes twice in its page, and one that cannot be written.
    let mut items: Vec<Changes> = items.collect();
    items.push(received("again", "T-7", second(0)));
    let mut broken = received("broken", "T-broken", second(0));
    let twice = broken.texts[0].clone();
    broken.texts.push(twice);
    items.push(broken);
    items.push(received("last", "T-last", second(0)));
    let source = "hook".into();
    let state = SourceState::default();
    let answers = ground.store.commit_page(&source, &state, items).await;
    let answers = answers.unwrap();
    assert_eq!(answers.len(), 303);
    for (n, answer) in answers.iter().enumerate() {
        match n {
            150 | 300 => assert!(
                matches!(answer, Err(CommitError::Conflict)),
                "{n}: {answer:?}"
            ),
            301 => assert!(matches!(answer, Err(CommitError::Store(_))), "{answer:?}"),
            _ => assert!(answer.is_ok(), "{n}: {answer:?}"),
        }
    }
    let references: Vec<i64> = answers
        .iter()
        .flatten()
        .map(|committed| committed.reference.0)
        .collect();
    // The known one leaves no gap; those that went with what cannot be written may, on PostgreSQL.
    let whole = if ground.is_sqlite() { 300 } else { 255 };
    assert_eq!(references[..whole], (2..).take(whole).collect::<Vec<i64>>());
    assert!(references.is_sorted());
    assert_eq!(references.len(), 300);
    let stored = ground.stored("i299").await;
    assert_eq!(stored.inquiry.origin.external_id, "T-299");
    let all: Vec<String> = (0..300).map(|n| format!("T-{n}")).collect();
    assert_eq!(ground.store.marks(&source, &all).await.unwrap().len(), 299);
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

async fn what_is_not_open_there_is_not_looked_for(ground: Ground) {
    for (id, there) in [
        ("a", None),
        ("b", Some(There::Closed)),
        ("c", Some(There::Gone)),
        ("d", Some(There::Open)),
    ] {
        let stored = ground.receive(id).await;
        let Some(there) = there else { continue };
        let found = Event::FoundThere {
            there,
            is_late: false,
        };
        let changes = happened(&stored.inquiry, vec![found], second(1));
        ground.commit(changes).await;
    }
    // Ended here, but open there: it is still looked for.
    let ended = ground.receive("e").await;
    let closed = Event::Closed {
        reason: CloseReason::Duplicate,
        note: None,
        is_unanswered: false,
    };
    ground
        .commit(happened(&ended.inquiry, vec![closed], second(1)))
        .await;
    let open = ground.store.open_there(&"hook".into()).await.unwrap();
    let open: Vec<&str> = open.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(open, ["a", "d", "e"]);
    assert!(
        ground
            .store
            .open_there(&"mute".into())
            .await
            .unwrap()
            .is_empty()
    );
}

async fn what_is_missing_is_counted_until_it_is_found(ground: Ground) {
    let source = "hook".into();
    let look = async |missing: &[&str], at| {
        let missing = ids(missing);
        let noted = ground.store.note_missing(&source, &missing, second(at));
        noted.await.unwrap()
    };
    let missing = |id: &str, looks, since| Missing {
        external_id: id.to_owned(),
        looks,
        since: second(since),
    };
    assert_eq!(look(&[], 0).await, []);
    assert_eq!(
        look(&["b", "a"], 1).await,
        [missing("a", 1, 1), missing("b", 1, 1)]
    );
    assert_eq!(
        look(&["b", "c"], 2).await,
        [missing("b", 2, 1), missing("c", 1, 2)]
    );
    let (mute, b) = ("mute".into(), ids(&["b"]));
    let other = ground.store.note_missing(&mute, &b, second(3)).await;
    assert_eq!(other.unwrap(), [missing("b", 1, 3)]);
    assert_eq!(look(&[], 4).await, []);
    assert_eq!(look(&["b"], 5).await, [missing("b", 1, 5)]);
}
