#![allow(clippy::unwrap_used)]

use super::Letter;

fn read(mail: &str) -> Letter {
    Letter::read(mail.replace('\n', "\r\n").as_bytes()).unwrap()
}

#[test]
fn ids_are_read_without_brackets_the_oldest_first() {
    let letter = read(
        "From: a@b\nMessage-ID: <c@x>\nIn-Reply-To: <b@x>\nReferences: <a@x>\n <b@x> <a@x>\n\nhello",
    );
    assert_eq!(letter.message_id, "c@x");
    assert_eq!(letter.in_reply_to.as_deref(), Some("b@x"));
    assert_eq!(letter.references, ["a@x", "b@x"]);
    assert!(letter.is_answer());
}

#[test]
fn of_very_many_ids_the_first_and_the_last_stay() {
    let all: Vec<String> = (0..200).map(|n| format!("<{n}@x>")).collect();
    let letter = read(&format!(
        "From: a@b\nReferences: {}\n\nhello",
        all.join("\n ")
    ));
    assert_eq!(letter.references.len(), 50);
    assert_eq!(letter.references[0], "0@x");
    assert_eq!(letter.references[49], "199@x");
}

#[test]
fn a_mail_in_a_mail_is_named_and_not_opened() {
    let letter = read(
        "From: a@b\nMessage-ID: <a@x>\nContent-Type: multipart/mixed; boundary=q\n\n--q\n\nsee the mail below\n--q\n\
         Content-Type: message/rfc822; name=\"old.eml\"\n\nFrom: c@d\nSubject: inner\n\nglobal words of rfc822\n--q--\n",
    );
    assert_eq!(letter.text, "see the mail below");
    assert_eq!(letter.attachments.len(), 1);
    let attachment = &letter.attachments[0];
    assert_eq!(
        (attachment.name.as_str(), attachment.kind.as_str()),
        ("old.eml", "message/rfc822")
    );
}

#[test]
fn words_that_look_like_types_stay_as_they_are() {
    let letter = read("From: a@b\n\nThe global digest of rfc822\n");
    assert_eq!(letter.text, "The global digest of rfc822");
}

#[test]
fn nothing_in_it_is_kept_from_the_database() {
    let letter = read("From: a@b\nSubject: a\0b\n\nc\0d\n");
    assert!(!letter.text.contains('\0') && !letter.subject.contains('\0'));
}

#[test]
fn blank_text_beside_html_hides_nothing() {
    for blank in ["", "   \n", "\u{a0}\n"] {
        let letter = read(&format!(
            "From: a@b\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\n{blank}\n--q\n\
             Content-Type: text/html; charset=utf-8\n\n<p>stopped <b>today</b></p>\n--q--\n"
        ));
        assert_eq!(letter.text, "stopped **today**");
        assert!(letter.attachments.is_empty());
    }
}

#[test]
fn a_mail_that_a_list_sends_under_its_own_address_is_its_authors() {
    let list = "Sato via Support <support@b.example>";
    for (headers, author) in [
        (
            "To: support@b.example\nX-Original-From: Sato Hanako <sato@c.example>\nX-Original-Sender: bounce@c.example",
            "sato@c.example",
        ),
        ("X-Original-Sender: sato@c.example", "sato@c.example"),
        (
            "List-Post: <https://g.example>, <mailto:Support@b.example>\nReply-To: support@b.example, Sato <sato@c.example>",
            "sato@c.example",
        ),
        ("Reply-To: support@b.example", "support@b.example"),
        ("", "support@b.example"),
        // Whoever writes to a list and puts themself in copy is who it says.
        (
            "To: other@b.example\nCc: support@b.example\nReply-To: other@b.example",
            "support@b.example",
        ),
        (
            "Cc: support@b.example\nX-Original-Sender: support@b.example\nReply-To: x@y.example",
            "support@b.example",
        ),
    ] {
        let headers = headers.trim();
        let gap = if headers.is_empty() { "" } else { "\n" };
        let mail =
            format!("From: {list}\nList-Id: Support <support.b.example>\n{headers}{gap}\nhello");
        assert_eq!(read(&mail).from.address, author, "of {headers}");
    }
    // Only what is the list's: a person who writes through one is taken at their word, and so is one without a list.
    for headers in [
        "List-Id: <other.b.example>\nTo: other@b.example",
        "To: support@b.example",
    ] {
        let mail = format!("From: {list}\n{headers}\nX-Original-From: x@y.example\n\nhello");
        assert_eq!(
            read(&mail).from.address,
            "support@b.example",
            "of {headers}"
        );
    }
}
