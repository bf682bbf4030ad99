//! The questions of the auditor. No statement or fragment is shared with the rest, so that a mistake there
//! is not repeated here; each list is cut at twenty lines.

use super::SqlStore;
use super::dialect::{Dialect, Fields, composed};
use super::sql::Args;
use crate::app::ports::{
    Audit, DutyKept, Findings, KeptLine, KeptPage, Reference, StoreError, Sweep,
};
use crate::domain::ids::InquiryId;
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;

const OPEN_WITHOUT_DEADLINE: &str = "select i.ref_no as ref_no, i.stage as word from inquiries as i \
    where i.stage in ('active', 'waiting') and not exists (select 1 from timers as t \
    where t.kind = 'inquiry' and t.subject = i.id) order by i.ref_no limit 20";
const OVERDUE_DEADLINES: &str = "select i.ref_no as ref_no, t.subject as word, t.due_at_ms as at_ms from timers as t \
    left join inquiries as i on i.id = t.subject where t.kind = 'inquiry' and t.due_at_ms < $1 \
    order by t.due_at_ms, t.subject limit 20";
const OVERDUE_OUTBOX: &str = "select i.ref_no as ref_no, o.id as word, o.state as state, o.not_before_ms as at_ms \
    from outbox as o left join inquiries as i on i.id = o.inquiry \
    where o.state in ('queued', 'sending', 'retry', 'unknown') and o.not_before_ms < $1 \
    order by o.not_before_ms, o.pos limit 20";
const PAGE_END: &str = "select max(id) as id, count(*) as n from (select id from inquiries where id > $1 \
    order by id limit $2) as page";
const LEDGER_GAPS: &str = "select * from (select i.ref_no as ref_no, i.version as version, \
    (select count(*) from events as e where e.inquiry = i.id) as lines, \
    coalesce((select max(e.seq) from events as e where e.inquiry = i.id), 0) as last \
    from inquiries as i where i.id > $1 and i.id <= $2) as told \
    where lines = 0 or last <> lines or last <> version order by ref_no limit 20";
// A ledger after the last inquiry belongs to the last page.
const LEDGER_WITHOUT_INQUIRY: &str = "select e.inquiry as word from events as e where e.seq = 1 and e.inquiry > $1 \
    and (e.inquiry <= $2 or $3 = 1) and not exists (select 1 from inquiries as i where i.id = e.inquiry) \
    order by e.inquiry limit 20";
const DELIVERIES_END: &str = "select max(pos) as pos, count(*) as n from (select pos from outbox where pos > $1 \
    order by pos limit $2) as page";
const CARDS_MISSING: &str = "select i.ref_no as ref_no, o.platform as platform, o.channel as channel \
    from outbox as o join inquiries as i on i.id = o.inquiry left join cards as c on c.inquiry = o.inquiry \
    and c.platform = o.platform and c.channel = o.channel \
    where o.pos > $1 and o.pos <= $2 and o.deliver = 'card' and o.state = 'sent' and c.message is null \
    order by o.pos limit 20";
const IDS: &str = "select id from inquiries where id > $1 order by id limit $2";

#[async_trait]
impl<DB: Dialect> Audit for SqlStore<DB> {
    async fn audit(&self, overdue_before: Timestamp) -> Result<Findings, StoreError> {
        let late = || Args::new().at(overdue_before);
        Ok(Findings {
            open_without_deadline: self
                .found(OPEN_WITHOUT_DEADLINE.to_owned(), Args::new(), |row| {
                    Ok(format!(
                        "{} is {} and nothing is due",
                        reference(row)?,
                        row.text("word")?
                    ))
                })
                .await?,
            overdue_deadlines: self
                .found(OVERDUE_DEADLINES.to_owned(), late(), |row| {
                    Ok(format!("{} was due at {}", reference(row)?, instant(row)?))
                })
                .await?,
            overdue_outbox: self
                .found(OVERDUE_OUTBOX.to_owned(), late(), |row| {
                    Ok(format!(
                        "{}: outbox row {} is {} since {}",
                        reference(row)?,
                        row.text("word")?,
                        row.text("state")?,
                        instant(row)?
                    ))
                })
                .await?,
            ..Findings::default()
        })
    }

    async fn sweep(&self, page: &Sweep) -> Result<(Findings, Option<Sweep>), StoreError> {
        let limit = i64::from(page.limit);
        // Every id is greater than the empty text.
        let after = page.after.as_ref().map_or("", InquiryId::as_str);
        let args = Args::new().text(after).int(limit);
        let (last, n) = match self.read(PAGE_END, args).await?.first() {
            Some(row) => (row.maybe_text("id")?, row.int("n")?),
            None => (None, 0),
        };
        let last = last.unwrap_or_else(|| after.to_owned());
        let are_inquiries_done = n < limit;
        let args = Args::new().int(page.after_pos).int(limit);
        let (last_pos, n) = match self.read(DELIVERIES_END, args).await?.first() {
            Some(row) => (row.maybe_int("pos")?, row.int("n")?),
            None => (None, 0),
        };
        let last_pos = last_pos.unwrap_or(page.after_pos);
        let are_deliveries_done = n < limit;
        let (duty, after_line, are_lines_done) = self.duty_lines(page).await?;

        let mut findings = self.ledgers(after, &last, are_inquiries_done).await?;
        findings.cards_missing = self
            .found(
                CARDS_MISSING.to_owned(),
                Args::new().int(page.after_pos).int(last_pos),
                |row| {
                    Ok(format!(
                        "{}: its card in {} {} was sent and is not known",
                        reference(row)?,
                        row.text("platform")?,
                        row.text("channel")?
                    ))
                },
            )
            .await?;
        findings.duty = duty;
        let next = Sweep {
            after: Some(last.into()),
            after_pos: last_pos,
            after_line,
            limit: page.limit,
        };
        let is_done = are_inquiries_done && are_deliveries_done && are_lines_done;
        Ok((findings, (!is_done).then_some(next)))
    }

    async fn kept(&self, after: Option<&InquiryId>, limit: u32) -> Result<KeptPage, StoreError> {
        self.kept_page(after, limit).await
    }

    async fn audit_duty(&self, offered_since: Timestamp) -> Result<DutyKept, StoreError> {
        self.duty_kept(offered_since).await
    }

    async fn kept_duty_book(
        &self,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<KeptLine>, StoreError> {
        self.kept_lines_of_duty(after_seq, limit).await
    }

    async fn inquiry_ids(
        &self,
        after: Option<&InquiryId>,
        limit: u32,
    ) -> Result<Vec<InquiryId>, StoreError> {
        // Every id is greater than the empty text.
        let after = after.map_or("", InquiryId::as_str);
        let args = Args::new().text(after).int(i64::from(limit));
        let rows = self.read(IDS, args).await?;
        rows.iter().map(|row| Ok(row.text("id")?.into())).collect()
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Compares the inquiries in `(after, last]` with their ledgers.
    async fn ledgers(
        &self,
        after: &str,
        last: &str,
        is_last_page: bool,
    ) -> Result<Findings, StoreError> {
        let range = || Args::new().text(after).text(last);
        let mut ledger_gaps = self
            .found(LEDGER_GAPS.to_owned(), range(), |row| {
                Ok(format!(
                    "{}: version {}, {} ledger lines, the last numbered {}",
                    reference(row)?,
                    row.int("version")?,
                    row.int("lines")?,
                    row.int("last")?
                ))
            })
            .await?;
        let args = range().int(i64::from(is_last_page));
        ledger_gaps.extend(
            self.found(LEDGER_WITHOUT_INQUIRY.to_owned(), args, |row| {
                Ok(format!(
                    "{}: a ledger without an inquiry",
                    row.text("word")?
                ))
            })
            .await?,
        );
        ledger_gaps.truncate(Findings::LINES);
        let projection_differs = self
            .found(projection_differs::<DB>(), range(), |row| {
                Ok(format!(
                    "{}: version {}, its document says {}, its ledger {}",
                    reference(row)?,
                    row.int("version")?,
                    row.maybe_int("said")?.unwrap_or_default(),
                    row.maybe_int("last")?.unwrap_or_default()
                ))
            })
            .await?;
        Ok(Findings {
            ledger_gaps,
            projection_differs,
            ..Findings::default()
        })
    }

    async fn found(
        &self,
        sql: String,
        args: Args<DB>,
        say: impl Fn(&DB::Row) -> Result<String, StoreError> + Send,
    ) -> Result<Vec<String>, StoreError> {
        let rows = self.read(composed(sql), args).await?;
        rows.iter().map(say).collect()
    }
}

/// The version column, what the document says of itself, and the end of the ledger must agree.
fn projection_differs<DB: Dialect>() -> String {
    let said = DB::DOC_SEQ;
    format!(
        "select * from (select ref_no, version, {said} as said, (select max(e.seq) from events as e \
         where e.inquiry = inquiries.id) as last from inquiries where id > $1 and id <= $2) as told where said is null or last is null \
         or said <> version or last <> version order by ref_no limit 20"
    )
}

/// The reference; what belongs to no inquiry is named by its own id.
fn reference<R: Fields>(row: &R) -> Result<String, StoreError> {
    match row.maybe_int("ref_no")? {
        Some(n) => Ok(Reference(n).to_string()),
        None => row.text("word"),
    }
}

fn instant<R: Fields>(row: &R) -> Result<Timestamp, StoreError> {
    Ok(from_ms(row.int("at_ms")?))
}
