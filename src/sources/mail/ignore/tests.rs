use super::{Reason, reason};
use crate::sources::mail::letter::Letter;

#[track_caller]
fn check(headers: &str, expected: Option<Reason>) {
    let mail = format!("From: a@b.example\r\n{headers}\r\n\r\nhello");
    let letter = Letter::read(mail.as_bytes()).expect("a mail");
    assert_eq!(reason(&letter), expected, "of {headers}");
}

#[test]
fn what_a_machine_wrote_is_left_alone() {
    for headers in [
        "Auto-Submitted: auto-generated\r\nIn-Reply-To: <x@y>",
        "Auto-Submitted: auto-generated\r\nFrom: toban <desk@b.example>\r\nMessage-ID: <0123456789abcdef0123456789abcdef@b.example>",
        "In-Reply-To: <x@y>\r\nSubject: =?utf-8?B?44CQ6Ieq5YuV6L+U5L+h44CR5LuK6YCx?=",
        "Precedence: bulk\r\nSubject: =?utf-8?B?5LiN5Zyo6YCa55+l?=",
        "Auto-Submitted: auto-replied; owner-email=\"a@b\"",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "X-Auto-Response-Suppress: All\r\nSubject: Automatic reply: hello",
        "Precedence: bulk\r\nSubject: Out of Office",
        "In-Reply-To: <x@y>\r\nSubject: =?utf-8?B?6Ieq5YuV6L+U5L+hOiBhYmM=?=",
    ] {
        check(headers, Some(Reason::Automatic));
    }
}

#[test]
fn what_came_back_is_left_alone() {
    for headers in [
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        "X-Failed-Recipients: c@d.example",
        "From: Mail Delivery <MAILER-DAEMON@b.example>",
    ] {
        let mail = format!("{headers}\r\nX: y\r\n\r\nhello");
        let letter = Letter::read(mail.as_bytes()).expect("a mail");
        assert_eq!(reason(&letter), Some(Reason::Bounce), "of {headers}");
    }
}

#[test]
fn what_a_person_wrote_is_taken() {
    for headers in [
        "Auto-Submitted: no",
        "Auto-Submitted: auto-generated\r\nSubject: form 12",
        "Precedence: list\r\nSubject: Out of Office",
        "In-Reply-To: <x@y>\r\nSubject: Vacation days are counted twice",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply\r\nSubject: Login fails",
        "Precedence: list\r\nList-Id: <support.b.example>\r\nSubject: Login fails",
        "Precedence: bulk\r\nSubject: Login fails",
        "Return-Path: <a@b.example>",
        "Subject: =?utf-8?B?5LiN5Zyo6YCa55+l44Gu5Lu2?=",
    ] {
        check(headers, None);
    }
}

#[test]
fn what_is_about_an_automatic_answer_is_taken() {
    for subject in [
        "【自動車】見積が出ない",
        "自動返信メールが送信されない",
        "不在着信の通知が届かない",
        "Automatic reply is not sent",
    ] {
        let headers = format!("In-Reply-To: <x@y>\r\nPrecedence: bulk\r\nSubject: {subject}");
        check(&headers, None);
    }
}
