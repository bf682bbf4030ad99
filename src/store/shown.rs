//! What is shown somewhere and brought up to what is wanted, by one holder at a time: cards and boards alike.
//!
//! Promises: a row is one holder's until its lease ends; a late answer of a holder that was overtaken is refused. What is
//! shown is negative where it became untrue while somebody may be showing it: it is shown again after them. The
//! SQL is written once for tables of this shape. Leaves out what stands in the rows.

use super::SqlStore;
use super::dialect::{Dialect, composed};
use super::sql::{Args, all, commit, unavailable};
use super::timers::lease_end;
use crate::app::ports::{Place, Revision, StoreError};
use crate::time::Timestamp;
use sqlx::SqlStr;
use std::time::Duration;

/// A table of this shape: its name, what its rows are about, and what is read of them.
pub(super) struct Shown {
    pub table: &'static str,
    pub subject: &'static str,
    pub columns: &'static str,
}

/// `$1` is the business instant, `$2` the lease clock.
const IS_BEHIND: &str = "due.shown < due.wanted and due.message is not null and due.gone is null \
    and (due.retry_at_ms is null or due.retry_at_ms <= $1) \
    and (due.lease_until_ms is null or due.lease_until_ms <= $2)";
const PEEK: &str = "select 1 as one from {table} as due where {behind} limit 1";
/// The predicate is repeated: a row that another claimer took meanwhile is not taken twice.
const CLAIM: &str = "with picked as materialized (select {subject} as of_subject, platform as of_platform, \
    channel as of_channel from {table} as due where {behind} \
    order by due.{subject}, due.platform, due.channel limit $3{tail}) \
    update {table} as due set attempts = due.attempts + 1, \
    shown = case when due.shown < 0 then 0 else due.shown end, holder = $4, lease_until_ms = $5, \
    epoch = due.epoch + 1 from picked where due.{subject} = of_subject and due.platform = of_platform \
    and due.channel = of_channel and {behind} returning {columns}";
const SETTLE: &str = "update {table} set shown = case when shown < 0 then 0 else coalesce($1, shown) end, retry_at_ms = $2, gone = $3, \
    attempts = case when $1 is null then attempts else 0 end, holder = null, lease_until_ms = null \
    where {subject} = $4 and platform = $5 and channel = $6 and epoch = $7";
const SELECT: &str = "select {columns} from {table}";

impl Shown {
    fn sql<DB: Dialect>(&self, text: &str) -> SqlStr {
        let sql = text
            .replace("{behind}", IS_BEHIND)
            .replace("{tail}", DB::CLAIM_TAIL)
            .replace("{table}", self.table)
            .replace("{subject}", self.subject)
            .replace("{columns}", self.columns);
        composed(sql)
    }

    /// Reads rows; `rest` follows the table's name.
    pub fn select<DB: Dialect>(&self, rest: &str) -> SqlStr {
        self.sql::<DB>(&format!("{SELECT}{rest}"))
    }

    /// Claims rows that show less than is wanted.
    pub async fn claim<DB: Dialect>(
        &self,
        store: &SqlStore<DB>,
        now: Timestamp,
        holder: &str,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<DB::Row>, StoreError> {
        let asked = |clock| Args::new().at(now).int(clock);
        if !store.is_there(self.sql::<DB>(PEEK), asked).await? {
            return Ok(Vec::new());
        }
        let mut tx = store.begin().await?;
        let clock = DB::lease_now(&mut tx).await.map_err(unavailable)?;
        let args = asked(clock)
            .int(i64::from(limit))
            .text(holder)
            .int(lease_end(clock, lease));
        let rows = all::<DB>(&mut tx, self.sql::<DB>(CLAIM), args)
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(rows)
    }

    /// The statement that records how an edit ended, with its values.
    pub fn settlement<DB: Dialect>(
        &self,
        subject: &str,
        place: &Place,
        epoch: i64,
        revision: &Revision,
    ) -> (SqlStr, Args<DB>) {
        let args = match revision {
            Revision::Shown { seq } => Args::new()
                .seq(*seq)
                .maybe_int(None)
                .maybe_text(None::<&str>),
            Revision::Retry { at } => Args::new().maybe_int(None).at(*at).maybe_text(None::<&str>),
            Revision::Gone { why } => Args::new().maybe_int(None).maybe_int(None).text(why),
        };
        let args = args
            .text(subject)
            .text(&place.platform)
            .text(&place.channel)
            .int(epoch);
        (self.sql::<DB>(SETTLE), args)
    }
}
