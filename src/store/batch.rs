//! The one writer of SQLite: many small commits share one fsync.
//!
//! Promises: a caller hears only after COMMIT; each commit is decided as if it were alone; a commit that
//! breaks spoils nobody else's. Leaves out: PostgreSQL, where every command is its own transaction.

use super::commit::{put_inquiries, write_alone, write_keys, write_rows};
use super::dialect::{Dialect, Fields};
use super::group::Writes;
use super::prepared::Prepared;
use super::sql::{Args, all, commit, lose, to_json, unavailable};
use crate::app::ports::{CommitError, Committed, Reference, StoreError};
use crate::domain::ids::InquiryId;
use sqlx::{Sqlite, SqliteConnection};
use std::collections::{HashMap, HashSet, VecDeque};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{mpsc, oneshot};

/// The most commits that share a transaction (DESIGN §6).
const MOST: usize = 256;

/// What a caller waits for.
pub(super) type Answer = Result<Committed, CommitError>;

/// A commit that waits for the writer, and whoever waits for it.
pub(super) struct Waiting {
    pub one: Prepared,
    pub tell: oneshot::Sender<Answer>,
}

/// The writer's thread before it writes. It is one of its own: a batch is a dozen words with the database, and among the
/// requests of a flood each would wait its turn behind all of them, while all of them wait for the batch.
pub(super) struct Thread(Runtime);

impl Thread {
    /// # Errors
    /// When the system gives none.
    pub fn new() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread();
        Ok(Thread({ runtime }.enable_time().build()?))
    }

    /// For what else is to be written there.
    pub fn handle(&self) -> Handle {
        self.0.handle().clone()
    }

    /// Starts the writer; it ends when every sender is gone and what waited is written, and then the receiver hears.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        self,
        writes: Writes<Sqlite>,
    ) -> std::io::Result<(mpsc::Sender<Waiting>, oneshot::Receiver<()>)> {
        let (send, receive) = mpsc::channel(MOST * 4);
        let (end, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("batch-writer".to_owned())
            .spawn(move || {
                self.0.block_on(write_all(writes, receive));
                drop(self);
                // Whoever closed may have gone away.
                let _ = end.send(());
            })?;
        Ok((send, ended))
    }
}

async fn write_all(writes: Writes<Sqlite>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut later = VecDeque::new();
    loop {
        if later.is_empty() {
            match waiting.recv().await {
                Some(first) => later.push_back(first),
                None => return,
            }
        }
        while later.len() < MOST
            && let Ok(next) = waiting.try_recv()
        {
            later.push_back(next);
        }
        let batch = take_batch(&mut later);
        write_batch(&writes, batch).await;
    }
}

/// Takes what can be decided together: two commits that could decide each other go one after the other.
fn take_batch(later: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut inquiries = HashSet::new();
    let mut items = HashSet::new();
    let mut keys = HashSet::new();
    let mut batch = Vec::new();
    let mut rest = VecDeque::new();
    for next in later.drain(..) {
        let one = &next.one;
        let is_second = batch.len() >= MOST
            || inquiries.contains(&one.id)
            || (one.expected == 0
                && items.contains(&(one.source.clone(), one.external_id.clone())))
            || one
                .command_key
                .as_ref()
                .is_some_and(|key| keys.contains(key));
        // Also of those put off, so that commits to one thing keep their order.
        inquiries.insert(one.id.clone());
        if one.expected == 0 {
            items.insert((one.source.clone(), one.external_id.clone()));
        }
        keys.extend(one.command_key.clone());
        if is_second {
            rest.push_back(next);
        } else {
            batch.push(next);
        }
    }
    *later = rest;
    batch
}

async fn write_batch(writes: &Writes<Sqlite>, batch: Vec<Waiting>) {
    let (ones, tells): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .map(|waiting| (waiting.one, waiting.tell))
        .unzip();
    let answers = match write_together(writes, &ones).await {
        Together::Done(answers) => answers,
        Together::Unknown(why) => ones
            .iter()
            .map(|_| Err(StoreError::Unknown(why.clone()).into()))
            .collect(),
        Together::Spoilt => {
            let mut answers = Vec::with_capacity(ones.len());
            for one in &ones {
                answers.push(write_one(writes, one).await);
            }
            answers
        }
    };
    for (tell, answer) in tells.into_iter().zip(answers) {
        // A caller that went away is not told; the commit stands.
        let _ = tell.send(answer);
    }
}

enum Together {
    Done(Vec<Answer>),
    /// The answer of COMMIT was lost.
    Unknown(String),
    /// A statement failed and nothing was written.
    Spoilt,
}

async fn write_together(writes: &Writes<Sqlite>, ones: &[Prepared]) -> Together {
    let Ok(mut tx) = writes.begin().await else {
        return Together::Spoilt;
    };
    let Ok(answers) = decide_and_write(&mut tx, ones).await else {
        return Together::Spoilt;
    };
    match commit::<Sqlite>(tx).await {
        Ok(()) => Together::Done(answers),
        Err(StoreError::Unknown(why)) => Together::Unknown(why),
        Err(_) => Together::Spoilt,
    }
}

/// One commit in a transaction of its own.
async fn write_one(writes: &Writes<Sqlite>, one: &Prepared) -> Answer {
    let mut tx = writes.begin().await?;
    match write_alone::<Sqlite>(&mut tx, one).await {
        Ok(answer) => commit(tx).await.map(|()| answer).map_err(Into::into),
        Err(lost) => Err(lose(tx, lost).await?),
    }
}

const VERSIONS: &str = "select id, ref_no, version, coalesce(source_seen, '') as seen from inquiries \
    where id in (select value from json_each($1))";
const ITEMS: &str = "select i.source, i.external_id from json_each($1) as item \
    join inquiries as i on i.source = item.value ->> 0 and i.external_id = item.value ->> 1";
const KEYS: &str = "select key, inquiry, ref_no from command_keys \
    where key in (select value from json_each($1))";

async fn decide_and_write(
    conn: &mut SqliteConnection,
    ones: &[Prepared],
) -> Result<Vec<Answer>, StoreError> {
    let known = Known::read(conn, ones).await?;
    let mut answers: Vec<Option<Answer>> = ones.iter().map(|one| known.loser(one)).collect();
    let fresh = ones
        .iter()
        .zip(&answers)
        .filter(|(one, answer)| answer.is_none() && one.expected == 0)
        .count();
    let mut references = Vec::new();
    if fresh > 0 {
        references = <Sqlite as Dialect>::references(conn, fresh)
            .await
            .map_err(unavailable)?;
    }
    let mut references = references.into_iter();
    let mut winners = Vec::with_capacity(ones.len());
    for (one, answer) in ones.iter().zip(&mut answers) {
        if answer.is_some() {
            continue;
        }
        let reference = match known.inquiries.get(one.id.as_str()) {
            Some(known) => known.reference,
            None => references
                .next()
                .ok_or_else(|| StoreError::Unreadable("too few references".to_owned()))?,
        };
        winners.push((one, reference));
        *answer = Some(Ok(Committed {
            reference: Reference(reference),
            seq: u64::try_from(one.seq).unwrap_or_default(),
        }));
    }
    put_inquiries::<Sqlite>(conn, &winners)
        .await
        .map_err(unavailable)?;
    write_keys::<Sqlite>(conn, &winners)
        .await
        .map_err(unavailable)?;
    write_rows::<Sqlite>(conn, &winners)
        .await
        .map_err(unavailable)?;
    Ok(answers.into_iter().flatten().collect())
}

/// What the database knew of an inquiry before a batch.
struct KnownInquiry {
    reference: i64,
    version: i64,
    /// What was kept of its item at the source; the empty text for nothing.
    seen: String,
}

/// What the database knew of a batch before it.
struct Known {
    inquiries: HashMap<String, KnownInquiry>,
    items: HashSet<(String, String)>,
    keys: HashMap<String, (String, i64)>,
}

impl Known {
    async fn read(conn: &mut SqliteConnection, ones: &[Prepared]) -> Result<Self, StoreError> {
        let mut known = Known {
            inquiries: HashMap::new(),
            items: HashSet::new(),
            keys: HashMap::new(),
        };
        let ids: Vec<&str> = ones.iter().map(|one| one.id.as_str()).collect();
        for row in ask(conn, VERSIONS, &ids).await? {
            let inquiry = KnownInquiry {
                reference: row.int("ref_no")?,
                version: row.int("version")?,
                seen: row.text("seen")?,
            };
            known.inquiries.insert(row.text("id")?, inquiry);
        }
        let items: Vec<_> = ones
            .iter()
            .filter(|one| one.expected == 0)
            .map(|one| (&one.source, &one.external_id))
            .collect();
        for row in ask(conn, ITEMS, &items).await? {
            known
                .items
                .insert((row.text("source")?, row.text("external_id")?));
        }
        let keys: Vec<_> = ones
            .iter()
            .filter_map(|one| one.command_key.as_ref())
            .collect();
        for row in ask(conn, KEYS, &keys).await? {
            known
                .keys
                .insert(row.text("key")?, (row.text("inquiry")?, row.int("ref_no")?));
        }
        Ok(known)
    }

    /// The answer of a commit that came too late; none for a winner.
    fn loser(&self, one: &Prepared) -> Option<Answer> {
        if let Some((inquiry, reference)) =
            one.command_key.as_ref().and_then(|key| self.keys.get(key))
        {
            return Some(Err(CommitError::Repeated {
                inquiry: InquiryId::from(inquiry.as_str()),
                reference: Reference(*reference),
            }));
        }
        let inquiry = self.inquiries.get(&one.id);
        let version = inquiry.map_or(0, |known| known.version);
        let has_other_seen = inquiry
            .zip(one.expected_seen())
            .is_some_and(|(known, expected)| known.seen != expected);
        let is_known_item = one.expected == 0
            && self
                .items
                .contains(&(one.source.clone(), one.external_id.clone()));
        (version != one.expected || is_known_item || has_other_seen)
            .then_some(Err(CommitError::Conflict))
    }
}

async fn ask<T: serde::Serialize>(
    conn: &mut SqliteConnection,
    sql: &'static str,
    about: &[T],
) -> Result<Vec<sqlx::sqlite::SqliteRow>, StoreError> {
    if about.is_empty() {
        return Ok(Vec::new());
    }
    all(conn, sql, Args::<Sqlite>::new().text(to_json(&about)))
        .await
        .map_err(unavailable)
}
