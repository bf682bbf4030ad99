//! The guild as a whole: what is in it, how it is found, how it comes and goes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Channel, Command, Denied, Interaction, Member, Message, Role, Snowflake, Thread};
use crate::doubles::discord::errors::Refusal;

/// Everything the guild holds.
pub struct World {
    pub guild: Snowflake,
    pub guild_name: String,
    /// The application; its bot user has the same id.
    pub app: Snowflake,
    pub everyone: Snowflake,
    pub members: BTreeMap<Snowflake, Member>,
    pub roles: BTreeMap<Snowflake, Role>,
    pub channels: BTreeMap<Snowflake, Channel>,
    pub messages: BTreeMap<Snowflake, Message>,
    pub commands: Vec<Command>,
    pub command_writes: u32,
    pub interactions: BTreeMap<Snowflake, Interaction>,
    pub nonces: BTreeMap<String, (i64, Snowflake)>,
    /// Whether the MESSAGE_CONTENT intent is switched on for the application.
    pub reads_content: bool,
    last_id: u64,
}

/// 2015-01-01T00:00:00Z, where snowflakes begin.
const EPOCH_MS: i64 = 1_420_070_400_000;

impl World {
    /// Makes a guild with the bot in it and nobody else.
    pub fn new(now_ms: i64) -> Self {
        let mut world = Self {
            guild: Snowflake::default(),
            guild_name: "当番の家".to_owned(),
            app: Snowflake::default(),
            everyone: Snowflake::default(),
            members: BTreeMap::new(),
            roles: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            commands: Vec::new(),
            command_writes: 0,
            interactions: BTreeMap::new(),
            nonces: BTreeMap::new(),
            reads_content: false,
            last_id: 0,
        };
        world.guild = world.next_id(now_ms);
        world.app = world.next_id(now_ms);
        // The role of everyone has the id of its guild.
        world.everyone = world.guild;
        world.roles.insert(
            world.everyone,
            Role {
                id: world.everyone,
                name: "@everyone".to_owned(),
                is_mentionable: false,
            },
        );
        let bot = Member {
            id: world.app,
            name: "toban".to_owned(),
            roles: Vec::new(),
            locale: "en-US".to_owned(),
            is_bot: true,
            joined_ms: now_ms,
        };
        world.members.insert(bot.id, bot);
        world
    }

    /// Makes a new id; ids grow, and tell when they were made.
    pub fn next_id(&mut self, now_ms: i64) -> Snowflake {
        let by_time = ((now_ms - EPOCH_MS).max(0) as u64) << 22;
        self.last_id = by_time.max(self.last_id + 1);
        Snowflake(self.last_id)
    }

    /// Makes a channel or thread.
    pub fn add_channel(&mut self, id: Snowflake, name: &str, thread: Option<Thread>) {
        let channel = Channel {
            id,
            name: name.to_owned(),
            topic: None,
            thread,
            messages: BTreeSet::new(),
            renamed_ms: VecDeque::new(),
            denied: None,
        };
        self.channels.insert(id, channel);
    }

    /// Finds a channel or thread.
    pub fn channel(&self, id: Snowflake) -> Result<&Channel, Refusal> {
        self.channels.get(&id).ok_or(Refusal::UNKNOWN_CHANNEL)
    }

    /// Finds a message of a channel that anybody can see.
    pub fn message(&self, channel: Snowflake, id: Snowflake) -> Result<&Message, Refusal> {
        let found = self
            .messages
            .get(&id)
            .filter(|message| message.channel == channel && message.only_for.is_none());
        found.ok_or(Refusal::UNKNOWN_MESSAGE)
    }

    /// Says what the bot lost in a channel; a thread takes it from its parent.
    pub fn denied(&self, channel: &Channel) -> Option<Denied> {
        let parent = channel
            .thread
            .as_ref()
            .and_then(|thread| self.channels.get(&thread.parent));
        channel.denied.or(parent.and_then(|parent| parent.denied))
    }

    /// Finds a channel that the bot can see.
    pub fn readable(&self, id: Snowflake) -> Result<&Channel, Refusal> {
        let channel = self.channel(id)?;
        if self.denied(channel) == Some(Denied::Access) {
            Err(Refusal::MISSING_ACCESS)
        } else {
            Ok(channel)
        }
    }

    /// Finds a channel that the bot can write to.
    pub fn writable(&self, id: Snowflake) -> Result<&Channel, Refusal> {
        let channel = self.readable(id)?;
        if self.denied(channel).is_some() {
            Err(Refusal::MISSING_PERMISSIONS)
        } else {
            Ok(channel)
        }
    }

    /// Stores a new message; an ephemeral one is in no channel's list.
    pub fn store(&mut self, message: Message) {
        if message.only_for.is_none()
            && let Some(channel) = self.channels.get_mut(&message.channel)
        {
            channel.messages.insert(message.id);
        }
        self.messages.insert(message.id, message);
    }

    /// Takes a message away.
    pub fn remove_message(&mut self, id: Snowflake) -> Option<Message> {
        let message = self.messages.remove(&id)?;
        if let Some(channel) = self.channels.get_mut(&message.channel) {
            channel.messages.remove(&id);
        }
        Some(message)
    }

    /// Takes a channel away, with its threads and messages; lists what went, threads first.
    pub fn remove_channel(&mut self, id: Snowflake) -> Vec<Channel> {
        let below = |c: &&Channel| c.thread.as_ref().is_some_and(|thread| thread.parent == id);
        let mut ids: Vec<Snowflake> = self.channels.values().filter(below).map(|c| c.id).collect();
        ids.push(id);
        let gone: Vec<Channel> = ids
            .iter()
            .filter_map(|id| self.channels.remove(id))
            .collect();
        self.messages
            .retain(|_, message| !gone.iter().any(|channel| channel.id == message.channel));
        gone
    }
}
