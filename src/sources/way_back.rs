//! Takes answers back: one request, or several in their order, for each act that the source's configuration names.
//!
//! Promises: an outcome says whether it may have arrived. A request that never left, or that was put off unread, is tried
//! again; one whose answer was lost is [`DeliveryError::Unknown`], and so is one that something broke over. One call sends one request and says which is next, so that what has arrived is
//! written down before the next one leaves; a request with a blank address is passed over. Leaves out when and how often: that is the outbox's. A portal needs nothing
//! sent: its status page shows the answer, so it takes replies without a way back.

use super::poll::{is_throttled, rest};
use super::request::{Common, Rendered, quote};
use super::{Contact, Sources, Way};
use crate::app::ports::{DeliveryError, Gone, Handing, WayBack, WriteBack, Writing};
use crate::app::secret::Secret;
use crate::app::source_config::{Act, SourceConfig};
use crate::domain::ids::{SourceId, TextId};
use crate::domain::inquiry::{Answer, Outcome, Workaround, item_of};
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
    acts: BTreeMap<Act, Vec<Rendered>>,
    common: Common,
}

impl Back {
    pub fn compile(config: &SourceConfig) -> Result<Back, (String, String)> {
        let acts = config.way_back.iter().map(|(act, requests)| {
            let key = format!("way_back.{}", act.key());
            let compiled = requests.iter().enumerate().map(|(n, request)| match n {
                0 => Rendered::compile(request, &key),
                _ => Rendered::compile(request, &format!("{key}[{n}]")),
            });
            let requests: Vec<Rendered> = compiled.collect::<Result<_, (String, String)>>()?;
            Ok((*act, requests))
        });
        let acts: Result<_, (String, String)> = acts.collect();
        let mut acts: BTreeMap<Act, Vec<Rendered>> = acts?;
        let common = Common::of(config);
        // A preset whose owner has no field for an act has a blank address for it: then it does not go back.
        let names = Act::WORDS.into_iter().chain(Act::PLACE);
        let seen = common.with(names.map(|name| (name, "0".to_owned())));
        acts.retain(|_, requests| requests.iter().any(|request| !request.is_blank(&seen)));
        Ok(Back { acts, common })
    }

    /// The requests of an act; a kind of an act that has none of its own takes those of the act.
    fn requests(&self, act: Act) -> Option<&[Rendered]> {
        let general = || self.acts.get(&act.general()?);
        self.acts.get(&act).or_else(general).map(Vec::as_slice)
    }
}

#[async_trait]
impl WayBack for Sources {
    fn takes_replies(&self, source: &SourceId) -> bool {
        let takes = |source: &super::Source| match source.way {
            Way::Portal => true,
            Way::Webhook { .. } | Way::Poll(_) => source.back.requests(Act::Reply).is_some(),
            Way::Mail(_) => self.sends(source, Act::Reply),
        };
        self.sources.get(source).is_some_and(takes)
    }

    fn takes(&self, source: &SourceId, act: &WriteBack) -> bool {
        let source = self.sources.get(source);
        source.is_some_and(|source| match source.way {
            Way::Mail(_) => self.sends(source, kind(act)),
            Way::Webhook { .. } | Way::Poll(_) | Way::Portal => {
                source.back.requests(kind(act)).is_some()
            }
        })
    }

    /// Where no request names the words, all of them together stand for them; one with a blank address brings none. Where
    /// there is no request (any more), no words ever leave.
    fn words_leave_at(&self, writing: &Writing<'_>) -> u32 {
        let source = self.sources.get(&writing.origin.source);
        if source.is_some_and(|source| source.mailbox().is_some()) {
            // A letter is one thing.
            return 0;
        }
        let requests = source.and_then(|source| source.back.requests(kind(writing.act)));
        // Where the words have been erased, each request that could have brought them counts.
        let prepared = self.prepared(writing).ok();
        let is_sent = |step: u32, request: &Rendered| {
            let seen = prepared.as_ref().map(|prepared| prepared.seen(step));
            seen.is_none_or(|seen| !request.is_blank(&seen))
        };
        let sent: Vec<(u32, &Rendered)> = (0..)
            .zip(requests.unwrap_or_default())
            .filter(|(step, request)| is_sent(*step, request))
            .collect();
        let says = |(_, request): &&(u32, &Rendered)| request.reads(&Act::SAID);
        let last = sent.iter().rfind(says).or_else(|| sent.last());
        last.map_or(u32::MAX, |(step, _)| *step)
    }

    /// The texts of the requests' bodies (every text of a JSON document, every value of a form), and the plain words.
    fn echoes(&self, writing: &Writing<'_>) -> Vec<String> {
        let Some(source) = self.sources.get(&writing.origin.source) else {
            return Vec::new();
        };
        if let Some(plan) = source.mailbox() {
            let echo = letter_seen(source, writing)
                .ok()
                .and_then(|seen| plan.replies.echo(kind(writing.act), &seen));
            return echo.into_iter().collect();
        }
        let mut echoes = match self.prepared(writing) {
            Ok(prepared) => prepared.bodies().flat_map(|body| put(&body)).collect(),
            Err(_) => Vec::new(),
        };
        // What is sent as markup or with a command comes home as the plain words.
        let words = told(source, writing);
        let words = words.ok().and_then(|mut words| words.remove("text"));
        match words {
            Some(words) if !words.is_empty() && !echoes.contains(&words) => echoes.push(words),
            Some(_) | None => {}
        }
        echoes
    }

    async fn write_back(
        &self,
        writing: &Writing<'_>,
        step: u32,
    ) -> Result<Option<u32>, DeliveryError> {
        let rejected = |why| DeliveryError::Rejected { why };
        let source = self.sources.get(&writing.origin.source);
        if source.is_some_and(|source| source.mailbox().is_some()) {
            return self.send_back(writing, step).await.map(|gone| gone.next);
        }
        let prepared = self.prepared(writing).map_err(rejected)?;
        let Some((turn, way, seen)) = prepared.turn(step) else {
            return match (step, writing.act) {
                (
                    0,
                    WriteBack::Reply { .. }
                    | WriteBack::Bounce { .. }
                    | WriteBack::Resolved { .. }
                    | WriteBack::Aside { .. },
                ) => Err(rejected(
                    "it has no address to go to: its url is blank".to_owned(),
                )),
                _ => Ok(None),
            };
        };
        let request = way.fill(&seen).map_err(rejected)?;
        let exchange = self.client.send(request.answer_cap(ANSWER_CAP)).await;
        let secrets = self.sources.get(&writing.origin.source);
        let secrets = secrets.map_or(&[][..], |source| &source.secrets);
        if let Ok(answer) = &exchange {
            way.judge(answer, secrets)
                .map_err(|why| rejected(format!("the source: {why}")))?;
        }
        outcome(exchange, secrets)?;
        let next = prepared.turn(turn + 1);
        Ok(next.map(|(next, _, _)| next))
    }

    async fn send_back(&self, writing: &Writing<'_>, step: u32) -> Result<Gone, DeliveryError> {
        let rejected = |why| DeliveryError::Rejected { why };
        let source = self.sources.get(&writing.origin.source);
        let Some((source, plan)) = source.and_then(|source| Some((source, source.mailbox()?)))
        else {
            let next = self.write_back(writing, step).await?;
            return Ok(Gone {
                next,
                refused: Vec::new(),
            });
        };
        let seen = letter_seen(source, writing).map_err(rejected)?;
        let text = plan.replies.text(kind(writing.act), &seen);
        let text = text.map_err(rejected)?;
        let post = self.post.as_ref();
        let post = post.ok_or_else(|| rejected("mail cannot be sent here".to_owned()))?;
        let external_id = &writing.origin.external_id;
        let sent = plan
            .replies
            .send(post, &source.id, external_id, text, writing.key);
        let refused = sent.await?;
        Ok(Gone {
            next: None,
            refused,
        })
    }
}

/// The requests of an act, and what their texts see.
struct Prepared<'a> {
    requests: &'a [Rendered],
    common: &'a Common,
    said: Texts,
    key: &'a str,
}

impl<'a> Prepared<'a> {
    /// What the texts of a request see: its key is its own, so that no request is taken for a repetition of another.
    fn seen(&self, step: u32) -> Document {
        let mut seen = self.said.clone();
        let key = match step {
            0 => self.key.to_owned(),
            _ => format!("{}·{}", self.key, step + 1),
        };
        seen.insert("key", key);
        self.common.with(seen)
    }

    /// The bodies of all that is sent.
    fn bodies(&self) -> impl Iterator<Item = String> {
        (0..).zip(self.requests).filter_map(|(step, request)| {
            let seen = self.seen(step);
            let is_sent = !request.is_blank(&seen);
            request.body(&seen).ok().flatten().filter(|_| is_sent)
        })
    }

    /// The first request from a step on that has an address.
    fn turn(&self, from: u32) -> Option<(u32, &'a Rendered, Document)> {
        let mut steps = (0..)
            .zip(self.requests)
            .skip_while(|(step, _)| *step < from);
        steps.find_map(|(step, request)| {
            let seen = self.seen(step);
            (!request.is_blank(&seen)).then_some((step, request, seen))
        })
    }
}

impl Sources {
    /// The requests of an act, and what its texts see.
    fn prepared<'a>(&'a self, writing: &Writing<'a>) -> Result<Prepared<'a>, String> {
        let Writing { origin, act, .. } = *writing;
        let source = self.sources.get(&origin.source);
        let source =
            source.ok_or_else(|| format!("source \"{}\" is not configured", origin.source))?;
        let requests = source.back.requests(kind(act));
        let requests = requests
            .ok_or_else(|| format!("source \"{}\" takes no {}", source.id, kind(act).key()))?;
        Ok(Prepared {
            requests,
            common: &source.back.common,
            said: told(source, writing)?,
            key: writing.key,
        })
    }

    /// Whether an act goes back as a mail.
    fn sends(&self, source: &super::Source, act: Act) -> bool {
        let boxes = self.post.as_ref().map(|post| &post.boxes);
        boxes.is_some_and(|boxes| boxes.contains_key(&source.id))
            && source.mailbox().is_some_and(|plan| plan.replies.takes(act))
    }
}

/// The texts of an act: its words, and what it is about.
fn told(source: &super::Source, writing: &Writing<'_>) -> Result<Texts, String> {
    let origin = writing.origin;
    let mut told = said(writing.act, writing.texts, &source.contact)?;
    if let WriteBack::Aside { title, .. } = writing.act {
        let text = told.remove("text").unwrap_or_default();
        let heading = heading(&words(writing.texts, title)?, writing, source.contact.lang);
        told.insert("text", format!("{heading}\n{text}"));
    }
    let by = writing.by.and_then(|by| source.contact.names.get(by));
    told.extend([
        ("external_id", item_of(&origin.external_id).to_owned()),
        ("item_url", origin.url.clone().unwrap_or_default()),
        ("reference", writing.reference.to_string()),
        ("by", by.cloned().unwrap_or_default()),
    ]);
    Ok(told)
}

/// What the text of an answer by mail sees.
fn letter_seen(source: &super::Source, writing: &Writing<'_>) -> Result<Document, String> {
    let mut told = told(source, writing)?;
    told.insert("key", writing.key.to_owned());
    Ok(source.back.common.with(told))
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
        WriteBack::Owner { how, .. } => match how {
            Handing::Unsaid => Act::Owner,
            Handing::Claimed => Act::Claim,
            Handing::Assigned => Act::Assign,
            Handing::Released => Act::Release,
        },
        WriteBack::Closed => Act::Close,
        WriteBack::Reopened => Act::Reopen,
        WriteBack::Severity { .. } => Act::Severity,
        // Whatever was done: what is asked for a resolution or for sending back may change the item, words alone do not.
        WriteBack::Aside { .. } => Act::Reply,
    }
}

type Texts = BTreeMap<&'static str, String>;

/// The words of an act; every text that a request may name is there, if only empty.
fn said(
    act: &WriteBack,
    texts: &HashMap<TextId, String>,
    contact: &Contact,
) -> Result<Texts, String> {
    let mut said: Texts = Act::WORDS.map(|name| (name, String::new())).into();
    match act {
        WriteBack::Reply { text } | WriteBack::Bounce { text } => {
            said.insert("text", words(texts, text)?);
        }
        WriteBack::Resolved { outcome } => resolved(&mut said, outcome, texts, contact.lang)?,
        WriteBack::Owner {
            member: Some(member),
            ..
        } => {
            let own = contact.own_names.get(member);
            let name = own.or_else(|| contact.names.get(member));
            let name = name.cloned().unwrap_or_else(|| member.to_string());
            said.extend([
                ("owner", name),
                ("owner_id", own.cloned().unwrap_or_default()),
            ]);
        }
        WriteBack::Severity { severity } => {
            said.insert("severity", severity.to_string());
        }
        WriteBack::Aside { said: act, .. } => {
            let mut whole = self::said(act, texts, contact)?;
            said.extend(whole.remove("text").map(|text| ("text", text)));
        }
        WriteBack::Owner { member: None, .. } | WriteBack::Closed | WriteBack::Reopened => {}
    }
    Ok(said)
}

/// How much of a title a heading takes, in characters.
const TITLE: usize = 100;

/// Says which problem the words are about, where the item is about another.
fn heading(title: &str, writing: &Writing<'_>, lang: Lang) -> String {
    let title: Vec<&str> = title.split_whitespace().collect();
    let title = title.join(" ");
    let cut: String = title.chars().take(TITLE).collect();
    let title = match cut.len() < title.len() {
        true => format!("{}…", cut.trim_end()),
        false => cut,
    };
    let args = Args::new()
        .with("reference", writing.reference.to_string())
        .with("title", title.as_str());
    say(lang, msg!("aside-heading"), &args)
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
    match is_throttled(&answer) {
        true => Err(DeliveryError::Retry {
            after,
            why: format!("the source answered {}: {said}", answer.status),
        }),
        false => judged(answer.status, said, after),
    }
}

/// Tells what a status means for something that was to be written. Whoever broke over it, or gave up waiting for what stands
/// behind it, does not say that nothing was written.
fn judged(status: StatusCode, said: String, after: Option<Duration>) -> Result<(), DeliveryError> {
    let why = match said.as_str() {
        "" => format!("the source answered {status}"),
        said => format!("the source answered {status}: {said}"),
    };
    if status.is_success() {
        return Ok(());
    }
    Err(match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_EARLY => {
            DeliveryError::Retry { after, why }
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => DeliveryError::Gone { why },
        StatusCode::REQUEST_TIMEOUT => DeliveryError::Unknown { why },
        status if status.is_server_error() => DeliveryError::Unknown { why },
        _ => DeliveryError::Rejected { why },
    })
}

#[cfg(test)]
mod tests;
