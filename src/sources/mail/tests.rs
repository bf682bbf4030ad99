#![allow(clippy::unwrap_used)]

use super::cursor::Cursor;
use super::document::{Arrived, side};
use super::letter::Letter;
use super::quote::plain_subject;
use super::report::Recipient;
use super::{Cut, ignore, short};
use crate::app::ports::{Mapped, MappedMessage, Side};
use crate::net::{Client, Settings};
use crate::sources::Sources;
use crate::testkit::world::{STORY, read};
use crate::time::Timestamp;
use proptest::prelude::*;
use std::fmt::Write as _;

/// The mails that others wrote.
const MAILS: [(&str, &[u8]); 9] = [
    (
        "bare",
        include_bytes!("../../../tests/fixtures/mail/bare.eml"),
    ),
    (
        "bounce",
        include_bytes!("../../../tests/fixtures/mail/bounce.eml"),
    ),
    (
        "bounce-exchange",
        include_bytes!("../../../tests/fixtures/mail/bounce-exchange.eml"),
    ),
    (
        "calendar-reply",
        include_bytes!("../../../tests/fixtures/mail/calendar-reply.eml"),
    ),
    (
        "gmail-reply",
        include_bytes!("../../../tests/fixtures/mail/gmail-reply.eml"),
    ),
    (
        "iso-2022-jp",
        include_bytes!("../../../tests/fixtures/mail/iso-2022-jp.eml"),
    ),
    (
        "outlook-html",
        include_bytes!("../../../tests/fixtures/mail/outlook-html.eml"),
    ),
    (
        "shift-jis-forward",
        include_bytes!("../../../tests/fixtures/mail/shift-jis-forward.eml"),
    ),
    (
        "vacation",
        include_bytes!("../../../tests/fixtures/mail/vacation.eml"),
    ),
];

/// A mailbox by the preset and nothing else.
pub(in crate::sources::mail) fn sources() -> Sources {
    let text = format!(
        "{STORY}\n[[source]]\nid = \"box\"\npreset = \"mail\"\n[source.imap]\nhost = \"imap.example.com\"\n\
         username = \"desk@toban.example\"\npassword_env = \"BOX\"\n"
    );
    let config = read(&text);
    let client = Client::new(&Settings::default()).unwrap();
    Sources::new(&config.sources, &config.setup, client).unwrap()
}

fn mapped(sources: &Sources, raw: &[u8], cut: Option<Cut>) -> Option<Mapped> {
    let letter = Letter::read(raw).unwrap();
    let source = &sources.sources[&"box".into()];
    let plan = source.mailbox().unwrap();
    let arrived = Arrived {
        letter: &letter,
        thread: letter.references.first().unwrap_or(&letter.message_id),
        by: side(&letter.from.address, &plan.own, &[], &[]),
        at: "2026-11-21T03:30:00Z".parse().unwrap(),
        cut,
    };
    source
        .reread_mail(&arrived.document(source.contact.lang))
        .unwrap()
}

/// What a person sees of an inquiry that a mail becomes.
fn shown(name: &str, raw: &[u8], sources: &Sources) -> String {
    let letter = Letter::read(raw).unwrap();
    if let Some(reason) = ignore::reason(&letter) {
        return format!("== {name}: left alone, {}\n\n", reason.word());
    }
    let mapped = mapped(sources, raw, None).unwrap();
    let MappedMessage { id, by, at, text } = mapped.heard.unwrap();
    assert_eq!(
        (
            mapped.revision.as_deref(),
            mapped.messages.len(),
            mapped.odd
        ),
        (Some("1"), 0, Vec::new())
    );
    let mut out = format!("== {name}\n");
    writeln!(out, "id: {id}\nthread: {}", mapped.external_id).unwrap();
    writeln!(
        out,
        "from: {} ({by:?}), {at}",
        mapped.requester.unwrap_or_default()
    )
    .unwrap();
    writeln!(out, "title: {}\n", mapped.title).unwrap();
    writeln!(out, "{}", mapped.body.clone().unwrap_or_default()).unwrap();
    if mapped.body.as_deref() != Some(&text) {
        writeln!(out, "-- heard\n{text}").unwrap();
    }
    out.push('\n');
    out
}

#[tokio::test]
async fn mails_of_others_become_inquiries_or_are_left_alone() {
    let sources = sources();
    let shown: String = MAILS
        .iter()
        .map(|(name, raw)| shown(name, raw, &sources))
        .collect();
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_mail_of_which_only_the_start_was_read_says_so() {
    let (_, raw) = MAILS[6];
    let cut = Some(Cut {
        read: 2_500,
        whole: Some(raw.len()),
        is_too_large: true,
    });
    let mapped = mapped(&sources(), &raw[..2_500], cut).unwrap();
    assert!(mapped.body.unwrap().contains(
        "のうち初めの3 KBだけを取り込みました。続きはメールボックスで確認してください）"
    ));
    assert_eq!(mapped.title, "ログインできない（本番のみ）");
}

#[test]
fn a_mail_without_an_id_has_the_same_one_whenever_it_is_read() {
    let (_, raw) = MAILS[0];
    let id = || Letter::read(raw).unwrap().message_id;
    assert!(id().starts_with("no-id-"), "{}", id());
    assert_eq!(id(), id());
}

#[test]
fn subjects_lose_what_programs_put_before_them() {
    for (subject, plain) in [
        ("Re: a", "a"),
        ("RE: FW: Fwd:a", "a"),
        ("Ｒｅ：【至急】a", "【至急】a"),
        ("返信: 転送： Re[2]: a: b", "a: b"),
        ("Regarding: a", "Regarding: a"),
        ("re", "re"),
        ("Re:", ""),
    ] {
        assert_eq!(plain_subject(subject), plain, "of {subject}");
    }
}

#[test]
fn who_is_of_the_team_is_known_by_address_or_domain() {
    let (own, team, domains) = (
        ["desk@toban.example".to_owned()],
        ["aoki@customer.example".to_owned()],
        ["toban.example".to_owned()],
    );
    for (address, expected) in [
        ("DESK@toban.example", Side::Own),
        ("aoki@CUSTOMER.example", Side::Team),
        ("mori@Toban.Example", Side::Team),
        ("mori@sub.toban.example", Side::Requester),
        ("sato@customer.example", Side::Requester),
        ("", Side::Requester),
    ] {
        assert_eq!(side(address, &own, &team, &domains), expected, "{address}");
    }
}

#[test]
fn a_cursor_is_read_as_it_was_written() {
    for (unfiled, written) in [
        (vec![], "7:4294967295"),
        (vec![1], "7:4294967295+1"),
        (vec![1, 2, 3, 9, u32::MAX], "7:4294967295+1:3,9,4294967295"),
    ] {
        let cursor = Cursor {
            validity: 7,
            uid: u32::MAX,
            unfiled,
        };
        assert_eq!(cursor.written(), written);
        assert_eq!(Cursor::read(written), Some(cursor));
    }
    for broken in [
        "",
        "7",
        "7:",
        "a:b",
        "7:8:9",
        "7:99999999999",
        "7:8+x",
        "7:8+1:",
    ] {
        assert_eq!(Cursor::read(broken), None, "{broken}");
    }
    let endless = Cursor::read("7:8+1:4294967295").unwrap();
    assert_eq!(endless.unfiled.len(), 500);
    let crowd = Cursor {
        unfiled: (0..600).collect(),
        ..endless
    };
    assert_eq!(crowd.written(), "7:8+100:599");
}

#[test]
fn a_long_id_is_a_key_all_the_same() {
    let long = "x".repeat(181);
    assert_eq!(short("a@b"), "a@b");
    assert_eq!(short(&long), short(&long));
    assert!(short(&long).len() < 100 && short(&long) != short(&"x".repeat(182)));
}

/// Reads a mail with everything that follows; nothing may panic or grow without bounds.
fn survive(raw: &[u8]) {
    let Some(letter) = Letter::read(raw) else {
        return;
    };
    let _ = ignore::reason(&letter);
    if let Some(report) = &letter.report {
        let said = |one: &Recipient| one.address.len() + one.said.len();
        assert!(report.recipients.len() <= 50);
        assert!(report.recipients.iter().map(said).sum::<usize>() <= 50 * 10_000);
    }
    let at: Timestamp = "2026-11-21T03:30:00Z".parse().unwrap();
    let arrived = Arrived {
        letter: &letter,
        thread: &letter.message_id,
        by: Side::Requester,
        at,
        cut: None,
    };
    let document = arrived.document(crate::i18n::Lang::Ja).to_string();
    assert!(
        document.len() <= 40 * raw.len() + 20_000,
        "{} of {}",
        document.len(),
        raw.len()
    );
    assert!(!document.contains("\\u0000"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        survive(&raw);
    }

    #[test]
    fn mangled_mails_are_read_without_harm(
        which in 0..MAILS.len(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..40usize, any::<prop::sample::Index>()), 0..8),
    ) {
        let mut raw = MAILS[which].1.to_vec();
        for (at, length, to) in cuts {
            let start = at.index(raw.len().max(1)).min(raw.len());
            let end = (start + length).min(raw.len());
            let piece: Vec<u8> = raw.drain(start..end).collect();
            let to = to.index(raw.len() + 1);
            raw.splice(to..to, piece);
        }
        survive(&raw);
    }

    /// However far a mail was read, it is the same mail: the line may end anywhere.
    #[test]
    fn the_start_of_a_mail_is_the_same_mail(
        which in 0..MAILS.len(),
        at in any::<prop::sample::Index>(),
        keeps_id in any::<bool>(),
    ) {
        let raw = String::from_utf8_lossy(MAILS[which].1).into_owned();
        let raw = if keeps_id { raw } else { raw.replacen("Message-I", "Other-I", 1) };
        let head = raw.find("\n\n").or(raw.find("\r\n\r\n")).unwrap() + 4;
        let end = head + at.index(raw.len() - head);
        let whole = Letter::read_start(raw.as_bytes()).unwrap();
        let start = Letter::read_start(&raw.as_bytes()[..end]).unwrap();
        prop_assert_eq!(whole.message_id, start.message_id);
        prop_assert_eq!(whole.from, start.from);
        survive(&raw.as_bytes()[..end]);
    }

    #[test]
    fn reports_of_any_kind_are_read_without_harm(
        fields in proptest::collection::vec("((Final|Original)-Recipient|Action|Status|Diagnostic-Code|X): ?((rfc822|smtp) ?; ?)?(a@b|failed|delayed|[ -~]{0,12}|\\PC{0,6})|", 0..14),
        kind in "message/(global-)?delivery-status|text/plain",
        letter in "message/(rfc822|global)|text/rfc822-headers",
        head in "(Message-ID: <?[ -~]{0,10}>?|\\PC{0,12})",
        cut in any::<prop::sample::Index>(),
    ) {
        let mail = format!(
            "From: x@y\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: {kind}\r\n\r\n\
             {}\r\n--b\r\nContent-Type: {letter}\r\n\r\n{head}\r\n\r\n--b--\r\n",
            fields.join("\r\n")
        );
        survive(mail.as_bytes());
        survive(&mail.as_bytes()[..cut.index(mail.len())]);
    }

    #[test]
    fn headers_of_any_kind_are_read_without_harm(
        headers in proptest::collection::vec("(From|To|Subject|Date|Message-ID|References|Content-Type|Content-Transfer-Encoding|Content-Disposition): (multipart/mixed; boundary=b|message/rfc822|base64|=\\?(utf-8|iso-2022-jp|x)\\?[BQ]\\?[ -~]{0,12}\\?=|<[ -~]{0,8}>|[ -~]{0,20}|\\PC{0,8})", 0..9),
        body in "((--b(--)?)?\r?\n|[ -~]{0,9}|Content-Type: (text/html|message/rfc822)\r\n\r\n){0,20}",
    ) {
        survive(format!("{}\r\n\r\n{body}", headers.join("\r\n")).as_bytes());
    }
}

#[test]
fn hostile_nesting_and_crowds_are_bounded() {
    let nested = b"Content-Type: message/rfc822\r\n\r\n".repeat(200_000);
    survive(&nested);
    let encoded = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let mut raw = encoded.as_bytes().to_vec();
    use base64::Engine as _;
    raw.extend(
        base64::engine::general_purpose::STANDARD
            .encode(&nested)
            .into_bytes(),
    );
    survive(&raw);
    let folded = b"Content-Type: message(x)/\r\n (y) RFC822\r\n\r\n".repeat(100_000);
    survive(&folded);
    let mut crowd = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for n in 0..50_000 {
        crowd.extend(
            format!("--b\r\nContent-Type: multipart/mixed; boundary=no{n}\r\n\r\nx\r\n")
                .into_bytes(),
        );
    }
    survive(&crowd);
}
