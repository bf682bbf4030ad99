#![allow(clippy::unwrap_used)]

use super::{answer, is_forwarded, own_words, plain_subject, whole_words};
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
fn a_signature_above_a_mail_that_is_handed_on_cuts_nothing() {
    for mark in ["-- ", "--"] {
        for head in [
            "-----Original Message-----\nFrom: Takahashi\nSubject: x",
            "差出人: 高橋\n送信日時: 2026年11月21日\n件名: x",
            "2026年11月21日(土) 10:30 高橋 <t@e.example>:",
        ] {
            let text = format!("ご確認ください。\n\n{mark}\n田中\n\n{head}\n\n止まりました");
            assert_eq!(whole_words(&text), text);
        }
    }
}

#[test]
fn what_stands_below_a_bare_line_of_two_dashes_stays_unless_it_looks_like_a_card() {
    for below in [
        "select * from t where id = 1",
        "{\"a\": 1}",
        "1\n2\n3\n4\n5\n6\n7",
        "この行は六十文字より長いので署名ではなく本文の続きと見なされます。この行は六十文字より長いので署名ではなく本文の続きと見なされます。",
    ] {
        let text = format!("手順です\n\n--\n{below}");
        assert_eq!(whole_words(&text), text);
    }
    assert_eq!(whole_words("a\n\n--\n佐藤\n電話 03-1234-5678 (代表)"), "a");
}

#[test]
fn the_line_above_a_quoted_mail_goes_with_it() {
    let head = "差出人: 窓口\n送信日時: 2026年11月21日\n件名: x\n\na";
    for rule in ["________________________________", "---"] {
        check(&format!("直りました。\n\n{rule}\n{head}"), "直りました。");
    }
    check("直りました。\n---", "直りました。\n---");
}

#[test]
fn what_is_cut_without_a_mark_on_each_line_is_counted() {
    let head = "差出人: 窓口\n送信日時: 2026年11月21日\n件名: x";
    for (text, omitted) in [
        (
            format!("下記に記入しました\n\n{head}\n\n版は?\n5.0.4 です"),
            5,
        ),
        (
            "直りました\n\n2026年11月21日(土) 10:30 窓口 <d@e.example>:\n> a\n> b".to_owned(),
            0,
        ),
        ("直りました\n> a".to_owned(), 0),
        ("直りました".to_owned(), 0),
        (format!("{head}\n\na"), 0),
    ] {
        assert_eq!(answer(&text).omitted, omitted, "of {text}");
    }
}

#[test]
fn words_in_brackets_stay_before_a_subject() {
    for (subject, plain) in [
        ("[escal:12] Fw: a", "[escal:12] a"),
        ("Re: [escal:12] Re: a", "[escal:12] a"),
        ("【至急】Fw: a", "【至急】a"),
        ("[escal:12] a: b", "[escal:12] a: b"),
        ("[a", "[a"),
    ] {
        assert_eq!(plain_subject(subject), plain, "of {subject}");
    }
}

#[test]
fn where_nothing_would_be_left_the_text_stays() {
    check("> only\n> quoted", "> only\n> quoted");
    check("", "");
}

#[test]
fn what_is_handed_on_is_told_from_what_is_answered() {
    for subject in [
        "FW: a",
        "Fwd: a",
        "転送： a",
        "ＦＷ：a",
        "[escal:12] Fw: a",
        "【至急】[本番] 転送: a",
    ] {
        assert!(is_forwarded(subject), "{subject}");
    }
    for subject in [
        "Re: FW: a",
        "[escal:12] Re: FW: a",
        "forward a",
        "[Fw: a",
        "[]",
        "",
    ] {
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
