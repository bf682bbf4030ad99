#![allow(clippy::unwrap_used)]

use super::{is_forwarded, own_words, whole_words};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, own: &str) {
    assert_eq!(own_words(text), own, "of {text}");
}

#[test]
fn the_mail_that_is_answered_is_cut() {
    for quote in [
        "On Sat, 21 Nov 2026 at 10:00, Desk <desk@e.example> wrote:\n> a\n> b",
        "On Sat, 21 Nov 2026 at 10:00, A Very Long Name\n<desk@e.example> wrote:\n\n> a",
        "2026年11月21日(土) 10:30 窓口 <desk@e.example>:\n\n> a\n>",
        "2026年11月21日(土) 10:30 エスカレーション窓口\n<desk@e.example>:\n> a",
        "2026/11/21 10:30、窓口 <desk@e.example>のメール：\n\n> a",
        "2026/11/21 10:30, 窓口 さんは書きました:\n> a",
        "-----Original Message-----\nFrom: Desk\nSent: Saturday\nTo: Sato\n\na",
        "-----元のメッセージ-----\n差出人: 窓口\na",
        "差出人: 窓口 <desk@e.example>\n送信日時: 2026年11月21日 10:30\n宛先: 佐藤\n件名: x\n\na",
        "*From:* Desk\n*Sent:* Saturday\n*To:* Sato\n*Subject:* x\n\na",
        "> a\n> b\n",
        "Am 21.11.2026 um 10:00 schrieb Desk:\n> a"
            .replace("schrieb Desk:", "schrieb:")
            .as_str(),
    ] {
        check(
            &format!("直りました。\nありがとうございます。\n\n{quote}"),
            "直りました。\nありがとうございます。",
        );
    }
}

#[test]
fn ones_own_words_stay() {
    for text in [
        "2026年11月21日に発生しました:\n手順は次のとおり",
        "From: の欄が空です\nよろしくお願いします",
        "次のように書いてあります\n> 引用\nこれは正しいですか",
        "On Monday it broke.\nNobody wrote: why",
        "--- a\n+++ b",
        "He wrote:\nno date here",
    ] {
        check(text, text);
    }
}

#[test]
fn an_answer_between_or_below_the_quoted_lines_stays_whole() {
    let text = "2026年11月21日(土) 10:30 窓口 <desk@e.example>:\n> 版はいくつですか\n\n5.0.4 です\n> 環境は\n\n本番です";
    check(text, text);
}

#[test]
fn a_signature_is_cut_and_a_line_of_dashes_is_not() {
    check("直りました\n-- \n佐藤\n電話 03", "直りました");
    check("直りました\n---\n佐藤", "直りました\n---\n佐藤");
    assert_eq!(whole_words("a\n\n-- \nb"), "a");
    assert_eq!(whole_words("a\n\n--\nb"), "a");
    // What programs put between their findings is the writer's own.
    assert_eq!(whole_words("x:1\n--\ny:2"), "x:1\n--\ny:2");
    assert_eq!(whole_words("-- \nb"), "-- \nb");
}

#[test]
fn where_nothing_would_be_left_the_text_stays() {
    check("> only\n> quoted", "> only\n> quoted");
    check("", "");
}

#[test]
fn what_is_handed_on_is_told_from_what_is_answered() {
    for subject in ["FW: a", "Fwd: a", "転送： a"] {
        assert!(is_forwarded(subject), "{subject}");
    }
    for subject in ["Re: FW: a", "forward a", ""] {
        assert!(!is_forwarded(subject), "{subject}");
    }
}

proptest! {
    #[test]
    fn words_are_only_ever_cut(text in "(>|-- |On |wrote:|差出人:|件名:|2026年1月|<a@b>:|\\PC{0,5}|\n){0,60}") {
        for cut in [own_words(&text), whole_words(&text)] {
            prop_assert!(cut.len() <= text.len());
            prop_assert!(cut.lines().all(|line| text.contains(line.trim_end())));
        }
    }
}
