//! What a run may answer: text and JSON, both bounded.

use std::io;

use minijinja::value::ValueKind;
use serde_json::{Map, Number, Value};

use super::OUTPUT_CAP;

/// Nesting of an answer; documents come in at no more than 64.
const DEPTH_CAP: usize = 80;

/// Collects text up to the cap and remembers whether more was wanted.
#[derive(Debug, Default)]
pub(super) struct Capped {
    bytes: Vec<u8>,
    overfull: bool,
}

impl Capped {
    pub(super) fn is_overfull(&self) -> bool {
        self.overfull
    }

    pub(super) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl io::Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + part.len() > OUTPUT_CAP {
            self.overfull = true;
            return Err(io::Error::other("the output cap is reached"));
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why a value cannot be an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfit {
    Undefined,
    TooLarge,
    Kind(String),
}

/// Copies a value of the engine into JSON.
pub(super) fn to_json(value: &minijinja::Value) -> Result<Value, Unfit> {
    copy(value, &mut { OUTPUT_CAP }, 0)
}

fn copy(value: &minijinja::Value, left: &mut usize, depth: usize) -> Result<Value, Unfit> {
    if depth > DEPTH_CAP {
        return Err(Unfit::TooLarge);
    }
    spend(left, 1)?;
    match value.kind() {
        ValueKind::Undefined => Err(Unfit::Undefined),
        ValueKind::None => Ok(Value::Null),
        ValueKind::Bool => Ok(Value::Bool(value.is_true())),
        ValueKind::Number => number(value),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            spend(left, text.len())?;
            Ok(Value::String(text.to_owned()))
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let mut items = Vec::new();
            for item in value.try_iter().map_err(|e| Unfit::Kind(e.to_string()))? {
                items.push(copy(&item, left, depth + 1)?);
            }
            Ok(Value::Array(items))
        }
        ValueKind::Map => {
            let mut fields = Map::new();
            for key in value.try_iter().map_err(|e| Unfit::Kind(e.to_string()))? {
                let item = value
                    .get_item(&key)
                    .map_err(|e| Unfit::Kind(e.to_string()))?;
                let name = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                spend(left, name.len())?;
                fields.insert(name, copy(&item, left, depth + 1)?);
            }
            Ok(Value::Object(fields))
        }
        ValueKind::Bytes | ValueKind::Plain | ValueKind::Invalid => {
            Err(Unfit::Kind(value.kind().to_string()))
        }
        _ => Err(Unfit::Kind(value.kind().to_string())),
    }
}

fn number(value: &minijinja::Value) -> Result<Value, Unfit> {
    if !value.is_integer() {
        let float = f64::try_from(value.clone()).ok().and_then(Number::from_f64);
        return float
            .map(Value::Number)
            .ok_or_else(|| Unfit::Kind("a number that JSON cannot hold".into()));
    }
    i64::try_from(value.clone())
        .map(Number::from)
        .or_else(|_| u64::try_from(value.clone()).map(Number::from))
        .map(Value::Number)
        .map_err(|_| Unfit::Kind("an integer beyond 64 bits".into()))
}

fn spend(left: &mut usize, amount: usize) -> Result<(), Unfit> {
    *left = left.checked_sub(amount).ok_or(Unfit::TooLarge)?;
    Ok(())
}
