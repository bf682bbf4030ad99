//! The verbs: one table for every platform, the API and the command line, in English and Japanese.
//!
//! A [`Request`] is words still; `perform` turns it into a command. Platforms declare their commands from
//! [`Verb::ALL`] and [`Verb::params`], so all have the same ones.

mod line;
mod table;

pub use line::{LineProblem, parse_line};
pub use table::{Param, ParamKind};

use crate::app::ports::Reference;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something a person can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    List,
    Show,
    Why,
    Claim,
    Accept,
    Release,
    Assign,
    TakeOver,
    Note,
    Reply,
    Ask,
    Replied,
    RetractReply,
    Heard,
    NoAnswerNeeded,
    Wait,
    Resume,
    Severity,
    NotUrgent,
    Transfer,
    Snooze,
    Mute,
    Unmute,
    Resolve,
    Close,
    Reopen,
    DutyToday,
    DutyWeek,
    DutyOverride,
    DutyWho,
    DutyBook,
    Swap,
    AcceptSwap,
    DeclineSwap,
    Cover,
    DeclineCover,
    Absent,
    Back,
    TakeBack,
    Fairness,
    ReadGuide,
    Held,
    Language,
    Keep,
    HandOver,
    Next,
    Feed,
    Help,
    ProposeSeverity,
    AgreeSeverity,
    DeclineSeverity,
    Unsnooze,
    Bounce,
    CheckContract,
    Except,
    File,
    Known,
    KnownWorkaround,
    Link,
    OutOfScope,
    Refuse,
    Unlink,
    Split,
}

/// One thing asked, in words: the verb, the inquiry if one is named, and the parameters by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub verb: Verb,
    pub reference: Option<Reference>,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

impl Request {
    /// A request without parameters.
    pub fn new(verb: Verb, reference: Option<Reference>) -> Self {
        Request {
            verb,
            reference,
            params: BTreeMap::new(),
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// A parameter that is there and not blank.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests;
