//! Mails that came or went: of which conversation each is.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::Args;
use crate::app::ports::{MailRow, Mails, Side, StoreError};
use crate::domain::ids::SourceId;
use crate::time::from_ms;
use async_trait::async_trait;

const KEEP: &str = "insert into mails (source, message_id, thread, at_ms, side, envelope) \
    values ($1, $2, $3, $4, $5, $6) on conflict (source, message_id) do nothing";
const MAIL: &str = "select source, message_id, thread, at_ms, side, envelope from mails \
    where source = $1 and message_id = $2";
const THREAD: &str = "select source, message_id, thread, at_ms, side, envelope from mails \
    where source = $1 and thread = $2 order by at_ms desc, message_id desc limit $3";

#[async_trait]
impl<DB: Dialect> Mails for SqlStore<DB> {
    async fn keep_mail(&self, row: MailRow) -> Result<(), StoreError> {
        let envelope = serde_json::to_string(&row.envelope)
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let args = Args::new()
            .text(row.source.as_str())
            .text(row.message_id)
            .text(row.thread)
            .at(row.at)
            .text(word(row.by))
            .text(envelope);
        self.write(KEEP, args).await.map(drop)
    }

    async fn mail(
        &self,
        source: &SourceId,
        message_id: &str,
    ) -> Result<Option<MailRow>, StoreError> {
        let args = Args::new().text(source.as_str()).text(message_id);
        let rows = self.read(MAIL, args).await?;
        rows.first().map(mail_row).transpose()
    }

    async fn mail_thread(
        &self,
        source: &SourceId,
        thread: &str,
        limit: u32,
    ) -> Result<Vec<MailRow>, StoreError> {
        let args = Args::new()
            .text(source.as_str())
            .text(thread)
            .int(i64::from(limit));
        let rows = self.read(THREAD, args).await?;
        rows.iter().map(mail_row).collect()
    }
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Requester => "requester",
        Side::Team => "team",
        Side::Own => "own",
    }
}

fn mail_row<R: Fields>(row: &R) -> Result<MailRow, StoreError> {
    let corrupt = |why: String| StoreError::Unreadable(format!("a kept mail: {why}"));
    let side = row.text("side")?;
    Ok(MailRow {
        source: SourceId::from(row.text("source")?),
        message_id: row.text("message_id")?,
        thread: row.text("thread")?,
        at: from_ms(row.int("at_ms")?),
        by: match side.as_str() {
            "requester" => Side::Requester,
            "team" => Side::Team,
            "own" => Side::Own,
            _ => return Err(corrupt(format!("side {side:?} is unknown"))),
        },
        envelope: serde_json::from_str(&row.text("envelope")?)
            .map_err(|error| corrupt(error.to_string()))?,
    })
}
