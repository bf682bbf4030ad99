//! Stories: the whole app over a real SQLite with a clock set by hand, told as transcripts.

mod audiences;
mod clocks;
mod coverage;
mod days;
mod duty_book;
mod gate;
mod handover;
mod lines;
mod offices;
mod rotas;
