//! The use cases: load, decide, commit; and the ports that the outside implements.

pub mod desk;
pub mod duties;
pub mod ledger;
pub mod moment;
mod passing;
mod perform;
pub mod ports;
pub mod receive;
mod refusals;
pub mod secret;
pub mod setup;
pub mod snapshot;
pub mod source_config;
pub mod verbs;
pub mod views;
pub mod wording;
