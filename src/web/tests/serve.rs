//! The server on a real socket: how it takes connections, gives up on slow ones, and stops.

use super::{Site, WebOptions, WebParts};
use crate::clock;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Longer than any test: what waits for it does not happen.
const EVER: Duration = Duration::from_hours(1);

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

struct Served {
    site: Site,
    address: SocketAddr,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Served {
    async fn with(change: impl FnOnce(&mut WebOptions)) -> Served {
        let site = Site::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut options = WebOptions::new();
        change(&mut options);
        let parts = WebParts {
            app: site.world.app.clone(),
            hooks: Arc::new(super::Readers),
            options,
            health: site.world.engine.health.clone(),
            metrics: None,
        };
        let serving = tokio::spawn(crate::web::serve(listener, parts, site.shutdown.clone()));
        Served {
            site,
            address,
            serving,
        }
    }

    async fn wire(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Asks on a connection of its own; the whole answer.
    async fn ask(&self, path: &str) -> String {
        let mut wire = self.wire().await;
        let host = self.address;
        let ask = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        wire.write_all(ask.as_bytes()).await.unwrap();
        rest(&mut wire).await
    }

    async fn ended(self) {
        let ended = clock::timeout(PATIENCE, self.serving).await;
        ended.unwrap().unwrap().unwrap();
        assert!(TcpStream::connect(self.address).await.is_err());
    }
}

/// All that comes until the other side closes; a connection that it cut off has nothing more to say.
async fn rest(wire: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = clock::timeout(PATIENCE, wire.read_to_end(&mut answer)).await;
    let _ = read.expect("the other side closes");
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_server_answers_and_ends_with_the_shutdown() {
    let served = Served::with(|options| {
        options.linger = Duration::from_millis(20);
        options.demo_sign_in = true;
    });
    let served = served.await;
    let answer = served.ask("/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Handlers hear whence a request comes: only this machine may choose who to be.
    let door = served.ask("/login").await;
    assert!(door.contains("value=\"aoki\""), "{door}");
    served.site.shutdown.cancel();
    served.ended().await;
}

#[tokio::test]
async fn who_watches_readiness_sees_it_end_on_a_new_connection() {
    let served = Served::with(|options| options.linger = EVER).await;
    assert!(served.ask("/readyz").await.starts_with("HTTP/1.1 200"));
    served.site.shutdown.cancel();
    for _ in 0..3 {
        let answer = served.ask("/readyz").await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        assert!(answer.contains("urn:toban:problem:draining"), "{answer}");
    }
    assert!(served.ask("/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(!served.serving.is_finished());
    served.serving.abort();
}

#[tokio::test]
async fn where_nobody_watches_readiness_the_stop_is_at_once() {
    let served = Served::with(|options| options.linger = EVER).await;
    assert!(served.ask("/healthz").await.starts_with("HTTP/1.1 200"));
    // One that was opened and never used holds nothing up.
    let mut idle = served.wire().await;
    assert!(served.ask("/login").await.starts_with("HTTP/1.1 200"));
    served.site.shutdown.cancel();
    assert_eq!(rest(&mut idle).await, "");
    served.ended().await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_given_up() {
    let served = Served::with(|options| options.head_patience = Duration::from_millis(50)).await;
    for said in ["", "G", "GET /healthz HTTP/1.1\r\nhost: x\r\n"] {
        let mut wire = served.wire().await;
        wire.write_all(said.as_bytes()).await.unwrap();
        let answer = rest(&mut wire).await;
        assert!(!answer.contains("200 OK"), "{said:?}: {answer}");
    }
    // Nor does one that has been answered keep its connection for ever.
    let mut wire = served.wire().await;
    let ask = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    wire.write_all(ask.as_bytes()).await.unwrap();
    assert!(rest(&mut wire).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_head_that_comes_in_drops_is_given_up_too() {
    let served = Served::with(|options| options.head_patience = Duration::from_millis(50)).await;
    let (mut from, mut to) = served.wire().await.into_split();
    to.write_all(b"GET /healthz HTTP/1.1\r\nx-drop: ")
        .await
        .unwrap();
    let dropping = async {
        while to.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let mut answer = Vec::new();
    let given_up = clock::timeout(PATIENCE, async {
        tokio::select! {
            () = dropping => {}
            _ = from.read_to_end(&mut answer) => {}
        }
    });
    assert!(given_up.await.is_ok(), "it is still listened to");
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}
