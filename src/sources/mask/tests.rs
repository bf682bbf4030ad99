#![allow(clippy::unwrap_used)]

use super::*;
use crate::expr::{Document, Engine};
use serde_json::json;
use url::Url;

fn secrets(words: &[&str]) -> Vec<Secret> {
    words.iter().map(|word| Secret::new(*word)).collect()
}

/// The text with the secret in it, as a template makes it, is masked to the text with a mark in its place.
#[track_caller]
fn check(template: &str, secret: &str, expected: &str) {
    let template = Engine::new().compile_template(template).unwrap();
    let document = Document::object([("secret", Document::text(secret))]);
    let text = template.render(&document).unwrap();
    assert_eq!(masked(&text, &secrets(&[secret])), expected, "{text}");
}

#[test]
fn a_secret_is_masked_in_every_shape_that_a_request_gives_it() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let secret = "s3cr/et+key 0017";
    let in_address: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let secrets = [Secret::new(secret)];
    for account in ["", "a", "ab", "abc", "agent@example.com/token"] {
        let basic = STANDARD.encode(format!("{account}:{secret}"));
        let text = format!("{secret} {in_address} Basic {basic}");
        let said = masked(&text, &secrets);
        assert!(
            !said.contains("s3cr") && !said.contains(&in_address),
            "{said}"
        );
        // What is left of the credentials tells at most the ends of it.
        let left = said.rsplit(' ').next().unwrap();
        assert!(left.contains('…'), "{account}: {said}");
        let plain = left.split('…').map(|part| part.len()).max().unwrap();
        assert!(
            plain <= (account.len() + 4) / 3 * 4 + 4,
            "{account}: {said}"
        );
    }
}

#[test]
fn the_encodings_of_the_language_hide_no_secret() {
    for secret in [
        "ab/cd+ef/Zx9==kk",
        "a\"b\\c'd<e>f&g",
        "100% of*it~ 鍵",
        "%25%2525x",
    ] {
        check("?key={{ secret | urlencode }}&a=1", secret, "?key=…&a=1");
        check(
            "{\"key\": {{ secret | tojson }}}",
            secret,
            "{\"key\": \"…\"}",
        );
        check("{{ secret }}{{ secret }}", secret, "……");
    }
}

#[test]
fn what_an_address_makes_of_a_secret_hides_it_no_more() {
    for secret in ["ab/cd+ef \"Zx9\"==kk", "p<q>r`s{t}|^u#", "鍵と鍵"] {
        let mut url = Url::parse("https://example.com/").unwrap();
        url.set_path(&format!("/by/{}", secret.replace('/', "-")));
        url.set_query(Some(&format!("key={secret}&a=1")));
        let path = secret.replace('/', "-");
        let said = masked(url.as_str(), &secrets(&[secret, &path]));
        assert_eq!(said, "https://example.com/by/…?key=…&a=1", "{url}");
        let small = url.as_str().replace("%3C", "%3c").replace("%E9", "%e9");
        assert_eq!(masked(&small, &secrets(&[secret, &path])), said, "{small}");
    }
}

#[test]
fn of_two_secrets_the_longer_is_masked_as_a_whole() {
    let both = secrets(&["key-0017", "key-0017-next"]);
    assert_eq!(masked("key-0017-next key-0017", &both), "… …");
}

#[test]
fn html_that_repeats_a_secret_is_masked() {
    let one = secrets(&["a<b>/c&d'e"]);
    assert_eq!(
        masked("<p>a&lt;b&gt;&#x2f;c&amp;d&#39;e</p>", &one),
        "<p>…</p>"
    );
}

#[test]
fn words_that_only_look_like_a_shape_stay() {
    let one = secrets(&["a%b"]);
    for text in [
        "",
        "a",
        "a%",
        "a%2",
        "a%zz",
        "%",
        "\\",
        "\\u00",
        "&#x;",
        "&#99999999999;",
        "鍵%E9%8",
        "a%c",
    ] {
        assert_eq!(masked(text, &one), text);
    }
}

#[test]
fn a_kept_document_stays_the_json_that_it_was() {
    let own = secrets(&["0123456789abcdef", "7"]);
    let clean = "{\"b\": 1e400, \"a\": \"x\"}";
    assert_eq!(masked_document(clean, &own), clean);
    let body = json!({"id": 7, "n": "7", "rows": [{"0123456789abcdef": "?k=0123456789abcdef"}], "text": "17時7分"});
    let kept: Value = serde_json::from_str(&masked_document(&body.to_string(), &own)).unwrap();
    // A short one is not looked for within what people wrote.
    let expected = json!({"id": 7, "n": "…", "rows": [{"…": "?k=…"}], "text": "17時7分"});
    assert_eq!(kept, expected);
    assert_eq!(masked_document("id,0123456789abcdef", &own), "id,…");
}

#[test]
fn a_check_keeps_who_we_are_and_not_how_we_come_in() {
    let mut known = json!({
        "user": {"id": 5, "login": "toban", "api_key": "another key", "mail": "x 0123456789abcdef"},
        "teams": [{"accessToken": "t", "key": "DESK", "token_count": 2}],
    });
    without_credentials(&mut known, &secrets(&["0123456789abcdef"]));
    let expected = json!({
        "user": {"id": 5, "login": "toban", "mail": "x …"},
        "teams": [{"key": "DESK", "token_count": 2}],
    });
    assert_eq!(known, expected);
}
