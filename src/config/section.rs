//! Tables and values of the file with their places, read without stopping at the first mistake.
//!
//! serde ends at its first error; an operator wants them all. So the spanned tree of `toml` is walked by hand: a
//! [`Section`] is a table that knows its keys (unknown ones are reported when it is opened), a [`Field`] is a value
//! that knows its place. Every reader reports its own mistake and answers `None`.

use super::keys;
use super::near::{instead, nearest, quoted};
use super::preset::Presets;
use super::problem::{Level, Problem, place};
use crate::app::setup::Feed;
use crate::app::subscriptions::Pages;
use std::cell::RefCell;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// How the environment is asked.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One text that is being read, and what all readers share.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub log: &'a RefCell<Vec<Problem>>,
    pub env: Env<'a>,
    pub presets: &'a Presets,
    /// What lies at the addresses that the text names, as far as it was fetched.
    pub pages: &'a Pages,
    /// The addresses of calendars, collected.
    pub feeds: &'a RefCell<Vec<Feed>>,
}

impl Sheet<'_> {
    /// Notes a problem.
    pub fn report(
        &self,
        level: Level,
        range: Range<usize>,
        key: &str,
        what: impl Into<String>,
        help: Option<String>,
    ) {
        let (line, column) = place(self.text, range.start);
        self.log.borrow_mut().push(Problem {
            level,
            file: self.file.to_owned(),
            line,
            column,
            key: key.to_owned(),
            what: what.into(),
            help,
            range,
        });
    }
}

/// A table of the file; what it lacks is looked up in its preset, if it has one.
pub(super) struct Section<'a> {
    pub sheet: Sheet<'a>,
    table: &'a DeTable<'a>,
    path: String,
    kind: String,
    span: Range<usize>,
    preset: Option<Box<Section<'a>>>,
}

impl<'a> Section<'a> {
    /// Opens a table of a kind (`queue`, `policy.target`), reporting keys that it does not know.
    pub fn open(
        sheet: Sheet<'a>,
        table: &'a DeTable<'a>,
        path: String,
        kind: &str,
        span: Range<usize>,
    ) -> Self {
        if let Some(known) = keys::of(kind) {
            for (key, _) in table.iter() {
                let name: &str = key.get_ref();
                if known.contains(&name) {
                    continue;
                }
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("known here are {}", quoted(known.iter().copied())),
                };
                let place = if kind.is_empty() {
                    "the file".to_owned()
                } else {
                    format!("[{kind}]")
                };
                sheet.report(
                    Level::Error,
                    key.span(),
                    &joined(&path, name),
                    format!("unknown key {name:?} in {place}"),
                    Some(help),
                );
            }
        }
        Section {
            sheet,
            table,
            path,
            kind: kind.to_owned(),
            span,
            preset: None,
        }
    }

    /// Takes the table named by the key `preset` as the place to look for what is missing.
    pub fn with_preset(mut self) -> Self {
        let Some(field) = self.field("preset") else {
            return self;
        };
        let Some(name) = field.text() else {
            return self;
        };
        match self.sheet.presets.get(&self.kind, name) {
            Some(preset) => {
                let sheet = Sheet {
                    file: &preset.file,
                    text: preset.text,
                    ..self.sheet
                };
                let span = preset.table.span();
                let opened = Section::open(
                    sheet,
                    preset.table.get_ref(),
                    self.path.clone(),
                    &self.kind,
                    span,
                );
                self.preset = Some(Box::new(opened));
            }
            None => {
                let known = self.sheet.presets.names(&self.kind);
                field.wrong_with(
                    format!("there is no {} preset {name:?}", self.kind),
                    instead(name, known),
                );
            }
        }
        self
    }

    /// The field as it is written here, whatever a preset says.
    pub(super) fn own(&self, name: &str) -> Option<Field<'a>> {
        let (key, value) = self
            .table
            .iter()
            .find(|(key, _)| key.get_ref().as_ref() == name)?;
        Some(Field {
            sheet: self.sheet,
            path: joined(&self.path, name),
            key_span: key.span(),
            span: value.span(),
            value: value.get_ref(),
        })
    }

    /// The value of a key, if it is there.
    pub fn field(&self, name: &str) -> Option<Field<'a>> {
        debug_assert!(
            keys::of(&self.kind).is_none_or(|known| known.contains(&name)),
            "{name} is missing in the table of keys of {:?}",
            self.kind
        );
        self.own(name)
            .or_else(|| self.preset.as_ref().and_then(|preset| preset.own(name)))
    }

    /// The value of a key that must be there.
    pub fn need(&self, name: &str, such_as: &str) -> Option<Field<'a>> {
        let field = self.field(name);
        if field.is_none() {
            self.wrong(
                name,
                format!("{name:?} is missing"),
                format!("add it, such as {name} = {such_as}"),
            );
        }
        field
    }

    /// Every value of a table whose keys are free.
    pub fn fields(&self) -> Vec<(String, Field<'a>)> {
        let names = self
            .table
            .iter()
            .map(|(key, _)| key.get_ref().as_ref())
            .chain(
                self.preset
                    .iter()
                    .flat_map(|preset| preset.table.iter())
                    .map(|(key, _)| key.get_ref().as_ref()),
            );
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.field(name)?)))
            .collect()
    }

    /// A table inside this one.
    pub fn section(&self, name: &str) -> Option<Section<'a>> {
        let kind = joined(&self.kind, name);
        let own = self.own(name).and_then(|field| field.section(&kind));
        let preset = self
            .preset
            .as_ref()
            .and_then(|preset| preset.own(name))
            .filter(|field| field.value.is_table())
            .and_then(|field| field.section(&kind));
        match own {
            Some(mut section) => {
                section.preset = preset.map(Box::new);
                Some(section)
            }
            None => preset,
        }
    }

    /// The values that the file itself puts into a table inside this one, and that its preset does not know.
    pub fn beyond_preset(&self, name: &str) -> Vec<(String, Field<'a>)> {
        if self.own(name).is_none() {
            return Vec::new();
        }
        let Some(inner) = self.section(name) else {
            return Vec::new();
        };
        let preset = inner.preset.as_ref();
        let is_beyond = |name: &str| preset.is_none_or(|preset| preset.own(name).is_none());
        let names = inner.table.iter().map(|(key, _)| key.get_ref().to_string());
        let names = names.filter(|name| is_beyond(name));
        names
            .filter_map(|name| inner.own(&name).map(|field| (name, field)))
            .collect()
    }

    /// The tables of a list (`[[queue]]`).
    pub fn sections(&self, name: &str) -> Vec<Section<'a>> {
        let kind = joined(&self.kind, name);
        let Some(field) = self.field(name) else {
            return Vec::new();
        };
        if field.value.is_table() {
            field.wrong_with(
                format!("[{kind}] stands once, but there may be several"),
                format!("write it with two brackets: [[{kind}]]"),
            );
            return Vec::new();
        }
        let Some(items) = field.list() else {
            return Vec::new();
        };
        items
            .into_iter()
            .filter_map(|item| item.section(&kind))
            .collect()
    }

    /// The tables of a key that may stand once (`[queue.x]`) or several times (`[[queue.x]]`). A list is taken as it is,
    /// a single table takes what it lacks from its preset.
    pub fn one_or_more(&self, name: &str) -> Vec<Section<'a>> {
        match self.field(name) {
            Some(field) if field.value.is_array() => self.sections(name),
            Some(_) => self.section(name).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Reports an error at a key of this table, or at its head if the key is not there.
    pub fn wrong(&self, name: &str, what: impl Into<String>, help: impl Into<String>) {
        let level = Level::Error;
        let help = Some(help.into()).filter(|help| !help.is_empty());
        match self.own(name) {
            Some(field) => field
                .sheet
                .report(level, field.span, &field.path, what, help),
            None => self
                .sheet
                .report(level, self.head(), &joined(&self.path, name), what, help),
        }
    }

    /// The head of the table: its first line.
    fn head(&self) -> Range<usize> {
        let text = self.sheet.text.get(self.span.clone()).unwrap_or_default();
        let end = text.find('\n').unwrap_or(text.len());
        self.span.start..self.span.start + end
    }

    /// Whether a key is there.
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }
}

/// A value of the file.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub sheet: Sheet<'a>,
    pub path: String,
    pub key_span: Range<usize>,
    pub span: Range<usize>,
    pub value: &'a DeValue<'a>,
}

impl<'a> Field<'a> {
    /// Reports an error here.
    pub fn wrong(&self, what: impl Into<String>) {
        self.sheet
            .report(Level::Error, self.span.clone(), &self.path, what, None);
    }

    /// Reports an error here and says what to do.
    pub fn wrong_with(&self, what: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into());
        self.sheet
            .report(Level::Error, self.span.clone(), &self.path, what, help);
    }

    /// Reports something odd here and says what to do.
    pub fn odd(&self, what: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into());
        self.sheet
            .report(Level::Warning, self.span.clone(), &self.path, what, help);
    }

    /// Opens the value as a table of a kind.
    pub fn section(&self, kind: &str) -> Option<Section<'a>> {
        match self.value.as_table() {
            Some(table) => Some(Section::open(
                self.sheet,
                table,
                self.path.clone(),
                kind,
                self.span.clone(),
            )),
            None => self.expected("a table"),
        }
    }

    /// The items of a list.
    pub fn list(&self) -> Option<Vec<Field<'a>>> {
        let Some(items) = self.value.as_array() else {
            return self.expected("a list");
        };
        let field = |(n, item): (usize, &'a toml::Spanned<DeValue<'a>>)| Field {
            sheet: self.sheet,
            path: format!("{}[{n}]", self.path),
            key_span: self.key_span.clone(),
            span: item.span(),
            value: item.get_ref(),
        };
        Some(items.iter().enumerate().map(field).collect())
    }

    /// Reports that the value is of the wrong type.
    pub fn expected<T>(&self, wanted: &str) -> Option<T> {
        let is = match self.value.type_str() {
            "string" => "a text".to_owned(),
            "boolean" => "true or false".to_owned(),
            "array" => "a list".to_owned(),
            "integer" => "a number".to_owned(),
            other => format!("a {other}"),
        };
        self.wrong(format!("this is {is}, but it must be {wanted}"));
        None
    }
}

/// Joins the parts of a path.
fn joined(path: &str, name: &str) -> String {
    match (path.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (false, true) => path.to_owned(),
        (false, false) => format!("{path}.{name}"),
    }
}
