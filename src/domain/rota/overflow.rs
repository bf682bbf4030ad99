//! Overflow: when there is more than one person can hold, the next on the rota joins as second duty.
//!
//! Promises: a pure rule of three numbers. Between joining and leaving lies some room, so that a count that goes up
//! and down by one calls nobody twice. Leaves out who joins and what counts (`app/overflow.rs`).

/// What becomes of the second duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    Joins,
    Leaves,
}

/// Weighs how much is open against what one person is to hold; 0 never calls a second.
///
/// `open` counts what the duty (and a second who has joined) hold, and what nobody has.
pub fn weigh(limit: u32, open: u64, has_second: bool) -> Option<Overflow> {
    match (limit, has_second) {
        (0, true) => Some(Overflow::Leaves),
        (0, false) => None,
        (_, false) => (open > u64::from(limit)).then_some(Overflow::Joins),
        (_, true) => (open <= u64::from(eased(limit))).then_some(Overflow::Leaves),
    }
}

/// At how many open ones the second may go: a quarter below the limit, at least one.
pub fn eased(limit: u32) -> u32 {
    limit.saturating_sub((limit / 4).max(1))
}

#[cfg(test)]
mod tests;
