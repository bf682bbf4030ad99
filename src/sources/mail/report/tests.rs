#![allow(clippy::unwrap_used)]

use super::{Action, Recipient, Report};
use crate::app::ports::{Envelope, Fate, MailAddress};
use crate::sources::mail::letter::Letter;

fn read(mail: &str) -> Option<Report> {
    Letter::read(mail.replace('\n', "\r\n").as_bytes())
        .unwrap()
        .report
}

/// Each recipient in a line.
fn told(report: &Report) -> Vec<String> {
    let all = report.recipients.iter();
    all.map(|one| {
        let written = one.written.as_deref().unwrap_or("-");
        format!("{} ({written}) {:?} {}", one.address, one.action, one.said)
    })
    .collect()
}

/// As Postfix writes it.
fn postfix(action: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\n\n\
         --B\nContent-Type: text/plain\n\nSorry.\n\n--B\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\nX-Postfix-Queue-ID: 4XkZ\nArrival-Date: Sat, 21 Nov 2026 10:31:00 +0900 (JST)\n\n\
         Final-Recipient: rfc822; taro@gone.example\nOriginal-Recipient: rfc822;sato@customer.example\nAction: {action}\nStatus: 5.1.1\n\
         Remote-MTA: dns; mx.gone.example\nDiagnostic-Code: smtp; 550 5.1.1 <taro@gone.example>: Recipient address\n    rejected: User unknown\n\n\
         Final-Recipient: rfc822; boss@customer.example\nAction: delivered\nStatus: 2.0.0\n\n\
         --B\nContent-Description: Undelivered Message\nContent-Type: message/rfc822\n\nFrom: desk@toban.example\nMessage-ID: <toban.01@toban.example>\n\nbody\n--B--\n"
    )
}

#[test]
fn a_report_says_whose_letter_did_not_arrive_and_why() {
    let report = read(&postfix("failed")).unwrap();
    assert_eq!(report.letter.as_deref(), Some("toban.01@toban.example"));
    assert_eq!(
        told(&report),
        [
            "taro@gone.example (sato@customer.example) Failed 550 5.1.1 <taro@gone.example>: Recipient address rejected: User unknown",
            "boss@customer.example (-) Other 2.0.0",
        ]
    );
    let action = |word: &str| read(&postfix(word)).unwrap().recipients[0].action;
    assert_eq!(action("delayed"), Action::Delayed);
    assert_eq!(action("Failed"), Action::Failed);
    assert_eq!(action("expanded"), Action::Other);
}

#[test]
fn what_is_kept_for_ever_names_nobodys_address() {
    let report = read(&postfix("failed")).unwrap();
    let (fate, why) = report.fate(&Envelope::default()).unwrap();
    assert_eq!(fate, Fate::Failed);
    assert_eq!(why, "550 5.1.1 … Recipient address rejected: User unknown");
}

#[test]
fn only_the_head_of_the_letter_need_come_back() {
    let mail = postfix("failed").replace(
        "Content-Type: message/rfc822",
        "Content-Type: text/rfc822-headers",
    );
    let report = read(&mail).unwrap();
    assert_eq!(report.letter.as_deref(), Some("toban.01@toban.example"));
    let mail = postfix("failed").replace("Message-ID: <toban.01@toban.example>\n", "");
    assert_eq!(read(&mail).unwrap().letter, None);
}

#[test]
fn what_is_no_such_report_is_none() {
    assert_eq!(
        read("From: a@b\n\nFinal-Recipient: rfc822; a@b\nAction: failed\n"),
        None
    );
    let read_receipt = postfix("failed").replace(
        "report-type=delivery-status",
        "report-type=disposition-notification",
    );
    assert_eq!(read(&read_receipt), None);
    let empty = postfix("failed")
        .replace("Final-Recipient", "X-Other")
        .replace("Original-Recipient", "X-Another");
    assert_eq!(read(&empty), None);
}

#[test]
fn older_servers_name_who_failed_in_a_header() {
    let mail = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: sato@customer.example,\n  boss@customer.example\n\nSorry.\n";
    let report = read(mail).unwrap();
    assert_eq!(
        told(&report),
        [
            "sato@customer.example (-) Failed ",
            "boss@customer.example (-) Failed "
        ]
    );
}

#[test]
fn a_report_on_very_many_is_bounded() {
    let one = "Final-Recipient: rfc822; a@b\nAction: failed\n\n".repeat(20_000);
    let mail = postfix("failed").replace(
        "Final-Recipient: rfc822; boss",
        &format!("{one}Final-Recipient: rfc822; boss"),
    );
    assert_eq!(read(&mail).unwrap().recipients.len(), super::RECIPIENTS);
}

#[test]
fn of_several_who_failed_those_who_asked_are_told_of() {
    let someone = |address: &str, action| Recipient {
        address: address.to_owned(),
        written: None,
        action,
        said: String::new(),
    };
    let written = Envelope {
        to: vec![MailAddress {
            address: "sato@x".to_owned(),
            name: None,
        }],
        cc: vec![MailAddress {
            address: "boss@x".to_owned(),
            name: None,
        }],
        ..Envelope::default()
    };
    let report = Report {
        letter: None,
        recipients: vec![
            someone("boss@x", Action::Failed),
            someone("Sato@x", Action::Failed),
        ],
    };
    assert_eq!(
        report.fate(&written),
        Some((Fate::Failed, "undelivered".to_owned()))
    );
}
