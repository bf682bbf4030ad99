//! A real Redmine is polled and written back to, as the preset says.

#![allow(clippy::unwrap_used)]

mod filed;
mod whole;

use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use toban::app::ports::{
    Handing, Mapped, Page, Poller as _, Reference, SourceState, WayBack as _, WriteBack, Writing,
};
use toban::config::Config;
use toban::domain::ids::{MemberId, SourceId, TextId};
use toban::domain::inquiry::{Answer, Origin, Outcome, Severity, Workaround};
use toban::net::{Client, Settings};
use toban::sources::Sources;
use toban::testkit::redmine::{CROWD, Redmine};
use toban::time::Timestamp;

const SOURCE: &str = "redmine";

/// A desk whose only source is a Redmine, by the preset and nothing else.
fn sources(url: &str, key: &str) -> Sources {
    sources_with(url, key, "")
}

fn sources_with(url: &str, key: &str, further: &str) -> Sources {
    let text = format!(
        r#"{}
[[source]]
id = "{SOURCE}"
preset = "redmine"
base_url = "{url}"
secret_env = "REDMINE_KEY"
write_back = ["reply", "answer", "owner", "close", "reopen", "severity"]
[source.owners]
"1" = "aoki"
{further}
"#,
        include_str!("redmine.toml")
    );
    let env = |name: &str| (name == "REDMINE_KEY").then(|| key.to_owned());
    let config =
        Config::read("redmine.toml", &text, &env).unwrap_or_else(|problems| panic!("{problems}"));
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    Sources::new(&config.sources, &config.setup, client.unwrap()).unwrap()
}

/// A desk and what it remembers of its source.
struct Desk {
    sources: Sources,
    state: SourceState,
}

impl Desk {
    async fn poll(&mut self) -> Page {
        let id = SourceId::from(SOURCE);
        let page = self.sources.poll(&id, &self.state, now()).await.unwrap();
        self.state = page.state.clone();
        page
    }

    /// All that is new, and what stands in it of one issue.
    async fn find(&mut self, issue: u64) -> Mapped {
        let page = self.poll().await;
        let items: Vec<Mapped> = page.items.into_iter().map(Result::unwrap).collect();
        let issue = issue.to_string();
        items
            .into_iter()
            .rfind(|item| item.external_id == issue)
            .unwrap()
    }

    async fn back(&self, issue: u64, act: WriteBack) {
        let origin = Origin {
            source: SOURCE.into(),
            external_id: issue.to_string(),
            url: None,
            revision: None,
        };
        let texts = [
            ("reply", "見ています \"now\""),
            ("cause", "欠陥"),
            ("around", "再起動"),
        ];
        let texts = texts
            .map(|(id, text)| (TextId::from(id), text.to_owned()))
            .into();
        let done = self
            .sources
            .write_back(&writing(&origin, &act, &texts), 0)
            .await;
        assert_eq!(done, Ok(None), "{act:?}");
    }
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

/// Redmine has a clock of its own, so what is compared with it must be of today; nothing here depends on which.
fn now() -> Timestamp {
    toban::clock::SystemClock.now()
}

/// One Redmine for both, because its start takes most of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redmine_is_polled_and_written_back_to_and_its_issues_go_through_the_whole_desk() {
    let redmine = Redmine::start();
    polled_and_written_back_to(&redmine).await;
    whole::an_issue_goes_through_the_whole_desk_and_back(redmine).await;
}

/// In a Redmine of its own: the desk above takes in whatever changes in its.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issues_are_filed_in_a_redmine_looked_at_and_commented_on() {
    let redmine = Redmine::start();
    filed::an_issue_is_filed_looked_at_and_commented_on(&redmine).await;
}

async fn polled_and_written_back_to(redmine: &Redmine) {
    let id = SourceId::from(SOURCE);

    let stranger = sources(&redmine.url, "no-such-key");
    let said = stranger.connect_check(&id, now()).await;
    assert_eq!(
        said,
        ["source \"redmine\" cannot be read: the check answered 401 Unauthorized"],
        "Redmine itself answers a wrong key with an empty list"
    );
    let known = sources(&redmine.url, &redmine.key);
    assert_eq!(known.connect_check(&id, now()).await, Vec::<String>::new());

    // A crowd that changed in one second comes in whole, page by page.
    let since = |at: &str| SourceState {
        since: Some(at.parse().unwrap()),
        ..SourceState::default()
    };
    let without = "[source.poll.detail]\nurl = \"\"";
    let mut desk = Desk {
        sources: sources_with(&redmine.url, &redmine.key, without),
        state: since("2026-01-01T00:00:00Z"),
    };
    let mut crowd = BTreeSet::new();
    let mut pages = 0;
    loop {
        desk.state.is_further_page = pages > 0;
        let page = desk.poll().await;
        pages += 1;
        crowd.extend(page.items.into_iter().map(|item| item.unwrap().external_id));
        if !page.has_more || pages > 9 {
            break;
        }
    }
    assert_eq!(
        (crowd.len(), desk.state.last_error.as_deref()),
        (CROWD, None)
    );
    assert_eq!(pages, 4, "one to learn the second, then steps of ninety");
    assert_eq!(desk.state.cursor.as_deref(), Some("2026-01-02T03:04:05Z"));

    // Made.
    desk.sources = known;
    desk.state = since("2026-02-01T00:00:00.123Z");
    assert_eq!(desk.poll().await.items, [], "the crowd is older");
    let issue = redmine
        .new_issue(json!({"subject": "ログインできない", "description": "本文\r\n二行目", "priority_id": 4, "due_date": "2030-01-01"}))
        .await;
    let made = desk.find(issue).await;
    assert_eq!(made.title, "ログインできない");
    assert_eq!(made.body.as_deref(), Some("本文\n二行目"));
    assert_eq!(made.url, Some(format!("{}/issues/{issue}", redmine.url)));
    assert_eq!(
        (made.requester.as_deref(), made.product.as_deref()),
        (Some("Redmine Admin"), Some("Desk"))
    );
    assert_eq!(
        (made.severity.as_deref(), made.kind.as_deref()),
        (Some("S2"), Some("investigation"))
    );
    assert_eq!((made.owner.as_deref(), made.is_closed), (None, false));
    assert_eq!(made.odd, []);
    assert_eq!(
        made.changed_at,
        made.revision.as_deref().map(|at| at.parse().unwrap())
    );

    // Asked again: the same second once more, with its notes, of which the list would not tell.
    assert_eq!(desk.find(issue).await, made);
    assert_eq!(desk.find(issue).await, made);
    assert_eq!(desk.state.etag, None);

    // Saved by a server whose clock is behind: before the cursor.
    let late = made.changed_at.unwrap() + toban::time::SignedDuration::from_secs(5);
    let before = desk.state.cursor.replace(late.to_string());
    assert_eq!(desk.find(issue).await, made);
    desk.state.cursor = before;

    // Changed.
    redmine
        .change_issue(
            issue,
            json!({"subject": "全員ログインできない", "priority_id": 5}),
        )
        .await;
    let changed = desk.find(issue).await;
    assert_eq!(
        (changed.title.as_str(), changed.severity.as_deref()),
        ("全員ログインできない", Some("S1"))
    );
    assert!(changed.revision >= made.revision);

    // Written back.
    desk.back(
        issue,
        WriteBack::Reply {
            text: "reply".into(),
        },
    )
    .await;
    desk.back(
        issue,
        WriteBack::Owner {
            member: Some(MemberId::from("aoki")),
            how: Handing::Claimed,
        },
    )
    .await;
    assert_eq!(desk.find(issue).await.owner.as_deref(), Some("1"));
    desk.back(
        issue,
        WriteBack::Owner {
            member: Some(MemberId::from("mori")),
            how: Handing::Assigned,
        },
    )
    .await;
    let found = desk.find(issue).await;
    assert_eq!(found.owner, None, "nobody else stays written there");
    let released = WriteBack::Owner {
        member: None,
        how: Handing::Released,
    };
    desk.back(issue, released).await;
    let workaround = Workaround::Given {
        text: "around".into(),
    };
    let answer = Answer::Investigation {
        cause: "cause".into(),
        workaround,
    };
    desk.back(
        issue,
        WriteBack::Resolved {
            outcome: Outcome {
                category: "bug".into(),
                answer,
            },
        },
    )
    .await;
    let there = redmine.issue(issue).await;
    let notes: Vec<&str> = there["journals"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|j| j["notes"].as_str())
        .collect();
    let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    assert_eq!(
        notes,
        [
            "見ています \"now\"",
            "森 (Q-1042)",
            "原因: 欠陥\n\n回避策: 再起動"
        ]
    );
    let private: Vec<&str> = { there["journals"].as_array().unwrap().iter() }
        .filter(|journal| journal["private_notes"] == true)
        .filter_map(|journal| journal["notes"].as_str())
        .collect();
    assert_eq!(private, ["森 (Q-1042)"], "of no concern to the requester");
    assert_eq!(
        (there["status"]["name"].as_str(), there.get("assigned_to")),
        (Some("Resolved"), None)
    );
    let resolved = desk.find(issue).await;
    assert_eq!((resolved.owner, resolved.is_closed), (None, false));
    desk.back(issue, WriteBack::Closed).await;
    assert!(desk.find(issue).await.is_closed);
    desk.back(issue, WriteBack::Reopened).await;
    assert!(!desk.find(issue).await.is_closed);
    for severity in [Severity::S4, Severity::S3, Severity::S2, Severity::S1] {
        desk.back(issue, WriteBack::Severity { severity }).await;
        let found = desk.find(issue).await.severity;
        assert_eq!(found, Some(severity.to_string()));
    }

    // Gone.
    redmine
        .call(
            toban::net::Method::DELETE,
            &format!("/issues/{issue}.json"),
            None,
        )
        .await;
    let origin = Origin {
        source: SOURCE.into(),
        external_id: issue.to_string(),
        url: None,
        revision: None,
    };
    let gone = desk
        .sources
        .write_back(&writing(&origin, &WriteBack::Closed, &[].into()), 0)
        .await;
    assert!(
        matches!(gone, Err(toban::app::ports::DeliveryError::Gone { .. })),
        "{gone:?}"
    );
}
