//! A double of Discord: one guild behind a real REST API and a real gateway, on loopback only.
//!
//! It judges every request by Discord's official description and by what that leaves unsaid, answers as
//! Discord does, and remembers what was forbidden: dropping a double that saw a forbidden request fails
//! the test. It can misbehave on demand (`fault`, `gateway_*`, `revoke_token`, `delete_channel`, …).
//!
//! It leaves out: voice, forums, attachments, direct messages, permission overwrites, more than one guild
//! or shard, and gateway compression (it always speaks plain JSON).

// A library for tests: not every test uses all of it, and what is wrong in a test may panic.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::disallowed_methods
)]

mod cable;
mod clock;
mod compose;
mod errors;
mod faults;
mod gateway;
mod hub;
mod mentions;
mod mischief;
mod model;
mod people;
mod request;
mod routes;
mod server;
mod validate;
mod views;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

// What tests outside this folder name.
#[allow(unused_imports)]
pub use self::{
    clock::ClockKind,
    errors::{Problem, Refusal},
    faults::{Fault, Limits, On, Scope},
    gateway::{Counts, intents},
    hub::{Seen, Violation},
    model::{Channel, Denied, Interaction, Member, Message, Pings, Reply, Role, Snowflake, Thread},
    people::Person,
};

use hub::Hub;

/// How long a test waits for something before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a double is set up.
#[derive(Clone)]
pub struct Options {
    pub clock: ClockKind,
    /// How long an interaction waits for its first answer: Discord's three seconds, unless a test on a busy
    /// machine with a running clock is about something else.
    pub first_answer: Duration,
    /// How long a nonce is remembered.
    pub nonce_window: Duration,
    /// Rate limits; their windows pass on the double's clock, so clients that wait need `ClockKind::Running`.
    pub limits: Limits,
    pub heartbeat: Duration,
    /// The privileged intents that are switched on in the portal.
    pub privileged_intents: u64,
    /// Validates each distinct shape of request against the description only once; for load tests.
    pub schema_check_once_per_shape: bool,
    /// Checks the double's own answers against the description, too.
    pub check_answers: bool,
    /// The text channels the guild begins with.
    pub channels: Vec<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: ClockKind::Manual,
            first_answer: Duration::from_millis(routes::interactions::FIRST_ANSWER_MS as u64),
            nonce_window: Duration::from_secs(120),
            limits: Limits::Off,
            heartbeat: Duration::from_millis(41_250),
            privileged_intents: 0,
            schema_check_once_per_shape: false,
            check_answers: false,
            channels: vec!["general", "当番"],
        }
    }
}

/// A running double.
pub struct DiscordDouble {
    hub: Arc<Hub>,
    server: JoinHandle<()>,
}

impl DiscordDouble {
    /// Starts a double with the usual options.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts a double.
    pub async fn start_with(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let hub = Arc::new(Hub::new(options, address));
        for name in hub.options.channels.clone() {
            hub.change(|state| {
                let id = state.world.next_id(hub.clock.now_ms());
                state.world.add_channel(id, name, None);
            });
        }
        hub.change(|state| {
            state.world.reads_content =
                hub.options.privileged_intents & intents::MESSAGE_CONTENT != 0
        });
        let server = tokio::spawn(server::serve(listener, Arc::clone(&hub)));
        Self { hub, server }
    }

    fn hub(&self) -> &Hub {
        &self.hub
    }

    // What a client needs to know.

    /// Returns the base address, without `/api/v10`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.hub.address)
    }

    /// Returns the gateway's address, as `/gateway` tells it.
    pub fn gateway_url(&self) -> String {
        self.hub.gateway_url()
    }

    /// Returns the bot's token.
    pub fn token(&self) -> String {
        self.hub.token()
    }

    /// Returns the application's id, which is the bot user's id, too.
    pub fn application_id(&self) -> Snowflake {
        self.hub.look().world.app
    }

    /// Returns the guild's id.
    pub fn guild_id(&self) -> Snowflake {
        self.hub.look().world.guild
    }

    /// Returns the id of a text channel by its name.
    pub fn channel(&self, name: &str) -> Snowflake {
        let state = self.hub.look();
        let found = state
            .world
            .channels
            .values()
            .find(|channel| channel.name == name && channel.thread.is_none());
        found
            .unwrap_or_else(|| panic!("the guild has no channel {name:?}"))
            .id
    }

    // Time.

    /// Returns the double's own time in epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.hub.clock.now_ms()
    }

    /// Moves the double's own time.
    pub fn advance(&self, by: Duration) {
        self.hub.clock.advance(by);
        self.hub.change(|_| ());
    }

    /// Waits until something can be seen on the double; fails after 20 seconds, naming what was awaited.
    pub async fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let mut changed = self.hub.changed.subscribe();
        let wait = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = look(self) {
                    return found;
                }
                changed
                    .changed()
                    .await
                    .expect("the double outlives the wait");
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain until {what}; {}", self.story()),
        }
    }

    /// Waits until a bot has identified or resumed.
    pub async fn until_connected(&self) {
        self.until("a bot is connected", |double| {
            (double.hub.look().gateway.live_sessions() > 0).then_some(())
        })
        .await;
    }

    /// Waits until an interaction has got its first answer.
    pub async fn until_answered(&self, id: Snowflake) -> Reply {
        let answered = |double: &Self| {
            Some(double.interaction_reply(id)).filter(|reply| reply.first.is_some())
        };
        self.until(&format!("interaction {id} is answered"), answered)
            .await
    }

    fn story(&self) -> String {
        let state = self.hub.look();
        let last = state.requests.iter().rev().take(20).rev();
        let lines: Vec<String> = last
            .map(|seen| {
                format!(
                    "  {} {} {} -> {}",
                    seen.at_ms, seen.method, seen.path, seen.status
                )
            })
            .collect();
        let (counts, violations) = (state.gateway.counts, &state.violations);
        format!(
            "{counts:?}, violations {violations:?}, last requests:\n{}",
            lines.join("\n")
        )
    }
}

impl Drop for DiscordDouble {
    fn drop(&mut self) {
        self.server.abort();
        self.hub.change(|state| state.gateway.break_wires());
        self.hub.gone.sever();
        if !std::thread::panicking() {
            self.assert_clean();
        }
    }
}
