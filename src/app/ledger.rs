//! How the ledger is written down: kind, version and body of an event, and the way back.
//!
//! A changed body gets version + 1 and a pure upcaster here; one golden JSON per (kind, version) stays in
//! `ledger/golden.json` for ever. An unknown kind stops a refold with an error.

use crate::domain::inquiry::Event;
use serde_json::Value;

/// A stored event that this build cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UpcastError {
    #[error("unknown event kind \"{kind}\" version {v}")]
    Unknown { kind: String, v: u32 },
    #[error("event \"{kind}\" version {v} has an unreadable body")]
    Unreadable {
        kind: String,
        v: u32,
        source: serde_json::Error,
    },
}

/// The version in which every kind is written now.
pub const VERSION: u32 = 1;

/// Splits an event into what is stored: kind, version and body.
pub fn to_stored(event: &Event) -> (String, u32, Value) {
    let mut body = serde_json::to_value(event).expect("an event is plain data");
    let kind = match body.as_object_mut().and_then(|map| map.remove("kind")) {
        Some(Value::String(kind)) => kind,
        _ => unreachable!("an event is tagged by its kind"),
    };
    (kind, VERSION, body)
}

/// Reads a stored event, lifting older versions.
///
/// # Errors
/// For a kind or version that this build does not know: a refold must stop there.
pub fn from_stored(kind: &str, v: u32, mut body: Value) -> Result<Event, UpcastError> {
    if v != VERSION {
        return Err(UpcastError::Unknown {
            kind: kind.to_owned(),
            v,
        });
    }
    if let Some(map) = body.as_object_mut() {
        map.insert("kind".to_owned(), Value::String(kind.to_owned()));
    }
    serde_json::from_value(body).map_err(|source| {
        if source.to_string().starts_with("unknown variant") {
            UpcastError::Unknown {
                kind: kind.to_owned(),
                v,
            }
        } else {
            UpcastError::Unreadable {
                kind: kind.to_owned(),
                v,
                source,
            }
        }
    })
}

#[cfg(test)]
mod tests;
