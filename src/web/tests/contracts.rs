//! The register over HTTP, and the form of a refusal.

use super::{Answer, Site, request};
use crate::testkit::world::STORY;
use axum::http::Method;
use serde_json::{Value, json};

/// The desk of the stories, whose queues ask for a contract.
async fn site() -> Site {
    let asks = STORY.replace(
        "calendar = \"office\"\ndefault = true",
        "calendar = \"office\"\ndefault = true\ncontract = \"required\"",
    );
    Site::of(&asks, |_| {}).await
}

async fn does(site: &Site, method: Method, path: &str, body: &str) -> Answer {
    let token = site.token("aoki").await;
    let path = format!("/api/v1/{path}");
    let headers = [("authorization", token.as_str()), ("accept-language", "en")];
    site.send(request(method, &path, &headers, body)).await
}

const FILE: &str = "id,customer,plan,ends_on\nK-1,株式会社さくら商事,gold,2027-03-31\nK-2,もみじ物産,,2026-12-01\n";

#[tokio::test]
async fn strangers_neither_read_nor_write_the_register() {
    let site = site().await;
    for (method, path) in [
        (Method::GET, "contracts"),
        (Method::GET, "contracts/K-1"),
        (Method::PUT, "contracts/K-1"),
        (Method::DELETE, "contracts/K-1"),
        (Method::POST, "contracts/import"),
    ] {
        let path = format!("/api/v1/{path}");
        let answer = site.send(request(method, &path, &[], "{}")).await;
        answer.problem(401, "not-signed-in");
    }
}

#[tokio::test]
async fn a_contract_is_put_changed_and_removed_and_its_log_stays() {
    let site = site().await;
    let put = |body: &'static str| does(&site, Method::PUT, "contracts/K-1", body);
    let answer =
        put(r#"{"customer": "さくら商事", "plan": "gold", "starts_on": "2026-04-01"}"#).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let answer = put(r#"{"customer": "さくら商事", "plan": "silver"}"#).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["starts_on"], Value::Null);
    assert_eq!(answer.json()["changed_by"]["id"], "aoki");
    // The same once more is no change.
    put(r#"{"customer": "さくら商事", "plan": "silver"}"#).await;
    let shown = does(&site, Method::GET, "contracts/K-1", "").await.json();
    let log: Vec<&Value> = shown["log"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["what"])
        .collect();
    assert_eq!(log, ["changed", "added"]);
    let gone = does(&site, Method::DELETE, "contracts/K-1", "").await;
    assert_eq!(gone.status, 204);
    does(&site, Method::DELETE, "contracts/K-1", "")
        .await
        .problem(404, "not-found");
    does(&site, Method::GET, "contracts/K-1", "")
        .await
        .problem(404, "not-found");
    assert_eq!(
        site.store().contract_changes("K-1", 9).await.unwrap().len(),
        3
    );
}

#[tokio::test]
async fn what_is_no_contract_is_refused_with_its_field() {
    let site = site().await;
    for (body, field) in [
        ("[]", "body"),
        ("{", "body"),
        (r#"{"plan": "gold"}"#, "body"),
        (r#"{"customer": "A", "colour": "red"}"#, "colour"),
        (r#"{"customer": "A", "ends_on": "soon"}"#, "body"),
    ] {
        let answer = does(&site, Method::PUT, "contracts/K-1", body).await;
        let problem = answer.problem(400, "bad-request");
        assert_eq!(problem["field"], field, "{body}");
    }
    let body = r#"{"customer": "A", "calendar": "mars", "language": "fr"}"#;
    let answer = does(&site, Method::PUT, "contracts/K-1", body).await;
    let problem = answer.problem(422, "contracts");
    assert_eq!(
        problem["problems"],
        json!([
            "there is no calendar \"mars\" in the configuration (there are: always, office)",
            "\"fr\" is no language of ours: write ja or en",
        ])
    );
}

#[tokio::test]
async fn a_file_is_tried_taken_and_listed() {
    let site = site().await;
    let tried = does(&site, Method::POST, "contracts/import?dry_run=true", FILE)
        .await
        .json();
    assert_eq!(
        (&tried["is_done"], &tried["added"]),
        (&json!(false), &json!(["K-1", "K-2"]))
    );
    assert!(site.store().contracts().await.unwrap().is_empty());
    let done = does(&site, Method::POST, "contracts/import", FILE)
        .await
        .json();
    assert_eq!(done["is_done"], true);
    let ids = async |query: &str| {
        let found = does(&site, Method::GET, &format!("contracts{query}"), "")
            .await
            .json();
        let found = found["contracts"].as_array().unwrap().clone();
        found
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, ["K-2", "K-1"]);
    assert_eq!(ids("?ends_within=7").await, ["K-2"]);
    assert_eq!(
        ids("?customer=%E3%81%95%E3%81%8F%E3%82%89%E5%95%86%E4%BA%8B").await,
        ["K-1"]
    );
    for odd in ["?colour=red", "?ends_within=soon"] {
        does(&site, Method::GET, &format!("contracts{odd}"), "")
            .await
            .problem(400, "bad-request");
    }
    let wrong = FILE.replace("2026-12-01", "soon");
    let answer = does(&site, Method::POST, "contracts/import?replace=true", &wrong).await;
    let problem = answer.problem(422, "contracts");
    assert_eq!(problem["problems"][0]["line"], 3);
    assert_eq!(problem["problems"][0]["column"], "ends_on");
    assert_eq!(site.store().contracts().await.unwrap().len(), 2);
    does(&site, Method::POST, "contracts/import?dry=true", FILE)
        .await
        .problem(400, "bad-request");
}

#[tokio::test]
async fn a_whole_register_is_no_too_large_body() {
    let site = site().await;
    let rows = (0..8_000).map(|n| format!("K-{n:05},Customer number {n} of the register,,\n"));
    let file = format!("id,customer,plan,ends_on\n{}", rows.collect::<String>());
    assert!(file.len() > 256 * 1024);
    let done = does(&site, Method::POST, "contracts/import", &file).await;
    assert_eq!(done.status, 200);
    assert_eq!(done.json()["added"].as_array().unwrap().len(), 8_000);
}

#[tokio::test]
async fn an_inquiry_tells_of_its_contract_and_those_without_can_be_listed() {
    let site = site().await;
    does(&site, Method::POST, "contracts/import", FILE).await;
    site.world
        .receive("T-1", |it| it.plan = Some("silver".to_owned()))
        .await;
    site.world
        .receive("T-2", |it| it.customer = Some("どこか".to_owned()))
        .await;
    let shown = does(&site, Method::GET, "inquiries/Q-1", "").await.json();
    assert_eq!(shown["plan"], "gold");
    assert_eq!(shown["contract"]["finding"]["is"], "covered");
    assert_eq!(shown["contract"]["is_held"], false);
    let shown = does(&site, Method::GET, "inquiries/Q-2", "").await.json();
    assert_eq!(shown["contract"]["is_held"], true);
    assert_eq!(shown["promises"], json!([]));
    for (standing, expected) in [("held", "Q-2"), ("covered", "Q-1")] {
        let found = does(
            &site,
            Method::GET,
            &format!("inquiries?contract={standing}"),
            "",
        )
        .await
        .json();
        assert_eq!(found["total"], 1);
        assert_eq!(found["inquiries"][0]["reference"], expected);
    }
    does(&site, Method::GET, "inquiries?contract=maybe", "")
        .await
        .problem(400, "bad-request");
}

#[tokio::test]
async fn the_form_of_a_refusal_holds_its_words_and_what_is_sent_is_what_stands_there() {
    let site = site().await;
    does(&site, Method::POST, "contracts/import", FILE).await;
    site.world
        .receive("T-1", |it| it.customer = Some("<b>どこか</b>".to_owned()))
        .await;
    let cookie = site.signed("aoki").await;
    let form = site
        .get("/desk/inquiry/Q-1/form/refuse", &[("cookie", &cookie)])
        .await;
    assert_eq!(form.status, 200);
    assert!(
        form.text
            .contains("&lt;b&gt;どこか&lt;&#x2f;b&gt; 様のサポート契約を確認できませんでした。"),
        "{}",
        form.text
    );
    assert!(
        form.text.contains("この文面を依頼者に返信し"),
        "{}",
        form.text
    );
    let done = does(
        &site,
        Method::POST,
        "inquiries/Q-1/refuse",
        r#"{"text": "お断りします。"}"#,
    )
    .await;
    assert_eq!(done.status, 200, "{}", done.text);
    site.world.settle().await;
    assert_eq!(
        site.world.back.sent(),
        ["Q-1 reply お断りします。", "Q-1 closed"]
    );
}
