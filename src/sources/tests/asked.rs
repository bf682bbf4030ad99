//! What the shipped presets ask, where their cursors go, and what they make of what they find: against a server that answers
//! what a case says, and remembers what it was asked.

use super::super::Sources;
use crate::app::ports::{Mapped, Page, Poller as _, Side, SourceState};
use crate::domain::ids::SourceId;
use crate::net::{Client, Settings};
use crate::testkit::world::{STORY, read, tokyo};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// What a tracker answers to the list, to everything that is asked of one item, and to who we are.
struct There {
    list: Value,
    detail: Value,
    check: Value,
}

fn list(list: Value) -> There {
    There {
        list,
        detail: json!({}),
        check: json!({}),
    }
}

struct Desk {
    preset: &'static str,
    server: MockServer,
    sources: Sources,
}

/// A desk whose source is of a preset with these settings.
async fn desk(preset: &'static str, settings: &str) -> Desk {
    let server = MockServer::start().await;
    let hook = match preset {
        "redmine" | "request-tracker" | "rakuraku-hanbai" => "",
        _ => "hook_secret = \"It's a Secret to Everybody\"",
    };
    let text = format!(
        "{STORY}\n[[source]]\nid = \"{preset}\"\npreset = \"{preset}\"\nbase_url = \"{}\"\nsecret = \"api-key-5f3a\"\n{hook}\n\
         since = 2026-11-24\n[source.setting]\n{settings}\n[source.owners]\n\"5\" = \"aoki\"\n",
        server.uri()
    );
    let config = read(&text);
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    Desk {
        preset,
        sources: Sources::new(&config.sources, &config.setup, client.unwrap()).unwrap(),
        server,
    }
}

/// Whether a path is that of a list, and of who we are.
fn is_list(path: &str) -> bool {
    let lists = ["/issues", "/issues.json", "/tickets", "cursor.json", "/jql"];
    let csv = path.contains("/csvexport/");
    csv || lists.iter().any(|list| path.ends_with(list))
}

fn is_check(path: &str) -> bool {
    let checks = ["/user", "me.json", "current.json", "/me", "/myself"];
    checks.iter().any(|check| path.ends_with(check)) || path.contains("/user/")
}

impl Desk {
    /// Polls once at a cursor, on the first page of a poll or on a further one.
    async fn poll(&self, cursor: &str, is_further_page: bool, there: There) -> Page {
        self.server.reset().await;
        let answer = move |request: &Request| {
            let path = request.url.path();
            let answer = match (is_list(path), is_check(path)) {
                (true, _) => &there.list,
                (false, true) => &there.check,
                (false, false) => &there.detail,
            };
            match answer {
                Value::String(table) => ResponseTemplate::new(200).set_body_string(table),
                answer => ResponseTemplate::new(200).set_body_json(answer),
            }
        };
        Mock::given(any())
            .respond_with(answer)
            .mount(&self.server)
            .await;
        let state = SourceState {
            cursor: Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty()),
            since: Some(tokyo("2026-11-24 00:00")),
            is_further_page,
            ..SourceState::default()
        };
        let id = SourceId::from(self.preset);
        let now = tokyo("2026-11-24 10:00");
        self.sources.poll(&id, &state, now).await.unwrap()
    }

    /// The queries of the requests for a list, or for the details, as the other side reads them.
    async fn queries(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let wanted = requests.iter().filter(|it| is_wanted(it.url.path()));
        let pairs = |request: &Request| {
            let pairs = request.url.query_pairs();
            let pairs: Vec<String> = pairs.map(|(name, it)| format!("{name}={it}")).collect();
            pairs.join("&")
        };
        wanted.map(pairs).collect()
    }

    async fn asked(&self) -> String {
        self.queries(is_list).await.join(" | ")
    }
}

/// What becomes of a page: the cursor, whether there is more, and what was wrong.
fn went(page: &Page) -> (&str, bool, Option<&str>) {
    (
        page.state.cursor.as_deref().unwrap_or_default(),
        page.has_more,
        page.state.last_error.as_deref(),
    )
}

fn items(page: Page) -> Vec<Mapped> {
    let items = page.items.into_iter();
    items
        .map(|item| item.unwrap_or_else(|(raw, why)| panic!("{why}: {raw}")))
        .collect()
}

/// So many items, changed at these times in turn.
fn many(times: &[(&str, usize)], one: impl Fn(u64, &str) -> Value) -> Vec<Value> {
    let times = times.iter();
    let times = times.flat_map(|(at, count)| std::iter::repeat_n(*at, *count));
    (1..).zip(times).map(|(n, at)| one(n, at)).collect()
}

fn gitlab(times: &[(&str, usize)]) -> There {
    let one = |n, at: &str| {
        json!({"iid": n, "title": "件名", "state": "opened", "labels": [], "assignees": [],
            "author": {"id": 1, "name": "花子"}, "updated_at": at})
    };
    There {
        detail: json!([]),
        check: json!({"id": 9}),
        ..list(many(times, one).into())
    }
}

fn redmine(offset: u64, total: u64, times: &[(&str, usize)]) -> There {
    let one = |n, at: &str| json!({"id": n, "subject": "件名", "updated_on": at});
    list(json!({"issues": many(times, one), "offset": offset, "total_count": total}))
}

fn rt(times: &[(&str, usize)]) -> There {
    let one = |n: u64, at: &str| json!({"id": n.to_string(), "Subject": "件名", "LastUpdated": at});
    There {
        check: json!({"Timezone": "UTC"}),
        ..list(json!({"items": many(times, one)}))
    }
}

#[tokio::test]
async fn a_gitlab_in_tokyo_is_asked_for_a_time_that_it_can_read() {
    let desk = desk("gitlab", "project = \"example/billing\"").await;
    let cursor = "2026-11-24T09:55:00.500+09:00~2";
    let page = desk.poll(cursor, true, gitlab(&[])).await;
    let asked = desk.asked().await;
    assert!(
        asked.ends_with("&page=2&updated_after=2026-11-24T09:55:00.500+09:00"),
        "{asked}"
    );
    assert_eq!(
        went(&page),
        ("2026-11-24T09:55:00.500+09:00", false, None),
        "nothing more waits"
    );
}

#[tokio::test]
async fn a_comment_that_leaves_the_time_of_its_issue_alone_is_found_in_gitlab() {
    let desk = desk("gitlab", "project = \"example/billing\"").await;
    let at = "2026-11-24T00:55:00.500Z";
    let page = desk.poll(at, false, gitlab(&[(at, 1)])).await;
    let asked = desk.asked().await;
    assert!(
        asked.ends_with("&page=1&updated_after=2026-11-24T00:53:00.500Z"),
        "{asked}"
    );
    assert_eq!(went(&page), (at, false, None));
}

#[tokio::test]
async fn what_changed_before_the_cursor_is_no_page_of_what_changed_at_it() {
    let (before, at) = ("2026-11-24T00:54:00.000Z", "2026-11-24T00:55:00.500Z");
    let later = "2026-11-24T00:55:01.000Z";
    let desk = desk("gitlab", "project = \"example/billing\"").await;
    let page = desk
        .poll(at, false, gitlab(&[(before, 60), (at, 40)]))
        .await;
    assert_eq!(went(&page), (at, true, None), "next from T itself");
    let page = desk.poll(at, true, gitlab(&[(at, 100)])).await;
    assert_eq!(went(&page), ("2026-11-24T00:55:00.500Z~2", true, None));
    let page = desk
        .poll(at, false, gitlab(&[(before, 60), (later, 40)]))
        .await;
    assert_eq!(went(&page), (later, true, None));
}

#[tokio::test]
async fn an_issue_that_is_saved_late_is_found_in_redmine() {
    let desk = desk("redmine", "").await;
    let at = "2026-11-24T00:55:00Z";
    let asked = async |cursor: &str, is_further: bool| {
        desk.poll(cursor, is_further, redmine(0, 0, &[])).await;
        desk.asked().await
    };
    let first = asked("", false).await;
    assert!(
        first.ends_with("&offset=0&updated_on=>=2026-11-23T15:00:00Z"),
        "{first}"
    );
    let reaching = asked(at, false).await;
    assert!(
        reaching.ends_with("&offset=0&updated_on=>=2026-11-24T00:53:00Z"),
        "{reaching}"
    );
    let further = asked(at, true).await;
    assert!(
        further.ends_with("&offset=0&updated_on=>=2026-11-24T00:55:00Z"),
        "{further}"
    );
    let middle = asked("2026-11-24T00:55:00Z~90", false).await;
    assert!(
        middle.ends_with("&offset=90&updated_on=>=2026-11-24T00:55:00Z"),
        "{middle}"
    );
}

#[tokio::test]
async fn an_offset_is_made_of_pages_that_begin_at_their_second_in_redmine() {
    let desk = desk("redmine", "").await;
    let (before, at) = ("2026-11-24T00:54:00Z", "2026-11-24T00:55:00Z");
    let page = desk
        .poll(at, false, redmine(0, 250, &[(before, 60), (at, 40)]))
        .await;
    assert_eq!(went(&page), (at, true, None), "next from T itself");
    let page = desk.poll(at, true, redmine(0, 190, &[(at, 100)])).await;
    assert_eq!(went(&page), ("2026-11-24T00:55:00Z~90", true, None));
    // PostgreSQL keeps parts of a second: those of the second before are within "from T".
    let page = desk
        .poll(
            at,
            true,
            redmine(0, 190, &[("2026-11-24T00:54:59Z", 20), (at, 80)]),
        )
        .await;
    assert_eq!(went(&page), ("2026-11-24T00:55:00Z~90", true, None));
    let page = desk.poll(at, false, redmine(0, 1, &[(before, 1)])).await;
    assert_eq!(went(&page), (at, false, None), "never back");
}

#[tokio::test]
async fn a_ticket_that_is_saved_late_is_found_in_rt() {
    let desk = desk("request-tracker", "").await;
    let (before, at) = ("2026-11-24T00:54:00Z", "2026-11-24T00:55:00Z");
    let page = desk.poll(at, false, rt(&[(before, 60), (at, 40)])).await;
    let asked = desk.asked().await;
    assert!(
        asked.starts_with("query=LastUpdated >= '2026-11-24 00:53:00'&"),
        "{asked}"
    );
    assert_eq!(went(&page), (at, true, None), "next from T itself");
    let page = desk.poll(at, true, rt(&[(at, 100)])).await;
    assert_eq!(went(&page), ("2026-11-24T00:55:00Z~100", true, None));
    desk.poll("2026-11-24T00:55:00Z~100", true, rt(&[])).await;
    let asked = desk.asked().await;
    assert!(
        asked.starts_with("query=LastUpdated >= '2026-11-24 00:55:00' AND (LastUpdated > '2026-11-24 00:55:00' OR id > 100)&"),
        "{asked}"
    );
}

#[tokio::test]
async fn jira_is_asked_for_what_its_search_finds_late_and_the_cursor_never_goes_back() {
    let desk = desk(
        "jira",
        "account = \"toban@example.com\"\njql = \"project = SUP\"",
    )
    .await;
    let found = |at: &str, token: Value| {
        let fields = json!({"summary": "件名", "updated": at, "issuetype": {"name": "Bug"},
            "status": {"statusCategory": {"key": "new"}}});
        list(json!({"issues": [{"key": "SUP-1", "fields": fields}], "nextPageToken": token}))
    };
    let at = "2026-11-24T00:58:00Z";
    let late = found("2026-11-24T09:56:30.000+0900", Value::Null);
    let page = desk.poll(at, false, late).await;
    let first = desk.asked().await;
    assert!(first.contains("updated >= \"2026-11-24 09:53\""), "{first}");
    assert_eq!(went(&page), (at, false, None));
    assert_eq!(items(page).len(), 1);
    // All pages of a search ask the same.
    let more = found("2026-11-24T09:59:30.000+0900", "CAEaAggB".into());
    let page = desk.poll(at, false, more).await;
    assert_eq!(went(&page), ("2026-11-24T00:58:00Z~CAEaAggB", true, None));
    let rest = found("2026-11-24T09:59:40.000+0900", Value::Null);
    let page = desk.poll("2026-11-24T00:58:00Z~CAEaAggB", true, rest).await;
    assert_eq!(
        desk.asked().await,
        format!("{first}&nextPageToken=CAEaAggB")
    );
    assert_eq!(went(&page), ("2026-11-24T00:59:40Z", false, None));
}

/// The address of the comments that are asked for of an issue with so many.
#[track_caller]
fn check_comments(asked: &[String], expected: &str) {
    assert_eq!(asked, [expected]);
}

#[tokio::test]
async fn what_was_said_before_the_last_poll_is_read_in_github_too() {
    let desk = desk("github", "repository = \"example/billing\"").await;
    for (comments, expected) in [
        (json!(0), "per_page=100&page=1"),
        (json!(100), "per_page=100&page=1"),
        (json!(101), "per_page=51&page=2"),
        (json!(201), "per_page=67&page=3"),
        (json!(1000), "per_page=100&page=10"),
        (Value::Null, "per_page=100&page=1"),
    ] {
        let issue = json!([{"number": 7, "title": "件名", "state": "open", "labels": [], "assignees": [],
            "user": {"login": "hanako"}, "comments": comments, "updated_at": "2026-11-24T00:55:00Z"}]);
        let there = There {
            detail: json!([]),
            ..list(issue)
        };
        desk.poll("2026-11-24T00:55:00Z", false, there).await;
        let asked = desk.queries(|path| path.ends_with("/comments")).await;
        check_comments(&asked, expected);
    }
}

fn zendesk(tickets: Value) -> There {
    There {
        check: json!({"user": {"id": 1, "role": "admin"}}),
        detail: json!({"comments": [], "users": [], "meta": {"has_more": false}}),
        ..list(
            json!({"tickets": tickets, "users": [], "organizations": [], "after_cursor": "c", "end_of_stream": true}),
        )
    }
}

#[tokio::test]
async fn a_ticket_of_zendesk_is_taken_by_its_group_and_one_that_was_deleted_is_gone() {
    let desk = desk(
        "zendesk",
        "account = \"toban@example.com\"\ngroup = \"98738\"",
    )
    .await;
    let ticket = |id: u64, group: Value, status: &str| {
        json!({"id": id, "subject": "件名", "status": status, "group_id": group, "tags": [], "custom_fields": [],
            "requester_id": 2, "updated_at": "2026-11-24T00:55:00Z"})
    };
    let tickets = [
        ticket(1, json!(98738), "open"),
        ticket(2, json!(5), "open"),
        ticket(3, Value::Null, "open"),
        ticket(4, Value::Null, "deleted"),
    ];
    let page = desk.poll("", false, zendesk(tickets.to_vec().into())).await;
    let asked = desk.asked().await;
    assert!(!asked.contains("exclude_deleted"), "{asked}");
    let items = items(page);
    let taken: Vec<(&str, bool)> = items
        .iter()
        .map(|item| (item.external_id.as_str(), item.is_deleted))
        .collect();
    assert_eq!(taken, [("1", false), ("4", true)]);
}

fn said(items: &[Mapped]) -> Vec<(Side, &str)> {
    let messages = items.iter().flat_map(|item| &item.messages);
    messages.map(|it| (it.by, it.text.as_str())).collect()
}

#[tokio::test]
async fn a_screenshot_without_a_word_is_a_message_of_the_requester_and_no_reply_of_the_team() {
    let note = |id: u64, who: u64, notes: &str, files: Value| {
        json!({"id": id, "user": {"id": who}, "notes": notes, "created_on": "2026-11-24T00:55:00Z",
            "private_notes": false, "details": files})
    };
    let file = json!([
        {"property": "attr", "name": "status_id", "old_value": "1", "new_value": "2"},
        {"property": "attachment", "name": "7", "old_value": null, "new_value": "画面.png"},
        {"property": "attachment", "name": "8", "old_value": null, "new_value": "log.txt"},
        {"property": "attachment", "name": "6", "old_value": "old.png", "new_value": null},
    ]);
    let status =
        json!([{"property": "attr", "name": "status_id", "old_value": "1", "new_value": "2"}]);
    let journals = [
        note(1, 3, "", file.clone()),
        note(2, 3, "ご確認ください。", file.clone()),
        note(3, 5, "", file.clone()),
        note(4, 1, "", file),
        note(5, 3, "", status),
    ];
    let issue = json!({"id": 7, "subject": "件名", "author": {"id": 3}, "updated_on": "2026-11-24T00:55:00Z"});
    let there = There {
        check: json!({"user": {"id": 1}}),
        detail: json!({"issue": {"journals": journals}}),
        ..list(json!({"issues": [issue], "offset": 0, "total_count": 1}))
    };
    let desk = desk("redmine", "").await;
    let items = items(desk.poll("", false, there).await);
    assert_eq!(
        said(&items),
        [
            (Side::Requester, "画面.png, log.txt"),
            (Side::Requester, "ご確認ください。"),
        ]
    );
    assert_eq!(items[0].odd, []);
}

#[tokio::test]
async fn a_table_that_is_as_long_as_it_may_be_says_that_it_may_be_cut_off() {
    let desk = desk(
        "rakuraku-hanbai",
        "db = \"1\"\nlist = \"2\"\nsearch = \"3\"\nlimit = \"2\"",
    )
    .await;
    let table = |rows: usize| {
        let rows: String = (1..=rows)
            .map(|n| format!("{n},件名,2026/11/24 09:00,対応中\n"))
            .collect();
        list(format!("レコードID,件名,更新日時,ステータス\n{rows}").into())
    };
    let page = desk.poll("", false, table(1)).await;
    assert_eq!(went(&page), ("", false, None));
    let page = desk.poll("", false, table(2)).await;
    let (_, has_more, why) = went(&page);
    assert!(
        !has_more && why.is_some_and(|why| why.contains("another page waits")),
        "{why:?}"
    );
    assert_eq!(items(page).len(), 2, "what came is taken all the same");
}
