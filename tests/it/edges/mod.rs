//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

mod back;
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
mod mailbox;
mod process;
mod race;
mod rakuraku;
mod redmine;
mod request_tracker;
mod site;
mod tracker;
mod trackers;
mod two;
mod zendesk;
