#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::source_config::SourcesConfig;
use crate::config::Config;
use crate::net::{Client, Settings};
use crate::sources::{As, Beside, Sources};
use crate::testkit::world::{STORY, World, tokyo};
use serde_json::json;

const SOURCE: &str = r#"
[[source]]
id = "tracker"
kind = "webhook"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
auth = "standard-webhooks"
[source.defaults]
severity = "S3"
[source.known]
plans = ["gold", "standard"]
[source.mapping]
take = "not hidden"
external_id = "{{ issue.id }}"
title = "{{ issue.subject }}"
url = "{{ issue.link }}"
body = "{{ issue.text }}"
plan = "{{ issue.plan }}"
product = "{{ issue.product }}"
severity = "{{ issue.priority }}"
owner = "{{ issue.assignee }}"
needed_by = "{{ issue.due }}"
is_closed = "issue.state == 'closed'"
changed_at = "{{ issue.changed }}"
messages = "issue.notes"
"#;

/// What is shown of documents, in a language.
async fn shown(documents: Value, lang: Lang, since: Option<(Timestamp, Backlog)>) -> String {
    let text = format!("{STORY}{SOURCE}");
    let config = Config::read("story.toml", &text, &|name| {
        Some(format!("whsec_{name}NoSecretOfAnybodyButLongEnough00"))
    });
    let sources: SourcesConfig = config.unwrap().sources;
    let world = World::with(&text, "2026-11-24 10:00").await;
    let client = Client::new(&Settings::default()).unwrap();
    let sources = Sources::new(&sources, &world.app.setup, client).unwrap();
    let body = documents.to_string();
    let items = sources.explain(
        &"tracker".into(),
        body.as_bytes(),
        As::Delivered,
        &Beside::default(),
    );
    let shown = Shown {
        app: &world.app,
        lang,
        now: tokyo("2026-11-24 10:00"),
        since,
    };
    let mut lines = Vec::new();
    for (n, item) in items.unwrap().iter().enumerate() {
        lines.extend(shown.lines(n + 1, item));
        let json = shown.json(item);
        assert!(
            json["became"].is_string() && json["fields"].is_array(),
            "{json}"
        );
    }
    world.end().await;
    lines.join("\n")
}

fn documents() -> Value {
    json!([
        {"hidden": false, "issue": {
            "id": 4101, "subject": "請求書の①行目が印刷されない", "link": "ftp://x", "text": "一行目\n二行目",
            "plan": "platinum", "priority": "P0", "assignee": "青木", "due": "2026-11-25T09:00:00+09:00",
            "state": "open", "notes": [
                {"id": 1, "by": "requester", "at": "2026-11-24T00:30:00Z", "text": "急いでいます"},
            ],
        }},
        {"hidden": true, "issue": {"id": 2, "subject": "x"}},
        {"hidden": false, "issue": {"subject": "番号がない", "priority": "S1"}},
        {"issue": {"id": 3, "subject": "旗がない"}},
    ])
}

#[tokio::test]
async fn every_field_has_its_value_and_its_reason() {
    let ja = shown(documents(), Lang::Ja, None).await;
    let en = shown(documents(), Lang::En, None).await;
    insta::assert_snapshot!(format!("{ja}\n\n{en}"));
}

#[tokio::test]
async fn an_item_from_before_the_source_says_what_becomes_of_it() {
    let documents = json!([
        {"hidden": false, "issue": {"id": 1, "subject": "旧", "changed": "2026-11-20T00:00:00Z"}},
        {"hidden": false, "issue": {"id": 2, "subject": "新", "changed": "2026-11-24T00:30:00Z"}},
    ]);
    let check = async |backlog, said: &str| {
        let since = Some((tokyo("2026-11-24 09:00"), backlog));
        let lines = shown(documents.clone(), Lang::Ja, since).await;
        let marked: Vec<&str> = lines
            .lines()
            .filter(|line| line.starts_with("    → "))
            .collect();
        assert_eq!(marked.len(), 1, "{lines}");
        assert!(
            marked[0].contains(said) && marked[0].contains("09:00"),
            "{lines}"
        );
        assert!(
            lines.find("旧") < lines.find("    → ") && lines.find("    → ") < lines.find("新"),
            "{lines}"
        );
    };
    check(Backlog::Skip, "新しい問い合わせにはしません").await;
    check(Backlog::Quiet, "通知も期限もなしで取り込みます").await;
}

#[test]
fn a_text_is_cut_by_columns() {
    assert_eq!(cut("abcdef", 6), "abcdef");
    assert_eq!(cut("abcdefg", 6), "abcde…");
    assert_eq!(cut("日本語", 6), "日本語");
    assert_eq!(cut("日本語文", 6), "日本…");
}
