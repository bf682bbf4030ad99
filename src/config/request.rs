//! `[source.poll]` and `[source.way_back]`: requests that toban sends to a source.

use super::auth::is_header_name;
use super::desk::Desk;
use super::mapping::template;
use super::queue::expression;
use super::section::{Field, Section};
use super::source::check_variables;
use crate::app::source_config::{
    Act, Encoding, Format, PollConfig, RequestConfig, Schedule, Table,
};
use crate::time::cron::Cron;
use crate::time::{SignedDuration, parse_span};
use std::collections::BTreeMap;

/// What the texts of a poll's request see.
const POLL: &[&str] = &["cursor", "since", "base_url", "secret", "setting"];

/// What the texts of a detail's request see.
const DETAIL: &[&str] = &["item", "cursor", "since", "base_url", "secret", "setting"];

/// What the texts of a way back see.
const BACK: &[&str] = &[
    "external_id",
    "item_url",
    "reference",
    "text",
    "cause",
    "workaround",
    "no_workaround",
    "answer",
    "category",
    "owner",
    "owner_id",
    "key",
    "base_url",
    "secret",
    "setting",
];

/// The shortest pause between polls: less is a mistyped unit.
const SHORTEST: SignedDuration = SignedDuration::from_secs(5);

const METHODS: [(&str, &str); 5] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];

/// Reads `[source.poll]`.
pub(super) fn poll(section: &Section<'_>, desk: &Desk) -> Option<PollConfig> {
    let schedule = schedule(section, desk);
    section.need("url", "\"{{ base_url }}/items.json\"");
    let fetch = request(section, None, "GET", POLL);
    let check = match section.section("check") {
        Some(check) => {
            check.need("url", "\"{{ base_url }}/me.json\"");
            request(&check, None, "GET", POLL)
        }
        None => Some(None),
    };
    let detail = match section.section("detail") {
        Some(detail) if !is_taken_back(&detail) => {
            detail.need("url", "\"{{ base_url }}/items/{{ item.id }}.json\"");
            request(&detail, None, "GET", DETAIL)
        }
        Some(_) | None => Some(None),
    };
    let format = format(section);
    let items = match (section.field("items"), format) {
        // A table has its rows.
        (None, Some(Format::Csv(_))) => Some("rows".to_owned()),
        (None, Some(Format::Json)) => {
            section.need("items", "\"items\"");
            None
        }
        // What it is written in is said to be wrong already.
        (None, None) => None,
        (Some(field), _) => expression(&field).map(|expression| expression.text().to_owned()),
    };
    let cursor = optional(section, "cursor", |field| {
        template(field).map(|template| template.text().to_owned())
    });
    let has_more = optional(section, "has_more", |field| {
        expression(field).map(|expression| expression.text().to_owned())
    });
    Some(PollConfig {
        schedule: schedule?,
        mapping: None,
        request: fetch??,
        check: check?,
        detail: detail?,
        format: format?,
        items: items?,
        cursor: cursor?,
        has_more: has_more?,
    })
}

/// Reads what the answer is written in; a table has an encoding and something that parts its columns.
fn format(section: &Section<'_>) -> Option<Format> {
    let formats = [("json", false), ("csv", true)];
    let is_table = match section.field("format") {
        Some(field) => field.choice(&formats)?,
        None => false,
    };
    if !is_table {
        let mut is_whole = true;
        for key in ["encoding", "delimiter"] {
            if section.has(key) {
                section.wrong(
                    key,
                    format!("{key:?} has no use here: JSON is always UTF-8 and has no columns"),
                    "drop it, or add format = \"csv\"",
                );
                is_whole = false;
            }
        }
        return is_whole.then_some(Format::Json);
    }
    if section.has("good_when") {
        section.wrong(
            "good_when",
            "\"good_when\" has no use here: it is told of JSON, and a table that is answered is good",
            "drop it; an answer that is JSON instead of CSV is taken for an error anyway",
        );
        return None;
    }
    let encoding = match section.field("encoding") {
        Some(field) => field.choice(&Encoding::NAMES)?,
        None => Encoding::default(),
    };
    let delimiter = match section.field("delimiter") {
        None => b',',
        Some(field) => match field.text()?.as_bytes() {
            [one] if one.is_ascii() && !matches!(one, b'"' | b'\r' | b'\n') => *one,
            _ => {
                field.wrong_with(
                    "this is no single character of ASCII that could part columns",
                    "write \",\", \";\" or \"\\t\"",
                );
                return None;
            }
        },
    };
    Some(Format::Csv(Table {
        encoding,
        delimiter,
    }))
}

/// Whether a blank address takes back the request of a preset.
pub(super) fn is_taken_back(section: &Section<'_>) -> bool {
    let url = section.field("url");
    url.is_some_and(|url| url.value.as_str().is_some_and(|url| url.trim().is_empty()))
}

/// `Some(None)` if the key is not there, `None` if it is wrong.
fn optional<'a, T>(
    section: &Section<'a>,
    key: &str,
    read: impl Fn(&Field<'a>) -> Option<T>,
) -> Option<Option<T>> {
    match section.field(key) {
        Some(field) => read(&field).map(Some),
        None => Some(None),
    }
}

fn schedule(section: &Section<'_>, desk: &Desk) -> Option<Schedule> {
    let zone = match section.field("zone") {
        Some(field) => field.zone().map(|(name, _)| name.to_owned()),
        None => Some(desk.zone_name.clone()),
    };
    match (section.field("every"), section.field("cron")) {
        (Some(_), Some(cron)) => {
            cron.wrong_with("every and cron are given at once", "keep one of them");
            None
        }
        (None, None) => {
            section.wrong(
                "every",
                "nothing says when it is polled",
                "add every = \"1m\", or cron = \"*/5 9-18 * * 1-5\"",
            );
            None
        }
        (None, Some(field)) => {
            let cron = field.parsed(Cron::parse);
            cron.zip(zone)
                .map(|(cron, zone)| Schedule::Cron { cron, zone })
        }
        (Some(field), None) => {
            let every = field.span(parse_span)?;
            if every < SHORTEST {
                field.wrong_with(
                    "this is too often: the source would be asked without rest",
                    "ask at most every 5s",
                );
                return None;
            }
            Some(Schedule::Every(every))
        }
    }
}

/// Reads `[source.way_back]`: one request for every act that goes back.
pub(super) fn way_back(section: &Section<'_>) -> Option<BTreeMap<Act, RequestConfig>> {
    let acts = Act::ALL.map(|act| (act.key(), act));
    let wanted = section.has("write_back").then(|| {
        section
            .texts("write_back")
            .into_iter()
            .filter_map(|(field, _)| field.choice(&acts).map(|act| (field, act)))
            .collect::<Vec<_>>()
    });
    let Some(common) = section.section("way_back") else {
        if let Some((field, act)) = wanted.into_iter().flatten().next() {
            field.wrong_with(
                format!("{:?} is to go back, but nothing says how", act.key()),
                "add [source.way_back] with method, url and body",
            );
            return None;
        }
        return Some(BTreeMap::new());
    };
    let mut requests = BTreeMap::new();
    let mut is_whole = true;
    for act in Act::ALL {
        let own = common.section(act.key());
        let (section, base) = match &own {
            Some(own) => (own, Some(&common)),
            None => (&common, None),
        };
        match request(section, base, "POST", BACK) {
            Some(Some(request)) => {
                requests.insert(act, request);
            }
            Some(None) => {}
            None => is_whole = false,
        }
    }
    match wanted {
        Some(wanted) => {
            for (field, act) in &wanted {
                if is_whole && !requests.contains_key(act) {
                    field.wrong_with(
                        format!("{:?} is to go back, but nothing says how", act.key()),
                        format!("add [source.way_back.{}] with a url", act.key()),
                    );
                    is_whole = false;
                }
            }
            requests.retain(|act, _| wanted.iter().any(|(_, wanted)| wanted == act));
        }
        None => requests.retain(|act, _| Act::default_set().contains(act)),
    }
    is_whole.then_some(requests)
}

/// Reads a request; what a section lacks it takes from the base. `Some(None)` without a url, `None` if it is wrong.
pub(super) fn request(
    section: &Section<'_>,
    base: Option<&Section<'_>>,
    method: &str,
    visible: &[&str],
) -> Option<Option<RequestConfig>> {
    let field = |key: &str| {
        section
            .field(key)
            .or_else(|| base.and_then(|base| base.field(key)))
    };
    let text = |field: Field<'_>| {
        let template = template(&field)?;
        check_variables(&field, template.paths(), visible).then(|| template.text().to_owned())
    };
    let method = match field("method") {
        Some(field) => field.choice(&METHODS),
        None => Some(method),
    };
    let url = field("url").map(text);
    let body = match field("body") {
        Some(field) => text(field).map(Some),
        None => Some(None),
    };
    let mut headers = BTreeMap::new();
    let mut is_whole = true;
    for from in base.into_iter().chain([section]) {
        let Some(table) = from.section("headers") else {
            continue;
        };
        for (name, field) in table.fields() {
            if !is_header_name(&name) {
                field.wrong(format!("{name:?} cannot be the name of a header"));
                is_whole = false;
                continue;
            }
            match text(field) {
                Some(value) => drop(headers.insert(name.to_ascii_lowercase(), value)),
                None => is_whole = false,
            }
        }
    }
    let good_when = match field("good_when") {
        Some(field)
            if field
                .value
                .as_str()
                .is_some_and(|text| text.trim().is_empty()) =>
        {
            Some(None)
        }
        Some(field) => expression(&field).map(|expression| Some(expression.text().to_owned())),
        None => Some(None),
    };
    if !is_whole {
        return None;
    }
    match url {
        None => Some(None),
        Some(url) => Some(Some(RequestConfig {
            method: method?.to_owned(),
            url: url?,
            headers,
            body: body?,
            good_when: good_when?,
        })),
    }
}
