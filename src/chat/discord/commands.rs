//! Slash commands, made from the one table of verbs, in English with Japanese beside it.
//!
//! A level takes 25 subcommands, so duty and pings have commands of their own. A required text is optional here: without
//! it a form opens. They are written to Discord only if it has others.

use super::config::Vocabulary;
use super::render::{say, with};
use super::text::cut;
use crate::app::verbs::{Param, ParamKind, Verb};
use crate::domain::inquiry::Severity;
use crate::i18n::{self, Lang};
use crate::msg;
use serde_json::{Map, Value, json};

/// The option that names the inquiry.
pub(super) const INQUIRY: &str = "inquiry";
const DESCRIPTION: usize = 100;
const CHOICES: usize = 25;
const CHOICE: usize = 100;
const TEXT: usize = 4_000;
const SHORT: usize = 100;

/// Everything that is registered.
pub(super) fn declarations(vocabulary: &Vocabulary) -> Vec<Value> {
    let below = |command: &str| -> Vec<Value> {
        let verbs = Verb::ALL.into_iter().map(|verb| (verb, spot(verb)));
        verbs
            .filter(|(_, (top, _))| *top == command)
            .map(|(verb, (_, sub))| subcommand(verb, sub, vocabulary))
            .collect()
    };
    let top = |name: &str, id: &str| {
        with(
            described(name, |lang| say(lang, id, &[])),
            json!({"type": 1, "options": below(name)}),
        )
    };
    vec![
        top("toban", msg!("discord-command-toban")),
        top("duty", msg!("discord-command-duty")),
        top("severity", msg!("discord-command-severity")),
        top("pings", msg!("discord-command-pings")),
        top("contract", msg!("discord-command-contract")),
        top("intake", msg!("discord-command-intake")),
        top("issue", msg!("discord-command-issue")),
    ]
}

/// The command and subcommand of a verb. A command takes 25 verbs at most, so those that go together have one.
fn spot(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::Severity => ("severity", "set"),
        Verb::ProposeSeverity => ("severity", "propose"),
        Verb::AgreeSeverity => ("severity", "agree"),
        Verb::DeclineSeverity => ("severity", "decline"),
        Verb::Snooze | Verb::Unsnooze | Verb::Mute | Verb::Unmute | Verb::Held => {
            ("pings", verb.name())
        }
        Verb::Refuse | Verb::Except => ("contract", verb.name()),
        Verb::CheckContract => ("contract", "check"),
        Verb::Bounce | Verb::OutOfScope | Verb::Split => ("intake", verb.name()),
        Verb::Keep | Verb::HandOver => ("duty", verb.name()),
        Verb::File | Verb::Link | Verb::Unlink | Verb::Known => ("issue", verb.name()),
        Verb::KnownWorkaround => ("issue", "workaround"),
        verb if verb.is_about_duty() => {
            let name = verb.name();
            ("duty", name.strip_prefix("duty-").unwrap_or(name))
        }
        verb => ("toban", verb.name()),
    }
}

/// The verb behind a command that was used.
pub(super) fn verb(command: &str, sub: Option<&str>) -> Option<Verb> {
    Verb::ALL.into_iter().find(|verb| {
        let (top, below) = spot(*verb);
        top == command && Some(below) == sub
    })
}

fn subcommand(verb: Verb, name: &str, vocabulary: &Vocabulary) -> Value {
    let declared = described(name, |lang| say(lang, &verb.description(), &[]));
    let more = json!({"type": 1, "name_localizations": {"ja": verb.name_ja()}, "options": options(verb, vocabulary)});
    with(declared, more)
}

fn described(name: &str, describe: impl Fn(Lang) -> String) -> Value {
    let of = |lang| cut(&describe(lang), DESCRIPTION, "");
    json!({"name": name, "description": of(Lang::En), "description_localizations": {"ja": of(Lang::Ja)}})
}

/// Required ones first, as Discord demands, then the inquiry, then the rest.
fn options(verb: Verb, vocabulary: &Vocabulary) -> Vec<Value> {
    let (first, last): (Vec<&Param>, Vec<&Param>) =
        verb.params().iter().partition(|param| is_required(param));
    let one = |param: &&Param| option(verb, param, vocabulary);
    let mut all: Vec<Value> = first.iter().map(one).collect();
    if verb.needs_inquiry() {
        let declared = described(INQUIRY, |lang| {
            say(lang, msg!("discord-option-inquiry"), &[])
        });
        all.push(with(declared, json!({"type": 3, "autocomplete": true, "max_length": SHORT, "name_localizations": {"ja": "問い合わせ"}})));
    }
    all.extend(last.iter().map(one));
    all
}

/// Texts are asked by a form if they are not given.
fn is_required(param: &Param) -> bool {
    param.is_required && param.kind != ParamKind::Text
}

fn option(verb: Verb, param: &Param, vocabulary: &Vocabulary) -> Value {
    let kind = match param.kind {
        ParamKind::Text if param.name == "template" => listed(
            vocabulary
                .templates
                .iter()
                .map(|(id, name)| choice(id, name, name)),
        ),
        ParamKind::Text => json!({"type": 3, "max_length": TEXT}),
        ParamKind::Member => json!({"type": 6}),
        ParamKind::Time | ParamKind::Day => json!({"type": 3, "max_length": SHORT}),
        ParamKind::Queue => listed(
            vocabulary
                .queues
                .iter()
                .map(|(id, name)| choice(id, name, name)),
        ),
        ParamKind::Category => listed(
            vocabulary
                .categories
                .iter()
                .map(|name| choice(name, name, name)),
        ),
        ParamKind::Severity => {
            listed(Severity::ALL.into_iter().zip(1..).map(|(severity, level)| {
                let means = vocabulary.severities.get(&severity);
                let en = means.map(|means| means.en.as_str());
                let ja = means.map(|means| means.ja.as_str());
                choice(
                    &severity.to_string(),
                    &meaning(&i18n::severity(Lang::En, level), en),
                    &meaning(&i18n::severity(Lang::Ja, level), ja),
                )
            }))
        }
        ParamKind::Choice(words) => listed(
            words
                .iter()
                .map(|(en, ja)| choice(en, &en.replace('_', " "), ja)),
        ),
    };
    let declared = described(param.name, |lang| param_words(verb, param, lang));
    let mut option = with(
        declared,
        with(kind, json!({"name_localizations": {"ja": param.name_ja}})),
    );
    if is_required(param) {
        option["required"] = true.into();
    }
    option
}

/// A severity with what it means, where that is written.
fn meaning(name: &str, means: Option<&str>) -> String {
    match means {
        Some(means) => format!("{name} – {means}"),
        None => name.to_owned(),
    }
}

/// The description of a parameter; its name if the catalogue has none.
fn param_words(verb: Verb, param: &Param, lang: Lang) -> String {
    let id = format!("param-{}-{}", verb.name(), param.name);
    match i18n::arguments(lang, &id) {
        Some(_) => say(lang, &id, &[]),
        None => param_name(param, lang),
    }
}

/// The shown name of a parameter.
pub(super) fn param_name(param: &Param, lang: Lang) -> String {
    match lang {
        Lang::Ja => param.name_ja.to_owned(),
        Lang::En => param.name.replace('_', " "),
    }
}

/// Choices if they are few enough, else free words.
fn listed(choices: impl Iterator<Item = Value>) -> Value {
    let choices: Vec<Value> = choices.collect();
    if (1..=CHOICES).contains(&choices.len()) {
        json!({"type": 3, "choices": choices})
    } else {
        json!({"type": 3, "max_length": SHORT})
    }
}

fn choice(value: &str, en: &str, ja: &str) -> Value {
    json!({"name": cut(en, CHOICE, ""), "name_localizations": {"ja": cut(ja, CHOICE, "")}, "value": value})
}

/// Whether Discord has other commands than these.
pub(super) fn differ(wanted: &[Value], found: &Value) -> bool {
    let sorted = |commands: &[Value]| {
        let mut commands: Vec<Value> = commands.iter().map(essence).collect();
        commands.sort_by_key(|command| command["name"].to_string());
        commands
    };
    sorted(wanted) != sorted(found.as_array().map_or(&[], Vec::as_slice))
}

/// What we declare of a command, without what Discord adds and defaults it spells out.
fn essence(value: &Value) -> Value {
    const KEPT: [&str; 13] = [
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "choices",
        "required",
        "autocomplete",
        "min_length",
        "max_length",
        "min_value",
        "value",
    ];
    match value {
        Value::Object(map) => {
            let kept = map
                .iter()
                .filter(|(key, value)| KEPT.contains(&key.as_str()) && !is_default(value));
            Value::Object(
                kept.map(|(key, value)| (key.clone(), inner(key, value)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

fn inner(key: &str, value: &Value) -> Value {
    match (key, value) {
        ("options" | "choices", Value::Array(all)) => all.iter().map(essence).collect(),
        _ => value.clone(),
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests;
