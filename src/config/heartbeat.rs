//! `[heartbeat]`: where the sign of life goes that a dead-man service waits for.

use super::section::Section;
use crate::app::secret::Secret;
use crate::time::{SignedDuration, parse_span};
use std::time::Duration;

/// A heartbeat with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatConfig {
    /// Whoever knows it can keep the alarm quiet.
    pub url: Secret,
    pub every: Duration,
}

/// The shortest pause between beats: less is a mistyped unit.
const SHORTEST: SignedDuration = SignedDuration::from_secs(10);

const EVERY: Duration = Duration::from_mins(1);

/// Reads `[heartbeat]`; without an address there is none.
pub(super) fn heartbeat(root: &Section<'_>) -> Option<HeartbeatConfig> {
    let section = root.section("heartbeat")?;
    let every = section.field("every").and_then(|field| {
        let every = field.span(parse_span)?;
        if every < SHORTEST {
            field.wrong_with(
                "this is too often for a heartbeat",
                "10 seconds or more: \"1m\" is usual",
            );
            return None;
        }
        Duration::try_from(every).ok()
    });
    let url = section.secret("url")?;
    let is_web = url::Url::parse(url.expose().trim())
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        let key = ["url", "url_env", "url_file"]
            .into_iter()
            .find(|key| section.has(key));
        section.wrong(
            key.unwrap_or("url"),
            "this is not a web address",
            "it starts with http:// or https:// and names a host",
        );
        return None;
    }
    Some(HeartbeatConfig {
        url,
        every: every.unwrap_or(EVERY),
    })
}
