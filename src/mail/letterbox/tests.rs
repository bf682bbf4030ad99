#![allow(clippy::unwrap_used)]

use super::{mailbox, written};
use crate::app::ports::{Letter, MailAddress};

fn someone(address: &str, name: Option<&str>) -> MailAddress {
    MailAddress {
        address: address.to_owned(),
        name: name.map(str::to_owned),
    }
}

#[test]
fn a_letter_stands_in_its_conversation_and_reads_as_a_persons() {
    let letter = Letter {
        message_id: "toban.1@desk.example".to_owned(),
        to: vec![someone("sato@customer.example", Some("佐藤 花子"))],
        cc: vec![someone("boss@customer.example", None)],
        subject: "Re: 請求書".to_owned(),
        in_reply_to: Some("a@x".to_owned()),
        references: vec!["root@x".to_owned(), "a@x".to_owned()],
        text: "直りました。\n".to_owned(),
    };
    let from = mailbox(&someone("desk@desk.example", Some("窓口"))).unwrap();
    let bytes = written(&letter, from, "2026-11-21T01:00:00Z".parse().unwrap()).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace("\r\n", "\n"));
}
