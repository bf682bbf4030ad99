//! What a document would become, field by field, and why: the mapping at work, watched.
//!
//! Promises: it is the same mapping that takes documents in, not a second one. Leaves out what the desk makes of the words
//! (defaults, known members, the queue) and storing anything.

use super::document::{self, ANSWER_DEPTH_CAP, BODY_CAP, DEPTH_CAP, Nul};
use super::poll::Besides;
use super::{Mapper, Source, Sources};
use crate::app::ports::{HookError, Mapped, Unfit};
use crate::app::source_config::MapField;
use crate::domain::ids::SourceId;
use crate::expr::Document;
use serde_json::Value;

/// As what a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// What is delivered to `/hooks/…`: one document, or a list of them.
    Delivered,
    /// What a poll brings: a whole answer, or items of one.
    Fetched,
}

/// What a poll would fetch besides an item.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub detail: Option<Value>,
    pub check: Option<Value>,
}

/// What the text of a field gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Given(String),
    /// Nothing; and what the document lacks, if that is why.
    Blank(Option<String>),
    /// Nonsense, which is left out.
    Odd(String),
    /// Nothing that the document could be an inquiry without.
    Refused(Unfit),
}

/// A field of the mapping over a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    pub field: MapField,
    /// The text of the mapping.
    pub text: String,
    pub outcome: Outcome,
}

/// One item, and what it would become.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The item as JSON.
    pub document: String,
    pub fields: Vec<Explained>,
    /// `None` if the source's `take` lets it pass.
    pub mapped: Result<Option<Mapped>, HookError>,
}

impl Item {
    pub(super) fn of(mapper: &Mapper, document: &Document) -> Item {
        Item::beside(mapper, document, document)
    }

    /// The same, of an item that is read with what came besides.
    pub(super) fn beside(mapper: &Mapper, item: &Document, whole: &Document) -> Item {
        let (fields, mapped) = mapper.explain(whole);
        Item {
            document: item.to_json_text(),
            fields,
            mapped,
        }
    }
}

impl Sources {
    /// Reads a document as the source would; answers an item for everything in it that could be one.
    ///
    /// # Errors
    /// In a sentence, when it cannot be read at all.
    pub fn explain(
        &self,
        source: &SourceId,
        body: &[u8],
        how: As,
        beside: &Beside,
    ) -> Result<Vec<Item>, String> {
        let source = self.sources.get(source);
        let source = source.ok_or("there is no such source, or it is switched off")?;
        match how {
            As::Delivered => source.delivered(body),
            As::Fetched => source.fetched_items(body, beside),
        }
    }

    /// As what documents of a source come, if there is only one way.
    pub fn comes_as(&self, source: &SourceId) -> Option<As> {
        let source = self.sources.get(source)?;
        match &source.way {
            super::Way::Webhook { poll: None, .. } => Some(As::Delivered),
            super::Way::Webhook { .. } | super::Way::Portal => None,
            super::Way::Poll(_) | super::Way::Mail(_) => Some(As::Fetched),
        }
    }
}

impl Source {
    fn delivered(&self, body: &[u8]) -> Result<Vec<Item>, String> {
        let documents = each(document::read(body, DEPTH_CAP, Nul::Refused)?);
        let is_large = |document: &Value| document.to_string().len() > BODY_CAP;
        if documents.iter().any(is_large) {
            return Err(HookError::TooLarge { limit: BODY_CAP }.to_string());
        }
        let items = documents.iter().map(Document::from);
        Ok(items.map(|item| Item::of(&self.mapper, &item)).collect())
    }

    fn fetched_items(&self, body: &[u8], beside: &Beside) -> Result<Vec<Item>, String> {
        if let Some(mailbox) = self.mailbox() {
            let item = match document::read(body, DEPTH_CAP, Nul::Refused) {
                Ok(kept @ Value::Object(_)) => Item::of(self.reader(), &Document::from(&kept)),
                Ok(_) | Err(_) => self.mail_item(mailbox, body, None, None)?,
            };
            return Ok(vec![item]);
        }
        let plan = self.plan().ok_or("the source is not polled")?;
        let detail = beside.detail.as_ref().map(Document::from);
        let check = beside.check.as_ref().map(Document::from);
        let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
        let list = match plan.is_table() && is_json {
            true => Err("it is JSON instead of CSV".to_owned()),
            false => plan.list_of(self, body),
        };
        let (items, page) = match list {
            Ok(list) => (list.items, Some(list.document)),
            // It may be an item alone, or some of them.
            Err(why) => match document::read(body, ANSWER_DEPTH_CAP, Nul::Replaced) {
                Ok(value @ (Value::Array(_) | Value::Object(_))) => {
                    (each(value).iter().map(Document::from).collect(), None)
                }
                Ok(_) | Err(_) => return Err(why),
            },
        };
        let besides = Besides {
            check: check.as_ref(),
            detail: detail.as_ref(),
            page: page.as_ref(),
        };
        let read = |item| Item::beside(self.reader(), item, &plan.beside(item, besides));
        Ok(items.iter().map(read).collect())
    }
}

fn each(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

#[cfg(test)]
mod tests;
