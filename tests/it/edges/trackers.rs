//! Trackers by their presets: what is asked of each, what its documents become, what is sent back, and whose deliveries
//! are believed. One way of testing for all; what differs stands in the table of cases.
//!
//! The documents under `tests/fixtures/` have the shapes of the public descriptions of the APIs and contents of our own. None
//! of the originals was reached.

#![allow(clippy::unwrap_used)]

mod cases;
mod deliveries;

use crate::doubles::trackers::{Asked, Tracker};
use cases::Case;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use toban::app::ports::{
    DeliveryError, Handing, Mapped, PollError, Poller as _, Reference, Side, SourceState,
    WayBack as _, WriteBack, Writing,
};
use toban::config::Config;
use toban::domain::ids::{MemberId, SourceId, TextId};
use toban::domain::inquiry::{Answer, Origin, Outcome, Severity, Workaround};
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::testkit::world::{STORY, tokyo};
use toban::time::Timestamp;

/// The key of the API, and the secret of the deliveries.
const KEY: &str = "api-key-5f3a";
const HOOK: &str = "It's a Secret to Everybody";

/// A Tuesday morning in Tokyo.
fn now() -> Timestamp {
    tokyo("2026-11-24 10:00")
}

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A desk whose source is a tracker, by its preset and what the set-up page says to write.
fn sources(case: &Case, base_url: &str, key: &str) -> Sources {
    sources_with(case, base_url, key, HOOK)
}

fn sources_with(case: &Case, base_url: &str, key: &str, hook: &str) -> Sources {
    // GitHub has no request for a severity, and whoever asks for it is told so.
    let severity = match case.name {
        "github" => "",
        _ => ", \"severity\"",
    };
    let text = format!(
        r#"{STORY}
[[source]]
id = "{name}"
preset = "{name}"
base_url = "{base_url}{base}"
secret_env = "KEY"
hook_secret_env = "HOOK"
since = 2026-11-24
write_back = ["reply", "answer", "owner", "close", "reopen"{severity}]
{further}
"#,
        name = case.name,
        base = case.base,
        further = case.source,
    );
    let env = |name: &str| match name {
        "KEY" => Some(key.to_owned()),
        "HOOK" => Some(hook.to_owned()),
        _ => Some(super::site::SECRET.to_owned()),
    };
    let config = Config::read("trackers.toml", &text, &env)
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    Sources::new(&config.sources, &config.setup, client.unwrap()).unwrap()
}

async fn started(case: &Case) -> (Tracker, Sources) {
    let tracker = Tracker::start((case.door)(KEY)).await;
    for (line, answer) in (case.answers)() {
        tracker.answers(&line, answer);
    }
    let sources = sources(case, &tracker.base_url, KEY);
    (tracker, sources)
}

/// Polls until nothing more waits, and tells what was asked, what it became and where the cursor stands.
async fn polled(case: &Case) -> String {
    let (tracker, sources) = started(case).await;
    let id = SourceId::from(case.name);
    let mut state = SourceState {
        since: Some(now()),
        ..SourceState::default()
    };
    let mut told = String::new();
    for n in 1.. {
        assert!(n < 10, "{told}");
        state.is_further_page = n > 1;
        let page = sources.poll(&id, &state, now()).await.unwrap();
        assert_eq!(page.state.last_error, None, "{told}");
        writeln!(told, "── poll {n}").unwrap();
        // Details are asked for side by side.
        let mut asked: Vec<String> = tracker.asked().into_iter().map(|it| it.line).collect();
        asked.retain(|line| !is_crowd(line));
        asked.sort();
        for line in asked {
            writeln!(told, "{line}").unwrap();
        }
        let mut crowd = 0;
        for item in page.items {
            let item = item.unwrap_or_else(|(raw, why)| panic!("{why}: {raw}"));
            match item.title == CROWD {
                true => crowd += 1,
                false => told.push_str(&shown(&item, &tracker.base_url)),
            }
        }
        if crowd > 0 {
            writeln!(told, "and {crowd} of a crowd").unwrap();
        }
        state = page.state;
        let cursor = state.cursor.as_deref().unwrap_or_default();
        writeln!(told, "cursor {cursor}").unwrap();
        if !page.has_more {
            return told;
        }
    }
    unreachable!("it ends above")
}

/// The title of items that only make a page full, and the start of their ids.
const CROWD: &str = "crowd";

/// Whether a request is about one of the crowd: its details are not worth a line.
fn is_crowd(line: &str) -> bool {
    line.contains("record=90")
}

fn shown(item: &Mapped, base_url: &str) -> String {
    let mut told = format!("▸ {} {}\n", item.external_id, item.title);
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let value = value
                .replace(base_url, "https://example")
                .replace('\n', "⏎");
            writeln!(told, "    {name}: {value}").unwrap();
        }
    };
    put("url", item.url.clone());
    put("revision", item.revision.clone());
    put("body", item.body.clone());
    put("requester", item.requester.clone());
    put("customer", item.customer.clone());
    put("plan", item.plan.clone());
    put("product", item.product.clone());
    put("kind", item.kind.clone());
    put("severity", item.severity.clone());
    put("needed by", item.needed_by.map(|at| at.to_string()));
    put("owner", item.owner.clone());
    put("closed", item.is_closed.then(|| "yes".to_owned()));
    put("answered", item.is_answered.then(|| "yes".to_owned()));
    put("changed", item.changed_at.map(|at| at.to_string()));
    for message in &item.messages {
        let by = match message.by {
            Side::Requester => "requester",
            Side::Team => "team",
            Side::Own => "own",
        };
        let said = format!("{} {} {}", message.id, message.at, message.text);
        put(by, Some(said));
    }
    for (field, what) in &item.odd {
        put("odd", Some(format!("{field} {what}")));
    }
    told
}

/// What is sent for each act, field by field.
async fn sent(case: &Case) -> String {
    let (tracker, sources) = started(case).await;
    let member = |name: &str| Some(MemberId::from(name));
    let answer = Answer::Investigation {
        cause: "cause".into(),
        workaround: Workaround::Given {
            text: "around".into(),
        },
    };
    let outcome = Outcome {
        category: "bug".into(),
        answer,
    };
    let reply = WriteBack::Reply {
        text: "reply".into(),
    };
    let acts = [
        ("reply", reply),
        ("answer", WriteBack::Resolved { outcome }),
        (
            "owner",
            WriteBack::Owner {
                member: member("aoki"),
                how: Handing::Assigned,
            },
        ),
        (
            "owner who is unknown there",
            WriteBack::Owner {
                member: member("inoue"),
                how: Handing::Claimed,
            },
        ),
        (
            "released",
            WriteBack::Owner {
                member: None,
                how: Handing::Released,
            },
        ),
        ("close", WriteBack::Closed),
        ("reopen", WriteBack::Reopened),
        (
            "severity",
            WriteBack::Severity {
                severity: Severity::S2,
            },
        ),
    ];
    let texts = [
        ("reply", "再現しました。\n<確認中> & \"now\""),
        ("cause", "欠陥"),
        ("around", "再起動"),
    ];
    let texts = texts
        .map(|(id, text)| (TextId::from(id), text.to_owned()))
        .into();
    let origin = Origin {
        source: case.name.into(),
        external_id: case.item.to_owned(),
        url: None,
        revision: None,
    };
    let mut told = String::new();
    for (name, act) in acts {
        writeln!(told, "── {name}").unwrap();
        if !sources.takes(&case.name.into(), &act) {
            writeln!(told, "does not go back").unwrap();
            continue;
        }
        let writing = writing(&origin, &act, &texts);
        // Every request is sent once, in its order, and says which is next.
        let mut next = Some(0);
        while let Some(step) = next {
            let done = sources.write_back(&writing, step).await;
            let asked = tracker.asked();
            let [asked] = asked.as_slice() else {
                panic!("{name}: {done:?} {asked:?}");
            };
            next = done.unwrap_or_else(|error| panic!("{name}: {error:?} {asked:?}"));
            assert!(next.is_none_or(|next| next > step), "{name}: {step}");
            told.push_str(&wrote(asked));
        }
        // What goes home again is known again: the words as they are.
        if name == "reply" {
            let echoes = sources.echoes(&writing);
            assert!(
                echoes.contains(&texts[&TextId::from("reply")]),
                "{echoes:?}"
            );
        }
    }
    told
}

/// A request that writes, without what every client sends.
fn wrote(asked: &Asked) -> String {
    let Asked {
        line,
        headers,
        body,
    } = asked;
    let mut told = format!("{line}\n");
    for (name, value) in headers {
        let is_ours = !["host", "accept", "content-length", "user-agent"].contains(&name.as_str());
        if is_ours && !value.contains("gzip") {
            writeln!(told, "{name}: {value}").unwrap();
        }
    }
    let body = body.as_ref().unwrap();
    writeln!(told, "{}", serde_json::to_string_pretty(body).unwrap()).unwrap();
    told
}

fn writing<'a>(
    origin: &'a Origin,
    act: &'a WriteBack,
    texts: &'a HashMap<TextId, String>,
) -> Writing<'a> {
    Writing {
        origin,
        reference: Reference(1042),
        act,
        by: None,
        texts,
        key: "k",
    }
}

/// A stranger hears the original's words, and nothing of the key; who asks too often waits as long as they are told.
async fn refused(case: &Case) {
    let (tracker, good) = started(case).await;
    let id = SourceId::from(case.name);
    let stranger = sources(case, &tracker.base_url, "no-such-key");
    let state = SourceState::default();
    let said = stranger.poll(&id, &state, now()).await.unwrap_err();
    let said = said.to_string();
    assert!(said.contains(case.refusal), "{}: {said}", case.name);
    assert!(!said.contains("no-such-key"), "{}: {said}", case.name);
    let origin = Origin {
        source: case.name.into(),
        external_id: case.item.to_owned(),
        url: None,
        revision: None,
    };
    let texts = [(TextId::from("reply"), "はい".to_owned())].into();
    let act = WriteBack::Reply {
        text: "reply".into(),
    };
    let writing = writing(&origin, &act, &texts);
    let done = stranger.write_back(&writing, 0).await;
    assert!(
        matches!(&done, Err(DeliveryError::Rejected { why }) if why.contains(case.refusal)),
        "{}: {done:?}",
        case.name
    );
    for status in [429, 403] {
        tracker.is_throttled(Some((status, "1800")));
        let said = good.poll(&id, &state, now()).await.unwrap_err();
        assert!(
            matches!(&said, PollError::Unavailable { retry_after: Some(after), why, .. }
                if after.as_secs() == 1800 && why.contains("API rate limit exceeded")),
            "{}: {said}",
            case.name
        );
        let done = good.write_back(&writing, 0).await;
        assert!(
            matches!(&done, Err(DeliveryError::Retry { after: Some(after), .. }) if after.as_secs() == 1800),
            "{}: {done:?}",
            case.name
        );
    }
    tracker.is_throttled(None);
    assert!(good.poll(&id, &state, now()).await.is_ok(), "{}", case.name);
}

async fn check(case: &Case) {
    insta::assert_snapshot!(format!("{}_is_polled", case.title), polled(case).await);
    insta::assert_snapshot!(format!("{}_is_written_to", case.title), sent(case).await);
    refused(case).await;
}

#[tokio::test]
async fn zendesk_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::ZENDESK).await;
}

#[tokio::test]
async fn kintone_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::KINTONE).await;
    check(&cases::KINTONE_FIELDS).await;
}

#[tokio::test]
async fn github_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::GITHUB).await;
}

#[tokio::test]
async fn gitlab_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::GITLAB).await;
}

#[tokio::test]
async fn jira_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::JIRA).await;
}

/// A Jira keeps what comes as a comment; one that comes with a transition is dropped, unless that has a screen for it.
fn kept_by_jira(asked: &[Asked]) -> Vec<&str> {
    let comments = asked.iter().filter(|it| it.line.ends_with("/comment"));
    let bodies = comments.filter_map(|it| it.body.as_ref());
    bodies.filter_map(|body| body["body"].as_str()).collect()
}

#[tokio::test]
async fn an_answer_stands_in_jira_before_its_issue_is_moved() {
    let case = &cases::JIRA;
    let (tracker, sources) = started(case).await;
    let origin = Origin {
        source: case.name.into(),
        external_id: case.item.to_owned(),
        url: None,
        revision: None,
    };
    let texts = [(TextId::from("answer"), "はい、仕様です。".to_owned())].into();
    let act = WriteBack::Resolved {
        outcome: Outcome {
            category: "spec".into(),
            answer: Answer::Specification {
                answer: "answer".into(),
            },
        },
    };
    let writing = writing(&origin, &act, &texts);
    assert_eq!(sources.write_back(&writing, 0).await, Ok(Some(1)));
    assert_eq!(sources.write_back(&writing, 1).await, Ok(None));
    let asked = tracker.asked();
    assert_eq!(kept_by_jira(&asked), ["はい、仕様です。"]);
    let moved = asked.last().unwrap();
    assert!(moved.line.ends_with("/transitions"), "{moved:?}");
    let words = sources.words_leave_at(&writing);
    assert_eq!(
        words, 0,
        "the words have gone whatever becomes of the transition"
    );
}

#[tokio::test]
async fn freshdesk_is_polled_and_written_to_as_its_descriptions_say() {
    check(&cases::FRESHDESK).await;
}
