//! The rules of interaction answers that the description misses.

use std::collections::HashSet;

use serde_json::Value;

use super::{given, list, message, text};
use crate::doubles::discord::errors::Problem;

/// Flags that a message in an answer to an interaction may carry.
const FLAGS: u64 = (1 << 2) | (1 << 6) | (1 << 12) | (1 << 13) | message::V2;

/// Checks the first answer to an interaction.
pub fn check(body: &Value, problems: &mut Vec<Problem>) {
    let data = &body["data"];
    match body["type"].as_u64() {
        Some(4) => {
            message::check(data, "/data", message::Verb::Create, problems);
            flags(data, problems);
        }
        Some(5) => {
            flags(data, problems);
            if !message::is_empty(data) {
                problems.push(Problem::ours(
                    "/data",
                    "DEFERRED",
                    "a deferred answer shows nothing: its data is lost",
                ));
            }
        }
        Some(7) => message::check(data, "/data", message::Verb::Edit, problems),
        Some(8) => {
            for key in data.as_object().into_iter().flat_map(|map| map.keys()) {
                if key != "choices" {
                    let says = "suggestions carry choices and nothing else";
                    problems.push(Problem::new(
                        format!("/data/{key}"),
                        "AUTOCOMPLETE_DATA",
                        says,
                    ));
                }
            }
            if !data["choices"].is_array() {
                problems.push(Problem::new(
                    "/data/choices",
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                ));
            }
        }
        Some(9) => modal(data, problems),
        _ => {}
    }
}

fn flags(data: &Value, problems: &mut Vec<Problem>) {
    if data["flags"].as_u64().unwrap_or_default() & !FLAGS != 0 {
        problems.push(Problem::new(
            "/data/flags",
            "FLAGS",
            "a flag that an answer cannot carry",
        ));
    }
}

fn modal(data: &Value, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for (index, row) in list(&data["components"]).iter().enumerate() {
        let at = format!("/data/components/{index}");
        message::component(row, &at, &mut seen, problems);
        for (inner_index, input) in list(&row["components"]).iter().enumerate() {
            let at = format!("{at}/components/{inner_index}");
            if text(input, "label").is_empty() {
                problems.push(Problem::new(
                    format!("{at}/label"),
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                ));
            }
            text_input(input, &at, problems);
        }
        if given(row, "component") && row["component"]["type"] == 4 {
            text_input(&row["component"], &format!("{at}/component"), problems);
        }
    }
    if data["components"]
        .as_array()
        .is_some_and(|rows| rows.len() > 5)
    {
        problems.push(Problem::new(
            "/data/components",
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 5 in length.",
        ));
    }
}

fn text_input(input: &Value, at: &str, problems: &mut Vec<Problem>) {
    let (min, max) = (
        input["min_length"].as_u64().unwrap_or(0),
        input["max_length"].as_u64().unwrap_or(4_000),
    );
    if min > max {
        problems.push(Problem::new(
            format!("{at}/min_length"),
            "BASE_TYPE_RANGE",
            "min_length is above max_length",
        ));
    }
    let value = text(input, "value");
    let length = value.chars().count() as u64;
    if !value.is_empty() && !(min..=max).contains(&length) {
        problems.push(Problem::new(
            format!("{at}/value"),
            "BASE_TYPE_BAD_LENGTH",
            format!("Must be between {min} and {max} in length."),
        ));
    }
}
