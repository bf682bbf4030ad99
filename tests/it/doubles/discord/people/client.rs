//! What a person's client makes of what was typed: the data of commands and modals, with its own checks.

use serde_json::{Map, Value, json};

use crate::doubles::discord::Snowflake;
use crate::doubles::discord::model::World;
use crate::doubles::discord::wire;

/// Adds id, name and guild of a command to the data of its interaction.
pub fn with_command(
    (id, name, is_global): (Snowflake, String, bool),
    mut data: Value,
    guild: Snowflake,
) -> Value {
    wire::extend(&mut data, json!({"id": id, "name": name, "type": 1}));
    if !is_global {
        data["guild_id"] = json!(guild);
    }
    data
}

/// An option as it was typed: name, value, and whether the cursor is in it.
pub type Typed<'a> = (&'a str, Value, bool);

/// Finds the command of a line among those registered and builds the data of its interaction.
pub fn command_data(
    world: &World,
    line: &str,
    typed: &[Typed<'_>],
    is_whole: bool,
) -> ((Snowflake, String, bool), Value) {
    let mut words = line
        .strip_prefix('/')
        .unwrap_or_else(|| panic!("{line:?} starts with no slash"))
        .split_whitespace();
    let name = words
        .next()
        .unwrap_or_else(|| panic!("{line:?} names no command"));
    let known = || {
        world
            .commands
            .iter()
            .map(|c| c.body["name"].to_string())
            .collect::<Vec<_>>()
    };
    let command = world
        .commands
        .iter()
        .find(|c| c.body["name"] == name && c.body["type"] == 1);
    let command =
        command.unwrap_or_else(|| panic!("no command {name:?} is registered, but {:?}", known()));
    let mut level = &command.body["options"];
    let mut path = Vec::new();
    for word in words {
        let found = level
            .as_array()
            .into_iter()
            .flatten()
            .find(|option| option["name"] == word);
        let found = found.filter(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
        let found = found.unwrap_or_else(|| panic!("{line:?}: no subcommand {word:?} in {level}"));
        path.push((word, &found["type"]));
        level = &found["options"];
    }
    let has_subcommands = level
        .as_array()
        .into_iter()
        .flatten()
        .any(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
    assert!(!has_subcommands, "{line:?} stops before a subcommand");
    let mut resolved = Map::new();
    let mut options = given_options(world, line, level, typed, is_whole, &mut resolved);
    for (word, kind) in path.iter().rev() {
        options = vec![json!({"name": word, "type": kind, "options": options})];
    }
    let mut data = json!({"options": options});
    if !resolved.is_empty() {
        data["resolved"] = resolved.into();
    }
    ((command.id, name.to_owned(), command.guild.is_none()), data)
}

fn given_options(
    world: &World,
    line: &str,
    declared: &Value,
    typed: &[Typed<'_>],
    is_whole: bool,
    resolved: &mut Map<String, Value>,
) -> Vec<Value> {
    let declared: Vec<&Value> = declared.as_array().into_iter().flatten().collect();
    for (name, ..) in typed {
        let known: Vec<&Value> = declared.iter().map(|option| &option["name"]).collect();
        assert!(
            known.iter().any(|known| *known == name),
            "{line:?} has no option {name:?}, but {known:?}"
        );
    }
    let mut given = Vec::new();
    for option in declared {
        let Some((name, value, is_focused)) =
            typed.iter().find(|(name, ..)| option["name"] == *name)
        else {
            assert!(
                !is_whole || option["required"] != true,
                "{line:?} needs the option {}",
                option["name"]
            );
            continue;
        };
        check_value(line, option, value, *is_focused);
        resolve(world, option, value, resolved);
        let mut entry = json!({"name": name, "type": option["type"], "value": value});
        if *is_focused {
            assert!(
                option["autocomplete"] == true,
                "{line:?}: {name:?} does not complete itself"
            );
            entry["focused"] = json!(true);
        }
        given.push(entry);
    }
    given
}

fn check_value(line: &str, option: &Value, value: &Value, is_focused: bool) {
    let name = &option["name"];
    let fits = match option["type"].as_u64() {
        Some(3 | 6 | 7 | 8 | 9) => value.is_string(),
        Some(4) => value.is_i64() || is_focused,
        Some(5) => value.is_boolean(),
        Some(10) => value.is_number() || is_focused,
        _ => false,
    };
    assert!(fits, "{line:?}: {value} is nothing for the option {name}");
    if let Some(choices) = option["choices"]
        .as_array()
        .filter(|choices| !choices.is_empty())
    {
        assert!(
            choices.iter().any(|choice| choice["value"] == *value),
            "{line:?}: {value} is no choice of {name}"
        );
    }
    if let Some(text) = value.as_str().filter(|_| !is_focused) {
        let length = text.chars().count() as u64;
        let fits = length <= option["max_length"].as_u64().unwrap_or(6_000)
            && length >= option["min_length"].as_u64().unwrap_or(0);
        assert!(fits, "{line:?}: {name} cannot be {length} characters long");
    }
}

fn resolve(world: &World, option: &Value, value: &Value, resolved: &mut Map<String, Value>) {
    let Some(id) = value.as_str().and_then(|id| id.parse().ok()).map(Snowflake) else {
        return;
    };
    let mut put = |map: &str, value: Value| {
        resolved.entry(map).or_insert_with(|| json!({}))[id.to_string()] = value
    };
    match option["type"].as_u64() {
        Some(6) => {
            let member = world
                .members
                .get(&id)
                .unwrap_or_else(|| panic!("no member {id} to name"));
            let mut partial = wire::acting_member(world, id);
            for key in ["user", "deaf", "mute"] {
                partial
                    .as_object_mut()
                    .expect("a member is an object")
                    .remove(key);
            }
            put("users", wire::user(member));
            put("members", partial);
        }
        Some(7) => {
            let channel = world
                .channels
                .get(&id)
                .unwrap_or_else(|| panic!("no channel {id} to name"));
            put("channels", wire::partial_channel(world, channel));
        }
        Some(8) => put("roles", wire::role(world, &world.roles[&id])),
        _ => {}
    }
}

/// Fills one row or label of a modal; text displays come back without their text.
pub fn filled_row(
    row: &Value,
    index: usize,
    fields: &[(&str, &str)],
    left: &mut Vec<&str>,
) -> Option<Value> {
    let id = row["id"]
        .as_u64()
        .filter(|id| *id > 0)
        .unwrap_or(2 * index as u64 + 1);
    let mut fill = |input: &Value| {
        let custom_id = input["custom_id"].as_str().unwrap_or_default();
        let typed = fields
            .iter()
            .find(|(id, _)| *id == custom_id)
            .map(|(_, text)| *text);
        left.retain(|id| *id != custom_id);
        let text = typed.or(input["value"].as_str()).unwrap_or_default();
        let length = text.chars().count() as u64;
        assert!(
            input["required"] == false || length > 0,
            "the modal needs the field {custom_id:?}"
        );
        let (min, max) = (
            input["min_length"].as_u64().unwrap_or(0),
            input["max_length"].as_u64().unwrap_or(4_000),
        );
        assert!(
            length == 0 || (min..=max).contains(&length),
            "{custom_id:?} cannot be {length} characters long"
        );
        json!({"type": input["type"], "id": id + 1, "custom_id": custom_id, "value": text})
    };
    match row["type"].as_u64() {
        Some(1) => {
            let inner: Vec<Value> = row["components"]
                .as_array()
                .into_iter()
                .flatten()
                .map(&mut fill)
                .collect();
            Some(json!({"type": 1, "id": id, "components": inner}))
        }
        Some(18) => Some(json!({"type": 18, "id": id, "component": fill(&row["component"])})),
        Some(kind) => Some(json!({"type": kind, "id": id})),
        None => None,
    }
}
