//! Fetching calendars of others by the one outgoing client: bounded in size and time, and only what changed.

use crate::app::ports::{FeedRow, Fetch, Fetched};
use crate::clock;
use crate::net::{Client, Request, StatusCode};
use async_trait::async_trait;
use std::time::Duration;
use url::Url;

/// How long a calendar may take, every redirect included: well within the lease under which it is fetched.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many redirects are followed, each through the guard.
const REDIRECTS: usize = 3;

/// Fetches over HTTP.
pub struct HttpFetch {
    client: Client,
    patience: Duration,
}

impl HttpFetch {
    /// A fetcher over the outgoing client.
    pub fn new(client: Client) -> Self {
        HttpFetch {
            client,
            patience: PATIENCE,
        }
    }
}

#[async_trait]
impl Fetch for HttpFetch {
    async fn fetch(&self, url: &str, known: Option<&FeedRow>) -> Result<Fetched, String> {
        let mut url = Url::parse(url).map_err(|error| format!("the address is none: {error}"))?;
        let begun = clock::monotonic();
        for _ in 0..=REDIRECTS {
            let left = self.patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(format!("it redirects for more than {:?}", self.patience));
            }
            let mut request = Request::get(url.clone())
                .total(left)
                .answer_cap(crate::ical::LARGEST)
                .header("accept", "text/calendar, */*;q=0.5");
            if let Some(etag) = known.and_then(|row| row.etag.as_ref()) {
                request = request.header("if-none-match", etag);
            }
            if let Some(at) = known.and_then(|row| row.last_modified.as_ref()) {
                request = request.header("if-modified-since", at);
            }
            let answer = self.client.send(request).await;
            let answer = answer.map_err(|failure| failure.to_string())?;
            if answer.status == StatusCode::NOT_MODIFIED {
                return Ok(Fetched::Unchanged);
            }
            if answer.status.is_redirection() {
                let to = answer.header("location").and_then(|to| url.join(to).ok());
                url = to.ok_or_else(|| format!("it answers {} without a place", answer.status))?;
                continue;
            }
            if !answer.status.is_success() {
                return Err(format!("it answers {}", answer.status));
            }
            let own = |name: &str| answer.header(name).map(str::to_owned);
            let (etag, last_modified) = (own("etag"), own("last-modified"));
            let body = String::from_utf8(answer.body)
                .map_err(|_| "its answer is no text in UTF-8".to_owned())?;
            return Ok(Fetched::Page {
                // PostgreSQL keeps no NUL, and no calendar has one.
                body: body.replace('\0', ""),
                etag,
                last_modified,
            });
        }
        Err(format!("it redirects more than {REDIRECTS} times"))
    }
}

#[cfg(test)]
mod tests;
