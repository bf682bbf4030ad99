#![allow(clippy::unwrap_used)]

use super::markdown;
use crate::clock;
use crate::expr::{Engine, ErrorKind};
use proptest::prelude::*;

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(markdown(html), expected, "of {html}");
}

#[test]
fn words_run_together_as_a_browser_shows_them() {
    check("  a \n  b&nbsp;c  ", "a b c");
    check(
        "請求書が<br>二重に\n発行される",
        "請求書が\n二重に 発行される",
    );
    check("<p>one</p><p>two</p>", "one\n\ntwo");
    check("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo");
    check("a<br><br><br><br>b", "a\n\nb");
    check("", "");
}

#[test]
fn scripts_styles_comments_and_titles_go() {
    check(
        "<html><head><title>no</title><style>p{a:b}</style></head><body>yes<script>if (a < b) {}</script>!</body>",
        "yes!",
    );
    check("a<!-- <b>hidden</b> -->b<![if !mso]>c<![endif]>", "abc");
    check("a<SCRIPT>x</SCRIPT >b", "ab");
    check("a<script>never ends", "a");
    check("a<!-- never ends", "a");
}

#[test]
fn lists_stand_in_lists() {
    check(
        "<ul><li>a<li>b<ul><li>c</li></ul></li></ul>",
        "- a\n- b\n  - c",
    );
    check(
        "<ol start=9><li>nine</li><li>ten<p>more</p></li></ol>",
        "9. nine\n10. ten\n\n    more",
    );
    check("x<ul><li></li><li>a</li></ul>y", "x\n\n- a\n\ny");
}

#[test]
fn links_say_where_they_lead_once() {
    check(
        "<a href=\"https://e.example/a (b)\">the page</a>",
        "[the page](https://e.example/a%20%28b%29)",
    );
    check(
        "see <a href='https://e.example/'>https://e.example</a>.",
        "see https://e.example.",
    );
    check("<a href=mailto:a@e.example>a@e.example</a>", "a@e.example");
    check("<a href=\"javascript:alert(1)\">click</a>", "click");
    check("<a href=\"https://e.example\"><img src=x></a>b", "b");
    check(
        "<a href=\"https://e.example/?a=1&amp;b=2\"> it </a>is",
        "[it](https://e.example/?a=1&b=2) is",
    );
}

#[test]
fn quotes_stand_in_quotes() {
    check(
        "a<blockquote>b<blockquote><p>c</p><p>d</p></blockquote></blockquote>e",
        "a\n\n> b\n>\n> > c\n> >\n> > d\n\ne",
    );
}

#[test]
fn a_table_of_facts_is_a_table() {
    check(
        "<table><thead><tr><th>製品</th><th>版</th></tr></thead><tr><td>core</td><td>1|2</td></tr><tr><td>only</td></tr></table>",
        "| 製品 | 版 |\n| --- | --- |\n| core | 1\\|2 |\n| only |  |",
    );
}

#[test]
fn a_table_that_lays_things_out_is_its_texts() {
    check(
        "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr><tr><td><p>c</p><p>d</p></td></tr></table>",
        "a\nb\n\nc\n\nd",
    );
}

#[test]
fn emphasis_headings_and_code_stay() {
    check("<h2>見出し <b>x</b></h2>text", "## 見出し **x**\n\ntext");
    check("a <b> bold </b>b <i></i><em>c</em>", "a **bold** b *c*");
    check("<b>one<p>two</b> three", "**one**\n\n**two** three");
    check("<pre>  a\n   b &lt;c&gt;</pre>", "```\n  a\n   b <c>\n```");
    check("run <code>x -y</code> <del>now</del>", "run `x -y` ~~now~~");
    check("a<hr>b", "a\n\n---\n\nb");
    check("<img alt=\"図1\" src=x>", "[図1]");
}

#[test]
fn what_is_broken_is_read_as_far_as_it_goes() {
    check(
        "a < b && c > d &unknown; &#x3042; &#0; &amp",
        "a < b && c > d &unknown; あ \u{fffd} &",
    );
    check("<p class='never closed>text</p>", "text");
    check("</td></li></table></b>x</a>", "x");
    check("<td>a</td><li>b", "a\n- b");
    check(
        "<table>before<tr><td>a<td>b</table>",
        "before\n\n| a | b |\n| --- | --- |",
    );
}

#[test]
fn hostile_nesting_and_size_are_bounded() {
    for tag in [
        "blockquote",
        "ul><li",
        "table><tr><td",
        "b",
        "a href=https://e.example",
        "div",
        "p",
        "font",
        "pre",
    ] {
        let html = format!("<{tag}>x").repeat(40_000);
        let written = markdown(&html);
        assert!(written.len() <= 300_000, "{tag}: {}", written.len());
        assert!(written.contains('x'), "{tag}");
    }
    let wide = format!(
        "<table><tr>{}</tr>{}</table>",
        "<td>a".repeat(1_000),
        "<tr><td>b".repeat(10_000)
    );
    assert!(markdown(&wide).len() <= 300_000);
    let lines = format!("{}{}", "<blockquote>".repeat(100), "a<br>".repeat(50_000));
    assert!(markdown(&lines).len() <= 300_000);
}

#[test]
fn every_mapping_can_use_it() {
    let template = Engine::new()
        .compile_template("{{ body | markdown | first_line }}")
        .unwrap();
    let document = serde_json::json!({"body": "<p>一行目</p><p>二行目</p>"});
    assert_eq!(template.render(&document).unwrap(), "一行目");
    let template = Engine::new()
        .compile_template("{{ body | markdown }}")
        .unwrap();
    let document = serde_json::json!({"body": "long ".repeat(20_000)});
    let error = template.render(&document).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge, "{error}");
}

proptest! {
    #[test]
    fn no_text_panics_or_grows(html in "(<[/!]?(table|tr|td|ul|ol|li|b|a href='|blockquote|pre|h1|br|script|p)?[ />]{0,2}|&[#a-z0-9]{0,4};?|[ -~]{0,6}|\\PC{0,3}){0,60}") {
        let written = markdown(&html);
        prop_assert!(written.len() <= 40 * html.len() + 100);
    }
}

#[test]
fn entities_are_all_that_there_are_and_padding_is_not_seen() {
    check(
        "&ouml;&rarr;&hearts;&NotEqualTilde;&copy 2026",
        "ö→♥≂̸© 2026",
    );
    check("a&ensp;b&thinsp;c&emsp;d", "a b c d");
    check(
        "<div>&zwnj;&nbsp;&zwnj;&nbsp;&#8203;</div>見出し&shy;語",
        "見出し語",
    );
    check("👩&zwj;💻", "👩\u{200d}💻");
    check(
        "<a href='https://e.example/?a=1&copy=2&amp;b'>x</a>",
        "[x](https://e.example/?a=1&copy=2&b)",
    );
    check("a&#27;b\u{1b}", "a\u{fffd}b\u{fffd}");
}

#[test]
fn tags_are_read_as_browsers_read_them() {
    check("<p title='a > b'>x</p>", "x");
    check(
        "<A HREF=https://e.example/x/ HREF=https://other.example>y</A>",
        "[y](https://e.example/x/)",
    );
    check("a<textarea><b>b</textarea>c<xmp><i></xmp>d", "acd");
    check("a<title/>b<noscript>c</noscript>", "abc");
    check("a<br/>b<hr/>c", "a\nb\n\n---\n\nc");
    check("<![CDATA[x]]>y<?xml z?>", "y");
}

#[test]
fn a_tag_that_never_ends_hides_only_itself() {
    check("a <p class=\"x>b<i>c</i> d", "a\n\nb*c* d");
    check("a <img alt='b>c</p>", "a c");
    check("a <img alt='b", "a");
    let many = "<p class=\">x".repeat(1_001);
    assert!(markdown(&many).len() <= 2 * 1_001);
}

/// Large and hostile: what a megabyte costs grows with it and no faster, so that a debug build is through in seconds.
#[test]
fn a_megabyte_of_anything_is_bounded() {
    let m = 1_000_000;
    for (name, html) in [
        ("200k open b", "<b>".repeat(200_000)),
        ("200k open div x", "<div>x".repeat(200_000)),
        ("200k blockquote", "<blockquote>".repeat(100_000)),
        ("200k table", "<table><tr><td>".repeat(100_000)),
        ("200k misnested", "<b><i></b></i>".repeat(100_000)),
        ("attr 1MB", format!("<a href=\"{}\">x</a>", "a".repeat(m))),
        (
            "attr 1MB never ends",
            format!("<a href=\"{}", "a".repeat(m)),
        ),
        ("attrs 200k", format!("<a {}>x</a>", "b=c ".repeat(250_000))),
        (
            "attrs distinct",
            format!(
                "<a {}>x</a>",
                (0..100_000).map(|n| format!("b{n}=c ")).collect::<String>()
            ),
        ),
        (
            "attr unquoted spaces",
            format!("<a {}>x</a>", " ".repeat(m)),
        ),
        (
            "attr quote spaces",
            format!("<a {}>x</a>", "  '".repeat(m / 3)),
        ),
        ("open quotes", "<a b='>".repeat(m / 7)),
        ("open quotes dq", "<p class=\">x".repeat(m / 12)),
        ("comment endless", format!("<!-- {}", "-".repeat(m))),
        ("comments endless many", "<!-- ".repeat(m / 5)),
        ("lt bang", "<!".repeat(m / 2)),
        ("lt", "<".repeat(m)),
        ("entities", "&amp;".repeat(m / 5)),
        ("entities unfinished", "&".repeat(m)),
        ("entities num", "&#12345;".repeat(m / 8)),
        (
            "entities long",
            "&CounterClockwiseContourIntegra".repeat(m / 31),
        ),
        (
            "script endless",
            format!("<script>{}", "</scrip".repeat(m / 7)),
        ),
        ("scripts many", "<script></script>".repeat(m / 17)),
        ("scripts opened", "<script>x".repeat(m / 9)),
        ("tag name 1MB", format!("<{}>x", "a".repeat(m))),
        ("cdata", "<![CDATA[".repeat(m / 9)),
        ("plain text", "word ".repeat(m / 5)),
        ("pre", "<pre>\n".repeat(m / 6)),
        ("li", "<ul><li>x".repeat(m / 9)),
        ("japanese", "請求書が".repeat(m / 12)),
        ("closes", "</b></td></li></a>".repeat(m / 18)),
    ] {
        let began = clock::monotonic();
        let written = markdown(&html);
        assert!(written.len() <= 300_000, "{name}: {}", written.len());
        // Shown by `--nocapture`, and compared by hand: a machine that is busy is no failure.
        eprintln!("{name}: {} bytes, {:?}", html.len(), began.elapsed());
    }
}
