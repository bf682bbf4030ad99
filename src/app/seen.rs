//! What was seen of a source's item: whether a document is news, older than what is known, or the same again.
//!
//! A revision that grows orders documents, in whatever order they come. Under one revision a content that was seen before
//! is a delivery that comes again; one that was not is taken, for many sources cut their times to seconds and change an
//! item twice within one. What is fetched is what is there now, so it stands even if it was seen before. Without a revision
//! the order of arrival is all there is.
//!
//! Leaves out what follows from news: that is decided on the inquiry.

use super::ports::{Mapped, MappedIntake, MappedMessage, Side};
use super::receive::end_of;
use super::setup::{Setup, SourceSetup};
use super::snapshot::hash;
use crate::domain::inquiry::compare_revisions;
use crate::time::{Timestamp, from_ms, ms};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How many contents of one revision are remembered: more than anybody changes within a second.
const CONTENTS: usize = 8;

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
