//! The trackers: what an operator writes, whom they let in, and what they answer to which request.

use super::{CROWD, fixture};
use crate::doubles::trackers::Door;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub struct Case {
    /// What its snapshots are called.
    pub title: &'static str,
    /// The preset.
    pub name: &'static str,
    /// What follows the host in `base_url`.
    pub base: &'static str,
    /// The rest of the source's configuration.
    pub source: &'static str,
    pub door: fn(&str) -> Door,
    /// Part of the words in which a stranger is refused.
    pub refusal: &'static str,
    pub answers: fn() -> Vec<(String, Value)>,
    /// The item that is written to.
    pub item: &'static str,
}

fn door(header: &'static str, value: String, status: u16, body: Value) -> Door {
    Door {
        header,
        value,
        refusal: (status, body),
    }
}

fn basic(who: String) -> String {
    format!("Basic {}", STANDARD.encode(who))
}

fn taught(lines: &[(&str, Value)]) -> Vec<(String, Value)> {
    let lines = lines.iter();
    lines
        .map(|(line, answer)| ((*line).to_owned(), answer.clone()))
        .collect()
}

/// A hundred items of one instant, which only make a page full.
fn crowd(one: impl Fn(u64) -> Value) -> Vec<Value> {
    (9000..9100).map(one).collect()
}

pub const ZENDESK: Case = Case {
    title: "zendesk",
    name: "zendesk",
    base: "",
    source: r#"
[source.setting]
account = "toban@example.com"
tag = "escalated"
product_field = "27648"
[source.owners]
"t.aoki@example.com" = "aoki"
"#,
    door: |key| {
        door(
            "authorization",
            basic(format!("toban@example.com/token:{key}")),
            401,
            json!({ "error": "Couldn't authenticate you" }),
        )
    },
    refusal: "Couldn't authenticate you",
    answers: || {
        let comments = "?sort=-created_at&page[size]=100&include=users";
        let export = "GET /api/v2/incremental/tickets/cursor.json?";
        let rest = "&per_page=100&include=users,organizations";
        taught(&[
            ("GET /api/v2/users/me.json", fixture("zendesk/check")),
            (
                // Five minutes before the day began in Tokyo.
                &format!("{export}start_time=1795445700{rest}"),
                fixture("zendesk/page-1"),
            ),
            (
                &format!("{export}cursor=MTc5NTQ4MTc2MC4wfHwzNTQzN3w={rest}"),
                fixture("zendesk/page-2"),
            ),
            (
                &format!("GET /api/v2/tickets/35436/comments.json{comments}"),
                fixture("zendesk/comments-35436"),
            ),
            (
                &format!("GET /api/v2/tickets/35438/comments.json{comments}"),
                fixture("zendesk/comments-35438"),
            ),
            (
                "PUT /api/v2/tickets/35436.json",
                json!({ "ticket": { "id": 35436 }, "audit": { "id": 5650305013u64, "events": [] } }),
            ),
        ])
    },
    item: "35436",
};

fn kintone() -> Vec<(String, Value)> {
    let query = |from: &str, offset: u64| {
        format!(
            "GET /k/v1/records.json?app=12&totalCount=true&query=更新日時 >= \"{from}\" and (部門 in (\"開発\")) \
             order by 更新日時 asc, $id asc limit 100 offset {offset}"
        )
    };
    let record = |id: u64| {
        json!({
            "$id": { "type": "__ID__", "value": id.to_string() },
            "$revision": { "type": "__REVISION__", "value": "1" },
            "作成者": { "type": "CREATOR", "value": { "code": "import", "name": "取り込み" } },
            "更新日時": { "type": "UPDATED_TIME", "value": "2026-11-24T00:55:00Z" },
            "件名": { "type": "SINGLE_LINE_TEXT", "value": CROWD },
            "ステータス": { "type": "STATUS", "value": "未着手" },
            "担当者": { "type": "USER_SELECT", "value": [] },
        })
    };
    let all = crowd(record);
    let full = json!({ "records": all, "totalCount": "102" });
    let mut rest = fixture("kintone/records");
    let last = rest["records"].as_array().unwrap().clone();
    rest["records"] = all[90..].iter().cloned().chain(last).collect();
    let comments = |id: &str| {
        format!("GET /k/v1/record/comments.json?app=12&record={id}&order=desc&offset=0&limit=10")
    };
    taught(&[
        (&query("2026-11-23T15:00:00Z", 0), full.clone()),
        (&query("2026-11-24T00:55:00Z", 0), full),
        (&query("2026-11-24T00:55:00Z", 90), rest),
        (&comments("4101"), fixture("kintone/comments-4101")),
        (
            "GET /k/v1/record/comments.json*",
            json!({ "comments": [], "older": false, "newer": false }),
        ),
        ("POST /k/v1/record.json", json!({ "revision": "4" })),
        ("POST /k/v1/record/comment.json", json!({ "id": "5" })),
    ])
}

fn kintone_door(key: &str) -> Door {
    door(
        "x-cybozu-api-token",
        key.to_owned(),
        401,
        json!({ "code": "GAIA_IA02", "id": "1505999166-836316825", "message": "指定したAPIトークンが一致しません。" }),
    )
}

pub const KINTONE: Case = Case {
    title: "kintone",
    name: "kintone",
    base: "/k",
    source: r#"
[source.setting]
app = "12"
condition = '部門 in ("開発")'
owner_to = "担当者"
status_to = "対応状況"
answered_status = "回答済み"
closed_status = "完了"
[source.owners]
"aoki-t" = "aoki"
"#,
    door: kintone_door,
    refusal: "指定したAPIトークンが一致しません。",
    answers: kintone,
    item: "4101",
};

/// Where replies and answers have fields of their own.
pub const KINTONE_FIELDS: Case = Case {
    title: "kintone_with_fields",
    source: r#"
[source.setting]
app = "12"
condition = '部門 in ("開発")'
reply_to = "返信"
answer_to = "回答"
status_to = "対応状況"
answered_status = "回答済み"
closed_status = "完了"
reopened_status = "対応中"
severity_to = "重要度"
owner_to = "担当者"
[source.owners]
"aoki-t" = "aoki"
"#,
    ..KINTONE
};

pub const GITHUB: Case = Case {
    title: "github",
    name: "github",
    base: "",
    source: r#"
[source.setting]
repository = "example/billing"
label = "escalated"
[source.owners]
"t-aoki" = "aoki"
"#,
    door: |key| {
        door(
            "authorization",
            format!("Bearer {key}"),
            401,
            json!({ "message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401" }),
        )
    },
    refusal: "Bad credentials",
    answers: || {
        let list = |page: u64, since: &str| {
            format!(
                "GET /repos/example/billing/issues?state=all&sort=updated&direction=asc&per_page=100&page={page}&since={since}"
            )
        };
        let full: Value = crowd(|id| {
            json!({
                "number": id, "title": CROWD, "state": "open", "labels": [], "assignees": [],
                "user": { "login": "import", "type": "Bot" }, "updated_at": "2026-11-24T00:55:00Z",
            })
        })
        .into();
        let comments = |id: u64| {
            format!("GET /repos/example/billing/issues/{id}/comments?per_page=100&page=1")
        };
        taught(&[
            ("GET /user", fixture("github/check")),
            (&list(1, "2026-11-23T15:00:00Z"), full.clone()),
            (&list(1, "2026-11-24T00:55:00Z"), full),
            (&list(2, "2026-11-24T00:55:00Z"), fixture("github/issues")),
            (&comments(1347), fixture("github/comments-1347")),
            (&comments(1340), json!([])),
            (
                "POST /repos/example/billing/issues/1347/comments",
                json!({ "id": 15 }),
            ),
            (
                "POST /repos/example/billing/issues/1347/labels",
                json!([{ "id": 208045946, "name": "answered" }]),
            ),
            (
                "PATCH /repos/example/billing/issues/1347",
                json!({ "number": 1347 }),
            ),
        ])
    },
    item: "1347",
};

pub const GITLAB: Case = Case {
    title: "gitlab",
    name: "gitlab",
    base: "",
    source: r#"
[source.setting]
project = "example/billing"
label = "escalated"
[source.owners]
"42" = "aoki"
"#,
    door: |key| {
        door(
            "private-token",
            key.to_owned(),
            401,
            json!({ "message": "401 Unauthorized" }),
        )
    },
    refusal: "401 Unauthorized",
    answers: || {
        let list = |page: u64, since: &str| {
            format!(
                "GET /api/v4/projects/example%2Fbilling/issues?scope=all&state=all&order_by=updated_at&sort=asc&per_page=100&page={page}&updated_after={since}"
            )
        };
        let full: Value = crowd(|id| {
            json!({
                "iid": id, "title": CROWD, "state": "opened", "labels": [], "assignees": [],
                "author": { "id": 1, "name": "import" }, "updated_at": "2026-11-24T00:55:00.500Z",
            })
        })
        .into();
        let notes = |id: u64| {
            format!(
                "GET /api/v4/projects/example%2Fbilling/issues/{id}/notes?sort=desc&order_by=created_at&activity_filter=only_comments&per_page=100"
            )
        };
        taught(&[
            ("GET /api/v4/user", fixture("gitlab/check")),
            (&list(1, "2026-11-23T15:00:00Z"), full.clone()),
            (&list(1, "2026-11-24T00:55:00.500Z"), full),
            (
                &list(2, "2026-11-24T00:55:00.500Z"),
                fixture("gitlab/issues"),
            ),
            (&notes(17), fixture("gitlab/notes-17")),
            (&notes(18), json!([])),
            (&notes(19), json!([])),
            (
                "POST /api/v4/projects/example%2Fbilling/issues/17/notes",
                json!({ "id": 305 }),
            ),
            (
                "PUT /api/v4/projects/example%2Fbilling/issues/17",
                json!({ "iid": 17 }),
            ),
        ])
    },
    item: "17",
};

pub const JIRA: Case = Case {
    title: "jira",
    name: "jira",
    base: "",
    source: r#"
[source.setting]
account = "toban@example.com"
jql = "project = SUP AND labels = escalated"
answer_transition = "31"
close_transition = "41"
reopen_transition = "51"
product_field = "customfield_10050"
[source.owners]
"5b10a2844c20165700ede21g" = "aoki"
"#,
    door: |key| {
        door(
            "authorization",
            basic(format!("toban@example.com:{key}")),
            401,
            json!({ "errorMessages": ["You do not have permission to view this"], "errors": {} }),
        )
    },
    refusal: "You do not have permission to view this",
    answers: || {
        let search = |more: &str| {
            format!(
                "GET /rest/api/2/search/jql?jql=(project = SUP AND labels = escalated) AND updated >= \"2026-11-23 23:55\" \
                 ORDER BY updated ASC, key ASC&fields=*all,-comment,-attachment,-worklog&maxResults=50{more}"
            )
        };
        let comments = |key: &str| {
            format!("GET /rest/api/2/issue/{key}/comment?orderBy=-created&maxResults=100")
        };
        taught(&[
            ("GET /rest/api/2/myself", fixture("jira/check")),
            (&search(""), fixture("jira/page-1")),
            (&search("&nextPageToken=CAEaAggB~2"), fixture("jira/page-2")),
            (&comments("SUP-42"), fixture("jira/comments-SUP-42")),
            (&comments("SUP-43"), fixture("jira/comments-SUP-43")),
            (
                "POST /rest/api/2/issue/SUP-42/comment",
                json!({ "id": "10405" }),
            ),
            ("POST /rest/api/2/issue/SUP-42/transitions", json!({})),
            ("PUT /rest/api/2/issue/SUP-42", json!({})),
        ])
    },
    item: "SUP-42",
};

pub const FRESHDESK: Case = Case {
    title: "freshdesk",
    name: "freshdesk",
    base: "",
    source: r#"
[source.setting]
tag = "escalated"
product_field = "cf_product"
[source.owners]
"1020001234" = "aoki"
"#,
    door: |key| {
        door(
            "authorization",
            basic(format!("{key}:X")),
            401,
            json!({ "code": "invalid_credentials", "message": "You have to be logged in to perform this action." }),
        )
    },
    refusal: "You have to be logged in to perform this action.",
    answers: || {
        let list = |page: u64, since: &str| {
            format!(
                "GET /api/v2/tickets?updated_since={since}&order_by=updated_at&order_type=asc&per_page=100&page={page}&include=requester,company,description"
            )
        };
        let full: Value = crowd(|id| {
            json!({
                "id": id, "subject": CROWD, "status": 2, "priority": 1, "spam": false, "tags": [], "custom_fields": {},
                "requester_id": 1, "updated_at": "2026-11-24T00:55:00Z",
            })
        })
        .into();
        let talk = |id: u64| format!("GET /api/v2/tickets/{id}/conversations?per_page=100");
        taught(&[
            ("GET /api/v2/agents/me", fixture("freshdesk/check")),
            (&list(1, "2026-11-23T15:00:00Z"), full.clone()),
            (&list(1, "2026-11-24T00:55:00Z"), full),
            (
                &list(2, "2026-11-24T00:55:00Z"),
                fixture("freshdesk/tickets"),
            ),
            (&talk(17), fixture("freshdesk/conversations-17")),
            (&talk(18), json!([])),
            ("POST /api/v2/tickets/17/reply", json!({ "id": 35 })),
            ("PUT /api/v2/tickets/17", json!({ "id": 17 })),
        ])
    },
    item: "17",
};
