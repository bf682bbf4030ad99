//! What the tests of this crate share: manual clock, fake platform, the World of the stories.

#![allow(clippy::unwrap_used)]

pub mod clock;
mod folder;
pub mod inquiry;
pub mod platform;
pub mod postgres;
pub mod redmine;
pub mod request_tracker;
pub mod world;

/// The context of a sample post, for tests of words in any room.
pub use crate::chat::contract::sample_context;
