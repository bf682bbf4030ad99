//! The desk itself: ordinary functions over ordinary data, without I/O and without a clock.
pub mod calendar;
pub mod ids;
pub mod rota;
