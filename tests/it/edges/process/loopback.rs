//! Nothing is ever sent outside loopback: every socket of a running server is looked at, again and again.
//!
//! The kernel's own tables are read (`/proc/PID/net`), which any user may do for a process of theirs. A connection that
//! is over between two looks is missed; that the outgoing client refuses such addresses is proved beside it (`src/net`).

use super::*;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use toban::clock::SystemClock;
use toban::sources::signature::{Scheme, sign};

/// The sockets of a process: its own end, and the other one unless there is none.
fn sockets(pid: u32) -> Vec<(SocketAddr, SocketAddr)> {
    let own: BTreeSet<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok())
        .filter_map(|target| {
            let target = target.to_str()?.strip_prefix("socket:[")?;
            Some(target.strip_suffix(']')?.to_owned())
        })
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"] {
        // A kernel without IPv6 has no such table.
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            if own.contains(fields[9]) {
                found.push((address(fields[1]), address(fields[2])));
            }
        }
    }
    found
}

/// Reads an address as the kernel prints it: words in the machine's own order, then the port.
fn address(text: &str) -> SocketAddr {
    let (ip, port) = text.split_once(':').unwrap();
    let words: Vec<u8> = (0..ip.len())
        .step_by(8)
        .flat_map(|at| {
            u32::from_str_radix(&ip[at..at + 8], 16)
                .unwrap()
                .to_ne_bytes()
        })
        .collect();
    let ip = match <[u8; 4]>::try_from(words.as_slice()) {
        Ok(four) => IpAddr::V4(Ipv4Addr::from(four)),
        Err(_) => {
            let sixteen: [u8; 16] = words.as_slice().try_into().unwrap();
            Ipv6Addr::from(sixteen).to_canonical()
        }
    };
    SocketAddr::new(ip, u16::from_str_radix(port, 16).unwrap())
}

#[test]
fn the_kernels_addresses_are_read() {
    assert_eq!(address("0100007F:1F90"), "127.0.0.1:8080".parse().unwrap());
    let six = "00000000000000000000000001000000:0035";
    assert_eq!(address(six), "[::1]:53".parse().unwrap());
    let mapped = "0000000000000000FFFF00000100007F:0050";
    assert_eq!(address(mapped), "127.0.0.1:80".parse().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_outside_loopback() {
    let double = binary::double().await;
    let channel = double.channel("当番");
    let house = House::with_bot(&binary::desk_on(&double, channel, 0), &double.token());
    let server = house.start();
    let (pid, is_over) = (server.pid, Arc::new(AtomicBool::new(false)));
    let until = Arc::clone(&is_over);
    let watching = tokio::task::spawn_blocking(move || {
        let mut seen = BTreeSet::new();
        while !until.load(Ordering::Relaxed) {
            seen.extend(sockets(pid));
            std::thread::yield_now();
        }
        seen
    });
    let mut server = server;
    let base = server.listening().await.unwrap();
    double.until_connected().await;
    let scheme = Scheme::preset("standard-webhooks").unwrap();
    let key = scheme.key(binary::SECRET).unwrap();
    for n in 0..10 {
        let body = format!(r#"{{"id":"L-{n}","title":"遅い {n}"}}"#);
        let now = SystemClock.now();
        let mut request = reqwest::Client::new().post(format!("{base}/hooks/hook"));
        for (name, value) in sign(&scheme, &key, &format!("l-{n}"), body.as_bytes(), now) {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 202);
    }
    let posted = |double: &crate::doubles::discord::DiscordDouble| {
        (double.messages(channel).len() >= 10).then_some(())
    };
    double.until("ten cards are posted", posted).await;
    server.signal("TERM").await;
    assert_eq!(server.ended().await.code(), Some(0));
    is_over.store(true, Ordering::Relaxed);
    let seen = watching.await.unwrap();
    // It did look: the double is among those that were spoken to.
    let discord: SocketAddr = double
        .base_url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();
    assert!(seen.iter().any(|(_, other)| *other == discord), "{seen:?}");
    for (own, other) in &seen {
        // A socket that is not connected has no other end; then its own says whom it hears.
        let end = if other.ip().is_unspecified() {
            own
        } else {
            other
        };
        assert!(end.ip().is_loopback(), "{own} speaks with {other}");
    }
}
