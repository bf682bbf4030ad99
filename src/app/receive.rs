//! Takes in what a source delivers: a new inquiry, an update, messages; a repeat changes nothing.

use super::desk::{ActError, App, Order};
use super::ports::{
    HookError, Mapped, MappedMessage, Reference, Side, StoreError, Stored, Unreadable,
};
use super::setup::{Assignment, Backlog, SourceSetup};
use crate::domain::ids::{InquiryId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{
    Actor, Command, Facts, Flag, Kind, Origin, Receive, Refusal, Revision, Severity,
};
use crate::i18n::Lang;
use crate::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Received {
    pub reference: Option<Reference>,
    pub inquiry: Option<InquiryId>,
    pub is_new: bool,
    /// Whether anything changed; `false` for a redelivery.
    pub is_changed: bool,
    /// An item older than the first contact, not taken.
    pub is_skipped: bool,
}

impl Received {
    /// What becomes of a document that is good and no inquiry.
    pub fn nothing() -> Self {
        Received {
            reference: None,
            inquiry: None,
            is_new: false,
            is_changed: false,
            is_skipped: true,
        }
    }
}

/// Why a delivery could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("source \"{0}\" is not configured")]
    UnknownSource(SourceId),
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<StoreError> for ReceiveError {
    fn from(error: StoreError) -> Self {
        ReceiveError::Act(error.into())
    }
}

impl App {
    /// Takes in a mapped document. Returns only after everything it brought is committed.
    ///
    /// # Errors
    /// When the source is not configured or the store does not answer; the sender should try again.
    pub async fn receive(&self, mapped: Mapped, via: &str) -> Result<Received, ReceiveError> {
        self.receive_filed(mapped, via, None).await
    }

    pub(super) async fn receive_filed(
        &self,
        mapped: Mapped,
        via: &str,
        portal_key: Option<String>,
    ) -> Result<Received, ReceiveError> {
        let source = self
            .setup
            .sources
            .get(&mapped.source)
            .ok_or_else(|| ReceiveError::UnknownSource(mapped.source.clone()))?
            .clone();
        let actor = Actor::Source(mapped.source.clone());
        let mut received = match self
            .receive_new(&mapped, &source, &actor, via, portal_key)
            .await?
        {
            Some(received) => received,
            None => self.receive_update(&mapped, &source, &actor, via).await?,
        };
        if let Some(id) = received.inquiry.clone() {
            for message in &mapped.messages {
                received.is_changed |= self.receive_message(&id, &mapped, message, via).await?;
            }
        }
        Ok(received)
    }

    /// Opens the inquiry at once, without asking whether it is known: the store answers that.
    async fn receive_new(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        actor: &Actor,
        via: &str,
        portal_key: Option<String>,
    ) -> Result<Option<Received>, ReceiveError> {
        let is_backlog = self.is_backlog(mapped, source).await?;
        if is_backlog && source.backlog == Backlog::Skip {
            let known = self
                .store
                .by_external(&mapped.source, &mapped.external_id)
                .await?;
            return Ok(match known {
                Some(_) => None,
                None => Some(Received {
                    reference: None,
                    inquiry: None,
                    is_new: false,
                    is_changed: false,
                    is_skipped: true,
                }),
            });
        }
        let (receive, order) = self.prepare(mapped, source, actor, via, is_backlog).await?;
        let Some(done) = self.open(receive, order, portal_key).await? else {
            return Ok(None);
        };
        Ok(Some(Received {
            reference: Some(done.stored.reference),
            inquiry: Some(done.stored.inquiry.id),
            is_new: !done.is_repeat,
            is_changed: !done.is_repeat,
            is_skipped: false,
        }))
    }

    /// The receipt of a document that is new and wanted; `None` for backlog that is not taken.
    pub(super) async fn receipt_of(
        &self,
        mapped: &Mapped,
        via: &str,
    ) -> Result<Option<(Receive, Order)>, ReceiveError> {
        let source = self
            .setup
            .sources
            .get(&mapped.source)
            .ok_or_else(|| ReceiveError::UnknownSource(mapped.source.clone()))?;
        let is_backlog = self.is_backlog(mapped, source).await?;
        if is_backlog && source.backlog == Backlog::Skip {
            return Ok(None);
        }
        let actor = Actor::Source(mapped.source.clone());
        Ok(Some(
            self.prepare(mapped, source, &actor, via, is_backlog)
                .await?,
        ))
    }

    async fn prepare(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        actor: &Actor,
        via: &str,
        is_backlog: bool,
    ) -> Result<(Receive, Order), StoreError> {
        let mut words = NewWords::new(self);
        let facts = facts(mapped, source, &mut words);
        let queue = self.route(mapped, source);
        let receive = self
            .new_inquiry(mapped, mapped.external_id.clone(), facts, queue, is_backlog)
            .await?;
        Ok((receive, self.order(actor, via, mapped, words.made)))
    }

    async fn new_inquiry(
        &self,
        mapped: &Mapped,
        external_id: String,
        facts: Facts,
        queue: QueueId,
        is_backlog: bool,
    ) -> Result<Receive, StoreError> {
        let here = self.setup.queue(&queue);
        let policy = self.policy(&here.policy).await?;
        let now = self.clock.now();
        let owner = mapped
            .owner
            .as_ref()
            .and_then(|name| self.owner_of(&mapped.source, name));
        let is_awake = policy.working().is_open(now) || policy.wake_up.contains(&facts.severity);
        let assign_to = match here.assignment {
            Assignment::Duty if is_awake => Some(self.called(self.setup.rota(here), now).await?),
            Assignment::Duty | Assignment::Claim => None,
        };
        Ok(Receive {
            id: self.ids.id().into(),
            origin: Origin {
                source: mapped.source.clone(),
                external_id,
                url: mapped.url.clone(),
                revision: Some(revision(mapped)),
            },
            facts,
            queue: here.id.clone(),
            policy: here.policy.clone(),
            escalated_at: mapped.escalated_at,
            assign_to,
            owner,
            follows: None,
            is_backlog,
        })
    }

    async fn receive_update(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        actor: &Actor,
        via: &str,
    ) -> Result<Received, ReceiveError> {
        let stored = self
            .store
            .by_external(&mapped.source, &mapped.external_id)
            .await?;
        let stored = stored.ok_or(ActError::NotFound)?;
        let known = self.store.texts(&text_ids(&stored.inquiry.facts)).await?;
        let mut words = NewWords::new(self);
        words.know(&known);
        let facts = facts(mapped, source, &mut words);
        let order = self.order(actor, via, mapped, words.made);
        let command = Command::Update {
            revision: Some(revision(mapped)),
            facts: Box::new(facts),
            is_closed: mapped.is_closed,
            owner: mapped
                .owner
                .as_ref()
                .and_then(|name| self.owner_of(&mapped.source, name)),
        };
        let done = self.act(&stored.inquiry.id, order, command).await?;
        Ok(Received {
            reference: Some(done.stored.reference),
            inquiry: Some(done.stored.inquiry.id),
            is_new: false,
            is_changed: !done.events.is_empty(),
            is_skipped: false,
        })
    }

    /// A message of the source's conversation, once. What was said before the receipt belongs to the inquiry itself.
    async fn receive_message(
        &self,
        id: &InquiryId,
        mapped: &Mapped,
        message: &MappedMessage,
        via: &str,
    ) -> Result<bool, ReceiveError> {
        let Some(stored) = self.store.inquiry(id).await? else {
            return Ok(false);
        };
        let text: TextId = self.ids.id().into();
        let (actor, command) = match message.by {
            Side::Requester if message.at <= stored.inquiry.received_at => return Ok(false),
            Side::Requester => (
                Actor::Requester,
                Command::RequesterReplied {
                    text: text.clone(),
                    at: message.at,
                },
            ),
            Side::Team => (
                Actor::Source(mapped.source.clone()),
                Command::Replied {
                    at: Some(message.at.min(self.clock.now())),
                    text: Some(text.clone()),
                },
            ),
        };
        let order = Order {
            actor,
            via: via.to_owned(),
            command_key: Some(format!(
                "{}:{}:m:{}",
                mapped.source, mapped.external_id, message.id
            )),
            texts: vec![(text, message.text.clone())],
        };
        match self.act(id, order.clone(), command).await {
            Ok(done) => Ok(!done.events.is_empty()),
            // A team's message of before the receipt answers nothing.
            Err(ActError::Refused(Refusal::BeforeReceipt { .. })) => Ok(false),
            Err(ActError::Refused(Refusal::TooLate { .. })) => {
                self.follow_up(&stored, mapped, message, order).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Long after the end a requester's words are an inquiry of their own, linked to the old one.
    async fn follow_up(
        &self,
        old: &Stored,
        mapped: &Mapped,
        message: &MappedMessage,
        order: Order,
    ) -> Result<bool, ReceiveError> {
        for n in 2u32.. {
            let external_id = format!("{}~{n}", old.inquiry.origin.external_id);
            if let Some(next) = self.store.by_external(&mapped.source, &external_id).await? {
                let text = order
                    .texts
                    .first()
                    .map(|(id, _)| id.clone())
                    .unwrap_or_else(|| self.ids.id().into());
                let command = Command::RequesterReplied {
                    text,
                    at: message.at,
                };
                match self.act(&next.inquiry.id, order.clone(), command).await {
                    Ok(done) => return Ok(!done.events.is_empty()),
                    Err(ActError::Refused(Refusal::TooLate { .. })) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            let mut facts = old.inquiry.facts.clone();
            facts.body = order.texts.first().map(|(id, _)| id.clone());
            facts.needed_by = None;
            let queue = old.inquiry.queue.clone();
            let mut receive = self
                .new_inquiry(mapped, external_id, facts, queue, false)
                .await?;
            receive.follows = Some(old.inquiry.id.clone());
            receive.escalated_at = Some(message.at);
            if self.open(receive, order.clone(), None).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn order(
        &self,
        actor: &Actor,
        via: &str,
        mapped: &Mapped,
        texts: Vec<(TextId, String)>,
    ) -> Order {
        Order {
            actor: actor.clone(),
            via: via.to_owned(),
            command_key: mapped
                .delivery_id
                .as_ref()
                .map(|id| format!("{}:d:{id}", mapped.source)),
            texts,
        }
    }

    fn owner_of(&self, source: &SourceId, name: &str) -> Option<crate::domain::ids::MemberId> {
        let known = self.setup.sources.get(source)?.owners.get(name).cloned();
        known.or_else(|| self.setup.find_member(name).map(|member| member.id.clone()))
    }

    /// The first rule that matches; a rule that cannot be evaluated is logged and does not match.
    pub(super) fn route(&self, mapped: &Mapped, source: &SourceSetup) -> QueueId {
        let document = serde_json::json!({
            "source": mapped.source.as_str(),
            "title": mapped.title,
            "body": mapped.body,
            "requester": mapped.requester,
            "customer": mapped.customer,
            "plan": mapped.plan.as_ref().unwrap_or(&source.defaults.plan),
            "product": mapped.product.as_ref().unwrap_or(&source.defaults.product),
            "region": mapped.region,
            "language": mapped.language,
            "kind": mapped.kind,
            "severity": mapped.severity,
            "business_stopped": mapped.business_stopped,
        });
        for (n, rule) in self.setup.routing.iter().enumerate() {
            match rule.when.test(&document) {
                Ok(true) => return rule.queue.clone(),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(rule = n + 1, source = %mapped.source, "routing rule {} does not apply: {error}", n + 1);
                }
            }
        }
        self.setup.default_queue.clone()
    }

    /// Whether an item was last changed before we first met its source.
    async fn is_backlog(&self, mapped: &Mapped, source: &SourceSetup) -> Result<bool, StoreError> {
        let Some(changed_at) = mapped.changed_at else {
            return Ok(false);
        };
        let since = match source.since {
            Some(since) => since,
            None => self.first_contact(&source.id).await?,
        };
        Ok(changed_at < since)
    }

    async fn first_contact(&self, source: &SourceId) -> Result<Timestamp, StoreError> {
        let known = self
            .first_contact
            .read()
            .expect("nobody panics while holding it")
            .get(source)
            .copied();
        if let Some(since) = known {
            return Ok(since);
        }
        let now = self.clock.now();
        let since = self
            .store
            .source_state(source, now)
            .await?
            .since
            .unwrap_or(now);
        self.first_contact
            .write()
            .expect("nobody panics while holding it")
            .insert(source.clone(), since);
        Ok(since)
    }

    /// Keeps a document that is no inquiry, and tells the operators at once.
    ///
    /// # Errors
    /// When the store does not answer; the sender should try again.
    pub async fn keep_unreadable(
        &self,
        source: &SourceId,
        why: &HookError,
        body: &[u8],
    ) -> Result<String, StoreError> {
        let id = self.ids.id();
        let now = self.clock.now();
        let text = String::from_utf8_lossy(body).replace('\0', "\u{fffd}");
        let first_line: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(120)
            .collect();
        self.store
            .keep_unreadable(Unreadable {
                id: id.clone(),
                source: source.clone(),
                at: now,
                why: why.to_string(),
                body: text,
                replayed_at: None,
            })
            .await?;
        let message = crate::domain::notice::Message::new("notice-unreadable")
            .with("source", plain(source.as_str()))
            .with("why", plain(&why.to_string()))
            .with("first", plain(&first_line))
            .with("id", plain(&id));
        self.tell_operators(message, format!("unreadable·{id}"), now)
            .await?;
        Ok(id)
    }
}

fn plain(text: &str) -> crate::domain::notice::Arg {
    crate::domain::notice::Arg::Plain(text.to_owned())
}

/// The source's own revision, or the hash of what the mapping made of the document.
fn revision(mapped: &Mapped) -> Revision {
    if let Some(revision) = &mapped.revision {
        return Revision::Ordered(revision.clone());
    }
    let fields = serde_json::json!([
        mapped.title,
        mapped.body,
        mapped.requester,
        mapped.customer,
        mapped.plan,
        mapped.product,
        mapped.region,
        mapped.language,
        mapped.kind,
        mapped.severity,
        mapped.business_stopped,
        mapped.needed_by,
        mapped.is_closed,
        mapped.owner,
        mapped.url,
    ]);
    Revision::Content(hex::encode(Sha256::digest(fields.to_string().as_bytes())))
}

/// Gives outside words their ids: the same words keep the id they have, so that "changed" means changed words.
struct NewWords<'a> {
    app: &'a App,
    known: HashMap<String, TextId>,
    made: Vec<(TextId, String)>,
}

impl<'a> NewWords<'a> {
    fn new(app: &'a App) -> Self {
        NewWords {
            app,
            known: HashMap::new(),
            made: Vec::new(),
        }
    }

    fn know(&mut self, texts: &HashMap<TextId, String>) {
        self.known
            .extend(texts.iter().map(|(id, words)| (words.clone(), id.clone())));
    }

    fn id(&mut self, words: &str) -> TextId {
        if let Some(id) = self.known.get(words) {
            return id.clone();
        }
        let id: TextId = self.app.ids.id().into();
        self.known.insert(words.to_owned(), id.clone());
        self.made.push((id.clone(), words.to_owned()));
        id
    }
}

fn text_ids(facts: &Facts) -> Vec<TextId> {
    let optional = [&facts.body, &facts.requester, &facts.customer];
    let flags = facts.flags.iter().map(|flag| &flag.given);
    std::iter::once(&facts.title)
        .chain(optional.into_iter().flatten())
        .chain(flags)
        .cloned()
        .collect()
}

/// Reads the fields: an unknown value takes the default and is flagged with the words that were given.
fn facts(mapped: &Mapped, source: &SourceSetup, words: &mut NewWords<'_>) -> Facts {
    let defaults = &source.defaults;
    let mut flags = Vec::new();
    let mut flag = |words: &mut NewWords<'_>, field: &str, given: &str| {
        flags.push(Flag {
            field: field.to_owned(),
            given: words.id(given),
        });
    };
    let severity = match mapped.severity.as_deref() {
        None => defaults.severity,
        Some(given) => given.parse::<Severity>().unwrap_or_else(|()| {
            flag(words, "severity", given);
            defaults.severity
        }),
    };
    let kind = match mapped.kind.as_deref() {
        None => defaults.kind,
        Some(given) => kind(given).unwrap_or_else(|| {
            flag(words, "kind", given);
            defaults.kind
        }),
    };
    let language = match mapped.language.as_deref() {
        None => defaults.language,
        Some(given) => given.to_lowercase().parse::<Lang>().unwrap_or_else(|_| {
            flag(words, "language", given);
            defaults.language
        }),
    };
    let mut one_of = |words: &mut NewWords<'_>,
                      field: &str,
                      given: &Option<String>,
                      known: &[String],
                      default: &str| {
        match given {
            None => default.to_owned(),
            Some(given) if known.is_empty() || known.contains(given) => given.clone(),
            Some(given) => {
                flag(words, field, given);
                default.to_owned()
            }
        }
    };
    let plan = one_of(
        words,
        "plan",
        &mapped.plan,
        &source.known_plans,
        &defaults.plan,
    );
    let product = one_of(
        words,
        "product",
        &mapped.product,
        &source.known_products,
        &defaults.product,
    );
    let region = match &mapped.region {
        Some(given) if source.known_regions.is_empty() || source.known_regions.contains(given) => {
            Some(given.clone())
        }
        Some(given) => {
            flag(words, "region", given);
            None
        }
        None => None,
    };
    for (field, given) in &mapped.odd {
        flag(words, field, given);
    }
    Facts {
        title: words.id(&mapped.title),
        body: mapped.body.as_deref().map(|body| words.id(body)),
        requester: mapped.requester.as_deref().map(|name| words.id(name)),
        customer: mapped.customer.as_deref().map(|name| words.id(name)),
        plan,
        product,
        region,
        language: language.code().to_owned(),
        kind,
        severity,
        business_stopped: mapped.business_stopped,
        needed_by: mapped.needed_by,
        flags,
    }
}

fn kind(given: &str) -> Option<Kind> {
    match given.trim().to_lowercase().as_str() {
        "investigation" | "調査" => Some(Kind::Investigation),
        "specification" | "仕様確認" => Some(Kind::Specification),
        _ => None,
    }
}
