//! What somebody had written into a form that was not taken: given back whole, so that nobody writes it twice.
//!
//! Promises: every field with its name, exactly as it was written, where it can be copied; what a message cannot hold, or a
//! block of code would not show as it is, is a file. Leaves out why it was not taken, which stands above.

use super::answer::Shown;
use crate::app::verbs::Verb;
use crate::chat::discord::commands::param_name;
use crate::chat::discord::render::{say, with};
use crate::chat::discord::text::{cut, length};
use crate::i18n::Lang;
use crate::msg;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What an embed's description holds; Discord's limit is 4,096.
const HELD: usize = 4_000;

/// What stands above it.
const HEAD: usize = 1_900;

/// The fields of a form that were filled in, in its order, with their names; a field that is no more goes last.
pub(super) fn written(
    verb: Verb,
    values: &HashMap<String, String>,
    lang: Lang,
) -> Vec<(String, String)> {
    let params = verb.params().iter();
    let known = params.filter_map(|param| {
        let text = values.get(param.name)?;
        Some((param_name(param, lang), text.clone()))
    });
    let is_known = |name: &str| verb.params().iter().any(|param| param.name == name);
    let other = values.iter().filter(|(name, _)| !is_known(name));
    let other = other.map(|(name, text)| (name.clone(), text.clone()));
    known
        .chain(other)
        .filter(|(_, text)| !text.trim().is_empty())
        .collect()
}

/// An answer with what was written below it.
pub(super) fn given_back(said: Value, written: &[(String, String)], lang: Lang) -> Shown {
    if written.is_empty() {
        return Shown::Message(said);
    }
    let head = said["content"].as_str().unwrap_or_default();
    let head = cut(head, HEAD, "");
    let block = |(name, text): &(String, String)| format!("{name}\n```\n{text}\n```");
    let blocks: Vec<String> = written.iter().map(block).collect();
    let blocks = blocks.join("\n");
    let is_plain = written.iter().all(|(_, text)| !text.contains("```"));
    if is_plain && length(&blocks) <= HELD {
        let label = say(lang, msg!("discord-your-words"), &[]);
        let embed = json!({"title": label, "description": blocks});
        return Shown::Message(with(
            said,
            json!({"content": head, "flags": 64, "embeds": [embed]}),
        ));
    }
    let label = say(lang, msg!("discord-your-words-file"), &[]);
    let said = with(
        said,
        json!({"content": format!("{head}\n{label}"), "flags": 64}),
    );
    let text = |(name, text): &(String, String)| format!("{name}:\n{text}\n");
    let file: Vec<String> = written.iter().map(text).collect();
    Shown::WithFile(said, file.join("\n"))
}

#[cfg(test)]
mod tests;
