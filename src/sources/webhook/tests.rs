#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Unfit;
use crate::app::source_config::{MapField, SourceConfig, SourceKind};
use crate::sources::Contact;
use crate::sources::tests::{SECRET, at, config, id, mapping, sources};
use std::collections::HashMap;
use std::time::Duration;

const NOW: &str = "2026-11-21T10:00:00Z";

fn webhook(auth: &str) -> SourceConfig {
    let auth = Auth::Preset(auth.to_owned());
    let mut config = config(
        SourceKind::Webhook {
            auth,
            brings: Default::default(),
            poll: None,
        },
        mapping(&[(MapField::Take, "not ignore")]),
    );
    config.secrets = vec![Secret::new(BASE64_SECRET), Secret::new(OTHER)];
    config
}

/// `opensesame` and another word, in base64.
const BASE64_SECRET: &str = "whsec_b3BlbnNlc2FtZQ==";
const OTHER: &str = "b3RoZXJ3b3Jk";

fn built(config: &SourceConfig) -> Sources {
    sources(config, Contact::default(), Duration::from_secs(1))
}

fn signed(auth: &str, secret: &str, body: &[u8], when: &str) -> HashMap<String, String> {
    let scheme = scheme(&Auth::Preset(auth.to_owned())).unwrap();
    let key = scheme.key(secret).unwrap();
    signature::sign(&scheme, &key, "msg_1", body, at(when))
        .into_iter()
        .collect()
}

fn read(headers: &HashMap<String, String>, body: &[u8]) -> Result<Option<Mapped>, HookError> {
    let sources = built(&webhook("standard-webhooks"));
    let delivered = sources.read(&id(), &RawDelivery { headers, body }, at(NOW));
    delivered.map(Delivered::item)
}

fn check(body: &[u8], expected: Result<Option<&str>, HookError>) {
    let headers = signed("standard-webhooks", BASE64_SECRET, body, NOW);
    let found = read(&headers, body);
    let found = found.map(|mapped| mapped.map(|mapped| mapped.title));
    assert_eq!(found, expected.map(|title| title.map(str::to_owned)));
}

#[test]
fn a_signed_document_becomes_an_inquiry_with_its_delivery_id() {
    let body = r#"{"id": 1, "title": "障害"}"#.as_bytes();
    check(body, Ok(Some("障害")));
    let mapped = read(&signed("standard-webhooks", OTHER, body, NOW), body)
        .unwrap()
        .unwrap();
    assert_eq!(
        mapped.delivery_id.as_deref(),
        Some("msg_1"),
        "the second secret is good too"
    );
}

#[test]
fn what_is_not_to_be_taken_is_let_pass() {
    check(br#"{"ignore": true}"#, Ok(None));
}

#[test]
fn every_refusal_has_its_own_error() {
    let unmappable = |field: &str, why: Unfit| {
        Err(HookError::Unmappable {
            field: field.into(),
            why,
        })
    };
    check(
        br#"{"id": 1, "title": ""}"#,
        unmappable("title", Unfit::Blank),
    );
    check(
        b"id=1",
        Err(HookError::Malformed(
            "expected value (line 1, column 1)".into(),
        )),
    );
    check(
        &vec![b' '; BODY_CAP + 1],
        Err(HookError::TooLarge { limit: 262_144 }),
    );
    let deep = "[".repeat(65);
    let why = "it is nested more than 64 levels deep (line 1, column 65)";
    check(deep.as_bytes(), Err(HookError::Malformed(why.into())));
}

#[test]
fn a_document_of_exactly_the_limit_is_read() {
    let mut body = br#"{"id": 1, "title": "x"}"#.to_vec();
    body.resize(BODY_CAP, b' ');
    check(&body, Ok(Some("x")));
}

#[test]
fn who_is_not_believed_is_told_so_and_nothing_is_read() {
    let body = br#"{"id": 1, "title": "x"}"#;
    let refused = |headers: &HashMap<String, String>| match read(headers, body) {
        Err(HookError::Unauthorized(why)) => why,
        other => panic!("{other:?}"),
    };
    let mut headers = signed("standard-webhooks", BASE64_SECRET, b"something else", NOW);
    assert_eq!(
        refused(&headers),
        "the signature matches none of our secrets"
    );
    headers.remove("webhook-signature");
    assert_eq!(refused(&headers), "header webhook-signature is missing");
    let old = signed(
        "standard-webhooks",
        BASE64_SECRET,
        body,
        "2026-11-21T09:54:59Z",
    );
    assert_eq!(refused(&old), "the delivery is 301 s old");
    let early = signed(
        "standard-webhooks",
        BASE64_SECRET,
        body,
        "2026-11-21T10:05:01Z",
    );
    assert_eq!(
        refused(&early),
        "the delivery is dated 301 s ahead of our clock"
    );
    assert_eq!(
        read(&signed("github", SECRET, b"{", NOW), b"{")
            .unwrap_err()
            .to_string(),
        "the signature does not match: header webhook-id is missing",
        "before the body is looked at"
    );
}

#[test]
fn only_a_source_that_takes_deliveries_is_known() {
    let portal = built(&config(SourceKind::Portal, mapping(&[])));
    let headers = HashMap::new();
    let delivery = RawDelivery {
        headers: &headers,
        body: b"{}",
    };
    assert_eq!(
        portal.read(&id(), &delivery, at(NOW)),
        Err(HookError::UnknownSource)
    );
    assert_eq!(
        portal.read(&"nobody".into(), &delivery, at(NOW)),
        Err(HookError::UnknownSource)
    );
}

#[test]
fn a_kept_document_is_read_again_without_its_signature() {
    let sources = built(&webhook("github"));
    let mapped = sources
        .map(&id(), br#"{"id": 1, "title": "x"}"#, at(NOW))
        .unwrap();
    assert_eq!(mapped.unwrap().external_id, "1");
}

#[test]
fn every_named_scheme_and_a_written_one_are_understood() {
    for name in Auth::PRESETS {
        assert_eq!(
            scheme(&Auth::Preset(name.to_owned())),
            Ok(Scheme::preset(name).unwrap())
        );
    }
    let written = serde_json::json!({
        "kind": "hmac-header", "header": "X-Sign", "prefix": "v1=", "algorithm": "sha512", "encoding": "base64",
        "timestamp": {"header": "X-Time", "window_s": 60, "signed": "{timestamp}.{body}"}
    });
    let auth: Auth = serde_json::from_value(written).unwrap();
    assert!(matches!(scheme(&auth), Ok(Scheme::HmacHeader(_))));
}

#[test]
fn a_source_without_a_usable_secret_cannot_be_made() {
    let wrong = |secrets: Vec<Secret>| {
        let mut config = webhook("standard-webhooks");
        config.secrets = secrets;
        Source::new(&config, Contact::default())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        wrong(vec![]),
        "source \"tracker\", auth: it has no secret to verify with"
    );
    assert!(wrong(vec![Secret::new("not base64 at all")]).contains("base64"));
}

#[test]
fn a_nudge_is_verified_and_nothing_of_it_is_read() {
    let mut config = webhook("standard-webhooks");
    let SourceKind::Webhook { brings, poll, .. } = &mut config.kind else {
        unreachable!()
    };
    *brings = Delivery::Nudge;
    *poll = Some(Box::new(crate::sources::tests::poll_config()));
    let sources = built(&config);
    let body = b"no JSON at all";
    let headers = signed("standard-webhooks", BASE64_SECRET, body, NOW);
    let delivery = RawDelivery {
        headers: &headers,
        body,
    };
    assert_eq!(
        sources.read(&id(), &delivery, at(NOW)),
        Ok(Delivered::Nudge)
    );
    let forged = RawDelivery {
        headers: &headers,
        body: b"another",
    };
    let refused = sources.read(&id(), &forged, at(NOW)).unwrap_err();
    assert!(matches!(refused, HookError::Unauthorized(_)), "{refused}");
}

#[test]
fn what_was_fetched_is_read_again_as_what_is_fetched() {
    let mut config = webhook("standard-webhooks");
    let SourceKind::Webhook { poll, .. } = &mut config.kind else {
        unreachable!()
    };
    let fetched = crate::app::source_config::PollConfig {
        mapping: Some(mapping(&[
            (MapField::ExternalId, "{{ number }}"),
            (MapField::Title, "{{ subject }}"),
        ])),
        ..crate::sources::tests::poll_config()
    };
    *poll = Some(Box::new(fetched));
    let sources = built(&config);
    let title = |body: &str| {
        let mapped = sources
            .map(&id(), body.as_bytes(), at(NOW))
            .unwrap()
            .unwrap();
        (mapped.external_id, mapped.title)
    };
    let pair = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    assert_eq!(
        title(r#"{"id": 1, "title": "障害", "ignore": false}"#),
        pair("1", "障害")
    );
    assert_eq!(
        title(r#"{"number": 2, "subject": "遅い"}"#),
        pair("2", "遅い")
    );
}

#[test]
fn what_was_fetched_is_read_again_as_large_as_an_answer_may_be() {
    let with_poll = |poll: Option<Box<crate::app::source_config::PollConfig>>| {
        let mut config = webhook("standard-webhooks");
        let SourceKind::Webhook { poll: fetched, .. } = &mut config.kind else {
            unreachable!()
        };
        *fetched = poll;
        built(&config)
    };
    let poll = || Box::new(crate::sources::tests::poll_config());
    let polled = built(&config(SourceKind::Poll(poll()), mapping(&[])));
    let large = |bytes: usize| {
        let frame = r#"{"id":1,"title":"障害","ignore":false,"x":""}"#.len();
        let rest = "x".repeat(bytes - frame);
        format!(r#"{{"id":1,"title":"障害","ignore":false,"x":"{rest}"}}"#)
    };
    for (sources, limit) in [
        (polled, ANSWER_CAP),
        (with_poll(Some(poll())), ANSWER_CAP),
        (with_poll(None), BODY_CAP),
    ] {
        let again = |bytes| sources.map(&id(), large(bytes).as_bytes(), at(NOW));
        assert_eq!(again(limit).unwrap().unwrap().title, "障害");
        assert_eq!(again(limit + 1), Err(HookError::TooLarge { limit }));
    }
}
