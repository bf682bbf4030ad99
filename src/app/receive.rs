//! Takes in what a source delivers: a new inquiry or an update; a repeat changes nothing. What was said there is in
//! `conversation`.

use super::desk::{ActError, App, Order};
use super::facts::{NewWords, facts, revision, text_ids};
use super::ports::{HookError, Mapped, Reference, StoreError, Stored, Unreadable};
use super::routing::route;
use super::setup::{Assignment, Backlog, SourceSetup};
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{Actor, Command, Event, Facts, Origin, Ownership, Receive};
use crate::domain::sla::Case;
use crate::time::{SignedDuration, Timestamp, plus};

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

/// How often an item is opened that is neither new nor known: a database may break a deadlock by failing both sides.
pub(super) const TRIES: u32 = 8;

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
        let mut received = None;
        for _ in 0..TRIES {
            let new = self.receive_new(&mapped, &source, &actor, via, portal_key.clone());
            received = match new.await? {
                Some(new) => Some(new),
                None => self.receive_update(&mapped, &source, &actor, via).await?,
            };
            if received.is_some() {
                break;
            }
        }
        let mut received = received.ok_or(ActError::Contended)?;
        if let Some(id) = received.inquiry.clone() {
            received.is_changed |= self.receive_messages(&id, &mapped, via).await?;
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
        if is_backlog && (mapped.is_closed || source.backlog == Backlog::Skip) {
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
        if is_backlog && (mapped.is_closed || source.backlog == Backlog::Skip) {
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
        let facts = facts(mapped, source, &self.setup.customers, &mut words);
        let look = route(&self.setup, mapped, source);
        let queue = look.queue.clone();
        let routed = look.routed(&facts);
        let mut receive = self
            .new_inquiry(mapped, mapped.external_id.clone(), facts, queue, is_backlog)
            .await?;
        receive.routed = Some(routed);
        Ok((receive, self.order(actor, via, mapped, words.made)))
    }

    pub(super) async fn new_inquiry(
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
        let case = Case::of_facts(&facts);
        let is_awake = policy.is_awake(case, now) || policy.wakes_from(case, now) == Some(now);
        let rota = self.setup.rota_for(here, facts.region.as_deref(), now);
        let assign_to = match here.assignment {
            Assignment::Duty if is_awake => Some(self.called(rota, now).await?),
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
            routed: None,
        })
    }

    /// The update of an item that is known; `None` where it is not, because its opening lost a race that nobody won.
    async fn receive_update(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        actor: &Actor,
        via: &str,
    ) -> Result<Option<Received>, ReceiveError> {
        let stored = self
            .store
            .by_external(&mapped.source, &mapped.external_id)
            .await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let known = self.store.texts(&text_ids(&stored.inquiry.facts)).await?;
        let mut words = NewWords::new(self);
        words.know(&known);
        let facts = facts(mapped, source, &self.setup.customers, &mut words);
        let order = self.order(actor, via, mapped, words.made);
        let command = Command::Update {
            revision: Some(revision(mapped)),
            facts: Box::new(facts),
            is_closed: mapped.is_closed && self.is_closing_news(&stored, mapped).await?,
            owner: self.owner_news(&stored, mapped),
        };
        let done = self.act(&stored.inquiry.id, order, command).await?;
        Ok(Some(Received {
            reference: Some(done.stored.reference),
            inquiry: Some(done.stored.inquiry.id),
            is_new: false,
            is_changed: !done.events.is_empty(),
            is_skipped: false,
        }))
    }

    /// The owner that the source names, unless it named them before the last change of hands here: a poll that was
    /// under way meanwhile, or an item that comes twice, must not take anything back.
    fn owner_news(&self, stored: &Stored, mapped: &Mapped) -> Option<MemberId> {
        let (Ownership::Unclaimed { since }
        | Ownership::Assigned { since, .. }
        | Ownership::Owned { since, .. }) = stored.inquiry.ownership;
        let name = mapped.owner.as_ref()?;
        self.owner_of(&mapped.source, name)
            .filter(|_| is_later(mapped, since))
    }

    /// Whether the source closed the item after it was last reopened here.
    async fn is_closing_news(&self, stored: &Stored, mapped: &Mapped) -> Result<bool, StoreError> {
        if !stored.inquiry.is_open() || mapped.changed_at.is_none() {
            return Ok(true);
        }
        let ledger = self.store.ledger(&stored.inquiry.id).await?;
        let mut reopened = ledger
            .iter()
            .filter(|entry| matches!(entry.event, Event::Reopened { .. }));
        Ok(reopened.all(|entry| is_later(mapped, entry.at)))
    }

    pub(super) fn order(
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

    fn owner_of(&self, source: &SourceId, name: &str) -> Option<MemberId> {
        let known = self.setup.sources.get(source)?.owners.get(name).cloned();
        known.or_else(|| self.setup.find_member(name).map(|member| member.id.clone()))
    }

    /// Whether an item was last changed before we first met its source.
    pub(super) async fn is_backlog(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
    ) -> Result<bool, StoreError> {
        let Some(changed_at) = mapped.changed_at else {
            return Ok(false);
        };
        let since = match source.since {
            Some(since) => since,
            None => self.first_contact(&source.id).await?,
        };
        Ok(end_of(changed_at) < since)
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
        // The same document of the same source is one trouble, however often it comes.
        let id = super::snapshot::hash(&format!(
            "{source}
{}",
            String::from_utf8_lossy(body)
        ));
        let id = id[..32].to_owned();
        if self.store.unreadable(&id).await?.is_some() {
            return Ok(id);
        }
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

/// Whether an item was changed there after an instant here; one that does not say when counts as changed now. A time in
/// whole seconds may be anywhere in its second.
fn is_later(mapped: &Mapped, since: Timestamp) -> bool {
    mapped.changed_at.is_none_or(|at| end_of(at) > since)
}

/// The last instant that a written time may mean: trackers cut theirs to seconds.
pub(super) fn end_of(at: Timestamp) -> Timestamp {
    match at.subsec_nanosecond() {
        0 => plus(at, SignedDuration::from_millis(999)),
        _ => at,
    }
}

fn plain(text: &str) -> crate::domain::notice::Arg {
    crate::domain::notice::Arg::Plain(text.to_owned())
}

#[cfg(test)]
mod tests;
