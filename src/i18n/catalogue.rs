//! The two catalogues, read once, and the one function that turns an id into a sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Args, Lang, Value};

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// The arguments of every message, by id.
    arguments: BTreeMap<&'static str, BTreeSet<&'static str>>,
    problems: Vec<String>,
}

static JA: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::read(Lang::Ja, include_str!("ja.ftl")));
static EN: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::read(Lang::En, include_str!("en.ftl")));

fn catalogue(lang: Lang) -> &'static Catalogue {
    match lang {
        Lang::Ja => &JA,
        Lang::En => &EN,
    }
}

/// Says the message `id` in `lang`.
///
/// A missing message is shown as `⟨id⟩` and a missing argument as `⟨name⟩`; both are logged.
pub fn say(lang: Lang, id: &str, args: &Args) -> String {
    let catalogue = catalogue(lang);
    let (Some(message), Some(wanted)) = (
        catalogue.bundle.get_message(id),
        catalogue.arguments.get(id),
    ) else {
        tracing::error!(
            message.id = id,
            lang = lang.code(),
            "message {id} is not in the catalogue"
        );
        return format!("⟨{id}⟩");
    };
    let Some(pattern) = message.value() else {
        tracing::error!(
            message.id = id,
            lang = lang.code(),
            "message {id} has no text"
        );
        return format!("⟨{id}⟩");
    };
    let mut filled = FluentArgs::new();
    for name in wanted {
        let value = match args.get(name) {
            Some(Value::Text(text)) => FluentValue::from(text.as_str()),
            Some(Value::Number(number)) => FluentValue::from(*number),
            None => {
                tracing::error!(
                    message.id = id,
                    lang = lang.code(),
                    "message {id} was not given {name}"
                );
                FluentValue::from(format!("⟨{name}⟩"))
            }
        };
        filled.set(*name, value);
    }
    let mut errors = Vec::new();
    let said = catalogue
        .bundle
        .format_pattern(pattern, Some(&filled), &mut errors)
        .into_owned();
    for error in errors {
        tracing::error!(
            message.id = id,
            lang = lang.code(),
            "message {id} cannot be said: {error}"
        );
    }
    said
}

/// Lists the ids of the messages of one language.
pub fn keys(lang: Lang) -> impl Iterator<Item = &'static str> {
    catalogue(lang).arguments.keys().copied()
}

/// Lists the names that a message wants filled; `None` if there is no such message.
pub fn arguments(lang: Lang, id: &str) -> Option<&'static BTreeSet<&'static str>> {
    catalogue(lang).arguments.get(id)
}

/// Lists what is wrong with a catalogue: text that is not Fluent, ids given twice.
pub fn problems(lang: Lang) -> &'static [String] {
    &catalogue(lang).problems
}

impl Catalogue {
    fn read(lang: Lang, text: &'static str) -> Catalogue {
        let mut problems = Vec::new();
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(part, errors)| {
            problems.extend(errors.iter().map(|e| format!("{lang}.ftl: {e}")));
            part
        });
        let locale: LanguageIdentifier = lang.code().parse().expect("both codes are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // the marks that would isolate arguments show up as boxes in some chat clients
        bundle.set_use_isolating(false);
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(|e| format!("{lang}.ftl: {e}")));
        }
        for problem in &problems {
            tracing::error!("{problem}");
        }
        Catalogue {
            bundle,
            arguments: scan(text),
            problems,
        }
    }
}

/// Finds ids and the arguments in their texts; a text goes on as long as lines are indented or blank.
fn scan(text: &'static str) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let id = line.split([' ', '=']).next().unwrap_or_default();
            found.entry(id).or_default();
            current = Some(id);
        } else if !line.starts_with([' ', '}']) && !line.is_empty() {
            current = None;
        }
        if let Some(id) = current {
            found
                .entry(id)
                .or_default()
                .extend(line.split('$').skip(1).map(name));
        }
    }
    found
}

fn name(after_dollar: &'static str) -> &'static str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    after_dollar
        .split(|c| !is_part(c))
        .next()
        .unwrap_or_default()
}
