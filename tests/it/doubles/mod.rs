//! Doubles of other people's systems: real servers on loopback that behave as the originals do.
//!
//! Our own code is never doubled here. A double refuses what the original refuses and remembers it.

pub mod discord;
pub mod issue_tracker;
pub mod rakuraku;
pub mod trackers;
pub mod zendesk;
