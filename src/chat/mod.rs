//! Chat platforms: one folder each, behind the `Platform` port. They translate; they never decide and never meet.
//!
//! Adding one touches its folder and one line here. What every platform must keep is in [`contract`]; each
//! runs it in its tests. Leaves out: which platforms a desk uses (the configuration says) and every decision.

#[doc(hidden)]
pub mod contract;
pub mod desk;
pub mod discord;
