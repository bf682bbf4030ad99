#![allow(clippy::unwrap_used)]

use super::*;
use crate::tabular::Encoding;
use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;

fn table(encoding: Encoding) -> Table {
    Table {
        encoding,
        delimiter: b',',
    }
}

#[track_caller]
fn check(body: &[u8], encoding: Encoding, rows: &Value) {
    let read = read(body, table(encoding)).unwrap();
    assert_eq!(&read.document["rows"], rows);
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, is_lossy) = SHIFT_JIS.encode(text);
    assert!(!is_lossy, "{text}");
    bytes.into_owned()
}

#[test]
fn a_row_is_an_object_by_the_headings() {
    let body = "ID,件名\n1,印刷できない\n2,遅い\n".as_bytes();
    check(
        body,
        Encoding::Utf8,
        &json!([{ "ID": "1", "件名": "印刷できない" }, { "ID": "2", "件名": "遅い" }]),
    );
}

#[test]
fn characters_that_only_windows_has_are_read() {
    let body = cp932("ID,会社\r\n①,㈱髙島﨑\r\nⅣ,㍻～−∥\r\n");
    for encoding in [Encoding::Cp932, Encoding::Auto] {
        let read = read(&body, table(encoding)).unwrap();
        assert_eq!(read.damaged, 0);
        assert_eq!(
            read.document["rows"][0],
            json!({ "ID": "①", "会社": "㈱髙島﨑" })
        );
        assert_eq!(read.document["rows"][1]["ID"], "Ⅳ");
    }
}

#[test]
fn the_second_byte_of_a_character_is_no_backslash_and_no_delimiter() {
    // 表, ソ and 能 end in the byte of a backslash; 弌 and ― hold others that mean something alone.
    let body = cp932("ID,件名\r\n1,表示ソフトの性能\r\n2,―弌\r\n");
    check(
        &body,
        Encoding::Cp932,
        &json!([{ "ID": "1", "件名": "表示ソフトの性能" }, { "ID": "2", "件名": "―弌" }]),
    );
}

#[test]
fn quotes_hold_line_breaks_commas_and_quotes() {
    let body = b"a,b\r\n\"one\r\ntwo\",\"x, \"\"y\"\"\"\r\n";
    check(
        body,
        Encoding::Utf8,
        &json!([{ "a": "one\r\ntwo", "b": "x, \"y\"" }]),
    );
}

#[test]
fn no_field_is_lost_whatever_the_length_of_its_row() {
    check(
        b"a,b\n1\n1,2,3\n",
        Encoding::Utf8,
        &json!([{ "a": "1" }, { "a": "1", "b": "2", "column_3": "3" }]),
    );
}

#[test]
fn headings_that_are_blank_or_come_twice_get_names_of_their_own() {
    check(
        "名前, 名前 ,,名前 (2)\n1,2,3,4\n".as_bytes(),
        Encoding::Utf8,
        &json!([{ "名前": "1", "名前 (2)": "2", "column_3": "3", "名前 (2) (2)": "4" }]),
    );
}

#[test]
fn an_empty_answer_has_no_rows_and_blank_lines_are_none() {
    check(b"", Encoding::Auto, &json!([]));
    check(b"a,b\r\n", Encoding::Auto, &json!([]));
    check(
        b"a,b\r\n\r\n\"\"\r\n1,2",
        Encoding::Auto,
        &json!([{ "a": "1", "b": "2" }]),
    );
}

#[test]
fn a_mark_at_the_start_is_no_part_of_a_heading() {
    check(
        b"\xef\xbb\xbfID\n7\n",
        Encoding::Auto,
        &json!([{ "ID": "7" }]),
    );
}

#[test]
fn what_the_encoding_does_not_have_is_visible_and_counted() {
    let read = read(b"a\n\xff\xfe\n", table(Encoding::Utf8)).unwrap();
    assert_eq!(read.document["rows"][0]["a"], "\u{fffd}\u{fffd}");
    assert_eq!(read.damaged, 2);
}

#[test]
fn a_tab_may_part_the_columns() {
    let read = read(
        b"a\tb\n1,5\t2\n",
        Table {
            encoding: Encoding::Auto,
            delimiter: b'\t',
        },
    );
    assert_eq!(
        read.unwrap().document["rows"],
        json!([{ "a": "1,5", "b": "2" }])
    );
}

#[test]
fn a_row_without_end_is_refused_with_its_line() {
    let body = format!("a\n{}\n", ",".repeat(1_000));
    let refused = read(body.as_bytes(), table(Encoding::Utf8)).unwrap_err();
    assert_eq!(refused, "a row has 1001 columns, more than 1000 (line 2)");
}

#[test]
fn ten_thousand_rows_are_read() {
    let mut text = "レコードID,件名,内容\r\n".to_owned();
    for n in 0..10_000 {
        text.push_str(&format!("{n},件名{n},\"内容の\r\n二行目 {n}\"\r\n"));
    }
    let read = read(&cp932(&text), table(Encoding::Auto)).unwrap();
    let rows = read.document["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 10_000);
    assert_eq!(rows[9_999]["内容"], "内容の\r\n二行目 9999");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        for (_, encoding) in Encoding::NAMES {
            let _ = read(&body, table(encoding));
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[あ-んa-z,\"\r\n ;表①]{0,8}", 3), 1..8),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["x", "y", "z"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        for body in [text.clone().into_bytes(), cp932(&text)] {
            let read = read(&body, table(Encoding::Auto)).unwrap();
            let found = read.document["rows"].as_array().unwrap();
            prop_assert_eq!(found.len(), rows.len());
            for (found, row) in found.iter().zip(&rows) {
                let fields = [&found["x"], &found["y"], &found["z"]];
                prop_assert_eq!(fields.map(|field| field.as_str().unwrap()), [&row[0], &row[1], &row[2]].map(String::as_str));
            }
        }
    }
}

#[test]
fn a_row_stands_on_the_line_where_it_begins() {
    let body = b"a,b\r\n\r\n\r\n1,2\r\n\"x\ny\",2\r\n3,4";
    let found = crate::tabular::read(body, Encoding::Auto, b',').unwrap();
    let lines: Vec<u64> = found.rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 5, 7]);
}
