//! Routes about messages: posted, read, edited, deleted, pinned.

use serde_json::{Value, json};

use super::{Call, Outcome};
use crate::doubles::discord::Snowflake;
use crate::doubles::discord::compose::{Origin, compose, revise};
use crate::doubles::discord::errors::{Problem, Refusal};
use crate::doubles::discord::hub::State;
use crate::doubles::discord::mentions;
use crate::doubles::discord::model::{EPHEMERAL, LOADING, Message, Pings, World};
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

pub fn post(call: &mut Call<'_>) -> Outcome {
    let (channel, now_ms, body) = (call.id("channel_id"), call.now_ms, call.body().clone());
    let found = call.state.world.writable(channel)?;
    if found
        .thread
        .as_ref()
        .is_some_and(|thread| thread.is_archived && thread.is_locked)
    {
        return Err(Refusal::THREAD_LOCKED);
    }
    let nonce = Some(&body["nonce"])
        .filter(|nonce| !nonce.is_null())
        .map(|nonce| nonce.to_string().replace('"', ""));
    let window_ms = call.hub.options.nonce_window.as_millis() as i64;
    if let Some((at_ms, id)) = nonce
        .as_ref()
        .and_then(|nonce| call.state.world.nonces.get(nonce))
        .copied()
        && body["enforce_nonce"] == true
        && now_ms < at_ms + window_ms
    {
        let original = call
            .state
            .world
            .messages
            .get(&id)
            .ok_or(Refusal::UNKNOWN_MESSAGE)?;
        return Ok(Answer::ok(wire::message(&call.state.world, original)));
    }
    let reference = reference(&call.state.world, channel, &body)?;
    let world = call.world();
    let origin = Origin {
        author: world.app,
        kind: if reference.is_some() { 19 } else { 0 },
        default: mentions::Default::Bot,
        interaction: None,
        only_for: None,
        reference,
    };
    let message = compose(world, channel, &body, origin, now_ms);
    let id = message.id;
    if let Some(nonce) = nonce {
        world.nonces.insert(nonce, (now_ms, id));
    }
    call.state.place(message, now_ms);
    Ok(Answer::ok(wire::message(
        &call.state.world,
        &call.state.world.messages[&id],
    )))
}

fn reference(
    world: &World,
    channel: Snowflake,
    body: &Value,
) -> Result<Option<(Snowflake, Snowflake)>, Refusal> {
    let reference = &body["message_reference"];
    let Some(id) = reference["message_id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .map(Snowflake)
    else {
        return Ok(None);
    };
    if world.message(channel, id).is_ok() {
        return Ok(Some((channel, id)));
    }
    if reference["fail_if_not_exists"] == false {
        return Ok(None);
    }
    let says = "Unknown message";
    Err(Refusal::invalid_form(&[Problem::new(
        "/message_reference",
        "REPLIES_UNKNOWN_MESSAGE",
        says,
    )]))
}

pub fn list(call: &mut Call<'_>) -> Outcome {
    let request = call.request;
    let world = &call.state.world;
    let channel = world.readable(request.id("channel_id"))?;
    let limit = request
        .query("limit")
        .and_then(|n| n.parse().ok())
        .unwrap_or(50);
    let id = |name: &str| {
        request
            .query(name)
            .and_then(|id| id.parse().ok())
            .map(Snowflake)
    };
    let ids = channel.messages.iter().copied();
    let mut page: Vec<Snowflake> = match (id("before"), id("after"), id("around")) {
        (Some(before), ..) => ids.rev().filter(|id| *id < before).take(limit).collect(),
        (_, Some(after), _) => ids.filter(|id| *id > after).take(limit).collect(),
        (.., Some(around)) => {
            let older = ids.clone().rev().filter(|id| *id < around).take(limit / 2);
            older
                .chain(ids.filter(|id| *id >= around).take(limit - limit / 2))
                .collect()
        }
        _ => ids.rev().take(limit).collect(),
    };
    // Newest first, whichever way one looked.
    page.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Answer::ok(
        page.iter()
            .map(|id| wire::message(world, &world.messages[id]))
            .collect(),
    ))
}

pub fn get(call: &mut Call<'_>) -> Outcome {
    let (channel, id) = (call.id("channel_id"), call.id("message_id"));
    let world = &call.state.world;
    world.readable(channel)?;
    Ok(Answer::ok(wire::message(
        world,
        world.message(channel, id)?,
    )))
}

pub fn patch(call: &mut Call<'_>) -> Outcome {
    let (channel, id, now_ms, body) = (
        call.id("channel_id"),
        call.id("message_id"),
        call.now_ms,
        call.body().clone(),
    );
    own_message(call, channel, id)?;
    revise(call.world(), id, &body, mentions::Default::Bot, now_ms)?;
    call.state.announce_message("MESSAGE_UPDATE", id);
    Ok(Answer::ok(wire::message(
        &call.state.world,
        &call.state.world.messages[&id],
    )))
}

pub fn delete(call: &mut Call<'_>) -> Outcome {
    let (channel, id) = (call.id("channel_id"), call.id("message_id"));
    own_message(call, channel, id)?;
    call.state.erase(id);
    Ok(Answer::empty())
}

/// Makes sure the bot may change a message: the channel is open to it, its own, and no archived thread.
fn own_message(call: &Call<'_>, channel: Snowflake, id: Snowflake) -> Result<(), Refusal> {
    let world = &call.state.world;
    // Without the right to write, one's own messages can still be edited: only sight is needed.
    let found = world.readable(channel)?;
    let message = world.message(channel, id)?;
    if found
        .thread
        .as_ref()
        .is_some_and(|thread| thread.is_archived)
    {
        return Err(Refusal::THREAD_ARCHIVED);
    }
    if message.is_system() {
        return Err(Refusal::SYSTEM_MESSAGE);
    }
    if message.author == world.app {
        Ok(())
    } else {
        Err(Refusal::NOT_THE_AUTHOR)
    }
}

pub fn react(call: &mut Call<'_>) -> Outcome {
    let (channel, id) = (call.id("channel_id"), call.id("message_id"));
    let encoded = call.request.param("emoji_name").replace('+', "%2B");
    let name = url::form_urlencoded::parse(encoded.as_bytes())
        .next()
        .map_or(String::new(), |(name, _)| name.into_owned());
    call.state.world.writable(channel)?;
    call.state.world.message(channel, id)?;
    let message = call
        .world()
        .messages
        .get_mut(&id)
        .ok_or(Refusal::UNKNOWN_MESSAGE)?;
    if !message.reactions.contains(&name) {
        message.reactions.push(name);
    }
    Ok(Answer::empty())
}

pub fn pins(call: &mut Call<'_>) -> Outcome {
    let world = &call.state.world;
    let channel = world.readable(call.id("channel_id"))?;
    let pinned = channel
        .messages
        .iter()
        .rev()
        .map(|id| &world.messages[id])
        .filter(|message| message.is_pinned);
    let item = |m: &Message| json!({"pinned_at": crate::doubles::discord::clock::iso(m.created_ms), "message": wire::message(world, m)});
    Ok(Answer::ok(
        json!({"items": pinned.map(item).collect::<Vec<_>>(), "has_more": false}),
    ))
}

pub fn pin(call: &mut Call<'_>) -> Outcome {
    set_pin(call, true)
}

pub fn unpin(call: &mut Call<'_>) -> Outcome {
    set_pin(call, false)
}

fn set_pin(call: &mut Call<'_>, pinned: bool) -> Outcome {
    let (channel, id, now_ms) = (call.id("channel_id"), call.id("message_id"), call.now_ms);
    call.state.world.writable(channel)?;
    call.state.world.message(channel, id)?;
    let world = call.world();
    let message = world
        .messages
        .get_mut(&id)
        .ok_or(Refusal::UNKNOWN_MESSAGE)?;
    let is_new = pinned && !message.is_pinned;
    message.is_pinned = pinned;
    if is_new {
        // Everybody is told "… pinned a message".
        let origin = Origin {
            author: world.app,
            kind: 6,
            default: mentions::Default::Bot,
            interaction: None,
            only_for: None,
            reference: Some((channel, id)),
        };
        let mut notice = compose(world, channel, &Value::Null, origin, now_ms);
        notice.pings = Pings::default();
        notice.mentions = Pings::default();
        call.state.place(notice, now_ms);
    }
    Ok(Answer::empty())
}
