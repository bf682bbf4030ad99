//! Forms (modals) for anything longer than a choice, and the menus that come before them.
//!
//! Forms hold text inputs only, for serenity 0.12 loses what menus inside a form say; so a choice is made
//! first, in a menu that one person sees.

use super::commands::param_name;
use super::press::{About, Press, What, digest};
use super::render::{private, say, with};
use super::text::{cut, length};
use crate::app::ports::ResolveForm;
use crate::app::verbs::{Param, ParamKind, Verb};
use crate::domain::inquiry::Kind;
use crate::i18n::Lang;
use crate::msg;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TITLE: usize = 45;
const LABEL: usize = 45;
const PLACEHOLDER: usize = 100;
const OPTION: usize = 100;
const OPTIONS: usize = 25;
const TEXT: usize = 4_000;
const SHORT: usize = 100;
const ROWS: usize = 5;
/// The longest title of what is split off.
const LONGEST_TITLE: usize = 200;

/// A form to be opened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    pub verb: Verb,
    pub about: About,
    pub kind: Option<Kind>,
    /// What was chosen before.
    pub choice: Option<String>,
    /// What is known already, by parameter.
    pub given: BTreeMap<String, String>,
    /// Whether it comes from a menu, whose message the answer replaces.
    pub replaces: bool,
}

/// The parameter that a menu asks before the form.
pub(super) fn menu_param(verb: Verb) -> Option<&'static Param> {
    // What is usual need not be chosen first.
    if matches!(verb, Verb::Bounce | Verb::Transfer) {
        return None;
    }
    // What only the desk knows: the trackers there are, the issues that are linked.
    if let Some(name) = asked_first(verb) {
        return verb.params().iter().find(|param| param.name == name);
    }
    let is_chosen = |param: &&Param| match param.kind {
        ParamKind::Choice(_) | ParamKind::Category => true,
        // Which proposal is answered; the button says.
        ParamKind::Severity => matches!(verb, Verb::AgreeSeverity | Verb::DeclineSeverity),
        ParamKind::Text
        | ParamKind::Member
        | ParamKind::Queue
        | ParamKind::Time
        | ParamKind::Day => false,
    };
    verb.params().iter().find(is_chosen)
}

/// The parameter of which the desk says what there is to choose from, if it is more than one.
pub(super) fn asked_first(verb: Verb) -> Option<&'static str> {
    match verb {
        Verb::File | Verb::Link | Verb::KnownWorkaround => Some("tracker"),
        Verb::Unlink => Some("issue"),
        _ => None,
    }
}

impl Form {
    /// One in which nothing stands yet.
    pub fn new(
        verb: Verb,
        about: About,
        kind: Option<Kind>,
        choice: Option<String>,
        replaces: bool,
    ) -> Self {
        Form {
            verb,
            about,
            kind,
            choice,
            given: BTreeMap::new(),
            replaces,
        }
    }

    /// Writes the modal.
    pub fn modal(&self, lang: Lang) -> Value {
        let rows: Vec<Value> = self
            .params()
            .into_iter()
            .take(ROWS)
            .map(|(param, is_required)| json!({"type": 1, "components": [self.input(param, is_required, lang)]}))
            .collect();
        let what = What::Form {
            kind: self.kind,
            choice: self.choice.clone(),
            replaces: self.replaces,
        };
        let press = Press {
            what,
            verb: self.verb,
            about: self.about.clone(),
        };
        json!({"custom_id": press.id(), "title": cut(&self.title(lang), TITLE, ""), "components": rows})
    }

    /// Writes a message with a button that opens the form, for when it was too late to open it at once.
    pub fn late(&self, lang: Lang) -> Value {
        let what = What::Open {
            kind: self.kind,
            choice: self.choice.clone(),
        };
        let press = Press {
            what,
            verb: self.verb,
            about: self.about.clone(),
        };
        let label = say(lang, msg!("discord-open-form"), &[]);
        let button = json!({"type": 2, "style": 1, "label": label, "custom_id": press.id()});
        let said = say(
            lang,
            msg!("discord-form-is-ready"),
            &[("what", self.title(lang))],
        );
        with(
            private(&said),
            json!({"components": [{"type": 1, "components": [button]}]}),
        )
    }

    fn title(&self, lang: Lang) -> String {
        let title = title(self.verb, &self.about, lang);
        // Which proposal is declined cannot be seen behind the form, nor where an issue goes.
        match &self.choice {
            Some(choice) if self.verb == Verb::DeclineSeverity => format!("{title} {choice}"),
            Some(tracker) if asked_first(self.verb) == Some("tracker") => {
                format!("{title} → {tracker}")
            }
            Some(_) | None => title,
        }
    }

    /// What is asked, and whether it must be answered. Resolving asks what the inquiry's kind demands.
    fn params(&self) -> Vec<(&'static Param, bool)> {
        let asked = self.verb.params().iter();
        // Of one tracker nothing is to be chosen; of several one is filled in that was not chosen before.
        let asked =
            asked.filter(|param| param.name != "tracker" || self.given.contains_key("tracker"));
        // What it begins with stands in the form already.
        let asked = asked.filter(|param| param.name != "template");
        let asked =
            asked.filter(|param| self.choice.is_none() || menu_param(self.verb) != Some(param));
        asked
            .filter_map(|param| Some((param, self.demand(param)?)))
            .collect()
    }

    /// `None` if it is not asked at all.
    fn demand(&self, param: &Param) -> Option<bool> {
        // Who it is needs words only where the choice says nobody.
        if (self.verb, param.name) == (Verb::OutOfScope, "who") {
            return (self.choice.as_deref() == Some("other")).then_some(true);
        }
        if self.verb != Verb::Resolve {
            return Some(param.is_required);
        }
        match (self.kind, param.name) {
            (Some(Kind::Investigation), "cause") | (Some(Kind::Specification), "answer") => {
                Some(true)
            }
            (Some(Kind::Investigation), "answer")
            | (Some(Kind::Specification), "cause" | "workaround" | "no_workaround") => None,
            _ => Some(param.is_required),
        }
    }

    fn input(&self, param: &Param, is_required: bool, lang: Lang) -> Value {
        let (style, most) = match (self.verb, param.kind, param.name) {
            (Verb::Split, ParamKind::Text, "title") => (1, LONGEST_TITLE),
            (_, ParamKind::Text, _) => (2, TEXT),
            _ => (1, SHORT),
        };
        let mut input = json!({
            "type": 4, "custom_id": param.name, "style": style, "max_length": most, "required": is_required,
            "label": cut(&param_name(param, lang), LABEL, ""),
        });
        if let Some(hint) = hint(param, lang) {
            input["placeholder"] = cut(&hint, PLACEHOLDER, "").into();
        }
        if let Some(given) = self.given.get(param.name).filter(|given| !given.is_empty()) {
            input["value"] = cut(given, most, "").into();
        }
        input
    }
}

fn hint(param: &Param, lang: Lang) -> Option<String> {
    let words = |choices: &[(&str, &str)]| {
        let one = |(en, ja): &(&str, &str)| {
            if lang == Lang::Ja {
                (*ja).to_owned()
            } else {
                (*en).to_owned()
            }
        };
        choices.iter().map(one).collect::<Vec<_>>().join(" / ")
    };
    match (param.kind, param.name) {
        (ParamKind::Time, _) => Some(say(lang, msg!("discord-hint-time"), &[])),
        (ParamKind::Choice(choices), _) => Some(words(choices)),
        (ParamKind::Severity, "severity") => Some("S1 / S2 / S3 / S4".to_owned()),
        (_, "workaround") => Some(say(lang, msg!("discord-hint-workaround"), &[])),
        (_, "no_workaround") => Some(say(lang, msg!("discord-hint-no-workaround"), &[])),
        _ => None,
    }
}

fn title(verb: Verb, about: &About, lang: Lang) -> String {
    let name = if lang == Lang::Ja {
        verb.name_ja().to_owned()
    } else {
        verb.name().replace('-', " ")
    };
    match about.reference {
        Some(reference) => format!("{reference} {name}"),
        None => name,
    }
}

/// What comes first when a verb is asked for by a button: a menu or the form.
pub(super) fn begin(verb: Verb, about: About, lang: Lang) -> Result<Form, Value> {
    match menu_param(verb).map(|param| param.kind) {
        Some(ParamKind::Choice(choices)) => {
            let one = |(en, ja): &(&str, &str)| {
                (
                    (*en).to_owned(),
                    if lang == Lang::Ja { *ja } else { *en }.replace('_', " "),
                )
            };
            let choices: Vec<(String, String)> = choices.iter().map(one).collect();
            Err(menu(verb, about, None, &choices, lang))
        }
        Some(_) | None => Ok(Form::new(verb, about, None, None, false)),
    }
}

/// What comes first when an inquiry is to be resolved: the menu of categories, if there are some to choose from.
pub(super) fn begin_resolving(about: About, form: &ResolveForm, lang: Lang) -> Result<Form, Value> {
    let about = About {
        reference: Some(form.reference),
        ..about
    };
    if (2..=OPTIONS).contains(&form.categories.len()) {
        let choices: Vec<(String, String)> = form
            .categories
            .iter()
            .map(|name| (name.clone(), name.clone()))
            .collect();
        return Err(menu(Verb::Resolve, about, Some(form.kind), &choices, lang));
    }
    let only = form
        .categories
        .first()
        .filter(|_| form.categories.len() == 1);
    let (kind, choice) = (Some(form.kind), only.cloned());
    Ok(Form::new(Verb::Resolve, about, kind, choice, false))
}

/// The menu of what only the desk knows; the first 25 of them, for Discord shows no more.
pub(super) fn choose(verb: Verb, about: About, choices: &[(String, String)], lang: Lang) -> Value {
    let choices = &choices[..choices.len().min(OPTIONS)];
    menu(verb, about, None, choices, lang)
}

fn menu(
    verb: Verb,
    about: About,
    kind: Option<Kind>,
    choices: &[(String, String)],
    lang: Lang,
) -> Value {
    // What needs no more words is done at once.
    let id = match verb {
        Verb::Unlink => msg!("discord-choose-only"),
        _ => msg!("discord-choose"),
    };
    let said = say(lang, id, &[("what", title(verb, &about, lang))]);
    let label = menu_param(verb)
        .map(|param| param_name(param, lang))
        .unwrap_or_default();
    let option = |(value, label): &(String, String)| {
        let value = if length(value) > OPTION {
            digest(value)
        } else {
            value.clone()
        };
        json!({"label": cut(label, OPTION, ""), "value": value})
    };
    let options: Vec<Value> = choices.iter().map(option).collect();
    let press = Press {
        what: What::Pick { kind },
        verb,
        about,
    };
    let select = json!({"type": 3, "custom_id": press.id(), "placeholder": cut(&label, PLACEHOLDER, ""), "options": options});
    with(
        private(&said),
        json!({"components": [{"type": 1, "components": [select]}]}),
    )
}

#[cfg(test)]
mod tests;
