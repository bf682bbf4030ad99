//! The promises: what is due when, why, and who hears of it.

mod account;
mod agenda;
mod awake;
mod due;
mod explain;
mod policy;

pub use account::{account, policies_of};
pub use agenda::{Item, What, agenda, deadline, due_now, hand_to_duty_at, next_after, place};
pub use awake::Case;
pub use due::{
    Left, Verdict, amount, due_at, due_from, internal_verdicts, left, moved_between, next_promise,
    step_at, verdicts,
};
pub use explain::{Because, Cause, Closed, Line, Skip, explain};
pub use policy::*;

#[cfg(test)]
mod tests;
