//! `[source.mapping]`: how a document becomes an inquiry.
//!
//! Every text is compiled, and tried once on a document made up from the paths that the mapping reads. Such a
//! document holds only words, so what depends on real values (a date that does not parse) is no finding here.

use super::queue::said;
use super::section::{Field, Section};
use crate::app::source_config::{MapField, Mapping, MessageMapping, TextForm};
use crate::expr::{Engine, ErrorKind, Expression, Template};
use serde_json::{Map, Value};

/// A compiled text.
enum Compiled {
    Template(Template),
    Expression(Expression),
}

/// Reads the mapping; without id and title it is none.
pub(super) fn mapping(section: &Section<'_>) -> Option<Mapping> {
    let Some(table) = section.section("mapping") else {
        section.wrong(
            "mapping",
            "the source does not say how its documents are read",
            "add [source.mapping] with at least external_id and title, or a preset",
        );
        return None;
    };
    read(&table, None)
}

/// Reads how a fetched item is read: what `own` does not say is as for a delivered document.
pub(super) fn fetched(source: &Section<'_>, own: &Section<'_>) -> Option<Mapping> {
    read(own, source.section("mapping").as_ref())
}

fn read<'a>(table: &Section<'a>, base: Option<&Section<'a>>) -> Option<Mapping> {
    let field = |key: &str| {
        let own = table.field(key);
        own.or_else(|| base.and_then(|base| base.field(key)))
    };
    let needed = |key: &str, such_as: &str| match field(key) {
        Some(field) => Some(field),
        None => table.need(key, such_as),
    };
    let mut mapping = Mapping::default();
    let mut compiled: Vec<(Field<'_>, Compiled)> = Vec::new();
    let mut is_whole = true;
    for target in MapField::ALL {
        let field = match target {
            MapField::ExternalId => needed("external_id", "\"{{ id }}\""),
            MapField::Title => needed("title", "\"{{ title }}\""),
            _ => field(target.key()),
        };
        let is_needed = matches!(target, MapField::ExternalId | MapField::Title);
        let Some(field) = field else {
            is_whole &= !is_needed;
            continue;
        };
        // A blank text takes back what a preset maps.
        if !is_needed
            && field
                .value
                .as_str()
                .is_some_and(|text| text.trim().is_empty())
        {
            continue;
        }
        match compile(&field, target) {
            Some(one) => {
                let text = field.value.as_str().unwrap_or_default();
                mapping.fields.insert(target, text.to_owned());
                compiled.push((field, one));
            }
            None => is_whole = false,
        }
    }
    let message_of = |section: &Section<'a>| section.section("message");
    if let Some(section) = message_of(table).or_else(|| base.and_then(message_of)) {
        mapping.message = message(&section, &mut compiled);
        is_whole &= mapping.message.is_some();
    }
    try_out(&compiled);
    is_whole.then_some(mapping)
}

/// Reads `[source.mapping.message]`, all four texts of it.
fn message<'a>(
    section: &Section<'a>,
    compiled: &mut Vec<(Field<'a>, Compiled)>,
) -> Option<MessageMapping> {
    let mut text = |key: &str, such_as: &str| {
        let field = section.need(key, such_as)?;
        let template = template(&field)?;
        let text = template.text().to_owned();
        compiled.push((field, Compiled::Template(template)));
        Some(text)
    };
    let id = text("id", "\"{{ message.id }}\"");
    let by = text("by", "\"{{ 'team' if message.is_ours else 'requester' }}\"");
    let at = text("at", "\"{{ message.created_at }}\"");
    let text = text("text", "\"{{ message.text }}\"");
    Some(MessageMapping {
        id: id?,
        by: by?,
        at: at?,
        text: text?,
    })
}

fn compile(field: &Field<'_>, target: MapField) -> Option<Compiled> {
    if target.form() != TextForm::Template {
        let text = field.text()?;
        if text.contains("{{") {
            field.wrong_with(
                format!(
                    "{:?} is computed, so it is written without braces",
                    target.key()
                ),
                "write a bare expression, such as \"status == 'closed'\"",
            );
            return None;
        }
        return super::queue::expression(field).map(Compiled::Expression);
    }
    let template = template(field)?;
    if target == MapField::ExternalId && template.paths().is_empty() {
        field.wrong_with(
            "the id reads nothing of the document, so all would be the same inquiry",
            "put the field that names the item in double braces: \"{{ id }}\"",
        );
        return None;
    }
    Some(Compiled::Template(template))
}

/// Compiles a template, reporting what is wrong with it.
pub(super) fn template(field: &Field<'_>) -> Option<Template> {
    let text = field.text()?;
    Engine::new()
        .compile_template(text)
        .map_err(|error| field.wrong(said(&error)))
        .ok()
}

/// Runs every text once; what cannot end or is too large is a mistake whatever the document.
fn try_out(compiled: &[(Field<'_>, Compiled)]) {
    let mut document = Value::Object(Map::new());
    for (_, one) in compiled {
        let paths = match one {
            Compiled::Template(template) => template.paths(),
            Compiled::Expression(expression) => expression.paths(),
        };
        for path in paths {
            plant(&mut document, path);
        }
    }
    for (field, one) in compiled {
        let outcome = match one {
            Compiled::Template(template) => template.render(&document).map(drop),
            Compiled::Expression(expression) => expression.eval(&document).map(drop),
        };
        if let Err(error) = outcome
            && matches!(error.kind, ErrorKind::OutOfFuel | ErrorKind::TooLarge)
        {
            field.wrong(error.message);
        }
    }
}

/// Puts a word at the end of a path of names.
fn plant(document: &mut Value, path: &str) {
    let mut at = document;
    for name in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Value::Object(map) = at else {
            return;
        };
        at = map.entry(name).or_insert_with(|| Value::from("sample"));
    }
}
