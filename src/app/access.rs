//! Who comes in at the web: one-time links, sessions, bearer tokens. Secrets are kept as hashes only.

use super::desk::App;
use super::ports::{AskedBy, Grant, GrantKind, StoreError};
use super::snapshot::hash;
use crate::domain::ids::MemberId;
use crate::time::{SignedDuration, Timestamp, plus};

/// How long a one-time link works: long enough to copy it to a phone.
const LINK: SignedDuration = SignedDuration::from_mins(15);

/// How long a browser stays signed in.
const SESSION: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Why no link or token was made.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("member \"{0}\" is not configured")]
    UnknownMember(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Makes a one-time sign-in link for a member; the answer is its secret.
    ///
    /// # Errors
    /// For a member who is not configured, or a store that does not answer.
    pub async fn make_login(&self, member: &str) -> Result<(String, MemberId), AccessError> {
        let member = self
            .setup
            .find_member(member)
            .ok_or_else(|| AccessError::UnknownMember(member.to_owned()))?
            .id
            .clone();
        let now = self.clock.now();
        let secret = self
            .give(
                GrantKind::Login,
                Some(member.clone()),
                "login",
                now,
                Some(plus(now, LINK)),
            )
            .await?;
        Ok((secret, member))
    }

    /// Makes a bearer token for scripts: of a member, or of a name of its own.
    ///
    /// # Errors
    /// For a member who is not configured, or a store that does not answer.
    pub async fn make_token(
        &self,
        label: &str,
        member: Option<&str>,
    ) -> Result<String, AccessError> {
        let member = match member {
            Some(name) => Some(
                self.setup
                    .find_member(name)
                    .ok_or_else(|| AccessError::UnknownMember(name.to_owned()))?
                    .id
                    .clone(),
            ),
            None => None,
        };
        Ok(self
            .give(GrantKind::Token, member, label, self.clock.now(), None)
            .await?)
    }

    /// Takes a one-time link: it works once, and opens a session.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take_login(&self, secret: &str) -> Result<Option<(String, MemberId)>, StoreError> {
        let now = self.clock.now();
        let Some(grant) = self.store.take_login(&hash(secret), now).await? else {
            return Ok(None);
        };
        let Some(member) = grant
            .member
            .filter(|member| self.setup.members.contains_key(member))
        else {
            return Ok(None);
        };
        Ok(Some((self.open_session(&member).await?, member)))
    }

    /// Opens a session for a member.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open_session(&self, member: &MemberId) -> Result<String, StoreError> {
        let now = self.clock.now();
        self.give(
            GrantKind::Session,
            Some(member.clone()),
            "browser",
            now,
            Some(plus(now, SESSION)),
        )
        .await
    }

    /// The member of a session, if it holds and they are still configured.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn session(&self, secret: &str) -> Result<Option<MemberId>, StoreError> {
        let grant = self
            .store
            .granted(GrantKind::Session, &hash(secret), self.clock.now())
            .await?;
        let member = grant.and_then(|grant| grant.member);
        Ok(member.filter(|member| self.setup.members.contains_key(member)))
    }

    /// Who a bearer token speaks for.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn bearer(&self, secret: &str) -> Result<Option<AskedBy>, StoreError> {
        let grant = self
            .store
            .granted(GrantKind::Token, &hash(secret), self.clock.now())
            .await?;
        Ok(match grant {
            None => None,
            Some(Grant {
                member: None,
                label,
                ..
            }) => Some(AskedBy::Token(label)),
            Some(Grant {
                member: Some(member),
                ..
            }) => self
                .setup
                .members
                .contains_key(&member)
                .then_some(AskedBy::Member(member)),
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out(&self, secret: &str) -> Result<(), StoreError> {
        self.store.revoke(&hash(secret)).await?;
        Ok(())
    }

    pub(super) async fn give(
        &self,
        kind: GrantKind,
        member: Option<MemberId>,
        label: &str,
        now: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Result<String, StoreError> {
        let secret = self.ids.token();
        let grant = Grant {
            hash: hash(&secret),
            kind,
            member,
            label: label.to_owned(),
            created_at: now,
            expires_at,
        };
        self.store.grant(grant).await?;
        Ok(secret)
    }
}
