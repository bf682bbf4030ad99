//! The rules of messages, embeds and components that the description misses.

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::{given, list, text};
use crate::doubles::discord::errors::Problem;

/// Whether a message is made or changed.
#[derive(Clone, Copy, PartialEq)]
pub enum Verb {
    Create,
    Edit,
}

/// `IS_COMPONENTS_V2`.
pub const V2: u64 = 1 << 15;

pub const CONTENT_MAX: usize = 2_000;
pub const EMBEDS_TOTAL_MAX: usize = 6_000;

/// Checks a message as it is posted or edited.
pub fn check(body: &Value, at: &str, verb: Verb, problems: &mut Vec<Problem>) {
    content(body, at, problems);
    mentions(body, at, problems);
    embeds(list(&body["embeds"]), at, problems);
    let is_v2 = body["flags"].as_u64().unwrap_or_default() & V2 != 0;
    components(
        list(&body["components"]),
        is_v2 || verb == Verb::Edit,
        &format!("{at}/components"),
        problems,
    );
    if is_v2 {
        for key in ["content", "embeds", "poll", "sticker_ids"] {
            if given(body, key)
                && body[key] != ""
                && !body[key].as_array().is_some_and(Vec::is_empty)
            {
                let says = format!(
                    "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                );
                problems.push(Problem::new(
                    format!("{at}/{key}"),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    says,
                ));
            }
        }
    }
    if verb == Verb::Create && is_empty(body) {
        problems.push(Problem::new(at, "EMPTY", "Cannot send an empty message"));
    }
}

/// Says whether a message would show nothing at all.
pub fn is_empty(body: &Value) -> bool {
    let blank = text(body, "content").trim().is_empty();
    let lists = ["embeds", "components", "sticker_ids", "attachments"];
    blank && lists.iter().all(|key| list(&body[*key]).is_empty()) && !given(body, "poll")
}

fn content(body: &Value, at: &str, problems: &mut Vec<Problem>) {
    let length = text(body, "content").chars().count();
    if length > CONTENT_MAX {
        let says = format!("Must be {CONTENT_MAX} or fewer in length.");
        problems.push(Problem::new(
            format!("{at}/content"),
            "BASE_TYPE_MAX_LENGTH",
            says,
        ));
    }
}

/// House rule: whatever may ping says whom, by id, and parses nothing.
fn mentions(body: &Value, at: &str, problems: &mut Vec<Problem>) {
    if text(body, "content").is_empty() && !shows_text(&body["components"]) {
        return;
    }
    let allowed = &body["allowed_mentions"];
    if !allowed.is_object() {
        let says = "allowed_mentions is missing: Discord would ping by its default";
        problems.push(Problem::ours(
            format!("{at}/allowed_mentions"),
            "ALLOWED_MENTIONS",
            says,
        ));
    } else if allowed["parse"] != Value::Array(Vec::new()) {
        let says = "allowed_mentions.parse must be there and empty";
        problems.push(Problem::ours(
            format!("{at}/allowed_mentions/parse"),
            "ALLOWED_MENTIONS",
            says,
        ));
    }
}

fn shows_text(components: &Value) -> bool {
    list(components)
        .iter()
        .any(|c| c["type"] == 10 || shows_text(&c["components"]))
}

fn embeds(embeds: &[Value], at: &str, problems: &mut Vec<Problem>) {
    let mut total = 0;
    for (index, embed) in embeds.iter().enumerate() {
        let at = format!("{at}/embeds/{index}");
        total += embed_length(embed);
        for (field_index, field) in list(&embed["fields"]).iter().enumerate() {
            for key in ["name", "value"] {
                if text(field, key).trim().is_empty() {
                    let at = format!("{at}/fields/{field_index}/{key}");
                    problems.push(Problem::new(
                        at,
                        "BASE_TYPE_REQUIRED",
                        "This field is required",
                    ));
                }
            }
        }
        let urls = [
            "/url",
            "/image/url",
            "/thumbnail/url",
            "/author/url",
            "/author/icon_url",
            "/footer/icon_url",
        ];
        for pointer in urls {
            if let Some(url) = embed.pointer(pointer).and_then(Value::as_str)
                && !is_url(url)
            {
                problems.push(Problem::new(
                    format!("{at}{pointer}"),
                    "URL_TYPE_INVALID_URL",
                    "Not a well formed URL.",
                ));
            }
        }
        let shown = [
            "title",
            "description",
            "fields",
            "image",
            "thumbnail",
            "author",
            "footer",
            "video",
        ];
        if !shown.iter().any(|key| {
            given(embed, key)
                && embed[*key] != ""
                && !embed[*key].as_array().is_some_and(Vec::is_empty)
        }) {
            problems.push(Problem::new(
                at,
                "BASE_TYPE_REQUIRED",
                "This embed shows nothing",
            ));
        }
    }
    if total > EMBEDS_TOTAL_MAX {
        let says = format!("Embed size exceeds maximum size of {EMBEDS_TOTAL_MAX}");
        problems.push(Problem::new(
            format!("{at}/embeds"),
            "MAX_EMBED_SIZE_EXCEEDED",
            says,
        ));
    }
}

fn embed_length(embed: &Value) -> usize {
    let length = |value: &Value| value.as_str().unwrap_or_default().chars().count();
    let fields: usize = list(&embed["fields"])
        .iter()
        .map(|f| length(&f["name"]) + length(&f["value"]))
        .sum();
    length(&embed["title"])
        + length(&embed["description"])
        + length(&embed["footer"]["text"])
        + length(&embed["author"]["name"])
        + fields
}

fn is_url(raw: &str) -> bool {
    Url::parse(raw).is_ok_and(|url| match url.scheme() {
        "http" | "https" => url
            .host_str()
            .is_some_and(|host| host.contains('.') || host == "localhost"),
        "attachment" => true,
        _ => false,
    })
}

/// Checks the components of a message.
pub fn components(rows: &[Value], may_be_v2: bool, at: &str, problems: &mut Vec<Problem>) {
    if !may_be_v2 && rows.len() > 5 {
        problems.push(Problem::new(
            at,
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 0 and 5 in length.",
        ));
    }
    let mut seen = HashSet::new();
    for (index, row) in rows.iter().enumerate() {
        let at = format!("{at}/{index}");
        if !may_be_v2 && row["type"] != 1 {
            problems.push(Problem::new(
                format!("{at}/type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            ));
        }
        component(row, &at, &mut seen, problems);
    }
}

/// Checks one component and what lies in it; custom ids are unique among all of them.
pub fn component<'a>(
    component: &'a Value,
    at: &str,
    seen: &mut HashSet<&'a str>,
    problems: &mut Vec<Problem>,
) {
    if let Some(id) = component["custom_id"].as_str()
        && !seen.insert(id)
    {
        let says = "Component custom id cannot be duplicated";
        problems.push(Problem::new(
            format!("{at}/custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            says,
        ));
    }
    match component["type"].as_u64() {
        Some(1) => row(list(&component["components"]), at, problems),
        Some(2) => button(component, at, problems),
        Some(3) => select(component, at, problems),
        _ => {}
    }
    for (index, inner) in list(&component["components"]).iter().enumerate() {
        self::component(inner, &format!("{at}/components/{index}"), seen, problems);
    }
    for key in ["accessory", "component"] {
        if given(component, key) {
            self::component(&component[key], &format!("{at}/{key}"), seen, problems);
        }
    }
}

fn row(inner: &[Value], at: &str, problems: &mut Vec<Problem>) {
    let buttons = inner.iter().filter(|c| c["type"] == 2).count();
    if inner.len() > 1 && buttons < inner.len() {
        let says = "a row holds up to five buttons, or one of anything else";
        problems.push(Problem::new(
            format!("{at}/components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            says,
        ));
    }
}

fn button(button: &Value, at: &str, problems: &mut Vec<Problem>) {
    let mut wrong = |key: &str, code, says: &str| {
        problems.push(Problem::new(format!("{at}/{key}"), code, says))
    };
    match button["style"].as_u64() {
        Some(5) => {
            match button["url"].as_str() {
                None => wrong("url", "BASE_TYPE_REQUIRED", "A url is required"),
                Some(url) if Url::parse(url).is_err() => {
                    wrong("url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
                }
                Some(_) => {}
            }
            if given(button, "custom_id") {
                wrong(
                    "custom_id",
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                    "A custom id and url cannot both be specified",
                );
            }
        }
        Some(6) => {
            if !given(button, "sku_id") {
                wrong("sku_id", "BASE_TYPE_REQUIRED", "A SKU id is required");
            }
            return;
        }
        _ => {
            if text(button, "custom_id").is_empty() {
                wrong(
                    "custom_id",
                    "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
                    "A custom id is required",
                );
            }
            if given(button, "url") {
                wrong(
                    "url",
                    "BUTTON_COMPONENT_INVALID_URL",
                    "only a link button has a url",
                );
            }
        }
    }
    if text(button, "label").is_empty() && !given(button, "emoji") {
        wrong(
            "label",
            "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
            "A label or emoji is required",
        );
    }
}

fn select(select: &Value, at: &str, problems: &mut Vec<Problem>) {
    let options = list(&select["options"]);
    let mut seen = HashSet::new();
    if let Some(again) = options
        .iter()
        .map(|o| text(o, "value"))
        .find(|value| !seen.insert(*value))
    {
        let says = format!("The specified option value {again:?} is already used");
        problems.push(Problem::new(
            format!("{at}/options"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            says,
        ));
    }
    let (min, max) = (
        select["min_values"].as_u64().unwrap_or(1),
        select["max_values"].as_u64().unwrap_or(1),
    );
    if min > max || max as usize > options.len() {
        problems.push(Problem::new(
            format!("{at}/max_values"),
            "BASE_TYPE_RANGE",
            "min_values ≤ max_values ≤ number of options",
        ));
    }
}
