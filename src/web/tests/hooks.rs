use super::{HOST, Site, request};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

const GOOD: (&str, &str) = ("x-signature", "good");
const DOCUMENT: &str = r#"{"id": "T-1", "title": "メールが届かない"}"#;

#[tokio::test]
async fn a_new_delivery_is_answered_202_after_its_commit() {
    let site = Site::new().await;
    let answer = site.post("/hooks/crm", &[GOOD], DOCUMENT).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.json()["reference"], "Q-1");
    let stored = site
        .store()
        .by_reference(crate::app::ports::Reference(1))
        .await
        .unwrap();
    assert_eq!(json!(stored.unwrap().inquiry.id), answer.json()["id"]);
}

#[tokio::test]
async fn a_document_from_before_the_start_is_answered_with_the_reason() {
    let site = Site::new().await;
    let old = r#"{"id": "T-9", "title": "見本", "changed_at": "2020-01-01T00:00:00Z"}"#;
    let answer = site.post("/hooks/crm", &[GOOD], old).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(
        (
            &body["is_skipped"],
            &body["reason"],
            body["since"].is_string()
        ),
        (&json!(true), &json!("before_since"), true),
        "{body}"
    );
}

#[tokio::test]
async fn the_same_delivery_again_is_200_and_changes_nothing() {
    let site = Site::new().await;
    site.post("/hooks/crm", &[GOOD], DOCUMENT).await;
    let again = site.post("/hooks/crm", &[GOOD], DOCUMENT).await;
    assert_eq!(again.status, 200);
    let body = again.json();
    assert_eq!(body["reference"], "Q-1");
    assert_eq!(
        (&body["is_new"], &body["is_changed"]),
        (&json!(false), &json!(false))
    );
}

#[tokio::test]
async fn a_bad_signature_and_an_old_timestamp_are_401() {
    let site = Site::new().await;
    for (headers, why) in [
        (&[("x-signature", "bad")][..], "wrong signature"),
        (&[("x-signature", "old")], "the timestamp is 6 min old"),
        (&[], "header \"x-signature\" is missing"),
    ] {
        let answer = site.post("/hooks/crm", headers, DOCUMENT).await;
        let problem = answer.problem(401, "not-verified");
        assert_eq!(problem["reason"], why);
        assert!(!answer.header("www-authenticate").is_empty());
    }
    assert_eq!(site.unreadables().await, []);
}

#[tokio::test]
async fn what_is_no_document_is_400() {
    let site = Site::new().await;
    for body in ["{", "", "\0", "title: x"] {
        let problem = site
            .post("/hooks/crm", &[GOOD], body)
            .await
            .problem(400, "malformed");
        assert_eq!(problem["field"], "body");
    }
    let mut latin = request(Method::POST, "/hooks/crm", &[GOOD], "");
    *latin.body_mut() = Body::from(vec![b'"', 0xe9, b'"']);
    let problem = site.send(latin).await.problem(400, "malformed");
    assert_eq!(problem["reason"], "not UTF-8");
}

#[tokio::test]
async fn an_unknown_source_is_404() {
    let site = Site::new().await;
    site.post("/hooks/nobody", &[GOOD], DOCUMENT)
        .await
        .problem(404, "unknown-source");
}

#[tokio::test]
async fn too_large_is_413_whether_announced_or_not() {
    let site = Site::new().await;
    let limit = 256 * 1024;
    let large = format!("{{\"id\":\"T-1\",\"title\":\"{}\"}}", "x".repeat(limit));
    let length = large.len().to_string();
    let announced = [GOOD, ("content-length", length.as_str())];
    let problem = site
        .post("/hooks/crm", &announced, &large)
        .await
        .problem(413, "too-large");
    assert_eq!(problem["limit"], limit);

    let pieces = [
        Ok::<_, std::io::Error>(large[..1000].to_owned()),
        Ok(large[1000..].to_owned()),
    ];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let chunked = Request::post("/hooks/crm")
        .header("host", HOST)
        .header(GOOD.0, GOOD.1)
        .body(body);
    site.send(chunked.unwrap()).await.problem(413, "too-large");
}

/// What the status of the source says of refused deliveries.
async fn refused(site: &Site) -> Option<String> {
    let rows = site.store().sources_known().await.unwrap();
    let mut rows = rows.into_iter();
    rows.find(|row| row.source.as_str() == "crm")?.refusal
}

#[tokio::test]
async fn what_was_too_large_stands_in_the_status_of_its_source() {
    let site = Site::new().await;
    assert_eq!(refused(&site).await, None);
    let large = "x".repeat(256 * 1024 + 1);
    let answer = site.post("/hooks/crm", &[GOOD], &large).await;
    answer.problem(413, "too-large");
    let why = refused(&site).await.unwrap();
    assert!(why.contains("262144"), "{why}");
}

/// A delivery that says a little, and never more.
fn endless(path: &str) -> Request<Body> {
    let first = futures_util::stream::iter([Ok::<_, std::io::Error>("{")]);
    let body = futures_util::StreamExt::chain(first, futures_util::stream::pending());
    let request = Request::post(path).header("host", HOST);
    let request = request.header(GOOD.0, GOOD.1);
    request.body(Body::from_stream(body)).unwrap()
}

#[tokio::test]
async fn a_body_that_does_not_end_is_given_up_and_a_strangers_is_not_even_begun() {
    let short = std::time::Duration::from_millis(50);
    let site = Site::with(|options| options.body_patience = short).await;
    let answer = site.send(endless("/hooks/crm")).await;
    answer.problem(408, "too-slow");
    let site = Site::new().await;
    let answer = site.send(endless("/hooks/nobody")).await;
    answer.problem(404, "unknown-source");
}

#[tokio::test]
async fn a_document_of_just_the_limit_is_taken() {
    let site = Site::new().await;
    let frame = r#"{"id":"T-1","title":"t","rest":""}"#.len();
    let rest = "x".repeat(256 * 1024 - frame);
    let body = format!(r#"{{"id":"T-1","title":"t","rest":"{rest}"}}"#);
    assert_eq!(site.post("/hooks/crm", &[GOOD], &body).await.status, 202);
}

#[tokio::test]
async fn an_unmappable_document_is_422_and_kept() {
    let site = Site::new().await;
    let body = r#"{"id": "T-1"}"#;
    let answer = site.post("/hooks/crm", &[GOOD], body).await;
    let problem = answer.problem(422, "unmappable");
    assert_eq!(
        (&problem["field"], &problem["reason"]),
        (&json!("title"), &json!("it is blank"))
    );
    let kept = site.unreadables().await;
    assert_eq!(kept.len(), 1);
    assert_eq!(problem["unreadable"], json!(kept[0].id));
    assert_eq!(kept[0].body, body);
}

#[tokio::test]
async fn a_kept_document_can_be_replayed_once_it_can_be_read() {
    let site = Site::new().await;
    site.post("/hooks/crm", &[GOOD], r#"{"id": "T-1"}"#).await;
    let id = site.unreadables().await[0].id.clone();
    let token = site.token("aoki").await;
    let path = format!("/api/v1/unreadable/{id}/replay");
    let still = site.post(&path, &[("authorization", &token)], "").await;
    assert_eq!(still.problem(422, "unmappable")["unreadable"], json!(id));
    assert_eq!(site.unreadables().await[0].replayed_at, None);

    // As if the mapping had been mended meanwhile.
    let mut mended = site.unreadables().await[0].clone();
    mended.id = "mended".to_owned();
    mended.body = DOCUMENT.to_owned();
    site.store().keep_unreadable(mended).await.unwrap();
    let path = "/api/v1/unreadable/mended/replay";
    let done = site.post(path, &[("authorization", &token)], "").await;
    assert_eq!(
        (done.status.as_u16(), &done.json()["reference"]),
        (202, &json!("Q-1"))
    );
    let kept = site.store().unreadable("mended").await.unwrap().unwrap();
    assert!(kept.replayed_at.is_some());
    assert_eq!(
        site.post(path, &[("authorization", &token)], "")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn only_post_delivers() {
    let site = Site::new().await;
    site.get("/hooks/crm", &[GOOD])
        .await
        .problem(405, "method-not-allowed");
}

#[tokio::test]
async fn what_came_and_what_was_refused_is_known_of_the_source() {
    let site = Site::new().await;
    let row = async || {
        let rows = site.store().sources_known().await.unwrap().into_iter();
        let mut rows = rows.filter(|row| row.source.as_str() == "crm");
        rows.next().unwrap()
    };
    site.post("/hooks/crm", &[], DOCUMENT)
        .await
        .problem(401, "not-verified");
    let refused = row().await;
    assert_eq!(
        (refused.delivered_at, refused.refused_at),
        (None, Some(site.world.app.clock.now()))
    );
    assert!(refused.refusal.unwrap().contains("signature"));
    site.post("/hooks/crm", &[GOOD], DOCUMENT).await;
    assert_eq!(row().await.delivered_at, Some(site.world.app.clock.now()));
    // A name that is no source's makes no row.
    site.post("/hooks/nobody", &[GOOD], DOCUMENT).await;
    let rows = site.store().sources_known().await.unwrap();
    assert!(
        rows.iter().all(|row| row.source.as_str() != "nobody"),
        "{rows:?}"
    );
}
