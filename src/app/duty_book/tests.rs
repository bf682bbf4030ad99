#![allow(clippy::unwrap_used)]
//! The golden lines of the duty book: one body per kind, kept for ever.

use super::line::VERSION;
use super::*;
use crate::app::ledger::UpcastError;
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("golden.json");

fn golden() -> Vec<(String, u32, Value)> {
    let rows: Vec<Value> = serde_json::from_str(GOLDEN).unwrap();
    let row = |row: Value| {
        let v = u32::try_from(row["v"].as_u64().unwrap()).unwrap();
        let kind = row["kind"].as_str().unwrap().to_owned();
        (kind, v, row["body"].clone())
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn every_golden_line_is_read_and_written_as_it_is_kept() {
    for (kind, v, body) in golden() {
        let event = from_stored(&kind, v, body.clone()).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(to_stored(&event), (kind, v, body));
    }
}

#[test]
fn every_kind_has_a_golden_line() {
    let error = serde_json::from_value::<DutyEvent>(json!({ "kind": "no such kind" }));
    let error = error.unwrap_err().to_string();
    let (_, known) = error.split_once("expected one of").unwrap();
    let kinds: BTreeSet<&str> = known.split('`').skip(1).step_by(2).collect();
    let kept = golden();
    let kept: BTreeSet<&str> = kept.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kept, kinds);
}

#[test]
fn an_unknown_kind_or_version_is_not_guessed_at() {
    for (kind, v) in [("no_such_kind", VERSION), ("swap_accepted", VERSION + 1)] {
        let outcome = from_stored(kind, v, json!({ "number": 1 }));
        assert!(matches!(outcome, Err(UpcastError::Unknown { .. })));
    }
    let outcome = from_stored("swap_accepted", VERSION, json!({}));
    assert!(matches!(outcome, Err(UpcastError::Unreadable { .. })));
}
