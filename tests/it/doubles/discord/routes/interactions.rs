//! Routes that answer interactions: the first answer within three seconds and once, then fifteen minutes of more.

use serde_json::{Value, json};

use super::{Call, Outcome};
use crate::doubles::discord::Snowflake;
use crate::doubles::discord::compose::{Origin, compose, revise};
use crate::doubles::discord::errors::{Problem, Refusal};
use crate::doubles::discord::mentions;
use crate::doubles::discord::model::{EPHEMERAL, Interaction, LOADING, Message};
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

pub const FIRST_ANSWER_MS: i64 = 3_000;
pub const TOKEN_LIFE_MS: i64 = 15 * 60 * 1_000;

pub fn callback(call: &mut Call<'_>) -> Outcome {
    let (id, now_ms, body) = (call.id("interaction_id"), call.now_ms, call.body().clone());
    let token = call.request.param("interaction_token");
    let found = call
        .state
        .world
        .interactions
        .get(&id)
        .filter(|interaction| interaction.token == token);
    let interaction = found.ok_or(Refusal::UNKNOWN_INTERACTION)?.clone();
    if interaction.reply.first.is_some() {
        return Err(Refusal::ALREADY_ACKNOWLEDGED);
    }
    if now_ms >= interaction.created_ms + call.hub.options.first_answer.as_millis() as i64 {
        return Err(Refusal::UNKNOWN_INTERACTION);
    }
    let kind = body["type"].as_u64().unwrap_or_default() as u8;
    let fits = match kind {
        4 | 5 => interaction.kind != 4,
        6 | 7 => interaction.message.is_some(),
        8 => interaction.kind == 4,
        9 => matches!(interaction.kind, 2 | 3),
        _ => false,
    };
    if !fits {
        let says = format!(
            "type {kind} cannot answer an interaction of type {}",
            interaction.kind
        );
        return Err(Refusal::invalid_form(&[Problem::new(
            "/type",
            "BASE_TYPE_CHOICES",
            says,
        )]));
    }
    let data = &body["data"];
    let mut reply = interaction.reply.clone();
    reply.first = Some(kind);
    reply.answered_ms = Some(now_ms);
    match kind {
        4 | 5 => {
            call.state.world.channel(interaction.channel)?;
            reply.is_ephemeral = data["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0;
            let mut message = answer_message(call, &interaction, data, reply.is_ephemeral);
            if kind == 5 {
                message.flags |= LOADING;
            }
            reply.original = Some(message.id);
            call.state.place(message, now_ms);
        }
        6 => reply.original = interaction.message,
        7 => {
            let source = interaction.message.ok_or(Refusal::UNKNOWN_MESSAGE)?;
            revise(
                call.world(),
                source,
                data,
                mentions::Default::Interaction,
                now_ms,
            )?;
            call.state.announce_message("MESSAGE_UPDATE", source);
            reply.original = Some(source);
        }
        8 => reply.choices = data["choices"].as_array().cloned().unwrap_or_default(),
        _ => reply.modal = Some(data.clone()),
    }
    let original = reply.original;
    let ephemeral = reply.is_ephemeral;
    if let Some(kept) = call.world().interactions.get_mut(&id) {
        kept.reply = reply;
    }
    if !call.request.asks("with_response") {
        return Ok(Answer::empty());
    }
    let world = &call.state.world;
    let mut answer = json!({"interaction": {
        "id": id, "type": interaction.kind, "channel_id": interaction.channel, "guild_id": world.guild,
        "response_message_loading": kind == 5, "response_message_ephemeral": ephemeral,
    }});
    if let Some(message) = original.and_then(|id| world.messages.get(&id)) {
        answer["interaction"]["response_message_id"] = json!(message.id);
        answer["resource"] = json!({"type": kind, "message": wire::message(world, message)});
    }
    Ok(Answer::ok(answer))
}

fn answer_message(
    call: &mut Call<'_>,
    interaction: &Interaction,
    data: &Value,
    is_ephemeral: bool,
) -> Message {
    let now_ms = call.now_ms;
    let world = call.world();
    let origin = Origin {
        author: world.app,
        kind: if interaction.kind == 2 { 20 } else { 0 },
        default: mentions::Default::Interaction,
        interaction: Some(interaction.id),
        only_for: is_ephemeral.then_some(interaction.member),
        reference: None,
    };
    compose(world, interaction.channel, data, origin, now_ms)
}

/// Finds the interaction whose token is in the path, if the token still lives and something was answered.
fn living(call: &Call<'_>) -> Result<Interaction, Refusal> {
    let world = &call.state.world;
    let token = call.request.param("webhook_token");
    if call.id("webhook_id") != world.app {
        return Err(Refusal::UNKNOWN_WEBHOOK);
    }
    let found = Interaction::id_in(token).and_then(|id| world.interactions.get(&id));
    let interaction = found
        .filter(|found| found.token == token)
        .ok_or(Refusal::INVALID_WEBHOOK_TOKEN)?;
    if call.now_ms >= interaction.created_ms + TOKEN_LIFE_MS {
        return Err(Refusal::INVALID_WEBHOOK_TOKEN);
    }
    if interaction.reply.first.is_none() {
        return Err(Refusal::UNKNOWN_WEBHOOK);
    }
    Ok(interaction.clone())
}

pub fn follow_up(call: &mut Call<'_>) -> Outcome {
    let (interaction, now_ms, body) = (living(call)?, call.now_ms, call.body().clone());
    call.state.world.channel(interaction.channel)?;
    let waiting = interaction.reply.original.filter(|id| {
        interaction.reply.first == Some(5)
            && call
                .state
                .world
                .messages
                .get(id)
                .is_some_and(|m| m.flags & LOADING != 0)
    });
    // The first follow-up of a deferred answer takes the place of its "is thinking".
    if let Some(original) = waiting {
        return rewrite(call, &interaction, original, &body);
    }
    let is_ephemeral = body["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0;
    let message = answer_message(call, &interaction, &body, is_ephemeral);
    let id = message.id;
    call.state.place(message, now_ms);
    if let Some(kept) = call.world().interactions.get_mut(&interaction.id) {
        kept.reply.followups.push(id);
    }
    Ok(Answer::ok(wire::message(
        &call.state.world,
        &call.state.world.messages[&id],
    )))
}

pub fn get(call: &mut Call<'_>) -> Outcome {
    let interaction = living(call)?;
    let id = named(call, &interaction)?;
    Ok(Answer::ok(wire::message(
        &call.state.world,
        &call.state.world.messages[&id],
    )))
}

pub fn patch(call: &mut Call<'_>) -> Outcome {
    let (interaction, body) = (living(call)?, call.body().clone());
    let id = named(call, &interaction)?;
    rewrite(call, &interaction, id, &body)
}

fn rewrite(call: &mut Call<'_>, interaction: &Interaction, id: Snowflake, body: &Value) -> Outcome {
    let now_ms = call.now_ms;
    revise(
        call.world(),
        id,
        body,
        mentions::Default::Interaction,
        now_ms,
    )?;
    if let Some(kept) = call.world().interactions.get_mut(&interaction.id)
        && kept.reply.original == Some(id)
    {
        kept.reply.edits += 1;
    }
    call.state.announce_message("MESSAGE_UPDATE", id);
    Ok(Answer::ok(wire::message(
        &call.state.world,
        &call.state.world.messages[&id],
    )))
}

pub fn delete(call: &mut Call<'_>) -> Outcome {
    let interaction = living(call)?;
    let id = named(call, &interaction)?;
    call.state.erase(id);
    Ok(Answer::empty())
}

/// Finds the message that the path names among those that belong to the interaction.
fn named(call: &Call<'_>, interaction: &Interaction) -> Result<Snowflake, Refusal> {
    let reply = &interaction.reply;
    let id = if call.request.route.template.ends_with("@original") {
        reply.original
    } else {
        let id = call.id("message_id");
        (reply.original == Some(id) || reply.followups.contains(&id)).then_some(id)
    };
    id.filter(|id| call.state.world.messages.contains_key(id))
        .ok_or(Refusal::UNKNOWN_MESSAGE)
}
