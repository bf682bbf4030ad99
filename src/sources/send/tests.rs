#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::{Hooks as _, RawDelivery};
use crate::app::source_config::{AuthScheme, SourceKind};
use crate::net::Settings;
use crate::sources::Contact;
use crate::sources::tests::{at, config, id, mapping, sources};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const NOW: &str = "2026-11-21T10:00:00Z";
const KEY: &str = "whsec_b3BlbnNlc2FtZQ==";

async fn sent(
    auth: &str,
    key: &str,
    answer: ResponseTemplate,
) -> (Result<Sent, SendError>, MockServer) {
    let server = MockServer::start().await;
    Mock::given(path("/hooks/tracker"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    let url = format!("{}/hooks/tracker", server.uri()).parse().unwrap();
    let body = r#"{"id": 1, "title": "障害"}"#.as_bytes().to_vec();
    let auth = Auth::Preset(auth.to_owned());
    let outcome = send(
        &client.unwrap(),
        url,
        &auth,
        &Secret::new(key),
        body,
        "d-1",
        at(NOW),
    )
    .await;
    (outcome, server)
}

#[tokio::test]
async fn what_is_sent_is_what_a_webhook_source_takes() {
    for auth in Auth::PRESETS {
        let answer = ResponseTemplate::new(202).set_body_json(json!({"reference": "Q-1"}));
        let (outcome, server) = sent(auth, KEY, answer).await;
        assert_eq!(
            outcome,
            Ok(Sent {
                status: 202,
                answer: json!({"reference": "Q-1"})
            })
        );
        let request = &server.received_requests().await.unwrap()[0];
        let header =
            |(name, value): (&wiremock::http::HeaderName, &wiremock::http::HeaderValue)| {
                (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
            };
        let headers: HashMap<String, String> = request.headers.iter().map(header).collect();
        let kind = SourceKind::Webhook {
            auth: Auth::Preset(auth.to_owned()),
            brings: Default::default(),
            poll: None,
        };
        let mut config = config(kind, mapping(&[]));
        config.secrets = vec![Secret::new(KEY)];
        let source = sources(&config, Contact::default(), Duration::from_secs(1));
        let delivery = RawDelivery {
            headers: &headers,
            body: &request.body,
        };
        let mapped = source
            .read(&id(), &delivery, at(NOW))
            .unwrap()
            .item()
            .unwrap();
        assert_eq!(mapped.title, "障害", "{auth}");
    }
}

#[tokio::test]
async fn a_word_in_the_address_is_sent_there() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(202).set_body_json(json!({"is_polled": true}));
    Mock::given(path("/hooks/list"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let url = format!("{}/hooks/list", server.uri()).parse().unwrap();
    let auth = Auth::Scheme(AuthScheme::QueryParameter {
        name: "token".to_owned(),
    });
    let secret = Secret::new("a word / of ours");
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    let sent = send(
        &client.unwrap(),
        url,
        &auth,
        &secret,
        b"{}".to_vec(),
        "d-1",
        at(NOW),
    )
    .await;
    assert_eq!(sent.unwrap().status, 202);
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.url.path(), "/hooks/list");
    let pairs: Vec<_> = request.url.query_pairs().into_owned().collect();
    assert_eq!(pairs, [("token".to_owned(), "a word / of ours".to_owned())]);
    assert!(
        !request
            .headers
            .iter()
            .any(|(name, _)| name.as_str().contains("token"))
    );
}

#[tokio::test]
async fn a_refusal_carries_its_reason() {
    let problem =
        json!({"title": "The document is no inquiry", "detail": "field \"title\": it is blank"});
    let (outcome, _server) = sent(
        "github",
        "s",
        ResponseTemplate::new(422).set_body_json(problem),
    )
    .await;
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "answered 422: field \"title\": it is blank"
    );
    let (outcome, _server) = sent("github", "s", ResponseTemplate::new(502)).await;
    assert_eq!(outcome.unwrap_err().to_string(), "answered 502");
    let (outcome, server) = sent("standard-webhooks", "???", ResponseTemplate::new(202)).await;
    assert_eq!(
        outcome.unwrap_err(),
        SendError::Secret(BadSecret::NotBase64)
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
