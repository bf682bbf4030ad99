//! The promises: what is due when, why, and who hears of it.

mod agenda;
mod awake;
mod due;
mod explain;
mod policy;

pub use agenda::{Item, What, agenda, deadline, due_now, next_after};
pub use awake::Case;
pub use due::{Verdict, due_at, next_promise, step_at, verdicts};
pub use explain::{Line, Skip, explain};
pub use policy::*;

#[cfg(test)]
mod tests;
