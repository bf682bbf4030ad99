//! Makes an inquiry of a document: the texts of a [`Mapping`](crate::app::source_config::Mapping), compiled once.
//!
//! Promises: no document panics or hangs it. Only external id and title are required, and of what is
//! gone only the id. Any other field whose text gives
//! nonsense is left out and named in [`Mapped::odd`] with what it gave; a field that the document lacks is simply
//! absent. What comes out is bounded: every text, the messages, and what is told of nonsense; it holds no control characters but
//! line ends and tabs. Leaves out what the words mean to the desk (known plans, severities, members): that is decided where they
//! are received.

mod telling;
mod text;

use super::explain::Outcome;
use crate::app::ports::{HookError, Mapped, MappedIntake, MappedMessage, Side, Unfit};
use crate::app::source_config::{MapField, Mapping, MessageMapping, SourceConfig, TextForm};
use crate::domain::ids::SourceId;
use crate::expr::{Document, Engine, ErrorKind, ExprError, Expression, Template};
use crate::time::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
pub(super) use text::written;
use text::{instant, line, shown};
use url::Url;

/// The most characters of an external id: it is part of keys.
const ID_CAP: usize = 200;
/// The most characters of a name, a plan and the like.
const WORD_CAP: usize = 500;
/// The most bytes of an address.
const URL_CAP: usize = 2_000;
/// How much of a value is quoted when it is odd, and how often a field is.
const QUOTE_CAP: usize = 100;
const QUOTES_CAP: usize = 5;
/// The most messages of one document: the newest of them, which stand last.
const MESSAGES_CAP: usize = 1_000;

/// A mapping made ready.
#[derive(Debug)]
pub struct Mapper {
    source: SourceId,
    base_url: Document,
    setting: Document,
    fields: BTreeMap<MapField, Compiled>,
    message: Option<MessageTexts>,
    owners: Document,
}

#[derive(Debug)]
enum Compiled {
    Template(Template),
    Expression(Expression),
}

/// The texts by which an item of the conversation is read.
#[derive(Debug)]
struct MessageTexts {
    id: Template,
    by: Template,
    at: Template,
    text: Template,
}

impl MessageTexts {
    fn compile(config: &MessageMapping) -> Result<MessageTexts, (String, String)> {
        let template = |key: &str, text: &str| {
            let compiled = Engine::new().compile_template(text);
            compiled.map_err(|error| (format!("message.{key}"), error.to_string()))
        };
        Ok(MessageTexts {
            id: template("id", &config.id)?,
            by: template("by", &config.by)?,
            at: template("at", &config.at)?,
            text: template("text", &config.text)?,
        })
    }
}

impl Mapper {
    /// Compiles a mapping of a source, which calls our members by the names of `owners`; says at which key it does not.
    pub fn compile(
        config: &SourceConfig,
        mapping: &Mapping,
        owners: &[String],
    ) -> Result<Mapper, (String, String)> {
        let engine = Engine::new();
        let compile = |(field, text): (&MapField, &String)| {
            let compiled = match field.form() {
                TextForm::Template => engine.compile_template(text).map(Compiled::Template),
                TextForm::Truth | TextForm::List => {
                    engine.compile_expression(text).map(Compiled::Expression)
                }
            };
            compiled
                .map(|compiled| (*field, compiled))
                .map_err(|error| (field.key().to_owned(), error.to_string()))
        };
        let fields = mapping.fields.iter().map(compile);
        Ok(Mapper {
            source: config.id.clone(),
            base_url: Document::text(&config.base_url),
            setting: Document::texts(&config.settings),
            fields: fields.collect::<Result<_, _>>()?,
            message: mapping
                .message
                .as_ref()
                .map(MessageTexts::compile)
                .transpose()?,
            owners: Document::list(
                &owners
                    .iter()
                    .map(|name| Document::text(name))
                    .collect::<Vec<_>>(),
            ),
        })
    }

    /// Whether it is clear already that a document is not to be taken, whatever else is learnt of it.
    pub fn refuses(&self, document: &Document) -> bool {
        self.reading(document).is_taken() == Ok(false)
    }

    /// The document with what every text of the source sees; `item` is the document itself, for fields whose names are no
    /// words of the language.
    fn whole(&self, document: &Document) -> Document {
        let beside = [
            ("base_url", self.base_url.clone()),
            ("setting", self.setting.clone()),
        ];
        let itself = [("item", document.clone())];
        document.clone().over(itself).with(beside)
    }

    /// What is wanted of every item and cannot be had of one with these fields, whatever they hold.
    pub fn misses(&self, document: &Document) -> Option<(MapField, Unfit)> {
        let reading = self.reading(document);
        let missed = |field: MapField| match reading.found(field) {
            Err(unfit @ (Unfit::Lacking(_) | Unfit::NotFound(_))) => Some((field, unfit)),
            Ok(_) | Err(_) => None,
        };
        missed(MapField::ExternalId).or_else(|| missed(MapField::Title))
    }

    /// The id of an item that is not to be taken, where it has one.
    pub fn id_of(&self, document: &Document) -> Option<String> {
        self.reading(document).found(MapField::ExternalId).ok()
    }

    /// Maps a document; `None` when it is not to be taken.
    ///
    /// # Errors
    /// [`HookError::Unmappable`] without an external id, a title, or a clear answer whether to take it.
    pub fn map(
        &self,
        document: &Document,
        delivery_id: Option<String>,
    ) -> Result<Option<Mapped>, HookError> {
        self.read(&mut self.reading(document), delivery_id)
    }

    fn reading(&self, document: &Document) -> Reading<'_> {
        Reading {
            mapper: self,
            document: self.whole(document),
            odd: Vec::new(),
            told: None,
        }
    }

    fn read(
        &self,
        reading: &mut Reading<'_>,
        delivery_id: Option<String>,
    ) -> Result<Option<Mapped>, HookError> {
        let is_taken = reading.is_taken();
        reading.tell(MapField::Take, || match &is_taken {
            Ok(is_taken) => Outcome::Given(is_taken.to_string()),
            Err(unfit) => Outcome::Refused(unfit.clone()),
        });
        if !is_taken.map_err(|unfit| unmappable(MapField::Take, unfit))? {
            return Ok(None);
        }
        let external_id = reading.required(MapField::ExternalId)?;
        if external_id.chars().count() > ID_CAP {
            return Err(unmappable(MapField::ExternalId, Unfit::TooLong(ID_CAP)));
        }
        if external_id.contains(char::is_control) {
            return Err(unmappable(MapField::ExternalId, Unfit::Control));
        }
        let is_deleted = reading.truth(MapField::IsDeleted);
        let title = match reading.required(MapField::Title) {
            Ok(title) => match line(&title) {
                title if title.is_empty() && !is_deleted => {
                    return Err(unmappable(MapField::Title, Unfit::Blank));
                }
                title => title,
            },
            // What is gone has only its id, as a rule.
            Err(_) if is_deleted => String::new(),
            Err(error) => return Err(error),
        };
        let given_id = reading.word(MapField::DeliveryId);
        let mapped = Mapped {
            source: self.source.clone(),
            external_id,
            url: reading.url(),
            revision: reading.word(MapField::Revision),
            delivery_id: delivery_id.or(given_id),
            title,
            body: reading.text(MapField::Body),
            requester: reading.word(MapField::Requester),
            customer: reading.word(MapField::Customer),
            plan: reading.word(MapField::Plan),
            product: reading.word(MapField::Product),
            region: reading.word(MapField::Region),
            language: reading.word(MapField::Language),
            kind: reading.word(MapField::Kind),
            severity: reading.word(MapField::Severity),
            business_stopped: reading.truth(MapField::BusinessStopped),
            needed_by: reading.instant(MapField::NeededBy),
            escalated_at: reading.instant(MapField::EscalatedAt),
            is_closed: reading.truth(MapField::IsClosed),
            is_answered: reading.truth(MapField::IsAnswered),
            is_deleted,
            owner: reading.word(MapField::Owner),
            messages: reading.messages(),
            heard: None,
            changed_at: reading.instant(MapField::ChangedAt),
            is_partial: false,
            intake: MappedIntake {
                channel: reading.word(MapField::Channel),
                tried: reading.text(MapField::Tried),
                settings_checked: reading.word(MapField::SettingsChecked),
                environment: reading.text(MapField::Environment),
                error_text: reading.text(MapField::ErrorText),
            },
            odd: Vec::new(),
        };
        Ok(Some(Mapped {
            odd: std::mem::take(&mut reading.odd),
            ..mapped
        }))
    }
}

/// One document being mapped.
struct Reading<'a> {
    mapper: &'a Mapper,
    document: Document,
    odd: Vec<(String, String)>,
    /// What each text gave, where somebody wants to know.
    told: Option<BTreeMap<MapField, Outcome>>,
}

impl Reading<'_> {
    fn is_taken(&self) -> Result<bool, Unfit> {
        match self.mapper.fields.get(&MapField::Take) {
            Some(Compiled::Expression(expression)) => expression
                .test(&self.document)
                .map_err(|error| Unfit::Failed(error.to_string())),
            Some(Compiled::Template(_)) | None => Ok(true),
        }
    }

    fn render(&self, field: MapField) -> Option<Result<String, ExprError>> {
        match self.mapper.fields.get(&field)? {
            Compiled::Template(template) => Some(template.render(&self.document)),
            Compiled::Expression(_) => None,
        }
    }

    fn required(&mut self, field: MapField) -> Result<String, HookError> {
        let found = self.found(field);
        self.tell(field, || match &found {
            Ok(text) => Outcome::Given(text.clone()),
            Err(unfit) => Outcome::Refused(unfit.clone()),
        });
        found.map_err(|unfit| unmappable(field, unfit))
    }

    fn found(&self, field: MapField) -> Result<String, Unfit> {
        match self.render(field) {
            None => Err(Unfit::NotMapped),
            Some(Err(error)) if error.kind == ErrorKind::Undefined => {
                Err(telling::missed(&error, &self.document))
            }
            Some(Err(error)) => Err(Unfit::Failed(error.to_string())),
            Some(Ok(text)) if text.trim().is_empty() => Err(Unfit::Blank),
            Some(Ok(text)) => Ok(text.trim().to_owned()),
        }
    }

    /// An optional text; blank is absent.
    fn text(&mut self, field: MapField) -> Option<String> {
        match self.render(field)? {
            Ok(text) => {
                let text = written(&text);
                self.tell(field, || match &text {
                    Some(text) => Outcome::Given(text.clone()),
                    None => Outcome::Blank(None),
                });
                text
            }
            Err(error) => {
                self.note_error(field, &error);
                None
            }
        }
    }

    /// An optional text of a few words.
    fn word(&mut self, field: MapField) -> Option<String> {
        let text = self.text(field)?;
        if text.chars().count() > WORD_CAP {
            self.note(field, &text);
            return None;
        }
        Some(text)
    }

    /// People will click on it, so it must be an address of the web.
    fn url(&mut self) -> Option<String> {
        let text = self.text(MapField::Url)?;
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        let url = Url::parse(&text).ok().filter(is_web);
        if url.is_none() || text.len() > URL_CAP {
            self.note(MapField::Url, &text);
            return None;
        }
        url.map(String::from)
    }

    fn instant(&mut self, field: MapField) -> Option<Timestamp> {
        let text = self.text(field)?;
        let at = instant(&text);
        if at.is_none() {
            self.note(field, &text);
        }
        at
    }

    fn truth(&mut self, field: MapField) -> bool {
        let Some(Compiled::Expression(expression)) = self.mapper.fields.get(&field) else {
            return false;
        };
        match expression.test(&self.document) {
            Ok(is_so) => {
                self.tell(field, || Outcome::Given(is_so.to_string()));
                is_so
            }
            Err(error) => {
                self.note_error(field, &error);
                false
            }
        }
    }

    fn messages(&mut self) -> Vec<MappedMessage> {
        let field = MapField::Messages;
        let Some(Compiled::Expression(expression)) = self.mapper.fields.get(&field) else {
            return Vec::new();
        };
        let items = match expression.documents(&self.document) {
            Ok(items) => items,
            Err(error) => {
                self.note_error(field, &error);
                return Vec::new();
            }
        };
        self.tell(field, || Outcome::Given(items.len().to_string()));
        let passed = items.len().saturating_sub(MESSAGES_CAP);
        if passed > 0 {
            let what = format!(
                "{} messages; the newest {MESSAGES_CAP} were read",
                items.len()
            );
            self.note(field, &what);
        }
        let mut messages = Vec::new();
        for (n, item) in items.iter().enumerate().skip(passed) {
            let message = match &self.mapper.message {
                Some(texts) => self.message(texts, item),
                None => message(item),
            };
            match message {
                Ok(message) => messages.extend(message),
                Err(why) => self.note(field, &format!("message {}: {why}", n + 1)),
            }
        }
        messages
    }

    /// Reads an item of the conversation by the texts of the mapping.
    fn message(
        &self,
        texts: &MessageTexts,
        item: &Document,
    ) -> Result<Option<MappedMessage>, String> {
        let seen = self.document.clone().with([
            ("message", item.clone()),
            ("owners", self.mapper.owners.clone()),
        ]);
        // What the item lacks is absent, as in a field.
        let read = |template: &Template| match template.render(&seen) {
            Ok(text) => Ok(written(&text)),
            Err(error) if error.kind == ErrorKind::Undefined => Ok(None),
            Err(error) => Err(error.to_string()),
        };
        let Some(text) = read(&texts.text)? else {
            return Ok(None);
        };
        let Some(by) = read(&texts.by)? else {
            return Ok(None);
        };
        told(read(&texts.id)?, &by, read(&texts.at)?, text).map(Some)
    }

    fn note_error(&mut self, field: MapField, error: &ExprError) {
        if error.kind != ErrorKind::Undefined {
            self.note(field, &error.to_string());
        } else {
            self.tell(field, || Outcome::Blank(Some(telling::lacking(error))));
        }
    }

    fn note(&mut self, field: MapField, what: &str) {
        let quoted: String = what.chars().take(QUOTE_CAP).map(shown).collect();
        self.tell(field, || Outcome::Odd(quoted.clone()));
        let before = self.odd.iter().filter(|(key, _)| key == field.key());
        if before.count() < QUOTES_CAP {
            self.odd.push((field.key().to_owned(), quoted));
        }
    }
}

fn unmappable(field: MapField, why: Unfit) -> HookError {
    HookError::Unmappable {
        field: field.key().to_owned(),
        why,
    }
}

/// Reads `{id, by, at, text}`; one without words is none (a change of state in a tracker's journal).
fn message(item: &Document) -> Result<Option<MappedMessage>, String> {
    let item = item.to_json().map_err(|error| error.to_string())?;
    let field = |name: &str| match item.get(name) {
        Some(Value::String(text)) => written(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let Some(text) = field("text") else {
        return Ok(None);
    };
    let by = field("by").unwrap_or_default();
    told(field("id"), &by, field("at"), text).map(Some)
}

fn told(
    id: Option<String>,
    by: &str,
    at: Option<String>,
    text: String,
) -> Result<MappedMessage, String> {
    let by = match by {
        "requester" => Side::Requester,
        "team" => Side::Team,
        "own" => Side::Own,
        _ => return Err("`by` is neither \"requester\" nor \"team\" nor \"own\"".to_owned()),
    };
    let at = at.and_then(|at| instant(&at));
    let id = id.ok_or("it has no `id`")?;
    if id.chars().count() > ID_CAP {
        return Err(format!("its `id` is longer than {ID_CAP} characters"));
    }
    Ok(MappedMessage {
        id,
        by,
        at: at.ok_or("`at` is no instant (RFC 3339)")?,
        text,
    })
}

#[cfg(test)]
mod tests;
