#![allow(clippy::unwrap_used)]

use super::*;
use axum::http::HeaderValue;

fn client(address: &str) -> Client {
    Client::at(address.parse().unwrap())
}

fn at_once(allowance: Allowance) -> u32 {
    allowance.at_once
}

/// Guesses wrong until it is refused; how often it was not.
fn wrong(guesses: &Guesses, address: &str, now: Instant) -> u32 {
    let mut heard = 0;
    while guesses
        .missed(Door::PortalKey, client(address), now)
        .is_ok()
    {
        heard += 1;
    }
    heard
}

#[test]
fn wrong_guesses_of_one_address_are_bounded_and_come_back_with_time() {
    let (guesses, begun) = (Guesses::default(), monotonic());
    assert_eq!(wrong(&guesses, "192.0.2.1", begun), at_once(OF_ONE));
    let refused = guesses.missed(Door::PortalKey, client("192.0.2.1"), begun);
    assert_eq!(refused, Err(TooMany { wait: OF_ONE.pause }));
    let early = begun + OF_ONE.pause - Duration::from_millis(1);
    assert_eq!(wrong(&guesses, "192.0.2.1", early), 0);
    assert_eq!(wrong(&guesses, "192.0.2.1", begun + OF_ONE.pause), 1);
    assert_eq!(wrong(&guesses, "192.0.2.1", begun + OF_ONE.pause * 5), 4);
    let later = begun + OF_ONE.pause * 1000;
    assert_eq!(wrong(&guesses, "192.0.2.1", later), at_once(OF_ONE));
}

#[test]
fn once_there_were_too_many_even_the_right_key_is_not_looked_at() {
    let (guesses, now) = (Guesses::default(), monotonic());
    wrong(&guesses, "192.0.2.1", now);
    let weighed = guesses.weigh(Door::PortalKey, client("192.0.2.1"), now, || {
        panic!("it was looked at")
    });
    assert!(weighed.is_err());
    let later = now + OF_ONE.pause;
    let weighed = guesses.weigh(Door::PortalKey, client("192.0.2.1"), later, || true);
    assert_eq!(weighed, Ok(true));
}

#[test]
fn right_keys_are_never_counted() {
    let (guesses, now) = (Guesses::default(), monotonic());
    for _ in 0..10_000 {
        let weighed = guesses.weigh(Door::PortalKey, client("192.0.2.1"), now, || true);
        assert_eq!(weighed, Ok(true));
    }
    assert_eq!(wrong(&guesses, "192.0.2.1", now), at_once(OF_ONE));
}

#[test]
fn one_address_and_one_door_close_no_other() {
    let (guesses, now) = (Guesses::default(), monotonic());
    wrong(&guesses, "192.0.2.1", now);
    assert_eq!(wrong(&guesses, "192.0.2.2", now), at_once(OF_ONE));
    for door in [Door::Link, Door::Token] {
        assert_eq!(guesses.missed(door, client("192.0.2.1"), now), Ok(()));
    }
}

#[test]
fn many_addresses_share_one_allowance() {
    let (guesses, now) = (Guesses::default(), monotonic());
    let all: u32 = (0..100)
        .map(|n| wrong(&guesses, &format!("192.0.2.{n}"), now))
        .sum();
    assert_eq!(all, at_once(OF_ALL));
    let refused = guesses.missed(Door::PortalKey, client("198.51.100.1"), now);
    assert_eq!(refused, Err(TooMany { wait: OF_ALL.pause }));
    let next = now + OF_ALL.pause;
    assert_eq!(wrong(&guesses, "198.51.100.1", next), 1);
}

#[test]
fn memory_is_bounded_by_the_allowance_of_all() {
    let (guesses, begun) = (Guesses::default(), monotonic());
    let kept = |guesses: &Guesses| guesses.0.lock().unwrap().each.len();
    // An hour of a new address for every guess, ten a second.
    for n in 0..36_000u32 {
        let address = std::net::Ipv4Addr::from(0x0a00_0000 + n);
        let now = begun + Duration::from_millis(100) * n;
        let _ = guesses.missed(Door::PortalKey, client(&address.to_string()), now);
        let most = OF_ALL.at_once as usize + 2 * SWEEP.as_secs() as usize;
        assert!(kept(&guesses) <= most, "{} after {n}", kept(&guesses));
    }
    let later = begun + Duration::from_mins(100);
    guesses
        .missed(Door::Link, client("192.0.2.1"), later)
        .unwrap();
    assert_eq!(kept(&guesses), 1);
}

/// The client behind a peer, for a server that trusts 127.0.0.1 and 10.0.0.0/8.
fn told(peer: &str, forwarded: &[&str]) -> String {
    let mut headers = HeaderMap::new();
    for line in forwarded {
        headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
    }
    let trusted = [
        "127.0.0.1/32".parse().unwrap(),
        "10.0.0.0/8".parse().unwrap(),
    ];
    let Client(address) = Client::of(peer.parse().unwrap(), &headers, &trusted);
    address.to_string()
}

#[test]
fn only_a_trusted_proxy_is_believed() {
    for (peer, forwarded, expected) in [
        ("192.0.2.1", &[] as &[&str], "192.0.2.1"),
        ("192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
        ("::ffff:127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
        // What the client itself wrote stands left of what the proxy saw.
        ("127.0.0.1", &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", &["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", &["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (
            "127.0.0.1",
            &["203.0.113.9, nonsense, 10.1.2.3"],
            "10.1.2.3",
        ),
        ("127.0.0.1", &["nonsense"], "127.0.0.1"),
        ("127.0.0.1", &["10.1.2.3"], "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", &[], "192.0.2.1"),
    ] {
        assert_eq!(told(peer, forwarded), expected, "{peer} {forwarded:?}");
    }
}
