//! Reads tables of strangers as a document of rows.
//!
//! Promises: no field is lost, whatever the length of its row. A row is an object by the headings of the first row; a
//! heading that is blank or comes twice gets a name of its own. Leaves out how bytes become rows ([`crate::tabular`]), and
//! what the columns mean: that is the mapping's.

use crate::app::source_config::Table;
use crate::tabular;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

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
    let found = tabular::read(body, table.encoding, table.delimiter)?;
    let headings = named(&found.headings);
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|(_, fields)| row(&headings, fields))
        .collect();
    Ok(Read {
        document: json!({ "headings": headings, "rows": rows }),
        damaged: found.damaged,
    })
}

/// The names of the columns: trimmed, never blank, each once.
fn named(record: &[String]) -> Vec<String> {
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
fn row(headings: &[String], record: &[String]) -> Value {
    let fields = record.iter().enumerate().map(|(n, field)| {
        let name = headings.get(n).cloned().unwrap_or_else(|| column(n));
        (name, Value::from(field.as_str()))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

fn column(n: usize) -> String {
    format!("column_{}", n + 1)
}

#[cfg(test)]
mod tests;
