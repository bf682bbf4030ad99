//! The gateway: sessions and their events by intents; and its moods, when it is to misbehave.
//!
//! What is said on one connection is in `socket`.

mod socket;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::Options;
pub use socket::connect;

/// The bits of intents.
pub mod intents {
    pub const GUILDS: u64 = 1;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that must be switched on in the developer portal first.
    pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// All that Discord defines.
    pub const ALL: u64 = (1 << 17) - 1 + (1 << 20) + (1 << 21) + (1 << 24) + (1 << 25);
}

/// Sends in a minute before the gateway hangs up.
pub const SENDS_PER_MINUTE: usize = 120;
pub const PAYLOAD_MAX: usize = 4_096;

/// How many sessions without a connection are remembered.
const RESUMABLE: usize = 8;

/// How often things happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub connections: u64,
    pub identifies: u64,
    pub resumes: u64,
    /// Resumes that led to RESUMED.
    pub resumed: u64,
    pub heartbeats: u64,
}

/// How the gateway misbehaves.
#[derive(Clone, Copy, Debug)]
pub struct Moods {
    /// Heartbeats are acknowledged.
    pub acks: bool,
    /// A RESUME is answered.
    pub answers_resume: bool,
    /// Connections are taken; else 503.
    pub accepts: bool,
    /// Every interaction is delivered twice.
    pub repeats: bool,
}

/// The gateway's sessions and connections.
pub struct Gateway {
    pub counts: Counts,
    pub moods: Moods,
    sessions: BTreeMap<String, Session>,
    links: BTreeMap<u64, Link>,
    next_link: u64,
    heartbeat_ms: u64,
    privileged: u64,
}

struct Session {
    intents: u64,
    seq: u64,
    sent: VecDeque<(u64, String)>,
    link: Option<u64>,
    last_link: u64,
}

struct Link {
    to: UnboundedSender<Out>,
    session: Option<String>,
}

enum Out {
    Text(String),
    Close(u16, &'static str),
    /// The wire breaks: no close frame.
    Break,
}

impl Gateway {
    /// Makes a gateway that nobody has connected to.
    pub fn new(options: &Options) -> Self {
        Self {
            counts: Counts::default(),
            moods: Moods {
                acks: true,
                answers_resume: true,
                accepts: true,
                repeats: false,
            },
            sessions: BTreeMap::new(),
            links: BTreeMap::new(),
            next_link: 0,
            heartbeat_ms: options.heartbeat.as_millis() as u64,
            privileged: options.privileged_intents,
        }
    }

    /// Sends an event to every session that wants it; sessions without a connection get it when they resume.
    ///
    /// `needs` is the intents of which one suffices, 0 for events that everybody gets.
    pub fn dispatch(&mut self, event: &str, needs: u64, payload: Value) {
        for session in self
            .sessions
            .values_mut()
            .filter(|session| needs == 0 || session.intents & needs != 0)
        {
            session.seq += 1;
            let frame = json!({"op": 0, "s": session.seq, "t": event, "d": payload}).to_string();
            session.sent.push_back((session.seq, frame.clone()));
            if session.sent.len() > 10_000 {
                session.sent.pop_front();
            }
            if let Some(link) = session.link.and_then(|link| self.links.get(&link)) {
                let _ = link.to.send(Out::Text(frame));
            }
        }
    }

    /// Takes a connection away; of the sessions that wait for a RESUME only the latest few are kept.
    fn unlink(&mut self, id: u64) {
        self.links.remove(&id);
        for session in self
            .sessions
            .values_mut()
            .filter(|session| session.link == Some(id))
        {
            session.link = None;
        }
        let mut waiting: Vec<u64> = self
            .sessions
            .values()
            .filter(|s| s.link.is_none())
            .map(|s| s.last_link)
            .collect();
        waiting.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(oldest) = waiting.get(RESUMABLE - 1).copied() {
            self.sessions
                .retain(|_, session| session.link.is_some() || session.last_link >= oldest);
        }
    }

    /// Counts the sessions that have a connection.
    pub fn live_sessions(&self) -> usize {
        self.sessions
            .values()
            .filter(|session| session.link.is_some())
            .count()
    }

    /// Counts the open connections.
    pub fn open_links(&self) -> usize {
        self.links.len()
    }

    /// Asks everybody to reconnect (op 7).
    pub fn ask_reconnect(&mut self) {
        self.everybody(|| Out::Text(json!({"op": 7, "d": null}).to_string()));
    }

    /// Asks everybody for a heartbeat at once (op 1).
    pub fn ask_heartbeat(&mut self) {
        self.everybody(|| Out::Text(json!({"op": 1, "d": null}).to_string()));
    }

    /// Declares every session invalid (op 9); one that is not resumable is forgotten.
    pub fn invalidate(&mut self, resumable: bool) {
        self.everybody(|| Out::Text(json!({"op": 9, "d": resumable}).to_string()));
        if !resumable {
            self.forget_sessions();
        }
    }

    /// Forgets every session, so that a later RESUME is refused.
    pub fn forget_sessions(&mut self) {
        self.sessions.clear();
        self.links.values_mut().for_each(|link| link.session = None);
    }

    /// Breaks every connection without a word.
    pub fn break_wires(&mut self) {
        self.everybody(|| Out::Break);
    }

    /// Closes every connection with a code.
    pub fn close(&mut self, code: u16, reason: &'static str) {
        self.everybody(|| Out::Close(code, reason));
    }

    fn everybody(&mut self, out: impl Fn() -> Out) {
        for link in self.links.values() {
            let _ = link.to.send(out());
        }
    }
}
