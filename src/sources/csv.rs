//! Reads tables of strangers: CSV in the encodings that systems export, as a document of rows.
//!
//! Promises: any bytes give a document or a sentence with a place, in memory bounded by a small multiple of the text;
//! no field is lost, whatever the length of its row. A row is an object by the headings of the first row; a heading that
//! is blank or comes twice gets a name of its own. Leaves out what the columns mean: that is the mapping's.

use crate::app::source_config::{Encoding, Table};
use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_8};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::HashSet;

/// The most columns of a table: a spreadsheet of people has some dozens.
const COLUMNS: usize = 1_000;

/// What became of the bytes.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    /// `headings`, a list, and `rows`, a list of objects.
    pub document: Value,
    /// Characters that the encoding does not have; each became U+FFFD.
    pub damaged: usize,
}

/// Reads a table, or says what is wrong with it and where.
pub(super) fn read(body: &[u8], table: Table) -> Result<Read, String> {
    let text = decoded(body, table.encoding);
    let damaged = text.matches('\u{fffd}').count();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(table.delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut headings: Option<Vec<String>> = None;
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| said(&error))?
    {
        if record.len() > COLUMNS {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(format!(
                "a row has {} columns, more than {COLUMNS} (line {line})",
                record.len()
            ));
        }
        match &headings {
            None => headings = Some(named(&record)),
            // A line of nothing but a line break is no row.
            Some(_) if record.len() == 1 && record[0].is_empty() => {}
            Some(headings) => rows.push(row(headings, &record)),
        }
    }
    Ok(Read {
        document: json!({ "headings": headings.unwrap_or_default(), "rows": rows }),
        damaged,
    })
}

/// The text of the bytes, without a mark at its start and without NUL, which no database takes.
fn decoded(body: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let is_utf8 = || std::str::from_utf8(body).is_ok();
    let (text, _) = match encoding {
        Encoding::Utf8 => UTF_8.decode_with_bom_removal(body),
        Encoding::Cp932 => SHIFT_JIS.decode_with_bom_removal(body),
        Encoding::EucJp => EUC_JP.decode_with_bom_removal(body),
        // Japanese text in CP932 is never good UTF-8, so that looking decides.
        Encoding::Auto if is_utf8() => UTF_8.decode_with_bom_removal(body),
        Encoding::Auto => SHIFT_JIS.decode_with_bom_removal(body),
    };
    match text.contains('\0') {
        true => Cow::Owned(text.replace('\0', "\u{fffd}")),
        false => text,
    }
}

/// The names of the columns: trimmed, never blank, each once.
fn named(record: &csv::StringRecord) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(record.len());
    for (n, heading) in record.iter().enumerate() {
        let heading = heading.trim();
        let base = match heading {
            "" => column(n),
            heading => heading.to_owned(),
        };
        let mut name = base.clone();
        let mut again = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base} ({again})");
            again += 1;
        }
        names.push(name);
    }
    names
}

/// What a row has beyond the headings is kept by its place; what it lacks is not there.
fn row(headings: &[String], record: &csv::StringRecord) -> Value {
    let fields = record.iter().enumerate().map(|(n, field)| {
        let name = headings.get(n).cloned().unwrap_or_else(|| column(n));
        (name, Value::from(field))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn column(n: usize) -> String {
    format!("column_{}", n + 1)
}

fn said(error: &csv::Error) -> String {
    match error.position() {
        Some(place) => format!("it is no CSV: {error} (line {})", place.line()),
        None => format!("it is no CSV: {error}"),
    }
}

#[cfg(test)]
mod tests;
