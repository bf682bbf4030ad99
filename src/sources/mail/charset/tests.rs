#![allow(clippy::unwrap_used)]

use crate::sources::mail::letter::Letter;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const WORDS: &str = "お世話になっております。㈱高橋です。①帳票が合いません。ｶﾅ";

fn sjis() -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(WORDS).0.into_owned()
}

/// ISO-2022-JP without half-width letters, which its writers make wide.
fn jis() -> Vec<u8> {
    let words = &WORDS[..WORDS.len() - "ｶﾅ".len()];
    encoding_rs::ISO_2022_JP.encode(words).0.into_owned()
}

#[track_caller]
fn check(kind: &str, body: &[u8], words: &str) {
    let head = format!("From: a@b.example\r\n{kind}\r\n");
    let mail = [head.as_bytes(), b"\r\n", body, b"\r\n"].concat();
    assert_eq!(Letter::read(&mail).unwrap().text, words, "of {kind}");
}

#[test]
fn words_are_read_whatever_their_label_says() {
    for label in ["cp932", "x-cp932", "utf-8", "us-ascii-unknown", "shift_jis"] {
        check(
            &format!("Content-Type: text/plain; charset={label}"),
            &sjis(),
            WORDS,
        );
    }
    check("X: no label", &sjis(), WORDS);
    let encoded = STANDARD.encode(sjis());
    check(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
        encoded.as_bytes(),
        WORDS,
    );
    let words = &WORDS[..WORDS.len() - "ｶﾅ".len()];
    for kind in [
        "Content-Type: text/plain; charset=iso-2022-jp-ms",
        "Content-Type: text/plain; charset=cp50221",
        "X: no label",
    ] {
        check(kind, &jis(), words);
    }
    // Half-width letters, as Windows writes them.
    let kana = b"\x1b$B%+%J\x1b(I6E\x1b(B";
    check(
        "Content-Type: text/plain; charset=iso-2022-jp-ms",
        kana,
        "カナｶﾅ",
    );
}

#[test]
fn what_is_utf_8_stays_even_if_its_end_is_missing() {
    let whole = WORDS.as_bytes();
    let head = "Content-Type: text/plain; charset=utf-8";
    check(head, whole, WORDS);
    let cut = &whole[..whole.len() - 1];
    check(
        head,
        cut,
        &format!("{}\u{fffd}", &WORDS[..WORDS.len() - "ﾅ".len()]),
    );
    check(head, b"caf\xe9 \xff\xff", "caf\u{fffd} \u{fffd}\u{fffd}");
}

#[track_caller]
fn subject(raw: &[u8], expected: &str) {
    let mail = [b"From: a@b.example\r\nSubject: ", raw, b"\r\n\r\nx\r\n"].concat();
    assert_eq!(Letter::read(&mail).unwrap().subject, expected);
}

#[test]
fn subjects_are_read_however_they_are_written() {
    subject(&sjis(), WORDS);
    subject(&jis(), &WORDS[..WORDS.len() - "ｶﾅ".len()]);
    let word = |label: &str, bytes: &[u8]| format!("=?{label}?B?{}?=", STANDARD.encode(bytes));
    subject(word("cp932", &sjis()).as_bytes(), WORDS);
    subject(
        word("iso-2022-jp-ms", &jis()).as_bytes(),
        &WORDS[..WORDS.len() - "ｶﾅ".len()],
    );
    for at in 1..20 {
        let (one, two) = WORDS.as_bytes().split_at(at);
        let raw = format!("Re: {}\r\n {} [1]", word("utf-8", one), word("UTF-8", two));
        subject(raw.as_bytes(), &format!("Re: {WORDS} [1]"));
    }
    subject(
        "=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9_=3F?=".as_bytes(),
        "café ?",
    );
    subject(b"=?x =? \xff", "=?x =? \u{fffd}");
}
