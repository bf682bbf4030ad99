//! Chat platforms: one folder each. They translate; they never decide and never meet.

pub mod desk;
