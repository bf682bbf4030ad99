//! Routes about application commands, global and of the guild.

use serde_json::{Map, Value, json};

use super::{Call, Outcome};
use crate::doubles::discord::Snowflake;
use crate::doubles::discord::errors::Refusal;
use crate::doubles::discord::model::Command;
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

pub fn list(call: &mut Call<'_>) -> Outcome {
    let scope = scope(call)?;
    let localized = call.request.asks("with_localizations");
    let found = call
        .state
        .world
        .commands
        .iter()
        .filter(|command| command.guild == scope);
    Ok(Answer::ok(
        found
            .map(|command| wire::command(command, localized))
            .collect(),
    ))
}

pub fn overwrite(call: &mut Call<'_>) -> Outcome {
    let scope = scope(call)?;
    let wanted = call.body().as_array().cloned().unwrap_or_default();
    let (kept, old): (Vec<Command>, Vec<Command>) = call
        .world()
        .commands
        .drain(..)
        .partition(|c| c.guild != scope);
    call.world().commands = kept;
    call.world().command_writes += 1;
    let mut answer = Vec::new();
    for body in &wanted {
        let same = old.iter().find(|command| is_same(command, body));
        let command = made(call, scope, body, same);
        answer.push(wire::command(&command, true));
        call.world().commands.push(command);
    }
    Ok(Answer::ok(answer.into()))
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let scope = scope(call)?;
    let body = call.body().clone();
    let found = call
        .state
        .world
        .commands
        .iter()
        .position(|c| c.guild == scope && is_same(c, &body));
    let old = found.map(|index| call.world().commands.remove(index));
    let command = made(call, scope, &body, old.as_ref());
    let answer = wire::command(&command, true);
    call.world().command_writes += 1;
    call.world().commands.push(command);
    Ok(Answer::with(if old.is_some() { 200 } else { 201 }, answer))
}

pub fn get(call: &mut Call<'_>) -> Outcome {
    let index = position(call)?;
    Ok(Answer::ok(wire::command(
        &call.state.world.commands[index],
        true,
    )))
}

pub fn patch(call: &mut Call<'_>) -> Outcome {
    let index = position(call)?;
    let old = call.world().commands.remove(index);
    let mut merged = old.body.clone();
    wire::extend(&mut merged, call.body().clone());
    let command = made(call, old.guild, &merged, Some(&old));
    let answer = wire::command(&command, true);
    call.world().command_writes += 1;
    call.world().commands.insert(index, command);
    Ok(Answer::ok(answer))
}

pub fn delete(call: &mut Call<'_>) -> Outcome {
    let index = position(call)?;
    call.world().commands.remove(index);
    call.world().command_writes += 1;
    Ok(Answer::empty())
}

fn scope(call: &Call<'_>) -> Result<Option<Snowflake>, Refusal> {
    if call.id("application_id") != call.state.world.app {
        return Err(Refusal::UNKNOWN_APPLICATION);
    }
    match call.request.route.template.contains("{guild_id}") {
        true if call.id("guild_id") != call.state.world.guild => Err(Refusal::MISSING_ACCESS),
        true => Ok(Some(call.state.world.guild)),
        false => Ok(None),
    }
}

fn position(call: &Call<'_>) -> Result<usize, Refusal> {
    let (scope, id) = (scope(call)?, call.id("command_id"));
    let found = call
        .state
        .world
        .commands
        .iter()
        .position(|c| c.guild == scope && c.id == id);
    found.ok_or(Refusal::UNKNOWN_COMMAND)
}

fn kind(body: &Value) -> u64 {
    body["type"].as_u64().unwrap_or(1)
}

fn is_same(command: &Command, body: &Value) -> bool {
    command.body["name"] == body["name"] && kind(&command.body) == kind(body)
}

/// Makes a command as Discord keeps it: an old one of that name keeps its id, defaults are filled in or left out.
fn made(
    call: &mut Call<'_>,
    scope: Option<Snowflake>,
    body: &Value,
    old: Option<&Command>,
) -> Command {
    let now_ms = call.now_ms;
    let world = call.world();
    let id = old.map_or_else(|| world.next_id(now_ms), |command| command.id);
    let permissions = match &body["default_member_permissions"] {
        Value::Number(bits) => json!(bits.to_string()),
        other => other.clone(),
    };
    let mut kept = json!({
        "id": id, "application_id": world.app, "version": world.next_id(now_ms), "type": kind(body), "name": body["name"],
        "name_localizations": body["name_localizations"], "description": body["description"].as_str().unwrap_or_default(),
        "description_localizations": body["description_localizations"], "default_member_permissions": permissions,
        "dm_permission": body["dm_permission"].as_bool().unwrap_or(true), "contexts": body["contexts"],
        "integration_types": body["integration_types"].as_array().cloned().unwrap_or_else(|| vec![json!(0)]), "nsfw": false,
    });
    if let Some(guild) = scope {
        kept["guild_id"] = json!(guild);
    }
    if let Some(options) = body["options"]
        .as_array()
        .filter(|options| !options.is_empty())
    {
        kept["options"] = options.iter().map(lean).collect();
    }
    Command {
        id,
        guild: scope,
        body: kept,
    }
}

/// Leaves out what says nothing: nulls, false and empty lists are not given back.
fn lean(option: &Value) -> Value {
    let says_nothing = |value: &Value| {
        value.is_null() || value == false || value.as_array().is_some_and(Vec::is_empty)
    };
    let map: Map<String, Value> = option
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !says_nothing(value))
        .map(|(key, value)| match value {
            Value::Array(items) if key == "options" || key == "choices" => {
                (key.clone(), items.iter().map(lean).collect())
            }
            value => (key.clone(), value.clone()),
        })
        .collect();
    map.into()
}
