//! Tells what the texts of a mapping gave, for whoever wants to know; mapping itself costs nothing more for it.

use super::{Compiled, Mapper, Reading, TextForm};
use crate::app::ports::{HookError, Mapped};
use crate::app::source_config::MapField;
use crate::expr::{Document, ExprError};
use crate::sources::explain::{Explained, Outcome};
use std::collections::BTreeMap;

impl Mapper {
    /// Maps a document as [`map`](Mapper::map) does, and tells what the text of every field gave.
    pub fn explain(
        &self,
        document: &Document,
    ) -> (Vec<Explained>, Result<Option<Mapped>, HookError>) {
        let mut reading = self.reading(document);
        reading.told = Some(BTreeMap::new());
        let mapped = self.read(&mut reading, None);
        if mapped.is_err() {
            reading.look_at_the_rest();
        }
        let told = reading.told.unwrap_or_default().into_iter();
        let told = told.map(|(field, outcome)| Explained {
            field,
            text: self
                .fields
                .get(&field)
                .map_or("", Compiled::text)
                .to_owned(),
            outcome,
        });
        (told.collect(), mapped)
    }
}

impl Compiled {
    fn text(&self) -> &str {
        match self {
            Compiled::Template(template) => template.text(),
            Compiled::Expression(expression) => expression.text(),
        }
    }
}

impl Reading<'_> {
    /// Remembers what a text gave, for whoever wants to know; said again, the later word counts.
    pub(super) fn tell(&mut self, field: MapField, outcome: impl FnOnce() -> Outcome) {
        if let Some(told) = &mut self.told
            && self.mapper.fields.contains_key(&field)
        {
            told.insert(field, outcome());
        }
    }

    /// Tells of the fields that were not come to because a required one failed.
    pub(super) fn look_at_the_rest(&mut self) {
        let told = self.told.as_ref();
        let is_left = |field: &MapField| told.is_some_and(|told| !told.contains_key(field));
        let left: Vec<_> = self.mapper.fields.keys().copied().filter(is_left).collect();
        for field in left {
            match field.form() {
                TextForm::Template => drop(self.text(field)),
                TextForm::Truth => drop(self.truth(field)),
                TextForm::List => drop(self.messages()),
            }
        }
    }
}

/// The name of what a document lacks, which the error quotes first.
pub(super) fn lacking(error: &ExprError) -> String {
    let name = error.message.split('`').nth(1);
    name.map_or_else(|| error.message.clone(), str::to_owned)
}
