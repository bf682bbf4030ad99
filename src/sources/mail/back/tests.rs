#![allow(clippy::unwrap_used)]

use super::{Replies, again, answered, message_id, thread_of};
use crate::app::ports::{Envelope, MailAddress, MailRow, Side};
use std::collections::BTreeMap;

fn someone(address: &str) -> MailAddress {
    MailAddress {
        address: address.to_owned(),
        name: None,
    }
}

fn row(id: &str, by: Side) -> MailRow {
    MailRow {
        source: "box".into(),
        message_id: id.to_owned(),
        thread: "root@x".to_owned(),
        at: "2026-11-21T01:00:00Z".parse().unwrap(),
        by,
        envelope: Envelope {
            from: someone("sato@customer.example"),
            to: vec![
                someone("DESK@toban.example"),
                someone("mori@customer.example"),
            ],
            cc: vec![
                someone("boss@customer.example"),
                someone("Sato@customer.example"),
            ],
            subject: "RE: 請求書".to_owned(),
            references: vec!["root@x".to_owned()],
            ..Envelope::default()
        },
    }
}

fn replies(keeps_cc: bool) -> Replies {
    Replies {
        acts: BTreeMap::new(),
        keeps_cc,
        own: vec!["desk@toban.example".to_owned()],
    }
}

#[test]
fn an_answer_goes_to_who_asked_and_stands_in_the_conversation() {
    let letter = replies(false).letter(
        &row("a@x", Side::Requester),
        "直りました\n".to_owned(),
        "k@y",
    );
    assert_eq!(letter.to, [someone("sato@customer.example")]);
    assert_eq!(letter.cc, []);
    assert_eq!(letter.subject, "Re: 請求書");
    assert_eq!(letter.in_reply_to.as_deref(), Some("a@x"));
    assert_eq!(letter.references, ["root@x", "a@x"]);
}

#[test]
fn copies_go_to_the_others_once_and_never_to_us() {
    let letter = replies(true).letter(&row("a@x", Side::Requester), String::new(), "k@y");
    assert_eq!(
        letter.cc,
        [
            someone("mori@customer.example"),
            someone("boss@customer.example")
        ]
    );
}

#[test]
fn answers_go_where_they_are_wanted() {
    let mut wanted = row("a@x", Side::Requester);
    wanted.envelope.reply_to = vec![someone("team@customer.example")];
    let letter = replies(false).letter(&wanted, String::new(), "k@y");
    assert_eq!(letter.to, [someone("team@customer.example")]);
}

#[test]
fn a_list_that_wants_the_answers_does_not_keep_them_from_who_asked() {
    for (reply_to, expected) in [
        (vec!["desk@toban.example"], vec!["sato@customer.example"]),
        (
            vec!["MORI@customer.example"],
            vec!["sato@customer.example", "MORI@customer.example"],
        ),
        (
            vec!["desk@toban.example", "else@customer.example"],
            vec!["else@customer.example"],
        ),
    ] {
        let mut asked = row("a@x", Side::Requester);
        asked.envelope.reply_to = reply_to.into_iter().map(someone).collect();
        let to = replies(false).letter(&asked, String::new(), "k@y").to;
        let expected: Vec<MailAddress> = expected.into_iter().map(someone).collect();
        assert_eq!(to, expected);
    }
}

#[test]
fn a_letter_that_is_tried_again_goes_to_whom_it_was_meant_for() {
    let letter = replies(true).letter(&row("a@x", Side::Requester), "t".to_owned(), "k@y");
    let tried = MailRow {
        message_id: letter.message_id.clone(),
        envelope: Envelope {
            to: letter.to.clone(),
            cc: letter.cc.clone(),
            subject: letter.subject.clone(),
            references: letter.references.clone(),
            ..Envelope::default()
        },
        ..row("k@y", Side::Own)
    };
    assert_eq!(again(tried, "t".to_owned()), letter);
}

#[test]
fn the_requesters_latest_mail_is_answered() {
    let id = |rows: &[MailRow]| answered(rows).map(|row| row.message_id.clone());
    let rows = [
        row("own", Side::Own),
        row("team", Side::Team),
        row("new", Side::Requester),
        row("old", Side::Requester),
    ];
    assert_eq!(id(&rows).as_deref(), Some("new"));
    let rows = [
        row("own", Side::Own),
        row("late", Side::Team),
        row("first", Side::Team),
    ];
    assert_eq!(id(&rows).as_deref(), Some("first"), "the team opened it");
    assert_eq!(id(&[row("own", Side::Own)]), None);
}

#[test]
fn an_inquiry_that_follows_another_is_of_its_conversation() {
    for (external_id, thread) in [
        ("a@x", "a@x"),
        ("a@x~2", "a@x"),
        ("a~b@x", "a~b@x"),
        ("a~", "a~"),
    ] {
        assert_eq!(thread_of(external_id), thread);
    }
}

#[test]
fn a_letter_has_the_same_id_whenever_it_is_tried() {
    let id = message_id("Q-1·4·back·source", "desk@toban.example");
    assert_eq!(id, message_id("Q-1·4·back·source", "desk@toban.example"));
    assert_ne!(id, message_id("Q-1·5·back·source", "desk@toban.example"));
    assert!(
        id.starts_with("toban.") && id.ends_with("@toban.example"),
        "{id}"
    );
}
