#![allow(clippy::unwrap_used)]
use super::*;
use crate::app::source_config::RequestConfig;
use crate::app::tracker_config::{FileConfig, LOOK_EVERY, LookConfig};
use crate::net::{Client, Settings};
use serde_json::{Value, json};

/// An answer as it came.
fn answer(status: u16, headers: &[(&'static str, &str)], body: &Value) -> Answer {
    let mut answer = Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: Default::default(),
        body: body.to_string().into_bytes(),
        asked_at: crate::time::Timestamp::UNIX_EPOCH,
        answered_at: crate::time::Timestamp::UNIX_EPOCH,
    };
    for (name, value) in headers {
        answer.headers.insert(*name, value.parse().unwrap());
    }
    answer
}

const ID: &str = "dev";

/// The tracker of a section of the configuration, with a client that reaches nothing.
fn made(section: &str) -> HttpTrackers {
    let text = format!(
        "{}\n[[tracker]]\nid = \"{ID}\"\nsecret = \"s3cret-key\"\n{section}",
        crate::testkit::world::STORY
    );
    let config = crate::testkit::world::read(&text);
    HttpTrackers::new(&config.trackers, Client::new(&Settings::default()).unwrap()).unwrap()
}

const PRESETS: [(&str, &str); 4] = [
    (
        "github",
        "preset = \"github\"\n[tracker.setting]\nrepo = \"example/app\"\nlabels = \"bug, from-support\"",
    ),
    (
        "gitlab",
        "preset = \"gitlab\"\nbase_url = \"https://gitlab.example.com\"\n[tracker.setting]\nproject = \"group/app\"\nlabels = \"bug\"",
    ),
    (
        "jira",
        "preset = \"jira\"\nbase_url = \"https://example.atlassian.net\"\n[tracker.setting]\nproject = \"APP\"",
    ),
    (
        "redmine",
        "preset = \"redmine\"\nbase_url = \"https://redmine.example.com\"\n[tracker.setting]\nproject = \"app\"\ntracker = \"1\"",
    ),
];

fn preset(name: &str) -> HttpTrackers {
    let (_, section) = PRESETS
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    made(section)
}

fn fields() -> Vec<(&'static str, String)> {
    let own = |text: &str| text.to_owned();
    vec![
        ("title", own("通知が\"二重\"に届く")),
        ("text", own("再現手順：\n1. …")),
        ("reference", own("Q-12")),
        ("severity", own("S2")),
        ("product", own("core")),
        ("kind", own("investigation")),
        ("marker", own("toban:Q-12")),
        ("key", own("k-1")),
        ("issue", own("121")),
        ("customers", own("2")),
        ("inquiries", own("2")),
        ("references", own("Q-12, Q-40")),
    ]
}

impl HttpTrackers {
    fn only(&self) -> &Tracker {
        &self.trackers[&TrackerId::from(ID)]
    }
}

/// Address and body of a request.
fn filled(tracker: &Tracker, request: &Rendered) -> (String, Value) {
    let seen = tracker.common.with(fields());
    let body = request.body(&seen).unwrap();
    let body = body.map_or(Value::Null, |body| serde_json::from_str(&body).unwrap());
    (request.fill(&seen).unwrap().url().to_string(), body)
}

#[test]
fn every_preset_files_in_the_shape_that_its_tracker_documents() {
    let text = "再現手順：\n1. …\n\ntoban:Q-12";
    let title = "通知が\"二重\"に届く";
    for (name, url, body) in [
        (
            "github",
            "https://api.github.com/repos/example/app/issues",
            json!({ "title": title, "body": text, "labels": ["bug", "from-support"] }),
        ),
        (
            "gitlab",
            "https://gitlab.example.com/api/v4/projects/group%2Fapp/issues",
            json!({ "title": title, "description": text, "labels": "bug" }),
        ),
        (
            "jira",
            "https://example.atlassian.net/rest/api/2/issue",
            json!({ "fields": { "project": { "key": "APP" }, "issuetype": { "name": "Bug" },
                "summary": title, "description": text } }),
        ),
        (
            "redmine",
            "https://redmine.example.com/issues.json",
            json!({ "issue": { "project_id": "app", "tracker_id": 1, "subject": title, "description": text } }),
        ),
    ] {
        let trackers = preset(name);
        let tracker = trackers.only();
        let request = &tracker.file.as_ref().unwrap().request;
        assert_eq!(filled(tracker, request), (url.to_owned(), body), "{name}");
    }
}

#[test]
fn every_preset_comments_in_the_shape_that_its_tracker_documents() {
    let text = "再現手順：\n1. …";
    for (name, url, body) in [
        (
            "github",
            "https://api.github.com/repos/example/app/issues/121/comments",
            json!({ "body": text }),
        ),
        (
            "gitlab",
            "https://gitlab.example.com/api/v4/projects/group%2Fapp/issues/121/notes",
            json!({ "body": text }),
        ),
        (
            "jira",
            "https://example.atlassian.net/rest/api/2/issue/121/comment",
            json!({ "body": text }),
        ),
        (
            "redmine",
            "https://redmine.example.com/issues/121.json",
            json!({ "issue": { "notes": text } }),
        ),
    ] {
        let trackers = preset(name);
        let tracker = trackers.only();
        let note = tracker.note.as_ref().unwrap();
        assert_eq!(filled(tracker, note), (url.to_owned(), body), "{name}");
    }
}

#[test]
fn the_number_and_the_address_are_read_from_every_trackers_answer() {
    for (name, said, issue, url) in [
        (
            "github",
            json!({ "number": 121, "html_url": "https://github.com/example/app/issues/121" }),
            "121",
            "https://github.com/example/app/issues/121",
        ),
        (
            "gitlab",
            json!({ "id": 84, "iid": 14, "web_url": "https://gitlab.example.com/group/app/-/issues/14" }),
            "14",
            "https://gitlab.example.com/group/app/-/issues/14",
        ),
        (
            "jira",
            json!({ "id": "10000", "key": "APP-24", "self": "https://example.atlassian.net/rest/api/2/issue/10000" }),
            "APP-24",
            "https://example.atlassian.net/browse/APP-24",
        ),
        (
            "redmine",
            json!({ "issue": { "id": 77, "subject": "…" } }),
            "77",
            "https://redmine.example.com/issues/77",
        ),
    ] {
        let trackers = preset(name);
        let tracker = trackers.only();
        let filing = tracker.file.as_ref().unwrap();
        let named = tracker.filed(filing, &answer(201, &[], &said)).unwrap();
        assert_eq!(
            (named.issue.as_str(), named.url.as_deref()),
            (issue, Some(url))
        );
        let empty = tracker.filed(filing, &answer(201, &[], &json!({})));
        assert!(empty.is_err(), "{name}: {empty:?}");
    }
}

#[track_caller]
fn check_seen(name: &str, said: Value, state: &str, is_done: bool, fixed_in: Option<&str>) {
    let trackers = preset(name);
    let tracker = trackers.only();
    let look = tracker.look.as_ref().unwrap();
    let seen = tracker.seen(look, &answer(200, &[], &said)).unwrap();
    let expected = Seen {
        state: state.to_owned(),
        is_done,
        fixed_in: fixed_in.map(str::to_owned),
    };
    assert_eq!(seen, expected, "{name}: {said}");
}

#[test]
fn the_state_is_read_from_every_trackers_answer() {
    let open = json!({ "state": "open", "state_reason": null, "milestone": { "title": "2.3" } });
    check_seen("github", open, "open", false, Some("2.3"));
    let done =
        json!({ "state": "closed", "state_reason": "completed", "milestone": { "title": "2.3" } });
    check_seen("github", done, "closed (completed)", true, Some("2.3"));
    let dropped = json!({ "state": "closed", "state_reason": "not_planned", "milestone": { "title": "2.3" } });
    check_seen("github", dropped, "closed (not planned)", true, None);
    let old_server = json!({ "state": "closed", "milestone": null });
    check_seen("github", old_server, "closed", true, None);
    check_seen(
        "gitlab",
        json!({ "state": "opened", "milestone": null }),
        "opened",
        false,
        None,
    );
    let closed = json!({ "state": "closed", "milestone": { "title": "16.1" } });
    check_seen("gitlab", closed, "closed", true, Some("16.1"));
    let status =
        |name: &str, category: &str| json!({ "name": name, "statusCategory": { "key": category } });
    let working =
        json!({ "fields": { "status": status("進行中", "indeterminate"), "fixVersions": [] } });
    check_seen("jira", working, "進行中", false, None);
    let done = json!({ "fields": { "status": status("完了", "done"), "fixVersions": [{ "name": "2.3" }, { "name": "2.2.9" }] } });
    check_seen("jira", done, "完了", true, Some("2.3, 2.2.9"));
    let new = json!({ "issue": { "status": { "name": "新規", "is_closed": false } } });
    check_seen("redmine", new, "新規", false, None);
    let done = json!({ "issue": { "status": { "name": "終了", "is_closed": true }, "fixed_version": { "name": "2.3" } } });
    check_seen("redmine", done, "終了", true, Some("2.3"));
    let before_5 =
        json!({ "issue": { "status": { "name": "終了" }, "closed_on": "2026-11-24T01:00:00Z" } });
    check_seen("redmine", before_5, "終了", true, None);
    let before_5 = json!({ "issue": { "status": { "name": "新規" }, "closed_on": null } });
    check_seen("redmine", before_5, "新規", false, None);
}

#[track_caller]
fn check_named(name: &str, given: &str, expected: Option<&str>) {
    let trackers = preset(name);
    let named = trackers.named(&ID.into(), given);
    let issue = named.as_ref().ok().map(|named| named.issue.as_str());
    assert_eq!(issue, expected, "{given}: {named:?}");
}

#[test]
fn an_issue_is_named_by_its_number_its_key_or_its_address() {
    check_named("github", "121", Some("121"));
    check_named("github", " #121 ", Some("121"));
    check_named("github", "＃１２１", Some("121"));
    check_named(
        "github",
        "https://github.com/example/app/issues/121",
        Some("121"),
    );
    check_named(
        "github",
        "https://GitHub.com/Example/App/issues/121/?q=1#issuecomment-5",
        Some("121"),
    );
    check_named("jira", "app-24", Some("APP-24"));
    check_named(
        "jira",
        "https://example.atlassian.net/browse/APP-24?focusedId=1",
        Some("APP-24"),
    );
    check_named(
        "gitlab",
        "https://gitlab.example.com/group/app/-/issues/14",
        Some("14"),
    );
    check_named(
        "redmine",
        "https://redmine.example.com/issues/77#note-3",
        Some("77"),
    );
}

#[test]
fn what_is_no_issue_of_the_tracker_is_refused() {
    check_named("github", "", None);
    check_named("github", "それ", None);
    check_named("github", "../../secrets", None);
    check_named("github", "12 OR 1=1", None);
    check_named("github", "https://github.com/other/app/issues/121", None);
    check_named("github", "https://github.com/example/app/pull/121", None);
    check_named(
        "github",
        "javascript://github.com/example/app/issues/121",
        None,
    );
    check_named("github", "https://example.com/example/app/issues/121", None);
    check_named("jira", "https://example.atlassian.net/", None);
    let elsewhere = preset("github").named(&ID.into(), "https://example.com/1");
    let like = "https://github.com/example/app/issues/123".to_owned();
    assert_eq!(elsewhere, Err(NoIssue::Elsewhere { like }));
}

#[track_caller]
fn check_judged(status: u16, headers: &[(&'static str, &str)], expected: &str) {
    let secrets = [Secret::new("s3cret-key")];
    let body = json!({ "message": "no", "token": "s3cret-key" });
    let said = match judged(&answer(status, headers, &body), &secrets) {
        Ok(()) => "good".to_owned(),
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains("s3cret-key"), "{said}");
            said.split([':', ' ']).next().unwrap().to_owned()
        }
    };
    assert_eq!(said, expected, "{status}");
}

#[test]
fn a_status_says_whether_it_may_stand_there() {
    check_judged(201, &[], "good");
    check_judged(302, &[], "refused");
    check_judged(401, &[], "refused");
    check_judged(403, &[], "refused");
    check_judged(403, &[("retry-after", "60")], "try");
    check_judged(403, &[("x-ratelimit-remaining", "0")], "try");
    check_judged(404, &[], "gone");
    check_judged(410, &[], "gone");
    check_judged(422, &[], "refused");
    check_judged(429, &[], "try");
    check_judged(500, &[], "no");
    check_judged(502, &[], "no");
    check_judged(503, &[], "try");
    check_judged(504, &[], "no");
}

#[test]
fn a_form_begins_with_what_the_configuration_makes_of_an_inquiry() {
    let section = "preset = \"github\"\ntitle = \"[{{ product }}] {{ title }}\"\n[tracker.setting]\nrepo = \"example/app\"";
    let fields: Fields = [
        ("title", "届かない".to_owned()),
        ("product", "core".to_owned()),
    ]
    .into();
    let (title, text) = made(section).draft(&ID.into(), &fields);
    assert_eq!(title.as_deref(), Some("[core] 届かない"));
    assert_eq!(text, None);
}

#[tokio::test]
async fn a_tracker_that_cannot_be_reached_is_tried_again_and_one_that_is_guarded_is_not() {
    let section = |address: &str| {
        let request = RequestConfig {
            method: "POST".to_owned(),
            url: format!("{address}/issues"),
            headers: BTreeMap::new(),
            body: None,
            good_when: None,
        };
        let config = TrackerConfig {
            id: ID.into(),
            name: ID.to_owned(),
            queues: Vec::new(),
            products: Vec::new(),
            base_url: String::new(),
            secrets: Vec::new(),
            settings: BTreeMap::new(),
            issue_url: None,
            title: None,
            text: None,
            file: Some(FileConfig {
                request: request.clone(),
                issue: "{{ number }}".to_owned(),
                url: None,
            }),
            look: Some(LookConfig {
                request,
                state: "{{ state }}".to_owned(),
                is_done: "state == 'closed'".to_owned(),
                fixed_in: None,
                every: LOOK_EVERY,
            }),
            note: None,
        };
        TrackersConfig {
            trackers: [(ID.into(), config)].into(),
        }
    };
    let open = Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    };
    // Nobody listens at a port that was just given back.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (settings, expected) in [(open, "try again"), (Settings::default(), "refused")] {
        let trackers = HttpTrackers::new(&section(&address), Client::new(&settings).unwrap());
        let trackers = trackers.unwrap();
        let error = trackers.file(&ID.into(), &Fields::new()).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        let error = trackers.look(&ID.into(), "1").await.unwrap_err();
        assert!(matches!(error, LookError::Unavailable { .. }), "{error}");
    }
}
