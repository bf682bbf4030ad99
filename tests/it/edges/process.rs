//! The process: how it starts, refuses, stops, and what the other commands do beside it; with the real binary.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod commands;
mod loopback;
mod mistakes;
mod rotas;
mod simulate;
mod sources;

use super::binary::{self, House, PATIENCE, desk, free_port};
use toban::clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn a_second_process_on_the_same_file_refuses() {
    let house = House::new(&desk(0));
    let (_server, base) = house.serve().await;
    let second = house.run(&["serve"]).await;
    second.badly(&["toban.db is in use: another toban runs on this database"]);
    house
        .run(&["migrate"])
        .await
        .badly(&["another toban runs on this database"]);
    let answer = reqwest::get(format!("{base}/readyz")).await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let house = House::new(&desk(port));
    let refused = house.run(&["serve"]).await;
    let sentence = format!("127.0.0.1:{port} is in use: another program listens there");
    refused.badly(&[&sentence, "[server] bind"]);
    assert_eq!(house.files(), ["toban.toml"]);
}

#[tokio::test]
async fn an_unreachable_database_is_said() {
    let port = free_port();
    let url = format!("postgres://toban@127.0.0.1:{port}/toban");
    let house = House::new(&desk(0).replace("sqlite://toban.db", &url));
    let sentence = format!("the database at 127.0.0.1:{port} cannot be reached");
    house.run(&["serve"]).await.badly(&[&sentence]);
    house.run(&["list"]).await.badly(&[&sentence]);
    house.run(&["check", "--connect"]).await.badly(&[&sentence]);
    assert_eq!(house.files(), ["toban.toml"]);
}

#[tokio::test]
async fn a_wrong_token_ends_the_start() {
    let double = binary::double().await;
    let config = binary::desk_on(&double, double.channel("当番"), 0);
    let house = House::with_bot(&config, "MTIzNDU2.wrong.token-of-nobody");
    let sentence = "Discord refuses the bot's token";
    let ended = house.run(&["serve"]).await;
    assert_eq!(ended.code, Some(1));
    ended.badly(&[sentence]);
    house.run(&["check", "--connect"]).await.badly(&[sentence]);
    // Nothing is left behind that would say that a desk runs.
    assert!(!house.path("toban.db.key").exists());
    let (_server, _) = House::new(&desk(0)).serve().await;
}

#[tokio::test]
async fn a_configured_heartbeat_goes_out() {
    let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping/5f5f", service.local_addr().unwrap());
    let config = format!(
        "{}\n[net]\nallow_private = [\"127.0.0.1\"]\n[heartbeat]\nurl_file = \"beat\"\n",
        desk(0)
    );
    let house = House::new(&config);
    std::fs::write(house.path("beat"), &url).unwrap();
    let (mut server, _) = house.serve().await;
    let beat = clock::timeout(PATIENCE, async {
        let (mut wire, _) = service.accept().await.unwrap();
        let mut head = [0; 17];
        wire.read_exact(&mut head).await.unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK";
        wire.write_all(answer).await.unwrap();
        head
    });
    assert_eq!(&beat.await.unwrap(), b"GET /ping/5f5f HT");
    server.signal("TERM").await;
    assert_eq!(server.ended().await.code(), Some(0));
    assert!(!server.log.borrow().contains("5f5f"), "the address is told");
}

/// A connection with half a request on it, which a server that stops must still answer.
async fn half_asked(base: &str) -> TcpStream {
    let address = base.trim_start_matches("http://");
    let mut wire = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\n");
    wire.write_all(head.as_bytes()).await.unwrap();
    // Another connection is answered: by then the first one has been accepted.
    assert_eq!(
        reqwest::get(format!("{base}/readyz"))
            .await
            .unwrap()
            .status(),
        200
    );
    wire
}

#[tokio::test]
async fn a_signal_drains_it_and_it_ends_well() {
    let house = House::new(&desk(0));
    let (mut server, base) = house.serve().await;
    let mut wire = half_asked(&base).await;
    server.signal("TERM").await;
    server.logged("stopping").await;
    wire.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    let read = clock::timeout(PATIENCE, wire.read_to_string(&mut answer)).await;
    read.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("shutting down"), "{answer}");
    assert_eq!(server.ended().await.code(), Some(0));
    assert!(!house.path("toban.db.key").exists());
    // What it left is whole.
    let store = house.look().await;
    let findings = store
        .audit_whole(toban::clock::SystemClock.now())
        .await
        .unwrap();
    assert!(findings.is_clean(), "{:?}", findings.lines());
    store.close().await;
}

#[tokio::test]
async fn a_request_that_never_ends_holds_it_no_longer_than_the_drain() {
    let house = House::new(&desk(0));
    let (mut server, base) = house.serve().await;
    let _wire = half_asked(&base).await;
    let begun = clock::monotonic();
    server.signal("TERM").await;
    assert_eq!(server.ended().await.code(), Some(0));
    // Ten seconds of drain (DESIGN §6), and what a busy machine adds.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let house = House::new(&desk(0));
    let (mut server, base) = house.serve().await;
    let _wire = half_asked(&base).await;
    let begun = clock::monotonic();
    server.signal("TERM").await;
    server.logged("stopping").await;
    server.signal("INT").await;
    assert_eq!(server.ended().await.code(), Some(130));
    assert!(begun.elapsed().as_secs() < 10, "it waited for the drain");
}
