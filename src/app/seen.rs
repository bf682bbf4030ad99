//! What was seen of a source's item: whether a document is news, older than what is known, or the same again.
//!
//! A revision that grows orders documents, in whatever order they come. Under one revision a content that was seen before
//! is a delivery that comes again; one that was not is taken, for many sources cut their times to seconds and change an
//! item twice within one. What is fetched is what is there now, so it stands even if it was seen before. Without a revision
//! the order of arrival is all there is.
//!
//! Leaves out what follows from news: that is decided on the inquiry.

use super::known::Delivery;
use super::ports::{Mapped, MappedIntake, MappedMessage, SeenWrite, Side};
use super::receive::end_of;
use super::setup::{Setup, SourceSetup};
use super::snapshot::hash;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::compare_revisions;
use crate::time::{SignedDuration, Timestamp, from_ms, ms, plus};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many contents of one revision are remembered: more than anybody changes within a second.
const CONTENTS: usize = 8;

/// How many messages of one kind are remembered.
const IDS: usize = 64;

/// A clock that is further ahead than this is none: a time of there that is later says nothing.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// What is kept of an item: its newest revision, and what was seen under it, the last at the end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    #[serde(default)]
    pub contents: Vec<String>,
    /// The latest change that was seen, in epoch milliseconds, where the source says when its items change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_ms: Option<i64>,
    /// Who has it there, as far as the source said; nothing in what builds of before this one kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// What had been said there when the item was taken in; nothing in what builds of before this one kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
    /// Our own words that were read there, the last at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub echoes: Vec<Echoed>,
}

/// A message that was known again as what toban wrote. It stays that, whatever becomes of names and texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Echoed {
    /// The message, by its id there.
    pub id: String,
    /// The entry that was written back: its inquiry and its place in the ledger.
    pub of: (InquiryId, u64),
}

/// What the document that an item was taken in with held of its conversation. Their clock is not ours, and what is written
/// while a page is under way stands in no document of before; so the document says what came with the receipt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct First {
    /// The latest time of which it spoke, by the source's own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
    /// Its messages of that time; those of before need no names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ids: Vec<String>,
    /// Whether it held any message at all; where it did not, what was said until then may come with another document.
    #[serde(default)]
    has_messages: bool,
}

impl First {
    fn of(mapped: &Mapped, now: Timestamp) -> First {
        let possible = plus(now, AHEAD);
        let said = mapped.messages.iter().map(|message| message.at);
        let times = said.chain(mapped.changed_at);
        let until = times.filter(|at| *at <= possible).max();
        let messages = mapped.messages.iter().rev();
        let latest =
            messages.filter(|message| until.is_none_or(|until| end_of(message.at) >= until));
        First {
            until_ms: until.map(ms),
            ids: latest.take(IDS).map(|message| message.id.clone()).collect(),
            has_messages: !mapped.messages.is_empty(),
        }
    }

    /// Whether a message had been written when the item was taken in; `None` where nothing says so.
    pub fn had(&self, message: &MappedMessage) -> Option<bool> {
        if self.ids.contains(&message.id) {
            return Some(true);
        }
        let Some(until) = self.until_ms.map(from_ms) else {
            return self.has_messages.then_some(false);
        };
        Some(match self.has_messages {
            true => end_of(message.at) < until,
            false => message.at <= end_of(until),
        })
    }
}

/// What a source last said of who has an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Named {
    /// Whom it last named, in its own words; nobody, where it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When that was read here, in epoch milliseconds.
    pub read_ms: i64,
    /// Whether somebody is named as far as deliveries say; nothing where none ever named anybody, for then they say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delivered: Option<bool>,
    /// The same of what is fetched, which is often mapped otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetched: Option<bool>,
}

impl Named {
    /// Whether it is news that the source names somebody: it named another before, or meanwhile nobody.
    pub fn is_news(&self, name: &str, is_fetched: bool) -> bool {
        let last = match is_fetched {
            true => self.fetched,
            false => self.delivered,
        };
        self.name.as_deref() != Some(name) || last == Some(false)
    }

    fn after(self, name: Option<&str>, is_fetched: bool, now: Timestamp) -> Named {
        let Named {
            delivered, fetched, ..
        } = self;
        let (delivered, fetched) = match name {
            // Whoever is named ends that nobody was, by whichever way that was told.
            Some(_) => (
                delivered.or((!is_fetched).then_some(true)).map(|_| true),
                fetched.or(is_fetched.then_some(true)).map(|_| true),
            ),
            None if is_fetched => (delivered, fetched.map(|_| false)),
            None => (delivered.map(|_| false), fetched),
        };
        Named {
            name: name.map(str::to_owned).or(self.name),
            read_ms: ms(now),
            delivered,
            fetched,
        }
    }
}

/// What a document is beside what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Newer, or not to be told from newer.
    New,
    /// As [`News::New`], but another content under a revision that is known: the source does not tell them apart.
    SameRevision,
    /// It was seen before.
    Again,
    Older,
}

impl Seen {
    /// Reads what is kept; what cannot be read is forgotten, and costs no more than a look at the inquiry.
    pub fn read(kept: Option<&str>) -> Seen {
        kept.and_then(|kept| serde_json::from_str(kept).ok())
            .unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("it is plain data")
    }

    /// Judges a document by its revision and its mark.
    pub fn judge(&self, revision: Option<&str>, mark: &str, is_fetched: bool) -> News {
        let is_last = self.contents.last().is_some_and(|last| last == mark);
        let (Some(given), Some(known)) = (revision, &self.revision) else {
            return if is_last { News::Again } else { News::New };
        };
        match compare_revisions(given, known) {
            Ordering::Less => News::Older,
            Ordering::Greater => News::New,
            Ordering::Equal if is_last => News::Again,
            Ordering::Equal if self.contents.iter().any(|content| content == mark) => {
                if is_fetched { News::New } else { News::Again }
            }
            Ordering::Equal if self.contents.is_empty() => News::New,
            Ordering::Equal => News::SameRevision,
        }
    }

    /// What is kept once a document was taken in.
    pub fn after(&self, revision: Option<&str>, mark: &str) -> Seen {
        let is_same = match (revision, &self.revision) {
            (Some(given), Some(known)) => compare_revisions(given, known) == Ordering::Equal,
            (None, _) | (Some(_), None) => false,
        };
        let mut contents = if is_same {
            self.contents.clone()
        } else {
            Vec::new()
        };
        contents.retain(|content| content != mark);
        contents.push(mark.to_owned());
        if contents.len() > CONTENTS {
            contents.remove(0);
        }
        Seen {
            revision: revision.map(str::to_owned).or(self.revision.clone()),
            contents,
            changed_ms: self.changed_ms,
            named: self.named.clone(),
            first: self.first.clone(),
            echoes: self.echoes.clone(),
        }
    }

    /// Remembers that a message is our own.
    pub fn remember(&mut self, echo: Echoed) {
        self.echoes.push(echo);
        if self.echoes.len() > IDS {
            self.echoes.remove(0);
        }
    }

    /// Whether all of a document's messages that are our own are known as that.
    pub fn knows_own(&self, messages: &[MappedMessage]) -> bool {
        let mut own = messages.iter().filter(|message| message.by == Side::Own);
        own.all(|message| self.echoes.iter().any(|echo| echo.id == message.id))
    }

    /// Whether the words of an entry were read there.
    pub fn has_echo_of(&self, of: &(InquiryId, u64)) -> bool {
        self.echoes.iter().any(|echo| echo.of == *of)
    }

    /// The same, of an item that is taken in with a document.
    pub fn taken_in(self, mapped: &Mapped, now: Timestamp) -> Seen {
        Seen {
            first: Some(First::of(mapped, now)),
            ..self
        }
    }

    /// The same, of a document that names somebody, or nobody.
    pub fn naming(self, name: Option<&str>, is_fetched: bool, now: Timestamp) -> Seen {
        let named = self.named.clone().unwrap_or_default();
        Seen {
            named: Some(named.after(name, is_fetched, now)),
            ..self
        }
    }

    /// The same, of an item that was changed there at an instant. A time that is still to come would stand against all that
    /// changes until then, so it counts as now.
    pub fn changed(self, at: Option<Timestamp>, now: Timestamp) -> Seen {
        let latest = self.changed_ms.max(at.map(ms));
        Seen {
            changed_ms: latest.map(|latest| latest.min(ms(now))),
            ..self
        }
    }

    /// Whether an item was seen as of a later change than that of a document: a page that was under way. A revision that is
    /// newer needs no such help. A time in whole seconds may be anywhere in its second.
    pub fn is_outdated(&self, revision: Option<&str>, changed_at: Option<Timestamp>) -> bool {
        let times = self.changed_at().zip(changed_at);
        !self.is_newer_revision(revision) && times.is_some_and(|(known, at)| end_of(at) < known)
    }

    /// Whether a document is newer than every one that was seen: by its revision, or by when the item was changed.
    pub fn is_newer(&self, revision: Option<&str>, changed_at: Option<Timestamp>) -> bool {
        let times = self.changed_at().zip(changed_at);
        self.is_newer_revision(revision) || times.is_some_and(|(known, at)| at > end_of(known))
    }

    fn is_newer_revision(&self, revision: Option<&str>) -> bool {
        match (revision, &self.revision) {
            (Some(given), Some(known)) => compare_revisions(given, known) == Ordering::Greater,
            (Some(_), None) | (None, _) => false,
        }
    }

    fn changed_at(&self) -> Option<Timestamp> {
        self.changed_ms.map(from_ms)
    }
}

/// What is kept of an item that is taken in for the first time.
pub(super) fn at_first(delivery: &Delivery<'_>, now: Timestamp) -> SeenWrite {
    let Delivery { mapped, mark, .. } = delivery;
    let seen = Seen::default()
        .after(mapped.revision.as_deref(), mark)
        .changed(mapped.changed_at, now)
        .naming(mapped.owner.as_deref(), delivery.is_fetched, now)
        .taken_in(mapped, now);
    SeenWrite {
        expected: None,
        seen: Some(seen.write()),
        // What was said there is still to be taken in.
        mark: mapped.messages.is_empty().then(|| (*mark).to_owned()),
    }
}

/// The hash of all that a document says, under what the desk knows of its source: an edit of the configuration may make
/// something else of the same document.
pub(super) fn mark(mapped: &Mapped, ground: &str) -> String {
    let Mapped {
        source: _,
        external_id: _,
        url,
        revision,
        delivery_id: _,
        title,
        body,
        requester,
        customer,
        plan,
        product,
        region,
        language,
        kind,
        severity,
        business_stopped,
        needed_by,
        escalated_at: _,
        is_closed,
        is_answered,
        is_deleted,
        owner,
        messages,
        heard,
        intake,
        changed_at,
        is_partial,
        odd,
    } = mapped;
    let MappedIntake {
        channel,
        tried,
        settings_checked,
        environment,
        error_text,
    } = intake;
    let instant = |at: &Option<Timestamp>| at.map(ms);
    let message = |message: &MappedMessage| {
        let MappedMessage { id, by, at, text } = message;
        let by = match by {
            Side::Requester => "requester",
            Side::Team => "team",
            Side::Own => "own",
        };
        serde_json::json!([id, by, ms(*at), text])
    };
    let mut said = serde_json::json!([
        ground,
        [
            url, revision, body, requester, customer, plan, product, region, language, kind,
            severity, owner
        ],
        title,
        [business_stopped, is_closed, is_deleted],
        [instant(needed_by), instant(changed_at)],
        messages
            .iter()
            .chain(heard)
            .map(message)
            .collect::<Vec<_>>(),
        odd,
        [channel, tried, settings_checked, environment, error_text],
    ]);
    // What lacks its detail may look like what never had any, and means something else.
    if *is_partial && let Some(said) = said.as_array_mut() {
        said.push("partial".into());
    }
    // Only where it is so: what was seen before this could be said keeps its mark.
    if *is_answered && let Some(said) = said.as_array_mut() {
        said.push("answered".into());
    }
    hash(&said.to_string())
}

/// What the meaning of a source's documents depends on beside themselves.
pub(super) fn ground(setup: &Setup, source: &SourceSetup) -> String {
    let SourceSetup {
        id: _,
        defaults,
        known_products,
        known_plans,
        known_regions,
        owners,
        backlog: _,
        since: _,
        name: _,
        comes: _,
    } = source;
    let owners: std::collections::BTreeMap<_, _> = owners.iter().collect();
    let mut members: Vec<_> = setup
        .members
        .iter()
        .map(|(id, member)| (id, &member.name))
        .collect();
    members.sort();
    hash(&format!(
        "{defaults:?}{known_products:?}{known_plans:?}{known_regions:?}{owners:?}{members:?}{:?}",
        setup.customers
    ))
}

#[cfg(test)]
mod tests;
