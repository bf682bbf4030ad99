//! `[source.poll]`, and the requests of `[source.way_back]`: what toban sends to a source.

use super::auth::is_header_name;
use super::desk::Desk;
use super::mapping::template;
use super::queue::expression;
use super::section::{Field, Section};
use super::source::check_variables;
use crate::app::source_config::{
    BREAKER, Encoding, Format, PollConfig, RequestConfig, Schedule, Table,
};
use crate::expr::Engine;
use crate::time::cron::Cron;
use crate::time::{SignedDuration, parse_span};
use std::collections::BTreeMap;

/// What the texts of a poll's request see.
const POLL: &[&str] = &["cursor", "since", "from", "base_url", "secret", "setting"];

/// What the texts of a detail's request see.
const DETAIL: &[&str] = &[
    "item", "cursor", "since", "from", "base_url", "secret", "setting",
];

/// The shortest pause between polls: less is a mistyped unit.
const SHORTEST: SignedDuration = SignedDuration::from_secs(5);

/// After so many looks without it an item is gone, unless the configuration says otherwise: one may be an accident.
const GONE_AFTER: u32 = 2;

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
    let fetch = request(section, &[], "GET", POLL);
    let check = match section.section("check") {
        Some(check) => {
            check.need("url", "\"{{ base_url }}/me.json\"");
            request(&check, &[], "GET", POLL)
        }
        None => Some(None),
    };
    let mut details = Some(Vec::new());
    for detail in section.one_or_more("detail") {
        if is_taken_back(&detail) {
            continue;
        }
        detail.need("url", "\"{{ base_url }}/items/{{ item.id }}.json\"");
        match (request(&detail, &[], "GET", DETAIL), &mut details) {
            (Some(request), Some(details)) => details.extend(request),
            _ => details = None,
        }
    }
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
    let restart = optional(section, "restart", |field| {
        template(field).map(|template| template.text().to_owned())
    });
    let breaker = breaker(section);
    let overlap = overlap(section, fetch.as_ref());
    let complete = complete(section);
    Some(PollConfig {
        schedule: schedule?,
        mapping: None,
        breaker: breaker?,
        overlap: overlap?,
        complete: complete?,
        request: fetch??,
        check: check?,
        detail: details?,
        format: format?,
        items: items?,
        cursor: cursor?,
        has_more: has_more?,
        restart: restart?,
    })
}

/// The most failures that may pass before anybody is told: with the back-off, a working day.
const MOST_FAILURES: i64 = 50;

/// The longest overlap: more is a list that is fetched whole.
const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Reads after how many failures in a row the source is out.
fn breaker(section: &Section<'_>) -> Option<u32> {
    let Some(field) = section.field("breaker") else {
        return Some(BREAKER);
    };
    field
        .number(1..=MOST_FAILURES)
        .and_then(|failures| u32::try_from(failures).ok())
}

/// Reads how far a poll reaches back; it is of no use to a request that does not ask `from` anywhere.
fn overlap(
    section: &Section<'_>,
    request: Option<&Option<RequestConfig>>,
) -> Option<Option<SignedDuration>> {
    let Some(field) = section.field("overlap") else {
        return Some(None);
    };
    let overlap = field.span(parse_span)?;
    if overlap <= SignedDuration::ZERO || overlap > LONGEST_OVERLAP {
        field.wrong_with(
            "this is no overlap: it must be more than nothing and at most a day",
            "write overlap = \"2m\"",
        );
        return None;
    }
    let asks = |request: &RequestConfig| {
        let mut texts = std::iter::once(&request.url)
            .chain(&request.body)
            .chain(request.headers.values());
        texts.any(|text| {
            let compiled = Engine::new().compile_template(text).ok();
            compiled.is_some_and(|text| text.paths().iter().any(|path| path == "from"))
        })
    };
    if let Some(Some(request)) = request
        && !asks(request)
    {
        // The preset's holds for the preset's request.
        if section.own("overlap").is_none() {
            return Some(None);
        }
        field.wrong_with(
            "this has no use here: no text of the request reads {{ from }}",
            "ask from {{ from }} where it asks from {{ cursor }} now",
        );
        return None;
    }
    Some(Some(overlap))
}

/// Reads whether the list holds everything open, and how often an item must be missing; `None` if it is wrong.
fn complete(section: &Section<'_>) -> Option<Option<u32>> {
    if !section.truth_or("complete", false) {
        if section.has("gone_after") {
            section.wrong(
                "gone_after",
                "\"gone_after\" has no use here: the list is not said to hold everything that is open",
                "add complete = true, or drop it",
            );
            return None;
        }
        return Some(None);
    }
    let looks = match section.field("gone_after") {
        Some(field) => u32::try_from(field.number(1..=100)?).ok()?,
        None => GONE_AFTER,
    };
    Some(Some(looks))
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

pub(super) fn schedule(section: &Section<'_>, desk: &Desk) -> Option<Schedule> {
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

/// Reads a request; what a section lacks it takes from the first of the bases that has it. `Some(None)` without a url,
/// `None` if it is wrong.
pub(super) fn request(
    section: &Section<'_>,
    bases: &[&Section<'_>],
    method: &str,
    visible: &[&str],
) -> Option<Option<RequestConfig>> {
    let field = |key: &str| {
        section
            .field(key)
            .or_else(|| bases.iter().find_map(|base| base.field(key)))
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
    for from in bases.iter().rev().copied().chain([section]) {
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
