//! The store on SQLite and PostgreSQL, one text of SQL for both wherever they agree.
//!
//! Promises: [`open`] gives every port of the store as one value; each of its functions is one transaction;
//! what a caller heard of is durable. Lease time is the database's on PostgreSQL and a monotonic clock of
//! the process on SQLite, whose file only one process writes; every other instant is an argument.
//! Leaves out: any decision. No driver's type leaves this folder.
//!
//! A NUL inside text cannot be kept by PostgreSQL and answers an error there; intake refuses it before.

mod access;
mod audit;
mod audit_duty;
mod batch;
mod boards;
mod cards;
mod commit;
mod contracts;
mod desk;
mod dialect;
mod duties;
mod duty_book;
mod feeds;
mod group;
mod inquiries;
mod intake;
mod issues;
mod items;
mod keeping;
mod kept;
mod mails;
mod migrations;
mod open;
mod outbox;
mod page;
mod pings;
mod prepared;
mod shown;
mod sql;
mod timers;

#[cfg(test)]
mod conformance;

pub use open::{Access, OpenError, OpenOptions, migrate, open};

use dialect::Dialect;
use group::Writes;
use sqlx::Pool;
use std::sync::Mutex;
use tokio::sync::{mpsc, oneshot};

/// The store on one of the databases.
struct SqlStore<DB: Dialect> {
    reads: Pool<DB>,
    /// On SQLite one connection, so that writers queue here and never at the file.
    writes: Writes<DB>,
    route: Route,
    /// Kept while this process writes the file.
    lock: Mutex<Option<std::fs::File>>,
}

/// The way of a commit.
enum Route {
    /// Each in a transaction of its own.
    Alone,
    /// Through the writer that lets many share an fsync; `None` after closing.
    Batched(Mutex<Option<Writer>>),
}

/// The batching writer: its door, and its end to wait for.
struct Writer {
    door: mpsc::Sender<batch::Waiting>,
    ended: oneshot::Receiver<()>,
}
