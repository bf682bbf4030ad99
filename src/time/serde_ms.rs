//! Instants in JSON as integer milliseconds since the epoch: `#[serde(with = "crate::time::serde_ms")]`.

use super::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Writes the instant as milliseconds.
pub fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
    super::ms(*at).serialize(out)
}

/// Reads the instant from milliseconds; a number outside the years -9999 to 9999 is an error.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let ms = i64::deserialize(from)?;
    Timestamp::from_millisecond(ms)
        .map_err(|_| D::Error::custom(format_args!("{ms} ms is not an instant")))
}

/// The same for an instant that may be absent: `#[serde(with = "crate::time::serde_ms::option")]`.
pub mod option {
    use super::{Deserialize, Deserializer, Error, Serialize, Serializer, Timestamp};

    /// Writes the instant as milliseconds, or nothing as `null`.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, out: S) -> Result<S::Ok, S::Error> {
        at.map(crate::time::ms).serialize(out)
    }

    /// Reads the instant from milliseconds, or nothing from `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        Option::<i64>::deserialize(from)?
            .map(|ms| {
                Timestamp::from_millisecond(ms)
                    .map_err(|_| D::Error::custom(format_args!("{ms} ms is not an instant")))
            })
            .transpose()
    }
}
