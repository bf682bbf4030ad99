//! Whose deliveries are believed: vectors that others published or that another program made, never our own `sign`.

use super::cases::{self, Case};
use super::{HOOK, KEY, now, sources_with};
use crate::edges::site::Site;
use std::collections::HashMap;
use toban::app::ports::{Delivered, HookError, Hooks as _, RawDelivery};
use toban::domain::ids::SourceId;
use toban::time::{SignedDuration, Timestamp, plus};

/// The secret of Zendesk's own example; a webhook that is not made yet is tried out with it.
const ZENDESK: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

fn delivery(name: &str) -> Vec<u8> {
    let folder = env!("CARGO_MANIFEST_DIR");
    std::fs::read(format!("{folder}/tests/fixtures/{name}/delivery.json")).unwrap()
}

fn read(
    case: &Case,
    hook: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    at: Timestamp,
) -> Result<Delivered, HookError> {
    let headers: HashMap<String, String> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let delivery = RawDelivery {
        headers: &headers,
        body,
    };
    let sources = sources_with(case, "http://127.0.0.1:9", KEY, hook);
    sources.read(&SourceId::from(case.name), &delivery, at)
}

/// A delivery that nudges, and the same refused with another secret, with the key of the API, and without its header.
fn nudges(case: &Case, header: (&str, &str), body: &[u8]) {
    let hear = |hook: &str, headers: &[(&str, &str)]| read(case, hook, headers, body, now());
    assert_eq!(hear(HOOK, &[header]), Ok(Delivered::Nudge), "{}", case.name);
    for (hook, headers) in [
        ("another", &[header][..]),
        (HOOK, &[]),
        (HOOK, &[(header.0, KEY)]),
        (HOOK, &[(header.0, "")]),
    ] {
        let heard = hear(hook, headers);
        let is_refused = matches!(heard, Err(HookError::Unauthorized(_)));
        assert!(is_refused, "{}: {heard:?}", case.name);
    }
}

fn zendesk(
    signature: &str,
    time: &str,
    body: &[u8],
    at: Timestamp,
) -> Result<Delivered, HookError> {
    let headers = [
        ("x-zendesk-webhook-signature", signature),
        ("x-zendesk-webhook-signature-timestamp", time),
        ("x-zendesk-webhook-invocation-id", "01JDTY3Q8N"),
    ];
    read(&cases::ZENDESK, ZENDESK, &headers, body, at)
}

#[test]
fn zendesk_signs_the_time_and_then_the_body() {
    let body = delivery("zendesk");
    let (good, time) = (
        "TDAeoD1oDjIcVTAqqtynGgsH3MqSPWwfviNSpO+PjtU=",
        "2026-11-24T01:00:00Z",
    );
    let mapped = zendesk(good, time, &body, now()).unwrap().item().unwrap();
    assert_eq!(mapped.delivery_id.as_deref(), Some("01JDTY3Q8N"));
    insta::assert_snapshot!(super::shown(&mapped, "http://127.0.0.1:9"));

    let refused = |signature: &str, time: &str, body: &[u8], at: Timestamp, why: &str| {
        let heard = zendesk(signature, time, body, at);
        let is_so = matches!(&heard, Err(HookError::Unauthorized(said)) if said.contains(why));
        assert!(is_so, "{heard:?}");
    };
    let mut tampered = body.clone();
    tampered[20] ^= 1;
    refused(good, time, &tampered, now(), "matches none");
    refused(good, "2026-11-24T01:00:01Z", &body, now(), "matches none");
    // Body and then time, as an older page of theirs had it.
    let other = "gG2SSYeCrhcHmUdlPdDaDx2Z7uVa1ArYrFqQo/0un+A=";
    refused(other, time, &body, now(), "matches none");
    let later = |minutes: i64| plus(now(), SignedDuration::from_mins(minutes));
    refused(good, time, &body, later(6), "360 s old");
    refused(good, time, &body, later(-6), "360 s ahead");
    assert!(zendesk(good, time, &body, later(5)).is_ok());
}

#[test]
fn github_signs_as_its_own_example_says() {
    // The secret and the text are those of their page on validating deliveries.
    let theirs = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    nudges(
        &cases::GITHUB,
        ("x-hub-signature-256", theirs),
        b"Hello, World!",
    );
    let signature = "sha256=ee847f0ea8641ea1fa6563415f29a81363d06762bf462d8e56e424d873a3b470";
    let body = delivery("github");
    nudges(&cases::GITHUB, ("x-hub-signature-256", signature), &body);
    let headers = [("x-hub-signature-256", signature)];
    let tampered = [&body[..], b" "].concat();
    let heard = read(&cases::GITHUB, HOOK, &headers, &tampered, now());
    assert!(heard.is_err(), "{heard:?}");
}

#[test]
fn jira_signs_as_its_own_example_says() {
    // From "Secure admin webhooks".
    let theirs = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    nudges(&cases::JIRA, ("x-hub-signature", theirs), b"Hello World!");
    let signature = "sha256=d2cca0f7793e03aa2edb36caf91d231a79c458be52d61a0d8949b7516857ac2a";
    let body = delivery("jira");
    nudges(&cases::JIRA, ("x-hub-signature", signature), &body);
    let headers = [("x-hub-signature", signature)];
    let tampered = [&body[..], b" "].concat();
    let heard = read(&cases::JIRA, HOOK, &headers, &tampered, now());
    assert!(heard.is_err(), "{heard:?}");
}

#[test]
fn gitlab_freshdesk_and_kintone_send_a_word_of_ours() {
    let body = delivery("gitlab");
    nudges(&cases::GITLAB, ("x-gitlab-token", HOOK), &body);
    let body = delivery("freshdesk");
    nudges(&cases::FRESHDESK, ("x-toban-token", HOOK), &body);
    // A parameter of the address, as the server hands it over.
    let body = delivery("kintone");
    nudges(&cases::KINTONE, ("?token", HOOK), &body);
}

#[tokio::test]
async fn a_token_in_the_address_is_read_by_the_server_and_is_no_header() {
    let site = Site::open(
        r#"
[[source]]
id = "kintone"
preset = "kintone"
base_url = "http://127.0.0.1:9/k"
secret_env = "KEY"
hook_secret = "a word / of ours"
[source.setting]
app = "12"
"#,
    )
    .await;
    let post = async |address: &str, headers: &[(String, String)]| {
        site.post(address, headers, delivery("kintone")).await
    };
    let good = post("kintone?token=a+word+%2F+of+ours", &[]).await;
    assert_eq!(
        (good.status, good.json()["is_polled"].clone()),
        (202, true.into())
    );
    let first = post("kintone?token=another&token=a+word+%2F+of+ours", &[]).await;
    first.problem(401, "not-verified");
    post("kintone", &[]).await.problem(401, "not-verified");
    let header = [("token".to_owned(), "a word / of ours".to_owned())];
    post("kintone", &header).await.problem(401, "not-verified");
    site.close().await;
}
