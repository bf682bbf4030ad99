//! Who joined as second duty, and how often a shift was changed for those who follow it in a calendar.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::outbox::{OutboxValues, insert_outbox};
use super::sql::{Args, all, commit, lose, run, unavailable};
use crate::app::ports::{Duties, FeedRevision, FeedShift, NewOutbox, SecondDuty, StoreError};
use crate::domain::ids::QueueId;
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;
use std::collections::HashMap;

const SECOND: &str = "select number, member, turn_at_ms, at_ms from second_duties where queue = $1 \
    order by number desc limit 1";
const ADD_SECOND: &str = "insert into second_duties (queue, number, member, turn_at_ms, at_ms) \
    values ($1, $2, $3, $4, $5) on conflict (queue, number) do nothing";
const REVISIONS: &str =
    "select uid, hash, sequence, modified_at_ms from feed_shifts where ends_at_ms >= $1";
// Of two who notice a change at once only one counts it.
const REVISE: &str = "insert into feed_shifts (uid, hash, sequence, modified_at_ms, ends_at_ms) \
    values ($1, $2, 0, $3, $4) on conflict (uid) do update set hash = excluded.hash, \
    sequence = feed_shifts.sequence + 1, modified_at_ms = excluded.modified_at_ms, ends_at_ms = excluded.ends_at_ms \
    where feed_shifts.hash <> excluded.hash";
const FORGET: &str = "delete from feed_shifts where ends_at_ms < $1";

#[async_trait]
impl<DB: Dialect> Duties for SqlStore<DB> {
    async fn second_duty(&self, queue: &QueueId) -> Result<Option<SecondDuty>, StoreError> {
        let rows = self.read(SECOND, Args::new().text(queue.as_str())).await?;
        let change = |row: &DB::Row| {
            Ok(SecondDuty {
                queue: queue.clone(),
                number: u32::try_from(row.int("number")?).unwrap_or(u32::MAX),
                member: row.maybe_text("member")?.map(Into::into),
                turn_at: from_ms(row.int("turn_at_ms")?),
                at: from_ms(row.int("at_ms")?),
            })
        };
        rows.first().map(change).transpose()
    }

    async fn add_second_duty(
        &self,
        change: &SecondDuty,
        said: Vec<NewOutbox>,
    ) -> Result<bool, StoreError> {
        let args = Args::<DB>::new()
            .text(change.queue.as_str())
            .int(change.number.into())
            .maybe_text(change.member.clone())
            .at(change.turn_at)
            .at(change.at);
        let said: Vec<_> = said.into_iter().map(OutboxValues::new).collect();
        let mut tx = self.begin().await?;
        if run::<DB>(&mut tx, ADD_SECOND, args)
            .await
            .map_err(unavailable)?
            == 0
        {
            return lose(tx, false).await;
        }
        insert_outbox::<DB>(&mut tx, said.iter().collect())
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(true)
    }

    async fn revise_feed(
        &self,
        shifts: &[FeedShift],
        now: Timestamp,
        forget: Timestamp,
    ) -> Result<HashMap<String, FeedRevision>, StoreError> {
        let rows = self.read(REVISIONS, Args::new().at(forget)).await?;
        let mut known = revisions(&rows)?;
        let is_news = |shift: &&FeedShift| {
            known
                .get(&shift.uid)
                .is_none_or(|(hash, _)| *hash != shift.hash)
        };
        let news: Vec<&FeedShift> = shifts.iter().filter(is_news).collect();
        if !news.is_empty() {
            let mut tx = self.begin().await?;
            run::<DB>(&mut tx, FORGET, Args::new().at(forget))
                .await
                .map_err(unavailable)?;
            for shift in news {
                let args = Args::new()
                    .text(shift.uid.clone())
                    .text(shift.hash.clone())
                    .at(now)
                    .at(shift.ends_at);
                run::<DB>(&mut tx, REVISE, args)
                    .await
                    .map_err(unavailable)?;
            }
            let rows = all::<DB>(&mut tx, REVISIONS, Args::new().at(forget)).await;
            known = revisions(&rows.map_err(unavailable)?)?;
            commit(tx).await?;
        }
        let wanted = shifts.iter().filter_map(|shift| {
            let (_, revision) = known.get(&shift.uid)?;
            Some((shift.uid.clone(), *revision))
        });
        Ok(wanted.collect())
    }
}

type Known = HashMap<String, (String, FeedRevision)>;

fn revisions<R: Fields>(rows: &[R]) -> Result<Known, StoreError> {
    let one = |row: &R| {
        let revision = FeedRevision {
            sequence: u32::try_from(row.int("sequence")?).unwrap_or(u32::MAX),
            modified_at: from_ms(row.int("modified_at_ms")?),
        };
        Ok((row.text("uid")?, (row.text("hash")?, revision)))
    };
    rows.iter().map(one).collect()
}
