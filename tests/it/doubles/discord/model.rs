//! What the one guild of the double holds: people, roles, channels, threads, messages, commands, interactions.
//!
//! Plain data and the few ways it changes; what it looks like on the wire is in `wire`.

mod world;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

pub use world::World;

/// An id of Discord's; on the wire a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(pub u64);

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A person of the guild, or the bot.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: Snowflake,
    pub name: String,
    pub roles: Vec<Snowflake>,
    pub locale: String,
    pub is_bot: bool,
    pub joined_ms: i64,
}

/// A role of the guild.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: Snowflake,
    pub name: String,
    pub is_mentionable: bool,
}

/// A text channel or a thread.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: Snowflake,
    pub name: String,
    pub topic: Option<String>,
    pub thread: Option<Thread>,
    pub messages: BTreeSet<Snowflake>,
    pub renamed_ms: VecDeque<i64>,
    pub denied: Option<Denied>,
}

/// What makes a channel a thread.
#[derive(Clone, Debug)]
pub struct Thread {
    pub parent: Snowflake,
    pub owner: Snowflake,
    pub is_private: bool,
    pub is_archived: bool,
    pub is_locked: bool,
    pub auto_archive_min: u64,
    pub archive_ms: i64,
    pub created_ms: i64,
    pub members: BTreeMap<Snowflake, i64>,
}

/// What the bot lost in a channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Denied {
    /// It no longer sees the channel.
    Access,
    /// It sees the channel but may not write.
    Writing,
}

/// Whom a message mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pings {
    pub users: BTreeSet<Snowflake>,
    pub roles: BTreeSet<Snowflake>,
    pub everyone: bool,
}

impl Pings {
    /// Says whether nobody is mentioned.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: Snowflake,
    pub channel: Snowflake,
    pub author: Snowflake,
    /// Discord's message type: 0 default, 18 thread created, 19 reply, 20 command answer, 21 thread starter.
    pub kind: u8,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub flags: u64,
    pub nonce: Option<Value>,
    pub created_ms: i64,
    pub edited_ms: Option<i64>,
    /// How often it was edited.
    pub edits: u32,
    /// Whose phones rang: resolved when it was posted; edits ring nobody.
    pub pings: Pings,
    /// Whom it mentions as it stands now.
    pub mentions: Pings,
    /// The interaction it answers.
    pub interaction: Option<Snowflake>,
    /// The only member who sees it, if it is ephemeral.
    pub only_for: Option<Snowflake>,
    pub reference: Option<(Snowflake, Snowflake)>,
    pub is_pinned: bool,
    pub reactions: Vec<String>,
}

/// `EPHEMERAL`.
pub const EPHEMERAL: u64 = 1 << 6;
/// `HAS_THREAD`.
pub const HAS_THREAD: u64 = 1 << 5;
/// `LOADING`: the "is thinking" of a deferred answer.
pub const LOADING: u64 = 1 << 7;

impl Message {
    /// Says whether a person wrote it or a system message: not what `messages()` lists.
    pub fn is_system(&self) -> bool {
        !matches!(self.kind, 0 | 19 | 20)
    }

    /// Finds a button, select or other component by its custom id.
    pub fn component(&self, custom_id: &str) -> Option<&Value> {
        self.all_components()
            .into_iter()
            .find(|component| component["custom_id"] == custom_id)
    }

    /// Lists every component, however deep.
    pub fn all_components(&self) -> Vec<&Value> {
        let mut found = Vec::new();
        collect(&self.components, &mut found);
        found
    }

    /// Lists the custom ids of its buttons that can be pressed.
    pub fn buttons(&self) -> Vec<&str> {
        let live = |c: &&Value| c["type"] == 2 && c["disabled"] != true;
        self.all_components()
            .into_iter()
            .filter(live)
            .filter_map(|c| c["custom_id"].as_str())
            .collect()
    }

    /// Returns everything a person can read on it, line by line.
    pub fn text(&self) -> String {
        let mut lines = vec![self.content.clone()];
        for embed in &self.embeds {
            for pointer in ["/author/name", "/title", "/description"] {
                lines.extend(
                    embed
                        .pointer(pointer)
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
            }
            for field in embed["fields"].as_array().into_iter().flatten() {
                lines.push(format!(
                    "{}: {}",
                    field["name"].as_str().unwrap_or_default(),
                    field["value"].as_str().unwrap_or_default()
                ));
            }
            lines.extend(
                embed
                    .pointer("/footer/text")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
        for component in self.all_components() {
            lines.extend(
                ["content", "label"]
                    .iter()
                    .filter_map(|key| component[*key].as_str())
                    .map(str::to_owned),
            );
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

fn collect<'a>(components: &'a [Value], found: &mut Vec<&'a Value>) {
    for component in components {
        found.push(component);
        collect(
            component["components"]
                .as_array()
                .map_or(&[], Vec::as_slice),
            found,
        );
        found.extend(component.get("accessory"));
    }
}

/// A registered application command, as Discord gives it back.
#[derive(Clone, Debug)]
pub struct Command {
    pub id: Snowflake,
    /// The guild it belongs to; none for a global one.
    pub guild: Option<Snowflake>,
    pub body: Value,
}

/// Something a person did that the bot must answer.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: Snowflake,
    pub token: String,
    /// Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal.
    pub kind: u8,
    pub member: Snowflake,
    pub channel: Snowflake,
    pub created_ms: i64,
    /// The message whose component was used.
    pub message: Option<Snowflake>,
    pub payload: Value,
    pub reply: Reply,
}

impl Interaction {
    /// Makes the token of an interaction: its id, and what nobody can guess.
    pub fn token_of(id: Snowflake) -> String {
        format!(
            "{:016x}{:032x}{:032x}",
            id.0,
            rand::random::<u128>(),
            rand::random::<u128>()
        )
    }

    /// Reads the id back out of a token.
    pub fn id_in(token: &str) -> Option<Snowflake> {
        u64::from_str_radix(token.get(..16)?, 16)
            .ok()
            .map(Snowflake)
    }
}

/// What the bot answered to an interaction.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The type of the first answer: 4 message, 5 deferred, 6 deferred update, 7 update, 8 suggestions, 9 modal.
    pub first: Option<u8>,
    pub answered_ms: Option<i64>,
    /// Whether the first answer can be seen by that person only.
    pub is_ephemeral: bool,
    /// The message that `@original` names.
    pub original: Option<Snowflake>,
    pub followups: Vec<Snowflake>,
    /// How often the original was edited.
    pub edits: u32,
    pub modal: Option<Value>,
    pub choices: Vec<Value>,
}
