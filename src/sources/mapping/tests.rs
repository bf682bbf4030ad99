#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::source_config::SourceKind;
use crate::sources::tests::{at, config, mapping};
use proptest::prelude::*;
use serde_json::json;

fn mapped(texts: &[(MapField, &str)], document: &Value) -> Result<Option<Mapped>, HookError> {
    let config = config(SourceKind::Portal, mapping(texts));
    let mapper = Mapper::compile(&config, &config.mapping, &[]).unwrap();
    mapper.map(&Document::from(document), None)
}

/// The one thing said of a document with an id and a title.
fn check<T: PartialEq + std::fmt::Debug>(
    (field, text): (MapField, &str),
    value: Value,
    pick: impl Fn(&Mapped) -> T,
    expected: T,
    odd: &[&str],
) {
    let document = json!({"id": 7, "title": "障害", "x": value});
    let mapped = mapped(&[(field, text)], &document).unwrap().unwrap();
    assert_eq!(pick(&mapped), expected, "{text} over {value}");
    let fields: Vec<&str> = mapped.odd.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, odd, "{text} over {value}: {:?}", mapped.odd);
}

fn unmappable(texts: &[(MapField, &str)], document: Value, field: &str, why: &str) {
    match mapped(texts, &document) {
        Err(HookError::Unmappable {
            field: found,
            why: said,
        }) => {
            assert_eq!(found, field);
            assert!(
                said.to_string().contains(why),
                "{said:?} does not say {why:?}"
            );
        }
        other => panic!("{document} gave {other:?}"),
    }
}

#[test]
fn every_field_arrives_where_it_belongs() {
    let texts: Vec<(MapField, String)> = MapField::ALL
        .into_iter()
        .map(|field| match field.form() {
            TextForm::Template => (field, format!("{{{{ {} }}}}", field.key())),
            TextForm::Truth | TextForm::List => (field, field.key().to_owned()),
        })
        .collect();
    let texts: Vec<(MapField, &str)> = texts.iter().map(|(f, t)| (*f, t.as_str())).collect();
    let document = json!({
        "external_id": "E-1", "title": " 画面が\n 開かない ", "url": "https://t.example/1", "revision": 12,
        "delivery_id": "d-1", "body": "一行目\r\n二行目\n", "requester": "山田", "customer": "ACME", "plan": "gold",
        "product": "web", "region": "jp", "language": "ja", "kind": "調査", "severity": "S2",
        "business_stopped": true, "needed_by": "2026-11-21T10:00:00.1234+09:00",
        "escalated_at": "2026-11-20T00:00:00Z", "changed_at": "2026-11-20T01:00:00Z", "is_closed": true, "is_deleted": false,
        "owner": "aoki", "take": true,
        "messages": [
            {"id": 1, "by": "requester", "at": "2026-11-20T02:00:00Z", "text": "まだですか"},
            {"id": "2", "by": "team", "at": "2026-11-20T03:00:00Z", "text": "調べています"},
            {"id": "3", "by": "team", "at": "2026-11-20T03:00:00Z", "text": " "},
        ],
    });
    let mapped = mapped(&texts, &document).unwrap().unwrap();
    insta::assert_debug_snapshot!(mapped);
}

#[test]
fn without_id_or_title_it_is_unmappable() {
    unmappable(
        &[],
        json!({"title": "x"}),
        "external_id",
        "the document has no id",
    );
    unmappable(&[], json!({"id": 1}), "title", "the document has no title");
    unmappable(
        &[],
        json!({"id": 1, "title": " \u{3000}\n"}),
        "title",
        "blank",
    );
    unmappable(
        &[],
        json!({"id": null, "title": "x"}),
        "external_id",
        "blank",
    );
    unmappable(
        &[],
        json!({"id": "9".repeat(201), "title": "x"}),
        "external_id",
        "200",
    );
    unmappable(&[], json!([1, 2]), "external_id", "the document has no id");
    unmappable(&[], json!("text"), "external_id", "the document has no id");
    unmappable(
        &[(MapField::Title, "{{ title | date('Asia/Tokyo') }}")],
        json!({"id": 1, "title": "x"}),
        "title",
        "no date",
    );
}

#[test]
fn what_is_looked_up_and_not_found_is_named_with_what_there_is() {
    let row = json!({"id": 1, "which": "件名", "row": {"番号": "1", "題名": "x"}});
    let wanted = |text: &'static str, expected: &str| {
        unmappable(&[(MapField::Title, text)], row.clone(), "title", expected);
    };
    let there = "; there is 番号, 題名";
    for text in [
        "{{ row[which] }}",
        "{{- row[which] | trim | lower -}}",
        "{{ row[ which ] | trim }}",
    ] {
        // The name of the column, and neither the setting nor what the engine takes for it.
        let said = format!("finds no \"件名\"{there}");
        wanted(text, &said);
    }
    wanted(
        "{{ row['件名'] }}",
        &format!("row['件名'] finds no \"件名\"{there}"),
    );
    wanted("{{ 件名 }}", &format!("件名 gives nothing{there}"));
    wanted("{% if id %}{{ row[which] }}{% endif %}", there);
    // A table of words in the text itself.
    wanted(
        "{{ {'[a]': 'S1', '高': 'S2'}[row.題名] }}",
        "[row.題名] finds no \"x\"; there is [a], 高",
    );
    // And where it cannot be told, the text itself is quoted.
    let odd = json!({"id": 1, "alert": {"priority": [1]}});
    unmappable(
        &[(MapField::Title, "{{ {'高': 'S1'}[alert.priority] }}")],
        odd,
        "title",
        "{'高': 'S1'}[alert.priority] gives nothing",
    );
    unmappable(
        &[(MapField::Title, "{{ {'高': 'S1'}[alert.priority] }}")],
        json!({"id": 1, "alert": {}}),
        "title",
        "[alert.priority] gives nothing",
    );
}

#[test]
fn take_decides_whether_it_is_an_inquiry() {
    let take = [(MapField::Take, "action == 'opened'")];
    let document = |action: &str| json!({"id": 1, "title": "x", "action": action});
    assert!(mapped(&take, &document("opened")).unwrap().is_some());
    assert_eq!(mapped(&take, &document("labeled")), Ok(None));
    assert_eq!(
        mapped(&take, &json!({"action": "deleted"})),
        Ok(None),
        "before anything is required"
    );
    unmappable(
        &[(MapField::Take, "action")],
        json!({"id": 1, "title": "x", "action": 3}),
        "take",
        "true or false",
    );
    unmappable(
        &[(MapField::Take, "action")],
        json!({"id": 1, "title": "x"}),
        "take",
        "no value",
    );
}

#[test]
fn a_title_is_one_line_and_is_cut() {
    let document = json!({"id": 1, "title": "あ".repeat(600)});
    let title = mapped(&[], &document).unwrap().unwrap().title;
    assert_eq!(title.chars().count(), 500);
    assert!(title.ends_with('…'));
}

#[test]
fn what_the_document_lacks_is_absent_and_not_odd() {
    let plan = |m: &Mapped| m.plan.clone();
    check(
        (MapField::Plan, "{{ contract.plan }}"),
        json!(1),
        plan,
        None,
        &[],
    );
    check((MapField::Plan, "{{ x }}"), json!(null), plan, None, &[]);
    check((MapField::Plan, "{{ x }}"), json!(" "), plan, None, &[]);
    check(
        (MapField::Plan, "{{ x }}"),
        json!(5),
        plan,
        Some("5".into()),
        &[],
    );
    check(
        (MapField::IsClosed, "contract.ended"),
        json!(1),
        |m| m.is_closed,
        false,
        &[],
    );
    check(
        (MapField::Messages, "comments"),
        json!(1),
        |m| m.messages.len(),
        0,
        &[],
    );
}

#[test]
fn nonsense_in_an_optional_field_is_left_out_and_named() {
    let needed = |m: &Mapped| m.needed_by;
    let by = (MapField::NeededBy, "{{ x }}");
    check(
        by,
        json!("2026-11-21T10:00:00+09:00"),
        needed,
        Some(at("2026-11-21T01:00:00Z")),
        &[],
    );
    check(by, json!("tomorrow"), needed, None, &["needed_by"]);
    check(by, json!("2026-11-21"), needed, None, &["needed_by"]);
    check(by, json!({"a": 1}), needed, None, &["needed_by"]);
    check(
        (MapField::NeededBy, "{{ x | to_utc }}"),
        json!("soon"),
        needed,
        None,
        &["needed_by"],
    );
    check(
        (MapField::BusinessStopped, "x"),
        json!("yes"),
        |m| m.business_stopped,
        false,
        &["business_stopped"],
    );
    check(
        (MapField::Requester, "{{ x }}"),
        json!("x".repeat(501)),
        |m| m.requester.clone(),
        None,
        &["requester"],
    );
    check(
        (MapField::Body, "{{ x }}"),
        json!("x".repeat(70_000)),
        |m| m.body.clone(),
        None,
        &["body"],
    );
    check(
        (MapField::Messages, "x"),
        json!("none"),
        |m| m.messages.len(),
        0,
        &["messages"],
    );
}

#[test]
fn a_link_must_be_of_the_web() {
    let url = |m: &Mapped| m.url.clone();
    let link = (MapField::Url, "{{ x }}");
    check(
        link,
        json!("https://t.example/1"),
        url,
        Some("https://t.example/1".into()),
        &[],
    );
    check(link, json!("javascript:alert(1)"), url, None, &["url"]);
    check(link, json!("/issues/1"), url, None, &["url"]);
    check(
        (MapField::Url, "{{ base_url }}/i/{{ x }}"),
        json!(3),
        url,
        Some("https://tracker.example/i/3".into()),
        &[],
    );
}

#[test]
fn a_damaged_message_does_not_hide_the_others() {
    let good = json!({"id": 1, "by": "team", "at": "2026-11-20T02:00:00Z", "text": "はい"});
    let bad = [
        json!({"id": 2, "by": "bot", "at": "2026-11-20T02:00:00Z", "text": "x"}),
        json!({"id": 3, "by": "team", "at": "today", "text": "x"}),
        json!({"by": "team", "at": "2026-11-20T02:00:00Z", "text": "x"}),
    ];
    for bad in bad {
        let ids = |m: &Mapped| m.messages.iter().map(|m| m.id.clone()).collect::<Vec<_>>();
        check(
            (MapField::Messages, "x"),
            json!([bad, good]),
            ids,
            vec!["1".into()],
            &["messages"],
        );
    }
}

#[test]
fn a_conversation_may_be_larger_than_one_text() {
    let message = |n: usize| json!({"id": n, "by": "team", "at": "2026-11-20T02:00:00Z", "text": "x".repeat(9_000)});
    let messages: Vec<Value> = (0..20).map(message).collect();
    check(
        (MapField::Messages, "x"),
        json!(messages),
        |m| m.messages.len(),
        20,
        &[],
    );
}

#[test]
fn the_id_of_the_delivery_itself_wins() {
    let config = config(
        SourceKind::Portal,
        mapping(&[(MapField::DeliveryId, "{{ d }}")]),
    );
    let mapper = Mapper::compile(&config, &config.mapping, &[]).unwrap();
    let document = Document::from(&json!({"id": 1, "title": "x", "d": "inner"}));
    let id = |given: Option<&str>| {
        mapper
            .map(&document, given.map(str::to_owned))
            .unwrap()
            .unwrap()
            .delivery_id
    };
    assert_eq!(id(Some("outer")).as_deref(), Some("outer"));
    assert_eq!(id(None).as_deref(), Some("inner"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![
            Just("id"),
            Just("title"),
            Just("x"),
            Just("y"),
            Just("text"),
            Just("by")
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..6).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_document_makes_it_panic_or_pass_without_id_and_title(document in any_json()) {
        let texts = [
            (MapField::Body, "{{ x.y.id | truncate(10) }}{% for a in x %}{{ a }}{% endfor %}"),
            (MapField::Url, "{{ base_url }}/{{ x | urlencode }}"),
            (MapField::Severity, "{{ x | lookup({'1': 'S1'}, y) }}"),
            (MapField::NeededBy, "{{ x | to_utc('Asia/Tokyo') }}"),
            (MapField::Messages, "x"),
            (MapField::IsClosed, "x.y > 3 and y"),
            (MapField::Owner, "{{ x | first_line | upper }}"),
        ];
        match mapped(&texts, &document) {
            Ok(Some(mapped)) => prop_assert!(!mapped.external_id.is_empty() && !mapped.title.is_empty()),
            Ok(None) => prop_assert!(false, "nothing here is let pass"),
            Err(HookError::Unmappable { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn a_document_is_seen_as_item_unless_it_has_a_field_of_that_name() {
    let texts = [
        (MapField::ExternalId, "{{ item['$id'].value }}"),
        (MapField::Title, "{{ item[setting.title] }}"),
    ];
    let mut config = config(SourceKind::Portal, mapping(&texts));
    config
        .settings
        .insert("title".to_owned(), "件 名".to_owned());
    let mapper = Mapper::compile(&config, &config.mapping, &[]).unwrap();
    let map = |document: Value| mapper.map(&Document::from(&document), None);
    let mapped = map(json!({"$id": {"value": "41"}, "件 名": "障害"})).unwrap();
    let mapped = mapped.unwrap();
    assert_eq!((&*mapped.external_id, &*mapped.title), ("41", "障害"));
    let own = map(
        json!({"$id": {"value": "41"}, "件 名": "障害", "item": {"$id": {"value": "7"}, "件 名": "品"}}),
    );
    let own = own.unwrap().unwrap();
    assert_eq!((&*own.external_id, &*own.title), ("7", "品"));
}

#[test]
fn what_is_gone_needs_only_its_id() {
    let texts = [
        (MapField::ExternalId, "{{ id }}"),
        (MapField::Title, "{{ title }}"),
        (MapField::IsDeleted, "event == 'deleted'"),
    ];
    let gone = json!({"id": 7, "event": "deleted"});
    let found = mapped(&texts, &gone).unwrap().unwrap();
    assert!(found.is_deleted);
    assert_eq!(
        (found.external_id.as_str(), found.title.as_str()),
        ("7", "")
    );
    unmappable(&texts, json!({"event": "deleted"}), "external_id", "");
    unmappable(&texts, json!({"id": 7, "event": "made"}), "title", "");
    let made = json!({"id": 7, "event": "made", "title": "障害"});
    assert!(!mapped(&texts, &made).unwrap().unwrap().is_deleted);
}

#[test]
fn the_language_may_follow_the_country_with_an_exception() {
    let rule = (
        MapField::Language,
        "{{ x.language | default('ja' if x.region | default('') == 'jp' else 'en', true) }}",
    );
    let language = |mapped: &Mapped| mapped.language.clone();
    for (value, expected) in [
        (json!({"region": "jp"}), "ja"),
        (json!({"region": "us"}), "en"),
        (json!({}), "en"),
        (json!({"region": "jp", "language": "en"}), "en"),
        (json!({"region": "us", "language": ""}), "en"),
    ] {
        check(rule, value, language, Some(expected.to_owned()), &[]);
    }
}
