//! The desk itself: ordinary functions over ordinary data, without I/O and without a clock.

pub mod announce;
pub mod board;
pub mod breaker;
pub mod calendar;
pub mod card;
pub mod contract;
pub mod gate;
pub mod ids;
pub mod inquiry;
pub mod notice;
pub mod reach;
pub mod rota;
pub mod routing;
pub mod simulate;
pub mod skew;
pub mod sla;
pub mod staff;
