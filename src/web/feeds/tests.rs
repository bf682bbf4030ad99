#![allow(clippy::unwrap_used)]
//! The format of a feed, and what is answered to whoever asks again. Another program reads real ones in `tests/it/edges`.

use super::*;
use crate::app::ports::FeedRevision;
use crate::time::from_ms;

fn feed(summary: &str) -> Feed {
    Feed {
        name: "当番（サポート）".to_owned(),
        shifts: vec![FedShift {
            uid: "shift-1-ab@toban".to_owned(),
            starts_at: "2026-11-24T00:30:00Z".parse().unwrap(),
            ends_at: "2026-11-25T00:30:00Z".parse().unwrap(),
            summary: summary.to_owned(),
            description: "サポートの当番は青木です（井上の番を代わります）。".to_owned(),
            revision: FeedRevision {
                sequence: 2,
                modified_at: from_ms(1_795_000_000_123),
            },
        }],
    }
}

#[test]
fn a_feed_reads_so() {
    let text = written(
        &feed("当番: 青木"),
        Some("Asia/Tokyo"),
        Some("https://desk.example/"),
    );
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
}

#[test]
fn words_are_no_syntax() {
    let text = written(&feed("当番: a,b;c\\d\nDTSTART:x"), None, None);
    let unfolded = text.replace("\r\n ", "");
    assert!(
        unfolded.contains("SUMMARY:当番: a\\,b\\;c\\\\d\\nDTSTART:x\r\n"),
        "{unfolded}"
    );
    assert_eq!(unfolded.matches("\r\nDTSTART:").count(), 1);
}

#[test]
fn lines_are_folded_by_octets_between_characters() {
    let text = written(&feed(&"長い名前".repeat(40)), None, None);
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains(&"長い名前".repeat(40)));
}

/// Asks with an `If-None-Match`, and tells the status.
fn check(known: Option<&str>) -> StatusCode {
    let mut headers = HeaderMap::new();
    if let Some(known) = known {
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(known).unwrap());
    }
    sent("body".to_owned(), &headers).status()
}

#[test]
fn who_has_it_already_hears_so() {
    let first = sent("body".to_owned(), &HeaderMap::new());
    let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(check(None), StatusCode::OK);
    assert_eq!(check(Some("\"other\"")), StatusCode::OK);
    assert_eq!(check(Some(&tag)), StatusCode::NOT_MODIFIED);
    assert_eq!(check(Some(&format!("W/{tag}"))), StatusCode::NOT_MODIFIED);
    assert_eq!(
        check(Some(&format!("\"a\", {tag}"))),
        StatusCode::NOT_MODIFIED
    );
}
