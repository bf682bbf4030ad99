//! Every sentence a person reads, in Japanese and English.
//!
//! Sentences live in two Fluent catalogues, `ja.ftl` and `en.ftl`; code names them by id through [`msg!`](crate::msg)
//! and fills their arguments with [`say`]. A test proves that both files have the same messages with the same
//! arguments, that every id used in the source exists and that none is left over. A sentence that is missing all the
//! same is shown as `⟨id⟩` and logged, never a panic.
//!
//! Leaves out: which language somebody wants (the callers know) and markup (each platform's `render`).

mod args;
mod catalogue;
mod format;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use args::{Args, Value};
pub use catalogue::{arguments, keys, problems, say};
pub use format::{
    amount, date, instant, instant_without_zone, late, left, list, names, severity, span, weekday,
    weekdays, yes_no,
};

/// Names a message of the catalogue; a plain `&'static str` that a test finds in the source.
#[macro_export]
macro_rules! msg {
    ($id:literal) => {{
        const ID: &str = $id;
        ID
    }};
}

/// A language that toban speaks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::Ja, Lang::En];

    /// The code used in configuration and in `lang` attributes.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// A language that toban does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("language `{0}` is not known; use `ja` or `en`")]
pub struct UnknownLang(pub String);

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Lang, UnknownLang> {
        Lang::ALL
            .into_iter()
            .find(|l| l.code() == text)
            .ok_or_else(|| UnknownLang(text.to_owned()))
    }
}
