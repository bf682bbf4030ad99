#![allow(clippy::unwrap_used)]
use super::*;
use serde_json::Value;

const CORPUS: &str = include_str!("../../../../tests/corpora/text_safety.json");

fn corpus() -> Value {
    serde_json::from_str(CORPUS).unwrap()
}

fn rows<'a>(corpus: &'a Value, section: &str) -> Vec<&'a Value> {
    let rows: Vec<&Value> = corpus["sections"][section]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert!(rows.len() >= 9, "{section} was not found");
    rows
}

#[track_caller]
fn check(typed: &str, sent: &str) {
    assert_eq!(escape(typed), sent, "{typed:?}");
}

/// What a reader sees: escapes and gaps are invisible.
fn shown(sent: &str) -> String {
    let mut out = String::new();
    let mut chars = sent.chars().filter(|c| *c != GAP).peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

/// The places, counted in what is shown, that carry an escape.
fn escaped_places(sent: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0;
    let mut chars = sent.chars().filter(|c| *c != GAP).peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
            places.push(at);
            chars.next();
        }
        at += 1;
    }
    places
}

#[test]
fn markup_is_shown_as_it_was_typed() {
    check(
        "**bold** _it_ ~~s~~ ||sp|| `c`",
        "\\*\\*bold\\*\\* \\_it\\_ \\~\\~s\\~\\~ \\|\\|sp\\|\\| \\`c\\`",
    );
    check(
        "# big\n> quote\n- list\n12. list\n-# small",
        "\\# big\n\\> quote\n\\- list\n12\\. list\n\\-\\# small",
    );
    check(
        "[click](https://evil.example)",
        "\\[click\\](https://evil.example)",
    );
    check("C:\\temp\\a_b", "C:\\\\temp\\\\a\\_b");
    check("1.5 倍", "1\\.5 倍");
    check("障害が発生しました。", "障害が発生しました。");
}

#[test]
fn mentions_and_stamps_are_only_words() {
    check(
        "<@1> <@!1> <@&2> <#3> <t:0:R> </claim:4> <:e:5>",
        "\\<@1\\> \\<@!1\\> \\<@&2\\> \\<\\#3\\> \\<t:0:R\\> \\</claim:4\\> \\<:e:5\\>",
    );
    check(
        "@everyone @HERE a@hereby",
        "@\u{200b}everyone @\u{200b}HERE a@\u{200b}hereby",
    );
    check("@\u{200b}everyone", "@\u{200b}everyone");
    check("\u{202e}gpj.exe\u{7}\r\nx", "gpj.exe\nx");
}

#[test]
fn plain_links_stay_links_and_invites_do_not() {
    check(
        "(https://example.com/a_b_c).",
        "(https://example.com/a_b_c).",
    );
    check(
        "見て https://example.com/x、次",
        "見て https://example.com/x、次",
    );
    check("discord.gg/abc", "discord\u{200b}.gg/abc");
    check("https://discord.gg/a_b", "https://discord\u{200b}.gg/a\\_b");
    check(
        "https://x.example/@everyone",
        "https://x.example/@\u{200b}everyone",
    );
    check("https://", "https://");
}

#[test]
fn whatever_others_escape_is_escaped_and_reads_the_same() {
    let corpus = corpus();
    for row in rows(&corpus, "escape") {
        let (typed, expected) = (
            row["input"].as_str().unwrap(),
            row["expected"].as_str().unwrap(),
        );
        let sent = escape(typed);
        assert_eq!(shown(&sent), typed, "{row}");
        let ours = escaped_places(&sent);
        for place in escaped_places(expected) {
            assert!(
                ours.contains(&place),
                "character {place} is bare in {sent:?}: {row}"
            );
        }
        if typed == expected && typed.starts_with("https://") {
            assert_eq!(sent, typed, "{row}");
        }
    }
}

#[test]
fn naughty_strings_keep_their_visible_characters() {
    let corpus = corpus();
    for row in rows(&corpus, "naughty_strings")
        .iter()
        .chain(&rows(&corpus, "mentions"))
    {
        let typed = row.as_str().or(row["inquiry_text"].as_str()).unwrap();
        let sent = escape(typed);
        let plain: String = visible(typed).chars().filter(|c| *c != GAP).collect();
        assert_eq!(shown(&sent), plain, "{typed:?}");
        assert!(!mentions(&sent), "{sent:?} mentions");
        for most in [1, 2, 5, 20] {
            let cut = cut(&sent, most, "");
            assert!(length(&cut) <= most && !mentions(&cut), "{cut:?}");
        }
    }
}

/// Whether Discord would read a mention, a stamp or a masked link: an opening that is not escaped.
fn mentions(sent: &str) -> bool {
    let bare = |mark: char| {
        let mut escaped = false;
        sent.chars().any(|c| {
            let hit = c == mark && !escaped;
            escaped = c == '\\' && !escaped;
            hit
        })
    };
    bare('<') || sent.contains("@everyone") || sent.contains("@here")
}

#[test]
fn a_cut_never_makes_a_mention_again() {
    let row = corpus();
    let row = rows(&row, "mentions")
        .into_iter()
        .find(|row| row["id"] == "split-by-truncation")
        .unwrap();
    let sent = escape(row["inquiry_text"].as_str().unwrap());
    for most in 1_980..2_005 {
        assert!(!mentions(&cut(&sent, most, "")));
    }
}

#[test]
fn a_cut_counts_code_units_and_keeps_escapes_and_marks_whole() {
    assert_eq!(cut("abcdef", 6, ""), "abcdef");
    assert_eq!(cut("abcdef", 4, ""), "abc…");
    assert_eq!(cut("😀😀😀", 5, ""), "😀😀…");
    assert_eq!(cut("😀😀😀", 4, ""), "😀…");
    assert_eq!(cut("ab\\*cd", 4, ""), "ab…");
    assert_eq!(cut("a\\\\\\*c", 5, ""), "a\\\\…");
    assert_eq!(cut("due <t:1234567890:R> x", 12, ""), "due…");
    assert_eq!(cut("abcdefgh", 7, " [x]"), "ab… [x]");
    assert_eq!(cut("abcdefgh", 4, " [too long]"), "abc…");
    assert_eq!(length("a😀あ"), 4);
}
