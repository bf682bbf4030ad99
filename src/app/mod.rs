//! The use cases: load, decide, commit; and the ports that the outside implements.

pub mod ledger;
pub mod ports;
pub mod secret;
pub mod setup;
pub mod snapshot;
pub mod source_config;
pub mod verbs;
pub mod wording;
