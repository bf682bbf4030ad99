//! `[[tracker]]`: where issues for development are filed, how they are looked at, and how a comment is added.

use super::mapping::template;
use super::queue::expression;
use super::request::{is_taken_back, request};
use super::section::{Field, Section};
use super::source::{check_given, check_variables, settings, texts};
use crate::app::source_config::TextForm;
use crate::app::tracker_config::{
    DRAFT_FIELDS, FILE_FIELDS, FileConfig, LOOK_EVERY, LookConfig, NOTE_FIELDS, TrackerConfig,
    TrackersConfig,
};
use crate::domain::ids::TrackerId;
use crate::time::{SignedDuration, parse_span};
use std::collections::BTreeSet;

/// What every text sees besides its own.
const COMMON: [&str; 2] = ["base_url", "setting"];

/// The shortest pause between two looks at an issue: less is a mistyped unit.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// Reads every `[[tracker]]`.
pub(super) fn trackers(root: &Section<'_>, queues: &BTreeSet<String>) -> TrackersConfig {
    let mut trackers = TrackersConfig::default();
    let mut seen: Vec<&str> = Vec::new();
    for section in root.sections("tracker") {
        let section = section.with_preset();
        let id = section
            .need("id", "\"github\"")
            .and_then(|field| field.id());
        let enabled = section.truth_or("enabled", true);
        let config = tracker(&section, id.unwrap_or_default(), enabled, queues);
        let Some(id) = id else { continue };
        if seen.contains(&id) {
            section.wrong(
                "id",
                format!("tracker {id:?} is there twice"),
                "give each tracker an id of its own",
            );
            continue;
        }
        seen.push(id);
        if let Some(config) = config.filter(|_| enabled) {
            trackers.trackers.insert(config.id.clone(), config);
        }
    }
    trackers
}

fn tracker(
    section: &Section<'_>,
    id: &str,
    enabled: bool,
    queues: &BTreeSet<String>,
) -> Option<TrackerConfig> {
    // A tracker that is switched off needs no secrets, but everything else is checked all the same.
    let secrets = match enabled {
        true => section.secrets("secret"),
        false => Vec::new(),
    };
    let base_url = section
        .field("base_url")
        .and_then(|field| field.web_address());
    let settings = settings(section);
    let visible = |own: &[&'static str]| [own, &COMMON].concat();
    let draft = visible(&DRAFT_FIELDS);
    let issue_url = text(section, "issue_url", Some(&visible(&["issue"])));
    let title = text(section, "title", Some(&draft));
    let body = text(section, "text", Some(&draft));
    let file = file(section);
    let look = look(section);
    let note = match own(section, "note") {
        Some(note) => {
            note.need("url", "\"{{ base_url }}/issues/{{ issue }}/comments\"");
            request(&note, &[], "POST", &with_secret(&NOTE_FIELDS))
        }
        None => Some(None),
    };
    let config = TrackerConfig {
        id: TrackerId::from(id),
        name: section.text("name").unwrap_or(id).to_owned(),
        queues: of_queues(section, queues),
        products: words(section, "products"),
        base_url: base_url.unwrap_or_default(),
        secrets,
        settings,
        issue_url: issue_url?,
        title: title?,
        text: body?,
        file: file?,
        look: look?,
        note: note?,
    };
    check_given(
        section,
        ("tracker", id),
        &all_texts(&config),
        &config.settings,
    );
    if config.file.is_none() && config.look.is_none() && config.issue_url.is_none() {
        section.wrong(
            "file",
            format!("tracker {id:?} says neither how to file an issue nor how to look at one"),
            "add [tracker.file] or [tracker.look], or begin with a preset: preset = \"github\"",
        );
        return None;
    }
    Some(config)
}

/// The queues whose issues belong there; each must be one.
fn of_queues(section: &Section<'_>, known: &BTreeSet<String>) -> Vec<String> {
    for (field, queue) in section.texts("queues") {
        if !known.contains(queue) {
            let ids: Vec<&str> = known.iter().map(String::as_str).collect();
            field.wrong_with(
                format!("there is no queue {queue:?}"),
                format!("name a queue by its id: {}", ids.join(", ")),
            );
        }
    }
    words(section, "queues")
}

fn words(section: &Section<'_>, name: &str) -> Vec<String> {
    let texts = section.texts(name).into_iter();
    texts.map(|(_, text)| text.to_owned()).collect()
}

/// Reads `[tracker.file]`; `None` if it is wrong.
fn file(section: &Section<'_>) -> Option<Option<FileConfig>> {
    let Some(file) = own(section, "file") else {
        return Some(None);
    };
    file.need("url", "\"{{ base_url }}/issues\"");
    let request = request(&file, &[], "POST", &with_secret(&FILE_FIELDS));
    let issue = match file.need("issue", "\"{{ number }}\"") {
        Some(_) => text(&file, "issue", None)?,
        None => None,
    };
    let url = text(&file, "issue_url", None);
    Some(Some(FileConfig {
        request: request??,
        issue: issue?,
        url: url?,
    }))
}

/// Reads `[tracker.look]`; `None` if it is wrong.
fn look(section: &Section<'_>) -> Option<Option<LookConfig>> {
    let Some(look) = own(section, "look") else {
        return Some(None);
    };
    look.need("url", "\"{{ base_url }}/issues/{{ issue }}\"");
    let request = request(&look, &[], "GET", &with_secret(&["issue"]));
    let state = match look.need("state", "\"{{ state }}\"") {
        Some(_) => text(&look, "state", None)?,
        None => None,
    };
    let is_done = look.need("is_done", "\"state == 'closed'\"");
    let is_done = is_done.and_then(|field| expression(&field));
    let fixed_in = text(&look, "fixed_in", None);
    let every = match look.field("every") {
        Some(field) => every(&field),
        None => Some(LOOK_EVERY),
    };
    Some(Some(LookConfig {
        request: request??,
        state: state?,
        is_done: is_done?.text().to_owned(),
        fixed_in: fixed_in?,
        every: every?,
    }))
}

fn every(field: &Field<'_>) -> Option<SignedDuration> {
    let every = field.span(parse_span)?;
    if every < SHORTEST {
        field.wrong_with(
            "this is too often: the tracker would be asked without rest",
            "look at most every 1m",
        );
        return None;
    }
    Some(every)
}

/// A table of a tracker; one whose url is blank takes back what a preset has.
fn own<'a>(section: &Section<'a>, name: &str) -> Option<Section<'a>> {
    section.section(name).filter(|own| !is_taken_back(own))
}

/// A text that may be left out; over an answer it can see whatever stands there. `None` if it is wrong.
fn text(section: &Section<'_>, key: &str, visible: Option<&[&str]>) -> Option<Option<String>> {
    let Some(field) = section.field(key) else {
        return Some(None);
    };
    let template = template(&field)?;
    if let Some(visible) = visible
        && !check_variables(&field, template.paths(), visible)
    {
        return None;
    }
    Some(Some(template.text().to_owned()))
}

fn with_secret(own: &[&'static str]) -> Vec<&'static str> {
    [own, &COMMON, &["secret"]].concat()
}

/// Every text of a tracker, for what it needs to be given.
fn all_texts(config: &TrackerConfig) -> Vec<(TextForm, &str)> {
    let file = config.file.as_ref();
    let look = config.look.as_ref();
    let requests = file
        .map(|file| &file.request)
        .into_iter()
        .chain(look.map(|look| &look.request))
        .chain(&config.note);
    let mut all = texts(requests, None, None);
    let written = [&config.issue_url, &config.title, &config.text];
    let answered = file.map(|file| &file.issue).into_iter();
    let answered = answered.chain(file.and_then(|file| file.url.as_ref()));
    let answered = answered.chain(look.map(|look| &look.state));
    let answered = answered.chain(look.and_then(|look| look.fixed_in.as_ref()));
    let templates = written.into_iter().flatten().chain(answered);
    all.extend(templates.map(|text| (TextForm::Template, text.as_str())));
    all.extend(look.map(|look| (TextForm::Truth, look.is_done.as_str())));
    all
}
