#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn document() -> Value {
    json!({
        "issue": {
            "id": 1042, "title": "  支払いが通らない  ", "priority": "High", "note": null, "urgent": true,
            "at": "2026/11/21 10:32", "body": "\n\n一行目\n二行目", "tags": ["pay", "jp"],
            "comments": [{"by": "Aoki", "text": "見ます"}, {"by": "Inoue", "text": "はい"}],
        },
        "customer": {"name": "ＡＢＣ商事　１２３", "plan": "gold"},
    })
}

fn render(text: &str) -> Result<String, ExprError> {
    Engine::new().compile_template(text)?.render(&document())
}

fn eval(text: &str) -> Result<Value, ExprError> {
    Engine::new().compile_expression(text)?.eval(&document())
}

fn test(text: &str) -> Result<bool, ExprError> {
    Engine::new().compile_expression(text)?.test(&document())
}

#[track_caller]
fn check(text: &str, expected: Value) {
    assert_eq!(eval(text), Ok(expected), "{text}");
}

#[track_caller]
fn says(result: Result<impl std::fmt::Debug, ExprError>, kind: ErrorKind, part: &str) {
    let error = result.expect_err("an error was expected");
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.to_string().contains(part), "{error}");
}

#[test]
fn a_template_fills_its_holes() {
    assert_eq!(
        render("[#{{ issue.id }}] {{ issue.title|trim }}").unwrap(),
        "[#1042] 支払いが通らない"
    );
    assert_eq!(
        render("{% for c in issue.comments %}{{ c.by }}: {{ c.text }};{% endfor %}").unwrap(),
        "Aoki: 見ます;Inoue: はい;"
    );
    assert_eq!(
        render("{% set t = issue.title|trim %}{{ t ~ '!' }}").unwrap(),
        "支払いが通らない!"
    );
}

#[test]
fn text_is_not_escaped_and_null_is_empty() {
    assert_eq!(
        render("{{ '<b> & \"x\"' }}|{{ issue.note }}|").unwrap(),
        "<b> & \"x\"||"
    );
}

#[test]
fn filters_do_what_mappings_need() {
    check("issue.title|trim", json!("支払いが通らない"));
    check("issue.priority|lower", json!("high"));
    check("customer.plan|upper", json!("GOLD"));
    check(
        "customer.name|replace('商事', '')|halfwidth",
        json!("ABC 123"),
    );
    check("issue.body|first_line", json!("一行目"));
    check("issue.missing|default('x')", json!("x"));
    check("issue.note|default('x', true)", json!("x"));
    check("'あいうえお'|truncate(3)", json!("あい…"));
    check("'あいう'|truncate(3)", json!("あいう"));
    check("'abc'|truncate(0)", json!(""));
    check("issue.tags|join(', ')", json!("pay, jp"));
    check(
        "issue.comments|map(attribute='by')|join('・')",
        json!("Aoki・Inoue"),
    );
    check("issue.comments|length", json!(2));
    check("issue.tags|tojson", json!("[\"pay\",\"jp\"]"));
    check(
        "issue.priority|lookup({'High': 'S1', 'Low': 'S4'})",
        json!("S1"),
    );
    check("issue.priority|lookup({'Low': 'S4'}, 'S3')", json!("S3"));
    check("issue.missing|lookup({'Low': 'S4'}, 'S3')", json!("S3"));
    check(
        "'Aladdin:open sesame'|b64",
        json!("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    );
    check("'鍵'|b64", json!("6Y21"));
    check("'2026-11-24T00:00:00Z'|epoch - 300", json!(1795478100));
    check("'2026-11-24T09:00:00.9+0900'|epoch", json!(1795478400));
    check(
        "issue.id|lookup({1042: 'number', '7': 'text'})",
        json!("number"),
    );
    check("7|lookup({'7': 'text'})", json!("text"));
    says(
        eval("issue.priority|lookup({'Low': 'S4'})"),
        ErrorKind::Mismatch,
        "`High` is not in the table",
    );
}

#[test]
fn values_keep_their_json_type() {
    check("issue.id", json!(1042));
    check("issue", document()["issue"].clone());
    check("issue.note", json!(null));
    check("1.5", json!(1.5));
    check(
        "[1, 'a', {'k': issue.urgent}]",
        json!([1, "a", {"k": true}]),
    );
    check("18446744073709551615", json!(u64::MAX));
}

#[test]
fn dates_come_out_as_rfc_3339() {
    let tokyo = |text: &str| eval(&format!("{text}|date('Asia/Tokyo')")).unwrap();
    for same in [
        "issue.at",
        "'2026-11-21 10:32'",
        "'2026-11-21T10:32:00'",
        "'2026-11-21T10:32:00+09:00'",
        "'2026-11-21T01:32:00Z'",
        "'2026-11-21 01:32:00 UTC'",
        "'2026-11-21 10:32:00 +0900'",
        "'2026-11-21 10:32 JST'",
        "'２０２６／１１／２１　１０：３２'",
        "'2026年11月21日 10時32分'",
        "'2026年11月21日10:32'",
        "'Sat, 21 Nov 2026 10:32:00 +0900'",
        "1795224720",
        "'1795224720'",
        "1795224720000",
        "'1795224720000'",
        "1795224720.0",
    ] {
        assert_eq!(tokyo(same), json!("2026-11-21T10:32:00+09:00"), "{same}");
    }
    check(
        "issue.at|to_utc('Asia/Tokyo')",
        json!("2026-11-21T01:32:00Z"),
    );
    check(
        "'2026-11-21T10:32+09:00'|to_utc",
        json!("2026-11-21T01:32:00Z"),
    );
    check(
        "'2026/1/2'|date('Asia/Tokyo')",
        json!("2026-01-02T00:00:00+09:00"),
    );
    check(
        "'20260102'|date('Asia/Tokyo')",
        json!("2026-01-02T00:00:00+09:00"),
    );
}

#[test]
fn a_date_in_a_gap_is_its_first_instant_after_and_in_an_overlap_the_first() {
    check(
        "'2026-03-08 02:30'|date('America/New_York')",
        json!("2026-03-08T03:00:00-04:00"),
    );
    check(
        "'2026-11-01 01:30'|date('America/New_York')",
        json!("2026-11-01T01:30:00-04:00"),
    );
}

#[test]
fn what_is_no_date_is_refused_in_words() {
    says(
        eval("'soon'|date('Asia/Tokyo')"),
        ErrorKind::Mismatch,
        "`soon` is no date",
    );
    says(
        eval("'2026-13-40 10:00'|date('Asia/Tokyo')"),
        ErrorKind::Mismatch,
        "is no date",
    );
    says(
        eval("issue.at|to_utc"),
        ErrorKind::Mismatch,
        "says no time zone",
    );
    says(
        eval("issue.at|date('Asia/Tokio')"),
        ErrorKind::Mismatch,
        "no time zone `Asia/Tokio`",
    );
    says(
        eval("99999999999999999|to_utc"),
        ErrorKind::Mismatch,
        "too large for a date",
    );
    says(
        eval("'999999999999999999999999'|to_utc"),
        ErrorKind::Mismatch,
        "is no date",
    );
}

#[test]
fn a_rule_answers_true_or_false() {
    assert_eq!(
        test("issue.priority == 'High' and customer.plan in ['gold', 'platinum']"),
        Ok(true)
    );
    assert_eq!(test("issue.urgent and not issue.id > 2000"), Ok(true));
    assert_eq!(test("issue.missing is defined"), Ok(false));
    assert_eq!(test("issue.missing|default('') == 'x'"), Ok(false));
    says(
        test("issue.missing == 'x'"),
        ErrorKind::Undefined,
        "`issue.missing` is undefined",
    );
}

#[test]
fn a_rule_that_answers_something_else_names_it() {
    says(
        test("customer.plan"),
        ErrorKind::NotBoolean,
        "string `gold` where true or false is needed",
    );
    says(test("issue.id"), ErrorKind::NotBoolean, "number `1042`");
    says(test("issue.note"), ErrorKind::NotBoolean, "none");
    says(
        test("issue.missing"),
        ErrorKind::Undefined,
        "`issue.missing` has no value",
    );
}

#[test]
fn a_missing_field_is_an_error_that_names_it() {
    says(
        render("{{ issue.titel }}"),
        ErrorKind::Undefined,
        "`issue.titel` is undefined",
    );
    says(
        eval("isue.title"),
        ErrorKind::Undefined,
        "`isue` is undefined",
    );
    says(
        eval("issue.titel"),
        ErrorKind::Undefined,
        "`issue.titel` has no value",
    );
    says(
        eval("issue.titel|upper"),
        ErrorKind::Undefined,
        "issue.titel",
    );
    assert_eq!(
        render("{% if issue.titel %}a{% else %}b{% endif %}").unwrap(),
        "b"
    );
}

#[test]
fn an_unknown_name_suggests_the_nearest_before_anything_runs() {
    let engine = Engine::new();
    says(
        engine.compile_expression("a|lowr"),
        ErrorKind::UnknownName,
        "no filter `lowr`; did you mean `lower`?",
    );
    says(
        engine.compile_template("{{ a|first_lin }}"),
        ErrorKind::UnknownName,
        "did you mean `first_line`?",
    );
    says(
        engine.compile_expression("a is defned"),
        ErrorKind::UnknownName,
        "no test `defned`; did you mean `defined`?",
    );
    says(
        engine.compile_expression("a|zzzz"),
        ErrorKind::UnknownName,
        "no filter `zzzz`",
    );
}

#[test]
fn an_error_points_at_its_place() {
    let text = "題名: {{ issue.title }}\n件 {{ a|nosuch }}";
    let error = Engine::new().compile_template(text).unwrap_err();
    assert!(
        text[error.range.clone().unwrap()].contains("nosuch"),
        "{error:?}"
    );
    assert_eq!((error.line, error.text.as_ref()), (Some(2), text));
    let error = render("a\n{{ issue.title + 1 }}").unwrap_err();
    assert_eq!(
        (error.kind, error.line, error.column),
        (ErrorKind::Mismatch, Some(2), Some(4))
    );
    let error = Engine::new().compile_expression("a ==").unwrap_err();
    assert_eq!((error.kind, error.line), (ErrorKind::Syntax, Some(1)));
}

#[test]
fn what_could_escape_the_limits_is_not_offered() {
    let engine = Engine::new();
    for text in [
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% macro m(a) %}{{ m(a ~ a) }}{% endmacro %}",
        "{% set x %}a{% endset %}",
        "{% filter upper %}a{% endfilter %}",
        "{% autoescape true %}a{% endautoescape %}",
        "{% for a in b recursive %}{{ loop(a) }}{% endfor %}",
        "{{ range(10) }}",
        "{{ namespace() }}",
        "{{ debug() }}",
        "{{ a.items() }}",
        "{{ 'x'.__class__() }}",
    ] {
        says(
            engine.compile_template(text),
            ErrorKind::NotOffered,
            "not offered here",
        );
    }
}

#[test]
fn a_value_cannot_grow_out_of_proportion() {
    let engine = Engine::new();
    let doubled = format!(
        "{{% set a = issue.body %}}{}",
        "{% set a = a ~ a %}".repeat(40)
    );
    says(
        engine.compile_template(&doubled),
        ErrorKind::Growth,
        "out of proportion",
    );
    let nested = format!(
        "{}{}",
        "{% for a in [a ~ a] %}".repeat(30),
        "{% endfor %}".repeat(30)
    );
    says(
        engine.compile_template(&nested),
        ErrorKind::Growth,
        "out of proportion",
    );
    let with = format!(
        "{}{}",
        "{% with a = a + a %}".repeat(30),
        "{% endwith %}".repeat(30)
    );
    says(
        engine.compile_template(&with),
        ErrorKind::Growth,
        "out of proportion",
    );
    says(
        engine.compile_expression("'a' * 100000000"),
        ErrorKind::Growth,
        "out of proportion",
    );
    says(
        engine.compile_expression("issue.title * issue.id"),
        ErrorKind::Growth,
        "both sides are numbers",
    );
    says(
        eval("issue.tags|map('upper')"),
        ErrorKind::Mismatch,
        "map(attribute=",
    );
    check("issue.id|int * 2", json!(2084));
    check("issue.id|int * issue.tags|length", json!(2084));
}

#[test]
fn endless_work_stops_and_huge_answers_are_refused() {
    let many = json!({"l": vec![0; 3000], "s": "あ".repeat(10_000)});
    let run = |text: &str| Engine::new().compile_template(text).unwrap().render(&many);
    let loops =
        "{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}";
    says(run(loops), ErrorKind::OutOfFuel, "did not finish");
    says(
        run("{% for a in l %}{{ s }}{% endfor %}"),
        ErrorKind::TooLarge,
        "larger than 65536 bytes",
    );
    says(
        run("{{ s|replace('あ', s) }}"),
        ErrorKind::TooLarge,
        "larger than 65536 bytes",
    );
    says(
        run("{{ l|join(s) }}"),
        ErrorKind::TooLarge,
        "larger than 65536 bytes",
    );
    let expression = Engine::new().compile_expression("[s, s, s]").unwrap();
    says(
        expression.eval(&many),
        ErrorKind::TooLarge,
        "larger than 65536 bytes",
    );
    assert_eq!(run("{{ s }}").unwrap().len(), 30_000);
}

#[test]
fn long_texts_cost_more_than_short_ones() {
    let long = json!({"l": vec![0; 3000], "s": "あ".repeat(80_000), "m": {"k": ["x", {"n": "あ".repeat(80_000)}]}});
    let run = |text: &str| Engine::new().compile_template(text).unwrap().render(&long);
    for text in [
        "{% for a in l %}{% if s|lower|upper == 'x' %}{% endif %}{% endfor %}",
        "{% for a in l %}{% if m|tojson == 'x' %}{% endif %}{% endfor %}",
        "{% for a in l %}{% if 'x'|replace(s, 'y') == 'z' %}{% endif %}{% endfor %}",
    ] {
        says(run(text), ErrorKind::OutOfFuel, "its budget of 50000 steps");
    }
    assert_eq!(
        run("{% for a in l %}{{ 'ab'|upper|first }}{% endfor %}")
            .unwrap()
            .len(),
        3000
    );
    assert_eq!(run("{{ s|lower|trim|truncate(10)|length }}").unwrap(), "10");
}

#[test]
fn deep_texts_are_refused_before_the_engine_recurses() {
    let engine = Engine::new();
    let long = |part: &str, n: usize| part.repeat(n);
    for text in [
        format!("a{}", long("~a", 9000)),
        format!("a{}", long(".a", 9000)),
        format!("a{}", long("[0]", 9000)),
        format!("a{}", long("|upper", 4000)),
        format!("{}a{}", long("(", 9000), long(")", 9000)),
        format!("{}a", long("not ", 8000)),
        format!("{}a", long("-", 9000)),
        format!("{}{}", long("[", 9000), long("]", 9000)),
        format!("a{}", long(" if b else a", 2500)),
    ] {
        assert!(engine.compile_expression(&text).is_err());
        assert!(
            engine
                .compile_template(&format!("{{{{ {text} }}}}"))
                .is_err()
        );
    }
    let elifs = format!("{{% if a %}}{}{{% endif %}}", long("{% elif a %}x", 2000));
    says(engine.compile_template(&elifs), ErrorKind::TooLong, "elif");
    says(
        engine.compile_template(&"x".repeat(SOURCE_CAP + 1)),
        ErrorKind::TooLong,
        "at most 32768",
    );
    assert!(
        engine
            .compile_template(&format!(
                "{}{}",
                long("{% if a %}", 2000),
                long("{% endif %}", 2000)
            ))
            .is_err()
    );
}

#[test]
fn the_deepest_texts_allowed_do_no_harm() {
    let engine = Engine::new();
    for text in [
        format!("a{}", ".a".repeat(140)),
        format!("a{}", "~a".repeat(60)),
        format!("a{}", "|trim".repeat(140)),
    ] {
        let _ = engine
            .compile_expression(&text)
            .unwrap()
            .eval(&json!({"a": "x"}));
    }
    let elifs = format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}x".repeat(50));
    assert!(
        engine
            .compile_template(&elifs)
            .unwrap()
            .render(&json!({"a": false}))
            .is_ok()
    );
}

#[test]
fn paths_list_what_is_read() {
    let template = Engine::new()
        .compile_template("{% set t = issue.title %}{{ t }} {{ customer.plan }}")
        .unwrap();
    assert_eq!(template.paths(), ["customer.plan", "issue.title"]);
    let expression = Engine::new()
        .compile_expression("a.b == c and d.e.f")
        .unwrap();
    assert_eq!(expression.paths(), ["a.b", "c", "d.e.f"]);
}

#[test]
fn a_document_made_ready_serves_many_texts() {
    let ready = Document::from(&document());
    let expression = Engine::new().compile_expression("issue.id").unwrap();
    assert_eq!(expression.eval(&ready), expression.eval(&document()));
    let template = Engine::new().compile_template("{{ issue.id }}").unwrap();
    assert_eq!(template.render(&ready).unwrap(), "1042");
}

#[test]
fn every_filter_that_is_offered_exists() {
    for name in Engine::new().filters() {
        let error = eval(&format!("issue.missing|{name}")).err();
        assert_ne!(
            error.map(|e| e.kind),
            Some(ErrorKind::UnknownName),
            "{name}"
        );
    }
    for name in filters::TESTS {
        let error = eval(&format!("issue.id is {name}")).err();
        assert_ne!(
            error.map(|e| e.kind),
            Some(ErrorKind::UnknownName),
            "{name}"
        );
    }
}

#[test]
fn compiled_texts_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Engine>();
    shared::<Template>();
    shared::<Expression>();
    shared::<ExprError>();
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-c]", inner, 0..4).prop_map(|m| m.into_iter().collect()),
        ]
    })
}

/// Texts made of the language's own words get further than arbitrary ones.
fn wordy() -> impl Strategy<Value = String> {
    let names: Vec<String> = filters::FILTERS
        .iter()
        .map(|(n, _)| format!("|{n}"))
        .collect();
    let words = prop_oneof![
        4 => prop::sample::select(vec![
            "a", "b", "c", ".a", "[b]", "[0]", "[-1:]", "1", "-2", "0", "9999999999", "1.5", "'あ'", "\"x\"", "~", "+",
            "*", "**", "/", "//", "%", "-", "==", "<", " in ", " and ", " or ", " not ", " is defined", " is string",
            " if ", " else ", "(", ")", "[", "]", "{", "}", ":", ",", "('a')", "(1)", "(attribute='a')", "none",
            "('Asia/Tokyo')", "('a','bb')",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(names),
    ];
    prop::collection::vec(words, 1..12).prop_map(|w| w.concat())
}

fn tagged() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        wordy().prop_map(|e| format!("{{{{ {e} }}}}")),
        wordy().prop_map(|e| format!("{{% if {e} %}}x{{% endif %}}")),
        wordy().prop_map(|e| format!("{{% for a in {e} %}}{{{{ a }}}}{{% endfor %}}")),
        wordy().prop_map(|e| format!("{{% set b = {e} %}}")),
        prop::sample::select(vec![
            "{%",
            "%}",
            "{{",
            "}}",
            "{#",
            "#}",
            "-%}",
            "{%-",
            "endif",
            "raw",
            "{% raw %}"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    prop::collection::vec(parts, 0..5).prop_map(|p| p.concat())
}

fn survives(text: &str, document: &Value) {
    let engine = Engine::new();
    let errors = [
        engine
            .compile_template(text)
            .and_then(|t| t.render(document))
            .map(|out| assert!(out.len() <= OUTPUT_CAP)),
        engine
            .compile_expression(text)
            .and_then(|e| e.eval(document))
            .map(drop),
        engine
            .compile_expression(text)
            .and_then(|e| e.test(document))
            .map(drop),
    ];
    for error in errors.into_iter().filter_map(Result::err) {
        assert!(!error.to_string().is_empty());
        if let Some(range) = error.range {
            assert!(error.text.get(range).is_some());
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,60}", document in any_json()) {
        survives(&text, &document);
    }

    #[test]
    fn arbitrary_expressions_never_panic(text in wordy(), document in any_json()) {
        survives(&text, &document);
    }

    #[test]
    fn arbitrary_templates_never_panic(text in tagged(), document in any_json()) {
        survives(&text, &document);
    }

    #[test]
    fn arbitrary_dates_never_panic(text in "[0-9年月日時分:/ .TZ+-]{0,24}") {
        for call in ["date('Asia/Tokyo')", "to_utc", "date('America/New_York')"] {
            let _ = Engine::new().compile_expression(&format!("a|{call}")).unwrap().eval(&json!({"a": text}));
        }
    }
}

#[test]
fn fields_on_top_hide_those_below_and_keep_the_rest() {
    let below = Document::from(&json!({"a": 1, "b": 2}));
    let both = below.with([
        ("b", Document::text("x")),
        ("c", Document::list(&[Document::text("y")])),
    ]);
    let text = Engine::new()
        .compile_template("{{ a }}{{ b }}{{ c[0] }}")
        .unwrap();
    assert_eq!(text.render(&both).unwrap(), "1xy");
    assert_eq!(
        both.to_json().unwrap(),
        json!({"a": 1, "b": "x", "c": ["y"]})
    );
    assert_eq!(both.to_json_text(), r#"{"a":1,"b":"x","c":["y"]}"#);
    let on_text = Document::text("z").with([("b", Document::text("x"))]);
    assert_eq!(on_text.to_json().unwrap(), json!({"b": "x"}));
}

#[test]
fn a_list_of_documents_may_be_larger_than_one_answer() {
    let items: Vec<_> = (0..5)
        .map(|n| json!({"n": n, "text": "x".repeat(OUTPUT_CAP / 2)}))
        .collect();
    let expression = Engine::new().compile_expression("found.items").unwrap();
    let documents = expression
        .documents(&json!({"found": {"items": items}}))
        .unwrap();
    let n = Engine::new().compile_template("{{ n }}").unwrap();
    let found: Vec<String> = documents.iter().map(|d| n.render(d).unwrap()).collect();
    assert_eq!(found, ["0", "1", "2", "3", "4"]);
    let refused = |document: serde_json::Value| expression.documents(&document).unwrap_err();
    assert_eq!(refused(json!({"found": {}})).kind, ErrorKind::Undefined);
    assert!(
        refused(json!({"found": {"items": "x"}}))
            .message
            .contains("list is needed")
    );
}
