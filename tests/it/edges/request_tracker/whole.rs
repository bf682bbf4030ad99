//! One ticket from Request Tracker through the whole desk and back; both are stopped and started on the way, and a scrip
//! tells toban of what happens.

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
use toban::testkit::request_tracker::RequestTracker;
use toban::time::Timestamp;

/// What an administrator puts into RT, as the set-up page has it.
const PAGE: &str = include_str!("../../../../docs/sources/request-tracker.md");

/// The secret of the scrip.
const HOOK: &str = "no-secret-of-anybody-but-long-enough-0123";

/// A desk that takes from an RT, and a person who speaks to its API.
struct Scene {
    rt: RequestTracker,
    house: House,
    base: String,
    token: String,
    server: Option<Server>,
    store: Arc<dyn Store>,
}

fn config(port: u16, rt: &str, every: &str) -> String {
    format!(
        r#"{}
[[source]]
id = "rt"
preset = "request-tracker"
kind = "webhook"
auth = "bearer"
delivery = "nudge"
base_url = "{rt}"
secret_file = ["rt.token", "rt.hook"]
[source.setting]
query = "Queue = 'Escalations'"
[source.owners]
"aoki" = "aoki"
[source.poll]
every = "{every}"

[net]
allow_private = ["127.0.0.0/8"]
"#,
        binary::desk(port),
    )
}

/// The scrip of the set-up page, for a toban on this machine.
fn scrip(port: u16) -> String {
    let (_, from) = PAGE.split_once("```perl\n").unwrap();
    let (scrip, _) = from.split_once("```").unwrap();
    let there = format!("http://127.0.0.1:{port}/hooks/rt");
    for placeholder in ["https://toban.example.com/hooks/rt", "SECRET"] {
        assert_eq!(scrip.matches(placeholder).count(), 1, "{placeholder}");
    }
    let scrip = scrip.replace("https://toban.example.com/hooks/rt", &there);
    scrip.replace("SECRET", HOOK)
}

impl Scene {
    /// With a poll so seldom that what is seen at once was told by the scrip.
    async fn over(mut rt: RequestTracker) -> Scene {
        let port = binary::free_port();
        rt.insert(&scrip(port));
        rt.start_again();
        let house = House::new(&config(port, &rt.url, "6h"));
        std::fs::write(house.path("rt.token"), &rt.tokens[0]).unwrap();
        std::fs::write(house.path("rt.hook"), HOOK).unwrap();
        let (server, base) = house.serve().await;
        let token = house
            .run(&["token", "aoki", "--member", "aoki"])
            .await
            .well();
        let store = house.look().await;
        Scene {
            rt,
            base,
            token: token.trim().to_owned(),
            server: Some(server),
            store,
            house,
        }
    }

    /// From the next start on it is polled so often.
    fn polls_every(&self, every: &str) {
        let (_, port) = self.base.rsplit_once(':').unwrap();
        let config = config(port.trim_matches('/').parse().unwrap(), &self.rt.url, every);
        std::fs::write(self.house.path("toban.toml"), config).unwrap();
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
        let source = SourceId::from("rt");
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

    /// What was said in a ticket, once it is so many things.
    async fn said(&self, ticket: u64, count: usize) -> Vec<(String, String, String)> {
        until("what is said in RT", async || {
            let said = said(&self.rt, ticket).await;
            (said.len() >= count).then_some(said)
        })
        .await
    }

    /// Waits for a field of the ticket.
    async fn is(&self, ticket: u64, field: &str, value: &Value) {
        until(&format!("{field} is {value}"), async || {
            let ticket = self.rt.ticket(ticket).await;
            (ticket.pointer(field) == Some(value)).then_some(())
        })
        .await;
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

/// Who said what to whom in a ticket.
async fn said(rt: &RequestTracker, ticket: u64) -> Vec<(String, String, String)> {
    let mut acts = rt.history(ticket).await;
    acts.retain(|(_, kind, _)| ["Create", "Correspond", "Comment"].contains(&kind.as_str()));
    acts
}

pub async fn a_ticket_goes_through_the_whole_desk_and_back(rt: RequestTracker) {
    let mut scene = Scene::over(rt).await;
    until("the first contact", async || scene.last_poll().await).await;

    // Filed: the scrip tells, and it is there long before the next poll.
    let filed = json!({"Subject": "ログインできない", "Content": "全員です", "Priority": 100});
    let id = scene.rt.new_ticket(filed).await;
    until("a card", async || (scene.cards().await > 0).then_some(())).await;
    scene.act("claim", &json!({})).await;
    scene.is(id, "/Owner/id", &json!("aoki")).await;
    scene.again("TERM").await;

    // RT is down while somebody replies; once it is back, the reply stands there once.
    scene.rt.stop();
    scene
        .act("reply", &json!({"text": "見ています \"今\""}))
        .await;
    until("the reply was tried", async || {
        let rows = scene.store.outbox(&["retry"], 9).await.unwrap();
        (!rows.is_empty()).then_some(())
    })
    .await;
    scene.rt.start_again();
    scene.said(id, 2).await;
    scene.again("TERM").await;

    // They talk in RT; what is private stays there. RT's times are whole seconds, and what may have been said before the
    // receipt is no message.
    let received_at = scene.ledger().await[0].at;
    until("another second", async || {
        (SystemClock.now().as_second() > received_at.as_second()).then_some(())
    })
    .await;
    scene
        .rt
        .write("hanako", id, "correspond", "まだですか")
        .await;
    let is_heard = |event: &Event| matches!(event, Event::RequesterReplied { .. });
    scene
        .happened("the requester is heard, by the scrip", is_heard)
        .await;

    // What happened while toban was dead is found by the next poll.
    scene.polls_every("5s");
    let mut server = scene.server.take().unwrap();
    server.signal("KILL").await;
    server.ended().await;
    scene
        .rt
        .write("aoki", id, "comment", "顧客名は伏せること")
        .await;
    scene
        .rt
        .write("aoki", id, "correspond", "あと一時間で直ります")
        .await;
    scene.server = Some(scene.house.serve().await.0);
    let is_answer = |event: &Event| matches!(event, Event::RepliedElsewhere { .. });
    scene.happened("the answer there counts", is_answer).await;

    let answer = json!({"category": "設定・環境", "cause": "期限切れ", "workaround": "再起動"});
    scene.act("resolve", &answer).await;
    scene.is(id, "/Status", &json!("resolved")).await;
    scene.again("TERM").await;
    scene.polled().await;

    // Everything once, by the right people, at its own time.
    let expected = [
        ("hanako", "Create", "全員です"),
        ("toban", "Correspond", "見ています \"今\""),
        ("hanako", "Correspond", "まだですか"),
        ("aoki", "Comment", "顧客名は伏せること"),
        ("aoki", "Correspond", "あと一時間で直ります"),
        (
            "toban",
            "Correspond",
            "Cause: 期限切れ\n\nWorkaround: 再起動",
        ),
    ];
    let expected =
        expected.map(|(who, kind, text)| (who.to_owned(), kind.to_owned(), text.to_owned()));
    assert_eq!(said(&scene.rt, id).await, expected);
    let acts = scene.rt.history(id).await;
    let ours: Vec<&str> = acts
        .iter()
        .filter(|(who, ..)| who == "toban")
        .map(|(_, kind, _)| kind.as_str())
        .collect();
    // A change of owner is two transactions.
    let expected = ["Set", "SetWatcher", "Correspond", "Correspond", "Status"];
    assert_eq!(ours, expected, "{acts:?}");
    let everything = ListFilter::default();
    assert_eq!(scene.store.count(&everything).await.unwrap(), 1);
    assert_eq!(scene.cards().await, 1);
    let ledger = scene.ledger().await;
    let kinds: Vec<String> = ledger
        .iter()
        .map(|entry| {
            let event = serde_json::to_value(&entry.event).unwrap();
            event["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    let expected = [
        "received",
        "claimed",
        "replied",
        "requester_replied",
        "replied_elsewhere",
        "resolved",
        "found_there",
        "closed",
    ];
    assert_eq!(kinds, expected);
    let dead = scene.store.outbox(&["dead"], 5).await.unwrap();
    assert!(dead.is_empty(), "{dead:?}");
    let findings = scene.store.audit_whole(SystemClock.now()).await.unwrap();
    assert!(findings.is_clean(), "{:?}", findings.lines());
    scene.store.close().await;
}
