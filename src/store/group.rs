//! The transactions that write, and how many of them share one fsync.
//!
//! On SQLite one connection writes. Whoever wants to write gets a savepoint in the transaction that is open there; it is
//! committed when nobody else waits, and only then does anybody hear that it is done. So each is all or nothing by
//! itself, none is told before it is durable, and under load one wait for the disk serves many. On PostgreSQL each is a
//! transaction of its own. Leaves out the commits of commands, which `batch` writes together in fewer statements; such
//! a batch has one seat here.

use super::dialect::Dialect;
use super::sql::unavailable;
use crate::app::ports::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{Pool, SqlStr, Transaction};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// The most seats of one transaction: nobody waits longer for company than this takes to write.
const MOST: usize = 64;

/// Where transactions that write come from. Cheap to clone.
pub(super) struct Writes<DB: Dialect> {
    pool: Pool<DB>,
    group: Option<Arc<Group<DB>>>,
    /// The writer's thread, for those who are often in the way of others.
    thread: Option<Handle>,
}

impl<DB: Dialect> Clone for Writes<DB> {
    fn clone(&self) -> Self {
        Writes {
            pool: self.pool.clone(),
            group: self.group.clone(),
            thread: self.thread.clone(),
        }
    }
}

/// What is done in a transaction.
pub(super) type Work<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// A transaction that writes. Dropped without [`Tx::commit`], it never was.
pub(super) enum Tx<DB: Dialect> {
    Own(Transaction<'static, DB>),
    Shared(Seat<DB>),
}

/// What is shared.
pub(super) struct Group<DB: Dialect> {
    open: Arc<Mutex<Open<DB>>>,
    /// How many want a seat and have none yet.
    waiting: AtomicUsize,
}

/// The transaction that is open now. It is begun and ended by statements of our own: a driver that counts its
/// transactions is out of step for ever once the database has given one up by itself, as on a full disk.
struct Open<DB: Dialect> {
    tx: Option<PoolConnection<DB>>,
    /// Who has written and waits for COMMIT.
    told: Vec<oneshot::Sender<Result<(), StoreError>>>,
}

/// A savepoint of one's own; while it is held nobody else writes.
pub(super) struct Seat<DB: Dialect> {
    group: Arc<Group<DB>>,
    /// `None` once it is given up.
    open: Option<OwnedMutexGuard<Open<DB>>>,
    /// Its caller has asked for COMMIT.
    is_kept: bool,
}

const TAKE: &str = "savepoint seat";
const KEEP: &str = "release savepoint seat";
const UNDO: &str = "rollback to savepoint seat";
const COMMIT: &str = "commit";
const ROLLBACK: &str = "rollback";

impl<DB: Dialect> Writes<DB> {
    /// Each transaction for itself.
    pub fn alone(pool: Pool<DB>) -> Self {
        Writes {
            pool,
            group: None,
            thread: None,
        }
    }

    /// All through one connection, together; what is handed over by [`Writes::with`] on a thread of the writer.
    pub fn together(pool: Pool<DB>, thread: Handle) -> Self {
        let open = Open {
            tx: None,
            told: Vec::new(),
        };
        let group = Group {
            open: Arc::new(Mutex::new(open)),
            waiting: AtomicUsize::new(0),
        };
        Writes {
            pool,
            group: Some(Arc::new(group)),
            thread: Some(thread),
        }
    }

    /// Does what needs a transaction, in few words with the database.
    ///
    /// While a seat is held all others wait, so on SQLite it is not held among the requests of a flood, where each word
    /// would wait its turn, but on the writer's thread.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(Tx<DB>) -> Work<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writes = self.clone();
        let doing = async move { work(writes.begin().await?).await };
        match &self.thread {
            None => doing.await,
            Some(thread) => thread.spawn(doing).await.map_err(|_| ended())?,
        }
    }

    /// Opens a transaction. What it reads may have been written by others who share it: whoever answers by that commits
    /// first, or undoes ([`Tx::undo`]), for before nobody knows that it lasts, and no reader sees it.
    pub async fn begin(&self) -> Result<Tx<DB>, StoreError> {
        match &self.group {
            None => {
                let begun = self.pool.begin_with(DB::BEGIN_WRITE).await;
                Ok(Tx::Own(begun.map_err(unavailable)?))
            }
            Some(group) => Ok(Tx::Shared(Seat::take(group, &self.pool).await?)),
        }
    }

    /// Waits for what is under way, and closes.
    pub async fn close(&self) {
        if let Some(group) = &self.group {
            // What a caller left open who ended together with its runtime would never come back to the pool.
            let mut open = group.open.lock().await;
            give_up(&mut open).await;
            open.told.clear();
        }
        self.pool.close().await;
    }
}

impl<DB: Dialect> Tx<DB> {
    /// Makes it durable; a lost answer is [`StoreError::Unknown`].
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Tx::Own(tx) => tx.commit().await.map_err(not_committed::<DB>),
            Tx::Shared(seat) => seat.commit().await,
        }
    }

    /// Undoes it, and waits until what it saw of others is durable. Whoever lost to somebody looks again at what there is:
    /// it finds what it lost to, and does not lose to the same once more.
    pub async fn undo(self) -> Result<(), StoreError> {
        match self {
            Tx::Own(tx) => tx.rollback().await.map_err(unavailable),
            Tx::Shared(seat) => seat.undo().await,
        }
    }
}

fn not_committed<DB: Dialect>(error: sqlx::Error) -> StoreError {
    if DB::is_commit_unknown(&error) {
        StoreError::Unknown(error.to_string())
    } else {
        unavailable(error)
    }
}

impl<DB: Dialect> Deref for Tx<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Tx::Own(tx) => tx,
            Tx::Shared(seat) => seat.tx(),
        }
    }
}

impl<DB: Dialect> DerefMut for Tx<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Tx::Own(tx) => tx,
            Tx::Shared(seat) => seat.tx_mut(),
        }
    }
}

fn ended() -> StoreError {
    StoreError::Unknown("the writer ended before it answered".to_owned())
}

/// Counts whoever waits for a seat, however the waiting ends.
struct InQueue<'a, DB: Dialect> {
    group: &'a Arc<Group<DB>>,
    has_seat: bool,
}

impl<DB: Dialect> Drop for InQueue<'_, DB> {
    fn drop(&mut self) {
        let is_last = self.group.waiting.fetch_sub(1, Ordering::SeqCst) == 1;
        if is_last && !self.has_seat {
            // Those before may have left the commit to us, who now go away.
            let group = self.group.clone();
            spawn(async move {
                let open = group.open.clone().lock_owned().await;
                group.go_on(open).await;
            });
        }
    }
}

impl<DB: Dialect> Group<DB> {
    /// Leaves the transaction to whoever waits for a seat; commits it when there is nobody, or when it is full.
    async fn go_on(&self, open: OwnedMutexGuard<Open<DB>>) {
        if self.is_over(&open) {
            finish(open).await;
        }
    }

    fn is_over(&self, open: &Open<DB>) -> bool {
        open.told.len() >= MOST || self.waiting.load(Ordering::SeqCst) == 0
    }
}

impl<DB: Dialect> Seat<DB> {
    async fn take(group: &Arc<Group<DB>>, pool: &Pool<DB>) -> Result<Self, StoreError> {
        group.waiting.fetch_add(1, Ordering::SeqCst);
        let mut queue = InQueue {
            group,
            has_seat: false,
        };
        let mut seat = Seat {
            group: group.clone(),
            open: Some(group.open.clone().lock_owned().await),
            is_kept: false,
        };
        queue.has_seat = true;
        drop(queue);
        let open = seat.open.as_mut().expect("it was just taken");
        if open.tx.is_none() {
            open.tx = Some(pool.acquire().await.map_err(unavailable)?);
            if let Err(error) = run::<DB>(open, DB::BEGIN_WRITE).await {
                give_up(open).await;
                return Err(unavailable(error));
            }
        }
        run::<DB>(open, TAKE).await.map_err(unavailable)?;
        Ok(seat)
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        // From here on it happens, also for a caller who goes away.
        self.is_kept = true;
        let open = self.open.as_mut().expect("a seat is given up once");
        if let Err(error) = run::<DB>(open, KEEP).await {
            // The savepoint is gone, and with it the transaction: whoever shares it must hear that too.
            self.is_kept = false;
            return Err(unavailable(error));
        }
        let (tell, told) = oneshot::channel();
        open.told.push(tell);
        let open = self.open.take().expect("a seat is given up once");
        if self.group.is_over(&open) {
            // In a task of its own, so that a caller who goes away takes nobody with them.
            spawn(finish(open));
        } else {
            drop(open);
        }
        told.await.map_err(|_| ended())?
    }

    async fn undo(mut self) -> Result<(), StoreError> {
        let open = self.open.take().expect("a seat is given up once");
        let group = self.group.clone();
        let (tell, told) = oneshot::channel();
        // In a task of its own, as when it is dropped.
        spawn(async move {
            let mut open = undone(open).await;
            if open.told.is_empty() {
                // Nobody has written anything that is not durable.
                let _ = tell.send(Ok(()));
            } else {
                open.told.push(tell);
            }
            group.go_on(open).await;
        });
        told.await.map_err(|_| ended())?
    }

    fn tx(&self) -> &DB::Connection {
        let open = self.open.as_ref().expect("a seat is given up once");
        open.tx.as_ref().expect("a seat is in a transaction")
    }

    fn tx_mut(&mut self) -> &mut DB::Connection {
        let open = self.open.as_mut().expect("a seat is given up once");
        open.tx.as_mut().expect("a seat is in a transaction")
    }
}

impl<DB: Dialect> Drop for Seat<DB> {
    fn drop(&mut self) {
        let Some(open) = self.open.take() else { return };
        let (group, is_kept) = (self.group.clone(), self.is_kept);
        // Not in this thread's time: it takes a word with the database.
        spawn(async move {
            let open = if is_kept {
                kept(open).await
            } else {
                undone(open).await
            };
            group.go_on(open).await;
        });
    }
}

/// Keeps what a caller wrote who went away while it was being kept; the word may have been said already.
async fn kept<DB: Dialect>(mut open: OwnedMutexGuard<Open<DB>>) -> OwnedMutexGuard<Open<DB>> {
    let _ = run::<DB>(&mut open, KEEP).await;
    open
}

/// Undoes what a caller wrote who gave up.
async fn undone<DB: Dialect>(mut open: OwnedMutexGuard<Open<DB>>) -> OwnedMutexGuard<Open<DB>> {
    if open.tx.is_none() {
        return open;
    }
    let undone =
        run::<DB>(&mut open, UNDO).await.is_ok() && run::<DB>(&mut open, KEEP).await.is_ok();
    if !undone {
        // The database has given up the whole transaction, and with it everybody's seat.
        give_up(&mut open).await;
        for tell in open.told.drain(..) {
            let lost = "the transaction that it shared was rolled back".to_owned();
            let _ = tell.send(Err(StoreError::Unavailable(lost)));
        }
    }
    open
}

async fn finish<DB: Dialect>(mut open: OwnedMutexGuard<Open<DB>>) {
    if open.tx.is_none() {
        return;
    }
    let done = run::<DB>(&mut open, COMMIT).await;
    let done = done.map(drop).map_err(not_committed::<DB>);
    if done.is_err() {
        give_up(&mut open).await;
    }
    open.tx = None;
    for tell in open.told.drain(..) {
        // Who went away is not told; the commit stands.
        let _ = tell.send(done.clone());
    }
}

/// Ends a transaction that went wrong together with its connection; the next one gets a new connection.
async fn give_up<DB: Dialect>(open: &mut Open<DB>) {
    if open.tx.is_none() {
        return;
    }
    let _ = run::<DB>(open, ROLLBACK).await;
    if let Some(conn) = open.tx.take() {
        let _ = conn.close().await;
    }
}

/// At the end of the runtime nothing is committed any more, and whoever waits hears that it is unknown.
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(task);
    }
}

async fn run<DB: Dialect>(open: &mut Open<DB>, sql: &'static str) -> sqlx::Result<u64> {
    let tx = open.tx.as_mut().expect("a seat is in a transaction");
    DB::run(tx, SqlStr::from_static(sql), DB::Arguments::default()).await
}

#[cfg(test)]
mod tests;
