//! Stories: the whole app over a real SQLite with a clock set by hand, told as transcripts.

mod audiences;
mod days;
mod rotas;
