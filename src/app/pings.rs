//! Whom a notice mentions in the end: mutes and allowances, and what becomes of what they held back.
//!
//! Promises: what is urgent, a claim or an answer that is late, and whoever is asked by name is never held back; a
//! mention is counted in the commit that makes it, so the count holds across processes and restarts; what an allowance
//! held back is listed, and told once when its hour is over. Nobody mentioned is nothing asked: then no query is made.
//! Leaves out who is meant (`duties.rs`).

use super::desk::{ActError, App};
use super::perform::{Answered, Declined, Person};
use super::ports::*;
use super::setup::Queue;
use crate::domain::ids::{MemberId, QueueId};
use crate::domain::inquiry::{Entry, Inquiry};
use crate::domain::notice::{Arg, Message, Notice};
use crate::domain::reach::must_reach;
use crate::domain::sla::{Audience, Policy};
use crate::time::{SignedDuration, Timestamp, from_ms, ms, plus};
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

/// A notice on its way to those whom it means.
pub(super) struct Calling<'a> {
    /// The same at every place where it is said, and when it is decided again.
    pub key: String,
    pub inquiry: &'a Inquiry,
    pub queue: &'a Queue,
    pub audience: &'a [Audience],
    pub message: &'a Message,
    /// Whether nothing may hold it back.
    pub must_reach: bool,
    pub now: Timestamp,
}

impl<'a> Calling<'a> {
    /// The n-th notice that an entry of the ledger makes us say.
    pub fn of(
        (entry, n): (&Entry, usize),
        notice: &'a Notice,
        inquiry: &'a Inquiry,
        queue: &'a Queue,
        policy: &Policy,
    ) -> Self {
        Calling {
            key: format!("{}·{}·{n}", entry.inquiry, entry.seq),
            inquiry,
            queue,
            audience: &notice.audience,
            message: &notice.message,
            must_reach: must_reach(notice, &entry.event, inquiry, policy),
            now: entry.at,
        }
    }
}

/// What this process knows of the hour beside the store: mentions that are being committed, and who has had enough.
#[derive(Default)]
pub(super) struct Allowances {
    hours: Mutex<HashMap<MemberId, Hour>>,
}

#[derive(Default)]
struct Hour {
    starts_at: Option<Timestamp>,
    /// Once spent, an allowance stays so until the hour ends, and the store need not be asked.
    is_spent: bool,
    under_way: Vec<(String, Timestamp)>,
}

/// The room that a commit took for its mentions.
pub(super) struct Taken(Vec<(MemberId, String)>);

impl Taken {
    pub fn by(changes: &Changes) -> Self {
        let said = changes.pings.iter().filter(|ping| ping.held.is_none());
        Taken(
            said.map(|ping| (ping.member.clone(), ping.key.clone()))
                .collect(),
        )
    }
}

/// A commit that is not in the store after so long never came through.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(10);

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// How far back the list of what was held goes.
const LISTED: SignedDuration = SignedDuration::from_hours(24);

/// How long mentions are kept: long enough to count a month.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 35);

/// How much of what was held one message tells of.
const AT_ONCE: u32 = 500;

/// How many lines a list of what was held has.
const LINES: usize = 15;

impl App {
    /// Leaves out of those meant who has muted the inquiry or was called enough this hour, and counts the others.
    pub(super) async fn called_by(
        &self,
        calling: &Calling<'_>,
        meant: Vec<MemberId>,
        pings: &mut Vec<Ping>,
    ) -> Result<Vec<MemberId>, StoreError> {
        let mut called = Vec::with_capacity(meant.len());
        for member in meant {
            let is_asked = calling.must_reach
                || calling.audience.iter().any(
                    |audience| matches!(audience, Audience::Member(named) if *named == member),
                );
            if !is_asked && calling.inquiry.is_muted_by(&member, calling.now) {
                continue;
            }
            let Some(allowance) = self.setup.allowance(&member) else {
                called.push(member);
                continue;
            };
            let has_room = self.has_room(calling, &member, allowance).await?;
            let held = (!is_asked && !has_room).then(|| Held {
                message: calling.message.clone(),
                tell_at: plus(hour_of(calling.now), HOUR),
            });
            if held.is_none() {
                called.push(member.clone());
            }
            pings.push(Ping {
                key: calling.key.clone(),
                member,
                queue: calling.queue.id.clone(),
                inquiry: calling.inquiry.id.clone(),
                at: calling.now,
                held,
            });
        }
        Ok(called)
    }

    /// Tells whether a member may be mentioned once more in this hour, and takes the room.
    ///
    /// What other processes commit at this very moment is not seen: an allowance may be passed by as many mentions as
    /// there are processes. What this one has under way is.
    async fn has_room(
        &self,
        calling: &Calling<'_>,
        member: &MemberId,
        allowance: u32,
    ) -> Result<bool, StoreError> {
        let starts_at = hour_of(calling.now);
        if self.allowances.is_spent(member, starts_at) {
            return Ok(false);
        }
        let said = self.store.pings_since(member, starts_at).await?;
        Ok(self.allowances.take(member, allowance, &said, calling))
    }

    /// A member hears what was held back from them in a queue, in one message: when the hour is over, or when the
    /// queue opens next. Answers when to look again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell_held(&self, subject: &str) -> Result<Option<Timestamp>, ActError> {
        let Some((member, queue)) = subject.split_once('|') else {
            return Ok(None);
        };
        let (member, id) = (MemberId::from(member), QueueId::from(queue));
        let now = self.clock.now();
        let held = self.store.held_untold(&member, &id, AT_ONCE).await?;
        let Some(last) = held.last() else {
            return Ok(None);
        };
        let hour_ends = plus(hour_of(last.at), HOUR);
        if now < hour_ends {
            return Ok(Some(hour_ends));
        }
        let queue = self.setup.queue(&id);
        let awake = self.policy(&queue.policy).await?.awake_from(now);
        if now < awake {
            return Ok(Some(awake));
        }
        let mut rows = Vec::new();
        if self.setup.members.contains_key(&member) {
            let message = Message::new("notice-held")
                .with("count", Arg::Number(whole(held.len())))
                .with("lines", Arg::Lines(self.held_lines(&held).await?));
            let key = format!("held·{member}·{id}·{}", last.key);
            for place in &queue.places {
                let message = message.clone();
                rows.push(self.channel_row(place, message, vec![member.clone()], &key, now));
            }
        }
        if !self.store.tell_held(&held, rows, now).await? {
            return Ok(Some(now));
        }
        self.wake.wake(Stirred::Outbox);
        // What a flood left over follows in a message of its own.
        Ok((held.len() >= AT_ONCE as usize).then_some(now))
    }

    /// What was held back from whoever asks, for the verb and the API.
    pub(super) async fn held_for(&self, person: &Person) -> Result<Answered, Declined> {
        let Some(member) = person.actor.member() else {
            return Err(Declined::say(Message::new("refused-stranger")));
        };
        let from = plus(self.clock.now(), -LISTED);
        let held = self.store.held_since(member, from).await?;
        let data: Vec<serde_json::Value> = held
            .iter()
            .map(|ping| {
                serde_json::json!({
                    "inquiry": ping.inquiry,
                    "queue": ping.queue,
                    "at": ping.at.to_string(),
                    "what": ping.message,
                    "told_at": ping.told_at.map(|at| at.to_string()),
                })
            })
            .collect();
        let message = if held.is_empty() {
            Message::new("held-nothing")
        } else {
            Message::new("held")
                .with("count", Arg::Number(whole(held.len())))
                .with("lines", Arg::Lines(self.held_lines(&held).await?))
        };
        let allowance = self.setup.allowance(member);
        Ok(Answered {
            message,
            about: None,
            data: serde_json::json!({ "held": data, "pings_per_hour": allowance }),
        })
    }

    /// The newest of what was held, a line each, oldest first.
    async fn held_lines(&self, held: &[HeldPing]) -> Result<Vec<Message>, StoreError> {
        let mut lines = Vec::new();
        let hidden = held.len().saturating_sub(LINES);
        for ping in &held[hidden..] {
            let Some(stored) = self.store.inquiry(&ping.inquiry).await? else {
                continue;
            };
            lines.push(
                Message::new("held-line")
                    .with("at", Arg::Instant(ping.at))
                    .with("reference", Arg::Reference(stored.reference.0))
                    .with("title", Arg::Title(stored.inquiry.facts.title.clone()))
                    .with("what", Arg::Lines(vec![ping.message.clone()])),
            );
        }
        if hidden > 0 {
            lines.push(Message::new("line-more").with("count", Arg::Number(whole(hidden))));
        }
        Ok(lines)
    }

    /// Forgets mentions that are no longer counted.
    pub(super) async fn forget_old_pings(&self, now: Timestamp) -> Result<(), StoreError> {
        self.store.forget_pings(plus(now, -KEPT)).await.map(drop)
    }
}

impl Allowances {
    fn is_spent(&self, member: &MemberId, starts_at: Timestamp) -> bool {
        let hours = self.hours.lock().expect("nobody panics while holding it");
        hours
            .get(member)
            .is_some_and(|hour| hour.starts_at == Some(starts_at) && hour.is_spent)
    }

    /// Gives back what a commit took that lost its race: decided again, it has another key.
    pub fn give_back(&self, taken: &Taken) {
        if taken.0.is_empty() {
            return;
        }
        let mut hours = self.hours.lock().expect("nobody panics while holding it");
        for (member, key) in &taken.0 {
            let Some(hour) = hours.get_mut(member) else {
                continue;
            };
            let at = hour.under_way.iter().position(|(taken, _)| taken == key);
            if let Some(at) = at {
                hour.under_way.remove(at);
            }
        }
    }

    fn take(
        &self,
        member: &MemberId,
        allowance: u32,
        said: &[String],
        calling: &Calling<'_>,
    ) -> bool {
        let mut hours = self.hours.lock().expect("nobody panics while holding it");
        let hour = hours.entry(member.clone()).or_default();
        let starts_at = Some(hour_of(calling.now));
        if hour.starts_at != starts_at {
            *hour = Hour {
                starts_at,
                ..Hour::default()
            };
        }
        let now = calling.now;
        // What came through stays here for a while too: somebody who looked before it did may count after.
        hour.under_way
            .retain(|(_, at)| now.duration_since(*at).abs() < UNDER_WAY);
        if said.contains(&calling.key) {
            // The same notice, decided again.
            return true;
        }
        let more: BTreeSet<&String> = hour
            .under_way
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !said.contains(key))
            .collect();
        let allowance = allowance as usize;
        hour.is_spent = said.len() >= allowance;
        // What two decide at once they take twice, so that the loser gives back its own.
        if !more.contains(&calling.key) && said.len() + more.len() >= allowance {
            return false;
        }
        hour.under_way.push((calling.key.clone(), now));
        true
    }
}

/// The hour an instant lies in: hours begin on the clock's, so that people know when theirs ends.
fn hour_of(at: Timestamp) -> Timestamp {
    const MS: i64 = 3_600_000;
    from_ms(ms(at).div_euclid(MS) * MS)
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
