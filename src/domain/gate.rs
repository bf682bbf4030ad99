//! What an escalation must bring with it, and what of that is missing.
//!
//! The front (customer support) gathers the situation, tries the usual things and rules out wrong settings before it hands an
//! inquiry up. A gate says per queue and kind what is wanted of that. It never turns an inquiry away: the portal asks for what
//! is missing before it files, from everywhere else it is taken in and the gaps are shown.

use crate::domain::inquiry::{Facts, Kind};
use serde::{Deserialize, Serialize};

/// Something that an escalation may have to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// What happens, in words.
    Body,
    /// Whose trouble it is.
    Customer,
    /// What has been tried already.
    Tried,
    /// That wrong settings were ruled out; a "no" is a gap too.
    SettingsChecked,
    /// Where it happens: versions, browsers, plans.
    Environment,
    /// The message that was shown.
    ErrorText,
}

impl Need {
    /// All needs, in the order in which they are listed.
    pub const ALL: [Need; 6] = [
        Need::Body,
        Need::Customer,
        Need::Tried,
        Need::SettingsChecked,
        Need::Environment,
        Need::ErrorText,
    ];

    /// The word in the configuration, in forms and in the API.
    pub fn key(self) -> &'static str {
        match self {
            Need::Body => "body",
            Need::Customer => "customer",
            Need::Tried => "tried",
            Need::SettingsChecked => "settings_checked",
            Need::Environment => "environment",
            Need::ErrorText => "error_text",
        }
    }

    /// The message id of its name.
    pub fn word(self) -> &'static str {
        match self {
            Need::Body => "need-body",
            Need::Customer => "need-customer",
            Need::Tried => "need-tried",
            Need::SettingsChecked => "need-settings-checked",
            Need::Environment => "need-environment",
            Need::ErrorText => "need-error-text",
        }
    }

    /// Tells whether the facts bring it.
    pub fn is_met(self, facts: &Facts) -> bool {
        let intake = &facts.intake;
        match self {
            Need::Body => facts.body.is_some(),
            Need::Customer => facts.customer.is_some(),
            Need::Tried => intake.tried.is_some(),
            Need::SettingsChecked => intake.settings_checked == Some(true),
            Need::Environment => intake.environment.is_some(),
            Need::ErrorText => intake.error_text.is_some(),
        }
    }
}

/// What a queue wants of escalations, by their kind; nothing if empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub investigation: Vec<Need>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specification: Vec<Need>,
}

impl Gate {
    /// Tells whether it wants nothing.
    pub fn is_empty(&self) -> bool {
        self.investigation.is_empty() && self.specification.is_empty()
    }

    /// What it wants of a kind.
    pub fn needs(&self, kind: Kind) -> &[Need] {
        match kind {
            Kind::Investigation => &self.investigation,
            Kind::Specification => &self.specification,
        }
    }

    /// What it wants and the facts do not bring.
    pub fn gaps(&self, facts: &Facts) -> Vec<Need> {
        let needs = self.needs(facts.kind).iter();
        needs.copied().filter(|need| !need.is_met(facts)).collect()
    }
}
