//! Who is pinged: reads mentions out of a text the way Discord does, and applies `allowed_mentions`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Snowflake;
use super::model::{Pings, World};

/// What Discord allows when a request says nothing.
#[derive(Clone, Copy, PartialEq)]
pub enum Default {
    /// A bot's message: users, roles and everyone.
    Bot,
    /// Answers to interactions: users only.
    Interaction,
}

/// Resolves whom a body mentions; `replied_to` is the author of the message it replies to.
pub fn resolve(
    world: &World,
    body: &Value,
    default: Default,
    replied_to: Option<Snowflake>,
) -> Pings {
    let mut text = body["content"].as_str().unwrap_or_default().to_owned();
    add_displays(&body["components"], &mut text);
    let named = read(world, &without_code(&text));
    let allowed = &body["allowed_mentions"];
    let parses = |kind: &str| match allowed["parse"].as_array() {
        Some(kinds) => kinds.iter().any(|k| k == kind),
        // With an `allowed_mentions` that lacks `parse`, only what it lists is allowed.
        None => !allowed.is_object() && (default == Default::Bot || kind == "users"),
    };
    let listed = |key: &str| -> BTreeSet<Snowflake> {
        let ids = allowed[key].as_array().into_iter().flatten();
        ids.filter_map(|id| id.as_str()?.parse().ok().map(Snowflake))
            .collect()
    };
    let pick = |kind: &str, all: BTreeSet<Snowflake>| {
        if parses(kind) {
            all
        } else {
            &all & &listed(kind)
        }
    };
    let mut pings = Pings {
        users: pick("users", named.users),
        roles: pick("roles", named.roles),
        everyone: named.everyone && parses("everyone"),
    };
    let pings_author = allowed["replied_user"]
        .as_bool()
        .unwrap_or(!allowed.is_object());
    pings.users.extend(replied_to.filter(|_| pings_author));
    pings
}

fn add_displays(components: &Value, text: &mut String) {
    for component in components.as_array().into_iter().flatten() {
        if component["type"] == 10 {
            text.push('\n');
            text.push_str(component["content"].as_str().unwrap_or_default());
        }
        add_displays(&component["components"], text);
    }
}

/// Takes code out: a mention in a code block or code span is only shown.
fn without_code(text: &str) -> String {
    let outside = |text: &str, fence: &str| -> String {
        let parts: Vec<&str> = text.split(fence).collect();
        let closed = parts.len() % 2 == 1;
        let keep = |(index, part): (usize, &&str)| {
            let is_open_end = !closed && index == parts.len() - 1;
            (index % 2 == 0 || is_open_end).then(|| (*part).to_owned())
        };
        parts
            .iter()
            .enumerate()
            .filter_map(keep)
            .collect::<Vec<_>>()
            .join(" ")
    };
    outside(&outside(text, "```"), "`")
}

fn read(world: &World, text: &str) -> Pings {
    let mut pings = Pings::default();
    for (start, _) in text.match_indices("<@") {
        let rest = &text[start + 2..];
        let Some((inner, _)) = rest.split_once('>') else {
            continue;
        };
        let (is_role, digits) = match inner.strip_prefix('&') {
            Some(digits) => (true, digits),
            None => (false, inner.strip_prefix('!').unwrap_or(inner)),
        };
        let Ok(id) = digits.parse().map(Snowflake) else {
            continue;
        };
        if is_role && world.roles.get(&id).is_some_and(|role| role.is_mentionable) {
            pings.roles.insert(id);
        } else if !is_role && world.members.contains_key(&id) {
            pings.users.insert(id);
        }
    }
    pings.everyone = ["@everyone", "@here"]
        .iter()
        .any(|word| text.contains(word));
    pings
}
