//! The duty book in use: read once a business second, decided on, written, and said.
//!
//! As with an inquiry a lost race is decided again on what won, so that it ends as a refusal that names it, on any
//! database and any replica. What is to be said lies in the same transaction as the lines that say it, and so does
//! the instant at which the book is looked at next. Leaves out how a request becomes a command (`arrange.rs`).

mod line;

pub use line::{from_stored, to_stored};

use super::desk::{ActError, App, Order};
use super::ports::*;
use super::setup::{Queue, Setup};
use crate::domain::ids::MemberId;
use crate::domain::rota::book::{
    Book, DutyCommand, DutyEntry, DutyEvent, DutyRefusal, Said, Team, announce, decide, evolve,
    next_at, overrides,
};
use crate::domain::rota::{Override, Rota};
use crate::time::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, RwLock};

/// The subject of the one timer row.
pub const SUBJECT: &str = "duty";

/// How old the book may be: what another replica wrote holds after at most this.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// How often a command is decided again before it gives up: more than a team has hands.
const TRIES: u32 = 64;

/// The book as it was read last.
#[derive(Default)]
pub struct Shelf {
    read: RwLock<Option<(Timestamp, Arc<Kept>)>>,
}

/// The folded book, and which commands are in it.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub book: Book,
    /// What lies over each rota, by its name, as rotas take it.
    pub laid: HashMap<String, Vec<Override>>,
    keys: BTreeSet<String>,
}

/// What a command on the book led to.
#[derive(Clone, Debug)]
pub struct BookDone {
    /// Empty when there was nothing to do, or when it had been done before.
    pub entries: Vec<DutyEntry>,
    pub is_repeat: bool,
    /// The book as it is now.
    pub book: Arc<Kept>,
}

/// Why a command on the book led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    #[error(transparent)]
    Refused(#[from] DutyRefusal),
    #[error("the duty book keeps moving on")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BookError> for ActError {
    /// For what time asks, which is never refused.
    fn from(error: BookError) -> Self {
        match error {
            BookError::Store(error) => ActError::Store(error),
            BookError::Refused(_) | BookError::Contended => ActError::Contended,
        }
    }
}

impl Kept {
    fn add(&mut self, entries: &[DutyEntry], setup: &Setup, now: Timestamp) {
        for entry in entries {
            self.book = evolve(std::mem::take(&mut self.book), entry);
            self.keys.extend(entry.command_key.clone());
        }
        for rota in setup.rotas.keys() {
            let mut laid = overrides(&self.book, rota);
            // Whoever is no longer a member cannot take the duty; what is over stays as it was.
            laid.retain(|laid| laid.ends_at <= now || setup.members.contains_key(&laid.member));
            self.laid.insert(rota.clone(), laid);
        }
    }
}

impl App {
    /// The book, at most a business second old.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn book(&self, now: Timestamp) -> Result<Arc<Kept>, StoreError> {
        match self.on_shelf() {
            Some((at, kept)) if now.duration_since(at).abs() <= FRESH => Ok(kept),
            _ => self.reread_book(now).await,
        }
    }

    fn on_shelf(&self) -> Option<(Timestamp, Arc<Kept>)> {
        let read = self.shelf.read.read();
        read.expect("nobody panics while holding it").clone()
    }

    fn shelve(&self, now: Timestamp, kept: &Arc<Kept>) {
        let mut shelf = self
            .shelf
            .read
            .write()
            .expect("nobody panics while holding it");
        // Of two that read at once the one who saw more stays.
        if shelf
            .as_ref()
            .is_none_or(|(_, there)| there.book.seq <= kept.book.seq)
        {
            *shelf = Some((now, kept.clone()));
        }
    }

    pub(super) async fn reread_book(&self, now: Timestamp) -> Result<Arc<Kept>, StoreError> {
        let mut kept = self.on_shelf().map(|(_, kept)| kept).unwrap_or_default();
        let more = self.store.duty_book(kept.book.seq).await?;
        if !more.is_empty() {
            Arc::make_mut(&mut kept).add(&more, &self.setup, now);
        }
        self.shelve(now, &kept);
        Ok(kept)
    }

    /// Who there is for the book to decide on.
    pub(super) fn duty_team(&self, now: Timestamp) -> Team<'_> {
        let members: BTreeSet<MemberId> = self.setup.members.keys().cloned().collect();
        let of_desk = self.setup.members.values().filter(|member| member.is_lead);
        let of_queues = self.setup.queues.values().flat_map(|queue| &queue.leads);
        let leads: BTreeSet<MemberId> = of_desk
            .map(|member| &member.id)
            .chain(of_queues)
            .cloned()
            .collect();
        Team {
            rotas: &self.setup.rotas,
            leads: if leads.is_empty() {
                members.clone()
            } else {
                leads
            },
            members,
            guide: self.setup.guidance.as_ref(),
            today: now.to_zoned(self.setup.zone.clone()).date(),
        }
    }

    /// Does a command on the book: load, decide, write; where somebody was first, once more.
    ///
    /// # Errors
    /// A refusal with what the person needs to know, or a store that does not answer.
    pub async fn on_book(
        &self,
        order: &Order,
        command: DutyCommand,
    ) -> Result<BookDone, BookError> {
        let mut lost: Option<(Vec<DutyEntry>, String)> = None;
        for _ in 0..TRIES {
            let now = self.clock.now();
            let kept = match (self.reread_book(now).await, &lost) {
                (Err(_), Some((_, why))) => return Err(StoreError::Unknown(why.clone()).into()),
                (kept, _) => kept?,
            };
            let is_known = |key: &String| kept.keys.contains(key);
            if order.command_key.as_ref().is_some_and(is_known) {
                // The answer of its commit may have been lost: then it is this one's own.
                let entries = lost.take().map(|(entries, _)| entries).unwrap_or_default();
                return Ok(BookDone {
                    is_repeat: entries.is_empty(),
                    entries,
                    book: kept,
                });
            }
            if let Some((entries, why)) = &lost
                && self.came_into_book(entries, why).await?
            {
                return Ok(BookDone {
                    entries: entries.clone(),
                    is_repeat: false,
                    book: kept,
                });
            }
            let team = self.duty_team(now);
            let events = decide(&kept.book, &team, command.clone(), &order.actor, now)?;
            if events.is_empty() {
                return Ok(BookDone {
                    entries: Vec::new(),
                    is_repeat: false,
                    book: kept,
                });
            }
            let entries = entries(kept.book.seq, events, order, now);
            let mut after = kept.clone();
            Arc::make_mut(&mut after).add(&entries, &self.setup, now);
            let said = announce(&kept.book, &team, &entries);
            let rows = self.say_of_book(said, kept.book.seq + 1, order, now);
            // Whoever looks says when to look again after it (`look_at_book`).
            let is_look = command == DutyCommand::Tick;
            let look_at = next_at(&after.book, &team, now).filter(|_| !is_look);
            let written = self
                .store
                .add_to_duty_book(kept.book.seq, &entries, rows, look_at)
                .await;
            match written {
                Ok(true) => {
                    self.shelve(now, &after);
                    self.wake.wake(Stirred::Outbox);
                    self.wake.wake(Stirred::Timers);
                    return Ok(BookDone {
                        entries,
                        is_repeat: false,
                        book: after,
                    });
                }
                Ok(false) => {}
                // Twice in a row is no accident: whoever asked hears that it is not known.
                Err(StoreError::Unknown(why)) if lost.is_none() => lost = Some((entries, why)),
                Err(error) => return Err(error.into()),
            }
        }
        Err(BookError::Contended)
    }

    /// Tells whether lines whose commit was not answered are in the book all the same.
    async fn came_into_book(&self, lost: &[DutyEntry], why: &str) -> Result<bool, StoreError> {
        let Some(first) = lost.first() else {
            return Ok(false);
        };
        let there = self.store.duty_book(first.seq.saturating_sub(1)).await;
        // Who cannot look does not know either: it must not be asked for again as if nothing had been done.
        let there = there.map_err(|_| StoreError::Unknown(why.to_owned()))?;
        Ok(there.len() >= lost.len() && there.iter().zip(lost).all(|(there, lost)| there == lost))
    }

    /// The rows of what is said: in every place of the queues that a rota serves, once a place. Whoever is meant is called
    /// and asked in the first of these queues only.
    fn say_of_book(
        &self,
        said: Vec<Said>,
        seq: u64,
        order: &Order,
        now: Timestamp,
    ) -> Vec<NewOutbox> {
        let mut rows: Vec<NewOutbox> = Vec::new();
        for (n, said) in said.into_iter().enumerate() {
            let key = format!("book·{seq}·{n}");
            let mut places: Vec<&Place> = Vec::new();
            let mut called: BTreeSet<MemberId> = BTreeSet::new();
            for queue in self.queues_concerned(&said, now) {
                let mut mentions = said.mentions(&order.actor);
                if said.to_leads {
                    mentions.extend(self.leads_or_team(queue));
                }
                let is_first = places.is_empty();
                let members = &self.setup.members;
                mentions.retain(|member| members.contains_key(member) && !called.contains(member));
                called.extend(mentions.iter().cloned());
                for place in &queue.places {
                    if places.contains(&place) {
                        continue;
                    }
                    places.push(place);
                    let message = said.message.clone();
                    let mut row = self.channel_row(place, message, mentions.clone(), &key, now);
                    if let Delivery::Notice { notice, .. } = &mut row.what
                        && is_first
                    {
                        notice.offers.clone_from(&said.offers);
                    }
                    rows.push(row);
                }
            }
        }
        rows
    }

    fn queues_concerned(&self, said: &Said, now: Timestamp) -> Vec<&Queue> {
        let rotas = self.setup.rotas.values();
        let concerned: Vec<&str> = rotas
            .filter(|rota| said.concerns(rota, now))
            .map(Rota::name)
            .collect();
        let concerns = |queue: &&Queue| concerned.iter().any(|rota| queue.coverage.names(rota));
        let mut queues: Vec<&Queue> = self.setup.queues.values().filter(concerns).collect();
        queues.sort_by_key(|queue| queue.id != self.setup.default_queue);
        if queues.is_empty() {
            vec![self.setup.queue(&self.setup.default_queue)]
        } else {
            queues
        }
    }

    /// Looks at the book: what is due is written and said. Answers when to look again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look_at_book(&self) -> Result<Option<Timestamp>, ActError> {
        let done = self
            .on_book(&self.by_time(None), DutyCommand::Tick)
            .await
            .map_err(ActError::from)?;
        let now = self.clock.now();
        Ok(next_at(&done.book.book, &self.duty_team(now), now))
    }

    /// Sets the timer of the book. One that is due is left: it will be looked at.
    pub(super) async fn set_book_timer(&self, now: Timestamp) -> Result<(), StoreError> {
        // The configuration may have changed who takes part, so it is looked at once at every start.
        self.store.set_timer(TimerKind::Book, SUBJECT, now).await
    }

    /// The rotas by which a member is in turn now.
    pub(super) fn rotas_of(&self, member: &MemberId, now: Timestamp) -> Vec<&Rota> {
        let takes_part = |rota: &&Rota| rota.version(now).participants.contains(member);
        self.setup.rotas.values().filter(takes_part).collect()
    }
}

fn entries(last: u64, events: Vec<DutyEvent>, order: &Order, now: Timestamp) -> Vec<DutyEntry> {
    let numbered = (last + 1..).zip(events);
    let entry = |(seq, event): (u64, DutyEvent)| DutyEntry {
        seq,
        at: now,
        actor: order.actor.clone(),
        via: order.via.clone(),
        // One key stands for the whole command.
        command_key: order.command_key.clone().filter(|_| seq == last + 1),
        event,
    };
    numbered.map(entry).collect()
}

#[cfg(test)]
mod tests;
