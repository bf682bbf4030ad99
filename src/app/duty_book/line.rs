//! How a line of the book is written down: kind, version and body, and the way back.
//!
//! As in the ledger of an inquiry a changed body gets version + 1 and an upcaster here, and one golden body per kind
//! stays in `golden.json` for ever.

use crate::app::ledger::UpcastError;
use crate::domain::rota::book::DutyEvent;
use serde_json::Value;

/// The version in which every kind is written now.
pub const VERSION: u32 = 1;

/// Splits an event into what is stored: kind, version and body.
pub fn to_stored(event: &DutyEvent) -> (String, u32, Value) {
    let mut body = serde_json::to_value(event).expect("an event is plain data");
    let kind = match body.as_object_mut().and_then(|map| map.remove("kind")) {
        Some(Value::String(kind)) => kind,
        _ => unreachable!("an event is tagged by its kind"),
    };
    (kind, VERSION, body)
}

/// Reads a stored event.
///
/// # Errors
/// For a kind or version that this build does not know.
pub fn from_stored(kind: &str, v: u32, mut body: Value) -> Result<DutyEvent, UpcastError> {
    let unknown = || UpcastError::Unknown {
        kind: kind.to_owned(),
        v,
    };
    if v != VERSION {
        return Err(unknown());
    }
    if let Some(map) = body.as_object_mut() {
        map.insert("kind".to_owned(), Value::String(kind.to_owned()));
    }
    serde_json::from_value(body).map_err(|source| {
        if source.to_string().starts_with("unknown variant") {
            return unknown();
        }
        UpcastError::Unreadable {
            kind: kind.to_owned(),
            v,
            source,
        }
    })
}
