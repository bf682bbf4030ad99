#![allow(clippy::unwrap_used)]

use super::{day, encoded, trust};

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
