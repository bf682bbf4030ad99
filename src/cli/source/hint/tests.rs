#![allow(clippy::unwrap_used)]

use super::*;
use crate::net::StatusCode;
use crate::sources::Came;
use std::time::Duration;

fn hinted(came: Result<Came, Failure>, lang: Lang) -> Option<String> {
    let exchange = Exchange {
        what: "it".to_owned(),
        line: "GET https://t.example/items".to_owned(),
        headers: Vec::new(),
        body: None,
        took: Duration::from_millis(5),
        came,
    };
    hint(&exchange, lang)
}

fn came(status: u16) -> Came {
    Came {
        status,
        bytes: 2,
        kind: "application/json".to_owned(),
        location: Some("https://t.example/login".to_owned()),
        start: "{}".to_owned(),
    }
}

/// Asserts that the hint holds a word in each language.
fn check(came: Result<Came, Failure>, en: &str, ja: &str) {
    for (lang, word) in [(Lang::En, en), (Lang::Ja, ja)] {
        let hint = hinted(came.clone(), lang).unwrap();
        assert!(hint.contains(word), "{hint:?} does not say {word:?}");
    }
}

#[test]
fn the_usual_mistakes_have_words() {
    check(Ok(came(401)), "key is not accepted", "鍵が受け付けられて");
    check(Ok(came(403)), "may not do this", "権限");
    check(Ok(came(404)), "nothing at this address", "何もありません");
    check(Ok(came(405)), "method", "method");
    check(
        Ok(came(302)),
        "https://t.example/login",
        "https://t.example/login",
    );
    check(Ok(came(429)), "too often", "回数制限");
    check(Ok(came(503)), "broken over there", "相手側の障害");
    let page = Came {
        kind: "text/html; charset=utf-8".to_owned(),
        ..came(200)
    };
    check(Ok(page), "HTML", "HTML");
    let not_sent = |why: NotSent| Err(Failure::NotSent(why));
    let private = Refusal::Address {
        host: "redmine.local".to_owned(),
        address: "10.1.2.3".parse().unwrap(),
        what: "a private network",
    };
    check(
        not_sent(NotSent::Refused(private)),
        "allow_private = [\"10.1.2.3/32\"]",
        "allow_private = [\"10.1.2.3/32\"]",
    );
    let name = "failed to lookup address information: Name or service not known";
    check(
        not_sent(NotSent::Connect(name.to_owned())),
        "spelling",
        "つづり",
    );
    let refused = "Connection refused (os error 111)";
    check(
        not_sent(NotSent::Connect(refused.to_owned())),
        "Nobody listens",
        "接続できません",
    );
    check(
        not_sent(NotSent::ConnectTimeout),
        "firewall",
        "ファイアウォール",
    );
    check(
        not_sent(NotSent::Tls("expired".to_owned())),
        "certificate",
        "証明書",
    );
    check(
        Err(Failure::Unknown(Unknown::TimedOut)),
        "in time",
        "時間内",
    );
    let broken = Failure::Unknown(Unknown::BrokenOff("reset".to_owned()));
    check(Err(broken), "broke off", "切れました");
    let large = Failure::TooLarge {
        status: StatusCode::OK,
        cap: 8,
    };
    check(Err(large), "too large", "大きすぎ");
}

#[test]
fn what_is_good_needs_no_hint() {
    for status in [200, 201, 204, 304] {
        assert_eq!(hinted(Ok(came(status)), Lang::En), None, "{status}");
    }
}
