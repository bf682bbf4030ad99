//! A page of a poll taken in: what changes nothing costs one look for all of it, what is new is opened together, and the
//! cursor moves with the last of it.

use super::Came;
use crate::app::desk::{ActError, App, Order};
use crate::app::facts::text_ids;
use crate::app::known::{Delivery, Taken};
use crate::app::pings::Taken as Calls;
use crate::app::ports::{Changes, CommitError, Mapped, MappedMessage, Page, SourceState, Stirred};
use crate::app::receive::{FETCHED, ReceiveError};
use crate::app::seen;
use crate::app::setup::SourceSetup;
use crate::domain::breaker::Breaker;
use crate::domain::ids::{SourceId, TextId};
use crate::domain::inquiry::compare_revisions;
use crate::domain::skew::off_since;
use crate::time::SignedDuration;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How many items are read and opened at once: whoever else writes waits for them.
const TOGETHER: usize = 512;

impl App {
    /// Takes in a page. What is known to change nothing is left alone, and costs one look for all of the page.
    pub(super) async fn take_page(
        &self,
        source: &SourceId,
        page: Page,
        (before, at): (&SourceState, &SourceState),
        came: &mut Came,
    ) -> Result<SourceState, ReceiveError> {
        let known_items = came.items;
        let setup = self.setup.sources.get(source).cloned();
        let setup = setup.ok_or_else(|| ReceiveError::UnknownSource(source.clone()))?;
        // Before the cursor passes them: what is told twice changes nothing.
        for returned in &page.returned {
            self.letter_returned(source, returned).await?;
        }
        let ground = seen::ground(&self.setup, &setup);
        let mut found = Vec::with_capacity(page.items.len());
        let mut unread = Vec::new();
        for item in page.items {
            match item {
                Ok(mapped) => found.push(mapped),
                Err(no_inquiry) => unread.push(no_inquiry),
            }
        }
        if !unread.is_empty() {
            self.keep_unreadables(source, unread).await?;
        }
        let marked = once(found).into_iter().map(|mapped| {
            let mark = seen::mark(&mapped, &ground);
            (mapped, mark)
        });
        let mut read: Vec<(Mapped, String)> = marked.collect();
        let marks = self.store.marks(source, &ids(&read)).await?;
        read.retain(|(mapped, mark)| marks.get(&mapped.external_id) != Some(mark));
        let mut new = Vec::new();
        while !read.is_empty() {
            let rest = read.split_off(read.len().min(TOGETHER));
            let some = std::mem::replace(&mut read, rest);
            new.extend(self.take_some(&setup, some, came).await?);
        }
        let now = self.clock.now();
        let mut state = page.state;
        // Who was out stays so until it is told that they are back.
        state.set_breaker(Breaker {
            opened_at: before.opened_at,
            failing_since: before.failing_since.filter(|_| before.opened_at.is_some()),
            ..Breaker::default()
        });
        state.held = at.held;
        state.last_ok_at = Some(now);
        state.polled_at = Some(now);
        state.skewed_since = state.skew_ms.and_then(|skew| {
            off_since(before.skewed_since, SignedDuration::from_millis(skew), now)
        });
        // The cursor moves with the last of them.
        loop {
            let rest = new.split_off(new.len().min(TOGETHER));
            let some = std::mem::replace(&mut new, rest);
            if came.items > known_items {
                state.last_item_at = Some(now);
            }
            let kept = if new.is_empty() { &state } else { at };
            let kept = self.open_some(&setup, kept, some, came).await?;
            if new.is_empty() {
                state.last_item_at = kept.last_item_at;
                return Ok(state);
            }
        }
    }

    /// Takes in what is known, or brings messages; answers what is new and can be opened together.
    async fn take_some(
        &self,
        setup: &SourceSetup,
        some: Vec<(Mapped, String)>,
        came: &mut Came,
    ) -> Result<Vec<(Mapped, String)>, ReceiveError> {
        let known = self.store.known(&setup.id, &ids(&some)).await?;
        let facts = known.values().map(|known| &known.stored.inquiry.facts);
        let texts: Vec<TextId> = facts.flat_map(text_ids).collect();
        let texts = self.store.texts(&texts).await?;
        let (mut new, mut again, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        for (mapped, mark) in some {
            let Some(item) = known.get(&mapped.external_id) else {
                let is_alone = !mapped.messages.is_empty() || mapped.heard.is_some();
                if is_alone || mapped.is_deleted {
                    self.receive_alone(mapped, setup, came).await?;
                } else {
                    new.push((mapped, mark));
                }
                continue;
            };
            let delivery = Delivery {
                mapped: &mapped,
                source: setup,
                mark: &mark,
                via: FETCHED,
                is_fetched: true,
            };
            match self.take_known(item, &delivery, Some(&texts)).await {
                Ok(Taken::Changed(received) | Taken::Nothing(received)) => {
                    came.items += i64::from(received.is_changed);
                }
                Ok(Taken::Unchanged(received, mark)) => {
                    came.items += i64::from(received.is_changed);
                    marks.push((mapped, mark));
                }
                Ok(Taken::Moved) | Err(ReceiveError::Act(ActError::Contended)) => {
                    again.push(mapped);
                }
                Err(error) => return Err(error),
            }
        }
        let (unchanged, marks): (Vec<_>, Vec<_>) = marks.into_iter().unzip();
        let kept = self.store.mark_seen(marks).await?;
        let moved = unchanged.into_iter().zip(kept);
        again.extend(moved.filter_map(|(mapped, is_kept)| (!is_kept).then_some(mapped)));
        for mapped in again {
            let received = self.receive(mapped, FETCHED).await?;
            came.items += i64::from(received.is_new || received.is_changed);
        }
        Ok(new)
    }

    /// Opens what is new together with the state of the poller, and answers that state. It is kept only once all of it is
    /// in: what somebody else brought meanwhile, or what cannot go with others, is taken in alone before. What is skipped is
    /// no news.
    async fn open_some(
        &self,
        setup: &SourceSetup,
        state: &SourceState,
        some: Vec<(Mapped, String)>,
        came: &mut Came,
    ) -> Result<SourceState, ReceiveError> {
        let mut new = Vec::with_capacity(some.len());
        let mut changes = Vec::with_capacity(some.len());
        for (mapped, mark) in some {
            // Backlog that is not taken stays out.
            if let Some((receive, order)) = self.receipt_of(&mapped, FETCHED).await? {
                came.backlog += i64::from(receive.is_backlog);
                came.items += 1;
                let mut opening = self.opening_changes(receive, &order).await?;
                let delivery = Delivery {
                    mapped: &mapped,
                    source: setup,
                    mark: &mark,
                    via: FETCHED,
                    is_fetched: true,
                };
                opening.seen = Some(seen::at_first(&delivery, self.clock.now()));
                changes.push(opening);
                new.push(mapped);
            }
        }
        let taken: Vec<Calls> = changes.iter().map(Calls::by).collect();
        let mut state = state.clone();
        if !changes.is_empty() {
            state.last_item_at = Some(self.clock.now());
        }
        let source = &setup.id;
        let outcomes = self.store.commit_page(source, &state, changes).await?;
        self.wake.wake(Stirred::Outbox);
        self.wake.wake(Stirred::Timers);
        let mut alone = Vec::new();
        for ((mapped, taken), outcome) in new.into_iter().zip(&taken).zip(outcomes) {
            if outcome.is_err() {
                self.allowances.give_back(taken);
            }
            match outcome {
                Ok(_) | Err(CommitError::Repeated { .. }) => {}
                // Somebody else brought it meanwhile, and this is its update; or it broke, perhaps only beside the others.
                Err(CommitError::Conflict | CommitError::Store(_)) => alone.push(mapped),
            }
        }
        if alone.is_empty() {
            return Ok(state);
        }
        let mut broken = None;
        for mapped in alone {
            let name = mapped.external_id.clone();
            if let Err(error) = self.receive(mapped, FETCHED).await {
                tracing::error!(source = %source, "item {name} of {source} could not be taken in: {error}");
                broken = broken.or(Some(error));
            }
        }
        if let Some(error) = broken {
            return Err(error);
        }
        self.store.commit_page(source, &state, Vec::new()).await?;
        Ok(state)
    }

    /// Takes in an item that cannot go with others.
    async fn receive_alone(
        &self,
        mapped: Mapped,
        setup: &SourceSetup,
        came: &mut Came,
    ) -> Result<(), ReceiveError> {
        let is_backlog = self.is_backlog(&mapped, setup).await?;
        let received = self.receive(mapped, FETCHED).await?;
        came.items += i64::from(received.is_new || received.is_changed);
        came.backlog += i64::from(is_backlog && received.is_new);
        Ok(())
    }

    async fn opening_changes(
        &self,
        receive: crate::domain::inquiry::Receive,
        order: &Order,
    ) -> Result<Changes, ActError> {
        let policy = self.policy(&receive.policy).await?;
        let now = self.clock.now();
        let id = receive.id.clone();
        let events = crate::domain::inquiry::open(receive, &policy, &order.actor, now)?;
        Ok(self.changes(None, &id, &events, order, now).await?)
    }
}

/// Each item once. A list that shows an item in several rows (it was joined with its details) says nothing of an order: taken one
/// after the other they would be news at every look. The last row stands, unless an earlier one has a newer revision, with what
/// was said in any of them. Mails are messages of their conversation, each for itself.
fn once(items: Vec<Mapped>) -> Vec<Mapped> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Mapped> = Vec::with_capacity(items.len());
    for mut item in items {
        if item.heard.is_some() {
            all.push(item);
            continue;
        }
        match places.entry(item.external_id.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(all.len());
                all.push(item);
            }
            Entry::Occupied(place) => {
                let kept = &mut all[*place.get()];
                let revisions = item.revision.as_ref().zip(kept.revision.as_ref());
                if revisions.is_none_or(|(new, old)| compare_revisions(new, old) != Ordering::Less)
                {
                    std::mem::swap(kept, &mut item);
                }
                let said = item.messages.into_iter();
                let is_new = |message: &MappedMessage| {
                    kept.messages.iter().all(|known| known.id != message.id)
                };
                let further: Vec<MappedMessage> = said.filter(is_new).collect();
                kept.messages.splice(0..0, further);
            }
        }
    }
    all
}

fn ids(items: &[(Mapped, String)]) -> Vec<String> {
    let ids = items.iter().map(|(mapped, _)| mapped.external_id.clone());
    ids.collect()
}
