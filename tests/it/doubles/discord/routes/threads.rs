//! Routes about threads: made from a message or alone, joined, left, listed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Call, Outcome};
use crate::doubles::discord::Snowflake;
use crate::doubles::discord::clock::iso;
use crate::doubles::discord::compose::{Origin, compose};
use crate::doubles::discord::errors::Refusal;
use crate::doubles::discord::gateway::intents;
use crate::doubles::discord::mentions;
use crate::doubles::discord::model::{Channel, HAS_THREAD, Pings, Thread};
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

/// Discord's default for channels that set none: three days.
const AUTO_ARCHIVE_MIN: u64 = 4_320;

pub fn from_message(call: &mut Call<'_>) -> Outcome {
    let (parent, id) = (call.id("channel_id"), call.id("message_id"));
    let found = call.state.world.writable(parent)?;
    if found.thread.is_some() {
        return Err(Refusal::WRONG_CHANNEL_TYPE);
    }
    call.state.world.message(parent, id)?;
    if call.state.world.channels.contains_key(&id) {
        return Err(Refusal::THREAD_EXISTS);
    }
    let answer = open(call, id, parent, false)?;
    if let Some(message) = call.world().messages.get_mut(&id) {
        message.flags |= HAS_THREAD;
    }
    system_message(call, id, 21, Some((parent, id)));
    call.state.announce_message("MESSAGE_UPDATE", id);
    Ok(answer)
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let (parent, now_ms) = (call.id("channel_id"), call.now_ms);
    if call.state.world.writable(parent)?.thread.is_some() {
        return Err(Refusal::WRONG_CHANNEL_TYPE);
    }
    // For historical reasons the default is a private thread.
    let is_private = call.body()["type"].as_u64().unwrap_or(12) == 12;
    let id = call.world().next_id(now_ms);
    let answer = open(call, id, parent, is_private)?;
    if !is_private {
        system_message(call, parent, 18, Some((id, id)));
    }
    Ok(answer)
}

fn open(call: &mut Call<'_>, id: Snowflake, parent: Snowflake, is_private: bool) -> Outcome {
    let (now_ms, body) = (call.now_ms, call.body().clone());
    let world = call.world();
    let bot = world.app;
    let thread = Thread {
        parent,
        owner: bot,
        is_private,
        is_archived: false,
        is_locked: false,
        auto_archive_min: body["auto_archive_duration"]
            .as_u64()
            .unwrap_or(AUTO_ARCHIVE_MIN),
        archive_ms: now_ms,
        created_ms: now_ms,
        members: BTreeMap::from([(bot, now_ms)]),
    };
    world.add_channel(id, body["name"].as_str().unwrap_or_default(), Some(thread));
    let mut payload = wire::joined_thread(world, &world.channels[&id]);
    let answer = Answer::with(201, payload.clone());
    payload["newly_created"] = json!(true);
    call.state
        .gateway
        .dispatch("THREAD_CREATE", intents::GUILDS, payload);
    Ok(answer)
}

fn system_message(
    call: &mut Call<'_>,
    channel: Snowflake,
    kind: u8,
    reference: Option<(Snowflake, Snowflake)>,
) {
    let now_ms = call.now_ms;
    let world = call.world();
    let origin = Origin {
        author: world.app,
        kind,
        default: mentions::Default::Bot,
        interaction: None,
        only_for: None,
        reference,
    };
    let mut message = compose(world, channel, &Value::Null, origin, now_ms);
    message.pings = Pings::default();
    message.mentions = Pings::default();
    call.state.place(message, now_ms);
}

pub fn active(call: &mut Call<'_>) -> Outcome {
    if call.id("guild_id") != call.state.world.guild {
        return Err(Refusal::UNKNOWN_GUILD);
    }
    listed(call, |thread| !thread.is_archived)
}

pub fn archived(call: &mut Call<'_>) -> Outcome {
    let parent = call.id("channel_id");
    call.state.world.readable(parent)?;
    listed(call, |thread| {
        thread.is_archived && !thread.is_private && thread.parent == parent
    })
}

fn listed(call: &Call<'_>, wanted: impl Fn(&Thread) -> bool) -> Outcome {
    let world = &call.state.world;
    let found: Vec<&Channel> = world
        .channels
        .values()
        .filter(|channel| channel.thread.as_ref().is_some_and(&wanted))
        .collect();
    let mine = |channel: &&Channel| {
        let joined = channel.thread.as_ref()?.members.get(&world.app)?;
        Some(wire::thread_member(channel.id, world.app, *joined))
    };
    Ok(Answer::ok(json!({
        "threads": found.iter().rev().map(|channel| wire::channel(world, channel)).collect::<Vec<_>>(),
        "members": found.iter().filter_map(mine).collect::<Vec<_>>(),
        "has_more": false,
    })))
}

pub fn members(call: &mut Call<'_>) -> Outcome {
    let id = call.id("channel_id");
    let found = call.state.world.readable(id)?;
    let thread = found.thread.as_ref().ok_or(Refusal::WRONG_CHANNEL_TYPE)?;
    Ok(Answer::ok(
        thread
            .members
            .iter()
            .map(|(user, joined)| wire::thread_member(id, *user, *joined))
            .collect(),
    ))
}

pub fn join(call: &mut Call<'_>) -> Outcome {
    let (id, user) = (call.id("channel_id"), subject(call)?);
    let now_ms = call.now_ms;
    open_thread(call)?.members.entry(user).or_insert(now_ms);
    announce(
        call,
        id,
        json!([{"id": id, "user_id": user, "join_timestamp": iso(now_ms), "flags": 1}]),
        json!([]),
    );
    Ok(Answer::empty())
}

pub fn leave(call: &mut Call<'_>) -> Outcome {
    let (id, user) = (call.id("channel_id"), subject(call)?);
    open_thread(call)?.members.remove(&user);
    announce(call, id, json!([]), json!([user]));
    Ok(Answer::empty())
}

fn announce(call: &mut Call<'_>, id: Snowflake, added: Value, removed: Value) {
    let count = call.state.world.channels[&id]
        .thread
        .as_ref()
        .map_or(0, |thread| thread.members.len());
    let guild = call.state.world.guild;
    let payload = json!({"id": id, "guild_id": guild, "member_count": count, "added_members": added, "removed_member_ids": removed});
    call.state
        .gateway
        .dispatch("THREAD_MEMBERS_UPDATE", intents::GUILDS, payload);
}

fn subject(call: &Call<'_>) -> Result<Snowflake, Refusal> {
    if call.request.route.template.ends_with("@me") {
        return Ok(call.state.world.app);
    }
    let id = call.id("user_id");
    if call.state.world.members.contains_key(&id) {
        Ok(id)
    } else {
        Err(Refusal::UNKNOWN_MEMBER)
    }
}

fn open_thread<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Thread, Refusal> {
    let id = call.id("channel_id");
    call.state.world.writable(id)?;
    let channel = call
        .world()
        .channels
        .get_mut(&id)
        .ok_or(Refusal::UNKNOWN_CHANNEL)?;
    let thread = channel.thread.as_mut().ok_or(Refusal::WRONG_CHANNEL_TYPE)?;
    if thread.is_archived {
        Err(Refusal::THREAD_ARCHIVED)
    } else {
        Ok(thread)
    }
}
