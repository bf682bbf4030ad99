//! Pages of what is kept under each inquiry's id, unread, for comparing the ledger with what is derived from it.
//!
//! Promises: a page is read in one transaction, so a commit between its statements is seen wholly or not at all;
//! no more than a page is in memory. Leaves out reading any of it: what cannot be read is to be named, not refused.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, all, pieces, unavailable};
use crate::app::ports::{
    Kept, KeptCard, KeptLine, KeptPage, KeptRow, Place, Reference, StoreError,
};
use crate::domain::ids::InquiryId;
use crate::time::from_ms;
use sqlx::SqlStr;
use std::collections::BTreeMap;

const INQUIRIES: &str = "select id, ref_no, queue, source, external_id, owner, stage, severity, version, \
    deadline_at_ms, received_at_ms, policy, doc from inquiries where id > $1 order by id limit $2";
const LINES: &str =
    "select inquiry, seq, at_ms, actor, via, kind, v, body from events where inquiry > $1";
const LINES_UNTIL: &str = " and inquiry <= $2";
const LINES_ORDER: &str = " order by inquiry, seq";
const TIMERS: &str =
    "select subject, due_at_ms from timers where kind = 'inquiry' and subject > $1";
const TIMERS_UNTIL: &str = " and subject <= $2";
const CARDS: &str =
    "select inquiry, platform, channel, shown, wanted from cards where inquiry > $1";
const DUTY_LINES: &str = "select seq, at_ms, actor, via, kind, v, body from duty_book where seq > $1 order by seq limit $2";
const CARDS_UNTIL: &str = " and inquiry <= $2";
const CARDS_ORDER: &str = " order by inquiry, platform, channel";

impl<DB: Dialect> SqlStore<DB> {
    pub(super) async fn kept_lines_of_duty(
        &self,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<KeptLine>, StoreError> {
        let args = Args::new().int(after_seq).int(i64::from(limit));
        let rows = self.read(DUTY_LINES, args).await?;
        rows.iter().map(line).collect()
    }

    pub(super) async fn kept_page(
        &self,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<KeptPage, StoreError> {
        // Every id is greater than the empty text.
        let after = after.map_or("", InquiryId::as_str);
        let mut tx = self
            .reads
            .begin_with(SqlStr::from_static(DB::BEGIN_READ))
            .await
            .map_err(unavailable)?;
        let mut found: BTreeMap<String, Kept> = BTreeMap::new();
        let args = Args::<DB>::new().text(after).int(i64::from(limit.max(1)));
        let rows = all::<DB>(&mut tx, INQUIRIES, args)
            .await
            .map_err(unavailable)?;
        for row in &rows {
            let id = row.text("id")?;
            under(&mut found, id).row = Some(inquiry(row)?);
        }
        let is_last = rows.len() < limit.max(1) as usize;
        let until = found.keys().next_back().filter(|_| !is_last).cloned();
        let range = |head, tail, order| match &until {
            Some(until) => (
                pieces(&[head, tail, order]),
                Args::<DB>::new().text(after).text(until),
            ),
            None => (pieces(&[head, order]), Args::new().text(after)),
        };
        let (sql, args) = range(LINES, LINES_UNTIL, LINES_ORDER);
        for row in all::<DB>(&mut tx, sql, args).await.map_err(unavailable)? {
            let lines = &mut under(&mut found, row.text("inquiry")?).lines;
            lines.push(line(&row)?);
        }
        let (sql, args) = range(TIMERS, TIMERS_UNTIL, "");
        for row in all::<DB>(&mut tx, sql, args).await.map_err(unavailable)? {
            let due = from_ms(row.int("due_at_ms")?);
            under(&mut found, row.text("subject")?).timer = Some(due);
        }
        let (sql, args) = range(CARDS, CARDS_UNTIL, CARDS_ORDER);
        for row in all::<DB>(&mut tx, sql, args).await.map_err(unavailable)? {
            let cards = &mut under(&mut found, row.text("inquiry")?).cards;
            cards.push(card(&row)?);
        }
        tx.commit().await.map_err(unavailable)?;
        Ok(KeptPage {
            next: until.map(InquiryId::from),
            all: found.into_values().collect(),
        })
    }
}

fn under(found: &mut BTreeMap<String, Kept>, id: String) -> &mut Kept {
    found.entry(id.clone()).or_insert_with(|| Kept {
        id: id.into(),
        row: None,
        lines: Vec::new(),
        timer: None,
        cards: Vec::new(),
    })
}

fn inquiry<R: Fields>(row: &R) -> Result<KeptRow, StoreError> {
    Ok(KeptRow {
        reference: Reference(row.int("ref_no")?),
        queue: row.text("queue")?,
        source: row.text("source")?,
        external_id: row.text("external_id")?,
        owner: row.maybe_text("owner")?,
        stage: row.text("stage")?,
        severity: row.text("severity")?,
        policy: row.text("policy")?,
        version: row.int("version")?,
        deadline: row.maybe_int("deadline_at_ms")?.map(from_ms),
        received_at: from_ms(row.int("received_at_ms")?),
        doc: row.text("doc")?,
    })
}

fn line<R: Fields>(row: &R) -> Result<KeptLine, StoreError> {
    Ok(KeptLine {
        seq: row.int("seq")?,
        at: from_ms(row.int("at_ms")?),
        actor: row.text("actor")?,
        via: row.text("via")?,
        kind: row.text("kind")?,
        v: row.int("v")?,
        body: row.text("body")?,
    })
}

fn card<R: Fields>(row: &R) -> Result<KeptCard, StoreError> {
    Ok(KeptCard {
        place: Place {
            platform: row.text("platform")?,
            channel: row.text("channel")?,
        },
        shown: row.int("shown")?,
        wanted: row.int("wanted")?,
    })
}
