//! The script of what goes wrong, and the rate limits.
//!
//! A fault is tied to requests by method, route and channel, lasts a number of times, and is taken in the
//! order it was written. Rate-limit buckets are announced by headers only, as Discord does.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use super::Snowflake;
use super::errors::Refusal;
use super::request::{Answer, Request};
use super::validate::spec;

/// Who shares a rate limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope {
    User,
    Shared,
    Global,
}

/// What happens to a request instead of its answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Answers a bare status (5xx), the work is not done.
    Status(u16),
    /// Does the work, then answers a bare status.
    WorkThenStatus(u16),
    /// Answers 429.
    RateLimit { scope: Scope, after: Duration },
    /// Refuses it in Discord's words.
    Refuse(Refusal),
    /// Says nothing until released; then the work is done and answered.
    Hang,
    /// Does the work, but says nothing until released.
    WorkThenHang,
    /// Resets the connection before any work.
    Reset,
    /// Does the work, then resets the connection without an answer.
    WorkThenReset,
}

/// Which requests a fault meets, and how often.
#[derive(Clone, Debug)]
pub struct On {
    route: Option<(String, String)>,
    channel: Option<Snowflake>,
    skip: u32,
    left: Option<u32>,
}

impl On {
    /// Meets the next request, whatever it is.
    pub fn any() -> Self {
        Self {
            route: None,
            channel: None,
            skip: 0,
            left: Some(1),
        }
    }

    /// Meets the next request of a route, named as the description names it.
    pub fn route(method: &str, template: &str) -> Self {
        assert!(
            spec::knows(method, template),
            "the description has no {method} {template}"
        );
        Self {
            route: Some((method.to_owned(), template.to_owned())),
            ..Self::any()
        }
    }

    /// Meets messages being posted to a channel.
    pub fn post() -> Self {
        Self::route("POST", "/channels/{channel_id}/messages")
    }

    /// Meets messages being edited.
    pub fn edit() -> Self {
        Self::route("PATCH", "/channels/{channel_id}/messages/{message_id}")
    }

    /// Meets first answers to interactions.
    pub fn callback() -> Self {
        Self::route(
            "POST",
            "/interactions/{interaction_id}/{interaction_token}/callback",
        )
    }

    /// Narrows it to one channel or thread.
    pub fn in_channel(self, channel: Snowflake) -> Self {
        Self {
            channel: Some(channel),
            ..self
        }
    }

    /// Lets some pass first.
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Meets so many requests instead of one.
    pub fn times(self, times: u32) -> Self {
        Self {
            left: Some(times),
            ..self
        }
    }

    /// Meets every request from now on.
    pub fn always(self) -> Self {
        Self { left: None, ..self }
    }

    fn meets(&self, request: &Request) -> bool {
        self.left != Some(0)
            && self
                .channel
                .is_none_or(|channel| request.id("channel_id") == channel)
            && self
                .route
                .as_ref()
                .is_none_or(|(m, t)| *m == request.method && t == request.route.template)
    }
}

/// The faults still to come.
#[derive(Default)]
pub struct Faults(Vec<(On, Fault)>);

impl Faults {
    /// Adds a fault to the script.
    pub fn add(&mut self, on: On, fault: Fault) {
        self.0.push((on, fault));
    }

    /// Tears the script up.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts the faults that have not all happened yet.
    pub fn left(&self) -> usize {
        self.0
            .iter()
            .filter(|(on, _)| on.left.is_some_and(|left| left > 0))
            .count()
    }

    /// Takes the fault that meets a request, if one does.
    pub fn take(&mut self, request: &Request) -> Option<Fault> {
        for (on, fault) in self.0.iter_mut().filter(|(on, _)| on.meets(request)) {
            if on.skip > 0 {
                on.skip -= 1;
                continue;
            }
            if let Some(left) = &mut on.left {
                *left -= 1;
            }
            return Some(fault.clone());
        }
        None
    }
}

/// Whether the double limits how often it is asked.
#[derive(Clone, Debug, Default)]
pub enum Limits {
    /// Announces nothing and limits nothing.
    #[default]
    Off,
    /// Buckets of random size per route and channel, and a global limit a second if given.
    Random {
        seed: u64,
        limit: RangeInclusive<u32>,
        window_ms: RangeInclusive<i64>,
        global_per_s: Option<u32>,
    },
}

/// The buckets as they fill.
#[derive(Default)]
pub struct Buckets {
    rng: Option<StdRng>,
    all: HashMap<String, Bucket>,
    global: (i64, u32),
}

struct Bucket {
    limit: u32,
    window_ms: i64,
    left: u32,
    resets_at_ms: i64,
    name: String,
}

impl Buckets {
    /// Counts a request: the headers to announce, or the 429 it gets.
    pub fn count(
        &mut self,
        limits: &Limits,
        request: &Request,
        now_ms: i64,
    ) -> Result<Vec<(&'static str, String)>, Answer> {
        let Limits::Random {
            seed,
            limit,
            window_ms,
            global_per_s,
        } = limits
        else {
            return Ok(Vec::new());
        };
        let is_interaction =
            request.path.starts_with("/interactions/") || request.path.starts_with("/webhooks/");
        if let Some(most) = global_per_s.filter(|_| !is_interaction) {
            if now_ms >= self.global.0 + 1_000 {
                self.global = (now_ms, 0);
            }
            self.global.1 += 1;
            if self.global.1 > most {
                return Err(limited(
                    Scope::Global,
                    Duration::from_millis((self.global.0 + 1_000 - now_ms) as u64),
                ));
            }
        }
        let rng = self.rng.get_or_insert_with(|| StdRng::seed_from_u64(*seed));
        let bucket = self.all.entry(key(request)).or_insert_with(|| {
            let limit = rng.random_range(limit.clone());
            let name = format!("{:032x}", rng.random::<u128>());
            Bucket {
                limit,
                window_ms: rng.random_range(window_ms.clone()),
                left: limit,
                resets_at_ms: 0,
                name,
            }
        });
        if now_ms >= bucket.resets_at_ms {
            bucket.left = bucket.limit;
            bucket.resets_at_ms = now_ms + bucket.window_ms;
        }
        let was_left = bucket.left;
        bucket.left = was_left.saturating_sub(1);
        let wait_ms = bucket.resets_at_ms - now_ms;
        let seconds = |ms: i64| format!("{}.{:03}", ms / 1_000, ms % 1_000);
        let headers = vec![
            ("x-ratelimit-limit", bucket.limit.to_string()),
            ("x-ratelimit-remaining", bucket.left.to_string()),
            ("x-ratelimit-reset", seconds(bucket.resets_at_ms)),
            ("x-ratelimit-reset-after", seconds(wait_ms)),
            ("x-ratelimit-bucket", bucket.name.clone()),
        ];
        if was_left == 0 {
            let mut answer = limited(Scope::User, Duration::from_millis(wait_ms as u64));
            answer.headers.extend(headers);
            return Err(answer);
        }
        Ok(headers)
    }
}

/// A bucket belongs to a route together with its major parameter: channel, guild or webhook.
fn key(request: &Request) -> String {
    let major = ["channel_id", "guild_id", "webhook_id", "interaction_id"]
        .map(|name| request.param(name))
        .concat();
    format!("{} {} {major}", request.method, request.route.template)
}

/// Builds a 429 as Discord words it.
pub fn limited(scope: Scope, after: Duration) -> Answer {
    let message = match scope {
        Scope::User | Scope::Global => "You are being rate limited.",
        Scope::Shared => "The resource is being rate limited.",
    };
    let body = json!({"message": message, "retry_after": after.as_secs_f64(), "global": scope == Scope::Global});
    let mut answer = Answer::with(429, body);
    let name = match scope {
        Scope::User => "user",
        Scope::Shared => "shared",
        Scope::Global => "global",
    };
    answer.headers.push(("x-ratelimit-scope", name.to_owned()));
    // The header counts whole seconds, rounded up; the body has the exact figure.
    answer
        .headers
        .push(("retry-after", after.as_secs_f64().ceil().to_string()));
    if scope == Scope::Global {
        answer
            .headers
            .push(("x-ratelimit-global", "true".to_owned()));
    }
    answer
}
