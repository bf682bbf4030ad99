//! A bare connection for protocols that are not HTTP, through the same guard.
//!
//! Promises: it leads to an address that was checked, and is there in time. Leaves out encryption and everything that is
//! said: they belong to whoever speaks the protocol.

use super::guard::NoAddress;
use super::{Client, NotSent};
use crate::clock;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpStream;

impl Client {
    /// Connects to a host by name or address. Ports are the caller's business: here none is another protocol's.
    ///
    /// # Errors
    /// [`NotSent`]; nothing was said to anybody.
    pub async fn line(&self, host: &str, port: u16) -> Result<TcpStream, NotSent> {
        let connecting = async {
            let addresses = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
                Ok(address) => {
                    self.guard.check(host, address)?;
                    vec![address]
                }
                Err(_) => {
                    let found = self.names.addresses(host.to_owned()).await;
                    found.map_err(|error| match error {
                        NoAddress::Refused(refusal) => NotSent::Refused(refusal),
                        NoAddress::Unknown(error) => NotSent::Connect(error.to_string()),
                    })?
                }
            };
            let mut why = NotSent::Connect(format!("{host} has no address"));
            for address in addresses {
                match TcpStream::connect(SocketAddr::new(address, port)).await {
                    Ok(line) => return Ok(line),
                    Err(error) => why = NotSent::Connect(error.to_string()),
                }
            }
            Err(why)
        };
        let connected = clock::timeout(self.connect, connecting).await;
        connected.unwrap_or(Err(NotSent::ConnectTimeout))
    }
}
