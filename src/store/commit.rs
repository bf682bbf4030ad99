//! What one command changes, written in one transaction.
//!
//! Promises: everything or nothing; the version decides who was first. Leaves out: how many commits share
//! a transaction, which is `batch` on SQLite and always one on PostgreSQL.

use super::boards;
use super::dialect::{Dialect, Fields};
use super::issues::write_tracked;
use super::outbox::insert_outbox;
use super::pings::insert_pings;
use super::prepared::Prepared;
use super::sql::{Args, Insert, all, run, unavailable};
use crate::app::ports::{CommitError, Committed, Reference, StoreError, TimerKind};
use crate::domain::ids::InquiryId;

const BY_COMMAND_KEY: &str = "select inquiry, ref_no from command_keys where key = $1";
const BY_EXTERNAL: &str = "select id from inquiries where source = $1 and external_id = $2";
const ADVANCE: &str = "update inquiries set queue = $1, owner = $2, stage = $3, severity = $4, version = $5, \
    deadline_at_ms = $6, portal_key = coalesce($7, portal_key), policy = $8, doc = $9, contract = $10, there = $13, \
    source_seen = coalesce($14, source_seen), source_mark = $15 where id = $11 and version = $12 \
    and coalesce(source_seen, '') = coalesce($16, source_seen, '') returning ref_no";

/// Writes one commit in a transaction that the caller opened and will end.
///
/// # Errors
/// After any the transaction can only be rolled back (to where it was before).
pub(super) async fn write_alone<DB: Dialect>(
    conn: &mut DB::Connection,
    one: &Prepared,
) -> Result<Committed, CommitError> {
    refuse_repeat::<DB>(conn, one).await?;
    let reference = if one.expected == 0 {
        insert_new::<DB>(conn, one).await?
    } else {
        let args = Args::<DB>::new()
            .text(&one.queue)
            .maybe_text(one.owner.as_ref())
            .text(one.stage)
            .text(&one.severity)
            .int(one.seq)
            .maybe_int(one.deadline_at)
            .maybe_text(one.portal_key.as_ref())
            .text(&one.policy)
            .text(&one.doc)
            .maybe_text(one.contract)
            .text(&one.id)
            .int(one.expected)
            .text(one.there)
            .maybe_text(one.seen.as_ref().and_then(|seen| seen.seen.as_ref()))
            .maybe_text(one.seen.as_ref().and_then(|seen| seen.mark.as_ref()))
            .maybe_text(one.expected_seen());
        let rows = all(conn, ADVANCE, args)
            .await
            .map_err(lost_or_unavailable::<DB>)?;
        rows.first().ok_or(CommitError::Conflict)?.int("ref_no")?
    };
    let winner = [(one, reference)];
    let keys = write_keys::<DB>(conn, &winner)
        .await
        .map_err(lost_or_unavailable::<DB>)?;
    if keys < u64::from(one.command_key.is_some()) {
        // Somebody committed the same key since we looked; now it can be seen.
        refuse_repeat::<DB>(conn, one).await?;
        return Err(CommitError::Conflict);
    }
    write_rows::<DB>(conn, &winner)
        .await
        .map_err(lost_or_unavailable::<DB>)?;
    Ok(Committed {
        reference: Reference(reference),
        seq: u64::try_from(one.seq).unwrap_or_default(),
    })
}

async fn refuse_repeat<DB: Dialect>(
    conn: &mut DB::Connection,
    one: &Prepared,
) -> Result<(), CommitError> {
    let Some(key) = &one.command_key else {
        return Ok(());
    };
    let rows = all(conn, BY_COMMAND_KEY, Args::<DB>::new().text(key))
        .await
        .map_err(lost_or_unavailable::<DB>)?;
    match rows.first() {
        None => Ok(()),
        Some(row) => Err(CommitError::Repeated {
            inquiry: InquiryId::from(row.text("inquiry")?),
            reference: Reference(row.int("ref_no")?),
        }),
    }
}

/// Looks before it takes a reference, so that a known item leaves no gap; a race is settled by the unique key.
async fn insert_new<DB: Dialect>(
    conn: &mut DB::Connection,
    one: &Prepared,
) -> Result<i64, CommitError> {
    let args = Args::<DB>::new().text(&one.source).text(&one.external_id);
    let known = all(conn, BY_EXTERNAL, args)
        .await
        .map_err(lost_or_unavailable::<DB>)?;
    if !known.is_empty() {
        return Err(CommitError::Conflict);
    }
    let reference = *DB::references(conn, 1)
        .await
        .map_err(unavailable)?
        .first()
        .ok_or_else(|| StoreError::Unreadable("no reference was given out".to_owned()))?;
    let inserted = INSERT_NEW
        .run::<DB, _>(conn, vec![(one, reference)], inquiry_values)
        .await
        .map_err(|error| match error.as_database_error() {
            Some(known) if known.is_unique_violation() => CommitError::Conflict,
            Some(_) | None => lost_or_unavailable::<DB>(error),
        })?;
    if inserted == 1 {
        Ok(reference)
    } else {
        Err(CommitError::Conflict)
    }
}

pub(super) fn lost_or_unavailable<DB: Dialect>(error: sqlx::Error) -> CommitError {
    if DB::is_lost_race(&error) {
        CommitError::Conflict
    } else {
        unavailable(error).into()
    }
}

const INQUIRY_COLUMNS: &str = "insert into inquiries (id, ref_no, queue, source, external_id, owner, stage, severity, \
    version, deadline_at_ms, received_at_ms, portal_key, policy, doc, contract, there, source_seen, source_mark)";
static INSERT_NEW: Insert = Insert::new(INQUIRY_COLUMNS, 18, "");
/// Only where the versions were compared before, by somebody who writes alone.
static PUT_INQUIRIES: Insert = Insert::new(
    INQUIRY_COLUMNS,
    18,
    "on conflict (id) do update set queue = excluded.queue, owner = excluded.owner, stage = excluded.stage, \
     severity = excluded.severity, version = excluded.version, deadline_at_ms = excluded.deadline_at_ms, \
     portal_key = coalesce(excluded.portal_key, inquiries.portal_key), policy = excluded.policy, doc = excluded.doc, \
     contract = excluded.contract, there = excluded.there, \
     source_seen = coalesce(excluded.source_seen, inquiries.source_seen), source_mark = excluded.source_mark",
);
static INSERT_QUEUES: Insert =
    Insert::new("insert into queues (id)", 1, "on conflict (id) do nothing");
static INSERT_EVENTS: Insert = Insert::new(
    "insert into events (inquiry, seq, at_ms, actor, via, kind, v, body)",
    8,
    "",
);
static INSERT_TEXTS: Insert = Insert::new("insert into texts (id, inquiry, body)", 3, "");
static INSERT_KEYS: Insert = Insert::new(
    "insert into command_keys (key, inquiry, ref_no, at_ms)",
    4,
    "on conflict (key) do nothing",
);
/// A commit ends whatever lease there was: the holder's late answer must not undo the new deadline. The epoch
/// starts at the ledger's length times 2^32, so that a row that went and came back never repeats one.
static PUT_TIMERS: Insert = Insert::new(
    "insert into timers (kind, subject, due_at_ms, epoch)",
    4,
    "on conflict (kind, subject) do update set due_at_ms = excluded.due_at_ms, holder = null, lease_until_ms = null, \
     epoch = case when timers.epoch >= excluded.epoch then timers.epoch + 1 else excluded.epoch end",
);
const REMOVE_TIMER: &str = "delete from timers where kind = $1 and subject = $2";
static PUT_CARDS: Insert = Insert::new(
    "insert into cards (inquiry, platform, channel, wanted)",
    4,
    "on conflict (inquiry, platform, channel) do update set wanted = excluded.wanted",
);

/// As if less than nothing had been shown: whoever holds one now, or posts it for the first time, shows what is no longer so,
/// and when they are done nothing is shown. Their lease stays theirs.
const SHOW_ANEW: &str = "update cards set shown = -1, retry_at_ms = null where inquiry = $1";

fn inquiry_values<DB: Dialect>(args: Args<DB>, (one, reference): (&Prepared, i64)) -> Args<DB> {
    args.text(&one.id)
        .int(reference)
        .text(&one.queue)
        .text(&one.source)
        .text(&one.external_id)
        .maybe_text(one.owner.as_ref())
        .text(one.stage)
        .text(&one.severity)
        .int(one.seq)
        .maybe_int(one.deadline_at)
        .int(one.received_at)
        .maybe_text(one.portal_key.as_ref())
        .text(&one.policy)
        .text(&one.doc)
        .maybe_text(one.contract)
        .text(one.there)
        .maybe_text(one.seen.as_ref().and_then(|seen| seen.seen.as_ref()))
        .maybe_text(one.seen.as_ref().and_then(|seen| seen.mark.as_ref()))
}

/// Inserts inquiries that are new and have their references; answers how many it could.
pub(super) async fn insert_all<DB: Dialect>(
    conn: &mut DB::Connection,
    winners: &[(&Prepared, i64)],
) -> sqlx::Result<u64> {
    INSERT_NEW
        .run::<DB, _>(conn, winners.to_vec(), inquiry_values)
        .await
}

/// Writes the projections of commits whose versions and references are settled, new ones and old ones together.
pub(super) async fn put_inquiries<DB: Dialect>(
    conn: &mut DB::Connection,
    winners: &[(&Prepared, i64)],
) -> sqlx::Result<()> {
    PUT_INQUIRIES
        .run::<DB, _>(conn, winners.to_vec(), inquiry_values)
        .await
        .map(drop)
}

/// Writes the command keys of commits and tells how many were new.
pub(super) async fn write_keys<DB: Dialect>(
    conn: &mut DB::Connection,
    winners: &[(&Prepared, i64)],
) -> sqlx::Result<u64> {
    let keys: Vec<_> = winners
        .iter()
        .filter_map(|(one, reference)| one.command_key.as_ref().map(|key| (*one, *reference, key)))
        .collect();
    INSERT_KEYS
        .run::<DB, _>(conn, keys, |args, (one, reference, key)| {
            args.text(key).text(&one.id).int(reference).int(one.at)
        })
        .await
}

/// Writes everything of commits but their projections and command keys.
pub(super) async fn write_rows<DB: Dialect>(
    conn: &mut DB::Connection,
    winners: &[(&Prepared, i64)],
) -> sqlx::Result<()> {
    let mut queues: Vec<&str> = winners
        .iter()
        .filter(|(one, _)| {
            one.expected == 0 || one.events.iter().any(|event| event.kind == "transferred")
        })
        .map(|(one, _)| one.queue.as_str())
        .collect();
    queues.sort_unstable();
    queues.dedup();
    INSERT_QUEUES
        .run::<DB, _>(conn, queues, |args, queue| args.text(queue))
        .await?;
    let events = each(winners, |one| &one.events);
    INSERT_EVENTS
        .run::<DB, _>(conn, events, |args, (one, event)| {
            args.text(&one.id)
                .int(event.seq)
                .int(event.at)
                .text(&event.actor)
                .text(&event.via)
                .text(&event.kind)
                .int(event.v)
                .text(&event.body)
        })
        .await?;
    INSERT_TEXTS
        .run::<DB, _>(
            conn,
            each(winners, |one| &one.texts),
            |args, (one, (id, body))| args.text(id).text(&one.id).text(body),
        )
        .await?;
    write_timers::<DB>(conn, winners).await?;
    insert_outbox::<DB>(
        conn,
        each(winners, |one| &one.outbox)
            .into_iter()
            .map(|(_, row)| row)
            .collect(),
    )
    .await?;
    PUT_CARDS
        .run::<DB, _>(
            conn,
            each(winners, |one| &one.cards),
            |args, (one, (platform, channel))| {
                args.text(&one.id).text(platform).text(channel).int(one.seq)
            },
        )
        .await?;
    let boards = each(winners, |one| &one.boards);
    boards::want::<DB>(conn, boards.into_iter().map(|(_, board)| board).collect()).await?;
    let pings = each(winners, |one| &one.pings);
    insert_pings::<DB>(conn, pings.into_iter().map(|(_, ping)| ping).collect()).await?;
    for (one, _) in winners {
        for inquiry in &one.shown_by {
            run(conn, SHOW_ANEW, Args::<DB>::new().text(inquiry)).await?;
        }
        if let Some(tracked) = &one.tracked {
            write_tracked::<DB>(conn, &one.id, tracked).await?;
        }
    }
    Ok(())
}

async fn write_timers<DB: Dialect>(
    conn: &mut DB::Connection,
    winners: &[(&Prepared, i64)],
) -> sqlx::Result<()> {
    let kind = TimerKind::Inquiry.as_str();
    let due: Vec<_> = winners
        .iter()
        .filter_map(|(one, _)| one.deadline_at.map(|at| (*one, at)))
        .collect();
    PUT_TIMERS
        .run::<DB, _>(conn, due, |args, (one, at)| {
            args.text(kind)
                .text(&one.id)
                .int(at)
                .int(one.seq.saturating_mul(1 << 32))
        })
        .await?;
    for (one, _) in winners {
        if one.deadline_at.is_none() && one.expected > 0 {
            let args = Args::<DB>::new().text(kind).text(&one.id);
            run(conn, REMOVE_TIMER, args).await?;
        }
    }
    Ok(())
}

/// The rows of every winner, each beside its commit.
fn each<'a, T>(
    winners: &[(&'a Prepared, i64)],
    rows: impl Fn(&'a Prepared) -> &'a Vec<T>,
) -> Vec<(&'a Prepared, &'a T)> {
    winners
        .iter()
        .flat_map(|(one, _)| rows(one).iter().map(move |row| (*one, row)))
        .collect()
}
