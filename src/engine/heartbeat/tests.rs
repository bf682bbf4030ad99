#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::Findings;
use crate::net::Settings;
use crate::testkit::world::World;
use tokio::sync::mpsc;
use wiremock::matchers::{body_bytes, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A pulse that goes to the test, answered as the test says.
struct Told {
    beats: mpsc::UnboundedSender<Instant>,
    answer: std::sync::Mutex<Result<(), String>>,
}

#[async_trait]
impl Pulse for Told {
    async fn beat(&self) -> Result<(), String> {
        self.beats.send(clock::monotonic()).unwrap();
        self.answer.lock().unwrap().clone()
    }
}

fn told() -> (Arc<Told>, mpsc::UnboundedReceiver<Instant>) {
    let (beats, heard) = mpsc::unbounded_channel();
    let answer = std::sync::Mutex::new(Ok(()));
    (Arc::new(Told { beats, answer }), heard)
}

const MINUTE: Duration = Duration::from_mins(1);

/// A desk that is well, and goes on being audited every minute; from here on time stands unless everybody waits.
async fn standing() -> (World, CancellationToken) {
    let world = World::at("2026-11-24 10:00").await;
    let (health, now) = (world.engine.health.clone(), world.app.clock.now());
    let stop = CancellationToken::new();
    tokio::time::pause();
    let stopped = stop.clone();
    health.audited(now, Findings::default());
    tokio::spawn(async move {
        while !stopped.is_cancelled() {
            clock::sleep(MINUTE).await;
            health.audited(now, Findings::default());
        }
    });
    (world, stop)
}

#[tokio::test]
async fn it_beats_as_often_as_it_is_told() {
    let (world, stop) = standing().await;
    let (pulse, mut heard) = told();
    let begun = clock::monotonic();
    let heartbeat = Heartbeat {
        pulse,
        every: MINUTE,
    };
    let beating = tokio::spawn(world.engine.clone().keep_beating(heartbeat, stop.clone()));
    let mut after = Vec::new();
    for _ in 0..3 {
        after.push((heard.recv().await.unwrap() - begun).as_secs());
    }
    assert_eq!(after, [5, 65, 125]);
    stop.cancel();
    beating.await.unwrap();
}

#[tokio::test]
async fn a_loop_that_hangs_ends_it_until_it_turns_again() {
    let (world, stop) = standing().await;
    let (pulse, mut heard) = told();
    let begun = clock::monotonic();
    world.engine.health.turned("outbox", begun);
    let heartbeat = Heartbeat {
        pulse,
        every: MINUTE,
    };
    tokio::spawn(world.engine.clone().keep_beating(heartbeat, stop.clone()));
    let mut last = begun;
    while let Ok(Some(at)) = clock::timeout(MINUTE * 30, heard.recv()).await {
        last = at;
    }
    assert_eq!((last - begun).as_secs(), 4 * 60 + 5);
    world.engine.health.turned("outbox", clock::monotonic());
    let again = clock::timeout(MINUTE * 2, heard.recv()).await;
    assert!(again.is_ok(), "{again:?}");
    stop.cancel();
}

#[tokio::test]
async fn a_beat_that_fails_is_made_good_by_the_next() {
    let (world, stop) = standing().await;
    let (pulse, mut heard) = told();
    *pulse.answer.lock().unwrap() = Err("it was answered 500".to_owned());
    assert_eq!(
        world.engine.beat(pulse.as_ref()).await,
        Beat::Failed("it was answered 500".to_owned())
    );
    let heartbeat = Heartbeat {
        pulse: pulse.clone(),
        every: MINUTE,
    };
    tokio::spawn(world.engine.clone().keep_beating(heartbeat, stop.clone()));
    for _ in 0..3 {
        heard.recv().await.unwrap();
    }
    *pulse.answer.lock().unwrap() = Ok(());
    assert_eq!(world.engine.beat(pulse.as_ref()).await, Beat::Sent);
    stop.cancel();
}

#[test]
fn only_a_change_is_said() {
    let failed = |why: &str| Beat::Failed(why.to_owned());
    let said = |before: Option<&Beat>, beat: &Beat| news(before, beat).is_some();
    assert!(!said(None, &Beat::Sent));
    assert!(!said(Some(&Beat::Sent), &Beat::Sent));
    assert!(said(Some(&Beat::Sent), &failed("a")));
    assert!(!said(Some(&failed("a")), &failed("b")));
    assert!(said(Some(&failed("b")), &Beat::Sent));
    let held = Beat::HeldBack(Unwell::Findings);
    assert!(said(Some(&Beat::Sent), &held));
    assert!(!said(Some(&held), &held.clone()));
    assert!(said(Some(&held), &Beat::HeldBack(Unwell::Stuck("cards"))));
    assert_eq!(
        news(Some(&held), &Beat::HeldBack(Unwell::Stuck("cards"))).unwrap(),
        "the heartbeat is held back: cards has not come round for minutes"
    );
}

/// A pulse of the client, to a service on loopback.
fn http(service: &MockServer, allowed: &[&str]) -> HttpPulse {
    let settings = Settings {
        allow_private: allowed.iter().map(|range| range.parse().unwrap()).collect(),
        ..Settings::default()
    };
    let url = Secret::new(format!("{}/ping/5f5f-secret\n", service.uri()));
    HttpPulse::new(Client::new(&settings).unwrap(), &url).unwrap()
}

async fn service(status: u16) -> MockServer {
    let service = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/ping/5f5f-secret"))
        .and(body_bytes(Vec::new()))
        .respond_with(ResponseTemplate::new(status))
        .mount(&service)
        .await;
    service
}

#[tokio::test]
async fn the_service_is_asked_by_a_plain_get() {
    for (status, expected) in [
        (200, Ok(())),
        (204, Ok(())),
        (302, Err("it was answered 302".to_owned())),
        (503, Err("it was answered 503".to_owned())),
    ] {
        let service = service(status).await;
        assert_eq!(http(&service, &["127.0.0.1"]).beat().await, expected);
    }
}

#[tokio::test]
async fn the_guard_of_addresses_holds_for_it_too_and_the_address_is_not_told() {
    let service = service(200).await;
    let refused = http(&service, &[]).beat().await.unwrap_err();
    assert!(!refused.contains("5f5f"), "{refused}");
    assert_eq!(service.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_desk_that_runs_beats_once_it_has_been_audited() {
    let world = World::at("2026-11-24 10:00").await;
    let (pulse, mut heard) = told();
    let mut engine = world.engine.clone();
    assert_eq!(
        engine.beat(pulse.as_ref()).await,
        Beat::HeldBack(Unwell::NotAudited)
    );
    engine.heartbeat = Some(Heartbeat {
        pulse,
        every: Duration::from_millis(20),
    });
    let stop = CancellationToken::new();
    let running = tokio::spawn(engine.run(stop.clone()));
    heard.recv().await.unwrap();
    assert!(world.engine.health.verdict().is_some());
    stop.cancel();
    running.await.unwrap().unwrap();
}
