//! Calendars of others at an address: fetched at the start, kept for when nobody answers, looked at once a day.
//!
//! Promises: what is kept is always a copy that could be read, and the newest such; a start without answer goes on with
//! it and says so, and one without any copy is refused. What changes while the desk runs is told to the operators once
//! and counts from the next start: configuration is read at the start only. Addresses are never shown, only their hosts.
//!
//! Nothing here knows of holidays but the comparison by days. Leaves out fetching itself ([`Fetch`]) and what the days
//! are used for.

use super::desk::App;
use super::ports::{FeedRow, Feeds, Fetch, Fetched, StoreError, TimerKind};
use super::setup::Feed;
use super::snapshot::hash;
use crate::domain::notice::{Arg, Message};
use crate::ical;
use crate::time::{Date, SignedDuration, Timestamp, plus};
use std::collections::BTreeMap;

/// The text behind each address.
pub type Pages = BTreeMap<String, String>;

/// How long after a look the next one comes.
const DAILY: SignedDuration = SignedDuration::from_hours(24);

/// How many days one message names.
const MOST_LINES: usize = 20;

/// Why a start has not what it needs.
#[derive(Debug, thiserror::Error)]
pub enum FeedsError {
    /// Nobody answered, and nobody ever did.
    #[error("{}", .0.join("\n"))]
    Missing(Vec<String>),
    /// The copies cannot be looked up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a start goes on with.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    pub pages: Pages,
    /// What was not to be had anew, in words for the log.
    pub warnings: Vec<String>,
}

/// Fetches every feed, and keeps what came; one that does not answer is taken from its last good copy.
///
/// # Errors
/// When one has no copy either, all of them named; when the store does not answer.
pub async fn gather(
    store: &dyn Feeds,
    fetch: &dyn Fetch,
    feeds: &[Feed],
    now: Timestamp,
) -> Result<Gathered, FeedsError> {
    let mut gathered = Gathered::default();
    let mut missing = Vec::new();
    for feed in feeds {
        let kept = store.feed(feed.url.expose()).await?;
        match news(fetch, feed, kept.as_ref(), now).await {
            Ok(row) => {
                store.keep_feed(row.clone()).await?;
                gathered.pages.insert(row.url, row.body);
            }
            Err(why) => match kept {
                Some(row) => {
                    gathered.warnings.push(format!(
                        "{}: {why}; the copy of {} is used",
                        feed.named(),
                        row.checked_at
                    ));
                    gathered.pages.insert(row.url, row.body);
                }
                None => missing.push(format!(
                    "{}: {why}; there is no earlier copy to go on with: check the address, or take it out for now",
                    feed.named()
                )),
            },
        }
    }
    match missing.is_empty() {
        true => Ok(gathered),
        false => Err(FeedsError::Missing(missing)),
    }
}

/// The last good copies, for whoever only looks; a feed that was never fetched is told and its days are missing.
///
/// # Errors
/// When the copies cannot be looked up.
pub async fn kept(store: &dyn Feeds, feeds: &[Feed]) -> Result<Gathered, StoreError> {
    let mut gathered = Gathered::default();
    for feed in feeds {
        match store.feed(feed.url.expose()).await? {
            Some(row) => {
                gathered.pages.insert(row.url, row.body);
            }
            None => gathered.warnings.push(format!(
                "{}: never fetched yet, and left out: a server fetches it when it starts",
                feed.named()
            )),
        }
    }
    Ok(gathered)
}

/// Asks for a feed: the copy to keep from now on, or in words why there is none.
pub async fn news(
    fetch: &dyn Fetch,
    feed: &Feed,
    kept: Option<&FeedRow>,
    now: Timestamp,
) -> Result<FeedRow, String> {
    // What can no longer be read is no version that others may call unchanged.
    let known = kept.filter(|row| feed.days(&row.body).is_ok());
    match (fetch.fetch(feed.url.expose(), known).await?, known) {
        (Fetched::Unchanged, Some(row)) => Ok(FeedRow {
            checked_at: now,
            problem: None,
            ..row.clone()
        }),
        (Fetched::Unchanged, None) => Err("it says that nothing changed since never".to_owned()),
        (
            Fetched::Page {
                body,
                etag,
                last_modified,
            },
            _,
        ) => {
            feed.days(&body).map_err(|error| error.to_string())?;
            let fetched_at = match known {
                Some(row) if row.body == body => row.fetched_at,
                Some(_) | None => now,
            };
            Ok(FeedRow {
                url: feed.url.expose().to_owned(),
                body,
                etag,
                last_modified,
                fetched_at,
                checked_at: now,
                problem: None,
            })
        }
    }
}

impl Feed {
    /// A name of its own that gives nothing away: what its timer is about.
    pub fn key(&self) -> String {
        let mut key = hash(self.url.expose());
        key.truncate(16);
        key
    }

    /// The host, for people.
    pub fn host(&self) -> String {
        let url = url::Url::parse(self.url.expose()).ok();
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    /// What takes days from it, for people.
    pub fn calendar_names(&self) -> String {
        self.calendars.join(" / ")
    }

    fn named(&self) -> String {
        format!(
            "the days of calendar {} at {}",
            self.calendar_names(),
            self.host()
        )
    }

    /// The days that a text names.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn days(&self, body: &str) -> Result<BTreeMap<Date, String>, ical::IcalError> {
        ical::days(body, &self.zone, self.window)
    }
}

impl App {
    /// Sets one timer for each feed; those of what is gone are removed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn set_feed_timers(&self) -> Result<(), StoreError> {
        let (kind, next) = (TimerKind::Feed, plus(self.clock.now(), DAILY));
        for feed in &self.setup.feeds {
            self.store.ensure_timer(kind, &feed.key(), next).await?;
        }
        for (subject, _) in self.store.timers(kind).await? {
            if self.setup.feeds.iter().all(|feed| feed.key() != subject) {
                self.store.remove_timer(kind, &subject).await?;
            }
        }
        Ok(())
    }

    /// Looks at a feed again and tells the operators what changed; answers when to look next.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look_at_feed(
        &self,
        fetch: &dyn Fetch,
        subject: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Some(feed) = self.setup.feeds.iter().find(|feed| feed.key() == subject) else {
            return Ok(None);
        };
        let kept = self.store.feed(feed.url.expose()).await?;
        let outcome = news(fetch, feed, kept.as_ref(), self.clock.now()).await;
        let now = self.clock.now();
        match (outcome, kept) {
            (Ok(row), Some(kept)) => {
                let changes = days_changed(feed, &kept, &row, now);
                if !changes.is_empty() {
                    let message = about(Message::new("notice-feed-changed"), feed)
                        .with("lines", Arg::Lines(changes));
                    // By both copies, so that of two replicas that look at once one is heard.
                    let key = format!("feed·{subject}·{}", &hash(&row.body)[..16]);
                    let key = format!("{key}·{}", crate::time::ms(kept.fetched_at));
                    self.tell_operators(message, key, now).await?;
                }
                if kept.problem.is_some() {
                    tracing::info!("{} is to be had again", feed.named());
                }
                self.store.keep_feed(row).await?;
            }
            (Ok(row), None) => self.store.keep_feed(row).await?,
            (Err(why), Some(kept)) => {
                tracing::warn!("{}: {why}", feed.named());
                if kept.problem.is_none() {
                    let message = about(Message::new("notice-feed-failing"), feed)
                        .with("why", Arg::Plain(why.clone()))
                        .with("at", Arg::Instant(kept.checked_at));
                    let since = crate::time::ms(kept.checked_at);
                    let key = format!("feed·{subject}·failing·{since}");
                    self.tell_operators(message, key, now).await?;
                    self.store
                        .keep_feed(FeedRow {
                            problem: Some(why),
                            ..kept
                        })
                        .await?;
                }
            }
            (Err(why), None) => tracing::warn!("{}: {why}", feed.named()),
        }
        Ok(Some(plus(now, DAILY)))
    }
}

/// The days from today on that came and went, a line each.
fn days_changed(feed: &Feed, kept: &FeedRow, row: &FeedRow, now: Timestamp) -> Vec<Message> {
    let (Ok(old), Ok(new)) = (feed.days(&kept.body), feed.days(&row.body)) else {
        return Vec::new();
    };
    let today = now.to_zoned(feed.zone.clone()).date();
    let missing = |here: &BTreeMap<Date, String>, there: &BTreeMap<Date, String>, id| {
        here.range(today..)
            .filter(|(date, _)| !there.contains_key(*date))
            .map(|(date, name)| {
                let line = Message::new(id)
                    .with("date", Arg::Day(*date))
                    .with("name", Arg::Plain(name.clone()));
                (*date, line)
            })
            .collect::<Vec<_>>()
    };
    let mut changes = missing(&new, &old, "feed-day-came");
    changes.extend(missing(&old, &new, "feed-day-went"));
    changes.sort_by_key(|(date, _)| *date);
    let more = changes.len().saturating_sub(MOST_LINES);
    let lines = changes.into_iter().take(MOST_LINES).map(|(_, line)| line);
    let rest = (more > 0).then(|| {
        let count = i64::try_from(more).unwrap_or(i64::MAX);
        Message::new("feed-days-more").with("count", Arg::Number(count))
    });
    lines.chain(rest).collect()
}

fn about(message: Message, feed: &Feed) -> Message {
    message
        .with("calendars", Arg::Plain(feed.calendar_names()))
        .with("host", Arg::Plain(feed.host()))
}

#[cfg(test)]
mod tests;
