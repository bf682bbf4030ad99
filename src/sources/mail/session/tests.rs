#![allow(clippy::unwrap_used)]

use super::double::Double;
use super::words::moment;
use super::{Head, MailboxError, SMALL, day, encoded, trust};
use crate::clock;
use std::time::Duration;

#[test]
fn folders_are_named_as_imap_wants_them() {
    for (folder, written) in [
        ("INBOX", "INBOX"),
        ("Q&A", "Q&-A"),
        ("受信", "&U9dP4Q-"),
        // RFC 3501, section 5.1.3
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ] {
        assert_eq!(encoded(folder), written);
    }
    assert_eq!(encoded("😀"), "&2D3eAA-");
}

#[test]
fn days_are_written_in_english_whatever_the_zone() {
    for (at, written) in [
        ("2026-11-21T00:00:00Z", "21-Nov-2026"),
        ("2026-01-01T00:00:00+09:00", "31-Dec-2025"),
        ("2026-03-05T23:59:59Z", "5-Mar-2026"),
    ] {
        assert_eq!(day(at.parse().unwrap()), written);
    }
}

#[test]
fn the_moment_of_a_mail_is_read_as_servers_write_it() {
    for (written, at) in [
        ("21-Nov-2026 10:00:00 +0900", Some("2026-11-21T01:00:00Z")),
        (" 5-mar-2026 23:59:59 -0330", Some("2026-03-06T03:29:59Z")),
        ("05-Mar-2026 00:00:00 +0000", Some("2026-03-05T00:00:00Z")),
        ("5-Mrz-2026 00:00:00 +0000", None),
        ("2026-03-05T00:00:00Z", None),
        ("", None),
    ] {
        assert_eq!(moment(written), at.map(|at| at.parse().unwrap()));
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_told() {
    assert!(trust(None).is_ok());
    assert!(
        trust(Some("nothing"))
            .unwrap_err()
            .contains("no certificate")
    );
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    assert!(trust(Some(broken)).is_err());
}

/// A mail of so many bytes.
fn large(bytes: usize) -> Vec<u8> {
    let mut mail = b"From: a@b.example\r\nSubject: large\r\n\r\n".to_vec();
    mail.resize(bytes, b'x');
    mail
}

#[tokio::test(start_paused = true)]
async fn a_large_mail_comes_in_pieces_that_grow_while_the_line_is_fast() {
    for bytes in [SMALL - 1, SMALL, SMALL + 1, 5_000_000] {
        let double = Double {
            mails: vec![large(bytes)],
            ..Double::default()
        };
        let mut mailbox = double.opened().await;
        let enough = clock::monotonic() + Duration::from_secs(60);
        let read = mailbox.mail(1, 25_000_000, enough).await.unwrap().unwrap();
        assert_eq!((read.raw.len(), read.is_whole), (bytes, true));
        assert!(read.raw == large(bytes));
        let asked = double.asked_for("UID FETCH 1 (UID BODY.PEEK[]");
        assert!(asked[0].ends_with("<0.65536>)"), "{asked:?}");
        assert!(asked.len() <= 9, "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_is_each_pieces_and_not_the_mails() {
    let mut double = Double {
        mails: vec![large(1_000_000)],
        pace: Duration::from_secs(25),
        ..Double::default()
    };
    let enough = clock::monotonic() + Duration::from_secs(70);
    let read = double.opened().await.mail(1, 25_000_000, enough).await;
    let read = read.unwrap().unwrap();
    assert_eq!((read.raw.len(), read.is_whole), (3 * SMALL, false));
    assert!(read.broke.is_none());
    // A line that does not even bring a piece in time is no line.
    double.pace = Duration::from_secs(31);
    let enough = clock::monotonic() + Duration::from_secs(70);
    let error = double.opened().await.mail(1, 25_000_000, enough).await;
    assert!(
        matches!(error, Err(MailboxError::Unavailable(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_mail_of_which_no_more_is_wanted_is_read_so_far() {
    let double = Double {
        mails: vec![large(200_000)],
        ..Double::default()
    };
    let enough = clock::monotonic() + Duration::from_secs(60);
    let read = double.opened().await.mail(1, 100_000, enough).await;
    let read = read.unwrap().unwrap();
    assert_eq!((read.raw.len(), read.is_whole), (100_000, false));
}

fn three() -> Double {
    Double {
        mails: vec![large(100), large(200), large(300)],
        ..Double::default()
    }
}

fn uids(heads: Result<Vec<Head>, MailboxError>) -> Vec<(u32, Option<usize>)> {
    let heads = heads.unwrap().into_iter();
    heads.map(|head| (head.uid, head.bytes)).collect()
}

#[tokio::test]
async fn a_search_that_is_refused_has_not_found_nothing() {
    let double = Double {
        refuses: vec!["UID SEARCH"],
        ..three()
    };
    let error = double.opened().await.search("ALL").await.unwrap_err();
    assert!(
        matches!(&error, MailboxError::Unavailable(why) if why.contains("come back later")),
        "{error:?}"
    );
    // Neither sizes nor which mails are still there: then none of them is gone.
    let double = Double {
        refuses: vec!["UID SEARCH", "UID FETCH"],
        ..three()
    };
    let error = double.opened().await.heads(&[1, 2, 3]).await.unwrap_err();
    assert!(matches!(error, MailboxError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn one_mail_that_cannot_be_told_of_hides_none_wherever_it_lies() {
    for broken in 1..=3 {
        let double = Double {
            broken: vec![broken],
            ..three()
        };
        let heads = uids(double.opened().await.heads(&[1, 2, 3]).await);
        let mut expected = [(1, Some(100)), (2, Some(200)), (3, Some(300))];
        expected[broken - 1].1 = None;
        assert_eq!(heads, expected);
    }
    let double = Double {
        broken: vec![1, 2, 3],
        ..three()
    };
    let error = double.opened().await.heads(&[1, 2, 3]).await.unwrap_err();
    assert!(
        matches!(&error, MailboxError::Unavailable(why) if why.contains("come back later")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_mail_that_is_refused_keeps_the_words_of_the_server() {
    let double = Double {
        broken: vec![2],
        ..three()
    };
    let mut mailbox = double.opened().await;
    let enough = clock::monotonic() + Duration::from_secs(60);
    let error = mailbox.mail(2, 1_000, enough).await.unwrap_err();
    assert!(
        matches!(&error, MailboxError::Unexpected(why) if why.contains("come back later")),
        "{error:?}"
    );
    assert!(!mailbox.gives(2).await.unwrap());
    assert!(mailbox.gives(3).await.unwrap());
}
