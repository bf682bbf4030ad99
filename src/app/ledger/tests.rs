#![allow(clippy::unwrap_used)]
//! The golden ledger: one body per (kind, version), kept for ever. A test fails when a kind has none, when a
//! golden body is read otherwise than it was written, or when it is written otherwise than it is kept.

use super::*;
use serde_json::Value;
use std::collections::BTreeSet;

const GOLDEN: &str = include_str!("golden.json");

fn golden() -> Vec<(String, u32, Value)> {
    let rows: Vec<Value> = serde_json::from_str(GOLDEN).unwrap();
    rows.into_iter()
        .map(|row| {
            let v = u32::try_from(row["v"].as_u64().unwrap()).unwrap();
            (
                row["kind"].as_str().unwrap().to_owned(),
                v,
                row["body"].clone(),
            )
        })
        .collect()
}

#[test]
fn every_golden_event_is_read_and_written_as_it_is_kept() {
    for (kind, v, body) in golden() {
        let event = from_stored(&kind, v, body.clone()).unwrap_or_else(|error| panic!("{error:?}"));
        if v == VERSION {
            assert_eq!(event.kind(), kind);
            assert_eq!(to_stored(&event), (kind, v, body));
        }
    }
}

/// The kinds as the code declares them: an unknown one is answered with the list.
fn kinds() -> BTreeSet<String> {
    let error = match from_stored("no such kind", VERSION, serde_json::json!({})) {
        Err(UpcastError::Unknown { .. }) => {
            serde_json::from_value::<Event>(serde_json::json!({ "kind": "no such kind" }))
                .unwrap_err()
                .to_string()
        }
        other => panic!("{other:?}"),
    };
    let (_, known) = error.split_once("expected one of").unwrap();
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_kind_has_a_golden_body_of_the_present_version() {
    let kept: BTreeSet<String> = golden()
        .into_iter()
        .filter(|(_, v, _)| *v == VERSION)
        .map(|(kind, ..)| kind)
        .collect();
    assert_eq!(kept, kinds());
}

#[test]
fn an_unknown_kind_or_version_stops_a_refold() {
    for (kind, v) in [("no_such_kind", VERSION), ("claimed", VERSION + 1)] {
        let outcome = from_stored(kind, v, serde_json::json!({ "by": "aoki" }));
        assert!(
            matches!(outcome, Err(UpcastError::Unknown { .. })),
            "{outcome:?}"
        );
    }
    let outcome = from_stored("claimed", VERSION, serde_json::json!({}));
    assert!(
        matches!(outcome, Err(UpcastError::Unreadable { .. })),
        "{outcome:?}"
    );
}
