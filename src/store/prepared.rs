//! A commit made ready by its caller: everything is encoded before the one writer is asked.

use super::issues::TrackedValues;
use super::outbox::OutboxValues;
use super::sql::to_json;
use crate::app::ledger::to_stored;
use crate::app::ports::{Changes, Ping, SeenWrite, StoreError};
use crate::domain::inquiry::{Inquiry, Stage, There};
use crate::time::ms;

/// A commit with everything encoded already, so that the writer only writes.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub id: String,
    pub expected: i64,
    pub seq: i64,
    pub source: String,
    pub external_id: String,
    pub command_key: Option<String>,
    pub queue: String,
    pub owner: Option<String>,
    pub stage: &'static str,
    pub severity: String,
    pub deadline_at: Option<i64>,
    pub received_at: i64,
    pub portal_key: Option<String>,
    pub policy: String,
    pub contract: Option<&'static str>,
    pub doc: String,
    /// When it happened, for the command key.
    pub at: i64,
    pub events: Vec<EventValues>,
    pub texts: Vec<(String, String)>,
    pub outbox: Vec<OutboxValues>,
    pub cards: Vec<(String, String)>,
    /// Queue, platform and channel of each board.
    pub boards: Vec<(String, String, String)>,
    pub pings: Vec<PingValues>,
    /// The word for how the item stands at its source.
    pub there: &'static str,
    pub seen: Option<SeenWrite>,
    /// Inquiries whose cards are to be edited anew.
    pub shown_by: Vec<String>,
    /// What it changes of the links to issues of development.
    pub tracked: Option<TrackedValues>,
}

#[derive(Clone, Debug)]
pub(super) struct PingValues {
    pub key: String,
    pub member: String,
    pub queue: String,
    pub inquiry: String,
    pub at: i64,
    pub held: Option<String>,
    pub tell_at: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct EventValues {
    pub seq: i64,
    pub at: i64,
    pub actor: String,
    pub via: String,
    pub kind: String,
    pub v: i64,
    pub body: String,
}

/// The word of a stage in the database.
fn stage_word(inquiry: &Inquiry) -> &'static str {
    match inquiry.stage {
        Stage::Active { .. } => "active",
        Stage::Waiting { .. } => "waiting",
        Stage::Resolved { .. } => "resolved",
        Stage::Closed { .. } => "closed",
    }
}

/// The word for how the item stands there, in the database.
fn there_word(inquiry: &Inquiry) -> &'static str {
    match inquiry.there() {
        There::Open => "open",
        There::Closed | There::Answered => "closed",
        There::Gone => "gone",
    }
}

impl Prepared {
    /// What was kept of the item when it was decided, if that matters; nothing is the empty text.
    pub fn expected_seen(&self) -> Option<&str> {
        let seen = self.seen.as_ref()?;
        Some(seen.expected.as_deref().unwrap_or_default())
    }

    /// Encodes the changes.
    ///
    /// # Errors
    /// When the ledger lines are not numbered from the version they were decided on: such a ledger has a gap.
    pub fn new(changes: Changes) -> Result<Self, StoreError> {
        let Changes {
            inquiry,
            expected,
            entries,
            texts,
            deadline,
            outbox,
            mut cards,
            boards,
            pings,
            command_key,
            portal_key,
            seen,
            shown_by,
        } = changes;
        let is_numbered = entries
            .iter()
            .zip(expected + 1..)
            .all(|(entry, seq)| entry.seq == seq && entry.inquiry == inquiry.id)
            && inquiry.seq == expected + entries.len() as u64
            && inquiry.seq > 0;
        if !is_numbered {
            return Err(StoreError::Unreadable(format!(
                "the new ledger lines of inquiry {} are not numbered from {}",
                inquiry.id,
                expected + 1
            )));
        }
        cards.sort();
        cards.dedup();
        let events = entries.iter().map(|entry| {
            let (kind, v, body) = to_stored(&entry.event);
            EventValues {
                seq: whole(entry.seq),
                at: ms(entry.at),
                actor: to_json(&entry.actor),
                via: entry.via.clone(),
                kind,
                v: i64::from(v),
                body: body.to_string(),
            }
        });
        Ok(Prepared {
            expected: whole(expected),
            seq: whole(inquiry.seq),
            source: inquiry.origin.source.to_string(),
            external_id: inquiry.origin.external_id.clone(),
            command_key,
            queue: inquiry.queue.to_string(),
            owner: inquiry.holder().map(ToString::to_string),
            stage: stage_word(&inquiry),
            there: there_word(&inquiry),
            seen,
            severity: inquiry.severity.to_string(),
            deadline_at: deadline.map(ms),
            received_at: ms(inquiry.received_at),
            portal_key,
            policy: inquiry.policy.0.clone(),
            contract: inquiry.contract_word(),
            doc: to_json(&inquiry),
            at: entries
                .last()
                .map_or(ms(inquiry.last_act_at), |entry| ms(entry.at)),
            events: events.collect(),
            texts: texts
                .into_iter()
                .map(|(id, body)| (id.into(), body))
                .collect(),
            outbox: outbox.into_iter().map(OutboxValues::new).collect(),
            cards: cards
                .into_iter()
                .map(|place| (place.platform, place.channel))
                .collect(),
            boards: boards
                .into_iter()
                .map(|(queue, place)| (queue.into(), place.platform, place.channel))
                .collect(),
            pings: pings.into_iter().map(ping_values).collect(),
            shown_by: shown_by.into_iter().map(Into::into).collect(),
            tracked: TrackedValues::of(&inquiry, &entries),
            id: inquiry.id.into(),
        })
    }
}

fn ping_values(ping: Ping) -> PingValues {
    PingValues {
        key: ping.key,
        member: ping.member.into(),
        queue: ping.queue.into(),
        inquiry: ping.inquiry.into(),
        at: ms(ping.at),
        held: ping.held.as_ref().map(|held| to_json(&held.message)),
        tell_at: ping.held.map(|held| ms(held.tell_at)),
    }
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
