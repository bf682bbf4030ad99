//! The duty book: lines that are only ever added, with what is to be said of them and when to look again.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::outbox::{OutboxValues, insert_outbox};
use super::sql::{Args, commit, count, from_json, lose, run, to_json, unavailable};
use crate::app::duty_book::{SUBJECT, from_stored, to_stored};
use crate::app::ports::{DutyBook, NewOutbox, StoreError, TimerKind};
use crate::domain::rota::book::DutyEntry;
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;

const LINES: &str = "select seq, at_ms, actor, via, command_key, kind, v, body from duty_book where seq > $1 order by seq";
const ADD: &str = "insert into duty_book (seq, at_ms, actor, via, command_key, kind, v, body) \
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
/// Ends whatever lease there was: the holder's late answer must not undo the new instant. A look that is set for
/// sooner stays, for what was due at it is done by nobody else.
const LOOK_AT: &str = "insert into timers (kind, subject, due_at_ms, epoch) values ($1, $2, $3, 1) \
    on conflict (kind, subject) do update set due_at_ms = case when timers.due_at_ms < excluded.due_at_ms \
    then timers.due_at_ms else excluded.due_at_ms end, holder = null, lease_until_ms = null, \
    epoch = timers.epoch + 1";

#[async_trait]
impl<DB: Dialect> DutyBook for SqlStore<DB> {
    async fn duty_book(&self, after_seq: u64) -> Result<Vec<DutyEntry>, StoreError> {
        let rows = self.read(LINES, Args::new().seq(after_seq)).await?;
        rows.iter().map(entry).collect()
    }

    async fn add_to_duty_book(
        &self,
        expected_last_seq: u64,
        entries: &[DutyEntry],
        outbox: Vec<NewOutbox>,
        look_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let outbox: Vec<_> = outbox.into_iter().map(OutboxValues::new).collect();
        let mut tx = self.begin().await?;
        for (seq, entry) in (expected_last_seq + 1..).zip(entries) {
            let (kind, v, body) = to_stored(&entry.event);
            let args = Args::<DB>::new()
                .seq(seq)
                .at(entry.at)
                .text(to_json(&entry.actor))
                .text(&entry.via)
                .maybe_text(entry.command_key.as_ref())
                .text(kind)
                .int(v.into())
                .text(body.to_string());
            // Somebody else was first, and nothing of this is written.
            if run::<DB>(&mut tx, ADD, args).await.map_err(unavailable)? == 0 {
                return lose(tx, false).await;
            }
        }
        if !outbox.is_empty() {
            insert_outbox::<DB>(&mut tx, outbox.iter().collect())
                .await
                .map_err(unavailable)?;
        }
        if let Some(at) = look_at {
            let args = Args::<DB>::new().text(TimerKind::Book.as_str());
            let args = args.text(SUBJECT).at(at);
            run::<DB>(&mut tx, LOOK_AT, args)
                .await
                .map_err(unavailable)?;
        }
        commit(tx).await?;
        Ok(true)
    }
}

fn entry<R: Fields>(row: &R) -> Result<DutyEntry, StoreError> {
    let seq = count(row.int("seq")?);
    let what = format!("line {seq} of the duty book");
    let v = u32::try_from(row.int("v")?).unwrap_or(u32::MAX);
    let body = from_json(&what, &row.text("body")?)?;
    let event = from_stored(&row.text("kind")?, v, body)
        .map_err(|error| StoreError::Unreadable(format!("{what}: {error}")))?;
    Ok(DutyEntry {
        seq,
        at: from_ms(row.int("at_ms")?),
        actor: from_json(&what, &row.text("actor")?)?,
        via: row.text("via")?,
        command_key: row.maybe_text("command_key")?,
        event,
    })
}
