//! The one place where the double's parts meet: state behind a lock, the clock, and word of every change.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard};

use serde_json::Value;
use tokio::sync::watch;

use super::cable::Cable;
use super::clock::Clock;
use super::errors::Problem;
use super::faults::{Buckets, Faults};
use super::gateway::Gateway;
use super::model::World;
use super::validate::Shapes;
use super::{Options, Snowflake};

/// A request that was seen, as tests may ask for it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// The route as the official description names it; empty if it knows none.
    pub template: &'static str,
    pub body: Value,
    /// The files that came along, as texts.
    pub files: Vec<String>,
    /// What it was answered; 0 while, or if, there was no answer.
    pub status: u16,
    /// Whether it met a limit that others share: those do not count against the bot.
    pub is_shared_limit: bool,
    pub at_ms: i64,
}

/// A forbidden request.
#[derive(Clone, Debug)]
pub struct Violation {
    pub method: String,
    pub path: String,
    pub body: Value,
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for problem in &self.problems {
            write!(
                f,
                "\n    {} [{}] {}",
                problem.at, problem.code, problem.says
            )?;
        }
        write!(f, "\n    body: {}", self.body)
    }
}

/// What can change.
pub struct State {
    pub world: World,
    pub gateway: Gateway,
    pub faults: Faults,
    pub buckets: Buckets,
    pub requests: Vec<Seen>,
    pub violations: Vec<Violation>,
    pub is_token_valid: bool,
}

/// The double's middle.
pub struct Hub {
    state: Mutex<State>,
    pub clock: Clock,
    pub options: Options,
    pub address: SocketAddr,
    pub shapes: Option<Shapes>,
    pub changed: watch::Sender<u64>,
    pub released: watch::Sender<u64>,
    /// Cuts every connection, once the double is gone.
    pub gone: Cable,
}

impl Hub {
    /// Makes the middle of a double that listens on the given address.
    pub fn new(options: Options, address: SocketAddr) -> Self {
        let clock = Clock::new(options.clock.clone());
        let state = State {
            world: World::new(clock.now_ms()),
            gateway: Gateway::new(&options),
            faults: Faults::default(),
            buckets: Buckets::default(),
            requests: Vec::new(),
            violations: Vec::new(),
            is_token_valid: true,
        };
        Self {
            state: Mutex::new(state),
            clock,
            address,
            shapes: options.schema_check_once_per_shape.then(Shapes::default),
            options,
            changed: watch::Sender::new(0),
            released: watch::Sender::new(0),
            gone: Cable::default(),
        }
    }

    /// Locks the state to look at it.
    pub fn look(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Changes the state and tells everybody who waits for a change.
    pub fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let outcome = act(&mut self.look());
        self.changed.send_modify(|version| *version += 1);
        outcome
    }

    /// Returns the bot's token, shaped like a real one.
    pub fn token(&self) -> String {
        token(self.look().world.app)
    }

    /// Returns the address of the gateway.
    pub fn gateway_url(&self) -> String {
        format!("ws://{}", self.address)
    }
}

/// Makes the token of an application: its id in base64, and two parts nobody can read.
pub fn token(app: Snowflake) -> String {
    use base64::Engine;
    let id = base64::engine::general_purpose::STANDARD_NO_PAD.encode(app.to_string());
    format!("{id}.GdOuBl.tHiS-iS-tHe-tOkEn-oF-a-DoUbLe_0123456")
}
