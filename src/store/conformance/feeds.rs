//! Calendars of others: the last good copy of each.

use super::{Ground, both};
use crate::app::ports::FeedRow;
use crate::testkit::inquiry::second;

both! {
    a_copy_is_kept_whole
    a_later_copy_replaces_the_one_before
}

fn row(url: &str, body: &str, at: i64) -> FeedRow {
    FeedRow {
        url: url.to_owned(),
        body: body.to_owned(),
        etag: Some("\"v1\"".to_owned()),
        last_modified: None,
        fetched_at: second(at),
        checked_at: second(at + 1),
        problem: None,
    }
}

async fn a_copy_is_kept_whole(ground: Ground) {
    let store = &ground.store;
    let url = "https://example.com/日本の祝日.ics";
    assert_eq!(store.feed(url).await.unwrap(), None);
    // As long as one may be, with words of any kind.
    let body = "SUMMARY:海の日\\, 祝日\r\n".repeat(40_000);
    let kept = FeedRow {
        last_modified: Some("Mon, 20 Jul 2026 00:00:00 GMT".to_owned()),
        problem: Some("答えがない".to_owned()),
        ..row(url, &body, 5)
    };
    store.keep_feed(kept.clone()).await.unwrap();
    assert_eq!(store.feed(url).await.unwrap(), Some(kept));
}

async fn a_later_copy_replaces_the_one_before(ground: Ground) {
    let store = &ground.store;
    store.keep_feed(row("a", "old", 1)).await.unwrap();
    store.keep_feed(row("b", "other", 2)).await.unwrap();
    let new = FeedRow {
        etag: None,
        ..row("a", "new", 3)
    };
    store.keep_feed(new.clone()).await.unwrap();
    assert_eq!(store.feed("a").await.unwrap(), Some(new));
    assert_eq!(store.feed("b").await.unwrap(), Some(row("b", "other", 2)));
}
