//! The one timers table: due rows are leased, fenced by an epoch, and never held across the network.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, all, commit, lose, pieces, run, unavailable};
use crate::app::ports::{StoreError, TimerKind, TimerLease, Timers};
use crate::time::{Timestamp, from_ms, ms};
use async_trait::async_trait;
use sqlx::SqlStr;
use std::time::Duration;

/// How many kinds the statements below have places for.
const KINDS: usize = 12;
const _: () = assert!(TimerKind::ALL.len() <= KINDS);

/// `$1`–`$12` are the kinds, `$13` the business instant, `$14` the lease clock. The kind is an expression so that no
/// database looks for it first: almost all rows are of one kind, and few are due.
const IS_FREE: &str = "(due.kind || '') in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
    and due.due_at_ms <= $13 and (due.lease_until_ms is null or due.lease_until_ms <= $14)";
/// Said where inquiries are not asked for: almost all rows are theirs, and the others have an index of their own
/// (`timers_standing`), so that who looks for a poll does not walk over a backlog of inquiries.
const IS_STANDING: &str = " and due.kind <> 'inquiry'";
const PEEK: &str = "select 1 as one from timers as due where ";
const LEASE_HEAD: &str = "with picked as materialized (select kind as of_kind, subject as of_subject from timers as due where ";
const LEASE_ORDER: &str = " order by due.due_at_ms, due.kind, due.subject limit $15";
/// The predicate is repeated: a row that another claimer took meanwhile is not taken twice.
const LEASE_TAIL: &str = ") update timers as due set holder = $16, lease_until_ms = $17, epoch = due.epoch + 1 \
    from picked where due.kind = of_kind and due.subject = of_subject and ";
const LEASE_RETURNING: &str = " returning kind, subject, due_at_ms, epoch";
const FINISH: &str = "update timers set due_at_ms = $1, holder = null, lease_until_ms = null \
    where kind = $2 and subject = $3 and epoch = $4 and due_at_ms = $5";
const FINISH_LAST: &str =
    "delete from timers where kind = $1 and subject = $2 and epoch = $3 and due_at_ms = $4";
const SET: &str = "insert into timers (kind, subject, due_at_ms) values ($1, $2, $3) \
    on conflict (kind, subject) do update set due_at_ms = excluded.due_at_ms, holder = null, lease_until_ms = null, \
    epoch = timers.epoch + 1 where timers.lease_until_ms is null or timers.lease_until_ms <= $4";
const ENSURE: &str = "insert into timers (kind, subject, due_at_ms) values ($1, $2, $3) \
    on conflict (kind, subject) do nothing";
const REMOVE: &str = "delete from timers where kind = $1 and subject = $2";
const OF_KIND: &str = "select subject, due_at_ms from timers where kind = $1 order by subject";
const NEXT: &str = "select min(due.due_at_ms) as due_at_ms from timers as due \
    where (due.kind || '') in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
    and (due.lease_until_ms is null or due.lease_until_ms <= $13)";
/// An inquiry shows the instant its row is set to.
const SHOW: &str = "update inquiries set deadline_at_ms = $1 where id = $2";
const SHOW_FIRST: &str = "update inquiries set deadline_at_ms = $1 where id = $2 \
    and not exists (select 1 from timers where kind = 'inquiry' and subject = $2)";

#[async_trait]
impl<DB: Dialect> Timers for SqlStore<DB> {
    async fn lease_timers(
        &self,
        kinds: &[TimerKind],
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<TimerLease>, StoreError> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let asked = |clock| of_kinds::<DB>(kinds).at(now).int(clock);
        if !self.is_there(peek(kinds), asked).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let clock = DB::lease_now(&mut tx).await.map_err(unavailable)?;
        let sql = lease_due::<DB>(kinds);
        let args = asked(clock)
            .int(i64::from(limit))
            .text(holder)
            .int(lease_end(clock, lease));
        let rows = all::<DB>(&mut tx, sql, args).await.map_err(unavailable)?;
        commit(tx).await?;
        let mut leases = rows
            .iter()
            .map(timer_lease)
            .collect::<Result<Vec<_>, _>>()?;
        leases.sort_by(|a, b| (a.due_at, a.kind, &a.subject).cmp(&(b.due_at, b.kind, &b.subject)));
        Ok(leases)
    }

    async fn finish_timer(
        &self,
        lease: &TimerLease,
        next: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        // The inquiry first, as every commit does it, so that nobody waits in a circle.
        show::<DB>(&mut tx, lease.kind, &lease.subject, next).await?;
        let (sql, args) = match next {
            Some(next) => (FINISH, Args::new().at(next)),
            None => (FINISH_LAST, Args::new()),
        };
        let args = args
            .text(lease.kind.as_str())
            .text(&lease.subject)
            .int(lease.epoch)
            .at(lease.due_at);
        let touched = run::<DB>(&mut tx, sql, args).await.map_err(unavailable)?;
        if touched == 0 {
            // What was shown meanwhile never was.
            return lose(tx, false).await;
        }
        commit(tx).await?;
        Ok(true)
    }

    async fn set_timer(
        &self,
        kind: TimerKind,
        subject: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let clock = DB::lease_now(&mut tx).await.map_err(unavailable)?;
        let args = Args::new().text(kind.as_str()).text(subject).at(at);
        show::<DB>(&mut tx, kind, subject, Some(at)).await?;
        let set = run::<DB>(&mut tx, SET, args.int(clock)).await;
        if set.map_err(unavailable)? == 0 {
            // What was shown meanwhile never was.
            return lose(tx, ()).await;
        }
        commit(tx).await
    }

    async fn ensure_timer(
        &self,
        kind: TimerKind,
        subject: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let args = Args::new().text(kind.as_str()).text(subject).at(at);
        let mut tx = self.begin().await?;
        if kind == TimerKind::Inquiry {
            let args = Args::<DB>::new().at(at).text(subject);
            run::<DB>(&mut tx, SHOW_FIRST, args)
                .await
                .map_err(unavailable)?;
        }
        run::<DB>(&mut tx, ENSURE, args)
            .await
            .map_err(unavailable)?;
        commit(tx).await
    }

    async fn remove_timer(&self, kind: TimerKind, subject: &str) -> Result<(), StoreError> {
        let args = Args::new().text(kind.as_str()).text(subject);
        let mut tx = self.begin().await?;
        show::<DB>(&mut tx, kind, subject, None).await?;
        run::<DB>(&mut tx, REMOVE, args)
            .await
            .map_err(unavailable)?;
        commit(tx).await
    }

    async fn timers(&self, kind: TimerKind) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = self.read(OF_KIND, Args::new().text(kind.as_str())).await?;
        rows.iter()
            .map(|row| Ok((row.text("subject")?, from_ms(row.int("due_at_ms")?))))
            .collect()
    }

    async fn next_timer(&self, kinds: &[TimerKind]) -> Result<Option<Timestamp>, StoreError> {
        if kinds.is_empty() {
            return Ok(None);
        }
        let args = of_kinds::<DB>(kinds);
        let mut conn = self.reads.acquire().await.map_err(unavailable)?;
        let clock = DB::lease_now(&mut conn).await.map_err(unavailable)?;
        let rows = all::<DB>(&mut conn, next(kinds), args.int(clock))
            .await
            .map_err(unavailable)?;
        rows.first()
            .map_or(Ok(None), |row| Ok(row.maybe_int("due_at_ms")?.map(from_ms)))
    }
}

fn standing(kinds: &[TimerKind]) -> &'static str {
    match kinds.contains(&TimerKind::Inquiry) {
        true => "",
        false => IS_STANDING,
    }
}

/// Whether anything is due.
fn peek(kinds: &[TimerKind]) -> SqlStr {
    pieces(&[PEEK, IS_FREE, standing(kinds), " limit 1"])
}

/// Leases what is due.
fn lease_due<DB: Dialect>(kinds: &[TimerKind]) -> SqlStr {
    pieces(&[
        LEASE_HEAD,
        IS_FREE,
        standing(kinds),
        LEASE_ORDER,
        DB::CLAIM_TAIL,
        LEASE_TAIL,
        IS_FREE,
        LEASE_RETURNING,
    ])
}

/// When anything is due next.
fn next(kinds: &[TimerKind]) -> SqlStr {
    pieces(&[NEXT, standing(kinds)])
}

/// Binds ten kinds, over and over from the first where fewer are asked for; at least one is.
fn of_kinds<DB: Dialect>(kinds: &[TimerKind]) -> Args<DB> {
    kinds
        .iter()
        .cycle()
        .take(KINDS)
        .fold(Args::new(), |args, kind| args.text(kind.as_str()))
}

/// The end of a lease by the lease clock; a lease of no length has ended when it begins.
pub(super) fn lease_end(clock: i64, lease: Duration) -> i64 {
    clock.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
}

async fn show<DB: Dialect>(
    conn: &mut DB::Connection,
    kind: TimerKind,
    subject: &str,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    if kind == TimerKind::Inquiry {
        let args = Args::<DB>::new().maybe_int(at.map(ms)).text(subject);
        run(conn, SHOW, args).await.map_err(unavailable)?;
    }
    Ok(())
}

fn timer_lease<R: Fields>(row: &R) -> Result<TimerLease, StoreError> {
    let word = row.text("kind")?;
    let kind = TimerKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)
        .ok_or_else(|| StoreError::Unreadable(format!("timer kind \"{word}\"")))?;
    Ok(TimerLease {
        kind,
        subject: row.text("subject")?,
        due_at: from_ms(row.int("due_at_ms")?),
        epoch: row.int("epoch")?,
    })
}

#[cfg(test)]
mod tests;
