//! One item and what it would become, as a table for people and as JSON.

use crate::app::desk::App;
use crate::app::ports::{HookError, Mapped};
use crate::app::receive::is_before;
use crate::app::setup::Backlog;
use crate::app::source_config::MapField;
use crate::app::wording::{unfit_text, unread_text};
use crate::app::would::{Made, MadeOf, Would};
use crate::i18n::{self, Args, Lang, say};
use crate::msg;
use crate::sources::{Explained, Item, Outcome};
use crate::time::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// What items are put into words with.
pub(super) struct Shown<'a> {
    pub app: &'a App,
    pub lang: Lang,
    pub now: Timestamp,
    /// From when on the source is taken in, and what becomes of older items; none where a document is looked at alone.
    pub since: Option<(Timestamp, Backlog)>,
}

/// How wide a value is shown at most, in columns of a terminal.
const WIDE: usize = 44;

/// How much of a text of the mapping is shown.
const TEXT: usize = 60;

struct Row {
    field: String,
    value: String,
    why: String,
}

impl Shown<'_> {
    /// The lines of an item, the first of which names it.
    pub fn lines(&self, number: usize, item: &Item) -> Vec<String> {
        let mut lines = vec![self.head(number, item)];
        lines.extend(self.before(item));
        lines.extend(self.table(&self.rows(item)));
        if let Ok(Some(mapped)) = &item.mapped {
            for message in &mapped.messages {
                let by = match message.by {
                    crate::app::ports::Side::Requester => msg!("actor-requester"),
                    crate::app::ports::Side::Team => msg!("source-by-team"),
                    crate::app::ports::Side::Own => msg!("source-by-own"),
                };
                let args = Args::new()
                    .with("at", self.instant(message.at))
                    .with("by", say(self.lang, by, &Args::new()))
                    .with("text", cut(&one_line(&message.text), TEXT));
                lines.push(format!("    {}", self.say(msg!("source-message"), args)));
            }
        }
        lines
    }

    /// The same for scripts.
    pub fn json(&self, item: &Item) -> Value {
        let fields: Vec<Value> = item
            .fields
            .iter()
            .map(|told| {
                let (outcome, value) = match &told.outcome {
                    Outcome::Given(value) => ("given", Some(value.clone())),
                    Outcome::Blank(why) => ("blank", why.clone()),
                    Outcome::Odd(value) => ("odd", Some(value.clone())),
                    Outcome::Refused(why) => ("refused", Some(why.to_string())),
                };
                json!({
                    "field": told.field.key(), "text": told.text, "outcome": outcome, "value": value,
                })
            })
            .collect();
        let (became, error) = match &item.mapped {
            Ok(Some(_)) => ("inquiry", None),
            Ok(None) => ("left_alone", None),
            Err(error) => ("unreadable", Some(error.to_string())),
        };
        let mut told = json!({ "became": became, "error": error, "fields": fields });
        if let Ok(Some(mapped)) = &item.mapped {
            told["external_id"] = json!(mapped.external_id);
            told["title"] = json!(mapped.title);
            told["messages"] = json!(mapped.messages.len());
            told["is_backlog"] = json!(self.since.map(|(since, _)| is_before(mapped, since)));
            if let Some(would) = self.app.would(mapped) {
                told["queue"] = json!(would.queue);
                let made = would.made.iter().map(|(field, made)| {
                    let why = match &made.why {
                        MadeOf::Given => "given",
                        MadeOf::Default => "default",
                        MadeOf::Customer => "customer",
                        MadeOf::Unknown(_) => "unknown",
                        MadeOf::Member(_) => "member",
                        MadeOf::Stranger => "stranger",
                    };
                    (
                        field.key().to_owned(),
                        json!({ "value": made.value, "why": why }),
                    )
                });
                told["desk"] = Value::Object(made.collect());
            }
        }
        told
    }

    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }

    fn word(&self, id: &str) -> String {
        self.say(id, Args::new())
    }

    /// That an item is older than what is taken in.
    fn before(&self, item: &Item) -> Option<String> {
        let (since, backlog) = self.since?;
        let mapped = item.mapped.as_ref().ok()?.as_ref()?;
        if !is_before(mapped, since) {
            return None;
        }
        let id = match backlog {
            Backlog::Skip => msg!("source-item-before"),
            Backlog::Quiet => msg!("source-item-before-quiet"),
        };
        let said = self.say(id, Args::new().with("since", self.instant(since)));
        Some(format!("    → {said}"))
    }

    fn head(&self, number: usize, item: &Item) -> String {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let args = Args::new().with("number", number.to_string());
        match &item.mapped {
            Ok(Some(mapped)) => {
                let args = args
                    .with("id", mapped.external_id.as_str())
                    .with("title", cut(&mapped.title, TEXT));
                self.say(msg!("source-item-good"), args)
            }
            Ok(None) => self.say(msg!("source-item-passed"), args),
            Err(HookError::Unmappable { field, why }) => {
                let why = unfit_text(self.lang, why);
                let args = args.with("field", field.as_str()).with("why", why);
                self.say(msg!("source-item-unreadable"), args)
            }
            Err(error) => {
                let why = unread_text(self.lang, error);
                self.say(msg!("source-item-bad"), args.with("why", why))
            }
        }
    }

    fn rows(&self, item: &Item) -> Vec<Row> {
        let mapped = item.mapped.as_ref().ok().and_then(Option::as_ref);
        let would = mapped.and_then(|mapped| self.app.would(mapped));
        let told: BTreeMap<MapField, &Explained> =
            item.fields.iter().map(|told| (told.field, told)).collect();
        let mut rows: Vec<Row> = MapField::ALL
            .into_iter()
            .filter_map(|field| {
                let made = would.as_ref().and_then(|would| would.made.get(&field));
                self.row(field, told.get(&field).copied(), made, mapped)
            })
            .collect();
        rows.extend(would.as_ref().map(|would| self.queue(would)));
        rows
    }

    fn queue(&self, would: &Would) -> Row {
        let queue = self.app.setup.queue(&would.queue);
        Row {
            field: self.word(msg!("source-queue")),
            value: queue.name.clone(),
            why: self.word(msg!("source-why-routing")),
        }
    }

    /// A field in a row; none for one that neither the mapping nor the desk says anything of.
    fn row(
        &self,
        field: MapField,
        told: Option<&Explained>,
        made: Option<&Made>,
        mapped: Option<&Mapped>,
    ) -> Option<Row> {
        let text = told.map(|told| cut(&one_line(&told.text), TEXT));
        let from = |id: &str| {
            let text = text.clone().unwrap_or_default();
            self.say(id, Args::new().with("text", text))
        };
        let (mut value, mut why) = match told.map(|told| &told.outcome) {
            None => (String::new(), None),
            Some(Outcome::Given(value)) => (
                self.value(field, value, mapped),
                Some(from(msg!("source-why-given"))),
            ),
            Some(Outcome::Blank(None)) => (String::new(), Some(from(msg!("source-why-blank")))),
            Some(Outcome::Blank(Some(lacks))) => {
                let args = Args::new()
                    .with("text", text.clone().unwrap_or_default())
                    .with("why", lacks.as_str());
                (
                    String::new(),
                    Some(self.say(msg!("source-why-lacks"), args)),
                )
            }
            Some(Outcome::Odd(given)) => {
                let args = Args::new()
                    .with("text", text.clone().unwrap_or_default())
                    .with("given", cut(&one_line(given), TEXT));
                (String::new(), Some(self.say(msg!("source-why-odd"), args)))
            }
            Some(Outcome::Refused(why)) => (String::new(), Some(unfit_text(self.lang, why))),
        };
        if field == MapField::Take
            && told.is_some_and(|t| t.outcome == Outcome::Given("false".into()))
        {
            why = Some(from(msg!("source-why-take")));
        }
        let made_why = made.and_then(|made| {
            let args = Args::new().with("value", made.value.as_str());
            Some(match &made.why {
                MadeOf::Given => return None,
                MadeOf::Default if made.value.is_empty() => return None,
                MadeOf::Default => self.say(msg!("source-made-default"), args),
                MadeOf::Customer => self.say(msg!("source-made-customer"), args),
                MadeOf::Unknown(given) => {
                    let args = args.with("given", cut(&one_line(given), TEXT));
                    match made.value.is_empty() {
                        true => self.say(msg!("source-made-unknown-none"), args),
                        false => self.say(msg!("source-made-unknown"), args),
                    }
                }
                MadeOf::Member(member) => {
                    let name = self.app.setup.people.name(member);
                    let name = i18n::names(self.lang, &[name]);
                    self.say(msg!("source-made-member"), args.with("member", name))
                }
                MadeOf::Stranger => self.word(msg!("source-made-stranger")),
            })
        });
        if let Some(made) = made {
            value = cut(&made.value, WIDE);
        }
        let why = [why, made_why].into_iter().flatten();
        let why: Vec<String> = why.collect();
        if why.is_empty() && value.is_empty() {
            return None;
        }
        Some(Row {
            field: field.key().to_owned(),
            value: match value.is_empty() {
                true => "–".to_owned(),
                false => value,
            },
            why: why.join(&self.word(msg!("source-why-join"))),
        })
    }

    /// A value as it is kept where that differs from what was written.
    fn value(&self, field: MapField, given: &str, mapped: Option<&Mapped>) -> String {
        let at = mapped.and_then(|mapped| match field {
            MapField::NeededBy => mapped.needed_by,
            MapField::EscalatedAt => mapped.escalated_at,
            MapField::ChangedAt => mapped.changed_at,
            _ => None,
        });
        if let Some(at) = at {
            return self.instant(at);
        }
        let lines = given.lines().count();
        let shown = cut(&one_line(given), WIDE);
        match field {
            MapField::Body if lines > 1 => {
                let count = i64::try_from(lines).unwrap_or(i64::MAX);
                let args = Args::new().with("text", shown).with("count", count);
                self.say(msg!("source-lines"), args)
            }
            MapField::Messages => {
                let count = given.parse::<i64>().unwrap_or_default();
                self.say(msg!("source-messages"), Args::new().with("count", count))
            }
            MapField::BusinessStopped
            | MapField::IsClosed
            | MapField::IsAnswered
            | MapField::Take => i18n::yes_no(self.lang, given == "true"),
            _ => shown,
        }
    }

    fn instant(&self, at: Timestamp) -> String {
        i18n::instant(self.lang, at, &self.app.setup.zone, self.now)
    }

    fn table(&self, rows: &[Row]) -> Vec<String> {
        let width = |cell: fn(&Row) -> &str| {
            let widths = rows.iter().map(|row| cell(row).width());
            widths.max().unwrap_or_default()
        };
        let (first, second) = (width(|row| &row.field), width(|row| &row.value));
        let fill = |text: &str, to: usize| {
            format!("{text}{}", " ".repeat(to.saturating_sub(text.width())))
        };
        let line = |row: &Row| {
            let line = format!(
                "    {}  {}  {}",
                fill(&row.field, first),
                fill(&row.value, second),
                row.why
            );
            line.trim_end().to_owned()
        };
        rows.iter().map(line).collect()
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text within so many columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut shown = String::new();
    for c in text.chars() {
        if shown.width() + c.to_string().width() >= columns {
            break;
        }
        shown.push(c);
    }
    format!("{shown}…")
}

#[cfg(test)]
mod tests;
