//! A connection to PostgreSQL that is cut in mid-COMMIT: what was asked is done once, and whoever asked hears the truth.
//!
//! Between the store and the real server stands a wire of ours that knows a COMMIT when it sees one. It loses the
//! answer, loses the COMMIT itself, or (the hardest) delivers it only when the desk has looked and tries once more.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::{Arc, Mutex};
use std::time::Duration;
use toban::app::desk::{ActError, Order};
use toban::app::ports::{Mapped, StoreError};
use toban::clock::{self, SystemIds};
use toban::config::Config;
use toban::domain::inquiry::{Actor, Command, Entry, Ownership};
use toban::store::{self, OpenOptions};
use toban::testkit::postgres::{FreshDb, fresh_database};
use toban::testkit::world::{STORY, World, usual};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(30);

/// What becomes of a COMMIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// It arrives, its answer does not.
    Answer,
    /// It never arrives.
    Commit,
    /// The connection breaks, and it arrives only when it is released.
    Late,
}

/// A wire to the server that can be cut.
struct Wire {
    url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// What becomes of the next COMMITs, in turn.
    cuts: Mutex<Vec<Cut>>,
    release: Notify,
}

impl Wire {
    async fn to(database: &FreshDb) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url: Url = database.url.parse().unwrap();
        let server = format!("127.0.0.1:{}", url.port().unwrap());
        url.set_port(Some(listener.local_addr().unwrap().port()))
            .unwrap();
        let state = Arc::new(State::default());
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(client, server, shared.clone()));
            }
        });
        Wire {
            url: url.into(),
            state,
        }
    }

    fn cut(&self, cuts: &[Cut]) {
        *self.state.cuts.lock().unwrap() = cuts.iter().rev().copied().collect();
    }

    /// Whether every cut has been made.
    fn is_whole(&self) -> bool {
        self.state.cuts.lock().unwrap().is_empty()
    }
}

/// Carries what two sides say until one of them is silent, or the wire is cut.
async fn carry(mut client: TcpStream, mut server: TcpStream, state: Arc<State>) {
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(n @ 1..) = read else { return };
                let said = &asked[..n];
                let is_commit = said.windows(7).any(|bytes| bytes == b"COMMIT\0");
                let cut = match is_commit {
                    true => state.cuts.lock().unwrap().pop(),
                    false => None,
                };
                match cut {
                    None => {}
                    Some(Cut::Commit) => return,
                    Some(Cut::Late) => {
                        drop(client);
                        state.release.notified().await;
                        server.write_all(said).await.unwrap();
                        let _ = server.read(&mut answered).await;
                        return;
                    }
                    Some(Cut::Answer) => {
                        server.write_all(said).await.unwrap();
                        assert!(server.read(&mut answered).await.unwrap() > 0);
                        return;
                    }
                }
                if server.write_all(said).await.is_err() { return }
            }
            read = server.read(&mut answered) => {
                let Ok(n @ 1..) = read else { return };
                if client.write_all(&answered[..n]).await.is_err() { return }
            }
        }
    }
}

/// A desk whose store is at the end of the wire, with one inquiry.
struct Scene {
    world: World,
    wire: Wire,
    // Dropped last: whoever is still connected is thrown out.
    database: FreshDb,
}

impl Scene {
    async fn new() -> Scene {
        let database = fresh_database("lost_commit").await;
        let wire = Wire::to(&database).await;
        let store = store::open(&wire.url, &OpenOptions::default())
            .await
            .unwrap();
        let secret = |_: &str| Some("whsec_NoSecretOfAnybodyButLongEnough00".to_owned());
        let config = Config::read("story.toml", STORY, &secret).unwrap();
        let folder = std::env::temp_dir().join(format!("toban-lost-{}", SystemIds.id()));
        let world = World::over(store, config, "2026-11-24 10:00", folder).await;
        world.receive("A-1", |_| {}).await;
        Scene {
            world,
            wire,
            database,
        }
    }

    /// Does something while the next COMMITs are cut; a late one is released when another waits for it.
    async fn cutting<T>(&self, cuts: &[Cut], doing: impl Future<Output = T>) -> T {
        self.wire.cut(cuts);
        let releasing = async {
            while self.database.waiting().await == 0 {
                clock::sleep(Duration::from_millis(5)).await;
            }
            self.wire.state.release.notify_one();
            std::future::pending::<()>().await;
        };
        let done = async {
            tokio::select! {
                done = doing => done,
                () = releasing, if cuts.contains(&Cut::Late) => unreachable!("it never ends"),
            }
        };
        let done = clock::timeout(PATIENCE, done).await;
        assert!(self.wire.is_whole(), "{cuts:?} were not all met");
        done.unwrap()
    }

    async fn ledger(&self) -> Vec<Entry> {
        let store = &self.world.app.store;
        let first = store.by_reference("Q-1".parse().unwrap()).await.unwrap();
        store.ledger(&first.unwrap().inquiry.id).await.unwrap()
    }

    async fn kinds(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let kinds = ledger
            .iter()
            .map(|entry| serde_json::to_value(&entry.event).unwrap());
        kinds
            .map(|event| event["kind"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn end(self) {
        self.world.end().await;
    }
}

const CUTS: [Cut; 3] = [Cut::Answer, Cut::Commit, Cut::Late];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_whose_answer_was_lost_is_claimed_and_says_so() {
    let usual = Scene::new().await;
    let expected = usual.world.says("aoki", "claim Q-1").await;
    usual.end().await;
    for cut in CUTS {
        let scene = Scene::new().await;
        let said = scene
            .cutting(&[cut], scene.world.says("aoki", "claim Q-1"))
            .await;
        assert_eq!(said, expected, "{cut:?}");
        assert_eq!(scene.kinds().await, ["received", "claimed"], "{cut:?}");
        let heard = scene.world.heard();
        assert_eq!(heard.matches("aoki< ").count(), 1, "{heard}");
        // Somebody else hears who has it.
        let other = scene.world.says("inoue", "claim Q-1").await;
        assert!(other.contains("青木"), "{other}");
        scene.end().await;
    }
}

/// A note under no key of its own: what makes it one is its version alone.
fn note(scene: &Scene) -> (Order, Command) {
    let text = toban::domain::ids::TextId::from(scene.world.app.ids.id());
    let order = Order {
        actor: Actor::Member("aoki".into()),
        via: "test".to_owned(),
        command_key: None,
        texts: vec![(text.clone(), "調べています".to_owned())],
    };
    (order, Command::Note { text })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_without_a_key_is_written_once() {
    for cut in CUTS {
        let scene = Scene::new().await;
        let id = scene.ledger().await[0].inquiry.clone();
        let (order, command) = note(&scene);
        let acting = scene.world.app.act(&id, order, command);
        let done = scene.cutting(&[cut], acting).await.unwrap();
        assert_eq!((done.events.len(), done.is_repeat), (1, false), "{cut:?}");
        assert_eq!(done.stored.inquiry.seq, 2);
        assert_eq!(scene.kinds().await, ["received", "noted"], "{cut:?}");
        scene.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_twice_is_said_to_be_unknown() {
    let scene = Scene::new().await;
    let id = scene.ledger().await[0].inquiry.clone();
    let (order, command) = note(&scene);
    let cuts = [Cut::Commit, Cut::Commit];
    let lost = scene
        .cutting(&cuts, scene.world.app.act(&id, order.clone(), command))
        .await;
    let is_unknown = matches!(lost, Err(ActError::Store(StoreError::Unknown(_))));
    assert!(is_unknown, "{lost:?}");
    assert_eq!(scene.kinds().await, ["received"]);
    // Under a key whoever asked may ask again, and hears what became of it.
    let keyed = Order {
        command_key: Some("press-1".to_owned()),
        texts: Vec::new(),
        ..order
    };
    let cuts = [Cut::Commit, Cut::Answer];
    let claiming = scene.world.app.act(&id, keyed.clone(), Command::Claim);
    let lost = scene.cutting(&cuts, claiming).await;
    let is_unknown = matches!(lost, Err(ActError::Store(StoreError::Unknown(_))));
    assert!(is_unknown, "{lost:?}");
    let again = scene
        .world
        .app
        .act(&id, keyed, Command::Claim)
        .await
        .unwrap();
    assert!(again.is_repeat);
    let owner = again.stored.inquiry.ownership;
    assert!(matches!(owner, Ownership::Owned { by, .. } if by.as_str() == "aoki"));
    assert_eq!(scene.kinds().await, ["received", "claimed"]);
    scene.world.settle().await;
    // A person is told the same.
    let cuts = [Cut::Commit, Cut::Commit];
    let said = scene.cutting(&cuts, scene.world.says("aoki", "note Q-1 まだです"));
    let said = said.await;
    assert!(said.contains("確認できません"), "{said}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inquiry_whose_answer_was_lost_is_received_once() {
    for cut in CUTS {
        let scene = Scene::new().await;
        let new = || Mapped {
            delivery_id: Some("delivery-2".to_owned()),
            ..usual("A-2")
        };
        let receiving = scene.world.app.receive(new(), "hook");
        let received = scene.cutting(&[cut], receiving).await.unwrap();
        assert!(received.is_new, "{cut:?}");
        let again = scene.world.app.receive(new(), "hook").await.unwrap();
        assert!(!again.is_new && !again.is_changed, "{cut:?}");
        assert_eq!(again.reference, received.reference);
        let count = scene
            .world
            .app
            .store
            .count(&Default::default())
            .await
            .unwrap();
        assert_eq!(count, 2, "{cut:?}");
        scene.end().await;
    }
}
