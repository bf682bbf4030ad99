//! The questions of the auditor. No statement or fragment is shared with the rest, so that a mistake there
//! is not repeated here; each list is cut at twenty lines.

use super::SqlStore;
use super::dialect::{Dialect, Fields, composed};
use super::sql::Args;
use crate::app::ports::{Audit, Findings, KeptPage, Reference, StoreError};
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
const LEDGER_GAPS: &str = "select i.ref_no as ref_no, i.version as version, coalesce(e.lines, 0) as lines, \
    coalesce(e.last, 0) as last from inquiries as i left join (select inquiry, count(*) as lines, \
    max(seq) as last from events group by inquiry) as e on e.inquiry = i.id \
    where e.lines is null or e.last <> e.lines or e.last <> i.version order by i.ref_no limit 20";
const LEDGER_WITHOUT_INQUIRY: &str = "select distinct e.inquiry as word from events as e where e.seq = 1 \
    and not exists (select 1 from inquiries as i where i.id = e.inquiry) order by e.inquiry limit 20";
const CARDS_MISSING: &str = "select i.ref_no as ref_no, o.platform as platform, o.channel as channel \
    from outbox as o join inquiries as i on i.id = o.inquiry left join cards as c on c.inquiry = o.inquiry \
    and c.platform = o.platform and c.channel = o.channel \
    where o.deliver = 'card' and o.state = 'sent' and c.message is null order by o.pos limit 20";
const IDS: &str = "select id from inquiries where id > $1 order by id limit $2";

#[async_trait]
impl<DB: Dialect> Audit for SqlStore<DB> {
    async fn audit(&self, overdue_before: Timestamp) -> Result<Findings, StoreError> {
        let late = || Args::new().at(overdue_before);
        let mut ledger_gaps = self
            .found(LEDGER_GAPS.to_owned(), Args::new(), |row| {
                Ok(format!(
                    "{}: version {}, {} ledger lines, the last numbered {}",
                    reference(row)?,
                    row.int("version")?,
                    row.int("lines")?,
                    row.int("last")?
                ))
            })
            .await?;
        ledger_gaps.extend(
            self.found(LEDGER_WITHOUT_INQUIRY.to_owned(), Args::new(), |row| {
                Ok(format!(
                    "{}: a ledger without an inquiry",
                    row.text("word")?
                ))
            })
            .await?,
        );
        ledger_gaps.truncate(20);
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
            ledger_gaps,
            projection_differs: self
                .found(projection_differs::<DB>(), Args::new(), |row| {
                    Ok(format!(
                        "{}: version {}, its document says {}, its ledger {}",
                        reference(row)?,
                        row.int("version")?,
                        row.maybe_int("said")?.unwrap_or_default(),
                        row.maybe_int("last")?.unwrap_or_default()
                    ))
                })
                .await?,
            cards_missing: self
                .found(CARDS_MISSING.to_owned(), Args::new(), |row| {
                    Ok(format!(
                        "{}: its card in {} {} was sent and is not known",
                        reference(row)?,
                        row.text("platform")?,
                        row.text("channel")?
                    ))
                })
                .await?,
        })
    }

    async fn kept(&self, after: Option<&InquiryId>, limit: u32) -> Result<KeptPage, StoreError> {
        self.kept_page(after, limit).await
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
         where e.inquiry = inquiries.id) as last from inquiries) as told where said is null or last is null \
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
