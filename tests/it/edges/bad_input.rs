//! Bad input through the real server: who sent it hears what is wrong, nothing is half taken in, nothing panics.

#![allow(clippy::unwrap_used)]

use super::site::{Answer, SECRET, Site, headers, sign};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use toban::app::ports::{ListFilter, Reference};
use toban::domain::ids::TextId;

/// Sources of each scheme, and one whose mapping can be mended.
const SOURCES: &str = r#"
[[source]]
id = "forge"
name = "Forge"
kind = "webhook"
auth = "github"
secret_env = "FORGE"
[source.mapping]
external_id = "{{ id }}"
title = "{{ title }}"
[source.defaults]
product = "core"

[[source]]
id = "plain"
name = "Plain"
kind = "webhook"
secret_env = "PLAIN"
[source.auth]
kind = "bearer"
[source.mapping]
external_id = "{{ id }}"
title = "{{ title }}"
[source.defaults]
product = "core"

[[source]]
id = "tracker"
name = "Tracker"
kind = "webhook"
auth = "standard-webhooks"
secret_env = "TRACKER"
[source.mapping]
external_id = "{{ ticket.key }}"
title = "{{ ticket.subject }}"
body = "{{ ticket.text | default('') }}"
[source.defaults]
product = "core"
"#;

const GOOD: &str = r#"{"id": "T-1", "title": "メールが届かない"}"#;

impl Site {
    /// Nothing was taken in: no inquiry, nothing kept, nothing said.
    async fn is_untouched(&self) {
        self.world.settle().await;
        let all = ListFilter::default();
        assert_eq!(self.world.app.store.count(&all).await.unwrap(), 0);
        assert_eq!(self.world.app.store.unreadables(10).await.unwrap(), []);
        assert_eq!(self.world.chat.posts(), []);
    }

    fn now(&self) -> i64 {
        self.world.app.clock.now().as_second()
    }
}

#[tokio::test]
async fn a_delivery_that_is_not_verified_is_401() {
    let site = Site::open(SOURCES).await;
    let now = site.now();
    let good = sign("m", now, GOOD.as_bytes());
    let signed = |id: &str, at: i64| headers(id, at, &sign(id, at, GOOD.as_bytes()));
    let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let named = |names: &[(&str, &str)]| -> Vec<(String, String)> {
        names
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let cases = [
        ("crm", headers("m", now, "v1,AAAA"), "a wrong signature"),
        ("crm", headers("other", now, &good), "the id is signed too"),
        (
            "crm",
            headers("m", now + 1, &good),
            "the time is signed too",
        ),
        ("crm", headers("m", now, ""), "an empty signature"),
        ("crm", signed("m", now - 301), "an old timestamp"),
        ("crm", signed("m", now + 301), "a timestamp of the future"),
        ("crm", named(&[("webhook-id", "m")]), "no signature"),
        ("crm", vec![], "no header at all"),
        (
            "crm",
            named(&[
                ("webhook-id", "m"),
                ("webhook-timestamp", "yesterday"),
                ("webhook-signature", &good),
            ]),
            "no timestamp",
        ),
        (
            "forge",
            pair("x-hub-signature-256", &format!("sha256={}", "0".repeat(64))),
            "a wrong digest",
        ),
        ("forge", pair("x-hub-signature-256", "sha256=xyz"), "no hex"),
        (
            "forge",
            pair("x-hub-signature", "sha1=00"),
            "the old header",
        ),
        (
            "plain",
            pair("authorization", "Bearer wrong"),
            "a wrong token",
        ),
        ("plain", pair("authorization", SECRET), "no scheme"),
        ("plain", vec![], "no token"),
    ];
    for (source, headers, what) in cases {
        let answer = site.post(source, &headers, GOOD).await;
        assert_eq!(answer.status, 401, "{source}, {what}: {answer:?}");
        let problem = answer.problem(401, "not-verified");
        assert!(problem["reason"].is_string(), "{source}, {what}: {problem}");
        assert!(answer.headers.contains_key("www-authenticate"));
        assert!(!answer.text.contains(SECRET), "{source}, {what}");
    }
    site.is_untouched().await;
    // The edge of the window is inside it.
    let answer = site.post("crm", &signed("m", now - 300), GOOD).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    site.close().await;
}

#[tokio::test]
async fn what_is_no_document_is_400_and_says_where() {
    let site = Site::open("").await;
    let deep = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"id":"T-1","title":"t","rest":{open}{close}}}"#).into_bytes()
    };
    let cases: [(&[u8], &str); 9] = [
        (b"", "EOF"),
        (b"{", "line 1"),
        (b"title=x&id=1", "line 1, column 2"),
        (b"<xml/>", "line 1"),
        (b"{\"id\":\"T-1\",\n\"title\":\"t\"} and more", "line 2"),
        (b"{\"id\":\"T-1\",\"title\":\"\x83\x81\"}", "UTF-8"),
        ("{\"id\":\"T-1\"}".encode_utf16_le_bytes().leak(), "line 1"),
        (br#"{"id":"T-1","title":"a\u0000b"}"#, "NUL"),
        (br#"{"id":"T-1","title":"t","\u0000":1}"#, "NUL"),
    ];
    for (body, says) in cases {
        let problem = site.deliver("crm", body).await.problem(400, "malformed");
        assert_eq!(problem["field"], "body");
        let reason = problem["reason"].as_str().unwrap();
        let shown = String::from_utf8_lossy(body);
        assert!(reason.contains(says), "{shown}: {reason}");
    }
    for levels in [64, 65, 128, 10_000, 100_000] {
        let problem = site.deliver("crm", deep(levels)).await;
        let problem = problem.problem(400, "malformed");
        assert!(problem["reason"].as_str().unwrap().contains("64 levels"));
    }
    site.is_untouched().await;
    // The object itself is a level.
    assert_eq!(site.deliver("crm", deep(63)).await.status, 202);
    // Half an emoji, as systems write it that cut a text by its length, refuses nothing.
    let half = br#"{"id":"T-2","title":"half \ud83d"}"#;
    let answer = site.deliver("crm", half.as_slice()).await;
    let reference = answer.json()["reference"].as_str().unwrap().to_owned();
    for (title, _) in told_twice(&site, &reference).await {
        assert_eq!(title, json!("half \u{fffd}"));
    }
    site.close().await;
}

trait Utf16 {
    fn encode_utf16_le_bytes(&self) -> Vec<u8>;
}

impl Utf16 for str {
    fn encode_utf16_le_bytes(&self) -> Vec<u8> {
        self.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }
}

#[tokio::test]
async fn too_large_is_413_before_anything_else_is_looked_at() {
    let site = Site::open("").await;
    let limit = 256 * 1024;
    let frame = r#"{"id":"T-1","title":"t","rest":""}"#.len();
    let of = |size: usize| {
        let rest = "x".repeat(size - frame);
        format!(r#"{{"id":"T-1","title":"t","rest":"{rest}"}}"#)
    };
    let large = site.deliver("crm", of(limit + 1)).await;
    assert_eq!(large.problem(413, "too-large")["limit"], limit);
    // Unsigned, and without saying beforehand how much it will be.
    let pieces = of(limit + 1).into_bytes();
    let pieces = pieces
        .chunks(4096)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
    let pieces: Vec<_> = pieces.collect();
    let chunked = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let large = site.post("crm", &[], chunked).await;
    assert_eq!(large.problem(413, "too-large")["limit"], limit);
    site.is_untouched().await;
    assert_eq!(site.deliver("crm", of(limit)).await.status, 202);
    site.close().await;
}

#[tokio::test]
async fn an_unknown_source_is_404_and_so_is_one_that_takes_no_deliveries() {
    let site = Site::open("[portal]\nenabled = true\nkey_env = \"PORTAL\"\n").await;
    let strange = [
        "nobody",
        "CRM",
        "portal",
        "..%2fcrm",
        "crm%00",
        "%F0%9F%92%A9",
    ];
    for source in strange {
        let problem = site.deliver(source, GOOD).await;
        let problem = problem.problem(404, "unknown-source");
        assert_eq!(problem["field"], "source", "{source}");
    }
    // A name that is no UTF-8 is no name.
    let answer = site.deliver("%ff", GOOD).await;
    answer.problem(400, "bad-request");
    for source in ["", "crm/more"] {
        site.deliver(source, GOOD).await.problem(404, "not-found");
    }
    let url = format!("http://{}/hooks/crm", site.address);
    let got = site.client.get(url).send().await.unwrap();
    assert_eq!(got.status(), 405);
    site.is_untouched().await;
    site.close().await;
}

#[tokio::test]
async fn what_cannot_be_mapped_is_kept_announced_listed_and_replayed() {
    let mut site = Site::open(SOURCES).await;
    let cases = [
        (r#"{"ticket": {"subject": "止まった"}}"#, "external_id"),
        (r#"{"ticket": {"key": "T-1"}}"#, "title"),
        (r#"{"ticket": {"key": "T-1", "subject": " \n "}}"#, "title"),
        (r#"{"ticket": 7}"#, "external_id"),
        (r#"[1, 2]"#, "external_id"),
        ("null", "external_id"),
        ("\"<@everyone>\"", "external_id"),
    ];
    let mut kept = Vec::new();
    for (body, field) in cases {
        let problem = site
            .deliver("tracker", body)
            .await
            .problem(422, "unmappable");
        assert_eq!(problem["field"], field, "{body}");
        assert!(!problem["reason"].as_str().unwrap().is_empty(), "{body}");
        kept.push(problem["unreadable"].as_str().unwrap().to_owned());

        // Announced at once: no time passes.
        site.world.settle().await;
        let posts = site.world.chat.posts();
        let said = posts.last().unwrap();
        assert_eq!(said.place.channel, "operators");
        for what in ["tracker", body, field, kept.last().unwrap().as_str()] {
            assert!(said.text.contains(what), "{what} in {}", said.text);
        }
        assert!(!said.is_card && said.inquiry.is_none());
    }
    assert_eq!(site.world.chat.posts().len(), cases.len());
    let all = ListFilter::default();
    assert_eq!(site.world.app.store.count(&all).await.unwrap(), 0);

    // Listed, newest first, as they came.
    let listed = site.get("unreadable").await.json();
    let listed = listed["unreadable"].as_array().unwrap().clone();
    let of = |field: &str| {
        listed
            .iter()
            .map(|one| one[field].clone())
            .collect::<Vec<_>>()
    };
    let mut bodies = of("body");
    bodies.sort_by_key(Value::to_string);
    let mut sent: Vec<Value> = cases.iter().map(|(body, _)| json!(body)).collect();
    sent.sort_by_key(Value::to_string);
    assert_eq!(bodies, sent);
    assert_eq!(of("source"), vec![json!("tracker"); cases.len()]);
    assert_eq!(of("replayed_at"), vec![Value::Null; cases.len()]);

    // With the same mapping it still cannot be read; with a mended one it can, and once.
    let replay = |id: &str| format!("unreadable/{id}/replay");
    let still = site.act(&replay(&kept[1])).await.problem(422, "unmappable");
    assert_eq!(
        (&still["field"], &still["unreadable"]),
        (&json!("title"), &json!(kept[1]))
    );
    let mended = SOURCES.replace(
        "{{ ticket.subject }}",
        "{{ ticket.subject | default(ticket.key) }}",
    );
    assert_ne!(mended, SOURCES);
    site.reopen(&mended).await;
    let done = site.act(&replay(&kept[1])).await;
    assert_eq!(
        (done.status, &done.json()["reference"]),
        (202, &json!("Q-1"))
    );
    let again = site.act(&replay(&kept[1])).await;
    assert_eq!(
        (again.status, &again.json()["reference"]),
        (200, &json!("Q-1"))
    );
    assert_eq!(site.get("inquiries/Q-1").await.json()["title"], "T-1");
    site.world.settle().await;
    let cards = site
        .world
        .chat
        .posts()
        .into_iter()
        .filter(|post| post.is_card);
    assert_eq!(cards.count(), 1);
    let listed = site.get("unreadable").await.json();
    let replayed = listed["unreadable"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(replayed["id"], kept[1], "those that still wait come first");
    assert!(replayed["replayed_at"].is_string());
    site.act(&replay("nothing")).await.problem(404, "not-found");
    site.close().await;
}

#[tokio::test]
async fn the_same_delivery_again_is_200_and_changes_nothing() {
    let site = Site::open("").await;
    let first = site.deliver_as("crm", "msg_once", GOOD).await;
    assert_eq!(first.status, 202, "{first:?}");
    assert_eq!(first.json()["reference"], "Q-1");
    site.world.settle().await;
    let before = (
        site.get("inquiries/Q-1").await.json(),
        site.world.chat.posts(),
        site.world.app.store.outbox(&[], 100).await.unwrap().len(),
    );
    // By the same name, by another, and with its fields in another order.
    let turned = r#"{"title": "メールが届かない", "id": "T-1"}"#;
    for (id, body) in [
        ("msg_once", GOOD),
        ("msg_again", GOOD),
        ("msg_third", turned),
    ] {
        let answer = site.deliver_as("crm", id, body).await;
        let body = answer.json();
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(body["reference"], "Q-1");
        assert_eq!(
            (&body["is_new"], &body["is_changed"]),
            (&json!(false), &json!(false))
        );
    }
    site.world.settle().await;
    let after = (
        site.get("inquiries/Q-1").await.json(),
        site.world.chat.posts(),
        site.world.app.store.outbox(&[], 100).await.unwrap().len(),
    );
    assert_eq!(after, before);
    site.close().await;
}

/// The texts of an inquiry as the API and as the database tell them.
async fn told_twice(site: &Site, reference: &str) -> [(Value, Value); 2] {
    let api = site.get(&format!("inquiries/{reference}")).await.json();
    let number: Reference = reference.parse().unwrap();
    let store = &site.world.app.store;
    let stored = store.by_reference(number).await.unwrap().unwrap();
    let facts = &stored.inquiry.facts;
    let ids: Vec<TextId> = [Some(facts.title.clone()), facts.body.clone()]
        .into_iter()
        .flatten()
        .collect();
    let texts = store.texts(&ids).await.unwrap();
    let body = facts.body.as_ref().map(|id| texts[id].clone());
    [
        (api["title"].clone(), api["body"].clone()),
        (json!(texts[&facts.title]), json!(body)),
    ]
}

#[tokio::test]
async fn naughty_strings_survive_intake_database_and_api_as_they_came() {
    let corpus: Value =
        serde_json::from_str(include_str!("../../corpora/text_safety.json")).unwrap();
    let strings = corpus["sections"]["naughty_strings"].as_array().unwrap();
    let strings: Vec<&str> = strings.iter().map(|text| text.as_str().unwrap()).collect();
    let strings: Vec<&str> = strings
        .into_iter()
        .filter(|text| !text.contains('\0'))
        .collect();
    assert_eq!(strings.len(), 515);
    let site = Site::open("").await;
    let mut references = BTreeSet::new();
    for (n, text) in strings.iter().enumerate() {
        // Within words, so that nothing of it is the margin that a mapping takes off.
        let within = format!("「{text}」");
        let document = json!({
            "id": format!("T-{n} {}", text.chars().filter(|c| !c.is_control()).take(50).collect::<String>()),
            "title": text, "body": within, "requester": text, "customer": text,
            "plan": text, "product": text, "kind": text, "severity": text, "url": text,
        });
        let answer: Answer = site.deliver("crm", document.to_string()).await;
        // A title is one line by the mapping's own promise, and neither holds what moves a terminal's cursor.
        let words = text.split(|c: char| c.is_whitespace() || c.is_control());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let title = words.join(" ");
        let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        let within: String = within.chars().filter(is_kept).collect();
        if title.is_empty() {
            assert_eq!(
                answer.problem(422, "unmappable")["field"],
                "title",
                "{text:?}"
            );
            continue;
        }
        assert_eq!(answer.status, 202, "{text:?}: {answer:?}");
        let reference = answer.json()["reference"].as_str().unwrap().to_owned();
        for told in told_twice(&site, &reference).await {
            assert_eq!(told, (json!(title), json!(within)), "{reference}");
        }
        references.insert(reference);
    }
    let is_said = |text: &&&str| text.chars().any(|c| !c.is_whitespace() && !c.is_control());
    assert_eq!(references.len(), strings.iter().filter(is_said).count());
    // They are said too, and nobody is called by them.
    site.world.settle().await;
    let posts = site.world.chat.posts();
    let cards = posts.iter().filter(|post| post.is_card).count();
    assert_eq!(cards, references.len());
    site.close().await;
}
