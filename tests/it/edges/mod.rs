//! The edges: our adapters against other people's systems, doubled or real, over real sockets on loopback.

<<<<<<< HEAD
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod binary;
mod discord;
mod kill;
mod process;
mod race;
=======
mod bad_input;
mod browser;
mod discord;
mod flood;
>>>>>>> browser
mod redmine;
mod site;
