#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn check(body: &[u8], expected: Result<Value, &str>) {
    let found = read(body, DEPTH_CAP, Nul::Refused);
    assert_eq!(
        found,
        expected.map_err(str::to_owned),
        "{}",
        String::from_utf8_lossy(body)
    );
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn a_document_is_read_as_it_stands() {
    check(
        b"{\"a\": [1, -2, 2.5, true, null, \"x\"]}",
        Ok(json!({"a": [1, -2, 2.5, true, null, "x"]})),
    );
    check(
        "{\"件名\": \"障害\"}".as_bytes(),
        Ok(json!({"件名": "障害"})),
    );
    check(b"18446744073709551615", Ok(json!(u64::MAX)));
}

#[test]
fn a_byte_order_mark_is_tolerated() {
    check(b"\xef\xbb\xbf{}", Ok(json!({})));
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    check(b"", Err("EOF while parsing a value (line 1, column 0)"));
    check(
        b"{\n  \"a\": tru}",
        Err("expected ident (line 2, column 11)"),
    );
    check(b"{} {}", Err("trailing characters (line 1, column 4)"));
    check(b"id=5&title=x", Err("expected value (line 1, column 1)"));
}

#[test]
fn another_encoding_is_refused_with_its_place() {
    check(
        b"{\"a\":\n\"\x8f\xe1\x8a\x51\"}",
        Err("it is not UTF-8 (line 2, column 2)"),
    );
    check(b"\xff\xfe{\0}\0", Err("it is not UTF-8 (line 1, column 1)"));
}

#[test]
fn nul_is_refused_in_values_in_keys_and_raw() {
    check(
        b"{\"a\": \"x\\u0000y\"}",
        Err("a text holds the character NUL (\\u0000) (line 1, column 16)"),
    );
    let key = read(b"{\"\\u0000\": 1}", DEPTH_CAP, Nul::Refused).unwrap_err();
    assert!(key.starts_with("a text holds the character NUL"), "{key}");
    let raw = read(b"{\"a\": \"x\0y\"}", DEPTH_CAP, Nul::Refused).unwrap_err();
    assert!(raw.starts_with("control character"), "{raw}");
}

#[test]
fn nul_in_an_answer_is_replaced() {
    let found = read(b"[\"x\\u0000y\"]", DEPTH_CAP, Nul::Replaced);
    assert_eq!(found, Ok(json!(["x\u{fffd}y"])));
}

#[test]
fn half_a_character_is_replaced_and_refuses_nothing() {
    for (written, read) in [
        (r#""a\ud83d""#, "a\u{fffd}"),
        (r#""\udE00a""#, "\u{fffd}a"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83d\n\ude00""#, "\u{fffd}\n\u{fffd}"),
        (r#""\\ud83d""#, "\\ud83d"),
        (r#""\\\ud83d""#, "\\\u{fffd}"),
        (r#""\u3042\ud83dあ""#, "あ\u{fffd}あ"),
    ] {
        check(written.as_bytes(), Ok(json!(read)));
    }
    // What is no escape at all is refused as before.
    for broken in [r#""\ud83"#, r#""\u+d83""#, r#""\ud8あ""#, r#""\"#, r#""\u"#] {
        assert!(
            read(broken.as_bytes(), DEPTH_CAP, Nul::Refused).is_err(),
            "{broken}"
        );
    }
}

#[test]
fn depth_64_is_read_and_65_is_not() {
    assert!(read(nested(64).as_bytes(), DEPTH_CAP, Nul::Refused).is_ok());
    check(
        nested(65).as_bytes(),
        Err("it is nested more than 64 levels deep (line 1, column 66)"),
    );
    let objects = format!("{}1{}", "{\"a\":".repeat(65), "}".repeat(65));
    assert!(
        read(objects.as_bytes(), DEPTH_CAP, Nul::Refused)
            .unwrap_err()
            .contains("64 levels")
    );
}

#[test]
fn a_very_deep_document_is_refused_and_never_built() {
    assert!(
        read("[".repeat(250_000).as_bytes(), DEPTH_CAP, Nul::Refused)
            .unwrap_err()
            .contains("64 levels")
    );
    assert!(
        read(nested(120).as_bytes(), ANSWER_DEPTH_CAP, Nul::Replaced)
            .unwrap_err()
            .contains("100 levels")
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&body, DEPTH_CAP, Nul::Refused);
    }

    #[test]
    fn no_escapes_make_it_panic(text in r#""(\\\\|\\u|d8|DC|3d|00|あ|\\"|[a-f]){0,12}"?"#) {
        let _ = read(text.as_bytes(), DEPTH_CAP, Nul::Refused);
    }

    #[test]
    fn what_serde_json_writes_is_read_back(text in "[^\\x00]{0,40}", number in any::<i64>(), real in -1e12..1e12f64) {
        let document = json!({"text": text.clone(), text: [number, real]});
        let body = document.to_string();
        prop_assert_eq!(read(body.as_bytes(), DEPTH_CAP, Nul::Refused), Ok(document));
    }
}
