//! What a sentence is filled with: named texts and numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One argument of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A count; plural forms choose by it.
    Number(i64),
    /// A name, a time already written out, an outside text already made safe.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// The arguments of a sentence by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Args(BTreeMap<String, Value>);

impl Args {
    /// Makes an empty set.
    pub fn new() -> Args {
        Args::default()
    }

    /// Adds one argument and returns the set, for chains.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Args {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>> FromIterator<(N, Value)> for Args {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(pairs: I) -> Args {
        Args(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Args {
    fn from(pairs: [(&str, Value); N]) -> Args {
        pairs.into_iter().collect()
    }
}
