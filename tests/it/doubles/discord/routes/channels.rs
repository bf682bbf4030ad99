//! Routes about one channel or thread.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Call, Outcome};
use crate::doubles::discord::errors::Refusal;
use crate::doubles::discord::faults::{Scope, limited};
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

/// Names change about twice in ten minutes, then no more.
const RENAMES: usize = 2;
const RENAME_WINDOW_MS: i64 = 10 * 60 * 1_000;

pub fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.id("channel_id");
    let world = call.world();
    let channel = world.readable(id)?;
    Ok(Answer::ok(wire::joined_thread(world, channel)))
}

pub fn patch(call: &mut Call<'_>) -> Outcome {
    let (id, now_ms, body) = (
        call.id("channel_id"),
        call.now_ms,
        call.request.body.clone(),
    );
    let bot = call.state.world.app;
    call.world().writable(id)?;
    let channel = call
        .world()
        .channels
        .get_mut(&id)
        .ok_or(Refusal::UNKNOWN_CHANNEL)?;
    if let Some(thread) = &mut channel.thread {
        let opens = body["archived"] == false;
        let changes_more = ["name", "rate_limit_per_user", "invitable"]
            .iter()
            .any(|key| !body[*key].is_null());
        if thread.is_archived && changes_more && !opens {
            return Err(Refusal::THREAD_ARCHIVED);
        }
        // Without MANAGE_THREADS the bot archives and renames its own threads, opens any that is not locked, locks none.
        let takes_over = body["archived"] == true || body["name"].is_string();
        if (thread.owner != bot && takes_over)
            || (thread.is_locked && opens)
            || body["locked"].is_boolean()
        {
            return Err(Refusal::MISSING_PERMISSIONS);
        }
    }
    if let Some(name) = body["name"].as_str().filter(|name| *name != channel.name) {
        if let Some(wait) = too_often(&mut channel.renamed_ms, now_ms) {
            return Ok(limited(Scope::User, wait));
        }
        channel.name = name.to_owned();
    }
    if let Some(thread) = &mut channel.thread {
        if let Some(archived) = body["archived"].as_bool() {
            thread.is_archived = archived;
            thread.archive_ms = now_ms;
        }
        thread.auto_archive_min = body["auto_archive_duration"]
            .as_u64()
            .unwrap_or(thread.auto_archive_min);
    } else if let Some(topic) = body.get("topic") {
        channel.topic = topic.as_str().map(str::to_owned);
    }
    let is_thread = channel.thread.is_some();
    call.state.announce_channel(
        if is_thread {
            "THREAD_UPDATE"
        } else {
            "CHANNEL_UPDATE"
        },
        id,
    );
    let world = &call.state.world;
    Ok(Answer::ok(wire::joined_thread(world, &world.channels[&id])))
}

fn too_often(renamed_ms: &mut VecDeque<i64>, now_ms: i64) -> Option<Duration> {
    while renamed_ms
        .front()
        .is_some_and(|at| *at + RENAME_WINDOW_MS <= now_ms)
    {
        renamed_ms.pop_front();
    }
    if renamed_ms.len() >= RENAMES {
        return Some(Duration::from_millis(
            (renamed_ms[0] + RENAME_WINDOW_MS - now_ms) as u64,
        ));
    }
    renamed_ms.push_back(now_ms);
    None
}

pub fn delete(call: &mut Call<'_>) -> Outcome {
    // Deleting a channel or thread needs permissions the bot does not have.
    call.state.world.readable(call.request.id("channel_id"))?;
    Err(Refusal::MISSING_PERMISSIONS)
}

pub fn typing(call: &mut Call<'_>) -> Outcome {
    call.state.world.writable(call.request.id("channel_id"))?;
    Ok(Answer::empty())
}
