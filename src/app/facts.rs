//! What a mapped document says, as facts: known values, defaults with a flag, and words by their ids.

use super::desk::App;
use super::ports::{Mapped, MappedIntake};
use super::setup::{Customer, SourceSetup};
use crate::domain::contract::Terms;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Facts, Flag, Intake, Kind, Revision, Severity};
use crate::i18n::Lang;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

/// The source's own revision, or the hash of what the mapping made of the document.
pub(super) fn revision(mapped: &Mapped) -> Revision {
    if let Some(revision) = &mapped.revision {
        return Revision::Ordered(revision.clone());
    }
    let mut fields = serde_json::json!([
        mapped.title,
        mapped.body,
        mapped.requester,
        mapped.customer,
        mapped.plan,
        mapped.product,
        mapped.region,
        mapped.language,
        mapped.kind,
        mapped.severity,
        mapped.business_stopped,
        mapped.needed_by,
        mapped.is_closed,
        mapped.owner,
        mapped.url,
    ]);
    // What says nothing of its intake keeps the hash that it had before there was one.
    let intake = &mapped.intake;
    if *intake != MappedIntake::default()
        && let Some(fields) = fields.as_array_mut()
    {
        fields.push(serde_json::json!([
            intake.channel,
            intake.tried,
            intake.settings_checked,
            intake.environment,
            intake.error_text,
        ]));
    }
    Revision::Content(hex::encode(Sha256::digest(fields.to_string().as_bytes())))
}

/// Gives outside words their ids: the same words keep the id they have, so that "changed" means changed words.
pub(super) struct NewWords<'a> {
    app: &'a App,
    known: HashMap<String, TextId>,
    pub made: Vec<(TextId, String)>,
}

impl<'a> NewWords<'a> {
    pub fn new(app: &'a App) -> Self {
        NewWords {
            app,
            known: HashMap::new(),
            made: Vec::new(),
        }
    }

    pub fn know<'t>(&mut self, words: impl IntoIterator<Item = (&'t String, TextId)>) {
        let words = words.into_iter();
        self.known
            .extend(words.map(|(words, id)| (words.clone(), id)));
    }

    pub fn id(&mut self, words: &str) -> TextId {
        if let Some(id) = self.known.get(words) {
            return id.clone();
        }
        let id: TextId = self.app.ids.id().into();
        self.known.insert(words.to_owned(), id.clone());
        self.made.push((id.clone(), words.to_owned()));
        id
    }
}

pub(super) fn text_ids(facts: &Facts) -> Vec<TextId> {
    let optional = [&facts.body, &facts.requester, &facts.customer];
    let flags = facts.flags.iter().map(|flag| &flag.given);
    std::iter::once(&facts.title)
        .chain(optional.into_iter().flatten())
        .chain(facts.intake.texts())
        .chain(flags)
        .cloned()
        .collect()
}

/// A document as it would be with what it lacks: where its detail could not be fetched, what is absent is as it was. Any
/// other says all that there is.
pub(super) fn filled<'m>(
    mapped: &'m Mapped,
    source: &SourceSetup,
    known: &Facts,
    texts: &HashMap<TextId, String>,
) -> Cow<'m, Mapped> {
    if !mapped.is_partial {
        return Cow::Borrowed(mapped);
    }
    let words = |id: &Option<TextId>| texts.get(id.as_ref()?).cloned();
    // What was not known when it was given is so still.
    let odd = |field: &str| {
        let flag = known.flags.iter().find(|flag| flag.field == field)?;
        texts.get(&flag.given).cloned()
    };
    let one_of = |field: &str, value: &str, all: &[String]| {
        let is_known = all.is_empty() || all.iter().any(|known| known == value);
        odd(field).or_else(|| is_known.then(|| value.to_owned()))
    };
    let before = &known.intake;
    let mut whole = mapped.clone();
    let lacking = [
        (&mut whole.body, words(&known.body)),
        (&mut whole.requester, words(&known.requester)),
        (&mut whole.customer, words(&known.customer)),
        (
            &mut whole.plan,
            one_of("plan", &known.plan, &source.known_plans),
        ),
        (
            &mut whole.product,
            one_of("product", &known.product, &source.known_products),
        ),
        (
            &mut whole.region,
            odd("region").or_else(|| known.region.clone()),
        ),
        (
            &mut whole.language,
            odd("language").or_else(|| Some(known.language.clone())),
        ),
        (
            &mut whole.kind,
            odd("kind").or_else(|| Some(kind_word(known.kind).to_owned())),
        ),
        (
            &mut whole.severity,
            odd("severity").or_else(|| Some(known.severity.to_string())),
        ),
        (&mut whole.intake.channel, before.channel.clone()),
        (&mut whole.intake.tried, words(&before.tried)),
        (
            &mut whole.intake.settings_checked,
            odd("settings_checked").or_else(|| {
                let word = |is_checked| if is_checked { "yes" } else { "no" };
                before.settings_checked.map(word).map(str::to_owned)
            }),
        ),
        (&mut whole.intake.environment, words(&before.environment)),
        (&mut whole.intake.error_text, words(&before.error_text)),
    ];
    for (field, was) in lacking {
        if field.is_none() {
            *field = was;
        }
    }
    for flag in &known.flags {
        let is_other = matches!(flag.field.as_str(), "business_stopped" | "needed_by");
        let is_said = whole.odd.iter().any(|(field, _)| *field == flag.field);
        if let Some(given) = texts.get(&flag.given).filter(|_| is_other && !is_said) {
            whole.odd.push((flag.field.clone(), given.clone()));
        }
    }
    whole.business_stopped |= known.business_stopped;
    whole.needed_by = whole.needed_by.or(known.needed_by);
    Cow::Owned(whole)
}

/// Reads the fields: an unknown value takes the default and is flagged with the words that were given.
///
/// Who the customer is decides their plan, where the source says none, and their calendar; the name itself is outside
/// words and stays there. Region and language are those of the contract, where the source says none.
pub(super) fn facts(
    mapped: &Mapped,
    source: &SourceSetup,
    customers: &[Customer],
    terms: Option<&Terms>,
    words: &mut NewWords<'_>,
) -> Facts {
    let defaults = &source.defaults;
    let customer = mapped
        .customer
        .as_deref()
        .and_then(|name| customers.iter().find(|customer| customer.is(name)));
    let mut flags = Vec::new();
    let mut flag = |words: &mut NewWords<'_>, field: &str, given: &str| {
        flags.push(Flag {
            field: field.to_owned(),
            given: words.id(given),
        });
    };
    let severity = match mapped.severity.as_deref() {
        None => defaults.severity,
        Some(given) => given.parse::<Severity>().unwrap_or_else(|()| {
            flag(words, "severity", given);
            defaults.severity
        }),
    };
    let kind = match mapped.kind.as_deref() {
        None => defaults.kind,
        Some(given) => kind(given).unwrap_or_else(|| {
            flag(words, "kind", given);
            defaults.kind
        }),
    };
    let language = match mapped.language.as_deref() {
        None => terms
            .and_then(|terms| terms.language.as_deref()?.parse().ok())
            .unwrap_or(defaults.language),
        Some(given) => given.to_lowercase().parse::<Lang>().unwrap_or_else(|_| {
            flag(words, "language", given);
            defaults.language
        }),
    };
    let mut one_of = |words: &mut NewWords<'_>,
                      field: &str,
                      given: &Option<String>,
                      known: &[String],
                      default: &str| {
        match given {
            None => default.to_owned(),
            Some(given) if known.is_empty() || known.contains(given) => given.clone(),
            Some(given) => {
                flag(words, field, given);
                default.to_owned()
            }
        }
    };
    let plan = one_of(
        words,
        "plan",
        &mapped.plan,
        &source.known_plans,
        customer
            .and_then(|customer| customer.plan.as_deref())
            .unwrap_or(&defaults.plan),
    );
    let product = one_of(
        words,
        "product",
        &mapped.product,
        &source.known_products,
        &defaults.product,
    );
    let region = match &mapped.region {
        Some(given) if source.known_regions.is_empty() || source.known_regions.contains(given) => {
            Some(given.clone())
        }
        Some(given) => {
            flag(words, "region", given);
            None
        }
        None => terms.and_then(|terms| terms.region.clone()),
    };
    let given = &mapped.intake;
    let settings_checked = given.settings_checked.as_deref().and_then(|said| {
        let known = yes_or_no(said);
        if known.is_none() {
            flag(words, "settings_checked", said);
        }
        known
    });
    for (field, given) in &mapped.odd {
        flag(words, field, given);
    }
    Facts {
        title: words.id(&mapped.title),
        body: mapped.body.as_deref().map(|body| words.id(body)),
        requester: mapped.requester.as_deref().map(|name| words.id(name)),
        customer: mapped.customer.as_deref().map(|name| words.id(name)),
        plan,
        product,
        region,
        language: language.code().to_owned(),
        kind,
        severity,
        business_stopped: mapped.business_stopped,
        needed_by: mapped.needed_by,
        flags,
        calendar: customer.and_then(|customer| customer.calendar.clone()),
        intake: Intake {
            channel: given.channel.clone(),
            tried: given.tried.as_deref().map(|said| words.id(said)),
            settings_checked,
            environment: given.environment.as_deref().map(|said| words.id(said)),
            error_text: given.error_text.as_deref().map(|said| words.id(said)),
        },
    }
}

/// Reads a word for yes or no, as forms and trackers of both languages write them.
pub(super) fn yes_or_no(given: &str) -> Option<bool> {
    match given.trim().to_lowercase().as_str() {
        "yes" | "true" | "1" | "y" | "on" | "はい" | "済" | "済み" | "確認済" | "確認済み"
        | "○" => Some(true),
        "no" | "false" | "0" | "n" | "off" | "いいえ" | "未" | "未確認" | "×" => {
            Some(false)
        }
        _ => None,
    }
}

/// The word by which [`kind`] knows a kind.
fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Investigation => "investigation",
        Kind::Specification => "specification",
    }
}

pub(super) fn kind(given: &str) -> Option<Kind> {
    match given.trim().to_lowercase().as_str() {
        "investigation" | "調査" => Some(Kind::Investigation),
        "specification" | "仕様確認" => Some(Kind::Specification),
        _ => None,
    }
}
