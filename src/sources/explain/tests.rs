#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::source_config::{Encoding, Format, PollConfig, SourceKind, Table};
use crate::sources::Contact;
use crate::sources::tests::{config, id, mapping, poll_config, sources};
use serde_json::json;
use std::time::Duration;

fn read(
    change: impl FnOnce(&mut PollConfig),
    texts: &[(MapField, &str)],
    how: As,
    body: &[u8],
    beside: Beside,
) -> Result<Vec<Item>, String> {
    let mut poll = poll_config();
    change(&mut poll);
    let config = config(SourceKind::Poll(Box::new(poll)), mapping(texts));
    let sources = sources(&config, Contact::default(), Duration::from_secs(1));
    sources.explain(&id(), body, how, &beside)
}

fn given(text: &str) -> Outcome {
    Outcome::Given(text.to_owned())
}

/// What the text of one field gives over a document.
fn check(field: MapField, text: &str, document: Value, expected: impl Fn(&Outcome) -> bool) {
    let body = document.to_string();
    let items = read(
        |_| {},
        &[(field, text)],
        As::Delivered,
        body.as_bytes(),
        Beside::default(),
    );
    let items = items.unwrap();
    let [item] = &items[..] else {
        panic!("{items:?}")
    };
    let told = item.fields.iter().find(|told| told.field == field).unwrap();
    assert!(
        expected(&told.outcome),
        "{text} over {document}: {:?}",
        told.outcome
    );
    assert_eq!(told.text, text);
}

#[test]
fn every_kind_of_outcome_is_told() {
    let good = || json!({"id": 1, "title": "障害", "plan": "gold", "x": ""});
    check(MapField::Plan, "{{ plan }}", good(), |o| {
        *o == given("gold")
    });
    check(MapField::Plan, "{{ x }}", good(), |o| {
        *o == Outcome::Blank(None)
    });
    check(
        MapField::Plan,
        "{{ a.b }}",
        good(),
        |o| matches!(o, Outcome::Blank(Some(why)) if !why.is_empty()),
    );
    check(MapField::Url, "{{ plan }}", good(), |o| {
        *o == Outcome::Odd("gold".into())
    });
    check(MapField::NeededBy, "{{ plan }}", good(), |o| {
        *o == Outcome::Odd("gold".into())
    });
    check(MapField::IsClosed, "plan == 'gold'", good(), |o| {
        *o == given("true")
    });
    check(MapField::IsClosed, "plan", good(), |o| {
        matches!(o, Outcome::Odd(_))
    });
    check(MapField::Messages, "[]", good(), |o| *o == given("0"));
    check(MapField::Take, "plan == 'x'", good(), |o| {
        *o == given("false")
    });
    check(MapField::Take, "plan", good(), |o| {
        matches!(o, Outcome::Refused(_))
    });
    check(MapField::ExternalId, "{{ x }}", good(), |o| {
        matches!(o, Outcome::Refused(_))
    });
}

#[test]
fn all_fields_are_told_of_a_document_that_is_no_inquiry() {
    let texts = [
        (MapField::Plan, "{{ plan }}"),
        (MapField::Severity, "{{ s }}"),
    ];
    let body = br#"{"title": "t", "plan": "gold", "s": "S1"}"#;
    let items = read(|_| {}, &texts, As::Delivered, body, Beside::default()).unwrap();
    assert!(items[0].mapped.is_err());
    let told: Vec<MapField> = items[0].fields.iter().map(|told| told.field).collect();
    let all = [
        MapField::ExternalId,
        MapField::Title,
        MapField::Plan,
        MapField::Severity,
    ];
    assert_eq!(told, all);
}

#[test]
fn watching_changes_nothing_of_the_mapping() {
    let texts = [
        (MapField::Plan, "{{ plan }}"),
        (MapField::Url, "no url"),
        (MapField::Messages, "messages"),
    ];
    let body =
        br#"{"id": 1, "title": "t", "plan": "gold", "messages": [{"id": 1}, {"text": "x"}]}"#;
    let config = config(SourceKind::Poll(Box::new(poll_config())), mapping(&texts));
    let sources = sources(&config, Contact::default(), Duration::from_secs(1));
    let watched = sources
        .explain(&id(), body, As::Delivered, &Beside::default())
        .unwrap();
    let plain =
        crate::app::ports::Hooks::map(&sources, &id(), body, crate::time::Timestamp::UNIX_EPOCH);
    assert_eq!(watched[0].mapped, plain);
}

/// The ids of what a fetched text holds.
fn ids(change: impl FnOnce(&mut PollConfig), text: &[u8]) -> Vec<String> {
    let items = read(change, &[], As::Fetched, text, Beside::default()).unwrap();
    let id = |item: Item| {
        item.mapped
            .unwrap()
            .map_or("-".to_owned(), |m| m.external_id)
    };
    items.into_iter().map(id).collect()
}

#[test]
fn an_answer_a_list_an_item_and_a_table_are_told_apart() {
    let page = br#"{"items_found": [{"id": 1, "title": "a"}, {"id": 2, "title": "b"}]}"#;
    assert_eq!(ids(|_| {}, page), ["1", "2"]);
    assert_eq!(ids(|_| {}, br#"[{"id": 3, "title": "a"}]"#), ["3"]);
    assert_eq!(ids(|_| {}, br#"{"id": 4, "title": "a"}"#), ["4"]);
    assert_eq!(ids(|_| {}, br#"{"items_found": []}"#), Vec::<String>::new());
    let csv = |poll: &mut PollConfig| {
        poll.items = "rows".into();
        poll.format = Format::Csv(Table {
            encoding: Encoding::Auto,
            delimiter: b',',
        });
    };
    let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("id,title\r\n5,\u{2460}番\r\n6,髙島\r\n");
    assert_eq!(ids(csv, &sjis), ["5", "6"]);
    assert_eq!(ids(csv, br#"[{"id": 7, "title": "a"}]"#), ["7"]);
}

#[test]
fn details_stand_beside_the_item() {
    let texts = [(MapField::Body, "{{ detail.text }} {{ check.me }}")];
    let beside = Beside {
        detail: Some(json!({"text": "詳細"})),
        check: Some(json!({"me": "toban"})),
    };
    let items = read(
        |_| {},
        &texts,
        As::Fetched,
        br#"{"id": 1, "title": "a"}"#,
        beside,
    )
    .unwrap();
    let body = items[0].mapped.clone().unwrap().unwrap().body;
    assert_eq!(body.as_deref(), Some("詳細 toban"));
}

#[test]
fn what_is_no_document_at_all_is_an_error_with_its_place() {
    for how in [As::Delivered, As::Fetched] {
        let error = read(|_| {}, &[], how, b"<html>", Beside::default()).unwrap_err();
        assert!(error.contains("line 1"), "{error}");
    }
    let large = format!("{{\"x\": \"{}\"}}", "a".repeat(BODY_CAP));
    let error = read(
        |_| {},
        &[],
        As::Delivered,
        large.as_bytes(),
        Beside::default(),
    );
    assert!(error.unwrap_err().contains("larger"));
}
