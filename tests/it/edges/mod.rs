//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

mod bad_input;
mod browser;
mod discord;
mod flood;
mod redmine;
mod site;
