#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::inquiry::{Clock, Severity};
use crate::domain::notice::NoticePlace;
use crate::i18n::Lang;
use crate::testkit::sample_context;
use crate::time::Timestamp;

fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn notice() -> Notice {
    let said = Message::new("notice-breach")
        .with("clock", Arg::Clock(Clock::FirstResponse))
        .with("due", Arg::Instant(now()));
    Notice {
        place: NoticePlace::Thread,
        audience: Vec::new(),
        message: Message::new("mail-letter")
            .with("said", Arg::Lines(vec![said]))
            .with("title", Arg::Title("title".into()))
            .with("severity", Arg::Severity(Severity::S2))
            .with("owner", Arg::Member("aoki".into())),
        is_urgent: false,
        is_mergeable: false,
        offers: Vec::new(),
    }
}

fn context(lang: Lang) -> PostContext {
    let mut context = sample_context(now(), lang, "discord", "81");
    context.desk_url = Some("https://desk.example.com/".to_owned());
    context
}

fn written(notice: &Notice, lang: Lang) -> String {
    let from: Address = "toban@desk.example".parse().unwrap();
    let to: Address = "boss@example.com".parse().unwrap();
    let id = message_id("i1·7·0·boss@example.com·mail", &from);
    let letter = letter(notice, &context(lang), &from, &to, &id).unwrap();
    String::from_utf8(letter).unwrap().replace("\r\n", "\n")
}

#[test]
fn a_letter_reads_well_in_both_languages() {
    let all: Vec<String> = [Lang::Ja, Lang::En]
        .into_iter()
        .map(|lang| {
            let context = context(lang);
            format!(
                "{}\n\n{}",
                subject(&notice(), &context),
                body(&notice(), &context)
            )
        })
        .collect();
    insta::assert_snapshot!(all.join("\n=====\n"));
}

#[test]
fn a_letter_has_the_headers_that_programs_ask_for() {
    let written = written(&notice(), Lang::En);
    let (head, _) = written.split_once("\n\n").unwrap();
    insta::assert_snapshot!(head);
}

#[test]
fn a_title_from_outside_makes_no_header() {
    let mut context = context(Lang::En);
    let title = "Hello\r\nBcc: all@example.com";
    context.texts.insert("title".into(), title.to_owned());
    assert_eq!(
        subject(&notice(), &context).lines().count(),
        1,
        "a subject is one line"
    );
    let from: Address = "toban@desk.example".parse().unwrap();
    let letter = letter(&notice(), &context, &from, &from, "<a@b>").unwrap();
    let letter = String::from_utf8(letter).unwrap();
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("\r\nBcc"), "{head}");
}

#[test]
fn the_same_delivery_has_the_same_id_and_another_has_another() {
    let from: Address = "toban@desk.example".parse().unwrap();
    assert_eq!(message_id("a", &from), message_id("a", &from));
    assert_ne!(message_id("a", &from), message_id("b", &from));
}
