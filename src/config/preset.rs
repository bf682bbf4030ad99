//! Ready-made calendars, policies and source mappings, built in from `config/presets/`.
//!
//! A preset is a table with the same keys as the section that names it; what the section says itself wins, key by
//! key. A new file is one line in [`FILES`].

use crate::app::source_config::{MapField, Mapping};
use toml::Spanned;
use toml::de::DeTable;

/// Kind, name and text of every preset.
const FILES: &[(&str, &str, &str)] = &[
    (
        "calendar",
        "japan-office",
        include_str!("../../config/presets/calendar/japan-office.toml"),
    ),
    (
        "policy",
        "standard",
        include_str!("../../config/presets/policy/standard.toml"),
    ),
    (
        "source",
        "freshdesk",
        include_str!("../../config/presets/source/freshdesk.toml"),
    ),
    (
        "source",
        "github",
        include_str!("../../config/presets/source/github.toml"),
    ),
    (
        "source",
        "gitlab",
        include_str!("../../config/presets/source/gitlab.toml"),
    ),
    (
        "source",
        "jira",
        include_str!("../../config/presets/source/jira.toml"),
    ),
    (
        "source",
        "kintone",
        include_str!("../../config/presets/source/kintone.toml"),
    ),
    (
        "source",
        "mail",
        include_str!("../../config/presets/source/mail.toml"),
    ),
    (
        "source",
        "rakuraku-hanbai",
        include_str!("../../config/presets/source/rakuraku-hanbai.toml"),
    ),
    (
        "source",
        "redmine",
        include_str!("../../config/presets/source/redmine.toml"),
    ),
    (
        "source",
        "request-tracker",
        include_str!("../../config/presets/source/request-tracker.toml"),
    ),
    (
        "source",
        "toban",
        include_str!("../../config/presets/source/toban.toml"),
    ),
    (
        "source",
        "zendesk",
        include_str!("../../config/presets/source/zendesk.toml"),
    ),
    (
        "tracker",
        "github",
        include_str!("../../config/presets/tracker/github.toml"),
    ),
    (
        "tracker",
        "gitlab",
        include_str!("../../config/presets/tracker/gitlab.toml"),
    ),
    (
        "tracker",
        "jira",
        include_str!("../../config/presets/tracker/jira.toml"),
    ),
    (
        "tracker",
        "redmine",
        include_str!("../../config/presets/tracker/redmine.toml"),
    ),
];

/// The presets, read.
pub(super) struct Presets(Vec<Preset>);

/// One preset, read.
pub(super) struct Preset {
    kind: &'static str,
    name: &'static str,
    pub file: String,
    pub text: &'static str,
    pub table: Spanned<DeTable<'static>>,
}

impl Presets {
    /// Reads all presets.
    pub fn read() -> Self {
        let read = |(kind, name, text): &(&'static str, &'static str, &'static str)| Preset {
            kind,
            name,
            file: format!("presets/{kind}/{name}.toml"),
            text,
            table: DeTable::parse(text).expect("a test reads every built-in preset"),
        };
        Presets(FILES.iter().map(read).collect())
    }

    /// Finds a preset.
    pub fn get(&self, kind: &str, name: &str) -> Option<&Preset> {
        self.0
            .iter()
            .find(|preset| preset.kind == kind && preset.name == name)
    }

    /// The names of a kind.
    pub fn names(&self, kind: &str) -> impl Iterator<Item = &'static str> {
        self.0
            .iter()
            .filter(move |preset| preset.kind == kind)
            .map(|preset| preset.name)
    }

    /// All presets.
    pub fn iter(&self) -> impl Iterator<Item = &Preset> {
        self.0.iter()
    }
}

/// How the document of `toban send` is read: the mapping of the preset `toban`.
pub fn neutral_mapping() -> Mapping {
    let presets = Presets::read();
    let preset = presets.get("source", "toban");
    let table = preset.and_then(|preset| preset.table.get_ref().get("mapping"));
    let table = table.and_then(|mapping| mapping.get_ref().as_table());
    let texts = MapField::ALL.into_iter().filter_map(|field| {
        let text = table?.get(field.key())?.get_ref().as_str()?;
        Some((field, text.to_owned()))
    });
    Mapping {
        fields: texts.collect(),
        message: None,
    }
}
