//! The shape of a request: method, route, keys and types, without the values.
//!
//! Load tests may validate each distinct shape once. Only shapes that passed are remembered; the rules
//! that look at values are never skipped.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use serde_json::Value;

use crate::doubles::discord::request::Request;

/// The shapes that were found good.
#[derive(Default)]
pub struct Shapes(Mutex<HashSet<u64>>);

impl Shapes {
    /// Says whether a shape was found good before.
    pub fn passed(&self, shape: u64) -> bool {
        self.0.lock().unwrap().contains(&shape)
    }

    /// Remembers a good shape.
    pub fn pass(&self, shape: u64) {
        self.0.lock().unwrap().insert(shape);
    }

    /// Forgets them, so that each is checked once more.
    pub fn forget(&self) {
        self.0.lock().unwrap().clear();
    }

    /// Returns how many distinct shapes were checked and found good.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Hashes the shape of a request.
pub fn of(request: &Request, form: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.method.hash(&mut hasher);
    request.route.template.hash(&mut hasher);
    for (name, _) in &request.query {
        name.hash(&mut hasher);
    }
    hash_value(form, &mut hasher);
    hasher.finish()
}

fn hash_value(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Null => 0u8.hash(hasher),
        Value::Bool(_) => 1u8.hash(hasher),
        // Small numbers are kinds and styles: they decide which schema applies.
        Value::Number(number) => {
            (2u8, number.as_u64().filter(|n| *n < 64), number.is_f64()).hash(hasher)
        }
        Value::String(text) => (3u8, text.is_empty()).hash(hasher),
        Value::Array(items) => {
            (4u8, items.len()).hash(hasher);
            items.iter().for_each(|item| hash_value(item, hasher));
        }
        Value::Object(map) => {
            (5u8, map.len()).hash(hasher);
            for (key, item) in map {
                key.hash(hasher);
                hash_value(item, hasher);
            }
        }
    }
}
