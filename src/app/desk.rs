//! The desk as a whole, and the one way in which anything changes: load, decide, commit.
//!
//! A lost race is decided again on what won, so it ends as a refusal that names the winner, on any database
//! and any replica. Nothing is sent inside a commit; what is to be said lies in its outbox.

use super::duty_book::Shelf;
use super::pings::{Allowances, Calling};
use super::ports::*;
use super::setup::{Queue, Setup};
use crate::domain::announce::announce;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{
    Actor, Command, Entry, Event, Inquiry, PolicyHash, Receive, Refusal, decide, evolve, open,
};
use crate::domain::notice::NoticePlace;
use crate::domain::sla::{Policy, next_after};
use crate::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The use cases with the ports they need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub wake: Arc<dyn Wake>,
    pub way_back: Arc<dyn WayBack>,
    pub setup: Arc<Setup>,
    /// Policies of former configurations, loaded by hash when an inquiry still follows one.
    former: Arc<RwLock<HashMap<PolicyHash, Arc<Policy>>>>,
    pub(super) shelf: Arc<Shelf>,
    pub(super) allowances: Arc<Allowances>,
    pub(super) first_contact: Arc<RwLock<HashMap<crate::domain::ids::SourceId, Timestamp>>>,
}

/// Who asks for a change, and what makes a repeat harmless.
#[derive(Clone, Debug)]
pub struct Order {
    pub actor: Actor,
    pub via: String,
    pub command_key: Option<String>,
    /// Outside words that the command names.
    pub texts: Vec<(TextId, String)>,
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

/// A commit whose answer was lost.
struct Lost {
    entries: Vec<Entry>,
    why: String,
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
            setup,
            former: Arc::default(),
            shelf: Arc::default(),
            allowances: Arc::default(),
            first_contact: Arc::default(),
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
        self.decide_and_commit(id, order, |inquiry, policy, actor, now| {
            decide(inquiry, policy, actor, command.clone(), now)
        })
        .await
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
        let mut lost: Option<Lost> = None;
        for _ in 0..TRIES {
            if let Some(lost) = &lost
                && let Some(done) = self.came_through(lost).await?
            {
                return Ok(done);
            }
            let stored = self.store.inquiry(id).await?.ok_or(ActError::NotFound)?;
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
            let changes = self
                .changes(Some(&stored.inquiry), id, &events, &order, now)
                .await?;
            let after = changes.inquiry.clone();
            let next = changes.deadline;
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
                Err(CommitError::Conflict) => {}
                Err(CommitError::Repeated { inquiry, .. }) => {
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

    /// Reads what became of a commit whose answer was lost: `None` when it is not in the ledger.
    ///
    /// It may still be under way. Then a second commit waits for it, for both change the same version of the same
    /// row, and meets a conflict if it came through: so it is looked for after every conflict, and never doubled.
    async fn came_through(&self, lost: &Lost) -> Result<Option<Done>, StoreError> {
        let unknown = |_| StoreError::Unknown(lost.why.clone());
        let Some(first) = lost.entries.first() else {
            return Ok(None);
        };
        let ledger = self.store.ledger(&first.inquiry).await.map_err(unknown)?;
        let mut there = ledger.iter().skip_while(|entry| entry.seq < first.seq);
        if !lost.entries.iter().all(|entry| there.next() == Some(entry)) {
            return Ok(None);
        }
        let stored = self.store.inquiry(&first.inquiry).await.map_err(unknown)?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        self.stir();
        Ok(Some(Done {
            stored,
            events: lost
                .entries
                .iter()
                .map(|entry| entry.event.clone())
                .collect(),
            is_repeat: false,
        }))
    }

    async fn repeated(&self, order: &Order) -> Result<Option<Done>, ActError> {
        let Some(key) = &order.command_key else {
            return Ok(None);
        };
        match self.store.by_command_key(key).await? {
            Some((inquiry, _)) => Ok(Some(self.done_before(&inquiry).await?)),
            None => Ok(None),
        }
    }

    async fn done_before(&self, inquiry: &InquiryId) -> Result<Done, ActError> {
        let stored = self
            .store
            .inquiry(inquiry)
            .await?
            .ok_or(ActError::NotFound)?;
        Ok(Done {
            stored,
            events: Vec::new(),
            is_repeat: true,
        })
    }

    /// Opens a new inquiry. `Ok(None)` when the external id is known already: then it is an update.
    pub(super) async fn open(
        &self,
        receive: Receive,
        order: Order,
        portal_key: Option<String>,
    ) -> Result<Option<Done>, ActError> {
        let policy = self.policy(&receive.policy).await?;
        let now = self.clock.now();
        let id = receive.id.clone();
        let events = open(receive, &policy, &order.actor, now)?;
        let mut changes = self.changes(None, &id, &events, &order, now).await?;
        changes.portal_key.clone_from(&portal_key);
        let after = changes.inquiry.clone();
        let next = changes.deadline;
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
            Err(CommitError::Conflict) => Ok(None),
            Err(CommitError::Repeated { inquiry, .. }) => {
                Ok(Some(self.done_before(&inquiry).await?))
            }
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// Works out everything that a decision changes: ledger lines, the next deadline, what is to be said.
    pub(super) async fn changes(
        &self,
        before: Option<&Inquiry>,
        id: &InquiryId,
        events: &[Event],
        order: &Order,
        now: Timestamp,
    ) -> Result<Changes, StoreError> {
        let expected = before.map_or(0, |inquiry| inquiry.seq);
        let entries = entries(before, id, events, order, now);
        let mut states = Vec::with_capacity(entries.len());
        let mut state = before.cloned();
        for entry in &entries {
            let next = evolve(state.clone(), entry);
            states.push(state.replace(next));
        }
        let after = state.expect("a decision has at least one event");
        let policy = self.policy(&after.policy).await?;
        let queue = self.setup.queue(&after.queue);
        let (mut outbox, mut pings) = (Vec::new(), Vec::new());
        for (entry, before) in entries.iter().zip(&states) {
            self.say(
                entry,
                before.as_ref(),
                &after,
                &policy,
                queue,
                now,
                (&mut outbox, &mut pings),
            )
            .await?;
        }
        let boards = self
            .boards_moved(before, &after, &policy, now, &mut outbox)
            .await?;
        Ok(Changes {
            deadline: next_after(&after, &policy, now),
            cards: self.card_places(before, &after),
            boards,
            pings,
            inquiry: after,
            expected,
            entries,
            texts: order.texts.clone(),
            outbox,
            command_key: order.command_key.clone(),
            portal_key: None,
        })
    }

    /// The places of the inquiry's queue; after a transfer also those it leaves, for a last edit.
    fn card_places(&self, before: Option<&Inquiry>, after: &Inquiry) -> Vec<Place> {
        let mut places = self.setup.queue(&after.queue).places.clone();
        if let Some(before) = before.filter(|before| before.queue != after.queue) {
            for place in &self.setup.queue(&before.queue).places {
                if !places.contains(place) {
                    places.push(place.clone());
                }
            }
        }
        places
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one commit, named once"
    )]
    async fn say(
        &self,
        entry: &Entry,
        before: Option<&Inquiry>,
        after: &Inquiry,
        policy: &Policy,
        queue: &Queue,
        now: Timestamp,
        (outbox, pings): (&mut Vec<NewOutbox>, &mut Vec<Ping>),
    ) -> Result<(), StoreError> {
        let is_urgent = after.is_open()
            && matches!(
                after.urgency,
                crate::domain::inquiry::Urgency::Urgent { .. }
            );
        for (n, notice) in announce(before, entry, after, policy)
            .into_iter()
            .enumerate()
        {
            let meant = self
                .people_meant(&notice.audience, Some(after), queue, &entry.actor, now)
                .await?;
            let meant = self.with_second(&notice, queue, meant, now).await?;
            let calling = Calling::of((entry, n), &notice, after, queue, policy);
            let mentions = self.called_by(&calling, meant, pings).await?;
            outbox.extend(self.letters((entry.seq, n), &notice, after, now));
            let what = match notice.place {
                NoticePlace::Card => Delivery::Card {
                    mentions,
                    is_urgent,
                },
                NoticePlace::Thread | NoticePlace::Channel | NoticePlace::Operators => {
                    Delivery::Notice { notice, mentions }
                }
            };
            for place in &queue.places {
                outbox.push(self.row(
                    after,
                    place,
                    what.clone(),
                    format!("{}·{n}", entry.seq),
                    now,
                ));
            }
        }
        if let Event::Transferred { .. } = entry.event {
            let mentions = self
                .people_meant(
                    &[crate::domain::sla::Audience::Duty],
                    Some(after),
                    queue,
                    &entry.actor,
                    now,
                )
                .await?;
            for place in &queue.places {
                let what = Delivery::Card {
                    mentions: mentions.clone(),
                    is_urgent,
                };
                outbox.push(self.row(after, place, what, format!("{}·card", entry.seq), now));
            }
        }
        if let Some(act) = write_back(entry, after)
            && self.way_back.takes(&after.origin.source, &act)
        {
            let source = after.origin.source.clone();
            let place = Place {
                platform: SOURCE_LANE.to_owned(),
                channel: source.to_string(),
            };
            let what = Delivery::WriteBack {
                source,
                seq: entry.seq,
                act,
            };
            outbox.push(self.row(after, &place, what, back_tail(entry.seq), now));
        }
        Ok(())
    }

    pub(super) fn row(
        &self,
        after: &Inquiry,
        place: &Place,
        what: Delivery,
        tail: String,
        now: Timestamp,
    ) -> NewOutbox {
        NewOutbox {
            id: self.ids.id(),
            lane: format!("{}|{}|{}", place.platform, place.channel, after.id),
            inquiry: Some(after.id.clone()),
            place: place.clone(),
            what,
            key: row_key(&after.id, &tail, &place.platform),
            not_before: now,
        }
    }

    fn stir(&self) {
        self.wake.wake(Stirred::Outbox);
        self.wake.wake(Stirred::Timers);
        self.wake.wake(Stirred::Cards);
    }
}

/// The platform word of outbox rows that go back to a source.
pub const SOURCE_LANE: &str = "source";

/// The ledger lines of a decision.
fn entries(
    before: Option<&Inquiry>,
    id: &InquiryId,
    events: &[Event],
    order: &Order,
    now: Timestamp,
) -> Vec<Entry> {
    let expected = before.map_or(0, |inquiry| inquiry.seq);
    let lines = (expected + 1..).zip(events).map(|(seq, event)| Entry {
        inquiry: id.clone(),
        seq,
        at: now,
        actor: order.actor.clone(),
        via: order.via.clone(),
        event: event.clone(),
    });
    lines.collect()
}

fn row_key(inquiry: &InquiryId, tail: &str, platform: &str) -> String {
    format!("{inquiry}·{tail}·{platform}")
}

fn back_tail(seq: u64) -> String {
    format!("{seq}·back")
}

/// The key of what went back to the source for an entry.
pub(super) fn back_key(inquiry: &InquiryId, seq: u64) -> String {
    row_key(inquiry, &back_tail(seq), SOURCE_LANE)
}

/// What of an entry may go back to the source. What the source did itself never does.
pub(super) fn write_back(entry: &Entry, after: &Inquiry) -> Option<WriteBack> {
    if matches!(entry.actor, Actor::Source(_) | Actor::Requester) {
        return None;
    }
    match &entry.event {
        Event::Replied { text, .. } => Some(WriteBack::Reply { text: text.clone() }),
        Event::Resolved { outcome } => Some(WriteBack::Resolved {
            outcome: outcome.clone(),
        }),
        Event::Claimed { .. }
        | Event::Accepted { .. }
        | Event::TakenOver { .. }
        | Event::Assigned { .. }
        | Event::Released { .. } => Some(WriteBack::Owner {
            member: after.holder().cloned(),
        }),
        Event::Closed { .. } => Some(WriteBack::Closed),
        _ => None,
    }
}
