//! Stories: the whole app over a real SQLite with a clock set by hand, told as transcripts.

mod audiences;
mod clocks;
mod contracts;
mod coverage;
mod days;
mod duty_book;
mod gate;
mod handover;
mod identity;
mod lines;
mod offices;
mod rotas;
mod split;
