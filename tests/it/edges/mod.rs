//! The edges: our adapters against doubles of other people's systems, over real sockets on loopback.

mod discord;
