//! Nothing is ever sent outside loopback: every address that a server gives to the kernel is read.
//!
//! The whole life of the process is traced (strace, from before its first instruction), every thread and child of it, so
//! no connection and no datagram is too short to be seen.

use super::*;
use std::net::IpAddr;
use toban::clock::SystemClock;
use toban::sources::signature::{Scheme, sign};

/// Where a traced call wants to go.
#[derive(Debug, PartialEq)]
enum End {
    Net(IpAddr),
    /// A file, or the kernel itself.
    Local,
}

/// Reads the ends that a line of strace names; a call on what is connected already names none.
fn ends(line: &str) -> Vec<End> {
    let address = |text: &str| text.split('"').next()?.parse().ok();
    line.split("sa_family=")
        .skip(1)
        .map(|rest| {
            let family = rest
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next();
            let text = match family {
                Some("AF_INET") => rest.split_once("inet_addr(\""),
                Some("AF_INET6") => rest.split_once("inet_pton(AF_INET6, \""),
                Some("AF_UNIX" | "AF_NETLINK" | "AF_UNSPEC") => return End::Local,
                _ => panic!("an address of another kind: {line}"),
            };
            let ip: Option<IpAddr> = text.and_then(|(_, text)| address(text));
            End::Net(
                ip.unwrap_or_else(|| panic!("not read: {line}"))
                    .to_canonical(),
            )
        })
        .collect()
}

#[test]
fn ends_are_read_as_strace_writes_them() {
    let check = |line: &str, expected: &[&str]| {
        let net = |ip: &&str| End::Net(ip.parse().unwrap());
        assert_eq!(ends(line), expected.iter().map(net).collect::<Vec<_>>());
    };
    check(
        r#"712 connect(9, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.7")}, 16) = 0"#,
        &["192.0.2.7"],
    );
    check(
        r#"712 connect(9, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:10.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS (Operation now in progress)"#,
        &["10.0.0.1"],
    );
    check(
        r#"712 sendmmsg(5, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, msg_namelen=16}}], 1, 0) = 1"#,
        &["192.0.2.1"],
    );
    check(
        r#"712 sendto(12, "GET / HTTP/1.1\r\n"..., 200, MSG_NOSIGNAL, NULL, 0) = 200"#,
        &[],
    );
    let local =
        r#"712 connect(3, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT"#;
    assert_eq!(ends(local), [End::Local]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_outside_loopback() {
    let double = binary::double().await;
    let channel = double.channel("当番");
    let house = House::with_bot(&binary::desk_on(&double, channel, 0), &double.token());
    let mut server = house.start_traced("trace");
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

    let trace = std::fs::read_to_string(house.path("trace")).unwrap();
    // It did look: the port was bound, and the double was spoken to.
    let discord = double.base_url();
    let port = discord.rsplit(':').next().unwrap().trim_end_matches('/');
    for (call, port) in [("bind(", ""), ("connect(", port)] {
        let is_seen = |line: &str| line.contains(call) && line.contains(&format!("htons({port}"));
        assert!(trace.lines().any(is_seen), "no {call} {port} in:\n{trace}");
    }
    for line in trace.lines() {
        for end in ends(line) {
            if let End::Net(ip) = end {
                assert!(ip.is_loopback(), "{line}");
            }
        }
    }
}
