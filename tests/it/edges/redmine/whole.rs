//! One issue from Redmine through the whole desk and back, with the built binary stopped and started on the way.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use crate::edges::binary::{self, House, PATIENCE, Server};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;
use toban::app::ports::{DeskBody, ListFilter, Store};
use toban::clock::{self, SystemClock};
use toban::domain::ids::SourceId;
use toban::domain::inquiry::{Entry, Event};
use toban::testkit::redmine::Redmine;
use toban::time::Timestamp;

/// A desk that takes from a Redmine, and a person who speaks to its API.
struct Scene {
    redmine: Redmine,
    house: House,
    base: String,
    token: String,
    server: Option<Server>,
    store: Arc<dyn Store>,
}

impl Scene {
    async fn over(redmine: Redmine) -> Scene {
        let config = format!(
            r#"{}
[[source]]
id = "redmine"
preset = "redmine"
base_url = "{}"
secret_file = "redmine.key"
[source.owners]
"{}" = "aoki"
[source.poll]
every = "5s"

[net]
allow_private = ["127.0.0.0/8"]
"#,
            binary::desk(binary::free_port()),
            redmine.url,
            redmine.people[0].0
        );
        let house = House::new(&config);
        std::fs::write(house.path("redmine.key"), &redmine.key).unwrap();
        let (server, base) = house.serve().await;
        let token = house
            .run(&["token", "aoki", "--member", "aoki"])
            .await
            .well();
        let store = house.look().await;
        Scene {
            redmine,
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

    /// Stops the process by a signal, once nothing is on its way, and starts it again.
    async fn again(&mut self, signal: &str) {
        until("nothing is on its way", async || {
            let unsent = ["queued", "sending", "retry", "unknown"];
            let rows = self.store.outbox(&unsent, 1).await.unwrap();
            rows.is_empty().then_some(())
        })
        .await;
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
        let source = SourceId::from("redmine");
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

    async fn happened(&self, what: &str, is: impl Fn(&Event) -> bool) {
        until(what, async || {
            let ledger = self.ledger().await;
            ledger.iter().any(|entry| is(&entry.event)).then_some(())
        })
        .await;
    }

    /// The issue, once it is as expected.
    async fn issue(&self, id: u64, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        until(what, async || {
            let issue = self.redmine.issue(id).await;
            is(&issue).then_some(issue)
        })
        .await
    }

    /// How many cards stand in the desk's channel.
    async fn cards(&self) -> usize {
        let posts = self.store.desk_channel("support", 100).await.unwrap();
        let cards = posts
            .iter()
            .filter(|post| matches!(post.body, DeskBody::Card { .. }));
        cards.count()
    }
}

impl Drop for Scene {
    /// Says what the process said, when something else than expected was found.
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(server) = &self.server
        {
            let _ = writeln!(std::io::stderr(), "{}", *server.log.borrow());
        }
    }
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

/// Who wrote the notes of an issue, and what they say.
fn notes(issue: &Value) -> Vec<(u64, &str)> {
    let journals = issue["journals"].as_array().unwrap().iter();
    let notes = journals.map(|journal| {
        let text = journal["notes"].as_str().unwrap_or_default();
        (journal["user"]["id"].as_u64().unwrap(), text)
    });
    notes.filter(|(_, text)| !text.is_empty()).collect()
}

pub async fn an_issue_goes_through_the_whole_desk_and_back(redmine: Redmine) {
    let mut scene = Scene::over(redmine).await;
    let [(aoki, aokis_key), (hanako, hanakos_key)] = &scene.redmine.people[..] else {
        panic!("two people");
    };
    let (aoki, aokis_key, hanako, hanakos_key) =
        (*aoki, aokis_key.clone(), *hanako, hanakos_key.clone());
    until("the first contact", async || scene.last_poll().await).await;

    let filed = json!({"subject": "ログインできない", "priority_id": 4});
    let id = scene.redmine.new_issue_as(&hanakos_key, filed).await;
    until("a card", async || (scene.cards().await > 0).then_some(())).await;
    scene.act("claim", &json!({})).await;
    let is_hers = |issue: &Value| issue["assigned_to"]["id"] == aoki;
    scene
        .issue(id, "the claim is seen in Redmine", is_hers)
        .await;
    scene.again("TERM").await;

    scene
        .act("reply", &json!({"text": "見ています \"今\""}))
        .await;
    let is_there = |issue: &Value| notes(issue).len() == 1;
    scene.issue(id, "the reply is a note", is_there).await;
    scene.again("TERM").await;

    // They talk in Redmine; what is private stays there. Redmine's times are whole seconds, and what may have been said
    // before the receipt is no message.
    let received_at = scene.ledger().await[0].at;
    until("another second", async || {
        (SystemClock.now().as_second() > received_at.as_second()).then_some(())
    })
    .await;
    scene
        .redmine
        .note(&hanakos_key, id, "まだですか", false)
        .await;
    scene
        .redmine
        .note(&aokis_key, id, "顧客名は伏せること", true)
        .await;
    scene
        .redmine
        .note(&aokis_key, id, "あと一時間で直ります", false)
        .await;
    let is_heard = |event: &Event| matches!(event, Event::RequesterReplied { .. });
    scene.happened("the requester is heard", is_heard).await;
    let is_answer = |event: &Event| matches!(event, Event::RepliedElsewhere { .. });
    scene.happened("the answer there counts", is_answer).await;
    scene.again("KILL").await;

    let answer = json!({"category": "設定・環境", "cause": "期限切れ", "workaround": "再起動"});
    scene.act("resolve", &answer).await;
    let is_resolved = |issue: &Value| issue["status"]["name"] == "Resolved";
    scene
        .issue(id, "the answer is seen in Redmine", is_resolved)
        .await;
    scene.again("TERM").await;
    scene.polled().await;

    // Everything once, by the right people, at its own time.
    let issue = scene.redmine.issue(id).await;
    assert_eq!(
        notes(&issue),
        [
            (1, "見ています \"今\""),
            (hanako, "まだですか"),
            (aoki, "顧客名は伏せること"),
            (aoki, "あと一時間で直ります"),
            (1, "Cause: 期限切れ\n\nWorkaround: 再起動"),
        ]
    );
    let everything = ListFilter::default();
    assert_eq!(scene.store.count(&everything).await.unwrap(), 1);
    assert_eq!(scene.cards().await, 1);
    let ledger = scene.ledger().await;
    let kinds: Vec<String> = ledger
        .iter()
        .map(|entry| {
            serde_json::to_value(&entry.event).unwrap()["kind"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let expected = [
        "received",
        "claimed",
        "replied",
        "requester_replied",
        "replied_elsewhere",
        "resolved",
    ];
    assert_eq!(kinds, expected);
    let journal = issue["journals"].as_array().unwrap().iter();
    let mut journal = journal.filter(|journal| journal["notes"] == "あと一時間で直ります");
    let written_at = journal.next().unwrap()["created_on"].as_str().unwrap();
    let Event::RepliedElsewhere { at, .. } = &ledger[4].event else {
        panic!("{ledger:?}");
    };
    assert_eq!(*at, written_at.parse::<Timestamp>().unwrap());
    let dead = scene.store.outbox(&["dead"], 5).await.unwrap();
    assert!(dead.is_empty(), "{dead:?}");
    let findings = scene.store.audit_whole(SystemClock.now()).await.unwrap();
    assert!(findings.is_clean(), "{:?}", findings.lines());
    scene.store.close().await;
}
