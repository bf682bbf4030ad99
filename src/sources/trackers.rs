//! Trackers of development over HTTP: issues are filed, looked at and commented on as the configuration says.
//!
//! Promises: a filing that may have arrived is never called anything else; no answer of a stranger panics here, and all
//! are bounded; no secret is quoted. Leaves out when to look and what follows from what was seen: that is the desk's.

use super::document::{self, ANSWER_DEPTH_CAP, Nul};
use super::poll::{is_throttled, rest};
use super::request::{Common, Rendered, quote};
use crate::app::ports::{
    DeliveryError, Fields, KnownTracker, LookError, Named, NoIssue, Seen, Trackers,
};
use crate::app::secret::Secret;
use crate::app::tracker_config::{TrackerConfig, TrackersConfig};
use crate::domain::ids::TrackerId;
use crate::expr::{Document, Engine, Expression, Template};
use crate::net::{self, Answer, Failure, NotSent, StatusCode};
use crate::time::{SignedDuration, Timestamp};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The most bytes of an answer: an issue with its whole description.
const ANSWER_CAP: usize = 1024 * 1024;

/// How long a look may take; the timer that looks holds its lease for several.
const LOOK: Duration = Duration::from_secs(10);

/// The longest name of an issue, of a state or a version; what is longer is no name.
const NAME_CAP: usize = 64;
const STATE_CAP: usize = 200;

/// The longest address that is shown: what chats take behind a button.
const URL_CAP: usize = 512;

/// Every tracker, made ready.
#[derive(Debug)]
pub struct HttpTrackers {
    trackers: BTreeMap<TrackerId, Tracker>,
    client: net::Client,
}

/// Why a tracker cannot be used as it is configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tracker \"{tracker}\", {key}: {why}")]
pub struct TrackerError {
    pub tracker: String,
    pub key: String,
    pub why: String,
}

#[derive(Debug)]
struct Tracker {
    name: String,
    queues: Vec<String>,
    products: Vec<String>,
    common: Common,
    secrets: Vec<Secret>,
    issue_url: Option<Template>,
    title: Option<Template>,
    text: Option<Template>,
    file: Option<Filing>,
    look: Option<Look>,
    note: Option<Rendered>,
}

#[derive(Debug)]
struct Filing {
    request: Rendered,
    issue: Template,
    url: Option<Template>,
}

#[derive(Debug)]
struct Look {
    request: Rendered,
    state: Template,
    is_done: Expression,
    fixed_in: Option<Template>,
    every: SignedDuration,
}

impl HttpTrackers {
    /// Makes the trackers ready.
    ///
    /// # Errors
    /// [`TrackerError`] for a text that does not compile; a configuration that was checked has none.
    pub fn new(config: &TrackersConfig, client: net::Client) -> Result<Self, TrackerError> {
        let trackers = config.trackers.iter().map(|(id, config)| {
            let tracker = Tracker::compile(config).map_err(|(key, why)| TrackerError {
                tracker: id.to_string(),
                key,
                why,
            })?;
            Ok((id.clone(), tracker))
        });
        Ok(HttpTrackers {
            trackers: trackers.collect::<Result<_, _>>()?,
            client,
        })
    }

    fn tracker(&self, id: &TrackerId) -> Result<&Tracker, DeliveryError> {
        self.trackers
            .get(id)
            .ok_or_else(|| rejected(format!("tracker \"{id}\" is not configured")))
    }
}

impl Tracker {
    fn compile(config: &TrackerConfig) -> Result<Tracker, (String, String)> {
        let template = |key: &str, text: &String| {
            let compiled = Engine::new().compile_template(text);
            compiled.map_err(|error| (key.to_owned(), error.to_string()))
        };
        let maybe = |key: &str, text: &Option<String>| {
            text.as_ref().map(|text| template(key, text)).transpose()
        };
        let file = config
            .file
            .as_ref()
            .map(|file| -> Result<_, (String, String)> {
                Ok(Filing {
                    request: Rendered::compile(&file.request, "file")?,
                    issue: template("file.issue", &file.issue)?,
                    url: maybe("file.issue_url", &file.url)?,
                })
            });
        let look = config
            .look
            .as_ref()
            .map(|look| -> Result<_, (String, String)> {
                let is_done = Engine::new().compile_expression(&look.is_done);
                Ok(Look {
                    request: Rendered::compile(&look.request, "look")?,
                    state: template("look.state", &look.state)?,
                    is_done: is_done
                        .map_err(|error| ("look.is_done".to_owned(), error.to_string()))?,
                    fixed_in: maybe("look.fixed_in", &look.fixed_in)?,
                    every: look.every,
                })
            });
        let note = config.note.as_ref();
        let note = note.map(|note| Rendered::compile(note, "note"));
        Ok(Tracker {
            name: config.name.clone(),
            queues: config.queues.clone(),
            products: config.products.clone(),
            common: Common::new(&config.base_url, &config.secrets, &config.settings),
            secrets: config.secrets.clone(),
            issue_url: maybe("issue_url", &config.issue_url)?,
            title: maybe("title", &config.title)?,
            text: maybe("text", &config.text)?,
            file: file.transpose()?,
            look: look.transpose()?,
            note: note.transpose()?,
        })
    }

    /// Where an issue stands for people, if the configuration says.
    fn url_of(&self, issue: &str) -> Option<String> {
        let seen = self.common.with([("issue", issue.to_owned())]);
        let url = self.issue_url.as_ref()?.render(&seen).ok()?;
        Some(url.trim().to_owned()).filter(|url| !url.is_empty())
    }

    /// What an answer holds.
    fn read(&self, answer: &Answer) -> Result<Document, String> {
        let value =
            document::read(&answer.body, ANSWER_DEPTH_CAP, Nul::Replaced).map_err(|_| {
                format!(
                    "its answer is no JSON: {}",
                    quote(&answer.body, &self.secrets)
                )
            })?;
        Ok(self.common.beside(Document::from(&value)))
    }

    /// What the tracker calls the issue that it has just filed.
    fn filed(&self, filing: &Filing, answer: &Answer) -> Result<Named, String> {
        let document = self.read(answer)?;
        let said = |error| format!("issue: {error}");
        let issue = filing.issue.render(&document).map_err(said)?;
        let issue = name(&issue).ok_or_else(|| {
            let said = quote(&answer.body, &self.secrets);
            format!("its answer does not say what it calls the issue: {said}")
        })?;
        let url = filing
            .url
            .as_ref()
            .and_then(|url| url.render(&document).ok());
        let url = url.map(|url| url.trim().to_owned());
        Ok(Named {
            url: url
                .filter(|url| is_web(url))
                .or_else(|| self.url_of(&issue)),
            issue,
        })
    }

    fn seen(&self, look: &Look, answer: &Answer) -> Result<Seen, String> {
        let document = self.read(answer)?;
        let short = |text: String| -> String { text.trim().chars().take(STATE_CAP).collect() };
        let state = look.state.render(&document);
        let is_done = look.is_done.test(&document);
        let fixed_in = look.fixed_in.as_ref().map(|text| text.render(&document));
        let fixed_in = fixed_in
            .transpose()
            .map_err(|error| format!("fixed_in: {error}"))?;
        Ok(Seen {
            state: short(state.map_err(|error| format!("state: {error}"))?),
            is_done: is_done.map_err(|error| format!("is_done: {error}"))?,
            fixed_in: fixed_in.map(short).filter(|version| !version.is_empty()),
        })
    }
}

#[async_trait]
impl Trackers for HttpTrackers {
    fn known(&self) -> Vec<KnownTracker> {
        let known = self.trackers.iter().map(|(id, tracker)| KnownTracker {
            id: id.clone(),
            name: tracker.name.clone(),
            files: tracker.file.is_some(),
            look_every: tracker.look.as_ref().map(|look| look.every),
            takes_notes: tracker.note.is_some(),
            queues: tracker.queues.clone(),
            products: tracker.products.clone(),
        });
        known.collect()
    }

    fn named(&self, tracker: &TrackerId, given: &str) -> Result<Named, NoIssue> {
        let tracker = self.trackers.get(tracker).ok_or(NoIssue::NoName)?;
        if !given.contains("://") {
            let issue = name(given).ok_or(NoIssue::NoName)?;
            let url = tracker.url_of(&issue);
            return Ok(Named { issue, url });
        }
        let mut url = Url::parse(given.trim()).map_err(|_| NoIssue::NoName)?;
        url.set_fragment(None);
        let mut pieces = url.path_segments().into_iter().flatten().rev();
        let last = pieces.find(|piece| !piece.is_empty());
        let issue = last.and_then(name);
        match (issue, &tracker.issue_url) {
            (Some(issue), None) if is_web(url.as_str()) => Ok(Named {
                issue,
                url: Some(url.into()),
            }),
            (_, None) => Err(NoIssue::NoName),
            (issue, Some(_)) => {
                let wanted = issue.as_ref().and_then(|issue| tracker.url_of(issue));
                match (issue, wanted) {
                    (Some(issue), Some(wanted)) if is_same_page(&url, &wanted) => Ok(Named {
                        issue,
                        url: Some(wanted),
                    }),
                    _ => Err(NoIssue::Elsewhere {
                        like: tracker.url_of("123").unwrap_or_default(),
                    }),
                }
            }
        }
    }

    fn draft(&self, tracker: &TrackerId, fields: &Fields) -> (Option<String>, Option<String>) {
        let Some(tracker) = self.trackers.get(tracker) else {
            return (None, None);
        };
        let fields = fields.iter().map(|(name, text)| (*name, text.clone()));
        let seen = tracker.common.with(fields);
        // What cannot be filled in is left to the desk's own words; the person sees either before it is sent.
        let filled = |text: &Option<Template>| text.as_ref()?.render(&seen).ok();
        (filled(&tracker.title), filled(&tracker.text))
    }

    async fn file(&self, id: &TrackerId, fields: &Fields) -> Result<Named, DeliveryError> {
        let tracker = self.tracker(id)?;
        let filing = tracker.file.as_ref();
        let filing = filing
            .ok_or_else(|| rejected(format!("tracker \"{id}\" takes no issues from here")))?;
        let answer = self.written(tracker, &filing.request, fields).await?;
        // It stands there, whatever cannot be read of the answer.
        let unknown = |why| DeliveryError::Unknown { why };
        tracker.filed(filing, &answer).map_err(unknown)
    }

    async fn look(&self, id: &TrackerId, issue: &str) -> Result<Seen, LookError> {
        let unavailable = |why: String| LookError::Unavailable { why, after: None };
        let tracker = self.trackers.get(id);
        let look = tracker.and_then(|tracker| Some((tracker, tracker.look.as_ref()?)));
        let (tracker, look) =
            look.ok_or_else(|| unavailable(format!("tracker \"{id}\" is not looked at")))?;
        let seen = tracker.common.with([("issue", issue.to_owned())]);
        let request = look.request.fill(&seen).map_err(unavailable)?;
        let request = request.answer_cap(ANSWER_CAP).total(LOOK);
        let answer = self.client.send(request).await;
        let answer = answer.map_err(|failure| unavailable(failure.to_string()))?;
        let unseen = |why| LookError::Unseen { why };
        let status = answer.status;
        if !status.is_success() {
            let said = quote(&answer.body, &tracker.secrets);
            let why = format!("it answered {status}: {said}");
            let why = why.trim_end_matches(": ").to_owned();
            let is_about_it = (status.is_redirection() || status.is_client_error())
                && !matches!(
                    status,
                    StatusCode::UNAUTHORIZED
                        | StatusCode::FORBIDDEN
                        | StatusCode::REQUEST_TIMEOUT
                        | StatusCode::TOO_MANY_REQUESTS
                );
            return Err(match is_about_it {
                true => LookError::Unseen { why },
                false => LookError::Unavailable {
                    why,
                    after: rest(&answer, Timestamp::MAX),
                },
            });
        }
        look.request
            .judge(&answer, &tracker.secrets)
            .map_err(unseen)?;
        tracker.seen(look, &answer).map_err(unseen)
    }

    async fn note(&self, id: &TrackerId, fields: &Fields) -> Result<(), DeliveryError> {
        let tracker = self.tracker(id)?;
        let note = tracker.note.as_ref();
        let note = note.ok_or_else(|| rejected(format!("tracker \"{id}\" takes no comments")))?;
        self.written(tracker, note, fields).await.map(drop)
    }
}

impl HttpTrackers {
    /// Sends what writes, and answers a good answer only.
    async fn written(
        &self,
        tracker: &Tracker,
        request: &Rendered,
        fields: &Fields,
    ) -> Result<Answer, DeliveryError> {
        let fields = fields.iter().map(|(name, text)| (*name, text.clone()));
        let seen = tracker.common.with(fields);
        let filled = request.fill(&seen).map_err(rejected)?;
        match self.client.send(filled.answer_cap(ANSWER_CAP)).await {
            Ok(answer) => {
                judged(&answer, &tracker.secrets)?;
                let told = |why| rejected(format!("the tracker: {why}"));
                request.judge(&answer, &tracker.secrets).map_err(told)?;
                Ok(answer)
            }
            Err(Failure::TooLarge { status, cap }) => {
                let why = format!("the tracker answered {status} with more than {cap} bytes");
                Err(match status.is_client_error() {
                    true => rejected(why),
                    false => DeliveryError::Unknown { why },
                })
            }
            Err(Failure::Unknown(unknown)) => Err(DeliveryError::Unknown {
                why: unknown.to_string(),
            }),
            Err(Failure::NotSent(not_sent)) => {
                let why = not_sent.to_string();
                Err(match not_sent {
                    NotSent::Invalid(_) | NotSent::Refused(_) => rejected(why),
                    NotSent::Connect(_) | NotSent::ConnectTimeout | NotSent::Tls(_) => {
                        DeliveryError::Retry { after: None, why }
                    }
                })
            }
        }
    }
}

/// Tells what a status means for something that was to be written. A gateway that gave up says nothing of what stands
/// behind it.
fn judged(answer: &Answer, secrets: &[Secret]) -> Result<(), DeliveryError> {
    let status = answer.status;
    if status.is_success() {
        return Ok(());
    }
    let said = quote(&answer.body, secrets);
    let why = match said.as_str() {
        "" => format!("the tracker answered {status}"),
        said => format!("the tracker answered {status}: {said}"),
    };
    // A date in Retry-After is not known here without a clock; seconds are what such servers send.
    let after = rest(answer, Timestamp::MAX).filter(|after| !after.is_zero());
    Err(match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            DeliveryError::Retry { after, why }
        }
        _ if is_throttled(answer) => DeliveryError::Retry { after, why },
        StatusCode::NOT_FOUND | StatusCode::GONE => DeliveryError::Gone { why },
        StatusCode::REQUEST_TIMEOUT => DeliveryError::Unknown { why },
        status if status.is_server_error() => DeliveryError::Unknown { why },
        _ => rejected(why),
    })
}

/// The name of an issue in what somebody or something wrote: `123`, `#123`, `PROJ-12`; full-width too.
fn name(given: &str) -> Option<String> {
    let plain: String = given
        .trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect();
    let name = plain.trim_start_matches(['#', '!']).trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = !name.is_empty()
        && name.len() <= NAME_CAP
        && name.chars().all(is_plain)
        && name.chars().any(|c| c.is_ascii_digit());
    // A key of a project is written in capitals, however it was typed.
    let is_key = name.split_once('-').is_some_and(|(project, number)| {
        project.starts_with(|c: char| c.is_ascii_alphabetic())
            && project
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    });
    is_name.then(|| match is_key {
        true => name.to_ascii_uppercase(),
        false => name.to_owned(),
    })
}

fn is_web(url: &str) -> bool {
    url.len() <= URL_CAP
        && Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether two addresses are of one page; what is asked of it and where on it aside.
fn is_same_page(given: &Url, wanted: &str) -> bool {
    let Ok(wanted) = Url::parse(wanted) else {
        return false;
    };
    let page = |url: &Url| {
        let path = url.path().trim_end_matches('/').to_ascii_lowercase();
        (
            url.host_str().map(str::to_owned),
            url.port_or_known_default(),
            path,
        )
    };
    page(given) == page(&wanted)
}

fn rejected(why: impl Into<String>) -> DeliveryError {
    DeliveryError::Rejected { why: why.into() }
}

#[cfg(test)]
mod tests;
