//! What went wrong in an expression, where, and what to do about it.

use std::ops::Range;
use std::sync::Arc;

use minijinja::machinery::Span;

use super::outcome::Unfit;
use super::{FUEL, OUTPUT_CAP};

/// The longest part of an engine's message that is kept: it may quote the document.
const QUOTE_CAP: usize = 300;

/// The kind of mistake, for callers that treat some of them specially.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not of this language.
    Syntax,
    /// The text is longer or more deeply nested than allowed.
    TooLong,
    /// A filter, test or function that does not exist.
    UnknownName,
    /// A part of the engine's language that is deliberately not offered.
    NotOffered,
    /// The text could build values out of proportion to its input.
    Growth,
    /// The document lacks something that was asked for.
    Undefined,
    /// An operation does not fit its values.
    Mismatch,
    /// The run did not end within its budget.
    OutOfFuel,
    /// The answer is larger than [`OUTPUT_CAP`].
    TooLarge,
    /// A rule answered something else than true or false.
    NotBoolean,
}

/// A mistake in a template or expression, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", place(.line, .column))]
pub struct ExprError {
    /// The whole text of the template or expression.
    pub text: Arc<str>,
    /// The bytes of `text` at fault, where known; always on character boundaries.
    pub range: Option<Range<usize>>,
    /// The line at fault, from 1, where known.
    pub line: Option<usize>,
    /// The column at fault in characters, from 1, where known.
    pub column: Option<usize>,
    /// The kind of mistake.
    pub kind: ErrorKind,
    /// What was wrong and what to do, in one sentence.
    pub message: String,
}

fn place(line: &Option<usize>, column: &Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(" (line {line}, column {column})"),
        (Some(line), None) => format!(" (line {line})"),
        _ => String::new(),
    }
}

impl ExprError {
    pub(super) fn new(
        text: &str,
        range: Option<Range<usize>>,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        let range = range.map(|r| {
            let start = floor(text, r.start);
            start..floor(text, r.end).max(start)
        });
        let line = range
            .as_ref()
            .map(|r| text[..r.start].matches('\n').count() + 1);
        let column = range.as_ref().map(|r| {
            let line_start = text[..r.start].rfind('\n').map_or(0, |at| at + 1);
            text[line_start..r.start].chars().count() + 1
        });
        ExprError {
            text: text.into(),
            range,
            line,
            column,
            kind,
            message: message.into(),
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// Translates an error of the engine.
pub(super) fn from_engine(text: &str, error: &minijinja::Error) -> ExprError {
    use minijinja::ErrorKind as Theirs;
    let detail = quote(&chain(error));
    let (kind, message) = match error.kind() {
        Theirs::SyntaxError | Theirs::BadEscape => (ErrorKind::Syntax, format!("syntax: {detail}")),
        Theirs::UndefinedError => (
            ErrorKind::Undefined,
            format!(
                "{detail}: the document has no such field; give it a value with `| default(…)`"
            ),
        ),
        Theirs::OutOfFuel => (
            ErrorKind::OutOfFuel,
            format!(
                "it did not finish within its budget of {FUEL} steps; loop over fewer items or shorter texts"
            ),
        ),
        Theirs::WriteFailure => return at(text, error, too_large(text)),
        Theirs::UnknownFilter
        | Theirs::UnknownTest
        | Theirs::UnknownFunction
        | Theirs::UnknownMethod => (ErrorKind::UnknownName, detail),
        _ => (ErrorKind::Mismatch, detail),
    };
    at(text, error, ExprError::new(text, None, kind, message))
}

fn at(text: &str, error: &minijinja::Error, bare: ExprError) -> ExprError {
    let mut placed = ExprError::new(text, error.range(), bare.kind, bare.message);
    placed.line = placed.line.or(error.line());
    placed
}

fn chain(error: &minijinja::Error) -> String {
    let mut said = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let cause_text = match cause.downcast_ref::<minijinja::Error>() {
            Some(inner) => inner
                .detail()
                .map_or_else(|| inner.kind().to_string(), str::to_owned),
            None => cause.to_string(),
        };
        said = format!("{said}: {cause_text}");
        next = cause.source();
    }
    said
}

fn quote(said: &str) -> String {
    match said.char_indices().nth(QUOTE_CAP) {
        Some((end, _)) => format!("{}…", &said[..end]),
        None => said.to_owned(),
    }
}

pub(super) fn too_large(text: &str) -> ExprError {
    let message =
        format!("the result is larger than {OUTPUT_CAP} bytes; shorten it with `| truncate(…)`");
    ExprError::new(text, None, ErrorKind::TooLarge, message)
}

pub(super) fn from_outcome(text: &str, unfit: Unfit) -> ExprError {
    match unfit {
        Unfit::Undefined => undefined(text),
        Unfit::TooLarge => too_large(text),
        Unfit::Kind(what) => {
            let message = format!("the result is {}, which is no JSON value", quote(&what));
            ExprError::new(text, None, ErrorKind::Mismatch, message)
        }
    }
}

fn undefined(text: &str) -> ExprError {
    let message = format!(
        "`{}` has no value in this document; give it one with `| default(…)`",
        quote(text.trim())
    );
    ExprError::new(text, Some(0..text.len()), ErrorKind::Undefined, message)
}

pub(super) fn not_list(text: &str, value: &minijinja::Value) -> ExprError {
    if value.is_undefined() {
        return undefined(text);
    }
    let message = format!("the result is a {} where a list is needed", value.kind());
    ExprError::new(text, Some(0..text.len()), ErrorKind::Mismatch, message)
}

pub(super) fn not_boolean(text: &str, value: &minijinja::Value) -> ExprError {
    if value.is_undefined() {
        return undefined(text);
    }
    let shown = quote(&value.to_string());
    let message = format!(
        "the rule answered {} `{shown}` where true or false is needed; compare it, as in `… == \"{shown}\"`",
        value.kind()
    );
    ExprError::new(text, Some(0..text.len()), ErrorKind::NotBoolean, message)
}
