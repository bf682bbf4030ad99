//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

mod discord;
mod redmine;
