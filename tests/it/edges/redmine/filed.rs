//! Issues are filed in a real Redmine, looked at and commented on, as the preset of trackers says.

use serde_json::json;
use toban::app::ports::{Fields, LookError, NoIssue, Trackers as _};
use toban::config::Config;
use toban::domain::ids::TrackerId;
use toban::net::{Client, Settings};
use toban::sources::HttpTrackers;
use toban::testkit::redmine::Redmine;

fn trackers(redmine: &Redmine, key: &str) -> HttpTrackers {
    let text = format!(
        r#"{}
[[tracker]]
id = "dev"
preset = "redmine"
base_url = "{}"
secret_env = "REDMINE_KEY"
[tracker.setting]
project = "desk"
"#,
        include_str!("../redmine.toml"),
        redmine.url,
    );
    let env = |name: &str| (name == "REDMINE_KEY").then(|| key.to_owned());
    let config =
        Config::read("redmine.toml", &text, &env).unwrap_or_else(|problems| panic!("{problems}"));
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    HttpTrackers::new(&config.trackers, client.unwrap()).unwrap()
}

pub async fn an_issue_is_filed_looked_at_and_commented_on(redmine: &Redmine) {
    let id = TrackerId::from("dev");
    let dev = trackers(redmine, &redmine.key);
    let fields = |fields: &[(&'static str, &str)]| -> Fields {
        let own = |(name, text): &(&'static str, &str)| (*name, (*text).to_owned());
        fields.iter().map(own).collect()
    };
    let words = fields(&[
        ("title", "通知が\"二重\"に届く"),
        ("text", "再現手順：\n1. 送る"),
        ("marker", "toban:Q-12"),
        ("key", "k-1"),
    ]);
    let named = dev.file(&id, &words).await.unwrap();
    let number: u64 = named.issue.parse().unwrap();
    let url = format!("{}/issues/{number}", redmine.url);
    assert_eq!(named.url.as_deref(), Some(url.as_str()));
    let issue = redmine.issue(number).await;
    assert_eq!(issue["subject"], "通知が\"二重\"に届く");
    let text = issue["description"].as_str().unwrap().replace('\r', "");
    assert_eq!(text, "再現手順：\n1. 送る\n\ntoban:Q-12");

    let seen = dev.look(&id, &named.issue).await.unwrap();
    assert!(!seen.is_done && !seen.state.is_empty(), "{seen:?}");
    let note = fields(&[
        ("issue", &named.issue),
        ("text", "影響を受けているお客様：2社"),
    ]);
    dev.note(&id, &note).await.unwrap();
    let issue = redmine.issue(number).await;
    assert!(
        issue.to_string().contains("影響を受けているお客様"),
        "{issue}"
    );
    redmine
        .change_issue(number, json!({ "status_id": 5 }))
        .await;
    let seen = dev.look(&id, &named.issue).await.unwrap();
    assert!(seen.is_done, "{seen:?}");

    let unseen = dev.look(&id, "999999").await;
    assert!(
        matches!(unseen, Err(LookError::Unseen { .. })),
        "{unseen:?}"
    );
    let stranger = trackers(redmine, "no-such-key").file(&id, &words).await;
    let said = stranger.unwrap_err().to_string();
    assert!(
        said.starts_with("refused") && !said.contains("no-such-key"),
        "{said}"
    );
    assert_eq!(dev.named(&id, &url).unwrap().issue, named.issue);
    let elsewhere = dev.named(&id, "https://redmine.example.org/issues/1");
    assert!(matches!(elsewhere, Err(NoIssue::Elsewhere { .. })));
}
