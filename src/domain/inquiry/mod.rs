//! The inquiry: what it is, what can be asked of it, what happened to it.
//!
//! `open` and `decide` turn a command into events or a refusal, `evolve` folds an event into the state,
//! [`crate::domain::sla::deadline`] tells the next instant anything is due. All four are pure: the same
//! arguments give the same answer on any replica and at any time.
//!
//! Outside words (title, body, notes, names) are never here: the state and the events hold
//! [`TextId`](crate::domain::ids::TextId)s, so that a person's words can be erased and the ledger stays whole.
//! Two fields hold the same words exactly if they hold the same id; whoever makes commands sees to that.

mod answers;
mod clocks;
mod command;
mod contract;
mod decide;
mod event;
mod evolve;
mod handoff;
mod intake;
mod link;
mod refusal;
mod state;
mod tracking;

pub use answers::{Given, Settled};
pub use clocks::{Clock, EndedRun, Ending, Pause, Run, StepSaid};
pub use command::{Command, Receive, Resolution};
pub use contract::{
    CheckEffect, Checked, ContractStanding, Exception, Hold, Meanwhile, is_receipts_check,
};
pub use decide::{
    adopt, compare_revisions, decide, is_ahead, open, update_and_check, urgent_since,
};
pub use event::{Entry, Event, Moved};
pub use evolve::{evolve, refold};
pub use handoff::{Answered, Handoff, HandoffAnswer, NextBy, NextStep, Otherwise};
pub use intake::{Bounce, Intake, Moving, Referral, ReferredTo, Routed};
pub use link::{Link, LinkKind, LinkStanding, Linked, Relation, is_split_id, item_of, split_id};
pub use refusal::Refusal;
pub use state::*;
pub use tracking::{Filing, Tracked, shown_issue};

#[cfg(test)]
pub(crate) mod tests;
