//! The one outgoing HTTP client, with its address guard.
//!
//! Promises: nothing is sent to an address that the guard refuses, whatever the URL or the name server says (the
//! address that was checked is the one connected to); redirects are not followed; proxies from the environment are
//! not used; every request ends in time and every answer is bounded. A failure says whether bytes may have left
//! ([`Failure::has_left`]), because what may have arrived must never be sent again blindly.
//!
//! Protocols that are not HTTP get their connections here too ([`Client::line`]), through the same guard.
//!
//! Leaves out: retries, conditional requests and rate limits; they belong to the callers.

mod authority;
mod failure;
mod guard;
mod line;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::SystemClock;
use crate::time::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

pub use authority::{Authorities, NoAuthority};
pub use failure::{Failure, NotSent, Unknown};
pub use guard::{Cidr, Guard, NotACidr, Refusal};
pub use reqwest::{Method, StatusCode};

use guard::{Lookup, SystemLookup};

/// What may be configured about outgoing requests.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Ranges that may be reached although they are private.
    pub allow_private: Vec<Cidr>,
    /// Names that may resolve to private addresses; never to link-local, metadata or reserved ones.
    pub allow_hosts: Vec<String>,
    /// Authorities of one's own that servers' certificates may come from, beside the public ones.
    pub authorities: Authorities,
    /// How long finding and connecting may take, TLS included.
    pub connect: Duration,
    /// How long a whole exchange may take.
    pub total: Duration,
    /// The most bytes of an answer, after decompression.
    pub answer_cap: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            allow_private: Vec::new(),
            allow_hosts: Vec::new(),
            authorities: Authorities::default(),
            connect: Duration::from_secs(5),
            total: Duration::from_secs(30),
            answer_cap: 4 * 1024 * 1024,
        }
    }
}

/// The outgoing HTTP client; cloning is cheap and shares connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Arc<Guard>,
    names: Arc<guard::Checked>,
    connect: Duration,
    answer_cap: usize,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up")]
pub struct NoClient(#[from] reqwest::Error);

impl Client {
    /// Makes the client.
    pub fn new(settings: &Settings) -> Result<Client, NoClient> {
        Client::with_lookup(settings, Arc::new(SystemLookup))
    }

    fn with_lookup(settings: &Settings, lookup: Arc<dyn Lookup>) -> Result<Client, NoClient> {
        let guard = Arc::new(Guard::new(&settings.allow_private, &settings.allow_hosts));
        let names = Arc::new(guard::Checked {
            guard: guard.clone(),
            lookup,
        });
        let connect = settings.connect.min(settings.total);
        let own = settings.authorities.0.iter().cloned();
        let builder = own.fold(reqwest::Client::builder(), |builder, authority| {
            builder.add_root_certificate(authority)
        });
        let http = builder
            .user_agent(concat!("toban/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(connect)
            .timeout(settings.total)
            // below the keep-alive of most servers, so that a request seldom meets a connection that just closed
            .pool_idle_timeout(Duration::from_secs(20))
            .dns_resolver(names.clone())
            .build()?;
        Ok(Client {
            http,
            guard,
            names,
            connect,
            answer_cap: settings.answer_cap,
        })
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub async fn send(&self, request: Request) -> Result<Answer, Failure> {
        self.guard
            .check_url(&request.url)
            .map_err(NotSent::Refused)?;
        let answer_cap = request.answer_cap.unwrap_or(self.answer_cap);
        let built = request.build(&self.http)?;
        let asked_at = SystemClock.now();
        let mut response = self
            .http
            .execute(built)
            .await
            .map_err(failure::before_answer)?;
        let answered_at = SystemClock.now();
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure::during_answer)? {
            if body.len() + chunk.len() > answer_cap {
                return Err(Failure::TooLarge {
                    status,
                    cap: answer_cap,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
            asked_at,
            answered_at,
        })
    }

    /// The bare client for a platform's SDK that wants one.
    ///
    /// Names are still checked when they are resolved; addresses written out in a URL are not.
    pub fn for_sdk(&self) -> reqwest::Client {
        self.http.clone()
    }
}

/// A request to be sent.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    total: Option<Duration>,
    answer_cap: Option<usize>,
}

impl fmt::Debug for Request {
    /// Without headers, body and query: they hold keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}{}",
            self.method,
            self.url.origin().ascii_serialization(),
            self.url.path()
        )
    }
}

impl Request {
    /// Makes a request without body.
    pub fn new(method: Method, url: Url) -> Request {
        Request {
            method,
            url,
            headers: Vec::new(),
            body: None,
            total: None,
            answer_cap: None,
        }
    }

    /// Makes a GET request.
    pub fn get(url: Url) -> Request {
        Request::new(Method::GET, url)
    }

    /// Where it goes.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// How it is asked.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The names of its headers.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    /// What it carries, if it carries anything.
    pub fn carries(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// Makes a POST request that carries JSON.
    pub fn post_json(url: Url, document: &serde_json::Value) -> Request {
        Request::new(Method::POST, url)
            .header("content-type", "application/json")
            .body(document.to_string().into_bytes())
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Gives the request a body.
    pub fn body(mut self, body: Vec<u8>) -> Request {
        self.body = Some(body);
        self
    }

    /// Bounds this exchange in time, instead of [`Settings::total`].
    ///
    /// A bound below [`Settings::connect`] makes a slow connection look like a request that may have left.
    pub fn total(mut self, total: Duration) -> Request {
        self.total = Some(total);
        self
    }

    /// Bounds this answer, instead of [`Settings::answer_cap`].
    pub fn answer_cap(mut self, bytes: usize) -> Request {
        self.answer_cap = Some(bytes);
        self
    }

    fn build(self, http: &reqwest::Client) -> Result<reqwest::Request, NotSent> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            let bad =
                || NotSent::Invalid(format!("header `{}` cannot be sent", name.escape_debug()));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
            headers.append(key, HeaderValue::from_str(&value).map_err(|_| bad())?);
        }
        let mut builder = http.request(self.method, self.url).headers(headers);
        if let Some(body) = self.body {
            builder = builder.body(body);
        }
        if let Some(total) = self.total {
            builder = builder.timeout(total);
        }
        builder
            .build()
            .map_err(|e| NotSent::Invalid(e.without_url().to_string()))
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status, redirects and errors included.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed.
    pub body: Vec<u8>,
    /// When it was asked, by this machine's clock.
    pub asked_at: Timestamp,
    /// When the answer began.
    pub answered_at: Timestamp,
}

impl Answer {
    /// A header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}
