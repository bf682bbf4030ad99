//! Who may come in, by hashes of their secrets, and the language each member chose.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, all, commit, pieces, unavailable};
use crate::app::ports::{Access, Grant, GrantKind, StoreError};
use crate::domain::ids::MemberId;
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;

const PUT: &str = "insert into grants (hash, kind, member, label, created_at_ms, expires_at_ms) \
    values ($1, $2, $3, $4, $5, $6) on conflict (hash) do update set kind = excluded.kind, \
    member = excluded.member, label = excluded.label, created_at_ms = excluded.created_at_ms, \
    expires_at_ms = excluded.expires_at_ms";
const SELECT: &str = "select hash, kind, member, label, created_at_ms, expires_at_ms from grants";
const UNEXPIRED: &str =
    " where kind = $1 and hash = $2 and (expires_at_ms is null or expires_at_ms > $3)";
const OF_KIND: &str = " where kind = $1 order by created_at_ms, hash";
const TAKE: &str = "delete from grants where hash = $1 and kind = $2 \
    returning hash, kind, member, label, created_at_ms, expires_at_ms";
const REVOKE: &str = "delete from grants where hash = $1";
const LANGUAGE: &str = "select language from choices where member = $1";
const SET_LANGUAGE: &str = "insert into choices (member, language) values ($1, $2) \
    on conflict (member) do update set language = excluded.language";

#[async_trait]
impl<DB: Dialect> Access for SqlStore<DB> {
    async fn grant(&self, grant: Grant) -> Result<(), StoreError> {
        let args = Args::new()
            .text(grant.hash)
            .text(grant.kind.as_str())
            .maybe_text(grant.member)
            .text(grant.label)
            .at(grant.created_at)
            .maybe_at(grant.expires_at);
        self.write(PUT, args).await.map(drop)
    }

    async fn granted(
        &self,
        kind: GrantKind,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<Grant>, StoreError> {
        let args = Args::new().text(kind.as_str()).text(hash).at(now);
        let rows = self.read(pieces(&[SELECT, UNEXPIRED]), args).await?;
        rows.first().map(grant).transpose()
    }

    async fn take_login(&self, hash: &str, now: Timestamp) -> Result<Option<Grant>, StoreError> {
        let args = Args::<DB>::new().text(hash).text(GrantKind::Login.as_str());
        let mut tx = self.begin().await?;
        let rows = all::<DB>(&mut tx, TAKE, args).await.map_err(unavailable)?;
        let taken = rows.first().map(grant).transpose()?;
        commit(tx).await?;
        Ok(taken.filter(|grant| grant.expires_at.is_none_or(|end| now < end)))
    }

    async fn revoke(&self, hash: &str) -> Result<bool, StoreError> {
        Ok(self.write(REVOKE, Args::new().text(hash)).await? > 0)
    }

    async fn grants(&self, kind: GrantKind) -> Result<Vec<Grant>, StoreError> {
        let args = Args::new().text(kind.as_str());
        let rows = self.read(pieces(&[SELECT, OF_KIND]), args).await?;
        rows.iter().map(grant).collect()
    }

    async fn language(&self, member: &MemberId) -> Result<Option<String>, StoreError> {
        let rows = self
            .read(LANGUAGE, Args::new().text(member.as_str()))
            .await?;
        rows.first().map(|row| row.text("language")).transpose()
    }

    async fn set_language(&self, member: &MemberId, language: &str) -> Result<(), StoreError> {
        let args = Args::new().text(member.as_str()).text(language);
        self.write(SET_LANGUAGE, args).await.map(drop)
    }
}

fn grant<R: Fields>(row: &R) -> Result<Grant, StoreError> {
    let word = row.text("kind")?;
    let kind = [
        GrantKind::Login,
        GrantKind::Session,
        GrantKind::Token,
        GrantKind::Feed,
    ]
    .into_iter()
    .find(|kind| kind.as_str() == word)
    .ok_or_else(|| StoreError::Unreadable(format!("grant kind \"{word}\"")))?;
    Ok(Grant {
        hash: row.text("hash")?,
        kind,
        member: row.maybe_text("member")?.map(Into::into),
        label: row.text("label")?,
        created_at: from_ms(row.int("created_at_ms")?),
        expires_at: row.maybe_int("expires_at_ms")?.map(from_ms),
    })
}
