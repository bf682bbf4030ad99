//! The web: deliveries of sources, the API, the desk in the browser, the portal, and what operators look at.
//!
//! A handler authenticates, parses, calls a use case and renders; nothing is decided here. Every error is a
//! problem document (RFC 9457) for machines and a page in the reader's language for people.
//!
//! Promises: a delivery is answered 2xx only after its commit; words from outside are escaped everywhere; a
//! browser's cookie acts only for pages of our own origin. Leaves out: TLS (a proxy's matter) and the
//! verification of deliveries (the `Hooks` port's).

mod api;
mod desk;
mod feeds;
mod guard;
mod guesses;
mod health;
mod hooks;
mod layers;
mod login;
mod markup;
mod page;
mod parts;
mod portal;
mod problem;
mod serve;
mod words;

pub use parts::{Portal, WebOptions, WebParts};
pub use serve::{router, serve};

#[cfg(test)]
mod tests;
