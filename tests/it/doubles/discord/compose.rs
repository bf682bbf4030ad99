//! How a message is made from what was sent, changed by an edit, put into its channel, and taken away.

use serde_json::{Value, json};

use super::errors::{Problem, Refusal};
use super::gateway::intents;
use super::hub::State;
use super::model::{EPHEMERAL, LOADING, Message, Pings, World};
use super::{Snowflake, mentions, wire};

/// A silent message mentions, but no phone rings.
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// `SUPPRESS_EMBEDS`, `SUPPRESS_NOTIFICATIONS` and `IS_COMPONENTS_V2`: the flags a sender may set.
const SENDER_FLAGS: u64 = (1 << 2) | (1 << 12) | (1 << 15);

/// Where a new message comes from.
pub struct Origin {
    pub author: Snowflake,
    pub kind: u8,
    pub default: mentions::Default,
    pub interaction: Option<Snowflake>,
    pub only_for: Option<Snowflake>,
    pub reference: Option<(Snowflake, Snowflake)>,
}

/// Makes a message from the body that was sent. It is not stored yet.
pub fn compose(
    world: &mut World,
    channel: Snowflake,
    body: &Value,
    origin: Origin,
    now_ms: i64,
) -> Message {
    let replied_to = origin
        .reference
        .and_then(|(_, id)| world.messages.get(&id))
        .map(|m| m.author);
    let pings = mentions::resolve(world, body, origin.default, replied_to);
    let mut flags = body["flags"].as_u64().unwrap_or_default() & SENDER_FLAGS;
    if origin.only_for.is_some() {
        flags |= EPHEMERAL;
    }
    Message {
        id: world.next_id(now_ms),
        channel,
        author: origin.author,
        kind: origin.kind,
        content: body["content"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        embeds: body["embeds"].as_array().cloned().unwrap_or_default(),
        components: numbered(&body["components"]),
        flags,
        nonce: Some(body["nonce"].clone()).filter(|nonce| !nonce.is_null()),
        created_ms: now_ms,
        edited_ms: None,
        edits: 0,
        pings: if flags & SUPPRESS_NOTIFICATIONS != 0 || origin.only_for.is_some() {
            Pings::default()
        } else {
            pings.clone()
        },
        mentions: pings,
        interaction: origin.interaction,
        only_for: origin.only_for,
        reference: origin.reference,
        is_pinned: false,
        reactions: Vec::new(),
    }
}

/// Applies an edit: keys that are there replace, others stay; mentions are read anew from new content.
pub fn revise(
    world: &mut World,
    id: Snowflake,
    body: &Value,
    default: mentions::Default,
    now_ms: i64,
) -> Result<(), Refusal> {
    let mentions = body
        .get("content")
        .map(|_| mentions::resolve(world, body, default, None));
    let message = world
        .messages
        .get_mut(&id)
        .ok_or(Refusal::UNKNOWN_MESSAGE)?;
    let mut after = message.clone();
    if let Some(content) = body.get("content") {
        after.content = content.as_str().unwrap_or_default().trim().to_owned();
    }
    if let Some(embeds) = body.get("embeds") {
        after.embeds = embeds.as_array().cloned().unwrap_or_default();
    }
    if let Some(components) = body.get("components") {
        after.components = numbered(components);
    }
    if let Some(flags) = body["flags"].as_u64() {
        after.flags = (after.flags & !(1 << 2)) | (flags & ((1 << 2) | (1 << 15)));
    }
    if after.content.is_empty() && after.embeds.is_empty() && after.components.is_empty() {
        return Err(Refusal::EMPTY_MESSAGE);
    }
    if after.flags & (1 << 15) == 0 && after.components.iter().any(|row| row["type"] != 1) {
        let says = "Value of field \"type\" must be one of (1,).";
        return Err(Refusal::invalid_form(&[Problem::new(
            "/components",
            "UNION_TYPE_CHOICES",
            says,
        )]));
    }
    // Filling a deferred answer is an edit, too: it mentions, but rings nobody (discord-api-docs issue 5497).
    after.flags &= !LOADING;
    after.mentions = mentions.unwrap_or(after.mentions);
    after.edited_ms = Some(now_ms);
    after.edits += 1;
    *message = after;
    Ok(())
}

/// Gives every component its number and fills in what Discord fills in.
fn numbered(components: &Value) -> Vec<Value> {
    fn visit(component: &mut Value, next: &mut u64) {
        if component["id"].as_u64().unwrap_or_default() == 0 {
            component["id"] = json!(*next);
        }
        *next += 1;
        let defaults = match component["type"].as_u64() {
            Some(3) => vec![("min_values", json!(1)), ("max_values", json!(1))],
            Some(14) => vec![("divider", json!(true)), ("spacing", json!(1))],
            Some(17) => vec![("accent_color", Value::Null), ("spoiler", json!(false))],
            _ => Vec::new(),
        };
        for (key, value) in defaults {
            if component[key].is_null() {
                component[key] = value;
            }
        }
        for key in ["components", "accessory", "component"] {
            match component.get_mut(key) {
                Some(Value::Array(inner)) => inner.iter_mut().for_each(|c| visit(c, next)),
                Some(inner @ Value::Object(_)) => visit(inner, next),
                _ => {}
            }
        }
    }
    let mut rows = wire::without_nulls(components)
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut next = 1;
    rows.iter_mut().for_each(|row| visit(row, &mut next));
    rows
}

impl State {
    /// Puts a message into its channel: archived threads open, mentioned people join the thread, the gateway hears.
    pub fn place(&mut self, message: Message, now_ms: i64) {
        let (id, channel) = (message.id, message.channel);
        let joins: Vec<Snowflake> = message
            .mentions
            .users
            .iter()
            .copied()
            .chain([message.author])
            .collect();
        let is_open = message.only_for.is_none();
        self.world.store(message);
        let thread = self
            .world
            .channels
            .get_mut(&channel)
            .and_then(|channel| channel.thread.as_mut());
        if let Some(thread) = thread.filter(|_| is_open) {
            for member in joins {
                thread.members.entry(member).or_insert(now_ms);
            }
            if thread.is_archived {
                thread.is_archived = false;
                thread.archive_ms = now_ms;
                self.announce_channel("THREAD_UPDATE", channel);
            }
        }
        self.announce_message("MESSAGE_CREATE", id);
    }

    /// Takes a message away and tells the gateway.
    pub fn erase(&mut self, id: Snowflake) {
        if let Some(message) = self.world.remove_message(id)
            && message.only_for.is_none()
        {
            let payload =
                json!({"id": id, "channel_id": message.channel, "guild_id": self.world.guild});
            self.gateway
                .dispatch("MESSAGE_DELETE", intents::GUILD_MESSAGES, payload);
        }
    }
}
