//! Keeps documents that are no inquiry, and tells the operators at once.
//!
//! Promises: what is kept is told, for both are one commit; the same document of the same source is one trouble, however
//! often it comes, until it was replayed. A page of them is one message, so that a renamed column does not bury all other
//! messages. Leaves out reading them again: that is done where sources are.

use super::desk::App;
use super::ports::{HookError, NewOutbox, Stirred, StoreError, Unreadable};
use super::snapshot::hash;
use super::wording::unread;
use crate::domain::ids::SourceId;
use crate::domain::notice::{Arg, Message};
use crate::time::{Timestamp, ms};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// How many new documents of one page are told of one by one.
const ALONE: usize = 3;

/// How much of a document is told.
const BEGINNING: usize = 120;

impl App {
    /// Keeps a document that is no inquiry; answers the id by which it is had.
    ///
    /// # Errors
    /// When the store does not answer; the sender should try again.
    pub async fn keep_unreadable(
        &self,
        source: &SourceId,
        why: &HookError,
        body: &[u8],
    ) -> Result<String, StoreError> {
        let text = String::from_utf8_lossy(body).into_owned();
        let id = id_of(source, &text);
        self.keep_unreadables(source, vec![(text, why.clone())])
            .await?;
        Ok(id)
    }

    /// Keeps all of a page that is no inquiry.
    ///
    /// # Errors
    /// When the store does not answer; then nothing of them was kept or told.
    pub(super) async fn keep_unreadables(
        &self,
        source: &SourceId,
        documents: Vec<(String, HookError)>,
    ) -> Result<(), StoreError> {
        let ids: Vec<String> = documents
            .iter()
            .map(|(text, _)| id_of(source, text))
            .collect();
        let known = self.store.unreadables_known(&ids).await?;
        let now = self.clock.now();
        let mut seen = HashSet::new();
        let mut new: Vec<(Unreadable, Option<Timestamp>)> = Vec::new();
        for (id, (text, why)) in ids.into_iter().zip(documents) {
            let replayed_at = match known.get(&id) {
                Some(None) => continue,
                Some(Some(replayed_at)) => Some(*replayed_at),
                None => None,
            };
            if !seen.insert(id.clone()) {
                continue;
            }
            let document = Unreadable {
                id,
                source: source.clone(),
                at: now,
                why: why.to_string(),
                reason: Some(why),
                body: text.replace('\0', "\u{fffd}"),
                replayed_at: None,
            };
            new.push((document, replayed_at));
        }
        if new.is_empty() {
            return Ok(());
        }
        let told = match new.len() {
            ..=ALONE => new
                .iter()
                .map(|(document, replayed_at)| self.unread_alone(document, *replayed_at, now))
                .collect(),
            count => vec![self.unread_together(&new[0].0, count, &new, now)],
        };
        let documents = new.into_iter().map(|(document, _)| document).collect();
        self.store.keep_unreadables(documents, told).await?;
        self.wake.wake(Stirred::Outbox);
        Ok(())
    }

    fn unread_alone(
        &self,
        document: &Unreadable,
        replayed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> NewOutbox {
        let message = about("notice-unreadable", document).with("id", plain(&document.id));
        // Once, whoever else keeps it at the same moment; and again where it was replayed meanwhile.
        let key = match replayed_at {
            None => format!("unreadable·{}", document.id),
            Some(at) => format!("unreadable·{}·{}", document.id, ms(at)),
        };
        self.channel_row(&self.setup.operators, message, Vec::new(), &key, now)
    }

    fn unread_together(
        &self,
        first: &Unreadable,
        count: usize,
        all: &[(Unreadable, Option<Timestamp>)],
        now: Timestamp,
    ) -> NewOutbox {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let message = about("notice-unreadables", first).with("count", Arg::Number(count));
        let whole: Vec<String> = all
            .iter()
            .map(|(document, replayed_at)| format!("{}·{:?}", document.id, replayed_at.map(ms)))
            .collect();
        let key = format!("unreadables·{}", &hash(&whole.join("\n"))[..32]);
        self.channel_row(&self.setup.operators, message, Vec::new(), &key, now)
    }
}

fn about(sentence: &'static str, document: &Unreadable) -> Message {
    let why = document.reason.as_ref().map(unread);
    Message::new(sentence)
        .with("source", plain(document.source.as_str()))
        .with("why", Arg::Lines(why.into_iter().collect()))
        .with("first", plain(&beginning(&document.body)))
}

/// The beginning of a document; of an item that was fetched, without what came beside it.
fn beginning(text: &str) -> String {
    let own = without_beside(text);
    let line = own
        .as_deref()
        .unwrap_or(text)
        .lines()
        .next()
        .unwrap_or_default();
    line.chars().take(BEGINNING).collect()
}

fn without_beside(text: &str) -> Option<String> {
    let mut fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let had = fields.len();
    fields.retain(|name, _| !["check", "detail"].contains(&name.as_str()));
    (fields.len() < had).then(|| Value::Object(fields).to_string())
}

fn id_of(source: &SourceId, text: &str) -> String {
    let mut id = hash(&format!("{source}\n{text}"));
    id.truncate(32);
    id
}

fn plain(text: &str) -> Arg {
    Arg::Plain(text.to_owned())
}

#[cfg(test)]
mod tests;
