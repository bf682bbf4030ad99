//! How sources are: what `toban source status`, the API and `/healthz` tell of them.
//!
//! Promises: everything comes from what is kept, so that a replica, a restart and a command beside the desk tell the same.
//! Looking writes nothing. Leaves out the words.

use super::desk::App;
use super::ports::*;
use super::setup::{Backlog, Comes, SourceSetup};
use crate::domain::ids::SourceId;
use crate::time::{SignedDuration, Timestamp, plus};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A source as people look at it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceView {
    pub id: SourceId,
    pub name: String,
    pub comes: Comes,
    pub is_enabled: bool,
    #[serde(flatten)]
    pub standing: Standing,
    /// Items last changed before this are backlog.
    pub since: Option<Timestamp>,
    /// What becomes of them.
    pub backlog: Backlog,
    pub last_ok_at: Option<Timestamp>,
    pub last_item_at: Option<Timestamp>,
    /// The last trouble in words, of a source that is well too.
    pub last_error: Option<String>,
    pub next_poll_at: Option<Timestamp>,
    pub cursor: Option<String>,
    /// The instant that the cursor is, if it is one.
    pub cursor_at: Option<Timestamp>,
    /// Inquiries of the last 24 hours.
    pub received_24h: u64,
    /// Documents that nobody could read, not replayed yet.
    pub unreadable: u64,
    pub write_backs: WriteBacks,
    /// How far its clock is ahead of ours; negative when behind.
    pub skew_ms: Option<i64>,
    pub is_skewed: bool,
    pub delivered_at: Option<Timestamp>,
    pub refused_at: Option<Timestamp>,
    pub refusal: Option<String>,
}

/// What is to go back and is not done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WriteBacks {
    /// All that is under way, those that are late too.
    pub waiting: u64,
    /// Tried before without success, or due for minutes.
    pub late: u64,
    pub dead: u64,
    /// Why the last of the late and dead ones failed.
    pub why: Option<String>,
}

/// How a source is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// Switched off, or no longer configured.
    Off,
    /// The portal's form.
    Filed,
    /// Delivered, and nothing ever was.
    NeverDelivered,
    Delivered,
    NeverPolled,
    Ok,
    /// Items come, but it cannot go on behind them.
    Held {
        why: String,
    },
    /// It should have been asked long ago: no desk is at work.
    Late {
        due_at: Timestamp,
    },
    Failing {
        failures: u32,
        since: Option<Timestamp>,
        why: String,
    },
    /// The breaker is open.
    Out {
        failures: u32,
        since: Timestamp,
        why: String,
    },
}

impl Standing {
    /// Whether somebody should look.
    pub fn is_trouble(&self) -> bool {
        match self {
            Standing::Held { .. }
            | Standing::Late { .. }
            | Standing::Failing { .. }
            | Standing::Out { .. } => true,
            Standing::Off
            | Standing::Filed
            | Standing::NeverDelivered
            | Standing::Delivered
            | Standing::NeverPolled
            | Standing::Ok => false,
        }
    }
}

/// How late a poll or a write-back may be before it is called so: as long as the auditor gives.
const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// How a source is, from what is kept of it and when it is asked next.
fn standing(
    comes: Comes,
    row: Option<&SourceRow>,
    next: Option<Timestamp>,
    now: Timestamp,
) -> Standing {
    let is_delivered = match comes {
        Comes::Filed => return Standing::Filed,
        Comes::Delivered => true,
        Comes::Both | Comes::Fetched | Comes::Mailed => false,
    };
    let delivered = row.and_then(|row| row.delivered_at);
    if is_delivered {
        return match delivered {
            Some(_) => Standing::Delivered,
            None => Standing::NeverDelivered,
        };
    }
    let Some(state) = row.map(|row| &row.state) else {
        return Standing::NeverPolled;
    };
    let why = state.last_error.clone();
    if let Some(opened_at) = state.opened_at {
        return Standing::Out {
            failures: state.failures,
            since: state.failing_since.unwrap_or(opened_at),
            why: why.unwrap_or_default(),
        };
    }
    if state.failures > 0 {
        return Standing::Failing {
            failures: state.failures,
            since: state.failing_since,
            why: why.unwrap_or_default(),
        };
    }
    match next.filter(|next| plus(*next, GRACE) < now) {
        Some(due_at) => Standing::Late { due_at },
        None if state.last_ok_at.is_none() => Standing::NeverPolled,
        None => why.map_or(Standing::Ok, |why| Standing::Held { why }),
    }
}

/// What is counted of all sources at once.
struct Counted {
    rows: BTreeMap<SourceId, SourceRow>,
    next: HashMap<String, Timestamp>,
    tallies: HashMap<SourceId, SourceTally>,
    backs: HashMap<SourceId, WriteBacks>,
}

impl App {
    /// Every source that is configured, and those that were once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn source_views(&self) -> Result<Vec<SourceView>, StoreError> {
        let now = self.clock.now();
        let counted = self.counted(now).await?;
        let on = self.setup.sources.iter();
        let on = on.map(|(id, setup)| view(id, Some(setup), &setup.name, &counted, now));
        let mut off: BTreeMap<SourceId, String> = self.setup.sources_off.clone();
        for id in counted.rows.keys() {
            off.entry(id.clone()).or_insert_with(|| id.to_string());
        }
        off.retain(|id, _| !self.setup.sources.contains_key(id));
        let off = off
            .iter()
            .map(|(id, name)| view(id, None, name, &counted, now));
        Ok(on.chain(off).collect())
    }

    /// The sources that are out, by id.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sources_out(&self) -> Result<Vec<SourceId>, StoreError> {
        let rows = self.store.sources_known().await?.into_iter();
        let is_out = |row: &SourceRow| {
            row.state.opened_at.is_some() && self.setup.sources.contains_key(&row.source)
        };
        Ok(rows.filter(is_out).map(|row| row.source).collect())
    }

    async fn counted(&self, now: Timestamp) -> Result<Counted, StoreError> {
        let rows = self.store.sources_known().await?.into_iter();
        let day = SignedDuration::from_hours(24);
        let mut backs: HashMap<SourceId, WriteBacks> = HashMap::new();
        for line in self.store.undone_write_backs().await? {
            let Delivery::WriteBack { source, .. } = &line.what else {
                continue;
            };
            let of = backs.entry(source.clone()).or_default();
            let is_dead = line.state == "dead";
            let is_late = line.attempts > 0 || plus(line.not_before, GRACE) < now;
            of.dead += u64::from(is_dead);
            of.waiting += u64::from(!is_dead);
            of.late += u64::from(!is_dead && is_late);
            if is_dead || is_late {
                of.why = line.why.or_else(|| of.why.take());
            }
        }
        Ok(Counted {
            rows: rows.map(|row| (row.source.clone(), row)).collect(),
            next: self
                .store
                .timers(TimerKind::Poll)
                .await?
                .into_iter()
                .collect(),
            tallies: self.store.source_tallies(plus(now, -day)).await?,
            backs,
        })
    }

    /// Notes that a delivery came, or was refused: once a minute, so that a flood of them is no flood of writes.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn note_delivery(
        &self,
        source: &SourceId,
        refusal: Option<&str>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        // Another reason is news: whoever mends one thing wants to know of the next.
        let key = (source.clone(), refusal.map(kind));
        {
            let mut noted = self.noted.lock().expect("nobody panics while holding it");
            if noted
                .get(&key)
                .is_some_and(|at| plus(*at, NOTED_EVERY) > now)
            {
                return Ok(());
            }
            noted.retain(|_, at| plus(*at, NOTED_EVERY) > now);
            noted.insert(key, now);
        }
        self.store.note_delivery(source, now, refusal).await
    }
}

/// A reason without what differs between two refusals of a kind: how old a delivery is, where its body breaks off.
fn kind(refusal: &str) -> String {
    let is_word = |c: &char| !c.is_ascii_digit();
    refusal.chars().filter(is_word).take(60).collect()
}

/// How exact the time of the last delivery is.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

fn view(
    id: &SourceId,
    setup: Option<&SourceSetup>,
    name: &str,
    counted: &Counted,
    now: Timestamp,
) -> SourceView {
    let row = counted.rows.get(id);
    let next = counted.next.get(id.as_str()).copied();
    let tally = counted.tallies.get(id).cloned().unwrap_or_default();
    let state = row.map(|row| row.state.clone()).unwrap_or_default();
    let comes = setup.map_or(Comes::default(), |setup| setup.comes);
    SourceView {
        id: id.clone(),
        name: name.to_owned(),
        comes,
        is_enabled: setup.is_some(),
        standing: match setup {
            Some(_) => standing(comes, row, next, now),
            None => Standing::Off,
        },
        since: setup.and_then(|setup| setup.since).or(state.since),
        backlog: setup.map_or(Backlog::default(), |setup| setup.backlog),
        last_ok_at: state.last_ok_at,
        last_item_at: state.last_item_at.max(tally.last_received_at),
        last_error: state.last_error,
        next_poll_at: next.filter(|_| setup.is_some()),
        cursor_at: state
            .cursor
            .as_deref()
            .and_then(|cursor| cursor.parse().ok()),
        cursor: state.cursor,
        received_24h: tally.received,
        unreadable: tally.unreadable,
        write_backs: counted.backs.get(id).cloned().unwrap_or_default(),
        skew_ms: state.skew_ms,
        is_skewed: state.skewed_since.is_some(),
        delivered_at: row.and_then(|row| row.delivered_at),
        refused_at: row.and_then(|row| row.refused_at),
        refusal: row.and_then(|row| row.refusal.clone()),
    }
}

#[cfg(test)]
mod tests;
