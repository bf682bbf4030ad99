//! What the front gathered before it escalated, that it was sent back for more, and that it was handed on to others.

use super::Actor;
use crate::domain::ids::TextId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What support found out before it handed the inquiry up. The source owns it, like every fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// The entrance it came by: phone, mail, chat, portal …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What has been tried already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<TextId>,
    /// Whether support has ruled out wrong settings; `None` if nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_checked: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<TextId>,
    /// The error message as it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_text: Option<TextId>,
}

impl Intake {
    /// Tells whether nothing of it was said.
    pub fn is_empty(&self) -> bool {
        *self == Intake::default()
    }

    /// The words in it that came from outside.
    pub fn texts(&self) -> impl Iterator<Item = &TextId> {
        let texts = [&self.tried, &self.environment, &self.error_text];
        texts.into_iter().flatten()
    }
}

/// That an inquiry was sent back to its requester, the last time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounce {
    /// The line of the ledger.
    pub seq: u64,
    /// How often by now.
    pub count: u32,
    pub reason: TextId,
    pub by: Actor,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
    /// Whether the requester has answered since, or it was taken up again without.
    pub is_answered: bool,
}

/// Whom an inquiry that is out of scope was handed on to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    pub to: ReferredTo,
    pub note: Option<TextId>,
    pub by: Actor,
    #[serde(with = "crate::time::serde_ms")]
    pub at: Timestamp,
}

/// Who looks after what is out of scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ReferredTo {
    /// 契約について.
    Sales,
    /// コードの開発やテスト、作業代行.
    ProfessionalServices,
    /// Somebody else, in words.
    Other { who: TextId },
}

/// How an inquiry found its queue when it was received.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Routed {
    /// A rule matched; its name if it has one, and its text, which stays what it is when rules change places.
    Rule {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        number: u32,
        when: String,
    },
    /// No rule matched.
    Default,
    /// No rule matched, and a product or region was given that the desk does not know.
    Triage,
    /// Somebody split it off another inquiry and said where it belongs.
    Split,
    /// The requester wrote long after the end of another: it is where that was.
    Follows,
}

/// Why an inquiry goes to another queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moving {
    /// It should have been there from the start: the routing is to be mended.
    #[default]
    Misrouted,
    /// It was right here; now the work goes on there.
    HandedOn,
}

impl Moving {
    pub(super) fn is_misrouted(&self) -> bool {
        *self == Moving::Misrouted
    }
}
