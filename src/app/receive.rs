//! Takes in what a source delivers: a new inquiry or an update; a repeat changes nothing. What was said there is in
//! `conversation`.

use super::contracts::{checked, checked_at_receipt};
use super::conversation::message_key;
use super::desk::{ActError, App, Order};
use super::facts::{NewWords, facts, revision};
use super::known::{Delivery, Taken, seen_of};
use super::ports::{Mapped, Reference, StoreError, Stored};
use super::routing::route;
use super::seen;
use super::setup::{Assignment, Backlog, ContractRule, Queue, SourceSetup};
use crate::domain::contract::{Finding, Terms};
use crate::domain::ids::{InquiryId, MemberId, QueueId, SourceId, TextId};
use crate::domain::inquiry::{Actor, Checked, Facts, Origin, Receive, There};
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

impl Received {
    /// The same, where something had changed at a try before.
    fn or_before(mut self, is_changed: bool) -> Self {
        self.is_changed |= is_changed;
        self
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

/// How often a document is taken up again: one that is neither new nor known, for a database may break a deadlock by
/// failing both sides, and one of an item at which somebody else works at the same moment.
pub(super) const TRIES: u32 = 64;

/// The most by which a clock over there is believed to be behind.
const BEHIND: SignedDuration = SignedDuration::from_hours(1);

/// The way of what a poll brings.
pub(super) const FETCHED: &str = "poll";

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
        let mark = seen::mark(&mapped, &seen::ground(&self.setup, &source));
        let delivery = Delivery {
            mapped: &mapped,
            source: &source,
            mark: &mark,
            via,
            is_fetched: via == FETCHED,
        };
        let mut is_changed = false;
        let ids = [mapped.external_id.clone()];
        for _ in 0..TRIES {
            // What is gone is never new; everything else is opened without asking.
            if !mapped.is_deleted
                && let Some(mut new) = self.receive_new(&delivery, portal_key.clone()).await?
            {
                if mapped.messages.is_empty() {
                    return Ok(new);
                }
                let known = self.store.known(&mapped.source, &ids).await?;
                if let Some(known) = known.get(&mapped.external_id) {
                    let mut seen = seen_of(known, self.clock.now());
                    let heard = self.receive_messages(&known.stored, &mut seen, &mapped, via);
                    new.is_changed |= heard.await?;
                }
                return Ok(new);
            }
            let known = self.store.known(&mapped.source, &ids).await?;
            let Some(known) = known.get(&mapped.external_id) else {
                if mapped.is_deleted {
                    return Ok(Received::nothing());
                }
                continue;
            };
            match self.take_known(known, &delivery, None).await {
                Ok(Taken::Changed(received) | Taken::Nothing(received)) => {
                    return Ok(received.or_before(is_changed));
                }
                Ok(Taken::Unchanged(received, mark)) => {
                    is_changed |= received.is_changed;
                    if self.store.mark_seen(vec![mark]).await? == [true] {
                        return Ok(received.or_before(is_changed));
                    }
                }
                Ok(Taken::Moved) => {}
                // Somebody else opens what stands for it.
                Err(ReceiveError::Act(ActError::Contended)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ActError::Contended.into())
    }

    /// Opens the inquiry at once, without asking whether it is known: the store answers that.
    async fn receive_new(
        &self,
        delivery: &Delivery<'_>,
        portal_key: Option<String>,
    ) -> Result<Option<Received>, ReceiveError> {
        let Delivery { mapped, source, .. } = delivery;
        let is_backlog = self.is_backlog(mapped, source).await?;
        if is_backlog && (mapped.is_closed || source.backlog == Backlog::Skip) {
            let known = self
                .store
                .by_external(&mapped.source, &mapped.external_id)
                .await?;
            return Ok(match known {
                Some(_) => None,
                None => Some(Received::nothing()),
            });
        }
        let actor = Actor::Source(mapped.source.clone());
        let (receive, order) = self
            .prepare(mapped, source, &actor, delivery.via, is_backlog)
            .await?;
        let seen = seen::at_first(delivery, self.clock.now());
        let Some(done) = self.open(receive, order, (portal_key, Some(seen))).await? else {
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
        let (receive, words) = self
            .new_receipt(mapped, source, mapped.external_id.clone(), is_backlog)
            .await?;
        Ok((receive, self.order(actor, via, mapped, words)))
    }

    /// The receipt of a document under an id, with the words that it names; the contract register is asked.
    pub(super) async fn new_receipt(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        external_id: String,
        is_backlog: bool,
    ) -> Result<(Receive, Vec<(TextId, String)>), StoreError> {
        let mut words = NewWords::new(self);
        let mut facts = self.facts_of(mapped, source, None, &mut words);
        let finding = match is_backlog {
            true => None,
            false => self.contract_of_document(mapped, &facts.product).await?,
        };
        let look = route(&self.setup, mapped, source, finding.as_ref());
        let queue = look.queue.clone();
        let checked = checked_at_receipt(finding, self.setup.queue(&queue));
        if let Some(terms) = checked.as_ref().and_then(|it| it.finding.terms()) {
            facts = self.facts_of(mapped, source, Some(terms), &mut words);
        }
        let routed = look.routed(&facts);
        let mut receive = self
            .new_inquiry(mapped, external_id, facts, queue, is_backlog)
            .await?;
        receive.contract = checked;
        receive.routed = Some(routed);
        Ok((receive, words.made))
    }

    pub(super) fn facts_of(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
        terms: Option<&Terms>,
        words: &mut NewWords<'_>,
    ) -> Facts {
        facts(mapped, source, &self.setup.customers, terms, words)
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
        let owner = mapped
            .owner
            .as_ref()
            .and_then(|name| self.owner_of(&mapped.source, name));
        let assign_to = self.given_out(here, &facts).await?;
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
            link: Default::default(),
            is_backlog,
            there: if mapped.is_closed {
                There::Closed
            } else {
                There::Open
            },
            contract: None,
            routed: None,
        })
    }

    /// Whom the queue gives an inquiry of these facts to as it comes in.
    pub(super) async fn given_out(
        &self,
        here: &Queue,
        facts: &Facts,
    ) -> Result<Option<MemberId>, StoreError> {
        let policy = self.policy(&here.policy).await?;
        let now = self.clock.now();
        let case = Case::of_facts(facts);
        let is_awake = policy.is_awake(case, now) || policy.wakes_from(case, now) == Some(now);
        let rota = self.setup.rota_for(here, facts.region.as_deref(), now);
        Ok(match here.assignment {
            Assignment::Duty if is_awake => Some(self.called(rota, now).await?),
            Assignment::Duty | Assignment::Claim => None,
        })
    }

    /// What the source says now. Only another customer or product makes the register say something else: what it said
    /// before stays, whatever has become of it since.
    pub(super) async fn facts_anew(
        &self,
        stored: &Stored,
        mapped: &Mapped,
        source: &SourceSetup,
        words: &mut NewWords<'_>,
    ) -> Result<(Facts, Option<Checked>), StoreError> {
        let known = &stored.inquiry;
        let facts = self.facts_of(mapped, source, known.terms(), words);
        let is_same =
            facts.customer == known.facts.customer && facts.product == known.facts.product;
        let queue = self.setup.queue(&known.queue);
        if is_same || queue.contract == ContractRule::Off {
            return Ok((facts, None));
        }
        let finding = self.contract_of_document(mapped, &facts.product).await?;
        let terms = finding.as_ref().and_then(Finding::terms);
        let facts = self.facts_of(mapped, source, terms, words);
        Ok((facts, finding.map(|finding| checked(finding, queue))))
    }

    pub(super) fn order(
        &self,
        actor: &Actor,
        via: &str,
        mapped: &Mapped,
        texts: Vec<(TextId, String)>,
    ) -> Order {
        let delivered = mapped.delivery_id.as_ref();
        Order {
            actor: actor.clone(),
            via: via.to_owned(),
            // A message that opened an inquiry is not heard by it once more.
            command_key: match &mapped.heard {
                Some(message) => Some(message_key(mapped, message)),
                None => delivered.map(|id| format!("{}:d:{id}", mapped.source)),
            },
            texts,
        }
    }

    pub(super) fn owner_of(&self, source: &SourceId, name: &str) -> Option<MemberId> {
        let known = self.setup.sources.get(source)?.owners.get(name).cloned();
        known.or_else(|| self.setup.find_member(name).map(|member| member.id.clone()))
    }

    /// Whether an item was last changed before we first met its source.
    pub(super) async fn is_backlog(
        &self,
        mapped: &Mapped,
        source: &SourceSetup,
    ) -> Result<bool, StoreError> {
        if mapped.changed_at.is_none() {
            return Ok(false);
        }
        if let Some(since) = source.since {
            return Ok(is_before(mapped, since));
        }
        let since = self.first_contact(&source.id).await?;
        let is_old = |since| is_before(mapped, since);
        if !is_old(since) || is_old(plus(since, -BEHIND)) {
            return Ok(is_old(since));
        }
        // By a clock that is behind, what was filed since then looks older.
        let state = self.store.source_state(&source.id, self.clock.now());
        let skew = state.await?.skew_ms.filter(|skew| *skew < 0);
        let skew = SignedDuration::from_millis(skew.unwrap_or_default()).max(-BEHIND);
        Ok(is_old(plus(since, skew)))
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
}

/// Whether an item was last changed before an instant, as far as it says when.
pub fn is_before(mapped: &Mapped, since: Timestamp) -> bool {
    mapped.changed_at.is_some_and(|at| end_of(at) < since)
}

/// Whether an item was changed there after an instant here; one that does not say when counts as changed now. A time in
/// whole seconds may be anywhere in its second.
pub(super) fn is_later(mapped: &Mapped, since: Timestamp) -> bool {
    mapped.changed_at.is_none_or(|at| end_of(at) > since)
}

/// The last instant that a written time may mean: trackers cut theirs to seconds.
pub(super) fn end_of(at: Timestamp) -> Timestamp {
    match at.subsec_nanosecond() {
        0 => plus(at, SignedDuration::from_millis(999)),
        _ => at,
    }
}

#[cfg(test)]
mod tests;
