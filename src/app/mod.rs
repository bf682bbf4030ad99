//! The use cases: load, decide, commit; and the ports that the outside implements.

pub mod ledger;
pub mod ports;
pub mod setup;
pub mod verbs;
pub mod wording;
