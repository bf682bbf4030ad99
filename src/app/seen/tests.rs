#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::{tokyo, usual};
use proptest::prelude::*;

/// A document of a revision and a content, and whether it was fetched.
type Document = (Option<&'static str>, &'static str, bool);

/// What the last of the documents is, when those before it were taken in unless they were older.
fn check(documents: &[Document], expected: News) {
    let mut seen = Seen::default();
    let mut news = News::New;
    for (revision, content, is_fetched) in documents {
        news = seen.judge(*revision, content, *is_fetched);
        if news != News::Older {
            seen = Seen::read(Some(&seen.after(*revision, content).write()));
        }
    }
    assert_eq!(news, expected, "{documents:?}");
}

const fn hook(revision: &'static str, content: &'static str) -> Document {
    (Some(revision), content, false)
}

const fn poll(revision: &'static str, content: &'static str) -> Document {
    (Some(revision), content, true)
}

#[test]
fn a_revision_orders_documents() {
    check(&[hook("1", "a")], News::New);
    check(&[hook("1", "a"), hook("2", "b")], News::New);
    check(&[hook("2", "b"), hook("1", "a")], News::Older);
    check(&[hook("2", "b"), poll("1", "a")], News::Older);
    check(&[hook("9", "a"), hook("10", "b")], News::New);
    check(&[hook("10", "b"), hook("9", "a")], News::Older);
    check(
        &[hook("1", "a"), hook("3", "a"), hook("2", "b")],
        News::Older,
    );
}

#[test]
fn the_same_again_is_no_news() {
    check(&[hook("1", "a"), hook("1", "a")], News::Again);
    check(&[hook("1", "a"), poll("1", "a")], News::Again);
    check(&[(None, "a", false), (None, "a", false)], News::Again);
    check(&[hook("1", "a"), (None, "a", false)], News::Again);
}

#[test]
fn under_one_revision_the_later_content_is_taken_and_the_former_is_not_taken_back() {
    check(&[hook("1", "a"), hook("1", "b")], News::SameRevision);
    check(
        &[hook("1", "a"), hook("1", "b"), hook("1", "a")],
        News::Again,
    );
    check(&[hook("1", "a"), hook("1", "b"), hook("2", "a")], News::New);
    // What is fetched is what is there.
    check(&[hook("1", "a"), hook("1", "b"), poll("1", "a")], News::New);
}

#[test]
fn without_a_revision_the_order_of_arrival_rules() {
    let content = |content| (None, content, false);
    check(&[content("a"), content("b")], News::New);
    check(&[content("a"), content("b"), content("a")], News::New);
}

#[test]
fn what_is_kept_stays_small() {
    let mut seen = Seen::default();
    for n in 0..1_000 {
        seen = seen.after(Some("1"), &format!("{n:064}"));
    }
    assert_eq!(seen.contents.len(), CONTENTS);
    assert!(seen.contents.last().unwrap().ends_with("999"));
    assert_eq!(Seen::read(Some("nonsense")), Seen::default());
}

#[test]
fn every_word_of_a_document_and_of_what_is_known_of_its_source_is_in_its_mark() {
    let first = mark(&usual("A-1"), "ground");
    assert_eq!(first, mark(&usual("A-1"), "ground"));
    assert_ne!(first, mark(&usual("A-1"), "another"));
    let changes: [fn(&mut Mapped); 8] = [
        |mapped| mapped.title.push('!'),
        |mapped| mapped.is_closed = true,
        |mapped| mapped.is_deleted = true,
        |mapped| mapped.revision = Some("2".to_owned()),
        |mapped| mapped.owner = Some("aoki".to_owned()),
        |mapped| mapped.customer = None,
        |mapped| mapped.odd.push(("severity".to_owned(), "?".to_owned())),
        |mapped| {
            mapped.messages.push(MappedMessage {
                id: "1".to_owned(),
                by: Side::Team,
                at: crate::time::from_ms(0),
                text: "はい".to_owned(),
            });
        },
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = usual("A-1");
        change(&mut other);
        assert_ne!(first, mark(&other, "ground"), "change {n}");
    }
    // How it came is no matter of the item.
    let mut delivered = usual("A-1");
    delivered.delivery_id = Some("msg_1".to_owned());
    assert_eq!(first, mark(&delivered, "ground"));
}

/// Whether a document changed at `at` is outdated, and whether it is newer, where one changed at `known` was seen.
fn check_times(known: &str, at: &str, expected: (bool, bool)) {
    let wall = |time: &str| tokyo(&format!("2026-11-24 {time}"));
    let seen = Seen::default().after(Some("1"), "a");
    let seen = seen.changed(Some(wall(known)), wall("12:00"));
    let found = (
        seen.is_outdated(Some("1"), Some(wall(at))),
        seen.is_newer(Some("1"), Some(wall(at))),
    );
    assert_eq!(found, expected, "{known} was known, {at} came");
    // A revision that is newer is not held up by what times say.
    assert!(!seen.is_outdated(Some("2"), Some(wall(at))));
    assert!(seen.is_newer(Some("2"), Some(wall(at))));
}

#[test]
fn a_change_in_whole_seconds_may_be_anywhere_in_its_second() {
    check_times("10:00", "09:59", (true, false));
    check_times("10:00", "10:01", (false, true));
    check_times("10:00:00.700", "10:00:00", (false, false));
    check_times("10:00:00", "10:00:00.700", (false, false));
    check_times("10:00:00.700", "10:00:00.600", (true, false));
    check_times("10:00:00.600", "10:00:00.700", (false, true));
    check_times("10:00:00.700", "10:00:01", (false, true));
}

#[test]
fn a_change_that_is_still_to_come_counts_as_now() {
    check_times("23:00", "12:01", (false, true));
    check_times("23:00", "11:59", (true, false));
    // One that a build of before this one kept is made good by the next document.
    let ahead = Seen {
        changed_ms: Some(ms(tokyo("2099-01-01 00:00"))),
        ..Seen::default()
    };
    let now = tokyo("2026-11-24 12:00");
    assert_eq!(ahead.changed(None, now).changed_ms, Some(ms(now)));
}

proptest! {
    #[test]
    fn in_whatever_order_revisions_come_the_newest_is_the_last_that_is_news(
        order in Just((1u32..12).collect::<Vec<_>>()).prop_shuffle(),
        again in proptest::collection::vec(0usize..11, 0..8),
    ) {
        let mut seen = Seen::default();
        let mut last = 0;
        let documents = order.iter().copied().chain(again.iter().map(|place| order[*place]));
        for revision in documents {
            let (given, content) = (revision.to_string(), format!("c{revision}"));
            match seen.judge(Some(&given), &content, false) {
                News::New => {
                    prop_assert!(revision > last);
                    last = revision;
                    seen = seen.after(Some(&given), &content);
                }
                News::Again => prop_assert_eq!(revision, last),
                News::Older => prop_assert!(revision < last),
                News::SameRevision => prop_assert!(false, "each has one content"),
            }
        }
        prop_assert_eq!(last, 11);
    }
}
