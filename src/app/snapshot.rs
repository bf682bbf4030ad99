//! Snapshots: everything that decides a deadline, as canonical JSON under its hash.
//!
//! Promises: equal data has equal text, whatever the order of its fields or the features of a dependency; the hash is
//! that of the text, so a snapshot that was read back can be checked. Leaves out keeping them: the store does.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Writes plain data as JSON with sorted keys and without spaces.
///
/// # Panics
/// For data that JSON cannot hold (a map without text keys, a NaN), which plain data of ours never is.
pub fn canonical_json(data: &impl Serialize) -> String {
    let value = serde_json::to_value(data).expect("plain data is JSON");
    sorted(value).to_string()
}

/// The SHA-256 of a text, as lower-case hex.
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Brings the keys of all objects into order, even if a dependency made maps keep their order of insertion.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> = map
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

#[cfg(test)]
mod tests;
