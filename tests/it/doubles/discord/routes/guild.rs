//! Routes about the bot itself and the guild as a whole.

use serde_json::{Value, json};

use super::{Call, Outcome};
use crate::doubles::discord::errors::Refusal;
use crate::doubles::discord::gateway::intents;
use crate::doubles::discord::model::{Denied, World};
use crate::doubles::discord::request::Answer;
use crate::doubles::discord::wire;

pub fn gateway(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::ok(json!({"url": call.hub.gateway_url()})))
}

pub fn gateway_bot(call: &mut Call<'_>) -> Outcome {
    let used = call.state.gateway.counts.identifies;
    Ok(Answer::ok(json!({
        "url": call.hub.gateway_url(), "shards": 1,
        "session_start_limit": {
            "total": 1000, "remaining": 1000u64.saturating_sub(used), "reset_after": 86_400_000, "max_concurrency": 1,
        },
    })))
}

pub fn me(call: &mut Call<'_>) -> Outcome {
    let world = call.world();
    Ok(Answer::ok(wire::myself(&world.members[&world.app])))
}

pub fn user(call: &mut Call<'_>) -> Outcome {
    let id = call.id("user_id");
    let found = call.world().members.get(&id).ok_or(Refusal::UNKNOWN_USER)?;
    Ok(Answer::ok(wire::user(found)))
}

pub fn application(call: &mut Call<'_>) -> Outcome {
    let privileged = call.hub.options.privileged_intents;
    let world = call.world();
    let owner = world
        .members
        .values()
        .find(|member| !member.is_bot)
        .unwrap_or(&world.members[&world.app]);
    // GATEWAY_GUILD_MEMBERS_LIMITED and GATEWAY_MESSAGE_CONTENT_LIMITED tell what the portal has switched on.
    let flag = |intent: u64, bit: u64| {
        if privileged & intent != 0 {
            1 << bit
        } else {
            0
        }
    };
    let flags: u64 = flag(intents::GUILD_MEMBERS, 15) | flag(intents::MESSAGE_CONTENT, 19);
    Ok(Answer::ok(json!({
        "id": world.app, "name": "toban", "icon": null, "description": "", "type": null, "verify_key": "0".repeat(64),
        "flags": flags, "flags_new": flags.to_string(), "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "owner": wire::user(owner), "approximate_guild_count": 1,
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
        "team": null, "eligible_oauth2_scopes": [], "bot_public": false, "bot_require_code_grant": false,
        "integration_types_config": {"0": {}}, "bot": wire::user(&world.members[&world.app]),
    })))
}

pub fn guild(call: &mut Call<'_>) -> Outcome {
    let counts = call.request.asks("with_counts");
    let world = known(call)?;
    let mut value = wire::guild(world);
    if counts {
        let count = world.members.len();
        wire::extend(
            &mut value,
            json!({"approximate_member_count": count, "approximate_presence_count": count}),
        );
    }
    Ok(Answer::ok(value))
}

pub fn channels(call: &mut Call<'_>) -> Outcome {
    let world = known(call)?;
    let texts = world
        .channels
        .values()
        .filter(|c| c.thread.is_none() && world.denied(c) != Some(Denied::Access));
    Ok(Answer::ok(
        texts.map(|channel| wire::channel(world, channel)).collect(),
    ))
}

pub fn roles(call: &mut Call<'_>) -> Outcome {
    let world = known(call)?;
    Ok(Answer::ok(
        world
            .roles
            .values()
            .map(|role| wire::role(world, role))
            .collect(),
    ))
}

pub fn members(call: &mut Call<'_>) -> Outcome {
    if call.hub.options.privileged_intents & intents::GUILD_MEMBERS == 0 {
        return Err(Refusal::MISSING_ACCESS);
    }
    let after = call
        .request
        .query("after")
        .and_then(|id| id.parse().ok())
        .unwrap_or(0u64);
    let limit = call
        .request
        .query("limit")
        .and_then(|n| n.parse().ok())
        .unwrap_or(1usize);
    let world = known(call)?;
    let page = world
        .members
        .values()
        .filter(|member| member.id.0 > after)
        .take(limit);
    Ok(Answer::ok(
        page.map(wire::member).collect::<Vec<Value>>().into(),
    ))
}

pub fn member(call: &mut Call<'_>) -> Outcome {
    let id = call.id("user_id");
    let found = known(call)?
        .members
        .get(&id)
        .ok_or(Refusal::UNKNOWN_MEMBER)?;
    Ok(Answer::ok(wire::member(found)))
}

fn known<'a>(call: &'a mut Call<'_>) -> Result<&'a World, Refusal> {
    if call.id("guild_id") == call.state.world.guild {
        Ok(&call.state.world)
    } else {
        Err(Refusal::UNKNOWN_GUILD)
    }
}
