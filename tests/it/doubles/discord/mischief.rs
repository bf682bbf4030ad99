//! What goes wrong on demand: the script of faults, lost rights, deleted things, and the gateway's moods.

use serde_json::json;

use super::faults::{Fault, On};
use super::gateway::{Counts, intents};
use super::model::{Channel, Denied, Snowflake};
use super::{DiscordDouble, wire};

/// REST.
impl DiscordDouble {
    /// Adds a fault to the script.
    pub fn fault(&self, on: On, fault: Fault) {
        self.hub.change(|state| state.faults.add(on, fault));
    }

    /// Tears the script of faults up.
    pub fn clear_faults(&self) {
        self.hub.change(|state| state.faults.clear());
    }

    /// Counts the faults that are still to happen.
    pub fn faults_left(&self) -> usize {
        self.hub.look().faults.left()
    }

    /// Lets every hanging request go on.
    pub fn release(&self) {
        self.hub.released.send_modify(|times| *times += 1);
    }

    /// Makes the token worthless: 401 from now on, and the gateway closes with 4004.
    pub fn revoke_token(&self) {
        self.hub.change(|state| {
            state.is_token_valid = false;
            state.gateway.close(4004, "Authentication failed.");
            state.gateway.forget_sessions();
        });
    }

    /// Makes the token good again.
    pub fn restore_token(&self) {
        self.hub.change(|state| state.is_token_valid = true);
    }

    /// Takes something away from the bot in a channel and its threads, or gives it back.
    pub fn deny(&self, channel: Snowflake, denied: Option<Denied>) {
        self.hub.change(|state| {
            let found = state
                .world
                .channels
                .get_mut(&channel)
                .unwrap_or_else(|| panic!("there is no channel {channel}"));
            found.denied = denied;
        });
    }

    /// Deletes a channel or thread, as an administrator may.
    pub fn delete_channel(&self, channel: Snowflake) {
        self.hub.change(|state| {
            for gone in state.world.remove_channel(channel) {
                let guild = state.world.guild;
                let (event, payload) = match &gone.thread {
                    Some(thread) => (
                        "THREAD_DELETE",
                        json!({"id": gone.id, "guild_id": guild, "parent_id": thread.parent, "type": 11}),
                    ),
                    None => ("CHANNEL_DELETE", wire::channel(&state.world, &Channel { messages: Default::default(), ..gone })),
                };
                state.gateway.dispatch(event, intents::GUILDS, payload);
            }
        });
    }

    /// Deletes a message, as a moderator may.
    pub fn delete_message(&self, message: Snowflake) {
        self.hub.change(|state| state.erase(message));
    }

    /// Archives a thread, as Discord does by itself after a while; a locked one the bot cannot open again.
    pub fn archive(&self, thread: Snowflake, locked: bool) {
        let now_ms = self.hub.clock.now_ms();
        self.hub.change(|state| {
            let found = state
                .world
                .channels
                .get_mut(&thread)
                .and_then(|channel| channel.thread.as_mut());
            let found = found.unwrap_or_else(|| panic!("there is no thread {thread}"));
            (found.is_archived, found.is_locked, found.archive_ms) = (true, locked, now_ms);
            state.announce_channel("THREAD_UPDATE", thread);
        });
    }
}

/// The gateway.
impl DiscordDouble {
    /// Counts what happened on the gateway.
    pub fn gateway_counts(&self) -> Counts {
        self.hub.look().gateway.counts
    }

    /// Counts the connections that are open now.
    pub fn gateway_connections(&self) -> usize {
        self.hub.look().gateway.open_links()
    }

    /// Stops or starts acknowledging heartbeats.
    pub fn gateway_acks(&self, acks: bool) {
        self.hub.change(|state| state.gateway.moods.acks = acks);
    }

    /// Stops or starts answering RESUME.
    pub fn gateway_answers_resume(&self, answers: bool) {
        self.hub
            .change(|state| state.gateway.moods.answers_resume = answers);
    }

    /// Refuses or takes new connections.
    pub fn gateway_accepts(&self, accepts: bool) {
        self.hub
            .change(|state| state.gateway.moods.accepts = accepts);
    }

    /// Delivers every interaction twice, or once again.
    pub fn gateway_repeats(&self, repeats: bool) {
        self.hub
            .change(|state| state.gateway.moods.repeats = repeats);
    }

    /// Asks every client to reconnect (op 7).
    pub fn gateway_reconnect(&self) {
        self.hub.change(|state| state.gateway.ask_reconnect());
    }

    /// Asks every client for a heartbeat (op 1).
    pub fn gateway_ask_heartbeat(&self) {
        self.hub.change(|state| state.gateway.ask_heartbeat());
    }

    /// Declares every session invalid (op 9).
    pub fn gateway_invalidate(&self, resumable: bool) {
        self.hub.change(|state| state.gateway.invalidate(resumable));
    }

    /// Forgets every session without a word, so that resuming fails.
    pub fn gateway_forget(&self) {
        self.hub.change(|state| state.gateway.forget_sessions());
    }

    /// Breaks every connection without a close frame.
    pub fn gateway_break(&self) {
        self.hub.change(|state| state.gateway.break_wires());
    }

    /// Closes every connection with a code.
    pub fn gateway_close(&self, code: u16) {
        self.hub
            .change(|state| state.gateway.close(code, "closed by the test"));
    }
}
