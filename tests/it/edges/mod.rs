//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

mod bad_input;
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod binary;
mod browser;
mod discord;
mod feeds;
mod flood;
mod kill;
mod lost_commit;
mod mail;
mod process;
mod race;
mod rakuraku;
mod redmine;
mod site;
mod tracker;
mod two;
