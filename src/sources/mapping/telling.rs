//! Tells what the texts of a mapping gave, for whoever wants to know; mapping itself costs nothing more for it.

use super::{Compiled, Mapper, Reading, TextForm, shown};
use crate::app::ports::{HookError, Mapped, NotFound, Unfit};
use crate::app::source_config::MapField;
use crate::expr::{Document, Engine, ExprError};
use crate::sources::explain::{Explained, Outcome};
use serde_json::Value;
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

/// How many names are told of what there is instead, and how long a quoted text may be.
const NAMES: usize = 30;
const TEXT: usize = 100;

/// The name of what a document lacks, which the error quotes first; the text itself where that says no name.
pub(super) fn lacking(error: &ExprError) -> String {
    match named(error) {
        Some(name) => name,
        None => cut(hole(error)),
    }
}

/// Why a text that is needed gave nothing: what the document lacks, or what was looked for and what there is instead.
pub(super) fn missed(error: &ExprError, document: &Document) -> Unfit {
    let text = hole(error);
    let eval = |text: &str| {
        let expression = Engine::new().compile_expression(text).ok()?;
        expression.eval(document).ok()
    };
    // Only the names: what they hold may be large.
    let names = |base: &str| {
        let base = Engine::new().compile_expression(base).ok()?;
        let names = base.names(document)?;
        let rest = (names.len() > NAMES).then(|| "…".to_owned());
        let names = names.iter().map(|name| cut(name));
        Some(names.take(NAMES).chain(rest).collect::<Vec<_>>())
    };
    let looked_up = indexed(text).and_then(|(base, key)| {
        let name = match eval(key)? {
            Value::String(name) => name,
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some((cut(&name), names(base)?))
    });
    // In a table a column may be called by its bare name.
    let columns = || names("row").unwrap_or_default();
    match (looked_up, named(error)) {
        (Some((name, there)), _) => Unfit::NotFound(NotFound {
            text: cut(text),
            name: Some(name),
            there,
        }),
        (None, Some(name)) => {
            let there = columns();
            match there.is_empty() {
                true => Unfit::Lacking(name),
                false => Unfit::NotFound(NotFound {
                    text: name,
                    name: None,
                    there,
                }),
            }
        }
        (None, None) => Unfit::NotFound(NotFound {
            text: cut(text),
            name: None,
            there: columns(),
        }),
    }
}

/// The name that the error quotes first; none where the engine could not tell and guessed at a part of it.
fn named(error: &ExprError) -> Option<String> {
    let name = error.message.split('`').nth(1)?;
    let is_guess = name.contains("[...]") || name.contains("(...)");
    (!is_guess).then(|| name.to_owned())
}

/// The expression that gave nothing, without its filters: all of the text where it is more than one hole.
fn hole(error: &ExprError) -> &str {
    let all = error.text.trim();
    let inner = all
        .strip_prefix("{{")
        .and_then(|all| all.strip_suffix("}}"));
    let inner = inner.filter(|inner| !inner.contains("{{") && !inner.contains("{%"));
    let inner = inner.map_or(all, |inner| inner.trim_matches(['-', '+']).trim());
    let end = outside(inner).find(|(_, c)| *c == '|').map(|(at, _)| at);
    inner[..end.unwrap_or(inner.len())].trim_end()
}

/// What is looked into, and what is looked for, of an expression that ends with `[…]`.
fn indexed(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(']')?;
    let (open, _) = outside(text).filter(|(_, c)| *c == '[').last()?;
    let base = text[..open].trim();
    (!base.is_empty()).then(|| (base, inner[open + 1..].trim()))
}

/// The characters of an expression that stand in no text and in no brackets; a bracket that opens itself is outside.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut is_escaped = false;
    text.char_indices().filter(move |(_, c)| match (quote, *c) {
        (Some(_), _) if is_escaped => {
            is_escaped = false;
            false
        }
        (Some(_), '\\') => {
            is_escaped = true;
            false
        }
        (Some(mark), c) => {
            if c == mark {
                quote = None;
            }
            false
        }
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (None, '(' | '[' | '{') => {
            depth += 1;
            depth == 1
        }
        (None, ')' | ']' | '}') => {
            depth = depth.saturating_sub(1);
            false
        }
        (None, _) => depth == 0,
    })
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT).map(shown).collect()
}
