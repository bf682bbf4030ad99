//! Requests to Discord: sent once each, with time-outs, and their failures told apart.
//!
//! serenity names the routes and writes the requests; they are sent here, because its own sending hides the
//! headers that say how long to wait. Nothing is retried here: the callers know what may be repeated.
//! A bucket that is announced empty, and a 429, close a gate; until it opens again requests are not sent.
//! After a 401 nothing is sent any more (10,000 refused requests in ten minutes ban the address).

use crate::app::ports::Clock;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use serenity::builder::CreateAttachment;
use serenity::http::{LightMethod, Multipart, MultipartUpload, Request, Route};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// What a text that goes along is called.
const FILE_NAME: &str = "toban.txt";
/// How long to wait after a 429 that does not say it (an answer of the proxies before Discord).
const UNTOLD_WAIT: Duration = Duration::from_secs(30);

/// The client of one bot.
pub(super) struct Rest {
    client: reqwest::Client,
    authorization: String,
    base: Option<String>,
    gates: Arc<Gates>,
    clock: Arc<dyn Clock>,
    is_stopped: AtomicBool,
}

/// One request.
pub(super) struct Call<'a> {
    pub route: Route<'a>,
    pub method: LightMethod,
    pub body: Option<Value>,
    pub params: Vec<(&'static str, String)>,
    /// A text that goes along as a file.
    pub file: Option<String>,
}

/// Why there is no answer, or none that helps.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum Failure {
    #[error("rate limited for {after:?}")]
    Limited { after: Duration },
    #[error("refused with {status} ({code}): {message}")]
    Refused {
        status: u16,
        code: u64,
        message: String,
    },
    #[error("answered {status}")]
    Broken { status: u16 },
    /// The request never left.
    #[error("not sent: {why}")]
    NotSent { why: String },
    /// It left, and no whole answer came.
    #[error("no answer: {why}")]
    NoAnswer { why: String },
    /// The token was refused before.
    #[error("the bot's token was refused (401)")]
    Stopped,
}

impl<'a> Call<'a> {
    pub fn new(method: LightMethod, route: Route<'a>) -> Self {
        Call {
            route,
            method,
            body: None,
            params: Vec::new(),
            file: None,
        }
    }

    pub fn file(self, file: Option<String>) -> Self {
        Call { file, ..self }
    }

    pub fn body(self, body: Value) -> Self {
        Call {
            body: Some(body),
            ..self
        }
    }

    pub fn param(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The gates it must pass. Answers to interactions are outside all limits but their own token's.
    fn gates(&self) -> Option<[String; 2]> {
        let path = self.route.path();
        let is_interaction = path.contains("/interactions/") || path.contains("/webhooks/");
        let major = path.split("/messages/").next().unwrap_or_default();
        let what = if path.ends_with("/threads") {
            "threads"
        } else {
            ""
        };
        (!is_interaction).then(|| {
            [
                GLOBAL.to_owned(),
                format!("{:?} {major} {what}", self.method),
            ]
        })
    }
}

const GLOBAL: &str = "global";

impl Rest {
    /// Makes a client.
    ///
    /// # Errors
    /// If the TLS of this machine cannot be set up.
    pub fn new(
        token: &str,
        base: Option<String>,
        timeout: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Rest {
            client: client(timeout, base.is_some())?,
            authorization: format!("Bot {token}"),
            base,
            gates: Arc::new(Gates::default()),
            clock,
            is_stopped: AtomicBool::new(false),
        })
    }

    /// Whether the token was refused.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Closes a gate of one's own for a while; `closed` tells.
    pub fn close(&self, gate: &str, wait: Duration) {
        self.gates.close(gate, wait, &self.clock);
    }

    /// How long a gate was closed for, if it is still closed.
    pub fn closed(&self, gate: &str) -> Option<Duration> {
        self.gates.closed(gate)
    }

    /// Sends a request and reads its answer; an empty one is `null`.
    pub async fn send(&self, call: Call<'_>) -> Result<Value, Failure> {
        if self.is_stopped() {
            return Err(Failure::Stopped);
        }
        let gates = call.gates();
        if let Some(after) = gates
            .iter()
            .flatten()
            .find_map(|gate| self.gates.closed(gate))
        {
            return Err(Failure::Limited { after });
        }
        let has_token = gates.is_some();
        let response = self.dispatch(call).await?;
        let status = response.status();
        if let (Some([_, bucket]), Some(wait)) = (&gates, exhausted(response.headers())) {
            self.gates.close(bucket, wait, &self.clock);
        }
        let headers = response.headers().clone();
        let body = response
            .bytes()
            .await
            .map_err(|error| no_answer(error, status))?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            let after = wait(&headers, &value);
            if let Some([global, bucket]) = &gates {
                let is_global =
                    value["global"] == true || headers.contains_key("x-ratelimit-global");
                self.gates
                    .close(if is_global { global } else { bucket }, after, &self.clock);
            }
            return Err(Failure::Limited { after });
        }
        if status.is_server_error() {
            return Err(Failure::Broken {
                status: status.as_u16(),
            });
        }
        if status == StatusCode::UNAUTHORIZED && has_token {
            self.is_stopped.store(true, Ordering::Release);
            tracing::error!(
                "Discord refuses the bot's token (401): nothing more is sent until a restart"
            );
        }
        Err(Failure::Refused {
            status: status.as_u16(),
            code: value["code"].as_u64().unwrap_or_default(),
            message: reason(&value),
        })
    }

    async fn dispatch(&self, call: Call<'_>) -> Result<Response, Failure> {
        let params = (!call.params.is_empty()).then_some(call.params);
        let body = call.body.map(|body| body.to_string());
        let request = Request::new(call.route, call.method).params(params);
        let request = match call.file {
            Some(text) => request.multipart(Some(Multipart {
                upload: MultipartUpload::Attachments(vec![CreateAttachment::bytes(
                    text.into_bytes(),
                    FILE_NAME,
                )]),
                fields: Vec::new(),
                payload_json: body,
            })),
            None => request.body(body.map(String::into_bytes)),
        };
        let request = request
            .build(&self.client, &self.authorization, self.base.as_deref())
            .map_err(|error| Failure::NotSent {
                why: error.to_string(),
            })?;
        request.send().await.map_err(|error| {
            let why = chain(&error.without_url());
            // Everything after the connection came about may have reached Discord.
            if why.1 {
                Failure::NotSent { why: why.0 }
            } else {
                Failure::NoAnswer { why: why.0 }
            }
        })
    }
}

/// The HTTP client of this platform; serenity's own has no time-out. An address that was given is asked directly,
/// Discord itself through the machine's proxy, if there is one.
pub(super) fn client(timeout: Duration, is_given: bool) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(timeout);
    let builder = if is_given {
        builder.no_proxy()
    } else {
        builder
    };
    builder.build()
}

/// The error with its causes, and whether nothing was sent.
fn chain(error: &reqwest::Error) -> (String, bool) {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    (words, error.is_connect() || error.is_builder())
}

fn no_answer(error: reqwest::Error, status: StatusCode) -> Failure {
    let (words, _) = chain(&error.without_url());
    Failure::NoAnswer {
        why: format!("{words} (after status {status})"),
    }
}

/// How long to wait when a bucket has just been emptied.
fn exhausted(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<f64>().ok();
    (number("x-ratelimit-remaining")? <= 0.0)
        .then(|| seconds(number("x-ratelimit-reset-after").unwrap_or_default()))
}

/// How long a 429 asks to wait; the body is exacter than the header.
fn wait(headers: &HeaderMap, body: &Value) -> Duration {
    let header = || {
        headers
            .get("retry-after")?
            .to_str()
            .ok()?
            .parse::<f64>()
            .ok()
    };
    body["retry_after"]
        .as_f64()
        .or_else(header)
        .map_or(UNTOLD_WAIT, seconds)
}

/// A day at most: whatever is announced beyond is a mistake.
fn seconds(count: f64) -> Duration {
    Duration::try_from_secs_f64(count.clamp(0.0, 86_400.0)).unwrap_or(UNTOLD_WAIT)
}

/// What a refusal says, with the fields it complains about.
fn reason(value: &Value) -> String {
    let message = value["message"].as_str().unwrap_or("no reason given");
    match &value["errors"] {
        Value::Null => message.to_owned(),
        errors => format!("{message} {errors}").chars().take(500).collect(),
    }
}

/// What must not be sent for a while.
#[derive(Default)]
struct Gates {
    closed: Mutex<HashMap<String, (u64, Duration)>>,
    count: AtomicU64,
}

impl Gates {
    fn close(self: &Arc<Self>, gate: &str, wait: Duration, clock: &Arc<dyn Clock>) {
        if wait.is_zero() {
            return;
        }
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(gate.to_owned(), (number, wait));
        let (gates, clock, gate) = (Arc::clone(self), Arc::clone(clock), gate.to_owned());
        tokio::spawn(async move {
            clock.pause(wait).await;
            let mut closed = gates.lock();
            if closed.get(&gate).is_some_and(|(found, _)| *found == number) {
                closed.remove(&gate);
            }
        });
    }

    fn closed(&self, gate: &str) -> Option<Duration> {
        self.lock().get(gate).map(|(_, wait)| *wait)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u64, Duration)>> {
        self.closed
            .lock()
            .expect("nobody panics while holding the gates")
    }
}
