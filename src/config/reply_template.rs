//! `[[template]]`: words to begin a reply with.

use super::desk::Desk;
use super::queue::said;
use super::section::Section;
use crate::app::replies::{ReplyTemplate, sample, shipped};
use crate::expr::{Engine, Template};

/// Reads every `[[template]]`; where there is none, the one that ships.
pub(super) fn templates(root: &Section<'_>, desk: &Desk) -> Vec<ReplyTemplate> {
    let mut all: Vec<ReplyTemplate> = Vec::new();
    let sections = root.sections("template");
    if sections.is_empty() {
        return vec![shipped(desk.lang)];
    }
    for section in sections {
        let id = section.need("id", "\"separately\"");
        let id = id.and_then(|field| field.id());
        let name = section.need("name", "\"Please file it separately\"");
        let name = name.and_then(|field| field.text());
        let texts = [text(&section, "ja"), text(&section, "en")];
        let (Some(id), Some(name)) = (id, name) else {
            continue;
        };
        if all.iter().any(|known| known.id == id || known.name == name) {
            section.wrong(
                "id",
                format!("template {id:?} or its name is there twice"),
                "give each template an id and a name of its own",
            );
            continue;
        }
        if let [Some(ja), Some(en)] = texts {
            all.push(ReplyTemplate {
                id: id.to_owned(),
                name: name.to_owned(),
                ja,
                en,
            });
        }
    }
    all
}

/// Compiles a text and tries it on one inquiry.
fn text(section: &Section<'_>, key: &str) -> Option<Template> {
    let field = section.need(key, "\"…\"")?;
    let template = match Engine::new().compile_template(field.text()?) {
        Ok(template) => template,
        Err(error) => {
            field.wrong(said(&error));
            return None;
        }
    };
    let sample = sample();
    match template.render(&sample) {
        Ok(text) if text.trim().is_empty() => {
            field.wrong_with("this says nothing", "a template needs words");
            None
        }
        Ok(_) => Some(template),
        Err(error) => {
            let known: Vec<&str> = sample
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
                .collect();
            field.wrong_with(
                error.message,
                format!("a template may name {}", known.join(", ")),
            );
            None
        }
    }
}
