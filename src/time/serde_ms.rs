//! Instants in JSON as integer milliseconds since the epoch: `#[serde(with = "crate::time::serde_ms")]`.

use super::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Writes the instant as milliseconds.
pub fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
    super::ms(*at).serialize(out)
}

/// Reads the instant from milliseconds; a number outside the years -9999 to 9999 is an error.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    read(i64::deserialize(from)?)
}

/// What was written can be read: the last instant of all lies within a second that jiff takes no milliseconds of.
fn read<E: Error>(ms: i64) -> Result<Timestamp, E> {
    let at = super::from_ms(ms);
    match super::ms(at) == ms || at == Timestamp::MAX && ms < super::ms(at) {
        true => Ok(at),
        false => Err(E::custom(format_args!("{ms} ms is not an instant"))),
    }
}

/// The same for an instant that may be absent: `#[serde(with = "crate::time::serde_ms::option")]`.
pub mod option {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Timestamp};

    /// Writes the instant as milliseconds, or nothing as `null`.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, out: S) -> Result<S::Ok, S::Error> {
        at.map(crate::time::ms).serialize(out)
    }

    /// Reads the instant from milliseconds, or nothing from `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        Option::<i64>::deserialize(from)?
            .map(super::read)
            .transpose()
    }
}
