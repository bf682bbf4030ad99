//! Where inquiries come from: webhook, poll and portal; presets are data.

pub mod signature;
