//! The use cases: load, decide, commit; and the ports that the outside implements.

pub mod access;
mod arrange;
mod conversation;
pub mod desk;
pub mod duties;
mod facts;
pub mod health;
pub mod ledger;
pub mod moment;
pub mod outgoing;
mod passing;
mod perform;
mod polling;
pub mod portal;
pub mod ports;
pub mod receive;
mod refusals;
mod requests;
pub mod secret;
pub mod setup;
pub mod snapshot;
pub mod source_config;
pub mod verbs;
pub mod views;
pub mod wording;
