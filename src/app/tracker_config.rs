//! How trackers of development are spoken to, as plain data: written by the configuration, read by `sources`.
//!
//! Texts and expressions are of the one language (`crate::expr`); they were compiled once when the configuration was
//! loaded, so compiling them again cannot surprise.

use crate::app::secret::Secret;
use crate::app::source_config::RequestConfig;
use crate::domain::ids::TrackerId;
use crate::time::SignedDuration;
use std::collections::BTreeMap;

/// Every tracker, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackersConfig {
    pub trackers: BTreeMap<TrackerId, TrackerConfig>,
}

/// One tracker.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackerConfig {
    pub id: TrackerId,
    /// The name that people see.
    pub name: String,
    /// The queues and products whose issues belong there: what a form begins with. Empty for any.
    pub queues: Vec<String>,
    pub products: Vec<String>,
    /// Given to every text as `base_url`, without a slash at its end; empty if not configured.
    pub base_url: String,
    /// The first is given to requests as `secret`; none is quoted.
    pub secrets: Vec<Secret>,
    /// Given to every text as `setting.NAME`.
    pub settings: BTreeMap<String, String>,
    /// Where an issue stands for people: a text over `issue`. What is linked by its address must look so.
    pub issue_url: Option<String>,
    /// What the form begins with, as texts over an inquiry ([`DRAFT_FIELDS`]); without them the desk's own.
    pub title: Option<String>,
    pub text: Option<String>,
    /// How an issue is filed, if it can be.
    pub file: Option<FileConfig>,
    /// How it is looked at, if it can be.
    pub look: Option<LookConfig>,
    /// How a comment is added that tells how many are affected, if it is wanted.
    pub note: Option<RequestConfig>,
}

/// How an issue is filed. The texts of the request see [`FILE_FIELDS`]; `issue` and `url` see its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct FileConfig {
    pub request: RequestConfig,
    /// What the tracker calls it.
    pub issue: String,
    pub url: Option<String>,
}

/// How an issue is looked at. The texts of the request see `issue`; the others its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct LookConfig {
    pub request: RequestConfig,
    /// Its state in the tracker's own words.
    pub state: String,
    /// A bare expression that tells whether it is done.
    pub is_done: String,
    /// The version that has the correction.
    pub fixed_in: Option<String>,
    /// So long after the last look.
    pub every: SignedDuration,
}

/// How often an issue is looked at if nothing else is said: development takes days, its end may be a quarter of an hour old.
pub const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(15);

/// What the form's first words are made of; texts, empty where the inquiry has none.
pub const DRAFT_FIELDS: [&str; 9] = [
    "reference",
    "title",
    "body",
    "severity",
    "product",
    "plan",
    "region",
    "kind",
    "desk_url",
];

/// What a request that files sees: the words of the form, the inquiry, and the act.
pub const FILE_FIELDS: [&str; 8] = [
    "title",
    "text",
    "reference",
    "severity",
    "product",
    "kind",
    "marker",
    "key",
];

/// What a request that adds a comment sees: the ready sentence, and what it is made of.
pub const NOTE_FIELDS: [&str; 6] = [
    "issue",
    "text",
    "customers",
    "inquiries",
    "references",
    "key",
];
