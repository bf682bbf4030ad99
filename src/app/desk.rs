//! The desk as a whole, and the one way in which anything changes: load, decide, commit.
//!
//! A lost race is decided again on what won, so it ends as a refusal that names the winner, on any database
//! and any replica. Nothing is sent inside a commit; what is to be said lies in its outbox.

use super::changes::entries;
use super::duty_book::Shelf;
use super::lost::Lost;
use super::pings::{Allowances, Taken};
use super::ports::*;
use super::setup::Setup;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{
    Actor, Command, Event, Inquiry, PolicyHash, Receive, Refusal, decide, open, refold,
};
use crate::domain::sla::Policy;
use crate::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

/// The use cases with the ports they need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub wake: Arc<dyn Wake>,
    pub way_back: Arc<dyn WayBack>,
    /// The trackers of development; none unless they are put in.
    pub trackers: Arc<dyn Trackers>,
    pub setup: Arc<Setup>,
    /// Policies of former configurations, loaded by hash when an inquiry still follows one.
    former: Arc<RwLock<HashMap<PolicyHash, Arc<Policy>>>>,
    pub(super) shelf: Arc<Shelf>,
    pub(super) allowances: Arc<Allowances>,
    pub(super) first_contact: Arc<RwLock<HashMap<crate::domain::ids::SourceId, Timestamp>>>,
    /// When a delivery of a source, or its refusal with its reason, was last noted.
    pub(super) noted: Arc<Mutex<Noted>>,
}

/// When something was last noted of a source: that a delivery came, or was refused for a kind of reason.
pub(super) type Noted = HashMap<(crate::domain::ids::SourceId, Option<String>), Timestamp>;

/// Who asks for a change, and what makes a repeat harmless.
#[derive(Clone, Debug)]
pub struct Order {
    pub actor: Actor,
    pub via: String,
    pub command_key: Option<String>,
    /// Outside words that the command names.
    pub texts: Vec<(TextId, String)>,
}

/// What a document was compared with, and what is kept of its item from now on.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub version: u64,
    pub write: SeenWrite,
}

/// What a command led to.
#[derive(Clone, Debug)]
pub struct Done {
    pub stored: Stored,
    /// Empty when there was nothing to do, or when the command had been done before.
    pub events: Vec<Event>,
    pub is_repeat: bool,
}

/// Why a command led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no such inquiry")]
    NotFound,
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The inquiry moved on at every try; somebody is very busy with it.
    #[error("the inquiry keeps moving on")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How often a command is decided again before it gives up: far more than a team has hands.
const TRIES: u32 = 256;

impl App {
    /// Puts the desk together.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        wake: Arc<dyn Wake>,
        way_back: Arc<dyn WayBack>,
        setup: Arc<Setup>,
    ) -> Self {
        App {
            store,
            clock,
            ids,
            wake,
            way_back,
            trackers: Arc::new(NoTrackers),
            setup,
            former: Arc::default(),
            shelf: Arc::default(),
            allowances: Arc::default(),
            first_contact: Arc::default(),
            noted: Arc::default(),
        }
    }

    /// The policy of a hash: of the present configuration, or kept from a former one.
    pub async fn policy(&self, hash: &PolicyHash) -> Result<Arc<Policy>, StoreError> {
        if let Some(policy) = self.setup.policies.get(hash) {
            return Ok(policy.clone());
        }
        let known = self
            .former
            .read()
            .expect("nobody panics while holding it")
            .get(hash)
            .cloned();
        if let Some(policy) = known {
            return Ok(policy);
        }
        let kept = self.store.snapshot(&hash.0).await?;
        let kept = kept.ok_or_else(|| {
            StoreError::Unreadable(format!("policy {} is in no snapshot", hash.0))
        })?;
        let policy: Policy = serde_json::from_str(&kept.body)
            .map_err(|error| StoreError::Unreadable(format!("policy {}: {error}", hash.0)))?;
        let policy = Arc::new(policy);
        self.former
            .write()
            .expect("nobody panics while holding it")
            .insert(hash.clone(), policy.clone());
        Ok(policy)
    }

    /// Does a command on an inquiry.
    ///
    /// # Errors
    /// A refusal with what the person needs to know, or a store that does not answer.
    pub async fn act(
        &self,
        id: &InquiryId,
        order: Order,
        command: Command,
    ) -> Result<Done, ActError> {
        let whole = self.told_answers(id, &command).await?;
        self.decide_and_commit(id, order, |inquiry, policy, actor, now| {
            let told = whole.as_ref().filter(|whole| whole.seq == inquiry.seq);
            decide(told.unwrap_or(inquiry), policy, actor, command.clone(), now)
        })
        .await
    }

    /// An inquiry as its ledger tells it, where all its answers are asked for: documents of earlier builds know only some.
    async fn told_answers(
        &self,
        id: &InquiryId,
        command: &Command,
    ) -> Result<Option<Inquiry>, StoreError> {
        let asks = matches!(command, Command::RetractReply | Command::ReplyFailed { .. });
        if !asks {
            return Ok(None);
        }
        Ok(refold(&self.store.ledger(id).await?))
    }

    /// The loop of every change: load, decide, commit; on a conflict once more.
    pub(super) async fn decide_and_commit(
        &self,
        id: &InquiryId,
        order: Order,
        decision: impl Fn(&Inquiry, &Policy, &Actor, Timestamp) -> Result<Vec<Event>, Refusal>
        + Send
        + Sync,
    ) -> Result<Done, ActError> {
        self.decide_and_commit_on(id, order, None, decision).await
    }

    /// The same for what was made of a document, on the version that it was compared with; together with what is kept of
    /// the item. [`ActError::Contended`] when the inquiry, or what is kept of the item, has moved on.
    pub(super) async fn decide_and_commit_on(
        &self,
        id: &InquiryId,
        order: Order,
        compared: Option<Compared>,
        decision: impl Fn(&Inquiry, &Policy, &Actor, Timestamp) -> Result<Vec<Event>, Refusal>
        + Send
        + Sync,
    ) -> Result<Done, ActError> {
        let mut lost: Option<Lost> = None;
        for _ in 0..TRIES {
            if let Some(lost) = &lost
                && let Some(done) = self.came_through(lost).await?
            {
                return Ok(done);
            }
            let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
            if let Some(compared) = &compared
                && compared.version != stored.inquiry.seq
            {
                return Err(ActError::Contended);
            }
            let policy = self.policy(&stored.inquiry.policy).await?;
            let now = self.clock.now();
            let events = match decision(&stored.inquiry, &policy, &order.actor, now) {
                Ok(events) => events,
                // What had been done under this key before is not refused to its own repeat.
                Err(refusal) => {
                    return match self.repeated(&order).await? {
                        Some(done) => Ok(done),
                        None => Err(refusal.into()),
                    };
                }
            };
            if events.is_empty() {
                return Ok(Done {
                    stored,
                    events,
                    is_repeat: false,
                });
            }
            let mut changes = self
                .changes(Some(&stored.inquiry), id, &events, &order, now)
                .await?;
            changes.seen = compared.as_ref().map(|compared| compared.write.clone());
            let after = changes.inquiry.clone();
            let next = changes.deadline;
            let taken = Taken::by(&changes);
            match self.store.commit(changes).await {
                Ok(committed) => {
                    self.stir();
                    let stored = Stored {
                        reference: committed.reference,
                        inquiry: after,
                        deadline: next,
                    };
                    return Ok(Done {
                        stored,
                        events,
                        is_repeat: false,
                    });
                }
                Err(CommitError::Conflict) => {
                    self.allowances.give_back(&taken);
                    if compared.is_some() && lost.is_none() {
                        return Err(ActError::Contended);
                    }
                }
                Err(CommitError::Repeated { inquiry, .. }) => {
                    self.allowances.give_back(&taken);
                    return self.done_before(&inquiry).await;
                }
                // Twice in a row is no accident: whoever asked hears that it is not known.
                Err(CommitError::Store(StoreError::Unknown(why))) if lost.is_none() => {
                    let entries = entries(Some(&stored.inquiry), id, &events, &order, now);
                    lost = Some(Lost { entries, why });
                }
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(ActError::Contended)
    }

    /// Opens a new inquiry. `Ok(None)` when the external id is known already: then it is an update.
    ///
    /// A deadlock that the database broke answers the same: whoever does not find the item tries again.
    pub(super) async fn open(
        &self,
        receive: Receive,
        order: Order,
        (portal_key, seen): (Option<String>, Option<SeenWrite>),
    ) -> Result<Option<Done>, ActError> {
        let policy = self.policy(&receive.policy).await?;
        let now = self.clock.now();
        let id = receive.id.clone();
        let events = open(receive, &policy, &order.actor, now)?;
        let mut changes = self.changes(None, &id, &events, &order, now).await?;
        changes.portal_key.clone_from(&portal_key);
        changes.seen.clone_from(&seen);
        let after = changes.inquiry.clone();
        let next = changes.deadline;
        let taken = Taken::by(&changes);
        let mut outcome = self.store.commit(changes).await;
        if let Err(CommitError::Store(StoreError::Unknown(why))) = outcome {
            let entries = entries(None, &id, &events, &order, now);
            let lost = Lost { entries, why };
            if let Some(done) = self.came_through(&lost).await? {
                return Ok(Some(done));
            }
            // It has an id of its own, so that it cannot be there twice; one that is still under way is a conflict.
            let mut again = self.changes(None, &id, &events, &order, now).await?;
            again.portal_key = portal_key;
            again.seen = seen;
            outcome = self.store.commit(again).await;
            if let Err(CommitError::Conflict | CommitError::Repeated { .. }) = outcome
                && let Some(done) = self.came_through(&lost).await?
            {
                return Ok(Some(done));
            }
        }
        match outcome {
            Ok(committed) => {
                self.stir();
                let stored = Stored {
                    reference: committed.reference,
                    inquiry: after,
                    deadline: next,
                };
                Ok(Some(Done {
                    stored,
                    events,
                    is_repeat: false,
                }))
            }
            Err(CommitError::Conflict) => {
                self.allowances.give_back(&taken);
                Ok(None)
            }
            Err(CommitError::Repeated { inquiry, .. }) => {
                self.allowances.give_back(&taken);
                Ok(Some(self.done_before(&inquiry).await?))
            }
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    pub(super) fn stir(&self) {
        self.wake.wake(Stirred::Outbox);
        self.wake.wake(Stirred::Timers);
        self.wake.wake(Stirred::Cards);
    }
}
