//! Which addresses may be reached: the public Internet, and what the operator allowed by name or range.
//!
//! Everything else is refused: private and shared networks, this host, link-local addresses with their metadata
//! services, multicast, reserved and documentation ranges, and IPv6 forms that carry such an IPv4 address. A name is
//! refused if *any* of its addresses is: a mixture is how a name server would try to slip one in.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A range of addresses as configuration writes it: `10.1.0.0/16`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr(IpNet);

/// A text that is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address range; write one such as `10.1.0.0/16` or `fd00:1::/64`")]
pub struct NotACidr(String);

impl FromStr for Cidr {
    type Err = NotACidr;

    fn from_str(text: &str) -> Result<Cidr, NotACidr> {
        let net = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        net.map(|n| Cidr(n.trunc()))
            .map_err(|_| NotACidr(text.to_owned()))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> serde::Deserialize<'de> for Cidr {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Cidr, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Why the guard does not let a request out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only HTTP and HTTPS.
    #[error("scheme `{0}` is not allowed; use https")]
    Scheme(String),
    /// Ports of other protocols, which HTTP could be made to speak.
    #[error("port {0} belongs to another protocol and is not allowed")]
    Port(u16),
    /// Names and passwords in URLs end up in logs.
    #[error("a name or password in the URL is not allowed; use a header")]
    Userinfo,
    /// A URL that names no host.
    #[error("the URL names no host")]
    NoHost,
    /// The address is not one of the public Internet.
    #[error("{host} is at {address}, {what}; allow it with `allow_private` if that is meant")]
    Address {
        /// The host as the URL names it.
        host: String,
        /// The address it has.
        address: IpAddr,
        /// What kind of address that is.
        what: &'static str,
    },
}

/// Decides which addresses may be reached.
#[derive(Debug)]
pub struct Guard {
    ranges: Vec<IpNet>,
    hosts: Vec<String>,
}

/// What an address is, beyond public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Somebody's own network: an allowed host may be there.
    Private(&'static str),
    /// Never the address of a service that is meant.
    Never(&'static str),
}

impl Guard {
    /// Makes a guard that lets through the public Internet and what is listed.
    pub fn new(allow_private: &[Cidr], allow_hosts: &[String]) -> Guard {
        Guard {
            ranges: allow_private.iter().map(|c| c.0).collect(),
            hosts: allow_hosts
                .iter()
                .map(|h| h.trim_end_matches('.').to_ascii_lowercase())
                .collect(),
        }
    }

    /// Checks all of a URL that can be checked without asking a name server.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Userinfo);
        }
        if let Some(port) = url.port().filter(|p| OTHER_PROTOCOLS.contains(p)) {
            return Err(Refusal::Port(port));
        }
        match url.host() {
            Some(Host::Ipv4(ip)) => self.check(&ip.to_string(), ip.into()),
            Some(Host::Ipv6(ip)) => self.check(&ip.to_string(), ip.into()),
            Some(Host::Domain(name)) if !name.is_empty() => Ok(()),
            _ => Err(Refusal::NoHost),
        }
    }

    /// Checks one address of a host.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), Refusal> {
        let carried = carried(address).map_or(address, IpAddr::V4);
        let is_listed = self
            .ranges
            .iter()
            .any(|r| r.contains(&address) || r.contains(&carried));
        let host_is_listed = || {
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            self.hosts.contains(&host)
        };
        match kind(address) {
            None => Ok(()),
            Some(_) if is_listed => Ok(()),
            Some(Kind::Private(_)) if host_is_listed() => Ok(()),
            Some(Kind::Private(what) | Kind::Never(what)) => Err(Refusal::Address {
                host: host.to_owned(),
                address,
                what,
            }),
        }
    }
}

/// The IPv4 address that an IPv6 address stands for, where the network would deliver to it.
fn carried(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let is_nat64 = matches!(v6.segments(), [0x64, 0xff9b, 0, 0, 0, 0, _, _]);
    match v6.to_ipv4_mapped() {
        Some(v4) => Some(v4),
        None if is_nat64 => Some(Ipv4Addr::from(v6.to_bits() as u32)),
        None => None,
    }
}

fn kind(address: IpAddr) -> Option<Kind> {
    match (address, carried(address)) {
        (IpAddr::V4(v4), _) | (_, Some(v4)) => kind_v4(v4),
        (IpAddr::V6(v6), None) => kind_v6(v6),
    }
}

fn kind_v4(address: Ipv4Addr) -> Option<Kind> {
    V4.iter()
        .find(|(net, _)| net.contains(&address))
        .map(|(_, kind)| *kind)
}

fn kind_v6(address: Ipv6Addr) -> Option<Kind> {
    match V6.iter().find(|(net, _)| net.contains(&address)) {
        Some((_, kind)) => Some(*kind),
        None if GLOBAL_V6.contains(&address) => None,
        None => Some(Kind::Never("outside the global range")),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(head: [u16; 4], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(
        Ipv6Addr::new(head[0], head[1], head[2], head[3], 0, 0, 0, 0),
        prefix,
    )
}

/// The metadata services that are not link-local, then IANA's special-purpose registry; the first that fits counts.
const V4: [(Ipv4Net, Kind); 17] = [
    (
        v4(100, 100, 100, 200, 32),
        Kind::Never("a metadata service"),
    ),
    (v4(0, 0, 0, 0, 8), Kind::Never("this network")),
    (v4(10, 0, 0, 0, 8), Kind::Private("a private network")),
    (
        v4(100, 64, 0, 0, 10),
        Kind::Private("a shared network of a provider"),
    ),
    (v4(127, 0, 0, 0, 8), Kind::Private("this host")),
    (v4(168, 63, 129, 16, 32), Kind::Never("a metadata service")),
    (
        v4(169, 254, 0, 0, 16),
        Kind::Never("link-local, where metadata services are"),
    ),
    (v4(172, 16, 0, 0, 12), Kind::Private("a private network")),
    (v4(192, 0, 0, 0, 24), Kind::Never("reserved for protocols")),
    (v4(192, 0, 2, 0, 24), Kind::Never("for documentation")),
    (v4(192, 88, 99, 0, 24), Kind::Never("a 6to4 relay")),
    (v4(192, 168, 0, 0, 16), Kind::Private("a private network")),
    (v4(198, 18, 0, 0, 15), Kind::Never("for benchmarks")),
    (v4(198, 51, 100, 0, 24), Kind::Never("for documentation")),
    (v4(203, 0, 113, 0, 24), Kind::Never("for documentation")),
    (v4(224, 0, 0, 0, 4), Kind::Never("multicast")),
    (v4(240, 0, 0, 0, 4), Kind::Never("reserved")),
];

/// What lies outside the global range and yet has a name, and what is special inside it.
const V6: [(Ipv6Net, Kind); 10] = [
    (
        Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128),
        Kind::Private("this host"),
    ),
    (
        v6([0xfd00, 0xec2, 0, 0], 32),
        Kind::Never("a metadata service"),
    ),
    (v6([0xfc00, 0, 0, 0], 7), Kind::Private("a private network")),
    (v6([0xfe80, 0, 0, 0], 10), Kind::Never("link-local")),
    (v6([0xff00, 0, 0, 0], 8), Kind::Never("multicast")),
    (
        v6([0x2001, 0, 0, 0], 23),
        Kind::Never("reserved for protocols"),
    ),
    (
        v6([0x2001, 0xdb8, 0, 0], 32),
        Kind::Never("for documentation"),
    ),
    (v6([0x2002, 0, 0, 0], 16), Kind::Never("6to4")),
    (v6([0x3ffe, 0, 0, 0], 16), Kind::Never("no longer in use")),
    (v6([0x3fff, 0, 0, 0], 20), Kind::Never("for documentation")),
];

/// What IANA has given out for the public Internet.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// The ports that browsers refuse too (Fetch standard, "bad port").
const OTHER_PROTOCOLS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

/// A name server; the tests have their own.
pub(super) trait Lookup: Send + Sync {
    /// Finds the addresses of a name.
    fn lookup(&self, name: String)
    -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// The system's resolver.
pub(super) struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((name, 0))
                .await?
                .map(|a| a.ip())
                .collect())
        })
    }
}

/// Resolves names for the client and hands on only addresses that were checked.
pub(super) struct Checked {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Arc<dyn Lookup>,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAddress {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Unknown(#[from] io::Error),
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked").finish_non_exhaustive()
    }
}

impl Checked {
    /// The addresses of a name, all of them checked.
    pub(super) fn addresses(
        &self,
        host: String,
    ) -> impl Future<Output = Result<Vec<IpAddr>, NoAddress>> + Send + use<> {
        let guard = self.guard.clone();
        let found = self.lookup.lookup(host.clone());
        async move {
            let found = found.await?;
            for address in &found {
                guard.check(&host, *address)?;
            }
            if found.is_empty() {
                let why = format!("{host} has no address");
                return Err(io::Error::new(io::ErrorKind::NotFound, why).into());
            }
            Ok(found)
        }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.addresses(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await.map_err(|error| match error {
                NoAddress::Refused(refusal) => {
                    Box::<dyn std::error::Error + Send + Sync>::from(refusal)
                }
                NoAddress::Unknown(error) => error.into(),
            })?;
            Ok(Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}
