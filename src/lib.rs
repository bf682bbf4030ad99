//! toban (当番): the escalation desk that lives in a team's chat.
//!
//! Support hands an inquiry up; toban takes it in, posts it where the engineers talk, lets exactly one of
//! them own it, keeps every promise about response times visible and explained, and turns the duty over
//! every working day.
//!
//! Arrows point inward only: `chat`, `mail`, `web`, `sources` and `engine` call `app`; `app` calls `domain`;
//! `store` implements the ports that `app` declares. `time`, `expr`, `i18n`, `net`, `tabular` and `clock` are leaves.

pub mod app;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod engine;
pub mod expr;
pub mod i18n;
pub mod ical;
pub mod mail;
pub mod net;
pub mod sources;
pub mod store;
pub mod tabular;
#[doc(hidden)]
pub mod testkit;
pub mod time;
pub mod web;
