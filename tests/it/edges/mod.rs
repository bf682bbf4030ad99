//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod binary;
mod discord;
mod kill;
mod process;
mod race;
mod redmine;
