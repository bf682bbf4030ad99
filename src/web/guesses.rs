//! Wrong guesses: how many keys and links anybody may try that are not right.
//!
//! Only what was wrong is counted, for each address and for everybody together, and an allowance comes back with
//! time. Right keys are never counted, so an office behind one address does not lock itself out by working.
//!
//! The portal's key was chosen by people and may be guessed, so once the allowance is used up it is not even looked
//! at. Links and tokens are 256 bits of our own making: a right one is always let in, whatever others of the same
//! address do, and only wrong ones hear that they were too many.
//!
//! The counting is a leaky bucket kept as one instant (GCRA): when all that was taken will have been paid back. It
//! stands here in a few lines because it must be looked at without being taken from, which crates for rate limits do
//! not offer. Leaves out sessions: a cookie that has ended is no guess, and every open page would be one.

use super::parts::Web;
use super::problem::Problem;
use crate::clock::{Instant, monotonic};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

/// What is guessed at. A mistake at one door closes no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Door {
    PortalKey,
    /// One-time sign-in links and the portal's status links.
    Link,
    /// Bearer tokens.
    Token,
    /// Keys of calendar feeds: a calendar goes on asking with one that was stopped, and closes no other door by that.
    Feed,
}

const DOORS: usize = 4;

/// An allowance: so many at once, and one more after each pause.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    at_once: u32,
    pause: Duration,
}

/// More than an office mistypes, and far less than guessing needs: three a minute are 4,320 a day.
const OF_ONE: Allowance = Allowance {
    at_once: 30,
    pause: Duration::from_secs(20),
};

/// For whoever has many addresses.
const OF_ALL: Allowance = Allowance {
    at_once: 300,
    pause: Duration::from_secs(1),
};

/// How often those are forgotten who have paid everything back.
const SWEEP: Duration = Duration::from_mins(1);

/// Too many wrong guesses; how long until the next may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany {
    pub wait: Duration,
}

impl From<TooMany> for Problem {
    fn from(TooMany { wait }: TooMany) -> Self {
        let seconds = wait.as_millis().div_ceil(1000);
        Problem::too_many(u32::try_from(seconds).unwrap_or(u32::MAX).max(1))
    }
}

/// The wrong guesses of late.
#[derive(Debug, Default)]
pub(super) struct Guesses(Mutex<Counts>);

/// An absent instant owes nothing.
#[derive(Debug, Default)]
struct Counts {
    all: [Option<Instant>; DOORS],
    each: HashMap<(Door, Client), Instant>,
    swept: Option<Instant>,
}

impl Guesses {
    /// Looks at a guess that may be found by trying, unless there were too many; a wrong one is counted.
    ///
    /// # Errors
    /// When there were too many: then it was not looked at.
    pub fn weigh(
        &self,
        door: Door,
        client: Client,
        now: Instant,
        is_right: impl FnOnce() -> bool,
    ) -> Result<bool, TooMany> {
        let mut counts = self.0.lock().expect("nobody panics while holding it");
        counts.room(door, client, now)?;
        let is_right = is_right();
        if !is_right {
            counts.count(door, client, now);
        }
        Ok(is_right)
    }

    /// Counts a wrong guess.
    ///
    /// # Errors
    /// When there were too many already.
    pub fn missed(&self, door: Door, client: Client, now: Instant) -> Result<(), TooMany> {
        self.weigh(door, client, now, || false).map(drop)
    }
}

impl Counts {
    fn room(&self, door: Door, client: Client, now: Instant) -> Result<(), TooMany> {
        let own = self.each.get(&(door, client)).copied();
        let waits = [
            OF_ONE.wait(own, now),
            OF_ALL.wait(self.all[door as usize], now),
        ];
        match waits.into_iter().max() {
            Some(wait) if !wait.is_zero() => Err(TooMany { wait }),
            _ => Ok(()),
        }
    }

    fn count(&mut self, door: Door, client: Client, now: Instant) {
        if self
            .swept
            .is_none_or(|at| now.saturating_duration_since(at) >= SWEEP)
        {
            self.each.retain(|_, paid_at| *paid_at > now);
            self.swept = Some(now);
        }
        let own = self.each.get(&(door, client)).copied();
        self.each.insert((door, client), OF_ONE.taken(own, now));
        let all = &mut self.all[door as usize];
        *all = Some(OF_ALL.taken(*all, now));
    }
}

impl Allowance {
    /// When all will have been paid back, one more taken.
    fn taken(self, paid_at: Option<Instant>, now: Instant) -> Instant {
        paid_at.map_or(now, |at| at.max(now)) + self.pause
    }

    /// How long until one more may be taken; nothing when it may be now.
    fn wait(self, paid_at: Option<Instant>, now: Instant) -> Duration {
        let owed = paid_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        owed.saturating_sub(self.pause * (self.at_once - 1))
    }
}

/// Whoever asks, as far as an address tells: of IPv6 the network, for one person has all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Client(IpAddr);

impl Client {
    fn at(address: IpAddr) -> Client {
        Client(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(network))
            }
        })
    }

    /// The peer; or, if a proxy that is trusted brought it, the last address in its header that is none of ours.
    fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Client {
        let is_trusted = |address: IpAddr| {
            let address = address.to_canonical();
            trusted.iter().any(|range| range.contains(&address))
        };
        if !is_trusted(peer) {
            return Client::at(peer);
        }
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect();
        // Each proxy appends whom it saw, so what was written further left is anybody's word.
        let mut told = peer;
        for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
            let Ok(address) = hop.trim().parse() else {
                break;
            };
            told = address;
            if !is_trusted(address) {
                break;
            }
        }
        Client::at(told)
    }
}

impl FromRequestParts<Web> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // A server that does not tell its peers has one client.
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        let trusted = &web.options().trusted_proxies;
        Ok(Client::of(peer, &parts.headers, trusted))
    }
}

impl Web {
    /// Looks at a guess at the portal's key.
    pub(super) fn weigh(
        &self,
        client: Client,
        is_right: impl FnOnce() -> bool,
    ) -> Result<bool, Problem> {
        let weighed = self
            .guesses
            .weigh(Door::PortalKey, client, monotonic(), is_right);
        Ok(weighed?)
    }

    /// Counts a wrong link or token.
    pub(super) fn missed(&self, door: Door, client: Client) -> Result<(), Problem> {
        Ok(self.guesses.missed(door, client, monotonic())?)
    }
}

#[cfg(test)]
mod tests;
