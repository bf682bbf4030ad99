#![allow(clippy::unwrap_used)]

use super::double::Double;
use super::{MailboxError, SMALL, day, encoded, trust};
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
