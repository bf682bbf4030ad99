//! The rules of application commands that the description misses.

use std::collections::HashSet;

use serde_json::Value;

use super::{given, list, text};
use crate::doubles::discord::errors::Problem;

/// The locale codes that Discord takes (`AvailableLocalesEnum` of the description).
pub const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE",
    "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

pub const COMMANDS_MAX: usize = 100;
pub const TEXT_TOTAL_MAX: usize = 8_000;

/// Checks a bulk overwrite: each command, and that no two of a kind share a name.
pub fn check_list(commands: &[Value], problems: &mut Vec<Problem>) {
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    let mut seen = HashSet::new();
    for (index, command) in commands.iter().enumerate() {
        check(command, &format!("/{index}"), false, problems);
        if !seen.insert((kind(command), text(command, "name"))) {
            let says = "Application command names must be unique";
            problems.push(Problem::new(
                format!("/{index}/name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                says,
            ));
        }
    }
    if commands.iter().filter(|command| kind(command) == 1).count() > COMMANDS_MAX {
        problems.push(Problem::new(
            "",
            "BASE_TYPE_BAD_LENGTH",
            "Maximum number of application commands reached (100)",
        ));
    }
}

/// Checks one command; a partial one (PATCH) may leave out what it does not change.
pub fn check(command: &Value, at: &str, partial: bool, problems: &mut Vec<Problem>) {
    let is_chat = command["type"].as_u64().unwrap_or(1) == 1;
    if is_chat {
        if !partial || given(command, "name") {
            name(text(command, "name"), &format!("{at}/name"), problems);
        }
        names(&command["name_localizations"], at, problems);
        let absent = !given(command, "description");
        if text(command, "description").is_empty() && !(partial && absent) {
            problems.push(Problem::new(
                format!("{at}/description"),
                "BASE_TYPE_REQUIRED",
                "This field is required",
            ));
        }
    } else if !text(command, "description").is_empty() {
        let says = "Context menu commands cannot have description";
        problems.push(Problem::new(
            format!("{at}/description"),
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
            says,
        ));
    }
    locales(command, at, problems);
    options(list(&command["options"]), at, problems);
    if size(command) > TEXT_TOTAL_MAX {
        let says = format!("Command exceeds maximum size ({TEXT_TOTAL_MAX})");
        problems.push(Problem::new(at, "APPLICATION_COMMAND_TOO_LARGE", says));
    }
}

fn options(options: &[Value], at: &str, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    let mut optional_before = false;
    let is_sub = |option: &Value| matches!(option["type"].as_u64(), Some(1 | 2));
    if options.iter().any(is_sub) && !options.iter().all(is_sub) {
        let says = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        problems.push(Problem::new(
            format!("{at}/options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            says,
        ));
    }
    for (index, option) in options.iter().enumerate() {
        let at = format!("{at}/options/{index}");
        name(text(option, "name"), &format!("{at}/name"), problems);
        names(&option["name_localizations"], &at, problems);
        locales(option, &at, problems);
        if !seen.insert(text(option, "name")) {
            let says = "Option names must be unique";
            problems.push(Problem::new(
                format!("{at}/name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                says,
            ));
        }
        let required = option["required"] == true;
        if required && optional_before {
            let says = "Required options must be placed before non-required options";
            problems.push(Problem::new(
                &at,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                says,
            ));
        }
        optional_before |= !required && !is_sub(option);
        if option["autocomplete"] == true && !list(&option["choices"]).is_empty() {
            let says = "Options with autocomplete cannot have choices";
            problems.push(Problem::new(
                &at,
                "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
                says,
            ));
        }
        if option["autocomplete"] == true && !matches!(option["type"].as_u64(), Some(3 | 4 | 10)) {
            let says = "only text and number options complete themselves";
            problems.push(Problem::new(
                &at,
                "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
                says,
            ));
        }
        for (choice_index, choice) in list(&option["choices"]).iter().enumerate() {
            locales(choice, &format!("{at}/choices/{choice_index}"), problems);
        }
        self::options(list(&option["options"]), &at, problems);
    }
}

fn names(localizations: &Value, at: &str, problems: &mut Vec<Problem>) {
    for (locale, value) in localizations.as_object().into_iter().flatten() {
        name(
            value.as_str().unwrap_or_default(),
            &format!("{at}/name_localizations/{locale}"),
            problems,
        );
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, and in lower case where the script has one.
fn name(name: &str, at: &str, problems: &mut Vec<Problem>) {
    let mark = |c: char| matches!(c, '\u{0900}'..='\u{097f}' | '\u{0e00}'..='\u{0e7f}');
    let legal = |c: char| matches!(c, '-' | '_' | '\'') || c.is_alphanumeric() || mark(c);
    let length = name.chars().count();
    if !(1..=32).contains(&length)
        || !name.chars().all(legal)
        || name.chars().any(char::is_uppercase)
    {
        problems.push(Problem::new(
            at,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        ));
    }
}

fn locales(holder: &Value, at: &str, problems: &mut Vec<Problem>) {
    for key in ["name_localizations", "description_localizations"] {
        for locale in holder[key]
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys())
        {
            if !LOCALES.contains(&locale.as_str()) {
                let at = format!("{at}/{key}/{locale}");
                problems.push(Problem::new(
                    at,
                    "DICT_TYPE_KEY_INVALID",
                    format!("{locale:?} is not a locale of Discord"),
                ));
            }
        }
    }
}

/// Counts name, description and values of a command and its options, each with its longest localisation.
fn size(holder: &Value) -> usize {
    let longest = |key: &str, localized: &str| {
        let all = holder[localized]
            .as_object()
            .into_iter()
            .flat_map(|map| map.values());
        all.chain([&holder[key]])
            .filter_map(Value::as_str)
            .map(|t| t.chars().count())
            .max()
            .unwrap_or_default()
    };
    let own =
        longest("name", "name_localizations") + longest("description", "description_localizations");
    let value = text(holder, "value").chars().count();
    let below: usize = ["options", "choices"]
        .iter()
        .flat_map(|key| list(&holder[*key]))
        .map(size)
        .sum();
    own + value + below
}
