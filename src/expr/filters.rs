//! The filters of the language: which of the engine's are offered, and our own.
//!
//! Our own answer at most [`OUTPUT_CAP`] bytes; those of the engine are offered only where their answer is bounded
//! by a small multiple of what they are given.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};

use super::{OUTPUT_CAP, dates, meter};

/// How large the answer of a filter can be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Size {
    /// A number, a truth, a date.
    Small,
    /// At most [`OUTPUT_CAP`]; the filter sees to it.
    Capped,
    /// At most so many times its input and arguments together.
    Times(u64),
}

/// Every filter that is offered, and how large its answer can be.
pub(super) const FILTERS: &[(&str, Size)] = &[
    ("abs", Size::Small),
    ("b64", Size::Capped),
    ("bool", Size::Small),
    ("capitalize", Size::Times(3)),
    ("count", Size::Small),
    ("d", Size::Times(1)),
    ("date", Size::Small),
    ("default", Size::Times(1)),
    ("dictsort", Size::Times(2)),
    ("epoch", Size::Small),
    ("first", Size::Times(1)),
    ("first_line", Size::Capped),
    ("float", Size::Times(1)),
    ("halfwidth", Size::Times(1)),
    ("int", Size::Times(1)),
    ("items", Size::Times(2)),
    ("join", Size::Capped),
    ("last", Size::Times(1)),
    ("length", Size::Small),
    ("lines", Size::Times(2)),
    ("list", Size::Times(2)),
    ("lookup", Size::Times(1)),
    ("lower", Size::Times(3)),
    ("map", Size::Times(2)),
    ("markdown", Size::Capped),
    ("max", Size::Times(1)),
    ("min", Size::Times(1)),
    ("reject", Size::Times(2)),
    ("rejectattr", Size::Times(2)),
    ("replace", Size::Capped),
    ("reverse", Size::Times(2)),
    ("round", Size::Small),
    ("select", Size::Times(2)),
    ("selectattr", Size::Times(2)),
    ("sort", Size::Times(2)),
    ("split", Size::Times(2)),
    ("string", Size::Times(2)),
    ("title", Size::Times(3)),
    ("to_utc", Size::Small),
    ("tojson", Size::Times(6)),
    ("trim", Size::Times(1)),
    ("truncate", Size::Capped),
    ("unique", Size::Times(2)),
    ("upper", Size::Times(3)),
    ("urlencode", Size::Times(3)),
];

/// Every test that is offered (`… is NAME`).
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
];

/// Puts every filter that is offered in place, ours and the engine's, each metered.
pub(super) fn add_to(env: &mut Environment<'static>) {
    use minijinja::filters as theirs;
    macro_rules! offer {
        ($($name:literal => $filter:expr,)*) => {
            $(meter::add(env, $name, Value::from_function($filter));)*
        };
    }
    offer! {
        "abs" => theirs::abs,
        "b64" => b64,
        "bool" => theirs::bool,
        "capitalize" => theirs::capitalize,
        "count" => theirs::length,
        "d" => theirs::default,
        "date" => dates::date,
        "default" => theirs::default,
        "dictsort" => theirs::dictsort,
        "epoch" => dates::epoch_seconds,
        "first" => theirs::first,
        "first_line" => first_line,
        "float" => theirs::float,
        "halfwidth" => |value: &Value| Ok::<_, Error>(halfwidth(&text(value)?)),
        "int" => theirs::int,
        "items" => theirs::items,
        "join" => join,
        "last" => theirs::last,
        "length" => theirs::length,
        "lines" => theirs::lines,
        "list" => theirs::list,
        "lookup" => lookup,
        "lower" => theirs::lower,
        "map" => pluck,
        "markdown" => markdown,
        "max" => theirs::max,
        "min" => theirs::min,
        "reject" => theirs::reject,
        "rejectattr" => theirs::rejectattr,
        "replace" => replace,
        "reverse" => theirs::reverse,
        "round" => round,
        "select" => theirs::select,
        "selectattr" => theirs::selectattr,
        "sort" => theirs::sort,
        "split" => theirs::split,
        "string" => theirs::string,
        "title" => theirs::title,
        "to_utc" => dates::to_utc,
        "tojson" => to_json,
        "trim" => theirs::trim,
        "truncate" => truncate,
        "unique" => theirs::unique,
        "upper" => theirs::upper,
        "urlencode" => theirs::urlencode,
    }
}

fn bad(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn too_large() -> Error {
    Error::new(ErrorKind::WriteFailure, "the text is too large")
}

/// Reads a text, number or truth as text; an absent value is an error, so that nobody reads "none" in a title.
pub(super) fn text(value: &Value) -> Result<Cow<'_, str>, Error> {
    match value.kind() {
        ValueKind::String => Ok(Cow::Borrowed(value.as_str().unwrap_or_default())),
        ValueKind::Number | ValueKind::Bool => Ok(Cow::Owned(value.to_string())),
        ValueKind::Undefined => Err(Error::new(
            ErrorKind::UndefinedError,
            "a text is needed and nothing was given",
        )),
        ValueKind::None => Err(bad(
            "a text is needed and it is null; give it a value with `| default('', true)`",
        )),
        other => Err(bad(format!("a text is needed, not a {other}"))),
    }
}

fn replace(value: &Value, from: &str, to: &str) -> Result<String, Error> {
    let value = text(value)?;
    if from.is_empty() {
        return Err(bad("`replace` needs something to look for"));
    }
    let found = value.matches(from).count();
    let size = (value.len() - found * from.len()).saturating_add(found.saturating_mul(to.len()));
    if size > OUTPUT_CAP.max(value.len()) {
        return Err(too_large());
    }
    Ok(value.replace(from, to))
}

fn join(value: &Value, separator: Option<&str>, kwargs: Kwargs) -> Result<String, Error> {
    let attribute = kwargs.get::<Option<&str>>("attribute")?;
    kwargs.assert_all_used()?;
    let mut joined = String::new();
    for (n, item) in value.try_iter()?.enumerate() {
        let item = match attribute {
            Some(name) => item.get_attr(name)?,
            None => item,
        };
        if n > 0 {
            joined.push_str(separator.unwrap_or_default());
        }
        joined.push_str(&text(&item)?);
        if joined.len() > OUTPUT_CAP {
            return Err(too_large());
        }
    }
    Ok(joined)
}

/// `map(attribute="name")`: the one form of the engine's `map` that cannot multiply texts.
fn pluck(value: &Value, positional: Option<Value>, kwargs: Kwargs) -> Result<Vec<Value>, Error> {
    if positional.is_some() {
        return Err(bad("write `map(attribute=\"name\")`"));
    }
    let attribute = kwargs
        .get::<&str>("attribute")
        .map_err(|_| bad("write `map(attribute=\"name\")`"))?;
    let default = kwargs.get::<Option<Value>>("default")?;
    kwargs.assert_all_used()?;
    value
        .try_iter()?
        .map(|item| {
            let got = item.get_attr(attribute)?;
            Ok(if got.is_undefined() {
                default.clone().unwrap_or(got)
            } else {
                got
            })
        })
        .collect()
}

fn to_json(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| bad(format!("`tojson` cannot write this: {e}")))
}

fn round(value: &Value, digits: Option<u8>) -> Result<f64, Error> {
    let number = f64::try_from(value.clone())
        .map_err(|_| bad(format!("`round` needs a number, not a {}", value.kind())))?;
    let scale = 10f64.powi(i32::from(digits.unwrap_or(0).min(12)));
    Ok((number * scale).round() / scale)
}

/// Cuts to at most `length` characters, the ellipsis among them.
fn truncate(value: &Value, length: usize, ellipsis: Option<&str>) -> Result<String, Error> {
    let value = text(value)?;
    let ellipsis = ellipsis.unwrap_or("…");
    let mut cut = match value.char_indices().nth(length) {
        None => value.into_owned(),
        Some(_) => {
            let keep = length.saturating_sub(ellipsis.chars().count());
            value
                .chars()
                .take(keep)
                .chain(ellipsis.chars())
                .take(length)
                .collect()
        }
    };
    if cut.len() > OUTPUT_CAP {
        return Err(too_large());
    }
    cut.shrink_to_fit();
    Ok(cut)
}

/// The first line that says something.
fn first_line(value: &Value) -> Result<String, Error> {
    let value = text(value)?;
    let line = value
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty())
        .unwrap_or_default();
    if line.len() > OUTPUT_CAP {
        Err(too_large())
    } else {
        Ok(line.to_owned())
    }
}

/// Base64 with padding, as `Authorization: Basic` wants it.
fn b64(value: &Value) -> Result<String, Error> {
    let value = text(value)?;
    if value.len() > OUTPUT_CAP / 2 {
        return Err(too_large());
    }
    Ok(STANDARD.encode(value.as_bytes()))
}

/// HTML as Markdown.
fn markdown(value: &Value) -> Result<String, Error> {
    let written = super::html::markdown(&text(value)?);
    if written.len() > OUTPUT_CAP {
        Err(too_large())
    } else {
        Ok(written)
    }
}

/// Full-width ASCII (`ＡＢＣ１２３`) and the ideographic space become their half-width forms.
pub(super) fn halfwidth(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Looks the value up in a table; what is not in it becomes the default, or an error that names it.
fn lookup(value: &Value, table: &Value, default: Option<Value>) -> Result<Value, Error> {
    if table.kind() != ValueKind::Map {
        return Err(bad(
            "`lookup` needs a table, as in `lookup({\"High\": \"S1\"}, \"S3\")`",
        ));
    }
    let absent = matches!(value.kind(), ValueKind::Undefined | ValueKind::None);
    if absent {
        return default.ok_or_else(|| match text(value) {
            Err(error) => error,
            Ok(_) => bad("nothing to look up"),
        });
    }
    let key = text(value)?;
    let direct = table.get_item(value)?;
    let found = if direct.is_undefined() {
        table.get_item(&Value::from(&*key))?
    } else {
        direct
    };
    match (found.is_undefined(), default) {
        (false, _) => Ok(found),
        (true, Some(default)) => Ok(default),
        (true, None) => Err(bad(format!(
            "`{key}` is not in the table, and `lookup` has no default"
        ))),
    }
}
