//! Discord's limits, written down as data by others, are the limits of the double.

use serde_json::{Value, json};

use crate::doubles::discord::validate::spec;
use crate::doubles::discord::{gateway, routes, validate};

fn limits() -> Value {
    serde_json::from_str(include_str!("../../../../corpora/discord_limits.json")).unwrap()
}

#[test]
fn the_doubles_own_figures_are_the_documented_ones() {
    let limits = limits();
    let documented = |key: &str| {
        let row = limits["documented"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["key"] == key);
        row.unwrap_or_else(|| panic!("nothing is documented about {key}"))["value"]
            .as_i64()
            .unwrap()
    };
    let cases = [
        (
            "message_content_chars",
            validate::message::CONTENT_MAX as i64,
        ),
        (
            "embeds_total_chars_per_message",
            validate::message::EMBEDS_TOTAL_MAX as i64,
        ),
        ("commands_per_scope", validate::command::COMMANDS_MAX as i64),
        (
            "command_total_chars",
            validate::command::TEXT_TOTAL_MAX as i64,
        ),
        ("gateway_payload_bytes", gateway::PAYLOAD_MAX as i64),
        ("gateway_sends_per_60_s", gateway::SENDS_PER_MINUTE as i64),
        (
            "interaction_initial_response_s",
            routes::interactions::FIRST_ANSWER_MS / 1_000,
        ),
        (
            "interaction_token_valid_min",
            routes::interactions::TOKEN_LIFE_MS / 60_000,
        ),
    ];
    for (key, ours) in cases {
        assert_eq!(documented(key), ours, "{key}");
    }
}

/// Just too much and just too little for a constraint.
fn breaking(name: &str, limit: &Value) -> Value {
    let at = limit.as_u64().unwrap_or_default() as usize;
    match name {
        "maxLength" => json!("あ".repeat(at + 1)),
        "minLength" => json!("あ".repeat(at.saturating_sub(1))),
        "maxItems" => vec![Value::Null; at + 1].into(),
        "minItems" => vec![Value::Null; at.saturating_sub(1)].into(),
        "maximum" => json!(limit.as_i64().unwrap() + 1),
        "minimum" => json!(limit.as_i64().unwrap() - 1),
        "maxProperties" => (0..=at)
            .map(|n| (n.to_string(), Value::Null))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        "pattern" => json!("!!!"),
        other => panic!("the table has a constraint nobody knows: {other}"),
    }
}

#[test]
fn every_constraint_of_the_table_is_enforced() {
    let limits = limits();
    let rows = limits["openapi_constraints"].as_array().unwrap();
    let mut checked = 0;
    for row in rows {
        let (schema, field) = (
            row["schema"].as_str().unwrap(),
            row["field"].as_str().unwrap(),
        );
        for (name, limit) in row
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| *key != "schema" && *key != "field")
        {
            let lowest = ["minLength", "minItems"].contains(&name.as_str()) && *limit == json!(0);
            if lowest {
                continue; // Nothing is shorter than nothing.
            }
            let value = breaking(name, limit);
            let broken = spec::broken_by(schema, field, &value);
            assert!(
                broken.contains(name),
                "{schema}.{field} takes {name} beyond {limit}: {broken:?}"
            );
            checked += 1;
        }
    }
    assert!(
        checked >= rows.len(),
        "only {checked} constraints of {} rows",
        rows.len()
    );
}
