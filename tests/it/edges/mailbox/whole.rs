//! One conversation from a mailbox through the whole desk and back, with the built binary stopped and started on the way.

use super::house::{PASSWORD, PostHouse};
use crate::edges::binary::{self, House, PATIENCE, Server};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use toban::app::ports::{DeskBody, ListFilter, Store};
use toban::clock::{self, SystemClock};
use toban::domain::ids::{SourceId, TextId};
use toban::domain::inquiry::{Entry, Event};
use toban::time::Timestamp;

const SATO: &str = "sato@customer.example";
const BOX: &str = "box@desk.example";

/// A desk that takes from the mailbox, and a person who speaks to its API.
struct Scene<'a> {
    post: &'a PostHouse,
    house: House,
    base: String,
    token: String,
    server: Option<Server>,
    store: Arc<dyn Store>,
}

impl Scene<'_> {
    async fn over(post: &PostHouse) -> Scene<'_> {
        let config = format!(
            r#"{}
[[source]]
id = "box"
name = "エスカレーション窓口"
preset = "mail"
team_domains = ["desk.example"]
[source.imap]
host = "127.0.0.1"
port = {}
ca_file = "{}"
username = "{BOX}"
password_file = "box.password"
every = "5s"
[source.smtp]
host = "127.0.0.1"
port = {}
security = "none"
from = "{BOX}"
[source.setting]
signature = "窓口"

[net]
allow_private = ["127.0.0.0/8"]
"#,
            binary::desk(binary::free_port()),
            post.tls,
            post.authority(),
            post.smtp,
        );
        let house = House::new(&config);
        std::fs::write(house.path("box.password"), PASSWORD).unwrap();
        let (server, base) = house.serve().await;
        let token = house
            .run(&["token", "aoki", "--member", "aoki"])
            .await
            .well();
        let store = house.look().await;
        Scene {
            post,
            base,
            token: token.trim().to_owned(),
            server: Some(server),
            store,
            house,
        }
    }

    /// Acts through the API as Aoki.
    async fn act(&self, verb: &str, words: &Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/inquiries/Q-1/{verb}", self.base);
        let request = http.post(url).bearer_auth(&self.token);
        let answer = request.body(words.to_string()).send().await.unwrap();
        let status = answer.status();
        assert_eq!(status, 200, "{verb}: {}", answer.text().await.unwrap());
    }

    /// Stops the process by a signal and starts it again.
    async fn again(&mut self, signal: &str) {
        let mut server = self.server.take().unwrap();
        server.signal(signal).await;
        server.ended().await;
        self.server = Some(self.house.serve().await.0);
    }

    /// Waits until a poll has ended that began after now.
    async fn polled(&self) {
        for _ in 0..2 {
            let before = self.last_poll().await;
            until("a poll", async || {
                (self.last_poll().await > before).then_some(())
            })
            .await;
        }
    }

    async fn last_poll(&self) -> Option<Timestamp> {
        let source = SourceId::from("box");
        let state = self.store.source_state(&source, SystemClock.now());
        state.await.unwrap().last_ok_at
    }

    async fn ledger(&self) -> Vec<Entry> {
        let first = self
            .store
            .by_reference("Q-1".parse().unwrap())
            .await
            .unwrap();
        self.store.ledger(&first.unwrap().inquiry.id).await.unwrap()
    }

    async fn kinds(&self) -> Vec<String> {
        let kind = |entry: &Entry| {
            let event = serde_json::to_value(&entry.event).unwrap();
            event["kind"].as_str().unwrap().to_owned()
        };
        self.ledger().await.iter().map(kind).collect()
    }

    /// The titles of the cards that stand in the desk's channel.
    async fn cards(&self) -> Vec<String> {
        let posts = self.store.desk_channel("support", 100).await.unwrap();
        let titles = posts.into_iter().filter_map(|post| match post.body {
            DeskBody::Card { card, .. } => Some(card.facts.title),
            _ => None,
        });
        let titles: Vec<TextId> = titles.collect();
        let texts = self.store.texts(&titles).await.unwrap();
        titles.iter().map(|title| texts[title].clone()).collect()
    }

    /// Everything that stands on the desk.
    async fn said(&self) -> String {
        format!("{:?}", self.store.desk_since(0, 500).await.unwrap())
    }

    /// A letter of Sato's mailbox, once it is there.
    async fn letter(&self, n: usize) -> Value {
        until("an answer in the requester's mailbox", async || {
            self.post.letters("sato").await.into_iter().nth(n)
        })
        .await
    }
}

impl Drop for Scene<'_> {
    /// Says what the process said, when something else than expected was found.
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(server) = &self.server
        {
            let _ = writeln!(std::io::stderr(), "{}", *server.log.borrow());
        }
    }
}

/// A report on a letter, as a mail server writes it.
fn report(n: usize, letter: &str, action: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.customer.example\r\nTo: {BOX}\r\nMessage-ID: <report.{n}@mx.customer.example>\r\n\
         Subject: Delivery Status\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; {SATO}\r\nAction: {action}\r\n\
         Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n\
         --B\r\nContent-Type: message/rfc822\r\n\r\nFrom: {BOX}\r\nMessage-ID: {letter}\r\n\r\nbody\r\n--B--\r\n"
    )
}

async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            clock::sleep(Duration::from_millis(50)).await;
        }
    };
    let found = clock::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|late| panic!("{what}: {late}"))
}

pub async fn a_conversation_goes_through_the_whole_desk_and_back(post: &PostHouse) {
    let mut scene = Scene::over(post).await;
    until("the first contact", async || scene.last_poll().await).await;

    // A person of long ago wrote it; the server got it just now.
    let filed = include_bytes!("../../../fixtures/mail/iso-2022-jp.eml");
    post.deliver(SATO, BOX, filed).await;
    let cards = until("a card", async || {
        Some(scene.cards().await).filter(|cards| !cards.is_empty())
    })
    .await;
    assert_eq!(cards, ["【至急】請求書が二重に発行される"]);
    scene.act("claim", &json!({})).await;
    scene.again("TERM").await;
    scene
        .act("reply", &json!({"text": "再起動をお試しください。"}))
        .await;

    let answer = scene.letter(0).await;
    assert_eq!(answer["from"], "エスカレーション窓口 <box@desk.example>");
    assert_eq!(answer["to"], "佐藤 花子 <sato@customer.example>");
    assert_eq!(answer["subject"], "Re: 【至急】請求書が二重に発行される");
    let text = answer["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text, "再起動をお試しください。\n\n-- \n窓口\n");
    assert_eq!(answer["references"], "<20261121100012.A1@customer.example>");
    assert_eq!(
        (&answer["auto"], &answer["defects"]),
        (&Value::Null, &json!([]))
    );
    let raw = answer["raw"].as_str().unwrap();
    assert!(
        raw.contains("In-Reply-To: <20261121100012.A1@customer.example>"),
        "{raw}"
    );
    let id = answer["id"].as_str().unwrap().to_owned();
    scene.again("TERM").await;

    // It is delayed, then it comes back, twice; so does what nobody sent.
    for (n, letter, action) in [
        (1, "<nobodys@desk.example>", "failed"),
        (2, &*id, "delayed"),
        (3, &*id, "failed"),
        (4, &*id, "failed"),
    ] {
        let report = report(n, letter, action);
        post.deliver("", BOX, report.as_bytes()).await;
    }
    let failed = async || {
        let ledger = scene.ledger().await;
        let mut failed = ledger.into_iter().filter_map(|entry| match entry.event {
            Event::ReplyFailed { why, .. } => Some(why),
            _ => None,
        });
        failed.next()
    };
    let why = until("the answer fails", failed).await;
    assert_eq!(why, "550 5.1.1 no such user");
    for message in ["notice-reply-failed", "notice-mail-delayed"] {
        until(message, async || {
            scene.said().await.contains(message).then_some(())
        })
        .await;
    }
    scene.polled().await;
    let said = scene.said().await;
    for message in ["notice-reply-failed", "notice-mail-delayed"] {
        assert_eq!(said.matches(message).count(), 1, "{said}");
    }
    scene
        .act("reply", &json!({"text": "別の方法をお試しください。"}))
        .await;
    let again = scene.letter(1).await;
    assert!(
        again["text"].as_str().unwrap().contains("別の方法"),
        "{again}"
    );

    // A copy of our own answer, a machine's answer, the requester's, and it once more. Theirs names only ours.
    post.deliver(BOX, BOX, raw.as_bytes()).await;
    post.deliver(
        "",
        BOX,
        include_bytes!("../../../fixtures/mail/vacation.eml"),
    )
    .await;
    let words = format!(
        "From: Sato <{SATO}>\r\nTo: {BOX}\r\nSubject: Re: x\r\nMessage-ID: <second@customer.example>\r\n\
         In-Reply-To: {id}\r\n\r\nIt works again.\r\n\r\nOn Sat, 21 Nov 2026 at 10:00, Desk <{BOX}> wrote:\r\n> try this\r\n"
    );
    post.deliver(SATO, BOX, words.as_bytes()).await;
    post.deliver(SATO, BOX, words.as_bytes()).await;
    until("the requester is heard", async || {
        let ledger = scene.ledger().await;
        let mut heard = ledger.iter();
        heard
            .any(|entry| matches!(entry.event, Event::RequesterReplied { .. }))
            .then_some(())
    })
    .await;
    scene.again("KILL").await;

    let answer = json!({"category": "設定・環境", "cause": "期限切れ", "workaround": "再起動"});
    scene.act("resolve", &answer).await;
    let answer = scene.letter(2).await;
    assert!(
        answer["text"].as_str().unwrap().contains("期限切れ"),
        "{answer}"
    );
    let references = format!("<20261121100012.A1@customer.example> {id} <second@customer.example>");
    let named = answer["references"]
        .as_str()
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>();
    assert_eq!(named.join(" "), references.split_once(' ').unwrap().1);
    scene.polled().await;

    // Everything is numbered anew, and nothing comes twice.
    let before = post.validity("box");
    post.renumber("box");
    scene.polled().await;
    assert_ne!(post.validity("box"), before);
    scene.polled().await;

    let expected = [
        "received",
        "claimed",
        "replied",
        "reply_failed",
        "replied",
        "requester_replied",
        "resolved",
    ];
    assert_eq!(scene.kinds().await, expected);
    assert_eq!(scene.cards().await.len(), 1);
    assert_eq!(scene.store.count(&ListFilter::default()).await.unwrap(), 1);
    assert_eq!(post.letters("sato").await.len(), 3);
    let heard = scene.ledger().await.remove(5);
    let Event::RequesterReplied { text, .. } = &heard.event else {
        panic!("{heard:?}");
    };
    let texts = scene.store.texts(std::slice::from_ref(text)).await.unwrap();
    assert_eq!(texts[text], "It works again.");
    let dead = scene.store.outbox(&["dead"], 5).await.unwrap();
    assert!(dead.is_empty(), "{dead:?}");
    let findings = scene.store.audit_whole(SystemClock.now()).await.unwrap();
    assert!(findings.is_clean(), "{:?}", findings.lines());
    scene.store.close().await;
}
