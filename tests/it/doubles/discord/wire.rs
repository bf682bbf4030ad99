//! What the guild looks like on the wire: the JSON of users, channels, messages and the rest.

use serde_json::{Map, Value, json};

use super::Snowflake;
use super::clock::iso;
use super::model::{Channel, Command, Member, Message, Role, World};

const VIEW_AND_HISTORY: u64 = (1 << 10) | (1 << 16);
/// What the bot may do: see, send, embed, use commands, open public and private threads, send in threads.
const BOT_PERMISSIONS: u64 =
    VIEW_AND_HISTORY | (1 << 11) | (1 << 14) | (1 << 31) | (1 << 35) | (1 << 36) | (1 << 38);
/// What a member may do.
const MEMBER_PERMISSIONS: &str = "2248473465835073";

/// Renders a user.
pub fn user(member: &Member) -> Value {
    let mut user = json!({
        "id": member.id, "username": member.name, "discriminator": if member.is_bot { "0001" } else { "0" },
        "global_name": if member.is_bot { Value::Null } else { json!(member.name) },
        "avatar": null, "public_flags": 0, "flags": 0, "banner": null, "accent_color": null,
        "avatar_decoration_data": null, "collectibles": null, "primary_guild": null,
    });
    if member.is_bot {
        user["bot"] = json!(true);
    }
    user
}

/// Renders the bot as it sees itself.
pub fn myself(member: &Member) -> Value {
    let mut user = user(member);
    let more = json!({"mfa_enabled": false, "locale": "en-US", "verified": true, "email": null, "premium_type": 0});
    extend(&mut user, more);
    user
}

/// Renders a member of the guild.
pub fn member(member: &Member) -> Value {
    json!({
        "user": user(member), "nick": null, "avatar": null, "banner": null, "roles": member.roles,
        "joined_at": iso(member.joined_ms), "premium_since": null, "deaf": false, "mute": false, "flags": 0,
        "pending": false, "communication_disabled_until": null, "avatar_decoration_data": null, "collectibles": null,
    })
}

/// Renders a member as interactions carry them, with permissions.
pub fn acting_member(world: &World, id: Snowflake) -> Value {
    let mut value = member(&world.members[&id]);
    value["permissions"] = json!(MEMBER_PERMISSIONS);
    value["unusual_dm_activity_until"] = Value::Null;
    value
}

/// Renders a role.
pub fn role(world: &World, role: &Role) -> Value {
    let position = world
        .roles
        .keys()
        .position(|id| *id == role.id)
        .unwrap_or_default();
    json!({
        "id": role.id, "name": role.name, "permissions": "2248473465835073", "position": position, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null}, "hoist": false,
        "managed": false, "mentionable": role.is_mentionable, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

/// Renders a channel or thread.
pub fn channel(world: &World, channel: &Channel) -> Value {
    let last = channel.messages.last();
    let mut value = json!({
        "id": channel.id, "guild_id": world.guild, "name": channel.name, "flags": 0, "last_message_id": last,
        "rate_limit_per_user": 0,
    });
    let more = match &channel.thread {
        None => {
            let position = world
                .channels
                .keys()
                .position(|id| *id == channel.id)
                .unwrap_or_default();
            json!({
                "type": 0, "position": position, "topic": channel.topic, "nsfw": false, "parent_id": null,
                "permission_overwrites": [], "last_pin_timestamp": null,
            })
        }
        Some(thread) => {
            let spoken = channel
                .messages
                .iter()
                .filter(|id| !world.messages[id].is_system())
                .count();
            json!({
                "type": if thread.is_private { 12 } else { 11 }, "parent_id": thread.parent, "owner_id": thread.owner,
                "message_count": spoken, "total_message_sent": spoken, "member_count": thread.members.len().min(50),
                "thread_metadata": {
                    "archived": thread.is_archived, "locked": thread.is_locked, "archive_timestamp": iso(thread.archive_ms),
                    "auto_archive_duration": thread.auto_archive_min, "create_timestamp": iso(thread.created_ms),
                },
            })
        }
    };
    extend(&mut value, more);
    value
}

/// Renders a thread with the bot's own membership.
pub fn joined_thread(world: &World, channel: &Channel) -> Value {
    let mut value = self::channel(world, channel);
    if let Some(joined) = channel
        .thread
        .as_ref()
        .and_then(|thread| thread.members.get(&world.app))
    {
        value["member"] = thread_member(channel.id, world.app, *joined);
    }
    value
}

/// Renders somebody's membership in a thread.
pub fn thread_member(thread: Snowflake, user: Snowflake, joined_ms: i64) -> Value {
    json!({"id": thread, "user_id": user, "join_timestamp": iso(joined_ms), "flags": 1})
}

/// Renders a channel as interactions carry it.
pub fn partial_channel(world: &World, channel: &Channel) -> Value {
    let mut value = self::channel(world, channel);
    value["permissions"] = json!(MEMBER_PERMISSIONS);
    value
}

/// Returns the bot's permissions in a channel.
pub fn bot_permissions(world: &World, channel: &Channel) -> String {
    match world.denied(channel) {
        None => BOT_PERMISSIONS.to_string(),
        Some(_) => VIEW_AND_HISTORY.to_string(),
    }
}

/// Renders the guild.
pub fn guild(world: &World) -> Value {
    let owner = world
        .members
        .values()
        .find(|member| !member.is_bot)
        .map_or(world.app, |member| member.id);
    json!({
        "id": world.guild, "name": world.guild_name, "icon": null, "description": null, "home_header": null, "splash": null,
        "discovery_splash": null, "features": [], "banner": null, "owner_id": owner, "application_id": null, "region": "japan",
        "afk_channel_id": null, "afk_timeout": 300, "system_channel_id": null, "system_channel_flags": 0,
        "widget_enabled": false, "widget_channel_id": null, "verification_level": 1, "default_message_notifications": 1,
        "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null, "max_members": 25_000_000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null, "premium_tier": 0,
        "premium_subscription_count": 0, "preferred_locale": "ja", "rules_channel_id": null, "safety_alerts_channel_id": null,
        "public_updates_channel_id": null, "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0,
        "emojis": [], "stickers": [], "incidents_data": null,
        "roles": world.roles.values().map(|r| role(world, r)).collect::<Vec<_>>(),
    })
}

/// Renders the guild as the gateway announces it; only members that the intents let the bot see.
pub fn guild_create(world: &World, sees_members: bool) -> Value {
    let mut value = guild(world);
    let seen = world.members.values().filter(|m| sees_members || m.is_bot);
    let (threads, channels): (Vec<&Channel>, Vec<&Channel>) = world
        .channels
        .values()
        .filter(|channel| world.denied(channel) != Some(super::model::Denied::Access))
        .partition(|channel| channel.thread.is_some());
    let active = threads
        .into_iter()
        .filter(|c| c.thread.as_ref().is_some_and(|thread| !thread.is_archived));
    let more = json!({
        "joined_at": iso(world.members[&world.app].joined_ms), "large": false, "unavailable": false,
        "member_count": world.members.len(), "voice_states": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [], "soundboard_sounds": [], "version": 1, "lazy": true,
        "members": seen.map(member).collect::<Vec<_>>(),
        "channels": channels.iter().map(|c| channel(world, c)).collect::<Vec<_>>(),
        "threads": active.map(|c| joined_thread(world, c)).collect::<Vec<_>>(),
    });
    extend(&mut value, more);
    value
}

/// Renders a message as the bot gets to see it: people's words only with the intent, or if they name the bot.
pub fn message(world: &World, message: &Message) -> Value {
    let author = &world.members[&message.author];
    let is_open =
        world.reads_content || author.is_bot || message.mentions.users.contains(&world.app);
    let users = message
        .mentions
        .users
        .iter()
        .filter_map(|id| world.members.get(id))
        .map(user);
    let mut value = json!({
        "id": message.id, "channel_id": message.channel, "type": message.kind, "author": user(author),
        "content": if is_open { message.content.as_str() } else { "" },
        "embeds": if is_open { message.embeds.iter().map(embed).collect() } else { Vec::new() },
        "components": if is_open { message.components.clone() } else { Vec::new() },
        "attachments": [], "mentions": users.collect::<Vec<_>>(), "mention_roles": message.mentions.roles,
        "mention_everyone": message.mentions.everyone, "pinned": message.is_pinned, "tts": false, "flags": message.flags,
        "timestamp": iso(message.created_ms), "edited_timestamp": message.edited_ms.map(iso),
    });
    if let Some(nonce) = &message.nonce {
        value["nonce"] = nonce.clone();
    }
    if let Some((channel, original)) = message.reference {
        value["message_reference"] = json!({"type": 0, "channel_id": channel, "guild_id": world.guild, "message_id": original});
        if message.kind == 19 {
            let referenced = world.messages.get(&original);
            value["referenced_message"] =
                referenced.map_or(Value::Null, |original| self::message(world, original));
        }
    }
    if !message.reactions.is_empty() {
        let reaction = |name: &String| {
            json!({
                "emoji": {"id": null, "name": name}, "count": 1, "count_details": {"burst": 0, "normal": 1},
                "burst_colors": [], "me": true, "me_burst": false,
            })
        };
        value["reactions"] = message.reactions.iter().map(reaction).collect();
    }
    if let Some(thread) = world
        .channels
        .get(&message.id)
        .filter(|_| message.flags & super::model::HAS_THREAD != 0)
    {
        value["thread"] = joined_thread(world, thread);
    }
    if let Some(interaction) = message
        .interaction
        .and_then(|id| world.interactions.get(&id))
    {
        value["application_id"] = json!(world.app);
        value["webhook_id"] = json!(world.app);
        let mut metadata = json!({
            "id": interaction.id, "type": interaction.kind, "user": user(&world.members[&interaction.member]),
            "authorizing_integration_owners": {"0": world.guild},
        });
        match interaction.kind {
            3 => metadata["interacted_message_id"] = json!(interaction.message),
            5 => metadata["triggering_interaction_metadata"] = metadata.clone(),
            _ => {
                let name = &interaction.payload["data"]["name"];
                value["interaction"] = json!({"id": interaction.id, "type": 2, "name": name, "user": metadata["user"]});
            }
        }
        if interaction.kind == 5 {
            metadata["triggering_interaction_metadata"]["type"] = json!(2);
        }
        value["interaction_metadata"] = metadata;
    }
    value
}

/// Renders a message as the gateway announces it: with guild and the author's membership.
pub fn message_event(world: &World, message: &Message) -> Value {
    let mut value = self::message(world, message);
    value["guild_id"] = json!(world.guild);
    let mut author = member(&world.members[&message.author]);
    author
        .as_object_mut()
        .expect("a member is an object")
        .remove("user");
    value["member"] = author;
    value
}

/// Renders an embed: what Discord adds when it keeps one.
fn embed(sent: &Value) -> Value {
    let mut embed = without_nulls(sent);
    embed["type"] = json!("rich");
    for field in embed
        .get_mut("fields")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        field["inline"] = json!(field["inline"].as_bool().unwrap_or_default());
    }
    for image in ["image", "thumbnail"] {
        if let Some(map) = embed.get_mut(image).and_then(Value::as_object_mut) {
            let url = map["url"].clone();
            for (key, value) in [
                ("proxy_url", url),
                ("width", json!(0)),
                ("height", json!(0)),
            ] {
                map.insert(key.to_owned(), value);
            }
        }
    }
    embed
}

/// Drops nulls at every depth, as Discord does with components and embeds.
pub fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k.clone(), without_nulls(v)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Renders a command; without localisations unless they were asked for.
pub fn command(command: &Command, with_localizations: bool) -> Value {
    let mut body = command.body.clone();
    if !with_localizations {
        strip_localizations(&mut body);
    }
    body
}

fn strip_localizations(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| key != "name_localizations" && key != "description_localizations");
            map.values_mut().for_each(strip_localizations);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_localizations),
        _ => {}
    }
}

/// Adds the keys of one object to another.
pub fn extend(value: &mut Value, more: Value) {
    if let (Some(map), Value::Object(more)) = (value.as_object_mut(), more) {
        map.extend(more);
    }
}
