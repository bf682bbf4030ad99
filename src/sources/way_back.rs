//! Takes answers back: one request for each act that the source's configuration names.
//!
//! Promises: an outcome says whether it may have arrived. A request that never left is tried again, one whose answer
//! was lost is [`DeliveryError::Unknown`]. Leaves out when and how often: that is the outbox's. A portal needs nothing
//! sent: its status page shows the answer, so it takes replies without a way back.

use super::poll::{is_passing, rest};
use super::request::{Common, Rendered, quote};
use super::{Contact, Sources, Way};
use crate::app::ports::{DeliveryError, Reference, WayBack, WriteBack};
use crate::app::secret::Secret;
use crate::app::source_config::{Act, SourceConfig};
use crate::domain::ids::{SourceId, TextId};
use crate::domain::inquiry::{Answer, Origin, Outcome, Workaround};
use crate::expr::Document;
use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::net::{self, Failure, NotSent, StatusCode};
use crate::time::Timestamp;
use async_trait::async_trait;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// The most bytes of an answer to a write: nothing of it is used but the reason of a refusal.
const ANSWER_CAP: usize = 256 * 1024;

/// The way back of one source.
#[derive(Debug)]
pub(super) struct Back {
    acts: BTreeMap<Act, Rendered>,
    common: Common,
}

impl Back {
    pub fn compile(config: &SourceConfig) -> Result<Back, (String, String)> {
        let acts = config.way_back.iter().map(|(act, request)| {
            let key = format!("way_back.{}", act.key());
            Rendered::compile(request, &key).map(|request| (*act, request))
        });
        let mut acts: BTreeMap<Act, Rendered> = acts.collect::<Result<_, _>>()?;
        let common = Common::of(config);
        // A preset whose owner has no field for an act has a blank address for it: then it does not go back.
        let names = WORDS.into_iter().chain(PLACE);
        let seen = common.with(names.map(|name| (name, "0".to_owned())));
        acts.retain(|_, request| !request.is_blank(&seen));
        Ok(Back { acts, common })
    }

    /// How an act goes back; what is sent back to its requester goes as a reply where it has no way of its own.
    fn request(&self, act: &WriteBack) -> Option<&Rendered> {
        let reply = || self.acts.get(&Act::Reply);
        match kind(act) {
            Act::Bounce => self.acts.get(&Act::Bounce).or_else(reply),
            kind @ (Act::Reply | Act::Answer | Act::Owner | Act::Close) => self.acts.get(&kind),
        }
    }
}

/// The words of an act that a request may name.
const WORDS: [&str; 8] = [
    "text",
    "cause",
    "workaround",
    "no_workaround",
    "answer",
    "category",
    "owner",
    "owner_id",
];

/// What an act is about.
const PLACE: [&str; 4] = ["external_id", "item_url", "reference", "key"];

#[async_trait]
impl WayBack for Sources {
    fn takes_replies(&self, source: &SourceId) -> bool {
        let takes = |source: &super::Source| match source.way {
            Way::Portal => true,
            Way::Webhook { .. } | Way::Poll(_) => source.back.acts.contains_key(&Act::Reply),
        };
        self.sources.get(source).is_some_and(takes)
    }

    fn takes(&self, source: &SourceId, act: &WriteBack) -> bool {
        let source = self.sources.get(source);
        source.is_some_and(|source| source.back.request(act).is_some())
    }

    /// The texts of the request's body: every text of a JSON document, every value of a form.
    fn echoes(
        &self,
        origin: &Origin,
        reference: Reference,
        act: &WriteBack,
        texts: &HashMap<TextId, String>,
        key: &str,
    ) -> Vec<String> {
        let prepared = self.prepared(origin, reference, act, texts, key);
        let body = prepared.and_then(|(request, seen)| request.body(&seen));
        body.ok().flatten().map_or_else(Vec::new, |body| put(&body))
    }

    async fn write_back(
        &self,
        origin: &Origin,
        reference: Reference,
        act: &WriteBack,
        texts: &HashMap<TextId, String>,
        key: &str,
    ) -> Result<(), DeliveryError> {
        let rejected = |why| DeliveryError::Rejected { why };
        let (way, seen) = self
            .prepared(origin, reference, act, texts, key)
            .map_err(rejected)?;
        let request = way.fill(&seen).map_err(rejected)?;
        let exchange = self.client.send(request.answer_cap(ANSWER_CAP)).await;
        let secrets = self.sources.get(&origin.source);
        let secrets = secrets.map_or(&[][..], |source| &source.secrets);
        if let Ok(answer) = &exchange {
            way.judge(answer, secrets)
                .map_err(|why| rejected(format!("the source: {why}")))?;
        }
        outcome(exchange, secrets)
    }
}

impl Sources {
    /// The request of an act, and what its texts see.
    fn prepared(
        &self,
        origin: &Origin,
        reference: Reference,
        act: &WriteBack,
        texts: &HashMap<TextId, String>,
        key: &str,
    ) -> Result<(&Rendered, Document), String> {
        let source = self.sources.get(&origin.source);
        let source =
            source.ok_or_else(|| format!("source \"{}\" is not configured", origin.source))?;
        let request = source.back.request(act);
        let request = request
            .ok_or_else(|| format!("source \"{}\" takes no {}", source.id, kind(act).key()))?;
        let mut seen = said(act, texts, &source.contact)?;
        seen.extend([
            ("external_id", origin.external_id.clone()),
            ("item_url", origin.url.clone().unwrap_or_default()),
            ("reference", reference.to_string()),
            ("key", key.to_owned()),
        ]);
        Ok((request, source.back.common.with(seen)))
    }
}

/// The texts that stand in a body.
fn put(body: &str) -> Vec<String> {
    fn collect(value: Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text),
            Value::Array(items) => items.into_iter().for_each(|item| collect(item, texts)),
            Value::Object(fields) => fields
                .into_iter()
                .for_each(|(_, item)| collect(item, texts)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut texts = Vec::new();
    match serde_json::from_str(body) {
        Ok(value) => collect(value, &mut texts),
        Err(_) => {
            let form = url::form_urlencoded::parse(body.as_bytes());
            texts.extend(form.map(|(_, value)| value.into_owned()));
        }
    }
    texts
}

fn kind(act: &WriteBack) -> Act {
    match act {
        WriteBack::Reply { .. } => Act::Reply,
        WriteBack::Bounce { .. } => Act::Bounce,
        WriteBack::Resolved { .. } => Act::Answer,
        WriteBack::Owner { .. } => Act::Owner,
        WriteBack::Closed => Act::Close,
    }
}

type Texts = BTreeMap<&'static str, String>;

/// The words of an act; every text that a request may name is there, if only empty.
fn said(
    act: &WriteBack,
    texts: &HashMap<TextId, String>,
    contact: &Contact,
) -> Result<Texts, String> {
    let mut said: Texts = WORDS.map(|name| (name, String::new())).into();
    match act {
        WriteBack::Reply { text } | WriteBack::Bounce { text } => {
            said.insert("text", words(texts, text)?);
        }
        WriteBack::Resolved { outcome } => resolved(&mut said, outcome, texts, contact.lang)?,
        WriteBack::Owner {
            member: Some(member),
        } => {
            let own = contact.own_names.get(member);
            let name = own.or_else(|| contact.names.get(member));
            let name = name.cloned().unwrap_or_else(|| member.to_string());
            said.extend([
                ("owner", name),
                ("owner_id", own.cloned().unwrap_or_default()),
            ]);
        }
        WriteBack::Owner { member: None } | WriteBack::Closed => {}
    }
    Ok(said)
}

fn resolved(
    said: &mut Texts,
    outcome: &Outcome,
    texts: &HashMap<TextId, String>,
    lang: Lang,
) -> Result<(), String> {
    said.insert("category", outcome.category.clone());
    match &outcome.answer {
        Answer::Investigation { cause, workaround } => {
            let cause = words(texts, cause)?;
            let args = Args::new().with("cause", cause.as_str());
            let mut whole = say(lang, msg!("answer-cause"), &args);
            whole.push_str("\n\n");
            match workaround {
                Workaround::Given { text } => {
                    let text = words(texts, text)?;
                    let args = Args::new().with("workaround", text.as_str());
                    whole.push_str(&say(lang, msg!("answer-workaround"), &args));
                    said.insert("workaround", text);
                }
                Workaround::None { reason } => {
                    let reason = words(texts, reason)?;
                    let args = Args::new().with("reason", reason.as_str());
                    whole.push_str(&say(lang, msg!("answer-no-workaround"), &args));
                    said.insert("no_workaround", reason);
                }
            }
            said.extend([("cause", cause), ("text", whole)]);
        }
        Answer::Specification { answer } => {
            let answer = words(texts, answer)?;
            said.extend([("text", answer.clone()), ("answer", answer)]);
        }
        Answer::AtSource => {}
    }
    Ok(())
}

fn words(texts: &HashMap<TextId, String>, id: &TextId) -> Result<String, String> {
    let text = texts.get(id).cloned();
    text.ok_or_else(|| "its words have been erased".to_owned())
}

/// What an exchange means for the outbox.
fn outcome(
    exchange: Result<net::Answer, Failure>,
    secrets: &[Secret],
) -> Result<(), DeliveryError> {
    let answer = match exchange {
        Ok(answer) => answer,
        Err(Failure::TooLarge { status, .. }) => return judged(status, String::new(), None),
        Err(Failure::Unknown(unknown)) => {
            let why = unknown.to_string();
            return Err(DeliveryError::Unknown { why });
        }
        Err(Failure::NotSent(not_sent)) => {
            let why = not_sent.to_string();
            return Err(match not_sent {
                NotSent::Invalid(_) | NotSent::Refused(_) => DeliveryError::Rejected { why },
                NotSent::Connect(_) | NotSent::ConnectTimeout | NotSent::Tls(_) => {
                    DeliveryError::Retry { after: None, why }
                }
            });
        }
    };
    let said = quote(&answer.body, secrets);
    // A date in Retry-After is not known here without a clock; seconds are what such servers send.
    let after = rest(&answer, Timestamp::MAX).filter(|after| !after.is_zero());
    judged(answer.status, said, after)
}

fn judged(status: StatusCode, said: String, after: Option<Duration>) -> Result<(), DeliveryError> {
    let why = match said.as_str() {
        "" => format!("the source answered {status}"),
        said => format!("the source answered {status}: {said}"),
    };
    if status.is_success() {
        return Ok(());
    }
    Err(if is_passing(status) {
        DeliveryError::Retry { after, why }
    } else if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
        DeliveryError::Gone { why }
    } else {
        DeliveryError::Rejected { why }
    })
}

#[cfg(test)]
mod tests;
