use super::{Answer, Site};
use serde_json::{Value, json};

async fn act(site: &Site, member: &str, path: &str, body: &str) -> Answer {
    let token = site.token(member).await;
    site.post(
        &format!("/api/v1/{path}"),
        &[("authorization", &token)],
        body,
    )
    .await
}

async fn ask(site: &Site, path: &str) -> Answer {
    let token = site.token("aoki").await;
    site.get(&format!("/api/v1/{path}"), &[("authorization", &token)])
        .await
}

#[tokio::test]
async fn strangers_are_asked_to_sign_in() {
    let site = Site::new().await;
    for headers in [
        &[][..],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "Basic eA==")],
        &[("cookie", "toban_session=wrong")],
    ] {
        let answer = site.get("/api/v1/inquiries", headers).await;
        answer.problem(401, "not-signed-in");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn a_list_tells_how_much_there_is_and_where_it_goes_on() {
    let site = Site::new().await;
    for n in 1..=3 {
        site.world.receive(&format!("T-{n}"), |_| {}).await;
    }
    let page = ask(&site, "inquiries?limit=2").await.json();
    assert_eq!(page["inquiries"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&page["total"], &page["next_offset"]),
        (&json!(3), &json!(2))
    );
    let rest = ask(&site, "inquiries?limit=2&offset=2").await.json();
    assert_eq!(rest["inquiries"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next_offset"], Value::Null);
}

#[tokio::test]
async fn lists_are_filtered_by_queue_owner_and_standing() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    site.world
        .receive("T-2", |mapped| {
            mapped.product = Some("billing".to_owned());
            mapped.intake.error_text = Some("ORA-00942: no such table".to_owned());
        })
        .await;
    site.world.says("aoki", "claim Q-1").await;
    for (query, expected) in [
        ("queue=billing", json!(["Q-2"])),
        ("owner=me", json!(["Q-1"])),
        ("owner=井上", json!([])),
        ("unclaimed=true", json!(["Q-2"])),
        ("open=false", json!([])),
        ("text=ora-00942", json!(["Q-2"])),
        ("text=ORA-00943", json!([])),
        ("received_from=2026-11-25T00:00:00Z", json!([])),
    ] {
        let encoded = query.replace("井上", "%E4%BA%95%E4%B8%8A");
        let found = ask(&site, &format!("inquiries?{encoded}")).await.json();
        let found: Vec<&Value> = found["inquiries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| &i["reference"])
            .collect();
        assert_eq!(json!(found), expected, "{query}");
    }
    let blank = ask(&site, "inquiries?text=%20").await;
    assert_eq!(blank.problem(400, "bad-request")["field"], "text");
}

#[tokio::test]
async fn what_was_seen_before_is_found_by_words_after_its_end_too() {
    let site = Site::new().await;
    site.world
        .receive("T-1", |mapped| {
            mapped.intake.error_text = Some("ORA-00942: no such table".to_owned());
        })
        .await;
    site.world.says("aoki", "close Q-1 spam").await;
    let none = site.world.says("aoki", "list").await;
    assert!(!none.contains("Q-1"), "{none}");
    for line in ["list text=ora-00942", "一覧 語句=ORA-00942"] {
        let found = site.world.says("aoki", line).await;
        assert!(found.contains("Q-1"), "{line}: {found}");
    }
    let open = site.world.says("aoki", "list open text=ORA-00942").await;
    assert!(!open.contains("Q-1"), "{open}");
}

#[tokio::test]
async fn a_query_that_cannot_be_understood_names_its_field() {
    let site = Site::new().await;
    for (query, field) in [
        ("queue=nowhere", "queue"),
        ("owner=nobody", "owner"),
        ("open=perhaps", "open"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("offset=-1", "offset"),
        ("received_from=yesterday", "received_from"),
        ("colour=red", "colour"),
    ] {
        let problem = ask(&site, &format!("inquiries?{query}"))
            .await
            .problem(400, "bad-request");
        assert_eq!(problem["field"], field);
    }
}

#[tokio::test]
async fn an_inquiry_shows_its_words_clocks_and_timeline() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    site.world.says("aoki", "claim Q-1").await;
    let body = ask(&site, "inquiries/Q-1").await.json();
    assert_eq!(body["customer"], "さくら商事");
    assert_eq!(body["ownership"]["by"]["name"], "青木");
    let clocks = body["clocks"].as_array().unwrap();
    let first = clocks
        .iter()
        .find(|clock| clock["clock"] == "first_response")
        .unwrap();
    assert_eq!(first["standing"], "running");
    assert!(first["at"].as_str().unwrap().ends_with('Z'));
    let promises = body["promises"].as_array().unwrap();
    let claim = promises
        .iter()
        .find(|promise| promise["clock"] == "claim")
        .unwrap();
    assert_eq!(
        (&claim["ending"], &claim["is_missed"]),
        (&json!("met"), &json!(false))
    );
    let last = body["timeline"].as_array().unwrap().last().unwrap();
    assert!(last["text"].as_str().unwrap().contains("青木"), "{last}");
    ask(&site, "inquiries/Q-9").await.problem(404, "not-found");
    ask(&site, "inquiries/none").await.problem(404, "not-found");
}

#[tokio::test]
async fn a_second_claim_is_409_and_names_the_first() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let won = act(&site, "aoki", "inquiries/Q-1/claim", "").await;
    assert_eq!(won.status, 200, "{}", won.text);
    assert_eq!(won.json()["reference"], "Q-1");
    let lost = act(&site, "inoue", "inquiries/q1/claim", "{}")
        .await
        .problem(409, "refused");
    assert!(lost["detail"].as_str().unwrap().contains("青木"));
    assert_eq!(lost["refusal"]["refusal"], "already_owned");
    assert_eq!(lost["refusal"]["by"], "aoki");
    assert_eq!(lost["reference"], "Q-1");
}

#[tokio::test]
async fn a_refusal_speaks_the_callers_language() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    site.store()
        .set_language(&"inoue".into(), "en")
        .await
        .unwrap();
    act(&site, "aoki", "inquiries/Q-1/claim", "").await;
    let lost = act(&site, "inoue", "inquiries/Q-1/claim", "")
        .await
        .problem(409, "refused");
    assert!(lost["detail"].as_str().unwrap().contains("since"));
    // Who chose none is told in the language of the request.
    for (wanted, says) in [("en-GB,ja;q=0.5", "since"), ("ja", "から")] {
        let token = site.token("ueda").await;
        let headers = [
            ("authorization", token.as_str()),
            ("accept-language", wanted),
        ];
        let lost = site.post("/api/v1/inquiries/Q-1/claim", &headers, "").await;
        let lost = lost.problem(409, "refused");
        assert!(lost["detail"].as_str().unwrap().contains(says), "{lost}");
    }
}

#[tokio::test]
async fn words_that_will_not_do_are_422() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    act(&site, "aoki", "inquiries/Q-1/claim", "").await;
    for (verb, body) in [
        ("resolve", "{}"),
        ("note", "{}"),
        ("assign", r#"{"to": "nobody"}"#),
        ("severity", r#"{"to": "S9"}"#),
        ("snooze", r#"{"until": "soonish"}"#),
    ] {
        act(&site, "aoki", &format!("inquiries/Q-1/{verb}"), body)
            .await
            .problem(422, "refused");
    }
    let odd = act(&site, "aoki", "inquiries/Q-1/note", r#"{"txt": "x"}"#).await;
    assert_eq!(odd.problem(422, "unknown-parameter")["field"], "txt");
}

#[tokio::test]
async fn a_body_that_is_no_flat_object_is_400() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    for body in ["{", "[]", "\"x\"", "\0", r#"{"text": {"deep": 1}}"#] {
        act(&site, "aoki", "inquiries/Q-1/note", body)
            .await
            .problem(400, "bad-request");
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    act(&site, "aoki", "inquiries/Q-1/note", &deep)
        .await
        .problem(400, "bad-request");
    let large = format!("{{\"text\": \"{}\"}}", "x".repeat(300_000));
    let answer = act(&site, "aoki", "inquiries/Q-1/note", &large).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn there_are_no_other_verbs_and_inquiries() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    for path in [
        "inquiries/Q-1/explode",
        "inquiries/Q-1/duty-today",
        "inquiries/Q-9/claim",
        "inquiries/x/claim",
    ] {
        act(&site, "aoki", path, "").await.problem(404, "not-found");
    }
}

/// How many lines the timeline of Q-1 has.
async fn lines(site: &Site) -> usize {
    let body = ask(site, "inquiries/Q-1").await.json();
    body["timeline"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_same_key_does_a_thing_once() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let token = site.token("aoki").await;
    let before = lines(&site).await;
    let headers = [
        ("authorization", token.as_str()),
        ("idempotency-key", "k-1"),
    ];
    for _ in 0..2 {
        let answer = site
            .post(
                "/api/v1/inquiries/Q-1/note",
                &headers,
                r#"{"text": "once"}"#,
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(lines(&site).await, before + 1);
    // Another member's key of the same name is another key.
    let other = site.token("inoue").await;
    let headers = [
        ("authorization", other.as_str()),
        ("idempotency-key", "k-1"),
    ];
    site.post(
        "/api/v1/inquiries/Q-1/note",
        &headers,
        r#"{"text": "mine"}"#,
    )
    .await;
    assert_eq!(lines(&site).await, before + 2);
    let long = "k".repeat(201);
    let headers = [
        ("authorization", other.as_str()),
        ("idempotency-key", long.as_str()),
    ];
    let answer = site
        .post("/api/v1/inquiries/Q-1/note", &headers, r#"{"text": "x"}"#)
        .await;
    assert_eq!(
        answer.problem(400, "bad-request")["field"],
        "idempotency-key"
    );
}

#[tokio::test]
async fn why_is_asked_and_claiming_is_not() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let why = ask(&site, "inquiries/Q-1/why").await;
    assert_eq!(why.status, 200);
    assert!(!why.json()["said"].as_str().unwrap().is_empty());
    ask(&site, "inquiries/Q-1/claim")
        .await
        .problem(405, "method-not-allowed");
}

#[tokio::test]
async fn the_duty_is_shown_and_can_be_overridden() {
    let site = Site::new().await;
    let before = ask(&site, "duty").await.json();
    assert_eq!(before["now"][0]["rota"], "support");
    assert!(before["week"].as_array().unwrap().len() >= 4);
    let body = r#"{"member": "eguchi", "from": "2026-11-24 10:00", "until": "2026-11-24 18:00"}"#;
    let done = act(&site, "aoki", "duty/override", body).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let after = ask(&site, "duty").await.json();
    assert_eq!(after["now"][0]["called"]["id"], "eguchi");
    act(&site, "aoki", "duty/override", r#"{"member": "eguchi"}"#)
        .await
        .problem(422, "refused");
}

#[tokio::test]
async fn what_is_arranged_about_the_duty_is_told_and_refused_as_a_problem() {
    let site = Site::new().await;
    let swap = r#"{"with": "inoue", "mine": "2026-11-26", "theirs": "2026-11-27"}"#;
    let done = act(&site, "aoki", "duty/swap", swap).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.json()["data"]["lines"][0]["number"], 1);
    let answer = r#"{"number": 1}"#;
    act(&site, "eguchi", "duty/accept-swap", answer)
        .await
        .problem(403, "refused");
    let done = act(&site, "inoue", "duty/accept-swap", answer).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let late = act(&site, "inoue", "duty/decline-swap", answer).await;
    assert_eq!(
        late.problem(409, "refused")["refusal"]["code"],
        "swap_agreed"
    );
    act(&site, "inoue", "duty/take-back", r#"{"number": 99}"#)
        .await
        .problem(404, "refused");
    let week = ask(&site, "duty").await.json();
    let swapped = week["week"].as_array().unwrap().iter();
    let why: Vec<_> = swapped
        .map(|shift| shift["why"]["why"]["why"].clone())
        .collect();
    assert_eq!(
        why.iter().filter(|why| **why == "swap").count(),
        2,
        "{week}"
    );
    let fair = ask(&site, "duty/fairness?from=2026-11-02&until=2026-11-24").await;
    assert_eq!(fair.status, 200, "{}", fair.text);
    assert_eq!(
        fair.json()["data"][0]["shares"].as_array().unwrap().len(),
        4
    );
    let who = ask(&site, "duty/duty-who?at=2026-11-26%2012:00")
        .await
        .json();
    assert_eq!(who["data"][0]["shift"]["member"], "inoue");
    ask(&site, "duty/swap")
        .await
        .problem(405, "method-not-allowed");
    ask(&site, "duty/claim").await.problem(404, "not-found");
}

#[tokio::test]
async fn the_outbox_tells_what_waits() {
    let site = Site::new().await;
    site.world
        .app
        .receive(crate::testkit::world::usual("T-1"), "hook")
        .await
        .unwrap();
    let waiting = ask(&site, "outbox").await.json();
    assert_eq!(waiting["outbox"][0]["state"], "queued");
}

#[tokio::test]
async fn a_dead_delivery_can_be_sent_again() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let why = "403".to_owned();
    let refused = crate::app::ports::DeliveryError::Rejected { why };
    site.world.back.fail(Some(refused));
    site.world.says("aoki", "claim Q-1").await;
    site.world.settle().await;
    let dead = ask(&site, "outbox").await.json();
    let dead = dead["outbox"].as_array().unwrap().clone();
    let dead = dead.iter().find(|row| row["state"] == "dead").unwrap();
    let path = format!("outbox/{}/retry", dead["id"].as_str().unwrap());
    site.post(&format!("/api/v1/{path}"), &[], "")
        .await
        .problem(401, "not-signed-in");
    site.world.back.fail(None);
    let again = act(&site, "aoki", &path, "").await;
    assert_eq!(again.json()["state"], "queued");
    site.world.settle().await;
    act(&site, "aoki", &path, "")
        .await
        .problem(404, "not-found");
    assert_eq!(site.world.back.sent(), ["Q-1 owner aoki"]);
}

#[tokio::test]
async fn links_are_made_with_the_local_key_only() {
    let site = Site::new().await;
    let mine = act(&site, "aoki", "login", r#"{"member": "inoue"}"#).await;
    mine.problem(403, "local-key-only");
    let local = [("authorization", "Bearer local-key")];
    let made = site
        .post("/api/v1/login", &local, r#"{"member": "井上"}"#)
        .await
        .json();
    assert_eq!(made["member"], "inoue");
    assert!(
        made["url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:8080/login/")
    );
    let unknown = site
        .post("/api/v1/login", &local, r#"{"member": "nobody"}"#)
        .await;
    assert_eq!(unknown.problem(400, "bad-request")["field"], "member");
    let missing = site.post("/api/v1/login", &local, "").await;
    assert_eq!(missing.problem(400, "bad-request")["field"], "member");
}

#[tokio::test]
async fn the_local_key_speaks_for_the_member_it_names() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let local = [
        ("authorization", "Bearer local-key"),
        ("x-toban-as", "inoue"),
    ];
    let done = site.post("/api/v1/inquiries/Q-1/claim", &local, "").await;
    assert_eq!(done.status, 200, "{}", done.text);
    let nobody = [("authorization", "Bearer local-key")];
    let refused = site
        .post(
            "/api/v1/inquiries/Q-1/take-over",
            &nobody,
            r#"{"reason": "x"}"#,
        )
        .await;
    refused.problem(403, "refused");
    let unknown = [
        ("authorization", "Bearer local-key"),
        ("x-toban-as", "mallory"),
    ];
    site.post("/api/v1/inquiries/Q-1/claim", &unknown, "")
        .await
        .problem(400, "bad-request");
}

#[tokio::test]
async fn sources_are_listed_and_shown() {
    let site = Site::new().await;
    site.world.receive("T-1", |_| {}).await;
    let crm = "crm".into();
    site.world.app.note_delivery(&crm, None).await.unwrap();
    let listed = ask(&site, "sources").await.json();
    let ids: Vec<&str> = listed["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"crm") && ids.contains(&"portal"), "{ids:?}");
    let shown = ask(&site, "sources/crm").await.json();
    assert_eq!(
        (&shown["state"], &shown["comes"]),
        (&json!("delivered"), &json!("delivered"))
    );
    assert_eq!(
        (&shown["received_24h"], &shown["unreadable"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(shown["is_enabled"], true);
    ask(&site, "sources/nobody").await.problem(404, "not-found");
    act(&site, "aoki", "sources/nobody/poll", "")
        .await
        .problem(404, "not-found");
    let answer = act(&site, "aoki", "sources/crm/poll", "").await;
    assert!(answer.text.contains("not polled"), "{}", answer.text);
    site.get("/api/v1/sources", &[])
        .await
        .problem(401, "not-signed-in");
}

#[tokio::test]
async fn the_routing_reports_what_to_mend() {
    let site = Site::new().await;
    for n in 1..=3 {
        let billing =
            |mapped: &mut crate::app::ports::Mapped| mapped.product = Some("billing".to_owned());
        site.world.receive(&format!("A-{n}"), billing).await;
    }
    site.world
        .says("aoki", "transfer Q-1 support 決済の不具合で、請求ではない")
        .await;
    site.world
        .says("aoki", "transfer Q-2 support 調査を引き継ぐ as=handed_on")
        .await;
    let key = ("authorization", "Bearer local-key");
    let report = site.get("/api/v1/reports/routing", &[key]).await.json();
    let rule = &report["rules"][0];
    assert_eq!(rule["routed"]["when"], "product == 'billing'");
    assert_eq!(
        [
            &rule["received"],
            &rule["misrouted"],
            &rule["handed_on"],
            &rule["percent"],
            &rule["number_now"]
        ],
        [3, 1, 1, 33, 1]
    );
    assert_eq!(rule["to"], serde_json::json!({"support": 1}));
    assert_eq!(rule["recent"][0]["reason"], "決済の不具合で、請求ではない");
    assert!(
        report["said"][1]
            .as_str()
            .unwrap()
            .contains("3件中1件（33%）が振り分け違い"),
        "{report}"
    );
    let other = site
        .get(
            "/api/v1/reports/routing?from=2026-11-01&to=2026-11-23",
            &[key],
        )
        .await;
    assert_eq!(other.json()["received"], 0);
    for (query, why) in [
        ("from=soon", "not a date"),
        ("until=1", "unknown"),
        ("from=2026-11-24&to=2026-11-01", "not before"),
    ] {
        let problem = site
            .get(&format!("/api/v1/reports/routing?{query}"), &[key])
            .await;
        assert!(problem.text.contains(why), "{query}: {}", problem.text);
    }
    site.get("/api/v1/reports/routing", &[])
        .await
        .problem(401, "not-signed-in");
}
