//! What is to be delivered, in lanes of which only the head may leave.
//!
//! Promises: a row is one holder's until its lease ends; a late answer of a holder that was overtaken is
//! refused; `queued`, `sending`, `retry` and `unknown` hold their lane, `sent`, `dead` and `merged` free it. A death, and
//! what becomes of a row that was dead before, is untold until somebody says that it is told.
//! Leaves out: sending.

use super::SqlStore;
use super::boards;
use super::dialect::{Dialect, Fields, composed};
use super::group::{Tx, Work};
use super::sql::{Args, Insert, all, commit, from_json, lose, pieces, run, to_json, unavailable};
use super::timers::lease_end;
use crate::app::ports::{
    Attempt, Delivery, NewOutbox, Outbox, OutboxLine, OutboxRow, Outlet, Place, StoreError, Untold,
};
use crate::time::{Timestamp, from_ms, ms};
use async_trait::async_trait;
use std::time::Duration;

/// A row of the outbox, encoded.
#[derive(Clone, Debug)]
pub(super) struct OutboxValues {
    id: String,
    key: String,
    lane: String,
    inquiry: Option<String>,
    platform: String,
    channel: String,
    deliver: &'static str,
    what: String,
    not_before: i64,
}

impl OutboxValues {
    pub fn new(row: NewOutbox) -> Self {
        OutboxValues {
            deliver: deliver_word(&row.what),
            what: to_json(&row.what),
            id: row.id,
            key: row.key,
            lane: row.lane,
            inquiry: row.inquiry.map(Into::into),
            platform: row.place.platform,
            channel: row.place.channel,
            not_before: ms(row.not_before),
        }
    }
}

fn deliver_word(what: &Delivery) -> &'static str {
    match what {
        Delivery::Card { .. } => "card",
        Delivery::Notice { .. } => "notice",
        Delivery::Board { .. } => "board",
        Delivery::WriteBack { .. } => "write_back",
        Delivery::Tracker { .. } => "tracker",
    }
}

static INSERT: Insert = Insert::new(
    "insert into outbox (id, key, lane, inquiry, platform, channel, deliver, what, not_before_ms)",
    9,
    "on conflict (key) do nothing",
);

/// Adds rows; one whose key is known adds nothing. Tells how many were added.
pub(super) async fn insert_outbox<DB: Dialect>(
    conn: &mut DB::Connection,
    rows: Vec<&OutboxValues>,
) -> sqlx::Result<u64> {
    INSERT
        .run::<DB, _>(conn, rows, |args, row| {
            args.text(&row.id)
                .text(&row.key)
                .text(&row.lane)
                .maybe_text(row.inquiry.as_ref())
                .text(&row.platform)
                .text(&row.channel)
                .text(row.deliver)
                .text(&row.what)
                .int(row.not_before)
        })
        .await
}

/// `$1` is the business instant, `$2` the lease clock.
const IS_DUE: &str = "((due.state in ('queued', 'retry', 'unknown') and due.not_before_ms <= $1) \
    or (due.state = 'sending' and due.lease_until_ms <= $2))";
const PEEK: &str = "select 1 as one from outbox as due where \
    due.state in ('queued', 'sending', 'retry', 'unknown') and ";
const CLAIM_HEAD: &str = "with picked as materialized (select pos as of_pos from outbox as due where \
    due.state in ('queued', 'sending', 'retry', 'unknown') and ";
const IS_HEAD: &str = " and not exists (select 1 from outbox as earlier where earlier.lane = due.lane \
    and earlier.pos < due.pos and earlier.state in ('queued', 'sending', 'retry', 'unknown'))";
const CLAIM_ORDER: &str = " order by due.pos limit $3";
/// The predicate is repeated: a row that another claimer took meanwhile is not taken twice.
const CLAIM_TAIL: &str = ") update outbox as due set state = 'sending', attempts = due.attempts + 1, \
    is_unknown = case when due.state in ('unknown', 'sending') then 1 else 0 end, \
    first_sent_at_ms = coalesce(due.first_sent_at_ms, $1), holder = $4, lease_until_ms = $5, \
    epoch = due.epoch + 1 from picked where due.pos = of_pos and ";
const CLAIM_RETURNING: &str = " returning pos, id, lane, inquiry, platform, channel, what, key, attempts, \
    is_unknown, first_sent_at_ms, epoch";
/// `$10` is what is left of it, if a part is done: that takes its turn as if nothing had been tried. `$11` is 1 for an
/// attempt that was not begun and does not count.
const SETTLE: &str = "update outbox set state = $1, not_before_ms = coalesce($2, not_before_ms), \
    why = case when $11 = 0 then $3 else why end, \
    message = coalesce($4, message), thread = coalesce($5, thread), merged_into = $6, settled_at_ms = $7, \
    what = coalesce($10, what), attempts = case when $10 is null then attempts - $11 else 0 end, \
    first_sent_at_ms = case when $10 is null and attempts > $11 then first_sent_at_ms end, \
    has_died = case when $1 = 'dead' then 1 else has_died end, \
    is_untold = case when $1 = 'dead' then 1 when $1 in ('sent', 'queued') then has_died else is_untold end, \
    holder = null, lease_until_ms = null where id = $8 and epoch = $9 and state = 'sending'";
const PLACE_CARD: &str = "insert into cards (inquiry, platform, channel, message, thread, shown, wanted, called) \
    values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (inquiry, platform, channel) do update \
    set message = excluded.message, thread = excluded.thread, called = excluded.called, \
    shown = case when cards.shown < 0 then 0 else excluded.shown end, attempts = 0, retry_at_ms = null, gone = null, \
    holder = null, lease_until_ms = null, epoch = cards.epoch + 1, \
    wanted = case when cards.wanted > excluded.wanted then cards.wanted else excluded.wanted end";
const REVIVE: &str = "update outbox set state = 'queued', not_before_ms = $1, why = null, settled_at_ms = null, \
    first_sent_at_ms = null, attempts = 0, epoch = epoch + 1 where id = $2 and state = 'dead'";
const UNTOLD: &str = "select pos, id, lane, inquiry, platform, channel, what, key, attempts, is_unknown, \
    first_sent_at_ms, epoch, state, why, settled_at_ms from outbox where is_untold = 1 order by pos limit $1";
const TOLD: &str = "update outbox set is_untold = 0 where id = $1 and epoch = $2 and is_untold = 1";
const LINES: &str = "select id, inquiry, platform, channel, what, key, state, attempts, why, not_before_ms from outbox";
const WRITE_BACKS: &str = " where deliver = 'write_back' and state in ('queued', 'sending', 'retry', 'unknown', 'dead') \
    and state <> 'sent' order by pos";
const AT_TRACKERS: &str = " where deliver = 'tracker' and state in ('queued', 'sending', 'retry', 'unknown', 'dead') \
    and state <> 'sent' order by pos";
/// `$1` is the lease clock. A row whose holder still has it is not waited for: its end is lease time.
const NEXT: &str = "select min(not_before_ms) as at_ms from outbox as due where \
    due.state in ('queued', 'sending', 'retry', 'unknown') \
    and (due.state <> 'sending' or due.lease_until_ms <= $1)";

#[async_trait]
impl<DB: Dialect> Outbox for SqlStore<DB> {
    async fn enqueue(&self, rows: Vec<NewOutbox>) -> Result<(), StoreError> {
        let rows: Vec<_> = rows.into_iter().map(OutboxValues::new).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        insert_outbox::<DB>(&mut tx, rows.iter().collect())
            .await
            .map_err(unavailable)?;
        commit(tx).await
    }

    async fn claim_outlet(
        &self,
        outlet: Option<Outlet>,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let asked = |clock| Args::new().at(now).int(clock);
        let by = outlet.map_or("", leaves_by);
        let peek = pieces(&[PEEK, IS_DUE, by, IS_HEAD, " limit 1"]);
        if !self.is_there(peek, asked).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let clock = DB::lease_now(&mut tx).await.map_err(unavailable)?;
        let sql = pieces(&[
            CLAIM_HEAD,
            IS_DUE,
            by,
            IS_HEAD,
            CLAIM_ORDER,
            DB::CLAIM_TAIL,
            CLAIM_TAIL,
            IS_DUE,
            CLAIM_RETURNING,
        ]);
        let args = asked(clock)
            .int(i64::from(limit))
            .text(holder)
            .int(lease_end(clock, lease));
        let rows = all::<DB>(&mut tx, sql, args).await.map_err(unavailable)?;
        commit(tx).await?;
        // One that this build cannot read (a newer one's) holds its lane only; its lease ends, and it is tried again.
        let read = |row: &DB::Row| Ok((row.int("pos")?, outbox_row(row)?));
        let mut claimed: Vec<(i64, OutboxRow)> = rows
            .iter()
            .filter_map(|row| {
                read(row)
                    .inspect_err(|error: &StoreError| tracing::error!("not delivered: {error}"))
                    .ok()
            })
            .collect();
        claimed.sort_by_key(|(pos, _)| *pos);
        Ok(claimed.into_iter().map(|(_, row)| row).collect())
    }

    async fn settle_outbox(
        &self,
        row: &OutboxRow,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let settled = settlement::<DB>(row, attempt, now);
        let placed = placement::<DB>(row, attempt);
        let work = move |mut tx: Tx<DB>| -> Work<bool> {
            Box::pin(async move {
                let touched = run::<DB>(&mut tx, SETTLE, settled)
                    .await
                    .map_err(unavailable)?;
                if touched == 0 {
                    return lose(tx, false).await;
                }
                if let Some((sql, placed)) = placed {
                    run::<DB>(&mut tx, sql, placed).await.map_err(unavailable)?;
                }
                commit(tx).await?;
                Ok(true)
            })
        };
        self.writes.with(work).await
    }

    async fn untold_outbox(&self, limit: u32) -> Result<Vec<Untold>, StoreError> {
        let args = Args::new().int(i64::from(limit));
        let rows = self.read(UNTOLD, args).await?;
        // What this build cannot read, a newer one tells.
        Ok(rows.iter().filter_map(|row| untold(row).ok()).collect())
    }

    async fn told_outbox(&self, row: &OutboxRow) -> Result<(), StoreError> {
        let args = Args::new().text(&row.id).int(row.epoch);
        self.write(TOLD, args).await.map(drop)
    }

    async fn merge_outbox(
        &self,
        rows: &[&OutboxRow],
        into: NewOutbox,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if rows.is_empty() {
            return Ok(false);
        }
        let into = OutboxValues::new(into);
        let mut tx = self.begin().await?;
        let merged = Attempt::Merged {
            into: into.id.clone(),
        };
        for row in rows {
            let touched = run::<DB>(&mut tx, SETTLE, settlement(row, &merged, now))
                .await
                .map_err(unavailable)?;
            if touched == 0 {
                // None of it happened.
                return lose(tx, false).await;
            }
        }
        let added = insert_outbox::<DB>(&mut tx, vec![&into])
            .await
            .map_err(unavailable)?;
        if added != 1 {
            return lose(tx, false).await;
        }
        commit(tx).await?;
        Ok(true)
    }

    async fn outbox(&self, states: &[&str], limit: u32) -> Result<Vec<OutboxLine>, StoreError> {
        let Some(wanted) = in_states(states) else {
            return Ok(Vec::new());
        };
        let sql = format!("{LINES}{wanted} order by pos limit {limit}");
        let rows = self.read(composed(sql), Args::new()).await?;
        rows.iter().map(outbox_line).collect()
    }

    async fn undone_write_backs(&self) -> Result<Vec<OutboxLine>, StoreError> {
        let rows = self
            .read(pieces(&[LINES, WRITE_BACKS]), Args::new())
            .await?;
        rows.iter().map(outbox_line).collect()
    }

    async fn undone_at_trackers(&self) -> Result<Vec<OutboxLine>, StoreError> {
        let rows = self
            .read(pieces(&[LINES, AT_TRACKERS]), Args::new())
            .await?;
        rows.iter().map(outbox_line).collect()
    }

    async fn revive_outbox(&self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let touched = self.write(REVIVE, Args::new().at(now).text(id)).await?;
        Ok(touched > 0)
    }

    async fn next_outbox(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.reads.acquire().await.map_err(unavailable)?;
        let clock = DB::lease_now(&mut conn).await.map_err(unavailable)?;
        let args = Args::<DB>::new().int(clock);
        let rows = all::<DB>(&mut conn, pieces(&[NEXT, IS_HEAD]), args)
            .await
            .map_err(unavailable)?;
        rows.first()
            .map_or(Ok(None), |row| Ok(row.maybe_int("at_ms")?.map(from_ms)))
    }
}

/// The states of a row.
const STATES: [&str; 7] = [
    "queued", "sending", "sent", "retry", "unknown", "dead", "merged",
];

/// The `where` of a list by states, as literals: only so can the index of rows not sent be used. None when no
/// state of the names exists.
fn in_states(states: &[&str]) -> Option<String> {
    if states.is_empty() {
        return Some(String::new());
    }
    let known: Vec<_> = STATES
        .into_iter()
        .filter(|state| states.contains(state))
        .collect();
    if known.is_empty() {
        return None;
    }
    let not_sent = if known.contains(&"sent") {
        ""
    } else {
        " and state <> 'sent'"
    };
    Some(format!(
        " where state in ('{}'){not_sent}",
        known.join("', '")
    ))
}

/// Where a card or board stands that was posted; none of what is neither, or was not.
fn placement<DB: Dialect>(row: &OutboxRow, attempt: &Attempt) -> Option<(&'static str, Args<DB>)> {
    let Attempt::Sent { receipt, shown } = attempt else {
        return None;
    };
    let placed = |subject: &str| {
        Args::new()
            .text(subject)
            .text(&row.place.platform)
            .text(&row.place.channel)
            .text(&receipt.message)
            .maybe_text(receipt.thread.as_ref())
            .seq(shown.unwrap_or_default())
    };
    match (&row.what, &row.inquiry) {
        (Delivery::Card { mentions, .. }, Some(inquiry)) => {
            let args = placed(inquiry.as_str()).text(to_json(mentions));
            Some((PLACE_CARD, args))
        }
        (Delivery::Board { queue }, _) => Some((boards::PLACE, placed(queue.as_str()))),
        (Delivery::Card { .. }, None)
        | (Delivery::Notice { .. } | Delivery::WriteBack { .. } | Delivery::Tracker { .. }, _) => {
            None
        }
    }
}

fn settlement<DB: Dialect>(row: &OutboxRow, attempt: &Attempt, now: Timestamp) -> Args<DB> {
    let (state, not_before, why) = match attempt {
        Attempt::Sent { .. } => ("sent", None, None),
        Attempt::Retry { at, why } => ("retry", Some(*at), Some(why)),
        Attempt::Unknown { look_at, why } => ("unknown", Some(*look_at), Some(why)),
        Attempt::Dead { why } => ("dead", None, Some(why)),
        Attempt::Merged { .. } => ("merged", None, None),
        Attempt::Advanced { .. } => ("queued", Some(now), None),
        Attempt::NotBegun if row.is_unknown => ("unknown", None, None),
        Attempt::NotBegun if row.attempt > 1 => ("retry", None, None),
        Attempt::NotBegun => ("queued", None, None),
    };
    let receipt = match attempt {
        Attempt::Sent { receipt, .. } => Some(receipt),
        Attempt::Retry { .. }
        | Attempt::NotBegun
        | Attempt::Unknown { .. }
        | Attempt::Dead { .. }
        | Attempt::Advanced { .. }
        | Attempt::Merged { .. } => None,
    };
    let merged_into = match attempt {
        Attempt::Merged { into } => Some(into),
        Attempt::Sent { .. }
        | Attempt::NotBegun
        | Attempt::Retry { .. }
        | Attempt::Unknown { .. }
        | Attempt::Advanced { .. }
        | Attempt::Dead { .. } => None,
    };
    let rest = match attempt {
        Attempt::Advanced { what } => Some(to_json(what)),
        Attempt::Sent { .. }
        | Attempt::NotBegun
        | Attempt::Retry { .. }
        | Attempt::Unknown { .. }
        | Attempt::Dead { .. }
        | Attempt::Merged { .. } => None,
    };
    Args::new()
        .text(state)
        .maybe_at(not_before)
        .maybe_text(why)
        .maybe_text(receipt.map(|receipt| receipt.message.as_str()))
        .maybe_text(receipt.and_then(|receipt| receipt.thread.as_deref()))
        .maybe_text(merged_into)
        .at(now)
        .text(&row.id)
        .int(row.epoch)
        .maybe_text(rest.as_deref())
        .int(i64::from(matches!(attempt, Attempt::NotBegun)))
}

/// The condition that a row leaves by an outlet, by the platform word of its place.
fn leaves_by(outlet: Outlet) -> &'static str {
    match outlet {
        Outlet::Chat => " and due.platform not in ('source', 'tracker', 'mail')",
        Outlet::Source => " and due.platform = 'source'",
        Outlet::Tracker => " and due.platform = 'tracker'",
        Outlet::Mail => " and due.platform = 'mail'",
    }
}

fn place<R: Fields>(row: &R) -> Result<Place, StoreError> {
    Ok(Place {
        platform: row.text("platform")?,
        channel: row.text("channel")?,
    })
}

fn attempts<R: Fields>(row: &R) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX))
}

fn outbox_row<R: Fields>(row: &R) -> Result<OutboxRow, StoreError> {
    let id = row.text("id")?;
    Ok(OutboxRow {
        lane: row.text("lane")?,
        inquiry: row.maybe_text("inquiry")?.map(Into::into),
        place: place(row)?,
        what: from_json(&format!("outbox row {id}"), &row.text("what")?)?,
        key: row.text("key")?,
        attempt: attempts(row)?,
        is_unknown: row.int("is_unknown")? != 0,
        first_sent_at: row.maybe_int("first_sent_at_ms")?.map(from_ms),
        epoch: row.int("epoch")?,
        id,
    })
}

fn untold<R: Fields>(row: &R) -> Result<Untold, StoreError> {
    Ok(Untold {
        row: outbox_row(row)?,
        state: row.text("state")?,
        why: row.maybe_text("why")?,
        at: from_ms(row.int("settled_at_ms")?),
    })
}

fn outbox_line<R: Fields>(row: &R) -> Result<OutboxLine, StoreError> {
    let id = row.text("id")?;
    Ok(OutboxLine {
        inquiry: row.maybe_text("inquiry")?.map(Into::into),
        place: place(row)?,
        what: from_json(&format!("outbox row {id}"), &row.text("what")?)?,
        key: row.text("key")?,
        state: row.text("state")?,
        attempts: attempts(row)?,
        why: row.maybe_text("why")?,
        not_before: from_ms(row.int("not_before_ms")?),
        id,
    })
}
