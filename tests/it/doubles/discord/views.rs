//! What tests can see on the double, and who and what they put into its guild.

use serde_json::Value;

use super::hub::{Seen, Violation};
use super::model::{Channel, Interaction, Member, Message, Pings, Reply, Role, Snowflake};
use super::people::{self, Person};
use super::{DiscordDouble, validate};

/// The guild.
impl DiscordDouble {
    /// Adds a text channel.
    pub fn add_channel(&self, name: &str) -> Snowflake {
        let now_ms = self.hub.clock.now_ms();
        self.hub.change(|state| {
            let id = state.world.next_id(now_ms);
            state.world.add_channel(id, name, None);
            state.announce_channel("CHANNEL_CREATE", id);
            id
        })
    }

    /// Adds a role that anybody can mention.
    pub fn add_role(&self, name: &str) -> Snowflake {
        self.add_role_with(name, true)
    }

    /// Adds a role and says whether it can be mentioned: one that cannot is never pinged by the bot.
    pub fn add_role_with(&self, name: &str, is_mentionable: bool) -> Snowflake {
        let now_ms = self.hub.clock.now_ms();
        self.hub.change(|state| {
            let id = state.world.next_id(now_ms);
            state.world.roles.insert(
                id,
                Role {
                    id,
                    name: name.to_owned(),
                    is_mentionable,
                },
            );
            id
        })
    }

    /// Adds a person with roles and a locale such as `ja` or `en-US`.
    pub fn add_member(&self, name: &str, roles: &[Snowflake], locale: &str) -> Snowflake {
        let now_ms = self.hub.clock.now_ms();
        self.hub.change(|state| {
            let id = state.world.next_id(now_ms);
            let (name, roles, locale) = (name.to_owned(), roles.to_vec(), locale.to_owned());
            state.world.members.insert(
                id,
                Member {
                    id,
                    name,
                    roles,
                    locale,
                    is_bot: false,
                    joined_ms: now_ms,
                },
            );
            id
        })
    }

    /// Lets a person act, at first in the guild's first channel.
    pub fn person(&self, member: Snowflake) -> Person<'_> {
        let state = self.hub.look();
        assert!(
            state.world.members.contains_key(&member),
            "the guild has no member {member}"
        );
        let place = *state
            .world
            .channels
            .keys()
            .next()
            .expect("the guild has a channel");
        Person {
            double: self,
            member,
            place,
        }
    }
}

/// What came of it.
impl DiscordDouble {
    /// Lists the messages of a channel or thread that everybody sees, oldest first, without system messages.
    pub fn messages(&self, channel: Snowflake) -> Vec<Message> {
        people::spoken(&self.hub.look().world, channel)
    }

    /// Lists the messages of a thread; the same as `messages`.
    pub fn thread_messages(&self, thread: Snowflake) -> Vec<Message> {
        self.messages(thread)
    }

    /// Returns one message, ephemeral ones, too.
    pub fn message(&self, id: Snowflake) -> Option<Message> {
        self.hub.look().world.messages.get(&id).cloned()
    }

    /// Lists the threads of a channel, oldest first.
    pub fn threads(&self, channel: Snowflake) -> Vec<Channel> {
        let is_below = |c: &&Channel| {
            c.thread
                .as_ref()
                .is_some_and(|thread| thread.parent == channel)
        };
        self.hub
            .look()
            .world
            .channels
            .values()
            .filter(is_below)
            .cloned()
            .collect()
    }

    /// Lists the registered commands with all their localisations.
    pub fn commands(&self) -> Vec<Value> {
        self.hub
            .look()
            .world
            .commands
            .iter()
            .map(|command| command.body.clone())
            .collect()
    }

    /// Counts the requests that changed commands.
    pub fn command_writes(&self) -> u32 {
        self.hub.look().world.command_writes
    }

    /// Returns an interaction as it was delivered.
    pub fn interaction(&self, id: Snowflake) -> Interaction {
        self.hub.look().world.interactions[&id].clone()
    }

    /// Returns what the bot has answered to an interaction so far.
    pub fn interaction_reply(&self, id: Snowflake) -> Reply {
        self.interaction(id).reply
    }

    /// Returns the message that answers an interaction, if there is one.
    pub fn answer(&self, id: Snowflake) -> Option<Message> {
        self.message(self.interaction_reply(id).original?)
    }

    /// Returns whom a message pinged when it was posted.
    pub fn pings(&self, message: Snowflake) -> Pings {
        self.message(message)
            .unwrap_or_else(|| panic!("there is no message {message}"))
            .pings
    }

    /// Lists every request seen so far.
    pub fn requests(&self) -> Vec<Seen> {
        self.hub.look().requests.clone()
    }

    /// Counts the answers 401, 403 and 429 (but shared ones): 10,000 in ten minutes ban an address.
    pub fn invalid_requests(&self) -> usize {
        self.hub
            .look()
            .requests
            .iter()
            .filter(|seen| matches!(seen.status, 401 | 403 | 429) && !seen.is_shared_limit)
            .count()
    }

    /// Checks each distinct shape of request once more from now on.
    pub fn forget_shapes(&self) {
        if let Some(shapes) = &self.hub.shapes {
            shapes.forget();
        }
    }

    /// Returns how many distinct shapes of request were checked, if only those are.
    pub fn shapes_checked(&self) -> usize {
        self.hub.shapes.as_ref().map_or(0, validate::Shapes::count)
    }

    // What was forbidden.

    /// Lists the forbidden requests seen so far.
    pub fn violations(&self) -> Vec<Violation> {
        self.hub.look().violations.clone()
    }

    /// Takes the forbidden requests away: for tests that mean to send some.
    pub fn take_violations(&self) -> Vec<Violation> {
        self.hub
            .change(|state| std::mem::take(&mut state.violations))
    }

    /// Fails if a forbidden request was seen. Dropping the double does the same.
    pub fn assert_clean(&self) {
        let violations = self.violations();
        let all: Vec<String> = violations.iter().map(Violation::to_string).collect();
        assert!(
            all.is_empty(),
            "{} forbidden requests reached Discord's double:\n{}",
            all.len(),
            all.join("\n")
        );
    }
}
