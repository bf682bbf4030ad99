//! The desk itself: ordinary functions over ordinary data, without I/O and without a clock.
pub mod ids;
