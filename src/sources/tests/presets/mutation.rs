//! What can be wrong with a document: changes at any place of it.

use crate::tabular::Encoding;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

/// A change at one place.
#[derive(Clone, Debug)]
pub struct Mutation {
    at: Index,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Gone,
    Is(Value),
    /// JSON as it is written, for what no value can say.
    Raw(&'static str),
    Nested(usize),
    InList,
    InObject,
    /// A list with everything twice; anything else becomes a list of itself twice.
    Doubled,
    /// The same so many times.
    Crowd(usize),
}

/// What stands for something that is put in afterwards.
const GONE: &str = "@@gone@@";
const RAW: &str = "@@raw@@";

const RAWS: [&str; 12] = [
    r#""\ud83d""#,
    r#""a\udc00b""#,
    r#""\ud83d\ude00""#,
    r#""\u0000""#,
    r#""\u001b[2J\u0007\r\n\u0085\u202e""#,
    "123456789012345678901234567890",
    "-9223372036854775809",
    "18446744073709551616",
    "1e308",
    "1e400",
    "-0.0",
    r#"{"id":1,"id":2,"id":null}"#,
];

const DATES: [&str; 9] = [
    "2026-13-45T99:99:99Z",
    "2026-02-30",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "2026-11-24T09:57:01.999999999+09:00",
    "１２月２４日",
    "yesterday",
    "99999999999999999999",
];

/// What texts are made long of.
pub const PIECES: [&str; 18] = [
    "x",
    "あ",
    "😀",
    " ",
    "\n",
    "<div>",
    "<b><i><a href='",
    "<!--",
    "&#x1F600;",
    "&amp;",
    "<script>alert(1)</script>",
    "[a](b)",
    "> ",
    "```",
    "{{ secret }}{% for a in b %}",
    "\u{202e}",
    "\u{1b}[2J",
    "~",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => prop::sample::select(&DATES[..]).prop_map(str::to_owned),
        3 => (prop::sample::select(&PIECES[..]), prop_oneof![1usize..4, 100usize..20_000])
            .prop_map(|(piece, times)| piece.repeat(times)),
        1 => ".{0,40}",
        1 => Just(String::new()),
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    let numbers = prop::sample::select(vec![
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5e300),
        json!(0.1),
    ]);
    prop_oneof![
        4 => Just(Change::Gone),
        2 => Just(Change::Is(Value::Null)),
        1 => any::<bool>().prop_map(|it| Change::Is(it.into())),
        2 => numbers.prop_map(Change::Is),
        6 => texts().prop_map(|it| Change::Is(it.into())),
        1 => Just(Change::Is(json!([]))),
        1 => Just(Change::Is(json!({}))),
        3 => prop::sample::select(&RAWS[..]).prop_map(Change::Raw),
        1 => prop::sample::select(vec![3usize, 30, 80, 200]).prop_map(Change::Nested),
        1 => Just(Change::InList),
        1 => Just(Change::InObject),
        2 => Just(Change::Doubled),
        1 => (2usize..1_500).prop_map(Change::Crowd),
    ]
}

/// Some changes.
pub fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let one = (any::<Index>(), changes()).prop_map(|(at, change)| Mutation { at, change });
    prop::collection::vec(one, 1..6)
}

/// A document with its changes, written out.
pub fn mangled(value: &Value, mutations: &[Mutation]) -> String {
    let mut value = value.clone();
    let mut raws = Vec::new();
    for Mutation { at, change } in mutations {
        let mut n = at.index(count(&value));
        let place = nth(&mut value, &mut n).expect("it was counted");
        *place = match change {
            Change::Gone => GONE.into(),
            Change::Is(value) => value.clone(),
            Change::Raw(raw) => {
                raws.push(*raw);
                format!("{RAW}{}", raws.len() - 1).into()
            }
            Change::Nested(depth) => {
                raws.push(deep(*depth));
                format!("{RAW}{}", raws.len() - 1).into()
            }
            Change::InList => json!([place.take()]),
            Change::InObject => json!({ "value": place.take(), "name": "x" }),
            Change::Doubled => match place.take() {
                Value::Array(items) => items.iter().chain(&items).cloned().collect(),
                other => json!([other.clone(), other]),
            },
            Change::Crowd(times) => match place.take() {
                // Not the whole answer over and over: the bounds of its bytes are the client's.
                big if big.to_string().len() * times > 1_000_000 => big,
                one => vec![one; *times].into(),
            },
        };
    }
    prune(&mut value);
    let mut text = value.to_string();
    for (n, raw) in raws.iter().enumerate() {
        text = text.replace(&format!("\"{RAW}{n}\""), raw);
    }
    text
}

/// Lists in lists, so deep.
fn deep(depth: usize) -> &'static str {
    const LISTS: &str = concat!(
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
    );
    let half = LISTS.len() / 2;
    let depth = depth.min(half);
    &LISTS[half - depth..half + depth]
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn nth<'v>(value: &'v mut Value, n: &mut usize) -> Option<&'v mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, n)),
        Value::Object(fields) => fields.values_mut().find_map(|field| nth(field, n)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn prune(value: &mut Value) {
    let is_gone = |value: &Value| value == GONE;
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_gone(item));
            items.iter_mut().for_each(prune);
        }
        Value::Object(fields) => {
            let kept = std::mem::take(fields).into_iter();
            let kept: Map<_, _> = kept.filter(|(_, field)| !is_gone(field)).collect();
            *fields = kept;
            fields.values_mut().for_each(prune);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A table with changed cells and changed bytes, in CP932.
pub fn table(text: &str, mutations: &[Mutation]) -> Vec<u8> {
    let read = crate::tabular::read(text.as_bytes(), Encoding::Utf8, b',').unwrap();
    let mut rows: Vec<Vec<String>> = read.rows.into_iter().map(|(_, row)| row).collect();
    rows.insert(0, read.headings);
    let mut bytes = Vec::new();
    for Mutation { at, change } in mutations {
        let row = at.index(rows.len());
        let cells = &mut rows[row];
        let cell = at
            .index(cells.len().max(1))
            .min(cells.len().saturating_sub(1));
        match change {
            Change::Gone if !cells.is_empty() => drop(cells.remove(cell)),
            Change::Is(Value::String(text)) if !cells.is_empty() => cells[cell] = text.clone(),
            Change::Is(other) if !cells.is_empty() => cells[cell] = other.to_string(),
            Change::Doubled => {
                let again = rows[row].clone();
                rows.push(again);
            }
            Change::Crowd(times) => {
                let again = rows[row].clone();
                rows.extend(vec![again; times / 10]);
            }
            Change::InList => cells.push("余分".to_owned()),
            Change::Raw(raw) => bytes.push((*at, raw.bytes().rev().collect::<Vec<u8>>())),
            Change::Nested(depth) => bytes.push((*at, vec![0x81; *depth])),
            Change::InObject => bytes.push((*at, b"\"".to_vec())),
            Change::Gone | Change::Is(_) => {}
        }
    }
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows.iter().filter(|row| !row.is_empty()) {
        writer.write_record(row).unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let mut table = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    // What is no character of CP932 lands wherever it likes.
    for (at, piece) in bytes {
        let at = at.index(table.len() + 1);
        table.splice(at..at, piece);
    }
    table
}
